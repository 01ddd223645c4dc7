#pragma once
#include "base/errors.hpp"
#include "city/assets.hpp"
#include "city/street_network.hpp"
#include "city/terrain.hpp"
#include "city/walk_mesh.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// The City: geography in one projected metre CRS with a local origin. It never changes after it is
/// loaded, so any number of runs may share it, and it knows no scenario.
namespace veste {

/// What was found in the sources and what had to be assumed, a line each.
struct CityReport {
    std::vector<std::string> found;
    std::vector<std::string> assumed;
    std::vector<std::string> warnings;
};

/// An area of the sources with a name (a square, a quay, a park) that a scenario may refer to.
struct NamedArea {
    std::string name;
    Polygon area;
};

struct City {
    std::string name;
    int epsg = 0;              ///< projected CRS in metres
    Vec2 origin{0.0, 0.0};     ///< local (0, 0) in that CRS, whole metres
    Box2 bounds;               ///< area of interest, local
    double latitude_deg = 0.0; ///< of the centre, WGS 84
    double longitude_deg = 0.0;
    std::string digest; ///< content_digest, set by build_city

    Terrain terrain;
    std::vector<Building> buildings;
    std::vector<Polygon> sea;
    std::vector<Polygon> inland_water;
    std::vector<NamedArea> areas;
    StreetNetwork streets;
    WalkMesh walk;
    Assets assets;
    CityReport report;

    Vec2 to_crs(const Vec2& local) const { return local + origin; }
    Vec2 to_local(const Vec2& crs) const { return crs - origin; }
};

/// Builds a city from its recipe (a TOML file; keys in engine/city/CITY.md). Throws InputError with
/// every problem found.
City build_city(const std::filesystem::path& recipe, const WarningHandler& warn);

/// Writes and reads the cached city file (HDF5; layout in engine/city/CITY_FILE.md). The file
/// appears under its name only when complete. `load_city` throws InputError when it is not a city
/// file, is cut, or has another layout version.
void save_city(const City& city, const std::filesystem::path& file);
City load_city(const std::filesystem::path& file);

/// A digest of all that a run can see of a city: equal for equal cities, whatever they were built
/// from. The report and the digest itself are left out.
std::string content_digest(const City& city);

/// Draws the city to a PNG map, `width_px` wide.
void draw_city(const City& city, const std::filesystem::path& png, int width_px = 1600);

} // namespace veste
