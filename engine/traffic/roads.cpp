#include "traffic/roads.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste::traffic {
namespace {

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

void find_onward(const StreetNetwork& streets, Roads& roads) {
    std::vector<std::vector<Onward>> onward(streets.lanes.size());
    for (const Connection& c : streets.connections) {
        const Lane& from = streets.lane(c.from);
        const Lane& to = streets.lane(c.to);
        const auto classes = static_cast<VehicleClasses>(c.allowed & from.allowed & to.allowed);
        const double length_m = std::max(
            c.length_m, (roads.edge_end[from.edge.index] - roads.edge_start[to.edge.index]).norm());
        const double speed_mps = std::max(c.speed_mps, 1.0);
        onward[c.from.index].push_back({c.to.index, classes, length_m, speed_mps});
        roads.fastest_mps = std::max(roads.fastest_mps, speed_mps);
    }
    roads.onward.fill(onward);
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
    for (std::uint32_t k = 0; k < streets.connections.size(); ++k) {
        incoming[streets.connections[k].to.index].push_back(k);
    }
    roads.incoming.fill(incoming);
}

/// One grant asked for on a lane means that all there ask: grants then go from front to back.
void find_stop_lines(const StreetNetwork& streets, Roads& roads) {
    roads.has_line.assign(roads.lanes, 0);
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        if (!roads.meetings.of(k).empty() || roads.light[k] != none) {
            roads.has_line[streets.connections[k].from.index] = 1;
        }
    }
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        roads.needs_grant.push_back(roads.has_line[streets.connections[k].from.index]);
        double last_m = 0.0;
        for (const Meeting& m : roads.meetings.of(k)) {
            last_m = std::max(last_m, m.begin_m);
        }
        roads.last_begin_m.push_back(last_m);
    }
}

/// The shortest of the ways from a junction before a lane to its end.
double run_before(const Roads& roads, std::uint32_t lane) {
    double shortest_m = std::numeric_limits<double>::infinity();
    for (const Upstream& u : roads.upstream.of(lane)) {
        if (u.is_free && !roads.is_lane(u.track) && roads.needs_grant[u.track - roads.lanes] != 0) {
            shortest_m = std::min(shortest_m, u.to_end_m);
        }
    }
    return shortest_m;
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
    find_onward(streets, *this);
    find_lights(streets, *this);
    find_neighbours(streets, *this);
    find_stop_lines(streets, *this);
    for (std::size_t k = 0; k < streets.connections.size(); ++k) {
        critical_gap_s.push_back(
            critical_gap(streets, streets.connections[k], meetings.of(k), parameters));
    }
    for (const DriverParameters& driver : parameters.drivers) {
        longest_m = std::max(longest_m, driver.length_m + standing_room_m(parameters));
    }
    upstream.fill(find_upstream(*this));
    for (std::uint32_t lane = 0; lane < lanes; ++lane) {
        run_before_m.push_back(run_before(*this, lane));
    }
    clusters = find_clusters(*this);
    cluster_of.assign(lanes, none);
    for (std::uint32_t c = 0; c < clusters.size(); ++c) {
        for (const std::uint32_t lane : clusters[c].stop_lanes) {
            cluster_of[lane] = c;
        }
    }
}

} // namespace veste::traffic
