#pragma once
#include "base/geometry.hpp"
#include "city/assets.hpp"
#include "city/terrain.hpp"

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

/// The recipe of a city: which files it is made of and what is assumed where they are silent. Every
/// key is described in engine/city/CITY.md.
namespace veste {

struct ElevationRecipe {
    std::filesystem::path file;
    std::string crs; ///< empty: the file's own
    std::optional<double> no_data;
    std::string place; ///< "file:line" of the recipe, for messages
};

/// A vector layer, the attributes to read from it, and what their values mean.
struct LayerRecipe {
    std::filesystem::path file;
    std::string layer;                             ///< empty: the only one
    std::string where;                             ///< OGR SQL condition, empty: all features
    std::string crs;                               ///< empty: the file's own
    std::map<std::string, std::string> attributes; ///< what it is for us -> its name in the layer
    std::map<std::string, std::string> fixed;      ///< what it is for us -> value of all features
    std::map<std::string, std::string> kinds;      ///< attribute value -> our kind
    std::optional<Vec2> at;                        ///< one point given in the recipe, no file
    std::string place;
};

struct CityJsonRecipe {
    std::filesystem::path file;
    std::string lod; ///< empty: the highest of each object
    std::string crs; ///< empty: the file's own
    std::string place;
};

struct HeightRasterRecipe {
    ElevationRecipe raster;
    double at_least_m = 2.0; ///< cells above it are buildings
};

/// Lamps assumed along a street.
struct LampPractice {
    double spacing_m;
    double height_m;
    double flux_lm;
};

struct Assumptions {
    double storey_m = 3.0;
    double building_m = 9.0;
    double elevation_fill_m = 200.0; ///< ground farther than this from known elevation is blocked
    std::optional<double> hollow_m;  ///< deeper hollows are errors of the elevation
    double dammed_m =
        1.0; ///< depth that buildings may dam up above what the bare ground holds back
    bool has_lamps = true;
    LampPractice main_lamps{30.0, 10.0, 12000.0};
    LampPractice local_lamps{30.0, 6.0, 6000.0};
    LampPractice foot_lamps{25.0, 4.0, 3000.0};
    double feeder_cell_m = 400.0;
    bool has_drains = true;
    double drain_spacing_m = 50.0;
    double drain_design_mmph = 20.0;
    bool has_loops_at_signals = false;
    std::vector<std::string> crowd_counters; ///< names of areas
};

struct Recipe {
    std::filesystem::path file;
    std::string name;
    std::vector<std::string> credits; ///< whose data they are
    int epsg = 0;                     ///< 0: the UTM zone of the data
    double cell_m = 2.0;
    BuildingObstacle buildings = BuildingObstacle::Blocked;
    bool is_left_hand = false;

    std::optional<Box2> area_box;
    std::vector<Polyline> area_rings; ///< of a polygon given by points
    std::string area_wkt;             ///< or by WKT
    std::filesystem::path area_file;  ///< or by a vector file
    std::string area_crs = "EPSG:4326";
    std::string area_place;

    std::vector<std::filesystem::path> osm;
    std::vector<ElevationRecipe> elevation;
    std::vector<HeightRasterRecipe> building_heights;
    std::optional<ElevationRecipe> surface_model;
    std::vector<CityJsonRecipe> cityjson;
    std::map<std::string, std::vector<LayerRecipe>>
        layers; ///< by section: "buildings", "lamps" ...
    Assumptions assumptions;

    const std::vector<LayerRecipe>& section(const std::string& name) const;
    bool has_area() const {
        return area_box || !area_rings.empty() || !area_wkt.empty() || !area_file.empty();
    }
    /// Every input file, in the order of the recipe.
    std::vector<std::filesystem::path> inputs() const;
};

/// Throws InputError with every problem, each with file and line.
Recipe read_recipe(const std::filesystem::path& file);

} // namespace veste
