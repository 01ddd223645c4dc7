#pragma once
#include "results/reader.hpp"
#include "results/recorder.hpp"
#include "simulation/simulation.hpp"
#include "support/command.hpp"

#include <functional>
#include <memory>
#include <string>

namespace veste::test {

/// Two lives of one place: runs a scenario text on the demo city with a recorder, looks in after
/// every tick, and opens the results.
struct EffectRun {
    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    std::unique_ptr<Results> results;

    EffectRun(const TemporaryFolder& folder, const std::string& name, const std::string& text,
              const std::function<void(const Simulation&)>& look) {
        static const auto demo_city = std::make_shared<const City>(load_city(VESTE_DEMO_CITY));
        city = demo_city;
        const auto file = folder.write(name + ".toml", text);
        scenario =
            std::make_shared<const Scenario>(load_scenario(file, *city, [](std::string_view) {}));
        Simulation simulation(city, scenario, 2);
        Recorder recorder(folder / (name + ".h5"), RecorderOptions{});
        Watcher watcher(look);
        simulation.add_observer(recorder);
        simulation.add_observer(watcher);
        simulation.run();
        results = std::make_unique<Results>(folder / (name + ".h5"));
    }

    /// The value of an indicator for the whole run.
    double whole(const char* name) const {
        const Indicator* indicator = find_indicator(name);
        if (indicator == nullptr) {
            throw std::runtime_error(std::string("no indicator ") + name);
        }
        return whole_value(indicator->whole, results->series(*indicator));
    }

private:
    struct Watcher : Observer {
        explicit Watcher(std::function<void(const Simulation&)> l) : look(std::move(l)) {}
        void begin(const Simulation&) override {}
        void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
            look(simulation);
        }
        void end(const Simulation&) override {}
        std::function<void(const Simulation&)> look;
    };
};

} // namespace veste::test
