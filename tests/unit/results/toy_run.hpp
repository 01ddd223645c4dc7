#pragma once
#include "results/reader.hpp"
#include "results/recorder.hpp"
#include "support/command.hpp"
#include "unit/results/troubled_evening.hpp"

#include <filesystem>
#include <functional>
#include <memory>

/// Small recorded runs for tests of results.
namespace toy_run {

using namespace veste;

/// Calls a function with the simulation after every tick.
struct Watcher : Observer {
    explicit Watcher(std::function<void(const Simulation&)> its_look) : look(std::move(its_look)) {}
    void begin(const Simulation&) override {}
    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        look(simulation);
    }
    void end(const Simulation&) override {}
    std::function<void(const Simulation&)> look;
};

/// Records a run; `look` is called after every tick, and the run ends early when it is told to.
inline void record(const std::filesystem::path& file, const Scenario& scenario, int threads = 1,
                   const std::function<void(const Simulation&)>& look = {},
                   double stop_at_s = 1e9) {
    const std::shared_ptr<const City> city = toy_city::built();
    Simulation simulation(city, std::make_shared<Scenario>(scenario), threads);
    Recorder recorder(file, RecorderOptions{});
    Watcher watcher(look);
    simulation.add_observer(recorder);
    if (look) {
        simulation.add_observer(watcher);
    }
    simulation.run([&] { return simulation.now_s() >= stop_at_s; });
}

/// The two evenings, each recorded once for all tests.
struct Evenings {
    test::TemporaryFolder folder;
    std::filesystem::path base = folder / "base.h5";
    std::filesystem::path troubled = folder / "troubled.h5";
    Evenings() {
        const auto city = toy_city::built();
        record(base, toy_city::evening(*city));
        record(troubled, troubled_evening(*city));
    }
};

inline const Evenings& evenings() {
    static const Evenings recorded;
    return recorded;
}

inline double last(const Results& results, std::string_view name) {
    return results.series(*find_indicator(name)).back();
}

} // namespace toy_run
