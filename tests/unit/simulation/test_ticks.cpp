#include "base/parallel.hpp"
#include "simulation/simulation.hpp"
#include "support/toy_city.hpp"

#include <algorithm>
#include <chrono>
#include <doctest/doctest.h>
#include <mutex>
#include <set>
#include <thread>

using namespace veste;

namespace {

std::shared_ptr<Scenario> evening(const City& city) {
    return std::make_shared<Scenario>(toy_city::evening(city));
}

/// What an observer was told, in order.
struct Diary : Observer {
    void begin(const Simulation&) override { calls.emplace_back("begin"); }
    void observe(const Simulation& simulation, const std::vector<Occurrence>& news) override {
        ticks.push_back(simulation.world().tick);
        for (const Occurrence& item : news) {
            told.push_back(item);
        }
    }
    void end(const Simulation&) override { calls.emplace_back("end"); }

    std::vector<std::string> calls;
    std::vector<std::uint64_t> ticks;
    std::vector<Occurrence> told;
};

std::string digest_after(const std::shared_ptr<const City>& city, int ticks) {
    Simulation simulation(city, evening(*city), 1);
    for (int k = 0; k < ticks; ++k) {
        simulation.step();
    }
    return state_digest(simulation.world());
}

/// So many walkers and vehicles that the models' loops over them split into several ranges.
std::shared_ptr<Scenario> crowded_evening(const City& city) {
    auto scenario = evening(city);
    scenario->pedestrians[0].count = 1150;
    scenario->pedestrians[0].departure = {0.0, 30.0, DepartureShape::Uniform};
    scenario->pedestrians.push_back(scenario->pedestrians[0]);
    std::swap(scenario->pedestrians[1].origins, scenario->pedestrians[1].destinations);
    scenario->vehicles[0].count = 500;
    scenario->vehicles[0].departure = {0.0, 20.0, DepartureShape::Uniform};
    scenario->weather.rain_mps = {{0.0, 80.0 / 3.6e6}};
    return scenario;
}

struct CrowdedRun {
    std::string digest;
    std::ptrdiff_t most_walkers = 0;
    std::ptrdiff_t most_vehicles = 0;
};

CrowdedRun run_crowded(const std::shared_ptr<const City>& city, int threads) {
    CrowdedRun run;
    Simulation simulation(city, crowded_evening(*city), threads);
    const World& world = simulation.world();
    while (simulation.now_s() < 50.0) {
        simulation.step();
        std::ptrdiff_t walkers = 0;
        std::ptrdiff_t vehicles = 0;
        for (std::size_t i = 0; i < world.pedestrians.size(); ++i) {
            walkers += world.pedestrians.is_present(i);
        }
        for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
            vehicles += world.vehicles.is_present(i);
        }
        run.most_walkers = std::max(run.most_walkers, walkers);
        run.most_vehicles = std::max(run.most_vehicles, vehicles);
    }
    run.digest = state_digest(world);
    return run;
}

/// Nobody may vanish: who was there is there or has arrived, and walkers are inside the triangle
/// they are said to be in.
struct Roll {
    World before;
    std::size_t lost = 0;
    std::size_t outside = 0;

    void call(const City& city, const World& now) {
        const Pedestrians& people = now.pedestrians;
        for (std::size_t i = 0; i < people.size(); ++i) {
            const auto phase = static_cast<WalkerPhase>(people.phase[i]);
            lost += before.pedestrians.is_present(i) && phase == WalkerPhase::Planned;
            lost +=
                before.pedestrians.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived) &&
                phase != WalkerPhase::Arrived;
            outside +=
                people.is_present(i) && !city.walk.contains(TriangleId(people.triangle[i]),
                                                            Vec2(people.x_m[i], people.y_m[i]));
        }
        const Vehicles& vehicles = now.vehicles;
        for (std::size_t i = 0; i < vehicles.size(); ++i) {
            const auto was = static_cast<VehiclePhase>(before.vehicles.phase[i]);
            const auto phase = static_cast<VehiclePhase>(vehicles.phase[i]);
            lost += was == VehiclePhase::Driving && phase != VehiclePhase::Driving &&
                    phase != VehiclePhase::Arrived;
            lost += phase < was;
        }
        before = now;
    }
};

bool has_several_threads(int count) {
    std::set<std::thread::id> seen;
    std::mutex mutex;
    Threads threads(count);
    // On a busy machine the second thread may come late.
    for (int round = 0; round < 50 && seen.size() < 2; ++round) {
        threads.execute([&] {
            parallel_for(64, 1, [&](std::size_t) {
                std::this_thread::sleep_for(std::chrono::milliseconds(1));
                const std::lock_guard lock(mutex);
                seen.insert(std::this_thread::get_id());
            });
        });
    }
    return seen.size() > 1;
}

} // namespace

TEST_CASE("a coupled run is the same bit for bit on any number of threads") {
    const auto city = toy_city::built();
    const CrowdedRun expected = run_crowded(city, 1);
    // Loops over walkers split at 256 (lists of cells at 2048), those over vehicles at 64.
    CHECK(expected.most_walkers > 2048);
    CHECK(expected.most_vehicles > 64);
    for (const int threads : {2, 3, 8}) {
        CAPTURE(threads);
        CHECK(has_several_threads(threads));
        CHECK(run_crowded(city, threads).digest == expected.digest);
    }
}

TEST_CASE("another seed gives another run") {
    const auto city = toy_city::built();
    auto other = evening(*city);
    other->seed = 6;
    Simulation simulation(city, other, 1);
    for (int k = 0; k < 120; ++k) {
        simulation.step();
    }
    CHECK(state_digest(simulation.world()) != digest_after(city, 120));
}

TEST_CASE("everyone the scenario plans sets out, nobody vanishes, and most arrive") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps.clear();
    Simulation simulation(city, scenario, 2);
    const World& world = simulation.world();
    Roll roll{world};
    while (world.tick < simulation.ticks()) {
        simulation.step();
        roll.call(*city, world);
    }
    CHECK(roll.lost == 0);
    CHECK(roll.outside == 0);
    const auto people_in = [&](WalkerPhase phase) {
        return std::count(world.pedestrians.phase.begin(), world.pedestrians.phase.end(),
                          static_cast<std::uint8_t>(phase));
    };
    CHECK(people_in(WalkerPhase::Planned) == 0);
    CHECK(people_in(WalkerPhase::Arrived) > 120);
    const auto vehicles_in = [&](VehiclePhase phase) {
        return std::count(world.vehicles.phase.begin(), world.vehicles.phase.end(),
                          static_cast<std::uint8_t>(phase));
    };
    CHECK(vehicles_in(VehiclePhase::Planned) == 0);
    CHECK(vehicles_in(VehiclePhase::Arrived) > 50);
}

TEST_CASE("observers see every tick once, between begin and end, with what changed in it") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->duration_s = 30.0;
    scenario->changes.push_back({10.0, "feeder north off", SwitchFeeder{toy_city::north_feeder}});
    Simulation simulation(city, scenario, 1);
    Diary diary;
    simulation.add_observer(diary);
    simulation.run();
    CHECK(diary.calls == std::vector<std::string>{"begin", "end"});
    REQUIRE(diary.ticks.size() == 30);
    CHECK(diary.ticks.front() == 1);
    CHECK(diary.ticks.back() == 30);
    REQUIRE(diary.told.size() == 1);
    CHECK(diary.told[0].kind == "change");
    CHECK(diary.told[0].at_s == 10.0);
    CHECK(diary.told[0].text == "feeder north off");
}

TEST_CASE("a run asked to stop ends after the present tick and tells its observers") {
    const auto city = toy_city::built();
    Simulation simulation(city, evening(*city), 1);
    Diary diary;
    simulation.add_observer(diary);
    simulation.run([&] { return simulation.now_s() >= 7.0; });
    CHECK(simulation.now_s() == 7.0);
    CHECK(diary.calls.back() == "end");
}

TEST_CASE("a number that is not finite stops the run and is named") {
    World world;
    world.pedestrians.x_m = {1.0, 2.0, std::nan("")};
    CHECK(first_non_finite(world).find("pedestrians/x[2] = nan m") != std::string::npos);
    world.pedestrians.x_m[2] = 3.0;
    CHECK(first_non_finite(world).empty());
}
