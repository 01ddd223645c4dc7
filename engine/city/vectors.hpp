#pragma once
#include "base/errors.hpp"
#include "city/rasters.hpp"
#include "city/sources.hpp"

#include <string>
#include <vector>

namespace veste {

enum class GeometryKind { Polygons, Lines, Points };

/// A feature of a vector layer: the parts that fit the kind asked for, in local metres.
struct LayerFeature {
    std::vector<Polygon> polygons;
    std::vector<Polyline> lines;
    std::vector<Vec2> points;
    Tags tags;          ///< attribute names and values as text
    Tags roles;         ///< what they are for us ("height", "kind" ...), as the recipe says
    std::string source; ///< "file, layer NAME, feature ID"
};

struct LayerContent {
    std::vector<LayerFeature> features; ///< those that overlap the area, in the file's order
    std::size_t outside = 0;
    std::size_t repaired = 0; ///< polygons that were not valid
};

/// Reads a layer in any vector format of GDAL. Throws InputError when the layer is not there (with
/// those that are), has another kind of geometry, an attribute is missing, or no CRS is known.
LayerContent read_layer(const LayerRecipe& recipe, GeometryKind kind, const CityFrame& frame);

/// The extent of a layer in a CRS.
Box2 layer_extent(const LayerRecipe& recipe, const std::string& crs);

/// The polygons of an area file, merged, in the CRS asked for.
std::vector<Polygon> read_area_file(const std::filesystem::path& file, const std::string& crs);

/// Closed ways and multipolygon relations of an OSM file with all their tags, through GDAL's OSM
/// driver, those that overlap the area. Ids of relations are negative.
std::vector<AreaFeature> read_osm_areas(const std::filesystem::path& file, const CityFrame& frame);

/// The extent of the highways in an OSM file, WGS 84.
Box2 osm_extent_deg(const std::filesystem::path& file);

} // namespace veste
