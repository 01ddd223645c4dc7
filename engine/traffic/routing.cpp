#include "traffic/routing.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <limits>

namespace veste::traffic {

double water_speed_mps(double depth_m, double impassable_depth_m) {
    if (depth_m <= 0.0) {
        return std::numeric_limits<double>::infinity();
    }
    if (depth_m >= impassable_depth_m) {
        return 0.0;
    }
    const double w_mm = 1000.0 * depth_m;
    return kmh_to_mps(std::max(0.0009 * w_mm * w_mm - 0.5529 * w_mm + 86.9448, 0.0));
}

void EdgeState::read(const Conditions& conditions, const Roads& roads, double impassable_depth_m) {
    const std::size_t edges = roads.streets.edges.size();
    limit_mps.resize(edges);
    water_mps.resize(edges);
    closed_to = conditions.edge_closed;
    is_deep.resize(edges);
    fastest_mps = roads.fastest_mps;
    for (std::size_t e = 0; e < edges; ++e) {
        limit_mps[e] = std::max(0.1, static_cast<double>(conditions.edge_speed_limit_mps[e]));
        fastest_mps = std::max(fastest_mps, limit_mps[e]);
        // Compared as stored, so that 0.30 m counts as impassable.
        const auto depth_m = static_cast<double>(conditions.edge_depth_m[e]);
        is_deep[e] = conditions.edge_depth_m[e] >= static_cast<float>(impassable_depth_m) ? 1 : 0;
        water_mps[e] = is_deep[e] != 0 ? 0.0 : water_speed_mps(depth_m, impassable_depth_m);
    }
}

std::vector<std::uint32_t> lanes_for(const Roads& roads, std::uint32_t edge, VehicleClass c) {
    const Edge& e = roads.streets.edges[edge];
    std::vector<std::uint32_t> lanes;
    for (const bool only_allowed : {true, false}) {
        for (std::uint32_t index = 0; index < e.lanes; ++index) {
            if (!only_allowed || roads.allows(e.first_lane.index + index, c)) {
                lanes.push_back(e.first_lane.index + index);
            }
        }
        if (!lanes.empty()) {
            break;
        }
    }
    return lanes;
}

namespace {

constexpr double lane_change_s = 1.0;

/// Least estimate on top; equal ones by lane, so that ways never depend on chance.
constexpr auto is_later = [](const auto& a, const auto& b) {
    return a.estimate_s > b.estimate_s || (a.estimate_s == b.estimate_s && a.lane > b.lane);
};

} // namespace

RouteFinder::RouteFinder(const Roads& roads, const EdgeState& state)
    : roads_(roads), state_(state), cost_s_(roads.lanes), from_(roads.lanes),
      stamp_(roads.lanes, 0) {}

/// The destination's own edge costs nothing: where on it a trip ends does not matter.
double RouteFinder::edge_time_s(std::uint32_t edge, const RouteRequest& request) const {
    if (edge == request.destination) {
        return 0.0;
    }
    double speed_mps = state_.desired_mps(edge, request.speed_factor, request.max_speed_mps);
    if (speeds_mps_ != nullptr) {
        speed_mps = std::min(speed_mps, (*speeds_mps_)[edge]);
    }
    return roads_.edge_length_m[edge] / std::max(speed_mps, 0.1);
}

/// From a lane's end over a connection to the next lane's end.
double RouteFinder::link_time_s(const Onward& link, const RouteRequest& request) const {
    return link.length_m / std::min(link.speed_mps, request.max_speed_mps) +
           edge_time_s(roads_.edge[link.lane], request);
}

bool RouteFinder::may_follow(std::uint32_t lane, const Onward& link,
                             const RouteRequest& request) const {
    const std::uint32_t edge = roads_.edge[link.lane];
    return has(link.classes, request.vehicle_class) && edge != request.avoided &&
           state_.may_enter(roads_.edge[lane], edge, request.vehicle_class);
}

bool RouteFinder::may_change(std::uint32_t lane, const RouteRequest& request, bool is_start) const {
    return roads_.can_change_on(roads_.edge[lane]) && !(request.keeps_lane && is_start);
}

void RouteFinder::push(const RouteRequest& request, std::uint32_t lane, std::uint32_t from,
                       double cost_s) {
    if (stamp_[lane] == search_) {
        return;
    }
    const std::uint32_t edge = roads_.edge[lane];
    const std::uint32_t goal = request.destination;
    const double left_m = (roads_.edge_start[goal] - roads_.edge_end[edge]).norm();
    const double left_s = edge == goal ? 0.0 : left_m / fastest_mps_;
    heap_.push_back({cost_s + left_s, cost_s, lane, from});
    std::push_heap(heap_.begin(), heap_.end(), is_later);
}

void RouteFinder::push_neighbours(const RouteRequest& request, const Open& open) {
    if (!may_change(open.lane, request, open.from == none)) {
        return;
    }
    const Edge& e = roads_.streets.edges[roads_.edge[open.lane]];
    for (std::uint32_t index = 0; index < e.lanes; ++index) {
        const std::uint32_t lane = e.first_lane.index + index;
        if ((lane + 1 == open.lane || lane == open.lane + 1) &&
            roads_.allows(lane, request.vehicle_class)) {
            push(request, lane, open.lane, open.cost_s + lane_change_s);
        }
    }
}

void RouteFinder::push_onward(const RouteRequest& request, const Open& open) {
    for (const Onward& link : roads_.onward.of(open.lane)) {
        if (may_follow(open.lane, link, request)) {
            push(request, link.lane, open.lane, open.cost_s + link_time_s(link, request));
        }
    }
}

/// Returns the lane of the destination that is reached first, or none.
std::uint32_t RouteFinder::search(const RouteRequest& request) {
    ++search_;
    heap_.clear();
    fastest_mps_ =
        std::min(request.max_speed_mps, state_.fastest_mps * std::max(request.speed_factor, 1.0));
    for (const std::uint32_t lane : request.starts) {
        push(request, lane, none, edge_time_s(roads_.edge[lane], request));
    }
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), is_later);
        const Open open = heap_.back();
        heap_.pop_back();
        if (stamp_[open.lane] == search_) {
            continue;
        }
        stamp_[open.lane] = search_;
        cost_s_[open.lane] = open.cost_s;
        from_[open.lane] = open.from;
        if (roads_.edge[open.lane] == request.destination) {
            return open.lane;
        }
        push_neighbours(request, open);
        push_onward(request, open);
    }
    return none;
}

std::vector<std::uint32_t> RouteFinder::find(const RouteRequest& request,
                                             const std::vector<double>& speeds_mps,
                                             double* duration_s) {
    speeds_mps_ = &speeds_mps;
    std::vector<std::uint32_t> route = find(request, duration_s);
    speeds_mps_ = nullptr;
    return route;
}

std::vector<std::uint32_t> RouteFinder::find(const RouteRequest& request, double* duration_s) {
    if (duration_s != nullptr) {
        *duration_s = std::numeric_limits<double>::infinity();
    }
    const std::uint32_t goal = request.destination;
    if (state_.is_deep[goal] != 0 || !roads_.streets.allows(EdgeId(goal), request.vehicle_class)) {
        return {};
    }
    const std::uint32_t reached = search(request);
    std::vector<std::uint32_t> route;
    for (std::uint32_t lane = reached; lane != none; lane = from_[lane]) {
        if (route.empty() || route.back() != roads_.edge[lane]) {
            route.push_back(roads_.edge[lane]);
        }
    }
    std::reverse(route.begin(), route.end());
    if (duration_s != nullptr && reached != none) {
        *duration_s = cost_s_[reached];
    }
    return route;
}

/// Lets each lane of an edge be reached from its neighbours, one change after another.
void RouteFinder::spread_sideways(const RouteRequest& request, std::uint32_t edge, bool is_start,
                                  std::vector<double>& at_end_s) const {
    const std::uint32_t first = roads_.streets.edges[edge].first_lane.index;
    if (!may_change(first, request, is_start)) {
        return;
    }
    const auto reach = [&](std::size_t from, std::size_t to) {
        const auto lane = first + static_cast<std::uint32_t>(to);
        if (roads_.allows(lane, request.vehicle_class)) {
            at_end_s[to] = std::min(at_end_s[to], at_end_s[from] + lane_change_s);
        }
    };
    for (std::size_t n = 1; n < at_end_s.size(); ++n) {
        reach(n - 1, n);
    }
    for (std::size_t n = at_end_s.size() - 1; n > 0; --n) {
        reach(n, n - 1);
    }
}

/// Times at the lanes' ends of the next edge.
std::vector<double> RouteFinder::carried_over(const RouteRequest& request, std::uint32_t from,
                                              std::uint32_t to,
                                              const std::vector<double>& at_end_s) const {
    const Edge& next = roads_.streets.edges[to];
    std::vector<double> times_s(next.lanes, std::numeric_limits<double>::infinity());
    for (std::uint32_t n = 0; n < at_end_s.size(); ++n) {
        const std::uint32_t lane = roads_.streets.edges[from].first_lane.index + n;
        for (const Onward& link : roads_.onward.of(lane)) {
            if (roads_.edge[link.lane] == to && may_follow(lane, link, request)) {
                double& time_s = times_s[link.lane - next.first_lane.index];
                time_s = std::min(time_s, at_end_s[n] + link_time_s(link, request));
            }
        }
    }
    return times_s;
}

double RouteFinder::duration_s(const RouteRequest& request, std::span<const std::uint32_t> way,
                               const std::vector<double>& speeds_mps) {
    speeds_mps_ = &speeds_mps;
    std::vector<double> at_end_s(roads_.streets.edges[way.front()].lanes,
                                 std::numeric_limits<double>::infinity());
    for (const std::uint32_t lane : request.starts) {
        at_end_s[roads_.streets.lanes[lane].index] = edge_time_s(way.front(), request);
    }
    for (std::size_t n = 0; n + 1 < way.size(); ++n) {
        spread_sideways(request, way[n], n == 0, at_end_s);
        at_end_s = carried_over(request, way[n], way[n + 1], at_end_s);
    }
    speeds_mps_ = nullptr;
    return *std::min_element(at_end_s.begin(), at_end_s.end());
}

} // namespace veste::traffic
