#pragma once
#include "traffic/car_following.hpp"
#include "traffic/grants.hpp"
#include "traffic/lane_plan.hpp"
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
    const std::vector<LanePlan>& plans; ///< of each driving vehicle
    /// Connection each vehicle on a lane means to take (the one it is on, on a connection).
    const std::vector<std::uint32_t>& choice;
    /// 1 where a vehicle had a grant before this substep's settlement: of other clusters' vehicles
    /// this alone may be read in it.
    const std::vector<std::uint8_t>& was_granted;
    /// Cluster that gave a vehicle the grant it had then, while stop lines of it lie ahead; none
    /// otherwise. Its ticket is that cluster's to read.
    const std::vector<std::uint32_t>& granted_by;
    /// Lane whose stop line each vehicle comes to next: not a lane of its way where that ends or
    /// breaks off before, or no line is in sight.
    const std::vector<std::uint32_t>& next_line;
    const std::vector<std::uint8_t>& is_awaited; ///< of each lane: somebody comes to its stop line
    Grants& grants;
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
    bool may_take(std::uint32_t connection, std::size_t i) const {
        return edges.may_enter(roads.edge[roads.from_lane(connection)],
                               roads.edge[roads.lanes + connection], class_of(i));
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
    /// What the lane a vehicle is on is good for.
    const LaneChoice& lane_choice(std::size_t i, std::uint32_t lane) const {
        return plans[i].at(vehicles.next_edge[i] - 1, roads.streets.lanes[lane].index);
    }
};

/// From where on a vehicle asks for its grant: it can still stop comfortably after that.
double decision_distance_m(const Step& step, std::size_t i);

/// Settles who may drive into which connections of one cluster. Writes granted and granted_s of
/// vehicles that come to its stop lines, and the grants for its connections.
void settle_cluster(const Step& step, const Cluster& cluster);

/// Where each of several vehicles waits for room behind the next one in a circle, no rule of
/// priority ever sets them free: they are granted their paths together. `visited` is a working
/// place, one number for each vehicle.
void let_circles_move(const Step& step, std::vector<std::uint32_t>& visited);

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

/// Lets a waiting vehicle in at its first edge if a place is free; false otherwise. Lanes entered
/// in this substep already are marked in `is_entered`.
bool try_to_enter(const Step& step, std::uint32_t vehicle, std::vector<std::uint8_t>& is_entered);

} // namespace veste::traffic
