#pragma once
#include "base/geometry.hpp"

#include <span>
#include <string>
#include <vector>

/// Polygon algebra by GEOS. Results are valid, counter-clockwise outside and clockwise in holes;
/// slivers below 1 cm² are dropped, unless said otherwise. The order of the results is GEOS's own,
/// hence repeatable.
namespace veste {

constexpr double sliver_m2 = 1e-4;

/// The valid polygons that a possibly invalid one describes (MakeValid); empty when it has no area.
std::vector<Polygon> repaired(const Polygon& polygon, double smallest_m2 = sliver_m2);
bool is_valid(const Polygon& polygon);

std::vector<Polygon> united(std::span<const Polygon> polygons, double smallest_m2 = sliver_m2);
/// `from` without `what`.
std::vector<Polygon> cut(std::span<const Polygon> from, std::span<const Polygon> what);
std::vector<Polygon> clipped(const Polygon& polygon, const Box2& box);
std::vector<Polygon> clipped(const Polygon& polygon, const Polygon& area);

/// The line as an area, with round joints and flat ends.
std::vector<Polygon> widened(std::span<const Vec2> line, double half_width_m);

/// The faces that lines cut the plane into once they are noded; the unbounded one is left out.
std::vector<Polygon> faces_of(std::span<const Polyline> lines);

/// A point well inside the polygon.
Vec2 point_inside(const Polygon& polygon);

Polygon as_polygon(const Box2& box);

/// The polygons of a WKT text in any unit, however small. Throws InputError naming `where`.
std::vector<Polygon> polygons_of_wkt(const std::string& wkt, const std::string& where);

} // namespace veste
