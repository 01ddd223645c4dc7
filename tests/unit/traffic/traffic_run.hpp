#pragma once
#include "support/toy_streets.hpp"
#include "traffic/traffic.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/// Runs traffic alone on a toy network or a city, and watches that no two vehicles overlap.
namespace veste::toy {

constexpr std::uint32_t no_id = UINT32_MAX;

struct TrafficRun {
    std::shared_ptr<const City> city;
    std::shared_ptr<Scenario> scenario;
    TrafficParameters parameters;
    TrafficModel model;
    Vehicles vehicles;
    Signals signals;
    Conditions conditions;
    const Conditions* known = nullptr; ///< what drivers know, where not as it is
    LoopCounts counts;
    std::uint64_t steps = 0;
    double dt = 0.5;

    explicit TrafficRun(StreetNetwork streets, Scenario s = {},
                        TrafficParameters p = default_traffic_parameters())
        : TrafficRun(std::make_shared<const City>(city_of(std::move(streets))), std::move(s), p) {}

    explicit TrafficRun(std::shared_ptr<const City> c, Scenario s = {},
                        TrafficParameters p = default_traffic_parameters())
        : city(std::move(c)), scenario(std::make_shared<Scenario>(std::move(s))), parameters(p),
          model(city, scenario, p), vehicles(plan_vehicles(*city, *scenario, p)),
          signals(plan_signals(*city)), conditions(Conditions::calm(*city)) {}

    const StreetNetwork& streets() const { return city->streets; }
    double now_s() const { return static_cast<double>(steps) * dt; }

    /// One interval of one substep.
    void step() {
        model.set_lights(signals, now_s());
        model.advance(vehicles, signals, conditions, known != nullptr ? *known : conditions,
                      now_s(), dt, dt, counts);
        ++steps;
    }

    void step_until(double end_s) {
        while (now_s() < end_s - 1e-9) {
            step();
        }
    }

    /// Adds a vehicle that drives a given way; it enters from its first edge when it departs.
    std::uint32_t add(std::vector<std::uint32_t> way, double depart_s = 0.0,
                      VehicleClass c = VehicleClass::Car, double speed_factor = 1.0) {
        const auto i = static_cast<std::uint32_t>(vehicles.size());
        const DriverParameters& p = parameters.drivers[static_cast<std::size_t>(c)];
        for_each_vehicle_field(vehicles, [&](const Field& field, auto& values) {
            using T = typename std::decay_t<decltype(values)>::value_type;
            if (field.name == "granted" || field.name == "trail") {
                values.insert(values.end(), field.name == "trail" ? trail_length : most_granted,
                              static_cast<T>(no_id));
            } else if (field.name != "route_edges") {
                values.push_back(T{});
            }
        });
        vehicles.lane[i] = vehicles.connection[i] = no_id;
        vehicles.entered_s[i] = vehicles.arrived_s[i] = vehicles.standing_since_s[i] = -1.0;
        vehicles.changed_lane_s[i] = -100.0;
        vehicles.origin[i] = vehicles.entry[i] = way.front();
        vehicles.destination[i] = way.back();
        vehicles.route_begin[i] = static_cast<std::uint32_t>(vehicles.route_edges.size());
        vehicles.route_length[i] = static_cast<std::uint32_t>(way.size());
        vehicles.route_edges.insert(vehicles.route_edges.end(), way.begin(), way.end());
        vehicles.depart_s[i] = depart_s;
        vehicles.vehicle_class[i] = static_cast<std::uint8_t>(c);
        vehicles.length_m[i] = p.length_m;
        vehicles.desired_speed_factor[i] = speed_factor;
        vehicles.max_speed_mps[i] = p.max_speed_mps;
        return i;
    }

    /// Puts a vehicle onto a lane of the first edge of its way.
    void put(std::uint32_t i, std::uint32_t lane_index, double front_m, double speed_mps) {
        const EdgeId edge(vehicles.route_edges[vehicles.route_begin[i]]);
        vehicles.phase[i] = static_cast<std::uint8_t>(VehiclePhase::Driving);
        vehicles.lane[i] = streets().lane_of(edge, lane_index).index;
        vehicles.front_m[i] = front_m;
        vehicles.speed_mps[i] = speed_mps;
        vehicles.entered_s[i] = 0.0;
        vehicles.next_edge[i] = 1;
    }

    std::uint32_t edge_of(std::uint32_t i) const {
        if (vehicles.lane[i] != no_id) {
            return streets().lanes[vehicles.lane[i]].edge.index;
        }
        return no_id;
    }

    std::size_t count(VehiclePhase phase) const {
        return static_cast<std::size_t>(std::count(vehicles.phase.begin(), vehicles.phase.end(),
                                                   static_cast<std::uint8_t>(phase)));
    }
};

/// A stretch of one track that a vehicle's body covers.
struct Body {
    std::uint32_t track = 0;
    double front_m = 0.0;
    double rear_m = 0.0;
    std::uint32_t vehicle = 0;
};

/// All stretches covered by bodies, found backwards from each front.
inline std::vector<Body> bodies_of(const TrafficRun& run) {
    const StreetNetwork& s = run.streets();
    const Vehicles& v = run.vehicles;
    const auto lanes = static_cast<std::uint32_t>(s.lanes.size());
    std::vector<Body> bodies;
    for (std::uint32_t i = 0; i < v.size(); ++i) {
        if (!v.is_present(i)) {
            continue;
        }
        std::vector<std::uint32_t> tracks;
        if (v.lane[i] == no_id) {
            tracks = {lanes + v.connection[i], s.connections[v.connection[i]].from.index};
        } else {
            tracks = {v.lane[i]};
        }
        for (const std::uint32_t k : v.trail_of(i)) {
            if (k == no_id || s.connections[k].to.index != tracks.back()) {
                break;
            }
            tracks.push_back(lanes + k);
            tracks.push_back(s.connections[k].from.index);
        }
        double front_m = v.front_m[i];
        double left_m = v.length_m[i];
        for (std::size_t n = 0; n < tracks.size() && left_m > 0.0; ++n) {
            const double length_m = tracks[n] < lanes ? s.lanes[tracks[n]].length_m
                                                      : s.connections[tracks[n] - lanes].length_m;
            front_m = n == 0 ? front_m : length_m;
            const double covered_m = std::min(left_m, front_m);
            bodies.push_back({tracks[n], front_m, front_m - covered_m, i});
            left_m -= covered_m;
        }
    }
    return bodies;
}

/// The smallest bumper gap on any track, negative where two bodies overlap there.
inline double smallest_gap_m(const TrafficRun& run) {
    std::vector<Body> bodies = bodies_of(run);
    std::sort(bodies.begin(), bodies.end(), [](const Body& a, const Body& b) {
        return std::pair(a.track, a.front_m) < std::pair(b.track, b.front_m);
    });
    double smallest = 1e9;
    for (std::size_t n = 1; n < bodies.size(); ++n) {
        if (bodies[n].track == bodies[n - 1].track) {
            smallest = std::min(smallest, bodies[n].rear_m - bodies[n - 1].front_m);
        }
    }
    return smallest;
}

/// Pairs of vehicles that are on the same place of two crossing or merging connections at once.
inline int conflicting_pairs(const TrafficRun& run) {
    const StreetNetwork& s = run.streets();
    const auto lanes = static_cast<std::uint32_t>(s.lanes.size());
    std::vector<std::vector<Body>> on(s.connections.size());
    for (const Body& body : bodies_of(run)) {
        if (body.track >= lanes) {
            on[body.track - lanes].push_back(body);
        }
    }
    int pairs = 0;
    for (std::uint32_t k = 0; k < s.connections.size(); ++k) {
        for (const Conflict& c : s.connections[k].conflicts) {
            if (c.other.index < k || s.connections[k].from == s.connection(c.other).from) {
                continue; // each pair once; out of one lane, one follows the other
            }
            for (const Body& a : on[k]) {
                for (const Body& b : on[c.other.index]) {
                    const bool a_inside = a.front_m > c.begin_m && a.rear_m < c.end_m;
                    const bool b_inside = b.front_m > c.other_begin_m && b.rear_m < c.other_end_m;
                    // Who merges into the same lane may follow in the stretch, but not beside.
                    const double a_end_m = s.connections[k].length_m;
                    const double b_end_m = s.connection(c.other).length_m;
                    const bool follows = s.connections[k].to == s.connection(c.other).to &&
                                         (a_end_m - a.front_m > b_end_m - b.rear_m - 1e-9 ||
                                          b_end_m - b.front_m > a_end_m - a.rear_m - 1e-9);
                    pairs += a.vehicle != b.vehicle && a_inside && b_inside && !follows;
                }
            }
        }
    }
    return pairs;
}

} // namespace veste::toy
