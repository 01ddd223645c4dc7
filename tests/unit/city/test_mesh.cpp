#include "base/errors.hpp"
#include "base/random.hpp"
#include "city/constrained_delaunay.hpp"
#include "support/toy_walk.hpp"

#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

bool are_neighbours_mutual(const WalkMesh& mesh) {
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        for (std::size_t k = 0; k < 3; ++k) {
            const TriangleId there = mesh.triangles[t].neighbours[k];
            if (!there.is_valid()) {
                continue;
            }
            const std::uint32_t a = mesh.triangles[t].vertices[k];
            const std::uint32_t b = mesh.triangles[t].vertices[(k + 1) % 3];
            bool is_found = false;
            for (std::size_t j = 0; j < 3; ++j) {
                const WalkTriangle& other = mesh.triangles[there.index];
                is_found = is_found || (other.neighbours[j] == TriangleId(t) &&
                                        other.vertices[j] == b && other.vertices[(j + 1) % 3] == a);
            }
            if (!is_found) {
                return false;
            }
        }
    }
    return true;
}

double wall_length_m(const WalkMesh& mesh) {
    double sum = 0.0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        for (int k = 0; k < 3; ++k) {
            if (!mesh.triangles[t].neighbours[static_cast<std::size_t>(k)].is_valid()) {
                const TriangleId id(t);
                sum += (mesh.corner(id, (k + 1) % 3) - mesh.corner(id, k)).norm();
            }
        }
    }
    return sum;
}

double crossing_area_m2(const WalkMesh& mesh, CrossingId id) {
    double sum = 0.0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        if (mesh.triangles[t].crossing == id && id.is_valid()) {
            sum += mesh.area_m2(TriangleId(t));
        }
    }
    return sum;
}

} // namespace

TEST_CASE("a corridor longer than a tile is one part with walls around it only") {
    const WalkMesh mesh = toy::corridor(130.0, 4.0);
    CHECK(mesh.total_area_m2() == doctest::Approx(520.0).epsilon(1e-12)); // all on the 1 cm grid
    CHECK(are_neighbours_mutual(mesh));
    CHECK(wall_length_m(mesh) == doctest::Approx(268.0).epsilon(1e-12));
    for (const WalkTriangle& t : mesh.triangles) {
        CHECK(t.component == 0);
    }
}

TEST_CASE("a room and a yard meet only at the door") {
    const WalkMesh mesh = toy::room_with_door(10.0, 8.0, 1.2, 0.6);
    CHECK(mesh.total_area_m2() == doctest::Approx(160.0 + 0.72).epsilon(1e-12));
    CHECK(wall_length_m(mesh) == doctest::Approx(2 * 36.0 - 2 * 1.2 + 2 * 0.6).epsilon(1e-12));
    CHECK(are_neighbours_mutual(mesh));
    const auto door = mesh.locate({10.3, 4.0}, 0);
    REQUIRE(door);
    CHECK(mesh.triangles[door->index].kind == WalkKind::Footway);
    CHECK_FALSE(mesh.locate({10.3, 2.0}, 0));
}

TEST_CASE("an obstacle is a hole with walls") {
    const WalkMesh mesh = toy::square_with_obstacle();
    CHECK(mesh.total_area_m2() == doctest::Approx(1500.0).epsilon(1e-12));
    CHECK(wall_length_m(mesh) == doctest::Approx(160.0 + 40.0).epsilon(1e-12));
    CHECK_FALSE(mesh.locate({20.0, 20.0}));
    const auto near = mesh.nearest({16.0, 20.0}, 5.0);
    REQUIRE(near);
    CHECK(near->at.x() < 15.0);
    CHECK(near->at.x() > 14.9); // the inset of 5 cm
    CHECK(mesh.contains(near->triangle, near->at));
}

TEST_CASE("an obstacle with no area to stand on leaves an empty mesh") {
    const WalkMesh mesh =
        build_walk_mesh({toy::area(0, 0, 5, 5)}, {toy::rectangle(-1, -1, 6, 6)}, {});
    CHECK(mesh.triangles.empty());
    CHECK_FALSE(mesh.locate({1.0, 1.0}));
    CHECK_FALSE(mesh.nearest({1.0, 1.0}, 100.0));
}

TEST_CASE("a crossing keeps its id and joins both pavements") {
    const CrossingId id(7U);
    const WalkMesh mesh = toy::street_with_crossing(id);
    CHECK(crossing_area_m2(mesh, id) == doctest::Approx(28.0).epsilon(1e-12));
    CHECK(mesh.total_area_m2() == doctest::Approx(120.0 + 28.0).epsilon(1e-12));
    CHECK(are_neighbours_mutual(mesh));
    for (const WalkTriangle& t : mesh.triangles) {
        CHECK(t.component == 0);
        CHECK((t.kind == WalkKind::Crossing) == t.crossing.is_valid());
    }
}

TEST_CASE("where kinds overlap the earlier one wins and nothing is counted twice") {
    WalkArea crossing = toy::area(2.0, -1.0, 4.0, 6.0, WalkKind::Crossing);
    crossing.crossing = CrossingId(0U);
    const WalkMesh mesh =
        build_walk_mesh({toy::area(0.0, 0.0, 10.0, 5.0, WalkKind::Park),
                         toy::area(0.0, 2.0, 10.0, 3.0, WalkKind::Footway), crossing},
                        {}, {});
    CHECK(mesh.total_area_m2() == doctest::Approx(50.0 + 4.0).epsilon(1e-12));
    CHECK(mesh.triangles[mesh.locate({3.0, 2.5}, 0)->index].kind == WalkKind::Crossing);
    CHECK(mesh.triangles[mesh.locate({8.0, 2.5}, 0)->index].kind == WalkKind::Footway);
    CHECK(mesh.triangles[mesh.locate({8.0, 4.5}, 0)->index].kind == WalkKind::Park);
}

TEST_CASE("parts are numbered by size") {
    const WalkMesh mesh = build_walk_mesh(
        {toy::area(0, 0, 5, 5), toy::area(10, 0, 30, 5), toy::area(40, 0, 41, 1)}, {}, {});
    CHECK(mesh.triangles[mesh.locate({20.0, 2.0})->index].component == 0);
    CHECK(mesh.triangles[mesh.locate({2.0, 2.0})->index].component == 1);
    CHECK(mesh.triangles[mesh.locate({40.5, 0.5})->index].component == 2);
}

TEST_CASE("people reach a bridge from its ramps and never from the street below") {
    const WalkMesh mesh = toy::bridge_over_street();
    CHECK(are_neighbours_mutual(mesh));
    const auto bridge = mesh.locate({0.0, 0.0}, 1);
    const auto street = mesh.locate({0.0, 0.0}, 0);
    const auto ramp = mesh.locate({0.0, 30.0}, 0);
    const auto other_ramp = mesh.locate({0.0, -30.0}, 0);
    REQUIRE(bridge);
    REQUIRE(street);
    REQUIRE(ramp);
    REQUIRE(other_ramp);
    CHECK(*mesh.locate({0.0, 0.0}) == *street); // the level nearest to 0
    const auto part = [&](TriangleId t) { return mesh.triangles[t.index].component; };
    CHECK(part(*ramp) == part(*bridge));
    CHECK(part(*other_ramp) == part(*bridge));
    CHECK(part(*street) != part(*bridge));
}

TEST_CASE("nobody gets under the first metres of a bridge that begins within a square") {
    WalkArea bridge = toy::area(-1.5, 0.0, 1.5, 40.0);
    bridge.level = 1;
    const WalkMesh mesh =
        build_walk_mesh({toy::area(-20.0, -20.0, 20.0, 20.0, WalkKind::Square),
                         toy::area(-20.0, -20.0, 20.0, 3.0, WalkKind::Park), bridge},
                        {}, {{Vec2(0.0, 0.0), 0, 1}});
    const auto part = [&](const Vec2& p, std::int8_t level) {
        return mesh.triangles[mesh.locate(p, level).value().index].component;
    };
    CHECK(part({0.0, 1.0}, 1) == 0);
    CHECK(!mesh.locate({0.0, 1.0}, 0)); // no headroom there
    CHECK(part({0.0, 15.0}, 0) == 0);
    CHECK(part({2.0, 1.0}, 0) == 0);
    CHECK(are_neighbours_mutual(mesh));
}

TEST_CASE("a bridge that begins within a square is entered at its end only") {
    WalkArea bridge = toy::area(-1.5, 0.0, 1.5, 40.0);
    bridge.level = 1;
    const WalkMesh mesh =
        build_walk_mesh({toy::area(-20.0, -20.0, 20.0, 20.0, WalkKind::Square), bridge}, {},
                        {{Vec2(0.0, 0.0), 0, 1}});
    CHECK(are_neighbours_mutual(mesh));
    double passage_m = 0.0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        for (int k = 0; k < 3; ++k) {
            const TriangleId id(t);
            const TriangleId there = mesh.triangles[t].neighbours[static_cast<std::size_t>(k)];
            if (there.is_valid() && mesh.triangles[there.index].level > mesh.triangles[t].level) {
                passage_m += (mesh.corner(id, (k + 1) % 3) - mesh.corner(id, k)).norm();
                CHECK(mesh.corner(id, k).y() == 0.0);
            }
        }
    }
    CHECK(passage_m == doctest::Approx(3.0));
}

TEST_CASE("round and slanted areas keep their area and conform") {
    // Many discs that overlap each other, tile sides and a slanted strip: nothing on the grid.
    std::vector<WalkArea> areas;
    std::vector<Polygon> discs;
    for (std::uint64_t d = 0; d < 60; ++d) {
        const UniformPair at = uniform_pair(11, d, 0, Draw::Placement);
        const Vec2 middle(200.0 * at.first - 100.0, 200.0 * at.second - 100.0);
        Polygon disc;
        for (int k = 0; k < 37; ++k) {
            const double angle = 2.0 * std::numbers::pi * k / 37.0;
            disc.outer.emplace_back(middle + 9.0 * Vec2(std::cos(angle), std::sin(angle)));
        }
        discs.push_back(disc);
        areas.push_back({disc, d % 2 == 0 ? WalkKind::Park : WalkKind::Square, 0, {}});
    }
    const Polygon strip{{{-99.7, -80.3}, {-99.1, -83.2}, {99.3, 81.9}, {98.8, 84.7}}, {}};
    areas.push_back({strip, WalkKind::Footway, 0, {}});
    const WalkMesh mesh = build_walk_mesh(areas, {}, {});
    CHECK(are_neighbours_mutual(mesh));
    // Sampled: a point is in the mesh exactly where it is in an area, borders aside.
    int wrong = 0;
    int inside = 0;
    for (std::uint64_t s = 0; s < 20000; ++s) {
        const UniformPair at = uniform_pair(12, s, 0, Draw::Placement);
        const Vec2 p(220.0 * at.first - 110.0, 220.0 * at.second - 110.0);
        bool is_expected = veste::contains(strip, p);
        for (const Polygon& disc : discs) {
            is_expected = is_expected || veste::contains(disc, p);
        }
        const bool is_found = mesh.locate(p, 0).has_value();
        inside += is_found ? 1 : 0;
        wrong += is_found != is_expected ? 1 : 0;
    }
    CHECK(inside > 3000);
    // Simplified by 5 cm at most: a border strip of some 2 km x 5 cm in 48,400 m2 is 40 samples.
    CHECK(wrong < 40);
    double triangles_m2 = 0.0;
    int overlaps = 0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        triangles_m2 += mesh.area_m2(TriangleId(t));
        overlaps += mesh.locate(mesh.centroid(TriangleId(t)), 0) != TriangleId(t) ? 1 : 0;
    }
    CHECK(triangles_m2 == doctest::Approx(mesh.total_area_m2()));
    CHECK(overlaps == 0);
}

TEST_CASE("the constrained triangulation has every given edge and fills its square") {
    std::vector<GridPoint> points = {{0, 0}, {5000, 0}, {5000, 5000}, {0, 5000}};
    for (std::uint64_t k = 0; k < 300; ++k) {
        const UniformPair at = uniform_pair(5, k, 0, Draw::Placement);
        // Many on one line, so that points in a row and on sides are met.
        const GridPoint p = k % 3 == 0 ? GridPoint{static_cast<std::int64_t>(5000 * at.first), 2500}
                                       : GridPoint{static_cast<std::int64_t>(5000 * at.first),
                                                   static_cast<std::int64_t>(5000 * at.second)};
        if (std::find(points.begin(), points.end(), p) == points.end()) {
            points.push_back(p);
        }
    }
    points.push_back({0, 2500});
    points.push_back({5000, 2500});
    const auto last = static_cast<std::uint32_t>(points.size() - 1);
    const auto triangles = constrained_delaunay(
        points, std::vector<std::pair<std::uint32_t, std::uint32_t>>{{last - 1, last}});
    std::int64_t sum = 0;
    double fixed = 0.0;
    for (const PlaneTriangle& t : triangles) {
        const std::int64_t area =
            twice_area(points[t.vertices[0]], points[t.vertices[1]], points[t.vertices[2]]);
        CHECK(area > 0);
        sum += area;
        for (std::size_t k = 0; k < 3; ++k) {
            if (t.is_fixed[k]) {
                fixed += std::abs(static_cast<double>(points[t.vertices[k]].x -
                                                      points[t.vertices[(k + 1) % 3]].x));
            }
        }
    }
    CHECK(sum == 2 * 5000 * 5000);
    CHECK(fixed == 2 * 5000.0); // seen from both sides
}

TEST_CASE("given edges that cross are refused") {
    const std::vector<GridPoint> points = {{0, 0},   {100, 0}, {100, 100}, {0, 100},
                                           {10, 10}, {90, 90}, {10, 90},   {90, 10}};
    CHECK_THROWS_AS(
        constrained_delaunay(points,
                             std::vector<std::pair<std::uint32_t, std::uint32_t>>{{4, 5}, {6, 7}}),
        RunError);
}
