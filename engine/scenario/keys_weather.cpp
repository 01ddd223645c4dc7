#include "scenario/keys.hpp"

namespace veste::scenario_file {
namespace {

KeyGroup weather_group() {
    return {
        .name = "weather",
        .title = "[weather]",
        .meaning = "Rain, inflows and clouds.",
        .keys = {{.name = "flood",
                  .type = KeyType::Truth,
                  .meaning = "false: no water is computed",
                  .otherwise = "true"},
                 {.name = "border",
                  .type = KeyType::Choice,
                  .meaning = "of the city's ground: water leaves over it where the ground falls "
                             "outwards, or stays inside",
                  .otherwise = "open",
                  .choices = {"open", "closed"}},
                 {.name = "cloud_cover",
                  .type = KeyType::Number,
                  .meaning = "0 to 1, dims daylight",
                  .low = 0,
                  .high = 1,
                  .otherwise = "0"},
                 {.name = "rain",
                  .type = KeyType::Series,
                  .meaning = "hyetograph: each rate holds from its moment to the next",
                  .unit = "mm/h",
                  .low = 0,
                  .high = 1000,
                  .default_text = "dry"},
                 {.name = "storm",
                  .type = KeyType::Table,
                  .meaning = "a design storm instead of `rain`",
                  .group = "storm"},
                 {.name = "inflow",
                  .type = KeyType::Tables,
                  .meaning = "water that enters at a place: river, breach, burst main",
                  .group = "inflow"}},
        .at_most_one = {"rain", "storm"},
    };
}

KeyGroup storm_keys() {
    return {
        .name = "storm",
        .title = "storm",
        .meaning = "A design storm: uniform, or the triangular hyetograph of Yen and Chow (1980).",
        .keys = {{.name = "begin",
                  .type = KeyType::Moment,
                  .meaning = "first rain",
                  .default_text = "the start"},
                 {.name = "duration",
                  .type = KeyType::Quantity,
                  .meaning = "length",
                  .unit = "min",
                  .low = 1,
                  .high = 2880,
                  .is_required = true},
                 {.name = "total",
                  .type = KeyType::Quantity,
                  .meaning = "depth of rain in all",
                  .unit = "mm",
                  .low = 0,
                  .high = 2000,
                  .is_required = true},
                 {.name = "shape",
                  .type = KeyType::Choice,
                  .meaning = "course of the rate",
                  .otherwise = "triangular",
                  .choices = {"uniform", "triangular"}},
                 {.name = "peak",
                  .type = KeyType::Number,
                  .meaning = "share of the duration before the peak (triangular)",
                  .low = 0,
                  .high = 1,
                  .otherwise = "0.375"},
                 {.name = "step",
                  .type = KeyType::Quantity,
                  .meaning = "rates are means over steps of this length",
                  .unit = "min",
                  .low = 0.1,
                  .high = 60,
                  .otherwise = "1 min"}},
    };
}

KeyGroup inflow_keys() {
    return {
        .name = "inflow",
        .title = "[[weather.inflow]]",
        .meaning = "Water that enters at a place, spread evenly over its open ground.",
        .keys = {{.name = "name", .meaning = "in results", .is_required = true},
                 {.name = "place", .meaning = "where it enters", .is_required = true},
                 {.name = "flow",
                  .type = KeyType::Series,
                  .meaning = "hydrograph: linear between the moments, zero outside",
                  .unit = "m3/s",
                  .low = 0,
                  .high = 100000,
                  .is_required = true}},
    };
}

KeyGroup sensing_keys() {
    return {
        .name = "sensing",
        .title = "[sensing]",
        .meaning = "How sensors report.",
        .keys = {{.name = "interval",
                  .type = KeyType::Quantity,
                  .meaning = "each report covers one, a multiple of the tick",
                  .unit = "s",
                  .low = 0.1,
                  .high = 3600,
                  .otherwise = "60 s"},
                 {.name = "relative_noise",
                  .type = KeyType::Number,
                  .meaning = "standard deviation as a share of the true value",
                  .low = 0,
                  .high = 1,
                  .otherwise = "0.05"},
                 {.name = "absolute_noise",
                  .type = KeyType::Number,
                  .meaning = "standard deviation in the sensor's own unit (people, vehicles, m)",
                  .low = 0,
                  .high = 1000,
                  .otherwise = "0"}},
    };
}

KeyGroup sensor_keys() {
    return {
        .name = "sensor",
        .title = "[[sensor]]",
        .meaning = "A sensor beside those of the city.",
        .keys = {{.name = "name",
                  .meaning = "how changes and rules refer to it",
                  .is_required = true},
                 {.name = "kind",
                  .type = KeyType::Choice,
                  .meaning = "people in range; vehicles that pass; depth of water; vehicles in "
                             "range",
                  .is_required = true,
                  .choices = {"crowd_counter", "loop_detector", "water_gauge", "air_monitor"}},
                 {.name = "at",
                  .type = KeyType::Point,
                  .meaning = "where; loops are laid on the nearest street within 20 m",
                  .is_required = true},
                 {.name = "range",
                  .type = KeyType::Quantity,
                  .meaning = "of counters and monitors",
                  .unit = "m",
                  .low = 1,
                  .high = 500,
                  .otherwise = "30 m"},
                 {.name = "feeder",
                  .meaning = "power feeder of the city",
                  .default_text = "the one of its place"}},
    };
}

} // namespace

std::vector<KeyGroup> weather_keys() {
    return {weather_group(), storm_keys(), inflow_keys(), sensing_keys(), sensor_keys()};
}

} // namespace veste::scenario_file
