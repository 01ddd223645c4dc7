#pragma once
#include "base/raster.hpp"

#include <filesystem>
#include <string>

namespace veste {

/// Writes a raster as a GeoTIFF of one band of 32-bit floats, north up, compressed by deflate, with
/// the CRS; NaN is its value for "none". `origin` is the CRS's place of local (0, 0), m. Throws
/// RunError where the file cannot be written.
void write_geotiff(const std::filesystem::path& file, const Raster<float>& raster, int epsg,
                   const Vec2& origin, const std::string& description, const std::string& unit);

} // namespace veste
