#pragma once
#include "city/terrain.hpp"

#include <cstddef>
#include <vector>

namespace veste {

/// The level to which water must rise in each cell before it runs off to the sea or over the
/// raster's border, by priority flood (Barnes, Lehman, Mulla 2014, algorithm 1), through the four
/// sides of cells; NaN in the sea, in walls, and where no way leads out. `is_wall` has one value a
/// cell.
std::vector<float> spill_levels_m(const Terrain& terrain, const std::vector<std::uint8_t>& is_wall);

/// Hollows deeper than `depth_m` that are errors of the elevation data (a tunnel's height among
/// those of streets) are filled until this depth is left. Returns the number of cells raised.
std::size_t fill_hollows(Terrain& terrain, double depth_m);

/// What was done to the ground.
struct FilledPockets {
    std::size_t cells = 0;
    double deepest_m = 0.0; ///< of the water that would have been dammed up
    std::size_t courtyard_cells = 0;
};

/// Houses cut out of a slope as walls dam up water that in truth runs through gardens, doors and
/// pipes. Where they would dam up more than `depth_m` above what the bare ground holds back, the
/// ground is raised until only that is left. Real hollows stay as they are. Courtyards without a
/// way out whose ground falls by more than `depth_m` become roofs, from which rain is led away.
/// Cells with a building are walls.
FilledPockets fill_pockets(Terrain& terrain, double depth_m);

} // namespace veste
