#include "city/constrained_delaunay.hpp"

#include "base/errors.hpp"

#include <deque>
#include <optional>

namespace veste {
namespace {

struct Side {
    std::int32_t triangle;
    int k;
};

int next(int k) {
    return k == 2 ? 0 : k + 1;
}
int previous(int k) {
    return k == 0 ? 2 : k - 1;
}

class Triangulation {
public:
    explicit Triangulation(std::span<const GridPoint> points)
        : points_(points), some_(points.size(), -1) {
        triangles_.reserve(2 * points.size());
        triangles_.push_back({{0, 1, 2}, {-1, -1, 1}, {}});
        triangles_.push_back({{0, 2, 3}, {0, -1, -1}, {}});
        touch(0);
        touch(1);
        for (std::uint32_t p = 4; p < points.size(); ++p) {
            insert(p);
        }
    }

    /// Makes a-b an edge; where points lie on it, a chain of edges.
    void fix(std::uint32_t a, std::uint32_t b) {
        while (a != b) {
            const std::uint32_t reached = fix_first_part(a, b);
            const auto side = find(a, reached);
            if (!side) {
                throw RunError("triangulation: an edge could not be made");
            }
            set_fixed(*side);
            a = reached;
        }
    }

    std::vector<PlaneTriangle> take() { return std::move(triangles_); }

private:
    PlaneTriangle& at(std::int32_t t) { return triangles_[static_cast<std::size_t>(t)]; }
    const PlaneTriangle& at(std::int32_t t) const {
        return triangles_[static_cast<std::size_t>(t)];
    }
    static std::size_t n(int k) { return static_cast<std::size_t>(k); }
    std::int64_t area(std::uint32_t a, std::uint32_t b, std::uint32_t c) const {
        return twice_area(points_[a], points_[b], points_[c]);
    }

    void touch(std::int32_t t) {
        for (const std::uint32_t v : at(t).vertices) {
            some_[v] = t;
        }
    }

    /// The same side seen from the triangle beyond; triangle -1 where there is none.
    Side beyond(Side s) const {
        const std::int32_t u = at(s.triangle).neighbours[n(s.k)];
        if (u < 0) {
            return {-1, 0};
        }
        int j = 0;
        while (at(u).neighbours[n(j)] != s.triangle) {
            ++j;
        }
        return {u, j};
    }

    void set_fixed(Side s) {
        at(s.triangle).is_fixed[n(s.k)] = true;
        const Side back = beyond(s);
        if (back.triangle >= 0) {
            at(back.triangle).is_fixed[n(back.k)] = true;
        }
    }

    /// Makes triangle `t` the neighbour that `outer` (beyond a side that was `before`'s) knows.
    void relink(std::int32_t outer, std::int32_t before, std::int32_t t) {
        if (outer < 0) {
            return;
        }
        for (std::int32_t& neighbour : at(outer).neighbours) {
            if (neighbour == before) {
                neighbour = t;
                return;
            }
        }
    }

    bool is_in_circle(const PlaneTriangle& t, std::uint32_t d) const {
        const GridPoint& p = points_[d];
        __extension__ using Wide = __int128;
        Wide ax = points_[t.vertices[0]].x - p.x, ay = points_[t.vertices[0]].y - p.y;
        Wide bx = points_[t.vertices[1]].x - p.x, by = points_[t.vertices[1]].y - p.y;
        Wide cx = points_[t.vertices[2]].x - p.x, cy = points_[t.vertices[2]].y - p.y;
        const Wide a2 = ax * ax + ay * ay;
        const Wide b2 = bx * bx + by * by;
        const Wide c2 = cx * cx + cy * cy;
        return a2 * (bx * cy - by * cx) - b2 * (ax * cy - ay * cx) + c2 * (ax * by - ay * bx) > 0;
    }

    /// Swaps the diagonal of the two triangles at the side: (p, q, a) and (q, p, d) become
    /// (a, p, d) and (a, d, q).
    void flip(Side s) {
        const Side back = beyond(s);
        const std::int32_t t = s.triangle;
        const std::int32_t u = back.triangle;
        const PlaneTriangle old_t = at(t);
        const PlaneTriangle old_u = at(u);
        const std::uint32_t p = old_t.vertices[n(s.k)];
        const std::uint32_t q = old_t.vertices[n(next(s.k))];
        const std::uint32_t a = old_t.vertices[n(previous(s.k))];
        const std::uint32_t d = old_u.vertices[n(previous(back.k))];
        const std::size_t ap = n(previous(s.k));
        const std::size_t qa = n(next(s.k));
        const std::size_t pd = n(next(back.k));
        const std::size_t dq = n(previous(back.k));
        at(t) = {{a, p, d},
                 {old_t.neighbours[ap], old_u.neighbours[pd], u},
                 {old_t.is_fixed[ap], old_u.is_fixed[pd], false}};
        at(u) = {{a, d, q},
                 {t, old_u.neighbours[dq], old_t.neighbours[qa]},
                 {false, old_u.is_fixed[dq], old_t.is_fixed[qa]}};
        relink(old_u.neighbours[pd], u, t);
        relink(old_t.neighbours[qa], t, u);
        touch(t);
        touch(u);
    }

    /// Flips until every side that is not fixed is Delaunay, starting at side 1 of each.
    void make_delaunay(std::vector<Side> stack) {
        while (!stack.empty()) {
            const Side s = stack.back();
            stack.pop_back();
            const Side back = beyond(s);
            if (back.triangle < 0 || at(s.triangle).is_fixed[n(s.k)]) {
                continue;
            }
            const std::uint32_t d = at(back.triangle).vertices[n(previous(back.k))];
            if (is_in_circle(at(s.triangle), d)) {
                flip(s);
                stack.push_back({s.triangle, 1});
                stack.push_back({back.triangle, 1});
            }
        }
    }

    /// The triangle that holds p; `on_side` is the side p lies on, or -1.
    std::int32_t locate(std::uint32_t p, int& on_side) const {
        std::int32_t t = last_;
        while (true) {
            on_side = -1;
            int k = 0;
            for (; k < 3; ++k) {
                const std::int64_t side = area(at(t).vertices[n(k)], at(t).vertices[n(next(k))], p);
                if (side < 0) {
                    break;
                }
                if (side == 0) {
                    on_side = k;
                }
            }
            if (k == 3) {
                return t;
            }
            t = at(t).neighbours[n(k)];
            if (t < 0) {
                throw RunError("triangulation: a point lies outside its square");
            }
        }
    }

    /// Replaces triangle `t` (or adds one) by (p, a, b), whose side 1 was a side of `before`.
    std::int32_t fan(std::int32_t t, std::uint32_t p, std::uint32_t a, std::uint32_t b,
                     std::int32_t outer, std::int32_t before) {
        if (t < 0) {
            t = static_cast<std::int32_t>(triangles_.size());
            triangles_.emplace_back();
        }
        at(t) = {{p, a, b}, {-1, outer, -1}, {}};
        relink(outer, before, t);
        touch(t);
        return t;
    }

    /// The triangles about a new point, counter-clockwise; on the border of the plane the fan is
    /// open.
    struct Fan {
        std::vector<std::int32_t> round;
        bool is_closed = true;
    };

    Fan split_triangle(std::uint32_t p, std::int32_t t) {
        const PlaneTriangle old = at(t);
        Fan about;
        for (int k = 0; k < 3; ++k) {
            about.round.push_back(fan(k == 0 ? t : -1, p, old.vertices[n(k)],
                                      old.vertices[n(next(k))], old.neighbours[n(k)], t));
        }
        return about;
    }

    Fan split_side(std::uint32_t p, std::int32_t t, int on_side) {
        const PlaneTriangle old = at(t);
        const Side back = beyond({t, on_side});
        const int k1 = next(on_side);
        const int k2 = previous(on_side);
        const std::uint32_t x = old.vertices[n(on_side)];
        const std::uint32_t y = old.vertices[n(k1)];
        const std::uint32_t z = old.vertices[n(k2)];
        const std::int32_t u = back.triangle;
        const PlaneTriangle other = u < 0 ? PlaneTriangle{} : at(u);
        Fan about;
        about.is_closed = u >= 0;
        about.round.push_back(fan(t, p, y, z, old.neighbours[n(k1)], t));
        about.round.push_back(fan(-1, p, z, x, old.neighbours[n(k2)], t));
        if (u >= 0) {
            const int j1 = next(back.k);
            const int j2 = previous(back.k);
            const std::uint32_t w = other.vertices[n(j2)];
            about.round.push_back(fan(u, p, x, w, other.neighbours[n(j1)], u));
            about.round.push_back(fan(-1, p, w, y, other.neighbours[n(j2)], u));
        }
        return about;
    }

    void insert(std::uint32_t p) {
        int on_side = -1;
        const std::int32_t t = locate(p, on_side);
        const auto [round, is_closed] =
            on_side < 0 ? split_triangle(p, t) : split_side(p, t, on_side);
        std::vector<Side> stack;
        for (std::size_t k = 0; k < round.size(); ++k) {
            if (k + 1 < round.size() || is_closed) {
                const std::int32_t following = round[(k + 1) % round.size()];
                at(round[k]).neighbours[2] = following;
                at(following).neighbours[0] = round[k];
            }
            stack.push_back({round[k], 1});
        }
        last_ = t;
        make_delaunay(std::move(stack));
    }

    /// Calls visit(triangle, index of v in it) for the triangles about v until it returns true.
    template <class Visit> bool about(std::uint32_t v, Visit&& visit) const {
        const auto index_in = [&](std::int32_t t) {
            int k = 0;
            while (at(t).vertices[n(k)] != v) {
                ++k;
            }
            return k;
        };
        const std::int32_t first = some_[v];
        std::int32_t t = first;
        do {
            const int k = index_in(t);
            if (visit(t, k)) {
                return true;
            }
            t = at(t).neighbours[n(previous(k))];
        } while (t >= 0 && t != first);
        if (t == first) {
            return false;
        }
        for (t = at(first).neighbours[n(index_in(first))]; t >= 0;) {
            const int k = index_in(t);
            if (visit(t, k)) {
                return true;
            }
            t = at(t).neighbours[n(k)];
        }
        return false;
    }

    /// The side a-b, seen from either side.
    std::optional<Side> find(std::uint32_t a, std::uint32_t b) const {
        std::optional<Side> found;
        about(a, [&](std::int32_t t, int k) {
            if (at(t).vertices[n(next(k))] == b) {
                found = Side{t, k};
            } else if (at(t).vertices[n(previous(k))] == b) {
                found = Side{t, previous(k)};
            }
            return found.has_value();
        });
        return found;
    }

    /// Clears the way from a towards b up to the first point on it, which is returned.
    std::uint32_t fix_first_part(std::uint32_t a, std::uint32_t b) {
        std::uint32_t reached = b;
        std::optional<Side> crossed;
        const bool is_there = about(a, [&](std::int32_t t, int k) {
            const std::uint32_t c = at(t).vertices[n(next(k))];
            const std::uint32_t d = at(t).vertices[n(previous(k))];
            for (const std::uint32_t v : {c, d}) {
                if (v == b || (area(a, b, v) == 0 && is_ahead(a, b, v))) {
                    reached = v;
                    return true;
                }
            }
            if (area(a, b, c) < 0 && area(a, b, d) > 0) {
                crossed = Side{t, next(k)};
            }
            return false;
        });
        if (is_there) {
            return reached;
        }
        if (!crossed) {
            throw RunError("triangulation: no way from a point towards another");
        }
        std::deque<std::pair<std::uint32_t, std::uint32_t>> crossing;
        reached = collect(a, b, *crossed, crossing);
        flip_away(a, reached, crossing);
        return reached;
    }

    bool is_ahead(std::uint32_t a, std::uint32_t b, std::uint32_t v) const {
        const GridPoint& o = points_[a];
        return (points_[b].x - o.x) * (points_[v].x - o.x) +
                   (points_[b].y - o.y) * (points_[v].y - o.y) >
               0;
    }

    /// The sides that a-b crosses, up to the first point on it.
    std::uint32_t collect(std::uint32_t a, std::uint32_t b, Side s,
                          std::deque<std::pair<std::uint32_t, std::uint32_t>>& crossing) const {
        while (true) {
            if (at(s.triangle).is_fixed[n(s.k)]) {
                throw RunError("triangulation: two given edges cross");
            }
            crossing.emplace_back(at(s.triangle).vertices[n(s.k)],
                                  at(s.triangle).vertices[n(next(s.k))]);
            const Side back = beyond(s);
            if (back.triangle < 0) {
                throw RunError("triangulation: an edge leaves the square");
            }
            const std::uint32_t v = at(back.triangle).vertices[n(previous(back.k))];
            const std::int64_t side = area(a, b, v);
            if (v == b || side == 0) {
                return v;
            }
            // Right of a-b lies the side's begin as seen from the triangle left behind.
            s = {back.triangle, side > 0 ? next(back.k) : previous(back.k)};
            const std::uint32_t begin = at(s.triangle).vertices[n(s.k)];
            const std::uint32_t end = at(s.triangle).vertices[n(next(s.k))];
            if ((area(a, b, begin) < 0) == (area(a, b, end) < 0)) {
                throw RunError("triangulation: lost an edge on its way");
            }
        }
    }

    /// Flips the crossing sides away from a-b, then mends the new ones (Sloan 1993).
    void flip_away(std::uint32_t a, std::uint32_t b,
                   std::deque<std::pair<std::uint32_t, std::uint32_t>> crossing) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>> made;
        while (!crossing.empty()) {
            const auto [p, q] = crossing.front();
            crossing.pop_front();
            const Side s = *find(p, q);
            const Side back = beyond(s);
            const std::uint32_t begin = at(s.triangle).vertices[n(s.k)];
            const std::uint32_t end = at(s.triangle).vertices[n(next(s.k))];
            const std::uint32_t c = at(s.triangle).vertices[n(previous(s.k))];
            const std::uint32_t d = at(back.triangle).vertices[n(previous(back.k))];
            const bool is_convex = area(c, begin, d) > 0 && area(c, d, end) > 0;
            if (!is_convex) {
                crossing.emplace_back(p, q);
                continue;
            }
            flip(s);
            const bool is_across =
                c != a && c != b && d != a && d != b && (area(a, b, c) < 0) != (area(a, b, d) < 0);
            if (is_across) {
                crossing.emplace_back(c, d);
            } else {
                made.emplace_back(c, d);
            }
        }
        mend(a, b, made);
    }

    void mend(std::uint32_t a, std::uint32_t b,
              std::vector<std::pair<std::uint32_t, std::uint32_t>>& made) {
        for (bool is_changed = true; is_changed;) {
            is_changed = false;
            for (auto& [p, q] : made) {
                const auto s = find(p, q);
                if (!s || (p == a && q == b) || (p == b && q == a) ||
                    at(s->triangle).is_fixed[n(s->k)]) {
                    continue;
                }
                const Side back = beyond(*s);
                if (back.triangle < 0) {
                    continue;
                }
                const std::uint32_t c = at(s->triangle).vertices[n(previous(s->k))];
                const std::uint32_t d = at(back.triangle).vertices[n(previous(back.k))];
                if (is_in_circle(at(s->triangle), d)) {
                    flip(*s);
                    p = c;
                    q = d;
                    is_changed = true;
                }
            }
        }
    }

    std::span<const GridPoint> points_;
    std::vector<PlaneTriangle> triangles_;
    std::vector<std::int32_t> some_; // a triangle at each point
    std::int32_t last_ = 0;
};

} // namespace

std::vector<PlaneTriangle>
constrained_delaunay(std::span<const GridPoint> points,
                     std::span<const std::pair<std::uint32_t, std::uint32_t>> edges) {
    Triangulation triangulation(points);
    for (const auto& [a, b] : edges) {
        triangulation.fix(a, b);
    }
    return triangulation.take();
}

} // namespace veste
