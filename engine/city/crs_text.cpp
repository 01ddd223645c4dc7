#include "city/crs_text.hpp"

#include "city/gdal_use.hpp"

#include <cpl_conv.h>
#include <fmt/format.h>
#include <ogr_spatialref.h>

namespace veste {

std::string crs_wkt(int epsg) {
    start_gdal();
    OGRSpatialReference crs;
    const std::string name = fmt::format("EPSG:{}", epsg);
    read_crs(crs, name, name);
    char* text = nullptr;
    crs.exportToWkt(&text);
    std::string wkt = text;
    CPLFree(text);
    return wkt;
}

} // namespace veste
