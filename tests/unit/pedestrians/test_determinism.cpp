#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <chrono>
#include <doctest/doctest.h>
#include <mutex>
#include <set>
#include <thread>

using namespace veste;

namespace {

scene::Walk busy_scene() {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 60.0, 40.0)},
                                              {scene::box(20.0, 15.0, 25.0, 25.0)}, 4.0));
    Scenario scenario;
    scenario.seed = 11;
    const ProfileId profile = scene::add_profile(scenario, 1.3, 0.26);
    const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 0, 12, 40));
    const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(48, 0, 60, 40));
    const PlaceId stage = scene::add_place(scenario, *city, "stage", scene::box(40, 12, 48, 28));
    scene::add_demand(scenario, 500, profile, west, east, {0.0, 20.0, DepartureShape::Uniform});
    scene::add_demand(scenario, 500, profile, east, west, {0.0, 20.0, DepartureShape::Normal});
    scene::add_gate(scenario, *city, Vec2(33.0, 20.0), 1.0, 2);
    Event& event = scene::add_event(scenario, 100, profile, west, stage, Vec2(48.0, 20.0));
    event.capacity = 60;
    event.exits = {{east, 1.0}};
    event.egress = {40.0, 60.0, DepartureShape::Uniform};
    event.groups.share = 0.5;
    scenario.pedestrians[0].groups.share = 0.7;
    scenario.profiles[0].height_m = 0.7;
    scenario.profiles[0].mass_kg = 10.0;
    scenario.profiles[0].reaction = {TimeShape::Gamma, 5.0, 4.0, 0.0, 30.0};
    scene::Walk walk(city, scenario);
    // Water in which people still walk and that takes the lightest off their feet.
    for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
        if (city->walk.centroid(TriangleId(t)).y() > 36.0) {
            walk.conditions.walk_depth_m[t] = 0.24F;
            walk.conditions.walk_water_mps[t] = 1.95F;
        }
    }
    return walk;
}

} // namespace

TEST_CASE("people are the same bit for bit on any number of threads") {
    const auto digest_with = [](int count) {
        std::string digest;
        std::set<std::thread::id> seen;
        std::mutex mutex;
        Threads threads(count);
        threads.execute([&] {
            // Prove that loops of this pool run on several threads at all, though others may be
            // busy.
            for (int round = 0; round < 50 && seen.size() < 2 && count > 1; ++round) {
                parallel_for(64, 1, [&](std::size_t) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(1));
                    const std::lock_guard lock(mutex);
                    seen.insert(std::this_thread::get_id());
                });
            }
            scene::Walk walk = busy_scene();
            for (int k = 0; k < 50; ++k) {
                walk.advance();
            }
            CHECK(walk.count(WalkerPhase::Walking) > 100);
            CHECK(walk.count(WalkerPhase::Toppled) > 10);
            digest = digest_of(walk.people);
        });
        CHECK((count == 1 || seen.size() > 1));
        return digest;
    };
    const std::string expected = digest_with(1);
    for (const int count : {2, 3, 8}) {
        CAPTURE(count);
        CHECK(digest_with(count) == expected);
    }
}

TEST_CASE("a model that starts anew from a copy of the state goes on alike") {
    scene::Walk walk = busy_scene();
    for (int k = 0; k < 30; ++k) {
        walk.advance();
    }
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (int k = 0; k < 10; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(digest_of(copy) == digest_of(walk.people));
}

TEST_CASE("another seed gives other people") {
    scene::Walk walk = busy_scene();
    Scenario other = *walk.scenario;
    other.seed = 12;
    CHECK(digest_of(plan_pedestrians(*walk.city, other)) !=
          digest_of(plan_pedestrians(*walk.city, *walk.scenario)));
}
