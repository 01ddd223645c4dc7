#include "pedestrians/operational.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace veste {
namespace {

/// Cosines of directions below which two people meet rather than follow each other: those who steer
/// for the same corner or door merge unless they come face to face, others cross.
constexpr float oncoming_below = -0.7F;
constexpr float crossing_below = 0.3F;
constexpr double same_door_m = 2.5;
constexpr double nearly_stopped_mps = 0.05;
/// Who is held up for long by people on their way elsewhere presses so much closer past them.
constexpr double most_pressed = 0.4;
constexpr double behind_m = 0.9; ///< those behind are felt when so near
constexpr std::size_t lanes = Surroundings::lanes;
using PerPerson = std::array<float, Surroundings::most_people>;

/// The surroundings as the walker judges them.
struct View : Surroundings {
    alignas(16) PerPerson body_m;    ///< spacing at which bodies touch, front to back
    alignas(16) PerPerson width_m;   ///< sideways distance below which the person is in the way
    alignas(16) PerPerson spacing_m; ///< to where the person will be
    alignas(16) PerPerson
        slimmer_per_m;           ///< change of that towards the shoulders, by distance squared
    PerPerson least_m;           ///< nobody walks nearer than this
    PerPerson yielding_bodies_m; ///< sum of radii, less where the walker presses past the person
    bool meets_someone = false;  ///< close before the walker
};

bool merges(const Intention& walker, const Crowd::Person& other) {
    const double dx = static_cast<double>(other.corner_x_m) - walker.corner.x();
    const double dy = static_cast<double>(other.corner_y_m) - walker.corner.y();
    return dx * dx + dy * dy < same_door_m * same_door_m;
}

/// True where each is in the other's way and this walker is farther on: of two who merge, the one
/// who has the other more at the side than ahead goes first, else both would wait for good.
bool goes_first(const Intention& walker, const Crowd::Person& other, float dx, float dy,
                float ahead_m, float width_m) {
    const float their_ahead_m = -(dx * other.facing_x + dy * other.facing_y);
    if (ahead_m <= 0.0F || their_ahead_m <= 0.0F ||
        std::abs(dx * other.facing_y - dy * other.facing_x) >= width_m) {
        return false;
    }
    return ahead_m != their_ahead_m ? ahead_m < their_ahead_m : walker.id < other.id;
}

/// How much room the walker and the k-th person in sight need towards each other.
void judge(const Intention& walker, const PedestrianParameters& parameters, std::size_t k,
           View& view) {
    const Crowd::Person& other = *view.people[k];
    const auto ex = static_cast<float>(walker.direction.x());
    const auto ey = static_cast<float>(walker.direction.y());
    const float bodies_m = static_cast<float>(walker.radius_m) + other.radius_m;
    const float facing = other.facing_x * ex + other.facing_y * ey;
    const bool meets =
        facing < crossing_below && (facing < oncoming_below || !merges(walker, other));
    const bool turns_shoulders = other.is_waiting != 0 || meets || walker.is_patient;
    // People who meet reckon with where the other will be (Xu, Chraibi, Seyfried 2021).
    const float distance_m = view.distance_m[k];
    view.meets_someone |= meets && distance_m < 0.8F;
    const float closing_m =
        meets ? static_cast<float>(parameters.anticipation_s) * other.pace_mps : 0.0F;
    const float pressed = meets ? static_cast<float>(1.0 - most_pressed * walker.squeezing) : 1.0F;
    const auto share = [&](double turned, double straight) {
        return static_cast<float>(turns_shoulders ? turned : straight) * bodies_m;
    };
    view.body_m[k] = share(parameters.shoulder_share, parameters.body_share);
    view.slimmer_per_m[k] =
        (static_cast<float>(parameters.shoulder_share) * bodies_m - view.body_m[k]) /
        std::max(distance_m * distance_m, 1e-6F);
    view.least_m[k] = share(parameters.squeezed_least_share, parameters.least_share) * pressed;
    view.yielding_bodies_m[k] = bodies_m * pressed;
    view.spacing_m[k] = std::max(distance_m - closing_m, std::min(distance_m, 0.5F));
    view.width_m[k] = share(parameters.squeezed_width_share * static_cast<double>(pressed),
                            parameters.width_share);
    if (!meets) {
        const float ahead_m = view.dx_m[k] * ex + view.dy_m[k] * ey;
        if (goes_first(walker, other, view.dx_m[k], view.dy_m[k], ahead_m, view.width_m[k])) {
            view.width_m[k] = 0.0F;
        }
    }
}

void judge_all(const Intention& walker, const PedestrianParameters& parameters, View& view) {
    view.meets_someone = false;
    for (std::size_t k = 0; k < view.count; ++k) {
        judge(walker, parameters, k, view);
    }
    for (std::size_t k = view.count; k < view.padded_count(); ++k) {
        view.body_m[k] = 0.0F;
        view.slimmer_per_m[k] = 0.0F;
        view.width_m[k] = 0.0F;
        view.spacing_m[k] = view.distance_m[k];
    }
}

/// Repulsion by people and walls, added to the desired direction (equation 4).
Vec2 pushed_direction(const Intention& walker, const View& view,
                      const PedestrianParameters& parameters) {
    constexpr double felt_m = 1.0;
    constexpr double wall_felt_m = 0.8;
    float push_x = 0.0F;
    float push_y = 0.0F;
    const auto per_range = static_cast<float>(1.0 / parameters.repulsion_range_m);
    for (std::size_t k = 0; k < view.count; ++k) {
        const float distance_m = view.distance_m[k];
        if (distance_m > static_cast<float>(felt_m) || distance_m <= 0.0F) {
            continue;
        }
        const float strength = std::exp((view.body_m[k] - distance_m) * per_range) / distance_m;
        push_x -= view.dx_m[k] * strength;
        push_y -= view.dy_m[k] * strength;
    }
    Vec2 direction =
        walker.direction + parameters.repulsion_strength *
                               Vec2(static_cast<double>(push_x), static_cast<double>(push_y));
    for (const NearWall& near : view.near_walls()) {
        if (near.distance_m > wall_felt_m || near.distance_m <= 0.0) {
            continue;
        }
        const double strength =
            parameters.wall_strength *
            std::exp((walker.radius_m - near.distance_m) / parameters.wall_range_m);
        direction += near.away * (std::min(strength, parameters.wall_strength) / near.distance_m);
    }
    const double length = direction.norm();
    return length > 1e-9 ? Vec2(direction / length) : walker.direction;
}

/// The optimal speed in a direction (equations 2 and 3), the least of all lanes.
double speed_along(const Intention& walker, const View& view, const Vec2& direction) {
    const auto free_mps = static_cast<float>(walker.free_speed_mps);
    const auto ex = static_cast<float>(direction.x());
    const auto ey = static_cast<float>(direction.y());
    const auto per_gap = static_cast<float>(1.0 / walker.time_gap_s);
    alignas(16) std::array<float, lanes> least_mps;
    least_mps.fill(free_mps);
    for (std::size_t block = 0; block < view.count; block += lanes) {
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const std::size_t k = block + lane;
            const float ahead_m = view.dx_m[k] * ex + view.dy_m[k] * ey;
            const float aside_m = std::abs(view.dx_m[k] * ey - view.dy_m[k] * ex);
            // Bodies are deep in front and give way at the shoulder.
            const float touch_m = view.body_m[k] + view.slimmer_per_m[k] * aside_m * aside_m;
            const float speed_mps = (view.spacing_m[k] - touch_m) * per_gap;
            // Both as numbers, so that one vector instruction picks.
            const float ahead_speed_mps = ahead_m > 0.0F ? speed_mps : free_mps;
            const float felt_mps = aside_m < view.width_m[k] ? ahead_speed_mps : free_mps;
            least_mps[lane] = felt_mps < least_mps[lane] ? felt_mps : least_mps[lane];
        }
    }
    const float speed_mps = *std::min_element(least_mps.begin(), least_mps.end());
    return speed_mps > 0.0F ? static_cast<double>(speed_mps) : 0.0;
}

/// The velocity without the part that leads into a wall nearer than the body's half depth.
Vec2 along_walls(const Intention& walker, Vec2 velocity, std::span<const NearWall> walls) {
    for (const NearWall& near : walls) {
        const Wall& wall = *near.wall;
        const Vec2 inwards(-wall.along.y(), wall.along.x());
        const double into_mps = -velocity.dot(inwards);
        if (into_mps <= 0.0 || near.along_m < 0.0 || near.along_m > wall.length_m) {
            continue;
        }
        constexpr double brake_s = 0.2;
        const double allowed_mps = std::max(0.0, near.side_m - walker.wall_gap_m) / brake_s;
        if (into_mps > allowed_mps) {
            velocity += inwards * (into_mps - allowed_mps);
        }
    }
    return velocity;
}

/// Bodies that touch push each other apart, without inertia (the body force of Helbing, Farkas,
/// Vicsek 2000 over friction): who has pressed into a gap makes room again.
Vec2 bodily_push(const View& view, const PedestrianParameters& parameters) {
    constexpr double most_mps = 0.5;
    Vec2 push(0.0, 0.0);
    for (std::size_t k = 0; k < view.count; ++k) {
        const auto distance_m = static_cast<double>(view.distance_m[k]);
        const double overlap_m =
            parameters.contact_share * static_cast<double>(view.yielding_bodies_m[k]) - distance_m;
        if (overlap_m > 0.0 && distance_m > 0.0) {
            push -= Vec2(static_cast<double>(view.dx_m[k]), static_cast<double>(view.dy_m[k])) *
                    (overlap_m / (parameters.contact_s * distance_m));
        }
    }
    const double speed_mps = push.norm();
    return speed_mps > most_mps ? Vec2(push * (most_mps / speed_mps)) : push;
}

/// The velocity without what would bring two people, who may both come nearer, closer than the
/// least distance: each may use half of the gap. People slide round each other; what sliding
/// round one does to another is cut off in the end.
Vec2 keeping_apart(const Intention& walker, Vec2 velocity, const View& view, double dt_s) {
    // Whoever is farther away than both can walk in a step cannot be touched.
    const double reach_m = 2.0 * dt_s * velocity.norm() + 1e-6;
    const auto excess_mps = [&](std::size_t k) {
        const Vec2 offset(static_cast<double>(view.dx_m[k]), static_cast<double>(view.dy_m[k]));
        const double distance_m = std::max(static_cast<double>(view.distance_m[k]), 1e-6);
        const double nearer_mps = velocity.dot(offset) / distance_m;
        const double gap_m = std::max(0.0, distance_m - static_cast<double>(view.least_m[k]));
        return std::pair(nearer_mps, nearer_mps - 0.5 * gap_m / dt_s);
    };
    std::array<std::uint8_t, Surroundings::most_people> close;
    std::size_t close_count = 0;
    for (std::size_t k = 0; k < view.count; ++k) {
        close[close_count] = static_cast<std::uint8_t>(k);
        close_count += static_cast<double>(view.distance_m[k] - view.least_m[k]) < reach_m;
    }
    for (std::size_t c = 0; c < close_count; ++c) {
        const std::size_t k = close[c];
        const double excess = excess_mps(k).second;
        if (excess > 0.0) {
            const double distance_m = std::max(static_cast<double>(view.distance_m[k]), 1e-6);
            velocity -= Vec2(static_cast<double>(view.dx_m[k]), static_cast<double>(view.dy_m[k])) *
                        (excess / distance_m);
        }
    }
    velocity = along_walls(walker, velocity, view.near_walls());
    double share = 1.0;
    for (std::size_t c = 0; c < close_count; ++c) {
        const auto [nearer, excess] = excess_mps(close[c]);
        if (excess > 1e-9) {
            share = std::min(share, std::max(0.0, (nearer - excess) / nearer));
        }
    }
    return share * velocity;
}

Vec2 turned(const Vec2& v, double cosine, double sine) {
    return {v.x() * cosine - v.y() * sine, v.x() * sine + v.y() * cosine};
}

/// Who stands face to face steps aside, or half back, to the right if there is room, else to the
/// left (side preference: Moussaid and others 2009).
template <class VelocityIn>
Vec2 sidestep(const Intention& walker, const Vec2& otherwise, const VelocityIn& velocity_in) {
    constexpr double fast_enough_mps = 0.1;
    constexpr double slow_mps = 0.5;
    constexpr std::array<std::array<double, 2>, 4> turns = {
        {{0.0, -1.0}, {0.0, 1.0}, {-0.5, -0.8660}, {-0.5, 0.8660}}};
    for (const auto& turn : turns) {
        const Vec2 velocity = velocity_in(turned(walker.direction, turn[0], turn[1]));
        const double speed_mps = velocity.norm();
        if (speed_mps > fast_enough_mps) {
            return velocity * std::min(1.0, slow_mps / speed_mps);
        }
    }
    return otherwise;
}

/// True in a passage in which two people have to squeeze past each other.
bool is_between_walls(std::span<const NearWall> walls) {
    constexpr double near_m = 0.9;
    const auto is_beside = [&](const NearWall& near) {
        return near.along_m >= 0.0 && near.along_m <= near.wall->length_m && near.side_m < near_m;
    };
    return std::any_of(walls.begin(), walls.end(), [&](const NearWall& left) {
        return is_beside(left) &&
               std::any_of(walls.begin(), walls.end(), [&](const NearWall& right) {
                   return left.wall->along.dot(right.wall->along) < -0.8 && is_beside(right);
               });
    });
}

/// Who yields steps back against those behind, straight or a little aside.
template <class Allowed>
Vec2 step_back(const Intention& walker, const Vec2& otherwise, const Allowed& allowed) {
    constexpr double back_mps = 0.3;
    constexpr double fast_enough_mps = 0.05;
    constexpr std::array<std::array<double, 2>, 3> turns = {
        {{-1.0, 0.0}, {-0.8660, -0.5}, {-0.8660, 0.5}}};
    for (const auto& turn : turns) {
        Vec2 velocity = allowed(back_mps * turned(walker.direction, turn[0], turn[1]));
        if (velocity.norm() > fast_enough_mps) {
            return velocity;
        }
    }
    return otherwise;
}

} // namespace

Vec2 chosen_velocity(const Intention& walker, const Crowd& crowd, double dt_s,
                     const PedestrianParameters& parameters) {
    const double reach_m = std::min(parameters.look_ahead_m,
                                    std::max(1.0, 2.0 * walker.radius_m * parameters.body_share +
                                                      walker.time_gap_s * walker.free_speed_mps));
    View view;
    look_around(walker, crowd, reach_m, behind_m, view);
    judge_all(walker, parameters, view);
    const auto allowed = [&](const Vec2& velocity) {
        return keeping_apart(walker, along_walls(walker, velocity, view.near_walls()), view, dt_s);
    };
    const auto velocity_in = [&](const Vec2& tried) {
        return allowed(tried * speed_along(walker, view, tried));
    };
    const auto pushed = [&](const Vec2& velocity) {
        const Vec2 push = bodily_push(view, parameters);
        return push.isZero() ? velocity : allowed(velocity + push);
    };
    if (walker.free_speed_mps <= 0.0) {
        return pushed(Vec2(0.0, 0.0));
    }
    Vec2 best = velocity_in(pushed_direction(walker, view, parameters));
    double progress_mps = best.dot(walker.direction);
    if (progress_mps >= parameters.held_up_share * walker.free_speed_mps) {
        return best;
    }
    // Held up: cosines and sines of 0, 20, 40, 60 and 80 degrees to the right, then to the left.
    constexpr std::array<std::array<double, 2>, 9> turns = {{{1.0, 0.0},
                                                             {0.9397, -0.3420},
                                                             {0.9397, 0.3420},
                                                             {0.7660, -0.6428},
                                                             {0.7660, 0.6428},
                                                             {0.5, -0.8660},
                                                             {0.5, 0.8660},
                                                             {0.1736, -0.9848},
                                                             {0.1736, 0.9848}}};
    constexpr double least_gain_mps = 0.01;
    for (const auto& turn : turns) {
        const Vec2 tried = turned(walker.direction, turn[0], turn[1]);
        const double speed_mps = speed_along(walker, view, tried);
        if (speed_mps <= progress_mps + least_gain_mps) {
            continue; // whatever it meets, it gains no more than its speed
        }
        const Vec2 velocity = allowed(tried * speed_mps);
        const double gain_mps = velocity.dot(walker.direction);
        if (gain_mps > progress_mps + least_gain_mps) {
            progress_mps = gain_mps;
            best = velocity;
        }
    }
    const bool is_wedged = progress_mps < nearly_stopped_mps;
    if (is_wedged && walker.yields && (view.meets_someone || is_between_walls(view.near_walls()))) {
        best = step_back(walker, best, allowed);
    } else if (is_wedged && view.meets_someone) {
        best = sidestep(walker, best, velocity_in);
    }
    return pushed(best);
}

} // namespace veste
