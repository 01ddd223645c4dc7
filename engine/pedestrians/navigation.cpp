#include "pedestrians/navigation.hpp"

#include "base/parallel.hpp"
#include "pedestrians/sight.hpp"
#include "pedestrians/walls.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace veste {
namespace {

constexpr double gate_reach_m = 1.0;
constexpr double wall_reach_m = 0.4;   ///< farther walls do not matter to steering
constexpr double body_width_m = 0.5;   ///< shoulders, Weidmann 1993
constexpr double beside_wall_m = 0.35; ///< of which the body's half needs most
constexpr double narrow_cost_m = 30.0; ///< for each triangle passed that is narrower
// Another way must be so much shorter to give up the one begun.
constexpr double far_shorter = 0.7;
constexpr double far_shorter_m = 20.0;
constexpr double clearly_shorter_m = 2.0; ///< when pushed off it

/// Where the straight line from p to q passes the side a-b, held within it.
Vec2 point_of_passage(const Vec2& p, const Vec2& q, const Vec2& a, const Vec2& b, bool& is_clear) {
    const Vec2 side = b - a;
    const Vec2 way = q - p;
    const double across = cross(way, side);
    is_clear = false;
    if (std::abs(across) < 1e-12) {
        return nearest_on_segment(p, a, b);
    }
    const double share = cross(p - a, way) / -across;
    is_clear = share >= 0.0 && share <= 1.0;
    return a + std::clamp(share, 0.0, 1.0) * side;
}

} // namespace

Navigation::Navigation(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario)
    : city_(std::move(city)), scenario_(std::move(scenario)), mesh_(city_->walk) {
    corner_ = mesh_.triangles.empty() ? Vec2(0.0, 0.0) : mesh_.bounds().low;
    gates_from_ = static_cast<std::uint32_t>(scenario_->places.size());
    for (const Place& place : scenario_->places) {
        Goal goal;
        goal.place = &place;
        goal.is_inside.assign(mesh_.triangles.size(), 0);
        for (const TriangleId t : place.triangles) {
            goal.is_inside[t.index] = 1;
        }
        goals_.push_back(std::move(goal));
    }
    for (const Gate& gate : scenario_->gates) {
        Goal goal;
        goal.triangle = gate.triangle.index;
        goal.point = gate.at;
        goals_.push_back(std::move(goal));
    }
    wall_distance_m_ = wall_distances_m(mesh_, wall_reach_m);
    narrow_ = narrow_corners(mesh_, body_width_m, true);
    const std::vector<std::uint8_t> beside_walls = narrow_corners(mesh_, beside_wall_m, false);
    std::transform(narrow_.begin(), narrow_.end(), beside_walls.begin(), narrow_.begin(),
                   std::bit_or<>());
    set_ground({std::vector<float>(mesh_.triangles.size(), 1.0F),
                std::vector<std::uint8_t>(mesh_.triangles.size(), 0)});
}

std::vector<float> route_weights(std::span<const float> factors) {
    std::vector<float> weights(factors.size());
    std::transform(factors.begin(), factors.end(), weights.begin(),
                   [](float factor) { return 20.0F / std::max(1.0F, std::round(20.0F * factor)); });
    return weights;
}

void Navigation::set_ground(WalkGround ground) {
    ground_ = std::move(ground);
    set_view(0, {route_weights(ground_.factor), ground_.is_barred, shut_sides_});
    find_barred_vertices();
}

void Navigation::set_shut_sides(std::vector<std::uint8_t> sides) {
    shut_sides_ = std::move(sides);
    RouteGround ground = views_[0].ground;
    ground.shut_sides = shut_sides_;
    set_view(0, std::move(ground));
    find_barred_vertices();
}

void Navigation::find_barred_vertices() {
    is_at_barred_.assign(mesh_.vertices.size(), 0);
    for (std::uint32_t t = 0; t < mesh_.triangles.size(); ++t) {
        const WalkTriangle& triangle = mesh_.triangles[t];
        for (std::size_t k = 0; k < 3; ++k) {
            const TriangleId beyond = triangle.neighbours[k];
            if (beyond.is_valid() &&
                ((is_open(t) && !is_open(beyond.index)) || is_shut(t, beyond.index))) {
                is_at_barred_[triangle.vertices[k]] = 1;
                is_at_barred_[triangle.vertices[(k + 1) % 3]] = 1;
            }
        }
    }
}

/// How far steering keeps off a vertex: by what it lacks in clearance from the nearest wall, and a
/// little from every other, so that people cross the side meant and not the one beside it.
double Navigation::inset_m(std::uint32_t vertex, double clearance_m) const {
    constexpr double least_m = 0.1;
    const double distance_m =
        is_at_barred_[vertex] != 0 ? 0.0 : static_cast<double>(wall_distance_m_[vertex]);
    return std::max(least_m, clearance_m - distance_m);
}

void Navigation::prepare(std::span<const std::uint32_t> routes) {
    std::vector<std::uint32_t> stale;
    for (const std::uint32_t route : routes) {
        const Field& field = fields_[route];
        if (field.ways.empty() || field.version != views_[field.view].version) {
            stale.push_back(route);
        }
    }
    std::sort(stale.begin(), stale.end());
    stale.erase(std::unique(stale.begin(), stale.end()), stale.end());
    parallel_for(stale.size(), 1, [&](std::size_t k) {
        const Field& field = fields_[stale[k]];
        if (field.ways.empty() || field.version < views_[field.view].known_since) {
            search(stale[k]);
        } else {
            mend(stale[k]);
        }
    });
}

void Navigation::prepare_wanted(std::span<const std::uint8_t> is_wanted) {
    std::vector<std::uint32_t> routes;
    for (std::uint32_t route = 0; route < is_wanted.size(); ++route) {
        if (is_wanted[route] != 0) {
            routes.push_back(route);
        }
    }
    prepare(routes);
}

Navigation::Leg Navigation::leg(const Field& field, std::uint32_t triangle, std::size_t side,
                                const Vec2& p) const {
    const Way& way = field.ways[3 * static_cast<std::size_t>(triangle) + side];
    if (!std::isfinite(way.root_cost_m)) {
        return {};
    }
    const int k = static_cast<int>(side);
    const Vec2 a = mesh_.corner(TriangleId(triangle), k);
    const Vec2 b = mesh_.corner(TriangleId(triangle), (k + 1) % 3);
    const double here = weight(field, triangle);
    if (way.next == way_ends_at_area) {
        const Vec2 nearest = nearest_on_segment(p, a, b);
        return {here * (nearest - p).norm(), 0.0, nearest};
    }
    const std::uint32_t beyond = mesh_.triangles[triangle].neighbours[side].index;
    const Vec2 root =
        corner_ + Vec2(static_cast<double>(way.root_x), static_cast<double>(way.root_y));
    const double root_cost_m = static_cast<double>(way.root_cost_m);
    bool is_clear = false;
    const Vec2 through = point_of_passage(p, root, a, b, is_clear);
    if (is_clear && weight(field, beyond) == here) {
        return {root_cost_m + here * (root - p).norm(), root_cost_m, root};
    }
    const double from_side_m = root_cost_m + weight(field, beyond) * (root - through).norm();
    return {from_side_m + here * (through - p).norm(), from_side_m, through};
}

/// What it costs more to pass a triangle, from the one before it to a side of its, where that is
/// narrow.
double Navigation::squeezing_cost_m(std::uint32_t triangle, std::uint32_t from,
                                    std::size_t side) const {
    if (narrow_[triangle] == 0) {
        return 0.0;
    }
    const std::size_t entry = side_towards(triangle, from);
    // One goes round the corner that both sides share.
    const std::size_t corner = (entry + 1) % 3 == side ? side : entry;
    return (narrow_[triangle] >> corner & 1u) != 0 ? narrow_cost_m : 0.0;
}

bool Navigation::is_at(std::uint32_t target, std::uint32_t triangle, const Vec2& p) const {
    const Goal& goal = goals_[target];
    if (goal.place == nullptr) {
        return (goal.point - p).squaredNorm() <= gate_reach_m * gate_reach_m &&
               is_in_sight(triangle, p, goal.point);
    }
    if (goal.is_inside[triangle] == 0) {
        return false;
    }
    return goal.place->area.outer.empty() || contains(goal.place->area, p) ||
           (mesh_.centroid(TriangleId(triangle)) - p).squaredNorm() < 1.0;
}

double Navigation::cost_m(std::uint32_t route, std::uint32_t triangle, const Vec2& p) const {
    const Goal& goal = goals_[route % goals_.size()];
    const Field& field = fields_[route];
    if (goal.place != nullptr && goal.is_inside[triangle] != 0) {
        return 0.0;
    }
    if (goal.place == nullptr && goal.triangle == triangle) {
        return weight(field, triangle) * (goal.point - p).norm();
    }
    double best_m = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < 3; ++k) {
        best_m = std::min(best_m, leg(field, triangle, k, p).cost_m);
    }
    return best_m;
}

std::uint8_t Navigation::side_after(std::uint32_t route, std::uint32_t from, std::uint32_t to,
                                    std::uint8_t way_side) const {
    const Field& field = fields_[route];
    const std::size_t side = side_towards(from, to);
    if (field.ways.empty() || side > 2) {
        return no_way_side;
    }
    const Way& way = field.ways[3 * static_cast<std::size_t>(from) + side];
    if (!std::isfinite(way.root_cost_m) || way.next > 2) {
        return no_way_side;
    }
    return way_side == side ? way.next : static_cast<std::uint8_t>(way.next + not_meant);
}

Steering Navigation::steer(std::uint32_t route, std::uint32_t triangle, const Vec2& p,
                           double clearance_m, std::uint8_t& way_side) const {
    const Goal& goal = goals_[route % goals_.size()];
    if (goal.place != nullptr && goal.is_inside[triangle] != 0) {
        return {mesh_.centroid(TriangleId(triangle)), true};
    }
    if (goal.place == nullptr && goal.triangle == triangle) {
        return {goal.point, true};
    }
    const Field& field = fields_[route];
    const double cost = cost_m(route, triangle, p);
    if (!std::isfinite(cost)) {
        way_side = no_way_side;
        return {p, false};
    }
    const std::uint8_t chosen = way_side >= not_meant ? way_side - not_meant : way_side;
    const double chosen_m = chosen < 3 ? leg(field, triangle, chosen, p).cost_m
                                       : std::numeric_limits<double>::infinity();
    const bool is_doubtful = way_side > 2 || cost < far_shorter * chosen_m - far_shorter_m;
    way_side = chosen;
    if (is_doubtful) {
        const auto best = static_cast<std::uint8_t>(best_side(field, triangle, p, clearance_m));
        const bool keeps_on =
            std::isfinite(chosen_m) &&
            string_cost_m(field, triangle, chosen, p, clearance_m) <
                string_cost_m(field, triangle, best, p, clearance_m) + clearly_shorter_m;
        way_side = keeps_on ? chosen : best;
    }
    return {pull_string(p, string_from(field, triangle, way_side), clearance_m), true};
}

bool Navigation::is_in_sight(std::uint32_t triangle, const Vec2& p, const Vec2& q,
                             std::uint32_t* end) const {
    const TriangleId at_q =
        line_of_sight(mesh_, triangle, p, q, [this](std::uint32_t from, std::uint32_t to) {
            return (is_open(to) || !is_open(from)) && !is_shut(from, to);
        });
    if (end != nullptr && at_q.is_valid()) {
        *end = at_q.index;
    }
    return at_q.is_valid();
}

} // namespace veste
