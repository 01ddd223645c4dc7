#include "city/polygon_ops.hpp"
#include "city/vectors.hpp"
#include "city/walk_levels.hpp"
#include "scenario/drawn.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace veste::scenario_file {
namespace {

/// Layers read so far, by file, layer and CRS.
using Layers = std::map<std::string, LayerContent>;

std::optional<Polygon> named_area(Reading& reading, Section& section) {
    const std::string name = section.text("area");
    std::vector<std::string> known;
    for (const NamedArea& area : reading.city.areas) {
        // Of several with one name the city puts the one meant most likely first.
        if (area.name == name) {
            return area.area;
        }
        known.push_back(area.name);
    }
    find_name(section, "area", {name, section.place("area")}, "named area of the city", known);
    return std::nullopt;
}

Polygon circle(const Vec2& centre, double radius_m) {
    constexpr int corners = 48;
    Polygon polygon;
    for (int k = 0; k < corners; ++k) {
        const double angle_rad = 2.0 * std::numbers::pi * k / corners;
        polygon.outer.push_back(centre + radius_m * Vec2(std::cos(angle_rad), std::sin(angle_rad)));
    }
    return polygon;
}

std::optional<Polygon> circle_of(Reading& reading, Section& place, const std::string& crs) {
    auto section = place.table("circle");
    if (!section) {
        return std::nullopt;
    }
    const double radius_m = section->quantity("radius");
    const auto at = section->point("at");
    if (!at) {
        return std::nullopt;
    }
    const auto centre = local_point(reading, *section, "at", *at, crs);
    return centre ? std::optional(circle(*centre, radius_m)) : std::nullopt;
}

/// The layer that a place names, read once; nullptr where it cannot be read, which is told.
const LayerContent* layer_of(Reading& reading, Section& section, const LayerRecipe& recipe,
                             Layers& layers) {
    const std::string id = fmt::format("{}|{}|{}|{}", recipe.file.string(), recipe.layer,
                                       recipe.crs, recipe.attributes.at("name"));
    const auto known = layers.find(id);
    if (known != layers.end()) {
        return &known->second;
    }
    const double everywhere = std::numeric_limits<double>::max();
    CityFrame frame{reading.city.epsg, reading.city.origin,
                    Box2{{-everywhere, -everywhere}, {everywhere, everywhere}}};
    try {
        return &layers.emplace(id, read_layer(recipe, GeometryKind::Polygons, frame)).first->second;
    } catch (const InputError& error) {
        std::string what = error.what();
        if (what.starts_with(recipe.place + ": ")) {
            what.erase(0, recipe.place.size() + 2);
        }
        section.problem("file", what);
        return nullptr;
    }
}

LayerRecipe recipe_of(const Reading& reading, Section& section, const std::string& crs) {
    LayerRecipe recipe;
    recipe.file = section.text("file");
    recipe.layer = section.text("layer");
    recipe.crs = crs;
    recipe.attributes["name"] = section.text("name_attribute");
    recipe.place = reading.document.text_of(section.place("file"));
    recipe.file = reading.document.from_file(section.place("file"), recipe.file);
    return recipe;
}

std::optional<Polygon> feature_of(Reading& reading, Section& section, const std::string& name,
                                  const std::string& crs, Layers& layers) {
    const LayerRecipe recipe = recipe_of(reading, section, crs);
    reading.scenario.inputs.push_back(recipe.file);
    const std::string wanted = section.has("feature") ? section.text("feature") : name;
    if (!std::filesystem::exists(recipe.file)) {
        section.problem(
            "file", fmt::format("there is no file {}", recipe.file.lexically_normal().string()));
        return std::nullopt;
    }
    const LayerContent* layer = layer_of(reading, section, recipe, layers);
    if (layer == nullptr) {
        return std::nullopt;
    }
    std::vector<std::string> known;
    for (const LayerFeature& feature : layer->features) {
        known.push_back(tag(feature.tags, recipe.attributes.at("name")));
    }
    const std::string key = section.has("feature") ? "feature" : "name";
    const auto index = find_name(section, key, {wanted, section.place(key)}, "feature", known);
    if (!index) {
        return std::nullopt;
    }
    const LayerFeature& feature = layer->features[*index];
    const std::vector<Polygon> parts = united(feature.polygons);
    if (parts.size() != 1) {
        section.problem(key, fmt::format("{} has {} separate parts; a place is one polygon",
                                         feature.source, parts.size()));
        return std::nullopt;
    }
    return check_in_city(reading, section, key, bounds_of(parts[0].outer), "")
               ? std::optional(parts[0])
               : std::nullopt;
}

bool is_well_inside(const Polygon& area, const Vec2& p) {
    const auto is_far = [&](Polyline ring) {
        ring.push_back(ring.front());
        return nearest_place(ring, p).distance_m > 2.0 * cut_snap_m;
    };
    return contains(area, p) && is_far(area.outer) &&
           std::all_of(area.holes.begin(), area.holes.end(), is_far);
}

/// Triangles with a part inside an area too small to hold the middle of any; of a mesh that was cut
/// along the area there are none.
std::vector<TriangleId> touched_triangles(const WalkMesh& walk, const Polygon& area,
                                          std::optional<std::int8_t> level) {
    constexpr int steps = 16;
    const Box2 box = bounds_of(area.outer);
    std::vector<TriangleId> touched;
    for (int j = 0; j < steps; ++j) {
        for (int i = 0; i < steps; ++i) {
            const Vec2 p =
                box.low + box.size_m().cwiseProduct(Vec2((i + 0.5) / steps, (j + 0.5) / steps));
            const auto triangle = is_well_inside(area, p) ? locate(walk, p, level) : std::nullopt;
            if (triangle) {
                touched.push_back(*triangle);
            }
        }
    }
    std::sort(touched.begin(), touched.end(),
              [](TriangleId a, TriangleId b) { return a.index < b.index; });
    touched.erase(std::unique(touched.begin(), touched.end()), touched.end());
    return touched;
}

/// Walkable triangles in the area, of one level or of all, that hang together: of the city's main
/// part where there are any, else of the part with most ground in the area.
std::vector<TriangleId> reachable_triangles(const WalkMesh& walk, const Polygon& area,
                                            std::optional<std::int8_t> level) {
    std::vector<TriangleId> found = inside(walk, area, level);
    if (found.empty()) {
        found = touched_triangles(walk, area, level);
    }
    std::map<std::uint32_t, double> area_m2;
    for (const TriangleId t : found) {
        area_m2[walk.triangles[t.index].component] += walk.area_m2(t);
    }
    if (area_m2.empty()) {
        return found;
    }
    const auto largest =
        std::max_element(area_m2.begin(), area_m2.end(),
                         [](const auto& a, const auto& b) { return a.second < b.second; });
    const std::uint32_t kept = area_m2.contains(0) ? 0 : largest->first;
    std::erase_if(found, [&](TriangleId t) { return walk.triangles[t.index].component != kept; });
    return found;
}

std::optional<Polygon> area_of(Reading& reading, Section& section, const std::string& name,
                               Layers& layers) {
    const std::string crs = section.text("crs");
    if (section.has("area")) {
        if (!crs.empty()) {
            section.problem("crs", "is not for named areas: the city knows where they are");
        }
        return named_area(reading, section);
    }
    if (section.has("file")) {
        return feature_of(reading, section, name, crs, layers);
    }
    if (!crs.empty()) {
        open_crs(reading, section, crs);
    }
    if (section.has("polygon")) {
        return local_polygon(reading, section, "polygon", crs);
    }
    return section.has("circle") ? circle_of(reading, section, crs) : std::nullopt;
}

} // namespace

void read_places(Section& file, Reading& reading) {
    Layers layers;
    for (Section& section : file.tables("place")) {
        Place place;
        place.name = section.text("name");
        check_unique(section, place.name, "place", place_names(reading.scenario));
        for (const std::string_view key : {"layer", "feature", "name_attribute"}) {
            if (section.has(key) && !section.has("file")) {
                section.problem(key, "is for places from a layer; file is missing");
            }
        }
        const auto area = area_of(reading, section, place.name, layers);
        const auto level = level_of(section);
        place.is_exact = section.truth("exact");
        if (area) {
            place.area = *area;
            place.triangles = reachable_triangles(reading.city.walk, *area, level);
            place.edges = edges_inside(reading.city.streets, *area);
        }
        reading.scenario.places.push_back(std::move(place));
        reading.is_place_broken.push_back(area ? 0 : 1);
        reading.places.push_back(section);
    }
}

} // namespace veste::scenario_file
