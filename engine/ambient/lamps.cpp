#include "ambient/lamps.hpp"

#include "ambient/ambient.hpp"
#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <numbers>

namespace veste {
namespace {

struct LitCells {
    std::vector<std::uint32_t> cells;
    std::vector<float> illuminance_lx;
};

bool is_building(const Terrain& terrain, int i, int j) {
    return terrain.surface.at(i, j) == static_cast<std::uint8_t>(Surface::Building);
}

LitCells cells_lit_by(const Terrain& terrain, const Lamp& lamp) {
    LitCells lit;
    const RasterShape& shape = terrain.shape();
    const double range_m = lamp_range_m(lamp.flux_lm, lamp.height_m);
    const int li = std::clamp(shape.column_at(lamp.at.x()), 0, shape.columns - 1);
    const int lj = std::clamp(shape.row_at(lamp.at.y()), 0, shape.rows - 1);
    const int i0 = std::max(0, shape.column_at(lamp.at.x() - range_m));
    const int i1 = std::min(shape.columns - 1, shape.column_at(lamp.at.x() + range_m));
    const int j0 = std::max(0, shape.row_at(lamp.at.y() - range_m));
    const int j1 = std::min(shape.rows - 1, shape.row_at(lamp.at.y() + range_m));
    for (int j = j0; j <= j1; ++j) {
        for (int i = i0; i <= i1; ++i) {
            const double distance_m = (shape.centre(i, j) - lamp.at).norm();
            const double lx = lamp_illuminance_lx(lamp.flux_lm, lamp.height_m, distance_m);
            if (lx >= faintest_lamp_lx && !is_shadowed(terrain, li, lj, i, j)) {
                lit.cells.push_back(static_cast<std::uint32_t>(shape.index(i, j)));
                lit.illuminance_lx.push_back(static_cast<float>(lx));
            }
        }
    }
    return lit;
}

} // namespace

double lamp_illuminance_lx(double flux_lm, double height_m, double distance_m) {
    const double height = std::max(height_m, 0.1);
    const double intensity_cd = flux_lm / (2.0 * std::numbers::pi);
    const double away2 = height * height + distance_m * distance_m;
    // cos = h / d: I cos³ / h² = I h / d³.
    return intensity_cd * height / (away2 * std::sqrt(away2));
}

double lamp_range_m(double flux_lm, double height_m) {
    const double height = std::max(height_m, 0.1);
    const double away = std::cbrt(flux_lm / (2.0 * std::numbers::pi) * height / faintest_lamp_lx);
    return away > height ? std::sqrt(away * away - height * height) : 0.0;
}

bool is_shadowed(const Terrain& terrain, int from_i, int from_j, int to_i, int to_j) {
    const int wide = std::abs(to_i - from_i);
    const int high = -std::abs(to_j - from_j);
    const int step_i = from_i < to_i ? 1 : -1;
    const int step_j = from_j < to_j ? 1 : -1;
    int error = wide + high;
    int i = from_i;
    int j = from_j;
    bool is_outside = false;
    while (true) {
        const bool is_inside = is_building(terrain, i, j);
        if (is_inside && is_outside) {
            return true;
        }
        is_outside |= !is_inside;
        if (i == to_i && j == to_j) {
            return is_inside;
        }
        const int doubled = 2 * error;
        if (doubled >= high) {
            error += high;
            i += step_i;
        }
        if (doubled <= wide) {
            error += wide;
            j += step_j;
        }
    }
}

LampPlan::LampPlan(const City& city) {
    const std::vector<Lamp>& lamps = city.assets.lamps;
    const std::size_t cells = city.terrain.shape().cells();
    cell_starts_.assign(cells + 1, 0);
    lamp_cells_.resize(lamps.size());
    if (cells == 0) {
        return;
    }
    std::vector<LitCells> lit(lamps.size());
    parallel_for(lamps.size(), 16,
                 [&](std::size_t k) { lit[k] = cells_lit_by(city.terrain, lamps[k]); });
    // Counting sort by cell; lamps come in id order.
    for (const LitCells& one : lit) {
        for (const std::uint32_t cell : one.cells) {
            ++cell_starts_[cell + 1];
        }
    }
    for (std::size_t c = 0; c < cells; ++c) {
        cell_starts_[c + 1] += cell_starts_[c];
    }
    lights_.resize(cell_starts_[cells]);
    std::vector<std::uint32_t> next(cell_starts_.begin(), cell_starts_.end() - 1);
    for (std::size_t k = 0; k < lit.size(); ++k) {
        for (std::size_t m = 0; m < lit[k].cells.size(); ++m) {
            lights_[next[lit[k].cells[m]]++] = {static_cast<std::uint32_t>(k),
                                                lit[k].illuminance_lx[m]};
        }
        lamp_cells_[k] = std::move(lit[k].cells);
    }
}

} // namespace veste
