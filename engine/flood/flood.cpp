#include "flood/flood.hpp"

#include "base/errors.hpp"
#include "base/parallel.hpp"
#include "flood/grid.hpp"
#include "flood/kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

constexpr std::size_t at(WaterTotal total) {
    return static_cast<std::size_t>(total);
}

std::size_t east_faces(const RasterShape& shape) {
    return static_cast<std::size_t>(shape.columns + 1) * static_cast<std::size_t>(shape.rows);
}

std::size_t north_faces(const RasterShape& shape) {
    return static_cast<std::size_t>(shape.columns) * static_cast<std::size_t>(shape.rows + 1);
}

void check(double value, double low, double high, const char* name) {
    if (!(value >= low && value <= high)) {
        throw UsageError(
            fmt::format("FloodModel: {} = {}, allowed {} to {}", name, value, low, high));
    }
}

/// How warm a tile is kept: after its last wet neighbour is gone, two more steps write zeros into
/// both buffers of discharge.
constexpr std::uint8_t hot_when_wet = 3;

/// What the model knows of each tile while it advances.
struct TileStates {
    std::vector<float> max_depth_m;
    std::vector<std::uint8_t> hot;
    std::vector<std::uint8_t> is_active;  ///< computed in the present step
    std::vector<std::uint8_t> is_touched; ///< changed in the present interval
    std::vector<double> infiltrated_m;    ///< in the present step

    void resize(std::size_t count) {
        max_depth_m.assign(count, 0.0F);
        hot.assign(count, 0);
        is_active.assign(count, 0);
        is_touched.assign(count, 0);
        infiltrated_m.assign(count, 0.0);
    }
};

} // namespace

struct FloodModel::Implementation {
    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    FloodParameters parameters;
    flood::Grid grid;
    // Framed copies of the state; discharges have two buffers, so that every face reads old ones.
    std::vector<double> depth;
    std::array<std::vector<float>, 2> qx;
    std::array<std::vector<float>, 2> qy;
    std::size_t front = 0;
    TileStates tiles;

    double cell_area_m2() const { return grid.shape.cell_m * grid.shape.cell_m; }
    float dry_depth_m() const { return static_cast<float>(parameters.dry_depth_m); }

    void allocate();
    void load(const Water& water);
    void load_tile(const Water& water, std::size_t t);
    void store(Water& water) const;
    void store_tile(Water& water, std::size_t t) const;
    double stable_step_s() const;
    void step(Water& water, double at_s, double dt_s);
    flood::StepFactors factors_of(const Water& water, double at_s, double dt_s) const;
    void choose_active_tiles();
    void fill_tile(const flood::StepFactors& factors, std::size_t t);
    double border_outflow_m(double dt_by_dx) const;
    double taken_by_sea_m();
    double pour_inflows_m3(double at_s, double dt_s);
    double taken_by_drains_m3(double dt_s);
    void touch(std::size_t framed_cell);
    double rain_m(const Water& water, double at_s, double dt_s) const;
};

void FloodModel::Implementation::allocate() {
    grid = flood::plan_grid(*city, *scenario, parameters);
    depth.assign(grid.frame.cells(), 0.0);
    for (std::size_t k = 0; k < 2; ++k) {
        qx[k].assign(grid.frame.cells(), 0.0F);
        qy[k].assign(grid.frame.cells(), 0.0F);
    }
    tiles.resize(grid.tiles.size());
}

void FloodModel::Implementation::load(const Water& water) {
    parallel_for(grid.tiles.size(), 1, [&](std::size_t t) { load_tile(water, t); });
}

void FloodModel::Implementation::load_tile(const Water& water, std::size_t t) {
    const flood::Tile& tile = grid.tiles[t];
    const auto columns = static_cast<std::size_t>(grid.frame.columns);
    const int cells = std::max(0, tile.land_i1 - tile.i0);
    const int faces = std::min(tile.i1, grid.frame.columns + 1) - tile.i0;
    float deepest = 0.0F;
    bool flows = false;
    for (int j = tile.j0; j < tile.j1; ++j) {
        const std::size_t f = grid.frame.index(tile.i0, j);
        const std::size_t from =
            static_cast<std::size_t>(j) * columns + static_cast<std::size_t>(tile.i0);
        const float* const y = water.qy_m2ps.data() + from;
        std::copy_n(y, cells, qy[front].data() + f);
        flows |= flood::is_any_set(cells, y);
        if (j >= tile.land_j1) {
            continue;
        }
        const float* const x = water.qx_m2ps.data() + from + static_cast<std::size_t>(j);
        std::copy_n(x, faces, qx[front].data() + f);
        flows |= flood::is_any_set(faces, x);
        deepest = std::max(deepest, flood::load_row(cells, water.depth_m.data() + from,
                                                    grid.rain_share.data() + f, depth.data() + f));
    }
    tiles.max_depth_m[t] = deepest;
    tiles.is_touched[t] = 0;
    tiles.hot[t] = std::max<std::uint8_t>(tiles.hot[t], flows ? 2 : 0);
}

void FloodModel::Implementation::store(Water& water) const {
    parallel_for(grid.tiles.size(), 1, [&](std::size_t t) { store_tile(water, t); });
}

void FloodModel::Implementation::store_tile(Water& water, std::size_t t) const {
    const flood::Tile& tile = grid.tiles[t];
    const auto columns = static_cast<std::size_t>(grid.frame.columns);
    const auto begin = static_cast<std::size_t>(tile.i0);
    const auto cells = static_cast<std::ptrdiff_t>(std::max(0, tile.land_i1 - tile.i0));
    const auto faces =
        static_cast<std::ptrdiff_t>(std::min(tile.i1, grid.frame.columns + 1) - tile.i0);
    for (int j = tile.j0; j < tile.j1; ++j) {
        const std::size_t row = static_cast<std::size_t>(j) * columns + begin;
        const auto f = static_cast<std::ptrdiff_t>(grid.frame.index(tile.i0, j));
        const auto to = static_cast<std::ptrdiff_t>(row);
        if (tiles.is_touched[t] == 0) {
            if (j < tile.land_j1) {
                std::fill_n(water.speed_mps.begin() + to, cells, 0.0F);
            }
            continue;
        }
        std::copy_n(qy[front].begin() + f, cells, water.qy_m2ps.begin() + to);
        if (j >= tile.land_j1) {
            continue;
        }
        std::copy_n(depth.begin() + f, cells, water.depth_m.begin() + to);
        std::copy_n(qx[front].begin() + f, faces, water.qx_m2ps.begin() + to + j);
        for (std::ptrdiff_t k = 0; k < cells; ++k) {
            float& deepest = water.max_depth_m[row + static_cast<std::size_t>(k)];
            deepest = std::max(deepest, static_cast<float>(depth[static_cast<std::size_t>(f + k)]));
        }
        if (cells > 0) {
            flood::speed_of_row(grid, dry_depth_m(), tile, j, depth.data(), qx[front].data(),
                                qy[front].data(), water.speed_mps.data() + row);
        }
    }
}

/// Bates et al. 2010, eq. 14: limited by the fastest shallow-water wave.
double FloodModel::Implementation::stable_step_s() const {
    float deepest = 0.0F;
    for (const float d : tiles.max_depth_m) {
        deepest = std::max(deepest, d);
    }
    if (deepest <= dry_depth_m()) {
        return parameters.max_step_s;
    }
    const double celerity = std::sqrt(parameters.gravity_mps2 * static_cast<double>(deepest));
    return std::min(parameters.max_step_s, parameters.cfl * grid.shape.cell_m / celerity);
}

double FloodModel::Implementation::rain_m(const Water& water, double at_s, double dt_s) const {
    const double set = water.rain_mps.at(0);
    return set >= 0.0 ? set * dt_s
                      : flood::rain_depth_m(scenario->weather.rain_mps, at_s, at_s + dt_s);
}

flood::StepFactors FloodModel::Implementation::factors_of(const Water& water, double at_s,
                                                          double dt_s) const {
    const double g = parameters.gravity_mps2;
    flood::StepFactors f;
    f.face.dry_depth_m = dry_depth_m();
    f.face.theta = static_cast<float>(parameters.theta);
    f.face.side = static_cast<float>(0.5 * (1.0 - parameters.theta));
    f.face.gravity_dt_by_dx = static_cast<float>(g * dt_s / grid.shape.cell_m);
    f.face.friction_dt = static_cast<float>(4.0 * g * dt_s);
    f.dt_s = dt_s;
    f.dt_by_dx = dt_s / grid.shape.cell_m;
    f.rain_m = rain_m(water, at_s, dt_s);
    f.is_border_open = parameters.is_border_open;
    return f;
}

/// A tile without water deep enough to flow, in it or beside it, has no flow: it is left out.
void FloodModel::Implementation::choose_active_tiles() {
    const float dry = dry_depth_m();
    for (std::size_t t = 0; t < grid.tiles.size(); ++t) {
        const flood::Tile& tile = grid.tiles[t];
        bool is_near_water = tiles.max_depth_m[t] > dry;
        for (int k = 0; k < tile.neighbour_count; ++k) {
            is_near_water |= tiles.max_depth_m[tile.neighbours[k]] > dry;
        }
        std::uint8_t& hot = tiles.hot[t];
        hot = is_near_water ? hot_when_wet : hot;
        tiles.is_active[t] = hot > 0;
        hot = hot > 0 ? static_cast<std::uint8_t>(hot - 1) : hot;
    }
}

void FloodModel::Implementation::fill_tile(const flood::StepFactors& factors, std::size_t t) {
    const flood::Tile& tile = grid.tiles[t];
    tiles.infiltrated_m[t] = 0.0;
    const bool is_rained_on = factors.rain_m > 0.0 && tile.has_land;
    const bool is_soaking = tile.soaks && tiles.max_depth_m[t] > 0.0F;
    if (tiles.is_active[t] == 0 && !is_rained_on && !is_soaking) {
        return;
    }
    const flood::TileSums sums =
        flood::fill_cells(grid, factors, tile, depth.data(), qx[front].data(), qy[front].data());
    tiles.max_depth_m[t] = sums.max_depth_m;
    tiles.infiltrated_m[t] = sums.infiltrated_m;
    tiles.is_touched[t] = 1;
}

void FloodModel::Implementation::step(Water& water, double at_s, double dt_s) {
    const flood::StepFactors factors = factors_of(water, at_s, dt_s);
    choose_active_tiles();
    const std::size_t back = 1 - front;
    parallel_for(grid.tiles.size(), 1, [&](std::size_t t) {
        if (tiles.is_active[t] != 0) {
            flood::flow_through_faces(grid, factors, grid.tiles[t], depth.data(), qx[front].data(),
                                      qy[front].data(), qx[back].data(), qy[back].data());
        }
    });
    front = back;
    parallel_for(grid.tiles.size(), 1, [&](std::size_t t) { fill_tile(factors, t); });
    double infiltrated_m = 0.0;
    for (const double part : tiles.infiltrated_m) {
        infiltrated_m += part;
    }
    const double area = cell_area_m2();
    auto& total = water.balance_m3;
    total[at(WaterTotal::Rain)] += factors.rain_m * grid.rained_cells * area;
    total[at(WaterTotal::Infiltrated)] += infiltrated_m * area;
    total[at(WaterTotal::Outflow)] +=
        (border_outflow_m(factors.dt_by_dx) + taken_by_sea_m()) * area;
    total[at(WaterTotal::Inflow)] += pour_inflows_m3(at_s, dt_s);
    total[at(WaterTotal::Drained)] += taken_by_drains_m3(dt_s);
}

/// Sum of the depths that left border cells in this step, m.
double FloodModel::Implementation::border_outflow_m(double dt_by_dx) const {
    if (!parameters.is_border_open) {
        return 0.0;
    }
    const flood::Frame& frame = grid.frame;
    double out = 0.0;
    for (int j = 0; j < frame.rows; ++j) {
        out += dt_by_dx * static_cast<double>(qx[front][frame.index(frame.columns, j)]);
        out -= dt_by_dx * static_cast<double>(qx[front][frame.index(0, j)]);
    }
    for (int i = 0; i < frame.columns; ++i) {
        out += dt_by_dx * static_cast<double>(qy[front][frame.index(i, frame.rows)]);
        out -= dt_by_dx * static_cast<double>(qy[front][frame.index(i, 0)]);
    }
    return out;
}

/// The sea takes what flowed into its cells beside land; returns the sum of depths, m.
double FloodModel::Implementation::taken_by_sea_m() {
    double out = 0.0;
    for (const std::size_t cell : grid.shore) {
        out += depth[cell];
        depth[cell] = 0.0;
    }
    return out;
}

void FloodModel::Implementation::touch(std::size_t framed_cell) {
    const std::size_t t = grid.tile_of(framed_cell);
    tiles.is_touched[t] = 1;
    tiles.max_depth_m[t] = std::max(tiles.max_depth_m[t], static_cast<float>(depth[framed_cell]));
}

double FloodModel::Implementation::pour_inflows_m3(double at_s, double dt_s) {
    double poured = 0.0;
    for (const flood::InflowCells& inflow : grid.inflows) {
        const double volume = flood::inflow_volume_m3(
            scenario->weather.inflows[inflow.inflow].flow_m3ps, at_s, at_s + dt_s);
        if (volume <= 0.0) {
            continue;
        }
        const double deeper = volume / (cell_area_m2() * static_cast<double>(inflow.cells.size()));
        for (const std::size_t cell : inflow.cells) {
            depth[cell] += deeper;
            touch(cell);
        }
        poured += volume;
    }
    return poured;
}

double FloodModel::Implementation::taken_by_drains_m3(double dt_s) {
    double drained = 0.0;
    for (const flood::DrainCell& drain : grid.drains) {
        double& h = depth[drain.cell];
        const double taken = std::min(h, drain.capacity_m3ps * dt_s / cell_area_m2());
        if (taken > 0.0) {
            h -= taken;
            drained += taken;
            tiles.is_touched[grid.tile_of(drain.cell)] = 1;
        }
    }
    return drained * cell_area_m2();
}

Water plan_water(const City& city, const Scenario& scenario) {
    Water water;
    water.balance_m3.assign(water_total_count, 0.0);
    water.rain_mps.assign(1, -1.0);
    if (!scenario.has_flood) {
        return water;
    }
    const RasterShape& shape = city.terrain.shape();
    water.depth_m.assign(shape.cells(), 0.0);
    water.qx_m2ps.assign(east_faces(shape), 0.0F);
    water.qy_m2ps.assign(north_faces(shape), 0.0F);
    water.max_depth_m.assign(shape.cells(), 0.0F);
    water.speed_mps.assign(shape.cells(), 0.0F);
    return water;
}

FloodModel::FloodModel(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
                       FloodParameters parameters)
    : implementation_(std::make_unique<Implementation>()) {
    check(parameters.gravity_mps2, 0.1, 100.0, "gravity_mps2");
    check(parameters.cfl, 0.01, 1.0, "cfl");
    check(parameters.theta, 0.0, 1.0, "theta");
    check(parameters.dry_depth_m, 1.0e-6, 0.1, "dry_depth_m");
    check(parameters.max_step_s, 1.0e-3, 3600.0, "max_step_s");
    implementation_->city = std::move(city);
    implementation_->scenario = std::move(scenario);
    implementation_->parameters = parameters;
    if (implementation_->scenario->has_flood) {
        implementation_->allocate();
    }
}

FloodModel::~FloodModel() = default;
FloodModel::FloodModel(FloodModel&&) noexcept = default;

int FloodModel::advance(Water& water, double now_s, double interval_s) {
    Implementation& model = *implementation_;
    const RasterShape& shape = model.grid.shape;
    if (water.depth_m.size() != shape.cells() || water.balance_m3.size() != water_total_count) {
        throw UsageError("FloodModel::advance: the water was planned for another city or scenario");
    }
    if (water.depth_m.empty() || interval_s <= 0.0) {
        return 0;
    }
    model.load(water);
    double elapsed_s = 0.0;
    int steps = 0;
    while (true) {
        const double remaining_s = interval_s - elapsed_s;
        // Equal steps for the rest, so that no sliver is left at the end.
        const double left = std::max(1.0, std::ceil(remaining_s / model.stable_step_s() - 1e-9));
        const double dt_s = remaining_s / left;
        model.step(water, now_s + elapsed_s, dt_s);
        ++steps;
        if (left <= 1.0) {
            break;
        }
        elapsed_s += dt_s;
    }
    model.store(water);
    return steps;
}

void FloodModel::start_balance(Water& water) const {
    std::fill(water.balance_m3.begin(), water.balance_m3.end(), 0.0);
    water.balance_m3.at(at(WaterTotal::Initial)) = stored_m3(water);
}

double FloodModel::rain_mps(const Water& water, double now_s) const {
    if (water.rain_mps.at(0) >= 0.0) {
        return water.rain_mps[0];
    }
    double rain = 0.0;
    for (const TimedValue& value : implementation_->scenario->weather.rain_mps) {
        if (value.at_s <= now_s) {
            rain = value.value;
        }
    }
    return rain;
}

double FloodModel::stored_m3(const Water& water) const {
    const double area = implementation_->cell_area_m2();
    return area * ordered_sum(water.depth_m.size(), 4096, [&](std::size_t begin, std::size_t end) {
               double sum = 0.0;
               for (std::size_t c = begin; c < end; ++c) {
                   sum += water.depth_m[c];
               }
               return sum;
           });
}

double FloodModel::balance_error(const Water& water) const {
    const auto total = [&](WaterTotal t) { return water.balance_m3.at(at(t)); };
    const double came =
        total(WaterTotal::Initial) + total(WaterTotal::Rain) + total(WaterTotal::Inflow);
    const double went =
        total(WaterTotal::Outflow) + total(WaterTotal::Infiltrated) + total(WaterTotal::Drained);
    return std::abs(stored_m3(water) - (came - went)) / std::max(came, 1.0);
}

} // namespace veste
