#pragma once
#include <bit>
#include <cmath>
#include <cstdint>

/// The flow through one face between two cells, written without branches so that compilers turn
/// loops of it into vector code. Internal to the flood folder.
namespace veste::flood {

/// x^(-1/3) for normal positive x within 2e-7: a guess from the exponent's bits (error below 4 %),
/// then twice Householder's third-order iteration.
inline float inverse_cube_root(float x) {
    const auto bits = static_cast<float>(std::bit_cast<std::int32_t>(x));
    float y = std::bit_cast<float>(static_cast<std::int32_t>(1418472267.0F - bits * 0.33333333F));
    for (int round = 0; round < 2; ++round) {
        const float e = 1.0F - x * (y * y * y);
        y += y * (e * (0.33333333F + e * (0.22222222F + e * 0.17283951F)));
    }
    return y;
}

/// h^(-7/3) within 1e-6.
inline float friction_power(float h) {
    const float y = inverse_cube_root(h);
    const float y2 = y * y;
    return y2 * y2 * (y2 * y);
}

inline float larger(float a, float b) {
    return a > b ? a : b;
}

/// Depth of the flow through a face: the higher water surface above the higher bed.
inline float flow_depth(float depth_a, float depth_b, float bed_a, float bed_b) {
    const float sill = larger(bed_a, bed_b);
    return larger(depth_a + (bed_a - sill), depth_b + (bed_b - sill));
}

/// What one step's faces have in common.
struct FaceFactors {
    float dry_depth_m;
    float theta;            ///< weight of the face's own discharge
    float side;             ///< (1 - theta) / 2
    float gravity_dt_by_dx; ///< m/s
    float friction_dt;      ///< 4 g dt
};

/// New discharge through a face. With s = theta q + side (q_before + q_after) - g h dt d(eta)/dx
/// (de Almeida et al. 2012, eq. 7) and b = g dt n² / h^(7/3), Bates et al. 2010, eq. 11 is
/// q' = s / (1 + b |q|). Taking the friction at the new discharge, q' (1 + b |q'|) = s, has the
/// same steady states but does not swing from step to step in thin water on steep ground; its root
/// is 2 s / (1 + sqrt(1 + 4 b |s|)).
inline float root_discharge(float s, float four_b) {
    return (s + s) / (1.0F + std::sqrt(1.0F + four_b * std::fabs(s)));
}

inline float face_discharge(const FaceFactors& f, float rise, float depth, float n, float q,
                            float q_sides) {
    const float h = larger(depth, f.dry_depth_m);
    const float four_b = f.friction_dt * (n * n) * friction_power(h);
    const float s = f.theta * q + f.side * q_sides - f.gravity_dt_by_dx * h * rise;
    const float flow = root_discharge(s, four_b);
    return depth > f.dry_depth_m ? flow : 0.0F;
}

} // namespace veste::flood
