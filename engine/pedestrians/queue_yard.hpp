#pragma once
#include "pedestrians/navigation.hpp"

#include <cstdint>
#include <vector>

namespace veste {

/// Ground before a gate where its queue stands: numbered places on arcs around the gate, on the
/// side away from where people go next, so that people move up along a winding file. Places lie on
/// walkable ground in sight of the gate, off crossings, nearer to this gate than to any other.
/// Where the scenario draws a line for the queue, they lie along that line instead, 0.6 m apart.
struct QueueYard {
    std::vector<Vec2> places;  ///< the next to be served first
    std::vector<Vec2> servers; ///< one for each lane
    std::vector<std::uint32_t> place_triangles;
    std::vector<std::uint32_t> server_triangles;
};

/// Lays out the yard of a gate. `onwards` points to where people go after it.
QueueYard lay_out_yard(const City& city, const Scenario& scenario, GateId gate, const Vec2& onwards,
                       const Navigation& navigation);

} // namespace veste
