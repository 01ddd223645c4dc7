#pragma once
#include "city/constrained_delaunay.hpp"
#include "city/sources.hpp"

#include <span>
#include <vector>

namespace veste {

/// What a region of the plane is on one of the levels it is walkable on.
struct WalkClass {
    std::int8_t level = 0;
    WalkKind kind = WalkKind::Footway;
    CrossingId crossing;
};

/// A triangle on the snapping grid; corners are global grid points, counter-clockwise.
struct WalkPiece {
    std::array<GridPoint, 3> corners;
    WalkClass what;
};

/// A mesh of pieces whose borders conform: neighbours by shared sides, levels joined at the links,
/// parts numbered by size; parts smaller than `smallest_part_m2` are left out.
WalkMesh assemble_mesh(std::span<const WalkPiece> pieces, std::span<const LevelLink> links,
                       double smallest_part_m2);

/// Finds connected parts anew, numbers them by size and leaves out those smaller; indexes the mesh.
/// Returns how many triangles were left out.
std::size_t number_parts(WalkMesh& mesh, double smallest_part_m2);

} // namespace veste
