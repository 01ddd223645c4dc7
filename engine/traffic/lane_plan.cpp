#include "traffic/lane_plan.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

/// So far ahead lanes are looked at.
constexpr double look_m = 300.0;
constexpr float never = std::numeric_limits<float>::infinity();

/// A lane change on a short edge is harder than on a long one.
float effort_of_change(const Roads& roads, std::uint32_t edge) {
    return roads.can_change_on(edge) ? static_cast<float>(1.0 + 30.0 / roads.edge_length_m[edge])
                                     : never;
}

/// Takes the connection over which fewest changes are to come; on equal terms, the straightest.
LaneChoice choose_on(const Roads& roads, const LanePlan& plan, std::uint32_t n,
                     std::uint32_t lane) {
    const Lane& from = roads.streets.lanes[lane];
    LaneChoice choice{none, from.index, never, static_cast<float>(roads.length_m[lane])};
    std::uint32_t sideways = 0;
    for (std::uint32_t m = 0; m < from.connections; ++m) {
        const std::uint32_t k = from.first_connection + m;
        if (roads.edge[roads.lanes + k] != plan.way[n + 1] ||
            !roads.lets_over(k, plan.vehicle_class)) {
            continue;
        }
        const std::uint32_t to_index = roads.streets.lanes[roads.to_lane(k)].index;
        const LaneChoice& then = plan.lanes[plan.starts[n + 1] + to_index];
        const std::uint32_t off = std::max(to_index, from.index) - std::min(to_index, from.index);
        if (choice.connection == none || then.changes < choice.changes ||
            (then.changes == choice.changes && off < sideways)) {
            choice.connection = k;
            choice.changes = then.changes;
            choice.clear_m = static_cast<float>(roads.length_m[lane] +
                                                roads.length_m[roads.lanes + k] + then.clear_m);
            sideways = off;
        }
    }
    return choice;
}

/// On the farthest edge looked at every lane that leads on (or on which the way ends) is good.
LaneChoice end_of_look(const Roads& roads, std::uint32_t lane, std::uint32_t next, VehicleClass c) {
    LaneChoice choice{none, roads.streets.lanes[lane].index, 0.0F, never};
    if (next != none) {
        choice.connection = straightest_connection(roads, lane, next, c);
    }
    if (!roads.allows(lane, c) || (next != none && choice.connection == none)) {
        choice.changes = never;
        choice.clear_m = static_cast<float>(roads.length_m[lane]);
    }
    return choice;
}

/// Compares each lane of an edge with changing to another one.
void compare_lanes(const Roads& roads, LanePlan& plan, std::uint32_t n) {
    const Edge& e = roads.streets.edges[plan.way[n]];
    const float effort = effort_of_change(roads, plan.way[n]);
    const std::size_t start = plan.starts[n];
    std::array<float, LanePlan::most_lanes> kept{};
    for (std::uint32_t a = 0; a < e.lanes; ++a) {
        kept[a] = plan.lanes[start + a].changes;
    }
    for (std::uint32_t a = 0; a < e.lanes; ++a) {
        LaneChoice& choice = plan.lanes[start + a];
        for (std::uint32_t b = 0; b < e.lanes; ++b) {
            const auto off = static_cast<float>(std::max(a, b) - std::min(a, b));
            const float changes = kept[b] + off * effort;
            if (a != b && roads.allows(e.first_lane.index + b, plan.vehicle_class) &&
                changes < choice.changes) {
                choice.changes = changes;
                choice.better = b;
            }
        }
        // Where it leads into a dead end it is not followed: its driver waits for a gap.
        if (kept[a] == never) {
            choice.connection = none;
            choice.clear_m = static_cast<float>(roads.length_m[e.first_lane.index + a]);
        }
    }
}

} // namespace

namespace {

std::uint32_t edge_at(const Vehicles& v, std::size_t i, std::uint32_t place) {
    return place < v.route_length[i] ? v.route_edges[v.route_begin[i] + place] : none;
}

} // namespace

LanePlan make_lane_plan(const Vehicles& v, const Roads& roads, std::size_t i,
                        std::uint32_t first_edge) {
    LanePlan plan;
    const auto c = static_cast<VehicleClass>(v.vehicle_class[i]);
    plan.first_edge = first_edge;
    plan.vehicle_class = c;
    plan.way[0] = edge_at(v, i, first_edge);
    std::size_t lanes = 0;
    double ahead_m = 0.0;
    while (plan.way[plan.edges] != none && plan.edges < LanePlan::most_edges && ahead_m <= look_m) {
        const Edge& e = roads.streets.edges[plan.way[plan.edges]];
        if (lanes + e.lanes > LanePlan::most_lanes) {
            break;
        }
        ahead_m += plan.edges > 0 ? e.length_m : 0.0;
        lanes += e.lanes;
        plan.starts[++plan.edges] = static_cast<std::uint8_t>(lanes);
        plan.way[plan.edges] = edge_at(v, i, first_edge + plan.edges);
    }
    for (std::uint32_t n = plan.edges; n-- > 0;) {
        const Edge& e = roads.streets.edges[plan.way[n]];
        for (std::uint32_t index = 0; index < e.lanes; ++index) {
            const std::uint32_t lane = e.first_lane.index + index;
            plan.lanes[plan.starts[n] + index] = n + 1 == plan.edges
                                                     ? end_of_look(roads, lane, plan.way[n + 1], c)
                                                     : choose_on(roads, plan, n, lane);
        }
        compare_lanes(roads, plan, n);
    }
    return plan;
}

bool is_plan_of(const LanePlan& plan, const Vehicles& v, std::size_t i, std::uint32_t first_edge) {
    if (plan.edges == 0 || plan.first_edge != first_edge ||
        plan.vehicle_class != static_cast<VehicleClass>(v.vehicle_class[i])) {
        return false;
    }
    for (std::uint32_t n = 0; n <= plan.edges; ++n) {
        if (plan.way[n] != edge_at(v, i, first_edge + n)) {
            return false;
        }
    }
    return true;
}

std::uint32_t straightest_connection(const Roads& roads, std::uint32_t lane, std::uint32_t next,
                                     VehicleClass c) {
    const Lane& from = roads.streets.lanes[lane];
    std::uint32_t best = none;
    std::uint32_t sideways = 0;
    for (std::uint32_t n = 0; n < from.connections; ++n) {
        const std::uint32_t k = from.first_connection + n;
        if (roads.edge[roads.lanes + k] != next || !roads.lets_over(k, c)) {
            continue;
        }
        const std::uint32_t to_index = roads.streets.lanes[roads.to_lane(k)].index;
        const std::uint32_t off = std::max(to_index, from.index) - std::min(to_index, from.index);
        if (best == none || off < sideways) {
            best = k;
            sideways = off;
        }
    }
    return best;
}

} // namespace veste::traffic
