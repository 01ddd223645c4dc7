#include "city/geos_use.hpp"

#include "base/errors.hpp"

#include <algorithm>

namespace veste::geos {
namespace {

constexpr int arc_segments = 3; // for a quarter circle

class Context {
public:
    Context() : handle_(GEOS_init_r()) {
        GEOSContext_setErrorMessageHandler_r(
            handle_,
            [](const char* text, void* self) { static_cast<Context*>(self)->message_ = text; },
            this);
    }
    ~Context() { GEOS_finish_r(handle_); }
    Context(const Context&) = delete;
    Context& operator=(const Context&) = delete;

    GEOSContextHandle_t handle() const { return handle_; }
    const std::string& message() const { return message_; }

private:
    GEOSContextHandle_t handle_;
    std::string message_;
};

Context& of_thread() {
    thread_local Context one;
    return one;
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

Polyline points_of(const GEOSGeometry* line) {
    const GEOSCoordSequence* sequence = GEOSGeom_getCoordSeq_r(context(), line);
    unsigned n = 0;
    GEOSCoordSeq_getSize_r(context(), sequence, &n);
    Polyline points;
    points.reserve(n);
    for (unsigned k = 0; k < n; ++k) {
        double x = 0.0;
        double y = 0.0;
        GEOSCoordSeq_getXY_r(context(), sequence, k, &x, &y);
        points.emplace_back(x, y);
    }
    return points;
}

Polyline ring_of(const GEOSGeometry* ring, bool is_counter_clockwise) {
    Polyline points = points_of(ring);
    if (!points.empty()) {
        points.pop_back();
    }
    if ((ring_area_m2(points) > 0.0) != is_counter_clockwise) {
        std::reverse(points.begin(), points.end());
    }
    return points;
}

} // namespace

GEOSContextHandle_t context() {
    return of_thread().handle();
}

const std::string& last_message() {
    return of_thread().message();
}

Geometry checked(GEOSGeometry* result) {
    if (result == nullptr) {
        throw RunError("geometry could not be computed: " + of_thread().message());
    }
    return Geometry(result);
}

namespace {

Geometry polygon_as_it_is(const Polygon& polygon) {
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

} // namespace

bool is_valid(const Polygon& polygon) {
    return polygon.outer.size() >= 3 &&
           GEOSisValid_r(context(), polygon_as_it_is(polygon).get()) == 1;
}

Geometry polygon_of(const Polygon& polygon) {
    Geometry made = polygon_as_it_is(polygon);
    if (GEOSisValid_r(context(), made.get()) == 1) {
        return made;
    }
    return areal(checked(GEOSMakeValid_r(context(), made.get())));
}

Geometry rectangle(const Box2& box) {
    return checked(GEOSGeom_createRectangle_r(context(), box.low.x(), box.low.y(), box.high.x(),
                                              box.high.y()));
}

Geometry collection(int type, std::vector<Geometry> parts) {
    std::vector<GEOSGeometry*> raw;
    raw.reserve(parts.size());
    for (Geometry& part : parts) {
        raw.push_back(part.release());
    }
    return checked(GEOSGeom_createCollection_r(context(), type, raw.data(),
                                               static_cast<unsigned>(raw.size())));
}

Geometry line_of(std::span<const Vec2> line) {
    return checked(GEOSGeom_createLineString_r(context(), coordinates(line, false)));
}

Geometry multi_line(std::span<const Polyline> lines) {
    std::vector<Geometry> parts;
    for (const Polyline& line : lines) {
        if (line.size() >= 2) {
            parts.push_back(line_of(line));
        }
    }
    return collection(GEOS_MULTILINESTRING, std::move(parts));
}

void append_areal(const GEOSGeometry* g, std::vector<Geometry>& to) {
    const int type = GEOSGeomTypeId_r(context(), g);
    if (type == GEOS_POLYGON) {
        if (GEOSisEmpty_r(context(), g) == 0) {
            to.push_back(checked(GEOSGeom_clone_r(context(), g)));
        }
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        const int n = GEOSGetNumGeometries_r(context(), g);
        for (int k = 0; k < n; ++k) {
            append_areal(GEOSGetGeometryN_r(context(), g, k), to);
        }
    }
}

Geometry areal(Geometry g) {
    const int type = GEOSGeomTypeId_r(context(), g.get());
    if (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON) {
        return g;
    }
    std::vector<Geometry> parts;
    append_areal(g.get(), parts);
    return collection(GEOS_MULTIPOLYGON, std::move(parts));
}

bool is_empty(const Geometry& g) {
    return GEOSisEmpty_r(context(), g.get()) != 0;
}

Geometry united(const Geometry& g) {
    return areal(checked(GEOSUnaryUnion_r(context(), g.get())));
}

Geometry united(const Geometry& a, const Geometry& b) {
    return areal(checked(GEOSUnion_r(context(), a.get(), b.get())));
}

Geometry cut(const Geometry& from, const Geometry& what) {
    return areal(checked(GEOSDifference_r(context(), from.get(), what.get())));
}

Geometry common(const Geometry& a, const Geometry& b) {
    return areal(checked(GEOSIntersection_r(context(), a.get(), b.get())));
}

Geometry widened(const Geometry& g, double by_m, int cap, int join) {
    return areal(
        checked(GEOSBufferWithStyle_r(context(), g.get(), by_m, arc_segments, cap, join, 2.0)));
}

void append_polygons(const GEOSGeometry* g, std::vector<Polygon>& to, double smallest_m2) {
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
            if (-ring_area_m2(hole) > smallest_m2) {
                polygon.holes.push_back(std::move(hole));
            }
        }
        if (area_m2(polygon) > smallest_m2) {
            to.push_back(std::move(polygon));
        }
    } else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION) {
        const int n = GEOSGetNumGeometries_r(context(), g);
        for (int k = 0; k < n; ++k) {
            append_polygons(GEOSGetGeometryN_r(context(), g, k), to, smallest_m2);
        }
    }
}

std::vector<Polygon> polygons_of(const Geometry& g, double smallest_m2) {
    std::vector<Polygon> polygons;
    append_polygons(g.get(), polygons, smallest_m2);
    return polygons;
}

void append_lines(const GEOSGeometry* g, std::vector<Polyline>& to) {
    switch (GEOSGeomTypeId_r(context(), g)) {
    case GEOS_LINESTRING:
    case GEOS_LINEARRING:
        if (GEOSisEmpty_r(context(), g) == 0) {
            to.push_back(points_of(g));
        }
        break;
    case GEOS_POLYGON:
        if (GEOSisEmpty_r(context(), g) == 0) {
            append_lines(GEOSGetExteriorRing_r(context(), g), to);
            for (int k = 0; k < GEOSGetNumInteriorRings_r(context(), g); ++k) {
                append_lines(GEOSGetInteriorRingN_r(context(), g, k), to);
            }
        }
        break;
    case GEOS_POINT:
    case GEOS_MULTIPOINT:
        break;
    default:
        for (int k = 0; k < GEOSGetNumGeometries_r(context(), g); ++k) {
            append_lines(GEOSGetGeometryN_r(context(), g, k), to);
        }
    }
}

} // namespace veste::geos
