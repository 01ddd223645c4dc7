#include "simulation/simulation.hpp"
#include "support/toy_city.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace veste;

namespace {

std::shared_ptr<Scenario> evening(const City& city) {
    return std::make_shared<Scenario>(toy_city::evening(city));
}

void run_until(Simulation& simulation, double until_s) {
    while (simulation.now_s() < until_s) {
        simulation.step();
    }
}

std::size_t triangle_at(const City& city, double x_m, double y_m) {
    return city.walk.locate(Vec2(x_m, y_m)).value().index;
}

} // namespace

TEST_CASE("water that gathers on a street and on a square becomes a condition of both") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps = {{0.0, 200.0 / 3.6e6}};
    Simulation simulation(city, scenario, 2);
    const std::size_t hollow = triangle_at(*city, 60.0, 9.0);
    const std::size_t far_away = triangle_at(*city, 148.0, 58.0);
    CHECK(simulation.world().conditions.edge_depth_m[toy_city::to_east.index] == 0.0F);
    run_until(simulation, 500.0);
    const Conditions& now = simulation.world().conditions;
    const std::size_t cell = city->terrain.shape().clamped_index({60.0, 0.0});
    CHECK(now.edge_depth_m[toy_city::to_east.index] ==
          doctest::Approx(simulation.world().water.depth_m[cell]).epsilon(0.05));
    CHECK(now.edge_depth_m[toy_city::to_east.index] > 0.10F);
    CHECK(now.walk_depth_m[hollow] > now.walk_depth_m[far_away]);
    CHECK(simulation.flood_model().balance_error(simulation.world().water) < 1e-6);
}

TEST_CASE("what routes know of water follows within half a minute, closures at once") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps = {{0.0, 200.0 / 3.6e6}};
    scenario->changes.push_back({11.0, "closed", CloseWays{{toy_city::to_east}, {}}});
    Simulation simulation(city, scenario, 1);
    run_until(simulation, 12.0);
    CHECK(simulation.world().known.edge_closed[toy_city::to_east.index] == all_vehicle_classes);
    bool was_ahead = false;
    bool is_told = false;
    while (simulation.now_s() < 400.0) {
        simulation.step();
        const float now_m = simulation.world().conditions.edge_depth_m[toy_city::to_east.index];
        const float known_m = simulation.world().known.edge_depth_m[toy_city::to_east.index];
        was_ahead |= now_m > known_m;
        is_told |= known_m > 0.05F;
        CHECK(known_m <= now_m + 0.01F);
    }
    CHECK(was_ahead);
    CHECK(is_told);
}

TEST_CASE("a dead feeder darkens its lamps, silences its sensors and puts out its signal") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps.clear();
    scenario->changes.push_back({120.0, "north off", SwitchFeeder{toy_city::north_feeder, false}});
    Simulation simulation(city, scenario, 2);
    const std::size_t north = triangle_at(*city, 46.0, 30.0);
    const std::size_t south = triangle_at(*city, 46.0, -30.0);
    run_until(simulation, 119.0);
    const World& world = simulation.world();
    const float lit_lx = world.conditions.walk_illuminance_lx[north];
    CHECK(lit_lx > 5.0F);
    CHECK(world.sensing.has_report[toy_city::square_counter.index] == 1);
    CHECK(world.signals.is_powered[0] == 1);
    run_until(simulation, 300.0);
    CHECK(world.conditions.walk_illuminance_lx[north] < 0.05F * lit_lx);
    CHECK(world.conditions.walk_illuminance_lx[south] > 5.0F);
    CHECK(world.sensing.has_report[toy_city::square_counter.index] == 0);
    CHECK(world.sensing.reports_lost[toy_city::square_counter.index] >= 2);
    CHECK(world.sensing.has_report[toy_city::hollow_gauge.index] == 1);
    CHECK(world.signals.is_powered[0] == 0);
    CHECK(std::all_of(world.conditions.crossing_may_start.begin(),
                      world.conditions.crossing_may_start.end(),
                      [](std::uint8_t may_start) { return may_start == 1; }));
}

TEST_CASE("people at a signalled crossing wait for their light, vehicles for people on it") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps.clear();
    Simulation simulation(city, scenario, 1);
    bool someone_waited = false;
    bool someone_crossed = false;
    std::size_t met = 0;
    while (simulation.now_s() < 400.0) {
        simulation.step();
        const World& world = simulation.world();
        for (std::size_t c = 0; c < city->streets.crossings.size(); ++c) {
            const bool has_people = world.conditions.crossing_people[c] > 0;
            someone_crossed |= has_people;
            for (const CrossingPlace& place : city->streets.crossings[c].places) {
                for (std::size_t v = 0; has_people && v < world.vehicles.size(); ++v) {
                    met += world.vehicles.is_present(v) && place.lane.is_valid() &&
                           world.vehicles.lane[v] == place.lane.index &&
                           world.vehicles.front_m[v] > place.at_m &&
                           world.vehicles.front_m[v] - world.vehicles.length_m[v] < place.at_m &&
                           world.vehicles.speed_mps[v] > 2.0;
                }
            }
        }
        someone_waited |=
            std::any_of(world.pedestrians.waiting_s.begin(), world.pedestrians.waiting_s.end(),
                        [](double waiting_s) { return waiting_s > 1.0; });
    }
    CHECK(someone_waited);
    CHECK(someone_crossed);
    // A vehicle that had begun to pass before somebody stepped on may still clear the crossing.
    CHECK(met <= 5);
}

TEST_CASE("a rule acts on what its sensor reports, and its effect is felt") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps = {{0.0, 200.0 / 3.6e6}};
    Rule rule;
    rule.name = "flooded arm";
    rule.sensor = toy_city::hollow_gauge;
    rule.threshold = 0.05;
    rule.duration_s = 60.0;
    rule.text = "close east arm";
    rule.what = CloseWays{{toy_city::to_east, toy_city::from_east}, {}};
    scenario->rules.push_back(rule);
    Simulation simulation(city, scenario, 1);
    double closed_s = -1.0;
    double above_s = -1.0;
    while (simulation.now_s() < 600.0 && closed_s < 0.0) {
        simulation.step();
        const World& world = simulation.world();
        const std::size_t cell = city->terrain.shape().clamped_index({60.0, 0.0});
        if (above_s < 0.0 && world.water.depth_m[cell] > 0.05) {
            above_s = simulation.now_s();
        }
        if (world.closures.edge_closed[toy_city::to_east.index] != 0) {
            closed_s = simulation.now_s();
        }
    }
    REQUIRE(above_s > 0.0);
    REQUIRE(closed_s > 0.0);
    CHECK(closed_s >= above_s + 60.0);
    CHECK(closed_s <= above_s + 60.0 + 2.0 * scenario->sensor_interval_s);
    CHECK(simulation.world().known.edge_closed[toy_city::to_east.index] == all_vehicle_classes);
}
