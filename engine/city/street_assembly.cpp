#include "city/street_assembly.hpp"

#include "base/errors.hpp"
#include "city/street_stages.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace veste {
namespace {

constexpr double direction_reach_m = 6.0;

void check(const RawStreets& raw) {
    for (std::size_t i = 0; i < raw.edges.size(); ++i) {
        const RawEdge& e = raw.edges[i];
        const bool is_sound = e.from < raw.nodes.size() && e.to < raw.nodes.size() &&
                              e.line.size() >= 2 && !e.lanes.empty() && length_m(e.line) > 0.0 &&
                              (e.opposite == no_index || e.opposite < raw.edges.size());
        if (!is_sound) {
            throw UsageError(
                fmt::format("assemble_street_network: edge {} (way {}) needs two nodes, a line "
                            "longer than 0 and a lane",
                            i, e.osm_way));
        }
    }
}

/// The street's line, joined to the middles of the junctions where these were merged.
Polyline joined_line(const RawStreets& raw, const RawEdge& e) {
    constexpr double same_m = 0.01;
    Polyline line = e.line;
    const Vec2& from = raw.nodes[e.from].at;
    const Vec2& to = raw.nodes[e.to].at;
    if ((line.front() - from).norm() > same_m) {
        line.insert(line.begin(), from);
    }
    if ((line.back() - to).norm() > same_m) {
        line.push_back(to);
    }
    return line;
}

void copy_nodes_and_edges(Assembly& a) {
    StreetNetwork& network = a.network;
    network.is_left_hand = a.raw.is_left_hand;
    for (const RawNode& raw : a.raw.nodes) {
        Node node;
        node.at = raw.at;
        node.osm_ids = raw.osm_ids;
        node.is_border = raw.is_border;
        network.nodes.push_back(std::move(node));
    }
    for (std::size_t i = 0; i < a.raw.edges.size(); ++i) {
        const RawEdge& raw = a.raw.edges[i];
        Edge edge;
        edge.from = NodeId(raw.from);
        edge.to = NodeId(raw.to);
        edge.opposite = EdgeId(raw.opposite);
        edge.speed_limit_mps = raw.speed_mps;
        edge.is_speed_assumed = raw.is_speed_assumed;
        edge.are_lanes_assumed = raw.are_lanes_assumed;
        edge.is_bridge = raw.is_bridge;
        edge.is_tunnel = raw.is_tunnel;
        edge.is_roundabout = raw.is_roundabout;
        edge.must_give_way = raw.must_give_way || raw.must_stop;
        edge.must_stop = raw.must_stop;
        edge.level = raw.level;
        edge.highway = raw.highway;
        edge.osm_way = raw.osm_way;
        edge.name = raw.name;
        edge.line = joined_line(a.raw, raw);
        edge.length_m = length_m(edge.line);
        network.nodes[raw.from].outgoing.push_back(EdgeId(i));
        network.nodes[raw.to].incoming.push_back(EdgeId(i));
        network.edges.push_back(std::move(edge));
    }
}

} // namespace

double Assembly::half_width_m(std::size_t edge) const {
    const RawEdge& e = raw.edges[edge];
    double width = 0.0;
    for (const RawLane& lane : e.lanes) {
        width += lane.width_m;
    }
    if (e.opposite != no_index) {
        for (const RawLane& lane : raw.edges[e.opposite].lanes) {
            width += lane.width_m;
        }
    }
    return 0.5 * width;
}

std::vector<Arm> arms_of(const Assembly& a, std::size_t node) {
    std::vector<Arm> arms;
    for (const EdgeId id : a.network.nodes[node].outgoing) {
        arms.push_back({id.index, true, a.raw.edges[id.index].line});
    }
    for (const EdgeId id : a.network.nodes[node].incoming) {
        const RawEdge& e = a.raw.edges[id.index];
        if (e.opposite == no_index) {
            arms.push_back({id.index, false, Polyline(e.line.rbegin(), e.line.rend())});
        }
    }
    return arms;
}

double turn_angle_deg(const Vec2& from, const Vec2& to) {
    return std::atan2(cross(from, to), from.dot(to)) * 180.0 / std::numbers::pi;
}

Vec2 direction_at_start(std::span<const Vec2> line) {
    const Vec2 along = place_at(line, direction_reach_m).at - line.front();
    return along.norm() > 1e-6 ? Vec2(along.normalized()) : Vec2(1.0, 0.0);
}

Vec2 direction_at_end(std::span<const Vec2> line) {
    const Vec2 along = line.back() - place_at(line, length_m(line) - direction_reach_m).at;
    return along.norm() > 1e-6 ? Vec2(along.normalized()) : Vec2(1.0, 0.0);
}

Polyline part_of(std::span<const Vec2> line, double begin_m, double end_m) {
    constexpr double apart_m = 0.05;
    Polyline part = {place_at(line, begin_m).at};
    double travelled = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        travelled += (line[i] - line[i - 1]).norm();
        if (travelled > begin_m + apart_m && travelled < end_m - apart_m &&
            (line[i] - part.back()).norm() > apart_m) {
            part.push_back(line[i]);
        }
    }
    part.push_back(place_at(line, end_m).at);
    return part;
}

int turn_rank(Turn turn, bool is_left_hand) {
    switch (turn) {
    case Turn::Straight:
        return 0;
    case Turn::Right:
        return is_left_hand ? 2 : 1;
    case Turn::Left:
        return is_left_hand ? 1 : 2;
    case Turn::UTurn:
        break;
    }
    return 3;
}

void add_turns_back(const RawStreets& raw, std::vector<RawMovement>& movements) {
    const std::size_t n = raw.edges.size();
    std::vector<unsigned> own(n, 0);
    std::vector<unsigned> leads_on(n, 0); // classes that need not end there
    for (std::size_t e = 0; e < n; ++e) {
        for (const RawLane& lane : raw.edges[e].lanes) {
            own[e] |= lane.allowed;
        }
        leads_on[e] = own[e];
    }
    // Ways that end blindly, or outside for good, are no way on; nor are ways that only lead there.
    std::vector<unsigned> onward(n, 0);
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        std::fill(onward.begin(), onward.end(), 0U);
        for (const RawMovement& m : movements) {
            onward[m.from] |= m.allowed & leads_on[m.to];
        }
        for (std::size_t e = 0; e < n; ++e) {
            const std::uint32_t back = raw.edges[e].opposite;
            const unsigned turning = back == no_index ? 0U : own[e] & own[back];
            const unsigned now = leads_on[e] & (onward[e] | turning);
            has_changed = has_changed || now != leads_on[e];
            leads_on[e] = now;
        }
    }
    for (std::uint32_t e = 0; e < n; ++e) {
        const std::uint32_t back = raw.edges[e].opposite;
        const unsigned missing = back == no_index ? 0U : own[e] & own[back] & ~onward[e];
        if (missing != 0) {
            movements.push_back({e, back, static_cast<VehicleClasses>(missing)});
        }
    }
    std::stable_sort(movements.begin(), movements.end(),
                     [](const RawMovement& a, const RawMovement& b) { return a.from < b.from; });
}

std::vector<RawMovement> all_movements(const RawStreets& raw) {
    std::vector<RawMovement> movements;
    std::vector<std::vector<std::uint32_t>> leaving(raw.nodes.size());
    for (std::uint32_t e = 0; e < raw.edges.size(); ++e) {
        leaving[raw.edges[e].from].push_back(e);
    }
    for (std::uint32_t e = 0; e < raw.edges.size(); ++e) {
        for (const std::uint32_t next : leaving[raw.edges[e].to]) {
            unsigned classes = 0;
            for (const RawLane& from : raw.edges[e].lanes) {
                for (const RawLane& to : raw.edges[next].lanes) {
                    classes |= unsigned{from.allowed} & to.allowed;
                }
            }
            if (next != raw.edges[e].opposite && classes != 0) {
                movements.push_back({e, next, static_cast<VehicleClasses>(classes)});
            }
        }
    }
    add_turns_back(raw, movements);
    return movements;
}

StreetNetwork assemble_street_network(RawStreets raw) {
    check(raw);
    Assembly a;
    a.raw = std::move(raw);
    copy_nodes_and_edges(a);
    trim_streets(a);
    lay_lanes(a);
    connect_lanes(a);
    settle_right_of_way(a);
    place_crossings(a);
    make_signal_plans(a);
    return std::move(a.network);
}

} // namespace veste
