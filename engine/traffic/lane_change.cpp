#include "traffic/way.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste::traffic {
namespace {

/// Time between two changes of one vehicle: wished and needed ones.
constexpr double pause_s = 5.0;
constexpr double needed_pause_s = 2.0;
/// A lane that does not follow the way is left once the way parts from it nearer than this.
constexpr double needed_within_m = 500.0;
/// From here on drivers make room for others who must change, and those align with gaps.
constexpr double courtesy_within_m = 150.0;
/// Nobody stands for the sake of others for longer.
constexpr double courtesy_for_s = 6.0;
/// So far behind a lane's start others are looked out for.
constexpr double look_back_m = 100.0;
constexpr double standing_mps = 0.5;
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

/// On which side the better lane is for the way: 1, -1, or 0 where its own is as good as any.
int needed_side(const Step& step, std::uint32_t i) {
    const std::uint32_t lane = step.vehicles.lane[i];
    const std::uint32_t own = step.roads.streets.lanes[lane].index;
    const std::uint32_t better = step.lane_choice(i, lane).better;
    return better > own ? 1 : better < own ? -1 : 0;
}

/// From a vehicle on a lane to where that lane no longer follows its way.
double clear_ahead_m(const Step& step, std::uint32_t i, std::uint32_t lane, double front_m) {
    return static_cast<double>(step.lane_choice(i, lane).clear_m) - front_m;
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
/// nearer the place is from where its own lane leads elsewhere.
LaneWish wish_needed(const Step& step, std::uint32_t i, int side, double clear_m) {
    const std::uint32_t target = neighbour_lane(step, i, side);
    if (target == none) {
        return {};
    }
    const Place place = place_on(step, i, target);
    if (!is_place_safe(step, i, place)) {
        return {};
    }
    const double urgency = std::clamp(1.0 - clear_m / 150.0, 0.0, 1.0);
    const double mild = step.driver(i).safe_deceleration_mps2;
    const double allowed = mild + urgency * (urgent_deceleration_mps2 - mild);
    const double v = step.vehicles.speed_mps[i];
    // Who stands has nothing to brake for, however small the gap.
    if (v > standing_mps && following(step, i, target, place.front_m, place.leader) < -allowed) {
        return {};
    }
    if (place.follower != nullptr && place.follower->speed_mps > standing_mps) {
        const Slot as_leader{place.front_m, v, step.vehicles.length_m[i], i, 0};
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

LaneWish wish_better(const Step& step, std::uint32_t i) {
    const double v = step.vehicles.speed_mps[i];
    const std::uint32_t own_lane = step.vehicles.lane[i];
    LaneWish best;
    double best_gain = 0.0;
    for (const int side : {1, -1}) {
        const std::uint32_t target = neighbour_lane(step, i, side);
        if (target == none) {
            continue;
        }
        const Place place = place_on(step, i, target);
        // Overtaking on a lane that does not follow the way needs time to come back.
        if (clear_ahead_m(step, i, target, place.front_m) < 50.0 + 25.0 * std::max(v, 5.0) &&
            step.lane_choice(i, target).changes > step.lane_choice(i, own_lane).changes) {
            continue;
        }
        const double gain = incentive(step, i, place);
        if (gain > best_gain) {
            best_gain = gain;
            best = wish(place, i);
        }
    }
    return best;
}

} // namespace

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
    const auto list = step.roads.upstream.of(lane);
    for (std::uint32_t place = 1; place < list.size(); ++place) {
        const Upstream& u = list[place];
        if (u.to_end_m - step.roads.length_m[lane] > look_back_m) {
            continue;
        }
        for (const Slot& slot : step.order.of(u.track)) {
            if (slot.is_ghost != 0 || (!u.is_free && !step.vehicles.is_granted(slot.vehicle)) ||
                edges_until(step, slot.vehicle, list, place) == none) {
                continue;
            }
            if (!leaves_room(slot, u.to_end_m + step.roads.length_m[u.track] - slot.front_m -
                                       step.roads.length_m[lane])) {
                return false;
            }
            break;
        }
    }
    return true;
}

double courtesy_limit(const Step& step, std::uint32_t i) {
    double limit = std::numeric_limits<double>::infinity();
    const std::uint32_t lane = step.vehicles.lane[i];
    if (step.vehicles.is_granted(i) || step.standing_s(i) > courtesy_for_s) {
        return limit;
    }
    const double mild = -step.driver(i).comfortable_deceleration_mps2;
    const auto urgent_side = [&](std::uint32_t j, std::uint32_t its_lane, double front_m) {
        return clear_ahead_m(step, j, its_lane, front_m) < courtesy_within_m ? needed_side(step, j)
                                                                             : 0;
    };
    const int own_side = urgent_side(i, lane, step.vehicles.front_m[i]);
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
        const bool lets_in =
            place.leader->is_ghost == 0 &&
            urgent_side(place.leader->vehicle, target, place.leader->front_m) * side < 0;
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
    if (lane == none || v.is_granted(i) || v.front_m[i] < v.length_m[i] + 0.5 ||
        step.roads.streets.edges[step.roads.edge[lane]].lanes < 2) {
        return {};
    }
    const double since_s = step.now_s - v.changed_lane_s[i];
    const double clear_m = clear_ahead_m(step, i, lane, v.front_m[i]);
    const int side = needed_side(step, i);
    if (side != 0 && clear_m < needed_within_m) {
        return since_s < needed_pause_s ? LaneWish{} : wish_needed(step, i, side, clear_m);
    }
    if (since_s < pause_s || v.speed_mps[i] < 1.0 ||
        step.roads.length_m[lane] - v.front_m[i] < decision_distance_m(step, i) + 10.0) {
        return {};
    }
    return wish_better(step, i);
}

} // namespace veste::traffic
