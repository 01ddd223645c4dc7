#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// NIST 2.8: rooms of 10 x 10 m at both ends of a corridor of 10 x 2 m; 100 people walk east, some
/// walk west.
double time_of_eastbound_s(std::uint32_t westbound, std::uint64_t seed) {
    const Box2 west = scene::box(0.0, 0.0, 10.0, 10.0);
    const Box2 east = scene::box(20.0, 0.0, 30.0, 10.0);
    auto city = scene::city_of(
        scene::mesh_of({west, scene::box(10.0, 4.0, 20.0, 6.0), east,
                        scene::box(0.0, 0.0, 2.0, 10.0), scene::box(28.0, 0.0, 30.0, 10.0)}));
    Scenario scenario;
    scenario.seed = seed;
    const ProfileId profile = scene::add_profile(scenario, 1.34, 0.26);
    const PlaceId from_west = scene::add_place(scenario, *city, "west", west);
    const PlaceId from_east = scene::add_place(scenario, *city, "east", east);
    const PlaceId to_east = scene::add_place(scenario, *city, "e", scene::box(28, 0, 30, 10));
    const PlaceId to_west = scene::add_place(scenario, *city, "w", scene::box(0, 0, 2, 10));
    scene::add_demand(scenario, 100, profile, from_west, to_east);
    scene::add_demand(scenario, westbound, profile, from_east, to_west);
    scene::Walk walk(city, scenario);
    const auto left = scene::scattered(scene::box(0.5, 0.5, 9.5, 9.5), 100, 0.7, seed);
    const auto right = scene::scattered(scene::box(20.5, 0.5, 27.5, 9.5), 100, 0.7, seed + 50);
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        walk.put(i, i < 100 ? left[i] : right[i - 100]);
    }
    CHECK(walk.run_until_all_arrived(600.0));
    double last_s = 0.0;
    for (std::size_t i = 0; i < 100; ++i) {
        last_s = std::max(last_s, walk.people.arrived_s[i]);
    }
    return last_s;
}

} // namespace

TEST_CASE("NIST 2.8: counter-flow takes longer the more people come and never deadlocks") {
    double alone_s = 0.0;
    double half_s = 0.0;
    double full_s = 0.0;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        alone_s += time_of_eastbound_s(0, seed) / 3.0;
        half_s += time_of_eastbound_s(50, seed) / 3.0;
        full_s += time_of_eastbound_s(100, seed) / 3.0;
        CHECK(time_of_eastbound_s(10, seed) < 600.0);
    }
    MESSAGE("100 against 0, 50, 100: ", alone_s, " s, ", half_s, " s, ", full_s, " s");
    CHECK(half_s > alone_s);
    CHECK(full_s > half_s);
}

TEST_CASE("two who meet head-on in a narrow way pass each other") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 1.2)}, {}, 2.0));
    Scenario scenario;
    const ProfileId profile = scene::add_profile(scenario, 1.34);
    const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 0, 2, 1.2));
    const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(18, 0, 20, 1.2));
    scene::add_demand(scenario, 1, profile, west, east);
    scene::add_demand(scenario, 1, profile, east, west);
    scene::Walk walk(city, scenario);
    walk.put(0, Vec2(5.0, 0.6));
    walk.put(1, Vec2(15.0, 0.6));
    CHECK(walk.run_until_all_arrived(40.0));
}
