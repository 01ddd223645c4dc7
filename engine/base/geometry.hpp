#pragma once
#include <Eigen/Core>
#include <limits>
#include <span>
#include <vector>

/// Plane geometry in the city's local frame: metres, x east, y north.
namespace veste {

using Vec2 = Eigen::Vector2d;

/// z component of the cross product; positive when b lies to the left of a.
inline double cross(const Vec2& a, const Vec2& b) {
    return a.x() * b.y() - a.y() * b.x();
}

/// An axis-aligned box; empty (low above high) when default constructed.
struct Box2 {
    Vec2 low{std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    Vec2 high{-std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};

    bool is_empty() const { return low.x() > high.x() || low.y() > high.y(); }
    bool contains(const Vec2& p) const {
        return p.x() >= low.x() && p.x() <= high.x() && p.y() >= low.y() && p.y() <= high.y();
    }
    void extend(const Vec2& p) {
        low = low.cwiseMin(p);
        high = high.cwiseMax(p);
    }
    bool overlaps(const Box2& other) const {
        return low.x() <= other.high.x() && other.low.x() <= high.x() &&
               low.y() <= other.high.y() && other.low.y() <= high.y();
    }
    Vec2 size_m() const { return high - low; }
};

using Polyline = std::vector<Vec2>;

/// A simple ring (not closed: the last point differs from the first) with holes.
struct Polygon {
    Polyline outer;
    std::vector<Polyline> holes;
};

Box2 bounds_of(std::span<const Vec2> points);

/// Signed area of a ring, m²; positive when it runs counter-clockwise.
double ring_area_m2(std::span<const Vec2> ring);
/// Area without holes, m², always positive.
double area_m2(const Polygon& polygon);
/// Area-weighted centroid of the outer ring.
Vec2 centroid_of(std::span<const Vec2> ring);

/// Even-odd rule; points on the border may fall either way.
bool contains(std::span<const Vec2> ring, const Vec2& p);
bool contains(const Polygon& polygon, const Vec2& p);

/// The nearest point of segment a-b to p.
Vec2 nearest_on_segment(const Vec2& p, const Vec2& a, const Vec2& b);

double length_m(std::span<const Vec2> line);

/// A place on a polyline: where, the unit direction there, and how far from its start.
struct PlaceOnLine {
    Vec2 at{0.0, 0.0};
    Vec2 direction{1.0, 0.0};
    double along_m = 0.0;
    double distance_m = std::numeric_limits<double>::infinity();
};

/// The point `along_m` from the start (clamped to the ends); distance_m is 0.
PlaceOnLine place_at(std::span<const Vec2> line, double along_m);
/// The nearest place on the line to p, with its distance.
PlaceOnLine nearest_place(std::span<const Vec2> line, const Vec2& p);

/// True where segments a-b and c-d cross or touch; the crossing's share of a-b goes to `share`.
bool segments_cross(const Vec2& a, const Vec2& b, const Vec2& c, const Vec2& d,
                    double* share = nullptr);

/// The line moved sideways by `left_m` (negative: to the right), with mitred corners.
Polyline offset_line(std::span<const Vec2> line, double left_m);

} // namespace veste
