#include "traffic/model.hpp"

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
                : traffic::best_connection(roads, track, edge_at(next), edge_at(next + 1),
                                           static_cast<VehicleClass>(v.vehicle_class[i]));
        if (k == none) {
            return;
        }
        track = roads.lanes + k;
    }
}

/// Mean speed on each edge of those who drive there and of one imagined undisturbed vehicle.
std::vector<double> mean_speeds(const Vehicles& v, const traffic::Roads& roads,
                                const traffic::EdgeState& edges) {
    std::vector<double> sum_mps(roads.streets.edges.size());
    std::vector<double> count(sum_mps.size(), 1.0);
    for (std::size_t e = 0; e < sum_mps.size(); ++e) {
        sum_mps[e] = std::min(edges.limit_mps[e], edges.water_mps[e]);
    }
    for (std::size_t i = 0; i < v.size(); ++i) {
        if (v.is_present(i) && v.lane[i] != none) {
            sum_mps[roads.edge[v.lane[i]]] += v.speed_mps[i];
            count[roads.edge[v.lane[i]]] += 1.0;
        }
    }
    for (std::size_t e = 0; e < sum_mps.size(); ++e) {
        sum_mps[e] /= count[e];
    }
    return sum_mps;
}

} // namespace

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
    request.starts = {from.index};
    request.destination = to.index;
    request.vehicle_class = c;
    request.speed_factor = p.speed_factor_mean;
    request.max_speed_mps = p.max_speed_mps;
    double duration_s = std::numeric_limits<double>::infinity();
    traffic::RouteFinder finder(m.roads, edges);
    finder.find(request, mean_speeds(vehicles, m.roads, edges), &duration_s);
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
