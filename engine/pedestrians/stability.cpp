#include "pedestrians/stability.hpp"

#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr double water_kg_per_m3 = 1000.0;
constexpr double shallow_m = 0.1; ///< the formulas were measured in deeper water

/// What the water does not carry of a body, kg.
double carried_by_feet_kg(const Body& body, double depth_m) {
    // Volume of a body, and its share below the surface (Xia and others 2014).
    constexpr double volume_by_mass = 1.015e-3;
    constexpr double volume_less_m3 = 4.927e-3;
    constexpr double squared_share = 0.633;
    constexpr double linear_share = 0.367;
    const double depth = std::min(1.0, depth_m / body.height_m);
    const double volume_m3 = volume_by_mass * body.mass_kg - volume_less_m3;
    const double below_m3 = volume_m3 * depth * (squared_share * depth + linear_share);
    return std::max(0.0, body.mass_kg - water_kg_per_m3 * below_m3);
}

/// Incipient speed: fitted alpha and beta of the vertical flow profile, and the square root of the
/// weight on the feet over that of the water that pushes.
double incipient_mps(const Body& body, double depth_m, double alpha, double beta, double area_m2) {
    const double depth = depth_m / body.height_m;
    return alpha * std::pow(depth, beta) *
           std::sqrt(carried_by_feet_kg(body, depth_m) / (water_kg_per_m3 * area_m2));
}

} // namespace

double sliding_speed_mps(const Body& body, double depth_m) {
    if (depth_m <= 0.0) {
        return std::numeric_limits<double>::infinity();
    }
    return incipient_mps(body, depth_m, 10.253, 0.139, body.height_m * depth_m);
}

double toppling_speed_mps(const Body& body, double depth_m) {
    if (depth_m <= 0.0) {
        return std::numeric_limits<double>::infinity();
    }
    return incipient_mps(body, depth_m, 7.867, 0.462, depth_m * depth_m);
}

bool is_swept_away(const Body& body, double depth_m, double water_mps) {
    if (depth_m >= body.height_m) {
        return true; // over their head
    }
    return depth_m >= shallow_m && water_mps >= std::min(sliding_speed_mps(body, depth_m),
                                                         toppling_speed_mps(body, depth_m));
}

void topple(Pedestrians& people, const Scenario& scenario, const Conditions& conditions) {
    constexpr std::size_t grain = 2048;
    parallel_for(people.size(), grain, [&](std::size_t i) {
        const std::uint32_t t = people.triangle[i];
        const double depth_m = conditions.walk_depth_m[t];
        if (depth_m < shallow_m || !people.is_present(i) ||
            people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Toppled)) {
            return;
        }
        const Body body = body_of(profile_of(scenario, people, i), scenario.seed, i);
        if (is_swept_away(body, depth_m, conditions.walk_water_mps[t])) {
            people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Toppled);
            people.speed_mps[i] = 0.0F;
            people.held_s[i] = 0.0F;
            people.is_stuck[i] = 0;
            people.waiting_s[i] = 0.0F;
            people.kerb[i] = CrossingId::none;
        }
    });
}

} // namespace veste
