#include "base/spatial_grid.hpp"
#include "city/asset_parts.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <unordered_map>

namespace veste {
namespace {

constexpr Limits height_limits{1.0, 50.0, "m"};

/// Practice by class: main streets as lighting classes M3 to M4, local streets M5 to M6, ways for
/// people P3 to P5 of EN 13201 are usually lit by lamps of about these heights and fluxes.
const LampPractice* practice_for(Highway highway, const Assumptions& assumptions) {
    switch (highway) {
    case Highway::Trunk:
    case Highway::Primary:
    case Highway::Secondary:
        return &assumptions.main_lamps;
    case Highway::Tertiary:
    case Highway::Unclassified:
    case Highway::Residential:
    case Highway::LivingStreet:
        return &assumptions.local_lamps;
    case Highway::Pedestrian:
        return &assumptions.foot_lamps;
    default:
        return nullptr;
    }
}

std::vector<Lamp> known_lamps(const AssetSources& from) {
    const LampPractice& usual = from.recipe.assumptions.local_lamps;
    std::vector<Lamp> lamps;
    for (const LayerFeature& feature : from.layer("lamps")) {
        for (const Vec2& at : feature.points) {
            Lamp lamp;
            lamp.at = at;
            lamp.height_m = number_for(feature, "height", usual.height_m);
            lamp.is_height_assumed = value_for(feature, "height").empty();
            lamp.flux_lm = number_for(feature, "flux", usual.flux_lm);
            lamp.is_flux_assumed = value_for(feature, "flux").empty();
            lamps.push_back(lamp);
        }
    }
    for (const OsmNode& node : from.sources.osm.nodes) {
        if (tag(node.tags, "highway") != "street_lamp" || !from.is_inside(node.at)) {
            continue;
        }
        Lamp lamp;
        lamp.at = node.at;
        lamp.height_m = usual.height_m;
        lamp.flux_lm = usual.flux_lm;
        lamp.is_height_assumed = lamp.is_flux_assumed = true;
        for (const char* key : {"height", "lamp:height", "light:height"}) {
            const auto height = parse_length_m(tag(node.tags, key));
            if (height && is_within(*height, height_limits)) {
                lamp.height_m = *height;
                lamp.is_height_assumed = false;
                break;
            }
        }
        lamp.osm_id = node.id;
        lamps.push_back(lamp);
    }
    return lamps;
}

/// Lamps known so far, searched by place.
class Nearby {
public:
    Nearby(const std::vector<Lamp>& lamps, const Box2& bounds) : grid_(bounds, 50.0) {
        for (const Lamp& lamp : lamps) {
            x_.push_back(lamp.at.x());
            y_.push_back(lamp.at.y());
        }
        grid_.build(x_, y_, {});
    }
    bool has_within(const Vec2& p, double reach_m) const {
        bool has = false;
        grid_.for_near(p, reach_m, [&](std::uint32_t k) {
            has = has || (Vec2(x_[k], y_[k]) - p).norm() <= reach_m;
        });
        return has;
    }

private:
    SpatialGrid grid_;
    std::vector<double> x_;
    std::vector<double> y_;
};

bool stands_free(const City& city, const Vec2& p) {
    const RasterShape& shape = city.terrain.shape();
    if (!shape.contains(p)) {
        return false;
    }
    const auto kind = static_cast<Surface>(city.terrain.surface.at(p));
    return kind != Surface::Building && kind != Surface::Sea;
}

/// Puts lamps along a street at its side, in turn left and right where it is wide; where a house
/// stands in the way on the other side, else over its middle.
void light_line(const AssetSources& from, std::span<const Vec2> line, double half_width_m,
                const LampPractice& practice, const Nearby& known, std::vector<Lamp>& lamps) {
    constexpr double from_kerb_m = 0.5;
    constexpr double wide_m = 6.0; // half width from which lamps stand on both sides
    double side = -1.0;
    for (const PlaceOnLine& place : places_along(line, practice.spacing_m)) {
        if (known.has_within(place.at, practice.spacing_m) || !from.is_inside(place.at)) {
            continue;
        }
        const Vec2 left(-place.direction.y(), place.direction.x());
        Lamp lamp;
        lamp.at = place.at + side * (half_width_m + from_kerb_m) * left;
        if (!stands_free(from.city, lamp.at)) {
            lamp.at = place.at - side * (half_width_m + from_kerb_m) * left;
        }
        if (!stands_free(from.city, lamp.at)) {
            lamp.at = place.at;
        }
        if (!stands_free(from.city, lamp.at)) {
            continue; // the street passes under a house
        }
        lamp.height_m = practice.height_m;
        lamp.flux_lm = practice.flux_lm;
        lamp.is_assumed = lamp.is_height_assumed = lamp.is_flux_assumed = true;
        lamps.push_back(lamp);
        side = half_width_m > wide_m ? -side : side;
    }
}

/// Ways for people alone are lit where OSM says so; pedestrian streets always, unless it denies.
bool is_lit_way(const Tags& tags) {
    const std::string& kind = tag(tags, "highway");
    const std::string& lit = tag(tags, "lit");
    const bool is_foot = kind == "footway" || kind == "path" || kind == "steps" ||
                         kind == "cycleway" || kind == "pedestrian";
    if (!is_foot || !tag(tags, "tunnel").empty() || tag(tags, "area") == "yes" || lit == "no" ||
        tag(tags, "indoor") == "yes") {
        return false;
    }
    return kind == "pedestrian" || (!lit.empty() && lit != "disused");
}

void light_streets(const AssetSources& from, const Nearby& known, std::vector<Lamp>& lamps) {
    std::unordered_map<std::int64_t, const OsmWay*> ways;
    for (const OsmWay& way : from.sources.osm.ways) {
        ways.emplace(way.id, &way);
    }
    const StreetNetwork& streets = from.city.streets;
    for (const EdgeId id : streets_once(streets)) {
        const Edge& edge = streets.edge(id);
        const LampPractice* practice = practice_for(edge.highway, from.recipe.assumptions);
        const auto way = ways.find(edge.osm_way);
        const std::string lit = way == ways.end() ? "" : tag(way->second->tags, "lit");
        const bool is_lit_service =
            practice == nullptr && edge.highway != Highway::Motorway && lit == "yes";
        if (is_lit_service) {
            practice = &from.recipe.assumptions.local_lamps;
        }
        if (practice != nullptr && !edge.is_tunnel && lit != "no" &&
            edge.highway != Highway::Pedestrian) {
            light_line(from, edge.line, 0.5 * carriageway_width_m(streets, id), *practice, known,
                       lamps);
        }
    }
}

void light_ways(const AssetSources& from, const Nearby& known, std::vector<Lamp>& lamps) {
    for (const OsmWay& way : from.sources.osm.ways) {
        if (!is_lit_way(way.tags)) {
            continue;
        }
        Polyline line;
        for (const std::uint32_t node : way.nodes) {
            line.push_back(from.sources.osm.nodes[node].at);
        }
        constexpr double shortest_m = 10.0;
        if (length_m(line) >= shortest_m) {
            light_line(from, line, 1.0, from.recipe.assumptions.foot_lamps, known, lamps);
        }
    }
}

/// What the data leave open of the lamps they know.
void report_known(const AssetSources& from, const std::vector<Lamp>& lamps) {
    const LampPractice& usual = from.recipe.assumptions.local_lamps;
    const auto heights = std::count_if(lamps.begin(), lamps.end(),
                                       [](const Lamp& lamp) { return lamp.is_height_assumed; });
    const auto fluxes = std::count_if(lamps.begin(), lamps.end(),
                                      [](const Lamp& lamp) { return lamp.is_flux_assumed; });
    if (heights > 0) {
        from.report.assumed.push_back(
            fmt::format("height of {} of {} known street lamps: {:g} m, as on local streets",
                        heights, lamps.size(), usual.height_m));
    }
    if (fluxes > 0) {
        from.report.assumed.push_back(
            fmt::format("flux of {} of {} known street lamps: {:g} lm, as on local streets", fluxes,
                        lamps.size(), usual.flux_lm));
    }
}

} // namespace

std::vector<Lamp> build_lamps(const AssetSources& from) {
    std::vector<Lamp> lamps = known_lamps(from);
    const std::size_t count = lamps.size();
    from.report.found.push_back(fmt::format("{} street lamps", count));
    report_known(from, lamps);
    if (from.recipe.assumptions.has_lamps) {
        light_streets(from, Nearby(lamps, from.city.bounds), lamps);
        // Ways beside a street are lit by its lamps.
        light_ways(from, Nearby(lamps, from.city.bounds), lamps);
    }
    if (lamps.size() > count) {
        const Assumptions& a = from.recipe.assumptions;
        from.report.assumed.push_back(fmt::format(
            "{} street lamps along lit streets that have none: main streets every {:g} m, {:g} m "
            "high, {:g} lm; local ones {:g} m, {:g} m, {:g} lm; ways for people {:g} m, {:g} m, "
            "{:g} lm",
            lamps.size() - count, a.main_lamps.spacing_m, a.main_lamps.height_m,
            a.main_lamps.flux_lm, a.local_lamps.spacing_m, a.local_lamps.height_m,
            a.local_lamps.flux_lm, a.foot_lamps.spacing_m, a.foot_lamps.height_m,
            a.foot_lamps.flux_lm));
    }
    return lamps;
}

} // namespace veste
