#include "results/raster_window.hpp"

#include <algorithm>
#include <cmath>

namespace veste {

RasterWindow window_of(const RasterShape& terrain, const Outputs& outputs) {
    RasterWindow window;
    window.terrain = terrain;
    if (terrain.cells() == 0) {
        return window;
    }
    window.factor =
        std::max(1, static_cast<int>(std::lround(outputs.raster_cell_m / terrain.cell_m)));
    const Box2 area = outputs.area.value_or(terrain.bounds());
    const auto low = [&](double edge, double corner) {
        return std::max(0, static_cast<int>(std::floor((edge - corner) / terrain.cell_m)));
    };
    const auto high = [&](double edge, double corner, int most) {
        return std::min(most, static_cast<int>(std::ceil((edge - corner) / terrain.cell_m)));
    };
    window.first_column = low(area.low.x(), terrain.corner.x());
    window.first_row = low(area.low.y(), terrain.corner.y());
    const int columns =
        high(area.high.x(), terrain.corner.x(), terrain.columns) - window.first_column;
    const int rows = high(area.high.y(), terrain.corner.y(), terrain.rows) - window.first_row;
    window.recorded.cell_m = terrain.cell_m * window.factor;
    window.recorded.corner =
        terrain.corner + terrain.cell_m * Vec2(window.first_column, window.first_row);
    if (columns > 0 && rows > 0) {
        window.recorded.columns = (columns + window.factor - 1) / window.factor;
        window.recorded.rows = (rows + window.factor - 1) / window.factor;
    }
    return window;
}

} // namespace veste
