#pragma once
#include "base/fields.hpp"
#include "city/conditions.hpp"
#include "scenario/scenario.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

/// Vehicles: IDM car following (Treiber, Hennecke, Helbing 2000) with the ballistic update of
/// Treiber and Kanagaraj (2015), MOBIL lane changing (Kesting, Treiber, Helbing 2007), gap
/// acceptance at junctions (HCM 2000, chapter 17), fixed-time signals, A* routes.
///
/// Right of way is a grant: a vehicle drives into a connection that has conflicts or a signal only
/// with a grant for it, else its lane's end is a stop line. A grant reaches to the first place
/// where the vehicle can stand without blocking anybody, so it covers several connections where
/// stop lines follow each other closely, and it needs room there. Grants are settled in a fixed
/// order and numbered; the earlier one goes first through a stretch where two paths meet, the later
/// one keeps able to stop before that stretch. Everything a model remembers lies in Vehicles: a
/// saved World goes on bit for bit.
namespace veste {

enum class VehiclePhase : std::uint8_t {
    Planned, ///< not yet departed
    Waiting, ///< off the road: the entry is full or closed, or pulled in, see is_stuck
    Driving, ///< on a lane or connection
    Arrived,
};

/// Why a vehicle cannot go on; 0 in Vehicles::is_stuck means that it can. Two kinds of vehicles
/// pull in after a minute and stand at the kerb, off the road: those without a way until one opens,
/// those at the end of a lane that does not follow their way until there is a gap in one that does.
constexpr std::uint8_t stuck_without_way = 1; ///< no open way leads to its destination
constexpr std::uint8_t stuck_in_water = 2;    ///< stands in water too deep to drive
constexpr std::uint8_t stuck_in_queue = 4;    ///< has stood for longer than stuck_after_s
constexpr std::uint8_t stuck_off_lane = 8;    ///< at the kerb because it missed its lane

/// Connections that a vehicle may be granted at a time, and that it remembers having left.
constexpr std::size_t most_granted = 12;
constexpr std::size_t trail_length = 6;

/// Every vehicle of a run; a vehicle's index is its id. Slots are never reallocated.
struct Vehicles {
    // state
    std::vector<std::uint8_t> phase;       ///< VehiclePhase
    std::vector<std::uint32_t> lane;       ///< LaneId::index, none while on a connection
    std::vector<std::uint32_t> connection; ///< ConnectionId::index, none while on a lane
    std::vector<double> front_m;           ///< front bumper along the lane or connection
    std::vector<double> speed_mps;
    std::vector<double> acceleration_mps2;
    std::vector<std::uint32_t> entry; ///< EdgeId::index: where it enters the network (again)
    std::vector<double> entered_s;    ///< when it first entered the network, -1 before
    std::vector<double> arrived_s;    ///< -1 before
    std::vector<double> driven_m;
    std::vector<double> free_time_s;      ///< time the driven way would take undisturbed
    std::vector<double> waiting_s;        ///< time at less than 0.1 m/s
    std::vector<double> standing_since_s; ///< -1 while moving
    std::vector<double> changed_lane_s;   ///< time of the last lane change
    std::vector<std::uint32_t> granted;   ///< most_granted each: connections it may enter, in order
    std::vector<double> granted_s;        ///< when; microseconds order those of one step
    std::vector<std::uint32_t> trail;   ///< trail_length each: connections left, the last one first
    std::vector<std::uint32_t> detours; ///< times it had to go round: lane missed or exit full
    std::vector<std::uint32_t> pulled_in;     ///< times it left the road because it missed its lane
    std::vector<std::uint8_t> is_stuck;       ///< 0, or the sum of the stuck_ reasons
    std::vector<std::uint64_t> route_version; ///< Conditions::edge_version its route was found for
    std::vector<std::uint32_t> next_edge;     ///< cursor into its route: next edge to enter
    std::vector<std::uint32_t> route_begin;   ///< its route is route_edges[begin, begin + length)
    std::vector<std::uint32_t> route_length;
    std::vector<std::uint32_t> route_edges; ///< EdgeId::index, routes of all vehicles, append only
    // input
    std::vector<double> depart_s;
    std::vector<std::uint8_t> vehicle_class; ///< VehicleClass
    std::vector<double> length_m;
    std::vector<double> desired_speed_factor; ///< times the speed limit
    std::vector<double> max_speed_mps;
    std::vector<std::uint32_t> origin; ///< EdgeId::index
    std::vector<std::uint32_t> destination;
    std::vector<std::uint32_t> group; ///< demand
    // derived
    std::vector<double> x_m; ///< middle of the front bumper; drawn
    std::vector<double> y_m;
    std::vector<double> heading_rad;

    std::size_t size() const { return phase.size(); }
    bool is_present(std::size_t i) const {
        return phase[i] == static_cast<std::uint8_t>(VehiclePhase::Driving);
    }
    VehicleClass class_of(std::size_t i) const {
        return static_cast<VehicleClass>(vehicle_class[i]);
    }
    std::span<std::uint32_t> granted_to(std::size_t i) {
        return std::span(granted).subspan(i * most_granted, most_granted);
    }
    std::span<const std::uint32_t> granted_to(std::size_t i) const {
        return std::span(granted).subspan(i * most_granted, most_granted);
    }
    bool is_granted(std::size_t i) const { return granted[i * most_granted] != UINT32_MAX; }
    std::span<std::uint32_t> trail_of(std::size_t i) {
        return std::span(trail).subspan(i * trail_length, trail_length);
    }
    std::span<const std::uint32_t> trail_of(std::size_t i) const {
        return std::span(trail).subspan(i * trail_length, trail_length);
    }
};

template <class V, class Visit> void for_each_vehicle_field(V& v, Visit&& visit) {
    visit(Field{"phase", "1", Role::State, "VehiclePhase"}, v.phase);
    visit(Field{"lane", "1", Role::State, "lane driven on"}, v.lane);
    visit(Field{"connection", "1", Role::State, "connection driven on"}, v.connection);
    visit(Field{"front", "m", Role::State, "front along lane or connection"}, v.front_m);
    visit(Field{"speed", "m/s", Role::State, "speed"}, v.speed_mps);
    visit(Field{"acceleration", "m/s2", Role::State, "acceleration"}, v.acceleration_mps2);
    visit(Field{"entry", "1", Role::State, "edge where it enters (again)"}, v.entry);
    visit(Field{"entered_at", "s", Role::State, "entry into the network, -1 before"}, v.entered_s);
    visit(Field{"arrived_at", "s", Role::State, "arrival, -1 before"}, v.arrived_s);
    visit(Field{"driven", "m", Role::State, "distance driven"}, v.driven_m);
    visit(Field{"free_time", "s", Role::State, "undisturbed time of the driven way"},
          v.free_time_s);
    visit(Field{"waiting", "s", Role::State, "time below 0.1 m/s"}, v.waiting_s);
    visit(Field{"standing_since", "s", Role::State, "-1 while moving"}, v.standing_since_s);
    visit(Field{"changed_lane_at", "s", Role::State, "last lane change"}, v.changed_lane_s);
    visit(Field{"granted", "1", Role::State, "connections it may enter, 12 a vehicle"}, v.granted);
    visit(Field{"granted_at", "s", Role::State, "time and order of the grant"}, v.granted_s);
    visit(Field{"trail", "1", Role::State, "last connections left, 6 a vehicle"}, v.trail);
    visit(Field{"detours", "1", Role::State, "lanes missed and full exits gone round"}, v.detours);
    visit(Field{"pulled_in", "1", Role::State, "times off the road after a missed lane"},
          v.pulled_in);
    visit(Field{"is_stuck", "1", Role::State,
                "1 no open way, 2 in deep water, 4 stands too long, 8 missed its lane, or sums"},
          v.is_stuck);
    visit(Field{"route_version", "1", Role::State, "conditions the route was found for"},
          v.route_version);
    visit(Field{"next_edge", "1", Role::State, "cursor into the route"}, v.next_edge);
    visit(Field{"route_begin", "1", Role::State, "first edge in route_edges"}, v.route_begin);
    visit(Field{"route_length", "1", Role::State, "edges of the route"}, v.route_length);
    visit(Field{"route_edges", "1", Role::State, "routes, one after another"}, v.route_edges);
    visit(Field{"depart_at", "s", Role::Input, "planned departure"}, v.depart_s);
    visit(Field{"vehicle_class", "1", Role::Input, "VehicleClass"}, v.vehicle_class);
    visit(Field{"length", "m", Role::Input, "vehicle length"}, v.length_m);
    visit(Field{"desired_speed_factor", "1", Role::Input, "times the limit"},
          v.desired_speed_factor);
    visit(Field{"max_speed", "m/s", Role::Input, "the vehicle's own limit"}, v.max_speed_mps);
    visit(Field{"origin", "1", Role::Input, "first edge"}, v.origin);
    visit(Field{"destination", "1", Role::Input, "last edge"}, v.destination);
    visit(Field{"group", "1", Role::Input, "demand"}, v.group);
    visit(Field{"x", "m", Role::Derived, "front east"}, v.x_m);
    visit(Field{"y", "m", Role::Derived, "front north"}, v.y_m);
    visit(Field{"heading", "rad", Role::Derived, "direction"}, v.heading_rad);
}

/// Signals: plan and power of each, and the light each link shows. Links of all signals lie one
/// after another; link k of signal s is lights[first_link(s) + k], see TrafficModel.
struct Signals {
    std::vector<std::uint32_t> plan;      ///< input: plan in force
    std::vector<std::uint8_t> is_powered; ///< input, from Ambient
    std::vector<std::uint8_t> lights;     ///< derived: Light of every link; all red when unpowered
};

template <class S, class Visit> void for_each_signal_field(S& s, Visit&& visit) {
    visit(Field{"signal_plan", "1", Role::Input, "plan in force"}, s.plan);
    visit(Field{"signal_powered", "1", Role::Input, "1 where the signal has power"}, s.is_powered);
    visit(Field{"signal_lights", "1", Role::Derived, "Light of every link"}, s.lights);
}

/// Car-following and lane-change parameters of one vehicle class.
struct DriverParameters {
    double length_m = 4.5;
    double max_speed_mps = 50.0;
    double max_acceleration_mps2 = 1.5;
    double comfortable_deceleration_mps2 = 2.0;
    double emergency_deceleration_mps2 = 8.0;
    double time_gap_s = 1.2;
    double standstill_gap_m = 2.0;
    double exponent = 4.0;
    double speed_factor_mean = 1.0;
    double speed_factor_sd = 0.1;
    double politeness = 0.3;             ///< MOBIL p
    double change_threshold_mps2 = 0.2;  ///< MOBIL delta a
    double safe_deceleration_mps2 = 3.0; ///< MOBIL b_safe
};

struct TrafficParameters {
    std::array<DriverParameters, vehicle_class_count> drivers; ///< see default_traffic_parameters
    double critical_gap_s = 6.2;             ///< right turn from the minor street (HCM 2000)
    double critical_gap_straight_s = 6.5;    ///< across the major street (HCM 2000)
    double critical_gap_far_turn_s = 7.1;    ///< left turn from the minor street (HCM 2000)
    double critical_gap_major_turn_s = 4.1;  ///< left turn from the major street (HCM 2000)
    double critical_gap_roundabout_s = 3.0;  ///< fitted to entry capacities of HCM 2010
    double critical_gap_equal_s = 4.1;       ///< streets of equal rank: assumed as a major turn
    double stop_line_gap_m = 1.0;            ///< a standing front keeps this far from its line
    double yellow_deceleration_mps2 = 3.0;   ///< who can stop at a yellow light with this, does
    double conflict_deceleration_mps2 = 4.0; ///< kept at hand before a stretch someone else is on
    double impassable_depth_m = 0.30;        ///< Pregnolato et al. 2017
    double stuck_after_s = 300.0;            ///< who stands longer is counted as stuck
    double reconsider_every_s = 300.0;       ///< drivers look for a quicker way so often
};
TrafficParameters default_traffic_parameters();

Vehicles plan_vehicles(const City& city, const Scenario& scenario,
                       const TrafficParameters& parameters);
Signals plan_signals(const City& city);

/// What happened to vehicles in an interval that no state array keeps.
struct LoopCounts {
    std::vector<std::uint32_t> passed; ///< fronts that drove over each loop; one for each sensor
};

class TrafficModel {
public:
    TrafficModel(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
                 TrafficParameters parameters);
    ~TrafficModel();
    TrafficModel(TrafficModel&&) noexcept;

    /// Sets the lights for `now_s`; an unpowered signal shows red on crossings and counts for
    /// vehicles as if it were not there.
    void set_lights(Signals& signals, double now_s) const;
    std::uint32_t first_link(SignalId signal) const;
    /// Carries vehicles from `now_s` over `interval_s` in equal substeps of at most `step_s`. They
    /// drive under `conditions`, and choose their ways by what is `known`.
    void advance(Vehicles& vehicles, const Signals& signals, const Conditions& conditions,
                 const Conditions& known, double now_s, double interval_s, double step_s,
                 LoopCounts& counts);
    /// Seconds until the next vehicle reaches each crossing: writes Conditions::crossing_vehicle_s.
    void approach_times(const Vehicles& vehicles, std::vector<float>& crossing_vehicle_s) const;
    /// Travel time of the quickest open way between two edges at the present mean speeds of edges,
    /// s; infinity where there is none.
    double travel_time_s(const Vehicles& vehicles, const Conditions& conditions, EdgeId from,
                         EdgeId to, VehicleClass c) const;
    /// Vehicles standing in a row from each edge's end, m.
    void queue_lengths_m(const Vehicles& vehicles, std::vector<float>& queue_m) const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace veste
