#include "scenario/drawn.hpp"

namespace veste::scenario_file {
namespace {

Key tables(std::string_view name, std::string_view meaning) {
    return {.name = name, .type = KeyType::Tables, .meaning = meaning, .group = name};
}

Key table(std::string_view name, std::string_view meaning, bool is_required = false) {
    return {.name = name,
            .type = KeyType::Table,
            .meaning = meaning,
            .is_required = is_required,
            .group = name};
}

KeyGroup file_keys() {
    return {
        .name = "",
        .title = "The file",
        .meaning =
            "Quantities are text with a unit (\"30 km/h\"); bare numbers are counts, shares, "
            "weights and ids only. Points are [longitude, latitude], or [x, y] in `crs`. "
            "Moments are clock times (\"20:10\", \"20:10:30\"; after midnight \"24:30\", or "
            "\"00:30\" when that is more than 12 h before the start) or times since the "
            "start (\"10 min\").",
        .keys =
            {
                {.name = "name", .meaning = "of the scenario", .default_text = "the folder's name"},
                {.name = "base",
                 .meaning = "another scenario file that this one differs from, relative to this "
                            "file: tables are overridden key by key, [[tables]] are appended, or "
                            "replace those of the same name; all that is required may stand there"},
                {.name = "description", .meaning = "one or two sentences for readers"},
                {.name = "city",
                 .meaning = "city file (.h5) or recipe (.toml), relative to this file",
                 .is_required = true},
                {.name = "crs",
                 .meaning = "CRS of all coordinates in this file: an EPSG code or WKT",
                 .otherwise = "EPSG:4326"},
                {.name = "seed",
                 .type = KeyType::Whole,
                 .meaning = "of all random draws",
                 .low = 0,
                 .high = 9007199254740992.0,
                 .otherwise = "1"},
                table("clock", "when the run takes place", true),
                table("steps", "lengths of the steps"),
                tables("place", "areas that the rest of the file refers to by name"),
                tables("profile", "how people of one kind walk"),
                table("walking", "how people on foot choose their ways"),
                tables("pedestrians", "people who walk from place to place"),
                tables("gate", "gates people queue at and are served one by one"),
                tables("barrier", "lines nobody steps over while they are up"),
                tables("journey", "what people do on their way, in stages"),
                tables("event", "attractions with visitors"),
                tables("vehicles", "vehicles that drive from street to street"),
                tables("emergency_route", "ways whose travel time is reported"),
                tables("signal_plan", "traffic signal plans beside those of the city"),
                table("weather", "rain, inflows and clouds"),
                table("sensing", "how sensors report"),
                tables("sensor", "sensors beside those of the city"),
                tables("change", "the timeline: what changes when"),
                tables("rule", "changes that sensors set off"),
                tables("measurement_line", "lines that people are counted over"),
                tables("measurement_area", "areas that density and speed are measured in"),
                table("outputs", "what is recorded, how often and where"),
            },
    };
}

KeyGroup clock_keys() {
    return {
        .name = "clock",
        .title = "[clock]",
        .meaning = "When the run takes place, local time.",
        .keys = {{.name = "date",
                  .type = KeyType::Date,
                  .meaning = "local calendar date, YYYY-MM-DD: sun and daylight",
                  .is_required = true},
                 {.name = "start",
                  .type = KeyType::ClockTime,
                  .meaning = "local clock time at the start",
                  .is_required = true},
                 {.name = "duration",
                  .type = KeyType::Quantity,
                  .meaning = "length of the run, a multiple of the tick",
                  .unit = "s",
                  .low = 1,
                  .high = 604800,
                  .is_required = true},
                 {.name = "utc_offset",
                  .type = KeyType::Quantity,
                  .meaning = "local time less UTC, summer time included",
                  .unit = "h",
                  .low = -12,
                  .high = 14,
                  .is_required = true}},
    };
}

KeyGroup step_keys() {
    return {
        .name = "steps",
        .title = "[steps]",
        .meaning = "Lengths of the steps; those of traffic and pedestrians divide the tick.",
        .keys = {{.name = "tick",
                  .type = KeyType::Quantity,
                  .meaning = "changes, sensors and coupling act at each",
                  .unit = "s",
                  .low = 0.1,
                  .high = 10,
                  .otherwise = "1 s"},
                 {.name = "traffic",
                  .type = KeyType::Quantity,
                  .meaning = "step of vehicles",
                  .unit = "s",
                  .low = 0.05,
                  .high = 1,
                  .otherwise = "0.5 s"},
                 {.name = "pedestrians",
                  .type = KeyType::Quantity,
                  .meaning = "step of people on foot",
                  .unit = "s",
                  .low = 0.01,
                  .high = 0.5,
                  .otherwise = "0.1 s"}},
    };
}

KeyGroup place_keys() {
    return {
        .name = "place",
        .title = "[[place]]",
        .meaning = "An area with a name: a named area of the city, a polygon of a GIS layer, a "
                   "polygon, or a circle. Its walkable ground are the triangles of the city whose "
                   "middle lies in it, or exactly what is drawn.",
        .keys = {{.name = "name", .meaning = "how the file refers to it", .is_required = true},
                 {.name = "area",
                  .meaning = "name of an area of the city (a square, quay, park, building)"},
                 {.name = "file",
                  .meaning = "vector file in any format of GDAL, relative to this file"},
                 {.name = "layer", .meaning = "layer of `file`", .default_text = "the only one"},
                 {.name = "feature",
                  .meaning = "feature of the layer, by name",
                  .default_text = "the place's name"},
                 {.name = "name_attribute",
                  .meaning = "attribute of the layer that holds the features' names",
                  .otherwise = "name"},
                 {.name = "crs",
                  .meaning = "CRS of this place's coordinates, or of a layer that tells none",
                  .default_text = "the layer's own, else that of the file"},
                 {.name = "polygon", .type = KeyType::Points, .meaning = "corners in order"},
                 {.name = "circle",
                  .type = KeyType::Table,
                  .meaning = "centre and radius",
                  .group = "circle"},
                 {.name = "exact",
                  .type = KeyType::Truth,
                  .meaning = "cut walkable ground along the outline (to 2 cm; corners nearer than "
                             "5 cm are taken as one): the place holds exactly what is drawn. Not "
                             "for outlines along walls, which leave slivers that slow people",
                  .otherwise = "false"},
                 level_key("of its walkable ground, where levels lie above each other",
                           "ground of all levels")},
        .exactly_one = {"area", "file", "polygon", "circle"},
    };
}

KeyGroup circle_keys() {
    return {
        .name = "circle",
        .title = "circle",
        .meaning = "Of a place.",
        .keys = {{.name = "at", .type = KeyType::Point, .meaning = "centre", .is_required = true},
                 {.name = "radius",
                  .type = KeyType::Quantity,
                  .meaning = "radius",
                  .unit = "m",
                  .low = 1,
                  .high = 10000,
                  .is_required = true}},
    };
}

Key interval(std::string_view name, std::string_view meaning, std::string_view otherwise) {
    return {.name = name,
            .type = KeyType::Quantity,
            .meaning = meaning,
            .unit = "s",
            .low = 0.1,
            .high = 3600,
            .otherwise = otherwise};
}

KeyGroup output_group() {
    return {
        .name = "outputs",
        .title = "[outputs]",
        .meaning = "What the results file holds. Intervals are multiples of the tick.",
        .keys = {{.name = "trajectories",
                  .type = KeyType::Truth,
                  .meaning = "record positions of people and vehicles",
                  .otherwise = "true"},
                 {.name = "water",
                  .type = KeyType::Truth,
                  .meaning = "record depth and speed of water",
                  .otherwise = "true"},
                 {.name = "illuminance",
                  .type = KeyType::Truth,
                  .meaning = "record light on the ground",
                  .otherwise = "true"},
                 interval("trajectories_every", "interval of positions", "1 s"),
                 interval("rasters_every", "interval of water and light", "60 s"),
                 interval("signals_every", "interval of signal lights", "5 s"),
                 interval("indicators_every", "interval of indicators", "60 s"),
                 interval("measures_every", "interval of measurement lines and areas", "10 s"),
                 interval("voronoi_every", "interval at which Voronoi cells are taken", "10 s"),
                 {.name = "heat_maps",
                  .type = KeyType::Truth,
                  .meaning = "record heat maps of people: mean and largest density, time above the "
                             "threshold, largest crowd pressure; of levels above each other "
                             "only the one nearest to 0 counts",
                  .otherwise = "false"},
                 interval("heat_maps_every", "interval at which heat maps take a sample", "2 s"),
                 {.name = "heat_cell",
                  .type = KeyType::Quantity,
                  .meaning = "cell size of heat maps",
                  .unit = "m",
                  .low = 0.25,
                  .high = 5,
                  .otherwise = "1 m"},
                 {.name = "heat_threshold",
                  .type = KeyType::Number,
                  .meaning = "density that the time above is taken of, persons per m2",
                  .low = 0.1,
                  .high = 10,
                  .otherwise = "4"},
                 {.name = "raster_cell",
                  .type = KeyType::Quantity,
                  .meaning = "cell size of recorded rasters, not below the terrain's",
                  .unit = "m",
                  .low = 0.1,
                  .high = 1000,
                  .default_text = "the terrain's"},
                 {.name = "area",
                  .meaning = "place that recorded rasters and heat maps are cut to",
                  .default_text = "the whole city"}},
    };
}

Key measured_level() {
    return {.name = "level",
            .type = KeyType::Whole,
            .meaning = "level of the ground; people on others do not count",
            .low = -50,
            .high = 50,
            .otherwise = "0"};
}

KeyGroup line_group() {
    return {
        .name = "measurement_line",
        .title = "[[measurement_line]]",
        .meaning = "A line that people are counted over, forward (from its left side to its right, "
                   "seen from `from`) and backward.",
        .keys =
            {{.name = "name", .meaning = "how results name it", .is_required = true},
             {.name = "from", .type = KeyType::Point, .meaning = "one end", .is_required = true},
             {.name = "to",
              .type = KeyType::Point,
              .meaning = "the other end",
              .is_required = true},
             measured_level()},
    };
}

KeyGroup area_group() {
    return {
        .name = "measurement_area",
        .title = "[[measurement_area]]",
        .meaning = "An area that density, speed, specific flow and level of service are measured "
                   "in: a place or a polygon.",
        .keys = {{.name = "name", .meaning = "how results name it", .is_required = true},
                 {.name = "place", .meaning = "name of a place"},
                 {.name = "polygon", .type = KeyType::Points, .meaning = "corners in order"},
                 measured_level(),
                 {.name = "cut_off",
                  .type = KeyType::Quantity,
                  .meaning = "Voronoi cells reach no farther from a person",
                  .unit = "m",
                  .low = 0.3,
                  .high = 10,
                  .otherwise = "1 m"}},
        .exactly_one = {"place", "polygon"},
    };
}

} // namespace

std::vector<KeyGroup> general_keys() {
    return {file_keys(), clock_keys(), step_keys(), place_keys(), circle_keys()};
}

std::vector<KeyGroup> output_keys() {
    return {line_group(), area_group(), output_group()};
}

} // namespace veste::scenario_file
