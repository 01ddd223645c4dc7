#pragma once
#include <string>

namespace veste {

/// Well-known text (WKT 1, as most software reads it) of a projected CRS in metres. Throws
/// InputError where the EPSG code is none.
std::string crs_wkt(int epsg);

} // namespace veste
