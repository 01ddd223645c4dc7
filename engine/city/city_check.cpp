#include "city/city_check.hpp"

#include "city/city_checker.hpp"

#include <cmath>
#include <fmt/format.h>

namespace veste {

CityChecker::CityChecker(const City& city, const std::string& where) : where_(where) {
    const RasterShape& terrain = city.terrain.shape();
    reach_ = terrain.cells() > 0 ? terrain.bounds() : city.bounds;
    if (!reach_.is_empty()) {
        constexpr double margin_m = 1000.0; // streets may end a little outside
        reach_.extend(reach_.low - Vec2(margin_m, margin_m));
        reach_.extend(reach_.high + Vec2(margin_m, margin_m));
    }
}

void CityChecker::line(std::string_view what, std::size_t row, std::span<const Vec2> points) const {
    expect(points.size() >= 2, fmt::format("{} has two points or more", what), row);
    for (const Vec2& p : points) {
        position(what, row, p);
    }
}

void CityChecker::polygon(std::string_view what, std::size_t row, const Polygon& polygon) const {
    const auto ring = [&](const Polyline& points) {
        expect(points.size() >= 3, fmt::format("{} has three corners or more", what), row);
        for (const Vec2& p : points) {
            expect(p.allFinite(), fmt::format("{} is made of numbers", what), row);
        }
    };
    ring(polygon.outer);
    for (const Polyline& hole : polygon.holes) {
        ring(hole);
    }
}

void CityChecker::beyond(std::string_view what, std::size_t row, std::uint64_t value,
                         std::uint64_t limit) const {
    throw InputError(fmt::format("{}: {} of row {} is {}, allowed below {}; the file is damaged, "
                                 "build the city again",
                                 where_, what, row, value, limit));
}

void CityChecker::broken(std::string_view what, std::size_t row) const {
    throw InputError(fmt::format("{}: not so in row {}: {}; the file is damaged, build the city "
                                 "again",
                                 where_, row, what));
}

void CityChecker::outside(std::string_view what, std::size_t row, double value,
                          Limits limits) const {
    throw InputError(
        fmt::format("{}; the file is damaged, build the city again",
                    out_of_range(fmt::format("{}: row {}", where_, row), what, value, limits)));
}

void CityChecker::far_away(std::string_view what, std::size_t row, const Vec2& p) const {
    throw InputError(fmt::format("{}: {} of row {} is {:g}, {:g} m, far outside the city; the file "
                                 "is damaged, build the city again",
                                 where_, what, row, p.x(), p.y()));
}

namespace {

void check_frame(const City& city, const CityChecker& check) {
    constexpr Limits places{-1e8, 1e8, "m"};
    check.number("frame/origin", 0, city.origin.x(), places);
    check.number("frame/origin", 0, city.origin.y(), places);
    check.number("frame/latitude", 0, city.latitude_deg, {-90.0, 90.0, "deg"});
    check.number("frame/longitude", 0, city.longitude_deg, {-180.0, 180.0, "deg"});
    if (!city.bounds.is_empty()) {
        check.number("frame/bounds", 0, city.bounds.size_m().x(), {0.0, 1e7, "m"});
        check.number("frame/bounds", 0, city.bounds.size_m().y(), {0.0, 1e7, "m"});
    }
}

void check_terrain(const City& city, const CityChecker& check) {
    const Terrain& terrain = city.terrain;
    const RasterShape& shape = terrain.shape();
    check.raster("raster ground has the cells of its shape", terrain.ground_m, shape);
    check.raster("raster surface has the cells of ground", terrain.surface, shape);
    check.raster("raster is_blocked has the cells of ground", terrain.is_blocked, shape);
    check.raster("raster is_sea has the cells of ground", terrain.is_sea, shape);
    check.code("buildings of terrain", 0, terrain.buildings, BuildingObstacle::Raised);
    if (shape.cells() > 0) { // an empty raster has no place to be checked
        check.number("cell of terrain", 0, shape.cell_m, {1e-3, 1000.0, "m"});
        check.number("corner of terrain", 0, shape.corner.norm(), {0.0, 1e7, "m"});
    }
    for (std::size_t cell = 0; cell < terrain.surface.values.size(); ++cell) {
        check.at_most("surface of cell", cell, terrain.surface.values[cell], surface_count - 1);
        check.number("ground of cell", cell, terrain.ground_m.values[cell], {-1e5, 1e5, "m"});
    }
}

void check_areas(const City& city, const CityChecker& check) {
    for (std::size_t k = 0; k < city.buildings.size(); ++k) {
        const Building& building = city.buildings[k];
        check.polygon("footprint of building", k, building.footprint);
        check.at_least_zero("height of building", k, building.height_m);
        check.number("ground of building", k, building.ground_m, {-1e5, 1e5, "m"});
    }
    for (std::size_t k = 0; k < city.areas.size(); ++k) {
        check.polygon("area", k, city.areas[k].area);
    }
    for (std::size_t k = 0; k < city.sea.size(); ++k) {
        check.polygon("sea", k, city.sea[k]);
    }
    for (std::size_t k = 0; k < city.inland_water.size(); ++k) {
        check.polygon("inland water", k, city.inland_water[k]);
    }
}

void check_walk(const City& city, const CityChecker& check) {
    const WalkMesh& walk = city.walk;
    for (std::size_t k = 0; k < walk.vertices.size(); ++k) {
        check.position("walk/vertices", k, walk.vertices[k]);
    }
    for (std::size_t k = 0; k < walk.triangles.size(); ++k) {
        const WalkTriangle& t = walk.triangles[k];
        for (const std::uint32_t v : t.vertices) {
            check.at_most("vertex of walk triangle", k, std::uint64_t{v} + 1, walk.vertices.size());
        }
        for (const TriangleId n : t.neighbours) {
            check.id("neighbour of walk triangle", k, n, walk.triangles.size(), true);
        }
        check.code("kind of walk triangle", k, t.kind, WalkKind::Shared);
        check.id("crossing of walk triangle", k, t.crossing, city.streets.crossings.size(), true);
        check.at_most("component of walk triangle", k, t.component, walk.triangles.size());
        check.at_least_zero("slope of walk triangle", k, t.slope);
        for (const float value : {t.uphill[0], t.uphill[1], t.conveyor_mps[0], t.conveyor_mps[1]}) {
            check.number("uphill or conveyor of walk triangle", k, static_cast<double>(value),
                         {-1000.0, 1000.0, ""});
        }
    }
    for (std::size_t k = 0; k < walk.ways.size(); ++k) {
        check.code("kind of walk way", k, walk.ways[k].kind, WalkKind::Shared);
        check.at_least_zero("width of walk way", k, walk.ways[k].width_m);
        check.line("line of walk way", k, walk.ways[k].line);
    }
}

void check_sensors(const City& city, const CityChecker& check) {
    const Assets& assets = city.assets;
    for (std::size_t k = 0; k < assets.sensors.size(); ++k) {
        const Sensor& sensor = assets.sensors[k];
        const bool is_loop = sensor.kind == SensorKind::LoopDetector;
        check.code("kind of sensor", k, sensor.kind, SensorKind::AirMonitor);
        check.position("at of sensor", k, sensor.at);
        check.number("range of sensor", k, sensor.range_m, {0.0, 1e4, "m"});
        check.id("feeder of sensor", k, sensor.feeder, assets.feeders.size(), true);
        check.id("edge of sensor", k, sensor.edge, city.streets.edges.size(), !is_loop);
        if (is_loop) {
            check.number("along of sensor", k, sensor.along_m,
                         {0.0, city.streets.edge(sensor.edge).length_m, "m"});
        }
    }
}

void check_assets(const City& city, const CityChecker& check) {
    const Assets& assets = city.assets;
    for (std::size_t k = 0; k < assets.lamps.size(); ++k) {
        const Lamp& lamp = assets.lamps[k];
        check.position("at of lamp", k, lamp.at);
        check.number("height of lamp", k, lamp.height_m, {0.1, 1000.0, "m"});
        check.number("flux of lamp", k, lamp.flux_lm, {0.0, 1e7, "lm"});
        check.id("feeder of lamp", k, lamp.feeder, assets.feeders.size(), true);
    }
    for (std::size_t k = 0; k < assets.feeders.size(); ++k) {
        check.expect(!assets.feeders[k].areas.empty(), "a feeder has an area", k);
        for (const Polygon& area : assets.feeders[k].areas) {
            check.polygon("area of feeder", k, area);
        }
    }
    for (std::size_t k = 0; k < assets.drains.size(); ++k) {
        check.position("at of drain", k, assets.drains[k].at);
        check.number("capacity of drain", k, assets.drains[k].capacity_m3ps, {0.0, 1e4, "m3/s"});
    }
    for (std::size_t k = 0; k < assets.stations.size(); ++k) {
        check.code("kind of station", k, assets.stations[k].kind, StationKind::Hospital);
        check.position("at of station", k, assets.stations[k].at);
    }
    for (std::size_t k = 0; k < assets.signs.size(); ++k) {
        check.position("at of sign", k, assets.signs[k].at);
    }
    check.expect(assets.signal_feeder.size() == city.streets.signals.size(),
                 "every signal has a feeder", 0);
    for (std::size_t k = 0; k < assets.signal_feeder.size(); ++k) {
        check.id("feeder of signal", k, assets.signal_feeder[k], assets.feeders.size(), true);
    }
}

} // namespace

void check_city(const City& city, const std::string& where) {
    const CityChecker check(city, where);
    check_frame(city, check);
    check_terrain(city, check);
    check_areas(city, check);
    check_streets(city.streets, check);
    check_signals(city.streets, check);
    check_walk(city, check);
    check_sensors(city, check);
    check_assets(city, check);
}

} // namespace veste
