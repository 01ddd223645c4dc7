#include "city/polygon_ops.hpp"
#include "city/sources.hpp"
#include "city/street_assembly.hpp"
#include "city/walk_areas.hpp"
#include "support/toy_walk.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// Adds a way through the points; those that are there already are shared.
void add_way(OsmData& osm, std::int64_t id, const Polyline& points, Tags tags) {
    OsmWay way;
    way.id = id;
    way.tags = std::move(tags);
    for (const Vec2& p : points) {
        std::uint32_t node = 0;
        while (node < osm.nodes.size() && osm.nodes[node].at != p) {
            ++node;
        }
        if (node == osm.nodes.size()) {
            osm.nodes.push_back({static_cast<std::int64_t>(1000 + node), p, {}});
        }
        way.nodes.push_back(node);
    }
    osm.ways.push_back(std::move(way));
}

City city_of(const OsmData& osm, CityReport& report) {
    City city;
    city.bounds = {{-200.0, -200.0}, {200.0, 200.0}};
    city.streets = build_street_network(osm, city.bounds, {}, report);
    add_informal_crossings(city.streets, osm, city.bounds);
    return city;
}

std::optional<std::uint32_t> part_at(const WalkMesh& mesh, const Vec2& p, std::int8_t level = 0) {
    const auto t = mesh.locate(p, level);
    return t ? std::optional(mesh.triangles[t->index].component) : std::nullopt;
}

const Tags residential = {{"highway", "residential"}, {"sidewalk", "both"}, {"lanes", "2"}};

} // namespace

TEST_CASE("pavements lie beside the carriageway and not on it") {
    OsmData osm;
    add_way(osm, 1, {{-100, 0}, {100, 0}}, residential);
    CityReport report;
    const City city = city_of(osm, report);
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    CHECK(mesh.locate({0.0, 4.0}, 0)); // two lanes of 3 m, then 2 m
    CHECK(mesh.locate({0.0, -4.0}, 0));
    CHECK_FALSE(mesh.locate({0.0, 0.0}, 0));
    CHECK_FALSE(mesh.locate({0.0, 2.9}, 0));
    CHECK_FALSE(mesh.locate({0.0, 5.1}, 0));
}

TEST_CASE("a pavement on one side is on that side of the way as drawn") {
    OsmData osm;
    add_way(osm, 1, {{100, 0}, {-100, 0}},
            {{"highway", "residential"}, {"sidewalk", "left"}, {"lanes", "2"}});
    CityReport report;
    const City city = city_of(osm, report);
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    CHECK(mesh.locate({0.0, -4.0}, 0)); // drawn westwards: left is south
    CHECK_FALSE(mesh.locate({0.0, 4.0}, 0));
}

TEST_CASE("a footway across a street without a mapped crossing gets one that drivers know") {
    OsmData osm;
    add_way(osm, 1, {{-100, 0}, {0, 0}, {100, 0}}, residential);
    add_way(osm, 2, {{0, -50}, {0, 0}, {0, 50}}, {{"highway", "footway"}});
    CityReport report;
    const City city = city_of(osm, report);
    REQUIRE(city.streets.crossings.size() == 1);
    const Crossing& crossing = city.streets.crossings[0];
    CHECK(crossing.kind == CrossingKind::Uncontrolled);
    CHECK(crossing.places.size() == 2); // one lane each way
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    const auto middle = mesh.locate({0.1, 0.1}, 0);
    REQUIRE(middle);
    CHECK(mesh.triangles[middle->index].crossing == CrossingId(0U));
    CHECK(part_at(mesh, {0.0, 40.0}) == part_at(mesh, {0.0, -40.0}));
    CHECK(part_at(mesh, {50.0, 4.0}) == part_at(mesh, {50.0, -4.0}));
}

TEST_CASE("people cross a footbridge over a street and not from the street") {
    OsmData osm;
    add_way(osm, 1, {{-100, 0}, {100, 0}}, residential);
    add_way(osm, 2, {{0, -60}, {0, -20}}, {{"highway", "footway"}, {"width", "3"}});
    add_way(osm, 3, {{0, -20}, {0, 20}},
            {{"highway", "footway"}, {"bridge", "yes"}, {"layer", "1"}, {"width", "3"}});
    add_way(osm, 4, {{0, 20}, {5, 60}}, {{"highway", "steps"}, {"width", "3"}});
    CityReport report;
    const City city = city_of(osm, report);
    CHECK(city.streets.crossings.empty());
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    REQUIRE(part_at(mesh, {0.0, 0.0}, 1));
    CHECK(part_at(mesh, {0.0, -50.0}) == part_at(mesh, {0.0, 0.0}, 1));
    CHECK(part_at(mesh, {4.0, 52.0}) == part_at(mesh, {0.0, 0.0}, 1));
    REQUIRE(part_at(mesh, {0.0, 4.0}));
    CHECK(part_at(mesh, {0.0, 4.0}) != part_at(mesh, {0.0, 0.0}, 1));
}

TEST_CASE("steps join a bridge in its middle at its side") {
    OsmData osm;
    add_way(osm, 1, {{-60, 0}, {0, 0}, {60, 0}},
            {{"highway", "footway"}, {"bridge", "yes"}, {"layer", "1"}, {"width", "4"}});
    add_way(osm, 2, {{0, 0}, {0, 40}}, {{"highway", "steps"}, {"width", "2"}});
    CityReport report;
    const City city = city_of(osm, report);
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    REQUIRE(part_at(mesh, {0.0, 30.0}));
    CHECK(part_at(mesh, {0.0, 30.0}) == part_at(mesh, {40.0, 0.0}, 1));
    CHECK_FALSE(mesh.locate({0.0, 0.0}, 0));
}

TEST_CASE("a passage leads through a building and other footways end at its walls") {
    OsmData osm;
    add_way(osm, 1, {{-60, 0}, {60, 0}},
            {{"highway", "footway"}, {"tunnel", "building_passage"}, {"width", "3"}});
    add_way(osm, 2, {{-60, 8}, {60, 8}}, {{"highway", "footway"}, {"width", "2"}});
    CityReport report;
    City city = city_of(osm, report);
    city.buildings = {{toy::rectangle(-10, -20, 10, 20), 9.0, 0.0, false, 1, ""}};
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    CHECK(part_at(mesh, {-50.0, 0.0}) == part_at(mesh, {50.0, 0.0}));
    CHECK(mesh.locate({0.0, 0.0}, 0));
    CHECK_FALSE(mesh.locate({0.0, 8.0}, 0));
    CHECK(part_at(mesh, {-50.0, 8.0}) != part_at(mesh, {50.0, 8.0}));
}

TEST_CASE("private ways and small lonely parts are left out and widths come from tags") {
    OsmData osm;
    add_way(osm, 1, {{-60, 0}, {60, 0}}, {{"highway", "footway"}, {"width", "5 m"}});
    add_way(osm, 2, {{-60, 50}, {60, 50}}, {{"highway", "footway"}, {"access", "private"}});
    add_way(osm, 3, {{-60, 90}, {-50, 90}}, {{"highway", "footway"}}); // 20 m2
    CityReport report;
    const City city = city_of(osm, report);
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    CHECK(mesh.locate({0.0, 2.4}, 0));
    CHECK_FALSE(mesh.locate({0.0, 2.6}, 0));
    CHECK_FALSE(mesh.locate({0.0, 50.0}, 0));
    CHECK_FALSE(mesh.locate({-55.0, 90.0}, 0));
    CHECK(mesh.ways.size() == 2);
}

TEST_CASE("squares parks and water of the sources make and take ground") {
    OsmData osm;
    add_way(osm, 1, {{-60, 0}, {60, 0}}, {{"highway", "footway"}});
    std::vector<AreaFeature> areas = {
        {toy::rectangle(-30, 0, 30, 40), {{"place", "square"}}, "", 5},
        {toy::rectangle(30, 0, 60, 40), {{"leisure", "park"}, {"access", "private"}}, "", 6}};
    CityReport report;
    City city = city_of(osm, report);
    city.inland_water = {toy::rectangle(-5, 10, 5, 20)};
    const WalkMesh mesh = build_walk(city, osm, areas, report);
    const auto square = mesh.locate({20.0, 20.0}, 0);
    REQUIRE(square);
    CHECK(mesh.triangles[square->index].kind == WalkKind::Square);
    CHECK_FALSE(mesh.locate({0.0, 15.0}, 0));
    CHECK_FALSE(mesh.locate({45.0, 20.0}, 0));
}

TEST_CASE("steps and conveyors lead where their tags say") {
    OsmData osm;
    add_way(osm, 1, {{-60, 0}, {0, 0}}, {{"highway", "footway"}, {"width", "4"}});
    const auto steps = [](const char* key, const char* value) {
        return Tags{{"highway", "steps"}, {"width", "2"}, {key, value}};
    };
    add_way(osm, 2, {{0, 0}, {20, 0}}, steps("incline", "up"));
    add_way(osm, 3, {{-20, 0}, {-20, 20}}, steps("incline", "down"));
    add_way(osm, 4, {{-40, 0}, {-40, 20}}, steps("incline", "-30%"));
    add_way(osm, 5, {{-50, 0}, {-50, 20}}, steps("surface", "stone"));
    Tags escalator = steps("incline", "up");
    escalator["conveying"] = "backward";
    add_way(osm, 6, {{-60, 0}, {-60, 20}}, escalator);
    add_way(osm, 7, {{-10, 0}, {-10, -30}},
            {{"highway", "footway"}, {"width", "2"}, {"conveying", "forward"}});
    CityReport report;
    const City city = city_of(osm, report);
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    const auto at = [&](double x, double y) -> const WalkTriangle& {
        return mesh.triangles[mesh.locate(Vec2(x, y), 0).value().index];
    };
    CHECK(at(10.0, 0.0).uphill[0] == doctest::Approx(0.5));
    CHECK(at(10.0, 0.0).conveyor_mps[0] == 0.0F);
    CHECK(at(-20.0, 10.0).uphill[1] == doctest::Approx(-0.5));
    CHECK(at(-40.0, 10.0).uphill[1] == doctest::Approx(-0.5));
    CHECK(at(-50.0, 10.0).uphill[1] == 0.0F);
    CHECK(at(-60.0, 10.0).uphill[1] == doctest::Approx(0.5));
    CHECK(at(-60.0, 10.0).conveyor_mps[1] == doctest::Approx(-0.5));
    CHECK(at(-10.0, -15.0).conveyor_mps[1] == doctest::Approx(-0.5));
    CHECK(at(-30.0, 0.0).conveyor_mps[1] == 0.0F);
}

TEST_CASE("people walk on a carriageway where a layer draws it as shared and not beyond") {
    OsmData osm;
    add_way(osm, 1, {{-100, 0}, {100, 0}}, residential);
    CityReport report;
    const City city = city_of(osm, report);
    const std::vector<AreaFeature> closed_street = {
        {toy::rectangle(-20, -3, 20, 3), {{"highway", "living_street"}}, "", 0}};
    const WalkMesh mesh = build_walk(city, osm, closed_street, report);
    CHECK(mesh.locate({0.0, 0.0}, 0));
    CHECK(part_at(mesh, {0.0, 4.0}) == part_at(mesh, {0.0, -4.0}));
    CHECK_FALSE(mesh.locate({30.0, 0.0}, 0));
    const std::vector<AreaFeature> square = {
        {toy::rectangle(-20, -3, 20, 3), {{"place", "square"}}, "", 0}};
    CHECK_FALSE(build_walk(city, osm, square, report).locate({0.0, 0.0}, 0));
}

TEST_CASE("wide steps end where they end") {
    OsmData osm;
    add_way(osm, 1, {{0, -40}, {0, 0}}, {{"highway", "footway"}});
    add_way(osm, 2, {{0, 0}, {0, 10}}, {{"highway", "steps"}, {"width", "60"}});
    CityReport report;
    const City city = city_of(osm, report);
    const WalkMesh mesh = build_walk(city, osm, {}, report);
    CHECK(mesh.locate({29.0, 5.0}, 0));
    CHECK_FALSE(mesh.locate({10.0, 11.0}, 0));
    CHECK_FALSE(mesh.locate({10.0, -1.0}, 0));
    CHECK(part_at(mesh, {0.0, -30.0}) == part_at(mesh, {29.0, 5.0}));
}
