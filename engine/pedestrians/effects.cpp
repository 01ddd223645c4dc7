#include "pedestrians/effects.hpp"

#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>

namespace veste {

double wading_factor(double depth_m) {
    constexpr double deep = 0.35;
    constexpr double decay_m = 0.341; // gives 0.583, the mean loss of 41.7 %, at 0.35 m
    return deep + (1.0 - deep) * std::exp(-std::max(0.0, depth_m) / decay_m);
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

WalkGround ground_of(const WalkMesh& mesh, const Conditions& conditions) {
    const std::size_t count = mesh.triangles.size();
    WalkGround ground;
    ground.factor.resize(count);
    ground.is_barred.resize(count);
    constexpr std::size_t grain = 2048;
    parallel_for(count, grain, [&](std::size_t t) {
        const WalkTriangle& triangle = mesh.triangles[t];
        const double depth_m = conditions.walk_depth_m[t];
        const double way =
            triangle.kind == WalkKind::Steps ? steps_factor : slope_factor(triangle.slope);
        ground.factor[t] = static_cast<float>(way * wading_factor(depth_m) *
                                              darkness_factor(conditions.walk_illuminance_lx[t]));
        ground.is_barred[t] =
            conditions.walk_closed[t] != 0 ||
            hazard_rating(depth_m, conditions.walk_water_mps[t]) >= hazard_for_most;
    });
    return ground;
}

} // namespace veste
