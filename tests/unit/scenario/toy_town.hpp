#pragma once
#include "support/toy_streets.hpp"
#include "support/toy_walk.hpp"

#include <string>

/// A small town for scenario tests; its CRS is EPSG:32632 and its local metres are that CRS's.
///
///   streets   West, South, East and North Street meet at (0, 0) under a signal with crossings
///             (OSM node 1); Park Lane runs one-way from East Street's end to North Street's end;
///             Alley is closed to trucks; Island Road is linked to nothing.
///   walkable  plaza x 20 to 80, y 20 to 60; yard x 100 to 140; the Passage (OSM way 77) between
///             them at y 38 to 42, the only way; an isle of its own at x 20 to 40, y 100 to 120.
///   sea       y below -200
namespace veste::test {

inline StreetNetwork town_streets() {
    toy::Streets s;
    const std::uint32_t middle = s.node(0.0, 0.0, true);
    const std::uint32_t west = s.node(-200.0, 0.0);
    const std::uint32_t south = s.node(0.0, -200.0);
    const std::uint32_t east = s.node(200.0, 0.0);
    const std::uint32_t north = s.node(0.0, 200.0);
    const auto arm = [&](std::uint32_t end, const char* name) {
        const std::uint32_t edge = s.street(end, middle, {.name = name});
        s.raw.crossings.push_back({edge, 192.0, CrossingKind::Signalled, middle, edge + 1});
    };
    arm(west, "West Street");
    arm(south, "South Street");
    arm(east, "East Street");
    arm(north, "North Street");
    s.street(east, north, {.is_one_way = true, .name = "Park Lane"});
    s.street(west, s.node(-200.0, 100.0), {.name = "Alley"});
    s.street(s.node(300.0, 300.0), s.node(400.0, 300.0), {.name = "Island Road"});
    StreetNetwork streets = s.assemble();
    for (Lane& lane : streets.lanes) {
        if (streets.edge(lane.edge).name == "Alley") {
            lane.allowed =
                static_cast<VehicleClasses>(bit(VehicleClass::Car) | bit(VehicleClass::Bicycle));
        }
    }
    for (Connection& c : streets.connections) {
        c.allowed =
            static_cast<VehicleClasses>(streets.lane(c.from).allowed & streets.lane(c.to).allowed);
    }
    return streets;
}

inline WalkMesh town_walk() {
    WalkMesh mesh = build_walk_mesh({::toy::area(20.0, 20.0, 80.0, 60.0, WalkKind::Square),
                                     ::toy::area(80.0, 38.0, 100.0, 42.0),
                                     ::toy::area(100.0, 20.0, 140.0, 60.0),
                                     ::toy::area(20.0, 100.0, 40.0, 120.0, WalkKind::Park)},
                                    {}, {});
    mesh.ways.push_back({77, "Passage", 4.0, 0, WalkKind::Footway, {{80.0, 40.0}, {100.0, 40.0}}});
    return mesh;
}

inline Assets town_assets() {
    Assets assets;
    assets.feeders = {{"feeder west", {::toy::rectangle(-250.0, -250.0, 0.0, 350.0)}, false},
                      {"feeder east", {::toy::rectangle(0.0, -250.0, 450.0, 350.0)}, false}};
    assets.lamps = {{{-100.0, 5.0}, 6.0, 6000.0, FeederId(0u), false, 0},
                    {{100.0, 5.0}, 6.0, 6000.0, FeederId(1u), false, 0},
                    {{50.0, 40.0}, 6.0, 6000.0, FeederId(1u), false, 0},
                    {{90.0, 43.0}, 6.0, 6000.0, FeederId(1u), false, 0}};
    Sensor camera;
    camera.name = "plaza camera";
    camera.at = {50.0, 40.0};
    camera.feeder = FeederId(1u);
    Sensor gauge;
    gauge.name = "plaza gauge";
    gauge.kind = SensorKind::WaterGauge;
    gauge.at = {60.0, 40.0};
    assets.sensors = {camera, gauge};
    assets.stations = {{"Fire Station 1", StationKind::Fire, {-190.0, 10.0}}};
    assets.signal_feeder = {FeederId(1u)};
    return assets;
}

inline City town() {
    City city = ::toy::walk_city(town_walk());
    city.streets = town_streets();
    city.assets = town_assets();
    city.bounds = {{-250.0, -250.0}, {450.0, 350.0}};
    city.areas = {{"Quay", ::toy::rectangle(-40.0, -140.0, 40.0, -60.0)}};
    RasterShape shape;
    shape.corner = city.bounds.low;
    shape.cell_m = 10.0;
    shape.columns = 70;
    shape.rows = 60;
    city.terrain.ground_m = {shape, 1.0F};
    city.terrain.surface = {shape, static_cast<std::uint8_t>(Surface::Square)};
    city.terrain.is_blocked = {shape, 0};
    city.terrain.is_sea = {shape, 0};
    city.terrain.has_elevation = true;
    for (std::size_t cell = 0; cell < shape.cells(); ++cell) {
        city.terrain.is_sea.values[cell] = shape.centre(cell).y() < -200.0;
    }
    return city;
}

} // namespace veste::test
