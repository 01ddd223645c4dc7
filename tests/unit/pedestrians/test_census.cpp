#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

scene::Walk people_at(const std::shared_ptr<City>& city, const std::vector<Vec2>& points) {
    Scenario scenario;
    const PlaceId all = scene::add_place(scenario, *city, "all", city->bounds);
    scene::add_demand(scenario, static_cast<std::uint32_t>(points.size()),
                      scene::add_profile(scenario, 1e-6), all, all, {1e9, 1e9});
    scene::Walk walk(city, scenario);
    for (std::size_t i = 0; i < points.size(); ++i) {
        walk.put(i, points[i]);
        // Standing people are counted and stay where they are.
        walk.people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Standing);
        walk.people.busy_until_s[i] = 1e12;
        walk.people.group[i] = 0;
    }
    return walk;
}

} // namespace

TEST_CASE("density is people within the disc by its area") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)}));
    auto walk = people_at(city, {{10.0, 10.0}, {10.5, 10.0}, {10.0, 10.9}, {10.0, 12.0}});
    walk.advance(0.1);
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(3.0 / std::numbers::pi));
    CHECK(walk.people.density_per_m2[3] == doctest::Approx(1.0 / std::numbers::pi));
}

TEST_CASE("a wall through the disc halves the area that density is counted on") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)}));
    auto walk = people_at(city, {{10.0, 1e-6}});
    walk.advance(0.1);
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(2.0 / std::numbers::pi).epsilon(0.001));
}

TEST_CASE("people above each other on a bridge are not counted together") {
    WalkMesh mesh = scene::mesh_of({scene::box(0.0, 0.0, 5.0, 5.0)});
    const WalkMesh above = scene::mesh_of({scene::box(0.0, 0.0, 5.0, 5.0)});
    const auto vertices = static_cast<std::uint32_t>(mesh.vertices.size());
    const auto triangles = static_cast<std::uint32_t>(mesh.triangles.size());
    mesh.vertices.insert(mesh.vertices.end(), above.vertices.begin(), above.vertices.end());
    for (WalkTriangle t : above.triangles) {
        t.level = 1;
        for (std::size_t k = 0; k < 3; ++k) {
            t.vertices[k] += vertices;
            t.neighbours[k].index += t.neighbours[k].is_valid() ? triangles : 0;
        }
        mesh.triangles.push_back(t);
    }
    mesh.index();
    auto city = scene::city_of(std::move(mesh));
    auto walk = people_at(city, {{2.5, 2.0}, {2.5, 2.0}});
    walk.people.triangle[1] = city->walk.locate(Vec2(2.5, 2.0), 1).value().index;
    walk.advance(0.1);
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(1.0 / std::numbers::pi));
}
