#include "traffic/way.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

/// Collects what holds a vehicle back along its way: the least acceleration counts.
struct Restraint {
    const Step& step;
    const DriverParameters& p;
    double speed_mps;
    double free; ///< acceleration on an empty road
    double acceleration;

    void limit(double a) { acceleration = std::min(acceleration, a); }

    void leader(double gap_m, double leader_mps, double leader_braking) {
        limit(free - interaction(p, speed_mps, gap_m, leader_mps));
        const double braking = std::min(p.emergency_deceleration_mps2, leader_braking);
        const double room_m = gap_m - 0.1 + stopping_m(leader_mps, leader_braking);
        limit(safe_acceleration(speed_mps, room_m, braking, step.dt));
    }
    /// A line that must not be passed, `distance_m` ahead.
    void wall(double distance_m) {
        const double gap_m = distance_m - step.parameters.stop_line_gap_m + p.standstill_gap_m;
        limit(free - interaction(p, speed_mps, gap_m, 0.0));
        limit(
            safe_acceleration(speed_mps, distance_m - 0.2, p.emergency_deceleration_mps2, step.dt));
    }
    /// A slower stretch ahead.
    void slow_zone(double distance_m, double allowed_mps) {
        if (allowed_mps < speed_mps) {
            limit(safe_acceleration(speed_mps, std::max(distance_m, 0.0),
                                    p.comfortable_deceleration_mps2, step.dt, allowed_mps));
        }
    }
};

/// Closer than this, nobody follows one who comes from the side.
constexpr double merging_gap_m = 0.5;

double braking_of(const Step& step, const Slot& slot) {
    return step.driver(slot.vehicle).emergency_deceleration_mps2;
}

void restrain_by(Restraint& r, const Slot& leader, double offset_m) {
    r.leader(offset_m + leader.rear_m(), leader.speed_mps, braking_of(r.step, leader));
}

/// Those who left the same lane for another connection, while both paths still run together.
void follow_diverging(Restraint& r, std::uint32_t k, double offset_m) {
    for (const Divergence& d : r.step.roads.divergences.of(k)) {
        const auto slots = r.step.order.of(r.step.roads.lanes + d.other);
        for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
            if (slot->front_m + offset_m > 0.0) {
                if (slot->rear_m() < d.until_m) {
                    restrain_by(r, *slot, offset_m);
                }
                break;
            }
        }
    }
}

/// Where paths merge, one who is in the stretch already is followed, `to_end_m` being the way left
/// to the end of the own path; true where he is so far ahead that this is possible.
bool follow_merging(Restraint& r, const Meeting& m, const Slot& slot, double to_end_m) {
    const double their_end_m = r.step.roads.length_m[r.step.roads.lanes + m.other];
    const double gap_m = to_end_m - (their_end_m - slot.rear_m());
    if (!m.is_merge || slot.front_m <= m.other_begin_m || gap_m < merging_gap_m) {
        return false;
    }
    r.leader(gap_m, slot.speed_mps, braking_of(r.step, slot));
    return true;
}

/// In the stretch itself: whoever is ahead on the other path is the leader.
void follow_in_merge(Restraint& r, std::uint32_t i, const Meeting& m, double to_end_m) {
    for (const Slot& slot : r.step.order.of(r.step.roads.lanes + m.other)) {
        if (slot.vehicle != i) {
            follow_merging(r, m, slot, to_end_m);
        }
    }
}

/// True while somebody who goes first has not cleared the other path's stretch of a meeting.
bool is_held(Restraint& r, std::uint32_t i, const Meeting& m, double to_end_m) {
    const Step& step = r.step;
    const Vehicles& v = step.vehicles;
    const double ticket = v.granted_s[i];
    for (const Slot& slot : step.order.of(step.roads.lanes + m.other)) {
        const bool goes_first = slot.is_ghost != 0 || slot.front_m > m.other_begin_m ||
                                v.granted_s[slot.vehicle] < ticket;
        if (slot.vehicle != i && slot.rear_m() < m.other_end_m && goes_first &&
            !follow_merging(r, m, slot, to_end_m)) {
            return true;
        }
    }
    return step.grants.any_of(m.other, [&](const Approach& a) {
        return a.vehicle != i && v.granted_s[a.vehicle] < ticket;
    });
}

/// Stretches where somebody else goes first: the vehicle keeps able to stop before them.
void keep_clear_of_others(Restraint& r, std::uint32_t i, std::uint32_t k, double offset_m) {
    const double to_end_m = offset_m + r.step.roads.length_m[r.step.roads.lanes + k];
    for (const Meeting& m : r.step.roads.meetings.of(k)) {
        const double distance_m = offset_m + m.begin_m;
        if (distance_m > 0.0) {
            if (is_held(r, i, m, to_end_m)) {
                r.limit(safe_acceleration(r.speed_mps, distance_m - 0.3,
                                          r.step.parameters.conflict_deceleration_mps2, r.step.dt));
            }
        } else if (m.is_merge) {
            follow_in_merge(r, i, m, to_end_m);
        }
    }
}

/// People on a crossing are waited for by everyone who can still stop.
void wait_for_people(Restraint& r, std::uint32_t track, double offset_m) {
    for (const CrossingAhead& c : r.step.roads.crossings.of(track)) {
        const double distance_m = offset_m + c.begin_m;
        const double hard = 0.75 * r.p.emergency_deceleration_mps2;
        if (distance_m > 0.3 && r.step.conditions.crossing_people[c.crossing] > 0 &&
            stopping_m(r.speed_mps, hard) < distance_m) {
            r.wall(distance_m);
        }
    }
}

/// The rearmost body on a track ahead that came the same way. One whose rear is still on another
/// path into the lane is kept clear of by that path's meeting.
const Slot* rearmost_on_way(const Step& step, std::uint32_t track, std::uint32_t over) {
    const auto slots = step.order.of(track);
    for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
        const auto trail = step.vehicles.trail_of(slot->vehicle);
        if (!step.roads.is_lane(track) || slot->rear_m() >= 0.0 ||
            std::find(trail.begin(), trail.end(), over) != trail.end()) {
            return &*slot;
        }
    }
    return nullptr;
}

/// True where a vehicle may drive on from the lane it has reached on its way.
bool may_drive_on(const Step& step, std::uint32_t i, const Way& way, std::uint32_t k) {
    if (k == none) {
        return false;
    }
    if (step.roads.needs_grant[k] != 0) {
        return way.taken < most_granted && step.vehicles.granted[i * most_granted + way.taken] == k;
    }
    const bool can_stop =
        stopping_m(step.vehicles.speed_mps[i], step.parameters.conflict_deceleration_mps2) <
        way.end_m(step.roads);
    return step.may_take(k, i) || !can_stop;
}

void look_along_way(Restraint& r, std::uint32_t i, bool has_leader) {
    const Step& step = r.step;
    const double decision_m = decision_distance_m(step, i);
    const double look_m = decision_m + 1.5 * r.speed_mps + 15.0;
    for (Way way = way_of(step, i);;) {
        wait_for_people(r, way.track, way.offset_m);
        if (!step.roads.is_lane(way.track)) {
            const std::uint32_t k = way.track - step.roads.lanes;
            follow_diverging(r, k, way.offset_m);
            keep_clear_of_others(r, i, k, way.offset_m);
        }
        const double end_m = way.end_m(step.roads);
        if (end_m > look_m) {
            return;
        }
        std::uint32_t over = none;
        if (step.roads.is_lane(way.track)) {
            if (way.edge + 1 >= step.vehicles.route_length[i]) {
                return; // the way ends on this lane
            }
            const std::uint32_t k = connection_ahead(step, i, way);
            if (!may_drive_on(step, i, way, k)) {
                if (end_m <= decision_m) {
                    r.wall(end_m);
                }
                return;
            }
            way.go_to(step.roads, step.roads.lanes + k);
        } else {
            over = way.track - step.roads.lanes;
            way.go_to(step.roads, step.roads.to_lane(over));
        }
        r.slow_zone(end_m, step.desired_mps(i, way.track));
        if (!has_leader) {
            if (const Slot* leader = rearmost_on_way(step, way.track, over)) {
                restrain_by(r, *leader, way.offset_m);
                has_leader = true;
            }
        }
    }
}

} // namespace

double decide_acceleration(const Step& step, std::uint32_t i) {
    const DriverParameters& p = step.driver(i);
    const std::uint32_t slot = step.order.slot_of[i];
    const Slot& own = step.order.slots[slot];
    const std::uint32_t track = track_of(step.vehicles, step.roads, i);
    const double free = free_acceleration(p, own.speed_mps, step.desired_mps(i, track));
    Restraint r{step, p, own.speed_mps, free, free};
    const bool has_leader = slot > step.order.starts[track];
    if (has_leader) {
        restrain_by(r, step.order.slots[slot - 1], -own.front_m);
    }
    if (step.roads.is_lane(track) && step.roads.streets.edges[step.roads.edge[track]].lanes > 1) {
        r.limit(courtesy_limit(step, i));
    }
    look_along_way(r, i, has_leader);
    return std::max(r.acceleration, -p.emergency_deceleration_mps2);
}

} // namespace veste::traffic
