#pragma once
#include "support/toy_city.hpp"

namespace toy_run {

using namespace veste;

/// The toy evening with trouble: a street is closed for a while, the northern feeder fails (lamps,
/// counter and signal with it), it rains harder.
inline Scenario troubled_evening(const City& city) {
    Scenario scenario = toy_city::evening(city);
    scenario.name = "troubled evening";
    scenario.text = "troubled evening";
    scenario.weather.rain_mps = {{60.0, 160.0 / 3.6e6}};
    scenario.changes = {{60.0, "close street from the east", CloseWays{{toy_city::from_east}, {}}},
                        {120.0, "feeder north off", SwitchFeeder{toy_city::north_feeder, false}},
                        {240.0, "open street from the east", OpenWays{{toy_city::from_east}, {}}}};
    scenario.outputs.heat_maps = true;
    return scenario;
}

} // namespace toy_run
