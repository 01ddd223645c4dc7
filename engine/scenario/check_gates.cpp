#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Checks of gates: that they lead somewhere, and that someone may pass them.
namespace veste::scenario_file {
namespace {

bool may_open(const Scenario& scenario, GateId gate, double from_s) {
    bool is_open = scenario.gates[gate.index].is_open;
    const auto opens = [gate](const Change& change) {
        const auto* change_of = std::get_if<SwitchGate>(&change);
        return change_of != nullptr && change_of->gate == gate ? std::optional(change_of->is_open)
                                                               : std::nullopt;
    };
    for (const TimedChange& change : scenario.changes) {
        if (const auto now = opens(change.what)) {
            is_open = change.at_s <= from_s ? *now : is_open || *now;
        }
    }
    return is_open || std::any_of(scenario.rules.begin(), scenario.rules.end(),
                                  [&](const Rule& rule) { return opens(rule.what) == true; });
}

void check_loops(Reading& reading) {
    const auto& gates = reading.scenario.gates;
    std::vector<std::uint8_t> is_told(gates.size(), 0);
    for (std::size_t g = 0; g < gates.size(); ++g) {
        std::vector<std::size_t> way;
        std::size_t at = g;
        while (std::find(way.begin(), way.end(), at) == way.end()) {
            way.push_back(at);
            if (!gates[at].next.is_valid()) {
                break;
            }
            at = gates[at].next.index;
        }
        if (!gates[way.back()].next.is_valid() || at != g || is_told[g] != 0) {
            continue;
        }
        std::vector<std::string> names;
        for (const std::size_t member : way) {
            is_told[member] = 1;
            names.push_back(gates[member].name);
        }
        names.push_back(gates[g].name);
        reading.gates[g].problem("next", fmt::format("the gates form an endless loop, {}; nobody "
                                                     "would ever get in",
                                                     fmt::join(names, " -> ")));
    }
}

void check_event_gates(Section& section, const Scenario& scenario, const Event& event) {
    if (event.gates.empty() || event.visitors == 0) {
        return;
    }
    std::vector<std::string> closed;
    for (const GateId entrance : event.gates) {
        const std::vector<GateId> chain = chain_of(scenario, entrance);
        const auto shut = std::find_if(chain.begin(), chain.end(), [&](GateId gate) {
            return !may_open(scenario, gate, event.arrival.begin_s);
        });
        if (shut == chain.end()) {
            return;
        }
        closed.push_back(scenario.gates[shut->index].name);
    }
    section.problem("gates", fmt::format("no visitor can get in: {} closed when they arrive and "
                                         "never opened; open one at the start, by a change or by a "
                                         "rule",
                                         fmt::format("{} {}", fmt::join(closed, ", "),
                                                     closed.size() == 1 ? "is" : "are")));
}

} // namespace

std::vector<GateId> chain_of(const Scenario& scenario, GateId entrance) {
    std::vector<GateId> chain;
    for (GateId gate = entrance; gate.is_valid(); gate = scenario.gates[gate.index].next) {
        if (std::find(chain.begin(), chain.end(), gate) != chain.end()) {
            return {};
        }
        chain.push_back(gate);
    }
    return chain;
}

void check_gates(Reading& reading) {
    check_loops(reading);
    const auto& events = reading.scenario.events;
    std::vector<std::uint8_t> is_used(reading.scenario.gates.size(), 0);
    for (std::size_t e = 0; e < events.size(); ++e) {
        check_event_gates(reading.events[e], reading.scenario, events[e]);
        for (const GateId entrance : events[e].gates) {
            for (const GateId gate : chain_of(reading.scenario, entrance)) {
                is_used[gate.index] = 1;
            }
        }
    }
    for (const Journey& journey : reading.scenario.journeys) {
        for (const Stage& stage : journey.stages) {
            for (const GateId entrance : stage.gates) {
                for (const GateId gate : chain_of(reading.scenario, entrance)) {
                    is_used[gate.index] = 1;
                }
            }
        }
    }
    for (std::size_t g = 0; g < is_used.size(); ++g) {
        if (is_used[g] == 0) {
            reading.warn_at(reading.gates[g].place(),
                            fmt::format("gate \"{}\": no event names it: nobody passes it",
                                        reading.scenario.gates[g].name));
        }
    }
}

} // namespace veste::scenario_file
