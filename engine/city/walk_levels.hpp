#pragma once
#include "city/walk_mesh.hpp"

#include <optional>

/// Questions to the walk mesh where levels may lie above each other. A level that is not given
/// means all of them, and where one has to be picked that nearest to 0.
namespace veste {

/// Triangles whose centroid lies inside the polygon, in id order.
std::vector<TriangleId> inside(const WalkMesh& mesh, const Polygon& polygon,
                               std::optional<std::int8_t> level);

/// The triangle at p.
std::optional<TriangleId> locate(const WalkMesh& mesh, const Vec2& p,
                                 std::optional<std::int8_t> level);

/// The walkable point nearest to p within reach, see WalkMesh::nearest.
std::optional<WalkMesh::Nearest> nearest(const WalkMesh& mesh, const Vec2& p, double reach_m,
                                         std::optional<std::int8_t> level);

/// True where a plan of one level (`shown`; without it at each place the one nearest to 0) shows
/// somebody at p on a level.
bool is_shown(const WalkMesh& mesh, const Vec2& p, std::int8_t level,
              std::optional<std::int8_t> shown);

} // namespace veste
