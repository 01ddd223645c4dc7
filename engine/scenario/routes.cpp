#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

/// Edges near a spot that emergency vehicles may drive on, nearest first: both directions of the
/// nearest street come before those farther away.
std::vector<EdgeId> edges_near(Reading& reading, Section& section, std::string_view key) {
    constexpr double reach_m = 100.0;
    std::vector<EdgeId> edges;
    const auto spot = find_spot(reading, section, key);
    if (!spot) {
        return edges;
    }
    const StreetNetwork& streets = reading.city.streets;
    std::vector<std::pair<double, EdgeId>> near;
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const double away_m = nearest_place(streets.edges[e].line, *spot).distance_m;
        if (away_m <= reach_m && streets.allows(EdgeId(e), VehicleClass::Emergency)) {
            near.emplace_back(away_m, EdgeId(e));
        }
    }
    std::stable_sort(near.begin(), near.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    if (near.empty()) {
        section.problem(key,
                        fmt::format("no street within {} m lets emergency vehicles in", reach_m));
    }
    for (const auto& [away_m, edge] : near) {
        edges.push_back(edge);
    }
    return edges;
}

} // namespace

std::vector<std::vector<std::uint32_t>> successors_for(const StreetNetwork& streets,
                                                       VehicleClass c) {
    std::vector<std::vector<std::uint32_t>> successors(streets.edges.size());
    for (const Connection& connection : streets.connections) {
        if (has(connection.allowed, c)) {
            successors[streets.lane(connection.from).edge.index].push_back(
                streets.lane(connection.to).edge.index);
        }
    }
    return successors;
}

std::vector<std::uint8_t> reached_edges(const std::vector<std::vector<std::uint32_t>>& successors,
                                        const std::vector<EdgeId>& from,
                                        const std::vector<std::uint8_t>& is_closed) {
    std::vector<std::uint8_t> is_reached(successors.size(), 0);
    std::vector<std::uint32_t> front;
    const auto enter = [&](std::uint32_t edge) {
        if (is_reached[edge] == 0 && is_closed[edge] == 0) {
            is_reached[edge] = 1;
            front.push_back(edge);
        }
    };
    for (const EdgeId edge : from) {
        enter(edge.index);
    }
    while (!front.empty()) {
        const std::uint32_t edge = front.back();
        front.pop_back();
        for (const std::uint32_t next : successors[edge]) {
            enter(next);
        }
    }
    return is_reached;
}

void read_emergency_routes(Section& file, Reading& reading) {
    const StreetNetwork& streets = reading.city.streets;
    std::vector<std::vector<std::uint32_t>> successors;
    for (Section& section : file.tables("emergency_route")) {
        const std::vector<EdgeId> from = edges_near(reading, section, "from");
        const std::vector<EdgeId> to = edges_near(reading, section, "to");
        if (from.empty() || to.empty()) {
            continue;
        }
        if (successors.empty()) {
            successors = successors_for(streets, VehicleClass::Emergency);
        }
        const std::vector<std::uint8_t> is_closed(streets.edges.size(), 0);
        bool is_found = false;
        for (const EdgeId begin : from) {
            const auto is_reached = reached_edges(successors, {begin}, is_closed);
            const auto end = std::find_if(to.begin(), to.end(),
                                          [&](EdgeId edge) { return is_reached[edge.index] != 0; });
            if (end != to.end()) {
                reading.scenario.emergency_routes.emplace_back(begin, *end);
                is_found = true;
                break;
            }
        }
        if (!is_found) {
            section.problem("to", "no street leads there from the other end");
        }
    }
}

} // namespace veste::scenario_file
