#pragma once
#include "traffic/roads.hpp"

#include <cstdint>
#include <vector>

namespace veste::traffic {

/// How each edge relates to the core: the largest set of lanes that all reach each other. Whoever
/// reaches the core gets to every edge that is reached from it.
struct Reachability {
    std::vector<std::uint8_t> reaches_core;
    std::vector<std::uint8_t> is_reached;
};

/// Strongly connected parts by Tarjan (1972).
Reachability find_reachability(const Roads& roads, VehicleClass c);

} // namespace veste::traffic
