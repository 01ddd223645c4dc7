#include "pedestrians/gates.hpp"
#include "pedestrians/walk_cells.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;
using scene::box;

namespace {

/// A hall of 30 x 10 m in coarse triangles, cut along a line; people cross it from west to east.
struct Cut {
    std::shared_ptr<City> city;
    Scenario scenario;

    explicit Cut(const Polyline& line, std::uint32_t count,
                 const std::optional<Vec2>& towards = std::nullopt) {
        WalkMesh mesh = scene::mesh_of({box(0.0, 0.0, 30.0, 10.0)}, {}, 7.0);
        cut_along(mesh, {line});
        city = scene::city_of(std::move(mesh));
        const PlaceId from = scene::add_place(scenario, *city, "from", box(0.0, 0.0, 8.0, 10.0));
        const PlaceId to = scene::add_place(scenario, *city, "to", box(22.0, 0.0, 30.0, 10.0));
        scene::add_demand(scenario, count, scene::add_profile(scenario, 1.34), from, to);
        scenario.barriers.push_back(barrier_along(city->walk, "fence", line, towards));
    }
};

double area_m2(const WalkMesh& mesh) {
    return mesh.total_area_m2();
}

} // namespace

TEST_CASE("a mesh cut along many lines keeps its area and its neighbours, and has their sides") {
    for (std::uint64_t seed = 1; seed <= 200; ++seed) {
        CAPTURE(seed);
        WalkMesh mesh =
            scene::mesh_of({box(0.0, 0.0, 30.0, 10.0)}, {box(10.0, 4.0, 13.0, 6.0)}, 6.0);
        std::vector<Polyline> lines;
        for (std::uint64_t k = 0; k < 3; ++k) {
            const UniformPair a = uniform_pair(seed, k, 0, Draw::Placement);
            const UniformPair b = uniform_pair(seed, k, 1, Draw::Placement);
            lines.push_back({Vec2(32.0 * a.first - 1.0, 12.0 * a.second - 1.0),
                             Vec2(32.0 * b.first - 1.0, 12.0 * b.second - 1.0)});
        }
        cut_along(mesh, lines); // throws where neighbours are not mutual
        // Corners are moved by up to 2 cm where an end lies close to a side.
        CHECK(area_m2(mesh) == doctest::Approx(294.0).epsilon(1e-4));
    }
}

TEST_CASE("nobody steps over a barrier, and all pass once it is removed") {
    Cut cut({Vec2(15.0, -0.3), Vec2(16.3, 4.1), Vec2(14.0, 10.3)}, 60);
    REQUIRE(cut.scenario.barriers[0].sides.size() > 4);
    scene::Walk walk(cut.city, cut.scenario);
    for (int k = 0; k < 120; ++k) {
        walk.advance(0.5);
        CHECK(*std::max_element(walk.people.x_m.begin(), walk.people.x_m.end()) < 16.4);
    }
    CHECK(walk.arrived() == 0);
    CHECK(walk.all_on_mesh());
    walk.people.barrier_up[0] = 0;
    CHECK(walk.run_until_all_arrived(200.0));
}

TEST_CASE("people walk round the end of a barrier") {
    Cut cut({Vec2(15.0, -0.3), Vec2(15.0, 7.0)}, 40);
    scene::Walk walk(cut.city, cut.scenario);
    std::vector<double> x_before = walk.people.x_m;
    std::vector<double> y_before = walk.people.y_m;
    CHECK(walk.run_until_all_arrived(200.0, 0.1, [&] {
        for (std::size_t i = 0; i < walk.people.size(); ++i) {
            if (x_before[i] < 15.0 && walk.people.x_m[i] >= 15.0) {
                const double share = (15.0 - x_before[i]) / (walk.people.x_m[i] - x_before[i]);
                const double crossed_m = y_before[i] + share * (walk.people.y_m[i] - y_before[i]);
                CHECK(crossed_m > 6.95); // a step may bend at the barrier's end
            }
        }
        x_before = walk.people.x_m;
        y_before = walk.people.y_m;
    }));
}

TEST_CASE("random barriers across a hall hold whoever comes, whatever the mesh") {
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        CAPTURE(seed);
        const UniformPair a = uniform_pair(seed, 7, 0, Draw::Placement);
        const UniformPair b = uniform_pair(seed, 7, 1, Draw::Placement);
        Cut cut({Vec2(10.0 + 10.0 * a.first, -0.3), Vec2(10.0 + 10.0 * a.second, 10.0 * b.first),
                 Vec2(10.0 + 10.0 * b.second, 10.3)},
                20);
        cut.scenario.seed = seed;
        scene::Walk walk(cut.city, cut.scenario);
        walk.advance(60.0);
        CHECK(walk.arrived() == 0);
    }
}

TEST_CASE("a one-way line is passed in its direction only") {
    Cut with({Vec2(15.0, -0.3), Vec2(15.0, 10.3)}, 30, Vec2(25.0, 5.0));
    scene::Walk forth(with.city, with.scenario);
    CHECK(forth.run_until_all_arrived(200.0));
    Cut against({Vec2(15.0, -0.3), Vec2(15.0, 10.3)}, 30, Vec2(5.0, 5.0));
    scene::Walk back(against.city, against.scenario);
    back.advance(100.0);
    CHECK(back.arrived() == 0);
}

TEST_CASE("a model that starts anew behind a barrier goes on alike") {
    Cut cut({Vec2(15.0, -0.3), Vec2(15.0, 7.0)}, 40);
    scene::Walk walk(cut.city, cut.scenario);
    walk.advance(10.0);
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (int k = 0; k < 10; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(copy.x_m == walk.people.x_m);
    CHECK(copy.y_m == walk.people.y_m);
}

TEST_CASE("nobody queues on the far side of a fence") {
    Cut cut({Vec2(15.0, -0.3), Vec2(15.0, 10.3)}, 1);
    scene::add_gate(cut.scenario, *cut.city, Vec2(17.0, 5.0), 0.25);
    const auto scenario = std::make_shared<const Scenario>(cut.scenario);
    Navigation navigation(cut.city, scenario);
    navigation.set_ground(ground_of(cut.city->walk, Conditions::calm(*cut.city)));
    const JourneyTable journeys(*scenario);
    const Gates gates(cut.city, scenario, navigation, journeys); // lets the fence shut the way
    const QueueYard yard =
        lay_out_yard(*cut.city, *scenario, GateId(0u), Vec2(1.0, 0.0), navigation);
    REQUIRE(yard.places.size() > 5);
    for (const Vec2& place : yard.places) {
        CHECK(place.x() > 15.0);
    }
}

TEST_CASE("a barrier is a wall to the triangles near it as long as it is up") {
    Cut cut({Vec2(15.0, -0.3), Vec2(15.0, 10.3)}, 1);
    WalkCells cells(cut.city->walk, 1);
    const auto walls_of_all = [&] {
        std::vector<std::size_t> counts;
        for (std::uint32_t t = 0; t < cut.city->walk.triangles.size(); ++t) {
            counts.push_back(cells.walls(t).size());
        }
        return counts;
    };
    const std::vector<std::size_t> before = walls_of_all();
    for (int round = 0; round < 2; ++round) {
        cells.set_shut_sides(shut_sides(cut.city->walk, cut.scenario.barriers));
        const std::uint32_t beside = cut.city->walk.locate(Vec2(14.8, 5.0)).value().index;
        double nearest_m = 1e9;
        for (const Wall& wall : cells.walls(beside)) {
            CHECK(wall.hides);
            nearest_m = std::min(nearest_m, wall.side_m(Vec2(14.8, 5.0)));
        }
        CHECK(nearest_m == doctest::Approx(0.2));
        // Far from it nothing changes.
        const std::uint32_t far = cut.city->walk.locate(Vec2(2.0, 5.0)).value().index;
        CHECK(cells.walls(far).size() == before[far]);
        cells.set_shut_sides({});
        CHECK(walls_of_all() == before);
    }
}

TEST_CASE("people who walk along a barrier keep off it as off a wall") {
    // Westwards and eastwards on both sides of a line through the middle of the hall.
    Cut cut({Vec2(5.0, 5.0), Vec2(25.0, 5.0)}, 2);
    scene::Walk walk(cut.city, cut.scenario);
    walk.put(0, Vec2(6.0, 5.3));
    walk.put(1, Vec2(6.0, 4.7));
    double least_m = 1e9;
    while (walk.arrived() < 2 && walk.now_s < 30.0) {
        walk.advance(0.1);
        for (std::size_t i = 0; i < 2; ++i) {
            if (walk.people.x_m[i] > 7.0 && walk.people.x_m[i] < 20.0) {
                least_m = std::min(least_m, std::abs(walk.people.y_m[i] - 5.0));
            }
        }
    }
    CHECK(walk.now_s < 20.0);
    CHECK(least_m > 1.15 * 0.2 - 1e-3); // PedestrianParameters::wall_share of the radius
}

TEST_CASE("people who wait at a barrier keep their distance, and go on when it is removed") {
    const Polyline line = {Vec2(15.0, -0.3), Vec2(15.0, 10.3)};
    const auto least_distance_m = [&](bool is_up) {
        Cut cut(line, 40);
        const PlaceId pen =
            scene::add_place(cut.scenario, *cut.city, "pen", box(7.0, 0.0, 15.0, 10.0));
        Stage wait;
        wait.kind = StageKind::Wait;
        wait.places = {{pen, 1.0}};
        wait.until_s = 40.0;
        wait.has_front = true;
        wait.front = Vec2(15.0, 5.0);
        cut.scenario.journeys.push_back({"wait", {wait}});
        cut.scenario.pedestrians[0].journey = JourneyId(0u);
        cut.scenario.profiles[0].patience_s = 600.0; // nobody squeezes
        cut.scenario.barriers[0].is_up = is_up;
        scene::Walk walk(cut.city, cut.scenario);
        double least_m = 1e9;
        while (walk.now_s < 39.5) {
            walk.advance(0.5);
            for (std::size_t i = 0; i < 40; ++i) {
                least_m = std::min(least_m, 15.0 - walk.people.x_m[i]);
            }
        }
        walk.people.barrier_up[0] = 0;
        CHECK(walk.run_until_all_arrived(120.0));
        return least_m;
    };
    const double with_m = least_distance_m(true);
    MESSAGE("least distance ", with_m, " m; where nothing is drawn ", least_distance_m(false),
            " m");
    // Nobody squeezes, but those who stand are pushed: CollisionFreeSpeed::tight_wall_share.
    CHECK(with_m > 0.25 * 0.2 - 1e-3);
}

TEST_CASE("a one-way line does not hide those who come over it") {
    Cut cut({Vec2(15.0, -0.3), Vec2(15.0, 10.3)}, 1, Vec2(25.0, 5.0));
    WalkCells cells(cut.city->walk, 1);
    cells.set_shut_sides(shut_sides(cut.city->walk, cut.scenario.barriers));
    const auto nearest = [&](double x) {
        const Vec2 at(x, 5.0);
        for (const Wall& wall : cells.walls(cut.city->walk.locate(at).value().index)) {
            if (wall.side_m(at) >= 0.0 && wall.side_m(at) < 0.5) {
                return wall.hides ? 2 : 1;
            }
        }
        return 0;
    };
    CHECK(nearest(14.8) == 0); // one may go on
    CHECK(nearest(15.2) == 1);
}
