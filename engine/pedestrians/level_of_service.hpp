#pragma once
#include <array>
#include <cstddef>

/// Levels of service, A (0) to F (5), by density.
namespace veste {

constexpr std::size_t los_count = 6;
constexpr double square_feet_per_m2 = 1.0 / 0.09290304;

/// Densities that levels B to F begin above, persons per m².
using LosBounds = std::array<double, los_count - 1>;

/// Walkways: 35, 25, 15, 10, 5 square feet a person (Fruin 1971, Pedestrian Planning and Design).
constexpr LosBounds fruin_walkway_per_m2 = {square_feet_per_m2 / 35.0, square_feet_per_m2 / 25.0,
                                            square_feet_per_m2 / 15.0, square_feet_per_m2 / 10.0,
                                            square_feet_per_m2 / 5.0};
/// Walkways: 5.6, 3.7, 2.2, 1.4, 0.75 m² a person (Highway Capacity Manual 2000, exhibit 18-3).
constexpr LosBounds hcm_walkway_per_m2 = {1.0 / 5.6, 1.0 / 3.7, 1.0 / 2.2, 1.0 / 1.4, 1.0 / 0.75};
/// Queues: 13, 10, 7, 3, 2 square feet a person (Fruin 1971); the HCM has the same.
constexpr LosBounds fruin_queue_per_m2 = {square_feet_per_m2 / 13.0, square_feet_per_m2 / 10.0,
                                          square_feet_per_m2 / 7.0, square_feet_per_m2 / 3.0,
                                          square_feet_per_m2 / 2.0};

constexpr std::size_t level_of_service(double density_per_m2, const LosBounds& bounds) {
    std::size_t level = 0;
    for (const double bound_per_m2 : bounds) {
        level += density_per_m2 > bound_per_m2;
    }
    return level;
}

} // namespace veste
