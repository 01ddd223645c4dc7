#include "traffic/step.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste::traffic {
namespace {

/// Time between two changes of one vehicle: wished and needed ones.
constexpr double pause_s = 5.0;
constexpr double needed_pause_s = 2.0;
/// A lane that does not lead to the way is left once its end is nearer than this.
constexpr double needed_within_m = 500.0;
/// So near to their lane's end drivers make room for others who must change, and those align.
constexpr double courtesy_within_m = 150.0;
/// Deceleration imposed on others by a needed change at the lane's end.
constexpr double urgent_deceleration_mps2 = 5.0;

struct Place {
    std::uint32_t lane = none;
    double front_m = 0.0;
    double to_end_m = 0.0;
    const Slot* leader = nullptr;
    const Slot* follower = nullptr;
};

Place place_on(const Step& step, std::uint32_t i, std::uint32_t lane) {
    const double share = step.roads.length_m[lane] / step.roads.length_m[step.vehicles.lane[i]];
    Place place{lane, step.vehicles.front_m[i] * share, 0.0, nullptr, nullptr};
    place.to_end_m = step.roads.length_m[lane] - place.front_m;
    const auto slots = step.order.of(lane);
    const auto behind = std::partition_point(
        slots.begin(), slots.end(), [&](const Slot& s) { return s.front_m >= place.front_m; });
    if (behind != slots.begin()) {
        place.leader = &*std::prev(behind);
    }
    if (behind != slots.end()) {
        place.follower = &*behind;
    }
    return place;
}

double following(const Step& step, std::uint32_t i, std::uint32_t lane, double front_m,
                 const Slot* leader) {
    const DriverParameters& p = step.driver(i);
    const double v = step.vehicles.speed_mps[i];
    const double free = free_acceleration(p, v, step.desired_mps(i, lane));
    return leader == nullptr
               ? free
               : free - interaction(p, v, leader->rear_m() - front_m, leader->speed_mps);
}

bool is_place_safe(const Step& step, std::uint32_t i, const Place& place) {
    const double v = step.vehicles.speed_mps[i];
    const double braking = step.driver(i).emergency_deceleration_mps2;
    const double rear_m = place.front_m - step.vehicles.length_m[i];
    if (place.leader != nullptr) {
        const double theirs = step.driver(place.leader->vehicle).emergency_deceleration_mps2;
        if (!is_gap_safe(place.leader->rear_m() - place.front_m - 0.4, v, braking,
                         place.leader->speed_mps, theirs)) {
            return false;
        }
    }
    // The new lane's end must be able to hold it.
    if (stopping_m(v, step.driver(i).comfortable_deceleration_mps2) + 1.0 > place.to_end_m &&
        v > 0.5) {
        return false;
    }
    if (place.follower != nullptr) {
        const double theirs = step.driver(place.follower->vehicle).emergency_deceleration_mps2;
        return is_gap_safe(rear_m - place.follower->front_m - 0.4, place.follower->speed_mps,
                           theirs, v, braking);
    }
    return is_upstream_clear(step, place.lane, rear_m, v, i);
}

/// How far (in lanes, with sign) the nearest lane is that leads to the way; 0 where none does.
int lanes_to_right_one(const Step& step, std::uint32_t i) {
    const Lane& lane = step.roads.streets.lanes[step.vehicles.lane[i]];
    const Edge& edge = step.roads.streets.edge(lane.edge);
    int nearest = 0;
    for (std::uint32_t index = 0; index < edge.lanes; ++index) {
        const int offset = static_cast<int>(index) - static_cast<int>(lane.index);
        if ((nearest == 0 || std::abs(offset) < std::abs(nearest)) &&
            is_lane_right(step, i, edge.first_lane.index + index)) {
            nearest = offset;
        }
    }
    return nearest;
}

std::uint32_t neighbour_lane(const Step& step, std::uint32_t i, int side) {
    const std::uint32_t lane = step.vehicles.lane[i];
    const Edge& edge = step.roads.streets.edges[step.roads.edge[lane]];
    const int index = static_cast<int>(lane - edge.first_lane.index) + side;
    if (index < 0 || index >= static_cast<int>(edge.lanes)) {
        return none;
    }
    const std::uint32_t target = edge.first_lane.index + static_cast<std::uint32_t>(index);
    return step.roads.allows(target, step.class_of(i)) ? target : none;
}

LaneWish wish(const Place& place, std::uint32_t i) {
    return {i, place.lane, place.leader != nullptr ? place.leader->vehicle : none,
            place.follower != nullptr ? place.follower->vehicle : none, place.front_m};
}

/// A change the way demands: taken as soon as it is safe, with more imposed on the follower the
/// nearer the lane's end is.
LaneWish wish_needed(const Step& step, std::uint32_t i, int side) {
    const std::uint32_t target = neighbour_lane(step, i, side);
    if (target == none) {
        return {};
    }
    const Place place = place_on(step, i, target);
    if (!is_place_safe(step, i, place)) {
        return {};
    }
    const double urgency = std::clamp(1.0 - place.to_end_m / 150.0, 0.0, 1.0);
    const double mild = step.driver(i).safe_deceleration_mps2;
    const double allowed = mild + urgency * (urgent_deceleration_mps2 - mild);
    if (following(step, i, target, place.front_m, place.leader) < -allowed) {
        return {};
    }
    if (place.follower != nullptr) {
        const Slot as_leader{place.front_m, step.vehicles.speed_mps[i], step.vehicles.length_m[i],
                             i, 0};
        if (following(step, place.follower->vehicle, target, place.follower->front_m, &as_leader) <
            -allowed) {
            return {};
        }
    }
    return wish(place, i);
}

/// The incentive of MOBIL (Kesting, Treiber, Helbing 2007, eq. 3, symmetric rules) minus its
/// threshold; negative infinity where the change is not safe (their eq. 2).
double incentive(const Step& step, std::uint32_t i, const Place& place) {
    constexpr double never = -1e9;
    const DriverParameters& p = step.driver(i);
    const Vehicles& v = step.vehicles;
    const std::uint32_t slot = step.order.slot_of[i];
    const std::uint32_t lane = v.lane[i];
    const Slot& own = step.order.slots[slot];
    const bool has_leader = slot > step.order.starts[lane];
    const bool has_follower = slot + 1 < step.order.starts[lane + 1];
    const Slot* leader = has_leader ? &step.order.slots[slot - 1] : nullptr;
    const double now = following(step, i, lane, own.front_m, leader);
    const double then = following(step, i, place.lane, place.front_m, place.leader);
    if (then - now <= p.change_threshold_mps2 || !is_place_safe(step, i, place)) {
        return never;
    }
    double others = 0.0;
    if (place.follower != nullptr) {
        const std::uint32_t f = place.follower->vehicle;
        const Slot as_leader{place.front_m, own.speed_mps, own.length_m, i, 0};
        const double after = following(step, f, place.lane, place.follower->front_m, &as_leader);
        if (after < -p.safe_deceleration_mps2) {
            return never;
        }
        others += after - following(step, f, place.lane, place.follower->front_m, place.leader);
    }
    if (has_follower) {
        const Slot& behind = step.order.slots[slot + 1];
        others += following(step, behind.vehicle, lane, behind.front_m, leader) -
                  following(step, behind.vehicle, lane, behind.front_m, &own);
    }
    return then - now + p.politeness * others - p.change_threshold_mps2;
}

LaneWish wish_better(const Step& step, std::uint32_t i, double to_end_m) {
    const double v = step.vehicles.speed_mps[i];
    LaneWish best;
    double best_gain = 0.0;
    for (const int side : {1, -1}) {
        const std::uint32_t target = neighbour_lane(step, i, side);
        if (target == none) {
            continue;
        }
        // Overtaking on a lane that does not lead to the way needs time to come back.
        if (!is_lane_right(step, i, target) && to_end_m < 50.0 + 25.0 * std::max(v, 5.0)) {
            continue;
        }
        const Place place = place_on(step, i, target);
        const double gain = incentive(step, i, place);
        if (gain > best_gain) {
            best_gain = gain;
            best = wish(place, i);
        }
    }
    return best;
}

} // namespace

bool is_lane_right(const Step& step, std::uint32_t i, std::uint32_t lane) {
    const std::uint32_t next = step.edge_ahead(i, 0);
    return step.roads.allows(lane, step.class_of(i)) &&
           (next == none ||
            best_connection(step.roads, lane, next, none, step.class_of(i)) != none);
}

bool is_upstream_clear(const Step& step, std::uint32_t lane, double rear_m, double speed_mps,
                       std::uint32_t vehicle) {
    const double braking = step.driver(vehicle).emergency_deceleration_mps2;
    const auto leaves_room = [&](const Slot& slot, double to_lane_m) {
        const DriverParameters& p = step.driver(slot.vehicle);
        const double gap_m = to_lane_m + rear_m;
        const double closing_m =
            std::max(0.0, stopping_m(slot.speed_mps, p.comfortable_deceleration_mps2) -
                              stopping_m(speed_mps, p.comfortable_deceleration_mps2));
        return gap_m > 1.0 + closing_m + 0.5 * slot.speed_mps &&
               is_gap_safe(gap_m - 0.4, slot.speed_mps, p.emergency_deceleration_mps2, speed_mps,
                           braking);
    };
    for (const std::uint32_t k : step.roads.incoming.of(lane)) {
        const double on_k_m = step.roads.length_m[step.roads.lanes + k];
        for (const Slot& slot : step.order.of(step.roads.lanes + k)) {
            if (slot.is_ghost == 0) {
                if (!leaves_room(slot, on_k_m - slot.front_m)) {
                    return false;
                }
                break;
            }
        }
        const std::uint32_t from = step.roads.from_lane(k);
        for (const Slot& slot : step.order.of(from)) {
            const double left_m = step.roads.length_m[from] - slot.front_m;
            if (left_m > 100.0) {
                break;
            }
            const bool may_come =
                slot.is_ghost == 0 && step.choice[slot.vehicle] == k &&
                (!step.roads.needs_grant[k] || step.vehicles.granted[slot.vehicle] == k);
            if (may_come) {
                if (!leaves_room(slot, left_m + on_k_m)) {
                    return false;
                }
                break;
            }
        }
    }
    return true;
}

double courtesy_limit(const Step& step, std::uint32_t i) {
    double limit = std::numeric_limits<double>::infinity();
    const std::uint32_t lane = step.vehicles.lane[i];
    const double to_end_m = step.roads.length_m[lane] - step.vehicles.front_m[i];
    if (step.vehicles.granted[i] != none || to_end_m > courtesy_within_m) {
        return limit;
    }
    const double mild = -step.driver(i).comfortable_deceleration_mps2;
    const auto needs_change = [&](std::uint32_t j) {
        return step.choice[j] == none && step.edge_ahead(j, 0) != none;
    };
    const int own_side = needs_change(i) ? lanes_to_right_one(step, i) : 0;
    for (const int side : {1, -1}) {
        const std::uint32_t target = neighbour_lane(step, i, side);
        if (target == none) {
            continue;
        }
        const Place place = place_on(step, i, target);
        if (place.leader == nullptr || place.leader->rear_m() - place.front_m < 0.5) {
            continue;
        }
        const bool falls_in_behind = own_side * side > 0;
        const bool lets_in = place.leader->is_ghost == 0 && needs_change(place.leader->vehicle) &&
                             lanes_to_right_one(step, place.leader->vehicle) * side < 0;
        if (falls_in_behind || lets_in) {
            limit = std::min(limit,
                             std::max(mild, following(step, i, lane, place.front_m, place.leader)));
        }
    }
    return limit;
}

LaneWish wish_lane_change(const Step& step, std::uint32_t i) {
    const Vehicles& v = step.vehicles;
    const std::uint32_t lane = v.lane[i];
    if (lane == none || v.granted[i] != none || v.front_m[i] < v.length_m[i] + 0.5 ||
        step.roads.streets.edges[step.roads.edge[lane]].lanes < 2) {
        return {};
    }
    const double since_s = step.now_s - v.changed_lane_s[i];
    const double to_end_m = step.roads.length_m[lane] - v.front_m[i];
    const bool is_right = step.choice[i] != none || step.edge_ahead(i, 0) == none;
    if (!is_right && to_end_m < needed_within_m) {
        const int offset = lanes_to_right_one(step, i);
        if (offset == 0 || since_s < needed_pause_s) {
            return {};
        }
        return wish_needed(step, i, offset > 0 ? 1 : -1);
    }
    if (since_s < pause_s || v.speed_mps[i] < 1.0 ||
        to_end_m < decision_distance_m(step, i) + 10.0) {
        return {};
    }
    return wish_better(step, i, to_end_m);
}

} // namespace veste::traffic
