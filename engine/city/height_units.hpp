#pragma once
#include <string>

namespace veste {

/// Metres in one of a unit of height, as GDAL's drivers and vertical CRSs name it; none is metres.
/// Throws InputError that names the source where the unit is not known.
double metres_in(const std::string& unit, const std::string& source);

} // namespace veste
