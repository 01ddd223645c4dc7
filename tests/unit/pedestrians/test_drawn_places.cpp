#include "pedestrians/voronoi.hpp"
#include "scenario/scenario.hpp"
#include "support/command.hpp"
#include "support/toy_walk.hpp"
#include "support/walk_scene.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <numbers>

using namespace veste;
using scene::box;

namespace {

const std::string head = "name = \"drawn\"\ncity = \"city.h5\"\ncrs = \"EPSG:32632\"\nseed = 1\n"
                         "[clock]\ndate = \"2026-06-21\"\nutc_offset = \"2 h\"\nstart = "
                         "\"18:00\"\nduration = \"10 min\"\n";

/// A scenario file read as the command reads it: first the mesh is cut, then the file is loaded.
struct Drawn {
    test::TemporaryFolder folder;
    City city;
    Scenario scenario;

    Drawn(WalkMesh mesh, const std::string& text) : city(toy::walk_city(std::move(mesh))) {
        const auto file = folder.write("scenario.toml", head + text);
        cut_for_scenario(file, city);
        scenario = load_scenario(file, city, [](std::string_view) {});
    }
    double ground_m2(const std::vector<TriangleId>& triangles) const {
        double sum_m2 = 0.0;
        for (const TriangleId t : triangles) {
            sum_m2 += city.walk.area_m2(t);
        }
        return sum_m2;
    }
    double ground_m2(std::size_t place) const {
        return ground_m2(scenario.places.at(place).triangles);
    }
};

WalkMesh square() {
    return build_walk_mesh({toy::area(0.0, 0.0, 40.0, 40.0, WalkKind::Square)}, {}, {});
}

std::string box_text(double x0, double y0, double x1, double y1) {
    return fmt::format("polygon = [[{0}, {1}], [{2}, {1}], [{2}, {3}], [{0}, {3}]]", x0, y0, x1,
                       y1);
}

std::string place_text(const std::string& name, const std::string& shape) {
    return fmt::format("[[place]]\nname = \"{}\"\nexact = true\n{}\n", name, shape);
}

Polyline ring_of(const Vec2& centre, double radius_m, int corners, double turn_rad) {
    Polyline ring;
    for (int k = 0; k < corners; ++k) {
        const double angle_rad = turn_rad + 2.0 * std::numbers::pi * k / corners;
        ring.push_back(centre + radius_m * Vec2(std::cos(angle_rad), std::sin(angle_rad)));
    }
    return ring;
}

std::string polygon_text(const Polyline& ring) {
    std::string text = "polygon = [";
    for (const Vec2& p : ring) {
        text += fmt::format("[{}, {}], ", p.x(), p.y());
    }
    return text + "]";
}

} // namespace

TEST_CASE("the ground of a place is that of its polygon, in one square of two triangles") {
    const Drawn drawn(square(),
                      place_text("middle", box_text(15, 15, 25, 22)) +
                          place_text("overlapping it", box_text(20, 18, 30, 30)) +
                          place_text("beside both", box_text(25, 15, 30, 18)) +
                          place_text("small", box_text(3, 3, 3.5, 3.4)) +
                          place_text("round", "circle = { at = [10, 30], radius = \"6 m\" }") +
                          place_text("over the edge", box_text(35, 35, 50, 50)) +
                          place_text("all", box_text(-5, -5, 45, 45)));
    // A corner nearer than 2 cm to a side that is there is moved onto it.
    const double wanted_m2[] = {70.0, 120.0, 15.0, 0.2, 112.77, 25.0, 1600.0};
    const double round_m[] = {34.0, 44.0, 16.0, 1.8, 37.7, 20.0, 160.0};
    for (std::size_t place = 0; place < 7; ++place) {
        CAPTURE(place);
        CHECK(std::abs(drawn.ground_m2(place) - wanted_m2[place]) <= cut_snap_m * round_m[place]);
    }
}

TEST_CASE("random places over each other hold their own ground, to 2 cm along their outlines") {
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        CAPTURE(seed);
        const WalkMesh whole = build_walk_mesh({toy::area(0.0, 0.0, 40.0, 40.0, WalkKind::Square)},
                                               {toy::rectangle(15.0, 15.0, 25.0, 25.0)}, {});
        std::string text;
        std::vector<Polyline> rings;
        for (std::uint64_t k = 0; k < 6; ++k) {
            const UniformPair at = uniform_pair(seed, k, 0, Draw::Placement);
            const UniformPair shape = uniform_pair(seed, k, 1, Draw::Placement);
            rings.push_back(ring_of({40.0 * at.first, 40.0 * at.second}, 2.0 + 8.0 * shape.first,
                                    3 + static_cast<int>(20.0 * shape.second), at.first));
            if (k == 5) { // shares an edge and two corners with the one before
                rings[5] = {rings[4][0], rings[4][1], Vec2(20.0, 20.0)};
            }
            text += place_text(fmt::format("place {}", k), polygon_text(rings.back()));
        }
        const Drawn drawn(whole, text);
        CHECK(drawn.city.walk.total_area_m2() == doctest::Approx(1500.0).epsilon(1e-3));
        for (std::size_t k = 0; k < rings.size(); ++k) {
            Polyline closed = rings[k];
            closed.push_back(closed.front());
            CAPTURE(k);
            const Polygon& area = drawn.scenario.places[k].area;
            CHECK(std::abs(drawn.ground_m2(k) - walkable_m2(whole, 0, area)) <
                  2.0 * cut_snap_m * length_m(closed));
        }
    }
}

TEST_CASE("who is told to leave, and what is closed, is what lies in the drawn polygon") {
    const Drawn drawn(square(),
                      place_text("zone", box_text(12, 12, 18, 16)) +
                          place_text("exit", box_text(0, 38, 2, 40)) +
                          "[[change]]\nat = \"18:01\"\nevacuate = { place = \"zone\", exits = "
                          "\"exit\" }\n[[change]]\nat = \"18:02\"\nclose = { " +
                          box_text(30, 5, 33, 9) +
                          " }\n[[change]]\nat = \"18:03\"\nclose = { place = \"exit\" }\n");
    CHECK(drawn.ground_m2(drawn.scenario.orders.at(0).triangles) == doctest::Approx(24.0));
    const auto closed_m2 = [&](std::size_t k) {
        return drawn.ground_m2(std::get<CloseWays>(drawn.scenario.changes.at(k).what).triangles);
    };
    CHECK(closed_m2(1) == doctest::Approx(12.0));
    CHECK(closed_m2(2) == doctest::Approx(4.0));
}

TEST_CASE("a level picks the bridge or the street below it") {
    const std::string shape = box_text(-1, -1, 1, 1);
    const std::string line = "from = [-1.5, 0]\nto = [1.5, 0]\n";
    const Drawn drawn(toy::bridge_over_street(),
                      place_text("bridge", shape + "\nlevel = 1") +
                          place_text("street", shape + "\nlevel = 0") +
                          "[[gate]]\nname = \"up\"\nat = [0, 0.5]\nlevel = 1\n"
                          "[[gate]]\nname = \"down\"\nat = [0, 0.5]\n"
                          "[[barrier]]\nname = \"on it\"\nlevel = 1\n" +
                          line + "[[barrier]]\nname = \"below\"\nlevel = 0\n" + line +
                          "[[barrier]]\nname = \"both\"\n" + line +
                          "[[change]]\nat = \"18:01\"\npost = { at = [0, 0.5], level = 1, exits = "
                          "\"bridge\" }\n");
    const auto level = [&](TriangleId t) { return drawn.city.walk.triangles[t.index].level; };
    for (std::size_t place = 0; place < 2; ++place) {
        CHECK(drawn.ground_m2(place) == doctest::Approx(4.0));
        for (const TriangleId t : drawn.scenario.places[place].triangles) {
            CHECK(level(t) == (place == 0 ? 1 : 0));
        }
    }
    CHECK(level(drawn.scenario.gates[0].triangle) == 1);
    CHECK(level(drawn.scenario.gates[1].triangle) == 0);
    CHECK(level(drawn.scenario.orders.at(0).triangle) == 1);
    const auto& barriers = drawn.scenario.barriers;
    REQUIRE_FALSE(barriers[0].sides.empty());
    REQUIRE_FALSE(barriers[1].sides.empty());
    for (const MeshSide& side : barriers[0].sides) {
        CHECK(level(side.triangle) == 1);
    }
    for (const MeshSide& side : barriers[1].sides) {
        CHECK(level(side.triangle) == 0);
    }
    CHECK(barriers[2].sides.size() == barriers[0].sides.size() + barriers[1].sides.size());
}

TEST_CASE("a level without ground is told with its number") {
    CHECK_THROWS_WITH_AS(
        Drawn(toy::bridge_over_street(), "[[gate]]\nname = \"up\"\nat = [-30, 0]\nlevel = 1\n"),
        doctest::Contains("no walkable ground of level 1 within 5 m"), InputError);
}

TEST_CASE("people set out within the polygon even where its triangles reach out of it") {
    auto city = scene::city_of(scene::mesh_of({box(0.0, 0.0, 30.0, 30.0)}, {}, 10.0));
    Scenario scenario;
    const PlaceId to = scene::add_place(scenario, *city, "to", box(20.0, 20.0, 30.0, 30.0));
    const PlaceId from = scene::add_place(scenario, *city, "from", city->bounds);
    scenario.places[from.index].area.outer = {Vec2(3, 3), Vec2(15, 3), Vec2(15, 15), Vec2(3, 15)};
    scene::add_demand(scenario, 40, scene::add_profile(scenario, 1e-6), from, to);
    scene::Walk walk(city, scenario);
    walk.advance(5.0);
    int out = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        const Vec2 at(walk.people.x_m[i], walk.people.y_m[i]);
        if (walk.people.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Planned)) {
            ++out;
            CHECK(contains(scenario.places[from.index].area, at));
        }
    }
    CHECK(out == 40);
}
