#include "pedestrians/navigation.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <queue>

namespace veste {
namespace {

/// The side as a gate for the string: its ends moved inwards by the clearance where they are
/// corners of walls.
struct Portal {
    Vec2 left;
    Vec2 right;
};

/// Scratch of the local search, one for each thread, cleared by counting rounds.
struct LocalSearch {
    std::vector<std::uint32_t> round;
    std::vector<float> cost_m;
    std::vector<std::uint32_t> from;
    std::vector<std::uint8_t> from_side;
    std::uint32_t now = 0;

    void begin(std::size_t triangles) {
        if (round.size() != triangles) {
            round.assign(triangles, 0);
            cost_m.resize(triangles);
            from.resize(triangles);
            from_side.resize(triangles);
            now = 0;
        }
        ++now;
    }
};

struct Open {
    float estimate_m;
    std::uint32_t triangle;
    friend bool operator>(const Open& a, const Open& b) {
        return a.estimate_m != b.estimate_m ? a.estimate_m > b.estimate_m : a.triangle > b.triangle;
    }
};

} // namespace

Vec2 Navigation::pull_string(const Vec2& p, std::span<const std::uint32_t> triangles,
                             std::span<const std::uint8_t> sides, std::optional<Vec2> end,
                             double clearance_m) const {
    const auto portal_at = [&](std::size_t k) -> Portal {
        const std::size_t side = sides[k];
        const WalkTriangle& triangle = mesh_.triangles[triangles[k]];
        const std::uint32_t from = triangle.vertices[side];
        const std::uint32_t to = triangle.vertices[(side + 1) % 3];
        // Leaving a counter-clockwise triangle, the side runs from the right hand to the left.
        Portal portal{mesh_.vertices[to], mesh_.vertices[from]};
        const Vec2 across = portal.left - portal.right;
        const double length_m = across.norm();
        const double inset_m = std::min(clearance_m, 0.45 * length_m);
        const Vec2 inset = across * (inset_m / std::max(length_m, 1e-9));
        portal.left -= is_wall_vertex_[to] != 0 ? inset : Vec2(0.0, 0.0);
        portal.right += is_wall_vertex_[from] != 0 ? inset : Vec2(0.0, 0.0);
        return portal;
    };
    // A bend that is nearly reached is steered past, or one would stop on the side itself.
    const auto bend_at = [&](const Vec2& arm, std::size_t k) -> Vec2 {
        constexpr double near_m = 0.3;
        if (arm.squaredNorm() > near_m * near_m) {
            return p + arm;
        }
        const Portal portal = portal_at(k);
        const Vec2 across = portal.left - portal.right;
        const Vec2 onwards(across.y(), -across.x());
        return p + arm + onwards * (near_m / std::max(onwards.norm(), 1e-9));
    };
    std::size_t left_side = 0;
    std::size_t right_side = 0;
    const Portal first = portal_at(0);
    Vec2 left = first.left - p;
    Vec2 right = first.right - p;
    for (std::size_t k = 1; k <= triangles.size(); ++k) {
        Portal portal;
        if (k < triangles.size()) {
            portal = portal_at(k);
        } else {
            const Portal last = portal_at(k - 1);
            // Any point of the side before an area will do: the nearest one.
            const Vec2 goal = end ? *end : nearest_on_segment(p, last.left, last.right);
            portal = {goal, goal};
        }
        const Vec2 new_left = portal.left - p;
        const Vec2 new_right = portal.right - p;
        // The funnel's arms may only close; where one passes the other, the string bends.
        if (cross(right, new_right) >= 0.0) {
            if (cross(left, new_right) > 0.0) {
                return bend_at(left, left_side);
            }
            right = new_right;
            right_side = k;
        } else if (k == triangles.size()) {
            return bend_at(right, right_side);
        }
        if (cross(left, new_left) <= 0.0) {
            if (cross(right, new_left) < 0.0) {
                return bend_at(right, right_side);
            }
            left = new_left;
            left_side = k;
        } else if (k == triangles.size()) {
            return bend_at(left, left_side);
        }
        if (k == triangles.size()) {
            if (!end) {
                // Past the side, so that the area is entered.
                const Portal last = portal_at(k - 1);
                const Vec2 across = last.left - last.right;
                const Vec2 onwards(across.y(), -across.x());
                return portal.left + onwards * (0.3 / std::max(onwards.norm(), 1e-9));
            }
            return portal.left;
        }
    }
    return p + left;
}

Steering Navigation::steer_to_point(std::uint32_t triangle, const Vec2& p,
                                    std::uint32_t point_triangle, const Vec2& point,
                                    double clearance_m) const {
    if (triangle == point_triangle || is_in_sight(triangle, p, point)) {
        return {point, true};
    }
    constexpr int most_triangles = 4000;
    thread_local LocalSearch local;
    local.begin(mesh_.triangles.size());
    // Backwards from the point, so that the chain found leads from p to it.
    std::priority_queue<Open, std::vector<Open>, std::greater<>> queue;
    local.round[point_triangle] = local.now;
    local.cost_m[point_triangle] = 0.0F;
    queue.push({0.0F, point_triangle});
    bool is_found = false;
    for (int step = 0; step < most_triangles && !queue.empty(); ++step) {
        const std::uint32_t t = queue.top().triangle;
        queue.pop();
        if (t == triangle) {
            is_found = true;
            break;
        }
        for (const TriangleId n : mesh_.triangles[t].neighbours) {
            if (!n.is_valid() || (!is_open(t) && is_open(n.index))) {
                continue;
            }
            const Vec2 here = t == point_triangle ? point : mesh_.centroid(TriangleId(t));
            const float cost_m =
                local.cost_m[t] + static_cast<float>((mesh_.centroid(n) - here).norm());
            if (local.round[n.index] == local.now && local.cost_m[n.index] <= cost_m) {
                continue;
            }
            const auto& back = mesh_.triangles[n.index].neighbours;
            for (std::size_t j = 0; j < 3; ++j) {
                if (back[j] == TriangleId(t)) {
                    local.from_side[n.index] = static_cast<std::uint8_t>(j);
                }
            }
            local.round[n.index] = local.now;
            local.cost_m[n.index] = cost_m;
            local.from[n.index] = t;
            const auto ahead_m = static_cast<float>((mesh_.centroid(n) - p).norm());
            queue.push({cost_m + ahead_m, n.index});
        }
    }
    if (!is_found) {
        return {p, false};
    }
    std::array<std::uint32_t, 48> triangles{};
    std::array<std::uint8_t, 48> sides{};
    std::size_t count = 0;
    std::uint32_t t = triangle;
    while (t != point_triangle && count < triangles.size()) {
        triangles[count] = t;
        sides[count++] = local.from_side[t];
        t = local.from[t];
    }
    const Vec2 end = t == point_triangle ? point : mesh_.centroid(TriangleId(t));
    return {pull_string(p, std::span(triangles).first(count), std::span(sides).first(count), end,
                        clearance_m),
            true};
}

} // namespace veste
