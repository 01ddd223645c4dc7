#include "pedestrians/operational.hpp"

#include "pedestrians/judgement.hpp"
#include "pedestrians/single_file.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

namespace veste {
namespace {

constexpr double nearly_stopped_mps = 0.05;
constexpr double behind_m = 0.9; ///< those behind are felt when so near

/// Repulsion by people and walls, added to the desired direction (equation 4).
Vec2 pushed_direction(const Intention& walker, const View& view, const CollisionFreeSpeed& model) {
    constexpr float felt_m = 1.0F;
    constexpr double wall_felt_m = 0.8;
    Lanes push_x(0.0F);
    Lanes push_y(0.0F);
    const auto per_range = static_cast<float>(1.0 / model.repulsion_range_m);
    for (std::size_t f = 0; f < view.fours.size(); ++f) {
        const FourInSight& four = view.fours[f];
        const LaneMask is_felt = four.distance_m <= felt_m && four.distance_m > 0.0F;
        const Lanes push =
            exponential((view.judged[f].body_m - four.distance_m) * per_range) / four.distance_m;
        const Lanes strength = choose(is_felt, push, Lanes(0.0F));
        push_x -= four.dx_m * strength;
        push_y -= four.dy_m * strength;
    }
    Vec2 direction =
        walker.direction + model.repulsion_strength * Vec2(static_cast<double>(sum(push_x)),
                                                           static_cast<double>(sum(push_y)));
    for (const NearWall& near : view.walls) {
        if (near.distance_m > wall_felt_m || near.distance_m <= 0.0) {
            continue;
        }
        const double strength = model.wall_strength *
                                std::exp((walker.radius_m - near.distance_m) / model.wall_range_m);
        direction += near.away * (std::min(strength, model.wall_strength) / near.distance_m);
    }
    const double length = direction.norm();
    return length > 1e-9 ? Vec2(direction / length) : walker.direction;
}

/// The optimal speed in a direction (equations 2 and 3).
double speed_along(const Intention& walker, const View& view, const Vec2& direction) {
    const Lanes free_mps(static_cast<float>(walker.free_speed_mps));
    const auto ex = static_cast<float>(direction.x());
    const auto ey = static_cast<float>(direction.y());
    const auto per_gap = static_cast<float>(1.0 / walker.time_gap_s);
    Lanes least_mps = free_mps;
    for (std::size_t f = 0; f < view.fours.size(); ++f) {
        const FourInSight& four = view.fours[f];
        const FourJudged& judged = view.judged[f];
        const Lanes ahead_m = four.dx_m * ex + four.dy_m * ey;
        const Lanes aside_m = magnitude(four.dx_m * ey - four.dy_m * ex);
        // Bodies are deep in front and give way at the shoulder.
        const Lanes touch_m = judged.body_m + judged.slimmer_per_m * aside_m * aside_m;
        const Lanes speed_mps = (judged.spacing_m - touch_m) * per_gap;
        const LaneMask is_in_way = ahead_m > 0.0F && aside_m < judged.width_m;
        least_mps = smaller(least_mps, choose(is_in_way, speed_mps, free_mps));
    }
    return std::max(0.0, static_cast<double>(least(least_mps)));
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
Vec2 bodily_push(const View& view, const CollisionFreeSpeed& model) {
    constexpr double most_mps = 0.5;
    if (view.most_overlap_m <= 0.0F) {
        return {0.0, 0.0};
    }
    Lanes push_x(0.0F);
    Lanes push_y(0.0F);
    for (std::size_t f = 0; f < view.fours.size(); ++f) {
        const FourInSight& four = view.fours[f];
        const Lanes overlap_m =
            view.judged[f].bodies_m * static_cast<float>(model.contact_share) - four.distance_m;
        const LaneMask touches = overlap_m > 0.0F && four.distance_m > 0.0F;
        const Lanes rate = overlap_m / (four.distance_m * static_cast<float>(model.contact_s));
        const Lanes strength = choose(touches, rate, Lanes(0.0F));
        push_x -= four.dx_m * strength;
        push_y -= four.dy_m * strength;
    }
    const Vec2 push(static_cast<double>(sum(push_x)), static_cast<double>(sum(push_y)));
    const double speed_mps = push.norm();
    return speed_mps > most_mps ? Vec2(push * (most_mps / speed_mps)) : push;
}

/// Someone who may be touched in this step.
struct Close {
    Vec2 towards;    ///< unit vector
    double most_mps; ///< in that direction: half of the gap in a step
};

struct CloseOnes {
    std::array<Close, Sights::most_people> all;
    std::size_t count = 0;
    std::span<const Close> span() const { return std::span(all).first(count); }
};

CloseOnes close_ones(const View& view, double reach_m, double dt_s) {
    CloseOnes close;
    for (std::size_t f = 0; f < view.fours.size(); ++f) {
        const FourInSight& four = view.fours[f];
        const Lanes gap_m = four.distance_m - view.judged[f].least_m;
        unsigned lanes = bits_of(gap_m < static_cast<float>(reach_m));
        for (; lanes != 0; lanes &= lanes - 1) {
            const auto lane = static_cast<std::size_t>(std::countr_zero(lanes));
            const double distance_m = std::max(static_cast<double>(four.distance_m[lane]), 1e-6);
            close.all[close.count++] = {four.offset_m(lane) / distance_m,
                                        0.5 * std::max(0.0, static_cast<double>(gap_m[lane])) /
                                            dt_s};
        }
    }
    return close;
}

/// The velocity without what would bring two people, who may both come nearer, closer than the
/// least distance: each may use half of the gap. People slide round each other; what sliding
/// round one does to another is cut off in the end.
Vec2 keeping_apart(const Intention& walker, Vec2 velocity, const View& view, double dt_s) {
    // Whoever is farther away than both can walk in a step cannot be touched.
    const double reach_m = 2.0 * dt_s * velocity.norm() + 1e-6;
    if (static_cast<double>(view.least_gap_m) >= reach_m) {
        return velocity;
    }
    const CloseOnes close = close_ones(view, reach_m, dt_s);
    for (const Close& one : close.span()) {
        const double excess_mps = velocity.dot(one.towards) - one.most_mps;
        if (excess_mps > 0.0) {
            velocity -= excess_mps * one.towards;
        }
    }
    velocity = along_walls(walker, velocity, view.walls);
    double share = 1.0;
    for (const Close& one : close.span()) {
        const double nearer_mps = velocity.dot(one.towards);
        if (nearer_mps > one.most_mps + 1e-9) {
            share = std::min(share, one.most_mps / nearer_mps);
        }
    }
    return share * velocity;
}

Vec2 turned(const Vec2& v, double cosine, double sine) {
    return {v.x() * cosine - v.y() * sine, v.x() * sine + v.y() * cosine};
}

/// One walker, with all that counts for the choice of a velocity.
struct Choice {
    const Intention& walker;
    const View& view;
    double dt_s;
    const CollisionFreeSpeed& model;

    Vec2 allowed(const Vec2& velocity) const {
        return keeping_apart(walker, along_walls(walker, velocity, view.walls), view, dt_s);
    }
    Vec2 velocity_in(const Vec2& direction) const {
        return allowed(direction * speed_along(walker, view, direction));
    }
    Vec2 pushed(const Vec2& velocity) const {
        const Vec2 push = bodily_push(view, model);
        return push.isZero() ? velocity : allowed(velocity + push);
    }
};

/// Who stands face to face steps aside, or half back, to the right if there is room, else to the
/// left (side preference: Moussaid and others 2009).
Vec2 sidestep(const Choice& choice, const Vec2& otherwise) {
    constexpr double fast_enough_mps = 0.1;
    constexpr double slow_mps = 0.5;
    constexpr std::array<std::array<double, 2>, 4> turns = {
        {{0.0, -1.0}, {0.0, 1.0}, {-0.5, -0.8660}, {-0.5, 0.8660}}};
    for (const auto& turn : turns) {
        const Vec2 velocity = choice.velocity_in(turned(choice.walker.direction, turn[0], turn[1]));
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
Vec2 step_back(const Choice& choice, const Vec2& otherwise) {
    constexpr double back_mps = 0.3;
    constexpr double fast_enough_mps = 0.05;
    constexpr std::array<std::array<double, 2>, 3> turns = {
        {{-1.0, 0.0}, {-0.8660, -0.5}, {-0.8660, 0.5}}};
    for (const auto& turn : turns) {
        const Vec2 velocity =
            choice.allowed(back_mps * turned(choice.walker.direction, turn[0], turn[1]));
        if (velocity.norm() > fast_enough_mps) {
            return velocity;
        }
    }
    return otherwise;
}

/// The direction of most progress for someone held up; who is wedged in steps back or aside.
Vec2 way_round(const Choice& choice, Vec2 best) {
    // Cosines and sines of 0, 20, 40, 60 and 80 degrees to the right, then to the left.
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
    const Intention& walker = choice.walker;
    const View& view = choice.view;
    double progress_mps = best.dot(walker.direction);
    for (const auto& turn : turns) {
        const Vec2 tried = turned(walker.direction, turn[0], turn[1]);
        const double speed_mps = speed_along(walker, view, tried);
        if (speed_mps <= progress_mps + least_gain_mps) {
            continue; // whatever it meets, it gains no more than its speed
        }
        const Vec2 velocity = choice.allowed(tried * speed_mps);
        const double gain_mps = velocity.dot(walker.direction);
        if (gain_mps > progress_mps + least_gain_mps) {
            progress_mps = gain_mps;
            best = velocity;
        }
    }
    if (progress_mps >= nearly_stopped_mps) {
        return best;
    }
    if (walker.yields && (view.meets_someone || is_between_walls(view.walls))) {
        return step_back(choice, best);
    }
    return view.meets_someone ? sidestep(choice, best) : best;
}

double reach_m(const Intention& walker, const PedestrianParameters& parameters) {
    return std::min(parameters.look_ahead_m,
                    std::max(1.0, 2.0 * walker.radius_m * model_of(walker, parameters).body_share +
                                      walker.time_gap_s * walker.free_speed_mps));
}

/// The velocity, no faster than those allow whom the walker follows in single file.
Vec2 in_single_file(const Choice& choice, const Crowd& crowd, const Vec2& velocity) {
    const double most_mps =
        single_file_speed_mps(choice.walker, choice.view, crowd.cells(), choice.model);
    const double speed_mps = velocity.norm();
    const bool comes_on = velocity.dot(choice.walker.direction) > 0.0;
    return comes_on && speed_mps > most_mps ? Vec2(velocity * (most_mps / speed_mps)) : velocity;
}

/// What a thread needs to decide for some people together.
struct Scratch {
    Sights sights{decided_together};
    std::vector<FourJudged> judged = std::vector<FourJudged>(decided_together * Sights::most_fours);
    std::array<View, decided_together> views;
    std::array<Vec2, decided_together> directions;
};

} // namespace

void choose_velocities(std::span<const Intention> walkers, const Crowd& crowd, double dt_s,
                       const PedestrianParameters& parameters, std::span<Vec2> velocities) {
    thread_local Scratch scratch;
    auto& [sights, judged, views, directions] = scratch;
    sights.clear();
    std::span<FourJudged> room(judged);
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        const Surroundings around =
            sights.look_around(walkers[n], crowd, reach_m(walkers[n], parameters), behind_m);
        views[n] = judge(walkers[n], around, model_of(walkers[n], parameters), room);
        room = room.subspan(around.fours.size());
    }
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        directions[n] = pushed_direction(walkers[n], views[n], model_of(walkers[n], parameters));
    }
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        velocities[n] =
            Choice{walkers[n], views[n], dt_s, model_of(walkers[n], parameters)}.velocity_in(
                directions[n]);
    }
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        const Intention& walker = walkers[n];
        const Choice choice{walker, views[n], dt_s, model_of(walker, parameters)};
        if (walker.free_speed_mps <= 0.0) {
            velocities[n] = choice.pushed(Vec2(0.0, 0.0));
        } else if (velocities[n].dot(walker.direction) <
                   choice.model.held_up_share * walker.free_speed_mps) {
            velocities[n] = choice.pushed(way_round(choice, velocities[n]));
        }
        if (walker.is_in_file) {
            velocities[n] = in_single_file(choice, crowd, velocities[n]);
        }
    }
}

} // namespace veste
