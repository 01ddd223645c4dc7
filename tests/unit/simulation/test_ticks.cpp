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

std::string digest_after(const std::shared_ptr<const City>& city, int threads, int ticks) {
    Simulation simulation(city, evening(*city), threads);
    for (int k = 0; k < ticks; ++k) {
        simulation.step();
    }
    return state_digest(simulation.world());
}

bool has_several_threads(int count) {
    std::set<std::thread::id> seen;
    std::mutex mutex;
    Threads threads(count);
    threads.execute([&] {
        parallel_for(64, 1, [&](std::size_t) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            const std::lock_guard lock(mutex);
            seen.insert(std::this_thread::get_id());
        });
    });
    return seen.size() > 1;
}

} // namespace

TEST_CASE("a coupled run is the same bit for bit on any number of threads") {
    const auto city = toy_city::built();
    const std::string expected = digest_after(city, 1, 300);
    for (const int threads : {2, 3, 8}) {
        CAPTURE(threads);
        CHECK(has_several_threads(threads));
        CHECK(digest_after(city, threads, 300) == expected);
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
    CHECK(state_digest(simulation.world()) != digest_after(city, 1, 120));
}

TEST_CASE("everyone the scenario plans sets out, nobody vanishes, and most arrive") {
    const auto city = toy_city::built();
    const auto scenario = evening(*city);
    scenario->weather.rain_mps.clear();
    Simulation simulation(city, scenario, 2);
    simulation.run();
    const World& world = simulation.world();
    const auto people_in = [&](WalkerPhase phase) {
        return std::count(world.pedestrians.phase.begin(), world.pedestrians.phase.end(),
                          static_cast<std::uint8_t>(phase));
    };
    CHECK(world.pedestrians.size() == 140);
    CHECK(people_in(WalkerPhase::Planned) == 0);
    CHECK(people_in(WalkerPhase::Arrived) > 120);
    const auto vehicles_in = [&](VehiclePhase phase) {
        return std::count(world.vehicles.phase.begin(), world.vehicles.phase.end(),
                          static_cast<std::uint8_t>(phase));
    };
    CHECK(world.vehicles.size() == 60);
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
