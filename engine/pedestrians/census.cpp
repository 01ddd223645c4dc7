#include "pedestrians/census.hpp"

#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

/// Area of a disc beyond a chord at this distance from its centre.
double segment_m2(double radius_m, double distance_m) {
    return distance_m >= radius_m
               ? 0.0
               : radius_m * radius_m * std::acos(distance_m / radius_m) -
                     distance_m * std::sqrt(radius_m * radius_m - distance_m * distance_m);
}

double walkable_m2(const Vec2& p, std::span<const Wall> walls, double radius_m) {
    double nearest_m = radius_m;
    double facing_m = radius_m;
    const Wall* nearest = nullptr;
    const auto distance_m = [&](const Wall& wall) {
        const double along_m = wall.along.dot(p - wall.from);
        const double side_m = wall.side_m(p);
        const bool counts = side_m >= 0.0 && along_m >= 0.0 && along_m <= wall.length_m;
        return counts ? side_m : radius_m;
    };
    for (const Wall& wall : walls) {
        if (distance_m(wall) < nearest_m) {
            nearest_m = distance_m(wall);
            nearest = &wall;
        }
    }
    for (const Wall& wall : walls) {
        if (nearest != nullptr && wall.along.dot(nearest->along) < -0.5) {
            facing_m = std::min(facing_m, distance_m(wall));
        }
    }
    const double disc_m2 = std::numbers::pi * radius_m * radius_m;
    return std::max(0.1 * disc_m2,
                    disc_m2 - segment_m2(radius_m, nearest_m) - segment_m2(radius_m, facing_m));
}

} // namespace

void take_census(Pedestrians& people, const Crowd& crowd, double disc_radius_m) {
    const double radius_m = disc_radius_m;
    const auto everyone = crowd.everyone();
    constexpr std::size_t grain = 512;
    parallel_for(everyone.size(), grain, [&](std::size_t k) {
        const Crowd::Person& person = everyone[k];
        int count = 0;
        crowd.for_near(Vec2(person.x_m, person.y_m), radius_m,
                       [&](const Crowd::Person& other, double) {
                           count += WalkCells::on_one_level(other.levels, person.levels);
                       });
        people.density_per_m2[person.id] =
            static_cast<float>(count / walkable_m2(Vec2(person.x_m, person.y_m),
                                                   crowd.cells().walls(person.triangle), radius_m));
    });
}

} // namespace veste
