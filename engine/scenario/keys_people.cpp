#include "scenario/keys.hpp"
#include "scenario/model_keys.hpp"

namespace veste::scenario_file {
namespace {

Key quantity(std::string_view name, std::string_view meaning, std::string_view unit, double low,
             double high, std::string_view otherwise) {
    return {.name = name,
            .type = KeyType::Quantity,
            .meaning = meaning,
            .unit = unit,
            .low = low,
            .high = high,
            .otherwise = otherwise};
}

/// A quantity whose default is that of the profile's kind.
Key by_kind(std::string_view name, std::string_view meaning, std::string_view unit, double low,
            double high, std::string_view default_text) {
    Key key = quantity(name, meaning, unit, low, high, "");
    key.default_text = default_text;
    return key;
}

Key stairs(std::string_view name, std::string_view default_text) {
    return {.name = name,
            .type = KeyType::Number,
            .meaning = "share of the free speed kept on stairs, measured on the plan",
            .low = 0.05,
            .high = 1,
            .default_text = default_text};
}

Key share(std::string_view name, std::string_view meaning) {
    return {.name = name,
            .type = KeyType::Number,
            .meaning = meaning,
            .low = 0,
            .high = 1,
            .otherwise = "0"};
}

Key groups() {
    return {.name = "groups",
            .type = KeyType::Table,
            .meaning = "who came together and stays so",
            .default_text = "everyone walks alone",
            .group = "groups"};
}

Key places(std::string_view name, std::string_view meaning) {
    return {.name = name, .type = KeyType::Weights, .meaning = meaning, .is_required = true};
}

Key profiles() {
    return {.name = "profiles",
            .type = KeyType::Weights,
            .meaning = "how they walk: profiles with their shares",
            .default_text = "one ordinary profile"};
}

Key departure(std::string_view name, std::string_view meaning, std::string_view default_text) {
    return {.name = name,
            .type = KeyType::Table,
            .meaning = meaning,
            .default_text = default_text,
            .group = "departure"};
}

KeyGroup profile_keys() {
    KeyGroup group{
        .name = "profile",
        .title = "[[profile]]",
        .meaning = "How people of one kind walk. What is not given is that of its `kind`.",
        .keys = {{.name = "name", .meaning = "how demands refer to it", .is_required = true},
                 {.name = "kind",
                  .type = KeyType::Choice,
                  .meaning = "ready numbers to begin from",
                  .otherwise = "adult",
                  .choices = {"adult", "child", "elderly", "wheelchair", "luggage", "impaired"}},
                 {.name = "free_speed",
                  .type = KeyType::Table,
                  .meaning = "speed of unhindered walking",
                  .default_text = "by kind; of adults Weidmann 1993",
                  .group = "free_speed"},
                 {.name = "age",
                  .type = KeyType::Table,
                  .meaning = "ages, in years: free speeds then follow the curve of RiMEA 4.1.1",
                  .default_text = "by kind; none for adults",
                  .group = "age"},
                 by_kind("radius", "of the body", "m", 0.1, 0.5, "by kind; of adults 0.2 m"),
                 quantity("radius_sd", "standard deviation of it, cut at two of them", "m", 0, 0.1,
                          "0 m"),
                 by_kind("time_gap", "to those ahead", "s", 0.1, 5, "by kind; of adults 0.42 s"),
                 {.name = "impaired_share",
                  .type = KeyType::Number,
                  .meaning = "share who walk 0.46 to 0.76 m/s (RiMEA)",
                  .low = 0,
                  .high = 1,
                  .default_text = "by kind; of adults 0"},
                 quantity("patience", "held up for longer, they begin to squeeze through", "s", 0,
                          600, "4 s"),
                 by_kind("height", "of the body, for its stand in water", "m", 0.5, 2.5,
                         "by kind; of adults 1.71 m"),
                 by_kind("mass", "of the body, for its stand in water", "kg", 5, 250,
                         "by kind; of adults 68.7 kg"),
                 stairs("stairs_up", "by kind; of adults 0.455, Weidmann 1993"),
                 stairs("stairs_down", "by kind; of adults 0.518, Weidmann 1993"),
                 share("informed",
                       "share who hear at once of every closed way, as by radio or an app; the "
                       "others learn of it on seeing it or from an evacuation, message or post"),
                 share("avoids_dark", "share to whom ways in the dark seem longer, see walking"),
                 {.name = "familiar",
                  .type = KeyType::Number,
                  .meaning =
                      "where a demand chooses the quickest destination: share who know them "
                      "all; the others use the one drawn by weights, until they see a nearer "
                      "one (see sight) or an order tells them",
                  .low = 0,
                  .high = 1,
                  .otherwise = "1"},
                 {.name = "reaction",
                  .type = KeyType::Table,
                  .meaning = "pre-movement time: from the departure of a demand, the egress of an "
                             "event or an alarm until they set off",
                  .default_text = "none",
                  .group = "reaction"}},
    };
    for (Key& key : walking_model_keys("that of walking")) {
        group.keys.push_back(std::move(key));
    }
    return group;
}

KeyGroup age_keys() {
    const auto years = [](std::string_view name, std::string_view meaning, double low,
                          std::string_view otherwise) {
        return Key{.name = name,
                   .type = KeyType::Number,
                   .meaning = meaning,
                   .low = low,
                   .high = 85,
                   .otherwise = otherwise};
    };
    return {
        .name = "age",
        .title = "age",
        .meaning = "Normal distribution of ages in years, cut at min and max.",
        .keys = {years("mean", "mean", 3, "40"), years("sd", "standard deviation", 0, "15"),
                 years("min", "least", 3, "18"), years("max", "most", 3, "80")},
    };
}

KeyGroup reaction_keys() {
    return {
        .name = "reaction",
        .title = "reaction",
        .meaning = "Distribution of times, cut at min and max. A uniform one lies between min and "
                   "max; an exponential one has no sd.",
        .keys = {{.name = "shape",
                  .type = KeyType::Choice,
                  .meaning = "of the distribution",
                  .otherwise = "log-normal",
                  .choices = {"none", "uniform", "normal", "log-normal", "gamma", "weibull",
                              "exponential"}},
                 quantity("mean", "mean", "s", 0, 3600, "60 s"),
                 quantity("sd", "standard deviation", "s", 0, 3600, "30 s"),
                 quantity("min", "least", "s", 0, 3600, "0 s"),
                 quantity("max", "most", "s", 0, 36000, "3600 s")},
    };
}

KeyGroup group_keys() {
    return {
        .name = "groups",
        .title = "groups",
        .meaning = "People who came together: the same way, time and gate, and they wait for each "
                   "other.",
        .keys = {{.name = "share",
                  .type = KeyType::Number,
                  .meaning = "of the people who walk in groups; up to 0.7 were seen (Moussaid and "
                             "others 2010)",
                  .low = 0,
                  .high = 1,
                  .otherwise = "0.7"},
                 {.name = "sizes",
                  .type = KeyType::Weights,
                  .meaning = "sizes 2 to 6 with their weights",
                  .default_text = "as seen by Moussaid and others 2010"}},
    };
}

KeyGroup free_speed_keys() {
    return {
        .name = "free_speed",
        .title = "free_speed",
        .meaning = "Normal distribution of a profile, cut at min and max. Defaults are those of "
                   "adults; other kinds have their own.",
        .keys = {quantity("mean", "mean", "m/s", 0.1, 3, "1.34 m/s"),
                 quantity("sd", "standard deviation", "m/s", 0, 1, "0.26 m/s"),
                 quantity("min", "least", "m/s", 0.05, 3, "0.58 m/s"),
                 quantity("max", "most", "m/s", 0.1, 4, "2 m/s")},
    };
}

KeyGroup departure_keys() {
    return {
        .name = "departure",
        .title = "departure, arrival, egress",
        .meaning = "When people or vehicles set out.",
        .keys = {{.name = "begin",
                  .type = KeyType::Moment,
                  .meaning = "first",
                  .default_text = "the start"},
                 {.name = "end",
                  .type = KeyType::Moment,
                  .meaning = "last",
                  .default_text = "the end of the run"},
                 {.name = "shape",
                  .type = KeyType::Choice,
                  .meaning = "between them (normal: begin and end are two standard deviations "
                             "from the middle)",
                  .otherwise = "uniform",
                  .choices = {"uniform", "triangular", "normal"}}},
    };
}

KeyGroup pedestrian_keys() {
    return {
        .name = "pedestrians",
        .title = "[[pedestrians]]",
        .meaning = "People who walk from one place to another and are then gone.",
        .keys = {{.name = "name", .meaning = "in results", .is_required = true},
                 {.name = "count",
                  .type = KeyType::Whole,
                  .meaning = "how many",
                  .unit = "people",
                  .low = 0,
                  .high = 1000000,
                  .is_required = true},
                 profiles(),
                 places("from", "places they come from"),
                 places("to", "places they go to; never where they come from, if there is another"),
                 departure("departure", "when they set out", "the whole run"),
                 {.name = "arrivals",
                  .type = KeyType::Table,
                  .meaning = "vehicles that they get off, instead of departure",
                  .default_text = "none",
                  .group = "arrivals"},
                 groups(),
                 {.name = "destination_choice",
                  .type = KeyType::Choice,
                  .meaning =
                      "of several places: drawn by their weights, or the one each expects to "
                      "reach first",
                  .otherwise = "weights",
                  .choices = {"weights", "quickest"}},
                 {.name = "knows_places",
                  .type = KeyType::Number,
                  .meaning =
                      "share who know all places and so choose the quickest; the others keep "
                      "to the one drawn by weights",
                  .low = 0,
                  .high = 1,
                  .otherwise = "1"},
                 {.name = "journey",
                  .meaning = "what they do before they leave at `to`",
                  .default_text = "nothing"}},
        .at_most_one = {"departure", "arrivals"},
    };
}

KeyGroup arrivals_keys() {
    return {
        .name = "arrivals",
        .title = "arrivals",
        .meaning = "Buses, trams or trains that bring the people of a demand to its `from`, one "
                   "after the other until all have come.",
        .keys = {{.name = "every",
                  .type = KeyType::Quantity,
                  .meaning = "headway",
                  .unit = "s",
                  .low = 1,
                  .high = 86400,
                  .is_required = true},
                 {.name = "per_vehicle",
                  .type = KeyType::Whole,
                  .meaning = "people who get off each",
                  .unit = "people",
                  .low = 1,
                  .high = 10000,
                  .is_required = true},
                 {.name = "first",
                  .type = KeyType::Moment,
                  .meaning = "when the first opens its doors",
                  .default_text = "the start"},
                 quantity("alighting",
                          "people who get off a second, through all doors: about 0.5 for each "
                          "file of people (TCRP Report 165, 2013)",
                          "/s", 0.01, 100, "1 /s")},
    };
}

KeyGroup walking_keys() {
    KeyGroup group{
        .name = "walking",
        .title = "[walking]",
        .meaning = "How people on foot walk, where their profile does not tell otherwise, and "
                   "choose their ways.",
        .keys = {{.name = "reroute_every",
                  .type = KeyType::Quantity,
                  .meaning = "routes reckon with the time lost in crowds, measured so often",
                  .unit = "s",
                  .low = 1,
                  .high = 3600,
                  .default_text = "crowds do not matter to routes"},
                 quantity("exit_spread",
                          "scale of the logit model by which people spread over destinations of "
                          "about the same expected time",
                          "s", 0, 600, "5 s"),
                 quantity("social_influence",
                          "to those who choose, a destination to which all people in sight head "
                          "seems so much nearer, and in proportion to their share (Lovreglio, "
                          "Fonzone, dell'Olio 2016; Kinateder and others 2014)",
                          "s", 0, 600, "0 s"),
                 quantity("social_every", "they look so often where the others go", "s", 1, 3600,
                          "5 s"),
                 quantity("sight",
                          "closed ground, barriers, closed gates, water, people and exits are "
                          "seen from so far, in line of sight; EN 1838: a lit sign",
                          "m", 2, 500, "30 m"),
                 {.name = "dark_detour",
                  .type = KeyType::Number,
                  .meaning = "to those who avoid the dark, ground below 2 lx (Fotios, Monteiro, "
                             "Uttley 2019) seems so many times longer",
                  .low = 1,
                  .high = 20,
                  .otherwise = "2"},
                 quantity("route_spread",
                          "people spread over ways to one destination: the length that a way of "
                          "100 m seems to have differs with this standard deviation, which grows "
                          "with the root of the length (probit model, Sheffi 1985); 0: all take "
                          "the shortest",
                          "m", 0, 30, "0 m"),
                 {.name = "tastes",
                  .type = KeyType::Whole,
                  .meaning = "so many kinds of people differ in what seems how long; each has its "
                             "own search of ways",
                  .low = 2,
                  .high = 100,
                  .otherwise = "16"}},
    };
    for (Key& key : walking_model_keys("collision-free speed, and as published or fitted")) {
        group.keys.push_back(std::move(key));
    }
    return group;
}

KeyGroup gate_keys() {
    return {
        .name = "gate",
        .title = "[[gate]]",
        .meaning = "A gate: people queue before it and are served one by one by each lane.",
        .keys = {{.name = "name", .meaning = "how events refer to it", .is_required = true},
                 {.name = "at",
                  .type = KeyType::Point,
                  .meaning = "on walkable ground (moved to it within 5 m)",
                  .is_required = true},
                 quantity("service_rate",
                          "people served by each lane, in exponential times; turnstiles: at most "
                          "11 /min (Green Guide: 660 an hour)",
                          "/s", 0.001, 10, "0.25 /s"),
                 {.name = "service",
                  .type = KeyType::Table,
                  .meaning = "time for which each one is served, instead of service_rate",
                  .default_text = "exponential, by service_rate",
                  .group = "duration"},
                 {.name = "queue_line",
                  .type = KeyType::Points,
                  .meaning = "line along which the queue stands, from the gate backwards",
                  .default_text = "a fan before the gate"},
                 {.name = "lanes",
                  .type = KeyType::Whole,
                  .meaning = "served side by side",
                  .unit = "lanes",
                  .low = 1,
                  .high = 100,
                  .otherwise = "1"},
                 {.name = "open",
                  .type = KeyType::Truth,
                  .meaning = "at the start",
                  .otherwise = "true"},
                 {.name = "next",
                  .meaning = "gate to pass after this one (ticket check, then search)",
                  .default_text = "none"}},
        .at_most_one = {"service_rate", "service"},
    };
}

KeyGroup event_keys() {
    return {
        .name = "event",
        .title = "[[event]]",
        .meaning = "An attraction with standing room: visitors come on foot, pass a gate, stand "
                   "before the stage and leave.",
        .keys = {{.name = "name", .meaning = "in results", .is_required = true},
                 {.name = "stage", .meaning = "place where visitors stand", .is_required = true},
                 {.name = "focus",
                  .type = KeyType::Point,
                  .meaning = "what they face and crowd towards",
                  .default_text = "the middle of the stage"},
                 {.name = "visitors",
                  .type = KeyType::Whole,
                  .meaning = "how many come",
                  .unit = "people",
                  .low = 0,
                  .high = 1000000,
                  .is_required = true},
                 {.name = "capacity",
                  .type = KeyType::Whole,
                  .meaning = "how many are let in at once",
                  .unit = "people",
                  .low = 1,
                  .high = 1000000,
                  .default_text = "all visitors"},
                 profiles(),
                 {.name = "gates",
                  .type = KeyType::Names,
                  .meaning = "entrances, each leads on to its `next`",
                  .default_text = "free access"},
                 places("from", "places they come from"),
                 places("exits", "places they go to afterwards"),
                 departure("arrival", "when they set out", "the whole run"),
                 departure("egress", "when they leave the stage", "they stay"),
                 groups(),
                 {.name = "before",
                  .meaning = "journey done before the gates",
                  .default_text = "none"},
                 {.name = "after",
                  .meaning = "journey done between stage and exit",
                  .default_text = "none"}},
    };
}

} // namespace

std::vector<KeyGroup> people_keys() {
    std::vector<KeyGroup> groups = {walking_keys(), profile_keys(), free_speed_keys(), age_keys(),
                                    reaction_keys()};
    for (KeyGroup& model : model_groups()) {
        groups.push_back(std::move(model));
    }
    for (const auto keys :
         {pedestrian_keys, departure_keys, arrivals_keys, group_keys, gate_keys, event_keys}) {
        groups.push_back(keys());
    }
    return groups;
}

} // namespace veste::scenario_file
