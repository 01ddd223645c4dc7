#pragma once
#include "city/city.hpp"
#include "flood/flood.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <vector>

/// What the flood model derives once from city and scenario. Internal to the flood folder.
namespace veste::flood {

/// Bed of walls: so high that no water surface reaches it, which makes walls need no branch.
constexpr float wall_bed_m = 1.0e6F;

/// Rows of cells with walls around them. Tiles cover the cells and one row and column more, whose
/// south and west faces are the raster's north and east border.
struct Frame {
    int columns = 0;
    int rows = 0;
    int framed_columns = 0; ///< columns + 1, rounded up for vector code
    int framed_rows = 0;    ///< rows + 1
    std::size_t stride = 0;

    static constexpr int margin_columns = 8;
    static constexpr int margin_rows = 2;

    static Frame around(const RasterShape& shape);
    std::size_t index(int i, int j) const {
        return static_cast<std::size_t>(j + margin_rows) * stride +
               static_cast<std::size_t>(i + margin_columns);
    }
    std::size_t cells() const {
        return static_cast<std::size_t>(framed_rows + 2 * margin_rows) * stride;
    }
};

constexpr int tile_columns = 128;
constexpr int tile_rows = 32;

/// A rectangle of framed cells, both ends of each range: [i0, i1) x [j0, j1).
struct Tile {
    int i0, i1, j0, j1;
    int land_i1, land_j1; ///< ends of the part that lies in the raster
    bool has_land;        ///< some cell may hold water
    bool soaks;           ///< some cell infiltrates
    std::uint32_t neighbours[4];
    int neighbour_count;
};

struct InflowCells {
    std::vector<std::size_t> cells; ///< framed
    std::size_t inflow = 0;         ///< index in the scenario's weather
};

struct DrainCell {
    std::size_t cell = 0; ///< framed
    double capacity_m3ps = 0.0;
};

struct Grid {
    RasterShape shape;
    Frame frame;
    std::vector<float> bed_m;          ///< framed; walls at wall_bed_m, the sea at level 0
    std::vector<float> half_n;         ///< framed; half of Manning's n: a face takes the mean
    std::vector<float> rain_share;     ///< framed; cells' worth of rain that enter here
    std::vector<float> infiltrate_mps; ///< framed
    std::vector<Tile> tiles;
    int tiles_across = 0;
    std::vector<std::size_t> shore; ///< framed sea cells beside land
    std::vector<InflowCells> inflows;
    std::vector<DrainCell> drains;
    double rained_cells = 0.0; ///< sum of rain_share

    std::size_t tile_at(int i, int j) const {
        return static_cast<std::size_t>(j / tile_rows) * static_cast<std::size_t>(tiles_across) +
               static_cast<std::size_t>(i / tile_columns);
    }
    std::size_t tile_of(std::size_t framed_cell) const;
    bool is_land(int i, int j) const;
};

/// Throws InputError where an inflow has no cell that water could enter.
Grid plan_grid(const City& city, const Scenario& scenario, const FloodParameters& parameters);

/// Volume that flows in from begin to end of a piecewise linear hydrograph, zero outside, m³.
double inflow_volume_m3(const std::vector<TimedValue>& flow_m3ps, double begin_s, double end_s);
/// Rain that falls from begin to end of a hyetograph whose values hold until the next, m.
double rain_depth_m(const std::vector<TimedValue>& rain_mps, double begin_s, double end_s);

} // namespace veste::flood
