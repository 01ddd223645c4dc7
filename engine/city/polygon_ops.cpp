#include "city/polygon_ops.hpp"

#include "base/errors.hpp"
#include "city/geos_use.hpp"

#include <fmt/format.h>

namespace veste {
namespace {

geos::Geometry union_of(std::span<const Polygon> polygons) {
    std::vector<geos::Geometry> parts;
    for (const Polygon& polygon : polygons) {
        geos::append_areal(geos::polygon_of(polygon).get(), parts);
    }
    return geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(parts)));
}

} // namespace

std::vector<Polygon> repaired(const Polygon& polygon, double smallest_m2) {
    return geos::polygons_of(geos::polygon_of(polygon), smallest_m2);
}

bool is_valid(const Polygon& polygon) {
    return geos::is_valid(polygon);
}

std::vector<Polygon> united(std::span<const Polygon> polygons, double smallest_m2) {
    return geos::polygons_of(union_of(polygons), smallest_m2);
}

std::vector<Polygon> cut(std::span<const Polygon> from, std::span<const Polygon> what) {
    return geos::polygons_of(geos::cut(union_of(from), union_of(what)));
}

std::vector<Polygon> clipped(const Polygon& polygon, const Polygon& area) {
    return geos::polygons_of(geos::common(geos::polygon_of(polygon), geos::polygon_of(area)));
}

std::vector<Polygon> clipped(const Polygon& polygon, const Box2& box) {
    const Box2 own = bounds_of(polygon.outer);
    if (own.is_empty() || !own.overlaps(box)) {
        return {};
    }
    if (box.contains(own.low) && box.contains(own.high)) {
        return {polygon};
    }
    return clipped(polygon, as_polygon(box));
}

std::vector<Polygon> widened(std::span<const Vec2> line, double half_width_m) {
    if (line.size() < 2) {
        return {};
    }
    return geos::polygons_of(geos::widened(geos::line_of(line), half_width_m));
}

std::vector<Polygon> faces_of(std::span<const Polyline> lines) {
    const geos::Geometry noded =
        geos::checked(GEOSUnaryUnion_r(geos::context(), geos::multi_line(lines).get()));
    const GEOSGeometry* const input[] = {noded.get()};
    return geos::polygons_of(geos::checked(GEOSPolygonize_r(geos::context(), input, 1)));
}

Vec2 point_inside(const Polygon& polygon) {
    const geos::Geometry p =
        geos::checked(GEOSPointOnSurface_r(geos::context(), geos::polygon_of(polygon).get()));
    Vec2 at(0.0, 0.0);
    GEOSGeomGetX_r(geos::context(), p.get(), &at.x());
    GEOSGeomGetY_r(geos::context(), p.get(), &at.y());
    return at;
}

Polygon as_polygon(const Box2& box) {
    return {{box.low, {box.high.x(), box.low.y()}, box.high, {box.low.x(), box.high.y()}}, {}};
}

std::vector<Polygon> polygons_of_wkt(const std::string& wkt, const std::string& where) {
    const geos::Geometry g(GEOSGeomFromWKT_r(geos::context(), wkt.c_str()));
    if (!g) {
        throw InputError(fmt::format("{}: not a WKT polygon ({})", where, geos::last_message()));
    }
    std::vector<Polygon> polygons = geos::polygons_of(g, 0.0);
    if (polygons.empty()) {
        throw InputError(where + ": the WKT holds no polygon with an area");
    }
    return polygons;
}

} // namespace veste
