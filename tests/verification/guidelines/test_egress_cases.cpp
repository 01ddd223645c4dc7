#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

/// Egress cases of the RiMEA guideline (version 4.1.1, 2022, appendix: cases 9, 12 and 13), with
/// the lengths that JuPedSim's tests of the same cases take from its figures.
using namespace veste;
using scene::box;

namespace {

std::size_t count_in(const scene::Walk& walk, const Box2& area) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        count += walk.people.is_present(i) &&
                 area.contains(Vec2(walk.people.x_m[i], walk.people.y_m[i]));
    }
    return count;
}

/// Time until 1,000 people have left a room of 30 x 20 m by doors 1 m wide in its long sides, each
/// 4 m from a corner.
double emptied_s(bool has_four_doors, std::uint64_t seed) {
    const std::vector<double> doors_m = {4.5, 25.5};
    std::vector<Box2> areas = {box(0.0, 0.0, 30.0, 20.0), box(-5.0, 21.0, 35.0, 30.0)};
    for (const double x : doors_m) {
        areas.push_back(box(x - 0.5, 20.0, x + 0.5, 21.0));
        if (has_four_doors) {
            areas.push_back(box(x - 0.5, -1.0, x + 0.5, 0.0));
        }
    }
    if (has_four_doors) {
        areas.push_back(box(-5.0, -10.0, 35.0, -1.0));
    }
    // Fine enough for the way to the nearest door to be told from the others.
    auto city = scene::city_of(scene::mesh_of(areas, {}, 2.5));
    Scenario scenario;
    scenario.seed = seed;
    const PlaceId room = scene::add_place(scenario, *city, "room", areas[0]);
    const PlaceId outside = scene::add_place(scenario, *city, "outside", areas[1]);
    if (has_four_doors) {
        // One destination in two parts: the nearest door leads to it.
        Place& place = scenario.places[outside.index];
        place.area = {};
        const auto south = city->walk.inside(
            {{Vec2(-5.0, -10.0), Vec2(35.0, -10.0), Vec2(35.0, -1.0), Vec2(-5.0, -1.0)}, {}});
        place.triangles.insert(place.triangles.end(), south.begin(), south.end());
    }
    scene::add_demand(scenario, 1000, scene::add_profile(scenario, 1.34, 0.26), room, outside);
    scene::Walk walk(city, scenario);
    const auto points = scene::scattered(box(0.3, 0.3, 29.7, 19.7), 1000, 0.6, seed);
    for (std::size_t i = 0; i < points.size(); ++i) {
        walk.put(i, points[i]);
    }
    REQUIRE(walk.run_until_all_arrived(900.0));
    return walk.last_arrival_s();
}

} // namespace

TEST_CASE("RiMEA 9: with two of four doors closed, 1,000 people need twice the time") {
    double two_s = 0.0;
    double four_s = 0.0;
    for (const std::uint64_t seed : {9U, 10U, 11U}) {
        two_s += emptied_s(false, seed) / 3.0;
        four_s += emptied_s(true, seed) / 3.0;
    }
    const double ratio = two_s / four_s;
    MESSAGE("two doors ", two_s, " s, four ", four_s, " s");
    CHECK(ratio > 1.6);
    CHECK(ratio < 2.4);
}

TEST_CASE("RiMEA 12: two doors in a row, and people jam before the first one only") {
    // Two rooms of 10 x 10 m, a corridor 1 m wide and 5 m long between them and one out of the
    // second; 150 people in the far half of the first.
    auto city = scene::city_of(scene::mesh_of(
        {box(0.0, 0.0, 5.0, 10.0), box(5.0, 0.0, 10.0, 10.0), box(10.0, 4.5, 15.0, 5.5),
         box(15.0, 0.0, 25.0, 10.0), box(25.0, 4.5, 28.0, 5.5), box(28.0, 4.5, 30.0, 5.5)}));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "room", box(0.0, 0.0, 5.0, 10.0));
    const PlaceId to = scene::add_place(scenario, *city, "out", box(28.0, 4.5, 30.0, 5.5));
    scene::add_demand(scenario, 150, scene::add_profile(scenario, 1.34, 0.26), from, to);
    scene::Walk walk(city, scenario);
    const auto points = scene::scattered(box(0.3, 0.3, 4.9, 9.7), 150, 0.5, 12);
    for (std::size_t i = 0; i < points.size(); ++i) {
        walk.put(i, points[i]);
    }
    double first = 0.0;
    double second = 0.0;
    REQUIRE(walk.run_until_all_arrived(400.0, 1.0, [&] {
        if (walk.now_s > 20.0 && walk.now_s < 60.0) { // while the first door is busy
            first += static_cast<double>(count_in(walk, box(8.0, 3.0, 10.0, 7.0))) / 40.0;
            second += static_cast<double>(count_in(walk, box(23.0, 3.0, 25.0, 7.0))) / 40.0;
        }
    }));
    CHECK(first > 16.0); // more than 2 per m² on 8 m²: a jam
    CAPTURE(first);
    CAPTURE(second);
    CHECK(second < 10.0); // less than 1.25 per m²: people come as they came through the first
    CHECK(first > 2.5 * second);
    CHECK(second > 0.5);
}

TEST_CASE("RiMEA 13: people jam at the foot of a stair, and not on the way up to its head") {
    // A room of 5 x 8 m, a corridor 12 m long and 2 m wide and a stair of 3 m, as wide.
    WalkMesh mesh = scene::mesh_of({box(3.0, 0.0, 8.0, 8.0), box(8.0, 3.0, 20.0, 5.0),
                                    box(20.0, 3.0, 23.0, 5.0), box(23.0, 3.0, 28.0, 5.0),
                                    box(28.0, 3.0, 30.0, 5.0)});
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const double x = mesh.centroid(TriangleId(t)).x();
        if (x > 20.0 && x < 23.0) {
            mesh.triangles[t].kind = WalkKind::Steps;
            mesh.triangles[t].uphill = {1.0F, 0.0F};
        }
    }
    auto city = scene::city_of(std::move(mesh));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "room", box(3.0, 0.0, 8.0, 8.0));
    const PlaceId to = scene::add_place(scenario, *city, "up", box(28.0, 3.0, 30.0, 5.0));
    scene::add_demand(scenario, 150, scene::add_profile(scenario, 1.34, 0.26), from, to);
    scene::Walk walk(city, scenario);
    const auto points = scene::scattered(box(3.3, 0.3, 7.7, 7.7), 150, 0.5, 13);
    for (std::size_t i = 0; i < points.size(); ++i) {
        walk.put(i, points[i]);
    }
    double foot = 0.0;
    double head = 0.0;
    double speed_foot = 0.0;
    double speed_head = 0.0;
    REQUIRE(walk.run_until_all_arrived(900.0, 1.0, [&] {
        if (walk.now_s > 35.0 && walk.now_s < 65.0) {
            for (std::size_t i = 0; i < walk.people.size(); ++i) {
                const double x = walk.people.x_m[i];
                if (walk.people.is_present(i) && x > 16.0 && x < 20.0) {
                    foot += 1.0;
                    speed_foot += walk.people.speed_mps[i];
                } else if (walk.people.is_present(i) && x > 23.0 && x < 27.0) {
                    head += 1.0;
                    speed_head += walk.people.speed_mps[i];
                }
            }
        }
    }));
    CAPTURE(foot);
    CAPTURE(head);
    REQUIRE(head > 0.0);
    CHECK(foot > 1.5 * head);
    CHECK(speed_foot / foot < 0.7 * speed_head / head);
}
