#pragma once
#include "city/walk_mesh.hpp"

#include <cstdint>
#include <limits>

namespace veste {

/// Follows the straight line from p, which lies in the triangle, towards q over the mesh, through
/// sides for which may_pass(from, to) holds. Returns the triangle of q, or WalkMesh's invalid id
/// where a wall, or a side that may not be passed, comes first.
template <class MayPass>
TriangleId line_of_sight(const WalkMesh& mesh, std::uint32_t triangle, const Vec2& p, const Vec2& q,
                         MayPass&& may_pass) {
    constexpr int most_triangles = 512;
    std::uint32_t t = triangle;
    std::uint32_t came_from = TriangleId::none;
    for (int step = 0; step < most_triangles; ++step) {
        std::size_t exit_side = 3;
        double exit_share = std::numeric_limits<double>::infinity();
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec2 a = mesh.corner(TriangleId(t), static_cast<int>(k));
            const Vec2 b = mesh.corner(TriangleId(t), static_cast<int>((k + 1) % 3));
            const double before = cross(b - a, p - a);
            const double after = cross(b - a, q - a);
            const TriangleId beyond = mesh.triangles[t].neighbours[k];
            const bool is_way_back = beyond.is_valid() && beyond.index == came_from;
            if (after < 0.0 && after < before && !is_way_back) {
                const double share = before / (before - after);
                if (share < exit_share) {
                    exit_side = k;
                    exit_share = share;
                }
            }
        }
        if (exit_side == 3) {
            return TriangleId(t);
        }
        const TriangleId beyond = mesh.triangles[t].neighbours[exit_side];
        if (!beyond.is_valid() || !may_pass(t, beyond.index)) {
            return {};
        }
        came_from = t;
        t = beyond.index;
    }
    return {};
}

} // namespace veste
