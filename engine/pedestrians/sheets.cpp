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

/// Levels of which some ground lies over other.
std::vector<std::int8_t> stacked_levels(const WalkMesh& mesh, const Overlaps& overlaps) {
    std::vector<std::int8_t> stacked;
    for (std::size_t t = 0; t < overlaps.size(); ++t) {
        const std::int8_t level = mesh.triangles[t].level;
        if (!overlaps[t].empty() &&
            std::find(stacked.begin(), stacked.end(), level) == stacked.end()) {
            stacked.push_back(level);
        }
    }
    return stacked;
}

/// Sheets as they are found, level by level.
struct Sheets {
    const WalkMesh& mesh;
    const Overlaps& overlaps;
    std::vector<std::uint8_t> of; ///< by triangle

    bool is_left(std::uint32_t t, std::int8_t level) const {
        return mesh.triangles[t].level == level && of[t] == no_sheet;
    }
    bool fits(std::uint32_t t, std::uint8_t sheet) const {
        return std::none_of(overlaps[t].begin(), overlaps[t].end(),
                            [&](std::uint32_t other) { return of[other] == sheet; });
    }
    /// Calls enter(triangle) for the first one and, where that returns true, for its neighbours,
    /// and so on: evenly around, so that a storey is full before the one above it is reached.
    template <class Enter> void spread(std::uint32_t first, Enter&& enter) const {
        std::vector<std::uint32_t> front = {first};
        for (std::size_t next = 0; next < front.size(); ++next) {
            if (!enter(front[next])) {
                continue;
            }
            for (const TriangleId n : mesh.triangles[front[next]].neighbours) {
                if (n.is_valid()) {
                    front.push_back(n.index);
                }
            }
        }
    }
    /// Puts a connected part of a level on the sheet, but for what overlaps.
    void begin(std::uint32_t first, std::int8_t level, std::uint8_t sheet) {
        spread(first, [&](std::uint32_t t) {
            const bool is_new = is_left(t, level) && fits(t, sheet);
            of[t] = is_new ? sheet : of[t];
            return is_new;
        });
    }
    /// Puts other parts of the level on the sheet too, where nothing of them overlaps. True where
    /// something is left.
    bool complete(std::int8_t level, std::uint8_t sheet) {
        bool is_some_left = false;
        std::vector<std::uint8_t> is_seen(of.size(), 0);
        for (std::uint32_t seed = 0; seed < of.size(); ++seed) {
            std::vector<std::uint32_t> part;
            bool is_free = true;
            spread(seed, [&](std::uint32_t t) {
                if (is_seen[t] != 0 || !is_left(t, level)) {
                    return false;
                }
                is_seen[t] = 1;
                part.push_back(t);
                return true;
            });
            for (const std::uint32_t t : part) {
                is_free = is_free && fits(t, sheet); // not over an earlier one of this part either
                of[t] = sheet;
            }
            if (!is_free) {
                for (const std::uint32_t t : part) {
                    of[t] = no_sheet;
                }
                is_some_left = true;
            }
        }
        return is_some_left;
    }
};

} // namespace

std::vector<std::uint8_t> sheets_of(const WalkMesh& mesh) {
    std::vector<std::uint8_t> own(mesh.triangles.size());
    std::array<std::uint8_t, sheet_count> is_used{};
    for (std::size_t t = 0; t < own.size(); ++t) {
        own[t] = sheet_of_level(mesh.triangles[t].level);
        is_used[own[t]] = 1;
    }
    const Overlaps overlaps = overlaps_of(mesh);
    const std::vector<std::int8_t> stacked = stacked_levels(mesh, overlaps);
    if (stacked.empty()) {
        return own;
    }
    Sheets sheets{mesh, overlaps, std::vector<std::uint8_t>(own.size(), no_sheet)};
    for (const std::int8_t level : stacked) {
        std::uint8_t sheet = sheet_of_level(level);
        for (bool is_some_left = true; is_some_left && sheet < sheet_count;) {
            for (std::uint32_t t = 0; t < own.size(); ++t) {
                if (sheets.is_left(t, level)) {
                    sheets.begin(t, level, sheet);
                    break;
                }
            }
            is_some_left = sheets.complete(level, sheet);
            sheet = static_cast<std::uint8_t>(std::find(is_used.begin(), is_used.end(), 0) -
                                              is_used.begin());
            if (is_some_left && sheet < sheet_count) {
                is_used[sheet] = 1;
            }
        }
    }
    for (std::size_t t = 0; t < own.size(); ++t) {
        own[t] = sheets.of[t] == no_sheet ? own[t] : sheets.of[t];
    }
    return own;
}

} // namespace veste
