#include "base/parallel.hpp"
#include "traffic/junctions.hpp"
#include "traffic/model.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

using traffic::none;
using traffic::Step;

constexpr std::size_t vehicle_grain = 64;
constexpr std::size_t cluster_grain = 8;

/// Loops of each edge. A lane change keeps the share of the lane that is driven, so a loop lies at
/// the same share of all its edge's lanes: each front drives over it once.
std::vector<std::vector<traffic::Loop>> find_loops(const StreetNetwork& streets,
                                                   const std::vector<Sensor>& sensors) {
    std::vector<std::vector<traffic::Loop>> loops(streets.edges.size());
    for (std::uint32_t s = 0; s < sensors.size(); ++s) {
        if (sensors[s].kind != SensorKind::LoopDetector || !sensors[s].edge.is_valid()) {
            continue;
        }
        const Edge& edge = streets.edge(sensors[s].edge);
        const Lane& kerb = streets.lane(edge.first_lane);
        const Vec2 at = place_at(edge.line, sensors[s].along_m).at;
        const double share = nearest_place(kerb.line, at).along_m / kerb.length_m;
        loops[sensors[s].edge.index].push_back({s, std::clamp(share, 0.0, 1.0)});
    }
    return loops;
}

} // namespace

TrafficModel::Implementation::Implementation(std::shared_ptr<const City> c,
                                             std::shared_ptr<const Scenario> s,
                                             const TrafficParameters& p)
    : city(std::move(c)), scenario(std::move(s)), parameters(p), roads(city->streets, parameters),
      is_entered(roads.lanes, 0), is_lane_touched(roads.lanes, 0) {
    grants.first.assign(city->streets.connections.size(), none);
    grants.first_at_line.assign(roads.lanes, none);
    loops.fill(find_loops(city->streets, scenario->sensors));
}

/// Lists who drives (last substep's order first, which is nearly sorted) and who may enter.
void TrafficModel::Implementation::gather(Vehicles& v, double end_s) {
    is_listed.assign(v.size(), 0);
    std::erase_if(order.present, [&](std::uint32_t i) {
        const bool is_kept = i < v.size() && v.is_present(i) && is_listed[i] == 0;
        if (is_kept) {
            is_listed[i] = 1;
        }
        return !is_kept;
    });
    waiting.clear();
    for (std::uint32_t i = 0; i < v.size(); ++i) {
        const auto phase = static_cast<VehiclePhase>(v.phase[i]);
        if (phase == VehiclePhase::Driving && is_listed[i] == 0) {
            order.present.push_back(i);
        } else if (phase == VehiclePhase::Waiting ||
                   (phase == VehiclePhase::Planned && v.depart_s[i] < end_s)) {
            waiting.push_back(i);
        }
    }
    plans.resize(v.size());
    choice.resize(v.size(), none);
    was_granted.resize(v.size(), 0);
    granted_by.resize(v.size(), none);
    next_line.resize(v.size(), none);
    grants.waits_for.resize(v.size(), none);
    visited.resize(v.size(), none);
    acceleration.resize(v.size(), 0.0);
    is_touched.resize(v.size(), 0);
}

void TrafficModel::Implementation::index(const Step& step) {
    Vehicles& v = step.vehicles;
    order.build(v, roads);
    parallel_for(order.present.size(), vehicle_grain, [&](std::size_t n) {
        const std::uint32_t i = order.present[n];
        const std::uint32_t edge = traffic::edge_in_way(v, i);
        if (!traffic::is_plan_of(plans[i], v, i, edge)) {
            plans[i] = traffic::make_lane_plan(v, roads, i, edge);
        }
        choice[i] = v.lane[i] != none ? traffic::connection_ahead(step, i, traffic::way_of(step, i))
                                      : v.connection[i];
    });
}

void TrafficModel::Implementation::let_in(const Step& step) {
    Vehicles& v = step.vehicles;
    entered_lanes.clear();
    bool is_anyone_in = false;
    std::erase_if(waiting, [&](std::uint32_t i) {
        if (v.depart_s[i] > step.now_s) {
            return false;
        }
        v.phase[i] = static_cast<std::uint8_t>(VehiclePhase::Waiting);
        if (v.route_length[i] == 0 || (v.is_stuck[i] & stuck_without_way) != 0 ||
            !traffic::try_to_enter(step, i, is_entered)) {
            return false;
        }
        entered_lanes.push_back(v.lane[i]);
        order.add(i);
        is_anyone_in = true;
        return true;
    });
    for (const std::uint32_t lane : entered_lanes) {
        is_entered[lane] = 0;
    }
    if (is_anyone_in) {
        index(step);
    }
}

/// Wishes are judged on the frozen state and settled from lane to lane, from front to back; one
/// whose neighbours have a part in another change waits for the next substep.
void TrafficModel::Implementation::change_lanes(const Step& step) {
    Vehicles& v = step.vehicles;
    wishes.resize(order.present.size());
    parallel_for(order.present.size(), vehicle_grain, [&](std::size_t n) {
        wishes[n] = traffic::wish_lane_change(step, order.present[n]);
    });
    bool has_changed = false;
    for (const traffic::LaneWish& wish : wishes) {
        if (wish.vehicle == none) {
            continue;
        }
        const auto is_free = [&](std::uint32_t i) { return i == none || is_touched[i] == 0; };
        const bool is_open_ended = wish.leader == none || wish.follower == none;
        if (is_touched[wish.vehicle] != 0 || !is_free(wish.leader) || !is_free(wish.follower) ||
            (is_open_ended && is_lane_touched[wish.lane] != 0)) {
            continue;
        }
        for (const std::uint32_t i : {wish.vehicle, wish.leader, wish.follower}) {
            if (i != none) {
                is_touched[i] = 1;
            }
        }
        is_lane_touched[wish.lane] = 1;
        v.lane[wish.vehicle] = wish.lane;
        v.front_m[wish.vehicle] = wish.front_m;
        v.changed_lane_s[wish.vehicle] = step.now_s;
        std::fill(v.trail_of(wish.vehicle).begin(), v.trail_of(wish.vehicle).end(), none);
        has_changed = true;
    }
    if (has_changed) {
        std::fill(is_touched.begin(), is_touched.end(), std::uint8_t{0});
        std::fill(is_lane_touched.begin(), is_lane_touched.end(), std::uint8_t{0});
        index(step);
    }
}

/// Finds what comes to which stop line, and who is granted what already.
void TrafficModel::Implementation::look_ahead(const Step& step) {
    grants.approaches.resize(order.slots.size() * most_granted);
    std::fill(grants.first.begin(), grants.first.end(), none);
    std::fill(grants.first_at_line.begin(), grants.first_at_line.end(), none);
    parallel_for(order.present.size(), vehicle_grain, [&](std::size_t n) {
        const std::uint32_t i = order.present[n];
        was_granted[i] = step.vehicles.is_granted(i);
        granted_by[i] = none;
        for (const std::uint32_t k : step.vehicles.granted_to(i)) {
            if (k != none && roads.needs_grant[k] != 0) {
                granted_by[i] = roads.cluster_of[roads.from_lane(k)];
                break;
            }
        }
        next_line[i] = traffic::find_next_line(step, i);
        grants.waits_for[i] = none;
    });
    is_awaited.assign(roads.lanes, 0);
    is_busy.assign(roads.clusters.size(), 0);
    busy_clusters.clear();
    for (const std::uint32_t i : order.present) {
        if (was_granted[i] != 0) {
            traffic::register_grant(step, i, traffic::granted_path(step, i));
        }
        const std::uint32_t line = next_line[i];
        if (line != none && is_awaited[line] == 0) {
            is_awaited[line] = 1;
            const std::uint32_t cluster = roads.cluster_of[line];
            if (is_busy[cluster] == 0) {
                is_busy[cluster] = 1;
                busy_clusters.push_back(cluster);
            }
        }
    }
}

void TrafficModel::Implementation::settle_junctions(const Step& step) {
    look_ahead(step);
    parallel_for(busy_clusters.size(), cluster_grain, [&](std::size_t n) {
        traffic::settle_cluster(step, roads.clusters[busy_clusters[n]]);
    });
    traffic::let_circles_move(step, visited);
}

void TrafficModel::Implementation::substep(const Step& step, LoopCounts& counts) {
    index(step);
    let_in(step);
    change_lanes(step);
    settle_junctions(step);
    move(step, counts);
}

/// Front bumpers in the plane, for drawing and for the other domains.
void TrafficModel::Implementation::place(Vehicles& v) const {
    parallel_for(order.present.size(), vehicle_grain, [&](std::size_t n) {
        const std::uint32_t i = order.present[n];
        if (!v.is_present(i)) {
            return;
        }
        const Polyline& line = v.lane[i] != none ? city->streets.lanes[v.lane[i]].line
                                                 : city->streets.connections[v.connection[i]].line;
        const PlaceOnLine at = place_at(line, v.front_m[i]);
        v.x_m[i] = at.at.x();
        v.y_m[i] = at.at.y();
        v.heading_rad[i] = std::atan2(at.direction.y(), at.direction.x());
    });
}

TrafficModel::TrafficModel(std::shared_ptr<const City> city,
                           std::shared_ptr<const Scenario> scenario, TrafficParameters parameters)
    : implementation_(
          std::make_unique<Implementation>(std::move(city), std::move(scenario), parameters)) {}

TrafficModel::~TrafficModel() = default;
TrafficModel::TrafficModel(TrafficModel&&) noexcept = default;

void TrafficModel::advance(Vehicles& vehicles, const Signals& signals, const Conditions& conditions,
                           const Conditions& known, double now_s, double interval_s, double step_s,
                           LoopCounts& counts) {
    Implementation& m = *implementation_;
    counts.passed.assign(m.scenario->sensors.size(), 0);
    m.edges.read(conditions, m.roads, m.parameters.impassable_depth_m);
    m.known_edges.read(known, m.roads, m.parameters.impassable_depth_m);
    m.gather(vehicles, now_s + interval_s);
    m.find_routes(vehicles, known.edge_version, now_s, interval_s);
    const int substeps = std::max(1, static_cast<int>(std::ceil(interval_s / step_s - 1e-9)));
    Step step{vehicles,     signals,       conditions,   m.roads,
              m.parameters, m.edges,       m.order,      m.plans,
              m.choice,     m.was_granted, m.granted_by, m.next_line,
              m.is_awaited, m.grants,      now_s,        interval_s / substeps};
    for (int n = 0; n < substeps; ++n) {
        step.now_s = now_s + n * step.dt;
        m.substep(step, counts);
    }
    step.now_s = now_s + interval_s;
    m.index(step);
    m.go_round(step, known.edge_version, interval_s);
    m.pull_over(step);
    m.place(vehicles);
}

} // namespace veste
