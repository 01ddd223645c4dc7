#include "city/ground.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>
#include <set>

namespace veste {
namespace {

bool is_water(const Tags& tags) {
    const std::string& landuse = tag(tags, "landuse");
    const std::string& waterway = tag(tags, "waterway");
    const std::string& amenity = tag(tags, "amenity");
    const bool is_pool = tag(tags, "leisure") == "swimming_pool" && tag(tags, "building").empty();
    const bool is_wet = tag(tags, "natural") == "water" || waterway == "riverbank" ||
                        waterway == "dock" || landuse == "reservoir" || amenity == "fountain" ||
                        (landuse == "basin" && tag(tags, "basin") != "infiltration" &&
                         tag(tags, "basin") != "detention");
    const double layer = std::strtod(tag(tags, "layer").c_str(), nullptr);
    return (is_wet || is_pool) && tag(tags, "location") != "underground" &&
           tag(tags, "location") != "roof" && tag(tags, "location") != "indoor" &&
           tag(tags, "intermittent") != "yes" && tag(tags, "covered") != "yes" &&
           tag(tags, "tunnel").empty() && layer == 0.0;
}

/// Areas people speak of by name; administrative borders above a quarter are too large to be one.
bool is_place(const Tags& tags) {
    static const char* const keys[] = {"place",    "leisure",  "landuse", "natural",
                                       "man_made", "amenity",  "tourism", "highway",
                                       "building", "historic", "railway", "public_transport",
                                       "shop",     "harbour",  "office"};
    if (tag(tags, "name").empty()) {
        return false;
    }
    return std::any_of(std::begin(keys), std::end(keys),
                       [&](const char* key) { return !tag(tags, key).empty(); });
}

/// Open places come before buildings that bear the same name.
bool is_building(const Tags& tags) {
    return !tag(tags, "building").empty();
}

struct Place {
    NamedArea area;
    bool is_building;
    double size_m2;
};

} // namespace

std::vector<Polygon> build_inland_water(const Sources& sources, const std::vector<Polygon>& sea,
                                        const Box2& bounds) {
    std::vector<Polygon> water;
    const auto add = [&](const Polygon& polygon) {
        for (Polygon& part : clipped(polygon, bounds)) {
            water.push_back(std::move(part));
        }
    };
    for (const AreaFeature& area : sources.areas) {
        if (is_water(area.tags)) {
            add(area.area);
        }
    }
    if (const auto layer = sources.layers.find("water"); layer != sources.layers.end()) {
        for (const LayerFeature& feature : layer->second) {
            for (const Polygon& polygon : feature.polygons) {
                add(polygon);
            }
        }
    }
    return water.empty() ? water : cut(water, sea);
}

std::vector<NamedArea> build_named_areas(const Sources& sources, const Box2& bounds) {
    std::vector<Place> places;
    const auto add = [&](const std::string& name, const Polygon& polygon, bool is_house) {
        for (Polygon& part : clipped(polygon, bounds)) {
            const double size = area_m2(part);
            places.push_back({{name, std::move(part)}, is_house, size});
        }
    };
    if (const auto layer = sources.layers.find("areas"); layer != sources.layers.end()) {
        for (const LayerFeature& feature : layer->second) {
            for (const Polygon& polygon : feature.polygons) {
                add(value_for(feature, "name"), polygon, false);
            }
        }
    }
    for (const AreaFeature& area : sources.areas) {
        if (!is_place(area.tags)) {
            continue;
        }
        std::set<std::string> names;
        for (const char* key : {"name", "alt_name", "short_name", "name:en"}) {
            const std::string& name = tag(area.tags, key);
            if (!name.empty() && names.insert(name).second) {
                add(name, area.area, is_building(area.tags));
            }
        }
    }
    // By name; of several with one name the open and large ones first.
    std::stable_sort(places.begin(), places.end(), [](const Place& a, const Place& b) {
        if (a.area.name != b.area.name) {
            return a.area.name < b.area.name;
        }
        return a.is_building != b.is_building ? b.is_building : a.size_m2 > b.size_m2;
    });
    std::vector<NamedArea> areas;
    areas.reserve(places.size());
    for (Place& place : places) {
        areas.push_back(std::move(place.area));
    }
    return areas;
}

} // namespace veste
