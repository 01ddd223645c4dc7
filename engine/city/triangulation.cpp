#include "base/errors.hpp"
#include "base/parallel.hpp"
#include "city/constrained_delaunay.hpp"
#include "city/geos_use.hpp"
#include "city/mesh_assembly.hpp"
#include "city/sources.hpp"
#include "city/walk_areas.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

/// The plane is cut into square tiles; in each the areas are laid over each other, their borders
/// noded on the snapping grid, and the square triangulated with all borders as given edges. All
/// levels are noded together, so triangles conform within and between levels; along the tiles'
/// sides both neighbours get the same points.
namespace veste {
namespace {

constexpr double tile_m = 50.0;
constexpr std::int64_t tile_steps = 5000; // tile_m on the grid
constexpr double simplify_m = 0.05;
constexpr double smallest_part_m2 = 0.01;

using TileKey = std::pair<int, int>; // row, column
using Edge2 = std::pair<GridPoint, GridPoint>;

struct Tile {
    TileKey key;
    std::vector<std::uint32_t> areas;
    std::vector<std::uint32_t> obstacles;
    /// The walkable region of each class, disjoint on one level.
    std::vector<std::pair<WalkClass, geos::Geometry>> regions;
    std::vector<Edge2> edges; ///< noded borders, relative to the tile's corner
    std::vector<GridPoint> side_points;
    std::vector<WalkPiece> pieces;

    Box2 box() const {
        const Vec2 low(key.second * tile_m, key.first * tile_m);
        return {low, low + Vec2(tile_m, tile_m)};
    }
    GridPoint corner() const { return {key.second * tile_steps, key.first * tile_steps}; }
};

/// Earlier kinds win where areas of one level overlap.
int precedence(WalkKind kind) {
    switch (kind) {
    case WalkKind::Crossing:
        return 0;
    case WalkKind::Steps:
        return 1;
    case WalkKind::Shared:
        return 2;
    case WalkKind::Square:
        return 3;
    case WalkKind::Pavement:
        return 4;
    case WalkKind::Footway:
        return 5;
    case WalkKind::Path:
        return 6;
    case WalkKind::Park:
        return 7;
    }
    return 8;
}

template <class Visit> void for_tiles(const Polygon& polygon, Visit&& visit) {
    const Box2 box = bounds_of(polygon.outer);
    if (box.is_empty()) {
        return;
    }
    const auto at = [](double v) { return static_cast<int>(std::floor(v / tile_m)); };
    for (int j = at(box.low.y()); j <= at(box.high.y()); ++j) {
        for (int i = at(box.low.x()); i <= at(box.high.x()); ++i) {
            visit(TileKey(j, i));
        }
    }
}

std::vector<Tile> make_tiles(const std::vector<WalkArea>& areas,
                             const std::vector<Polygon>& obstacles) {
    std::map<TileKey, Tile> tiles;
    for (std::size_t a = 0; a < areas.size(); ++a) {
        for_tiles(areas[a].area,
                  [&](TileKey key) { tiles[key].areas.push_back(static_cast<std::uint32_t>(a)); });
    }
    for (std::size_t o = 0; o < obstacles.size(); ++o) {
        for_tiles(obstacles[o], [&](TileKey key) {
            const auto found = tiles.find(key);
            if (found != tiles.end()) {
                found->second.obstacles.push_back(static_cast<std::uint32_t>(o));
            }
        });
    }
    std::vector<Tile> list;
    for (auto& [key, tile] : tiles) {
        tile.key = key;
        list.push_back(std::move(tile));
    }
    return list;
}

geos::Geometry clipped_union(const std::vector<Polygon>& polygons, const geos::Geometry& square) {
    std::vector<geos::Geometry> parts;
    for (const Polygon& polygon : polygons) {
        geos::append_areal(geos::common(geos::polygon_of(polygon), square).get(), parts);
    }
    return geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(parts)));
}

/// Lays the areas over each other: what an earlier kind covers is taken from the later ones.
void find_regions(Tile& tile, const std::vector<WalkArea>& areas,
                  const std::vector<Polygon>& obstacles) {
    const geos::Geometry square = geos::rectangle(tile.box());
    using Order = std::tuple<std::int8_t, int, std::uint32_t>;
    std::map<Order, std::vector<Polygon>> by_class;
    for (const std::uint32_t a : tile.areas) {
        const WalkArea& area = areas[a];
        by_class[{area.level, precedence(area.kind), area.crossing.index}].push_back(area.area);
    }
    geos::Geometry taken;
    std::int8_t level = 0;
    for (const auto& [order, polygons] : by_class) {
        if (!taken || std::get<0>(order) != level) {
            level = std::get<0>(order);
            std::vector<Polygon> solid;
            if (level == 0) {
                for (const std::uint32_t o : tile.obstacles) {
                    solid.push_back(obstacles[o]);
                }
            }
            taken = clipped_union(solid, square);
        }
        const geos::Geometry all = clipped_union(polygons, square);
        geos::Geometry rest = geos::cut(all, taken);
        if (geos::is_empty(rest)) {
            continue;
        }
        taken = geos::united(taken, all);
        WalkClass what;
        what.level = level;
        what.crossing = CrossingId(std::get<2>(order));
        for (int k = 0; k < 8; ++k) {
            if (precedence(static_cast<WalkKind>(k)) == std::get<1>(order)) {
                what.kind = static_cast<WalkKind>(k);
            }
        }
        tile.regions.emplace_back(what, std::move(rest));
    }
}

geos::Geometry noded(const std::vector<Polyline>& lines) {
    return geos::checked(
        GEOSUnaryUnionPrec_r(geos::context(), geos::multi_line(lines).get(), geos::grid_m));
}

GridPoint on_grid(const Vec2& p, const GridPoint& corner) {
    const GridPoint at{std::llround(p.x() / geos::grid_m) - corner.x,
                       std::llround(p.y() / geos::grid_m) - corner.y};
    return {std::clamp<std::int64_t>(at.x, 0, tile_steps),
            std::clamp<std::int64_t>(at.y, 0, tile_steps)};
}

/// Borders of all regions, noded; chains between nodes are simplified as one, so that regions
/// that share them still do.
void find_edges(Tile& tile) {
    std::vector<Polyline> lines;
    geos::append_lines(geos::rectangle(tile.box()).get(), lines);
    for (const auto& [what, region] : tile.regions) {
        geos::append_lines(region.get(), lines);
    }
    const geos::Geometry chains =
        geos::checked(GEOSLineMerge_r(geos::context(), noded(lines).get()));
    const geos::Geometry simple =
        geos::checked(GEOSSimplify_r(geos::context(), chains.get(), simplify_m));
    lines.clear();
    geos::append_lines(simple.get(), lines);
    geos::append_lines(geos::rectangle(tile.box()).get(), lines);
    const geos::Geometry edges = noded(lines);
    lines.clear();
    geos::append_lines(edges.get(), lines);
    const GridPoint corner = tile.corner();
    for (const Polyline& line : lines) {
        for (std::size_t k = 0; k + 1 < line.size(); ++k) {
            const GridPoint a = on_grid(line[k], corner);
            const GridPoint b = on_grid(line[k + 1], corner);
            if (a != b) {
                tile.edges.emplace_back(a, b);
            }
        }
    }
}

bool is_on_side(const GridPoint& p) {
    return p.x == 0 || p.y == 0 || p.x == tile_steps || p.y == tile_steps;
}

/// Gives each tile the points that its neighbours have on the common sides.
void share_side_points(std::vector<Tile>& tiles) {
    std::map<TileKey, std::size_t> by_key;
    for (std::size_t t = 0; t < tiles.size(); ++t) {
        by_key[tiles[t].key] = t;
    }
    for (Tile& tile : tiles) {
        for (const auto& [a, b] : tile.edges) {
            for (const GridPoint& p : {a, b}) {
                if (!is_on_side(p)) {
                    continue;
                }
                for (const auto& [dj, di] :
                     {std::pair(0, -1), std::pair(0, 1), std::pair(-1, 0), std::pair(1, 0)}) {
                    const auto found = by_key.find({tile.key.first + dj, tile.key.second + di});
                    const GridPoint there{p.x - di * tile_steps, p.y - dj * tile_steps};
                    if (found != by_key.end() && there.x >= 0 && there.y >= 0 &&
                        there.x <= tile_steps && there.y <= tile_steps) {
                        tiles[found->second].side_points.push_back(there);
                    }
                }
            }
        }
    }
}

/// Regions of the triangulation between given edges: for each triangle its region, and for each
/// region its roundest triangle, in which a test point is safe.
struct Faces {
    std::vector<std::uint32_t> of_triangle;
    std::vector<std::size_t> roundest;
};

double roundness_m(const std::vector<GridPoint>& points, const PlaneTriangle& t) {
    double around = 0.0;
    for (std::size_t k = 0; k < 3; ++k) {
        const GridPoint& a = points[t.vertices[k]];
        const GridPoint& b = points[t.vertices[(k + 1) % 3]];
        around += std::hypot(static_cast<double>(b.x - a.x), static_cast<double>(b.y - a.y));
    }
    return static_cast<double>(
               twice_area(points[t.vertices[0]], points[t.vertices[1]], points[t.vertices[2]])) /
           around;
}

Faces find_faces(const std::vector<GridPoint>& points,
                 const std::vector<PlaneTriangle>& triangles) {
    Faces faces;
    faces.of_triangle.assign(triangles.size(), UINT32_MAX);
    std::vector<std::size_t> stack;
    for (std::size_t seed = 0; seed < triangles.size(); ++seed) {
        if (faces.of_triangle[seed] != UINT32_MAX) {
            continue;
        }
        const auto face = static_cast<std::uint32_t>(faces.roundest.size());
        faces.roundest.push_back(seed);
        double best = 0.0;
        faces.of_triangle[seed] = face;
        stack.assign(1, seed);
        while (!stack.empty()) {
            const std::size_t t = stack.back();
            stack.pop_back();
            const double roundness = roundness_m(points, triangles[t]);
            if (roundness > best) {
                best = roundness;
                faces.roundest.back() = t;
            }
            for (std::size_t k = 0; k < 3; ++k) {
                const auto there = static_cast<std::size_t>(triangles[t].neighbours[k]);
                if (triangles[t].neighbours[k] >= 0 && !triangles[t].is_fixed[k] &&
                    faces.of_triangle[there] == UINT32_MAX) {
                    faces.of_triangle[there] = face;
                    stack.push_back(there);
                }
            }
        }
    }
    return faces;
}

/// For each face, which regions it lies in.
std::vector<std::vector<std::size_t>> classify(const Tile& tile,
                                               const std::vector<GridPoint>& points,
                                               const std::vector<PlaneTriangle>& triangles,
                                               const Faces& faces) {
    std::vector<std::vector<std::size_t>> in_regions(faces.roundest.size());
    for (std::size_t r = 0; r < tile.regions.size(); ++r) {
        const geos::Prepared prepared(GEOSPrepare_r(geos::context(), tile.regions[r].second.get()));
        for (std::size_t f = 0; f < faces.roundest.size(); ++f) {
            Vec2 middle(0.0, 0.0);
            for (const std::uint32_t v : triangles[faces.roundest[f]].vertices) {
                middle += Vec2(static_cast<double>(points[v].x), static_cast<double>(points[v].y));
            }
            middle = tile.box().low + middle * (geos::grid_m / 3.0);
            const geos::Geometry point = geos::checked(
                GEOSGeom_createPointFromXY_r(geos::context(), middle.x(), middle.y()));
            const bool is_level_free =
                std::none_of(in_regions[f].begin(), in_regions[f].end(), [&](std::size_t other) {
                    return tile.regions[other].first.level == tile.regions[r].first.level;
                });
            if (is_level_free &&
                GEOSPreparedIntersects_r(geos::context(), prepared.get(), point.get()) == 1) {
                in_regions[f].push_back(r);
            }
        }
    }
    return in_regions;
}

/// The points and given edges of a tile; its four corners come first.
struct Plane {
    std::vector<GridPoint> points;
    std::vector<std::pair<std::uint32_t, std::uint32_t>> edges;
};

Plane plane_of(const Tile& tile) {
    Plane plane;
    std::vector<GridPoint>& points = plane.points;
    points = tile.side_points;
    for (const auto& [a, b] : tile.edges) {
        points.push_back(a);
        points.push_back(b);
    }
    const std::vector<GridPoint> square = {
        {0, 0}, {tile_steps, 0}, {tile_steps, tile_steps}, {0, tile_steps}};
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    std::erase_if(points, [&](const GridPoint& p) {
        return std::find(square.begin(), square.end(), p) != square.end();
    });
    const auto index_of = [&](const GridPoint& p) {
        const auto corner = std::find(square.begin(), square.end(), p);
        if (corner != square.end()) {
            return static_cast<std::uint32_t>(corner - square.begin());
        }
        return static_cast<std::uint32_t>(
            4 + (std::lower_bound(points.begin(), points.end(), p) - points.begin()));
    };
    for (const auto& [a, b] : tile.edges) {
        plane.edges.emplace_back(index_of(a), index_of(b));
    }
    points.insert(points.begin(), square.begin(), square.end());
    return plane;
}

void triangulate(Tile& tile) {
    if (tile.regions.empty()) {
        return;
    }
    const auto [points, edges] = plane_of(tile);
    const std::vector<PlaneTriangle> triangles = constrained_delaunay(points, edges);
    const Faces faces = find_faces(points, triangles);
    const auto in_regions = classify(tile, points, triangles, faces);
    const GridPoint corner = tile.corner();
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        for (const std::size_t r : in_regions[faces.of_triangle[t]]) {
            WalkPiece piece;
            piece.what = tile.regions[r].first;
            for (std::size_t k = 0; k < 3; ++k) {
                const GridPoint& p = points[triangles[t].vertices[k]];
                piece.corners[k] = {p.x + corner.x, p.y + corner.y};
            }
            tile.pieces.push_back(piece);
        }
    }
}

} // namespace

WalkMesh build_walk_mesh(const std::vector<WalkArea>& all, const std::vector<Polygon>& obstacles,
                         const std::vector<LevelLink>& links) {
    const std::vector<WalkArea> areas = with_headroom(all, links);
    std::vector<Tile> tiles = make_tiles(areas, obstacles);
    parallel_for(tiles.size(), 1, [&](std::size_t t) {
        find_regions(tiles[t], areas, obstacles);
        find_edges(tiles[t]);
    });
    share_side_points(tiles);
    parallel_for(tiles.size(), 1, [&](std::size_t t) { triangulate(tiles[t]); });
    std::vector<WalkPiece> pieces;
    for (const Tile& tile : tiles) {
        pieces.insert(pieces.end(), tile.pieces.begin(), tile.pieces.end());
    }
    return assemble_mesh(pieces, links, smallest_part_m2);
}

} // namespace veste
