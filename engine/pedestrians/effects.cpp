#include "pedestrians/effects.hpp"

#include "base/parallel.hpp"
#include "pedestrians/stability.hpp"

#include <algorithm>
#include <cmath>

namespace veste {

double wading_factor(double depth_m) {
    constexpr double deep = 0.35;
    constexpr double decay_m = 0.341; // gives 0.583, the mean loss of 41.7 %, at 0.35 m
    return deep + (1.0 - deep) * std::exp(-std::max(0.0, depth_m) / decay_m);
}

double flow_factor(double depth_m, double water_mps) {
    constexpr double least = 0.2;
    if (depth_m <= 0.0 || water_mps <= 0.0) {
        return 1.0;
    }
    const Profile adult;
    const Body body{adult.height_m, adult.mass_kg};
    const double most_mps =
        std::min(sliding_speed_mps(body, depth_m), toppling_speed_mps(body, depth_m));
    const double ratio = water_mps / std::max(most_mps, 1e-6);
    return 1.0 - (1.0 - least) * std::min(1.0, ratio * ratio);
}

double hazard_rating(double depth_m, double water_mps) {
    if (depth_m <= 0.0) {
        return 0.0;
    }
    const double debris = depth_m > 0.25 || water_mps > 2.0 ? 1.0 : 0.0;
    return depth_m * (water_mps + 0.5) + debris;
}

double darkness_factor(double illuminance_lx) {
    constexpr double loss_per_decade = 0.243; // 17 % between 1 lx and 0.2 lx
    constexpr double darkest = 0.5;
    if (illuminance_lx >= 1.0) {
        return 1.0;
    }
    if (illuminance_lx <= 1e-3) {
        return darkest;
    }
    return std::max(darkest, 1.0 + loss_per_decade * std::log10(illuminance_lx));
}

double slope_factor(double slope) {
    return std::max(0.3, std::exp(-3.5 * std::max(0.0, slope)));
}

double directed_slope_factor(double rise) {
    constexpr double fastest = -0.05;
    return std::max(0.3, std::exp(-3.5 * (std::abs(rise - fastest) - std::abs(fastest))));
}

namespace {

Vec2 vector_of(const std::array<float, 2>& v) {
    return {static_cast<double>(v[0]), static_cast<double>(v[1])};
}

/// Share of the free speed kept on stairs: up, down, or the mean across and where the way up is not
/// known; in between by the angle.
double stairs_share(const WalkTriangle& triangle, const Vec2& direction, const Profile& profile) {
    const Vec2 uphill = vector_of(triangle.uphill);
    const double mean = 0.5 * (profile.stairs_up_share + profile.stairs_down_share);
    if (uphill.squaredNorm() == 0.0) {
        return mean;
    }
    const double up = uphill.normalized().dot(direction);
    const double ahead = up > 0.0 ? profile.stairs_up_share : profile.stairs_down_share;
    return mean + std::abs(up) * (ahead - mean);
}

/// The mean of all directions and of those who ride and walk, for an adult.
double mean_factor(const WalkTriangle& triangle) {
    constexpr double free_mps = 1.34;
    const bool is_steps = triangle.kind == WalkKind::Steps;
    const double walking = is_steps ? steps_factor : slope_factor(triangle.slope);
    if (!is_conveyor(triangle)) {
        return walking;
    }
    const double riding = is_steps ? escalator_riding_share : walkway_riding_share;
    return vector_of(triangle.conveyor_mps).norm() / free_mps + (1.0 - riding) * walking;
}

} // namespace

double pace_on(const WalkTriangle& triangle, const Vec2& direction, double level_mps,
               double riding_draw, const Profile& profile) {
    const bool is_steps = triangle.kind == WalkKind::Steps;
    const Vec2 uphill = vector_of(triangle.uphill);
    const double slope = uphill.squaredNorm() > 0.0 ? directed_slope_factor(uphill.dot(direction))
                                                    : slope_factor(triangle.slope);
    const double walking_mps =
        level_mps * (is_steps ? stairs_share(triangle, direction, profile) : slope);
    if (!is_conveyor(triangle)) {
        return walking_mps;
    }
    constexpr double least_mps = 0.1; ///< who was pushed onto the wrong end gets off it
    const double riding = is_steps ? escalator_riding_share : walkway_riding_share;
    const double carried_mps = vector_of(triangle.conveyor_mps).dot(direction);
    const bool rides = riding_draw < riding && carried_mps > 0.0;
    return std::max(least_mps, carried_mps + (rides ? 0.0 : walking_mps));
}

bool may_enter(const WalkMesh& mesh, std::uint32_t from, std::uint32_t to) {
    const WalkTriangle& there = mesh.triangles[to];
    if (!is_conveyor(there) || is_conveyor(mesh.triangles[from])) {
        return true;
    }
    constexpr double least_cosine = 0.3; // beginnings are cut about square
    const auto& sides = mesh.triangles[from].neighbours;
    const auto side =
        static_cast<int>(std::find(sides.begin(), sides.end(), TriangleId(to)) - sides.begin());
    const Vec2 along =
        mesh.corner(TriangleId(from), (side + 1) % 3) - mesh.corner(TriangleId(from), side);
    const Vec2 inwards = Vec2(along.y(), -along.x()).normalized();
    return vector_of(there.conveyor_mps).normalized().dot(inwards) > least_cosine;
}

WalkGround ground_of(const WalkMesh& mesh, const Conditions& conditions) {
    const std::size_t count = mesh.triangles.size();
    WalkGround ground;
    ground.factor.resize(count);
    ground.is_barred.resize(count);
    ground.walking_factor.resize(count);
    ground.has_direction.resize(count);
    constexpr std::size_t grain = 2048;
    parallel_for(count, grain, [&](std::size_t t) {
        const WalkTriangle& triangle = mesh.triangles[t];
        const double depth_m = conditions.walk_depth_m[t];
        const double water_mps = conditions.walk_water_mps[t];
        const double here = wading_factor(depth_m) * flow_factor(depth_m, water_mps) *
                            darkness_factor(conditions.walk_illuminance_lx[t]);
        ground.factor[t] = static_cast<float>(here * mean_factor(triangle));
        ground.walking_factor[t] = static_cast<float>(here);
        ground.has_direction[t] =
            triangle.kind == WalkKind::Steps || triangle.slope > 0.0F || is_conveyor(triangle);
        ground.is_barred[t] =
            conditions.walk_closed[t] != 0 || hazard_rating(depth_m, water_mps) >= hazard_for_most;
    });
    return ground;
}

} // namespace veste
