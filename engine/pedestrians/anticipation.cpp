#include "pedestrians/operational.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

/// What one person's approach does to the direction (equations 3 to 5): away from the side on which
/// they will be, across the way wanted.
Vec2 sideways_push(const Intention& walker, const Vec2& heading, const Vec2& offset,
                   double distance_m, const Crowd::Person& other,
                   const AnticipationVelocity& model) {
    const Vec2 towards = offset / distance_m;
    if (walker.direction.dot(towards) < 0.0 && heading.dot(towards) < 0.0) {
        return {0.0, 0.0};
    }
    const Vec2 velocity(static_cast<double>(other.velocity_x_mps),
                        static_cast<double>(other.velocity_y_mps));
    const double pace_mps = velocity.norm();
    const Vec2 their_heading = pace_mps > 1e-3 ? Vec2(velocity / pace_mps)
                                               : Vec2(static_cast<double>(other.facing_x),
                                                      static_cast<double>(other.facing_y));
    const double bodies_m = walker.radius_m + static_cast<double>(other.radius_m);
    const double nearer_m = (walker.velocity - velocity).dot(towards) * model.anticipation_s;
    const double gap_m = std::max(0.0, distance_m - bodies_m - nearer_m);
    const double alignment = 1.0 + 0.5 * (1.0 - walker.direction.dot(their_heading));
    const double strength =
        model.repulsion_strength * alignment * std::exp(-gap_m / model.repulsion_range_m);
    const Vec2 left(-walker.direction.y(), walker.direction.x());
    // Straight ahead nobody knows better: to the right.
    const bool will_be_left = left.dot(offset + model.anticipation_s * velocity) > -1e-9;
    return will_be_left ? Vec2(-strength * left) : Vec2(strength * left);
}

/// The direction turns to the one wanted within the reaction time (equation 7), at once where that
/// lies behind.
Vec2 turned_towards(const Vec2& wanted, const Vec2& heading, const Vec2& direction, double share) {
    if (direction.dot(wanted) * direction.dot(heading) < 0.0) {
        return wanted;
    }
    const Vec2 between = heading + std::min(1.0, share) * (wanted - heading);
    const double length = between.norm();
    return length > 1e-9 ? Vec2(between / length) : wanted;
}

/// Nobody turns into a wall that is nearer than body and buffer.
Vec2 along_near_walls(const Intention& walker, Vec2 direction, std::span<const NearWall> walls,
                      double buffer_m) {
    constexpr double outwards = 0.3; // JuPedSim's push-out strength
    bool has_slid = false;
    for (const NearWall& near : walls) {
        if (near.distance_m > walker.radius_m + buffer_m || near.distance_m <= 0.0) {
            continue;
        }
        const Vec2 away = near.away / near.distance_m;
        const double into = direction.dot(away);
        if (into < 0.0) {
            direction += (outwards - into) * away;
            has_slid = true;
        }
    }
    const double length = direction.norm();
    return has_slid && length > 1e-9 ? Vec2(direction / length) : direction;
}

} // namespace

Vec2 anticipated_velocity(const Intention& walker, const Crowd& crowd, double dt_s,
                          const AnticipationVelocity& model) {
    constexpr double spare_m = 0.02;
    if (walker.free_speed_mps <= 0.0 || walker.direction.isZero()) {
        return {0.0, 0.0};
    }
    const double reach_m =
        std::min(3.0, 2.0 * walker.radius_m + 5.0 * model.repulsion_range_m +
                          (model.time_gap_s + model.anticipation_s) * walker.free_speed_mps);
    Surroundings around;
    look_around(walker, crowd, reach_m, 2.0 * walker.radius_m, around);
    const double pace_mps = walker.velocity.norm();
    const Vec2 heading = pace_mps > 1e-3 ? Vec2(walker.velocity / pace_mps) : walker.direction;
    Vec2 wanted = walker.direction;
    for (std::size_t k = 0; k < around.count; ++k) {
        const auto distance_m = static_cast<double>(around.distance_m[k]);
        if (distance_m > 0.0) {
            const Vec2 offset(static_cast<double>(around.dx_m[k]),
                              static_cast<double>(around.dy_m[k]));
            wanted += sideways_push(walker, heading, offset, distance_m, *around.people[k], model);
        }
    }
    wanted.normalize();
    const Vec2 direction =
        turned_towards(wanted, heading, walker.direction, dt_s / model.reaction_s);
    double speed_mps = walker.free_speed_mps;
    for (std::size_t k = 0; k < around.count; ++k) {
        const Vec2 offset(static_cast<double>(around.dx_m[k]), static_cast<double>(around.dy_m[k]));
        const double bodies_m =
            walker.radius_m + static_cast<double>(around.people[k]->radius_m) + spare_m;
        if (direction.dot(offset) >= 0.0 && std::abs(cross(direction, offset)) <= bodies_m) {
            speed_mps = std::min(speed_mps, (static_cast<double>(around.distance_m[k]) - bodies_m) /
                                                model.time_gap_s);
        }
    }
    return std::max(0.0, speed_mps) *
           along_near_walls(walker, direction, around.near_walls(), model.wall_buffer_m);
}

} // namespace veste
