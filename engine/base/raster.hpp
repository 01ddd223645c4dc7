#pragma once
#include "base/geometry.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstdint>
#include <vector>

namespace veste {

/// The shape of a raster of square cells. Column i grows east, row j grows north; cell (0, 0) is
/// the south-west one and `corner` is its south-west corner. Cells are stored row by row.
struct RasterShape {
    Vec2 corner{0.0, 0.0};
    double cell_m = 1.0;
    int columns = 0;
    int rows = 0;

    std::size_t cells() const {
        return static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows);
    }
    std::size_t index(int i, int j) const {
        return static_cast<std::size_t>(j) * static_cast<std::size_t>(columns) +
               static_cast<std::size_t>(i);
    }
    bool contains(int i, int j) const { return i >= 0 && j >= 0 && i < columns && j < rows; }
    int column_at(double x) const {
        return static_cast<int>(std::floor((x - corner.x()) / cell_m));
    }
    int row_at(double y) const { return static_cast<int>(std::floor((y - corner.y()) / cell_m)); }
    bool contains(const Vec2& p) const { return contains(column_at(p.x()), row_at(p.y())); }
    /// The cell at p, clamped to the raster.
    std::size_t clamped_index(const Vec2& p) const {
        return index(std::clamp(column_at(p.x()), 0, columns - 1),
                     std::clamp(row_at(p.y()), 0, rows - 1));
    }
    Vec2 centre(int i, int j) const { return corner + cell_m * Vec2(i + 0.5, j + 0.5); }
    Vec2 centre(std::size_t cell) const {
        return centre(static_cast<int>(cell % static_cast<std::size_t>(columns)),
                      static_cast<int>(cell / static_cast<std::size_t>(columns)));
    }
    Vec2 size_m() const { return cell_m * Vec2(columns, rows); }
    Box2 bounds() const { return {corner, corner + size_m()}; }
    friend bool operator==(const RasterShape& a, const RasterShape& b) {
        return a.corner == b.corner && a.cell_m == b.cell_m && a.columns == b.columns &&
               a.rows == b.rows;
    }
};

/// Values on a raster's cells.
template <class T> struct Raster {
    RasterShape shape;
    std::vector<T> values;

    Raster() = default;
    Raster(const RasterShape& s, T value) : shape(s), values(s.cells(), value) {}
    T& at(int i, int j) {
        assert(shape.contains(i, j));
        return values[shape.index(i, j)];
    }
    const T& at(int i, int j) const {
        assert(shape.contains(i, j));
        return values[shape.index(i, j)];
    }
    const T& at(const Vec2& p) const { return values[shape.clamped_index(p)]; }
};

/// Bilinear value between cell centres, clamped at the border.
template <class T> double sample_bilinear(const Raster<T>& raster, const Vec2& p) {
    const RasterShape& s = raster.shape;
    const Vec2 f = (p - s.corner) / s.cell_m - Vec2(0.5, 0.5);
    const double x = std::clamp(f.x(), 0.0, s.columns - 1.0);
    const double y = std::clamp(f.y(), 0.0, s.rows - 1.0);
    const int i = std::min(static_cast<int>(x), std::max(0, s.columns - 2));
    const int j = std::min(static_cast<int>(y), std::max(0, s.rows - 2));
    const int i1 = std::min(i + 1, s.columns - 1);
    const int j1 = std::min(j + 1, s.rows - 1);
    const double u = x - i;
    const double v = y - j;
    return (1.0 - v) * ((1.0 - u) * static_cast<double>(raster.at(i, j)) +
                        u * static_cast<double>(raster.at(i1, j))) +
           v * ((1.0 - u) * static_cast<double>(raster.at(i, j1)) +
                u * static_cast<double>(raster.at(i1, j1)));
}

/// Calls visit(i, j) for every cell whose centre lies inside the polygon (even-odd, by scan lines).
template <class Visit>
void for_cells_inside(const RasterShape& shape, const Polygon& polygon, Visit&& visit) {
    const Box2 box = bounds_of(polygon.outer);
    if (box.is_empty()) {
        return;
    }
    const int first = std::max(0, shape.row_at(box.low.y()));
    const int last = std::min(shape.rows - 1, shape.row_at(box.high.y()));
    std::vector<double> crossings;
    for (int j = first; j <= last; ++j) {
        const double y = shape.centre(0, j).y();
        crossings.clear();
        const auto add_ring = [&](const Polyline& ring) {
            for (std::size_t k = 0; k < ring.size(); ++k) {
                const Vec2& a = ring[k];
                const Vec2& b = ring[(k + 1) % ring.size()];
                if ((a.y() > y) != (b.y() > y)) {
                    crossings.push_back(a.x() + (y - a.y()) / (b.y() - a.y()) * (b.x() - a.x()));
                }
            }
        };
        add_ring(polygon.outer);
        for (const Polyline& hole : polygon.holes) {
            add_ring(hole);
        }
        std::sort(crossings.begin(), crossings.end());
        for (std::size_t k = 0; k + 1 < crossings.size(); k += 2) {
            const double from = (crossings[k] - shape.corner.x()) / shape.cell_m - 0.5;
            const double to = (crossings[k + 1] - shape.corner.x()) / shape.cell_m - 0.5;
            const int begin = std::max(0, static_cast<int>(std::ceil(from)));
            const int end = std::min(shape.columns - 1, static_cast<int>(std::floor(to)));
            for (int i = begin; i <= end; ++i) {
                visit(i, j);
            }
        }
    }
}

} // namespace veste
