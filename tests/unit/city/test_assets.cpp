#include "city/ground.hpp"
#include "city/polygon_ops.hpp"
#include "ground_support.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <numeric>

using namespace veste;
using namespace ground_test;

namespace {

/// One residential street of 300 m (one lane each way) through a plain of 400 x 200 m.
struct Street {
    Recipe recipe;
    Sources sources;
    City city;

    Street() {
        city.bounds = {{0.0, 0.0}, {400.0, 200.0}};
        const RasterShape shape{{0.0, 0.0}, 2.0, 200, 100};
        city.terrain.ground_m = Raster<float>(shape, 0.0F);
        city.terrain.surface =
            Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::OtherUrban));
        city.terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
        city.terrain.is_sea = Raster<std::uint8_t>(shape, 0);
        city.streets.nodes.resize(2);
        city.streets.nodes[0].at = {50.0, 100.0};
        city.streets.nodes[1].at = {350.0, 100.0};
        city.streets.nodes[1].signal = SignalId(0U);
        city.streets.signals.push_back({NodeId(1U), "signal", 1, {}, {}});
        for (std::uint32_t e = 0; e < 2; ++e) {
            Edge edge;
            edge.from = NodeId(e);
            edge.to = NodeId(1 - e);
            edge.opposite = EdgeId(1 - e);
            edge.first_lane = LaneId(e);
            edge.lanes = 1;
            edge.name = "Main Street";
            edge.osm_way = 5;
            edge.length_m = 300.0;
            edge.line = {city.streets.nodes[e].at, city.streets.nodes[1 - e].at};
            Lane lane;
            lane.edge = EdgeId(e);
            lane.length_m = 300.0;
            lane.line = edge.line;
            city.streets.edges.push_back(edge);
            city.streets.lanes.push_back(lane);
        }
        OsmWay way;
        way.id = 5;
        way.tags = {{"highway", "residential"}};
        sources.osm.ways.push_back(way);
    }
    Assets build() { return build_assets(city, recipe, sources, city.report); }
    void add_node(const Vec2& at, const Tags& tags) {
        sources.osm.nodes.push_back(
            {static_cast<std::int64_t>(sources.osm.nodes.size()) + 1, at, tags});
    }
};

} // namespace

TEST_CASE("a lit street without known lamps gets assumed ones at the documented spacing") {
    Street street;
    const Assets assets = street.build();
    REQUIRE(assets.lamps.size() == 10);
    for (const Lamp& lamp : assets.lamps) {
        CHECK(lamp.is_assumed);
        CHECK(lamp.height_m == 6.0);
        CHECK(lamp.flux_lm == 6000.0);
        // Half the carriageway (two lanes of 3 m) and 0.5 m from the kerb.
        CHECK(std::abs(lamp.at.y() - 100.0) == doctest::Approx(3.5));
        CHECK(lamp.feeder.is_valid());
    }
    CHECK((assets.lamps[1].at - assets.lamps[0].at).norm() == doctest::Approx(30.0));
}

TEST_CASE("a street that OSM calls unlit gets no lamps") {
    Street street;
    street.sources.osm.ways[0].tags["lit"] = "no";
    CHECK(street.build().lamps.empty());
}

TEST_CASE("known lamps are kept with their height and not doubled") {
    Street street;
    for (int k = 0; k < 10; ++k) {
        street.add_node({65.0 + 30.0 * k, 104.0}, {{"highway", "street_lamp"}, {"height", "8 m"}});
    }
    const Assets assets = street.build();
    REQUIRE(assets.lamps.size() == 10);
    for (const Lamp& lamp : assets.lamps) {
        CHECK(!lamp.is_assumed);
        CHECK(lamp.height_m == 8.0);
        CHECK(lamp.osm_id > 0);
    }
}

TEST_CASE("lamps do not stand inside houses") {
    Street street;
    for_cells_inside(
        street.city.terrain.shape(), as_polygon({{50, 94}, {350, 98}}), [&](int i, int j) {
            street.city.terrain.surface.at(i, j) = static_cast<std::uint8_t>(Surface::Building);
        });
    for (const Lamp& lamp : street.build().lamps) {
        CHECK(lamp.at.y() == doctest::Approx(103.5));
    }
}

TEST_CASE("feeders without data are cells and everything belongs to one") {
    Street street;
    street.recipe.assumptions.feeder_cell_m = 100.0;
    const Assets assets = street.build();
    CHECK(assets.feeders.size() >= 4);
    CHECK(assets.feeders.size() <= 8);
    CHECK(assets.feeders[0].name == "feeder 1");
    for (const Lamp& lamp : assets.lamps) {
        REQUIRE(lamp.feeder.is_valid());
        CHECK(contains(assets.feeders[lamp.feeder.index].areas.at(0), lamp.at));
    }
    REQUIRE(assets.signal_feeder.size() == 1);
    // The signal stands on the border of two cells.
    CHECK(bounds_of(assets.feeders[assets.signal_feeder[0].index].areas.at(0).outer)
              .contains(street.city.streets.nodes[1].at));
}

TEST_CASE("three substations feed what is nearest to them") {
    Street street;
    const Vec2 places[] = {{60.0, 50.0}, {200.0, 150.0}, {340.0, 50.0}};
    for (const Vec2& at : places) {
        street.add_node(at, {{"power", "substation"}});
    }
    const Assets assets = street.build();
    REQUIRE(assets.feeders.size() == 3);
    double area = 0.0;
    for (const Feeder& feeder : assets.feeders) {
        area += area_m2(feeder.areas.at(0));
    }
    CHECK(area == doctest::Approx(400.0 * 200.0));
    for (const Lamp& lamp : assets.lamps) {
        for (const Vec2& other : places) {
            CHECK((lamp.at - places[lamp.feeder.index]).norm() <= (lamp.at - other).norm() + 1e-9);
        }
    }
}

TEST_CASE("loop detectors stand before signals when the recipe asks") {
    Street street;
    CHECK(street.build().sensors.empty());
    street.recipe.assumptions.has_loops_at_signals = true;
    const Assets assets = street.build();
    REQUIRE(assets.sensors.size() == 1);
    CHECK(assets.sensors[0].kind == SensorKind::LoopDetector);
    CHECK(assets.sensors[0].edge == EdgeId(0U));
    CHECK(assets.sensors[0].along_m == doctest::Approx(270.0));
    CHECK(assets.sensors[0].is_assumed);
}

TEST_CASE("counters at named areas need areas of that name") {
    Street street;
    street.city.areas.push_back({"Market", as_polygon({{100, 20}, {140, 60}})});
    street.recipe.assumptions.crowd_counters = {"Market"};
    const Assets assets = street.build();
    REQUIRE(assets.sensors.size() == 1);
    CHECK((assets.sensors[0].at - Vec2(120, 40)).norm() < 1e-9);
    CHECK(assets.sensors[0].range_m == doctest::Approx(40.0 / std::sqrt(3.14159265)).epsilon(1e-6));
    street.recipe.assumptions.crowd_counters = {"Markt"};
    CHECK(has(input_error([&] { street.build(); }), "no area \"Markt\", did you mean \"Market\"?"));
}

TEST_CASE("assumed drains together take the design rain of the land near the street") {
    Street street;
    const Assets assets = street.build();
    REQUIRE(assets.drains.size() == 6);
    double capacity = 0.0;
    for (const Drain& drain : assets.drains) {
        CHECK(drain.is_assumed);
        capacity += drain.capacity_m3ps;
    }
    // 20 mm/h on what lies within 50 m, by steps, of inlets every 50 m along 300 m: with 250 m
    // between the first and last inlet at least 250 x 50 m, at most 350 x 100 m.
    CHECK(capacity > 20.0 / 3.6e6 * 250 * 50);
    CHECK(capacity < 20.0 / 3.6e6 * 350 * 100);
}

TEST_CASE("sensors and stations and signs are read from OSM tags") {
    Street street;
    street.add_node({100, 105}, {{"man_made", "surveillance"}, {"surveillance", "public"}});
    street.add_node({110, 105}, {{"man_made", "surveillance"}, {"surveillance", "indoor"}});
    street.add_node({120, 60},
                    {{"man_made", "monitoring_station"}, {"monitoring:water_level", "yes"}});
    street.add_node({130, 105},
                    {{"man_made", "monitoring_station"}, {"monitoring:traffic", "yes"}});
    street.add_node({140, 20}, {{"amenity", "fire_station"}, {"name", "Station 1"}});
    street.add_node({150, 20}, {{"traffic_sign", "FI:372"}});
    street.add_node({160, 20}, {{"information", "guidepost"}, {"name", "To the harbour"}});
    const Assets assets = street.build();
    REQUIRE(assets.sensors.size() == 3);
    CHECK(assets.sensors[0].kind == SensorKind::CrowdCounter);
    CHECK(assets.sensors[1].kind == SensorKind::WaterGauge);
    CHECK(assets.sensors[2].kind == SensorKind::LoopDetector);
    CHECK(assets.sensors[2].edge.is_valid());
    REQUIRE(assets.stations.size() == 1);
    CHECK(assets.stations[0].name == "Station 1");
    CHECK(assets.stations[0].kind == StationKind::Fire);
    REQUIRE(assets.signs.size() == 2);
    CHECK(assets.signs[0].text == "FI:372");
    CHECK(assets.signs[1].text == "To the harbour");
}

TEST_CASE("a layer's wrong values are errors that name the feature, all of them at once") {
    LayerFeature feature;
    feature.points = {{100.0, 105.0}};
    feature.source = "lamps.gpkg, layer lamps, feature 3";
    feature.roles = {{"height", "tall"}, {"flux", "-4"}};
    Layers layers = {{"lamps", {feature}}};
    feature.source = "sensors.gpkg, layer sensors, feature 7";
    feature.roles = {{"kind", "camera"}, {"range", "nan"}};
    layers["sensors"] = {feature};
    feature.source = "ways.gpkg, layer ways, feature 9";
    feature.roles = {{"kind", "carpet"}, {"level", "1st"}};
    layers["walkable"] = {feature};
    feature.source = "stations.gpkg, layer stations, feature 1";
    feature.roles = {};
    layers["stations"] = {feature};
    const std::string error = input_error([&] { check_layer_values(layers); });
    CHECK(has(error, "feature 3: height = \"tall\" is not a number, allowed 1 to 50 m"));
    CHECK(has(error, "feature 3: flux = -4 lm, allowed 10 to 500000 lm"));
    CHECK(has(error, "feature 7: kind = \"camera\" is not known in [[sensors]]; known are "
                     "crowd_counter, loop_detector"));
    CHECK(has(error, "feature 7: range = nan m, allowed 1 to 500 m"));
    CHECK(has(error, "feature 9: kind = \"carpet\" is not known in [[walkable]]"));
    CHECK(has(error, "feature 9: level = \"1st\" is not a number"));
    CHECK(has(error, "feature 1: kind = \"\" is not known in [[stations]]"));
}

TEST_CASE("of very many wrong values the first are told and how many more") {
    LayerFeature feature;
    feature.roles = {{"height", "-1"}};
    const Layers layers = {{"lamps", std::vector<LayerFeature>(1000, feature)}};
    const std::string error = input_error([&] { check_layer_values(layers); });
    CHECK(std::count(error.begin(), error.end(), '\n') == 20);
    CHECK(has(error, "and 980 more like these"));
}

TEST_CASE("values of a layer may be lengths with units") {
    LayerFeature feature;
    feature.roles = {{"height", "25 ft"}, {"flux", "4000"}};
    check_layer_values({{"lamps", {feature}}});
    CHECK(number_for(feature, "height", 0.0) == doctest::Approx(7.62));
    CHECK(number_for(feature, "flux", 0.0) == 4000.0);
    CHECK(number_for(feature, "range", 30.0) == 30.0);
}

TEST_CASE("a loop detector away from every street is an error that names the feature") {
    Street street;
    LayerFeature feature;
    feature.points = {{100.0, 190.0}};
    feature.source = "sensors.gpkg, layer sensors, feature 2";
    feature.roles = {{"kind", "loop_detector"}};
    street.sources.layers["sensors"] = {feature};
    CHECK(has(input_error([&] { street.build(); }),
              "feature 2: a loop detector needs a street within 20 m"));
}

TEST_CASE("a water gauge stands on land: in a layer it must, of OSM's those at sea are left out") {
    Street street;
    for (std::size_t cell = 0; cell < street.city.terrain.shape().cells(); ++cell) {
        street.city.terrain.is_sea.values[cell] =
            street.city.terrain.shape().centre(cell).y() > 150.0;
    }
    const Tags gauge = {{"man_made", "monitoring_station"}, {"monitoring:water_level", "yes"}};
    street.add_node({100, 165}, gauge); // off a quay
    street.add_node({100, 175}, gauge);
    const Assets assets = street.build();
    REQUIRE(assets.sensors.size() == 1);
    CHECK(assets.sensors[0].at.y() == 165.0);
    const auto cell = nearest_open_cell(street.city.terrain, assets.sensors[0].at, gauge_reach_m);
    REQUIRE(cell);
    CHECK((street.city.terrain.shape().centre(*cell) - Vec2(100.0, 150.0)).norm() < 1.5);

    LayerFeature feature;
    feature.points = {{100.0, 175.0}};
    feature.source = "sensors.gpkg, layer sensors, feature 4";
    feature.roles = {{"kind", "water_gauge"}};
    street.sources.layers["sensors"] = {feature};
    CHECK(has(input_error([&] { street.build(); }),
              "feature 4: a water gauge needs open ground within 20 m"));
}

TEST_CASE("what is assumed of known lamps, sensors and drains is marked and told") {
    Street street;
    street.recipe.assumptions.has_lamps = street.recipe.assumptions.has_drains = false;
    const auto layer = [](const Vec2& at, const Tags& roles) {
        LayerFeature feature;
        feature.points = {at};
        feature.roles = roles;
        return feature;
    };
    street.sources.layers["lamps"] = {layer({100, 105}, {{"height", "9"}}),
                                      layer({150, 105}, {{"height", "9"}, {"flux", "5000"}}),
                                      layer({200, 105}, {})};
    street.sources.layers["sensors"] = {
        layer({100, 105}, {{"kind", "crowd_counter"}}),
        layer({100, 105}, {{"kind", "air_monitor"}, {"range", "80"}}),
        layer({100, 105}, {{"kind", "water_gauge"}})};
    street.sources.layers["drains"] = {layer({100, 98}, {{"capacity", "0.05"}}),
                                       layer({300, 98}, {})};
    street.add_node({250, 105}, {{"highway", "street_lamp"}, {"height", "7 m"}});
    const Assets assets = street.build();
    const auto marks = [](const auto& list, auto member) {
        std::string text;
        for (const auto& item : list) {
            text += item.*member ? '1' : '0';
        }
        return text;
    };
    CHECK(marks(assets.lamps, &Lamp::is_assumed) == "0000");
    CHECK(marks(assets.lamps, &Lamp::is_height_assumed) == "0010");
    CHECK(marks(assets.lamps, &Lamp::is_flux_assumed) == "1011");
    CHECK(marks(assets.sensors, &Sensor::is_range_assumed) == "100");
    CHECK(marks(assets.drains, &Drain::is_capacity_assumed) == "01");
    CHECK(assets.drains[0].capacity_m3ps == 0.05);
    // A diamond of 50 m by steps around the drain, at the design rain of 20 mm/h.
    CHECK(assets.drains[1].capacity_m3ps == doctest::Approx(20.0 / 3.6e6 * 5000.0).epsilon(0.05));
    const auto tells = [&](const std::string& text) {
        return std::find(street.city.report.assumed.begin(), street.city.report.assumed.end(),
                         text) != street.city.report.assumed.end();
    };
    CHECK(tells("height of 1 of 4 known street lamps: 6 m, as on local streets"));
    CHECK(tells("flux of 3 of 4 known street lamps: 6000 lm, as on local streets"));
    CHECK(tells("range of 1 of 3 known sensors: cameras of OpenStreetMap 15 m, other counters and "
                "monitors 30 m"));
    CHECK(tells("capacity of 1 of 2 known drains: 20 mm/h on the land within 50 m"));
}

TEST_CASE("a feeder of several polygons is one, and feeds what lies in or near any of them") {
    Street street;
    LayerFeature west;
    west.polygons = {as_polygon({{0, 0}, {100, 200}}), as_polygon({{300, 0}, {400, 200}})};
    west.roles = {{"name", "harbour"}};
    LayerFeature middle;
    middle.polygons = {as_polygon({{150, 0}, {250, 200}})};
    street.sources.layers["feeders"] = {west, middle};
    const Assets assets = street.build();
    REQUIRE(assets.feeders.size() == 2);
    CHECK(assets.feeders[0].name == "harbour");
    CHECK(assets.feeders[0].areas.size() == 2);
    CHECK(feeder_at(assets.feeders, {50, 50}) == FeederId(0U));
    CHECK(feeder_at(assets.feeders, {200, 50}) == FeederId(1U));
    CHECK(feeder_at(assets.feeders, {290, 50}) == FeederId(0U));
    CHECK(feeder_at(assets.feeders, {260, 50}) == FeederId(1U));
}
