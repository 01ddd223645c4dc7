#include "city/cut_mesh.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace veste {
namespace {

std::size_t side_towards(const WalkTriangle& triangle, TriangleId neighbour) {
    const auto found = std::find(triangle.neighbours.begin(), triangle.neighbours.end(), neighbour);
    return static_cast<std::size_t>(found - triangle.neighbours.begin());
}

/// A straight piece of a line.
class Cut {
public:
    Cut(const Vec2& from, const Vec2& to)
        : from_(from), length_m_((to - from).norm()), along_((to - from) / length_m_) {}

    /// -1, 0, 1: right of the line, on it, left of it.
    int where(const Vec2& p) const {
        const double aside_m = cross(along_, p - from_);
        return std::abs(aside_m) < cut_snap_m ? 0 : aside_m > 0.0 ? 1 : -1;
    }
    bool is_beside(const Vec2& p) const {
        const double at_m = along_.dot(p - from_);
        return at_m > -cut_snap_m && at_m < length_m_ + cut_snap_m;
    }
    /// Where the line crosses a-b, whose ends lie on different sides of it.
    Vec2 crossing(const Vec2& a, const Vec2& b) const {
        const double at_a_m = cross(along_, a - from_);
        const double at_b_m = cross(along_, b - from_);
        return a + at_a_m / (at_a_m - at_b_m) * (b - a);
    }
    Box2 box() const {
        const Vec2 to = from_ + length_m_ * along_;
        const Vec2 margin(cut_snap_m, cut_snap_m);
        return {from_.cwiseMin(to) - margin, from_.cwiseMax(to) + margin};
    }

private:
    Vec2 from_;
    double length_m_;
    Vec2 along_;
};

/// Lets the neighbour beyond a side know the triangle that is now there.
void tell_neighbour(WalkMesh& mesh, TriangleId neighbour, TriangleId before, TriangleId now) {
    if (neighbour.is_valid()) {
        WalkTriangle& beyond = mesh.triangles[neighbour.index];
        beyond.neighbours[side_towards(beyond, before)] = now;
    }
}

/// Splits the triangle (a, b, c) at a vertex on its side a-b into (a, p, c), which keeps the id,
/// and (p, b, c). Returns the new one; what lies beyond a-p and p-b is left to the caller.
TriangleId split_triangle(WalkMesh& mesh, TriangleId t, std::size_t side, std::uint32_t p) {
    const TriangleId made(mesh.triangles.size());
    WalkTriangle half = mesh.triangles[t.index];
    const std::size_t next = (side + 1) % 3;
    const TriangleId beyond_bc = half.neighbours[next];
    half.vertices[side] = p;
    half.neighbours[(side + 2) % 3] = t;
    mesh.triangles.push_back(half);
    WalkTriangle& kept = mesh.triangles[t.index];
    kept.vertices[next] = p;
    kept.neighbours[next] = made;
    tell_neighbour(mesh, beyond_bc, t, made);
    return made;
}

/// Splits a side, and with it the triangles on both of its sides.
void split_side(WalkMesh& mesh, TriangleId t, std::size_t side, const Vec2& at) {
    const TriangleId u = mesh.triangles[t.index].neighbours[side];
    const auto p = static_cast<std::uint32_t>(mesh.vertices.size());
    mesh.vertices.push_back(at);
    if (!u.is_valid()) {
        const TriangleId made = split_triangle(mesh, t, side, p);
        mesh.triangles[made.index].neighbours[side] = TriangleId();
        return;
    }
    const std::size_t back = side_towards(mesh.triangles[u.index], t);
    const TriangleId far_t = split_triangle(mesh, t, side, p); // beyond p: p-b
    const TriangleId far_u = split_triangle(mesh, u, back, p); // seen from u: p-a
    mesh.triangles[t.index].neighbours[side] = far_u;
    mesh.triangles[far_t.index].neighbours[side] = u;
    mesh.triangles[u.index].neighbours[back] = far_t;
    mesh.triangles[far_u.index].neighbours[back] = t;
}

/// Splits a triangle into three at a point inside it.
void split_inside(WalkMesh& mesh, TriangleId t, const Vec2& at) {
    const auto p = static_cast<std::uint32_t>(mesh.vertices.size());
    mesh.vertices.push_back(at);
    const WalkTriangle whole = mesh.triangles[t.index];
    const std::array<TriangleId, 3> parts = {t, TriangleId(mesh.triangles.size()),
                                             TriangleId(mesh.triangles.size() + 1)};
    mesh.triangles.resize(mesh.triangles.size() + 2, whole);
    for (std::size_t k = 0; k < 3; ++k) {
        WalkTriangle& part = mesh.triangles[parts[k].index];
        part.vertices = {whole.vertices[k], whole.vertices[(k + 1) % 3], p};
        part.neighbours = {whole.neighbours[k], parts[(k + 1) % 3], parts[(k + 2) % 3]};
        tell_neighbour(mesh, whole.neighbours[k], t, parts[k]);
    }
}

/// Calls visit(t) for triangles that may touch the box: those that the search index knows (parts
/// that were split keep their ids) and all that were made since, also those that a visit makes.
template <class Visit>
void for_touching(const WalkMesh& mesh, std::size_t indexed, const Box2& box, Visit&& visit) {
    for (const TriangleId t : mesh.overlapping(box)) {
        visit(t);
    }
    for (std::size_t t = indexed; t < mesh.triangles.size(); ++t) {
        visit(TriangleId(t));
    }
}

/// Makes a point a vertex of a triangle that holds it.
void insert_in(WalkMesh& mesh, TriangleId t, const Vec2& at) {
    std::array<double, 3> inside_m{};
    for (std::size_t k = 0; k < 3; ++k) {
        const Vec2 a = mesh.corner(t, static_cast<int>(k));
        const Vec2 b = mesh.corner(t, static_cast<int>((k + 1) % 3));
        inside_m[k] = cross((b - a).normalized(), at - a);
        if ((at - a).norm() < cut_snap_m) {
            return;
        }
    }
    const auto nearest = std::min_element(inside_m.begin(), inside_m.end());
    if (*nearest < -1e-9) {
        return;
    }
    if (*nearest < cut_snap_m) {
        const auto side = static_cast<std::size_t>(nearest - inside_m.begin());
        const Vec2 a = mesh.corner(t, static_cast<int>(side));
        const Vec2 b = mesh.corner(t, static_cast<int>((side + 1) % 3));
        split_side(mesh, t, side, nearest_on_segment(at, a, b));
    } else {
        split_inside(mesh, t, at);
    }
}

/// Makes the end of a line a vertex of every triangle that holds it.
void insert_end(WalkMesh& mesh, std::size_t indexed, const Vec2& at) {
    const Vec2 margin(cut_snap_m, cut_snap_m);
    for_touching(mesh, indexed, {at - margin, at + margin},
                 [&](TriangleId t) { insert_in(mesh, t, at); });
}

/// Splits a triangle at its sides until the line crosses none of what is left of it.
void cut_triangle(WalkMesh& mesh, TriangleId t, const Cut& cut) {
    for (std::size_t k = 0; k < 3;) {
        const Vec2 a = mesh.corner(t, static_cast<int>(k));
        const Vec2 b = mesh.corner(t, static_cast<int>((k + 1) % 3));
        const bool is_crossed = cut.where(a) * cut.where(b) < 0;
        if (is_crossed && cut.is_beside(cut.crossing(a, b))) {
            split_side(mesh, t, k, cut.crossing(a, b));
            k = 0;
        } else {
            ++k;
        }
    }
}

template <class Visit> void for_pieces(const Polyline& line, Visit&& visit) {
    for (std::size_t k = 0; k + 1 < line.size(); ++k) {
        if ((line[k + 1] - line[k]).norm() > cut_snap_m) {
            visit(Cut(line[k], line[k + 1]));
        }
    }
}

} // namespace

void cut_along(WalkMesh& mesh, const std::vector<Polyline>& lines) {
    const std::size_t indexed = mesh.triangles.size();
    for (const Polyline& line : lines) {
        for (const Vec2& corner : line) {
            insert_end(mesh, indexed, corner);
        }
        for_pieces(line, [&](const Cut& cut) {
            for_touching(mesh, indexed, cut.box(),
                         [&](TriangleId t) { cut_triangle(mesh, t, cut); });
        });
    }
    if (!lines.empty()) {
        mesh.index();
    }
}

std::vector<MeshSide> sides_along(const WalkMesh& mesh, const Polyline& line) {
    std::vector<MeshSide> sides;
    Box2 box = bounds_of(line);
    box.low.array() -= cut_snap_m;
    box.high.array() += cut_snap_m;
    for (const TriangleId t : mesh.overlapping(box)) {
        for (std::size_t k = 0; k < 3; ++k) {
            if (!mesh.triangles[t.index].neighbours[k].is_valid()) {
                continue;
            }
            const Vec2 a = mesh.corner(t, static_cast<int>(k));
            const Vec2 b = mesh.corner(t, static_cast<int>((k + 1) % 3));
            bool is_on = false;
            for_pieces(line, [&](const Cut& cut) {
                is_on = is_on || (cut.where(a) == 0 && cut.where(b) == 0 && cut.is_beside(a) &&
                                  cut.is_beside(b));
            });
            if (is_on) {
                sides.push_back({t, static_cast<std::uint8_t>(k)});
            }
        }
    }
    return sides;
}

} // namespace veste
