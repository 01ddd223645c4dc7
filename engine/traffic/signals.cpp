#include "traffic/model.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

/// The plan in force: one of the signal's own, or one that the scenario gives it; nullptr: none.
const SignalPlan* plan_in_force(const Signal& signal, const Scenario& scenario, SignalId id,
                                std::size_t number) {
    if (number < signal.plans.size()) {
        return &signal.plans[number];
    }
    number -= signal.plans.size();
    for (const auto& [whose, plan] : scenario.signal_plans) {
        if (whose == id && number-- == 0) {
            return &plan;
        }
    }
    return nullptr;
}

const SignalPhase& phase_at(const SignalPlan& plan, double now_s) {
    const double cycle_s = plan.cycle_s();
    double rest_s = std::fmod(now_s - plan.offset_s, cycle_s);
    rest_s += rest_s < 0.0 ? cycle_s : 0.0;
    std::size_t p = 0;
    while (p + 1 < plan.phases.size() && rest_s >= plan.phases[p].duration_s) {
        rest_s -= plan.phases[p++].duration_s;
    }
    return plan.phases[p];
}

} // namespace

Signals plan_signals(const City& city) {
    Signals signals;
    std::size_t links = 0;
    for (const Signal& signal : city.streets.signals) {
        links += signal.links;
    }
    signals.plan.assign(city.streets.signals.size(), 0);
    signals.is_powered.assign(city.streets.signals.size(), 1);
    signals.lights.assign(links, static_cast<std::uint8_t>(Light::Red));
    return signals;
}

void TrafficModel::set_lights(Signals& signals, double now_s) const {
    const Implementation& m = *implementation_;
    for (std::uint32_t s = 0; s < signals.plan.size(); ++s) {
        const Signal& signal = m.city->streets.signals[s];
        std::uint8_t* lights = signals.lights.data() + m.roads.first_link[s];
        std::fill(lights, lights + signal.links, static_cast<std::uint8_t>(Light::Red));
        const SignalPlan* plan = plan_in_force(signal, *m.scenario, SignalId(s), signals.plan[s]);
        if (signals.is_powered[s] == 0 || plan == nullptr || plan->phases.empty()) {
            continue;
        }
        const std::vector<Light>& shown = phase_at(*plan, now_s).lights;
        for (std::size_t k = 0; k < std::min<std::size_t>(shown.size(), signal.links); ++k) {
            lights[k] = static_cast<std::uint8_t>(shown[k]);
        }
    }
}

std::uint32_t TrafficModel::first_link(SignalId signal) const {
    return implementation_->roads.first_link[signal.index];
}

} // namespace veste
