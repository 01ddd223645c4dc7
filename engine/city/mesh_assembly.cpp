#include "city/mesh_assembly.hpp"

#include "base/errors.hpp"
#include "city/geos_use.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

// A link joins the straight border through it; wider bridges end in two links or more.
constexpr double link_reach_m = 15.0;
constexpr double link_touch_m = 0.3;
constexpr double link_straight_m = 0.15;

/// A side of a triangle by its end points, lower index first.
struct SharedSide {
    std::uint32_t low = 0;
    std::uint32_t high = 0;
    std::int8_t level = 0;
    std::uint32_t triangle = 0;
    std::uint8_t k = 0;
    friend auto operator<=>(const SharedSide&, const SharedSide&) = default;
};

Vec2 place_of(const GridPoint& p) {
    constexpr double steps_per_m = 1.0 / geos::grid_m;
    return {static_cast<double>(p.x) / steps_per_m, static_cast<double>(p.y) / steps_per_m};
}

void fill_triangles(WalkMesh& mesh, std::span<const WalkPiece> pieces) {
    std::vector<GridPoint> points;
    points.reserve(3 * pieces.size());
    for (const WalkPiece& piece : pieces) {
        points.insert(points.end(), piece.corners.begin(), piece.corners.end());
    }
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    for (const GridPoint& p : points) {
        mesh.vertices.push_back(place_of(p));
    }
    for (const WalkPiece& piece : pieces) {
        WalkTriangle t;
        for (std::size_t k = 0; k < 3; ++k) {
            const auto found = std::lower_bound(points.begin(), points.end(), piece.corners[k]);
            t.vertices[k] = static_cast<std::uint32_t>(found - points.begin());
        }
        t.kind = piece.what.kind;
        t.level = piece.what.level;
        t.crossing = piece.what.crossing;
        mesh.triangles.push_back(t);
    }
}

std::vector<SharedSide> sorted_sides(const WalkMesh& mesh) {
    std::vector<SharedSide> sides;
    sides.reserve(3 * mesh.triangles.size());
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        for (std::uint8_t k = 0; k < 3; ++k) {
            const auto [low, high] = std::minmax(mesh.triangles[t].vertices[k],
                                                 mesh.triangles[t].vertices[(k + 1U) % 3U]);
            sides.push_back({low, high, mesh.triangles[t].level, static_cast<std::uint32_t>(t), k});
        }
    }
    std::sort(sides.begin(), sides.end());
    return sides;
}

TriangleId& neighbour(WalkMesh& mesh, const SharedSide& side) {
    return mesh.triangles[side.triangle].neighbours[side.k];
}

void join_neighbours(WalkMesh& mesh, const std::vector<SharedSide>& sides) {
    for (std::size_t s = 0; s + 1 < sides.size(); ++s) {
        const SharedSide& a = sides[s];
        const SharedSide& b = sides[s + 1];
        if (a.low != b.low || a.high != b.high || a.level != b.level) {
            continue;
        }
        if (s + 2 < sides.size() && sides[s + 2].low == a.low && sides[s + 2].high == a.high &&
            sides[s + 2].level == a.level) {
            const Vec2 at = mesh.vertices[a.low];
            throw RunError(fmt::format("walkable mesh: triangles overlap near ({:.2f}, {:.2f}) m",
                                       at.x(), at.y()));
        }
        neighbour(mesh, a) = TriangleId(b.triangle);
        neighbour(mesh, b) = TriangleId(a.triangle);
    }
}

/// The side that belongs to the triangle on `level` across from `side`, if any.
const SharedSide* across(const WalkMesh& mesh, const std::vector<SharedSide>& sides,
                         const SharedSide& side, std::int8_t level) {
    const auto starts_at = [&](const SharedSide& s) {
        return mesh.triangles[s.triangle].vertices[s.k];
    };
    const SharedSide first{side.low, side.high, level, 0, 0};
    for (auto s = std::lower_bound(sides.begin(), sides.end(), first);
         s != sides.end() && s->low == side.low && s->high == side.high && s->level == level; ++s) {
        if (starts_at(*s) != starts_at(side)) {
            return &*s;
        }
    }
    return nullptr;
}

void detach(WalkMesh& mesh, const SharedSide& side) {
    TriangleId& there = neighbour(mesh, side);
    if (!there.is_valid()) {
        return;
    }
    for (TriangleId& back : mesh.triangles[there.index].neighbours) {
        if (back == TriangleId(side.triangle)) {
            back = TriangleId();
        }
    }
    there = TriangleId();
}

/// Joins the borders of `ending` that run straight through the link to what `other` has beyond
/// them. There the other level is walled off from its own part under or over the ending one.
std::size_t join_at(WalkMesh& mesh, const std::vector<SharedSide>& sides,
                    const std::vector<std::uint32_t>& near, const LevelLink& link,
                    std::int8_t ending, std::int8_t other) {
    std::vector<const SharedSide*> borders;
    Vec2 along(0.0, 0.0);
    double nearest_m = link_touch_m;
    for (const std::uint32_t s : near) {
        const SharedSide& side = sides[s];
        if (side.level != ending || neighbour(mesh, side).is_valid()) {
            continue;
        }
        const Vec2 a = mesh.vertices[side.low];
        const Vec2 b = mesh.vertices[side.high];
        borders.push_back(&side);
        const double distance_m = (nearest_on_segment(link.at, a, b) - link.at).norm();
        if (distance_m < nearest_m) {
            nearest_m = distance_m;
            along = (b - a).normalized();
        }
    }
    std::size_t joined = 0;
    if (along.isZero()) {
        return joined;
    }
    for (const SharedSide* side : borders) {
        const bool is_on_line =
            std::abs(cross(along, mesh.vertices[side->low] - link.at)) < link_straight_m &&
            std::abs(cross(along, mesh.vertices[side->high] - link.at)) < link_straight_m;
        const SharedSide* beyond = is_on_line ? across(mesh, sides, *side, other) : nullptr;
        if (beyond == nullptr ||
            mesh.triangles[beyond->triangle].neighbours[beyond->k] == TriangleId(side->triangle)) {
            continue;
        }
        detach(mesh, *beyond);
        neighbour(mesh, *side) = TriangleId(beyond->triangle);
        neighbour(mesh, *beyond) = TriangleId(side->triangle);
        ++joined;
    }
    return joined;
}

void join_levels(WalkMesh& mesh, const std::vector<SharedSide>& sides,
                 std::span<const LevelLink> links) {
    if (links.empty()) {
        return;
    }
    // Sides in cells as large as a link's reach: those about a link are in nine cells.
    const Vec2 corner = bounds_of(mesh.vertices).low;
    const auto cell_of = [&](const Vec2& p) {
        return std::pair(static_cast<int>(std::floor((p.x() - corner.x()) / link_reach_m)),
                         static_cast<int>(std::floor((p.y() - corner.y()) / link_reach_m)));
    };
    std::vector<std::pair<std::pair<int, int>, std::uint32_t>> cells;
    for (std::size_t s = 0; s < sides.size(); ++s) {
        const Vec2 middle = 0.5 * (mesh.vertices[sides[s].low] + mesh.vertices[sides[s].high]);
        cells.emplace_back(cell_of(middle), static_cast<std::uint32_t>(s));
    }
    std::sort(cells.begin(), cells.end());
    for (const LevelLink& link : links) {
        const auto [i, j] = cell_of(link.at);
        std::vector<std::uint32_t> near;
        for (int di = -1; di <= 1; ++di) {
            const std::pair from{std::pair(i + di, j - 1), 0U};
            for (auto c = std::lower_bound(cells.begin(), cells.end(), from);
                 c != cells.end() && c->first <= std::pair(i + di, j + 1); ++c) {
                near.push_back(c->second);
            }
        }
        if (join_at(mesh, sides, near, link, link.high, link.low) == 0) {
            join_at(mesh, sides, near, link, link.low, link.high);
        }
    }
}

/// For each triangle the lowest numbered triangle connected with it.
std::vector<std::uint32_t> connected(const WalkMesh& mesh) {
    std::vector<std::uint32_t> part(mesh.triangles.size(), UINT32_MAX);
    std::vector<std::uint32_t> stack;
    for (std::uint32_t seed = 0; seed < part.size(); ++seed) {
        if (part[seed] != UINT32_MAX) {
            continue;
        }
        part[seed] = seed;
        stack.assign(1, seed);
        while (!stack.empty()) {
            const std::uint32_t t = stack.back();
            stack.pop_back();
            for (const TriangleId n : mesh.triangles[t].neighbours) {
                if (n.is_valid() && part[n.index] == UINT32_MAX) {
                    part[n.index] = seed;
                    stack.push_back(n.index);
                }
            }
        }
    }
    return part;
}

/// Keeps the triangles for which `is_kept`, in order, and the vertices they use.
void keep(WalkMesh& mesh, const std::vector<bool>& is_kept) {
    std::vector<TriangleId> moved(mesh.triangles.size());
    std::vector<std::uint32_t> new_vertex(mesh.vertices.size(), UINT32_MAX);
    std::vector<WalkTriangle> triangles;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        if (is_kept[t]) {
            moved[t] = TriangleId(triangles.size());
            triangles.push_back(mesh.triangles[t]);
        }
    }
    std::vector<Vec2> vertices;
    for (WalkTriangle& t : triangles) {
        for (std::uint32_t& v : t.vertices) {
            if (new_vertex[v] == UINT32_MAX) {
                new_vertex[v] = static_cast<std::uint32_t>(vertices.size());
                vertices.push_back(mesh.vertices[v]);
            }
            v = new_vertex[v];
        }
        for (TriangleId& n : t.neighbours) {
            n = n.is_valid() ? moved[n.index] : n;
        }
    }
    mesh.triangles = std::move(triangles);
    mesh.vertices = std::move(vertices);
}

} // namespace

std::size_t number_parts(WalkMesh& mesh, double smallest_part_m2) {
    const std::vector<std::uint32_t> part = connected(mesh);
    std::vector<double> area(part.size(), 0.0);
    for (std::size_t t = 0; t < part.size(); ++t) {
        const TriangleId id(t);
        area[part[t]] += 0.5 * cross(mesh.corner(id, 1) - mesh.corner(id, 0),
                                     mesh.corner(id, 2) - mesh.corner(id, 0));
    }
    std::vector<std::uint32_t> seeds;
    for (std::uint32_t t = 0; t < part.size(); ++t) {
        if (part[t] == t && area[t] >= smallest_part_m2) {
            seeds.push_back(t);
        }
    }
    std::stable_sort(seeds.begin(), seeds.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return area[a] > area[b]; });
    std::vector<std::uint32_t> number(part.size(), UINT32_MAX);
    for (std::size_t k = 0; k < seeds.size(); ++k) {
        number[seeds[k]] = static_cast<std::uint32_t>(k);
    }
    std::vector<bool> is_kept(part.size());
    for (std::size_t t = 0; t < part.size(); ++t) {
        mesh.triangles[t].component = number[part[t]];
        is_kept[t] = number[part[t]] != UINT32_MAX;
    }
    const std::size_t before = mesh.triangles.size();
    keep(mesh, is_kept);
    mesh.index();
    return before - mesh.triangles.size();
}

WalkMesh assemble_mesh(std::span<const WalkPiece> pieces, std::span<const LevelLink> links,
                       double smallest_part_m2) {
    WalkMesh mesh;
    fill_triangles(mesh, pieces);
    const std::vector<SharedSide> sides = sorted_sides(mesh);
    join_neighbours(mesh, sides);
    join_levels(mesh, sides, links);
    number_parts(mesh, smallest_part_m2);
    return mesh;
}

} // namespace veste
