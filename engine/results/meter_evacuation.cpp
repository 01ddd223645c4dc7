#include "pedestrians/orders.hpp"
#include "results/meter.hpp"

#include <cmath>
#include <limits>

namespace veste {

/// How long it takes those who follow an order to leave to reach their exits.
void Meter::take_evacuation(const Simulation& simulation, IndicatorValues& values) {
    const Pedestrians& people = simulation.world().pedestrians;
    const double never_s = std::numeric_limits<double>::infinity();
    std::vector<double> times_s;
    double not_out = 0.0;
    for (std::size_t i = 0; !people.orders_taken.empty() && i < people.size(); ++i) {
        const double from_s = evacuated_from_s(simulation.scenario(), people, i);
        if (std::isfinite(from_s)) {
            const bool is_out = people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived);
            times_s.push_back(is_out ? people.arrived_s[i] - from_s : never_s);
            not_out += is_out ? 0.0 : 1.0;
        }
    }
    if (times_s.empty()) {
        return;
    }
    const auto known = [](double time_s) { return std::isfinite(time_s) ? time_s : not_known; };
    values.people_to_evacuate = not_out;
    values.evacuation_time_p95_s = known(percentile(times_s, 0.95));
    values.evacuation_time_all_s = known(percentile(times_s, 1.0));
}

} // namespace veste
