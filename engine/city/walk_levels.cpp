#include "city/walk_levels.hpp"

#include <algorithm>

namespace veste {

std::vector<TriangleId> inside(const WalkMesh& mesh, const Polygon& polygon,
                               std::optional<std::int8_t> level) {
    std::vector<TriangleId> found = mesh.inside(polygon);
    std::erase_if(found,
                  [&](TriangleId t) { return level && mesh.triangles[t.index].level != *level; });
    return found;
}

std::optional<TriangleId> locate(const WalkMesh& mesh, const Vec2& p,
                                 std::optional<std::int8_t> level) {
    return level ? mesh.locate(p, *level) : mesh.locate(p);
}

std::optional<WalkMesh::Nearest> nearest(const WalkMesh& mesh, const Vec2& p, double reach_m,
                                         std::optional<std::int8_t> level) {
    if (!level) {
        return mesh.nearest(p, reach_m);
    }
    if (const auto at = mesh.locate(p, *level)) {
        return WalkMesh::Nearest{*at, p};
    }
    constexpr double inset_m = 0.05; // as WalkMesh::nearest has it
    std::optional<WalkMesh::Nearest> best;
    double best_m = reach_m;
    const Vec2 reach(reach_m, reach_m);
    for (const TriangleId t : mesh.overlapping({p - reach, p + reach})) {
        for (int k = 0; k < 3 && mesh.triangles[t.index].level == *level; ++k) {
            const Vec2 at = nearest_on_segment(p, mesh.corner(t, k), mesh.corner(t, (k + 1) % 3));
            if ((at - p).norm() < best_m) {
                const Vec2 inwards = mesh.centroid(t) - at;
                const double share = std::min(1.0, inset_m / std::max(inwards.norm(), 1e-9));
                best = WalkMesh::Nearest{t, at + share * inwards};
                best_m = (at - p).norm();
            }
        }
    }
    return best;
}

bool is_shown(const WalkMesh& mesh, const Vec2& p, std::int8_t level,
              std::optional<std::int8_t> shown) {
    if (shown) {
        return level == *shown;
    }
    const auto nearest_to_0 = level == 0 ? std::nullopt : mesh.locate(p);
    return !nearest_to_0 || mesh.triangles[nearest_to_0->index].level == level;
}

} // namespace veste
