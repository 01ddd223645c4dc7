#include "pedestrians/corner_spread.hpp"

#include <algorithm>
#include <numbers>

namespace veste {
namespace {

constexpr double felt_m = 1.5; ///< the crowd is counted so far around
// Between these the crowd takes ever more room.
constexpr double loose_per_m2 = 0.7;
constexpr double dense_per_m2 = 2.0;
constexpr double most_room_m = 8.0;
constexpr double least_room_m = 1.0; ///< narrower ways are full with those at the corner

/// 0 in a loose crowd to 1 in a dense one.
double crowding(const Crowd& crowd, const Vec2& p) {
    int people = 0;
    crowd.for_near(p, felt_m, [&](const Crowd::Person&, double) { ++people; });
    const double per_m2 = people / (std::numbers::pi * felt_m * felt_m);
    return std::clamp((per_m2 - loose_per_m2) / (dense_per_m2 - loose_per_m2), 0.0, 1.0);
}

} // namespace

Vec2 place_at_bend(const Navigation& navigation, const Crowd& crowd, std::uint32_t triangle,
                   const Vec2& p, const Steering& way, double draw) {
    if (way.inwards.isZero()) {
        return way.at;
    }
    double room_m = crowding(crowd, p) * most_room_m;
    for (; room_m >= least_room_m; room_m *= 0.5) {
        // Half of the way is left to those who keep to its outer side.
        const Vec2 place = way.at + draw * room_m * way.inwards;
        if (navigation.is_in_sight(way.bend_triangle, way.at,
                                   way.at + 2.0 * room_m * way.inwards) &&
            navigation.is_in_sight(triangle, p, place)) {
            return place;
        }
    }
    return way.at;
}

} // namespace veste
