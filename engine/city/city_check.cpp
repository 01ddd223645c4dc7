#include "city/city_check.hpp"

#include "base/errors.hpp"

#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

class Checker {
public:
    explicit Checker(const std::string& where) : where_(where) {}

    [[noreturn]] void fail(std::string_view what, std::size_t row, std::uint64_t value,
                           std::uint64_t limit) const {
        throw InputError(fmt::format("{}: {} of row {} is {}, allowed below {}; the file is "
                                     "damaged, build the city again",
                                     where_, what, row, value, limit));
    }
    template <class Tag>
    void id(std::string_view what, std::size_t row, Id<Tag> id, std::size_t count,
            bool may_be_none = false) const {
        if (id.index >= count && !(may_be_none && !id.is_valid())) {
            fail(what, row, id.index, count);
        }
    }
    template <class E> void code(std::string_view what, std::size_t row, E code, E last) const {
        if (code > last) {
            fail(what, row, static_cast<std::uint64_t>(code), static_cast<std::uint64_t>(last) + 1);
        }
    }
    void at_most(std::string_view what, std::size_t row, std::uint64_t value,
                 std::uint64_t limit) const {
        if (value > limit) {
            fail(what, row, value, limit + 1);
        }
    }
    template <class T>
    void raster(std::string_view what, const Raster<T>& raster, const RasterShape& shape) const {
        if (!(raster.shape == shape) || raster.values.size() != shape.cells() ||
            shape.columns < 0 || shape.rows < 0) {
            throw InputError(fmt::format("{}: raster {} has {} cells, its shape {} x {}", where_,
                                         what, raster.values.size(), raster.shape.columns,
                                         raster.shape.rows));
        }
    }
    /// An empty raster has no place to be checked.
    void place(const RasterShape& shape) const {
        constexpr double largest_m = 1e7;
        if (shape.cells() > 0 &&
            !(shape.cell_m > 0.0 && shape.cell_m <= 1000.0 && shape.corner.norm() <= largest_m)) {
            throw InputError(fmt::format("{}: terrain of {:g} m cells at {:g}, {:g} m; the file is "
                                         "damaged, build the city again",
                                         where_, shape.cell_m, shape.corner.x(), shape.corner.y()));
        }
    }
    [[noreturn]] void far_away(std::string_view what, const Vec2& p) const {
        throw InputError(fmt::format("{}: {} holds {:g}, {:g} m, far outside the city; the file is "
                                     "damaged, build the city again",
                                     where_, what, p.x(), p.y()));
    }
    void no_number(std::string_view what) const {
        throw InputError(fmt::format("{}: {} holds what is no number", where_, what));
    }

private:
    const std::string& where_;
};

void check_streets(const StreetNetwork& s, const Checker& check) {
    for (std::size_t k = 0; k < s.nodes.size(); ++k) {
        const Node& node = s.nodes[k];
        check.code("control of node", k, node.control, Control::DeadEnd);
        check.id("signal of node", k, node.signal, s.signals.size(), true);
        for (const EdgeId e : node.incoming) {
            check.id("incoming edge of node", k, e, s.edges.size());
        }
        for (const EdgeId e : node.outgoing) {
            check.id("outgoing edge of node", k, e, s.edges.size());
        }
    }
    for (std::size_t k = 0; k < s.edges.size(); ++k) {
        const Edge& edge = s.edges[k];
        check.id("first node of edge", k, edge.from, s.nodes.size());
        check.id("last node of edge", k, edge.to, s.nodes.size());
        check.id("opposite of edge", k, edge.opposite, s.edges.size(), true);
        check.code("highway of edge", k, edge.highway, Highway::Track);
        check.at_most("last lane of edge", k,
                      edge.lanes == 0 ? 0 : std::uint64_t{edge.first_lane.index} + edge.lanes,
                      s.lanes.size());
    }
    for (std::size_t k = 0; k < s.lanes.size(); ++k) {
        const Lane& lane = s.lanes[k];
        check.id("edge of lane", k, lane.edge, s.edges.size());
        check.at_most(
            "last connection of lane", k,
            lane.connections == 0 ? 0 : std::uint64_t{lane.first_connection} + lane.connections,
            s.connections.size());
    }
    for (std::size_t k = 0; k < s.connections.size(); ++k) {
        const Connection& c = s.connections[k];
        check.id("first lane of connection", k, c.from, s.lanes.size());
        check.id("last lane of connection", k, c.to, s.lanes.size());
        check.id("node of connection", k, c.node, s.nodes.size());
        check.code("turn of connection", k, c.turn, Turn::UTurn);
        for (const Conflict& conflict : c.conflicts) {
            check.id("conflict of connection", k, conflict.other, s.connections.size());
        }
    }
}

void check_signals(const StreetNetwork& s, const Checker& check) {
    for (std::size_t k = 0; k < s.signals.size(); ++k) {
        check.id("node of signal", k, s.signals[k].node, s.nodes.size());
        for (const SignalPlan& plan : s.signals[k].plans) {
            for (const SignalPhase& phase : plan.phases) {
                for (const Light light : phase.lights) {
                    check.code("light of signal", k, light, Light::Green);
                }
            }
        }
    }
    for (std::size_t k = 0; k < s.crossings.size(); ++k) {
        const Crossing& crossing = s.crossings[k];
        check.code("kind of crossing", k, crossing.kind, CrossingKind::Uncontrolled);
        check.id("signal of crossing", k, crossing.signal, s.signals.size(), true);
        for (const CrossingPlace& place : crossing.places) {
            check.id("lane of crossing", k, place.lane, s.lanes.size(), true);
            check.id("connection of crossing", k, place.connection, s.connections.size(), true);
        }
    }
}

void check_walk(const City& city, const Checker& check) {
    const WalkMesh& walk = city.walk;
    // Far away vertices would ask for a search grid without end.
    Box2 reach = city.terrain.shape().cells() > 0 ? city.terrain.shape().bounds() : city.bounds;
    constexpr double margin_m = 1000.0;
    reach.extend(reach.low - Vec2(margin_m, margin_m));
    reach.extend(reach.high + Vec2(margin_m, margin_m));
    for (const Vec2& p : walk.vertices) {
        if (!p.allFinite()) {
            check.no_number("walk/vertices");
        }
        if (!reach.contains(p)) {
            check.far_away("walk/vertices", p);
        }
    }
    for (std::size_t k = 0; k < walk.triangles.size(); ++k) {
        const WalkTriangle& t = walk.triangles[k];
        for (const std::uint32_t v : t.vertices) {
            if (v >= walk.vertices.size()) {
                check.fail("vertex of walk triangle", k, v, walk.vertices.size());
            }
        }
        for (const TriangleId n : t.neighbours) {
            check.id("neighbour of walk triangle", k, n, walk.triangles.size(), true);
        }
        check.code("kind of walk triangle", k, t.kind, WalkKind::Shared);
        check.id("crossing of walk triangle", k, t.crossing, city.streets.crossings.size(), true);
    }
    for (std::size_t k = 0; k < walk.ways.size(); ++k) {
        check.code("kind of walk way", k, walk.ways[k].kind, WalkKind::Shared);
    }
}

void check_assets(const City& city, const Checker& check) {
    const Assets& assets = city.assets;
    const std::size_t feeders = assets.feeders.size();
    for (std::size_t k = 0; k < assets.lamps.size(); ++k) {
        check.id("feeder of lamp", k, assets.lamps[k].feeder, feeders, true);
    }
    for (std::size_t k = 0; k < assets.sensors.size(); ++k) {
        const Sensor& sensor = assets.sensors[k];
        check.id("feeder of sensor", k, sensor.feeder, feeders, true);
        check.id("edge of sensor", k, sensor.edge, city.streets.edges.size(), true);
        check.code("kind of sensor", k, sensor.kind, SensorKind::AirMonitor);
    }
    for (std::size_t k = 0; k < assets.stations.size(); ++k) {
        check.code("kind of station", k, assets.stations[k].kind, StationKind::Hospital);
    }
    for (std::size_t k = 0; k < assets.signal_feeder.size(); ++k) {
        check.id("feeder of signal", k, assets.signal_feeder[k], feeders, true);
    }
}

} // namespace

void check_city(const City& city, const std::string& where) {
    const Checker check(where);
    const Terrain& terrain = city.terrain;
    check.raster("ground", terrain.ground_m, terrain.shape());
    check.place(terrain.shape());
    check.raster("surface", terrain.surface, terrain.shape());
    check.raster("is_blocked", terrain.is_blocked, terrain.shape());
    check.raster("is_sea", terrain.is_sea, terrain.shape());
    check.code("buildings of terrain", 0, terrain.buildings, BuildingObstacle::Raised);
    for (std::size_t cell = 0; cell < terrain.surface.values.size(); ++cell) {
        if (terrain.surface.values[cell] >= surface_count) {
            check.fail("surface of cell", cell, terrain.surface.values[cell], surface_count);
        }
        if (!std::isfinite(terrain.ground_m.values[cell])) {
            check.no_number("terrain/ground");
        }
    }
    check_streets(city.streets, check);
    check_signals(city.streets, check);
    check_walk(city, check);
    check_assets(city, check);
}

} // namespace veste
