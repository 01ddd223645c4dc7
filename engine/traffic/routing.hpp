#pragma once
#include "traffic/roads.hpp"

#include <functional>
#include <span>
#include <vector>

namespace veste::traffic {

/// Highest speed that water of a depth allows on a street: v = 0.0009 w² - 0.5529 w + 86.9448 km/h
/// with w in mm (Pregnolato et al. 2017); infinite when dry, zero at the impassable depth.
double water_speed_mps(double depth_m, double impassable_depth_m);

/// What holds on each edge now.
struct EdgeState {
    std::vector<double> limit_mps; ///< posted limit
    std::vector<double> water_mps; ///< by water
    std::vector<VehicleClasses> closed_to;
    std::vector<std::uint8_t> is_deep; ///< water too deep to drive
    double fastest_mps = 1.0;          ///< of all limits and connections

    void read(const Conditions& conditions, const Roads& roads, double impassable_depth_m);
    bool is_open(std::uint32_t edge, VehicleClass c) const {
        return !has(closed_to[edge], c) && is_deep[edge] == 0;
    }
    /// Who is in a closed street may drive on in it to leave it.
    bool may_enter(std::uint32_t from, std::uint32_t to, VehicleClass c) const {
        return is_deep[to] == 0 && (!has(closed_to[to], c) || has(closed_to[from], c));
    }
    /// Speed that a vehicle wishes on an edge.
    double desired_mps(std::uint32_t edge, double factor, double max_mps) const {
        return std::min({limit_mps[edge] * factor, water_mps[edge], max_mps});
    }
};

/// Mean speed at which each edge is driven now: every vehicle takes its own length, gap and time
/// gap of the lane at its own speed (at least a crawl), the rest is driven freely.
std::vector<double> present_speeds(const Vehicles& vehicles, const Roads& roads,
                                   const EdgeState& edges, const TrafficParameters& parameters);

/// A way looked for. Costs are seconds.
struct RouteRequest {
    std::vector<std::uint32_t> starts; ///< lanes: the way begins on one of them
    std::uint32_t destination = none;  ///< edge
    VehicleClass vehicle_class = VehicleClass::Car;
    double speed_factor = 1.0;
    double max_speed_mps = 50.0;
    std::uint32_t avoided = none; ///< an edge not to be used
    bool keeps_lane = false;      ///< no lane is changed on the first edge
};

/// All lanes of an edge that let a class in; all of them where none does.
std::vector<std::uint32_t> lanes_for(const Roads& roads, std::uint32_t edge, VehicleClass c);

/// Finds quickest ways by A* (Hart, Nilsson, Raphael 1968) with the straight-line distance at the
/// highest speed as the admissible estimate. It goes from lane to lane, so that a way asks for no
/// lane change where there is no room for one. One finder for each thread.
class RouteFinder {
public:
    RouteFinder(const Roads& roads, const EdgeState& state);

    /// Edges from a start to the destination, both included, with a given speed on each edge; empty
    /// where no way is open. Who starts in a closed street may leave it through closed edges. Sets
    /// the duration where asked for.
    std::vector<std::uint32_t> find(const RouteRequest& request,
                                    const std::vector<double>& speeds_mps,
                                    double* duration_s = nullptr);
    /// The same on empty streets.
    std::vector<std::uint32_t> find(const RouteRequest& request, double* duration_s = nullptr);
    /// The time that find would give for one way, edge by edge from a start: the destination's own
    /// edge left out, connections and lane changes included; infinity where it is not open.
    double duration_s(const RouteRequest& request, std::span<const std::uint32_t> way,
                      const std::vector<double>& speeds_mps);

private:
    struct Open {
        double estimate_s;
        double cost_s; ///< at the lane's end
        std::uint32_t lane;
        std::uint32_t from;
    };
    std::uint32_t search(const RouteRequest& request);
    void push(const RouteRequest& request, std::uint32_t lane, std::uint32_t from, double cost_s);
    void push_neighbours(const RouteRequest& request, const Open& open);
    void push_onward(const RouteRequest& request, const Open& open);
    double edge_time_s(std::uint32_t edge, const RouteRequest& request) const;
    double link_time_s(const Onward& link, const RouteRequest& request) const;
    bool may_follow(std::uint32_t lane, const Onward& link, const RouteRequest& request) const;
    bool may_change(std::uint32_t lane, const RouteRequest& request, bool is_start) const;
    void spread_sideways(const RouteRequest& request, std::uint32_t edge, bool is_start,
                         std::vector<double>& at_end_s) const;
    std::vector<double> carried_over(const RouteRequest& request, std::uint32_t from,
                                     std::uint32_t to, const std::vector<double>& at_end_s) const;

    const Roads& roads_;
    const EdgeState& state_;
    const std::vector<double>* speeds_mps_ = nullptr;
    double fastest_mps_ = 1.0;
    std::vector<Open> heap_;
    std::vector<double> cost_s_;       ///< of each lane
    std::vector<std::uint32_t> from_;  ///< lane before each lane
    std::vector<std::uint32_t> stamp_; ///< last search that settled each lane
    std::uint32_t search_ = 0;
};

} // namespace veste::traffic
