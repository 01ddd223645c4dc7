#include "city/asset_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <numbers>

namespace veste {
namespace {

constexpr double camera_range_m = 15.0;
constexpr double counter_range_m = 30.0;
constexpr double loop_reach_m = 20.0;
constexpr double before_stop_line_m = 30.0;

/// Lays a loop on the nearest street; false where there is none in reach.
bool lay_on_street(const StreetNetwork& streets, Sensor& sensor) {
    double best_m = loop_reach_m;
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const PlaceOnLine place = nearest_place(streets.edges[e].line, sensor.at);
        if (place.distance_m < best_m) {
            best_m = place.distance_m;
            sensor.edge = EdgeId(e);
            sensor.along_m = std::min(place.along_m, streets.edges[e].length_m);
        }
    }
    return sensor.edge.is_valid();
}

bool stands_on_land(const City& city, const Sensor& gauge) {
    return nearest_open_cell(city.terrain, gauge.at, gauge_reach_m).has_value();
}

/// Loops and gauges observe one place.
bool has_range(SensorKind kind) {
    return kind == SensorKind::CrowdCounter || kind == SensorKind::AirMonitor;
}

Sensor sensor_of(const LayerFeature& feature, const Vec2& at, const City& city,
                 Problems& problems) {
    Sensor sensor;
    sensor.name = value_for(feature, "name");
    sensor.kind = static_cast<SensorKind>(kind_index(feature, "sensors"));
    sensor.at = at;
    sensor.range_m = number_for(feature, "range", counter_range_m);
    sensor.is_range_assumed = value_for(feature, "range").empty() && has_range(sensor.kind);
    if (sensor.kind == SensorKind::LoopDetector && !lay_on_street(city.streets, sensor)) {
        problems.add(fmt::format("{}: a loop detector needs a street within {:g} m", feature.source,
                                 loop_reach_m));
    }
    if (sensor.kind == SensorKind::WaterGauge && !stands_on_land(city, sensor)) {
        problems.add(fmt::format("{}: a water gauge needs open ground within {:g} m: neither sea "
                                 "nor building",
                                 feature.source, gauge_reach_m));
    }
    return sensor;
}

std::optional<SensorKind> sensor_kind(const Tags& tags) {
    const std::string& man_made = tag(tags, "man_made");
    if (man_made == "surveillance" && tag(tags, "surveillance") != "indoor") {
        const std::string& type = tag(tags, "surveillance:type");
        return type.empty() || type == "camera" ? std::optional(SensorKind::CrowdCounter)
                                                : std::nullopt;
    }
    if (man_made != "monitoring_station") {
        return std::nullopt;
    }
    if (tag(tags, "monitoring:water_level") == "yes") {
        return SensorKind::WaterGauge;
    }
    if (tag(tags, "monitoring:air_quality") == "yes") {
        return SensorKind::AirMonitor;
    }
    return tag(tags, "monitoring:traffic") == "yes" ? std::optional(SensorKind::LoopDetector)
                                                    : std::nullopt;
}

void add_from_osm(const AssetSources& from, std::vector<Sensor>& sensors) {
    for (const OsmNode& node : from.sources.osm.nodes) {
        const auto kind = sensor_kind(node.tags);
        if (!kind || !from.is_inside(node.at)) {
            continue;
        }
        Sensor sensor;
        sensor.kind = *kind;
        sensor.at = node.at;
        sensor.range_m = *kind == SensorKind::CrowdCounter ? camera_range_m : counter_range_m;
        sensor.is_range_assumed = has_range(*kind);
        sensor.name = tag(node.tags, "name");
        if (sensor.name.empty()) {
            sensor.name = fmt::format("{} {}",
                                      *kind == SensorKind::CrowdCounter ? "camera"
                                      : *kind == SensorKind::WaterGauge ? "gauge"
                                                                        : "monitor",
                                      node.id);
        }
        const bool has_place =
            *kind == SensorKind::LoopDetector
                ? lay_on_street(from.city.streets, sensor)
                : *kind != SensorKind::WaterGauge || stands_on_land(from.city, sensor);
        if (has_place) {
            sensors.push_back(std::move(sensor));
        }
    }
}

/// One loop on each approach of each signal.
void add_loops(const AssetSources& from, std::vector<Sensor>& sensors) {
    const StreetNetwork& streets = from.city.streets;
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const Edge& edge = streets.edges[e];
        if (!streets.node(edge.to).signal.is_valid()) {
            continue;
        }
        Sensor sensor;
        sensor.kind = SensorKind::LoopDetector;
        sensor.name = fmt::format("loop {} {}", edge.name.empty() ? "street" : edge.name, e);
        sensor.edge = EdgeId(e);
        sensor.along_m = std::max(0.5 * edge.length_m, edge.length_m - before_stop_line_m);
        sensor.at = place_at(edge.line, sensor.along_m).at;
        sensor.is_assumed = true;
        sensors.push_back(std::move(sensor));
    }
}

/// Counters that cover an area asked for by name: one in its middle, with the range of a circle of
/// the same size.
void add_counters(const AssetSources& from, std::vector<Sensor>& sensors) {
    Problems problems;
    std::vector<std::string> known;
    for (const NamedArea& area : from.city.areas) {
        known.push_back(area.name);
    }
    for (const std::string& name : from.recipe.assumptions.crowd_counters) {
        const auto area = std::find_if(from.city.areas.begin(), from.city.areas.end(),
                                       [&](const NamedArea& a) { return a.name == name; });
        if (area == from.city.areas.end()) {
            const std::string near = nearest_word(name, known);
            problems.add(
                fmt::format("{}: assumptions.crowd_counters: the city has no area \"{}\"{}",
                            from.recipe.file.string(), name,
                            near.empty() ? "" : fmt::format(", did you mean \"{}\"?", near)));
            continue;
        }
        Sensor sensor;
        sensor.kind = SensorKind::CrowdCounter;
        sensor.name = "counter " + name;
        sensor.at = centroid_of(area->area.outer);
        sensor.range_m = std::clamp(std::sqrt(area_m2(area->area) / std::numbers::pi), 10.0, 100.0);
        sensor.is_assumed = sensor.is_range_assumed = true;
        sensors.push_back(std::move(sensor));
    }
    problems.throw_if_any();
}

} // namespace

std::vector<Sensor> build_sensors(const AssetSources& from) {
    std::vector<Sensor> sensors;
    Problems problems;
    for (const LayerFeature& feature : from.layer("sensors")) {
        for (const Vec2& at : feature.points) {
            sensors.push_back(sensor_of(feature, at, from.city, problems));
            if (sensors.back().name.empty()) {
                sensors.back().name = fmt::format("sensor {}", sensors.size());
            }
        }
    }
    problems.throw_if_any();
    add_from_osm(from, sensors);
    from.report.found.push_back(fmt::format("{} sensors", sensors.size()));
    const std::size_t known = sensors.size();
    const auto ranges = std::count_if(sensors.begin(), sensors.end(),
                                      [](const Sensor& sensor) { return sensor.is_range_assumed; });
    if (ranges > 0) {
        from.report.assumed.push_back(
            fmt::format("range of {} of {} known sensors: cameras of OpenStreetMap {:g} m, other "
                        "counters and monitors {:g} m",
                        ranges, known, camera_range_m, counter_range_m));
    }
    if (from.recipe.assumptions.has_loops_at_signals) {
        add_loops(from, sensors);
    }
    add_counters(from, sensors);
    if (sensors.size() > known) {
        from.report.assumed.push_back(fmt::format(
            "{} sensors as the recipe asks: loop detectors {:g} m before signals, crowd counters "
            "at named areas",
            sensors.size() - known, before_stop_line_m));
    }
    return sensors;
}

} // namespace veste
