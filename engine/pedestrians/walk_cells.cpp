#include "pedestrians/walk_cells.hpp"

#include "base/parallel.hpp"
#include "pedestrians/sheets.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

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

WalkCells::WalkCells(const WalkMesh& mesh, std::size_t people) : mesh_(&mesh) {
    levels_.resize(mesh.triangles.size());
    const std::vector<std::uint8_t> sheets = sheets_of(mesh);
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const std::uint32_t own = 1u << sheets[t];
        levels_[t] = own | own << 16;
        for (const TriangleId n : mesh.triangles[t].neighbours) {
            levels_[t] |= n.is_valid() ? 1u << sheets[n.index] << 16 : 0u;
        }
    }
    constexpr double cells_a_person = 4.0;
    cell_m_ = std::clamp(
        std::sqrt(mesh.total_area_m2() /
                  (cells_a_person * static_cast<double>(std::max<std::size_t>(people, 1)))),
        least_cell_m, most_cell_m);
    cells_per_m_ = 1.0 / cell_m_;
    if (!mesh.triangles.empty()) {
        corner_ = mesh.bounds().low;
        columns_ = static_cast<std::size_t>(mesh.bounds().size_m().x() * cells_per_m_) + 1;
        rows_ = static_cast<std::size_t>(mesh.bounds().size_m().y() * cells_per_m_) + 1;
    }
    constexpr double body_width_m = 0.5; // shoulders, Weidmann 1993
    const std::vector<std::uint8_t> narrow = narrow_corners(mesh, body_width_m, true);
    is_tight_ = narrow;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        for (const TriangleId n : mesh.triangles[t].neighbours) {
            is_tight_[t] |= n.is_valid() ? narrow[n.index] : std::uint8_t{0};
        }
    }
    number_cells(marked_cells());
    list_walls(mesh);
}

/// For each slot of the bounding box whether a triangle reaches into it.
std::vector<std::uint8_t> WalkCells::marked_cells() const {
    std::vector<std::uint8_t> is_walkable(columns_ * rows_, 0);
    // A hair wider, so that rounding never leaves a person's cell unmarked.
    constexpr double hair_m = 1e-3;
    for (std::size_t t = 0; t < mesh_->triangles.size(); ++t) {
        const TriangleId id(t);
        const std::array<Vec2, 3> corners = {mesh_->corner(id, 0), mesh_->corner(id, 1),
                                             mesh_->corner(id, 2)};
        const Box2 box = bounds_of(corners);
        const std::size_t i1 = column(box.high.x() + hair_m);
        const std::size_t j1 = row(box.high.y() + hair_m);
        for (std::size_t j = row(box.low.y() - hair_m); j <= j1; ++j) {
            for (std::size_t i = column(box.low.x() - hair_m); i <= i1; ++i) {
                const Vec2 low =
                    corner_ + cell_m_ * Vec2(static_cast<double>(i), static_cast<double>(j));
                const Vec2 hair(hair_m, hair_m);
                if (overlaps(corners, {low - hair, low + Vec2(cell_m_, cell_m_) + hair})) {
                    is_walkable[slot(i, j)] = 1;
                }
            }
        }
    }
    return is_walkable;
}

void WalkCells::number_cells(const std::vector<std::uint8_t>& is_walkable) {
    const std::size_t slots = is_walkable.size();
    before_.resize(slots + 1);
    for (std::size_t k = 0; k <= slots; ++k) {
        if (k % block == 0) {
            before_block_.push_back(count_);
        }
        before_[k] = static_cast<std::uint8_t>(count_ - before_block_.back());
        count_ += k < slots ? is_walkable[k] : 0u;
    }
    count_ = std::max(count_, 1u);
}

void WalkCells::list_walls(const WalkMesh& mesh) {
    std::vector<std::vector<Wall>> lists(mesh.triangles.size());
    constexpr std::size_t grain = 256;
    parallel_ranges(lists.size(), grain, [&](std::size_t begin, std::size_t end) {
        for (std::size_t t = begin; t < end; ++t) {
            lists[t] = walls_near(mesh, static_cast<std::uint32_t>(t), wall_reach_m);
        }
    });
    wall_ranges_.resize(lists.size());
    for (std::uint32_t t = 0; t < lists.size(); ++t) {
        add_walls(t, lists[t]);
    }
    mesh_walls_ = walls_.size();
}

void WalkCells::add_walls(std::uint32_t triangle, const std::vector<Wall>& walls) {
    wall_ranges_[triangle] = {static_cast<std::uint32_t>(walls_.size()),
                              static_cast<std::uint32_t>(walls.size())};
    walls_.insert(walls_.end(), walls.begin(), walls.end());
}

void WalkCells::set_shut_sides(std::span<const std::uint8_t> shut_sides) {
    for (const auto& [triangle, range] : before_shut_) {
        wall_ranges_[triangle] = range;
    }
    before_shut_.clear();
    walls_.resize(mesh_walls_);
    std::vector<std::uint32_t> near;
    for (std::uint32_t t = 0; t < shut_sides.size(); ++t) {
        for (int k = 0; k < 3; ++k) {
            if ((shut_sides[t] >> k & 1) == 0) {
                continue;
            }
            const Vec2 a = mesh_->corner(TriangleId(t), k);
            const Vec2 b = mesh_->corner(TriangleId(t), (k + 1) % 3);
            const Vec2 reach(wall_reach_m, wall_reach_m);
            for (const TriangleId n :
                 mesh_->overlapping({a.cwiseMin(b) - reach, a.cwiseMax(b) + reach})) {
                near.push_back(n.index);
            }
        }
    }
    std::sort(near.begin(), near.end());
    near.erase(std::unique(near.begin(), near.end()), near.end());
    for (const std::uint32_t t : near) {
        before_shut_.emplace_back(t, wall_ranges_[t]);
        add_walls(t, walls_near(*mesh_, t, wall_reach_m, shut_sides));
    }
}

void Crowd::build(const Pedestrians& people, std::span<const std::uint32_t> present) {
    constexpr std::size_t grain = 2048;
    cell_of_.resize(present.size());
    slot_of_.resize(present.size());
    sorted_.resize(present.size());
    x_m_.resize(present.size() + lane_count);
    y_m_.resize(present.size() + lane_count);
    parallel_for(present.size(), grain, [&](std::size_t k) {
        cell_of_[k] = cells_->at(people.x_m[present[k]], people.y_m[present[k]]);
    });
    // Counts stand two cells on; summed up they are the starts of the next cell, and once every
    // person has a slot they have become its own.
    starts_.assign(cells_->size() + 2, 0u);
    for (const std::uint32_t cell : cell_of_) {
        ++starts_[cell + 2];
    }
    for (std::size_t c = 2; c < starts_.size(); ++c) {
        starts_[c] += starts_[c - 1];
    }
    for (std::size_t k = 0; k < present.size(); ++k) {
        slot_of_[k] = starts_[cell_of_[k] + 1]++;
    }
    parallel_for(present.size(), grain, [&](std::size_t k) {
        const std::uint32_t i = present[k];
        const bool is_walking = people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking);
        const Vec2 ahead(people.steer_x_m[i] - people.x_m[i], people.steer_y_m[i] - people.y_m[i]);
        const double ahead_m = ahead.norm();
        const bool faces = is_walking && ahead_m > 1e-6;
        x_m_[slot_of_[k]] = static_cast<float>(people.x_m[i] - cells_->corner().x());
        y_m_[slot_of_[k]] = static_cast<float>(people.y_m[i] - cells_->corner().y());
        sorted_[slot_of_[k]] = {people.x_m[i],
                                people.y_m[i],
                                static_cast<float>(people.radius_m[i]),
                                faces ? static_cast<float>(ahead.x() / ahead_m) : 0.0F,
                                faces ? static_cast<float>(ahead.y() / ahead_m) : 0.0F,
                                static_cast<float>(people.speed_mps[i]),
                                people.velocity_x_mps[i],
                                people.velocity_y_mps[i],
                                static_cast<float>(people.steer_x_m[i]),
                                static_cast<float>(people.steer_y_m[i]),
                                is_walking ? 0.0F : 1.0F,
                                i,
                                people.triangle[i],
                                cells_->levels(people.triangle[i])};
    });
}

} // namespace veste
