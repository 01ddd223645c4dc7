#include "pedestrians/operational.hpp"

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
    double body_m;  ///< spacing at which bodies touch, front to back
    double width_m; ///< sideways distance below which the person is in the way
    double core_m;  ///< spacing at which bodies touch, shoulder to shoulder
    double least_m; ///< nobody walks nearer than this
};

constexpr std::size_t most_seen = 96;
struct View {
    std::array<Seen, most_seen> people;
    std::size_t count = 0;
};

bool is_hidden(std::span<const Wall> walls, std::uint32_t levels, const Vec2& from,
               const Vec2& to) {
    for (const Wall& wall : walls) {
        const double near_m = wall.side_m(from);
        const double far_m = wall.side_m(to);
        if (near_m < 0.0 || far_m >= 0.0 || (wall.levels & levels) == 0) {
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

void look_around(const Intention& walker, const Crowd& crowd, std::span<const Wall> walls,
                 std::uint32_t cell, const PedestrianParameters& parameters, View& view) {
    const double reach_m = std::min(parameters.look_ahead_m,
                                    std::max(1.0, 2.0 * walker.radius_m * parameters.body_share +
                                                      walker.time_gap_s * walker.free_speed_mps));
    const double reach2 = reach_m * reach_m;
    for (const std::uint32_t near : crowd.cells().around(cell)) {
        if (near == WalkCells::none) {
            continue;
        }
        for (const Crowd::Person& other : crowd.in_cell(near)) {
            const double dx = other.x_m - walker.at.x();
            const double dy = other.y_m - walker.at.y();
            const double distance2 = dx * dx + dy * dy;
            if (distance2 > reach2 || other.id == walker.id ||
                (other.levels & walker.levels) == 0) {
                continue;
            }
            const double ahead = dx * walker.direction.x() + dy * walker.direction.y();
            if (ahead < 0.0 && distance2 > 0.81) {
                continue; // behind and out of touch
            }
            if (!walls.empty() &&
                is_hidden(walls, walker.levels, walker.at, Vec2(other.x_m, other.y_m))) {
                continue;
            }
            if (view.count == most_seen) {
                return;
            }
            const double bodies_m = walker.radius_m + other.radius_m;
            const double towards =
                static_cast<double>(other.velocity_x_mps) * walker.direction.x() +
                static_cast<double>(other.velocity_y_mps) * walker.direction.y();
            const bool turns_shoulders = other.is_waiting != 0 || towards < -0.05;
            view.people[view.count++] = {
                dx,
                dy,
                std::sqrt(distance2),
                parameters.body_share * bodies_m,
                (turns_shoulders ? parameters.squeezed_width_share : parameters.width_share) *
                    bodies_m,
                parameters.shoulder_share * bodies_m,
                parameters.least_share * bodies_m};
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
        if ((wall.levels & walker.levels) == 0) {
            continue;
        }
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
        speed_mps = std::min(speed_mps, (other.distance_m - touch_m) / walker.time_gap_s);
    }
    return std::max(0.0, speed_mps);
}

/// The velocity without the part that leads into a wall nearer than the body's half depth.
Vec2 along_walls(const Intention& walker, Vec2 velocity, std::span<const Wall> walls) {
    for (const Wall& wall : walls) {
        const Vec2 inwards(-wall.along.y(), wall.along.x());
        const double into_mps = -velocity.dot(inwards);
        if (into_mps <= 0.0 || (wall.levels & walker.levels) == 0) {
            continue;
        }
        const Vec2 offset = walker.at - wall.from;
        const double along_m = wall.along.dot(offset);
        const double distance_m = cross(wall.along, offset);
        if (distance_m < 0.0 || along_m < 0.0 || along_m > wall.length_m) {
            continue;
        }
        constexpr double brake_s = 0.2;
        const double allowed_mps = std::max(0.0, distance_m - 0.5 * walker.radius_m) / brake_s;
        if (into_mps > allowed_mps) {
            velocity += inwards * (into_mps - allowed_mps);
        }
    }
    return velocity;
}

/// The velocity slowed so that two people who both come nearer share the gap between them: nobody
/// ever gets nearer than the least distance by walking.
Vec2 keeping_apart(const Vec2& velocity, const View& view, double dt_s) {
    double share = 1.0;
    for (std::size_t k = 0; k < view.count; ++k) {
        const Seen& other = view.people[k];
        const double gap_m = other.distance_m - other.least_m;
        if (gap_m > 0.7) {
            continue; // out of both people's reach in one step
        }
        const double nearer_m = dt_s * (velocity.x() * other.dx_m + velocity.y() * other.dy_m) /
                                std::max(other.distance_m, 1e-6);
        if (nearer_m > 0.0) {
            share = std::min(share, std::max(0.0, 0.5 * gap_m / nearer_m));
        }
    }
    return share * velocity;
}

Vec2 turned(const Vec2& v, double cosine, double sine) {
    return {v.x() * cosine - v.y() * sine, v.x() * sine + v.y() * cosine};
}

} // namespace

Vec2 chosen_velocity(const Intention& walker, const Crowd& crowd, double dt_s,
                     const PedestrianParameters& parameters) {
    const std::uint32_t cell = crowd.cells().at(walker.at.x(), walker.at.y());
    const std::span<const Wall> walls = crowd.cells().walls(cell);
    View view;
    look_around(walker, crowd, walls, cell, parameters, view);
    const Vec2 direction = pushed_direction(walker, view, walls, parameters);
    const auto velocity_in = [&](const Vec2& tried) {
        return keeping_apart(along_walls(walker, tried * speed_along(walker, view, tried), walls),
                             view, dt_s);
    };
    Vec2 best = velocity_in(direction);
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
    return best;
}

} // namespace veste
