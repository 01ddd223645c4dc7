#include "results/reader.hpp"
#include "results/recorder.hpp"
#include "support/command.hpp"
#include "support/toy_city.hpp"

#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("a") {
    auto city = toy_city::built();
    auto scenario = std::make_shared<Scenario>(toy_city::evening(*city));
    Simulation simulation(city, scenario, 1);
    Recorder recorder("/tmp/res/toy.h5", RecorderOptions{});
    simulation.add_observer(recorder);
    simulation.run();
    const Results results("/tmp/res/toy.h5");
    CHECK(results.info().is_complete);
    MESSAGE(results_digest("/tmp/res/toy.h5"));
    for (const Indicator& i : indicators()) {
        MESSAGE(std::string(i.name), " ", whole_value(i.whole, results.series(i)));
    }
}
