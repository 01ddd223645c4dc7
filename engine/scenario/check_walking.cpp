#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Checks of the whole for people on foot: ways between the places of demands and events, closures
/// counted.
namespace veste::scenario_file {
namespace {

using Reached = std::vector<std::uint8_t>;

/// Which triangles people starting on some reach; from a closed one they may walk out.
Reached reached_triangles(const WalkMesh& walk, const std::vector<TriangleId>& from,
                          const std::vector<std::uint8_t>& is_closed) {
    Reached is_reached(walk.triangles.size(), 0);
    std::vector<std::uint32_t> front;
    const auto enter = [&](std::uint32_t t) {
        if (is_reached[t] == 0) {
            is_reached[t] = 1;
            front.push_back(t);
        }
    };
    for (const TriangleId t : from) {
        enter(t.index);
    }
    while (!front.empty()) {
        const std::uint32_t t = front.back();
        front.pop_back();
        for (const TriangleId n : walk.triangles[t].neighbours) {
            if (n.is_valid() && (is_closed[n.index] == 0 || is_closed[t] != 0)) {
                enter(n.index);
            }
        }
    }
    return is_reached;
}

bool holds_any(const Reached& is_reached, const std::vector<TriangleId>& triangles) {
    return std::any_of(triangles.begin(), triangles.end(),
                       [&](TriangleId t) { return is_reached[t.index] != 0; });
}

/// Reachability on foot at one moment.
class WalkCheck {
public:
    WalkCheck(Reading& reading, double at_s)
        : reading_(reading), walk_(reading.city.walk),
          is_closed_(barred_at(reading, at_s).triangles), is_open_(walk_.triangles.size(), 0) {}

    /// Tells destinations that cannot be reached from one or more origins. Where only a closure is
    /// to blame and another destination stays, it is a warning: a scenario may well want it.
    /// Returns false where something is a problem.
    bool check(Section& section, std::string_view key,
               const std::vector<std::pair<std::string, std::vector<TriangleId>>>& origins,
               const std::vector<std::pair<std::string, std::vector<TriangleId>>>& destinations) {
        std::vector<Reached> reached;
        std::vector<Reached> reached_if_open;
        for (const auto& [name, start] : origins) {
            reached.push_back(reached_triangles(walk_, start, is_closed_));
            reached_if_open.push_back(reached_triangles(walk_, start, is_open_));
        }
        std::vector<std::string> unreachable;
        bool is_closure = true;
        std::size_t cut = 0;
        for (const auto& [name, triangles] : destinations) {
            std::vector<std::string> from;
            for (std::size_t o = 0; o < origins.size(); ++o) {
                if (!holds_any(reached[o], triangles)) {
                    from.push_back(origins[o].first);
                    is_closure = is_closure && holds_any(reached_if_open[o], triangles);
                }
            }
            if (!from.empty()) {
                unreachable.push_back(
                    fmt::format("\"{}\" from \"{}\"", name, fmt::join(from, "\", \"")));
                cut += from.size() == origins.size() ? 1 : 0;
            }
        }
        if (unreachable.empty()) {
            return true;
        }
        const std::string what = fmt::format("no way on foot to {}{}", fmt::join(unreachable, ", "),
                                             is_closure ? closure_text() : apart_text());
        if (is_closure && cut < destinations.size()) {
            reading_.warn_at(section.place(key),
                             fmt::format("{}{}: {}", section.label(), key, what));
            return true;
        }
        section.problem(key, what);
        return false;
    }

private:
    static std::string closure_text() {
        return ": a change closes the only way and none opens it again; open it, or leave another "
               "way open";
    }
    static std::string apart_text() {
        return ": their walkable ground does not hang together; choose places that do";
    }

    Reading& reading_;
    const WalkMesh& walk_;
    std::vector<std::uint8_t> is_closed_;
    std::vector<std::uint8_t> is_open_;
};

using Targets = std::vector<std::pair<std::string, std::vector<TriangleId>>>;

/// True where all places are one: nobody could set out.
bool goes_nowhere(const PedestrianDemand& demand) {
    const auto is_first = [&](const Weighted<PlaceId>& place) {
        return place.what == demand.origins.front().what;
    };
    return !demand.origins.empty() && !demand.destinations.empty() &&
           std::all_of(demand.origins.begin(), demand.origins.end(), is_first) &&
           std::all_of(demand.destinations.begin(), demand.destinations.end(), is_first);
}

Targets targets_of(const Scenario& scenario, const std::vector<Weighted<PlaceId>>& places) {
    Targets targets;
    for (const Weighted<PlaceId>& place : places) {
        targets.emplace_back(scenario.place(place.what).name, scenario.place(place.what).triangles);
    }
    return targets;
}

void check_event_room(Section& section, const City& city, const Scenario& scenario,
                      const Event& event) {
    // Beyond this density of standing people crowds are crushed (Still 2000).
    constexpr double most_per_m2 = 7.0;
    double area_m2 = 0.0;
    for (const TriangleId t : scenario.place(event.stage).triangles) {
        area_m2 += city.walk.area_m2(t);
    }
    const double inside = std::min(event.capacity, event.visitors);
    if (inside > most_per_m2 * area_m2) {
        section.problem(section.has("capacity") ? "capacity" : "visitors",
                        fmt::format("{} people on the {:.0f} m2 of \"{}\" would be {:.1f} a m2; "
                                    "allowed are {:.0f} there, 7 a m2",
                                    inside, area_m2, scenario.place(event.stage).name,
                                    inside / area_m2, std::floor(most_per_m2 * area_m2)));
    }
}

/// The entrance as a target, where its gates lead to the stage one after another.
std::optional<Targets::value_type> entrance_of(WalkCheck& check, Section& section,
                                               const Scenario& scenario, GateId entrance,
                                               const Targets& stage) {
    const std::vector<GateId> chain = chain_of(scenario, entrance);
    Targets way;
    for (const GateId gate : chain) {
        if (!scenario.gates[gate.index].triangle.is_valid()) {
            return std::nullopt;
        }
        way.emplace_back(scenario.gates[gate.index].name,
                         std::vector<TriangleId>{scenario.gates[gate.index].triangle});
    }
    if (way.empty()) {
        return std::nullopt;
    }
    way.push_back(stage.front());
    for (std::size_t k = 0; k + 1 < way.size(); ++k) {
        if (!check.check(section, "gates", {way[k]}, {way[k + 1]})) {
            return std::nullopt;
        }
    }
    return way.front();
}

void check_event_ways(Reading& reading, Section& section, const Event& event) {
    const Scenario& scenario = reading.scenario;
    const Targets stage = {
        {scenario.place(event.stage).name, scenario.place(event.stage).triangles}};
    WalkCheck arrival(reading, event.arrival.begin_s);
    Targets entrances = event.gates.empty() ? stage : Targets();
    for (const GateId gate : event.gates) {
        if (auto entrance = entrance_of(arrival, section, scenario, gate, stage)) {
            entrances.push_back(std::move(*entrance));
        }
    }
    if (!entrances.empty()) {
        arrival.check(section, "from", targets_of(scenario, event.origins), entrances);
    }
    if (section.has("egress")) {
        WalkCheck egress(reading, event.egress.begin_s);
        egress.check(section, "exits", stage, targets_of(scenario, event.exits));
    }
}

} // namespace

Barred barred_at(const Reading& reading, double at_s) {
    Barred barred;
    barred.edges.assign(reading.city.streets.edges.size(), 0);
    barred.triangles.assign(reading.city.walk.triangles.size(), 0);
    const auto set = [&barred](const auto& ways, VehicleClasses classes, std::uint8_t value) {
        for (const EdgeId edge : ways.edges) {
            barred.edges[edge.index] = classes;
        }
        for (const TriangleId triangle : ways.triangles) {
            barred.triangles[triangle.index] = value;
        }
    };
    for (const TimedChange& change : reading.scenario.changes) {
        if (const auto* open = std::get_if<OpenWays>(&change.what)) {
            set(*open, 0, 0);
        } else if (const auto* close = std::get_if<CloseWays>(&change.what);
                   close != nullptr && change.at_s <= at_s) {
            set(*close, close->classes, 1);
        } else if (const auto* one_way = std::get_if<MakeOneWay>(&change.what);
                   one_way != nullptr && change.at_s <= at_s) {
            set(CloseWays{one_way->closed_edges, {}}, all_vehicle_classes, 1);
        }
    }
    for (const Rule& rule : reading.scenario.rules) {
        if (const auto* open = std::get_if<OpenWays>(&rule.what)) {
            set(*open, 0, 0);
        }
    }
    return barred;
}

void check_walking(Reading& reading) {
    const Scenario& scenario = reading.scenario;
    for (std::size_t d = 0; d < scenario.pedestrians.size(); ++d) {
        const PedestrianDemand& demand = scenario.pedestrians[d];
        Section& section = reading.pedestrians[d];
        if (demand.count == 0) {
            continue;
        }
        if (!demand.journey.is_valid() && goes_nowhere(demand)) {
            section.problem("to", "is where they come from; wanted is another place");
            continue;
        }
        WalkCheck check(reading, demand.departure.begin_s);
        check.check(section, "to", targets_of(scenario, demand.origins),
                    targets_of(scenario, demand.destinations));
    }
    for (std::size_t e = 0; e < scenario.events.size(); ++e) {
        const Event& event = scenario.events[e];
        if (event.visitors > 0 && event.stage.is_valid()) {
            check_event_room(reading.events[e], reading.city, scenario, event);
            check_event_ways(reading, reading.events[e], event);
        }
    }
}

} // namespace veste::scenario_file
