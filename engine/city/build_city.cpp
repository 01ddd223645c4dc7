#include "base/hash.hpp"
#include "city/ground.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <unordered_map>

namespace veste {
namespace {

std::string digest_of(const Recipe& recipe) {
    Digest digest;
    digest.add("veste city 1");
    std::vector<std::filesystem::path> files = recipe.inputs();
    files.insert(files.begin(), recipe.file);
    std::vector<char> buffer(1 << 20);
    for (const std::filesystem::path& file : files) {
        std::ifstream stream(file, std::ios::binary);
        while (stream) {
            stream.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
            digest.add(
                std::as_bytes(std::span(buffer.data(), static_cast<std::size_t>(stream.gcount()))));
        }
    }
    return digest.text();
}

/// Adds what another file knows and the first does not.
void merge(OsmData& to, OsmData from) {
    std::unordered_map<std::int64_t, std::uint32_t> node_at;
    std::unordered_map<std::int64_t, bool> known_ways;
    for (std::size_t k = 0; k < to.nodes.size(); ++k) {
        node_at.emplace(to.nodes[k].id, static_cast<std::uint32_t>(k));
    }
    for (const OsmWay& way : to.ways) {
        known_ways.emplace(way.id, true);
    }
    std::vector<std::uint32_t> moved;
    for (OsmNode& node : from.nodes) {
        const auto [at, is_new] =
            node_at.emplace(node.id, static_cast<std::uint32_t>(to.nodes.size()));
        if (is_new) {
            to.nodes.push_back(std::move(node));
        }
        moved.push_back(at->second);
    }
    for (OsmWay& way : from.ways) {
        if (known_ways.emplace(way.id, true).second) {
            for (std::uint32_t& node : way.nodes) {
                node = moved[node];
            }
            to.ways.push_back(std::move(way));
        }
    }
    for (OsmRelation& relation : from.relations) {
        const bool is_known = std::any_of(to.relations.begin(), to.relations.end(),
                                          [&](const auto& r) { return r.id == relation.id; });
        if (!is_known) {
            to.relations.push_back(std::move(relation));
        }
    }
}

void check_overlap(const OsmData& osm, const std::filesystem::path& file, const CityFrame& frame) {
    Box2 box;
    for (const OsmNode& node : osm.nodes) {
        box.extend(node.at);
        if (frame.bounds.contains(node.at)) {
            return;
        }
    }
    const Box2 city = frame.in_crs();
    throw InputError(fmt::format(
        "{}: has nothing in the city's area: it covers {:.0f} {:.0f} to {:.0f} {:.0f}, the area is "
        "{:.0f} {:.0f} to {:.0f} {:.0f} (EPSG:{})",
        file.string(), box.low.x() + frame.origin.x(), box.low.y() + frame.origin.y(),
        box.high.x() + frame.origin.x(), box.high.y() + frame.origin.y(), city.low.x(),
        city.low.y(), city.high.x(), city.high.y(), frame.epsg));
}

/// Ways that lie wholly outside the polygon of interest are no part of the city.
void clip_ways(OsmData& osm, const Polygon& outline) {
    std::vector<std::uint8_t> is_inside;
    for (const OsmNode& node : osm.nodes) {
        is_inside.push_back(contains(outline, node.at) ? 1 : 0);
    }
    std::erase_if(osm.ways, [&](const OsmWay& way) {
        return tag(way.tags, "natural") != "coastline" &&
               std::none_of(way.nodes.begin(), way.nodes.end(),
                            [&](std::uint32_t node) { return is_inside[node] != 0; });
    });
}

void read_osm_files(const Recipe& recipe, const CityFrame& frame, Sources& sources) {
    const Projection projection("EPSG:4326", frame.epsg, frame.origin);
    for (const std::filesystem::path& file : recipe.osm) {
        OsmData osm = read_osm(file, projection);
        check_overlap(osm, file, frame);
        if (sources.osm.nodes.empty()) {
            sources.osm = std::move(osm);
        } else {
            merge(sources.osm, std::move(osm));
        }
        for (AreaFeature& area : read_osm_areas(file, frame)) {
            sources.areas.push_back(std::move(area));
        }
    }
    if (sources.outline) {
        clip_ways(sources.osm, *sources.outline);
        std::erase_if(sources.areas, [&](const AreaFeature& area) {
            return std::none_of(area.area.outer.begin(), area.area.outer.end(),
                                [&](const Vec2& p) { return contains(*sources.outline, p); });
        });
    }
}

GeometryKind geometry_of(const std::string& section) {
    const bool has_points = section == "lamps" || section == "sensors" || section == "drains" ||
                            section == "stations" || section == "signs";
    return has_points ? GeometryKind::Points : GeometryKind::Polygons;
}

/// Answers what each role's value is once, so that later stages need not know the layer's names.
void resolve_roles(LayerFeature& feature, const LayerRecipe& recipe) {
    constexpr std::array roles = {"height", "levels", "id",       "kind", "level",
                                  "name",   "flux",   "capacity", "text", "range"};
    for (const std::string role : roles) {
        std::string value;
        const auto attribute = recipe.attributes.find(role);
        if (const auto fixed = recipe.fixed.find(role); fixed != recipe.fixed.end()) {
            value = fixed->second;
        } else {
            value =
                tag(feature.tags, attribute == recipe.attributes.end() ? role : attribute->second);
        }
        if (const auto kind = recipe.kinds.find(value);
            role == "kind" && kind != recipe.kinds.end()) {
            value = kind->second;
        }
        if (!value.empty()) {
            feature.roles[role] = value;
        }
    }
}

LayerFeature point_feature(const LayerRecipe& recipe, const Projection& projection,
                           const Box2& bounds) {
    LayerFeature feature;
    feature.source = recipe.place;
    feature.points.push_back(projection.to_local(*recipe.at));
    if (!bounds.contains(feature.points.front())) {
        throw InputError(fmt::format("{}: at = [{}, {}] lies outside the city's area", recipe.place,
                                     recipe.at->x(), recipe.at->y()));
    }
    return feature;
}

void read_layers(const Recipe& recipe, const CityFrame& frame, Sources& sources,
                 CityReport& report) {
    const Projection projection("EPSG:4326", frame.epsg, frame.origin);
    for (const auto& [section, layers] : recipe.layers) {
        for (const LayerRecipe& layer : layers) {
            LayerContent content;
            if (layer.at) {
                content.features.push_back(point_feature(layer, projection, frame.bounds));
            } else {
                content = read_layer(layer, geometry_of(section), frame);
                const std::string name = layer.file.filename().string();
                report.found.push_back(fmt::format("{} features from {} for [[{}]]",
                                                   content.features.size(), name, section));
                if (content.features.empty()) {
                    report.warnings.push_back(
                        fmt::format("{}: none of its {} features lies in the city's area", name,
                                    content.outside));
                }
                if (content.repaired > 0) {
                    report.warnings.push_back(
                        fmt::format("{}: {} invalid polygons repaired", name, content.repaired));
                }
            }
            for (LayerFeature& feature : content.features) {
                resolve_roles(feature, layer);
                sources.layers[section].push_back(std::move(feature));
            }
        }
    }
}

/// Layers of walkable ground, told to the walking mesh in OSM's words.
std::vector<AreaFeature> walkable_areas(const Sources& sources) {
    static const std::map<std::string, Tags> words = {
        {"pavement", {{"highway", "footway"}, {"footway", "sidewalk"}, {"area", "yes"}}},
        {"footway", {{"highway", "footway"}, {"area", "yes"}}},
        {"square", {{"highway", "pedestrian"}, {"area", "yes"}}},
        {"park", {{"leisure", "park"}}},
        {"path", {{"highway", "path"}, {"area", "yes"}}},
        {"steps", {{"highway", "steps"}, {"area", "yes"}}}};
    std::vector<AreaFeature> areas = sources.areas;
    const auto layer = sources.layers.find("walkable");
    if (layer == sources.layers.end()) {
        return areas;
    }
    for (const LayerFeature& feature : layer->second) {
        const std::string kind = value_for(feature, "kind");
        const auto word = words.find(kind.empty() ? "footway" : kind);
        if (word == words.end()) {
            throw InputError(fmt::format("{}: kind = \"{}\" is not walkable ground; known are "
                                         "footway, park, path, pavement, square, steps",
                                         feature.source, kind));
        }
        Tags tags = word->second;
        const std::string level = value_for(feature, "level");
        if (!level.empty() && level != "0") {
            tags["layer"] = level;
        }
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
    city.digest = digest_of(recipe);
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
    Sources sources;
    const CityFrame frame = find_frame(recipe, sources.outline);
    place_city(city, recipe, frame);

    read_osm_files(recipe, frame, sources);
    read_layers(recipe, frame, sources, city.report);

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

    for (const std::string& warning : city.report.warnings) {
        warn(warning);
    }
    return city;
}

} // namespace veste
