#include "base/errors.hpp"
#include "pedestrians/effects.hpp"
#include "simulation/coupling.hpp"
#include "simulation/simulation.hpp"
#include "support/toy_city.hpp"

#include <algorithm>
#include <cmath>
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

/// The same city with a wall one cell wide, as along a row of houses.
std::shared_ptr<City> with_wall(const City& built) {
    auto city = std::make_shared<City>(built);
    for (int j = 0; j < city->terrain.shape().rows; ++j) {
        city->terrain.is_blocked.at(city->terrain.shape().column_at(60.0), j) = 1;
    }
    return city;
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

TEST_CASE("people at a signalled crossing wait for their light") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps.clear();
    Simulation simulation(city, scenario, 1);
    bool someone_waited = false;
    bool someone_crossed = false;
    while (simulation.now_s() < 400.0) {
        simulation.step();
        const World& world = simulation.world();
        const auto& people = world.conditions.crossing_people;
        const auto& waiting_s = world.pedestrians.waiting_s;
        someone_crossed |= std::any_of(people.begin(), people.end(), [](auto n) { return n > 0; });
        someone_waited |=
            std::any_of(waiting_s.begin(), waiting_s.end(), [](double s) { return s > 1.0; });
    }
    CHECK(someone_waited);
    CHECK(someone_crossed);
}

namespace {

/// Who drives onto a crossing with people on it, and could have stopped when the first of them
/// stepped onto it: by braking at 6 m/s² a step of half a second later.
struct CrossingWatch {
    const City& city;
    std::vector<std::uint8_t> had_people = std::vector<std::uint8_t>(city.streets.crossings.size());
    std::vector<std::vector<std::uint8_t>> is_committed =
        std::vector<std::vector<std::uint8_t>>(city.streets.crossings.size());
    std::size_t heedless = 0;

    static bool could_stop(const Crossing& crossing, const Vehicles& vehicles, std::size_t v) {
        const double speed = vehicles.speed_mps[v];
        const Vec2 front(vehicles.x_m[v], vehicles.y_m[v]);
        const Vec2 nearest = nearest_on_segment(front, crossing.from, crossing.to);
        // The straight line, which no way to the crossing is shorter than.
        const double distance_m = (nearest - front).norm() - 0.5 * crossing.width_m;
        return distance_m > 0.3 + 0.5 * speed + speed * speed / (2.0 * 6.0);
    }

    /// Drives with its body over the line from kerb to kerb.
    static bool drives_over(const Crossing& crossing, const Vehicles& vehicles, std::size_t v) {
        const double heading = vehicles.heading_rad[v];
        const Vec2 front(vehicles.x_m[v], vehicles.y_m[v]);
        const Vec2 rear = front - vehicles.length_m[v] * Vec2(std::cos(heading), std::sin(heading));
        return vehicles.is_present(v) && vehicles.speed_mps[v] > 0.5 &&
               segments_cross(rear, front, crossing.from, crossing.to);
    }

    /// `before` is what the tick began with, and its drivers saw.
    void look(const Vehicles& before, const World& now) {
        for (std::size_t c = 0; c < city.streets.crossings.size(); ++c) {
            const Crossing& crossing = city.streets.crossings[c];
            const bool has_people = now.conditions.crossing_people[c] > 0;
            if (has_people && had_people[c] == 0) {
                is_committed[c].assign(before.size(), 0);
                for (std::size_t v = 0; v < before.size(); ++v) {
                    is_committed[c][v] = before.is_present(v) && !could_stop(crossing, before, v);
                }
            }
            had_people[c] = has_people;
            for (std::size_t v = 0; has_people && v < before.size(); ++v) {
                heedless += drives_over(crossing, now.vehicles, v) && is_committed[c][v] == 0;
            }
        }
    }
};

} // namespace

TEST_CASE("no vehicle that can still stop drives onto a crossing with people on it") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps.clear();
    scenario->vehicles[0].count = 150;
    scenario->pedestrians[0].count = 300;
    for (const bool has_lights : {true, false}) {
        CAPTURE(has_lights);
        scenario->changes = {
            {0.0, "north feeder", SwitchFeeder{toy_city::north_feeder, has_lights}}};
        Simulation simulation(city, scenario, 1);
        CrossingWatch watch{*city};
        std::ptrdiff_t ticks_with_people = 0;
        while (simulation.now_s() < 600.0) {
            const Vehicles before = simulation.world().vehicles;
            simulation.step();
            watch.look(before, simulation.world());
            ticks_with_people += std::count(watch.had_people.begin(), watch.had_people.end(), 1);
        }
        CHECK(ticks_with_people > 100);
        CHECK(watch.heedless == 0);
    }
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

TEST_CASE("walls beside a pavement do not make its water look shallower") {
    const auto city = with_wall(*toy_city::built());
    const auto scenario = evening(*city);
    const Simulation simulation(city, scenario, 1);
    const Coupling coupling(city, *scenario, CouplingParameters{});
    World world = simulation.world();
    for (std::size_t cell = 0; cell < world.water.depth_m.size(); ++cell) {
        const bool is_open = city->terrain.is_open_ground(cell);
        world.water.depth_m[cell] = is_open ? 0.2 : 0.0;
        world.water.speed_mps[cell] = is_open ? 1.5F : 0.0F;
    }
    coupling.couple(world, simulation.traffic_model(), simulation.pedestrian_model());
    for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
        CHECK(world.conditions.walk_depth_m[t] == doctest::Approx(0.2));
        CHECK(world.conditions.walk_water_mps[t] == doctest::Approx(1.5));
    }
    CHECK(world.conditions.edge_depth_m[toy_city::to_east.index] == doctest::Approx(0.2));
}

TEST_CASE("water that begins to run fast becomes known as the wall that it is to people") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    const Coupling coupling(city, *scenario, CouplingParameters{});
    World world = Simulation(city, scenario, 1).world();
    const std::size_t t = triangle_at(*city, 60.0, 30.0);
    world.conditions.walk_depth_m[t] = 0.28F;
    coupling.spread_knowledge(world, 0.0, 1.0);
    CHECK(ground_of(city->walk, world.known).is_barred[t] == 0);
    const std::uint64_t version = world.known.walk_version;
    world.tick = 60;
    coupling.spread_knowledge(world, 60.0, 1.0);
    CHECK(world.known.walk_version == version);
    world.conditions.walk_water_mps[t] = 1.0F;
    world.tick = 90;
    coupling.spread_knowledge(world, 90.0, 1.0);
    CHECK(world.known.walk_version == version + 1);
    CHECK(ground_of(city->walk, world.known).is_barred[t] == 1);
}

TEST_CASE("water becomes known once in each period, whatever the tick") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    const Coupling coupling(city, *scenario, CouplingParameters{30.0, 50.0F});
    for (const double tick_s : {0.1, 1.0, 7.0, 45.0}) {
        CAPTURE(tick_s);
        World world = Simulation(city, scenario, 1).world();
        std::vector<double> told_s;
        for (; static_cast<double>(world.tick) * tick_s < 299.0; ++world.tick) {
            const double now_s = static_cast<double>(world.tick) * tick_s;
            const std::uint64_t version = world.known.walk_version;
            world.conditions.walk_depth_m[0] = world.known.walk_depth_m[0] > 0.05F ? 0.0F : 0.1F;
            coupling.spread_knowledge(world, now_s, tick_s);
            if (world.known.walk_version != version) {
                told_s.push_back(now_s);
            }
        }
        const double every_s = std::max(30.0, tick_s);
        CHECK(told_s.size() == static_cast<std::size_t>(std::ceil(299.0 / every_s)));
        for (std::size_t k = 0; k < told_s.size(); ++k) {
            CHECK(told_s[k] >= every_s * static_cast<double>(k) - 1e-6);
            CHECK(told_s[k] < every_s * static_cast<double>(k) + tick_s - 1e-6);
        }
    }
    CHECK_THROWS_AS(Coupling(city, *scenario, CouplingParameters{0.0, 50.0F}), UsageError);
    CHECK_THROWS_AS(Coupling(city, *scenario, CouplingParameters{std::nan(""), 50.0F}), UsageError);
}

TEST_CASE("a gauge on a wall measures beside it, one without land or water reports nothing") {
    const auto built = toy_city::built();
    const auto reports = [](const std::shared_ptr<const City>& city, bool has_flood) {
        const auto scenario = evening(*city);
        scenario->has_flood = has_flood;
        scenario->noise = {0.0, 0.0};
        scenario->weather.rain_mps.clear();
        if (has_flood) {
            scenario->weather.rain_mps = {{0.0, 200.0 / 3.6e6}};
        }
        Simulation simulation(city, scenario, 1);
        run_until(simulation, 180.0);
        return simulation.world().sensing;
    };
    const std::size_t gauge = toy_city::hollow_gauge.index;
    const Sensing on_wall = reports(with_wall(*built), true);
    CHECK(on_wall.has_report[gauge] == 1);
    CHECK(on_wall.reported[gauge] > 0.001);

    auto at_sea = std::make_shared<City>(*built);
    for (std::size_t cell = 0; cell < at_sea->terrain.shape().cells(); ++cell) {
        const Vec2 away = at_sea->terrain.shape().centre(cell) - at_sea->assets.sensors[gauge].at;
        at_sea->terrain.is_sea.values[cell] = away.norm() <= gauge_reach_m;
    }
    for (const Sensing& sensing : {reports(at_sea, true), reports(built, false)}) {
        CHECK(sensing.has_report[gauge] == 0);
        CHECK(sensing.reports_lost[gauge] == 3);
        CHECK(sensing.is_working[gauge] == 1);
        CHECK(sensing.has_report[toy_city::square_counter.index] == 1);
    }
}

TEST_CASE("water leaves over an open border and stays within a closed one") {
    auto city = std::make_shared<City>(*toy_city::built());
    Raster<float>& ground = city->terrain.ground_m;
    for (std::size_t cell = 0; cell < ground.values.size(); ++cell) {
        ground.values[cell] = static_cast<float>(-0.01 * ground.shape.centre(cell).x());
    }
    const auto outflow_m3 = [&](bool is_open) {
        const auto scenario = evening(*city);
        scenario->weather.rain_mps = {{0.0, 200.0 / 3.6e6}};
        scenario->weather.is_border_open = is_open;
        Simulation simulation(city, scenario, 1);
        run_until(simulation, 120.0);
        CHECK(simulation.flood_model().balance_error(simulation.world().water) < 1e-6);
        return simulation.world().water.balance_m3[static_cast<std::size_t>(WaterTotal::Outflow)];
    };
    CHECK(outflow_m3(true) > 1.0);
    CHECK(outflow_m3(false) == 0.0);
}

TEST_CASE("a rule's change is made in the tick after its observation, and is told as the rule's") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    Rule rule;
    rule.name = "somebody is there";
    rule.sensor = toy_city::square_counter;
    rule.threshold = 0.5;
    rule.text = "close east arm";
    rule.what = CloseWays{{toy_city::to_east}, {}};
    scenario->rules.push_back(rule);
    struct News : Observer {
        void begin(const Simulation&) override {}
        void observe(const Simulation&, const std::vector<Occurrence>& news) override {
            told.insert(told.end(), news.begin(), news.end());
        }
        void end(const Simulation&) override {}
        std::vector<Occurrence> told;
    } news;
    Simulation simulation(city, scenario, 1);
    simulation.add_observer(news);
    const World& world = simulation.world();
    while (world.sensing.rule_fired[0] == 0 && simulation.now_s() < 300.0) {
        simulation.step();
    }
    REQUIRE(world.sensing.rule_fired[0] == 1);
    CHECK(world.closures.edge_closed[toy_city::to_east.index] == 0);
    CHECK(news.told.empty());
    const double due_s = simulation.now_s();
    simulation.request({0.0, "lamp out", SwitchLamps{{LampId(0u)}, false}});
    simulation.step();
    CHECK(world.closures.edge_closed[toy_city::to_east.index] != 0);
    REQUIRE(news.told.size() == 2);
    CHECK(news.told[0].kind == "rule");
    CHECK(news.told[0].at_s == due_s);
    CHECK(news.told[0].text == "somebody is there: close east arm");
    CHECK(news.told[1].kind == "request");
    simulation.step();
    CHECK(news.told.size() == 2);
}
