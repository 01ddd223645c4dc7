#pragma once
#include <array>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace veste {

/// A point of the snapping grid, in grid steps.
struct GridPoint {
    std::int64_t x = 0;
    std::int64_t y = 0;
    friend auto operator<=>(const GridPoint&, const GridPoint&) = default;
};

/// Twice the signed area of a, b, c; exact.
constexpr std::int64_t twice_area(const GridPoint& a, const GridPoint& b, const GridPoint& c) {
    return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

/// Side k runs from vertex k to vertex k + 1, counter-clockwise.
struct PlaneTriangle {
    std::array<std::uint32_t, 3> vertices{};
    std::array<std::int32_t, 3> neighbours{-1, -1, -1};
    std::array<bool, 3> is_fixed{}; ///< side lies on a given edge
};

/// The constrained Delaunay triangulation of a square: Lawson (1977) insertion, then given edges by
/// Sloan (1993) flips. All tests are exact in integers; coordinates may span up to 2^14 steps.
/// The first four points are the square's corners, counter-clockwise; all points are distinct and
/// in the square. Edges must meet only in points; throws RunError where two cross.
std::vector<PlaneTriangle>
constrained_delaunay(std::span<const GridPoint> points,
                     std::span<const std::pair<std::uint32_t, std::uint32_t>> edges);

} // namespace veste
