#include "results/service_levels.hpp"

#include "base/parallel.hpp"
#include "city/walk_levels.hpp"
#include "pedestrians/level_of_service.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

constexpr double radius_m = 1.0;
constexpr double reach_m = 2.5 * radius_m;
constexpr double cell_m = 0.5;
constexpr double nobody_per_m2 = 0.02;
constexpr double crushing_from_per_m2 = 4.7;

} // namespace

const std::array<ServiceLook, 7> service_looks = {{
    {0.0, rgb(0xa9d6f5, 0.9), "A: up to 0.31 per m²"},
    {fruin_walkway_per_m2[0], rgb(0x4fa3d9, 0.9), "B: 0.31 to 0.43 per m²"},
    {fruin_walkway_per_m2[1], rgb(0x52b788, 0.9), "C: 0.43 to 0.72 per m²"},
    {fruin_walkway_per_m2[2], rgb(0xf4d35e, 0.95), "D: 0.72 to 1.08 per m²"},
    {fruin_walkway_per_m2[3], rgb(0xf3912f, 0.95), "E: 1.08 to 2.15 per m²"},
    {fruin_walkway_per_m2[4], rgb(0xd62828, 0.95), "F: 2.15 to 4.7 per m²"},
    {crushing_from_per_m2, rgb(0x5a0a5e, 1.0), "F: above 4.7 per m²"},
}};

std::size_t service_class(double density_per_m2) {
    std::size_t k = 0;
    while (k + 1 < service_looks.size() && density_per_m2 > service_looks[k + 1].from_per_m2) {
        ++k;
    }
    return k;
}

std::vector<RecordedPerson> people_on(std::span<const RecordedPerson> people, const WalkMesh& mesh,
                                      std::optional<std::int8_t> level) {
    std::vector<RecordedPerson> kept(people.begin(), people.end());
    std::erase_if(kept, [&](const RecordedPerson& person) {
        return person.level && !is_shown(mesh, person.at, *person.level, level);
    });
    return kept;
}

Raster<float> local_density(std::span<const RecordedPerson> people, const Box2& box) {
    const Vec2 cells = (box.high - box.low) / cell_m;
    const RasterShape shape{box.low, cell_m, static_cast<int>(std::ceil(cells.x())),
                            static_cast<int>(std::ceil(cells.y()))};
    Raster<float> density(shape, 0.0F);
    constexpr double peak_per_m2 = 1.0 / (std::numbers::pi * radius_m * radius_m);
    for (const RecordedPerson& person : people) {
        const Vec2 reach(reach_m, reach_m);
        const Vec2 low = person.at - reach;
        const Vec2 high = person.at + reach;
        for (int j = std::max(0, shape.row_at(low.y()));
             j <= std::min(shape.rows - 1, shape.row_at(high.y())); ++j) {
            for (int i = std::max(0, shape.column_at(low.x()));
                 i <= std::min(shape.columns - 1, shape.column_at(high.x())); ++i) {
                const double d2 = (shape.centre(i, j) - person.at).squaredNorm();
                density.at(i, j) +=
                    static_cast<float>(peak_per_m2 * std::exp(-d2 / (radius_m * radius_m)));
            }
        }
    }
    return density;
}

void draw_service_levels(Canvas& canvas, const City& city, const Raster<float>& density,
                         std::optional<std::int8_t> level) {
    const RasterShape& shape = density.shape;
    std::vector<Colour> cells(shape.cells(), rgb(0xffffff, 0.0));
    parallel_for(shape.cells(), 4096, [&](std::size_t k) {
        const auto value = static_cast<double>(density.values[k]);
        const Vec2 at = shape.centre(k);
        if (value > nobody_per_m2 && // false for NaN
            locate(city.walk, at, level)) {
            cells[k] = service_looks[service_class(value)].colour;
        }
    });
    canvas.image(cells, shape.columns, shape.rows, shape.bounds(), false);
}

} // namespace veste
