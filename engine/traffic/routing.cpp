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
    is_open.resize(edges);
    fastest_mps = roads.fastest_mps;
    for (std::size_t e = 0; e < edges; ++e) {
        limit_mps[e] = std::max(0.1, static_cast<double>(conditions.edge_speed_limit_mps[e]));
        fastest_mps = std::max(fastest_mps, limit_mps[e]);
        // Compared as stored, so that 0.30 m counts as impassable.
        const auto depth_m = static_cast<double>(conditions.edge_depth_m[e]);
        const bool is_deep = conditions.edge_depth_m[e] >= static_cast<float>(impassable_depth_m);
        water_mps[e] = is_deep ? 0.0 : water_speed_mps(depth_m, impassable_depth_m);
        is_open[e] = conditions.edge_closed[e] == 0 && !is_deep;
    }
}

RouteFinder::RouteFinder(const Roads& roads, const EdgeState& state)
    : roads_(roads), state_(state), cost_s_(roads.streets.edges.size()),
      from_(roads.streets.edges.size()), stamp_(roads.streets.edges.size(), 0) {}

double RouteFinder::edge_time_s(std::uint32_t edge, const RouteRequest& request) const {
    double speed_mps = state_.desired_mps(edge, request.speed_factor, request.max_speed_mps);
    if (mean_mps_ != nullptr) {
        speed_mps = std::min(speed_mps, (*mean_mps_)[edge]);
    }
    return roads_.edge_length_m[edge] / std::max(speed_mps, 0.1);
}

std::vector<std::uint32_t> RouteFinder::find(const RouteRequest& request,
                                             const std::vector<double>& mean_mps,
                                             double* duration_s) {
    mean_mps_ = &mean_mps;
    std::vector<std::uint32_t> route = find(request, duration_s);
    mean_mps_ = nullptr;
    return route;
}

bool RouteFinder::settle(std::uint32_t edge, std::uint32_t from, double cost_s) {
    if (stamp_[edge] == search_) {
        return false;
    }
    stamp_[edge] = search_;
    cost_s_[edge] = cost_s;
    from_[edge] = from;
    return true;
}

std::vector<std::uint32_t> RouteFinder::find(const RouteRequest& request, double* duration_s) {
    if (duration_s != nullptr) {
        *duration_s = std::numeric_limits<double>::infinity();
    }
    const std::uint32_t goal = request.destination;
    if (!state_.is_open[goal] || !roads_.streets.allows(EdgeId(goal), request.vehicle_class)) {
        return {};
    }
    ++search_;
    const double fastest_mps =
        std::min(request.max_speed_mps, state_.fastest_mps * std::max(request.speed_factor, 1.0));
    const Vec2 target = roads_.edge_start[goal];
    const auto left_s = [&](std::uint32_t edge) {
        return edge == goal ? 0.0 : (target - roads_.edge_end[edge]).norm() / fastest_mps;
    };
    // Least estimate on top; equal ones by edge, so that ways never depend on chance.
    const auto is_later = [](const Open& a, const Open& b) {
        return a.estimate_s > b.estimate_s || (a.estimate_s == b.estimate_s && a.edge > b.edge);
    };
    const auto push = [&](std::uint32_t edge, std::uint32_t from, double cost_s) {
        if (stamp_[edge] != search_) {
            heap_.push_back({cost_s + left_s(edge), cost_s, edge, from});
            std::push_heap(heap_.begin(), heap_.end(), is_later);
        }
    };
    heap_.clear();
    for (const std::uint32_t start : request.starts) {
        push(start, none, start == goal ? 0.0 : edge_time_s(start, request));
    }
    while (!heap_.empty()) {
        std::pop_heap(heap_.begin(), heap_.end(), is_later);
        const Open open = heap_.back();
        heap_.pop_back();
        if (!settle(open.edge, open.from, open.cost_s)) {
            continue;
        }
        if (open.edge == goal) {
            break;
        }
        for (const Successor& next : roads_.successors.of(open.edge)) {
            if (has(next.classes, request.vehicle_class) && state_.is_open[next.edge] &&
                next.edge != request.avoided) {
                const double speed_mps = std::min(next.speed_mps, request.max_speed_mps);
                const double edge_s = next.edge == goal ? 0.0 : edge_time_s(next.edge, request);
                push(next.edge, open.edge, open.cost_s + next.length_m / speed_mps + edge_s);
            }
        }
    }
    if (stamp_[goal] != search_) {
        return {};
    }
    std::vector<std::uint32_t> route;
    for (std::uint32_t e = goal; e != none; e = from_[e]) {
        route.push_back(e);
    }
    std::reverse(route.begin(), route.end());
    if (duration_s != nullptr) {
        *duration_s = cost_s_[goal];
    }
    return route;
}

} // namespace veste::traffic
