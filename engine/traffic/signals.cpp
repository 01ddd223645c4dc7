#include "traffic/traffic.hpp"

#include <cmath>

namespace veste {

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

} // namespace veste
