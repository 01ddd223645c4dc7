#include "city/ground.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

/// Layers of walkable ground, told to the walking mesh in OSM's words.
std::vector<AreaFeature> walkable_areas(const Sources& sources) {
    static const std::map<std::string, Tags> words = {
        {"pavement", {{"highway", "footway"}, {"footway", "sidewalk"}, {"area", "yes"}}},
        {"footway", {{"highway", "footway"}, {"area", "yes"}}},
        {"square", {{"highway", "pedestrian"}, {"area", "yes"}}},
        {"park", {{"leisure", "park"}}},
        {"path", {{"highway", "path"}, {"area", "yes"}}},
        {"shared", {{"highway", "living_street"}, {"area", "yes"}}},
        {"steps", {{"highway", "steps"}, {"area", "yes"}}}};
    std::vector<AreaFeature> areas = sources.areas;
    const auto layer = sources.layers.find("walkable");
    if (layer == sources.layers.end()) {
        return areas;
    }
    for (const LayerFeature& feature : layer->second) {
        const std::string kind = value_for(feature, "kind");
        Tags tags = words.at(kind.empty() ? "footway" : kind);
        tags["layer"] = std::to_string(std::lround(number_for(feature, "level", 0.0)));
        for (const Polygon& polygon : feature.polygons) {
            areas.push_back({polygon, tags, feature.source, 0});
        }
    }
    return areas;
}

void report_ground(City& city) {
    double sea_m2 = 0.0;
    for (const Polygon& polygon : city.sea) {
        sea_m2 += area_m2(polygon);
    }
    if (sea_m2 > 0.0) {
        city.report.found.push_back(
            fmt::format("sea: {:.2f} km² right of the coastline", sea_m2 / 1e6));
    }
    if (!city.inland_water.empty()) {
        city.report.found.push_back(
            fmt::format("{} areas of inland water", city.inland_water.size()));
    }
    city.report.found.push_back(fmt::format("{} named areas", city.areas.size()));
}

void place_city(City& city, const Recipe& recipe, const CityFrame& frame) {
    city.name = recipe.name;
    city.epsg = frame.epsg;
    city.origin = frame.origin;
    city.bounds = frame.bounds;
    const Vec2 centre = Projection("EPSG:4326", frame.epsg, frame.origin)
                            .from_local(0.5 * (frame.bounds.low + frame.bounds.high));
    city.longitude_deg = centre.x();
    city.latitude_deg = centre.y();
}

RasterShape shape_of(const CityFrame& frame, double cell_m) {
    RasterShape shape;
    shape.corner = frame.bounds.low;
    shape.cell_m = cell_m;
    shape.columns = static_cast<int>(std::lround(frame.bounds.size_m().x() / cell_m));
    shape.rows = static_cast<int>(std::lround(frame.bounds.size_m().y() / cell_m));
    return shape;
}

} // namespace

City build_city(const std::filesystem::path& recipe_file, const WarningHandler& warn) {
    const Recipe recipe = read_recipe(recipe_file);
    City city;
    std::optional<Polygon> outline;
    const CityFrame frame = find_frame(recipe, outline);
    place_city(city, recipe, frame);
    for (const std::string& credit : recipe.credits) {
        city.report.found.push_back("© " + credit);
    }
    const Sources sources = read_sources(recipe, frame, outline, city.report);

    city.sea = build_sea(sources.osm, sources.areas, frame.bounds, city.report);
    city.inland_water = build_inland_water(sources, city.sea, frame.bounds);
    city.areas = build_named_areas(sources, frame.bounds);
    report_ground(city);
    city.terrain =
        build_ground(recipe, frame, shape_of(frame, recipe.cell_m), sources, city.sea, city.report);
    city.buildings = build_buildings(recipe, sources, frame, city.terrain.ground_m, city.report);
    if (!recipe.osm.empty()) {
        city.streets = build_street_network(sources.osm, frame.bounds,
                                            {.is_left_hand = recipe.is_left_hand}, city.report);
        const std::size_t informal =
            add_informal_crossings(city.streets, sources.osm, frame.bounds);
        city.report.assumed.push_back(fmt::format(
            "{} uncontrolled crossings where footways meet a carriageway without a mapped one",
            informal));
    }
    finish_terrain(city, recipe, sources);
    city.walk = build_walk(city, sources.osm, walkable_areas(sources), city.report);
    city.assets = build_assets(city, recipe, sources, city.report);
    city.digest = content_digest(city);

    for (const std::string& warning : city.report.warnings) {
        warn(warning);
    }
    return city;
}

} // namespace veste
