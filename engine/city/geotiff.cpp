#include "city/geotiff.hpp"

#include "base/errors.hpp"
#include "city/crs_text.hpp"
#include "city/gdal_use.hpp"

#include <array>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <limits>
#include <memory>

namespace veste {
namespace {

struct Close {
    void operator()(GDALDataset* set) const { GDALClose(set); }
};
using Dataset = std::unique_ptr<GDALDataset, Close>;

/// Rows from the south, as the engine keeps them, to rows from the north.
bool write_rows(GDALRasterBand& band, const Raster<float>& raster) {
    const int columns = raster.shape.columns;
    for (int j = 0; j < raster.shape.rows; ++j) {
        const float* row = raster.values.data() + raster.shape.index(0, j);
        const int line = raster.shape.rows - 1 - j;
        if (band.RasterIO(GF_Write, 0, line, columns, 1, const_cast<float*>(row), columns, 1,
                          GDT_Float32, 0, 0, nullptr) != CE_None) {
            return false;
        }
    }
    return true;
}

} // namespace

void write_geotiff(const std::filesystem::path& file, const Raster<float>& raster, int epsg,
                   const Vec2& origin, const std::string& description, const std::string& unit) {
    start_gdal();
    GdalMessages messages;
    const auto fail = [&] {
        throw RunError(
            fmt::format("{}: cannot be written{}", file.string(), messages.in_brackets()));
    };
    const RasterShape& shape = raster.shape;
    const char* options[] = {"COMPRESS=DEFLATE", "PREDICTOR=3", nullptr};
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    const Dataset set(driver->Create(file.c_str(), shape.columns, shape.rows, 1, GDT_Float32,
                                     const_cast<char**>(options)));
    if (!set) {
        fail();
    }
    const Vec2 west_north =
        origin + shape.corner + Vec2(0.0, shape.cell_m * static_cast<double>(shape.rows));
    std::array<double, 6> place = {west_north.x(), shape.cell_m, 0.0,
                                   west_north.y(), 0.0,          -shape.cell_m};
    set->SetGeoTransform(place.data());
    set->SetProjection(crs_wkt(epsg).c_str());
    GDALRasterBand& band = *set->GetRasterBand(1);
    band.SetNoDataValue(std::numeric_limits<double>::quiet_NaN());
    band.SetDescription(description.c_str());
    band.SetUnitType(unit.c_str());
    if (!write_rows(band, raster)) {
        fail();
    }
    if (set->FlushCache(true); !messages.last().empty()) {
        fail();
    }
}

} // namespace veste
