#pragma once
#include "base/geometry.hpp"
#include "city/polygon_ops.hpp"

#include <geos_c.h>
#include <memory>
#include <span>
#include <string>
#include <vector>

/// GEOS as the city's sources use it: one context for each thread, owned geometries.
/// Only sources that use GEOS include this.
namespace veste::geos {

/// Borders of walkable regions are noded on this grid, so that equal corners are equal numbers;
/// overlays before that stay in full precision.
constexpr double grid_m = 0.01;

GEOSContextHandle_t context();
/// What GEOS said last in this thread.
const std::string& last_message();

struct Destroy {
    void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context(), g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

struct DestroyPrepared {
    void operator()(const GEOSPreparedGeometry* g) const {
        GEOSPreparedGeom_destroy_r(context(), g);
    }
};
using Prepared = std::unique_ptr<const GEOSPreparedGeometry, DestroyPrepared>;

/// Takes ownership. Throws RunError with GEOS's message when the result is null.
Geometry checked(GEOSGeometry* result);

/// A polygon, repaired where it is not valid; empty where it has fewer than three points.
Geometry polygon_of(const Polygon& polygon);
bool is_valid(const Polygon& polygon);
Geometry rectangle(const Box2& box);
Geometry collection(int type, std::vector<Geometry> parts);
Geometry multi_line(std::span<const Polyline> lines);
Geometry line_of(std::span<const Vec2> line);

/// The areal parts as one multipolygon; lines and points that an overlay may leave are dropped.
Geometry areal(Geometry g);
/// Appends copies of the polygons of g.
void append_areal(const GEOSGeometry* g, std::vector<Geometry>& to);
bool is_empty(const Geometry& g);

Geometry united(const Geometry& g);
Geometry united(const Geometry& a, const Geometry& b);
Geometry cut(const Geometry& from, const Geometry& what);
Geometry common(const Geometry& a, const Geometry& b);
Geometry widened(const Geometry& g, double by_m, int cap = GEOSBUF_CAP_FLAT,
                 int join = GEOSBUF_JOIN_ROUND);

/// Appends the polygons of g, and their holes, that are larger than `smallest_m2`.
void append_polygons(const GEOSGeometry* g, std::vector<Polygon>& to,
                     double smallest_m2 = sliver_m2);
std::vector<Polygon> polygons_of(const Geometry& g, double smallest_m2 = sliver_m2);
/// Appends the lines of g (rings of polygons too).
void append_lines(const GEOSGeometry* g, std::vector<Polyline>& to);

} // namespace veste::geos
