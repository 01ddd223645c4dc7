#include "scenario/keys.hpp"

namespace veste::scenario_file {
namespace {

Key duration(std::string_view name, std::string_view meaning, std::string_view default_text) {
    return {.name = name,
            .type = KeyType::Table,
            .meaning = meaning,
            .default_text = default_text,
            .group = "duration"};
}

Key share() {
    return {.name = "share",
            .type = KeyType::Number,
            .meaning = "of those reached who obey",
            .low = 0,
            .high = 1,
            .otherwise = "1"};
}

Key names(std::string_view name, std::string_view meaning, bool is_required = false) {
    return {.name = name, .type = KeyType::Names, .meaning = meaning, .is_required = is_required};
}

Key reaction() {
    return duration("reaction", "time until they obey", "the pre-movement time of their profile");
}

Key rate(std::string_view name, std::string_view meaning) {
    return {.name = name,
            .type = KeyType::Quantity,
            .meaning = meaning,
            .unit = "/s",
            .low = 0,
            .high = 100};
}

KeyGroup duration_keys() {
    return {
        .name = "duration",
        .title = "time, service, reaction",
        .meaning = "A random length of time.",
        .keys = {{.name = "shape",
                  .type = KeyType::Choice,
                  .meaning = "of the distribution (uniform: mean - sqrt(3) sd to mean + sqrt(3) "
                             "sd; erlang: the nearest whole number of phases, at most 64)",
                  .otherwise = "constant",
                  .choices = {"exponential", "constant", "uniform", "normal", "log-normal",
                              "erlang"}},
                 {.name = "mean",
                  .type = KeyType::Quantity,
                  .meaning = "mean",
                  .unit = "s",
                  .low = 0.01,
                  .high = 86400,
                  .is_required = true},
                 {.name = "sd",
                  .type = KeyType::Quantity,
                  .meaning = "standard deviation; for uniform, normal, log-normal and erlang",
                  .unit = "s",
                  .low = 0,
                  .high = 86400,
                  .otherwise = "0 s"}},
    };
}

KeyGroup journey_keys() {
    return {
        .name = "journey",
        .title = "[[journey]]",
        .meaning = "What people do on their way, in stages; demands and events refer to it.",
        .keys = {{.name = "name",
                  .meaning = "how demands and events refer to it",
                  .is_required = true},
                 {.name = "stages",
                  .type = KeyType::Tables,
                  .meaning = "in order, [[journey.stages]]",
                  .is_required = true,
                  .group = "stage"}},
    };
}

KeyGroup stage_keys() {
    return {
        .name = "stage",
        .title = "[[journey.stages]]",
        .meaning = "One stage of a journey.",
        .keys = {{.name = "name",
                  .meaning = "how next and changes refer to it",
                  .is_required = true},
                 {.name = "kind",
                  .type = KeyType::Choice,
                  .meaning = "walk to a place, queue at a gate, wait in a place for a time, hold: "
                             "wait there until let go, board: the same and then gone",
                  .is_required = true,
                  .choices = {"walk", "queue", "wait", "hold", "board"}},
                 {.name = "at",
                  .type = KeyType::Weights,
                  .meaning = "the place, or one of several by their weights",
                  .default_text = "none, for queue"},
                 names("gates", "for queue: the quickest is taken"),
                 duration("time", "for wait: how long", "until the moment `until`"),
                 {.name = "until",
                  .type = KeyType::Moment,
                  .meaning = "for wait: not ended before",
                  .default_text = "the start"},
                 rate("release", "for hold and board: people let go, in order of arrival"),
                 {.name = "every",
                  .type = KeyType::Quantity,
                  .meaning = "for board, instead of release: a vehicle leaves so often and takes "
                             "who waits, in order of arrival, as far as it has places",
                  .unit = "s",
                  .low = 1,
                  .high = 86400,
                  .default_text = "none"},
                 {.name = "vehicle_capacity",
                  .type = KeyType::Whole,
                  .meaning = "places in each vehicle",
                  .unit = "people",
                  .low = 1,
                  .high = 10000,
                  .default_text = "none"},
                 {.name = "first",
                  .type = KeyType::Moment,
                  .meaning = "when the first vehicle leaves",
                  .default_text = "one headway after the start"},
                 {.name = "front",
                  .type = KeyType::Point,
                  .meaning = "where the place fills from",
                  .default_text = "anywhere"},
                 {.name = "next",
                  .type = KeyType::Weights,
                  .meaning = "stage that follows, or one of several by their weights; leave: the "
                             "journey is over",
                  .default_text = "the next in order"}},
    };
}

KeyGroup barrier_keys() {
    return {
        .name = "barrier",
        .title = "[[barrier]]",
        .meaning = "A line on walkable ground that nobody steps over while it is up; lengthened by "
                   "0.3 m at both ends, so that it closes up to walls.",
        .keys = {{.name = "name", .meaning = "how changes refer to it", .is_required = true},
                 {.name = "line", .type = KeyType::Points, .meaning = "with corners"},
                 {.name = "from", .type = KeyType::Point, .meaning = "a straight one: its ends"},
                 {.name = "to", .type = KeyType::Point, .meaning = "the other end"},
                 {.name = "towards",
                  .type = KeyType::Point,
                  .meaning = "one-way: people may step over it towards this side only",
                  .default_text = "nobody may"},
                 {.name = "up",
                  .type = KeyType::Truth,
                  .meaning = "at the start",
                  .otherwise = "true"}},
        .exactly_one = {"line", "from"},
    };
}

KeyGroup barrier_switch_keys() {
    return {
        .name = "barrier_switch",
        .title = "barrier",
        .meaning = "A [[barrier]] put up or removed.",
        .keys = {{.name = "name", .meaning = "of the barrier", .is_required = true},
                 {.name = "up",
                  .type = KeyType::Truth,
                  .meaning = "true: put up, false: removed",
                  .is_required = true}},
    };
}

KeyGroup release_keys() {
    Key how_many = rate("rate", "people let go; 0: nobody");
    how_many.is_required = true;
    return {
        .name = "release",
        .title = "release",
        .meaning = "How fast a stage that holds people lets them go.",
        .keys = {{.name = "journey", .meaning = "its name", .is_required = true},
                 {.name = "stage", .meaning = "of kind hold or board", .is_required = true},
                 how_many},
    };
}

Key tells_closures() {
    return {.name = "closures",
            .type = KeyType::Truth,
            .meaning = "true: tells which ways are closed now and no more; exits and gates tell "
                       "it too",
            .otherwise = "false"};
}

KeyGroup evacuate_keys() {
    return {
        .name = "evacuate",
        .title = "evacuate",
        .meaning = "An order to leave, in force until lifted: whoever is or comes there leaves by "
                   "the nearest of the exits.",
        .keys = {{.name = "name", .meaning = "how lift refers to it", .default_text = "none"},
                 names("place", "the zone; without it everyone everywhere"),
                 names("exits", "places to leave by", true),
                 share(),
                 reaction()},
    };
}

KeyGroup message_keys() {
    return {
        .name = "message",
        .title = "message",
        .meaning = "A message to those who are in a place at this moment.",
        .keys = {names("place", "who is reached", true),
                 names("exits", "leave by the nearest of these places"),
                 names("gates", "who is bound for a gate goes to the nearest of these"),
                 tells_closures(), share(), reaction()},
        .exactly_one = {"exits", "gates", "closures"},
    };
}

KeyGroup post_keys() {
    return {
        .name = "post",
        .title = "post",
        .meaning = "A sign put up or a person posted, until lifted: reaches whoever sees the place "
                   "from near enough.",
        .keys = {{.name = "name", .meaning = "how lift refers to it", .default_text = "none"},
                 {.name = "at",
                  .type = KeyType::Point,
                  .meaning = "on walkable ground (moved to it within 5 m)",
                  .is_required = true},
                 {.name = "reach",
                  .type = KeyType::Quantity,
                  .meaning = "how far it is understood",
                  .unit = "m",
                  .low = 1,
                  .high = 500,
                  .otherwise = "15 m"},
                 names("exits", "leave by the nearest of these places"),
                 names("gates", "who is bound for a gate goes to the nearest of these"),
                 tells_closures(),
                 share(),
                 reaction()},
        .exactly_one = {"exits", "gates", "closures"},
    };
}

KeyGroup lift_keys() {
    return {
        .name = "lift",
        .title = "lift",
        .meaning = "Takes back an evacuate or post that stands earlier in the file; who has obeyed "
                   "goes on obeying.",
        .keys = {{.name = "name", .meaning = "of the order", .is_required = true}},
    };
}

} // namespace

std::vector<KeyGroup> journey_groups() {
    return {barrier_keys(), barrier_switch_keys(), duration_keys(), journey_keys(), stage_keys(),
            release_keys(), evacuate_keys(),       message_keys(),  post_keys(),    lift_keys()};
}

} // namespace veste::scenario_file
