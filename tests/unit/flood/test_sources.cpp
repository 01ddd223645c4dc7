#include "unit/flood/toy_terrain.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("rain on a closed basin is all there afterwards") {
    toy::Flood flood(toy::terrain(20, 10, 2.0));
    flood.scenario->weather.rain_mps = {{0.0, 1.0e-5}, {60.0, 0.0}};
    flood.run(120.0);
    // 0.6 mm on 200 cells of 4 m².
    CHECK(flood.total_m3(WaterTotal::Rain) == doctest::Approx(0.0006 * 800.0).epsilon(1e-12));
    CHECK(flood.stored_m3() == doctest::Approx(0.48).epsilon(1e-12));
    CHECK(flood.water.depth_m[flood.cell(7, 3)] == doctest::Approx(0.0006).epsilon(1e-9));
}

TEST_CASE("rain set by a change takes the place of the hyetograph") {
    toy::Flood flood(toy::terrain(4, 4, 1.0));
    flood.scenario->weather.rain_mps = {{0.0, 1.0e-5}};
    flood.run(10.0);
    CHECK(flood.model->rain_mps(flood.water, 10.0) == 1.0e-5);
    flood.water.rain_mps[0] = 0.0;
    CHECK(flood.model->rain_mps(flood.water, 10.0) == 0.0);
    flood.run(10.0);
    CHECK(flood.stored_m3() == doctest::Approx(16.0e-4).epsilon(1e-12));
    flood.water.rain_mps[0] = 2.0e-5;
    flood.run(10.0);
    CHECK(flood.stored_m3() == doctest::Approx(48.0e-4).epsilon(1e-12));
}

TEST_CASE("a hyetograph step inside an interval counts from its very time") {
    toy::Flood flood(toy::terrain(4, 4, 1.0));
    flood.scenario->weather.rain_mps = {{0.25, 4.0e-5}, {0.75, 0.0}};
    flood.run(1.0);
    CHECK(flood.stored_m3() == doctest::Approx(16.0 * 2.0e-5).epsilon(1e-12));
}

TEST_CASE("rain on a building drains to the open cells beside it") {
    auto city = toy::terrain(9, 9, 1.0);
    for (int j = 3; j < 6; ++j) {
        for (int i = 3; i < 6; ++i) {
            toy::build(*city, i, j);
        }
    }
    toy::Flood flood(city);
    flood.scenario->weather.rain_mps = {{0.0, 1.0e-4}};
    flood.run(1.0);
    CHECK(flood.total_m3(WaterTotal::Rain) == doctest::Approx(81.0e-4).epsilon(1e-12));
    CHECK(flood.stored_m3() == doctest::Approx(81.0e-4).epsilon(1e-12));
    CHECK(flood.water.depth_m[flood.cell(4, 4)] == 0.0);
    CHECK(flood.water.depth_m[flood.cell(4, 2)] > 1.9e-4);
    CHECK(flood.water.depth_m[flood.cell(0, 0)] == doctest::Approx(1.0e-4));
}

TEST_CASE("rain on ground without elevation and on the sea is not counted") {
    auto city = toy::terrain(4, 4, 1.0, [](int, int) { return 1.0; });
    city->terrain.is_blocked.at(0, 0) = 1;
    city->terrain.is_sea.at(3, 3) = 1;
    toy::Flood flood(city);
    flood.scenario->weather.rain_mps = {{0.0, 1.0e-4}};
    flood.run(1.0);
    CHECK(flood.total_m3(WaterTotal::Rain) == doctest::Approx(14.0e-4).epsilon(1e-12));
}

TEST_CASE("infiltration takes its rate and never more than is there") {
    auto city = toy::terrain(2, 1, 1.0);
    city->terrain.is_blocked.at(1, 0) = 1;
    toy::set_surface(*city, 0, 0, Surface::Grass);
    toy::Flood flood(city);
    flood.water.depth_m[0] = 5.0e-4;
    flood.run(20.0);
    // 36 mm/h is 1e-5 m/s; the rate is kept in single precision.
    CHECK(flood.total_m3(WaterTotal::Infiltrated) == doctest::Approx(2.0e-4).epsilon(1e-6));
    CHECK(flood.water.depth_m[0] == doctest::Approx(3.0e-4).epsilon(1e-6));
    flood.run(100.0);
    CHECK(flood.water.depth_m[0] == 0.0);
    CHECK(flood.total_m3(WaterTotal::Infiltrated) == doctest::Approx(5.0e-4).epsilon(1e-12));
}

TEST_CASE("rain below the infiltration rate leaves no water") {
    auto city = toy::terrain(3, 3, 1.0);
    for (std::uint8_t& surface : city->terrain.surface.values) {
        surface = static_cast<std::uint8_t>(Surface::Grass);
    }
    toy::Flood flood(city);
    flood.scenario->weather.rain_mps = {{0.0, 0.9e-5}};
    flood.run(60.0);
    CHECK(flood.stored_m3() == 0.0);
    CHECK(flood.error() < 1e-12);
}

TEST_CASE("a drain takes its capacity while it can and then what comes") {
    auto city = toy::terrain(1, 1, 10.0);
    city->assets.drains.push_back({city->terrain.shape().centre(0, 0), 0.02, false});
    toy::Flood flood(city);
    flood.water.depth_m[0] = 0.01; // 1 m³
    flood.run(20.0);
    CHECK(flood.total_m3(WaterTotal::Drained) == doctest::Approx(0.4).epsilon(1e-12));
    flood.run(60.0);
    CHECK(flood.total_m3(WaterTotal::Drained) == doctest::Approx(1.0).epsilon(1e-12));
    CHECK(flood.stored_m3() == 0.0);
}

TEST_CASE("drains in buildings or the sea or outside are left out") {
    auto city = toy::terrain(3, 1, 1.0);
    toy::build(*city, 0, 0);
    city->terrain.is_sea.at(2, 0) = 1;
    for (const double x : {0.5, 2.5, 77.0}) {
        city->assets.drains.push_back({{x, 0.5}, 1.0, false});
    }
    toy::Flood flood(city);
    flood.water.depth_m[1] = 0.0005;
    flood.run(5.0);
    CHECK(flood.total_m3(WaterTotal::Drained) == 0.0);
}

TEST_CASE("an inflow brings the volume under its hydrograph") {
    auto city = toy::terrain(10, 10, 5.0);
    toy::Flood flood(city);
    flood.scenario->weather.inflows.push_back(
        {"river", toy::cell_area(*city, 2, 2, 3, 4), {{10.0, 0.0}, {20.0, 2.0}, {40.0, 2.0}}});
    flood.run(60.0, 0.7);
    // A triangle of 10 m³ and a rectangle of 40 m³.
    CHECK(flood.total_m3(WaterTotal::Inflow) == doctest::Approx(50.0).epsilon(1e-12));
    CHECK(flood.stored_m3() == doctest::Approx(50.0).epsilon(1e-12));
}

TEST_CASE("an inflow smaller than a cell enters the cell of its middle") {
    auto city = toy::terrain(3, 3, 10.0);
    toy::Flood flood(city);
    flood.scenario->weather.inflows.push_back(
        {"burst main", {{{21.0, 1.0}, {22.0, 1.0}, {22.0, 2.0}}, {}}, {{0.0, 0.1}, {5.0, 0.1}}});
    flood.run(1.0);
    CHECK(flood.water.depth_m[2] > 0.0009);
    CHECK(flood.total_m3(WaterTotal::Inflow) == doctest::Approx(0.1).epsilon(1e-12));
}

TEST_CASE("an inflow that lies in a building only is refused by name") {
    auto city = toy::terrain(3, 3, 10.0);
    toy::build(*city, 1, 1);
    auto scenario = std::make_shared<Scenario>();
    scenario->weather.inflows.push_back(
        {"cellar", toy::cell_area(*city, 1, 1, 1, 1), {{0.0, 1.0}, {9.0, 1.0}}});
    std::string message;
    try {
        const FloodModel model(city, scenario, {});
    } catch (const InputError& error) {
        message = error.what();
    }
    CHECK(message.find("cellar") != std::string::npos);
    CHECK(message.find("no cell of open ground") != std::string::npos);
}

TEST_CASE("a scenario without flood has no water arrays and takes no steps") {
    auto city = toy::terrain(3, 3, 1.0);
    auto scenario = std::make_shared<Scenario>();
    scenario->has_flood = false;
    Water water = plan_water(*city, *scenario);
    CHECK(water.depth_m.empty());
    FloodModel model(city, scenario, {});
    CHECK(model.advance(water, 0.0, 10.0) == 0);
    CHECK(model.stored_m3(water) == 0.0);
}

TEST_CASE("water of another city is refused") {
    auto city = toy::terrain(3, 3, 1.0);
    auto scenario = std::make_shared<Scenario>();
    Water water = plan_water(*toy::terrain(4, 3, 1.0), *scenario);
    FloodModel model(city, scenario, {});
    CHECK_THROWS_AS(model.advance(water, 0.0, 1.0), UsageError);
    CHECK_THROWS_AS(FloodModel(city, scenario, {.cfl = 3.0}), UsageError);
}
