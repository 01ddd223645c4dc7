#include "traffic/step.hpp"

#include <algorithm>
#include <limits>

namespace veste::traffic {
namespace {

/// A follower's wait is given up as a deadlock after this long when all others stand, too.
constexpr double standoff_s = 3.0;
/// From here on a waiting driver accepts shorter gaps, down to `boldest` of the usual one.
constexpr double patience_s = 60.0;
constexpr double patience_end_s = 180.0;
constexpr double boldest = 0.6;
constexpr double sight_m = 150.0;

enum class Verdict { Granted, Light, Room, Held, YieldsToMoving, YieldsToStanding };

struct Candidate {
    std::uint32_t vehicle = none;
    std::uint32_t connection = none;
    double distance_m = 0.0;
    bool must_yield = false;
    double standing_since_s = 0.0; ///< infinity while moving
};

/// Working place of one node's settlement.
struct Settlement {
    std::vector<Candidate> candidates;
    std::vector<std::uint32_t> blocked_lanes; ///< their first vehicle cannot go for other reasons
};

bool is_yielding(const Step& step, std::uint32_t k, bool is_careful) {
    if (is_careful) {
        return true;
    }
    if (step.has_working_light(k)) {
        return step.light(k) == Light::GreenYield || step.light(k) == Light::Yellow;
    }
    return true;
}

/// Emergency vehicles pass red lights with care: they give way to everybody.
bool is_careful(const Step& step, std::uint32_t i, std::uint32_t k) {
    return step.class_of(i) == VehicleClass::Emergency && step.has_working_light(k) &&
           step.light(k) == Light::Red;
}

bool can_stop(const Step& step, std::uint32_t i, double distance_m, double deceleration) {
    return stopping_m(step.vehicles.speed_mps[i], deceleration) < distance_m;
}

/// A grant not yet used is taken back when the light has changed or the way was closed, as long as
/// the vehicle can stop.
bool is_to_revoke(const Step& step, std::uint32_t i, std::uint32_t k, double distance_m) {
    const double firm = step.parameters.yellow_deceleration_mps2;
    if (!step.is_open(k)) {
        return can_stop(step, i, distance_m, firm);
    }
    if (!step.has_working_light(k) || is_careful(step, i, k)) {
        return false;
    }
    switch (step.light(k)) {
    case Light::Green:
    case Light::GreenYield:
        return false;
    case Light::Yellow:
        return can_stop(step, i, distance_m, firm);
    case Light::Red:
        return can_stop(step, i, distance_m, 2.0 * firm);
    }
    return false;
}

/// One who turned up at the line under a yielding green and found no gap may clear the junction
/// when the light turns yellow ("sneakers", HCM 2000 chapter 16).
bool may_pass_light(const Step& step, const Candidate& c) {
    if (!step.has_working_light(c.connection) || is_careful(step, c.vehicle, c.connection)) {
        return true;
    }
    switch (step.light(c.connection)) {
    case Light::Green:
    case Light::GreenYield:
        return true;
    case Light::Yellow:
        return !can_stop(step, c.vehicle, c.distance_m, step.parameters.yellow_deceleration_mps2) ||
               (c.must_yield && c.distance_m < 3.0 && step.standing_s(c.vehicle) > 2.0);
    case Light::Red:
        return false;
    }
    return false;
}

/// At stop signs everybody stops first.
bool has_stopped_where_it_must(const Step& step, const Candidate& c) {
    const Connection& connection = step.roads.streets.connections[c.connection];
    const Edge& edge = step.roads.streets.edge(step.roads.streets.lane(connection.from).edge);
    const bool all_stop = step.roads.streets.node(connection.node).control == Control::AllWayStop;
    if (step.has_working_light(c.connection) || (!edge.must_stop && !all_stop)) {
        return true;
    }
    return c.distance_m < 3.0 && step.vehicles.speed_mps[c.vehicle] < 0.5;
}

/// Room beyond the junction for this vehicle and all who are on their way to the same lane.
bool has_room(const Step& step, const Candidate& c) {
    const std::uint32_t lane = step.roads.to_lane(c.connection);
    double taken_m = 0.0;
    bool is_anybody = false;
    for (const std::uint32_t k : step.roads.incoming.of(lane)) {
        for (const Slot& slot : step.order.of(step.roads.lanes + k)) {
            if (slot.is_ghost == 0) {
                taken_m += slot.length_m + step.driver(slot.vehicle).standstill_gap_m;
                is_anybody = true;
            }
        }
        for (const Slot& slot : step.order.of(step.roads.from_lane(k))) {
            if (slot.is_ghost == 0) {
                if (step.vehicles.granted[slot.vehicle] == none) {
                    break;
                }
                if (step.vehicles.granted[slot.vehicle] == k) {
                    taken_m += slot.length_m + step.driver(slot.vehicle).standstill_gap_m;
                    is_anybody = true;
                }
            }
        }
    }
    const auto on_lane = step.order.of(lane);
    if (on_lane.empty() && !is_anybody) {
        return true;
    }
    // What the lane holds when those who move have closed up to the last one who stands; where
    // nobody stands, its far end empties while this vehicle crosses the junction.
    constexpr double standing_mps = 1.0;
    constexpr double crossing_s = 2.0;
    double room_m = step.roads.length_m[lane];
    bool is_flowing = true;
    for (auto slot = on_lane.rbegin(); slot != on_lane.rend(); ++slot) {
        if (slot->speed_mps < standing_mps) {
            room_m = std::min(room_m, slot->rear_m());
            is_flowing = false;
            break;
        }
        taken_m += slot->length_m + step.driver(slot->vehicle).standstill_gap_m;
    }
    if (is_flowing) {
        const double leaving_mps =
            on_lane.empty() ? step.vehicles.speed_mps[c.vehicle] : on_lane.front().speed_mps;
        room_m += crossing_s * leaving_mps;
    }
    return taken_m + step.vehicles.length_m[c.vehicle] + step.driver(c.vehicle).standstill_gap_m <=
           room_m;
}

/// When a vehicle of the other path will have left the stretch.
double clearing_s(const Step& step, const Slot& slot, double to_clear_m, std::uint32_t other) {
    const double top = step.desired_mps(slot.vehicle, step.roads.lanes + other);
    return time_to_cover(to_clear_m, slot.speed_mps,
                         step.driver(slot.vehicle).max_acceleration_mps2, top);
}

/// The stretches are free by the time the vehicle is there, and it can stop before them if not.
bool is_free_in_time(const Step& step, const Candidate& c) {
    const DriverParameters& p = step.driver(c.vehicle);
    const double speed = step.vehicles.speed_mps[c.vehicle];
    const double top = step.desired_mps(c.vehicle, step.roads.lanes + c.connection);
    for (const Meeting& m : step.roads.meetings.of(c.connection)) {
        const double begin_m = c.distance_m + m.begin_m;
        const double arrival_s = time_to_cover(begin_m, speed, p.max_acceleration_mps2, top);
        double clear_s = -1.0;
        for (const Slot& slot : step.order.of(step.roads.lanes + m.other)) {
            if (slot.rear_m() < m.other_end_m) {
                clear_s = std::max(clear_s,
                                   clearing_s(step, slot, m.other_end_m - slot.rear_m(), m.other));
            }
        }
        const std::uint32_t lane = step.roads.from_lane(m.other);
        for (const Slot& slot : step.order.of(lane)) {
            if (slot.is_ghost != 0) {
                continue;
            }
            if (step.vehicles.granted[slot.vehicle] == none) {
                break;
            }
            if (step.vehicles.granted[slot.vehicle] == m.other) {
                const double to_clear_m = step.roads.length_m[lane] - slot.rear_m() + m.other_end_m;
                clear_s = std::max(clear_s, clearing_s(step, slot, to_clear_m, m.other));
            }
        }
        if (clear_s >= 0.0 &&
            (clear_s > arrival_s ||
             stopping_m(speed, step.parameters.conflict_deceleration_mps2) + speed * step.dt >
                 begin_m)) {
            return false;
        }
    }
    return true;
}

/// The gap a yielding driver asks for: usual at first, shorter after a long wait, and less where
/// the vehicle rolls already.
double needed_gap_s(const Step& step, const Candidate& c) {
    const double speed = step.vehicles.speed_mps[c.vehicle];
    double gap_s = step.roads.critical_gap_s[c.connection];
    const double impatience = std::clamp(
        (step.standing_s(c.vehicle) - patience_s) / (patience_end_s - patience_s), 0.0, 1.0);
    gap_s *= 1.0 - (1.0 - boldest) * impatience;
    const double rolling_s =
        std::min(0.5 * speed / step.driver(c.vehicle).max_acceleration_mps2, 0.4 * gap_s);
    const double to_line_s = c.distance_m < 3.0 ? 0.0 : (c.distance_m - 3.0) / std::max(speed, 3.0);
    return to_line_s + gap_s - rolling_s;
}

double arrival_s(const Step& step, const Slot& slot, double distance_m, std::uint32_t track) {
    return time_to_cover(distance_m, slot.speed_mps,
                         step.driver(slot.vehicle).max_acceleration_mps2,
                         step.desired_mps(slot.vehicle, track));
}

struct Approach {
    std::uint32_t into = none; ///< edge they are on or come to
    std::uint32_t next = none; ///< edge they go to after it
    double within_s = 0.0;
};

/// True where somebody upstream of a lane, `beyond_m` before the stretch, arrives within the time.
bool comes_from_upstream(const Step& step, std::uint32_t lane, double beyond_m, const Approach& a) {
    for (const std::uint32_t k : step.roads.incoming.of(lane)) {
        const double on_k_m = step.roads.length_m[step.roads.lanes + k];
        const auto is_coming = [&](const Slot& slot, double to_lane_m) {
            return slot.is_ghost == 0 && step.choice[slot.vehicle] == k &&
                   step.edge_ahead(slot.vehicle, 0) == a.into &&
                   step.edge_ahead(slot.vehicle, 1) == a.next &&
                   arrival_s(step, slot, to_lane_m + beyond_m, lane) < a.within_s;
        };
        for (const Slot& slot : step.order.of(step.roads.lanes + k)) {
            if (is_coming(slot, on_k_m - slot.front_m)) {
                return true;
            }
        }
        const std::uint32_t from = step.roads.from_lane(k);
        for (const Slot& slot : step.order.of(from)) {
            const double left_m = step.roads.length_m[from] - slot.front_m;
            if (left_m + beyond_m > sight_m) {
                break;
            }
            const bool may_go =
                !step.roads.needs_grant[k] || step.granted_before[slot.vehicle] == k;
            if (may_go && is_coming(slot, left_m + on_k_m)) {
                return true;
            }
        }
    }
    return false;
}

/// Whether somebody with right of way on the other path is too near, and whether he moves.
Verdict yields_at(const Step& step, const Meeting& m, double needed_s, const Settlement& node) {
    const std::uint32_t lane = step.roads.from_lane(m.other);
    if (step.has_working_light(m.other) &&
        (step.light(m.other) == Light::Red || step.light(m.other) == Light::Yellow)) {
        return Verdict::Granted;
    }
    if (std::find(node.blocked_lanes.begin(), node.blocked_lanes.end(), lane) !=
        node.blocked_lanes.end()) {
        return Verdict::Granted;
    }
    Verdict verdict = Verdict::Granted;
    const double length_m = step.roads.length_m[lane];
    for (const Slot& slot : step.order.of(lane)) {
        if (slot.is_ghost != 0 || step.choice[slot.vehicle] != m.other) {
            continue;
        }
        const double distance_m = length_m - slot.front_m + m.other_begin_m;
        if (distance_m > sight_m) {
            return verdict;
        }
        const bool is_granted = step.vehicles.granted[slot.vehicle] == m.other;
        if (m.is_mutual && !is_granted) {
            continue;
        }
        if (arrival_s(step, slot, distance_m, lane) < needed_s) {
            if (is_granted || step.standing_s(slot.vehicle) < 1.0) {
                return Verdict::YieldsToMoving;
            }
            verdict = Verdict::YieldsToStanding;
        }
    }
    const Approach upstream{step.roads.edge[lane], step.roads.edge[step.roads.lanes + m.other],
                            needed_s};
    const double beyond_m = length_m + m.other_begin_m;
    if (!m.is_mutual && beyond_m < sight_m && comes_from_upstream(step, lane, beyond_m, upstream)) {
        return Verdict::YieldsToMoving;
    }
    return verdict;
}

Verdict judge(const Step& step, const Candidate& c, const Settlement& node) {
    if (!may_pass_light(step, c) || !has_stopped_where_it_must(step, c)) {
        return Verdict::Light;
    }
    if (!step.is_open(c.connection) || !has_room(step, c)) {
        return Verdict::Room;
    }
    if (!is_free_in_time(step, c)) {
        return Verdict::Held;
    }
    Verdict verdict = Verdict::Granted;
    const bool careful = is_careful(step, c.vehicle, c.connection);
    if (c.must_yield) {
        const double needed_s = needed_gap_s(step, c);
        for (const Meeting& m : step.roads.meetings.of(c.connection)) {
            if (!m.must_yield && !careful) {
                continue;
            }
            const Verdict here = yields_at(step, m, needed_s, node);
            if (here == Verdict::YieldsToMoving) {
                return here;
            }
            verdict = here == Verdict::Granted ? verdict : here;
        }
    }
    return verdict;
}

void take_candidates(const Step& step, std::uint32_t lane, Settlement& node) {
    Vehicles& v = step.vehicles;
    bool is_way_granted = true; // to all in front
    for (const Slot& slot : step.order.of(lane)) {
        if (slot.is_ghost != 0) {
            continue;
        }
        const std::uint32_t i = slot.vehicle;
        const std::uint32_t k = step.choice[i];
        const double distance_m = step.roads.length_m[lane] - slot.front_m;
        if (!is_way_granted) {
            v.granted[i] = none;
            if (distance_m > sight_m) {
                return;
            }
            continue;
        }
        if (k != none && !step.roads.needs_grant[k]) {
            continue;
        }
        if (k != none && v.granted[i] == k && !is_to_revoke(step, i, k, distance_m)) {
            continue;
        }
        v.granted[i] = none;
        is_way_granted = false;
        if (k != none && distance_m <= decision_distance_m(step, i)) {
            const bool yields = is_yielding(step, k, is_careful(step, i, k)) &&
                                std::any_of(step.roads.meetings.of(k).begin(),
                                            step.roads.meetings.of(k).end(), [&](const Meeting& m) {
                                                return m.must_yield || is_careful(step, i, k);
                                            });
            const double since = v.standing_since_s[i];
            node.candidates.push_back(
                {i, k, distance_m, yields,
                 since < 0.0 ? std::numeric_limits<double>::infinity() : since});
        }
    }
}

bool goes_first(const Candidate& a, const Candidate& b) {
    if (a.must_yield != b.must_yield) {
        return b.must_yield;
    }
    if (a.standing_since_s != b.standing_since_s) {
        return a.standing_since_s < b.standing_since_s;
    }
    if (a.distance_m != b.distance_m) {
        return a.distance_m < b.distance_m;
    }
    return a.vehicle < b.vehicle;
}

void grant(const Step& step, const Candidate& c, int sequence) {
    step.vehicles.granted[c.vehicle] = c.connection;
    step.vehicles.granted_s[c.vehicle] = step.now_s + 1e-6 * sequence;
}

} // namespace

double decision_distance_m(const Step& step, std::size_t i) {
    const double v = step.vehicles.speed_mps[i];
    return stopping_m(v, step.driver(i).comfortable_deceleration_mps2) + v + 5.0;
}

bool is_exit_full(const Step& step, std::uint32_t vehicle, std::uint32_t connection) {
    return !has_room(step, {vehicle, connection, 0.0, false, 0.0});
}

bool is_held(const Step& step, std::uint32_t vehicle, const Meeting& meeting) {
    const Vehicles& v = step.vehicles;
    const double ticket = v.granted_s[vehicle];
    for (const Slot& slot : step.order.of(step.roads.lanes + meeting.other)) {
        if (slot.rear_m() < meeting.other_end_m &&
            (slot.is_ghost != 0 || v.granted_s[slot.vehicle] < ticket)) {
            return true;
        }
    }
    for (const Slot& slot : step.order.of(step.roads.from_lane(meeting.other))) {
        if (slot.is_ghost != 0) {
            continue;
        }
        const std::uint32_t granted = v.granted[slot.vehicle];
        if (granted == none) {
            return false;
        }
        if (granted == meeting.other && v.granted_s[slot.vehicle] < ticket) {
            return true;
        }
    }
    return false;
}

void settle_node(const Step& step, std::uint32_t node_index) {
    Settlement node;
    for (const std::uint32_t lane : step.roads.node_lanes.of(node_index)) {
        if (!step.order.of(lane).empty()) {
            take_candidates(step, lane, node);
        }
    }
    std::sort(node.candidates.begin(), node.candidates.end(), goes_first);
    int sequence = 0;
    const Candidate* deadlocked = nullptr;
    for (const Candidate& c : node.candidates) {
        const Verdict verdict = judge(step, c, node);
        if (verdict == Verdict::Granted) {
            grant(step, c, sequence++);
        } else if (verdict == Verdict::Room || verdict == Verdict::Light) {
            node.blocked_lanes.push_back(step.roads.from_lane(c.connection));
        } else if (verdict == Verdict::YieldsToStanding && deadlocked == nullptr &&
                   step.standing_s(c.vehicle) >= standoff_s) {
            deadlocked = &c;
        }
    }
    // Everybody waits for somebody who waits: who has waited longest goes.
    if (sequence == 0 && deadlocked != nullptr) {
        grant(step, *deadlocked, 0);
    }
}

} // namespace veste::traffic
