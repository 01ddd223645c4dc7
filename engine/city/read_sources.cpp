#include "city/gdal_use.hpp"
#include "city/ground.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <set>

namespace veste {
namespace {

/// Adds the areas that no file before told.
void add_new(std::vector<AreaFeature> from, std::vector<AreaFeature>& to) {
    std::set<std::int64_t> known;
    for (const AreaFeature& area : to) {
        known.insert(area.osm_id);
    }
    for (AreaFeature& area : from) {
        if (!known.contains(area.osm_id)) {
            to.push_back(std::move(area));
        }
    }
}

/// Throws InputError naming the file that lies elsewhere.
void check_overlap(const Recipe& recipe, const OsmData& osm, const CityFrame& frame) {
    Problems problems;
    const Box2 city = frame.in_crs();
    for (std::size_t f = 0; f < recipe.osm.size(); ++f) {
        const std::string name = recipe.osm[f].string();
        const Box2 box = transformed(osm.extents_deg[f], "EPSG:4326", frame.crs(), name);
        if (!box.overlaps(city)) {
            problems.add(fmt::format(
                "{}: has nothing in the city's area: it covers {:.0f} {:.0f} to {:.0f} {:.0f}, the "
                "area is {:.0f} {:.0f} to {:.0f} {:.0f} (EPSG:{})",
                name, box.low.x(), box.low.y(), box.high.x(), box.high.y(), city.low.x(),
                city.low.y(), city.high.x(), city.high.y(), frame.epsg));
        }
    }
    problems.throw_if_any();
    const bool has_any = std::any_of(osm.nodes.begin(), osm.nodes.end(), [&](const OsmNode& node) {
        return frame.bounds.contains(node.at);
    });
    if (!has_any) {
        throw InputError(fmt::format("{}: OpenStreetMap has nothing in the city's area, {:.0f} "
                                     "{:.0f} to {:.0f} {:.0f} (EPSG:{})",
                                     recipe.file.string(), city.low.x(), city.low.y(),
                                     city.high.x(), city.high.y(), frame.epsg));
    }
}

void read_osm_files(const Recipe& recipe, const CityFrame& frame, Sources& sources) {
    if (recipe.osm.empty()) {
        return;
    }
    const Projection projection("EPSG:4326", frame.epsg, frame.origin);
    sources.osm = read_osm(recipe.osm, projection);
    check_overlap(recipe, sources.osm, frame);
    for (const std::filesystem::path& file : recipe.osm) {
        add_new(read_osm_areas(file, frame), sources.areas);
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

/// The one feature that a recipe gives by its place.
LayerFeature point_feature(const LayerRecipe& recipe, const CityFrame& frame,
                           const std::optional<Polygon>& outline) {
    const Projection projection("EPSG:4326", frame.epsg, frame.origin);
    LayerFeature feature;
    feature.source = recipe.place;
    feature.points.push_back(projection.to_local(*recipe.at));
    const Vec2& at = feature.points.front();
    if (!frame.bounds.contains(at) || (outline && !contains(*outline, at))) {
        throw InputError(fmt::format("{}: at = [{}, {}] lies outside the city's area", recipe.place,
                                     recipe.at->x(), recipe.at->y()));
    }
    return feature;
}

void report_layer(const LayerRecipe& layer, const std::string& section, const LayerContent& content,
                  CityReport& report) {
    const std::string name = layer.file.filename().string();
    report.found.push_back(
        fmt::format("{} features from {} for [[{}]]", content.features.size(), name, section));
    if (content.features.empty()) {
        report.warnings.push_back(fmt::format("{}: none of its {} features lies in the city's area",
                                              name, content.outside));
    }
    if (content.repaired > 0) {
        report.warnings.push_back(
            fmt::format("{}: {} invalid polygons repaired", name, content.repaired));
    }
}

std::vector<LayerFeature> features_of(const LayerRecipe& layer, const std::string& section,
                                      const CityFrame& frame, const std::optional<Polygon>& outline,
                                      CityReport& report) {
    if (layer.at) {
        return {point_feature(layer, frame, outline)};
    }
    LayerContent content = read_layer(layer, geometry_of(section), frame);
    report_layer(layer, section, content, report);
    return std::move(content.features);
}

void read_layers(const Recipe& recipe, const CityFrame& frame, Sources& sources,
                 CityReport& report) {
    Problems problems;
    for (const auto& [section, layers] : recipe.layers) {
        for (const LayerRecipe& layer : layers) {
            try {
                for (LayerFeature& feature :
                     features_of(layer, section, frame, sources.outline, report)) {
                    resolve_roles(feature, layer);
                    sources.layers[section].push_back(std::move(feature));
                }
            } catch (const InputError& error) {
                problems.add(error.what());
            }
        }
    }
    problems.throw_if_any();
}

} // namespace

Sources read_sources(const Recipe& recipe, const CityFrame& frame,
                     const std::optional<Polygon>& outline, CityReport& report) {
    Sources sources;
    sources.outline = outline;
    read_osm_files(recipe, frame, sources);
    read_layers(recipe, frame, sources, report);
    check_layer_values(sources.layers);
    if (outline) {
        clip_to_outline(sources);
    }
    return sources;
}

} // namespace veste
