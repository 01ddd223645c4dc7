#include "pedestrians/single_file_ways.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace veste {
namespace {

/// Nobody passes another in a narrower way, even with shoulders turned (our assumption: bodies are
/// 0.3 m deep).
constexpr double one_person_m = 0.6;
/// Between shorter walls at most two walk one behind the other: a doorway.
constexpr double least_length_m = 2.0;

/// Triangles of narrow strips: one side is a wall, the two others lead on.
class Strips {
public:
    explicit Strips(const WalkMesh& mesh) : mesh_(mesh), wall_side_(mesh.triangles.size(), none) {
        std::vector<std::uint8_t> is_at_wall(mesh.vertices.size(), 0);
        for (const WalkTriangle& triangle : mesh.triangles) {
            for (std::size_t k = 0; k < 3; ++k) {
                if (!triangle.neighbours[k].is_valid()) {
                    is_at_wall[triangle.vertices[k]] = 1;
                    is_at_wall[triangle.vertices[(k + 1) % 3]] = 1;
                }
            }
        }
        for (std::uint32_t t = 0; t < wall_side_.size(); ++t) {
            wall_side_[t] = narrow_side(t, is_at_wall);
        }
    }

    bool is_strip(std::uint32_t t) const { return wall_side_[t] != none; }
    /// The next triangle of a strip for someone who walks with the wall of t to the right or left;
    /// sets on which hand the next one's wall is.
    std::optional<std::uint32_t> next(std::uint32_t t, bool& is_right) const {
        // Sides run counter-clockwise: with the wall to the right one leaves by the one after it.
        const std::size_t exit = (wall_side_[t] + (is_right ? 1u : 2u)) % 3;
        const std::uint32_t beyond = mesh_.triangles[t].neighbours[exit].index;
        if (!is_strip(beyond)) {
            return std::nullopt;
        }
        const std::size_t entry = static_cast<std::size_t>(
            std::find(mesh_.triangles[beyond].neighbours.begin(),
                      mesh_.triangles[beyond].neighbours.end(), TriangleId(t)) -
            mesh_.triangles[beyond].neighbours.begin());
        is_right = entry == (wall_side_[beyond] + 2u) % 3;
        return beyond;
    }
    double wall_m(std::uint32_t t) const {
        const int k = wall_side_[t];
        return (mesh_.corner(TriangleId(t), (k + 1) % 3) - mesh_.corner(TriangleId(t), k)).norm();
    }

private:
    static constexpr std::uint8_t none = 3;

    /// The wall of a triangle that is narrow from it to the opposite corner, which is at a wall.
    std::uint8_t narrow_side(std::uint32_t t, const std::vector<std::uint8_t>& is_at_wall) const {
        const WalkTriangle& triangle = mesh_.triangles[t];
        const auto is_wall = [](TriangleId n) { return !n.is_valid(); };
        const auto& sides = triangle.neighbours;
        const auto wall = std::find_if(sides.begin(), sides.end(), is_wall) - sides.begin();
        if (std::count_if(sides.begin(), sides.end(), is_wall) != 1 ||
            is_at_wall[triangle.vertices[static_cast<std::size_t>(wall + 2) % 3]] == 0) {
            return none;
        }
        const int k = static_cast<int>(wall);
        const Vec2 from = mesh_.corner(TriangleId(t), k);
        const Vec2 along = mesh_.corner(TriangleId(t), (k + 1) % 3) - from;
        const Vec2 corner = mesh_.corner(TriangleId(t), (k + 2) % 3) - from;
        const double length_m = along.norm();
        const double width_m = cross(along, corner) / length_m;
        // In bends the corner stands a little beyond the wall's end.
        const double along_m = along.dot(corner) / length_m;
        const bool is_opposite = along_m > -width_m && along_m < length_m + width_m;
        return is_opposite && width_m < one_person_m ? static_cast<std::uint8_t>(k) : none;
    }

    const WalkMesh& mesh_;
    std::vector<std::uint8_t> wall_side_;
};

/// A strip, as found from one of its triangles.
struct Strip {
    std::vector<std::uint32_t> triangles;
    std::array<double, 2> wall_m = {0.0, 0.0}; ///< lengths of its two walls
};

Strip strip_of(const Strips& strips, std::uint32_t start, std::vector<std::uint8_t>& is_seen) {
    Strip strip{{start}, {strips.wall_m(start), 0.0}};
    is_seen[start] = 1;
    // Both ways from the start: its wall is to the right on one, to the left on the other.
    for (const bool starts_right : {true, false}) {
        bool is_right = starts_right;
        auto at = strips.next(start, is_right);
        while (at && is_seen[*at] == 0) {
            is_seen[*at] = 1;
            strip.triangles.push_back(*at);
            strip.wall_m[is_right == starts_right ? 0 : 1] += strips.wall_m(*at);
            at = strips.next(*at, is_right);
        }
    }
    return strip;
}

} // namespace

std::vector<std::uint8_t> single_file_ways(const WalkMesh& mesh) {
    const Strips strips(mesh);
    std::vector<std::uint8_t> is_way(mesh.triangles.size(), 0);
    std::vector<std::uint8_t> is_seen(mesh.triangles.size(), 0);
    for (std::uint32_t t = 0; t < is_way.size(); ++t) {
        if (is_seen[t] != 0 || !strips.is_strip(t)) {
            continue;
        }
        const Strip strip = strip_of(strips, t, is_seen);
        if (std::min(strip.wall_m[0], strip.wall_m[1]) >= least_length_m) {
            for (const std::uint32_t one : strip.triangles) {
                is_way[one] = 1;
            }
        }
    }
    return is_way;
}

} // namespace veste
