#include "base/parallel.hpp"
#include "traffic/model.hpp"
#include "traffic/way.hpp"

#include <algorithm>
#include <atomic>
#include <cmath>

/// How vehicles move along their ways, arrive, and leave the road for the kerb.
namespace veste {
namespace {

using traffic::none;
using traffic::Step;

constexpr std::size_t vehicle_grain = 64;
constexpr double standing_mps = 0.1;

/// Counts a front that has come from `before_m` (below zero: from the track before) to `front_m`
/// on a lane. Whole numbers: the order does not matter.
void count_passages(std::span<const traffic::Loop> loops, double lane_m, double before_m,
                    double front_m, LoopCounts& counts) {
    for (const traffic::Loop& loop : loops) {
        const double at_m = loop.share * lane_m;
        if (before_m < at_m && front_m >= at_m) {
            std::atomic_ref<std::uint32_t>(counts.passed[loop.sensor])
                .fetch_add(1, std::memory_order_relaxed);
        }
    }
}

void note_standing(Vehicles& v, std::size_t i, double end_s, double dt) {
    if (v.speed_mps[i] >= standing_mps) {
        v.standing_since_s[i] = -1.0;
        return;
    }
    v.waiting_s[i] += dt;
    if (v.standing_since_s[i] < 0.0) {
        v.standing_since_s[i] = end_s;
    }
}

/// Takes the first one off a list of a few numbers; or puts one before it.
void shift_out(std::span<std::uint32_t> list) {
    std::copy(list.begin() + 1, list.end(), list.begin());
    list.back() = none;
}
void shift_in(std::span<std::uint32_t> list, std::uint32_t first) {
    std::copy_backward(list.begin(), list.end() - 1, list.end());
    list.front() = first;
}

/// Carries a front that has passed its track's end over to the next tracks of its way.
void pass_ends(const Step& step, const traffic::Lists<traffic::Loop>& loops, std::uint32_t i,
               LoopCounts& counts) {
    Vehicles& v = step.vehicles;
    const traffic::Roads& roads = step.roads;
    traffic::Way way = traffic::way_of(step, i);
    while (way.end_m(roads) < 0.0) {
        if (v.lane[i] != none) {
            const std::uint32_t k = traffic::connection_ahead(step, i, way);
            const bool is_granted = v.is_granted(i) && v.granted_to(i).front() == k;
            if (k == none || (roads.needs_grant[k] != 0 && !is_granted)) {
                v.front_m[i] = roads.length_m[v.lane[i]];
                v.speed_mps[i] = 0.0;
                return;
            }
            if (is_granted) {
                shift_out(v.granted_to(i));
            }
            v.lane[i] = none;
            v.connection[i] = k;
        } else {
            const std::uint32_t k = v.connection[i];
            v.lane[i] = roads.to_lane(k);
            v.connection[i] = none;
            shift_in(v.trail_of(i), k);
            ++v.next_edge[i];
        }
        v.front_m[i] -= roads.length_m[way.track];
        way = traffic::way_of(step, i);
        if (v.lane[i] != none) {
            count_passages(loops.of(roads.edge[way.track]), roads.length_m[way.track], -1.0,
                           v.front_m[i], counts);
        }
    }
}

void forget_places(Vehicles& v, std::size_t i) {
    v.lane[i] = v.connection[i] = none;
    std::fill(v.granted_to(i).begin(), v.granted_to(i).end(), none);
    std::fill(v.trail_of(i).begin(), v.trail_of(i).end(), none);
}

/// Takes a vehicle off the road; it enters again on the same edge.
void stop_at_kerb(Vehicles& v, std::size_t i, std::uint32_t edge) {
    v.entry[i] = edge;
    v.phase[i] = static_cast<std::uint8_t>(VehiclePhase::Waiting);
    forget_places(v, i);
    v.speed_mps[i] = v.acceleration_mps2[i] = 0.0;
    v.standing_since_s[i] = -1.0;
}

void arrive(Vehicles& v, std::size_t i, double end_s) {
    v.phase[i] = static_cast<std::uint8_t>(VehiclePhase::Arrived);
    v.arrived_s[i] = end_s;
    forget_places(v, i);
    v.speed_mps[i] = v.acceleration_mps2[i] = 0.0;
    v.standing_since_s[i] = -1.0;
    v.is_stuck[i] = 0;
}

/// Why the vehicle cannot go on, as far as its place tells; a missing way stays missing.
void note_reasons(const Step& step, std::uint32_t i, bool is_deep) {
    Vehicles& v = step.vehicles;
    const double end_s = step.now_s + step.dt;
    const bool stands_long = v.standing_since_s[i] >= 0.0 &&
                             end_s - v.standing_since_s[i] > step.parameters.stuck_after_s;
    v.is_stuck[i] = static_cast<std::uint8_t>((v.is_stuck[i] & stuck_without_way) |
                                              (is_deep ? stuck_in_water : 0) |
                                              (stands_long ? stuck_in_queue : 0));
}

void move_vehicle(const Step& step, const traffic::Lists<traffic::Loop>& loops, std::uint32_t i,
                  double acceleration, LoopCounts& counts) {
    Vehicles& v = step.vehicles;
    const traffic::Roads& roads = step.roads;
    const double end_s = step.now_s + step.dt;
    const std::uint32_t track = traffic::track_of(v, roads, i);
    const std::uint32_t edge = roads.edge[track];
    const traffic::Motion motion = traffic::ballistic(v.speed_mps[i], acceleration, step.dt);
    const double before_m = v.front_m[i];
    v.speed_mps[i] = motion.speed_mps;
    v.acceleration_mps2[i] = acceleration;
    v.front_m[i] += motion.moved_m;
    v.driven_m[i] += motion.moved_m;
    const double free_mps = std::min({step.edges.limit_mps[edge] * v.desired_speed_factor[i],
                                      v.max_speed_mps[i], roads.curve_mps[track]});
    v.free_time_s[i] += motion.moved_m / free_mps;
    note_standing(v, i, end_s, step.dt);
    note_reasons(step, i, step.edges.water_mps[edge] <= 0.0);
    if (roads.is_lane(track)) {
        count_passages(loops.of(edge), roads.length_m[track], before_m, v.front_m[i], counts);
    }
    if (v.front_m[i] > roads.length_m[track]) {
        pass_ends(step, loops, i, counts);
    }
    const std::uint32_t lane = v.lane[i];
    if (lane != none && v.next_edge[i] >= v.route_length[i] &&
        v.front_m[i] >= 0.5 * roads.length_m[lane]) {
        arrive(v, i, end_s);
    }
}

} // namespace

void TrafficModel::Implementation::move(const Step& step, LoopCounts& counts) {
    parallel_for(order.present.size(), vehicle_grain, [&](std::size_t n) {
        const std::uint32_t i = order.present[n];
        acceleration[i] = traffic::decide_acceleration(step, i);
    });
    parallel_for(order.present.size(), vehicle_grain, [&](std::size_t n) {
        const std::uint32_t i = order.present[n];
        move_vehicle(step, loops, i, acceleration[i], counts);
    });
}

/// Who stands because no way leads on leaves the road to others until one opens; who stands at the
/// end of a lane that does not follow his way, with no gap and no way round, until there is a gap.
void TrafficModel::Implementation::pull_over(const Step& step) {
    constexpr double after_s = 60.0;
    Vehicles& v = step.vehicles;
    for (const std::uint32_t i : order.present) {
        const bool has_no_way = (v.is_stuck[i] & stuck_without_way) != 0;
        const bool has_missed =
            choice[i] == none && v.next_edge[i] < v.route_length[i] && v.lane[i] != none &&
            roads.length_m[v.lane[i]] - v.front_m[i] < 2.0 * parameters.stop_line_gap_m;
        if ((has_no_way || has_missed) && step.standing_s(i) > after_s && v.lane[i] != none &&
            !v.is_granted(i)) {
            stop_at_kerb(v, i, roads.edge[v.lane[i]]);
            v.is_stuck[i] = has_no_way ? stuck_without_way : stuck_off_lane;
            if (has_missed && !has_no_way) {
                ++v.pulled_in[i];
                // The way goes on from the edge it stands on.
                --v.next_edge[i];
                v.route_begin[i] += v.next_edge[i];
                v.route_length[i] -= v.next_edge[i];
                v.next_edge[i] = 0;
            }
        }
    }
}

} // namespace veste
