#include "pedestrians/operational.hpp"

#include "pedestrians/sight.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace veste {
namespace {

/// A person in sight, seen from the walker.
struct Seen {
    double dx_m;
    double dy_m;
    double distance_m;
    double body_m;            ///< spacing at which bodies touch, front to back
    double width_m;           ///< sideways distance below which the person is in the way
    double core_m;            ///< spacing at which bodies touch, shoulder to shoulder
    double least_m;           ///< nobody walks nearer than this
    double yielding_bodies_m; ///< sum of radii, less where the walker presses past the person
    double closing_m;         ///< how much nearer the person will have come
};

/// Cosines of directions below which two people meet rather than follow each other: those who steer
/// for the same corner or door merge unless they come face to face, others cross.
constexpr double oncoming_below = -0.7;
constexpr double crossing_below = 0.3;
constexpr double same_door_m = 2.5;
constexpr double nearly_stopped_mps = 0.05;
/// Who is held up for long by people on their way elsewhere presses so much closer past them.
constexpr double most_pressed = 0.4;
constexpr std::size_t most_seen = 96;
struct View {
    std::array<Seen, most_seen> people;
    std::size_t count = 0;
    bool meets_someone = false; ///< close before the walker
};

bool is_hidden(std::span<const Wall> walls, const Vec2& from, const Vec2& to) {
    for (const Wall& wall : walls) {
        const double near_m = wall.side_m(from);
        const double far_m = wall.side_m(to);
        if (near_m < 0.0 || far_m >= 0.0) {
            continue;
        }
        const Vec2 crossing = from + (to - from) * (near_m / (near_m - far_m));
        const double along_m = wall.along.dot(crossing - wall.from);
        if (along_m >= 0.0 && along_m <= wall.length_m) {
            return true;
        }
    }
    return false;
}

bool sees(const Intention& walker, const Crowd::Person& other, const Crowd& crowd,
          std::span<const Wall> walls) {
    const Vec2 there(other.x_m, other.y_m);
    if (WalkCells::on_one_level(walker.levels, other.levels)) {
        return walls.empty() || !is_hidden(walls, walker.at, there);
    }
    const auto anywhere = [](std::uint32_t, std::uint32_t) { return true; };
    return line_of_sight(crowd.cells().mesh(), walker.triangle, walker.at, there, anywhere) ==
           TriangleId(other.triangle);
}

bool merges(const Intention& walker, const Crowd::Person& other) {
    const double dx = static_cast<double>(other.corner_x_m) - walker.corner.x();
    const double dy = static_cast<double>(other.corner_y_m) - walker.corner.y();
    return dx * dx + dy * dy < same_door_m * same_door_m;
}

/// True where each is in the other's way and this walker is farther on: of two who merge, the one
/// who has the other more at the side than ahead goes first, else both would wait for good.
bool goes_first(const Intention& walker, const Crowd::Person& other, double dx, double dy,
                double ahead_m, double width_m) {
    const double fx = static_cast<double>(other.facing_x);
    const double fy = static_cast<double>(other.facing_y);
    const double their_ahead_m = -(dx * fx + dy * fy);
    if (ahead_m <= 0.0 || their_ahead_m <= 0.0 || std::abs(dx * fy - dy * fx) >= width_m) {
        return false;
    }
    return ahead_m != their_ahead_m ? ahead_m < their_ahead_m : walker.id < other.id;
}

void look_around(const Intention& walker, const Crowd& crowd, std::span<const Wall> walls,
                 std::uint32_t cell, const PedestrianParameters& parameters, View& view) {
    const double reach_m = std::min(parameters.look_ahead_m,
                                    std::max(1.0, 2.0 * walker.radius_m * parameters.body_share +
                                                      walker.time_gap_s * walker.free_speed_mps));
    const double reach2 = reach_m * reach_m;
    const double pressed_factor = 1.0 - most_pressed * walker.squeezing;
    for (const std::uint32_t near : crowd.cells().around(cell)) {
        if (near == WalkCells::none) {
            continue;
        }
        for (const Crowd::Person& other : crowd.in_cell(near)) {
            const double dx = other.x_m - walker.at.x();
            const double dy = other.y_m - walker.at.y();
            const double distance2 = dx * dx + dy * dy;
            if (distance2 > reach2 || other.id == walker.id ||
                !WalkCells::may_meet(other.levels, walker.levels)) {
                continue;
            }
            const double ahead = dx * walker.direction.x() + dy * walker.direction.y();
            if (ahead < 0.0 && distance2 > 0.81) {
                continue; // behind and out of touch
            }
            if (!sees(walker, other, crowd, walls)) {
                continue;
            }
            if (view.count == most_seen) {
                return;
            }
            const double bodies_m = walker.radius_m + static_cast<double>(other.radius_m);
            const double facing = static_cast<double>(other.facing_x) * walker.direction.x() +
                                  static_cast<double>(other.facing_y) * walker.direction.y();
            const bool meets =
                facing < crossing_below && (facing < oncoming_below || !merges(walker, other));
            const bool turns_shoulders = other.is_waiting != 0 || meets || walker.is_patient;
            // People who meet reckon with where the other will be (Xu, Chraibi, Seyfried 2021).
            view.meets_someone |= meets && distance2 < 0.64;
            const double closing_m =
                meets ? parameters.anticipation_s * static_cast<double>(other.pace_mps) : 0.0;
            const double least_factor = meets ? pressed_factor : 1.0;
            double width_m = (turns_shoulders ? parameters.squeezed_width_share * least_factor
                                              : parameters.width_share) *
                             bodies_m;
            if (!meets && goes_first(walker, other, dx, dy, ahead, width_m)) {
                width_m = 0.0;
            }
            view.people[view.count++] = {
                dx,
                dy,
                std::sqrt(distance2),
                (turns_shoulders ? parameters.shoulder_share : parameters.body_share) * bodies_m,
                width_m,
                parameters.shoulder_share * bodies_m,
                (turns_shoulders ? parameters.squeezed_least_share : parameters.least_share) *
                    bodies_m * least_factor,
                bodies_m * least_factor,
                closing_m};
        }
    }
}

/// Repulsion by people and walls, added to the desired direction (equation 4).
Vec2 pushed_direction(const Intention& walker, const View& view, std::span<const Wall> walls,
                      const PedestrianParameters& parameters) {
    Vec2 push = walker.direction;
    for (std::size_t k = 0; k < view.count; ++k) {
        const Seen& other = view.people[k];
        if (other.distance_m > 1.0 || other.distance_m <= 0.0) {
            continue;
        }
        const double strength =
            parameters.repulsion_strength *
            std::exp((other.body_m - other.distance_m) / parameters.repulsion_range_m);
        push -= Vec2(other.dx_m, other.dy_m) * (strength / other.distance_m);
    }
    for (const Wall& wall : walls) {
        const Vec2 offset = walker.at - wall.from;
        const double along_m = std::clamp(wall.along.dot(offset), 0.0, wall.length_m);
        const Vec2 away = offset - along_m * wall.along;
        const double distance_m = away.norm();
        if (cross(wall.along, offset) < 0.0 || distance_m > 0.8 || distance_m <= 0.0) {
            continue;
        }
        const double strength = parameters.wall_strength *
                                std::exp((walker.radius_m - distance_m) / parameters.wall_range_m);
        push += away * (std::min(strength, parameters.wall_strength) / distance_m);
    }
    const double length = push.norm();
    return length > 1e-9 ? Vec2(push / length) : walker.direction;
}

/// The optimal speed in a direction (equations 2 and 3).
double speed_along(const Intention& walker, const View& view, const Vec2& direction) {
    double speed_mps = walker.free_speed_mps;
    for (std::size_t k = 0; k < view.count; ++k) {
        const Seen& other = view.people[k];
        const double ahead_m = other.dx_m * direction.x() + other.dy_m * direction.y();
        const double aside_m = std::abs(other.dx_m * direction.y() - other.dy_m * direction.x());
        if (ahead_m <= 0.0 || aside_m >= other.width_m) {
            continue;
        }
        // Bodies are deep in front and give way at the shoulder.
        const double sideways = aside_m / other.distance_m;
        const double touch_m = other.body_m + (other.core_m - other.body_m) * sideways * sideways;
        const double spacing_m =
            std::max(other.distance_m - other.closing_m, std::min(other.distance_m, 0.5));
        speed_mps = std::min(speed_mps, (spacing_m - touch_m) / walker.time_gap_s);
    }
    return std::max(0.0, speed_mps);
}

/// The velocity without the part that leads into a wall nearer than the body's half depth.
Vec2 along_walls(const Intention& walker, Vec2 velocity, std::span<const Wall> walls) {
    for (const Wall& wall : walls) {
        const Vec2 inwards(-wall.along.y(), wall.along.x());
        const double into_mps = -velocity.dot(inwards);
        if (into_mps <= 0.0) {
            continue;
        }
        const Vec2 offset = walker.at - wall.from;
        const double along_m = wall.along.dot(offset);
        const double distance_m = cross(wall.along, offset);
        if (distance_m < 0.0 || along_m < 0.0 || along_m > wall.length_m) {
            continue;
        }
        constexpr double brake_s = 0.2;
        const double allowed_mps = std::max(0.0, distance_m - walker.wall_gap_m) / brake_s;
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
        const Seen& other = view.people[k];
        const double overlap_m =
            parameters.contact_share * other.yielding_bodies_m - other.distance_m;
        if (overlap_m > 0.0 && other.distance_m > 0.0) {
            push -= Vec2(other.dx_m, other.dy_m) *
                    (overlap_m / (parameters.contact_s * other.distance_m));
        }
    }
    const double speed_mps = push.norm();
    return speed_mps > most_mps ? Vec2(push * (most_mps / speed_mps)) : push;
}

/// The velocity without what would bring two people, who may both come nearer, closer than the
/// least distance: each may use half of the gap. People slide round each other; what sliding
/// round one does to another is cut off in the end.
Vec2 keeping_apart(const Intention& walker, Vec2 velocity, const View& view,
                   std::span<const Wall> walls, double dt_s) {
    constexpr double out_of_reach_m = 0.7; // of both people in one step
    const auto excess_mps = [&](const Seen& other) {
        const double nearer_mps = (velocity.x() * other.dx_m + velocity.y() * other.dy_m) /
                                  std::max(other.distance_m, 1e-6);
        const double gap_m = std::max(0.0, other.distance_m - other.least_m);
        return std::pair(nearer_mps, nearer_mps - 0.5 * gap_m / dt_s);
    };
    for (std::size_t k = 0; k < view.count; ++k) {
        const Seen& other = view.people[k];
        if (other.distance_m - other.least_m < out_of_reach_m) {
            const double excess = excess_mps(other).second;
            if (excess > 0.0) {
                velocity -=
                    Vec2(other.dx_m, other.dy_m) * (excess / std::max(other.distance_m, 1e-6));
            }
        }
    }
    velocity = along_walls(walker, velocity, walls);
    double share = 1.0;
    for (std::size_t k = 0; k < view.count; ++k) {
        const Seen& other = view.people[k];
        if (other.distance_m - other.least_m < out_of_reach_m) {
            const auto [nearer, excess] = excess_mps(other);
            if (excess > 1e-9) {
                share = std::min(share, std::max(0.0, (nearer - excess) / nearer));
            }
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
bool is_between_walls(const Intention& walker, std::span<const Wall> walls) {
    constexpr double near_m = 0.9;
    const auto is_beside = [&](const Wall& wall) {
        const double along_m = wall.along.dot(walker.at - wall.from);
        const double side_m = wall.side_m(walker.at);
        return along_m >= 0.0 && along_m <= wall.length_m && side_m >= 0.0 && side_m < near_m;
    };
    return std::any_of(walls.begin(), walls.end(), [&](const Wall& left) {
        return is_beside(left) && std::any_of(walls.begin(), walls.end(), [&](const Wall& right) {
                   return left.along.dot(right.along) < -0.8 && is_beside(right);
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
    const std::uint32_t cell = crowd.cells().at(walker.at.x(), walker.at.y());
    const std::span<const Wall> walls = crowd.cells().walls(walker.triangle);
    View view;
    look_around(walker, crowd, walls, cell, parameters, view);
    const auto allowed = [&](const Vec2& velocity) {
        return keeping_apart(walker, along_walls(walker, velocity, walls), view, walls, dt_s);
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
    Vec2 best = velocity_in(pushed_direction(walker, view, walls, parameters));
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
    for (const auto& turn : turns) {
        const Vec2 velocity = velocity_in(turned(walker.direction, turn[0], turn[1]));
        const double gain_mps = velocity.dot(walker.direction);
        if (gain_mps > progress_mps + 0.01) {
            progress_mps = gain_mps;
            best = velocity;
        }
    }
    const bool is_wedged = progress_mps < nearly_stopped_mps;
    if (is_wedged && walker.yields && (view.meets_someone || is_between_walls(walker, walls))) {
        best = step_back(walker, best, allowed);
    } else if (is_wedged && view.meets_someone) {
        best = sidestep(walker, best, velocity_in);
    }
    return pushed(best);
}

} // namespace veste
