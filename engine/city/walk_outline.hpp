#pragma once
#include "base/geometry.hpp"
#include "city/walk_mesh.hpp"

#include <span>
#include <string>

namespace veste {

/// The walkable area around places, as one polygon with holes: the triangles of one level whose
/// bounds touch the box of all places widened by `margin_m`, and of their connected parts the one
/// with most of the places. Empty where no place lies on that level.
Polygon walk_outline(const WalkMesh& mesh, std::int8_t level, std::span<const Vec2> places,
                     double margin_m);

/// The polygon as WKT with coordinates to the millimetre: "POLYGON ((x y, ...), (x y, ...))".
std::string wkt_of(const Polygon& polygon);

} // namespace veste
