#include "unit/traffic/traffic_run.hpp"

#include <doctest/doctest.h>

using namespace veste;
using namespace veste::toy;

namespace {

Scenario demand(std::uint32_t count, double end_s) {
    Scenario s;
    VehicleDemand d;
    d.name = "everybody";
    d.count = count;
    d.classes = {{VehicleClass::Car, 0.85},
                 {VehicleClass::Truck, 0.05},
                 {VehicleClass::Bus, 0.05},
                 {VehicleClass::Bicycle, 0.05}};
    d.departure.end_s = end_s;
    s.vehicles = {d};
    return s;
}

struct Watched {
    double smallest_gap_m = 1e9;
    int conflicts = 0;
    std::size_t arrived = 0;
    double finished_s = 0.0;
};

Watched watch(TrafficRun& run, double until_s) {
    Watched w;
    while (run.now_s() < until_s && run.count(VehiclePhase::Arrived) < run.vehicles.size()) {
        run.step();
        w.smallest_gap_m = std::min(w.smallest_gap_m, smallest_gap_m(run));
        w.conflicts += conflicting_pairs(run);
    }
    w.arrived = run.count(VehiclePhase::Arrived);
    w.finished_s = run.now_s();
    return w;
}

} // namespace

TEST_CASE("two thousand vehicles cross a signalled grid without overlap and all arrive") {
    TrafficRun run(grid(8, 8, 150.0, 2, true), demand(2000, 900.0));
    const Watched w = watch(run, 7200.0);
    CHECK(w.smallest_gap_m > 0.0);
    CHECK(w.conflicts == 0);
    CHECK(w.arrived == 2000);
    // Few are kept from their lane by others: each goes round and still arrives.
    std::uint32_t detours = 0;
    for (const std::uint32_t n : run.vehicles.detours) {
        detours += n;
    }
    CAPTURE(detours);
    CHECK(detours < 100);
}

TEST_CASE("vehicles cross a grid without signals and all arrive") {
    TrafficRun run(grid(6, 6, 150.0, 1, false), demand(600, 900.0));
    const Watched w = watch(run, 7200.0);
    CHECK(w.smallest_gap_m > 0.0);
    CHECK(w.conflicts == 0);
    CHECK(w.arrived == 600);
}
