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

/// Lays a crossing across a street and finds the lanes and connections that it cuts.
void lay(const Assembly& a, const RawCrossing& raw, const PlaceOnLine& place, Crossing& crossing) {
    const RawEdge& edge = a.raw.edges[raw.edge];
    const Vec2 left(-place.direction.y(), place.direction.x());
    const double reach = a.half_width_m(raw.edge) + pavement_m;
    crossing.from = place.at - reach * left;
    crossing.to = place.at + reach * left;
    add_lanes(a.network, EdgeId(raw.edge), crossing);
    if (edge.opposite != no_index) {
        add_lanes(a.network, EdgeId(edge.opposite), crossing);
    }
    add_connections(a.network, NodeId(edge.from), crossing);
    if (edge.to != edge.from) {
        add_connections(a.network, NodeId(edge.to), crossing);
    }
}

} // namespace

void place_crossings(Assembly& a) {
    constexpr double inside_m = 0.1;
    for (const RawCrossing& raw : a.raw.crossings) {
        Crossing crossing;
        crossing.kind = raw.kind;
        crossing.osm_id = raw.osm_id;
        const PlaceOnLine place = place_at(a.raw.edges[raw.edge].line, raw.along_m);
        lay(a, raw, place, crossing);
        if (crossing.places.empty()) {
            // No path goes there, as behind a turning place: where the lanes are nearest.
            const Polyline& lanes = a.trimmed[raw.edge];
            const double length = length_m(lanes);
            const double nearest = nearest_place(lanes, place.at).along_m;
            const double margin = std::min(inside_m, 0.5 * length);
            lay(a, raw, place_at(lanes, std::clamp(nearest, margin, length - margin)), crossing);
        }
        a.network.crossings.push_back(std::move(crossing));
    }
}

} // namespace veste
