#include "ground_support.hpp"

#include "city/gdal_use.hpp"

#include <gdal_priv.h>
#include <gdal_utils.h>
#include <ogr_spatialref.h>

namespace ground_test {

void write_tif(const std::filesystem::path& file, int columns, int rows, double cell,
               veste::Vec2 north_west, const std::string& crs,
               const std::function<float(int, int)>& value, double no_data) {
    veste::start_gdal();
    GDALDriver* driver = GetGDALDriverManager()->GetDriverByName("GTiff");
    GDALDataset* dataset =
        driver->Create(file.string().c_str(), columns, rows, 1, GDT_Float32, nullptr);
    double transform[] = {north_west.x(), cell, 0.0, north_west.y(), 0.0, -cell};
    dataset->SetGeoTransform(transform);
    if (!crs.empty()) {
        OGRSpatialReference reference;
        reference.SetFromUserInput(crs.c_str()); // a vertical part stays
        reference.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
        dataset->SetSpatialRef(&reference);
    }
    dataset->GetRasterBand(1)->SetNoDataValue(no_data);
    for (int row = 0; row < rows; ++row) {
        std::vector<float> line;
        line.reserve(static_cast<std::size_t>(columns));
        for (int column = 0; column < columns; ++column) {
            line.push_back(value(column, row));
        }
        const auto done = dataset->GetRasterBand(1)->RasterIO(
            GF_Write, 0, row, columns, 1, line.data(), columns, 1, GDT_Float32, 0, 0, nullptr);
        if (done != CE_None) {
            throw std::runtime_error("test raster could not be written");
        }
    }
    GDALClose(dataset);
}

void set_meaning(const std::filesystem::path& file, const RasterMeaning& meaning) {
    veste::start_gdal();
    auto* dataset = GDALDataset::Open(file.string().c_str(), GDAL_OF_RASTER | GDAL_OF_UPDATE);
    GDALRasterBand* band = dataset->GetRasterBand(1);
    band->SetScale(meaning.scale);
    band->SetOffset(meaning.offset);
    band->SetUnitType(meaning.unit);
    GDALClose(dataset);
}

void convert_layers(const std::filesystem::path& from, const std::filesystem::path& to,
                    const std::string& format) {
    veste::start_gdal();
    GDALDatasetH input =
        GDALOpenEx(from.string().c_str(), GDAL_OF_VECTOR, nullptr, nullptr, nullptr);
    std::string words[] = {"-f", format};
    char* arguments[] = {words[0].data(), words[1].data(), nullptr};
    GDALVectorTranslateOptions* options = GDALVectorTranslateOptionsNew(arguments, nullptr);
    GDALDatasetH output =
        GDALVectorTranslate(to.string().c_str(), nullptr, 1, &input, options, nullptr);
    GDALVectorTranslateOptionsFree(options);
    GDALClose(output);
    GDALClose(input);
}

} // namespace ground_test
