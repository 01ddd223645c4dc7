#include "city/walk_outline.hpp"

#include "city/polygon_ops.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <iterator>

namespace veste {
namespace {

Polygon triangle_polygon(const WalkMesh& mesh, TriangleId t) {
    return {{mesh.corner(t, 0), mesh.corner(t, 1), mesh.corner(t, 2)}, {}};
}

void append_ring(std::string& text, const Polyline& ring) {
    text += "(";
    for (const Vec2& p : ring) {
        fmt::format_to(std::back_inserter(text), "{:.3f} {:.3f}, ", p.x(), p.y());
    }
    fmt::format_to(std::back_inserter(text), "{:.3f} {:.3f})", ring.front().x(), ring.front().y());
}

} // namespace

Polygon walk_outline(const WalkMesh& mesh, std::int8_t level, std::span<const Vec2> places,
                     double margin_m) {
    Box2 box = bounds_of(places);
    if (box.is_empty()) {
        return {};
    }
    box.low.array() -= margin_m;
    box.high.array() += margin_m;
    std::vector<Polygon> triangles;
    for (const TriangleId t : mesh.overlapping(box)) {
        if (mesh.triangles[t.index].level == level) {
            triangles.push_back(triangle_polygon(mesh, t));
        }
    }
    Polygon best;
    std::ptrdiff_t most = 0;
    for (const Polygon& part : united(triangles)) {
        const auto inside = std::count_if(places.begin(), places.end(),
                                          [&](const Vec2& p) { return contains(part, p); });
        if (inside > most) {
            most = inside;
            best = part;
        }
    }
    return best;
}

std::string wkt_of(const Polygon& polygon) {
    std::string text = "POLYGON (";
    append_ring(text, polygon.outer);
    for (const Polyline& hole : polygon.holes) {
        text += ", ";
        append_ring(text, hole);
    }
    return text + ")";
}

} // namespace veste
