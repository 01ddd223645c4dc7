#include "traffic/roads.hpp"

#include <algorithm>

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
                    {k, m.other_begin_m, m.other_end_m, m.begin_m, m.end_m});
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
                                       b.length_m, a.turn != Turn::Straight});
            }
        }
    }
}

} // namespace

std::vector<std::vector<Meeting>> find_meetings(const StreetNetwork& streets) {
    std::vector<std::vector<Meeting>> meetings(streets.connections.size());
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        for (const Conflict& c : streets.connections[k].conflicts) {
            if (streets.connection(c.other).from != streets.connections[k].from) {
                meetings[k].push_back({c.other.index, c.begin_m, c.end_m, c.other_begin_m,
                                       c.other_end_m, c.must_yield});
            }
        }
    }
    add_missing_meetings(streets, meetings);
    for (std::uint32_t k = 0; k < meetings.size(); ++k) {
        for (Meeting& m : meetings[k]) {
            m.is_merge = streets.connections[k].to == streets.connections[m.other].to;
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

} // namespace veste::traffic
