#pragma once
#include "pedestrians/effects.hpp"

#include <algorithm>
#include <cstdint>

namespace veste {

/// What a side between two triangles is to a walker.
enum class Passage : std::uint8_t {
    Free,
    Wall, ///< not to be entered: one slides along it
    Kerb, ///< not to be entered now: one stops and waits
};

/// Where a walked step ended.
struct StepEnd {
    Vec2 at;
    std::uint32_t triangle;
    std::uint32_t refused = UINT32_MAX; ///< the triangle that was not entered, if any
};

/// Carries a point over the mesh by a displacement, triangle by triangle: it slides along walls and
/// along triangles that are a wall by `passage(from, to)`, and stops before a kerb. The end always
/// lies in its triangle (WalkMesh::contains): when rounding would break that, the point stays where
/// it was.
template <class PassageTo>
StepEnd walk_step(const WalkMesh& mesh, std::uint32_t triangle, const Vec2& from,
                  const Vec2& displacement, PassageTo&& passage);

// ---- implementation ----

namespace movement {

/// The side of t through which the way from p by d leaves, 3 where it ends inside, and the share of
/// d until then.
inline std::size_t exit_side(const WalkMesh& mesh, std::uint32_t t, const Vec2& p, const Vec2& d,
                             double& share) {
    std::size_t side = 3;
    share = 1.0;
    for (std::size_t k = 0; k < 3; ++k) {
        const Vec2 a = mesh.corner(TriangleId(t), static_cast<int>(k));
        const Vec2 along = mesh.corner(TriangleId(t), static_cast<int>((k + 1) % 3)) - a;
        const double rate = cross(along, d); // negative: towards the side
        if (rate >= 0.0) {
            continue;
        }
        const double inside = std::max(0.0, cross(along, p - a));
        if (inside + rate < 0.0 && inside / -rate < share) {
            share = inside / -rate;
            side = k;
        }
    }
    return side;
}

/// Moves p a hair towards the middle of its triangle until it lies inside; false when it cannot.
inline bool settle_inside(const WalkMesh& mesh, std::uint32_t t, Vec2& p) {
    if (mesh.contains(TriangleId(t), p)) {
        return true;
    }
    const Vec2 middle = mesh.centroid(TriangleId(t));
    for (double share = 1e-9; share < 0.01; share *= 10.0) {
        const Vec2 moved = p + share * (middle - p);
        if (mesh.contains(TriangleId(t), moved)) {
            p = moved;
            return true;
        }
    }
    return false;
}

} // namespace movement

template <class PassageTo>
StepEnd walk_step(const WalkMesh& mesh, std::uint32_t triangle, const Vec2& from,
                  const Vec2& displacement, PassageTo&& passage) {
    constexpr int most_sides = 64;
    const Vec2 straight = from + displacement;
    if (mesh.contains(TriangleId(triangle), straight)) {
        return {straight, triangle, UINT32_MAX};
    }
    StepEnd end{from, triangle, UINT32_MAX};
    Vec2 left_over = displacement;
    int slides = 0;
    for (int step = 0; step < most_sides; ++step) {
        double share = 1.0;
        const std::size_t side = movement::exit_side(mesh, end.triangle, end.at, left_over, share);
        end.at += share * left_over;
        if (side == 3) {
            break;
        }
        left_over *= 1.0 - share;
        const TriangleId beyond = mesh.triangles[end.triangle].neighbours[side];
        const Passage way = beyond.is_valid() ? passage(end.triangle, beyond.index) : Passage::Wall;
        if (way == Passage::Free) {
            end.triangle = beyond.index;
            continue;
        }
        if (beyond.is_valid()) {
            end.refused = beyond.index;
        }
        if (way == Passage::Kerb) {
            break;
        }
        if (++slides > 2) {
            break;
        }
        const Vec2 a = mesh.corner(TriangleId(end.triangle), static_cast<int>(side));
        const Vec2 along =
            (mesh.corner(TriangleId(end.triangle), static_cast<int>((side + 1) % 3)) - a)
                .normalized();
        const Vec2 inwards(-along.y(), along.x());
        // A tenth of a millimetre off the wall keeps rounding from ever pushing through it.
        left_over = along * left_over.dot(along);
        end.at += 1e-4 * inwards;
        if (!mesh.contains(TriangleId(end.triangle), end.at)) {
            end.at -= 1e-4 * inwards;
        }
    }
    if (!movement::settle_inside(mesh, end.triangle, end.at)) {
        return {from, triangle, end.refused};
    }
    return end;
}

} // namespace veste
