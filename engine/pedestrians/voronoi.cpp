#include "pedestrians/voronoi.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

constexpr double nothing_m2 = 1e-12;

double shoelace_m2(std::span<const Vec2> ring) {
    double twice = 0.0;
    for (std::size_t k = 1; k + 1 < ring.size(); ++k) {
        twice += cross(ring[k] - ring[0], ring[k + 1] - ring[0]);
    }
    return 0.5 * twice;
}

ConvexPiece triangle_of(const WalkMesh& mesh, TriangleId t) {
    ConvexPiece piece;
    for (int k = 0; k < 3; ++k) {
        piece.corners[static_cast<std::size_t>(k)] = mesh.corner(t, k);
    }
    piece.count = 3;
    return piece;
}

/// Sutherland, Hodgman (1974): a ring of any shape cut by one line.
void keep_left_of(Polyline& ring, const Vec2& a, const Vec2& b, Polyline& kept) {
    kept.clear();
    for (std::size_t k = 0; k < ring.size(); ++k) {
        const Vec2& p = ring[k];
        const Vec2& q = ring[(k + 1) % ring.size()];
        const double p_side = cross(b - a, p - a);
        const double q_side = cross(b - a, q - a);
        if (p_side >= 0.0) {
            kept.push_back(p);
        }
        if ((p_side >= 0.0) != (q_side >= 0.0)) {
            kept.push_back(p + p_side / (p_side - q_side) * (q - p));
        }
    }
    ring.swap(kept);
}

double common_area_m2(const Polyline& ring, const ConvexPiece& piece) {
    Polyline cut = ring;
    Polyline kept;
    for (std::size_t k = 0; k < piece.count && !cut.empty(); ++k) {
        keep_left_of(cut, piece.corners[k], piece.corners[(k + 1) % piece.count], kept);
    }
    return cut.size() < 3 ? 0.0 : std::abs(shoelace_m2(cut));
}

/// True where a part of the segment with a length lies in the piece.
bool touches(const ConvexPiece& piece, const Vec2& from, const Vec2& to) {
    double begin = 0.0;
    double end = 1.0;
    for (std::size_t k = 0; k < piece.count; ++k) {
        const Vec2& a = piece.corners[k];
        const Vec2 side = piece.corners[(k + 1) % piece.count] - a;
        const double from_side = cross(side, from - a);
        const double to_side = cross(side, to - a);
        if (from_side < 0.0 && to_side < 0.0) {
            return false;
        }
        if (from_side < 0.0) {
            begin = std::max(begin, from_side / (from_side - to_side));
        } else if (to_side < 0.0) {
            end = std::min(end, from_side / (from_side - to_side));
        }
    }
    return end > begin;
}

} // namespace

double ConvexPiece::area_m2() const {
    return count < 3 ? 0.0 : shoelace_m2(std::span(corners.data(), count));
}

void ConvexPiece::keep_left_of(const Vec2& a, const Vec2& b) {
    ConvexPiece kept;
    for (std::size_t k = 0; k < count; ++k) {
        const Vec2& p = corners[k];
        const Vec2& q = corners[(k + 1) % count];
        const double p_side = cross(b - a, p - a);
        const double q_side = cross(b - a, q - a);
        if (p_side >= 0.0 && kept.count < most) {
            kept.corners[kept.count++] = p;
        }
        if ((p_side >= 0.0) != (q_side >= 0.0) && kept.count < most) {
            kept.corners[kept.count++] = p + p_side / (p_side - q_side) * (q - p);
        }
    }
    count = kept.count;
    std::copy_n(kept.corners.begin(), count, corners.begin());
}

ConvexPiece voronoi_cell(const Vec2& at, std::span<const Vec2> others, double cut_off_m) {
    constexpr std::size_t sides = 32;
    constexpr double side_rad = 2.0 * std::numbers::pi / sides;
    const double radius_m = cut_off_m * std::sqrt(side_rad / std::sin(side_rad));
    ConvexPiece cell;
    for (std::size_t k = 0; k < sides; ++k) {
        const double angle_rad = side_rad * static_cast<double>(k);
        cell.corners[k] = at + radius_m * Vec2(std::cos(angle_rad), std::sin(angle_rad));
    }
    cell.count = sides;
    for (const Vec2& other : others) {
        const Vec2 apart = other - at;
        const double apart_m = apart.norm();
        if (apart_m > 1e-6 && apart_m < 2.0 * radius_m) {
            const Vec2 middle = at + 0.5 * apart;
            cell.keep_left_of(middle, middle + Vec2(-apart.y(), apart.x()));
        }
    }
    return cell;
}

double common_area_m2(const Polygon& polygon, const ConvexPiece& piece) {
    double sum_m2 = common_area_m2(polygon.outer, piece);
    for (const Polyline& hole : polygon.holes) {
        sum_m2 -= common_area_m2(hole, piece);
    }
    return sum_m2;
}

CellCover cover_of(const WalkMesh& mesh, const ConvexPiece& cell, TriangleId triangle,
                   const Polygon& area) {
    CellCover cover;
    std::vector<TriangleId> reached = {triangle};
    for (std::size_t next = 0; next < reached.size(); ++next) {
        const TriangleId t = reached[next];
        ConvexPiece piece = cell;
        for (int k = 0; k < 3 && piece.count > 0; ++k) {
            piece.keep_left_of(mesh.corner(t, k), mesh.corner(t, (k + 1) % 3));
        }
        const double piece_m2 = piece.area_m2();
        if (piece_m2 <= nothing_m2) {
            continue;
        }
        cover.ground_m2 += piece_m2;
        cover.in_area_m2 += common_area_m2(area, piece);
        for (int k = 0; k < 3; ++k) {
            const TriangleId beyond =
                mesh.triangles[t.index].neighbours[static_cast<std::size_t>(k)];
            if (beyond.is_valid() &&
                std::find(reached.begin(), reached.end(), beyond) == reached.end() &&
                touches(cell, mesh.corner(t, k), mesh.corner(t, (k + 1) % 3))) {
                reached.push_back(beyond);
            }
        }
    }
    return cover;
}

double walkable_m2(const WalkMesh& mesh, std::int8_t level, const Polygon& area) {
    double sum_m2 = 0.0;
    for (const TriangleId t : mesh.overlapping(bounds_of(area.outer))) {
        if (mesh.triangles[t.index].level == level) {
            sum_m2 += common_area_m2(area, triangle_of(mesh, t));
        }
    }
    return sum_m2;
}

} // namespace veste
