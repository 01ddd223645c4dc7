#include "city/walk_mesh.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace veste {
namespace {

constexpr double cell_m = 10.0;
constexpr double border_tolerance_m2 = 1e-9;

} // namespace

void WalkMesh::index() {
    areas_m2_.resize(triangles.size());
    bounds_ = bounds_of(vertices);
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        const TriangleId id(t);
        areas_m2_[t] = 0.5 * cross(corner(id, 1) - corner(id, 0), corner(id, 2) - corner(id, 0));
        if (!(areas_m2_[t] > 0.0)) {
            throw UsageError(fmt::format(
                "WalkMesh::index: triangle {} has area {} m2; it must be counter-clockwise", t,
                areas_m2_[t]));
        }
        for (const TriangleId n : triangles[t].neighbours) {
            if (!n.is_valid()) {
                continue;
            }
            const auto& back = triangles.at(n.index).neighbours;
            if (std::find(back.begin(), back.end(), id) == back.end()) {
                throw UsageError(fmt::format(
                    "WalkMesh::index: triangle {} has neighbour {}, but not the other way", t,
                    n.index));
            }
        }
    }
    fill_cells();
}

std::pair<int, int> WalkMesh::cell_of(const Vec2& p) const {
    const auto index_at = [](double offset_m, int count) {
        return static_cast<int>(std::clamp(std::floor(offset_m / cell_m), 0.0, count - 1.0));
    };
    return {index_at(p.x() - corner_.x(), columns_), index_at(p.y() - corner_.y(), rows_)};
}

template <class Visit> void WalkMesh::for_cells(const Box2& box, Visit&& visit) const {
    const auto [low_i, low_j] = cell_of(box.low);
    const auto [high_i, high_j] = cell_of(box.high);
    for (int j = low_j; j <= high_j; ++j) {
        for (int i = low_i; i <= high_i; ++i) {
            visit(static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_) +
                  static_cast<std::size_t>(i));
        }
    }
}

/// The triangles of each cell, end to end.
void WalkMesh::fill_cells() {
    if (triangles.empty()) {
        columns_ = rows_ = 0;
        return;
    }
    corner_ = bounds_.low;
    columns_ = static_cast<int>(bounds_.size_m().x() / cell_m) + 1;
    rows_ = static_cast<int>(bounds_.size_m().y() / cell_m) + 1;
    starts_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_) + 1, 0);
    const auto box_of = [this](std::size_t t) {
        const TriangleId id(t);
        const Vec2 corners[] = {corner(id, 0), corner(id, 1), corner(id, 2)};
        return bounds_of(corners);
    };
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        for_cells(box_of(t), [this](std::size_t c) { ++starts_[c + 1]; });
    }
    for (std::size_t c = 1; c < starts_.size(); ++c) {
        starts_[c] += starts_[c - 1];
    }
    in_cells_.resize(starts_.back());
    std::vector<std::uint32_t> next(starts_.begin(), starts_.end() - 1);
    for (std::size_t t = 0; t < triangles.size(); ++t) {
        for_cells(box_of(t),
                  [&](std::size_t c) { in_cells_[next[c]++] = static_cast<std::uint32_t>(t); });
    }
}

double WalkMesh::total_area_m2() const {
    double sum = 0.0;
    for (const double area : areas_m2_) {
        sum += area;
    }
    return sum;
}

bool WalkMesh::contains(TriangleId t, const Vec2& p) const {
    for (int k = 0; k < 3; ++k) {
        const Vec2 a = corner(t, k);
        const Vec2 b = corner(t, (k + 1) % 3);
        if (cross(b - a, p - a) < -border_tolerance_m2) {
            return false;
        }
    }
    return true;
}

std::span<const std::uint32_t> WalkMesh::near(const Vec2& p) const {
    if (!bounds_.contains(p)) {
        return {};
    }
    const auto [i, j] = cell_of(p);
    return in_cell(static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_) +
                   static_cast<std::size_t>(i));
}

std::optional<TriangleId> WalkMesh::locate(const Vec2& p, std::int8_t level) const {
    for (const std::uint32_t k : near(p)) {
        const TriangleId t(k);
        if (triangles[k].level == level && contains(t, p)) {
            return t;
        }
    }
    return std::nullopt;
}

std::optional<TriangleId> WalkMesh::locate(const Vec2& p) const {
    std::optional<TriangleId> best;
    for (const std::uint32_t k : near(p)) {
        const TriangleId t(k);
        if (contains(t, p) &&
            (!best || std::abs(triangles[k].level) < std::abs(triangles[best->index].level))) {
            best = t;
        }
    }
    return best;
}

std::optional<WalkMesh::Nearest> WalkMesh::nearest(const Vec2& p, double reach_m,
                                                   double inset_m) const {
    if (const auto inside_triangle = locate(p)) {
        return Nearest{*inside_triangle, p};
    }
    std::optional<Nearest> best;
    double best_m = reach_m;
    const Vec2 reach(reach_m, reach_m);
    for (const TriangleId t : overlapping({p - reach, p + reach})) {
        for (int k = 0; k < 3; ++k) {
            const Vec2 at = nearest_on_segment(p, corner(t, k), corner(t, (k + 1) % 3));
            const double distance = (at - p).norm();
            if (distance < best_m || (distance == best_m && !best)) {
                const Vec2 inwards = centroid(t) - at;
                const double share = std::min(1.0, inset_m / std::max(inwards.norm(), 1e-9));
                best = Nearest{t, at + share * inwards};
                best_m = distance;
            }
        }
    }
    return best;
}

std::vector<TriangleId> WalkMesh::overlapping(const Box2& box) const {
    std::vector<TriangleId> found;
    if (columns_ == 0 || !box.overlaps(bounds_)) {
        return found;
    }
    for_cells(box, [&](std::size_t cell) {
        for (const std::uint32_t k : in_cell(cell)) {
            const TriangleId t(k);
            const Vec2 corners[] = {corner(t, 0), corner(t, 1), corner(t, 2)};
            if (bounds_of(corners).overlaps(box)) {
                found.push_back(t);
            }
        }
    });
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    return found;
}

std::vector<TriangleId> WalkMesh::inside(const Polygon& polygon) const {
    std::vector<TriangleId> found = overlapping(bounds_of(polygon.outer));
    std::erase_if(found, [&](TriangleId t) { return !veste::contains(polygon, centroid(t)); });
    return found;
}

std::vector<TriangleId> WalkMesh::of_way(const WalkWay& way) const {
    Box2 box = bounds_of(way.line);
    box.low -= Vec2(way.width_m, way.width_m);
    box.high += Vec2(way.width_m, way.width_m);
    std::vector<TriangleId> found = overlapping(box);
    std::erase_if(found, [&](TriangleId t) {
        return triangles[t.index].level != way.level ||
               nearest_place(way.line, centroid(t)).distance_m > 0.5 * way.width_m;
    });
    return found;
}

} // namespace veste
