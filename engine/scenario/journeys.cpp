#include "scenario/drawn.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

constexpr std::size_t most_stages = 80; ///< so that three journeys and the rest fit 8 bits

std::vector<Weighted<PlaceId>> stage_places(Section& section, Reading& reading) {
    return section.has("at") ? find_places(reading, section, "at")
                             : std::vector<Weighted<PlaceId>>();
}

/// Tells keys that a stage of this kind needs or does not know.
void check_stage(Section& section, const Stage& stage) {
    const auto need = [&](bool is_needed, std::string_view key, std::string_view kinds) {
        if (is_needed && !section.has(key)) {
            section.problem(fmt::format("{} is missing, which {} needs", key, kinds));
        } else if (!is_needed && section.has(key)) {
            section.problem(key, fmt::format("is only for {}", kinds));
        }
    };
    const bool is_queue = stage.kind == StageKind::Queue;
    need(is_queue, "gates", "queue");
    need(!is_queue, "at", "walk, wait, hold or board");
    if (stage.vehicles) {
        need(stage.kind == StageKind::Board, "every", "board");
        need(true, "vehicle_capacity", "board with every");
        need(false, "release", "hold, or board without every");
    } else {
        need(stage.holds(), "release", "hold, or board without every,");
        need(false, "vehicle_capacity", "board with every");
        need(false, "first", "board with every");
    }
    if (stage.kind != StageKind::Wait) {
        need(false, "time", "wait");
        need(false, "until", "wait");
    } else if (!section.has("time") && !section.has("until")) {
        section.problem("a wait needs time, until or both");
    }
    if (!stage.waits()) {
        need(false, "front", "wait, hold or board");
    }
    if (stage.kind == StageKind::Board && section.has("next")) {
        section.problem("next", "nothing follows board: who boards is gone");
    }
}

/// The vehicles that a stage is boarded to, if it tells any.
std::optional<VehicleService> stage_vehicles(Section& section) {
    VehicleService vehicles;
    vehicles.every_s = section.quantity("every");
    vehicles.people = static_cast<std::uint32_t>(section.whole("vehicle_capacity"));
    vehicles.first_s = section.moment("first", vehicles.every_s, Within::Run);
    return section.has("every") ? std::optional(vehicles) : std::nullopt;
}

Stage read_stage(Section& section, Reading& reading) {
    Stage stage;
    stage.name = section.text("name");
    stage.kind = static_cast<StageKind>(section.choice("kind"));
    stage.places = stage_places(section, reading);
    stage.gates = find_gates(reading, section, "gates");
    stage.time = read_time(section, "time");
    stage.until_s = section.moment("until", 0.0, Within::Run);
    stage.release_per_s = section.quantity("release");
    stage.vehicles = stage_vehicles(section);
    if (const auto front = local_point(reading, section, "front")) {
        stage.has_front = true;
        stage.front = *front;
    }
    if (stage.holds()) {
        stage.hold = reading.scenario.holds++;
    }
    check_stage(section, stage);
    return stage;
}

/// Stages that follow, by name; "leave" is the end of the journey.
void read_next(Section& section, Stage& stage, const std::vector<Stage>& all) {
    std::vector<std::string> known = names_in(all);
    known.emplace_back("leave");
    for (const WeightedName& item : section.weights("next")) {
        if (const auto index = find_name(section, "next", item.what, "stage", known)) {
            stage.next.push_back({static_cast<std::uint32_t>(*index), item.weight});
        }
    }
}

/// A ring of walks alone would never end, and never let a moment pass.
void check_way_out(Section& section, const Journey& journey) {
    const std::size_t end = journey.stages.size();
    std::vector<std::uint8_t> leads_out(end + 1, 0);
    leads_out[end] = 1;
    for (std::size_t round = 0; round < end; ++round) {
        for (std::size_t k = 0; k < end; ++k) {
            const Stage& stage = journey.stages[k];
            leads_out[k] |= stage.next.empty() ? leads_out[k + 1] : std::uint8_t(0);
            leads_out[k] |= stage.kind == StageKind::Board ? std::uint8_t(1) : std::uint8_t(0);
            for (const Weighted<std::uint32_t>& next : stage.next) {
                leads_out[k] |= next.weight > 0.0 ? leads_out[next.what] : std::uint8_t(0);
            }
        }
    }
    for (std::size_t k = 0; k < end; ++k) {
        if (leads_out[k] == 0) {
            section.problem("stages", fmt::format("nobody ever leaves from \"{}\" on; let one of "
                                                  "the stages lead to leave",
                                                  journey.stages[k].name));
            return;
        }
    }
}

std::vector<std::string> order_names(const Scenario& scenario) {
    return names_in(scenario.orders);
}

/// What all orders have; the problem is told where two have one name.
Order read_order(Section& section, Reading& reading) {
    Order order;
    if (section.knows("name")) {
        order.name = section.text("name");
        if (!order.name.empty()) {
            check_unique(section, order.name, "order", order_names(reading.scenario));
        }
    }
    for (const Named& name : section.names("exits")) {
        if (const auto place = find_place(reading, section, "exits", name, PlaceUse::People)) {
            order.exits.push_back(*place);
        }
    }
    if (section.knows("gates")) {
        order.gates = find_gates(reading, section, "gates");
    }
    if (section.knows("closures")) {
        order.tells_closures = section.truth("closures");
    }
    order.share = section.number("share");
    order.reaction = read_time(section, "reaction");
    return order;
}

/// Triangles of the places; their names.
std::string read_zone(Section& section, Reading& reading, Order& order) {
    std::vector<std::string> names;
    for (const Named& name : section.names("place")) {
        if (const auto place = find_place(reading, section, "place", name, PlaceUse::People)) {
            const auto& triangles = reading.scenario.place(*place).triangles;
            order.triangles.insert(order.triangles.end(), triangles.begin(), triangles.end());
            order.reach = OrderReach::Area;
            names.push_back(name.name);
        }
    }
    return fmt::format("{}", fmt::join(names, ", "));
}

std::optional<Action> give(Reading& reading, Order order, std::string text) {
    if (order.exits.empty() && order.gates.empty() && !order.tells_closures) {
        return std::nullopt; // which was told
    }
    reading.scenario.orders.push_back(std::move(order));
    if (reading.scenario.orders.size() > 254) {
        throw InputError("more than 254 orders (evacuate, message, post) in one scenario");
    }
    return Action{GiveOrder{OrderId(reading.scenario.orders.size() - 1), true}, std::move(text)};
}

} // namespace

std::vector<GateId> find_gates(Reading& reading, Section& section, std::string_view key) {
    std::vector<GateId> gates;
    const std::vector<std::string> known = gate_names(reading.scenario);
    for (const Named& name : section.names(key)) {
        if (const auto index = find_name(section, key, name, "gate", known)) {
            gates.emplace_back(*index);
        }
    }
    return gates;
}

void read_journeys(Section& file, Reading& reading) {
    for (Section& section : file.tables("journey")) {
        Journey journey;
        journey.name = section.text("name");
        check_unique(section, journey.name, "journey", names_in(reading.scenario.journeys));
        std::vector<Section> stages = section.tables("stages");
        for (Section& stage : stages) {
            journey.stages.push_back(read_stage(stage, reading));
        }
        for (std::size_t k = 0; k < stages.size(); ++k) {
            read_next(stages[k], journey.stages[k], journey.stages);
        }
        if (stages.size() > most_stages) {
            section.problem("stages",
                            fmt::format("are {}; allowed are {}", stages.size(), most_stages));
        }
        check_way_out(section, journey);
        reading.scenario.journeys.push_back(std::move(journey));
    }
}

JourneyId find_journey(Reading& reading, Section& section, std::string_view key) {
    const Named name{section.text(key), section.place(key)};
    const auto index = name.name.empty() ? std::nullopt
                                         : find_name(section, key, name, "journey",
                                                     names_in(reading.scenario.journeys));
    return index ? JourneyId(*index) : JourneyId();
}

std::optional<Action> read_release(Section& section, Reading& reading) {
    const JourneyId journey = find_journey(reading, section, "journey");
    const Named name{section.text("stage"), section.place("stage")};
    const double rate_per_s = section.quantity("rate");
    if (!journey.is_valid() || name.name.empty()) {
        return std::nullopt;
    }
    const std::vector<Stage>& stages = reading.scenario.journeys[journey.index].stages;
    const auto index = find_name(section, "stage", name, "stage of this journey", names_in(stages));
    if (!index) {
        return std::nullopt;
    }
    if (!stages[*index].holds()) {
        section.problem("stage", "holds nobody; wanted is one of kind hold or board");
        return std::nullopt;
    }
    if (stages[*index].vehicles) {
        section.problem("stage", "is left in vehicles, not at a rate; wanted is one with release");
        return std::nullopt;
    }
    return Action{SetRelease{stages[*index].hold, rate_per_s},
                  fmt::format("release {:.4g} /min from {}", rate_per_s * 60.0, name.name)};
}

std::optional<Action> read_evacuation(Section& section, Reading& reading) {
    Order order = read_order(section, reading);
    const std::string zone = read_zone(section, reading, order);
    return give(reading, std::move(order), "evacuate " + (zone.empty() ? "all" : zone));
}

std::optional<Action> read_message(Section& section, Reading& reading) {
    Order order = read_order(section, reading);
    order.is_once = true;
    const std::string zone = read_zone(section, reading, order);
    return give(reading, std::move(order), "message to " + (zone.empty() ? "all" : zone));
}

std::optional<Action> read_post(Section& section, Reading& reading) {
    Order order = read_order(section, reading);
    order.reach = OrderReach::Sight;
    order.reach_m = section.quantity("reach");
    const auto found = ground_at(reading, section);
    if (!found) {
        return std::nullopt;
    }
    order.at = found->at;
    order.triangle = found->triangle;
    const std::string name = order.name;
    return give(reading, std::move(order), name.empty() ? "post a sign" : "post " + name);
}

std::optional<Action> read_lift(Section& section, Reading& reading) {
    const Named name{section.text("name"), section.place("name")};
    const auto index = name.name.empty() ? std::nullopt
                                         : find_name(section, "name", name, "order",
                                                     order_names(reading.scenario));
    return index ? std::optional(Action{GiveOrder{OrderId(*index), false}, "lift " + name.name})
                 : std::nullopt;
}

} // namespace veste::scenario_file
