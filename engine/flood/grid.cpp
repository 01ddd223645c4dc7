#include "flood/grid.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>

namespace veste::flood {
namespace {

enum class CellKind : std::uint8_t { Land, Wall, Roof, Sea };

CellKind kind_of(const Terrain& terrain, std::size_t cell) {
    if (terrain.is_sea.values[cell] != 0) {
        return CellKind::Sea;
    }
    if (terrain.is_blocked.values[cell] == 0) {
        return CellKind::Land;
    }
    const bool is_roof =
        terrain.surface.values[cell] == static_cast<std::uint8_t>(Surface::Building);
    return is_roof ? CellKind::Roof : CellKind::Wall;
}

std::vector<CellKind> kinds_of(const Terrain& terrain) {
    std::vector<CellKind> kinds(terrain.shape().cells());
    for (std::size_t c = 0; c < kinds.size(); ++c) {
        kinds[c] = kind_of(terrain, c);
    }
    return kinds;
}

/// Calls visit(i, j) for the up to four cells beside (i, j): south, west, east, north.
template <class Visit> void for_beside(const RasterShape& shape, int i, int j, Visit&& visit) {
    constexpr std::array<std::array<int, 2>, 4> steps = {{{0, -1}, {-1, 0}, {1, 0}, {0, 1}}};
    for (const auto& step : steps) {
        if (shape.contains(i + step[0], j + step[1])) {
            visit(i + step[0], j + step[1]);
        }
    }
}

void fill_ground(const City& city, const FloodParameters& parameters,
                 const std::vector<CellKind>& kinds, Grid& grid) {
    const Terrain& terrain = city.terrain;
    const auto& properties = surface_properties();
    for (int j = 0; j < grid.frame.rows; ++j) {
        for (int i = 0; i < grid.frame.columns; ++i) {
            const std::size_t c = grid.shape.index(i, j);
            const std::size_t f = grid.frame.index(i, j);
            const SurfaceProperties& surface =
                properties.at(std::min<std::size_t>(terrain.surface.values[c], surface_count - 1));
            const double n = parameters.manning_n > 0.0 ? parameters.manning_n : surface.manning_n;
            grid.half_n[f] = static_cast<float>(0.5 * n);
            if (kinds[c] == CellKind::Sea) {
                grid.bed_m[f] = 0.0F;
            } else if (kinds[c] == CellKind::Land) {
                grid.bed_m[f] = terrain.ground_m.values[c];
                const double soaked = parameters.infiltration_mmph >= 0.0
                                          ? parameters.infiltration_mmph
                                          : surface.infiltration_mmph;
                grid.infiltrate_mps[f] = static_cast<float>(soaked / 3.6e6);
                grid.rain_share[f] = 1.0F;
            }
        }
    }
}

/// Gives each roof cell's rain to the nearest land cell (steps over roofs, ties to the lower
/// index), found from all land at once, ring by ring.
void drain_roofs(const std::vector<CellKind>& kinds, Grid& grid) {
    constexpr std::uint32_t nowhere = UINT32_MAX;
    std::vector<std::uint32_t> receiver(kinds.size(), nowhere);
    std::vector<std::uint32_t> ring;
    for (std::size_t c = 0; c < kinds.size(); ++c) {
        if (kinds[c] == CellKind::Land) {
            receiver[c] = static_cast<std::uint32_t>(c);
            ring.push_back(static_cast<std::uint32_t>(c));
        }
    }
    const auto columns = static_cast<std::uint32_t>(grid.frame.columns);
    while (!ring.empty()) {
        std::vector<std::uint32_t> next;
        for (const std::uint32_t c : ring) {
            const int i = static_cast<int>(c % columns);
            const int j = static_cast<int>(c / columns);
            for_beside(grid.shape, i, j, [&](int bi, int bj) {
                const std::size_t b = grid.shape.index(bi, bj);
                if (kinds[b] == CellKind::Roof && receiver[b] == nowhere) {
                    receiver[b] = receiver[c];
                    next.push_back(static_cast<std::uint32_t>(b));
                }
            });
        }
        ring = std::move(next);
    }
    for (std::size_t c = 0; c < kinds.size(); ++c) {
        if (kinds[c] == CellKind::Roof && receiver[c] != nowhere) {
            const int i = static_cast<int>(receiver[c] % columns);
            const int j = static_cast<int>(receiver[c] / columns);
            grid.rain_share[grid.frame.index(i, j)] += 1.0F;
        }
    }
}

void find_shore(const std::vector<CellKind>& kinds, Grid& grid) {
    for (int j = 0; j < grid.frame.rows; ++j) {
        for (int i = 0; i < grid.frame.columns; ++i) {
            bool is_shore = false;
            if (kinds[grid.shape.index(i, j)] == CellKind::Sea) {
                for_beside(grid.shape, i, j, [&](int bi, int bj) {
                    is_shore |= kinds[grid.shape.index(bi, bj)] == CellKind::Land;
                });
            }
            if (is_shore) {
                grid.shore.push_back(grid.frame.index(i, j));
            }
        }
    }
}

void find_inflows(const Scenario& scenario, const std::vector<CellKind>& kinds, Grid& grid) {
    Problems problems;
    const auto& inflows = scenario.weather.inflows;
    for (std::size_t k = 0; k < inflows.size(); ++k) {
        InflowCells found{{}, k};
        const auto take = [&](int i, int j) {
            if (kinds[grid.shape.index(i, j)] == CellKind::Land) {
                found.cells.push_back(grid.frame.index(i, j));
            }
        };
        for_cells_inside(grid.shape, inflows[k].area, take);
        const Vec2 middle = centroid_of(inflows[k].area.outer);
        if (found.cells.empty() && grid.shape.contains(middle)) {
            // Smaller than a cell: all of it enters the cell of its middle.
            take(grid.shape.column_at(middle.x()), grid.shape.row_at(middle.y()));
        }
        if (found.cells.empty()) {
            problems.add(fmt::format("inflow {}: no cell of open ground inside its area (centre "
                                     "{:.1f}, {:.1f}); it must lie on land inside the city",
                                     inflows[k].name, middle.x(), middle.y()));
        }
        grid.inflows.push_back(std::move(found));
    }
    problems.throw_if_any();
}

void find_drains(const City& city, const std::vector<CellKind>& kinds, Grid& grid) {
    for (const Drain& drain : city.assets.drains) {
        const int i = grid.shape.column_at(drain.at.x());
        const int j = grid.shape.row_at(drain.at.y());
        if (grid.shape.contains(i, j) && kinds[grid.shape.index(i, j)] == CellKind::Land) {
            grid.drains.push_back({grid.frame.index(i, j), drain.capacity_m3ps});
        }
    }
}

Tile tile_from(const Grid& grid, int i0, int j0) {
    Tile t{};
    t.i0 = i0;
    t.j0 = j0;
    t.i1 = std::min(i0 + tile_columns, grid.frame.framed_columns);
    t.j1 = std::min(j0 + tile_rows, grid.frame.framed_rows);
    t.land_i1 = std::min(t.i1, grid.frame.columns);
    t.land_j1 = std::min(t.j1, grid.frame.rows);
    for (int j = t.j0; j < t.land_j1; ++j) {
        for (int i = t.i0; i < t.land_i1; ++i) {
            t.has_land |= grid.is_land(i, j);
            t.soaks |= grid.infiltrate_mps[grid.frame.index(i, j)] > 0.0F;
        }
    }
    return t;
}

void make_tiles(Grid& grid) {
    const int across = (grid.frame.framed_columns + tile_columns - 1) / tile_columns;
    const int up = (grid.frame.framed_rows + tile_rows - 1) / tile_rows;
    grid.tiles_across = across;
    for (int b = 0; b < up; ++b) {
        for (int a = 0; a < across; ++a) {
            Tile t = tile_from(grid, a * tile_columns, b * tile_rows);
            const auto add = [&](int na, int nb) {
                if (na >= 0 && nb >= 0 && na < across && nb < up) {
                    t.neighbours[t.neighbour_count++] =
                        static_cast<std::uint32_t>(nb * across + na);
                }
            };
            add(a, b - 1);
            add(a - 1, b);
            add(a + 1, b);
            add(a, b + 1);
            grid.tiles.push_back(t);
        }
    }
}

} // namespace

Frame Frame::around(const RasterShape& shape) {
    Frame f;
    f.columns = shape.columns;
    f.rows = shape.rows;
    f.framed_columns = (shape.columns + 1 + 7) / 8 * 8;
    f.framed_rows = shape.rows + 1;
    f.stride =
        static_cast<std::size_t>(f.framed_columns) + 2 * static_cast<std::size_t>(margin_columns);
    return f;
}

std::size_t Grid::tile_of(std::size_t framed_cell) const {
    const auto i = static_cast<int>(framed_cell % frame.stride) - Frame::margin_columns;
    const auto j = static_cast<int>(framed_cell / frame.stride) - Frame::margin_rows;
    return tile_at(i, j);
}

bool Grid::is_land(int i, int j) const {
    return rain_share[frame.index(i, j)] > 0.0F;
}

Grid plan_grid(const City& city, const Scenario& scenario, const FloodParameters& parameters) {
    Grid grid;
    grid.shape = city.terrain.shape();
    grid.frame = Frame::around(grid.shape);
    const std::size_t cells = grid.frame.cells();
    grid.bed_m.assign(cells, wall_bed_m);
    grid.half_n.assign(cells, 0.015F);
    grid.rain_share.assign(cells, 0.0F);
    grid.infiltrate_mps.assign(cells, 0.0F);
    const std::vector<CellKind> kinds = kinds_of(city.terrain);
    fill_ground(city, parameters, kinds, grid);
    drain_roofs(kinds, grid);
    for (const float share : grid.rain_share) {
        grid.rained_cells += static_cast<double>(share);
    }
    find_shore(kinds, grid);
    find_inflows(scenario, kinds, grid);
    find_drains(city, kinds, grid);
    make_tiles(grid);
    return grid;
}

double inflow_volume_m3(const std::vector<TimedValue>& flow_m3ps, double begin_s, double end_s) {
    double volume = 0.0;
    for (std::size_t k = 0; k + 1 < flow_m3ps.size(); ++k) {
        const TimedValue& a = flow_m3ps[k];
        const TimedValue& b = flow_m3ps[k + 1];
        const double from = std::max(begin_s, a.at_s);
        const double to = std::min(end_s, b.at_s);
        if (from < to) {
            const double slope = (b.value - a.value) / (b.at_s - a.at_s);
            volume += (to - from) * (a.value + slope * (0.5 * (from + to) - a.at_s));
        }
    }
    return volume;
}

double rain_depth_m(const std::vector<TimedValue>& rain_mps, double begin_s, double end_s) {
    double depth = 0.0;
    for (std::size_t k = 0; k < rain_mps.size(); ++k) {
        const double from = std::max(begin_s, rain_mps[k].at_s);
        const double to = k + 1 < rain_mps.size() ? std::min(end_s, rain_mps[k + 1].at_s) : end_s;
        if (from < to) {
            depth += rain_mps[k].value * (to - from);
        }
    }
    return depth;
}

} // namespace veste::flood
