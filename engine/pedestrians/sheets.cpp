#include "pedestrians/sheets.hpp"

#include "base/parallel.hpp"

#include <algorithm>
#include <array>
#include <limits>

namespace veste {
namespace {

constexpr std::uint8_t sheet_count = 16;
constexpr std::uint8_t no_sheet = UINT8_MAX;
constexpr double overlap_m = 0.05; ///< less is rounding, or an edge drawn a little off

std::uint8_t sheet_of_level(std::int8_t level) {
    return static_cast<std::uint8_t>(std::clamp(static_cast<int>(level) + 8, 0, 15));
}

/// How deep two triangles lie over each other on the plan, at most, by the separating axes of both.
double depth_m(const WalkMesh& mesh, TriangleId a, TriangleId b) {
    double least_m = std::numeric_limits<double>::infinity();
    for (const auto& [t, other] : {std::array{a, b}, std::array{b, a}}) {
        for (int k = 0; k < 3; ++k) {
            const Vec2 from = mesh.corner(t, k);
            const Vec2 along = (mesh.corner(t, (k + 1) % 3) - from).normalized();
            double inside_m = -std::numeric_limits<double>::infinity();
            for (int c = 0; c < 3; ++c) {
                inside_m = std::max(inside_m, cross(along, mesh.corner(other, c) - from));
            }
            least_m = std::min(least_m, inside_m);
        }
    }
    return least_m;
}

using Overlaps = std::vector<std::vector<std::uint32_t>>;

/// For each triangle those of its level that lie over or under it.
Overlaps overlaps_of(const WalkMesh& mesh) {
    constexpr std::size_t grain = 256;
    Overlaps overlaps(mesh.triangles.size());
    parallel_for(overlaps.size(), grain, [&](std::size_t t) {
        const TriangleId id(t);
        const std::array<Vec2, 3> corners = {mesh.corner(id, 0), mesh.corner(id, 1),
                                             mesh.corner(id, 2)};
        for (const TriangleId other : mesh.overlapping(bounds_of(corners))) {
            if (other != id && mesh.triangles[other.index].level == mesh.triangles[t].level &&
                depth_m(mesh, id, other) > overlap_m) {
                overlaps[t].push_back(other.index);
            }
        }
    });
    return overlaps;
}

/// Puts what is left of a level on one sheet, from triangle to neighbour, but for what lies over or
/// under triangles that are on it already. True where something is left.
bool spread(const WalkMesh& mesh, const Overlaps& overlaps, std::int8_t level, std::uint8_t sheet,
            std::vector<std::uint8_t>& sheets) {
    bool is_left = false;
    std::vector<std::uint32_t> front;
    const auto enter = [&](std::uint32_t t) {
        if (mesh.triangles[t].level != level || sheets[t] != no_sheet) {
            return;
        }
        const bool is_free =
            std::none_of(overlaps[t].begin(), overlaps[t].end(),
                         [&](std::uint32_t other) { return sheets[other] == sheet; });
        if (is_free) {
            sheets[t] = sheet;
            front.push_back(t);
        }
    };
    for (std::uint32_t seed = 0; seed < sheets.size(); ++seed) {
        // Evenly around, so that a storey is full before the one above it is reached.
        front.clear();
        enter(seed);
        for (std::size_t next = 0; next < front.size(); ++next) {
            for (const TriangleId n : mesh.triangles[front[next]].neighbours) {
                if (n.is_valid()) {
                    enter(n.index);
                }
            }
        }
        is_left |= mesh.triangles[seed].level == level && sheets[seed] == no_sheet;
    }
    return is_left;
}

} // namespace

std::vector<std::uint8_t> sheets_of(const WalkMesh& mesh) {
    std::vector<std::uint8_t> own(mesh.triangles.size());
    std::array<std::uint8_t, sheet_count> is_used{};
    for (std::size_t t = 0; t < own.size(); ++t) {
        own[t] = sheet_of_level(mesh.triangles[t].level);
        is_used[own[t]] = 1;
    }
    const Overlaps overlaps = overlaps_of(mesh);
    std::vector<std::int8_t> stacked; // levels of which some ground lies over other
    for (std::size_t t = 0; t < own.size(); ++t) {
        const std::int8_t level = mesh.triangles[t].level;
        if (!overlaps[t].empty() &&
            std::find(stacked.begin(), stacked.end(), level) == stacked.end()) {
            stacked.push_back(level);
        }
    }
    if (stacked.empty()) {
        return own;
    }
    std::vector<std::uint8_t> sheets(own.size(), no_sheet);
    for (const std::int8_t level : stacked) {
        std::uint8_t sheet = sheet_of_level(level);
        while (sheet < sheet_count && spread(mesh, overlaps, level, sheet, sheets)) {
            sheet = static_cast<std::uint8_t>(std::find(is_used.begin(), is_used.end(), 0) -
                                              is_used.begin());
            if (sheet < sheet_count) {
                is_used[sheet] = 1;
            }
        }
    }
    for (std::size_t t = 0; t < own.size(); ++t) {
        sheets[t] = sheets[t] == no_sheet ? own[t] : sheets[t];
    }
    return sheets;
}

} // namespace veste
