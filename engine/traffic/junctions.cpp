#include "traffic/junctions.hpp"

#include <algorithm>
#include <limits>

namespace veste::traffic {
namespace {

/// Others let a driver go first who has waited so long at a stop line.
constexpr double overdue_s = 90.0;
/// A grant that a standing vehicle does not use is taken back.
constexpr double unused_s = 2.0;

enum class Verdict { Granted, Light, Room, Held, Yields };

/// Working place of one cluster's settlement.
struct Settlement {
    std::vector<Candidate> candidates;
    std::vector<std::uint32_t> blocked_lanes; ///< their first vehicle cannot go for other reasons
    std::vector<const Candidate*> let_first;  ///< overdue ones that still wait for a gap
};

bool can_stop(const Step& step, std::uint32_t i, double distance_m, double deceleration) {
    return stopping_m(step.vehicles.speed_mps[i], deceleration) < distance_m;
}

/// True where a connection has a light that counts for a vehicle.
bool heeds_light(const Step& step, std::uint32_t i, std::uint32_t k) {
    return step.has_working_light(k) &&
           (step.class_of(i) != VehicleClass::Emergency || step.light(k) != Light::Red);
}

/// The firmness with which a driver would stop now for a light; negative where there is no reason.
double reason_to_stop_mps2(const Step& step, std::uint32_t k) {
    switch (step.light(k)) {
    case Light::Green:
    case Light::GreenYield:
        return -1.0;
    case Light::Yellow:
        return step.parameters.yellow_deceleration_mps2;
    case Light::Red:
        return 2.0 * step.parameters.yellow_deceleration_mps2;
    }
    return -1.0;
}

/// A grant not yet used is taken back when the first light on its path has changed, the way was
/// closed or its vehicle stands, as long as the vehicle can stop.
bool is_to_revoke(const Step& step, std::uint32_t i, double distance_m) {
    if (step.standing_s(i) > unused_s && step.now_s - step.vehicles.granted_s[i] > unused_s) {
        return true;
    }
    bool has_passed_light = false;
    for (const std::uint32_t k : step.vehicles.granted_to(i)) {
        if (k == none) {
            break;
        }
        if (!step.may_take(k, i) &&
            can_stop(step, i, distance_m, step.parameters.yellow_deceleration_mps2)) {
            return true;
        }
        if (!has_passed_light && heeds_light(step, i, k)) {
            has_passed_light = true;
            const double firm = reason_to_stop_mps2(step, k);
            if (firm > 0.0 && can_stop(step, i, distance_m, firm)) {
                return true;
            }
        }
    }
    return false;
}

/// One who turned up at the line under a yielding green and found no gap may clear the junction
/// when the light turns yellow ("sneakers", HCM 2000 chapter 16).
bool may_pass_light(const Step& step, const Candidate& c, const Passage& p) {
    switch (step.light(p.connection)) {
    case Light::Green:
    case Light::GreenYield:
        return true;
    case Light::Yellow:
        return !can_stop(step, c.vehicle, p.distance_m, step.parameters.yellow_deceleration_mps2) ||
               (c.must_yield && p.distance_m < 3.0 && step.standing_s(c.vehicle) > 2.0);
    case Light::Red:
        return false;
    }
    return false;
}

/// At stop signs everybody stops first.
bool has_stopped_where_it_must(const Step& step, const Candidate& c) {
    const std::uint32_t k = c.path.at_line().connection;
    const Connection& connection = step.roads.streets.connections[k];
    const Edge& edge = step.roads.streets.edge(step.roads.streets.lane(connection.from).edge);
    const bool all_stop = step.roads.streets.node(connection.node).control == Control::AllWayStop;
    if (step.has_working_light(k) || (!edge.must_stop && !all_stop)) {
        return true;
    }
    return c.distance_m < 3.0 && step.vehicles.speed_mps[c.vehicle] < 0.5;
}

/// True where two paths meet or lead into the same lane.
bool do_meet(const Step& step, const Path& a, const Path& b) {
    for (const Passage& p : a.all()) {
        for (const Passage& q : b.all()) {
            const auto meetings = step.roads.meetings.of(p.connection);
            if (std::any_of(meetings.begin(), meetings.end(),
                            [&](const Meeting& m) { return m.other == q.connection; })) {
                return true;
            }
        }
    }
    return false;
}

/// Sets the candidate's ticket where it may go.
Verdict judge(const Step& step, const Candidate& c, const Settlement& s, double& ticket_s) {
    if (!may_pass_lights(step, c) || !has_stopped_where_it_must(step, c)) {
        return Verdict::Light;
    }
    if (!is_path_usable(step, c.vehicle, c.path)) {
        return Verdict::Room;
    }
    const Room room = find_room(step, c.vehicle, c.path);
    if (!room.is_there) {
        step.grants.waits_for[c.vehicle] = room.blocker;
        return Verdict::Room;
    }
    const bool lets_go = std::any_of(s.let_first.begin(), s.let_first.end(),
                                     [&](const auto* o) { return do_meet(step, o->path, c.path); });
    const std::optional<double> ticket = find_ticket(step, c, ticket_s);
    if (lets_go || !ticket) {
        return Verdict::Held;
    }
    ticket_s = *ticket;
    if (c.must_yield && !c.is_overdue && is_yielding(step, c, s.blocked_lanes) != Yielding::No) {
        return Verdict::Yields;
    }
    return Verdict::Granted;
}

struct Arriving {
    std::uint32_t vehicle;
    double distance_m; ///< to the stop line
};

/// Vehicles with nobody's stop line between them and a lane's, from the front to the back.
void find_arriving(const Step& step, std::uint32_t lane, std::vector<Arriving>& arriving) {
    const Roads& roads = step.roads;
    arriving.clear();
    bool is_sorted = true;
    for (const Upstream& u : roads.upstream.of(lane)) {
        if (!u.is_free) {
            break;
        }
        const bool is_passage =
            !roads.is_lane(u.track) && roads.needs_grant[u.track - roads.lanes] != 0;
        for (const Slot& slot : step.order.of(u.track)) {
            // Who is in a junction asks for the next one when he is past everybody else's path.
            if (slot.is_ghost != 0 ||
                (is_passage && slot.front_m <= roads.last_begin_m[u.track - roads.lanes])) {
                continue;
            }
            const double distance_m = u.to_end_m + roads.length_m[u.track] - slot.front_m;
            if (distance_m > sight_m) {
                break;
            }
            is_sorted = is_sorted && (arriving.empty() || arriving.back().distance_m <= distance_m);
            arriving.push_back({slot.vehicle, distance_m});
        }
    }
    if (!is_sorted) {
        std::stable_sort(arriving.begin(), arriving.end(),
                         [](const auto& a, const auto& b) { return a.distance_m < b.distance_m; });
    }
}

/// Takes a grant back.
void revoke(const Step& step, std::uint32_t i) {
    const Path path = granted_path(step, i);
    for (std::uint32_t n = path.first_line; n < path.count; ++n) {
        step.grants.remove(path.passages[n].connection, i);
    }
    const auto granted = step.vehicles.granted_to(i);
    std::fill(granted.begin(), granted.end(), none);
}

bool covers_line(const Step& step, std::uint32_t i, std::uint32_t lane) {
    const auto granted = step.vehicles.granted_to(i);
    return std::any_of(granted.begin(), granted.end(), [&](std::uint32_t k) {
        return k != none && step.roads.from_lane(k) == lane;
    });
}

/// The first one who comes to a stop line without a grant may ask for one.
void take_arriving(const Step& step, std::uint32_t lane, Settlement& s,
                   std::vector<Arriving>& arriving) {
    find_arriving(step, lane, arriving);
    // Who could not stop before the line without standing in the way of others goes on.
    const bool can_wait = step.roads.run_before_m[lane] >= step.roads.refuge_m(lane);
    bool is_way_granted = true; // to all in front
    double after_s = -1.0;
    for (const Arriving& a : arriving) {
        const std::uint32_t i = a.vehicle;
        if (step.next_line[i] != lane) {
            // Whose lane does not lead on blocks it; who turns off before is of no concern.
            is_way_granted = is_way_granted && step.next_line[i] != none;
            continue;
        }
        if (covers_line(step, i, lane)) {
            if (!can_wait || (is_way_granted && !is_to_revoke(step, i, a.distance_m))) {
                after_s = std::max(after_s, step.vehicles.granted_s[i]);
                continue;
            }
            revoke(step, i);
        }
        const bool may_ask = is_way_granted && !step.vehicles.is_granted(i) &&
                             a.distance_m <= decision_distance_m(step, i);
        if (may_ask) {
            step.grants.first_at_line[lane] = i;
            s.candidates.push_back(candidate_of(step, i));
            s.candidates.back().after_s = after_s;
        }
        is_way_granted = false;
    }
}

bool goes_first(const Candidate& a, const Candidate& b) {
    if (a.is_overdue != b.is_overdue) {
        return a.is_overdue;
    }
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

} // namespace

bool may_pass_lights(const Step& step, const Candidate& c) {
    for (const Passage& p : c.path.all()) {
        if (heeds_light(step, c.vehicle, p.connection)) {
            return may_pass_light(step, c, p);
        }
    }
    return true;
}

bool is_path_usable(const Step& step, std::uint32_t vehicle, const Path& path) {
    return !path.breaks_off &&
           std::all_of(path.all().begin(), path.all().end(),
                       [&](const Passage& p) { return step.may_take(p.connection, vehicle); });
}

Candidate candidate_of(const Step& step, std::uint32_t i) {
    Candidate c;
    c.vehicle = i;
    c.path = find_path(step, i);
    c.distance_m = c.path.at_line().distance_m;
    c.must_yield = std::any_of(c.path.all().begin(), c.path.all().end(),
                               [&](const Passage& p) { return must_yield_on(step, p.connection); });
    const double since_s = step.vehicles.standing_since_s[i];
    c.standing_since_s = since_s < 0.0 ? std::numeric_limits<double>::infinity() : since_s;
    c.is_overdue = step.standing_s(i) > overdue_s;
    return c;
}

void register_grant(const Step& step, std::uint32_t i, const Path& path) {
    const auto places = static_cast<std::uint32_t>(step.order.slot_of[i] * most_granted);
    for (std::uint32_t n = path.has_line() ? path.first_line : 0; n < path.count; ++n) {
        const Passage& p = path.passages[n];
        step.grants.put(p.connection, places + n, i, p.distance_m);
    }
}

void grant(const Step& step, const Candidate& c, double ticket_s) {
    Vehicles& v = step.vehicles;
    for (std::uint32_t n = 0; n < c.path.count; ++n) {
        v.granted_to(c.vehicle)[n] = c.path.passages[n].connection;
    }
    v.granted_s[c.vehicle] = ticket_s;
    register_grant(step, c.vehicle, c.path);
}

double decision_distance_m(const Step& step, std::size_t i) {
    const double v = step.vehicles.speed_mps[i];
    return stopping_m(v, step.driver(i).comfortable_deceleration_mps2) + v + 5.0;
}

void settle_cluster(const Step& step, const Cluster& cluster) {
    Settlement s;
    std::vector<Arriving> arriving;
    for (const std::uint32_t lane : cluster.stop_lanes) {
        if (step.is_awaited[lane] != 0) {
            take_arriving(step, lane, s, arriving);
        }
    }
    std::sort(s.candidates.begin(), s.candidates.end(), goes_first);
    double next_s = step.now_s;
    for (const Candidate& c : s.candidates) {
        double ticket_s = next_s;
        switch (judge(step, c, s, ticket_s)) {
        case Verdict::Granted:
            grant(step, c, ticket_s);
            next_s += between_tickets_s;
            break;
        case Verdict::Light:
        case Verdict::Room:
            s.blocked_lanes.push_back(step.roads.from_lane(c.path.at_line().connection));
            break;
        case Verdict::Held:
        case Verdict::Yields:
            if (c.is_overdue) {
                s.let_first.push_back(&c);
            }
            break;
        }
    }
}

} // namespace veste::traffic
