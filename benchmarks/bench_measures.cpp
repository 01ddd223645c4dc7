#include "base/parallel.hpp"
#include "pedestrians/measures.hpp"
#include "support/walk_scene.hpp"

#include <benchmark/benchmark.h>
#include <chrono>

/// What measuring costs beside walking: 10,000 people on 100 x 100 m (one per square metre) walk
/// down a corridor; ten lines, four areas of 100 m², exposures and heat maps of the whole corridor
/// at their usual intervals. `share_of_step` is the time of measuring over that of walking.
namespace {

using namespace veste;
using Clock = std::chrono::steady_clock;

Scenario measured_corridor(const City& city) {
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, city, "from", scene::box(0, 0, 399, 100));
    const PlaceId to = scene::add_place(scenario, city, "to", scene::box(399, 0, 400, 100));
    scene::add_demand(scenario, 10000, scene::add_profile(scenario, 1.34), from, to);
    for (int k = 0; k < 10; ++k) {
        const double x = 20.0 + 15.0 * k;
        scenario.measurement_lines.push_back({"line", Vec2(x, 0.0), Vec2(x, 100.0)});
    }
    for (int k = 0; k < 4; ++k) {
        MeasurementArea area;
        const double x = 50.0 + 20.0 * k;
        area.area.outer = {Vec2(x, 45), Vec2(x + 10.0, 45), Vec2(x + 10.0, 55), Vec2(x, 55)};
        scenario.measurement_areas.push_back(area);
    }
    scenario.outputs.heat_maps = true;
    return scenario;
}

void measured_10k(benchmark::State& state) {
    Threads threads(static_cast<int>(state.range(0)));
    double walking_s = 0.0;
    double measuring_s = 0.0;
    const auto since = [](Clock::time_point start) {
        return std::chrono::duration<double>(Clock::now() - start).count();
    };
    for (auto _ : state) {
        auto city = scene::city_of(
            scene::mesh_of({scene::box(0, 0, 399, 100), scene::box(399, 0, 400, 100)}, {}, 10.0));
        scene::Walk walk(city, measured_corridor(*city));
        for (int i = 0; i < 10000; ++i) {
            walk.put(static_cast<std::size_t>(i), Vec2(i % 100 + 0.5, i / 100 + 0.5));
        }
        CrowdMeter meter(city, walk.scenario);
        CrowdMeasures measures = meter.first(walk.people);
        threads.execute([&] {
            for (std::uint64_t tick = 1; tick <= 60; ++tick) {
                const auto start = Clock::now();
                walk.advance(1.0);
                walking_s += since(start);
                const auto walked = Clock::now();
                meter.measure(measures, walk.people, walk.conditions, tick);
                measuring_s += since(walked);
            }
        });
    }
    state.counters["share_of_step"] = measuring_s / walking_s;
    state.counters["ns_per_person_and_tick"] =
        1e9 * measuring_s / (60.0 * 10000.0 * static_cast<double>(state.iterations()));
}

BENCHMARK(measured_10k)
    ->Name("measured A10k")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
