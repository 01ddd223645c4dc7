#include "base/geometry.hpp"

#include <algorithm>
#include <cmath>

namespace veste {

Box2 bounds_of(std::span<const Vec2> points) {
    Box2 box;
    for (const Vec2& p : points) {
        box.extend(p);
    }
    return box;
}

double ring_area_m2(std::span<const Vec2> ring) {
    double twice = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        twice += cross(ring[i], ring[(i + 1) % ring.size()]);
    }
    return 0.5 * twice;
}

double area_m2(const Polygon& polygon) {
    double area = std::abs(ring_area_m2(polygon.outer));
    for (const Polyline& hole : polygon.holes) {
        area -= std::abs(ring_area_m2(hole));
    }
    return area;
}

Vec2 centroid_of(std::span<const Vec2> ring) {
    if (ring.empty()) {
        return Vec2::Zero();
    }
    // Sum relative to the first point, so that large coordinates do not cost digits.
    const Vec2 base = ring.front();
    Vec2 weighted = Vec2::Zero();
    double twice = 0.0;
    for (std::size_t i = 0; i < ring.size(); ++i) {
        const Vec2 a = ring[i] - base;
        const Vec2 b = ring[(i + 1) % ring.size()] - base;
        const double area = cross(a, b);
        weighted += area * (a + b);
        twice += area;
    }
    if (std::abs(twice) < 1e-9) {
        Vec2 mean = Vec2::Zero();
        for (const Vec2& p : ring) {
            mean += p - base;
        }
        return base + mean / static_cast<double>(ring.size());
    }
    return base + weighted / (3.0 * twice);
}

bool contains(std::span<const Vec2> ring, const Vec2& p) {
    bool is_inside = false;
    for (std::size_t i = 0, j = ring.size() - 1; i < ring.size(); j = i++) {
        const Vec2& a = ring[i];
        const Vec2& b = ring[j];
        if ((a.y() > p.y()) != (b.y() > p.y()) &&
            p.x() < (b.x() - a.x()) * (p.y() - a.y()) / (b.y() - a.y()) + a.x()) {
            is_inside = !is_inside;
        }
    }
    return is_inside;
}

bool contains(const Polygon& polygon, const Vec2& p) {
    return contains(polygon.outer, p) &&
           std::none_of(polygon.holes.begin(), polygon.holes.end(),
                        [&p](const Polyline& hole) { return contains(hole, p); });
}

Vec2 nearest_on_segment(const Vec2& p, const Vec2& a, const Vec2& b) {
    const Vec2 along = b - a;
    const double squared = along.squaredNorm();
    if (squared <= 0.0) {
        return a;
    }
    return a + std::clamp((p - a).dot(along) / squared, 0.0, 1.0) * along;
}

double length_m(std::span<const Vec2> line) {
    double length = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        length += (line[i] - line[i - 1]).norm();
    }
    return length;
}

namespace {

Vec2 direction_of(const Vec2& a, const Vec2& b) {
    const Vec2 along = b - a;
    const double length = along.norm();
    return length > 0.0 ? Vec2(along / length) : Vec2(1.0, 0.0);
}

} // namespace

PlaceOnLine place_at(std::span<const Vec2> line, double along_m) {
    PlaceOnLine place;
    place.distance_m = 0.0;
    if (line.empty()) {
        return place;
    }
    place.at = line.front();
    double travelled = 0.0;
    for (std::size_t i = 1; i < line.size(); ++i) {
        const double length = (line[i] - line[i - 1]).norm();
        const bool is_last = i + 1 == line.size();
        if (length > 0.0) {
            place.direction = direction_of(line[i - 1], line[i]);
        }
        if (along_m <= travelled + length || is_last) {
            const double share =
                length > 0.0 ? std::clamp((along_m - travelled) / length, 0.0, 1.0) : 0.0;
            place.at = line[i - 1] + share * (line[i] - line[i - 1]);
            place.along_m = travelled + share * length;
            return place;
        }
        travelled += length;
    }
    return place;
}

PlaceOnLine nearest_place(std::span<const Vec2> line, const Vec2& p) {
    PlaceOnLine best;
    double travelled = 0.0;
    if (line.size() == 1) {
        best.at = line.front();
        best.distance_m = (p - best.at).norm();
    }
    for (std::size_t i = 1; i < line.size(); ++i) {
        const Vec2 at = nearest_on_segment(p, line[i - 1], line[i]);
        const double distance = (p - at).norm();
        if (distance < best.distance_m) {
            best = {at, direction_of(line[i - 1], line[i]), travelled + (at - line[i - 1]).norm(),
                    distance};
        }
        travelled += (line[i] - line[i - 1]).norm();
    }
    return best;
}

bool segments_cross(const Vec2& a, const Vec2& b, const Vec2& c, const Vec2& d, double* share) {
    const Vec2 ab = b - a;
    const Vec2 cd = d - c;
    const double denominator = cross(ab, cd);
    if (std::abs(denominator) < 1e-14) {
        return false;
    }
    const double t = cross(c - a, cd) / denominator;
    const double u = cross(c - a, ab) / denominator;
    if (t < 0.0 || t > 1.0 || u < 0.0 || u > 1.0) {
        return false;
    }
    if (share != nullptr) {
        *share = t;
    }
    return true;
}

Polyline offset_line(std::span<const Vec2> line, double left_m) {
    Polyline moved;
    moved.reserve(line.size());
    for (std::size_t i = 0; i < line.size(); ++i) {
        const Vec2 before = i > 0 ? direction_of(line[i - 1], line[i]) : Vec2::Zero();
        const Vec2 after = i + 1 < line.size() ? direction_of(line[i], line[i + 1]) : Vec2::Zero();
        Vec2 bisector = before + after;
        bisector = bisector.norm() > 1e-9 ? Vec2(bisector.normalized()) : after;
        const Vec2 normal(-bisector.y(), bisector.x());
        const Vec2 reference = after.norm() > 0.0 ? after : before;
        const Vec2 reference_normal(-reference.y(), reference.x());
        // Mitre, limited to three times the offset at sharp corners.
        const double stretch = 1.0 / std::max(normal.dot(reference_normal), 1.0 / 3.0);
        moved.push_back(line[i] + left_m * stretch * normal);
    }
    return moved;
}

} // namespace veste
