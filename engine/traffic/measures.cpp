#include "traffic/model.hpp"
#include "traffic/way.hpp"

#include <algorithm>
#include <limits>

/// What others ask of traffic: measured from the state, never remembered.
namespace veste {
namespace {

using traffic::none;

constexpr double foresight_m = 100.0;
constexpr double queue_mps = 1.4; ///< 5 km/h, as queues are usually told from moving traffic
constexpr double queue_gap_m = 10.0;

void note(std::vector<float>& times_s, std::uint32_t crossing, double time_s) {
    times_s[crossing] = std::min(times_s[crossing], static_cast<float>(time_s));
}

/// Walks along a vehicle's way and notes its arrival at the crossings there.
void note_arrivals(const Vehicles& v, const traffic::Roads& roads, std::uint32_t i,
                   std::vector<float>& times_s) {
    const double speed = v.speed_mps[i];
    std::uint32_t track = traffic::track_of(v, roads, i);
    double offset_m = -v.front_m[i];
    std::uint32_t next = v.next_edge[i];
    const auto edge_at = [&](std::uint32_t n) {
        return n < v.route_length[i] ? v.route_edges[v.route_begin[i] + n] : none;
    };
    while (offset_m < foresight_m) {
        for (const traffic::CrossingAhead& c : roads.crossings.of(track)) {
            const double distance_m = offset_m + c.begin_m;
            if (distance_m > foresight_m) {
                return;
            }
            if (offset_m + c.end_m + v.length_m[i] > 0.0) {
                note(times_s, c.crossing, std::max(distance_m, 0.0) / speed);
            }
        }
        offset_m += roads.length_m[track];
        if (!roads.is_lane(track)) {
            track = roads.to_lane(track - roads.lanes);
            ++next;
            continue;
        }
        const std::uint32_t k =
            edge_at(next) == none
                ? none
                : traffic::straightest_connection(roads, track, edge_at(next),
                                                  static_cast<VehicleClass>(v.vehicle_class[i]));
        if (k == none) {
            return;
        }
        track = roads.lanes + k;
    }
}

} // namespace

namespace traffic {

std::vector<double> present_speeds(const Vehicles& v, const Roads& roads, const EdgeState& edges,
                                   const TrafficParameters& parameters) {
    constexpr double crawling_mps = 1.0;
    const std::size_t count = roads.streets.edges.size();
    std::vector<double> taken_m(count);
    std::vector<double> taken_s(count);
    for (std::size_t i = 0; i < v.size(); ++i) {
        if (v.is_present(i) && v.lane[i] != none) {
            const DriverParameters& p = parameters.drivers[v.vehicle_class[i]];
            const double own_m = v.length_m[i] + p.standstill_gap_m + p.time_gap_s * v.speed_mps[i];
            taken_m[roads.edge[v.lane[i]]] += own_m;
            taken_s[roads.edge[v.lane[i]]] += own_m / std::max(v.speed_mps[i], crawling_mps);
        }
    }
    std::vector<double> speeds_mps(count);
    for (std::size_t e = 0; e < count; ++e) {
        const double free_mps = std::max(0.1, std::min(edges.limit_mps[e], edges.water_mps[e]));
        const double all_m = roads.edge_length_m[e] * roads.streets.edges[e].lanes;
        const double all_s = taken_s[e] + std::max(all_m - taken_m[e], 0.0) / free_mps;
        speeds_mps[e] = std::min(free_mps, all_m / all_s);
    }
    return speeds_mps;
}

} // namespace traffic

void TrafficModel::approach_times(const Vehicles& vehicles,
                                  std::vector<float>& crossing_vehicle_s) const {
    const traffic::Roads& roads = implementation_->roads;
    crossing_vehicle_s.assign(roads.streets.crossings.size(),
                              std::numeric_limits<float>::infinity());
    if (crossing_vehicle_s.empty()) {
        return;
    }
    // Who stands (waiting for people, a light or a queue) comes to no crossing.
    constexpr double standing_mps = 0.3;
    for (std::uint32_t i = 0; i < vehicles.size(); ++i) {
        if (vehicles.is_present(i) && vehicles.speed_mps[i] >= standing_mps) {
            note_arrivals(vehicles, roads, i, crossing_vehicle_s);
        }
    }
}

double TrafficModel::travel_time_s(const Vehicles& vehicles, const Conditions& conditions,
                                   EdgeId from, EdgeId to, VehicleClass c) const {
    const Implementation& m = *implementation_;
    traffic::EdgeState edges;
    edges.read(conditions, m.roads, m.parameters.impassable_depth_m);
    const DriverParameters& p = m.parameters.drivers[static_cast<std::size_t>(c)];
    traffic::RouteRequest request;
    request.starts = traffic::lanes_for(m.roads, from.index, c);
    request.destination = to.index;
    request.vehicle_class = c;
    request.speed_factor = p.speed_factor_mean;
    request.max_speed_mps = p.max_speed_mps;
    double duration_s = std::numeric_limits<double>::infinity();
    traffic::RouteFinder finder(m.roads, edges);
    finder.find(request, traffic::present_speeds(vehicles, m.roads, edges, m.parameters),
                &duration_s);
    return duration_s;
}

void TrafficModel::queue_lengths_m(const Vehicles& vehicles, std::vector<float>& queue_m) const {
    const traffic::Roads& roads = implementation_->roads;
    queue_m.assign(roads.streets.edges.size(), 0.0F);
    traffic::Order order;
    for (std::uint32_t i = 0; i < vehicles.size(); ++i) {
        if (vehicles.is_present(i)) {
            order.add(i);
        }
    }
    order.build(vehicles, roads);
    for (std::uint32_t lane = 0; lane < roads.lanes; ++lane) {
        double end_m = roads.length_m[lane];
        for (const traffic::Slot& slot : order.of(lane)) {
            if (slot.speed_mps > queue_mps || end_m - slot.front_m > queue_gap_m) {
                break;
            }
            end_m = std::min(end_m, std::max(slot.rear_m(), 0.0));
        }
        float& longest = queue_m[roads.edge[lane]];
        longest = std::max(longest, static_cast<float>(roads.length_m[lane] - end_m));
    }
}

} // namespace veste
