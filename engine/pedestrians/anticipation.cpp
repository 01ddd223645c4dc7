#include "pedestrians/operational.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace veste {
namespace {

using Person = Crowd::Person;

/// Single precision is enough for how people act on each other.
struct Own {
    float ex, ey;               ///< way wanted
    float heading_x, heading_y; ///< way walked
    float velocity_x_mps, velocity_y_mps;
    float radius_m;
};

/// What the approach of four does across the way wanted (equations 3 to 5), to the left: away from
/// the side on which they will be.
float push_to_left(const Own& own, const FourInSight& four, const AnticipationVelocity& model) {
    const auto ahead_s = static_cast<float>(model.anticipation_s);
    const Lanes towards_x = four.dx_m / four.distance_m;
    const Lanes towards_y = four.dy_m / four.distance_m;
    const LaneMask is_felt =
        four.distance_m > 0.0F && (towards_x * own.ex + towards_y * own.ey >= 0.0F ||
                                   towards_x * own.heading_x + towards_y * own.heading_y >= 0.0F);
    const auto [corner_x_m, corner_y_m, velocity_x, velocity_y] = four.courses();
    const auto [facing_x, facing_y, radius_m, speed_mps] = four.looks();
    const Lanes pace_mps =
        std::experimental::sqrt(velocity_x * velocity_x + velocity_y * velocity_y);
    const LaneMask walks = pace_mps > 1e-3F;
    const Lanes their_x = choose(walks, velocity_x / pace_mps, facing_x);
    const Lanes their_y = choose(walks, velocity_y / pace_mps, facing_y);
    const Lanes bodies_m = radius_m + own.radius_m;
    const Lanes nearer_m = ((own.velocity_x_mps - velocity_x) * towards_x +
                            (own.velocity_y_mps - velocity_y) * towards_y) *
                           ahead_s;
    const Lanes gap_m = larger(four.distance_m - bodies_m - nearer_m, Lanes(0.0F));
    const Lanes alignment = 1.5F - 0.5F * (their_x * own.ex + their_y * own.ey);
    const Lanes strength = alignment *
                           exponential(gap_m * static_cast<float>(-1.0 / model.repulsion_range_m)) *
                           static_cast<float>(model.repulsion_strength);
    // Straight ahead nobody knows better: to the right.
    const Lanes left_m =
        (four.dy_m + velocity_y * ahead_s) * own.ex - (four.dx_m + velocity_x * ahead_s) * own.ey;
    return sum(choose(is_felt, choose(left_m > -1e-9F, -strength, strength), Lanes(0.0F)));
}

/// The speed that keeps the time gap to four people, in a direction (equation 6).
float speed_behind(const Own& own, const FourInSight& four, const Vec2& direction,
                   double free_speed_mps, double time_gap_s) {
    constexpr float spare_m = 0.02F;
    const auto ex = static_cast<float>(direction.x());
    const auto ey = static_cast<float>(direction.y());
    const Lanes bodies_m = four.looks()[2] + (own.radius_m + spare_m);
    const LaneMask is_in_way = four.dx_m * ex + four.dy_m * ey >= 0.0F &&
                               magnitude(four.dy_m * ex - four.dx_m * ey) <= bodies_m;
    const Lanes speed_mps = (four.distance_m - bodies_m) * static_cast<float>(1.0 / time_gap_s);
    return least(choose(is_in_way, speed_mps, Lanes(static_cast<float>(free_speed_mps))));
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

Vec2 anticipated_velocity(const Intention& walker, const Surroundings& around, double dt_s) {
    const AnticipationVelocity& model = walker.profile->anticipation;
    const double pace_mps = walker.velocity.norm();
    const Vec2 heading = pace_mps > 1e-3 ? Vec2(walker.velocity / pace_mps) : walker.direction;
    const Own own{
        static_cast<float>(walker.direction.x()), static_cast<float>(walker.direction.y()),
        static_cast<float>(heading.x()),          static_cast<float>(heading.y()),
        static_cast<float>(walker.velocity.x()),  static_cast<float>(walker.velocity.y()),
        static_cast<float>(walker.radius_m)};
    double to_left = 0.0;
    for (const FourInSight& four : around.fours) {
        to_left += static_cast<double>(push_to_left(own, four, model));
    }
    const Vec2 left(-walker.direction.y(), walker.direction.x());
    const Vec2 wanted = (walker.direction + to_left * left).normalized();
    const Vec2 direction =
        turned_towards(wanted, heading, walker.direction, dt_s / model.reaction_s);
    double speed_mps = walker.free_speed_mps;
    for (const FourInSight& four : around.fours) {
        speed_mps = std::min(speed_mps, static_cast<double>(speed_behind(
                                            own, four, direction, speed_mps, model.time_gap_s)));
    }
    return std::max(0.0, speed_mps) *
           along_near_walls(walker, direction, around.walls, model.wall_buffer_m);
}

} // namespace

void anticipated_velocities(std::span<const Intention> walkers, const Crowd& crowd, double dt_s,
                            std::span<Vec2> velocities) {
    thread_local Sights sights(decided_together);
    thread_local std::array<Surroundings, decided_together> around;
    sights.clear();
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        const Intention& walker = walkers[n];
        const AnticipationVelocity& model = walker.profile->anticipation;
        const double reach_m =
            std::min(3.0, 2.0 * walker.radius_m + 5.0 * model.repulsion_range_m +
                              (model.time_gap_s + model.anticipation_s) * walker.free_speed_mps);
        around[n] = sights.look_around(walker, crowd, reach_m, 2.0 * walker.radius_m);
    }
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        velocities[n] = walkers[n].free_speed_mps <= 0.0 || walkers[n].direction.isZero()
                            ? Vec2(0.0, 0.0)
                            : anticipated_velocity(walkers[n], around[n], dt_s);
    }
}

} // namespace veste
