#include "base/random.hpp"
#include "city/border.hpp"
#include "scenario/weighted_choice.hpp"
#include "traffic/reachability.hpp"
#include "traffic/roads.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace veste {
namespace {

using traffic::none;
using traffic::Reachability;

/// Vehicles draw from numbers of their own, not from those of pedestrians with equal ids.
std::uint64_t owner_of(std::size_t vehicle) {
    return (std::uint64_t{1} << 32) | vehicle;
}

double departure_s(const DepartureProfile& profile, std::uint64_t seed, std::size_t vehicle) {
    const std::uint64_t owner = owner_of(vehicle);
    const double span_s = profile.end_s - profile.begin_s;
    switch (profile.shape) {
    case DepartureShape::Uniform:
        return profile.begin_s + span_s * uniform01(seed, owner, 0, Draw::DepartureTime);
    case DepartureShape::Triangular: {
        const UniformPair u = uniform_pair(seed, owner, 0, Draw::DepartureTime);
        return profile.begin_s + 0.5 * span_s * (u.first + u.second);
    }
    case DepartureShape::Normal:
        return truncated_normal(seed, owner, Draw::DepartureTime, profile.begin_s + 0.5 * span_s,
                                0.25 * span_s, profile.begin_s, profile.end_s);
    }
    return profile.begin_s;
}

/// Nobody sets off in a roundabout or between stop lines, where there is no place to stand, as long
/// as there are other edges.
void keep_those_with_room(const traffic::Roads& roads, std::vector<Weighted<EdgeId>>& origins) {
    std::vector<Weighted<EdgeId>> with_room;
    for (const Weighted<EdgeId>& origin : origins) {
        const std::uint32_t kerb = roads.streets.edge(origin.what).first_lane.index;
        if (roads.length_m[kerb] >= roads.refuge_m(kerb)) {
            with_room.push_back(origin);
        }
    }
    if (!with_room.empty()) {
        origins = std::move(with_room);
    }
}

/// Edges to start from or go to, for one class: those given (or the border's, or all by length),
/// as far as the city's main part can be reached from there, or reaches there.
std::vector<Weighted<EdgeId>> usable_edges(const City& city, const traffic::Roads& roads,
                                           const std::vector<Weighted<EdgeId>>& given,
                                           VehicleClass c, const Reachability& reach,
                                           bool is_origin) {
    const StreetNetwork& streets = city.streets;
    const auto is_usable = [&](EdgeId e) {
        return streets.allows(e, c) &&
               (is_origin ? reach.reaches_core[e.index] : reach.is_reached[e.index]) != 0;
    };
    std::vector<Weighted<EdgeId>> usable;
    for (const Weighted<EdgeId>& edge : given) {
        if (is_usable(edge.what)) {
            usable.push_back(edge);
        }
    }
    if (!given.empty() && usable.empty()) {
        return given; // where none will do, those given stay: their vehicles are counted as stuck
    }
    const std::vector<std::uint8_t> is_border = border_edges(city, is_origin);
    for (std::size_t e = 0; given.empty() && e < streets.edges.size(); ++e) {
        if (is_usable(EdgeId(e)) && is_border[e] != 0) {
            usable.push_back({EdgeId(e), static_cast<double>(streets.edges[e].lanes)});
        }
    }
    if (given.empty() && usable.size() < 2) {
        usable.clear();
        for (std::size_t e = 0; e < streets.edges.size(); ++e) {
            if (is_usable(EdgeId(e))) {
                usable.push_back({EdgeId(e), streets.edges[e].length_m});
            }
        }
    }
    if (is_origin) {
        keep_those_with_room(roads, usable);
    }
    return usable;
}

void reserve(Vehicles& v, std::size_t count) {
    for_each_vehicle_field(v, [count](const Field&, auto& values) { values.reserve(count); });
}

void add_vehicle(Vehicles& v) {
    v.phase.push_back(static_cast<std::uint8_t>(VehiclePhase::Planned));
    v.lane.push_back(none);
    v.connection.push_back(none);
    v.granted.insert(v.granted.end(), most_granted, none);
    v.trail.insert(v.trail.end(), trail_length, none);
    for (auto* numbers : {&v.front_m, &v.speed_mps, &v.acceleration_mps2, &v.driven_m,
                          &v.free_time_s, &v.waiting_s, &v.x_m, &v.y_m, &v.heading_rad}) {
        numbers->push_back(0.0);
    }
    for (auto* times : {&v.entered_s, &v.arrived_s, &v.standing_since_s, &v.granted_s}) {
        times->push_back(-1.0);
    }
    v.changed_lane_s.push_back(-1000.0);
    v.is_stuck.push_back(0);
    v.route_version.push_back(0);
    for (auto* counts : {&v.detours, &v.pulled_in, &v.next_edge, &v.route_begin, &v.route_length}) {
        counts->push_back(0);
    }
}

/// Plans vehicle after vehicle; what depends on a demand and a class alone is found once.
class Planner {
public:
    Planner(const City& city, const Scenario& scenario, const TrafficParameters& parameters)
        : city_(city), scenario_(scenario), parameters_(parameters),
          roads_(city.streets, parameters) {}

    void plan(Vehicles& v, std::uint32_t demand) {
        const VehicleDemand& d = scenario_.vehicles[demand];
        ends_.clear();
        for (std::uint32_t n = 0; n < d.count; ++n) {
            plan_one(v, demand);
        }
    }

private:
    struct Ends {
        std::vector<Weighted<EdgeId>> origins;
        std::vector<Weighted<EdgeId>> destinations;
    };

    void plan_one(Vehicles& v, std::uint32_t demand) {
        const VehicleDemand& d = scenario_.vehicles[demand];
        const std::size_t i = v.size();
        const VehicleClass c = draw_class(d, i);
        const Ends& ends = ends_of(d, c);
        add_vehicle(v);
        const EdgeId origin = pick(ends.origins, draw(i, 0, Draw::OriginPlace));
        v.origin.push_back(origin.index);
        v.entry.push_back(origin.index);
        v.destination.push_back(draw_destination(ends, origin, i).index);
        v.depart_s.push_back(departure_s(d.departure, scenario_.seed, i));
        const DriverParameters& p = parameters_.drivers[static_cast<std::size_t>(c)];
        v.vehicle_class.push_back(static_cast<std::uint8_t>(c));
        v.length_m.push_back(p.length_m);
        v.desired_speed_factor.push_back(truncated_normal(
            scenario_.seed, owner_of(i), Draw::DriverSpeedFactor, p.speed_factor_mean,
            p.speed_factor_sd, p.speed_factor_mean - 2.0 * p.speed_factor_sd,
            p.speed_factor_mean + 2.0 * p.speed_factor_sd));
        v.max_speed_mps.push_back(p.max_speed_mps);
        v.group.push_back(demand);
    }

    double draw(std::size_t vehicle, std::uint64_t attempt, Draw purpose) const {
        return uniform01(scenario_.seed, owner_of(vehicle), attempt, purpose);
    }

    VehicleClass draw_class(const VehicleDemand& d, std::size_t vehicle) const {
        return d.classes.empty() ? VehicleClass::Car
                                 : pick(d.classes, draw(vehicle, 0, Draw::VehicleClass));
    }

    /// Another street than the origin's, if a few draws find one.
    EdgeId draw_destination(const Ends& ends, EdgeId origin, std::size_t vehicle) const {
        EdgeId destination = origin;
        const EdgeId back = city_.streets.edge(origin).opposite;
        for (std::uint64_t attempt = 0;
             attempt < 16 && (destination == origin || destination == back); ++attempt) {
            destination = pick(ends.destinations, draw(vehicle, attempt, Draw::DestinationPlace));
        }
        return destination;
    }

    const Ends& ends_of(const VehicleDemand& d, VehicleClass c) {
        if (!ends_.contains(c)) {
            if (!reach_.contains(c)) {
                reach_.emplace(c, traffic::find_reachability(roads_, c));
            }
            ends_[c] = {usable_edges(city_, roads_, d.origins, c, reach_.at(c), true),
                        usable_edges(city_, roads_, d.destinations, c, reach_.at(c), false)};
        }
        const Ends& ends = ends_.at(c);
        if (ends.origins.empty() || ends.destinations.empty()) {
            throw InputError("vehicles \"" + d.name + "\": no street of the city admits " +
                             std::string(name_of(c)) + "; allowed: a class it admits");
        }
        return ends;
    }

    const City& city_;
    const Scenario& scenario_;
    const TrafficParameters& parameters_;
    traffic::Roads roads_;
    std::map<VehicleClass, Reachability> reach_;
    std::map<VehicleClass, Ends> ends_; ///< of the present demand
};

} // namespace

Vehicles plan_vehicles(const City& city, const Scenario& scenario,
                       const TrafficParameters& parameters) {
    Vehicles v;
    std::size_t total = 0;
    for (const VehicleDemand& demand : scenario.vehicles) {
        total += demand.count;
    }
    reserve(v, total);
    if (total == 0 || city.streets.edges.empty()) {
        return v;
    }
    Planner planner(city, scenario, parameters);
    for (std::uint32_t d = 0; d < scenario.vehicles.size(); ++d) {
        planner.plan(v, d);
    }
    return v;
}

} // namespace veste
