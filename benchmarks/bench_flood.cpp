#include "base/parallel.hpp"
#include "flood/flood.hpp"
#include "machine.hpp"

#include <benchmark/benchmark.h>
#include <cmath>
#include <memory>
#include <vector>

/// Cell updates per second of the flood model. Peers were measured on a 2.6 GHz EPYC, compiled for
/// it (-march=native): LISFLOOD-FP 8.1 in double precision with its inertial, its fast sub-grid and
/// its first-order finite-volume solver, SFINCS, itzi's two kernels alone, and thirty lines of
/// vectorised C in single precision that know neither rain nor borders.
namespace {

using namespace veste;

/// Bytes that one cell update must move at least: flow reads depth, two discharges, bed and
/// friction and writes two discharges; filling reads two discharges and reads and writes depth,
/// and with rain or soaking ground it reads their shares.
constexpr double flow_bytes = (8 + 4 + 4 + 4 + 4 + 8) + (8 + 8 + 8);
constexpr double source_bytes = 4 + 4;

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
         double warm_up_s, double bytes_per_update, const std::vector<bench::Peer>& peers) {
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
    bench::report(state, "cell_updates", updates, bytes_per_update, peers);
    state.counters["balance_error"] = model.balance_error(water);
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
    run(state, city, scenario, water, parameters, 10.0, flow_bytes,
        {{"lisflood_inertial", 15.9e6, 29.6e6},
         {"lisflood_subgrid", 26.8e6, 53.9e6},
         {"lisflood_finite_volume", 10.1e6, 20.6e6},
         {"sfincs", 12.6e6, 23.0e6},
         {"itzi_kernels", 22.7e6, 44.0e6},
         {"plain_c", 292e6}});
}

void rain_on_terrain(benchmark::State& state) {
    const auto city = sloping_city(951, 611);
    const auto scenario = std::make_shared<Scenario>();
    scenario->weather.rain_mps = {{0.0, 70.0 / 3.6e6}};
    FloodParameters parameters;
    parameters.max_step_s = 10.0;
    // Twenty minutes of rain first: then water flows in every tile, and none is left out as dry.
    run(state, city, scenario, plan_water(*city, *scenario), parameters, 1200.0,
        flow_bytes + source_bytes,
        {{"lisflood_inertial", 13.3e6, 23.8e6},
         {"lisflood_subgrid", 24.3e6, 46.5e6},
         {"sfincs", 15.5e6, 18.8e6}});
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
BENCHMARK_MAIN();
