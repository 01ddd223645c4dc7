#include "pedestrians/walls.hpp"

#include "base/parallel.hpp"
#include "pedestrians/sight.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace veste {
namespace {

constexpr std::size_t grain = 256;

double distance_m(const Vec2& p, const Vec2& a, const Vec2& b) {
    return (nearest_on_segment(p, a, b) - p).norm();
}

/// True where the side a-b comes within reach of the triangle.
bool is_near(const std::array<Vec2, 3>& corners, const Vec2& a, const Vec2& b, double reach_m) {
    Vec2 low = a.cwiseMin(b);
    Vec2 high = a.cwiseMax(b);
    const Vec2 reach(reach_m, reach_m);
    if (!bounds_of(corners).overlaps({low - reach, high + reach})) {
        return false;
    }
    // Sides of triangles never cross: the least distance is at an end of one of them.
    for (std::size_t k = 0; k < 3; ++k) {
        const Vec2& from = corners[k];
        const Vec2& to = corners[(k + 1) % 3];
        if (distance_m(from, a, b) <= reach_m || distance_m(a, from, to) <= reach_m ||
            distance_m(b, from, to) <= reach_m) {
            return true;
        }
    }
    return false;
}

bool is_shut(std::span<const std::uint8_t> shut_sides, std::uint32_t triangle, int side) {
    return !shut_sides.empty() && (shut_sides[triangle] >> side & 1) != 0;
}

/// True where people may step over the side from the triangle beyond it.
bool is_one_way(const WalkMesh& mesh, std::span<const std::uint8_t> shut_sides,
                std::uint32_t triangle, int side) {
    const TriangleId beyond = mesh.triangles[triangle].neighbours[static_cast<std::size_t>(side)];
    for (int k = 0; beyond.is_valid() && k < 3; ++k) {
        if (mesh.triangles[beyond.index].neighbours[static_cast<std::size_t>(k)].index ==
            triangle) {
            return !is_shut(shut_sides, beyond.index, k);
        }
    }
    return false;
}

/// Calls visit(triangle, side) for every wall that one comes to from the triangle by way of sides
/// for which is_in_reach(from, to) holds.
template <class InReach, class Visit>
void for_walls(const WalkMesh& mesh, std::uint32_t triangle,
               std::span<const std::uint8_t> shut_sides, InReach&& is_in_reach, Visit&& visit) {
    thread_local std::vector<std::uint32_t> seen;
    seen.assign(1, triangle);
    for (std::size_t next = 0; next < seen.size(); ++next) {
        const TriangleId t(seen[next]);
        for (int k = 0; k < 3; ++k) {
            const Vec2 a = mesh.corner(t, k);
            const Vec2 b = mesh.corner(t, (k + 1) % 3);
            if (!is_in_reach(a, b)) {
                continue;
            }
            const TriangleId beyond =
                mesh.triangles[t.index].neighbours[static_cast<std::size_t>(k)];
            if (!beyond.is_valid() || is_shut(shut_sides, t.index, k)) {
                visit(t, k);
            } else if (std::find(seen.begin(), seen.end(), beyond.index) == seen.end()) {
                seen.push_back(beyond.index);
            }
        }
    }
}

/// The point of the triangle nearest to q, a hair inside.
Vec2 nearest_inside(const WalkMesh& mesh, TriangleId t, const Vec2& q) {
    Vec2 nearest = q;
    if (!mesh.contains(t, q)) {
        double least_m = std::numeric_limits<double>::infinity();
        for (int k = 0; k < 3; ++k) {
            const Vec2 on_side =
                nearest_on_segment(q, mesh.corner(t, k), mesh.corner(t, (k + 1) % 3));
            if ((on_side - q).norm() < least_m) {
                least_m = (on_side - q).norm();
                nearest = on_side;
            }
        }
    }
    return nearest + 1e-3 * (mesh.centroid(t) - nearest);
}

/// True where some point of the wall, this side of the triangle `beyond`, is seen from t.
bool sees_wall(const WalkMesh& mesh, TriangleId t, TriangleId beyond, int side,
               std::span<const std::uint8_t> shut_sides) {
    const Vec2 a = mesh.corner(beyond, side);
    const Vec2 b = mesh.corner(beyond, (side + 1) % 3);
    const auto may_pass = [&](std::uint32_t from, std::uint32_t to) {
        for (int k = 0; !shut_sides.empty() && k < 3; ++k) {
            if (mesh.triangles[from].neighbours[static_cast<std::size_t>(k)].index == to) {
                return !is_shut(shut_sides, from, k);
            }
        }
        return true;
    };
    for (const double share : {0.5, 0.05, 0.95, 0.25, 0.75}) {
        const Vec2 on_wall = a + share * (b - a);
        const Vec2 q = on_wall + 1e-3 * (mesh.centroid(beyond) - on_wall);
        const Vec2 p = nearest_inside(mesh, t, q);
        if (line_of_sight(mesh, t.index, p, q, may_pass) == beyond) {
            return true;
        }
    }
    return false;
}

} // namespace

std::vector<Wall> walls_near(const WalkMesh& mesh, std::uint32_t triangle, double reach_m,
                             std::span<const std::uint8_t> shut_sides) {
    const TriangleId centre(triangle);
    const std::array<Vec2, 3> corners = {mesh.corner(centre, 0), mesh.corner(centre, 1),
                                         mesh.corner(centre, 2)};
    std::vector<Wall> walls;
    for_walls(
        mesh, triangle, shut_sides,
        [&](const Vec2& a, const Vec2& b) { return is_near(corners, a, b, reach_m); },
        [&](TriangleId beyond, int side) {
            if (beyond == centre || sees_wall(mesh, centre, beyond, side, shut_sides)) {
                const Vec2 a = mesh.corner(beyond, side);
                const Vec2 b = mesh.corner(beyond, (side + 1) % 3);
                const double length_m = (b - a).norm();
                walls.push_back({a, (b - a) / length_m, length_m,
                                 !is_one_way(mesh, shut_sides, beyond.index, side)});
            }
        });
    return walls;
}

std::vector<float> wall_distances_m(const WalkMesh& mesh, double reach_m) {
    // A vertex belongs to several triangles: each finds its own distance, the least one counts.
    std::vector<float> of_corner(3 * mesh.triangles.size(), static_cast<float>(reach_m));
    parallel_for(mesh.triangles.size(), grain, [&](std::size_t t) {
        for (int k = 0; k < 3; ++k) {
            const Vec2 p = mesh.corner(TriangleId(t), k);
            double least_m = reach_m;
            for_walls(
                mesh, static_cast<std::uint32_t>(t), {},
                [&](const Vec2& a, const Vec2& b) { return distance_m(p, a, b) < reach_m; },
                [&](TriangleId beyond, int side) {
                    least_m = std::min(least_m, distance_m(p, mesh.corner(beyond, side),
                                                           mesh.corner(beyond, (side + 1) % 3)));
                });
            of_corner[3 * t + static_cast<std::size_t>(k)] = static_cast<float>(least_m);
        }
    });
    std::vector<float> distances_m(mesh.vertices.size(), static_cast<float>(reach_m));
    for (std::size_t c = 0; c < of_corner.size(); ++c) {
        float& distance = distances_m[mesh.triangles[c / 3].vertices[c % 3]];
        distance = std::min(distance, of_corner[c]);
    }
    return distances_m;
}

std::vector<std::uint8_t> narrow_corners(const WalkMesh& mesh, double width_m, bool between_walls) {
    std::vector<std::uint8_t> is_wall_vertex(mesh.vertices.size(), 0);
    for (const WalkTriangle& triangle : mesh.triangles) {
        for (std::size_t k = 0; k < 3; ++k) {
            if (!triangle.neighbours[k].is_valid()) {
                is_wall_vertex[triangle.vertices[k]] = 1;
                is_wall_vertex[triangle.vertices[(k + 1) % 3]] = 1;
            }
        }
    }
    std::vector<std::uint8_t> narrow(mesh.triangles.size(), 0);
    for (std::size_t t = 0; t < narrow.size(); ++t) {
        const auto& vertices = mesh.triangles[t].vertices;
        const auto corner = [&](std::size_t k) -> const Vec2& {
            return mesh.vertices[vertices[k]];
        };
        for (std::size_t k = 0; k < 3; ++k) {
            if ((is_wall_vertex[vertices[k]] != 0) != between_walls) {
                continue;
            }
            const std::size_t next = (k + 1) % 3;
            const std::size_t last = (k + 2) % 3;
            const auto& beyond = mesh.triangles[t].neighbours;
            if (!beyond[k].is_valid() || !beyond[last].is_valid()) {
                continue;
            }
            const bool faces_wall = !mesh.triangles[t].neighbours[next].is_valid();
            const auto is_short = [&](std::size_t other) {
                return is_wall_vertex[vertices[other]] != 0 &&
                       (corner(k) - corner(other)).norm() < width_m;
            };
            const bool is_narrow =
                is_short(next) || is_short(last) ||
                (faces_wall && distance_m(corner(k), corner(next), corner(last)) < width_m);
            narrow[t] |= static_cast<std::uint8_t>(is_narrow ? 1u << k : 0u);
        }
    }
    return narrow;
}

} // namespace veste
