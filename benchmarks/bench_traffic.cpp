#include "base/parallel.hpp"
#include "machine.hpp"
#include "unit/traffic/traffic_run.hpp"

#include <benchmark/benchmark.h>

/// Vehicle updates per second: one update carries one vehicle over one substep of 0.5 s. Peers on
/// one core of a 2.6 GHz EPYC: SUMO 1.15 on a ring and on a like signalled grid of 20 by 20 nodes
/// with 10,000 vehicles in an hour, where two threads gain nothing; CityFlow on grids of its own,
/// without lane changes.
namespace {

using namespace veste;
using namespace veste::toy;

/// Of all fields but the common store of routes.
double bytes_per_vehicle(const Vehicles& vehicles) {
    double bytes = 0.0;
    for_each_vehicle_field(vehicles, [&](const Field& field, const auto& values) {
        if (field.name != "route_edges") {
            bytes += static_cast<double>(values.size() * sizeof(values[0]));
        }
    });
    return bytes / static_cast<double>(vehicles.size());
}

/// An update must at least read a vehicle's state once.
void report(benchmark::State& state, const TrafficRun& run, double updates,
            std::vector<bench::Peer> peers) {
    peers.push_back({"cityflow_slowest", 0.6e6, 0.0});
    peers.push_back({"cityflow_fastest", 2.2e6, 0.0});
    const double bytes = bytes_per_vehicle(run.vehicles);
    bench::report(state, "vehicle_updates", updates, bytes, peers);
    state.counters["bytes_per_vehicle"] = bytes;
    state.counters["vehicles_driving"] = static_cast<double>(run.count(VehiclePhase::Driving));
}

/// Ticks of 1 s with two substeps, as a simulation does.
double advance_one_second(TrafficRun& run) {
    const double now_s = run.now_s();
    run.model.set_lights(run.signals, now_s);
    run.model.advance(run.vehicles, run.signals, run.conditions, run.conditions, now_s, 1.0, 0.5,
                      run.counts);
    run.steps += 2;
    return 2.0 * static_cast<double>(run.count(VehiclePhase::Driving));
}

void ring(benchmark::State& state) {
    TrafficRun run(ring_road(40000.0, 1, 13.89));
    const double length_m = run.streets().lanes[0].length_m;
    for (std::uint32_t k = 0; k < 1000; ++k) {
        std::vector<std::uint32_t> way;
        for (std::uint32_t n = 0; n < 400; ++n) {
            way.push_back((k + n) % 4);
        }
        const std::uint32_t row = k / 4;
        run.put(run.add(std::move(way)), 0, length_m - 20.0 - row * (length_m - 40.0) / 250.0,
                10.0);
    }
    Threads pool(static_cast<int>(state.range(0)));
    double updates = 0.0;
    pool.execute([&] {
        for (auto _ : state) {
            updates += advance_one_second(run);
        }
    });
    report(state, run, updates, {{"sumo", 673e3, 0.0}});
}
BENCHMARK(ring)->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime()->Unit(benchmark::kMillisecond);

void grid_20_by_20(benchmark::State& state) {
    Scenario scenario;
    VehicleDemand demand;
    demand.name = "cars";
    demand.count = 10000;
    demand.classes = {{VehicleClass::Car, 1.0}};
    demand.departure.end_s = 3600.0;
    scenario.vehicles = {demand};
    TrafficRun run(grid(20, 20, 200.0, 2, true), scenario);
    Threads pool(static_cast<int>(state.range(0)));
    double updates = 0.0;
    pool.execute([&] {
        // Fill the streets before time is taken: a trip takes less than ten minutes.
        while (run.now_s() < 900.0) {
            advance_one_second(run);
        }
        for (auto _ : state) {
            updates += advance_one_second(run);
        }
    });
    report(state, run, updates, {{"sumo", 98e3, 98e3}});
}
BENCHMARK(grid_20_by_20)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Iterations(300)
    ->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
