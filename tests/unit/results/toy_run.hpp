#pragma once
#include "results/recorder.hpp"
#include "support/toy_city.hpp"

#include <filesystem>
#include <memory>

/// Small recorded runs for tests of results.
namespace toy_run {

using namespace veste;

/// The toy evening with trouble: a street is closed, the northern feeder fails (lamps, counter and
/// signal with it), it rains harder.
inline Scenario troubled_evening(const City& city) {
    Scenario scenario = toy_city::evening(city);
    scenario.name = "troubled evening";
    scenario.text = "troubled evening";
    scenario.weather.rain_mps = {{60.0, 160.0 / 3.6e6}};
    scenario.changes = {{60.0, "close street from the east", CloseWays{{toy_city::from_east}, {}}},
                        {120.0, "feeder north off", SwitchFeeder{toy_city::north_feeder, false}},
                        {240.0, "open street from the east", OpenWays{{toy_city::from_east}, {}}}};
    return scenario;
}

inline void record(const std::filesystem::path& file, std::shared_ptr<const City> city,
                   const Scenario& scenario, int threads = 1) {
    Simulation simulation(std::move(city), std::make_shared<Scenario>(scenario), threads);
    Recorder recorder(file, RecorderOptions{});
    simulation.add_observer(recorder);
    simulation.run();
}

} // namespace toy_run
