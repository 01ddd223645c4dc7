#include "base/spatial_grid.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <cmath>

namespace veste {

SpatialGrid::SpatialGrid(const Box2& bounds, double cell_m)
    : corner_(bounds.low), cell_m_(cell_m), columns_(0), rows_(0) {
    if (bounds.is_empty() || !(cell_m > 0.0)) {
        throw UsageError("SpatialGrid: needs non-empty bounds and a positive cell size");
    }
    const Vec2 size = bounds.size_m();
    columns_ = std::max(1, static_cast<int>(std::ceil(size.x() / cell_m)));
    rows_ = std::max(1, static_cast<int>(std::ceil(size.y() / cell_m)));
    starts_.assign(static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_) + 1, 0);
}

int SpatialGrid::column_at(double x) const {
    const double cell = std::floor((x - corner_.x()) / cell_m_);
    return static_cast<int>(std::clamp(cell, 0.0, columns_ - 1.0));
}

int SpatialGrid::row_at(double y) const {
    const double cell = std::floor((y - corner_.y()) / cell_m_);
    return static_cast<int>(std::clamp(cell, 0.0, rows_ - 1.0));
}

void SpatialGrid::build(std::span<const double> x, std::span<const double> y,
                        std::span<const std::uint32_t> which) {
    const std::size_t count = which.empty() ? x.size() : which.size();
    const auto point = [&](std::size_t k) {
        return which.empty() ? static_cast<std::uint32_t>(k) : which[k];
    };
    std::fill(starts_.begin(), starts_.end(), 0u);
    cell_of_.resize(count);
    sorted_.resize(count);
    for (std::size_t k = 0; k < count; ++k) {
        const std::uint32_t i = point(k);
        cell_of_[k] = static_cast<std::uint32_t>(row_at(y[i]) * columns_ + column_at(x[i]));
        ++starts_[cell_of_[k] + 1];
    }
    for (std::size_t c = 1; c < starts_.size(); ++c) {
        starts_[c] += starts_[c - 1];
    }
    for (std::size_t k = 0; k < count; ++k) {
        sorted_[starts_[cell_of_[k]]++] = point(k);
    }
    // Filling moved every start to its cell's end: shift them back.
    for (std::size_t c = starts_.size() - 1; c > 0; --c) {
        starts_[c] = starts_[c - 1];
    }
    starts_[0] = 0;
}

std::span<const std::uint32_t> SpatialGrid::in_cell(int column, int row) const {
    const std::size_t c = static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
                          static_cast<std::size_t>(column);
    return std::span(sorted_).subspan(starts_[c], starts_[c + 1] - starts_[c]);
}

} // namespace veste
