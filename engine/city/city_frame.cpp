#include "city/gdal_use.hpp"
#include "city/ground.hpp"
#include "city/polygon_ops.hpp"

#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

void extend(Box2& box, const Box2& other) {
    if (!other.is_empty()) {
        box.extend(other.low);
        box.extend(other.high);
    }
}

/// What the data cover: streets and buildings; where there are none, the elevation.
Box2 data_extent(const Recipe& recipe, const std::string& crs) {
    Box2 box;
    Problems problems;
    const auto add = [&](auto&& extent) {
        try {
            extend(box, extent());
        } catch (const InputError& error) {
            problems.add(error.what());
        }
    };
    for (const std::filesystem::path& file : recipe.osm) {
        add([&] {
            const Box2 streets = osm_extent_deg(file);
            return streets.is_empty() ? streets
                                      : transformed(streets, "EPSG:4326", crs, file.string());
        });
    }
    for (const CityJsonRecipe& file : recipe.cityjson) {
        add([&] { return cityjson_extent(file, crs); });
    }
    for (const char* section : {"buildings", "walkable", "surfaces"}) {
        for (const LayerRecipe& layer : recipe.section(section)) {
            add([&] { return layer_extent(layer, crs); });
        }
    }
    problems.throw_if_any();
    if (!box.is_empty()) {
        return box;
    }
    for (const HeightRasterRecipe& heights : recipe.building_heights) {
        extend(box, raster_extent(heights.raster, crs));
    }
    for (const ElevationRecipe& elevation : recipe.elevation) {
        extend(box, raster_extent(elevation, crs));
    }
    if (box.is_empty()) {
        throw InputError(
            fmt::format("{}: the data name no place: give the area", recipe.file.string()));
    }
    return box;
}

/// The polygon of interest in the area's CRS (maybe degrees), if it is one.
std::optional<Polygon> area_polygon(const Recipe& recipe) {
    std::vector<Polygon> polygons;
    if (!recipe.area_rings.empty()) {
        polygons = repaired({recipe.area_rings.front(), {}}, 0.0);
    } else if (!recipe.area_wkt.empty()) {
        polygons = polygons_of_wkt(recipe.area_wkt, recipe.area_place + ": area.wkt");
    } else if (!recipe.area_file.empty()) {
        polygons = united(read_area_file(recipe.area_file, recipe.area_crs), 0.0);
    } else {
        return std::nullopt;
    }
    if (polygons.size() != 1) {
        throw InputError(fmt::format("{}: the area must be one polygon, it is {}; does its border "
                                     "cross itself?",
                                     recipe.area_place, polygons.size()));
    }
    return polygons.front();
}

Polygon projected(const Polygon& polygon, const Projection& projection) {
    const auto moved = [&](const Polyline& ring) {
        Polyline line;
        for (const Vec2& p : ring) {
            line.push_back(projection.to_local(p));
        }
        return line;
    };
    Polygon result{moved(polygon.outer), {}};
    for (const Polyline& hole : polygon.holes) {
        result.holes.push_back(moved(hole));
    }
    return result;
}

void check_size(const Box2& bounds, const Recipe& recipe) {
    constexpr double most_cells = 2e8;
    const Vec2 size = bounds.size_m();
    const double cells = size.x() * size.y() / (recipe.cell_m * recipe.cell_m);
    if (!(size.x() >= recipe.cell_m && size.y() >= recipe.cell_m)) {
        throw InputError(fmt::format("{}: the area is only {:g} x {:g} m", recipe.file.string(),
                                     size.x(), size.y()));
    }
    if (cells > most_cells) {
        throw InputError(fmt::format("{}: {:.0f} x {:.0f} m at {:g} m are {:.0f} million cells, at "
                                     "most {:.0f} million fit: choose a smaller area or larger "
                                     "cell_m",
                                     recipe.file.string(), size.x(), size.y(), recipe.cell_m,
                                     cells / 1e6, most_cells / 1e6));
    }
}

} // namespace

CityFrame find_frame(const Recipe& recipe, std::optional<Polygon>& outline) {
    const std::optional<Polygon> polygon = area_polygon(recipe);
    std::optional<Box2> area = recipe.area_box;
    if (polygon) {
        area = bounds_of(polygon->outer);
    }
    CityFrame frame;
    frame.epsg = recipe.epsg;
    if (frame.epsg == 0) {
        const Box2 degrees = area ? transformed(*area, recipe.area_crs, "EPSG:4326", "area")
                                  : data_extent(recipe, "EPSG:4326");
        const Vec2 centre = 0.5 * (degrees.low + degrees.high);
        frame.epsg = utm_epsg(centre.x(), centre.y());
    }
    if (polygon) {
        const Polygon in_crs =
            projected(*polygon, Projection(recipe.area_crs, frame.epsg, {0.0, 0.0}));
        frame.bounds = bounds_of(in_crs.outer);
    } else {
        frame.bounds = area ? transformed(*area, recipe.area_crs, frame.crs(), "area")
                            : data_extent(recipe, frame.crs());
    }
    frame.origin = frame.bounds.low.array().floor();
    const Vec2 size = ((frame.bounds.high - frame.origin) / recipe.cell_m).array().ceil();
    frame.bounds = {{0.0, 0.0}, recipe.cell_m * size};
    check_size(frame.bounds, recipe);
    if (polygon) {
        outline = projected(*polygon, Projection(recipe.area_crs, frame.epsg, frame.origin));
    }
    return frame;
}

} // namespace veste
