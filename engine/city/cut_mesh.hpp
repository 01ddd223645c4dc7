#pragma once
#include "city/walk_mesh.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace veste {

/// Vertices nearer than this to a line count as lying on it, so that no slivers are cut, m.
constexpr double cut_snap_m = 0.02;

/// Splits triangles so that each line runs along sides only, ready to become a wall that can be put
/// up and taken away. Triangles keep their ids (the part of one that was split); new ones come
/// after all others. Of levels above each other all are cut. Lines may reach over walls.
void cut_along(WalkMesh& mesh, const std::vector<Polyline>& lines);

/// A side of a triangle: id and number 0 to 2.
struct MeshSide {
    TriangleId triangle;
    std::uint8_t side = 0;
};
/// The sides that lie along a line after cut_along, seen from both of their triangles; in id order.
std::vector<MeshSide> sides_along(const WalkMesh& mesh, const Polyline& line);

} // namespace veste
