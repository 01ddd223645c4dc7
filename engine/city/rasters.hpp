#pragma once
#include "base/raster.hpp"
#include "city/recipe.hpp"

#include <string>

namespace veste {

/// Where the city lies: what every reader projects to.
struct CityFrame {
    int epsg = 0;
    Vec2 origin{0.0, 0.0};
    Box2 bounds; ///< local
    std::string crs() const { return "EPSG:" + std::to_string(epsg); }
    Box2 in_crs() const { return {bounds.low + origin, bounds.high + origin}; }
};

/// Reads the first band of a raster in any GDAL format and CRS onto `shape`: bilinear, or averaged
/// where the source is finer. In metres: the band's scale, offset and unit are applied. NaN where
/// it has no data. Throws InputError when it cannot be read, has no CRS, lies elsewhere, or holds
/// NaN or infinite values that are not its no-data value.
Raster<float> read_raster(const ElevationRecipe& source, const RasterShape& shape,
                          const CityFrame& frame);

/// The extent of a raster in a CRS.
Box2 raster_extent(const ElevationRecipe& source, const std::string& crs);

/// Fills NaN cells from the nearest known cell (by steps over the 8 neighbours). Returns how far
/// each cell was from a known one, m; infinite where nothing is known at all.
Raster<float> fill_from_nearest(Raster<float>& raster);

/// Areas of equal non-zero value, in local metres, with their value.
struct LabelledArea {
    Polygon area;
    int label = 0;
};
std::vector<LabelledArea> areas_of(const Raster<std::int32_t>& labels);

} // namespace veste
