#pragma once
#include "base/raster.hpp"
#include "city/walk_mesh.hpp"
#include "pedestrians/pedestrians.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace veste {

/// What heat maps keep for each cell: sums over the samples so far, and those of the window that
/// the crowd pressure is taken over. Empty where no heat map is asked for. Filled by HeatMapper.
struct HeatMaps {
    std::vector<std::uint32_t> samples;     ///< one value: of the run so far
    std::vector<float> density_sum_per_m2;  ///< by cell
    std::vector<float> density_max_per_m2;  ///< by cell
    std::vector<std::uint32_t> crowded;     ///< samples above the threshold
    std::vector<float> pressure_max_per_s2; ///< largest of all windows
    std::vector<float> contact_max_n;       ///< largest force on anyone in the cell
    // of the present window: samples with people near, and sums over them
    std::vector<std::uint16_t> window_samples;
    std::vector<float> window_density_per_m2;
    std::vector<float> window_vx_mps;
    std::vector<float> window_vy_mps;
    std::vector<float> window_v2_m2ps2;
};

template <class H, class Visit> void for_each_heat_field(H& h, Visit&& visit) {
    const auto state = [&visit](std::string_view name, std::string_view unit, std::string_view text,
                                auto& values) {
        visit(Field{name, unit, Role::State, text}, values);
    };
    state("heat_samples", "1", "samples of heat maps", h.samples);
    state("heat_density_sum", "1/m2", "sum of local densities", h.density_sum_per_m2);
    state("heat_density_max", "1/m2", "largest local density", h.density_max_per_m2);
    state("heat_crowded", "1", "samples above the threshold", h.crowded);
    state("heat_pressure_max", "1/s2", "largest crowd pressure", h.pressure_max_per_s2);
    state("heat_contact_max", "N", "largest force on a person", h.contact_max_n);
    state("window_samples", "1", "samples with people near", h.window_samples);
    state("window_density", "1/m2", "sum of their densities", h.window_density_per_m2);
    state("window_vx", "m/s", "sum of their velocities east", h.window_vx_mps);
    state("window_vy", "m/s", "sum of their velocities north", h.window_vy_mps);
    state("window_v2", "m2/s2", "sum of their squared velocities", h.window_v2_m2ps2);
}

/// The local density and velocity field and the crowd pressure of Helbing, Johansson, Al-Abideen
/// (2007, Phys. Rev. E 75, 046109), on square cells:
///     rho(r, t) = sum_j f(r_j(t) - r),  f(d) = exp(-d² / R²) / (pi R²),  R = 1 m
///     V(r, t)   = sum_j v_j f(r_j(t) - r) / rho(r, t)
///     P(r)      = <rho> Var(V(r, t)), mean and variance over time at one place.
/// Crowd turbulence was seen from P = 0.02 /s² on. As in the paper walls do not cut the kernel: by
/// a wall the density reads up to half of what it is. The kernel ends at 2.5 R (0.1 % of its mass
/// is cut off). The time is a window of 60 s; cells with a mean density below 1 per m² or fewer
/// than five samples have no pressure: there people pass one by one (our assumption).
class HeatMapper {
public:
    static constexpr double radius_m = 1.0;
    static constexpr double window_s = 60.0;

    HeatMapper(const RasterShape& shape, double threshold_per_m2, double sample_every_s);

    HeatMaps empty() const;
    /// Adds a sample; in id order on one thread, so that sums never depend on threads.
    /// Of people on what is, at their place, the level nearest to 0: those above or below do not
    /// count.
    void sample(HeatMaps& maps, const Pedestrians& people, const WalkMesh& mesh);

    // Of the field of the last sample, for tests and drawings.
    float density_per_m2(std::size_t cell) const { return density_[cell]; }

private:
    void add_person(const Vec2& at, float vx_mps, float vy_mps);
    void add_cell(HeatMaps& maps, std::size_t cell) const;
    static void close_window(HeatMaps& maps);

    RasterShape shape_;
    float threshold_per_m2_;
    std::uint32_t window_ticks_;
    std::vector<float> density_;
    std::vector<float> flow_x_;
    std::vector<float> flow_y_;
    std::vector<std::uint32_t> touched_;
};

} // namespace veste
