#include "base/units.hpp"
#include "city/assets.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

constexpr std::string_view nothing_found = "nothing of the city is found there";

/// Barriers are lifted for emergency vehicles unless the file says otherwise.
VehicleClasses shut_out(Section& section) {
    VehicleClasses admitted = section.has("admits") ? 0 : bit(VehicleClass::Emergency);
    std::vector<std::string> known = {"none"};
    for (int c = 0; c < vehicle_class_count; ++c) {
        known.emplace_back(name_of(static_cast<VehicleClass>(c)));
    }
    const std::vector<Named> names = section.names("admits");
    for (const Named& name : names) {
        const auto index = find_name(section, "admits", name, "vehicle class", known);
        if (index && *index > 0) {
            admitted |= bit(static_cast<VehicleClass>(*index - 1));
        } else if (index && names.size() > 1) {
            section.problem("admits", "\"none\" stands alone");
        }
    }
    return static_cast<VehicleClasses>(all_vehicle_classes & ~admitted);
}

std::optional<Action> read_closing(Section& section, Reading& reading, bool is_open) {
    Ways ways = find_ways(reading, section);
    const std::size_t who = section.choice("who");
    const VehicleClasses classes = shut_out(section);
    if (section.has("admits") && (is_open || who == 2)) {
        section.problem("admits", "only streets that are closed to vehicles can admit some");
    }
    if (who == 1) {
        ways.triangles.clear();
    } else if (who == 2) {
        ways.edges.clear();
    }
    if (ways.edges.empty() && ways.triangles.empty()) {
        if (!ways.text.empty()) {
            section.problem(fmt::format("{}: {}", ways.text,
                                        who == 1   ? "no street is found there"
                                        : who == 2 ? "no walkable ground is found there"
                                                   : nothing_found));
        }
        return std::nullopt;
    }
    constexpr std::string_view for_whom[] = {"", " for vehicles", " for people"};
    Action action;
    action.text = fmt::format("{} {}{}", is_open ? "open" : "close", ways.text, for_whom[who]);
    if (is_open) {
        action.what = OpenWays{std::move(ways.edges), std::move(ways.triangles)};
    } else {
        action.what = CloseWays{std::move(ways.edges), std::move(ways.triangles), classes};
    }
    return action;
}

std::optional<Action> read_speed_limit(Section& section, Reading& reading) {
    Ways ways = find_ways(reading, section);
    const double limit_mps = section.quantity("limit");
    if (ways.edges.empty()) {
        if (!ways.text.empty()) {
            section.problem(ways.text + ": no street is found there");
        }
        return std::nullopt;
    }
    return Action{SetSpeedLimit{std::move(ways.edges), limit_mps},
                  fmt::format("limit {} to {:.3g} km/h", ways.text, mps_to_kmh(limit_mps))};
}

/// True where the lamp stands in an area or lights one of the streets and footpaths.
bool is_lamp_of(const Lamp& lamp, const Ways& ways, const std::vector<Polyline>& lines) {
    constexpr double reach_m = 20.0;
    return std::any_of(ways.areas.begin(), ways.areas.end(),
                       [&](const Polygon& area) { return contains(area, lamp.at); }) ||
           std::any_of(lines.begin(), lines.end(), [&](const Polyline& line) {
               return nearest_place(line, lamp.at).distance_m <= reach_m;
           });
}

std::optional<Action> read_lamps(Section& section, Reading& reading) {
    const Ways ways = find_ways(reading, section);
    const bool has_all = section.truth("all");
    const bool is_on = section.truth("on");
    std::vector<Polyline> lines = ways.footpaths;
    // Streets inside areas are there for their edges: their lamps count by the area alone.
    for (const EdgeId id : ways.edges) {
        const Edge& edge = reading.city.streets.edge(id);
        const Vec2 middle = place_at(edge.line, 0.5 * length_m(edge.line)).at;
        if (std::none_of(ways.areas.begin(), ways.areas.end(),
                         [&](const Polygon& area) { return contains(area, middle); })) {
            lines.push_back(edge.line);
        }
    }
    SwitchLamps change;
    change.is_on = is_on;
    const auto& lamps = reading.city.assets.lamps;
    for (std::size_t k = 0; k < lamps.size(); ++k) {
        if (has_all || is_lamp_of(lamps[k], ways, lines)) {
            change.lamps.emplace_back(k);
        }
    }
    const std::string text = has_all ? "all lamps" : "lamps of " + ways.text;
    if (change.lamps.empty()) {
        if (has_all || !ways.text.empty()) {
            section.problem(text + ": the city knows no lamp there");
        }
        return std::nullopt;
    }
    return Action{std::move(change), text + (is_on ? " on" : " off")};
}

std::optional<Action> read_feeder(Section& section, Reading& reading) {
    const bool is_on = section.truth("on");
    const Named name{section.text("name"), section.place("name")};
    const auto at = local_point(reading, section, "at");
    FeederId feeder;
    if (section.has("at")) {
        feeder = at ? feeder_at(reading.city.assets.feeders, *at) : FeederId();
        if (at && !feeder.is_valid()) {
            section.problem("at", "the city knows no power feeder");
        }
    } else if (!name.name.empty()) {
        const auto index = find_name(section, "name", name, "power feeder of the city",
                                     feeder_names(reading.city));
        feeder = index ? FeederId(*index) : FeederId();
    }
    if (!feeder.is_valid()) {
        return std::nullopt;
    }
    return Action{
        SwitchFeeder{feeder, is_on},
        fmt::format("{} {}", reading.city.assets.feeders[feeder.index].name, is_on ? "on" : "off")};
}

std::optional<Action> read_sensor_switch(Section& section, Reading& reading) {
    const Named name{section.text("name"), section.place("name")};
    const bool is_on = section.truth("on");
    const auto index = name.name.empty() ? std::nullopt
                                         : find_name(section, "name", name, "sensor",
                                                     sensor_names(reading.scenario));
    return index ? std::optional(Action{
                       SwitchSensor{SensorId(*index), is_on},
                       fmt::format("sensor {} {}", name.name, is_on ? "on" : "out of service")})
                 : std::nullopt;
}

std::optional<Action> read_gate_switch(Section& section, Reading& reading) {
    const Named name{section.text("name"), section.place("name")};
    const bool is_open = section.truth("open");
    const auto index = name.name.empty()
                           ? std::nullopt
                           : find_name(section, "name", name, "gate", gate_names(reading.scenario));
    return index ? std::optional(
                       Action{SwitchGate{GateId(*index), is_open},
                              fmt::format("{} gate {}", is_open ? "open" : "close", name.name)})
                 : std::nullopt;
}

std::optional<Action> read_plan_switch(Section& section, Reading& reading) {
    const auto signal = find_signal(reading, section, "signal");
    const Named name{section.text("plan"), section.place("plan")};
    if (!signal || name.name.empty()) {
        return std::nullopt;
    }
    const Signal& own = reading.city.streets.signals[signal->index];
    std::vector<std::string> known;
    for (const SignalPlan& plan : own.plans) {
        known.push_back(plan.name);
    }
    for (const auto& [id, plan] : reading.scenario.signal_plans) {
        if (id == *signal) {
            known.push_back(plan.name);
        }
    }
    const auto index = find_name(section, "plan", name, "plan of this signal", known);
    return index ? std::optional(Action{SetSignalPlan{*signal, static_cast<std::uint32_t>(*index)},
                                        fmt::format("plan {} at signal {}", name.name, own.name)})
                 : std::nullopt;
}

Action read_rainfall(Section& section, const Reading& reading) {
    const double rain_mps = section.quantity("rainfall");
    if (!reading.scenario.has_flood) {
        section.problem("rainfall", "no water is computed: weather.flood is false");
    }
    return {SetRainfall{rain_mps}, fmt::format("rain {:.4g} mm/h", mps_to_mm_per_h(rain_mps))};
}

} // namespace

std::optional<Action> read_action(Section& section, Reading& reading) {
    if (auto closing = section.table("close")) {
        return read_closing(*closing, reading, false);
    }
    if (auto opening = section.table("open")) {
        return read_closing(*opening, reading, true);
    }
    if (auto one_way = section.table("one_way")) {
        return read_one_way(*one_way, reading);
    }
    if (auto speed_limit = section.table("speed_limit")) {
        return read_speed_limit(*speed_limit, reading);
    }
    if (auto lamps = section.table("lamps")) {
        return read_lamps(*lamps, reading);
    }
    if (auto feeder = section.table("feeder")) {
        return read_feeder(*feeder, reading);
    }
    if (auto sensor = section.table("sensor")) {
        return read_sensor_switch(*sensor, reading);
    }
    if (auto gate = section.table("gate")) {
        return read_gate_switch(*gate, reading);
    }
    if (auto plan = section.table("signal_plan")) {
        return read_plan_switch(*plan, reading);
    }
    if (auto barrier = section.table("barrier")) {
        return read_barrier_switch(*barrier, reading);
    }
    if (auto release = section.table("release")) {
        return read_release(*release, reading);
    }
    if (auto evacuate = section.table("evacuate")) {
        return read_evacuation(*evacuate, reading);
    }
    if (auto message = section.table("message")) {
        return read_message(*message, reading);
    }
    if (auto post = section.table("post")) {
        return read_post(*post, reading);
    }
    if (auto lift = section.table("lift")) {
        return read_lift(*lift, reading);
    }
    return section.has("rainfall") ? std::optional(read_rainfall(section, reading)) : std::nullopt;
}

void read_changes(Section& file, Reading& reading) {
    auto& changes = reading.scenario.changes;
    for (Section& section : file.tables("change")) {
        const double at_s = section.moment("at", 0.0, Within::Run);
        const std::string text = section.text("text");
        if (auto action = read_action(section, reading)) {
            changes.push_back({at_s, text.empty() ? action->text : text, std::move(action->what)});
        }
    }
    std::stable_sort(changes.begin(), changes.end(),
                     [](const TimedChange& a, const TimedChange& b) { return a.at_s < b.at_s; });
}

void read_rules(Section& file, Reading& reading) {
    std::vector<std::string> earlier;
    for (Section& section : file.tables("rule")) {
        Rule rule;
        rule.name = section.text("name");
        check_unique(section, rule.name, "rule", earlier);
        earlier.push_back(rule.name);
        std::optional<std::size_t> sensor;
        if (auto when = section.table("when")) {
            const Named name{when->text("sensor"), when->place("sensor")};
            sensor = name.name.empty() ? std::nullopt
                                       : find_name(*when, "sensor", name, "sensor",
                                                   sensor_names(reading.scenario));
            const bool is_gauge =
                sensor && reading.scenario.sensors[*sensor].kind == SensorKind::WaterGauge;
            rule.is_above = when->has("above");
            if (sensor) {
                const double above = when->threshold("above", is_gauge);
                const double below = when->threshold("below", is_gauge);
                rule.threshold = rule.is_above ? above : below;
            }
            if (is_gauge && !reading.scenario.has_flood) {
                when->problem("sensor", "reports the depth of water, and no water is computed: "
                                        "weather.flood is false");
            }
            rule.duration_s = when->quantity("for");
        }
        auto what = section.table("do");
        auto action = what ? read_action(*what, reading) : std::nullopt;
        if (sensor && action) {
            rule.sensor = SensorId(*sensor);
            rule.text = action->text;
            rule.what = std::move(action->what);
            reading.scenario.rules.push_back(std::move(rule));
        }
    }
}

} // namespace veste::scenario_file
