#include "city/city_checker.hpp"

#include <algorithm>

namespace veste {
namespace {

constexpr std::uint64_t every_class = all_vehicle_classes;

void check_nodes(const StreetNetwork& s, const CityChecker& check) {
    for (std::size_t k = 0; k < s.nodes.size(); ++k) {
        const Node& node = s.nodes[k];
        check.position("at of node", k, node.at);
        check.at_least_zero("radius of node", k, node.radius_m);
        check.code("control of node", k, node.control, Control::DeadEnd);
        check.id("signal of node", k, node.signal, s.signals.size(), true);
        check.expect(!node.signal.is_valid() || s.signals[node.signal.index].node == NodeId(k),
                     "a node's signal stands at the node", k);
        for (const EdgeId e : node.incoming) {
            check.id("incoming edge of node", k, e, s.edges.size());
            check.expect(s.edge(e).to == NodeId(k), "a node's incoming edge ends there", k);
        }
        for (const EdgeId e : node.outgoing) {
            check.id("outgoing edge of node", k, e, s.edges.size());
            check.expect(s.edge(e).from == NodeId(k), "a node's outgoing edge begins there", k);
        }
    }
}

void check_edges(const StreetNetwork& s, const CityChecker& check) {
    for (std::size_t k = 0; k < s.edges.size(); ++k) {
        const Edge& edge = s.edges[k];
        check.id("first node of edge", k, edge.from, s.nodes.size());
        check.id("last node of edge", k, edge.to, s.nodes.size());
        check.id("opposite of edge", k, edge.opposite, s.edges.size(), true);
        check.expect(!edge.opposite.is_valid() || s.edge(edge.opposite).opposite == EdgeId(k),
                     "an edge is the opposite of its opposite", k);
        check.code("highway of edge", k, edge.highway, Highway::Track);
        check.expect(edge.lanes > 0, "an edge has a lane", k);
        check.at_most("last lane of edge", k, std::uint64_t{edge.first_lane.index} + edge.lanes,
                      s.lanes.size());
        check.above_zero("length of edge", k, edge.length_m);
        check.above_zero("speed limit of edge", k, edge.speed_limit_mps);
        check.line("line of edge", k, edge.line);
    }
}

void check_lanes(const StreetNetwork& s, const CityChecker& check) {
    for (std::size_t k = 0; k < s.lanes.size(); ++k) {
        const Lane& lane = s.lanes[k];
        check.id("edge of lane", k, lane.edge, s.edges.size());
        check.expect(lane.index < s.edge(lane.edge).lanes &&
                         s.lane_of(lane.edge, lane.index) == LaneId(k),
                     "a lane is one of its edge's", k);
        check.above_zero("width of lane", k, lane.width_m);
        check.above_zero("length of lane", k, lane.length_m);
        check.line("line of lane", k, lane.line);
        check.at_most("allowed of lane", k, lane.allowed, every_class);
        const std::uint64_t end = std::uint64_t{lane.first_connection} + lane.connections;
        check.at_most("last connection of lane", k, lane.connections == 0 ? 0 : end,
                      s.connections.size());
        for (std::uint32_t c = 0; c < lane.connections; ++c) {
            check.expect(s.connections[lane.first_connection + c].from == LaneId(k),
                         "a lane's connection begins there", k);
        }
    }
}

void check_link(const StreetNetwork& s, std::size_t k, const CityChecker& check) {
    const Connection& c = s.connections[k];
    const SignalId signal = s.node(c.node).signal;
    if (signal.is_valid()) {
        check.at_most("signal link of connection", k, std::uint64_t{c.signal_link} + 1,
                      s.signals[signal.index].links);
    } else {
        check.expect(c.signal_link == UINT32_MAX, "no link without a signal", k);
    }
}

void check_connections(const StreetNetwork& s, const CityChecker& check) {
    for (std::size_t k = 0; k < s.connections.size(); ++k) {
        const Connection& c = s.connections[k];
        check.id("first lane of connection", k, c.from, s.lanes.size());
        check.id("last lane of connection", k, c.to, s.lanes.size());
        check.id("node of connection", k, c.node, s.nodes.size());
        check.expect(s.edge(s.lane(c.from).edge).to == c.node &&
                         s.edge(s.lane(c.to).edge).from == c.node,
                     "a connection leads over its node", k);
        check.code("turn of connection", k, c.turn, Turn::UTurn);
        check.above_zero("length of connection", k, c.length_m);
        check.above_zero("speed of connection", k, c.speed_mps);
        check.line("line of connection", k, c.line);
        check.at_most("allowed of connection", k, c.allowed, every_class);
        check_link(s, k, check);
        for (const Conflict& conflict : c.conflicts) {
            check.id("conflict of connection", k, conflict.other, s.connections.size());
            const auto& back = s.connection(conflict.other).conflicts;
            check.expect(std::any_of(back.begin(), back.end(),
                                     [k](const Conflict& x) { return x.other == ConnectionId(k); }),
                         "a conflict is one for both", k);
            for (const double at_m :
                 {conflict.begin_m, conflict.end_m, conflict.other_begin_m, conflict.other_end_m}) {
                check.at_least_zero("stretch of conflict of connection", k, at_m);
            }
        }
    }
}

void check_crossing(const StreetNetwork& s, std::size_t k, const CityChecker& check) {
    const Crossing& crossing = s.crossings[k];
    check.position("from of crossing", k, crossing.from);
    check.position("to of crossing", k, crossing.to);
    check.above_zero("width of crossing", k, crossing.width_m);
    check.code("kind of crossing", k, crossing.kind, CrossingKind::Uncontrolled);
    check.id("signal of crossing", k, crossing.signal, s.signals.size(), true);
    const bool is_signalled = crossing.kind == CrossingKind::Signalled;
    check.expect(is_signalled == crossing.signal.is_valid(),
                 "a crossing has a signal where it is signalled", k);
    if (is_signalled) {
        check.at_most("signal link of crossing", k, std::uint64_t{crossing.signal_link} + 1,
                      s.signals[crossing.signal.index].links);
    }
    for (const CrossingPlace& place : crossing.places) {
        check.id("lane of crossing", k, place.lane, s.lanes.size(), true);
        check.id("connection of crossing", k, place.connection, s.connections.size(), true);
        check.expect(place.lane.is_valid() != place.connection.is_valid(),
                     "a place of a crossing is on a lane or on a connection", k);
        const double length_m = place.lane.is_valid() ? s.lane(place.lane).length_m
                                                      : s.connection(place.connection).length_m;
        check.number("place of crossing", k, place.at_m, {0.0, length_m, "m"});
    }
}

} // namespace

void check_streets(const StreetNetwork& s, const CityChecker& check) {
    check_nodes(s, check);
    check_edges(s, check);
    check_lanes(s, check);
    check_connections(s, check);
}

void check_signals(const StreetNetwork& s, const CityChecker& check) {
    for (std::size_t k = 0; k < s.signals.size(); ++k) {
        const Signal& signal = s.signals[k];
        check.id("node of signal", k, signal.node, s.nodes.size());
        check.expect(!signal.plans.empty(), "a signal has a plan", k);
        for (const SignalPlan& plan : signal.plans) {
            check.expect(!plan.phases.empty(), "a signal's plan has phases", k);
            check.number("offset of signal", k, plan.offset_s, {-1e6, 1e6, "s"});
            for (const SignalPhase& phase : plan.phases) {
                check.above_zero("duration of a phase of signal", k, phase.duration_s);
                check.expect(phase.lights.size() == signal.links,
                             "a signal's phase has a light for each link", k);
                for (const Light light : phase.lights) {
                    check.code("light of signal", k, light, Light::Green);
                }
            }
        }
    }
    for (std::size_t k = 0; k < s.crossings.size(); ++k) {
        check_crossing(s, k, check);
    }
}

} // namespace veste
