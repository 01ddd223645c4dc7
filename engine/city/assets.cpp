#include "city/assets.hpp"

#include "city/asset_parts.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

std::string signed_text(const Tags& tags) {
    const std::string& traffic = tag(tags, "traffic_sign");
    if (!traffic.empty()) {
        return traffic;
    }
    const std::string& information = tag(tags, "information");
    if (information != "guidepost" && information != "board" && information != "map") {
        return "";
    }
    const std::string& name = tag(tags, "name");
    return name.empty() ? information : name;
}

std::optional<StationKind> station_kind(const Tags& tags) {
    const std::string& amenity = tag(tags, "amenity");
    if (amenity == "fire_station") {
        return StationKind::Fire;
    }
    if (amenity == "police") {
        return StationKind::Police;
    }
    if (amenity == "hospital") {
        return StationKind::Hospital;
    }
    if (tag(tags, "emergency") == "ambulance_station") {
        return StationKind::Ambulance;
    }
    return std::nullopt;
}

/// Part of a convex ring that is nearer to `own` than to `other`.
Polyline nearer_part(const Polyline& ring, const Vec2& own, const Vec2& other) {
    const Vec2 normal = other - own;
    const Vec2 middle = 0.5 * (own + other);
    Polyline kept;
    for (std::size_t k = 0; k < ring.size(); ++k) {
        const Vec2& a = ring[k];
        const Vec2& b = ring[(k + 1) % ring.size()];
        const double da = (a - middle).dot(normal);
        const double db = (b - middle).dot(normal);
        if (da <= 0.0) {
            kept.push_back(a);
        }
        if ((da < 0.0 && db > 0.0) || (da > 0.0 && db < 0.0)) {
            kept.push_back(a + da / (da - db) * (b - a));
        }
    }
    return kept;
}

std::vector<Vec2> substations(const AssetSources& from) {
    std::vector<Vec2> places;
    for (const OsmNode& node : from.sources.osm.nodes) {
        if (tag(node.tags, "power") == "substation" && from.is_inside(node.at)) {
            places.push_back(node.at);
        }
    }
    for (const AreaFeature& area : from.sources.areas) {
        const Vec2 centre = centroid_of(area.area.outer);
        if (tag(area.tags, "power") == "substation" && from.is_inside(centre)) {
            places.push_back(centre);
        }
    }
    // Parts of one substation are one.
    constexpr double apart_m = 20.0;
    std::vector<Vec2> distinct;
    for (const Vec2& p : places) {
        if (std::none_of(distinct.begin(), distinct.end(),
                         [&](const Vec2& q) { return (p - q).norm() < apart_m; })) {
            distinct.push_back(p);
        }
    }
    return distinct;
}

/// Each substation feeds what is nearest to it (Voronoi cells).
std::vector<Feeder> feeders_of_substations(const std::vector<Vec2>& places, const Box2& bounds) {
    std::vector<Feeder> feeders;
    for (std::size_t k = 0; k < places.size(); ++k) {
        Polyline ring = as_polygon(bounds).outer;
        for (std::size_t other = 0; other < places.size(); ++other) {
            if (other != k) {
                ring = nearer_part(ring, places[k], places[other]);
            }
        }
        feeders.push_back({fmt::format("feeder {}", k + 1), {{std::move(ring), {}}}, true});
    }
    return feeders;
}

/// Square cells of about the given size that hold at least one lamp, signal or sensor.
std::vector<Feeder> feeders_of_cells(const Box2& bounds, double cell_m,
                                     const std::vector<Vec2>& consumers) {
    const Vec2 size = bounds.size_m();
    const int columns = std::max(1, static_cast<int>(std::lround(size.x() / cell_m)));
    const int rows = std::max(1, static_cast<int>(std::lround(size.y() / cell_m)));
    const Vec2 step(size.x() / columns, size.y() / rows);
    std::vector<Feeder> feeders;
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            const Vec2 low = bounds.low + step.cwiseProduct(Vec2(i, j));
            const Box2 box{low, low + step};
            if (std::any_of(consumers.begin(), consumers.end(),
                            [&](const Vec2& p) { return box.contains(p); })) {
                feeders.push_back(
                    {fmt::format("feeder {}", feeders.size() + 1), {as_polygon(box)}, true});
            }
        }
    }
    return feeders;
}

std::vector<Vec2> consumers_of(const AssetSources& from, const Assets& assets) {
    std::vector<Vec2> places;
    for (const Lamp& lamp : assets.lamps) {
        places.push_back(lamp.at);
    }
    for (const Sensor& sensor : assets.sensors) {
        places.push_back(sensor.at);
    }
    for (const Signal& signal : from.city.streets.signals) {
        places.push_back(from.city.streets.node(signal.node).at);
    }
    return places;
}

} // namespace

FeederId feeder_at(const std::vector<Feeder>& feeders, const Vec2& p) {
    std::size_t best = 0;
    double best_m = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < feeders.size(); ++k) {
        for (const Polygon& area : feeders[k].areas) {
            if (contains(area, p)) {
                return FeederId(k);
            }
            Polyline ring = area.outer;
            ring.push_back(ring.front());
            const double away = nearest_place(ring, p).distance_m;
            if (away < best_m) {
                best_m = away;
                best = k;
            }
        }
    }
    return feeders.empty() ? FeederId() : FeederId(best);
}

std::vector<PlaceOnLine> places_along(std::span<const Vec2> line, double spacing_m) {
    const double length = length_m(line);
    const int count = std::max(1, static_cast<int>(std::lround(length / spacing_m)));
    std::vector<PlaceOnLine> places;
    places.reserve(static_cast<std::size_t>(count));
    for (int k = 0; k < count; ++k) {
        places.push_back(place_at(line, (k + 0.5) * length / count));
    }
    return places;
}

std::vector<EdgeId> streets_once(const StreetNetwork& streets) {
    std::vector<EdgeId> once;
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const EdgeId opposite = streets.edges[e].opposite;
        if (!opposite.is_valid() || opposite.index > e) {
            once.emplace_back(e);
        }
    }
    return once;
}

std::vector<Feeder> build_feeders(const AssetSources& from, const Assets& assets) {
    std::vector<Feeder> feeders;
    for (const LayerFeature& feature : from.layer("feeders")) {
        const std::string name = value_for(feature, "name");
        if (!feature.polygons.empty()) {
            feeders.push_back({name.empty() ? fmt::format("feeder {}", feeders.size() + 1) : name,
                               feature.polygons, false});
        }
    }
    if (!feeders.empty()) {
        from.report.found.push_back(fmt::format("{} power feeders", feeders.size()));
        return feeders;
    }
    constexpr std::size_t enough_substations = 3;
    const std::vector<Vec2> places = substations(from);
    if (places.size() >= enough_substations) {
        from.report.assumed.push_back(fmt::format(
            "{} power feeders: one for each substation of OpenStreetMap, feeding what is nearest",
            places.size()));
        return feeders_of_substations(places, from.city.bounds);
    }
    const double cell_m = from.recipe.assumptions.feeder_cell_m;
    feeders = feeders_of_cells(from.city.bounds, cell_m, consumers_of(from, assets));
    if (!feeders.empty()) {
        from.report.assumed.push_back(
            fmt::format("{} power feeders: square cells of about {:g} m", feeders.size(), cell_m));
    }
    return feeders;
}

std::vector<Station> build_stations(const AssetSources& from) {
    std::vector<Station> stations;
    const auto add = [&](const Station& station) {
        constexpr double same_m = 100.0;
        const bool is_known = std::any_of(stations.begin(), stations.end(), [&](const Station& s) {
            return s.kind == station.kind && (s.at - station.at).norm() < same_m;
        });
        if (!is_known && from.is_inside(station.at)) {
            stations.push_back(station);
        }
    };
    for (const LayerFeature& feature : from.layer("stations")) {
        for (const Vec2& at : feature.points) {
            add({value_for(feature, "name"),
                 static_cast<StationKind>(kind_index(feature, "stations")), at});
        }
    }
    for (const AreaFeature& area : from.sources.areas) {
        if (const auto kind = station_kind(area.tags)) {
            add({tag(area.tags, "name"), *kind, centroid_of(area.area.outer)});
        }
    }
    for (const OsmNode& node : from.sources.osm.nodes) {
        if (const auto kind = station_kind(node.tags)) {
            add({tag(node.tags, "name"), *kind, node.at});
        }
    }
    from.report.found.push_back(
        fmt::format("{} fire, police, ambulance stations and hospitals", stations.size()));
    return stations;
}

std::vector<Sign> build_signs(const AssetSources& from) {
    std::vector<Sign> signs;
    for (const LayerFeature& feature : from.layer("signs")) {
        for (const Vec2& at : feature.points) {
            signs.push_back({value_for(feature, "text"), at});
        }
    }
    for (const OsmNode& node : from.sources.osm.nodes) {
        const std::string text = signed_text(node.tags);
        if (!text.empty() && from.is_inside(node.at)) {
            signs.push_back({text, node.at});
        }
    }
    from.report.found.push_back(fmt::format("{} signs", signs.size()));
    return signs;
}

Assets build_assets(const City& city, const Recipe& recipe, const Sources& sources,
                    CityReport& report) {
    const AssetSources from{city, recipe, sources, report};
    Assets assets;
    assets.lamps = build_lamps(from);
    assets.sensors = build_sensors(from);
    assets.drains = build_drains(from);
    assets.stations = build_stations(from);
    assets.signs = build_signs(from);
    assets.feeders = build_feeders(from, assets);
    for (Lamp& lamp : assets.lamps) {
        lamp.feeder = feeder_at(assets.feeders, lamp.at);
    }
    for (Sensor& sensor : assets.sensors) {
        sensor.feeder = feeder_at(assets.feeders, sensor.at);
    }
    for (const Signal& signal : city.streets.signals) {
        assets.signal_feeder.push_back(
            feeder_at(assets.feeders, city.streets.node(signal.node).at));
    }
    return assets;
}

} // namespace veste
