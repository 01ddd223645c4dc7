#include "city/street_network.hpp"

namespace veste {

double carriageway_width_m(const StreetNetwork& network, EdgeId id) {
    double width = 0.0;
    for (const EdgeId direction : {id, network.edge(id).opposite}) {
        const std::uint32_t lanes = direction.is_valid() ? network.edge(direction).lanes : 0;
        for (std::uint32_t k = 0; k < lanes; ++k) {
            width += network.lane(network.lane_of(direction, k)).width_m;
        }
    }
    return width;
}

} // namespace veste
