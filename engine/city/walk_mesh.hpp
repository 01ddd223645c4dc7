#pragma once
#include "base/geometry.hpp"
#include "base/ids.hpp"
#include "city/street_network.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace veste {

using TriangleId = Id<struct TriangleTag>;

/// What kind of ground people walk on.
enum class WalkKind : std::uint8_t {
    Pavement, ///< beside a carriageway
    Footway,
    Square,
    Park,
    Path,
    Steps,
    Crossing,
    Shared, ///< living or pedestrian street, shared with slow vehicles
};

/// Side k runs from vertex k to vertex k + 1 (counter-clockwise); neighbour k lies beyond it, and
/// is invalid where that side is a wall.
struct WalkTriangle {
    std::array<std::uint32_t, 3> vertices{};
    std::array<TriangleId, 3> neighbours{};
    WalkKind kind = WalkKind::Footway;
    std::int8_t level = 0;
    CrossingId crossing;         ///< valid where the triangle belongs to a crossing
    std::uint32_t component = 0; ///< connected part; 0 is the largest
    float slope = 0.0F;          ///< rise over run of the ground, at least 0
    /// The way up, rise over run east and north; of steps its direction alone counts. Zero: level
    /// or not known.
    std::array<float, 2> uphill{};
    std::array<float, 2> conveyor_mps{}; ///< velocity of an escalator or moving walkway, else zero
};

/// A named or numbered way people walk on, kept so that a scenario can close it.
struct WalkWay {
    std::int64_t osm_way = 0;
    std::string name;
    double width_m = 2.0;
    std::int8_t level = 0;
    WalkKind kind = WalkKind::Footway;
    Polyline line;
};

/// The walkable area of the city as a triangle mesh: people may be inside triangles only. Triangles
/// never overlap on one level; levels meet where a bridge, stair or underpass begins.
class WalkMesh {
public:
    std::vector<Vec2> vertices;
    std::vector<WalkTriangle> triangles;
    std::vector<WalkWay> ways;

    /// Builds the search index, areas and wall list; call once after filling the arrays. Throws
    /// UsageError where neighbours are not mutual or a triangle is not counter-clockwise.
    void index();

    Vec2 corner(TriangleId t, int k) const {
        return vertices[triangles[t.index].vertices[static_cast<std::size_t>(k)]];
    }
    Vec2 centroid(TriangleId t) const { return (corner(t, 0) + corner(t, 1) + corner(t, 2)) / 3.0; }
    double area_m2(TriangleId t) const { return areas_m2_[t.index]; }
    double total_area_m2() const;
    Box2 bounds() const { return bounds_; }
    bool contains(TriangleId t, const Vec2& p) const;

    /// The triangle at p on the level (the lowest numbered one on a shared side), if any.
    std::optional<TriangleId> locate(const Vec2& p, std::int8_t level) const;
    /// The same on any level; the level nearest to 0 wins.
    std::optional<TriangleId> locate(const Vec2& p) const;
    /// The triangle that holds the walkable point nearest to p within `reach_m`, and that point
    /// (moved `inset_m` towards the inside of the triangle).
    struct Nearest {
        TriangleId triangle;
        Vec2 at;
    };
    std::optional<Nearest> nearest(const Vec2& p, double reach_m, double inset_m = 0.05) const;
    /// Triangles whose centroid lies inside the polygon, in id order.
    std::vector<TriangleId> inside(const Polygon& polygon) const;
    /// Triangles of a way: centroid within half its width of its line, on its level; in id order.
    std::vector<TriangleId> of_way(const WalkWay& way) const;
    /// Triangles whose bounds overlap the box, in id order.
    std::vector<TriangleId> overlapping(const Box2& box) const;

private:
    void fill_cells();
    std::pair<int, int> cell_of(const Vec2& p) const; ///< column and row, the nearest one outside
    template <class Visit> void for_cells(const Box2& box, Visit&& visit) const;
    std::span<const std::uint32_t> in_cell(std::size_t cell) const {
        return std::span(in_cells_).subspan(starts_[cell], starts_[cell + 1] - starts_[cell]);
    }
    std::span<const std::uint32_t> near(const Vec2& p) const;

    std::vector<double> areas_m2_;
    Box2 bounds_;
    Vec2 corner_{0.0, 0.0};
    int columns_ = 0;
    int rows_ = 0;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> in_cells_;
};

} // namespace veste
