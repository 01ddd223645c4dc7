#include "pedestrians/corner_spread.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// Where the first of `people`, who stand before it, steers for on the way round the corner at
/// (10, 10), from a corridor 10 m wide that leads east into one that leads north.
Vec2 place_at_corner(std::size_t people, double draw) {
    auto city = scene::city_of(
        scene::mesh_of({scene::box(0.0, 0.0, 10.0, 10.0), scene::box(10.0, 0.0, 20.0, 10.0),
                        scene::box(10.0, 10.0, 20.0, 25.0), scene::box(10.0, 25.0, 20.0, 26.0)}));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 10, 10));
    const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(10, 25, 20, 26));
    scene::add_demand(scenario, 40, scene::add_profile(scenario, 1.34), from, to);
    scene::Walk walk(city, scenario);
    const auto places = scene::scattered(scene::box(3.0, 7.0, 6.0, 9.5), people, 0.4, 1);
    std::vector<std::uint32_t> present;
    for (std::uint32_t i = 0; i < people; ++i) {
        walk.put(i, places[i]);
        present.push_back(i);
    }
    const WalkCells cells(city->walk, people);
    Crowd crowd(cells);
    crowd.build(walk.people, present);
    Navigation navigation(city, walk.scenario);
    const std::uint32_t route = navigation.target_of(to);
    navigation.prepare(std::span(&route, 1));
    const std::uint32_t triangle = walk.people.triangle[0];
    const Steering way = navigation.steer(route, triangle, places[0], 0.25);
    return place_at_bend(navigation, crowd, triangle, places[0], way, draw);
}

} // namespace

TEST_CASE("at a bend few steer for the inner corner and a crowd for the room beside it too") {
    const Vec2 alone = place_at_corner(1, 0.9);
    CHECK((alone - Vec2(10.0, 10.0)).norm() < 0.5);
    CHECK((place_at_corner(30, 0.0) - Vec2(10.0, 10.0)).norm() < 0.5);
    const double off_m = (place_at_corner(30, 0.9) - Vec2(10.0, 10.0)).norm();
    CHECK(off_m > 2.0);
    CHECK(off_m < 6.0); // half of the way is left to those outside
}
