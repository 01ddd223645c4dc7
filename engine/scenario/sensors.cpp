#include "city/assets.hpp"
#include "scenario/reading.hpp"

#include <cmath>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

void lay_loop(Reading& reading, Section& section, Sensor& sensor) {
    constexpr double reach_m = 20.0;
    const StreetNetwork& streets = reading.city.streets;
    const auto edge = nearest_edge(streets, sensor.at, reach_m);
    if (!edge) {
        section.problem("at", fmt::format("no street within {} m to lay a loop on", reach_m));
        return;
    }
    sensor.edge = *edge;
    sensor.along_m = std::min(nearest_place(streets.edge(*edge).line, sensor.at).along_m,
                              streets.edge(*edge).length_m);
}

/// A gauge in the sea or among walls would have no water to measure.
void check_gauge(const Reading& reading, Section& section, const Sensor& sensor) {
    const Terrain& terrain = reading.city.terrain;
    if (terrain.shape().cells() > 0 && !nearest_open_cell(terrain, sensor.at, gauge_reach_m)) {
        section.problem("at", fmt::format("no open ground within {} m for a water gauge: it lies "
                                          "in the sea or in buildings; it must stand on land",
                                          gauge_reach_m));
    }
    if (!reading.scenario.has_flood) {
        reading.warn_at(section.place("kind"), "sensor " + sensor.name +
                                                   ": no water is computed (weather.flood = "
                                                   "false), so the gauge never reports");
    }
}

Sensor sensor_of(Section& section, Reading& reading) {
    Sensor sensor;
    sensor.name = section.text("name");
    check_unique(section, sensor.name, "sensor", sensor_names(reading.scenario));
    sensor.kind = static_cast<SensorKind>(section.choice("kind"));
    sensor.range_m = section.quantity("range");
    const Named feeder{section.text("feeder"), section.place("feeder")};
    const auto at = local_point(reading, section, "at");
    if (at) {
        sensor.at = *at;
        sensor.feeder = feeder_at(reading.city.assets.feeders, *at);
        if (sensor.kind == SensorKind::LoopDetector) {
            lay_loop(reading, section, sensor);
        }
        if (sensor.kind == SensorKind::WaterGauge) {
            check_gauge(reading, section, sensor);
        }
    }
    if (!feeder.name.empty()) {
        if (const auto index = find_name(section, "feeder", feeder, "power feeder of the city",
                                         feeder_names(reading.city))) {
            sensor.feeder = FeederId(*index);
        }
    }
    return sensor;
}

} // namespace

void read_sensors(Section& file, Reading& reading) {
    Scenario& scenario = reading.scenario;
    if (auto section = file.table("sensing")) {
        scenario.sensor_interval_s = section->quantity("interval");
        scenario.noise.relative_sd = section->number("relative_noise");
        scenario.noise.absolute_sd = section->number("absolute_noise");
        const double ticks = scenario.sensor_interval_s / scenario.steps.tick_s;
        if (std::abs(ticks - std::round(ticks)) > 1e-6) {
            section->problem("interval", fmt::format("must be a multiple of the tick, {} s",
                                                     scenario.steps.tick_s));
        }
    }
    scenario.sensors = reading.city.assets.sensors;
    for (Section& section : file.tables("sensor")) {
        scenario.sensors.push_back(sensor_of(section, reading));
    }
}

} // namespace veste::scenario_file
