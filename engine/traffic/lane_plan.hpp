#pragma once
#include "traffic/roads.hpp"

#include <array>
#include <limits>

namespace veste::traffic {

/// What one lane is good for on a vehicle's way.
struct LaneChoice {
    std::uint32_t connection = none; ///< to take at its end, none where it does not lead on
    std::uint32_t better = 0;        ///< index of the lane to be on instead, or its own
    float changes = 0.0F;            ///< lane changes to come if it is kept, short edges weighted
    float clear_m = 0.0F;            ///< from its start to where it no longer follows the way
};

/// The lanes of the next edges of a vehicle's way, found backwards from the farthest one (as SUMO's
/// best lanes). It depends on those edges and the class alone and is kept while both are the same.
struct LanePlan {
    static constexpr std::size_t most_edges = 30;
    static constexpr std::size_t most_lanes = 64;

    std::uint32_t first_edge = 0; ///< place in the way of the first edge looked at
    std::uint32_t edges = 0;
    VehicleClass vehicle_class = VehicleClass::Car;
    std::array<std::uint32_t, most_edges + 1>
        way{}; ///< the edges and the one after, none at its end
    std::array<std::uint8_t, most_edges + 1> starts{};
    std::array<LaneChoice, most_lanes> lanes{};

    bool covers(std::uint32_t edge) const {
        return edge >= first_edge && edge - first_edge < edges;
    }
    const LaneChoice& at(std::uint32_t edge, std::uint32_t lane_index) const {
        return lanes[starts[edge - first_edge] + lane_index];
    }
};

LanePlan make_lane_plan(const Vehicles& vehicles, const Roads& roads, std::size_t vehicle,
                        std::uint32_t first_edge);

/// True where the plan is what make_lane_plan would give.
bool is_plan_of(const LanePlan& plan, const Vehicles& vehicles, std::size_t vehicle,
                std::uint32_t first_edge);

/// Place in the way of the edge a vehicle is on, or enters where it is on a connection.
inline std::uint32_t edge_in_way(const Vehicles& v, std::size_t i) {
    return v.lane[i] != none ? v.next_edge[i] - 1 : v.next_edge[i];
}

/// The connection from a lane to an edge that keeps most to its lane; none where there is none.
std::uint32_t straightest_connection(const Roads& roads, std::uint32_t lane, std::uint32_t next,
                                     VehicleClass c);

} // namespace veste::traffic
