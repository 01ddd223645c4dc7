#include "traffic/roads.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste::traffic {
namespace {

/// Two paths run together while their centre lines are nearer than a vehicle's width and margin.
constexpr double together_m = 2.2;

/// How far along `a` (from its start) both lines stay together.
double together_until_m(const Polyline& a, const Polyline& b, double a_length_m) {
    constexpr double step_m = 0.5;
    double until = 0.0;
    while (until < a_length_m) {
        if (nearest_place(b, place_at(a, until).at).distance_m > together_m) {
            return until;
        }
        until += step_m;
    }
    return a_length_m;
}

Polyline reversed(const Polyline& line) {
    return {line.rbegin(), line.rend()};
}

void add_missing_meetings(const StreetNetwork& streets,
                          std::vector<std::vector<Meeting>>& meetings) {
    const auto find = [&](std::uint32_t from, std::uint32_t to) {
        return std::any_of(meetings[from].begin(), meetings[from].end(),
                           [to](const Meeting& m) { return m.other == to; });
    };
    for (std::uint32_t k = 0; k < meetings.size(); ++k) {
        for (std::size_t n = 0; n < meetings[k].size(); ++n) {
            const Meeting m = meetings[k][n];
            if (!find(m.other, k)) {
                meetings[m.other].push_back(
                    {k, m.other_begin_m, m.other_end_m, m.begin_m, m.end_m, false, false});
            }
        }
    }
    // Paths into one lane meet at its start at the latest.
    std::vector<std::vector<std::uint32_t>> into(streets.lanes.size());
    for (std::uint32_t k = 0; k < streets.connections.size(); ++k) {
        into[streets.connections[k].to.index].push_back(k);
    }
    for (const std::vector<std::uint32_t>& merging : into) {
        for (const std::uint32_t k : merging) {
            for (const std::uint32_t other : merging) {
                const Connection& a = streets.connections[k];
                const Connection& b = streets.connections[other];
                if (k == other || a.from == b.from || find(k, other)) {
                    continue;
                }
                const double a_m = together_until_m(reversed(a.line), reversed(b.line), a.length_m);
                const double b_m = together_until_m(reversed(b.line), reversed(a.line), b.length_m);
                meetings[k].push_back({other, a.length_m - a_m, a.length_m, b.length_m - b_m,
                                       b.length_m, a.turn != Turn::Straight, false});
            }
        }
    }
}

std::vector<std::vector<Meeting>> find_meetings(const StreetNetwork& streets) {
    std::vector<std::vector<Meeting>> meetings(streets.connections.size());
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        for (const Conflict& c : streets.connections[k].conflicts) {
            if (streets.connection(c.other).from != streets.connections[k].from) {
                meetings[k].push_back({c.other.index, c.begin_m, c.end_m, c.other_begin_m,
                                       c.other_end_m, c.must_yield, false});
            }
        }
    }
    add_missing_meetings(streets, meetings);
    for (std::uint32_t k = 0; k < meetings.size(); ++k) {
        for (Meeting& m : meetings[k]) {
            m.is_mutual =
                m.must_yield &&
                std::any_of(meetings[m.other].begin(), meetings[m.other].end(),
                            [k](const Meeting& o) { return o.other == k && o.must_yield; });
        }
    }
    return meetings;
}

std::vector<std::vector<Divergence>> find_divergences(const StreetNetwork& streets) {
    std::vector<std::vector<Divergence>> divergences(streets.connections.size());
    for (const Lane& lane : streets.lanes) {
        for (std::uint32_t i = 0; i < lane.connections; ++i) {
            for (std::uint32_t j = 0; j < lane.connections; ++j) {
                const std::uint32_t a = lane.first_connection + i;
                const std::uint32_t b = lane.first_connection + j;
                if (a != b) {
                    const Connection& first = streets.connections[a];
                    const Connection& second = streets.connections[b];
                    divergences[a].push_back(
                        {b, together_until_m(first.line, second.line, first.length_m)});
                }
            }
        }
    }
    return divergences;
}

/// HCM 2000, exhibit 17-5, for two lanes on the major street; the
/// roundabout's is fitted to HCM 2010's capacity 1130 exp(-0.001 q) with followers as IDM makes
/// them.
double critical_gap(const StreetNetwork& streets, const Connection& c,
                    std::span<const Meeting> meetings, const TrafficParameters& parameters) {
    const Node& node = streets.node(c.node);
    if (node.control == Control::Roundabout) {
        return parameters.critical_gap_roundabout_s;
    }
    if (node.control == Control::RightBeforeLeft || node.control == Control::AllWayStop) {
        return parameters.critical_gap_equal_s;
    }
    const Turn near_side = streets.is_left_hand ? Turn::Left : Turn::Right;
    if (c.turn == near_side) {
        return parameters.critical_gap_s;
    }
    if (c.turn == Turn::Straight) {
        return parameters.critical_gap_straight_s;
    }
    // A far-side turn that yields to one street only comes from the major street.
    std::uint32_t yields_to = none;
    for (const Meeting& m : meetings) {
        if (m.must_yield) {
            const std::uint32_t edge = streets.lane(streets.connections[m.other].from).edge.index;
            if (yields_to != none && yields_to != edge) {
                return parameters.critical_gap_far_turn_s;
            }
            yields_to = edge;
        }
    }
    return parameters.critical_gap_major_turn_s;
}

void find_crossings(const StreetNetwork& streets, Roads& roads) {
    std::vector<std::vector<CrossingAhead>> on_track(roads.tracks);
    for (std::uint32_t c = 0; c < streets.crossings.size(); ++c) {
        const Crossing& crossing = streets.crossings[c];
        for (const CrossingPlace& place : crossing.places) {
            const std::uint32_t track =
                place.lane.is_valid() ? place.lane.index : roads.lanes + place.connection.index;
            const double half_m = 0.5 * crossing.width_m;
            on_track[track].push_back({c, place.at_m - half_m, place.at_m + half_m});
        }
    }
    for (std::vector<CrossingAhead>& list : on_track) {
        std::stable_sort(list.begin(), list.end(),
                         [](const auto& a, const auto& b) { return a.begin_m < b.begin_m; });
    }
    roads.crossings.fill(on_track);
}

void find_successors(const StreetNetwork& streets, Roads& roads) {
    std::vector<std::vector<Successor>> successors(streets.edges.size());
    for (const Connection& c : streets.connections) {
        const Lane& from = streets.lane(c.from);
        const Lane& to = streets.lane(c.to);
        const auto classes = static_cast<VehicleClasses>(from.allowed & to.allowed);
        const double length_m = std::max(
            c.length_m, (roads.edge_end[from.edge.index] - roads.edge_start[to.edge.index]).norm());
        std::vector<Successor>& list = successors[from.edge.index];
        const double speed_mps = std::max(c.speed_mps, 1.0);
        const auto same = std::find_if(list.begin(), list.end(), [&](const Successor& s) {
            return s.edge == to.edge.index && s.classes == classes;
        });
        if (same == list.end()) {
            list.push_back({to.edge.index, classes, length_m, speed_mps});
        } else if (length_m / speed_mps < same->length_m / same->speed_mps) {
            same->length_m = length_m;
            same->speed_mps = speed_mps;
        }
        roads.fastest_mps = std::max(roads.fastest_mps, speed_mps);
    }
    roads.successors.fill(successors);
}

void find_lights(const StreetNetwork& streets, Roads& roads) {
    for (const Signal& signal : streets.signals) {
        roads.first_link.push_back(roads.links);
        roads.links += signal.links;
    }
    for (const Connection& c : streets.connections) {
        const SignalId signal = streets.node(c.node).signal;
        const bool has_light = signal.is_valid() && c.signal_link != UINT32_MAX;
        roads.signal.push_back(has_light ? signal.index : none);
        roads.light.push_back(has_light ? roads.first_link[signal.index] + c.signal_link : none);
    }
}

void find_neighbours(const StreetNetwork& streets, Roads& roads) {
    std::vector<std::vector<std::uint32_t>> incoming(streets.lanes.size());
    std::vector<std::vector<std::uint32_t>> at_node(streets.nodes.size());
    for (std::uint32_t k = 0; k < streets.connections.size(); ++k) {
        incoming[streets.connections[k].to.index].push_back(k);
    }
    for (std::uint32_t l = 0; l < streets.lanes.size(); ++l) {
        at_node[streets.edge(streets.lanes[l].edge).to.index].push_back(l);
    }
    roads.incoming.fill(incoming);
    roads.node_lanes.fill(at_node);
}

} // namespace

Roads::Roads(const StreetNetwork& network, const TrafficParameters& parameters)
    : streets(network), lanes(static_cast<std::uint32_t>(network.lanes.size())),
      tracks(lanes + static_cast<std::uint32_t>(network.connections.size())) {
    for (const Lane& lane : streets.lanes) {
        length_m.push_back(lane.length_m);
        edge.push_back(lane.edge.index);
        curve_mps.push_back(std::numeric_limits<double>::infinity());
    }
    for (const Connection& c : streets.connections) {
        length_m.push_back(c.length_m);
        edge.push_back(streets.lane(c.to).edge.index);
        curve_mps.push_back(std::max(c.speed_mps, 1.0));
    }
    for (const Edge& e : streets.edges) {
        const Lane& kerb = streets.lane(e.first_lane);
        edge_start.push_back(kerb.line.front());
        edge_end.push_back(kerb.line.back());
        edge_length_m.push_back(
            std::max(kerb.length_m, (edge_end.back() - edge_start.back()).norm()));
        fastest_mps = std::max(fastest_mps, e.speed_limit_mps);
    }
    meetings.fill(find_meetings(streets));
    divergences.fill(find_divergences(streets));
    find_crossings(streets, *this);
    find_successors(streets, *this);
    find_lights(streets, *this);
    find_neighbours(streets, *this);
    // One grant asked for on a lane means that all there ask: grants then go from front to back.
    std::vector<std::uint8_t> is_settled(lanes, 0);
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        if (!meetings.of(k).empty() || light[k] != none) {
            is_settled[streets.connections[k].from.index] = 1;
        }
    }
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        needs_grant.push_back(is_settled[streets.connections[k].from.index]);
        critical_gap_s.push_back(
            critical_gap(streets, streets.connections[k], meetings.of(k), parameters));
    }
}

namespace {

/// Lane changes needed on an edge from lane index `at` to reach a lane that leads to `after`.
int changes_needed(const Roads& roads, std::uint32_t edge, std::uint32_t at, std::uint32_t after,
                   VehicleClass c) {
    const Edge& e = roads.streets.edges[edge];
    int fewest = static_cast<int>(e.lanes);
    for (std::uint32_t index = 0; index < e.lanes; ++index) {
        const Lane& lane = roads.streets.lanes[e.first_lane.index + index];
        if (!has(lane.allowed, c)) {
            continue;
        }
        for (std::uint32_t n = 0; n < lane.connections; ++n) {
            const std::uint32_t track = roads.lanes + lane.first_connection + n;
            if (roads.edge[track] == after) {
                fewest = std::min(fewest, std::abs(static_cast<int>(index) - static_cast<int>(at)));
                break;
            }
        }
    }
    return fewest;
}

} // namespace

std::uint32_t best_connection(const Roads& roads, std::uint32_t lane, std::uint32_t next,
                              std::uint32_t after, VehicleClass c) {
    const Lane& from = roads.streets.lanes[lane];
    std::uint32_t best = none;
    int best_cost = 0;
    for (std::uint32_t n = 0; n < from.connections; ++n) {
        const std::uint32_t k = from.first_connection + n;
        if (roads.edge[roads.lanes + k] != next || !roads.allows(roads.to_lane(k), c)) {
            continue;
        }
        const std::uint32_t to_index = roads.streets.lanes[roads.to_lane(k)].index;
        int cost = std::abs(static_cast<int>(to_index) - static_cast<int>(from.index));
        if (after != none) {
            cost += 16 * changes_needed(roads, next, to_index, after, c);
        }
        if (best == none || cost < best_cost) {
            best = k;
            best_cost = cost;
        }
    }
    return best;
}

} // namespace veste::traffic
