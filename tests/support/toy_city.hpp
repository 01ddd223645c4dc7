#pragma once
#include "scenario/scenario.hpp"
#include "support/toy_streets.hpp"
#include "support/walk_scene.hpp"

#include <memory>

/// A whole small city with everything a coupled run needs, and an evening in it: signalled
/// crossroads of four arms of 200 m; a square north-east of it and one south-east of it, joined by
/// the crossing over the east arm; ground that falls gently towards (60, 0); lamps, sensors and the
/// signal on two feeders.
namespace toy_city {

using namespace veste;

constexpr FeederId north_feeder{0u};
constexpr FeederId south_feeder{1u};
constexpr SensorId square_counter{0u};
constexpr SensorId east_loop{1u};
constexpr SensorId hollow_gauge{2u};
constexpr EdgeId from_east{4u}; ///< of the crossroads: towards the middle
constexpr EdgeId to_east{5u};

inline WalkMesh squares_with_crossing(const StreetNetwork& streets) {
    constexpr double kerb_m = 8.0;
    const Box2 strip = scene::box(kerb_m, -kerb_m, kerb_m + 4.0, kerb_m);
    WalkMesh mesh = scene::mesh_of(
        {scene::box(kerb_m, kerb_m, 150.0, 60.0), scene::box(kerb_m, -60.0, 150.0, -kerb_m), strip},
        {}, 8.0);
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        mesh.triangles[t].kind = WalkKind::Square;
        if (std::abs(mesh.centroid(TriangleId(t)).y()) < kerb_m) {
            mesh.triangles[t].kind = WalkKind::Crossing;
            for (std::size_t c = 0; c < streets.crossings.size(); ++c) {
                if (strip.contains(0.5 * (streets.crossings[c].from + streets.crossings[c].to))) {
                    mesh.triangles[t].crossing = CrossingId(c);
                }
            }
        }
    }
    return mesh;
}

inline Terrain hollow_ground() {
    RasterShape shape;
    shape.corner = {-220.0, -220.0};
    shape.cell_m = 4.0;
    shape.columns = shape.rows = 110;
    Terrain terrain;
    terrain.ground_m = Raster<float>(shape, 0.0F);
    terrain.surface = Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::Carriageway));
    terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
    terrain.is_sea = Raster<std::uint8_t>(shape, 0);
    terrain.has_elevation = true;
    for (std::size_t cell = 0; cell < shape.cells(); ++cell) {
        const double distance_m = (shape.centre(cell) - Vec2(60.0, 0.0)).norm();
        terrain.ground_m.values[cell] = static_cast<float>(0.01 * distance_m);
    }
    return terrain;
}

inline Assets lamps_and_sensors(const StreetNetwork& streets) {
    Assets assets;
    assets.feeders = {{"north", {{{{-220, 0}, {220, 0}, {220, 220}, {-220, 220}}, {}}}, false},
                      {"south", {{{{-220, -220}, {220, -220}, {220, 0}, {-220, 0}}, {}}}, false}};
    for (double x = 20.0; x < 150.0; x += 25.0) {
        assets.lamps.push_back({{x, 30.0}, 6.0, 6000.0, north_feeder, false, 0});
        assets.lamps.push_back({{x, -30.0}, 6.0, 6000.0, south_feeder, false, 0});
    }
    Sensor counter;
    counter.name = "square counter";
    counter.at = {60.0, 30.0};
    counter.range_m = 60.0;
    counter.feeder = north_feeder;
    Sensor loop;
    loop.name = "east loop";
    loop.kind = SensorKind::LoopDetector;
    loop.edge = from_east;
    loop.at = {100.0, 2.0};
    loop.feeder = south_feeder;
    Sensor gauge;
    gauge.name = "hollow gauge";
    gauge.kind = SensorKind::WaterGauge;
    gauge.at = {60.0, 0.0};
    gauge.feeder = south_feeder;
    assets.sensors = {counter, loop, gauge};
    assets.signal_feeder.assign(streets.signals.size(), north_feeder);
    return assets;
}

inline std::shared_ptr<City> built() {
    auto city = std::make_shared<City>(
        veste::toy::city_of(veste::toy::crossroads(true, 1, 200.0, false, /*has_crossings=*/true)));
    city->digest = "toy";
    city->latitude_deg = 43.7;
    city->longitude_deg = 7.4;
    city->terrain = hollow_ground();
    city->walk = squares_with_crossing(city->streets);
    city->assets = lamps_and_sensors(city->streets);
    return city;
}

/// Ten minutes after dark: people cross from square to square, vehicles from arm to arm, visitors
/// pass a gate to a stage in the south-east, it rains from the third minute on.
inline Scenario evening(const City& city) {
    Scenario scenario;
    scenario.name = "evening";
    scenario.text = "evening";
    scenario.date = "2026-11-21";
    scenario.start_of_day_s = 21.0 * 3600.0;
    scenario.utc_offset_s = 3600.0;
    scenario.duration_s = 600.0;
    scenario.seed = 5;
    scenario.sensors = city.assets.sensors;
    const PlaceId north =
        scene::add_place(scenario, city, "north", scene::box(20.0, 20.0, 60.0, 55.0));
    const PlaceId south =
        scene::add_place(scenario, city, "south", scene::box(20.0, -55.0, 60.0, -20.0));
    const PlaceId stage =
        scene::add_place(scenario, city, "stage", scene::box(110.0, -55.0, 148.0, -20.0));
    const ProfileId walkers = scene::add_profile(scenario, 1.34, 0.26);
    scene::add_demand(scenario, 80, walkers, north, south, {0.0, 300.0, DepartureShape::Uniform});
    Gate gate;
    gate.name = "gate";
    gate.at = {90.0, -30.0};
    gate.triangle = city.walk.locate(gate.at).value();
    gate.service_rate_per_s = 0.5;
    gate.lanes = 2;
    scenario.gates.push_back(gate);
    scenario.measurement_lines = {{"crossing", {8.0, 0.0}, {12.0, 0.0}}};
    MeasurementArea before_gate;
    before_gate.name = "before the gate";
    before_gate.area.outer = {{70.0, -45.0}, {90.0, -45.0}, {90.0, -20.0}, {70.0, -20.0}};
    scenario.measurement_areas.push_back(before_gate);
    Event event;
    event.name = "concert";
    event.stage = stage;
    event.focus = {148.0, -38.0};
    event.capacity = event.visitors = 60;
    event.profiles = {{walkers, 1.0}};
    event.gates = {GateId(0u)};
    event.origins = {{south, 1.0}};
    event.exits = {{north, 1.0}};
    event.arrival = {0.0, 120.0, DepartureShape::Uniform};
    event.egress = {300.0, 360.0, DepartureShape::Uniform};
    scenario.events.push_back(event);
    VehicleDemand cars;
    cars.name = "cars";
    cars.count = 60;
    cars.classes = {{VehicleClass::Car, 0.8}, {VehicleClass::Van, 0.2}};
    for (const std::uint32_t arm : {0u, 2u, 4u, 6u}) {
        cars.origins.push_back({EdgeId(arm), 1.0});
        cars.destinations.push_back({EdgeId(arm + 1), 1.0});
    }
    cars.departure = {0.0, 400.0, DepartureShape::Uniform};
    scenario.vehicles.push_back(cars);
    scenario.weather.rain_mps = {{180.0, 80.0 / 3.6e6}};
    scenario.emergency_routes = {{from_east, EdgeId(1u)}};
    return scenario;
}

} // namespace toy_city
