#pragma once
#include "city/city.hpp"
#include "city/layer_values.hpp"
#include "city/recipe.hpp"
#include "city/sources.hpp"
#include "city/vectors.hpp"

#include <optional>
#include <string>
#include <vector>

/// The stages of build_city that make the ground: sea, water, buildings, elevation, surface,
/// assets. Each reads the stages before it and tells the report what it found and assumed.
namespace veste {

/// All that was read from the sources before anything is derived.
struct Sources {
    OsmData osm;
    std::vector<AreaFeature> areas; ///< of OSM, with their tags
    Layers layers;
    std::optional<Polygon> outline; ///< the area of interest where it is not a box, local
};

/// Bounds, CRS and origin of the city; `outline` is set where the area is a polygon. The origin is
/// the area's south-west corner, rounded down to whole metres.
CityFrame find_frame(const Recipe& recipe, std::optional<Polygon>& outline);

/// Reads the OSM files and layers of a recipe, cut at the outline where there is one.
Sources read_sources(const Recipe& recipe, const CityFrame& frame,
                     const std::optional<Polygon>& outline, CityReport& report);

/// Cuts streets, ways, areas and layers at the outline of `sources`; buildings stay whole.
void clip_to_outline(Sources& sources);

/// Sea to the right of OSM's coastline, within the bounds, without piers and breakwaters.
std::vector<Polygon> build_sea(const OsmData& osm, const std::vector<AreaFeature>& areas,
                               const Box2& bounds, CityReport& report);

/// Lakes, rivers, basins and pools.
std::vector<Polygon> build_inland_water(const Sources& sources, const std::vector<Polygon>& sea,
                                        const Box2& bounds);

std::vector<NamedArea> build_named_areas(const Sources& sources, const Box2& bounds);

/// Buildings of a CityJSON file, one for each footprint; parts are merged into their building.
std::vector<Building> read_cityjson(const CityJsonRecipe& recipe, const CityFrame& frame);

/// The extent of a CityJSON file's vertices in a CRS.
Box2 cityjson_extent(const CityJsonRecipe& recipe, const std::string& crs);

/// Buildings from CityJSON, layers, height rasters, then OSM; where two overlap by more than half
/// the earlier source wins. Heights that no source tells come from the surface model, or are
/// assumed. `ground_m` is set from the terrain's ground.
std::vector<Building> build_buildings(const Recipe& recipe, const Sources& sources,
                                      const CityFrame& frame, const Raster<float>& ground_m,
                                      CityReport& report);

/// Elevation on the terrain's raster: sources in the recipe's order, gaps filled. Sets ground_m,
/// is_sea, is_blocked (unknown ground), has_elevation.
Terrain build_ground(const Recipe& recipe, const CityFrame& frame, const RasterShape& shape,
                     const Sources& sources, const std::vector<Polygon>& sea, CityReport& report);

/// Paints surfaces and buildings onto the ground of `city` (its streets, water and buildings).
void finish_terrain(City& city, const Recipe& recipe, const Sources& sources);

Assets build_assets(const City& city, const Recipe& recipe, const Sources& sources,
                    CityReport& report);

/// Calls visit(i, j) for every cell whose centre is within `half_width_m` of the line; a cell may
/// be visited once for each segment.
template <class Visit>
void for_cells_along(const RasterShape& shape, std::span<const Vec2> line, double half_width_m,
                     Visit&& visit) {
    for (std::size_t k = 0; k + 1 < line.size(); ++k) {
        Box2 box;
        box.extend(line[k]);
        box.extend(line[k + 1]);
        const int i0 = std::max(0, shape.column_at(box.low.x() - half_width_m));
        const int i1 = std::min(shape.columns - 1, shape.column_at(box.high.x() + half_width_m));
        const int j0 = std::max(0, shape.row_at(box.low.y() - half_width_m));
        const int j1 = std::min(shape.rows - 1, shape.row_at(box.high.y() + half_width_m));
        for (int j = j0; j <= j1; ++j) {
            for (int i = i0; i <= i1; ++i) {
                const Vec2 p = shape.centre(i, j);
                if ((nearest_on_segment(p, line[k], line[k + 1]) - p).norm() <= half_width_m) {
                    visit(i, j);
                }
            }
        }
    }
}

} // namespace veste
