#include "base/parallel.hpp"
#include "flood/flood.hpp"

#include <benchmark/benchmark.h>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

/// Cell updates per second of the flood model. Peers on one core of a 2.6 GHz EPYC, -march=native,
/// million cell updates per second, flat and wet (rain on terrain): LISFLOOD-FP 8.1 inertial 15.9
/// (13.3), its fast sub-grid 26.8 (24.3), its finite volume 10.1, SFINCS 12.6 (15.5), itzi's
/// kernels 22.7; thirty lines of vectorised C without rain and borders 292.
namespace {

using namespace veste;

/// Bytes that one cell update must move at least: flow reads depth, two discharges, bed and
/// friction and writes two discharges; filling reads two discharges and reads and writes depth.
constexpr double bytes_per_update = (8 + 4 + 4 + 4 + 4 + 8) + (8 + 8 + 8);

std::shared_ptr<City> city_of(int columns, int rows, double cell_m) {
    auto city = std::make_shared<City>();
    RasterShape shape;
    shape.cell_m = cell_m;
    shape.columns = columns;
    shape.rows = rows;
    city->terrain.ground_m = Raster<float>(shape, 0.0F);
    city->terrain.surface =
        Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::OtherUrban));
    city->terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
    city->terrain.is_sea = Raster<std::uint8_t>(shape, 0);
    return city;
}

/// A hillside with hollows above a shore, cut into blocks of houses by streets.
std::shared_ptr<City> sloping_city(int columns, int rows) {
    auto city = city_of(columns, rows, 5.0);
    Terrain& terrain = city->terrain;
    for (int j = 0; j < rows; ++j) {
        for (int i = 0; i < columns; ++i) {
            const double hollows = 2.0 * std::sin(0.045 * i) * std::cos(0.06 * j);
            terrain.ground_m.at(i, j) = static_cast<float>(0.1 * j + hollows + 0.02 * (i % 7));
            terrain.is_sea.at(i, j) = j < 20;
            const bool is_house = j >= 24 && i % 14 > 4 && j % 10 > 3;
            terrain.is_blocked.at(i, j) = is_house;
            if (is_house) {
                terrain.surface.at(i, j) = static_cast<std::uint8_t>(Surface::Building);
            }
        }
    }
    return city;
}

/// Advances ten seconds at a time after a warm-up, and counts updates of all the raster's cells.
void run(benchmark::State& state, const std::shared_ptr<City>& city,
         const std::shared_ptr<Scenario>& scenario, Water water, FloodParameters parameters,
         double warm_up_s, const std::string& peers) {
    FloodModel model(city, scenario, parameters);
    Threads threads(static_cast<int>(state.range(0)));
    model.start_balance(water);
    threads.execute([&] { model.advance(water, 0.0, warm_up_s); });
    double now_s = warm_up_s;
    double updates = 0.0;
    const auto cells = static_cast<double>(water.depth_m.size());
    for (auto _ : state) {
        int steps = 0;
        threads.execute([&] { steps = model.advance(water, now_s, 10.0); });
        now_s += 10.0;
        updates += cells * steps;
    }
    state.counters["cell_updates"] =
        benchmark::Counter(updates, benchmark::Counter::kIsRate, benchmark::Counter::kIs1000);
    state.counters["bytes_per_update"] = bytes_per_update;
    state.counters["bytes"] =
        benchmark::Counter(updates * bytes_per_update, benchmark::Counter::kIsRate);
    state.counters["balance_error"] = model.balance_error(water);
    state.SetLabel(peers);
}

void flat_and_wet(benchmark::State& state) {
    const auto city = city_of(1000, 1000, 10.0);
    const auto scenario = std::make_shared<Scenario>();
    Water water = plan_water(*city, *scenario);
    for (int j = 0; j < 1000; ++j) {
        for (int i = 0; i < 1000; ++i) {
            const bool is_column = std::hypot(i - 500, j - 500) < 100.0;
            water.depth_m[city->terrain.shape().index(i, j)] = is_column ? 2.0 : 1.0;
        }
    }
    FloodParameters parameters;
    parameters.is_border_open = false;
    parameters.manning_n = 0.03;
    parameters.infiltration_mmph = 0.0;
    parameters.max_step_s = 10.0;
    run(state, city, scenario, water, parameters, 10.0,
        "LISFLOOD-FP 15.9M, sub-grid 26.8M, SFINCS 12.6M, itzi 22.7M, plain C 292M");
}

void rain_on_terrain(benchmark::State& state) {
    const auto city = sloping_city(951, 611);
    const auto scenario = std::make_shared<Scenario>();
    scenario->weather.rain_mps = {{0.0, 70.0 / 3.6e6}};
    FloodParameters parameters;
    parameters.max_step_s = 10.0;
    // Twenty minutes of rain first: then water flows in every tile, and none is left out as dry.
    run(state, city, scenario, plan_water(*city, *scenario), parameters, 1200.0,
        "LISFLOOD-FP 13.3M, sub-grid 24.3M, SFINCS 15.5M");
}

/// a = b + s c over arrays far larger than the caches (STREAM triad, McCalpin 1995): what memory
/// gives; 24 bytes an element, the cache line that a write fetches not counted.
void memory_triad(benchmark::State& state) {
    const std::size_t count = std::size_t{16} << 20;
    std::vector<double> a(count, 0.0);
    std::vector<double> b(count, 1.0);
    std::vector<double> c(count, 2.0);
    Threads threads(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        threads.execute([&] {
            parallel_ranges(count, count / 64, [&](std::size_t begin, std::size_t end) {
                for (std::size_t i = begin; i < end; ++i) {
                    a[i] = b[i] + 3.0 * c[i];
                }
            });
        });
        benchmark::DoNotOptimize(a.data());
        benchmark::ClobberMemory();
    }
    state.counters["bytes"] = benchmark::Counter(24.0 * static_cast<double>(count) *
                                                     static_cast<double>(state.iterations()),
                                                 benchmark::Counter::kIsRate);
    state.SetLabel("the machine's limit");
}

} // namespace

BENCHMARK(flat_and_wet)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(rain_on_terrain)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK(memory_triad)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->Unit(benchmark::kMillisecond)
    ->UseRealTime();
BENCHMARK_MAIN();
