#include "pedestrians/single_file_ways.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// True where the point lies on a single-file way.
bool is_single_file(const WalkMesh& mesh, const Vec2& p) {
    return single_file_ways(mesh)[mesh.locate(p).value().index] != 0;
}

/// Two rooms of 6 m by 6 m, joined from x = 6 on by a way of this length and width.
WalkMesh rooms_joined(double length_m, double width_m) {
    return scene::mesh_of(
        {scene::box(0.0, 0.0, 6.0, 6.0),
         scene::box(6.0, 3.0 - 0.5 * width_m, 6.0 + length_m, 3.0 + 0.5 * width_m),
         scene::box(6.0 + length_m, 0.0, 12.0 + length_m, 6.0)},
        {});
}

} // namespace

TEST_CASE("a way is single file where nobody can pass for two metres and more") {
    CHECK(is_single_file(rooms_joined(4.0, 0.5), Vec2(8.0, 3.0)));
    CHECK_FALSE(is_single_file(rooms_joined(4.0, 0.5), Vec2(5.9, 3.0))); // the room before it
    CHECK_FALSE(is_single_file(rooms_joined(4.0, 0.8), Vec2(8.0, 3.0))); // two pass each other
    CHECK_FALSE(is_single_file(rooms_joined(1.0, 0.5), Vec2(6.5, 3.0))); // a doorway
}

TEST_CASE("those who follow in single file keep 0.36 m and 1.06 s from middle to middle") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 60.0, 0.5)}, {}, 3.0));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 3, 0.5));
    const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(57, 0, 60, 0.5));
    scene::add_demand(scenario, 2, scene::add_profile(scenario, 1.34), from, to);
    scene::Walk walk(city, scenario);
    walk.put(0, Vec2(3.0, 0.25));
    walk.put(1, Vec2(3.8, 0.25));
    walk.people.free_speed_mps[1] = 0.5;
    for (const std::size_t i : {0U, 1U}) {
        walk.people.radius_m[i] = 0.2F;
    }
    walk.advance(20.0);
    // The law's distance at half a metre per second; a step is walked at the distance before it.
    CHECK(walk.people.x_m[1] - walk.people.x_m[0] ==
          doctest::Approx(0.36 + 1.06 * 0.5).epsilon(0.03));
}
