#include "city/pockets.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <queue>

namespace veste {
namespace {

struct Waiting {
    float level_m;
    std::uint32_t cell;
    /// Lowest first; equal levels in order of cells.
    friend bool operator<(const Waiting& a, const Waiting& b) {
        return a.level_m != b.level_m ? a.level_m > b.level_m : a.cell > b.cell;
    }
};

/// Calls visit(cell) for the cells beside the four sides.
template <class Visit>
void for_beside(const RasterShape& shape, std::uint32_t cell, Visit&& visit) {
    const auto columns = static_cast<std::uint32_t>(shape.columns);
    const std::uint32_t i = cell % columns;
    const std::uint32_t j = cell / columns;
    if (i > 0) {
        visit(cell - 1);
    }
    if (i + 1 < columns) {
        visit(cell + 1);
    }
    if (j > 0) {
        visit(cell - columns);
    }
    if (j + 1 < static_cast<std::uint32_t>(shape.rows)) {
        visit(cell + columns);
    }
}

/// The cells of each part that no way leads out of, part by part.
std::vector<std::vector<std::uint32_t>> closed_parts(const Terrain& terrain,
                                                     const std::vector<std::uint8_t>& is_wall,
                                                     const std::vector<float>& spill_m) {
    const auto is_closed = [&](std::uint32_t cell) {
        return is_wall[cell] == 0 && terrain.is_sea.values[cell] == 0 && std::isnan(spill_m[cell]);
    };
    std::vector<std::uint8_t> is_seen(is_wall.size(), 0);
    std::vector<std::vector<std::uint32_t>> parts;
    for (std::uint32_t first = 0; first < is_wall.size(); ++first) {
        if (is_seen[first] != 0 || !is_closed(first)) {
            continue;
        }
        is_seen[first] = 1;
        std::vector<std::uint32_t> part = {first};
        for (std::size_t k = 0; k < part.size(); ++k) {
            for_beside(terrain.shape(), part[k], [&](std::uint32_t beside) {
                if (is_seen[beside] == 0 && is_closed(beside)) {
                    is_seen[beside] = 1;
                    part.push_back(beside);
                }
            });
        }
        parts.push_back(std::move(part));
    }
    return parts;
}

/// Courtyards on a slope become roofs: what rains there leaves by pipes.
std::size_t roof_courtyards(Terrain& terrain, const std::vector<std::uint8_t>& is_wall,
                            const std::vector<float>& spill_m, double depth_m) {
    std::size_t cells = 0;
    for (const auto& part : closed_parts(terrain, is_wall, spill_m)) {
        const auto [low, high] =
            std::minmax_element(part.begin(), part.end(), [&](std::uint32_t a, std::uint32_t b) {
                return terrain.ground_m.values[a] < terrain.ground_m.values[b];
            });
        if (terrain.ground_m.values[*high] - terrain.ground_m.values[*low] <= depth_m) {
            continue;
        }
        cells += part.size();
        for (const std::uint32_t cell : part) {
            terrain.surface.values[cell] = static_cast<std::uint8_t>(Surface::Building);
            terrain.is_blocked.values[cell] = 1;
        }
    }
    return cells;
}

} // namespace

std::vector<float> spill_levels_m(const Terrain& terrain,
                                  const std::vector<std::uint8_t>& is_wall) {
    const RasterShape& shape = terrain.shape();
    const std::vector<float>& ground_m = terrain.ground_m.values;
    const std::vector<std::uint8_t>& is_sea = terrain.is_sea.values;
    std::vector<float> level_m(shape.cells(), std::numeric_limits<float>::quiet_NaN());
    std::priority_queue<Waiting> waiting;
    const auto reach = [&](std::uint32_t cell, float from_m) {
        if (is_wall[cell] == 0 && is_sea[cell] == 0 && std::isnan(level_m[cell])) {
            level_m[cell] = std::max(ground_m[cell], from_m);
            waiting.push({level_m[cell], cell});
        }
    };
    constexpr float lowest_m = std::numeric_limits<float>::lowest();
    for (std::uint32_t cell = 0; cell < shape.cells(); ++cell) {
        int sides = 0;
        bool has_sea = false;
        for_beside(shape, cell, [&](std::uint32_t beside) {
            ++sides;
            has_sea |= is_sea[beside] != 0;
        });
        if (sides < 4 || has_sea) {
            reach(cell, lowest_m);
        }
    }
    while (!waiting.empty()) {
        const Waiting next = waiting.top();
        waiting.pop();
        for_beside(shape, next.cell, [&](std::uint32_t beside) { reach(beside, next.level_m); });
    }
    return level_m;
}

std::size_t fill_hollows(Terrain& terrain, double depth_m) {
    const std::vector<float> spill_m = spill_levels_m(terrain, terrain.is_blocked.values);
    std::size_t cells = 0;
    for (std::size_t cell = 0; cell < spill_m.size(); ++cell) {
        float& ground_m = terrain.ground_m.values[cell];
        const float least_m = spill_m[cell] - static_cast<float>(depth_m);
        if (ground_m < least_m) { // never for NaN
            ground_m = least_m;
            ++cells;
        }
    }
    return cells;
}

FilledPockets fill_pockets(Terrain& terrain, double depth_m) {
    std::vector<std::uint8_t> unknown = terrain.is_blocked.values;
    std::vector<std::uint8_t> walls = unknown;
    for (std::size_t cell = 0; cell < walls.size(); ++cell) {
        if (terrain.surface.values[cell] == static_cast<std::uint8_t>(Surface::Building)) {
            walls[cell] = 1;
            unknown[cell] = 0;
        }
    }
    const std::vector<float> bare_m = spill_levels_m(terrain, unknown);
    const std::vector<float> dammed_m = spill_levels_m(terrain, walls);
    FilledPockets filled;
    for (std::size_t cell = 0; cell < walls.size(); ++cell) {
        const double dam_m =
            static_cast<double>(dammed_m[cell]) - static_cast<double>(bare_m[cell]);
        if (dam_m > depth_m) { // never for NaN
            float& ground_m = terrain.ground_m.values[cell];
            ground_m = std::max(ground_m, dammed_m[cell] - static_cast<float>(depth_m));
            ++filled.cells;
            filled.deepest_m = std::max(filled.deepest_m, dam_m);
        }
    }
    // Parts shut in by unknown ground or by the area's outline are none of the houses' doing.
    std::vector<float> spill_m = dammed_m;
    for (std::size_t cell = 0; cell < walls.size(); ++cell) {
        if (std::isnan(bare_m[cell])) {
            spill_m[cell] = 0.0F;
        }
    }
    filled.courtyard_cells = roof_courtyards(terrain, walls, spill_m, depth_m);
    return filled;
}

} // namespace veste
