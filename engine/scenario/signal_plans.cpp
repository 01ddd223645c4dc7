#include "scenario/reading.hpp"
#include "scenario/signal_phases.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

constexpr double least_green_s = 5.0;
constexpr double least_walk_s = 7.0; ///< people may start

/// Least length of a phase whose green may be stretched or cut; 0 where the phase must stay:
/// yellow, all red, and the time people need to clear a crossing that has just turned red.
double least_s(const SignalPlan& plan, std::size_t phase, const std::vector<std::uint32_t>& walks) {
    const auto& lights = plan.phases[phase].lights;
    const auto& before = plan.phases[(phase + plan.phases.size() - 1) % plan.phases.size()].lights;
    const bool has_yellow = std::find(lights.begin(), lights.end(), Light::Yellow) != lights.end();
    const bool is_clearing = std::any_of(walks.begin(), walks.end(), [&](std::uint32_t link) {
        return is_go(before[link]) && !is_go(lights[link]);
    });
    if (has_yellow || is_clearing || std::none_of(lights.begin(), lights.end(), is_go)) {
        return 0.0;
    }
    const bool has_walk = std::any_of(walks.begin(), walks.end(),
                                      [&](std::uint32_t link) { return is_go(lights[link]); });
    return has_walk ? least_walk_s : least_green_s;
}

/// Gives phases with a least length their share of `cycle_s`, in proportion to their length but
/// none below its least; the others stay.
void share_cycle(SignalPlan& plan, const std::vector<double>& least, double cycle_s) {
    std::vector<std::uint8_t> is_held(least.size(), 0); ///< at its least
    const auto is_free = [&](std::size_t p) { return least[p] > 0.0 && is_held[p] == 0; };
    double factor = 1.0;
    for (bool is_settled = false; !is_settled;) {
        double rest_s = cycle_s;
        double green_s = 0.0;
        for (std::size_t p = 0; p < least.size(); ++p) {
            const double duration_s = plan.phases[p].duration_s;
            (is_free(p) ? green_s : rest_s) += is_free(p)        ? duration_s
                                               : is_held[p] != 0 ? -least[p]
                                                                 : -duration_s;
        }
        factor = rest_s / green_s;
        is_settled = true;
        for (std::size_t p = 0; p < least.size() && is_settled; ++p) {
            if (is_free(p) && plan.phases[p].duration_s * factor < least[p]) {
                is_held[p] = 1;
                is_settled = false;
            }
        }
    }
    for (std::size_t p = 0; p < least.size(); ++p) {
        if (least[p] > 0.0) {
            plan.phases[p].duration_s =
                is_held[p] != 0 ? least[p] : plan.phases[p].duration_s * factor;
        }
    }
}

/// Stretches or cuts greens so that the plan has this cycle.
void fit_cycle(Section& section, SignalPlan& plan, const std::vector<std::uint32_t>& walks,
               double cycle_s) {
    std::vector<double> least;
    double shortest_s = 0.0;
    for (std::size_t p = 0; p < plan.phases.size(); ++p) {
        least.push_back(least_s(plan, p, walks));
        shortest_s += least[p] > 0.0 ? least[p] : plan.phases[p].duration_s;
    }
    if (cycle_s < shortest_s || shortest_s == 0.0) {
        section.problem("cycle", fmt::format("is too short for the signal's greens, yellows and "
                                             "clearing times; allowed from {:g} s",
                                             shortest_s));
        return;
    }
    share_cycle(plan, least, cycle_s);
}

std::optional<std::vector<Light>> lights_of(Section& phase, const Signal& signal) {
    const std::string letters = phase.text("lights");
    std::vector<Light> lights;
    for (const char letter : letters) {
        const auto known = std::string_view("rygG").find(letter);
        if (known == std::string_view::npos) {
            phase.problem("lights", fmt::format("{} is no light; allowed are G, g, y, r", letter));
            return std::nullopt;
        }
        lights.push_back(static_cast<Light>(known));
    }
    if (lights.size() != signal.links) {
        phase.problem("lights", fmt::format("has {} letters; signal \"{}\" has {} links",
                                            lights.size(), signal.name, signal.links));
        return std::nullopt;
    }
    return lights;
}

void read_phases(Section& section, const StreetNetwork& streets, SignalId id, SignalPlan& plan) {
    bool is_right = true;
    plan.phases.clear();
    for (Section& phase : section.tables("phases")) {
        const double duration_s = phase.quantity("duration");
        const auto lights = lights_of(phase, streets.signals[id.index]);
        is_right = is_right && lights;
        plan.phases.push_back({duration_s, lights.value_or(std::vector<Light>())});
    }
    if (plan.phases.empty()) {
        section.problem("phases", "is empty; wanted is at least one phase");
    } else if (is_right) {
        const std::string faults = faults_of(streets, id, plan);
        if (!faults.empty()) {
            section.problem("phases", faults);
        }
    }
}

void read_plan(Section& section, Reading& reading) {
    SignalPlan plan;
    plan.name = section.text("name");
    plan.offset_s = section.quantity("offset");
    const auto id = find_signal(reading, section, "signal");
    std::vector<double> durations_s = section.quantities("durations");
    const double cycle_s = section.quantity("cycle");
    if (!id) {
        return;
    }
    const StreetNetwork& streets = reading.city.streets;
    const Signal& signal = streets.signals[id->index];
    plan.phases = signal.plans.front().phases;
    if (section.has("durations") && durations_s.size() != plan.phases.size()) {
        section.problem("durations", fmt::format("{} durations; the plan \"{}\" of signal \"{}\" "
                                                 "has {} phases",
                                                 durations_s.size(), signal.plans.front().name,
                                                 signal.name, plan.phases.size()));
    } else if (section.has("durations")) {
        for (std::size_t p = 0; p < durations_s.size(); ++p) {
            plan.phases[p].duration_s = durations_s[p];
        }
    }
    if (section.has("cycle")) {
        std::vector<std::uint32_t> walks;
        for (const std::size_t c : crossings_at(streets, *id)) {
            walks.push_back(streets.crossings[c].signal_link);
        }
        fit_cycle(section, plan, walks, cycle_s);
    }
    if (section.has("phases")) {
        read_phases(section, streets, *id, plan);
    }
    reading.scenario.signal_plans.emplace_back(*id, std::move(plan));
}

std::optional<SignalId> signal_near(Reading& reading, Section& section, std::string_view key,
                                    const Vec2& point) {
    constexpr double reach_m = 50.0;
    const auto at = local_point(reading, section, key, point);
    if (!at) {
        return std::nullopt;
    }
    const StreetNetwork& streets = reading.city.streets;
    std::optional<SignalId> nearest;
    double best_m = reach_m;
    for (std::size_t s = 0; s < streets.signals.size(); ++s) {
        const double away_m = (streets.node(streets.signals[s].node).at - *at).norm();
        if (away_m < best_m) {
            best_m = away_m;
            nearest = SignalId(s);
        }
    }
    if (!nearest) {
        section.problem(key, fmt::format("no signal within {} m", reach_m));
    }
    return nearest;
}

} // namespace

std::optional<SignalId> find_signal(Reading& reading, Section& section, std::string_view key) {
    const auto reference = section.reference(key);
    if (!reference) {
        return std::nullopt;
    }
    if (reference->point) {
        return signal_near(reading, section, key, *reference->point);
    }
    const auto& signals = reading.city.streets.signals;
    if (reference->id) {
        const auto found = std::find_if(signals.begin(), signals.end(), [&](const Signal& signal) {
            return std::find(signal.osm_ids.begin(), signal.osm_ids.end(), *reference->id) !=
                   signal.osm_ids.end();
        });
        if (found == signals.end()) {
            section.problem(key, "no signal of the city has this OSM node id");
            return std::nullopt;
        }
        return SignalId(static_cast<std::size_t>(found - signals.begin()));
    }
    std::vector<std::string> ids;
    for (const Signal& signal : signals) {
        if (signal.name == reference->name && !signal.osm_ids.empty()) {
            ids.push_back(fmt::format("{}", signal.osm_ids.front()));
        }
    }
    if (ids.size() > 1) {
        section.problem(key, fmt::format("{} signals are called so; give the OSM node id of one: "
                                         "{}",
                                         ids.size(), fmt::join(ids, ", ")));
        return std::nullopt;
    }
    const auto index = find_name(section, key, {reference->name, reference->place},
                                 "signal of the city", names_in(signals));
    return index ? std::optional(SignalId(*index)) : std::nullopt;
}

void read_signal_plans(Section& file, Reading& reading) {
    for (Section& section : file.tables("signal_plan")) {
        const std::size_t before = reading.scenario.signal_plans.size();
        read_plan(section, reading);
        if (reading.scenario.signal_plans.size() == before) {
            continue;
        }
        const auto& [id, plan] = reading.scenario.signal_plans.back();
        std::vector<std::string> earlier;
        for (const SignalPlan& known : reading.city.streets.signals[id.index].plans) {
            earlier.push_back(known.name);
        }
        for (std::size_t k = 0; k < before; ++k) {
            if (reading.scenario.signal_plans[k].first == id) {
                earlier.push_back(reading.scenario.signal_plans[k].second.name);
            }
        }
        check_unique(section, plan.name, "plan of this signal", earlier);
    }
}

} // namespace veste::scenario_file
