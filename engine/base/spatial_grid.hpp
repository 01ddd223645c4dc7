#pragma once
#include "base/geometry.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace veste {

/// Points sorted into square cells for neighbour search. Rebuilt from scratch each time (counting
/// sort, stable), so the order of neighbours depends on positions and point order alone.
class SpatialGrid {
public:
    /// Covers `bounds` with cells of `cell_m`; points outside fall into the nearest border cell.
    SpatialGrid(const Box2& bounds, double cell_m);

    /// Sorts points (x, y arrays of equal length). Only the listed ones when `which` is not empty.
    void build(std::span<const double> x, std::span<const double> y,
               std::span<const std::uint32_t> which);

    double cell_m() const { return cell_m_; }
    int columns() const { return columns_; }
    int rows() const { return rows_; }
    int column_at(double x) const;
    int row_at(double y) const;
    /// Indices of the points in one cell.
    std::span<const std::uint32_t> in_cell(int column, int row) const;

    /// Calls visit(index) for every point in the cells that touch the square of half side
    /// `reach_m`.
    template <class Visit> void for_near(const Vec2& p, double reach_m, Visit&& visit) const {
        const int i0 = column_at(p.x() - reach_m);
        const int i1 = column_at(p.x() + reach_m);
        const int j0 = row_at(p.y() - reach_m);
        const int j1 = row_at(p.y() + reach_m);
        for (int j = j0; j <= j1; ++j) {
            const std::size_t row =
                static_cast<std::size_t>(j) * static_cast<std::size_t>(columns_);
            const std::uint32_t begin = starts_[row + static_cast<std::size_t>(i0)];
            const std::uint32_t end = starts_[row + static_cast<std::size_t>(i1) + 1];
            for (std::uint32_t k = begin; k < end; ++k) {
                visit(sorted_[k]);
            }
        }
    }

private:
    Vec2 corner_;
    double cell_m_;
    int columns_;
    int rows_;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> sorted_;
    std::vector<std::uint32_t> cell_of_;
};

} // namespace veste
