#include "pedestrians/disc_ground.hpp"
#include "pedestrians/level_of_service.hpp"
#include "support/walk_scene.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

constexpr double disc_m2 = 1.5 * 1.5 * std::numbers::pi;

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
    auto walk = people_at(city, {{10.0, 10.0}, {10.7, 10.0}, {10.0, 11.4}, {10.0, 13.0}});
    walk.advance(0.1);
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(3.0 / disc_m2));
    CHECK(walk.people.density_per_m2[3] == doctest::Approx(1.0 / disc_m2));
}

TEST_CASE("somebody alone is at level of service A, and the more come the worse it gets") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)}));
    for (const auto& bounds : {fruin_walkway_per_m2, hcm_walkway_per_m2, fruin_queue_per_m2}) {
        auto alone = people_at(city, {{10.0, 10.0}});
        alone.advance(0.1);
        CHECK(level_of_service(alone.people.density_per_m2[0], bounds) == 0);
    }
    // A square lattice: its density is known, and so is the level by area for each person.
    std::size_t before = 0;
    for (const double area_m2 : {4.0, 2.6, 1.7, 1.1, 0.65, 0.4}) {
        std::vector<Vec2> points;
        const double spacing_m = std::sqrt(area_m2);
        for (double x = 4.0; x < 16.0; x += spacing_m) {
            for (double y = 4.0; y < 16.0; y += spacing_m) {
                points.emplace_back(x, y);
            }
        }
        auto walk = people_at(city, points);
        walk.advance(0.1);
        double sum_per_m2 = 0.0;
        int counted = 0;
        for (std::size_t i = 0; i < points.size(); ++i) {
            if ((points[i] - Vec2(10.0, 10.0)).cwiseAbs().maxCoeff() < 4.0) {
                sum_per_m2 += walk.people.density_per_m2[i];
                ++counted;
            }
        }
        CAPTURE(area_m2);
        const double density_per_m2 = sum_per_m2 / counted;
        CHECK(density_per_m2 == doctest::Approx(1.0 / area_m2).epsilon(0.35));
        const std::size_t level = level_of_service(density_per_m2, fruin_walkway_per_m2);
        CHECK(level >= before);
        before = level;
    }
    CHECK(before == 5);
}

TEST_CASE("a wall through the disc halves the area that density is counted on") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)}));
    auto walk = people_at(city, {{10.0, 1e-6}});
    walk.advance(0.1);
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(2.0 / disc_m2).epsilon(0.001));
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
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(1.0 / disc_m2));
}

namespace {

/// Ground within 1.5 m of a point, m².
double ground_m2(const WalkMesh& mesh, const Vec2& at) {
    DiscGround ground(mesh, 1.5);
    ground.spread(at, mesh.locate(at).value().index);
    return ground.area_m2();
}

/// Of a disc of 1.5 m what lies beyond a straight line at this distance from its middle, m².
double beyond_m2(double away_m) {
    return 1.5 * 1.5 * std::acos(away_m / 1.5) - away_m * std::sqrt(1.5 * 1.5 - away_m * away_m);
}

} // namespace

TEST_CASE("the ground of a disc is what walls leave of it, whatever the triangles") {
    for (const double cell_m : {1e9, 2.3, 0.7}) {
        CAPTURE(cell_m);
        const WalkMesh room = scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)}, {}, cell_m);
        // On walls one is looked at from a hair beside: 1e-6 of the way to the triangle's middle.
        const auto exactly = [](double m2) { return doctest::Approx(m2).epsilon(1e-4); };
        CHECK(ground_m2(room, {10.0, 10.0}) == exactly(disc_m2));
        CHECK(ground_m2(room, {10.1, 0.0}) == exactly(disc_m2 / 2.0));
        CHECK(ground_m2(room, {10.1, 1.2}) == exactly(disc_m2 - beyond_m2(1.2)));
        CHECK(ground_m2(room, {0.0, 0.0}) == exactly(disc_m2 / 4.0));
        CHECK(ground_m2(room, {20.0, 20.0}) == exactly(disc_m2 / 4.0));
        CHECK(ground_m2(room, {1.2, 1.3}) ==
              exactly(disc_m2 - beyond_m2(1.2) - beyond_m2(1.3))); // the corner is out of reach
        const WalkMesh corridor = scene::mesh_of({scene::box(0.0, 0.0, 20.0, 1.0)}, {}, cell_m);
        CHECK(ground_m2(corridor, {10.1, 0.5}) == exactly(disc_m2 - 2.0 * beyond_m2(0.5)));
        CHECK(ground_m2(corridor, {10.1, 0.2}) ==
              exactly(disc_m2 - beyond_m2(0.2) - beyond_m2(0.8)));
        // Beyond a wall of 0.4 m lies another room: not reached, but round the wall's end it is.
        const WalkMesh two = scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)},
                                            {scene::box(9.8, 0.0, 10.2, 10.0)}, cell_m);
        CHECK(ground_m2(two, {9.5, 5.0}) == exactly(disc_m2 - beyond_m2(0.3)));
        const double behind_m2 =
            0.2 * std::sqrt(1.5 * 1.5 - 0.2 * 0.2) + 1.5 * 1.5 * std::asin(0.2 / 1.5);
        CHECK(ground_m2(two, {10.0, 10.0}) == exactly(disc_m2 - behind_m2));
    }
}

TEST_CASE("people beyond a thin wall are not counted, nor is their ground") {
    auto city = scene::city_of(
        scene::mesh_of({scene::box(0.0, 0.0, 20.0, 20.0)}, {scene::box(9.9, 0.0, 10.1, 20.0)}));
    auto walk = people_at(city, {{9.7, 10.0}, {10.3, 10.0}, {10.3, 10.6}});
    walk.advance(0.1);
    const double half_m2 = disc_m2 - beyond_m2(0.2);
    CHECK(walk.people.density_per_m2[0] == doctest::Approx(1.0 / half_m2).epsilon(1e-4));
    CHECK(walk.people.density_per_m2[1] == doctest::Approx(2.0 / half_m2).epsilon(1e-4));
}

TEST_CASE("somebody alone reads level A beside a wall, B in a corridor of 1 m and in a corner") {
    const auto level_at = [](const Box2& room, const Vec2& at) {
        auto walk = people_at(scene::city_of(scene::mesh_of({room})), {at});
        walk.advance(0.1);
        return level_of_service(static_cast<double>(walk.people.density_per_m2[0]),
                                fruin_walkway_per_m2);
    };
    CHECK(level_at(scene::box(0.0, 0.0, 20.0, 20.0), {10.0, 0.2}) == 0);
    CHECK(level_at(scene::box(0.0, 0.0, 20.0, 1.0), {10.0, 0.5}) == 1);
    CHECK(level_at(scene::box(0.0, 0.0, 20.0, 20.0), {0.2, 0.2}) == 1);
}
