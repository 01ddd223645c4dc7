#include "scenario/keys.hpp"

namespace veste::scenario_file {
namespace {

Key table(std::string_view name, std::string_view meaning, std::string_view group) {
    return {.name = name, .type = KeyType::Table, .meaning = meaning, .group = group};
}

Key truth(std::string_view name, std::string_view meaning) {
    return {.name = name, .type = KeyType::Truth, .meaning = meaning, .is_required = true};
}

KeyGroup street_keys() {
    return {
        .name = "streets",
        .title = "Streets of a change",
        .meaning = "Any of these, taken together.",
        .keys = {{.name = "street", .type = KeyType::Names, .meaning = "streets by name"},
                 {.name = "way",
                  .type = KeyType::Ids,
                  .meaning = "by OSM way id",
                  .low = 1,
                  .high = 9007199254740992.0},
                 {.name = "place",
                  .type = KeyType::Names,
                  .meaning = "streets with their middle in a place; its walkable ground too, where "
                             "the change concerns people"},
                 {.name = "polygon", .type = KeyType::Points, .meaning = "the same in a polygon"}},
    };
}

KeyGroup way_keys() {
    return {
        .name = "ways",
        .title = "Streets, footpaths and places of a change",
        .meaning = "Footpaths (`way` names them too) and streets, taken together.",
        .keys = {{.name = "footpath", .type = KeyType::Names, .meaning = "footpaths by name"}},
        .includes = {"streets"},
    };
}

KeyGroup closing_keys() {
    return {
        .name = "closing",
        .title = "close, open",
        .meaning = "Ways to close or to open again.",
        .keys = {{.name = "who",
                  .type = KeyType::Choice,
                  .meaning = "for whom",
                  .otherwise = "all",
                  .choices = {"all", "vehicles", "people"}},
                 {.name = "admits",
                  .type = KeyType::Names,
                  .meaning = "classes of vehicles that may still enter closed streets: car, van, "
                             "truck, bus, bicycle, emergency; or none",
                  .default_text = "emergency"}},
        .includes = {"ways"},
        .at_least_one = {"street", "way", "footpath", "place", "polygon"},
    };
}

KeyGroup one_way_keys() {
    return {
        .name = "one_way",
        .title = "one_way",
        .meaning = "Streets that may be driven in one direction only from now on.",
        .keys = {{.name = "towards",
                  .type = KeyType::PointOrName,
                  .meaning = "the direction that stays open: towards a point, place or street",
                  .is_required = true}},
        .includes = {"streets"},
        .at_least_one = {"street", "way", "place", "polygon"},
    };
}

KeyGroup speed_limit_keys() {
    return {
        .name = "speed_limit",
        .title = "speed_limit",
        .meaning = "A speed limit on streets.",
        .keys = {{.name = "limit",
                  .type = KeyType::Quantity,
                  .meaning = "the new limit",
                  .unit = "km/h",
                  .low = 1,
                  .high = 200,
                  .is_required = true}},
        .includes = {"streets"},
        .at_least_one = {"street", "way", "place", "polygon"},
    };
}

KeyGroup lamp_keys() {
    return {
        .name = "lamps",
        .title = "lamps",
        .meaning = "Street lamps in places and polygons, and within 20 m of streets and footpaths.",
        .keys = {{.name = "all",
                  .type = KeyType::Truth,
                  .meaning = "all lamps of the city",
                  .otherwise = "false"},
                 truth("on", "true: on, false: off")},
        .includes = {"ways"},
        .at_least_one = {"all", "street", "way", "footpath", "place", "polygon"},
    };
}

KeyGroup feeder_keys() {
    return {
        .name = "feeder",
        .title = "feeder",
        .meaning = "A power feeder with its lamps, signals and sensors.",
        .keys = {{.name = "name", .meaning = "of the feeder"},
                 {.name = "at", .type = KeyType::Point, .meaning = "the feeder of this place"},
                 truth("on", "true: on, false: off")},
        .exactly_one = {"name", "at"},
    };
}

KeyGroup sensor_switch_keys() {
    return {
        .name = "sensor_switch",
        .title = "sensor",
        .meaning = "A sensor in or out of service.",
        .keys = {{.name = "name", .meaning = "of the city or the scenario", .is_required = true},
                 truth("on", "false: its observations are missing")},
    };
}

KeyGroup gate_switch_keys() {
    return {
        .name = "gate_switch",
        .title = "gate",
        .meaning = "A gate opened or closed.",
        .keys = {{.name = "name", .meaning = "of the gate", .is_required = true},
                 truth("open", "true: opened, false: closed")},
    };
}

KeyGroup plan_switch_keys() {
    return {
        .name = "plan_switch",
        .title = "signal_plan",
        .meaning = "Another plan for a signal.",
        .keys = {{.name = "signal",
                  .type = KeyType::SignalName,
                  .meaning = "name, OSM node id, or a point within 50 m",
                  .is_required = true},
                 {.name = "plan",
                  .meaning = "a plan of the city for this signal, or a [[signal_plan]]",
                  .is_required = true}},
    };
}

KeyGroup action_keys() {
    return {
        .name = "action",
        .title = "What changes",
        .meaning = "Exactly one of these in each [[change]] and in `do` of each [[rule]].",
        .keys = {table("close", "close streets, footpaths and places", "closing"),
                 table("open", "open them again", "closing"),
                 table("one_way", "make streets one-way", "one_way"),
                 table("speed_limit", "set a speed limit", "speed_limit"),
                 table("lamps", "switch lamps", "lamps"),
                 table("feeder", "switch a power feeder", "feeder"),
                 table("sensor", "switch a sensor", "sensor_switch"),
                 table("gate", "open or close a gate", "gate_switch"),
                 table("signal_plan", "give a signal another plan", "plan_switch"),
                 table("barrier", "put a barrier up or remove it", "barrier_switch"),
                 table("release", "let held people go faster or slower", "release"),
                 table("evacuate", "order a zone or everyone to leave", "evacuate"),
                 table("message", "tell those in a place, or all", "message"),
                 table("post", "put up a sign, or post staff", "post"),
                 table("lift", "take an order back", "lift"),
                 {.name = "rainfall",
                  .type = KeyType::Quantity,
                  .meaning = "rain everywhere from now on, in place of the hyetograph",
                  .unit = "mm/h",
                  .low = 0,
                  .high = 1000}},
        .exactly_one = {"close", "open", "one_way", "speed_limit", "lamps", "feeder", "sensor",
                        "gate", "signal_plan", "barrier", "release", "evacuate", "message", "post",
                        "lift", "rainfall"},
    };
}

KeyGroup change_keys() {
    return {
        .name = "change",
        .title = "[[change]]",
        .meaning = "A change at a moment.",
        .keys = {{.name = "at",
                  .type = KeyType::Moment,
                  .meaning = "when, within the run",
                  .is_required = true},
                 {.name = "text",
                  .meaning = "as the event log shows it",
                  .default_text = "made from the change"}},
        .includes = {"action"},
    };
}

KeyGroup rule_keys() {
    return {
        .name = "rule",
        .title = "[[rule]]",
        .meaning = "When SENSOR above VALUE for DURATION do CHANGE, once.",
        .keys = {{.name = "name", .meaning = "in the event log", .is_required = true},
                 {.name = "when",
                  .type = KeyType::Table,
                  .meaning = "what sets it off",
                  .is_required = true,
                  .group = "when"},
                 {.name = "do",
                  .type = KeyType::Table,
                  .meaning = "what it changes",
                  .is_required = true,
                  .group = "action"}},
    };
}

KeyGroup when_keys() {
    return {
        .name = "when",
        .title = "when",
        .meaning = "The condition of a rule, judged on what the sensor reports.",
        .keys = {{.name = "sensor", .meaning = "of the city or the scenario", .is_required = true},
                 {.name = "above",
                  .type = KeyType::Threshold,
                  .meaning = "people or vehicles; for water gauges a depth such as \"20 cm\""},
                 {.name = "below", .type = KeyType::Threshold, .meaning = "the same"},
                 {.name = "for",
                  .type = KeyType::Quantity,
                  .meaning = "how long it must hold",
                  .unit = "s",
                  .low = 0,
                  .high = 86400,
                  .otherwise = "0 s"}},
        .exactly_one = {"above", "below"},
    };
}

} // namespace

std::vector<KeyGroup> timeline_keys() {
    return {change_keys(),  rule_keys(),          when_keys(),        action_keys(),
            closing_keys(), one_way_keys(),       speed_limit_keys(), lamp_keys(),
            feeder_keys(),  sensor_switch_keys(), gate_switch_keys(), plan_switch_keys(),
            way_keys(),     street_keys()};
}

} // namespace veste::scenario_file
