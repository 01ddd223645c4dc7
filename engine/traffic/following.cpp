#include "traffic/step.hpp"

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

/// Stretches where somebody else goes first: the vehicle keeps able to stop before them.
void keep_clear_of_others(Restraint& r, std::uint32_t vehicle, std::uint32_t k, double offset_m) {
    for (const Meeting& m : r.step.roads.meetings.of(k)) {
        const double distance_m = offset_m + m.begin_m;
        if (distance_m > 0.0 && is_held(r.step, vehicle, m)) {
            r.limit(safe_acceleration(r.speed_mps, distance_m - 0.3,
                                      r.step.parameters.conflict_deceleration_mps2, r.step.dt));
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
        const bool same_way = step.vehicles.came_over[slot->vehicle] == over ||
                              step.vehicles.came_before[slot->vehicle] == over;
        if (!step.roads.is_lane(track) || slot->rear_m() >= 0.0 || same_way) {
            return &*slot;
        }
    }
    return nullptr;
}

struct Walk {
    std::uint32_t track;
    double offset_m;     ///< distance from the front to the track's start
    std::uint32_t edges; ///< edges of the way entered so far
    bool is_own_lane;
    bool has_leader;
};

/// The connection at the end of a lane of the way, or none where the lane's end is a wall.
std::uint32_t passable_connection(const Step& step, std::uint32_t i, const Walk& walk,
                                  double end_m) {
    const std::uint32_t k =
        walk.is_own_lane ? step.choice[i]
                         : best_connection(step.roads, walk.track, step.edge_ahead(i, walk.edges),
                                           step.edge_ahead(i, walk.edges + 1), step.class_of(i));
    if (k == none) {
        return none;
    }
    if (step.roads.needs_grant[k]) {
        return walk.is_own_lane && step.vehicles.granted[i] == k ? k : none;
    }
    const bool can_stop =
        stopping_m(step.vehicles.speed_mps[i], step.parameters.conflict_deceleration_mps2) < end_m;
    return step.is_open(k) || !can_stop ? k : none;
}

void look_along_way(Restraint& r, std::uint32_t i, Walk walk) {
    const Step& step = r.step;
    const double decision_m = decision_distance_m(step, i);
    const double look_m = decision_m + 1.5 * r.speed_mps + 15.0;
    constexpr int most_tracks = 32;
    for (int n = 0; n < most_tracks; ++n) {
        wait_for_people(r, walk.track, walk.offset_m);
        if (!step.roads.is_lane(walk.track)) {
            const std::uint32_t k = walk.track - step.roads.lanes;
            follow_diverging(r, k, walk.offset_m);
            keep_clear_of_others(r, i, k, walk.offset_m);
        }
        const double end_m = walk.offset_m + step.roads.length_m[walk.track];
        if (end_m > look_m) {
            return;
        }
        std::uint32_t over = none;
        if (step.roads.is_lane(walk.track)) {
            if (step.edge_ahead(i, walk.edges) == none) {
                return; // the way ends on this lane
            }
            const std::uint32_t k = passable_connection(step, i, walk, end_m);
            if (k == none) {
                if (end_m <= decision_m || !walk.is_own_lane) {
                    r.wall(end_m);
                }
                return;
            }
            walk.track = step.roads.lanes + k;
            walk.is_own_lane = false;
        } else {
            over = walk.track - step.roads.lanes;
            walk.track = step.roads.to_lane(over);
            ++walk.edges;
        }
        walk.offset_m = end_m;
        r.slow_zone(end_m, step.desired_mps(i, walk.track));
        if (!walk.has_leader) {
            if (const Slot* leader = rearmost_on_way(step, walk.track, over)) {
                restrain_by(r, *leader, walk.offset_m);
                walk.has_leader = true;
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
    look_along_way(r, i, {track, -own.front_m, 0, step.roads.is_lane(track), has_leader});
    return std::max(r.acceleration, -p.emergency_deceleration_mps2);
}

} // namespace veste::traffic
