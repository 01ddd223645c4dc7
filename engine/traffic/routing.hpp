#pragma once
#include "traffic/roads.hpp"

#include <functional>
#include <vector>

namespace veste::traffic {

/// Highest speed that water of a depth allows on a street: v = 0.0009 w² - 0.5529 w + 86.9448 km/h
/// with w in mm (Pregnolato et al. 2017); infinite when dry, zero at the impassable depth.
double water_speed_mps(double depth_m, double impassable_depth_m);

/// What holds on each edge now.
struct EdgeState {
    std::vector<double> limit_mps; ///< posted limit
    std::vector<double> water_mps; ///< by water
    std::vector<std::uint8_t> is_open;
    double fastest_mps = 1.0; ///< of all limits and connections

    void read(const Conditions& conditions, const Roads& roads, double impassable_depth_m);
    /// Speed that a vehicle wishes on an edge.
    double desired_mps(std::uint32_t edge, double factor, double max_mps) const {
        return std::min({limit_mps[edge] * factor, water_mps[edge], max_mps});
    }
};

/// A way looked for. Costs are seconds.
struct RouteRequest {
    std::vector<std::uint32_t> starts; ///< the way begins with one of these edges
    std::uint32_t destination = none;
    VehicleClass vehicle_class = VehicleClass::Car;
    double speed_factor = 1.0;
    double max_speed_mps = 50.0;
    std::uint32_t avoided = none; ///< an edge not to be used
};

/// Finds quickest ways by A* (Hart, Nilsson, Raphael 1968) over edges, with the straight-line
/// distance at the highest speed as the admissible estimate. One finder for each thread.
class RouteFinder {
public:
    RouteFinder(const Roads& roads, const EdgeState& state);

    /// Edges from a start to the destination, both included; empty where no way is open. Start
    /// edges may be closed (one who is there leaves). Sets the duration where asked for.
    std::vector<std::uint32_t> find(const RouteRequest& request, double* duration_s = nullptr);
    /// The same with a given mean speed on each edge, infinity meaning none.
    std::vector<std::uint32_t> find(const RouteRequest& request,
                                    const std::vector<double>& mean_mps, double* duration_s);

private:
    double edge_time_s(std::uint32_t edge, const RouteRequest& request) const;
    bool settle(std::uint32_t edge, std::uint32_t from, double cost_s);

    const Roads& roads_;
    const EdgeState& state_;
    const std::vector<double>* mean_mps_ = nullptr;
    struct Open {
        double estimate_s;
        double cost_s;
        std::uint32_t edge;
        std::uint32_t from;
    };
    std::vector<Open> heap_;
    std::vector<double> cost_s_;
    std::vector<std::uint32_t> from_;
    std::vector<std::uint32_t> stamp_;
    std::uint32_t search_ = 0;
};

} // namespace veste::traffic
