#include "traffic/gap_acceptance.hpp"

#include <algorithm>
#include <limits>

namespace veste::traffic {
namespace {

/// From here on a waiting driver accepts shorter gaps, down to `boldest` of the usual one.
constexpr double patience_s = 60.0;
constexpr double patience_end_s = 180.0;
constexpr double boldest = 0.6;
/// Everybody waits for somebody who waits: after this long, who has waited longest goes.
constexpr double standoff_s = 3.0;
/// Who goes in front of somebody else is out of his way so long before he comes.
constexpr double clear_before_s = 1.0;

double arrival_s(const Step& step, const Slot& slot, double distance_m, std::uint32_t track) {
    return time_to_cover(distance_m, slot.speed_mps,
                         step.driver(slot.vehicle).max_acceleration_mps2,
                         step.desired_mps(slot.vehicle, track));
}

/// When a vehicle will have covered a distance on a connection.
double covered_s(const Step& step, std::uint32_t j, double distance_m, std::uint32_t connection) {
    return time_to_cover(distance_m, step.vehicles.speed_mps[j],
                         step.driver(j).max_acceleration_mps2,
                         step.desired_mps(j, step.roads.lanes + connection));
}

/// Where a newcomer fits in between tickets.
struct Opening {
    double after_s;
    double before_s = std::numeric_limits<double>::infinity();
};

/// The gap a yielding driver asks for: usual at first, shorter after a long wait, and less where
/// the vehicle rolls already; counted from now.
double needed_gap_s(const Step& step, const Candidate& c, const Passage& passage) {
    const DriverParameters& p = step.driver(c.vehicle);
    const double speed = step.vehicles.speed_mps[c.vehicle];
    double gap_s = step.roads.critical_gap_s[passage.connection];
    const double impatience = std::clamp(
        (step.standing_s(c.vehicle) - patience_s) / (patience_end_s - patience_s), 0.0, 1.0);
    gap_s *= 1.0 - (1.0 - boldest) * impatience;
    const double rolling_s = std::min(0.5 * speed / p.max_acceleration_mps2, 0.4 * gap_s);
    const double to_line_s = c.distance_m < 3.0 ? 0.0 : (c.distance_m - 3.0) / std::max(speed, 3.0);
    const double top = step.desired_mps(c.vehicle, step.roads.lanes + passage.connection);
    const double beyond_s = time_to_cover(passage.distance_m - c.distance_m, std::max(speed, 3.0),
                                          p.max_acceleration_mps2, top);
    return to_line_s + beyond_s + gap_s - rolling_s;
}

/// True where the way of vehicle j on a track upstream of a lane leads over a connection of it.
bool comes_over(const Step& step, std::uint32_t j, std::span<const Upstream> upstream,
                std::uint32_t place, std::uint32_t connection) {
    if (place == 0) {
        return step.choice[j] == connection;
    }
    const std::uint32_t entered = edges_until(step, j, upstream, place);
    return entered != none &&
           step.edge_ahead(j, entered) == step.roads.edge[step.roads.lanes + connection];
}

/// Whether somebody with right of way comes over the other path of a meeting within the gap.
Yielding yields_at(const Step& step, const Candidate& c, const Meeting& m, double needed_s) {
    const std::uint32_t lane = step.roads.from_lane(m.other);
    const auto list = step.roads.upstream.of(lane);
    Yielding verdict = Yielding::No;
    for (std::uint32_t place = 0; place < list.size(); ++place) {
        const Upstream& u = list[place];
        if (u.to_end_m + m.other_begin_m > sight_m || (m.is_mutual && !u.is_free)) {
            continue;
        }
        for (const Slot& slot : step.order.of(u.track)) {
            const std::uint32_t j = slot.vehicle;
            if (slot.is_ghost != 0 || j == c.vehicle) {
                continue;
            }
            const double distance_m =
                u.to_end_m + step.roads.length_m[u.track] - slot.front_m + m.other_begin_m;
            if (distance_m > sight_m) {
                break;
            }
            if ((!u.is_free && step.was_granted[j] == 0) ||
                !comes_over(step, j, list, place, m.other)) {
                continue;
            }
            const bool is_granted =
                step.grants.any_of(m.other, [j](const Approach& a) { return a.vehicle == j; });
            if ((m.is_mutual && !is_granted) ||
                arrival_s(step, slot, distance_m, lane) >= needed_s) {
                continue;
            }
            if (is_granted || step.standing_s(j) < 1.0) {
                return Yielding::ToMoving;
            }
            const double theirs_s = step.vehicles.standing_since_s[j];
            const bool is_longer =
                c.standing_since_s < theirs_s || (c.standing_since_s == theirs_s && c.vehicle < j);
            const bool gives_in = step.standing_s(c.vehicle) >= standoff_s && is_longer;
            verdict = gives_in ? verdict : Yielding::ToStanding;
        }
    }
    return verdict;
}

} // namespace

bool is_careful(const Step& step, std::uint32_t k) {
    return step.has_working_light(k) && step.light(k) == Light::Red;
}

bool must_yield_on(const Step& step, std::uint32_t k) {
    if (is_careful(step, k)) {
        return !step.roads.meetings.of(k).empty();
    }
    if (step.has_working_light(k) && step.light(k) == Light::Green) {
        return false;
    }
    const auto meetings = step.roads.meetings.of(k);
    return std::any_of(meetings.begin(), meetings.end(),
                       [](const Meeting& m) { return m.must_yield; });
}

Yielding is_yielding(const Step& step, const Candidate& c,
                     const std::vector<std::uint32_t>& blocked_lanes) {
    Yielding verdict = Yielding::No;
    for (const Passage& passage : c.path.all()) {
        const std::uint32_t k = passage.connection;
        if (!must_yield_on(step, k)) {
            continue;
        }
        const bool careful = is_careful(step, k);
        const double needed_s = needed_gap_s(step, c, passage);
        for (const Meeting& m : step.roads.meetings.of(k)) {
            const std::uint32_t lane = step.roads.from_lane(m.other);
            const bool has_red =
                step.has_working_light(m.other) &&
                (step.light(m.other) == Light::Red || step.light(m.other) == Light::Yellow);
            if ((!m.must_yield && !careful) || has_red ||
                std::find(blocked_lanes.begin(), blocked_lanes.end(), lane) !=
                    blocked_lanes.end()) {
                continue;
            }
            const Yielding here = yields_at(step, c, m, needed_s);
            if (here == Yielding::ToMoving) {
                return here;
            }
            verdict = here == Yielding::No ? verdict : here;
        }
    }
    return verdict;
}

namespace {

std::uint32_t cluster_of(const Step& step, const Candidate& c) {
    return step.roads.cluster_of[step.roads.from_lane(c.path.at_line().connection)];
}

/// A meeting on a candidate's path, and what it takes to pass it.
struct Encounter {
    const Meeting& meeting;
    double arrival_s; ///< of the candidate at the stretch
    double needed_s;  ///< others must not come earlier, if it goes first
    bool can_wait;    ///< the candidate can stop before the stretch
};

/// Lets the candidate in before or behind one who is granted the other path, whose front has
/// `to_begin_m` to go to the stretch. Who meets nobody any more has no ticket: he is ahead of all.
void make_room(const Step& step, std::uint32_t j, double to_begin_m, bool has_ticket,
               const Encounter& e, Opening& opening) {
    const Vehicles& v = step.vehicles;
    // Where paths merge, one who is in the stretch is followed.
    const double stretch_m =
        e.meeting.is_merge ? 2.0 : e.meeting.other_end_m - e.meeting.other_begin_m;
    const double clear_s =
        covered_s(step, j, to_begin_m + stretch_m + v.length_m[j], e.meeting.other);
    const double stop_m = stopping_m(v.speed_mps[j], step.parameters.conflict_deceleration_mps2) +
                          v.speed_mps[j] * step.dt;
    if (clear_s <= e.arrival_s && e.can_wait) {
        opening.after_s = std::max(opening.after_s, has_ticket ? v.granted_s[j] : -1.0);
    } else if (stop_m < to_begin_m &&
               covered_s(step, j, to_begin_m, e.meeting.other) >= e.needed_s) {
        opening.before_s = std::min(opening.before_s, v.granted_s[j]);
    } else {
        opening.before_s = -1.0; // neither
    }
}

/// True where one who drives on a connection of the cluster may still have to wait for others
/// there: his ticket counts.
bool has_ticket(const Step& step, const Slot& slot, std::uint32_t connection,
                std::uint32_t cluster) {
    return (slot.is_ghost == 0 && slot.front_m <= step.roads.last_begin_m[connection]) ||
           step.granted_by[slot.vehicle] == cluster;
}

void make_room_for_all(const Step& step, const Candidate& c, const Encounter& e, Opening& opening) {
    const Meeting& m = e.meeting;
    const std::uint32_t cluster = cluster_of(step, c);
    for (const Slot& slot : step.order.of(step.roads.lanes + m.other)) {
        const double passed_m = m.is_merge ? m.other_begin_m + 2.0 : m.other_end_m;
        if (slot.vehicle != c.vehicle && slot.rear_m() < passed_m) {
            make_room(step, slot.vehicle, m.other_begin_m - slot.front_m,
                      has_ticket(step, slot, m.other, cluster), e, opening);
        }
    }
    step.grants.any_of(m.other, [&](const Approach& a) {
        if (a.vehicle != c.vehicle) {
            make_room(step, a.vehicle, a.to_start_m + m.other_begin_m, true, e, opening);
        }
        return false;
    });
}

/// Who drives in front on the path and may still have to wait for others goes first everywhere.
void follow_those_on(const Step& step, const Candidate& c, Opening& opening) {
    const std::uint32_t cluster = cluster_of(step, c);
    const auto follow = [&](const Slot& slot) {
        if (slot.vehicle != c.vehicle) {
            opening.after_s = std::max(opening.after_s, step.vehicles.granted_s[slot.vehicle]);
        }
    };
    for (const Passage& p : c.path.all()) {
        for (const Slot& slot : step.order.of(step.roads.lanes + p.connection)) {
            if (has_ticket(step, slot, p.connection, cluster)) {
                follow(slot);
            }
        }
        for (const Slot& slot : step.order.of(p.behind.track)) {
            if (step.granted_by[slot.vehicle] == cluster) {
                follow(slot);
            }
        }
    }
}

} // namespace

std::optional<double> find_ticket(const Step& step, const Candidate& c, double ticket_s) {
    const DriverParameters& p = step.driver(c.vehicle);
    const double speed = step.vehicles.speed_mps[c.vehicle];
    const double length_m = step.vehicles.length_m[c.vehicle];
    Opening opening{c.after_s};
    follow_those_on(step, c, opening);
    for (const Passage& passage : c.path.all()) {
        const std::uint32_t k = passage.connection;
        const double top = step.desired_mps(c.vehicle, step.roads.lanes + k);
        const bool yields = must_yield_on(step, k);
        const double gap_s = yields ? needed_gap_s(step, c, passage) : 0.0;
        for (const Meeting& m : step.roads.meetings.of(k)) {
            const double begin_m = passage.distance_m + m.begin_m;
            const double end_m = passage.distance_m + (m.is_merge ? m.begin_m : m.end_m) + length_m;
            const double stop_m =
                stopping_m(speed, step.parameters.conflict_deceleration_mps2) + speed * step.dt;
            const double passed_s = time_to_cover(end_m, speed, p.max_acceleration_mps2, top);
            make_room_for_all(step, c,
                              {m, time_to_cover(begin_m, speed, p.max_acceleration_mps2, top),
                               std::max(gap_s, passed_s + (m.is_merge ? 0.0 : clear_before_s)),
                               stop_m <= begin_m},
                              opening);
        }
    }
    if (opening.before_s > ticket_s) {
        return opening.after_s < ticket_s ? std::optional(ticket_s) : std::nullopt;
    }
    const double between_s = 0.5 * (opening.after_s + opening.before_s);
    return opening.after_s < between_s && between_s < opening.before_s ? std::optional(between_s)
                                                                       : std::nullopt;
}

} // namespace veste::traffic
