#include "city/polygon_ops.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <geos_c.h>
#include <memory>

namespace veste {
namespace {

constexpr double smallest_area_m2 = 1e-4;
constexpr int arc_segments = 4; // for a quarter circle

/// GEOS's handle with its last message; one for each thread.
class Geos {
public:
    Geos() : handle_(GEOS_init_r()) {
        GEOSContext_setErrorMessageHandler_r(
            handle_,
            [](const char* text, void* self) { static_cast<Geos*>(self)->message_ = text; }, this);
    }
    ~Geos() { GEOS_finish_r(handle_); }
    Geos(const Geos&) = delete;
    Geos& operator=(const Geos&) = delete;

    GEOSContextHandle_t handle() const { return handle_; }
    const std::string& message() const { return message_; }

private:
    GEOSContextHandle_t handle_;
    std::string message_;
};

Geos& geos() {
    thread_local Geos one;
    return one;
}

GEOSContextHandle_t context() {
    return geos().handle();
}

struct Destroy {
    void operator()(GEOSGeometry* g) const { GEOSGeom_destroy_r(context(), g); }
};
using Geometry = std::unique_ptr<GEOSGeometry, Destroy>;

Geometry checked(GEOSGeometry* result) {
    if (result == nullptr) {
        throw RunError("geometry could not be computed: " + geos().message());
    }
    return Geometry(result);
}

GEOSCoordSequence* coordinates(std::span<const Vec2> points, bool is_closed) {
    const unsigned n = static_cast<unsigned>(points.size()) + (is_closed ? 1U : 0U);
    GEOSCoordSequence* sequence = GEOSCoordSeq_create_r(context(), n, 2);
    for (unsigned k = 0; k < n; ++k) {
        const Vec2& p = points[k % points.size()];
        GEOSCoordSeq_setXY_r(context(), sequence, k, p.x(), p.y());
    }
    return sequence;
}

Geometry geometry_of(const Polygon& polygon) {
    if (polygon.outer.size() < 3) {
        return checked(GEOSGeom_createEmptyPolygon_r(context()));
    }
    GEOSGeometry* shell =
        checked(GEOSGeom_createLinearRing_r(context(), coordinates(polygon.outer, true))).release();
    std::vector<GEOSGeometry*> holes;
    for (const Polyline& hole : polygon.holes) {
        if (hole.size() >= 3) {
            holes.push_back(GEOSGeom_createLinearRing_r(context(), coordinates(hole, true)));
        }
    }
    return checked(GEOSGeom_createPolygon_r(context(), shell, holes.data(),
                                            static_cast<unsigned>(holes.size())));
}

Geometry collection_of(int type, std::vector<Geometry>& parts) {
    std::vector<GEOSGeometry*> raw;
    for (Geometry& part : parts) {
        raw.push_back(part.release());
    }
    return checked(GEOSGeom_createCollection_r(context(), type, raw.data(),
                                               static_cast<unsigned>(raw.size())));
}

Polyline ring_of(const GEOSGeometry* ring, bool is_counter_clockwise) {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context(), ring);
    unsigned n = 0;
    GEOSCoordSeq_getSize_r(context(), sequence, &n);
    Polyline points;
    for (unsigned k = 0; k + 1 < n; ++k) {
        double x = 0.0;
        double y = 0.0;
        GEOSCoordSeq_getXY_r(context(), sequence, k, &x, &y);
        points.emplace_back(x, y);
    }
    if ((ring_area_m2(points) > 0.0) != is_counter_clockwise) {
        std::reverse(points.begin(), points.end());
    }
    return points;
}

void append_polygons(const GEOSGeometry* g, std::vector<Polygon>& to) {
    const int type = GEOSGeomTypeId_r(context(), g);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(context(), g) != 0) {
            return;
        }
        Polygon polygon;
        polygon.outer = ring_of(GEOSGetExteriorRing_r(context(), g), true);
        const int holes = GEOSGetNumInteriorRings_r(context(), g);
        for (int k = 0; k < holes; ++k) {
            Polyline hole = ring_of(GEOSGetInteriorRingN_r(context(), g, k), false);
            if (-ring_area_m2(hole) > smallest_area_m2) {
                polygon.holes.push_back(std::move(hole));
            }
        }
        if (area_m2(polygon) > smallest_area_m2) {
            to.push_back(std::move(polygon));
        }
    } else if (type >= GEOS_MULTIPOINT) {
        const int parts = GEOSGetNumGeometries_r(context(), g);
        for (int k = 0; k < parts; ++k) {
            append_polygons(GEOSGetGeometryN_r(context(), g, k), to);
        }
    }
}

std::vector<Polygon> polygons_in(const Geometry& g) {
    std::vector<Polygon> polygons;
    append_polygons(g.get(), polygons);
    return polygons;
}

Geometry valid_geometry(const Polygon& polygon) {
    Geometry g = geometry_of(polygon);
    if (GEOSisValid_r(context(), g.get()) == 1) {
        return g;
    }
    return checked(GEOSMakeValid_r(context(), g.get()));
}

/// The union as one geometry.
Geometry union_geometry(std::span<const Polygon> polygons) {
    std::vector<Geometry> parts;
    for (const Polygon& polygon : polygons) {
        parts.push_back(valid_geometry(polygon));
    }
    const Geometry all = collection_of(GEOS_GEOMETRYCOLLECTION, parts);
    return checked(GEOSUnaryUnion_r(context(), all.get()));
}

Geometry line_geometry(std::span<const Vec2> line) {
    return checked(GEOSGeom_createLineString_r(context(), coordinates(line, false)));
}

} // namespace

std::vector<Polygon> repaired(const Polygon& polygon) {
    return polygons_in(valid_geometry(polygon));
}

bool is_valid(const Polygon& polygon) {
    return polygon.outer.size() >= 3 && GEOSisValid_r(context(), geometry_of(polygon).get()) == 1;
}

std::vector<Polygon> united(std::span<const Polygon> polygons) {
    return polygons_in(union_geometry(polygons));
}

std::vector<Polygon> cut(std::span<const Polygon> from, std::span<const Polygon> what) {
    const Geometry a = union_geometry(from);
    const Geometry b = union_geometry(what);
    return polygons_in(checked(GEOSDifference_r(context(), a.get(), b.get())));
}

std::vector<Polygon> clipped(const Polygon& polygon, const Polygon& area) {
    const Geometry a = valid_geometry(polygon);
    const Geometry b = valid_geometry(area);
    return polygons_in(checked(GEOSIntersection_r(context(), a.get(), b.get())));
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
    const Geometry g = line_geometry(line);
    return polygons_in(checked(GEOSBufferWithStyle_r(context(), g.get(), half_width_m, arc_segments,
                                                     GEOSBUF_CAP_FLAT, GEOSBUF_JOIN_ROUND, 2.0)));
}

std::vector<Polygon> faces_of(std::span<const Polyline> lines) {
    std::vector<Geometry> parts;
    for (const Polyline& line : lines) {
        if (line.size() >= 2) {
            parts.push_back(line_geometry(line));
        }
    }
    const Geometry all = collection_of(GEOS_MULTILINESTRING, parts);
    const Geometry noded = checked(GEOSUnaryUnion_r(context(), all.get()));
    const GEOSGeometry* const input[] = {noded.get()};
    return polygons_in(checked(GEOSPolygonize_r(context(), input, 1)));
}

Vec2 point_inside(const Polygon& polygon) {
    const Geometry g = valid_geometry(polygon);
    const Geometry p = checked(GEOSPointOnSurface_r(context(), g.get()));
    Vec2 at(0.0, 0.0);
    GEOSGeomGetX_r(context(), p.get(), &at.x());
    GEOSGeomGetY_r(context(), p.get(), &at.y());
    return at;
}

Polygon as_polygon(const Box2& box) {
    return {{box.low, {box.high.x(), box.low.y()}, box.high, {box.low.x(), box.high.y()}}, {}};
}

std::vector<Polygon> polygons_of_wkt(const std::string& wkt, const std::string& where) {
    GEOSGeometry* raw = GEOSGeomFromWKT_r(context(), wkt.c_str());
    if (raw == nullptr) {
        throw InputError(fmt::format("{}: not a WKT polygon ({})", where, geos().message()));
    }
    const Geometry g(raw);
    std::vector<Polygon> polygons = polygons_in(g);
    if (polygons.empty()) {
        throw InputError(where + ": the WKT holds no polygon with an area");
    }
    return polygons;
}

} // namespace veste
