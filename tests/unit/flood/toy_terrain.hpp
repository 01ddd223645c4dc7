#pragma once
#include "flood/flood.hpp"

#include <functional>
#include <memory>

/// Small terrains in code, and a run over them.
namespace toy {

using namespace veste;

/// A dry city of open ground whose height is given at cell centres.
inline std::shared_ptr<City> terrain(
    int columns, int rows, double cell_m,
    const std::function<double(int, int)>& ground_m = [](int, int) { return 0.0; }) {
    auto city = std::make_shared<City>();
    RasterShape shape;
    shape.cell_m = cell_m;
    shape.columns = columns;
    shape.rows = rows;
    city->terrain.ground_m = Raster<float>(shape, 0.0F);
    city->terrain.surface =
        Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::Carriageway));
    city->terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
    city->terrain.is_sea = Raster<std::uint8_t>(shape, 0);
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            city->terrain.ground_m.at(i, j) = static_cast<float>(ground_m(i, j));
        }
    }
    return city;
}

inline void set_surface(City& city, int i, int j, Surface surface) {
    city.terrain.surface.at(i, j) = static_cast<std::uint8_t>(surface);
}

/// Blocks a cell as a building does.
inline void build(City& city, int i, int j) {
    set_surface(city, i, j, Surface::Building);
    city.terrain.is_blocked.at(i, j) = 1;
}

/// The square of one cell, slightly smaller than it.
inline Polygon cell_area(const City& city, int i0, int j0, int i1, int j1) {
    const RasterShape& shape = city.terrain.shape();
    const Vec2 low = shape.centre(i0, j0) - Vec2(0.4, 0.4) * shape.cell_m;
    const Vec2 high = shape.centre(i1, j1) + Vec2(0.4, 0.4) * shape.cell_m;
    return {{low, {high.x(), low.y()}, high, {low.x(), high.y()}}, {}};
}

/// City, scenario, model and water of one run.
struct Flood {
    std::shared_ptr<City> city;
    std::shared_ptr<Scenario> scenario = std::make_shared<Scenario>();
    FloodParameters parameters;
    Water water;
    std::unique_ptr<FloodModel> model;
    double now_s = 0.0;
    int steps = 0;

    explicit Flood(std::shared_ptr<City> c) : city(std::move(c)) {
        parameters.is_border_open = false;
        water = plan_water(*city, *scenario);
    }
    std::size_t cell(int i, int j) const { return city->terrain.shape().index(i, j); }
    /// Runs in intervals of `tick_s`.
    void run(double duration_s, double tick_s = 1.0) {
        if (!model) {
            model = std::make_unique<FloodModel>(city, scenario, parameters);
            model->start_balance(water);
        }
        const double end_s = now_s + duration_s;
        while (now_s < end_s - 1e-9) {
            steps += model->advance(water, now_s, tick_s);
            now_s += tick_s;
        }
    }
    double total_m3(WaterTotal total) const {
        return water.balance_m3.at(static_cast<std::size_t>(total));
    }
    double stored_m3() const { return model->stored_m3(water); }
    double error() const { return model->balance_error(water); }
};

} // namespace toy
