#include "scenario/keys.hpp"

namespace veste::scenario_file {
namespace {

Key streets(std::string_view name, std::string_view meaning) {
    return {.name = name, .type = KeyType::Weights, .meaning = meaning, .otherwise = "border"};
}

KeyGroup vehicle_keys() {
    return {
        .name = "vehicles",
        .title = "[[vehicles]]",
        .meaning = "Vehicles that drive from one street to another. \"border\" stands for all "
                   "streets that leave the city; names are places, else streets; an OSM way is "
                   "named by its id, as \"way 4097656\".",
        .keys = {{.name = "name", .meaning = "in results", .is_required = true},
                 {.name = "count",
                  .type = KeyType::Whole,
                  .meaning = "how many",
                  .unit = "vehicles",
                  .low = 0,
                  .high = 1000000,
                  .is_required = true},
                 {.name = "classes",
                  .type = KeyType::Weights,
                  .meaning = "vehicle classes with their shares",
                  .otherwise = "car",
                  .choices = {"car", "van", "truck", "bus", "bicycle", "emergency"}},
                 streets("from", "where they come from: \"border\", or places, streets and ways"),
                 streets("to", "where they go"),
                 {.name = "departure",
                  .type = KeyType::Table,
                  .meaning = "when they set out",
                  .default_text = "the whole run",
                  .group = "departure"}},
    };
}

KeyGroup emergency_route_keys() {
    return {
        .name = "emergency_route",
        .title = "[[emergency_route]]",
        .meaning = "A way emergency vehicles must get through; its travel time is reported. Ends "
                   "are the nearest streets within 100 m.",
        .keys = {{.name = "from",
                  .type = KeyType::PointOrName,
                  .meaning = "point, place, station of the city, or street",
                  .is_required = true},
                 {.name = "to",
                  .type = KeyType::PointOrName,
                  .meaning = "point, place, station of the city, or street",
                  .is_required = true}},
    };
}

KeyGroup signal_plan_keys() {
    return {
        .name = "signal_plan",
        .title = "[[signal_plan]]",
        .meaning = "A fixed-time plan for one signal: its first plan with another timing, or "
                   "phases of its own.",
        .keys = {{.name = "name", .meaning = "how changes refer to it", .is_required = true},
                 {.name = "signal",
                  .type = KeyType::SignalName,
                  .meaning = "name, OSM node id, or a point within 50 m",
                  .is_required = true},
                 {.name = "offset",
                  .type = KeyType::Quantity,
                  .meaning = "the first phase begins so long after the start of the run",
                  .unit = "s",
                  .low = -3600,
                  .high = 3600,
                  .otherwise = "0 s"},
                 {.name = "cycle",
                  .type = KeyType::Quantity,
                  .meaning = "green phases of the first plan are stretched or cut to this cycle, "
                             "each at least 5 s, 7 s where people walk; yellow and all-red stay",
                  .unit = "s",
                  .low = 10,
                  .high = 600},
                 {.name = "durations",
                  .type = KeyType::Quantities,
                  .meaning = "new durations of the first plan's phases, one for each",
                  .unit = "s",
                  .low = 1,
                  .high = 600},
                 {.name = "phases",
                  .type = KeyType::Tables,
                  .meaning = "phases of its own",
                  .group = "phase"}},
        .exactly_one = {"cycle", "durations", "phases"},
    };
}

KeyGroup phase_keys() {
    return {
        .name = "phase",
        .title = "phases",
        .meaning = "Phases of a signal plan.",
        .keys = {{.name = "duration",
                  .type = KeyType::Quantity,
                  .meaning = "how long it lasts",
                  .unit = "s",
                  .low = 1,
                  .high = 600,
                  .is_required = true},
                 {.name = "lights",
                  .meaning = "one letter for each link of the signal, connections then crossings: "
                             "G green, g green that yields, y yellow, r red",
                  .is_required = true}},
    };
}

} // namespace

std::vector<KeyGroup> traffic_keys() {
    return {vehicle_keys(), emergency_route_keys(), signal_plan_keys(), phase_keys()};
}

} // namespace veste::scenario_file
