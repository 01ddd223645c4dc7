#pragma once
#include "city/walk_mesh.hpp"

#include <array>
#include <span>
#include <vector>

/// Voronoi cells of people, cut to a distance and to the ground that hangs together with their
/// place: the base of the Voronoi density (Steffen, Seyfried 2010, Physica A 389, 1902).
namespace veste {

/// A convex polygon, counter-clockwise; small enough to live on the stack.
struct ConvexPiece {
    static constexpr std::size_t most = 96;
    std::array<Vec2, most> corners;
    std::size_t count = 0;

    double area_m2() const;
    /// Keeps what lies left of the line from a to b.
    void keep_left_of(const Vec2& a, const Vec2& b);
};

/// The cell of a person among the others (whose own place may be in the list): all that is nearer
/// to it than to anyone else and within the cut-off, the circle as a polygon of 32 corners and of
/// the circle's area. People in the very same place share a cell.
ConvexPiece voronoi_cell(const Vec2& at, std::span<const Vec2> others, double cut_off_m);

/// Area of a polygon (which may be concave, and have holes) inside a convex one.
double common_area_m2(const Polygon& polygon, const ConvexPiece& piece);

/// What a cell covers: the ground reached from the triangle without leaving the cell, so that
/// nothing beyond a wall or on another level counts, and what of it lies in an area, m².
struct CellCover {
    double ground_m2 = 0.0;
    double in_area_m2 = 0.0;
};
CellCover cover_of(const WalkMesh& mesh, const ConvexPiece& cell, TriangleId triangle,
                   const Polygon& area);

/// Walkable ground of one level in an area, m².
double walkable_m2(const WalkMesh& mesh, std::int8_t level, const Polygon& area);

} // namespace veste
