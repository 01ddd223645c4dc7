#include "traffic/way.hpp"

namespace veste::traffic {

std::uint32_t find_next_line(const Step& step, std::size_t i) {
    Way way = way_of(step, i);
    while (!step.roads.is_lane(way.track) || step.roads.has_line[way.track] == 0) {
        if (way.end_m(step.roads) > sight_m || !walk_on(step, i, way)) {
            return none;
        }
    }
    return way.edge + 1 < step.vehicles.route_length[i] && connection_ahead(step, i, way) != none
               ? way.track
               : none;
}

std::uint32_t edges_until(const Step& step, std::uint32_t j, std::span<const Upstream> upstream,
                          std::uint32_t place) {
    const Roads& roads = step.roads;
    if (place > 0 && roads.is_lane(upstream[place].track)) {
        place = upstream[place].next;
        if (step.choice[j] != upstream[place].track - roads.lanes) {
            return none;
        }
    }
    // At a connection, or on the lane: each connection leads to the lane that stands next.
    std::uint32_t entered = 0;
    while (place > 0) {
        if (step.edge_ahead(j, entered++) != roads.edge[upstream[place].track]) {
            return none;
        }
        const std::uint32_t lane = upstream[place].next;
        place = lane == 0 ? 0 : upstream[lane].next;
    }
    return entered;
}

} // namespace veste::traffic
