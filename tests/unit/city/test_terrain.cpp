#include "city/ground.hpp"
#include "city/polygon_ops.hpp"
#include "ground_support.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace veste;
using namespace ground_test;

namespace {

const Box2 bounds{{0.0, 0.0}, {100.0, 100.0}};

/// OSM with one coastline way through the given points.
OsmData coast(const std::vector<Polyline>& lines) {
    OsmData osm;
    for (const Polyline& line : lines) {
        OsmWay way;
        way.id = static_cast<std::int64_t>(osm.ways.size()) + 1;
        way.tags["natural"] = "coastline";
        for (const Vec2& p : line) {
            way.nodes.push_back(static_cast<std::uint32_t>(osm.nodes.size()));
            osm.nodes.push_back({static_cast<std::int64_t>(osm.nodes.size()) + 1, p, {}});
        }
        osm.ways.push_back(way);
    }
    return osm;
}

double total_m2(const std::vector<Polygon>& polygons) {
    double sum = 0.0;
    for (const Polygon& polygon : polygons) {
        sum += area_m2(polygon);
    }
    return sum;
}

bool is_in(const std::vector<Polygon>& polygons, const Vec2& p) {
    return std::any_of(polygons.begin(), polygons.end(),
                       [&](const Polygon& polygon) { return contains(polygon, p); });
}

Polygon square(double x, double y, double side) {
    return as_polygon({{x, y}, {x + side, y + side}});
}

} // namespace

TEST_CASE("water lies to the right of the coastline") {
    CityReport report;
    const auto south = build_sea(coast({{{-10, 40}, {50, 30}, {110, 40}}}), {}, bounds, report);
    CHECK(is_in(south, {50, 10}));
    CHECK(!is_in(south, {50, 60}));
    CHECK(total_m2(south) < 4000.0);
    const auto north = build_sea(coast({{{110, 40}, {50, 30}, {-10, 40}}}), {}, bounds, report);
    CHECK(is_in(north, {50, 60}));
    CHECK(!is_in(north, {50, 10}));
    CHECK(total_m2(north) + total_m2(south) == doctest::Approx(1e4).epsilon(1e-9));
    CHECK(report.warnings.empty());
}

TEST_CASE("without coastline there is no sea") {
    CityReport report;
    CHECK(build_sea(coast({}), {}, bounds, report).empty());
}

TEST_CASE("islands are land and lagoons in them are sea") {
    CityReport report;
    // An island runs counter-clockwise (land to the left), its lagoon clockwise.
    const auto sea = build_sea(coast({{{20, 20}, {80, 20}, {80, 80}, {20, 80}, {20, 20}},
                                      {{40, 40}, {40, 60}, {60, 60}, {60, 40}, {40, 40}}}),
                               {}, bounds, report);
    CHECK(is_in(sea, {10, 10}));
    CHECK(!is_in(sea, {30, 50}));
    CHECK(is_in(sea, {50, 50}));
    CHECK(total_m2(sea) == doctest::Approx(1e4 - 3600.0 + 400.0));
}

TEST_CASE("a coastline that breaks off is led to the border with a warning") {
    CityReport report;
    const auto sea = build_sea(coast({{{5, 50}, {50, 45}, {97, 50}}}), {}, bounds, report);
    CHECK(report.warnings.size() == 1);
    CHECK(is_in(sea, {50, 20}));
    CHECK(!is_in(sea, {50, 80}));
}

TEST_CASE("piers and breakwaters are land") {
    CityReport report;
    OsmData osm = coast({{{-10, 50}, {110, 50}}});
    OsmWay pier;
    pier.id = 99;
    pier.tags = {{"man_made", "pier"}, {"width", "4 m"}};
    for (const Vec2& p : {Vec2(30, 50), Vec2(30, 20)}) {
        pier.nodes.push_back(static_cast<std::uint32_t>(osm.nodes.size()));
        osm.nodes.push_back({1000 + static_cast<std::int64_t>(osm.nodes.size()), p, {}});
    }
    osm.ways.push_back(pier);
    const std::vector<AreaFeature> areas = {
        {square(60, 20, 10), {{"man_made", "breakwater"}}, "test", 7}};
    const auto sea = build_sea(osm, areas, bounds, report);
    CHECK(!is_in(sea, {30.5, 30}));
    CHECK(!is_in(sea, {65, 25}));
    CHECK(is_in(sea, {45, 25}));
    CHECK(total_m2(sea) == doctest::Approx(5000.0 - 4.0 * 30.0 - 100.0).epsilon(1e-6));
}

TEST_CASE("every surface has a roughness and an infiltration") {
    const auto& all = surface_properties();
    for (const SurfaceProperties& properties : all) {
        CAPTURE(std::string(properties.name));
        CHECK(!properties.name.empty());
        CHECK(properties.manning_n >= 0.01);
        CHECK(properties.manning_n <= 0.2);
        CHECK(properties.infiltration_mmph >= 0.0);
    }
    CHECK(all[static_cast<std::size_t>(Surface::Carriageway)].name == "carriageway");
    CHECK(all[static_cast<std::size_t>(Surface::Permeable)].name == "permeable");
}

namespace {

/// A city of 100 m: sea in the south, one house, a park, a pond and a street.
struct Village {
    Recipe recipe;
    Sources sources;
    City city;

    explicit Village(BuildingObstacle obstacle) {
        recipe.buildings = obstacle;
        const CityFrame frame{32632, {500000.0, 4800000.0}, bounds};
        city.bounds = bounds;
        city.sea = {as_polygon({{0, 0}, {100, 20}})};
        sources.areas = {
            {square(10, 60, 20), {{"building", "yes"}, {"building:levels", "4"}}, "test", 1},
            {square(60, 60, 20), {{"leisure", "park"}}, "test", 2},
            {square(65, 65, 6), {{"natural", "water"}}, "test", 3},
            {square(40, 80, 10), {{"building", "roof"}}, "test", 4},
            {square(40, 60, 10), {{"building", "yes"}, {"layer", "-1"}}, "test", 5},
            {square(80, 30, 10), {{"building", "yes"}}, "test", 6}};
        city.inland_water = build_inland_water(sources, city.sea, bounds);
        city.terrain =
            build_ground(recipe, frame, {{0, 0}, 2.0, 50, 50}, sources, city.sea, city.report);
        city.buildings =
            build_buildings(recipe, sources, frame, city.terrain.ground_m, city.report);
        Edge edge;
        edge.lanes = 1;
        edge.first_lane = LaneId(0U);
        edge.line = {{0, 40}, {100, 40}};
        edge.length_m = 100.0;
        Lane lane;
        lane.edge = EdgeId(0U);
        lane.width_m = 6.0;
        lane.length_m = 100.0;
        lane.line = edge.line;
        city.streets.edges = {edge};
        city.streets.lanes = {lane};
        finish_terrain(city, recipe, sources);
    }
    Surface at(double x, double y) const {
        return static_cast<Surface>(city.terrain.surface.at(Vec2(x, y)));
    }
};

} // namespace

TEST_CASE("surfaces come from areas and streets and buildings and water") {
    const Village village(BuildingObstacle::Blocked);
    CHECK(village.at(50, 10) == Surface::Sea);
    CHECK(village.at(50, 41) == Surface::Carriageway);
    CHECK(village.at(50, 44) == Surface::Pavement);
    CHECK(village.at(20, 70) == Surface::Building);
    CHECK(village.at(78, 78) == Surface::Grass);
    CHECK(village.at(68, 68) == Surface::InlandWater);
    CHECK(village.at(5, 95) == Surface::OtherUrban);
    CHECK(village.at(45, 85) != Surface::Building);
    CHECK(village.city.terrain.is_sea.at(Vec2(50, 10)) == 1);
    CHECK(village.city.terrain.is_sea.at(Vec2(50, 30)) == 0);
}

TEST_CASE("buildings stand on the ground with heights from storeys or assumed") {
    const Village village(BuildingObstacle::Blocked);
    REQUIRE(village.city.buildings.size() == 2);
    CHECK(village.city.buildings[0].height_m == doctest::Approx(12.0));
    CHECK(!village.city.buildings[0].is_height_assumed);
    CHECK(village.city.buildings[1].height_m == doctest::Approx(9.0));
    CHECK(village.city.buildings[1].is_height_assumed);
    bool is_told = false;
    for (const std::string& line : village.city.report.assumed) {
        is_told = is_told || has(line, "1 of 2 buildings tell no height");
    }
    CHECK(is_told);
}

TEST_CASE("buildings block water or raise the ground as chosen") {
    const Village blocked(BuildingObstacle::Blocked);
    CHECK(blocked.city.terrain.is_blocked.at(Vec2(20, 70)) == 1);
    CHECK(blocked.city.terrain.ground_m.at(Vec2(20, 70)) == 0.0F);
    const Village raised(BuildingObstacle::Raised);
    CHECK(raised.city.terrain.is_blocked.at(Vec2(20, 70)) == 0);
    CHECK(raised.city.terrain.ground_m.at(Vec2(20, 70)) == doctest::Approx(12.0));
    CHECK(raised.city.terrain.ground_m.at(Vec2(50, 70)) == 0.0F);
}

TEST_CASE("the description of surfaces lists the values in use") {
    const std::string text =
        slurp(std::filesystem::path(VESTE_SOURCE_DIR) / "engine" / "city" / "CITY.md");
    for (const SurfaceProperties& properties : surface_properties()) {
        const std::string row = fmt::format("| `{}` | {:.3f} | {:g} |", properties.name,
                                            properties.manning_n, properties.infiltration_mmph);
        CAPTURE(row);
        CHECK(has(text, row));
    }
}

TEST_CASE("lengths are read with their units") {
    CHECK(parse_length_m("12").value() == 12.0);
    CHECK(parse_length_m("12.5 m").value() == 12.5);
    CHECK(parse_length_m("40 ft").value() == doctest::Approx(12.192));
    CHECK(parse_length_m("6'6\"").value() == doctest::Approx(1.9812));
    CHECK(!parse_length_m("tall"));
    CHECK(!parse_length_m(""));
    CHECK(!parse_length_m("12 storeys"));
}
