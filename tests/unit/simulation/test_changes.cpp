#include "simulation/changes.hpp"
#include "simulation/simulation.hpp"
#include "support/toy_city.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

World world_of(const std::shared_ptr<const City>& city) {
    return Simulation(city, std::make_shared<Scenario>(toy_city::evening(*city)), 1).world();
}

} // namespace

TEST_CASE("each kind of change alters what it names and nothing else") {
    const auto city = toy_city::built();
    World world = world_of(city);
    const World before = world;

    make_change(CloseWays{{toy_city::to_east}, {TriangleId(3u)}}, world);
    CHECK(world.closures.edge_closed[toy_city::to_east.index] == all_vehicle_classes);
    CHECK(world.closures.triangle_closed[3] == 1);
    make_change(OpenWays{{toy_city::to_east}, {TriangleId(3u)}}, world);
    CHECK(state_digest(world) == state_digest(before));

    make_change(MakeOneWay{{toy_city::from_east}}, world);
    CHECK(world.closures.edge_closed[toy_city::from_east.index] == all_vehicle_classes);
    CHECK(world.closures.edge_closed[toy_city::to_east.index] == 0);

    make_change(SetSpeedLimit{{toy_city::to_east}, 5.0}, world);
    CHECK(world.closures.edge_speed_limit_mps[toy_city::to_east.index] == 5.0F);

    make_change(SwitchLamps{{LampId(2u)}, false}, world);
    CHECK(world.ambient.lamp_on[2] == 0);
    CHECK(world.ambient.lamp_on[1] == 1);

    make_change(SwitchFeeder{toy_city::south_feeder, false}, world);
    CHECK(world.ambient.feeder_on[toy_city::south_feeder.index] == 0);
    CHECK(world.ambient.feeder_on[toy_city::north_feeder.index] == 1);

    make_change(SwitchSensor{toy_city::east_loop, false}, world);
    CHECK(world.sensing.sensor_on[toy_city::east_loop.index] == 0);

    make_change(SwitchGate{GateId(0u), false}, world);
    CHECK(world.pedestrians.gate_open[0] == 0);

    make_change(SetSignalPlan{SignalId(0u), 1}, world);
    CHECK(world.signals.plan[0] == 1);

    make_change(SetRainfall{2e-5}, world);
    CHECK(world.water.rain_mps[0] == 2e-5);
}

TEST_CASE("a change is made at the first tick that begins at its time or later") {
    const auto city = toy_city::built();
    auto scenario = std::make_shared<Scenario>(toy_city::evening(*city));
    scenario->changes.push_back({2.0, "gate closed", SwitchGate{GateId(0u), false}});
    Simulation simulation(city, scenario, 1);
    simulation.step();
    simulation.step();
    CHECK(simulation.world().pedestrians.gate_open[0] == 1);
    simulation.step();
    CHECK(simulation.world().pedestrians.gate_open[0] == 0);
}

TEST_CASE("a requested change is made in the next tick") {
    const auto city = toy_city::built();
    Simulation simulation(city, std::make_shared<Scenario>(toy_city::evening(*city)), 1);
    simulation.request({0.0, "lamp out", SwitchLamps{{LampId(0u)}, false}});
    CHECK(simulation.world().ambient.lamp_on[0] == 1);
    simulation.step();
    CHECK(simulation.world().ambient.lamp_on[0] == 0);
}
