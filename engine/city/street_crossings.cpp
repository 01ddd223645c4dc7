#include "city/street_stages.hpp"

#include <algorithm>

/// Crossings as lines from pavement to pavement, and the lanes and connections that they cut.
namespace veste {
namespace {

constexpr double pavement_m = 1.0; ///< a crossing reaches this far beyond each kerb

/// Adds the place where a crossing cuts a line, the first one.
bool cuts(const Polyline& line, const Crossing& crossing, double& at_m) {
    double travelled = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        double share = 0.0;
        const double length = (line[i] - line[i - 1]).norm();
        if (segments_cross(line[i - 1], line[i], crossing.from, crossing.to, &share)) {
            at_m = travelled + share * length;
            return true;
        }
        travelled += length;
    }
    return false;
}

void add_lanes(const StreetNetwork& network, EdgeId id, Crossing& crossing) {
    const Edge& edge = network.edge(id);
    for (std::uint32_t k = 0; k < edge.lanes; ++k) {
        const LaneId lane = network.lane_of(id, k);
        double at_m = 0.0;
        if (cuts(network.lane(lane).line, crossing, at_m)) {
            crossing.places.push_back(
                {lane, {}, std::clamp(at_m, 0.0, network.lane(lane).length_m)});
        }
    }
}

void add_connections(const StreetNetwork& network, NodeId node, Crossing& crossing) {
    for (const EdgeId id : network.node(node).incoming) {
        const Edge& edge = network.edge(id);
        for (std::uint32_t k = 0; k < edge.lanes; ++k) {
            const Lane& lane = network.lane(network.lane_of(id, k));
            for (std::uint32_t i = 0; i < lane.connections; ++i) {
                const ConnectionId c(lane.first_connection + i);
                double at_m = 0.0;
                if (cuts(network.connection(c).line, crossing, at_m)) {
                    crossing.places.push_back(
                        {{}, c, std::clamp(at_m, 0.0, network.connection(c).length_m)});
                }
            }
        }
    }
}

} // namespace

void place_crossings(Assembly& a) {
    StreetNetwork& network = a.network;
    for (const RawCrossing& raw : a.raw.crossings) {
        const RawEdge& edge = a.raw.edges[raw.edge];
        const PlaceOnLine place = place_at(edge.line, raw.along_m);
        const Vec2 left(-place.direction.y(), place.direction.x());
        const double reach = a.half_width_m(raw.edge) + pavement_m;
        Crossing crossing;
        crossing.from = place.at - reach * left;
        crossing.to = place.at + reach * left;
        crossing.kind = raw.kind;
        crossing.osm_id = raw.osm_id;
        add_lanes(network, EdgeId(raw.edge), crossing);
        if (edge.opposite != no_index) {
            add_lanes(network, EdgeId(edge.opposite), crossing);
        }
        add_connections(network, NodeId(edge.from), crossing);
        if (edge.to != edge.from) {
            add_connections(network, NodeId(edge.to), crossing);
        }
        network.crossings.push_back(std::move(crossing));
    }
}

} // namespace veste
