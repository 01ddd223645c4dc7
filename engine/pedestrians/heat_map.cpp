#include "pedestrians/heat_map.hpp"

#include "city/walk_levels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

constexpr double reach_m = 2.5 * HeatMapper::radius_m;
constexpr std::size_t most_cells = 64;
constexpr std::uint16_t least_samples = 5;
constexpr float least_density_per_m2 = 1.0F;
/// Who is farther than the kernel's edge gives nothing; below this nobody is near.
constexpr float nobody_per_m2 = 1e-4F;

/// The cells of one axis within reach of a coordinate, with exp(-d²/R²) at each: a recurrence in
/// place of an exponential for each cell.
struct AxisWeights {
    std::array<float, most_cells> weight;
    int first = 0;
    int count = 0;

    AxisWeights(double at_cells, double cell_m, int cells) {
        const double reach = reach_m / cell_m;
        first = std::max(0, static_cast<int>(std::ceil(at_cells - 0.5 - reach)));
        const int last = std::min(cells - 1, static_cast<int>(std::floor(at_cells - 0.5 + reach)));
        count = std::clamp(last - first + 1, 0, static_cast<int>(most_cells));
        const double step = cell_m / HeatMapper::radius_m;
        const double d = (first + 0.5 - at_cells) * step;
        double value = std::exp(-d * d);
        double ratio = std::exp(-step * (2.0 * d + step));
        const double change = std::exp(-2.0 * step * step);
        for (int k = 0; k < count; ++k) {
            weight[static_cast<std::size_t>(k)] = static_cast<float>(value);
            value *= ratio;
            ratio *= change;
        }
    }
};

} // namespace

HeatMapper::HeatMapper(const RasterShape& shape, double threshold_per_m2, double sample_every_s)
    : shape_(shape), threshold_per_m2_(static_cast<float>(threshold_per_m2)),
      window_ticks_(
          static_cast<std::uint32_t>(std::max(1L, std::lround(window_s / sample_every_s)))),
      density_(shape.cells(), 0.0F), flow_x_(shape.cells(), 0.0F), flow_y_(shape.cells(), 0.0F) {}

HeatMaps HeatMapper::empty() const {
    HeatMaps maps;
    maps.samples = {0};
    const std::size_t cells = shape_.cells();
    for (auto* values :
         {&maps.density_sum_per_m2, &maps.density_max_per_m2, &maps.pressure_max_per_s2,
          &maps.contact_max_n, &maps.window_density_per_m2, &maps.window_vx_mps,
          &maps.window_vy_mps, &maps.window_v2_m2ps2}) {
        values->assign(cells, 0.0F);
    }
    maps.crowded.assign(cells, 0);
    maps.window_samples.assign(cells, 0);
    return maps;
}

void HeatMapper::add_person(const Vec2& at, float vx_mps, float vy_mps) {
    const Vec2 in_cells = (at - shape_.corner) / shape_.cell_m;
    const AxisWeights x(in_cells.x(), shape_.cell_m, shape_.columns);
    const AxisWeights y(in_cells.y(), shape_.cell_m, shape_.rows);
    const auto peak = static_cast<float>(1.0 / (std::numbers::pi * radius_m * radius_m));
    for (int j = 0; j < y.count; ++j) {
        const std::size_t row = shape_.index(x.first, y.first + j);
        const float share = peak * y.weight[static_cast<std::size_t>(j)];
        for (std::size_t i = 0; i < static_cast<std::size_t>(x.count); ++i) {
            const float weight = share * x.weight[i];
            if (density_[row + i] == 0.0F) {
                touched_.push_back(static_cast<std::uint32_t>(row + i));
            }
            density_[row + i] += weight;
            flow_x_[row + i] += weight * vx_mps;
            flow_y_[row + i] += weight * vy_mps;
        }
    }
}

void HeatMapper::add_cell(HeatMaps& maps, std::size_t cell) const {
    const float density = density_[cell];
    if (density < nobody_per_m2) {
        return;
    }
    maps.density_sum_per_m2[cell] += density;
    maps.density_max_per_m2[cell] = std::max(maps.density_max_per_m2[cell], density);
    maps.crowded[cell] += density > threshold_per_m2_;
    const float vx = flow_x_[cell] / density;
    const float vy = flow_y_[cell] / density;
    ++maps.window_samples[cell];
    maps.window_density_per_m2[cell] += density;
    maps.window_vx_mps[cell] += vx;
    maps.window_vy_mps[cell] += vy;
    maps.window_v2_m2ps2[cell] += vx * vx + vy * vy;
}

void HeatMapper::close_window(HeatMaps& maps) {
    for (std::size_t cell = 0; cell < maps.window_samples.size(); ++cell) {
        if (maps.window_samples[cell] >= least_samples) {
            const auto samples = static_cast<float>(maps.window_samples[cell]);
            const float density = maps.window_density_per_m2[cell] / samples;
            const float vx = maps.window_vx_mps[cell] / samples;
            const float vy = maps.window_vy_mps[cell] / samples;
            const float variance =
                std::max(0.0F, maps.window_v2_m2ps2[cell] / samples - vx * vx - vy * vy);
            if (density >= least_density_per_m2) {
                maps.pressure_max_per_s2[cell] =
                    std::max(maps.pressure_max_per_s2[cell], density * variance);
            }
        }
    }
    std::fill(maps.window_samples.begin(), maps.window_samples.end(), std::uint16_t{0});
    for (auto* sum : {&maps.window_density_per_m2, &maps.window_vx_mps, &maps.window_vy_mps,
                      &maps.window_v2_m2ps2}) {
        std::fill(sum->begin(), sum->end(), 0.0F);
    }
}

void HeatMapper::sample(HeatMaps& maps, const Pedestrians& people, const WalkMesh& mesh) {
    for (const std::uint32_t cell : touched_) {
        density_[cell] = flow_x_[cell] = flow_y_[cell] = 0.0F;
    }
    touched_.clear();
    Box2 near = shape_.bounds();
    near.low.array() -= reach_m;
    near.high.array() += reach_m;
    for (std::size_t i = 0; i < people.size(); ++i) {
        const Vec2 at(people.x_m[i], people.y_m[i]);
        if (people.is_present(i) && near.contains(at) &&
            is_shown(mesh, at, mesh.triangles[people.triangle[i]].level, std::nullopt)) {
            add_person(at, people.velocity_x_mps[i], people.velocity_y_mps[i]);
            if (people.contact_n[i] > 0.0F && shape_.bounds().contains(at)) {
                float& most_n = maps.contact_max_n[shape_.clamped_index(at)];
                most_n = std::max(most_n, people.contact_n[i]);
            }
        }
    }
    for (const std::uint32_t cell : touched_) {
        add_cell(maps, cell);
    }
    if (++maps.samples[0] % window_ticks_ == 0) {
        close_window(maps);
    }
}

} // namespace veste
