#pragma once
#include "city/city.hpp"

#include <limits>
#include <vector>

namespace veste {

/// What the surroundings do to a mover at a place: the only way one domain feels another. Rebuilt
/// by the coupling stage of every tick; one value for each walk triangle, street edge or crossing.
struct Conditions {
    // for each walk triangle
    std::vector<float> walk_depth_m;
    std::vector<float> walk_water_mps; ///< flow speed of the water
    std::vector<float> walk_illuminance_lx;
    std::vector<std::uint8_t> walk_closed;
    std::uint64_t walk_version = 0; ///< grows when routes on foot must be found anew

    // for each street edge
    std::vector<float> edge_depth_m; ///< deepest water on the edge
    std::vector<float> edge_illuminance_lx;
    std::vector<VehicleClasses> edge_closed; ///< classes that a change shuts out
    std::vector<float> edge_speed_limit_mps; ///< posted or set by a change
    std::uint64_t edge_version = 0;          ///< grows when routes on wheels must be found anew

    // for each crossing
    std::vector<std::uint8_t>
        crossing_may_start; ///< 1 where the signal (or no signal) lets people start
    std::vector<std::uint16_t> crossing_people; ///< on it or stepping onto it now
    std::vector<float> crossing_vehicle_s; ///< time until the next vehicle is there; inf for none

    /// Dry, lit and open everywhere.
    static Conditions calm(const City& city) {
        Conditions c;
        const std::size_t triangles = city.walk.triangles.size();
        const std::size_t edges = city.streets.edges.size();
        const std::size_t crossings = city.streets.crossings.size();
        c.walk_depth_m.assign(triangles, 0.0F);
        c.walk_water_mps.assign(triangles, 0.0F);
        c.walk_illuminance_lx.assign(triangles, 10000.0F);
        c.walk_closed.assign(triangles, 0);
        c.edge_depth_m.assign(edges, 0.0F);
        c.edge_illuminance_lx.assign(edges, 10000.0F);
        c.edge_closed.assign(edges, 0);
        for (const Edge& edge : city.streets.edges) {
            c.edge_speed_limit_mps.push_back(static_cast<float>(edge.speed_limit_mps));
        }
        c.crossing_may_start.assign(crossings, 1);
        c.crossing_people.assign(crossings, 0);
        c.crossing_vehicle_s.assign(crossings, std::numeric_limits<float>::infinity());
        return c;
    }
};

} // namespace veste
