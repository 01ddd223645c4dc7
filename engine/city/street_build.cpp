#include "city/street_graph.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste {
namespace {

void report_found(const StreetNetwork& n, const StreetGraph& graph, CityReport& report) {
    double length = 0.0;
    for (const Edge& edge : n.edges) {
        length += edge.length_m;
    }
    report.found.push_back(fmt::format(
        "{} street edges ({:.1f} km) with {} lanes, {} junctions, {} signals, {} crossings",
        n.edges.size(), length / 1000.0, n.lanes.size(), n.nodes.size(), n.signals.size(),
        n.crossings.size()));
    if (graph.merged_junctions > 0) {
        report.found.push_back(fmt::format("{} junctions drawn as {} nodes merged",
                                           graph.merged_junctions, graph.merged_nodes));
    }
    if (graph.restrictions > 0) {
        report.found.push_back(fmt::format("{} turn restrictions", graph.restrictions));
    }
}

void report_left_out(const LeftOut& out, CityReport& report) {
    if (out.edges > 0) {
        report.found.push_back(fmt::format("left out: {} street edges ({:.1f} km) that vehicles "
                                           "cannot reach or cannot leave again",
                                           out.edges, out.length_m / 1000.0));
    }
    if (out.entries + out.exits > 0) {
        report.found.push_back(
            fmt::format("{} street edges only enter at the border, {} only leave there",
                        out.entries, out.exits));
    }
}

void report_assumed(const StreetNetwork& network, const StreetGraph& graph, CityReport& report) {
    if (!network.signals.empty()) {
        report.assumed.push_back(
            fmt::format("fixed-time plans of {} signals: cycles of 60 to 90 s, "
                        "facing approaches together",
                        network.signals.size()));
    }
    if (graph.streets_without_speed > 0) {
        report.assumed.push_back(fmt::format("maxspeed of {} of {} streets by class: {}",
                                             graph.streets_without_speed, graph.streets,
                                             default_speeds_text()));
    }
    if (graph.streets_without_lanes > 0) {
        report.assumed.push_back(
            fmt::format("lanes of {} of {} streets: one in each direction, two on one-way "
                        "motorways and trunk roads",
                        graph.streets_without_lanes, graph.streets));
    }
    if (graph.unsupported_restrictions > 0) {
        report.warnings.push_back(
            fmt::format("{} turn restrictions over ways between junctions are not supported",
                        graph.unsupported_restrictions));
    }
}

/// Signals within the bounds that belong to nothing.
void warn_of_signals(const OsmData& osm, const VehicleWays& ways, const Box2& bounds,
                     CityReport& report) {
    const std::vector<std::uint32_t>& nodes = ways.signals_without_place;
    const auto count = std::count_if(nodes.begin(), nodes.end(), [&](std::uint32_t node) {
        return bounds.is_empty() || bounds.contains(osm.nodes[node].at);
    });
    if (count > 0) {
        report.warnings.push_back(fmt::format(
            "{} traffic signals lie neither near a junction nor at a crossing and are left out",
            count));
    }
}

} // namespace

StreetNetwork build_street_network(const OsmData& osm, const Box2& bounds,
                                   const StreetOptions& options, CityReport& report) {
    VehicleWays ways = find_vehicle_ways(osm, options);
    place_signals(osm, ways);
    StreetGraph graph = read_street_graph(osm, ways, bounds, options);
    read_movements(osm, graph);
    merge_junctions(graph);
    add_turns_back(graph.raw, graph.raw.movements);
    const LeftOut out = keep_connected(graph);
    StreetNetwork network = assemble_street_network(graph.raw);
    report_found(network, graph, report);
    report_left_out(out, report);
    report_assumed(network, graph, report);
    warn_of_signals(osm, ways, bounds, report);
    return network;
}

} // namespace veste
