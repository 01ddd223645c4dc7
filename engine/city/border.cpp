#include "city/border.hpp"

#include <algorithm>

namespace veste {
namespace {

bool is_near_border(const City& city, const Vec2& p) {
    if (city.bounds.is_empty()) {
        return true;
    }
    const Vec2 size = city.bounds.size_m();
    const double near_m = std::max(100.0, 0.03 * std::max(size.x(), size.y()));
    const Vec2 to_low = p - city.bounds.low;
    const Vec2 to_high = city.bounds.high - p;
    return std::min({to_low.x(), to_low.y(), to_high.x(), to_high.y()}) < near_m;
}

bool is_border_edge(const City& city, const Edge& edge, bool is_origin, bool tells_borders) {
    const StreetNetwork& streets = city.streets;
    const Node& node = streets.node(is_origin ? edge.from : edge.to);
    if (tells_borders) {
        return node.is_border;
    }
    const std::vector<EdgeId>& others = is_origin ? node.incoming : node.outgoing;
    const bool is_outer = std::all_of(others.begin(), others.end(),
                                      [&](EdgeId other) { return other == edge.opposite; });
    return is_outer && is_near_border(city, node.at);
}

} // namespace

std::vector<std::uint8_t> border_edges(const City& city, bool is_origin) {
    const StreetNetwork& streets = city.streets;
    const bool tells_borders = std::any_of(streets.nodes.begin(), streets.nodes.end(),
                                           [](const Node& node) { return node.is_border; });
    std::vector<std::uint8_t> is_border(streets.edges.size(), 0);
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        is_border[e] = is_border_edge(city, streets.edges[e], is_origin, tells_borders) ? 1 : 0;
    }
    return is_border;
}

} // namespace veste
