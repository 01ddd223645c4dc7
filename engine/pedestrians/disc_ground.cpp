#include "pedestrians/disc_ground.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

constexpr double body_m2 = std::numbers::pi * 0.2 * 0.2;
/// Who stands on a wall or in its corner is looked at from this share of the way to the middle of
/// the triangle, so that the wall lies to one side.
constexpr double off_wall_share = 1e-6;

/// True where a part of a segment lies within a disc round the origin.
bool is_touched(const Vec2& from, const Vec2& to, double radius_m) {
    const double radius2 = radius_m * radius_m;
    const Vec2 way = to - from;
    const double along = -from.dot(way); // of the origin's foot, times the length
    if (along <= 0.0) {
        return from.squaredNorm() < radius2;
    }
    if (along >= way.squaredNorm()) {
        return to.squaredNorm() < radius2;
    }
    const double aside = cross(from, way); // its distance times the length
    return aside * aside < radius2 * way.squaredNorm();
}

/// Area of the disc beyond the part of a segment within it, seen from the origin; the segment has
/// to touch it.
double segment_m2(const Vec2& from, const Vec2& to, double radius_m) {
    const double radius2 = radius_m * radius_m;
    const Vec2 way = to - from;
    const double way2 = way.squaredNorm();
    const double aside = cross(from, way);
    const double half = std::sqrt(std::max(0.0, radius2 * way2 - aside * aside));
    const double middle = -from.dot(way);
    const Vec2 a = from + std::clamp((middle - half) / way2, 0.0, 1.0) * way;
    const Vec2 b = from + std::clamp((middle + half) / way2, 0.0, 1.0) * way;
    const double angle_rad = std::atan2(cross(a, b), a.dot(b));
    return 0.5 * (radius2 * angle_rad - cross(a, b));
}

} // namespace

void DiscGround::spread(const Vec2& centre, std::uint32_t triangle) {
    reached_.assign(1, triangle);
    beyond_walls_m2_ = 0.0;
    has_wall_ = false;
    storeys_ = 0;
    const Vec2 eye = centre + off_wall_share * (mesh_.centroid(TriangleId(triangle)) - centre);
    for (std::size_t next = 0; next < reached_.size(); ++next) {
        const std::uint32_t t = reached_[next];
        const TriangleId id(t);
        const std::array<Vec2, 3> corners = {mesh_.corner(id, 0) - eye, mesh_.corner(id, 1) - eye,
                                             mesh_.corner(id, 2) - eye};
        const bool is_at_centre = cross(corners[0], corners[1]) > 0.0 &&
                                  cross(corners[1], corners[2]) > 0.0 &&
                                  cross(corners[2], corners[0]) > 0.0;
        storeys_ += t == triangle || is_at_centre ? 1 : 0;
        for (std::size_t k = 0; k < 3; ++k) {
            look_at_side(t, k, corners[k], corners[(k + 1) % 3]);
        }
    }
}

void DiscGround::look_at_side(std::uint32_t triangle, std::size_t side, const Vec2& from,
                              const Vec2& to) {
    if (!is_touched(from, to, radius_m_)) {
        return;
    }
    const TriangleId beyond = mesh_.triangles[triangle].neighbours[side];
    if (!beyond.is_valid()) {
        beyond_walls_m2_ += segment_m2(from, to, radius_m_);
        has_wall_ = true;
    } else if (!holds(beyond.index)) {
        reached_.push_back(beyond.index);
    }
}

double DiscGround::area_m2() const {
    const double disc_m2 = storeys_ * std::numbers::pi * radius_m_ * radius_m_;
    return std::clamp(disc_m2 - beyond_walls_m2_, body_m2, disc_m2);
}

bool DiscGround::holds(std::uint32_t triangle) const {
    return std::find(reached_.begin(), reached_.end(), triangle) != reached_.end();
}

} // namespace veste
