#include "city/ground.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <unordered_map>

namespace veste {
namespace {

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
