#include "pedestrians/walk_cells.hpp"

#include "base/parallel.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

std::uint32_t level_bit(std::int8_t level) {
    return 1u << static_cast<unsigned>(std::clamp(static_cast<int>(level) + 8, 0, 15));
}

/// True where the triangle and the box share a point, by the separating axes of both.
bool overlaps(const std::array<Vec2, 3>& corners, const Box2& box) {
    if (!bounds_of(corners).overlaps(box)) {
        return false;
    }
    const std::array<Vec2, 4> square = {box.low, Vec2(box.high.x(), box.low.y()), box.high,
                                        Vec2(box.low.x(), box.high.y())};
    for (std::size_t k = 0; k < 3; ++k) {
        const Vec2 side = corners[(k + 1) % 3] - corners[k];
        const bool is_outside = std::all_of(square.begin(), square.end(), [&](const Vec2& p) {
            return cross(side, p - corners[k]) < 0.0;
        });
        if (is_outside) {
            return false;
        }
    }
    return true;
}

} // namespace

WalkCells::WalkCells(const WalkMesh& mesh) : mesh_(&mesh) {
    levels_.resize(mesh.triangles.size());
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const std::uint32_t own = level_bit(mesh.triangles[t].level);
        levels_[t] = own | own << 16;
        for (const TriangleId n : mesh.triangles[t].neighbours) {
            levels_[t] |= n.is_valid() ? level_bit(mesh.triangles[n.index].level) << 16 : 0u;
        }
    }
    if (!mesh.triangles.empty()) {
        corner_ = mesh.bounds().low;
        columns_ = static_cast<int>(mesh.bounds().size_m().x() / cell_m) + 1;
        rows_ = static_cast<int>(mesh.bounds().size_m().y() / cell_m) + 1;
    }
    constexpr double body_width_m = 0.5; // shoulders, Weidmann 1993
    const std::vector<std::uint8_t> narrow = narrow_corners(mesh, body_width_m, true);
    is_tight_ = narrow;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        for (const TriangleId n : mesh.triangles[t].neighbours) {
            is_tight_[t] |= n.is_valid() ? narrow[n.index] : std::uint8_t{0};
        }
    }
    mark_cells(mesh);
    list_walls(mesh);
}

std::uint32_t WalkCells::at(double x, double y) const {
    const int i = std::clamp(static_cast<int>((x - corner_.x()) / cell_m), 0, columns_ - 1);
    const int j = std::clamp(static_cast<int>((y - corner_.y()) / cell_m), 0, rows_ - 1);
    const std::uint32_t cell = index_[slot(i, j)];
    return cell == none ? 0 : cell;
}

void WalkCells::mark_cells(const WalkMesh& mesh) {
    index_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_), none);
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const TriangleId id(t);
        const std::array<Vec2, 3> corners = {mesh.corner(id, 0), mesh.corner(id, 1),
                                             mesh.corner(id, 2)};
        const Box2 box = bounds_of(corners);
        // A hair wider, so that rounding never leaves a person's cell unmarked.
        constexpr double hair_m = 1e-3;
        const auto index_of = [](double offset, int count) {
            return std::clamp(static_cast<int>(std::floor(offset / cell_m)), 0, count - 1);
        };
        const int i1 = index_of(box.high.x() - corner_.x() + hair_m, columns_);
        const int j1 = index_of(box.high.y() - corner_.y() + hair_m, rows_);
        for (int j = index_of(box.low.y() - corner_.y() - hair_m, rows_); j <= j1; ++j) {
            for (int i = index_of(box.low.x() - corner_.x() - hair_m, columns_); i <= i1; ++i) {
                const Vec2 low = corner_ + cell_m * Vec2(i, j) - Vec2(hair_m, hair_m);
                const Vec2 high = corner_ + cell_m * Vec2(i + 1, j + 1) + Vec2(hair_m, hair_m);
                if (overlaps(corners, {low, high})) {
                    index_[slot(i, j)] = 0;
                }
            }
        }
    }
    std::uint32_t count = 0;
    for (std::uint32_t& cell : index_) {
        cell = cell == none ? none : count++;
    }
    if (count == 0) {
        index_[0] = count++;
    }
    neighbours_.resize(count);
    for (int j = 0; j < rows_; ++j) {
        for (int i = 0; i < columns_; ++i) {
            const std::uint32_t cell = index_[slot(i, j)];
            if (cell == none) {
                continue;
            }
            std::size_t k = 0;
            for (int dj = -1; dj <= 1; ++dj) {
                for (int di = -1; di <= 1; ++di) {
                    const bool is_inside =
                        i + di >= 0 && j + dj >= 0 && i + di < columns_ && j + dj < rows_;
                    neighbours_[cell][k++] = is_inside ? index_[slot(i + di, j + dj)] : none;
                }
            }
        }
    }
}

void WalkCells::list_walls(const WalkMesh& mesh) {
    std::vector<std::vector<Wall>> lists(mesh.triangles.size());
    constexpr std::size_t grain = 256;
    parallel_ranges(lists.size(), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            lists[t] = walls_near(mesh, static_cast<std::uint32_t>(t), wall_reach_m);
        }
    });
    wall_starts_.assign(1, 0);
    for (const std::vector<Wall>& list : lists) {
        walls_.insert(walls_.end(), list.begin(), list.end());
        wall_starts_.push_back(static_cast<std::uint32_t>(walls_.size()));
    }
}

void Crowd::build(const Pedestrians& people, std::span<const std::uint32_t> present) {
    constexpr std::size_t grain = 2048;
    cell_of_.resize(present.size());
    slot_of_.resize(present.size());
    sorted_.resize(present.size());
    parallel_for(present.size(), grain, [&](std::size_t k) {
        cell_of_[k] = cells_->at(people.x_m[present[k]], people.y_m[present[k]]);
    });
    std::fill(starts_.begin(), starts_.end(), 0u);
    for (const std::uint32_t cell : cell_of_) {
        ++starts_[cell + 1];
    }
    for (std::size_t c = 1; c < starts_.size(); ++c) {
        starts_[c] += starts_[c - 1];
    }
    for (std::size_t k = 0; k < present.size(); ++k) {
        slot_of_[k] = starts_[cell_of_[k]]++;
    }
    for (std::size_t c = starts_.size() - 1; c > 0; --c) {
        starts_[c] = starts_[c - 1];
    }
    starts_[0] = 0;
    parallel_for(present.size(), grain, [&](std::size_t k) {
        const std::uint32_t i = present[k];
        const bool is_walking = people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking);
        const Vec2 ahead(people.steer_x_m[i] - people.x_m[i], people.steer_y_m[i] - people.y_m[i]);
        const double ahead_m = ahead.norm();
        const bool faces = is_walking && ahead_m > 1e-6;
        sorted_[slot_of_[k]] = {people.x_m[i],
                                people.y_m[i],
                                static_cast<float>(people.radius_m[i]),
                                faces ? static_cast<float>(ahead.x() / ahead_m) : 0.0F,
                                faces ? static_cast<float>(ahead.y() / ahead_m) : 0.0F,
                                static_cast<float>(people.speed_mps[i]),
                                static_cast<float>(people.steer_x_m[i]),
                                static_cast<float>(people.steer_y_m[i]),
                                i,
                                people.triangle[i],
                                cells_->levels(people.triangle[i]),
                                !is_walking};
    });
}

} // namespace veste
