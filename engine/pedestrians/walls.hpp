#pragma once
#include "city/walk_mesh.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace veste {

/// A side of a triangle with nothing beyond it or a barrier along it, seen from inside (to its
/// left).
struct Wall {
    Vec2 from;
    Vec2 along; ///< unit vector
    double length_m = 0.0;
    bool hides = true; ///< who is beyond is not felt; false: they may come over, by a one-way line

    /// Distance from the wall's line, positive inside.
    double side_m(const Vec2& p) const { return cross(along, p - from); }
};

/// Walls within reach of a triangle that one comes to from it, triangle by triangle, without
/// leaving that reach: those of bridges above and underpasses below are not among them. Sides that
/// are shut (three bits for each triangle, by which people would leave it; empty: none) are walls.
std::vector<Wall> walls_near(const WalkMesh& mesh, std::uint32_t triangle, double reach_m,
                             std::span<const std::uint8_t> shut_sides = {});

/// For each vertex of the mesh the distance to the nearest wall, at most `reach_m`.
std::vector<float> wall_distances_m(const WalkMesh& mesh, double reach_m);

/// For each triangle a bit for each of its corners: 1 where the way round that corner, from one of
/// the sides that meet there to the other, is narrower than `width_m`. `between_walls`: of corners
/// at walls; else of corners in the open, past which one may pass on their other side too. Corners
/// at a side that is a wall itself lead nowhere and are never narrow.
std::vector<std::uint8_t> narrow_corners(const WalkMesh& mesh, double width_m, bool between_walls);

} // namespace veste
