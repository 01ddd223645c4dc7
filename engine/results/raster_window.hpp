#pragma once
#include "base/raster.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <vector>

namespace veste {

/// The recorded part of the terrain's raster, in whole recorded cells of `factor` x `factor`
/// terrain cells.
struct RasterWindow {
    RasterShape terrain;
    RasterShape recorded;
    int factor = 1;
    int first_column = 0; ///< of the terrain, south-west corner of the window
    int first_row = 0;

    /// Calls visit(terrain cell) for each terrain cell inside a recorded one; the window may reach
    /// over the terrain's border by part of a cell.
    template <class Visit> void for_cells_of(int i, int j, Visit&& visit) const {
        for (int y = first_row + j * factor; y < first_row + (j + 1) * factor; ++y) {
            for (int x = first_column + i * factor; x < first_column + (i + 1) * factor; ++x) {
                if (terrain.contains(x, y)) {
                    visit(terrain.index(x, y));
                }
            }
        }
    }
    /// Index in the file: north is the first row there.
    std::size_t stored_index(int i, int j) const {
        return recorded.index(i, recorded.rows - 1 - j);
    }
};

/// The cells asked for: those that touch `outputs.area` (all without one), `outputs.raster_cell_m`
/// rounded to a whole multiple of the terrain's cell. No cells where the area misses the terrain.
RasterWindow window_of(const RasterShape& terrain, const Outputs& outputs);

} // namespace veste
