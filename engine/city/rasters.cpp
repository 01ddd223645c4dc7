#include "city/rasters.hpp"

#include "base/errors.hpp"
#include "city/gdal_use.hpp"
#include "city/height_units.hpp"
#include "city/polygon_ops.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>
#include <gdal_alg.h>
#include <gdal_priv.h>
#include <gdal_utils.h>
#include <limits>
#include <memory>
#include <ogrsf_frmts.h>
#include <queue>

namespace veste {
namespace {

constexpr float unknown = std::numeric_limits<float>::quiet_NaN();

struct Close {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using Dataset = std::unique_ptr<GDALDataset, Close>;

/// An opened raster, what it is called in messages and where it lies.
struct Source {
    Dataset dataset;
    std::string name;
    std::string crs;
    std::array<double, 6> transform{};
    std::optional<double> no_data; ///< as the file stores it
    // Metres from a stored value: scale_m * value + offset_m.
    double scale_m = 1.0;
    double offset_m = 0.0;

    double metres(double stored) const { return scale_m * stored + offset_m; }
};

GDALDataset* open_raster(const std::filesystem::path& file, const GdalMessages& messages) {
    const std::string name = gdal_name(file);
    auto* dataset = GDALDataset::Open(name.c_str(), GDAL_OF_RASTER | GDAL_OF_READONLY);
    if (dataset == nullptr) {
        throw InputError(fmt::format("{}: not a raster that GDAL can read ({})", file.string(),
                                     messages.last().empty() ? "unknown format" : messages.last()));
    }
    return dataset;
}

/// What the band tells of its values, else its CRS of their unit.
void read_meaning(Source& source, GDALRasterBand& band) {
    std::string unit = band.GetUnitType();
    OGRSpatialReference crs;
    if (unit.empty() && crs.SetFromUserInput(source.crs.c_str()) == OGRERR_NONE &&
        crs.IsVertical() != 0) {
        const char* name = nullptr;
        crs.GetTargetLinearUnits("VERT_CS", &name);
        unit = name == nullptr ? "" : name;
    }
    const double unit_m = metres_in(unit, source.name);
    source.scale_m = unit_m * band.GetScale();
    source.offset_m = unit_m * band.GetOffset();
    if (!std::isfinite(source.scale_m) || source.scale_m == 0.0 ||
        !std::isfinite(source.offset_m)) {
        throw InputError(fmt::format("{}: its values are to be multiplied by {} and raised by {}, "
                                     "which makes no heights",
                                     source.name, band.GetScale(), band.GetOffset()));
    }
}

Source open_source(const ElevationRecipe& recipe, const GdalMessages& messages) {
    start_gdal();
    Source source;
    source.name = recipe.file.string();
    source.dataset.reset(open_raster(recipe.file, messages));
    if (source.dataset->GetRasterCount() < 1) {
        throw InputError(source.name + ": holds no raster band");
    }
    const std::string own = source.dataset->GetProjectionRef();
    source.crs = recipe.crs.empty() ? own : recipe.crs;
    if (source.crs.empty()) {
        throw InputError(fmt::format("{}: has no CRS; give it in the recipe ({}), as "
                                     "crs = \"EPSG:25830\"",
                                     source.name, recipe.place));
    }
    if (source.dataset->GetGeoTransform(source.transform.data()) != CE_None) {
        throw InputError(source.name + ": has no position (no geotransform)");
    }
    int has = 0;
    const double value = source.dataset->GetRasterBand(1)->GetNoDataValue(&has);
    if (recipe.no_data) {
        source.no_data = recipe.no_data;
    } else if (has != 0) {
        source.no_data = value;
    }
    read_meaning(source, *source.dataset->GetRasterBand(1));
    return source;
}

/// Bounds of the whole raster in its own CRS.
Box2 extent_of(const Source& source) {
    const auto& t = source.transform;
    const double columns = source.dataset->GetRasterXSize();
    const double rows = source.dataset->GetRasterYSize();
    Box2 box;
    for (const Vec2& corner : {Vec2(0, 0), Vec2(columns, 0), Vec2(0, rows), Vec2(columns, rows)}) {
        box.extend({t[0] + corner.x() * t[1] + corner.y() * t[2],
                    t[3] + corner.x() * t[4] + corner.y() * t[5]});
    }
    return box;
}

std::string text_of(const Box2& box, int decimals) {
    return fmt::format("{:.{}f} {:.{}f} to {:.{}f} {:.{}f}", box.low.x(), decimals, box.low.y(),
                       decimals, box.high.x(), decimals, box.high.y(), decimals);
}

void check_overlap(const Source& source, const CityFrame& frame) {
    const Box2 own = extent_of(source);
    const Box2 in_city = transformed(own, source.crs, frame.crs(), source.name);
    if (!in_city.overlaps(frame.in_crs())) {
        throw InputError(fmt::format(
            "{}: does not overlap the city: it covers {} ({} in its own CRS), the city's area is "
            "{} (EPSG:{}); check the crs and the area in the recipe",
            source.name, text_of(in_city, 0), text_of(own, 4), text_of(frame.in_crs(), 0),
            frame.epsg));
    }
}

/// The columns and rows that the city needs, a few more on each side.
struct Window {
    int column = 0;
    int row = 0;
    int columns = 0;
    int rows = 0;
};

Window window_of(const Source& source, const CityFrame& frame) {
    const Box2 box = transformed(frame.in_crs(), frame.crs(), source.crs, source.name);
    std::array<double, 6> forward = source.transform;
    std::array<double, 6> inverse{};
    if (GDALInvGeoTransform(forward.data(), inverse.data()) == 0) {
        throw InputError(source.name + ": its position cannot be inverted");
    }
    Box2 pixels;
    for (const Vec2& p :
         {box.low, box.high, Vec2(box.low.x(), box.high.y()), Vec2(box.high.x(), box.low.y())}) {
        pixels.extend({inverse[0] + p.x() * inverse[1] + p.y() * inverse[2],
                       inverse[3] + p.x() * inverse[4] + p.y() * inverse[5]});
    }
    constexpr double margin = 3.0;
    const auto limited = [](double v, int most) {
        return static_cast<int>(std::clamp(v, 0.0, static_cast<double>(most)));
    };
    const int width = source.dataset->GetRasterXSize();
    const int height = source.dataset->GetRasterYSize();
    Window w;
    w.column = limited(std::floor(pixels.low.x() - margin), width);
    w.row = limited(std::floor(pixels.low.y() - margin), height);
    w.columns = limited(std::ceil(pixels.high.x() + margin), width) - w.column;
    w.rows = limited(std::ceil(pixels.high.y() + margin), height) - w.row;
    return w;
}

bool is_no_data(double value, const std::optional<double>& no_data) {
    return no_data && (value == *no_data || (std::isnan(*no_data) && std::isnan(value)) ||
                       static_cast<float>(value) == static_cast<float>(*no_data));
}

/// Elevations on Earth; what lies outside is a no-data value that nobody declared.
constexpr Limits elevation_limits{-500.0, 9000.0, "m"};

/// Values of one kind that a raster must not hold.
struct BadValues {
    std::size_t count = 0;
    std::string first;

    void add(int column, int row, double value) {
        if (count++ == 0) {
            first = fmt::format("{:g} at column {}, row {}", value, column, row);
        }
    }
};

/// Reads all that the city needs once: finds cut files, non-finite and impossible values.
void check_values(const Source& source, const CityFrame& frame, const GdalMessages& messages) {
    const Window w = window_of(source, frame);
    std::vector<float> row(static_cast<std::size_t>(std::max(0, w.columns)));
    BadValues not_finite;
    BadValues impossible;
    for (int j = 0; j < w.rows && w.columns > 0; ++j) {
        if (source.dataset->GetRasterBand(1)->RasterIO(GF_Read, w.column, w.row + j, w.columns, 1,
                                                       row.data(), w.columns, 1, GDT_Float32, 0, 0,
                                                       nullptr) != CE_None) {
            throw InputError(fmt::format("{}: cannot be read at row {}: the file is cut or broken "
                                         "({})",
                                         source.name, w.row + j, messages.last()));
        }
        for (int i = 0; i < w.columns; ++i) {
            const double stored = row[static_cast<std::size_t>(i)];
            if (is_no_data(stored, source.no_data)) {
                continue;
            }
            const double value = source.metres(stored);
            if (!std::isfinite(value)) {
                not_finite.add(w.column + i, w.row + j, value);
            } else if (!is_within(value, elevation_limits)) {
                impossible.add(w.column + i, w.row + j, value);
            }
        }
    }
    if (not_finite.count > 0) {
        throw InputError(fmt::format("{}: {} values are NaN or infinite, the first {}; mark them "
                                     "with a no-data value",
                                     source.name, not_finite.count, not_finite.first));
    }
    if (impossible.count > 0) {
        throw InputError(fmt::format("{}: {} values are outside {:g} to {:g} {}, the first {}; if "
                                     "they mean no data, say nodata = in the recipe",
                                     source.name, impossible.count, elevation_limits.low,
                                     elevation_limits.high, elevation_limits.unit,
                                     impossible.first));
    }
}

/// Width of a source cell once it is in the city's CRS.
double projected_cell_m(const Source& source, const CityFrame& frame) {
    const Box2 own = extent_of(source);
    const Box2 city = frame.in_crs();
    const Box2 there = transformed(city, frame.crs(), source.crs, source.name);
    const Vec2 cell = own.size_m().cwiseQuotient(
        Vec2(source.dataset->GetRasterXSize(), source.dataset->GetRasterYSize()));
    const Vec2 scale = city.size_m().cwiseQuotient(there.size_m());
    return std::min(cell.x() * scale.x(), cell.y() * scale.y());
}

/// What GDAL's warper is asked for, in the words of gdalwarp.
std::vector<std::string> warp_words(const Source& source, const RasterShape& shape,
                                    const CityFrame& frame) {
    const Vec2 low = shape.corner + frame.origin;
    const Vec2 high = low + shape.size_m();
    const bool is_finer = projected_cell_m(source, frame) < 0.75 * shape.cell_m;
    // Units are ours to apply (read_meaning): the warper must not convert heights as well.
    std::vector<std::string> words = {"-novshift",
                                      "-of",
                                      "MEM",
                                      "-ot",
                                      "Float32",
                                      "-t_srs",
                                      frame.crs(),
                                      "-s_srs",
                                      source.crs,
                                      "-te",
                                      fmt::format("{:.6f}", low.x()),
                                      fmt::format("{:.6f}", low.y()),
                                      fmt::format("{:.6f}", high.x()),
                                      fmt::format("{:.6f}", high.y()),
                                      "-ts",
                                      std::to_string(shape.columns),
                                      std::to_string(shape.rows),
                                      "-r",
                                      is_finer ? "average" : "bilinear",
                                      "-dstnodata",
                                      "nan"};
    if (source.no_data) {
        words.insert(words.end(), {"-srcnodata", fmt::format("{:.17g}", *source.no_data)});
    }
    return words;
}

Dataset warp(const Source& source, const RasterShape& shape, const CityFrame& frame,
             const GdalMessages& messages) {
    std::vector<std::string> words = warp_words(source, shape, frame);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) {
        arguments.push_back(word.data());
    }
    arguments.push_back(nullptr);
    const std::unique_ptr<GDALWarpAppOptions, decltype(&GDALWarpAppOptionsFree)> options(
        GDALWarpAppOptionsNew(arguments.data(), nullptr), &GDALWarpAppOptionsFree);
    GDALDatasetH input = source.dataset.get();
    int usage_error = 0;
    Dataset result(
        static_cast<GDALDataset*>(GDALWarp("", nullptr, 1, &input, options.get(), &usage_error)));
    if (!result) {
        throw InputError(fmt::format("{}: cannot be projected to EPSG:{} ({})", source.name,
                                     frame.epsg, messages.last()));
    }
    return result;
}

} // namespace

Raster<float> read_raster(const ElevationRecipe& recipe, const RasterShape& shape,
                          const CityFrame& frame) {
    const GdalMessages messages;
    const Source source = open_source(recipe, messages);
    check_overlap(source, frame);
    check_values(source, frame, messages);
    const Dataset warped = warp(source, shape, frame, messages);
    Raster<float> raster(shape, unknown);
    for (int j = 0; j < shape.rows; ++j) {
        if (warped->GetRasterBand(1)->RasterIO(GF_Read, 0, shape.rows - 1 - j, shape.columns, 1,
                                               &raster.at(0, j), shape.columns, 1, GDT_Float32, 0,
                                               0, nullptr) != CE_None) {
            throw InputError(fmt::format("{}: {}", source.name, messages.last()));
        }
    }
    for (float& value : raster.values) {
        value = static_cast<float>(source.metres(value));
    }
    return raster;
}

Box2 raster_extent(const ElevationRecipe& recipe, const std::string& crs) {
    const GdalMessages messages;
    const Source source = open_source(recipe, messages);
    return transformed(extent_of(source), source.crs, crs, source.name);
}

Raster<float> fill_from_nearest(Raster<float>& raster) {
    const RasterShape& shape = raster.shape;
    Raster<float> away_m(shape, std::numeric_limits<float>::infinity());
    std::vector<std::size_t> front;
    for (std::size_t c = 0; c < shape.cells(); ++c) {
        if (!std::isnan(raster.values[c])) {
            away_m.values[c] = 0.0F;
            front.push_back(c);
        }
    }
    // Wave by wave; cells in a wave keep their order, so the result is repeatable.
    for (float step = 1.0F; !front.empty(); step += 1.0F) {
        std::vector<std::size_t> next;
        for (const std::size_t c : front) {
            const int i = static_cast<int>(c % static_cast<std::size_t>(shape.columns));
            const int j = static_cast<int>(c / static_cast<std::size_t>(shape.columns));
            constexpr int di[] = {1, -1, 0, 0, 1, -1, 1, -1};
            constexpr int dj[] = {0, 0, 1, -1, 1, 1, -1, -1};
            for (int k = 0; k < 8; ++k) {
                if (!shape.contains(i + di[k], j + dj[k])) {
                    continue;
                }
                const std::size_t n = shape.index(i + di[k], j + dj[k]);
                if (std::isnan(raster.values[n])) {
                    raster.values[n] = raster.values[c];
                    away_m.values[n] = step * static_cast<float>(shape.cell_m);
                    next.push_back(n);
                }
            }
        }
        front = std::move(next);
    }
    return away_m;
}

std::vector<LabelledArea> areas_of(const Raster<std::int32_t>& labels) {
    start_gdal();
    const GdalMessages messages;
    const RasterShape& shape = labels.shape;
    GDALDriver* memory = GetGDALDriverManager()->GetDriverByName("MEM");
    const Dataset values(memory->Create("", shape.columns, shape.rows, 1, GDT_Int32, nullptr));
    std::array<double, 6> transform = {
        shape.corner.x(), shape.cell_m, 0.0, shape.corner.y() + shape.size_m().y(), 0.0,
        -shape.cell_m};
    values->SetGeoTransform(transform.data());
    GDALRasterBand* band = values->GetRasterBand(1);
    for (int j = 0; j < shape.rows; ++j) {
        auto* row = const_cast<std::int32_t*>(&labels.at(0, j));
        if (band->RasterIO(GF_Write, 0, shape.rows - 1 - j, shape.columns, 1, row, shape.columns, 1,
                           GDT_Int32, 0, 0, nullptr) != CE_None) {
            throw RunError("raster could not be copied: " + messages.last());
        }
    }
    const Dataset outlines(GetGDALDriverManager()->GetDriverByName("Memory")->Create(
        "", 0, 0, 0, GDT_Unknown, nullptr));
    OGRLayer* layer = outlines->CreateLayer("areas", nullptr, wkbPolygon, nullptr);
    OGRFieldDefn field("label", OFTInteger);
    layer->CreateField(&field);
    // The band is its own mask: cells of value 0 belong to no area.
    if (GDALPolygonize(band, band, layer, 0, nullptr, nullptr, nullptr) != CE_None) {
        throw RunError("raster could not be outlined: " + messages.last());
    }
    std::vector<LabelledArea> areas;
    for (const auto& feature : *layer) {
        const OGRGeometry* geometry = feature->GetGeometryRef();
        char* wkt = nullptr;
        geometry->exportToWkt(&wkt);
        const std::string text = wkt;
        CPLFree(wkt);
        for (Polygon& polygon : polygons_of_wkt(text, "raster outline")) {
            areas.push_back({std::move(polygon), feature->GetFieldAsInteger(0)});
        }
    }
    return areas;
}

} // namespace veste
