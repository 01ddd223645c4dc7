#pragma once
#include "traffic/car_following.hpp"
#include "traffic/order.hpp"
#include "traffic/routing.hpp"

#include <span>
#include <vector>

namespace veste::traffic {

/// What every stage of a substep sees. Stages write only what their comment names.
struct Step {
    Vehicles& vehicles;
    const Signals& signals;
    const Conditions& conditions;
    const Roads& roads;
    const TrafficParameters& parameters;
    const EdgeState& edges;
    const Order& order;
    /// Connection each vehicle on a lane means to take (the one it is on, on a connection).
    const std::vector<std::uint32_t>& choice;
    /// Grants as they were before this substep's settlement: other nodes' are read here only.
    const std::vector<std::uint32_t>& granted_before;
    double now_s;
    double dt;

    const DriverParameters& driver(std::size_t i) const {
        return parameters.drivers[vehicles.vehicle_class[i]];
    }
    VehicleClass class_of(std::size_t i) const {
        return static_cast<VehicleClass>(vehicles.vehicle_class[i]);
    }
    double desired_mps(std::size_t i, std::uint32_t track) const {
        return std::min(edges.desired_mps(roads.edge[track], vehicles.desired_speed_factor[i],
                                          vehicles.max_speed_mps[i]),
                        roads.curve_mps[track]);
    }
    /// The n-th edge of its way from the next one on (0: next), or none at its end.
    std::uint32_t edge_ahead(std::size_t i, std::uint32_t n) const {
        const std::uint32_t at = vehicles.next_edge[i] + n;
        return at < vehicles.route_length[i] ? vehicles.route_edges[vehicles.route_begin[i] + at]
                                             : none;
    }
    bool is_open(std::uint32_t connection) const {
        return edges.is_open[roads.edge[roads.lanes + connection]] != 0;
    }
    bool has_working_light(std::uint32_t connection) const {
        const std::uint32_t signal = roads.signal[connection];
        return signal != none && signals.is_powered[signal] != 0;
    }
    Light light(std::uint32_t connection) const {
        return static_cast<Light>(signals.lights[roads.light[connection]]);
    }
    double standing_s(std::size_t i) const {
        return vehicles.standing_since_s[i] >= 0.0 ? now_s - vehicles.standing_since_s[i] : 0.0;
    }
};

/// Finds the connection that vehicle i on a lane means to take.
std::uint32_t choose_connection(const Vehicles& vehicles, const Roads& roads, std::size_t i,
                                std::uint32_t lane);

/// From where on a vehicle asks for its grant: it can still stop comfortably after that.
double decision_distance_m(const Step& step, std::size_t i);

/// Settles who may drive into which connection at one node. Writes granted and granted_s of
/// vehicles on lanes that end there.
void settle_node(const Step& step, std::uint32_t node);

/// True where the lane beyond a connection has no room for the vehicle now.
bool is_exit_full(const Step& step, std::uint32_t vehicle, std::uint32_t connection);

/// True while somebody who goes first has not cleared the other path's stretch of a meeting.
bool is_held(const Step& step, std::uint32_t vehicle, const Meeting& meeting);

/// The acceleration of a vehicle for this substep. Reads only.
double decide_acceleration(const Step& step, std::uint32_t vehicle);

/// True where a body could stand or drive with its rear at `rear_m` and this speed on a lane
/// without anybody who comes over the lane's start having to brake hard.
bool is_upstream_clear(const Step& step, std::uint32_t lane, double rear_m, double speed_mps,
                       std::uint32_t vehicle);

/// A wished lane change, judged on the frozen state.
struct LaneWish {
    std::uint32_t vehicle = none;
    std::uint32_t lane = none;
    std::uint32_t leader = none;
    std::uint32_t follower = none;
    double front_m = 0.0;
};
LaneWish wish_lane_change(const Step& step, std::uint32_t vehicle);

/// The acceleration that leaves a gap for a neighbour who must change lanes, or that aligns one's
/// own body with a gap; never harder than comfortable braking, infinite where there is no need.
double courtesy_limit(const Step& step, std::uint32_t vehicle);

/// True where the lane leads to the next edge of the vehicle's way, or that way ends on it.
bool is_lane_right(const Step& step, std::uint32_t vehicle, std::uint32_t lane);

/// Lets a waiting vehicle in at its first edge if a place is free; false otherwise. Lanes entered
/// in this substep already are marked in `is_entered`.
bool try_to_enter(const Step& step, std::uint32_t vehicle, std::vector<std::uint8_t>& is_entered);

} // namespace veste::traffic
