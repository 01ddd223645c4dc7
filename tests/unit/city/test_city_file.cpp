#include "base/errors.hpp"
#include "city/city.hpp"
#include "city/hdf5_file.hpp"
#include "support/toy_walk.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <filesystem>
#include <fstream>
#include <limits>
#include <random>
#include <string>
#include <tuple>
#include <unistd.h>

using namespace veste;

namespace {

/// A folder of its own, gone at the end.
struct Folder {
    std::filesystem::path path =
        std::filesystem::temp_directory_path() / ("veste_city_file_" + std::to_string(getpid()));
    Folder() { std::filesystem::create_directories(path); }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path operator/(const char* name) const { return path / name; }
};

Polygon with_hole(double shift) {
    return {{{shift, 0.0}, {shift + 9.0, 0.25}, {shift + 9.0, 9.0}},
            {{{shift + 6.0, 2.0}, {shift + 7.0, 3.0}, {shift + 7.0, 2.0}}}};
}

void add_signals(StreetNetwork& s) {
    s.signals = {{NodeId(0U),
                  "Casino",
                  2,
                  {{"day",
                    5.0,
                    {{30.0, {Light::Green, Light::Red}}, {3.0, {Light::Yellow, Light::Red}}},
                    true},
                   {"night", 0.5, {{9.0, {Light::GreenYield, Light::Green}}}}},
                  {77}}};
    s.crossings = {{{10.0, -2.0},
                    {10.0, 6.0},
                    3.25,
                    CrossingKind::Signalled,
                    SignalId(0U),
                    1,
                    99,
                    {{LaneId(0U), {}, 9.0}, {{}, ConnectionId(1U), 0.5}}},
                   {{30.0, -2.0}, {30.0, 6.0}, 4.0, CrossingKind::Zebra, {}, UINT32_MAX, 0, {}}};
}

void add_connections(StreetNetwork& s) {
    s.connections = {{LaneId(0U),
                      LaneId(1U),
                      NodeId(1U),
                      Turn::UTurn,
                      7.0,
                      2.5,
                      {{50.0, 0.0}, {51.0, 1.0}},
                      UINT32_MAX,
                      {{ConnectionId(1U), 1.0, 2.0, 3.0, 4.0, true}}},
                     {LaneId(1U),
                      LaneId(0U),
                      NodeId(0U),
                      Turn::Left,
                      6.0,
                      3.5,
                      {{0.0, 0.0}, {1.0, 1.0}},
                      0,
                      {{ConnectionId(0U), 3.0, 4.0, 1.0, 2.0, false}}}};
}

StreetNetwork small_streets() {
    StreetNetwork s;
    s.is_left_hand = true;
    s.nodes = {
        {{1.0, 2.0}, Control::Roundabout, SignalId(0U), {11, -12}, {EdgeId(1U)}, {EdgeId(0U)}, 3.5},
        {{50.0, 2.0}, Control::DeadEnd, {}, {}, {EdgeId(0U)}, {EdgeId(1U)}, 0.0}};
    Edge edge;
    edge.from = NodeId(0U);
    edge.to = NodeId(1U);
    edge.opposite = EdgeId(1U);
    edge.first_lane = LaneId(0U);
    edge.lanes = 1;
    edge.length_m = 49.0;
    edge.speed_limit_mps = 13.875;
    edge.is_speed_assumed = edge.are_lanes_assumed = edge.is_bridge = edge.is_tunnel =
        edge.is_roundabout = true;
    edge.must_give_way = edge.must_stop = true;
    edge.level = -2;
    edge.highway = Highway::Track;
    edge.osm_way = 5'000'000'123;
    edge.name = "Avenue de la Costa, № 3";
    edge.line = {{1.0, 2.0}, {20.0, 2.5}, {50.0, 2.0}};
    Edge back = edge;
    back.from = NodeId(1U);
    back.to = NodeId(0U);
    back.opposite = EdgeId(0U);
    back.first_lane = LaneId(1U);
    back.is_tunnel = false;
    back.name.clear();
    s.edges = {edge, back};
    s.lanes = {{EdgeId(0U), 0, 2.75, 48.0, bit(VehicleClass::Bus), edge.line, 0, 1},
               {EdgeId(1U), 0, 3.0, 48.0, all_vehicle_classes, back.line, 1, 1}};
    add_connections(s);
    s.nodes[1].is_border = true;
    s.connections[1].allowed = bit(VehicleClass::Bicycle);
    add_signals(s);
    return s;
}

City full_city() {
    City city = toy::walk_city(toy::street_with_crossing(CrossingId(1U)));
    city.name = "Ville d'été";
    city.origin = {371812.0, 4842401.0};
    city.digest = "0123456789abcdef";
    city.terrain.has_elevation = true;
    city.terrain.buildings = BuildingObstacle::Raised;
    for (std::size_t k = 0; k < city.terrain.ground_m.values.size(); ++k) {
        city.terrain.ground_m.values[k] = 0.1F * static_cast<float>(k);
        city.terrain.surface.values[k] = static_cast<std::uint8_t>(k % surface_count);
        city.terrain.is_blocked.values[k] = k % 3 == 0 ? 1 : 0;
        city.terrain.is_sea.values[k] = k % 5 == 0 ? 1 : 0;
    }
    city.buildings = {{with_hole(0.0), 12.5, 3.25, true, -42, "way/42"},
                      {with_hole(20.0), 0.0, 0.0, false, 0, ""}};
    city.sea = {with_hole(100.0)};
    city.inland_water = {with_hole(200.0), with_hole(300.0)};
    city.areas = {{"Place d'Armes", with_hole(5.0)}};
    city.streets = small_streets();
    city.walk.triangles[0].slope = 0.125F;
    city.walk.triangles[0].uphill = {0.1F, -0.075F};
    city.walk.triangles[0].conveyor_mps = {0.0F, 0.5F};
    city.walk.ways = {{123, "Escalier", 1.75, -1, WalkKind::Steps, {{0.0, 0.0}, {1.0, 5.0}}}};
    city.assets.lamps = {{{1.0, 1.0}, 8.0, 9000.0, FeederId(0U), true, 1, true, false}};
    city.assets.lamps.push_back(Lamp{.at = {2.0, 2.0}, .feeder = {}, .is_flux_assumed = true});
    city.assets.feeders = {{"north", {with_hole(0.0), with_hole(50.0)}, true}};
    city.assets.sensors = {{"loop",
                            SensorKind::LoopDetector,
                            {3.0, 4.0},
                            12.0,
                            EdgeId(1U),
                            20.0,
                            FeederId(0U),
                            true,
                            true}};
    city.assets.drains = {{{5.0, 6.0}, 0.03, true, true}};
    city.assets.stations = {{"Caserne", StationKind::Police, {7.0, 8.0}}};
    city.assets.signs = {{"P", {9.0, 1.0}}};
    city.assets.signal_feeder = {FeederId(0U)};
    city.report = {{"found a", ""}, {"assumed b"}, {}};
    return city;
}

// Every member of every struct by structured bindings: a new member does not compile until it is
// listed here, and then fails until the file keeps it.
auto members(const Polygon& p) {
    const auto& [outer, holes] = p;
    return std::tie(outer, holes);
}
auto members(const Box2& box) {
    const auto& [low, high] = box;
    return std::tie(low, high);
}
template <class T> auto members(const Raster<T>& raster) {
    const auto& [shape, values] = raster;
    return std::tie(shape, values);
}
auto members(const Terrain& t) {
    const auto& [ground, surface, is_blocked, is_sea, has_elevation, buildings] = t;
    return std::tie(ground, surface, is_blocked, is_sea, has_elevation, buildings);
}
auto members(const Building& b) {
    const auto& [footprint, height, ground, is_assumed, osm_id, source_id] = b;
    return std::tie(footprint, height, ground, is_assumed, osm_id, source_id);
}
auto members(const NamedArea& a) {
    const auto& [name, area] = a;
    return std::tie(name, area);
}
auto members(const Node& n) {
    const auto& [at, control, signal, osm_ids, incoming, outgoing, radius, is_border] = n;
    return std::tie(at, control, signal, osm_ids, incoming, outgoing, radius, is_border);
}
auto members(const Edge& e) {
    const auto& [from, to, opposite, first_lane, lanes, length, speed, is_assumed, are_assumed,
                 is_bridge, is_tunnel, is_roundabout, gives_way, stops, level, highway, way, name,
                 line] = e;
    return std::tie(from, to, opposite, first_lane, lanes, length, speed, is_assumed, are_assumed,
                    is_bridge, is_tunnel, is_roundabout, gives_way, stops, level, highway, way,
                    name, line);
}
auto members(const Lane& l) {
    const auto& [edge, index, width, length, allowed, line, first, connections] = l;
    return std::tie(edge, index, width, length, allowed, line, first, connections);
}
auto members(const Conflict& c) {
    const auto& [other, begin, end, other_begin, other_end, must_yield] = c;
    return std::tie(other, begin, end, other_begin, other_end, must_yield);
}
auto members(const Connection& c) {
    const auto& [from, to, node, turn, length, speed, line, link, conflicts, allowed] = c;
    return std::tie(from, to, node, turn, length, speed, line, link, conflicts, allowed);
}
auto members(const SignalPhase& p) {
    const auto& [duration, lights] = p;
    return std::tie(duration, lights);
}
auto members(const SignalPlan& p) {
    const auto& [name, offset, phases, is_assumed] = p;
    return std::tie(name, offset, phases, is_assumed);
}
auto members(const Signal& s) {
    const auto& [node, name, links, plans, osm_ids] = s;
    return std::tie(node, name, links, plans, osm_ids);
}
auto members(const CrossingPlace& p) {
    const auto& [lane, connection, at] = p;
    return std::tie(lane, connection, at);
}
auto members(const Crossing& c) {
    const auto& [from, to, width, kind, signal, link, osm_id, places] = c;
    return std::tie(from, to, width, kind, signal, link, osm_id, places);
}
auto members(const StreetNetwork& s) {
    const auto& [nodes, edges, lanes, connections, signals, crossings, is_left_hand] = s;
    return std::tie(nodes, edges, lanes, connections, signals, crossings, is_left_hand);
}
auto members(const WalkTriangle& t) {
    const auto& [vertices, neighbours, kind, level, crossing, component, slope, uphill, conveyor] =
        t;
    return std::tie(vertices, neighbours, kind, level, crossing, component, slope, uphill,
                    conveyor);
}
auto members(const WalkWay& w) {
    const auto& [osm_way, name, width, level, kind, line] = w;
    return std::tie(osm_way, name, width, level, kind, line);
}
auto members(const WalkMesh& w) {
    return std::tie(w.vertices, w.triangles, w.ways); // the index is built anew
}
auto members(const Lamp& l) {
    const auto& [at, height, flux, feeder, is_assumed, osm_id, height_assumed, flux_assumed] = l;
    return std::tie(at, height, flux, feeder, is_assumed, osm_id, height_assumed, flux_assumed);
}
auto members(const Feeder& f) {
    const auto& [name, areas, is_assumed] = f;
    return std::tie(name, areas, is_assumed);
}
auto members(const Sensor& s) {
    const auto& [name, kind, at, range, edge, along, feeder, is_assumed, range_assumed] = s;
    return std::tie(name, kind, at, range, edge, along, feeder, is_assumed, range_assumed);
}
auto members(const Drain& d) {
    const auto& [at, capacity, is_assumed, capacity_assumed] = d;
    return std::tie(at, capacity, is_assumed, capacity_assumed);
}
auto members(const Station& s) {
    const auto& [name, kind, at] = s;
    return std::tie(name, kind, at);
}
auto members(const Sign& s) {
    const auto& [text, at] = s;
    return std::tie(text, at);
}
auto members(const Assets& a) {
    const auto& [lamps, feeders, sensors, drains, stations, signs, signal_feeder] = a;
    return std::tie(lamps, feeders, sensors, drains, stations, signs, signal_feeder);
}
auto members(const CityReport& r) {
    const auto& [found, assumed, warnings] = r;
    return std::tie(found, assumed, warnings);
}
auto members(const City& c) {
    const auto& [name, epsg, origin, bounds, latitude, longitude, digest, terrain, buildings, sea,
                 water, areas, streets, walk, assets, report] = c;
    return std::tie(name, epsg, origin, bounds, latitude, longitude, digest, terrain, buildings,
                    sea, water, areas, streets, walk, assets, report);
}

/// Where two things differ first, as member and row numbers; empty where they are equal.
template <class T> std::string difference(const T& a, const T& b);

template <class T> std::string difference(const std::vector<T>& a, const std::vector<T>& b) {
    if (a.size() != b.size()) {
        return "/ " + std::to_string(a.size()) + " rows for " + std::to_string(b.size());
    }
    for (std::size_t k = 0; k < a.size(); ++k) {
        if (const std::string inside = difference(a[k], b[k]); !inside.empty()) {
            return "/row " + std::to_string(k) + inside;
        }
    }
    return "";
}

template <class Tuple, std::size_t... K>
std::string first_difference(const Tuple& a, const Tuple& b, std::index_sequence<K...>) {
    std::string found;
    const auto look = [&found](std::size_t k, const std::string& inside) {
        if (found.empty() && !inside.empty()) {
            found = "/member " + std::to_string(k) + inside;
        }
    };
    (look(K, difference(std::get<K>(a), std::get<K>(b))), ...);
    return found;
}

template <class T> std::string difference(const T& a, const T& b) {
    if constexpr (requires { members(a); }) {
        const auto x = members(a);
        return first_difference(x, members(b),
                                std::make_index_sequence<std::tuple_size_v<decltype(x)>>());
    } else {
        return a == b ? "" : "/";
    }
}

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

/// The message that reading the file fails with.
std::string message_of(const std::filesystem::path& file) {
    try {
        load_city(file);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

} // namespace

TEST_CASE("a city comes back from its file with every member as it was") {
    const Folder folder;
    const City city = full_city();
    save_city(city, folder / "city.h5");
    const City back = load_city(folder / "city.h5");
    CHECK(difference(city, back) == "");
    CHECK(city.walk.total_area_m2() == back.walk.total_area_m2());
}

TEST_CASE("the comparison of cities sees a single changed bit") {
    const City city = full_city();
    City other = city;
    other.streets.connections[1].allowed = 0;
    CHECK(difference(city, other) == "/member 12/member 3/row 1/member 9/");
}

TEST_CASE("a city saved again gives the same file byte for byte and leaves nothing beside it") {
    const Folder folder;
    save_city(full_city(), folder / "first.h5");
    save_city(load_city(folder / "first.h5"), folder / "second.h5");
    CHECK(bytes_of(folder / "first.h5") == bytes_of(folder / "second.h5"));
    int files = 0;
    for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator(folder.path)) {
        ++files;
    }
    CHECK(files == 2);
}

TEST_CASE("an empty city can be saved and loaded") {
    const Folder folder;
    save_city(City{}, folder / "empty.h5");
    const City back = load_city(folder / "empty.h5");
    CHECK(back.walk.triangles.empty());
    CHECK(back.streets.edges.empty());
}

TEST_CASE("a cut city file is refused wherever it is cut") {
    const Folder folder;
    save_city(full_city(), folder / "city.h5");
    const std::string whole = bytes_of(folder / "city.h5");
    for (const double share : {0.01, 0.3, 0.6, 0.9, 0.999}) {
        CAPTURE(share);
        const auto length = static_cast<std::streamsize>(share * static_cast<double>(whole.size()));
        std::ofstream(folder / "cut.h5", std::ios::binary).write(whole.data(), length);
        const std::string message = message_of(folder / "cut.h5");
        CHECK(message.find("cut.h5") != std::string::npos);
    }
}

TEST_CASE("a city file with flipped bytes is read or refused and nothing else") {
    const Folder folder;
    save_city(full_city(), folder / "city.h5");
    const std::string whole = bytes_of(folder / "city.h5");
    std::mt19937 random(7);
    int refused = 0;
    for (int run = 0; run < 300; ++run) {
        CAPTURE(run);
        std::string damaged = whole;
        for (int k = 0; k < 3; ++k) {
            damaged[random() % damaged.size()] = static_cast<char>(random());
        }
        std::ofstream(folder / "damaged.h5", std::ios::binary) << damaged;
        try {
            load_city(folder / "damaged.h5");
        } catch (const InputError& error) {
            ++refused;
            CHECK(std::string(error.what()).find("damaged.h5") != std::string::npos);
        }
    }
    CHECK(refused > 50);
}

TEST_CASE("what is no city file is refused with its reason") {
    const Folder folder;
    CHECK(message_of(folder / "none.h5").find("no such file") != std::string::npos);
    std::ofstream(folder / "text.h5") << "name = \"Monaco\"\n";
    CHECK(message_of(folder / "text.h5").find("not an HDF5 file") != std::string::npos);
    {
        Hdf5File other(folder / "other.h5", FileUse::Create);
        other.set_attribute("/", "format", "veste results");
        other.close();
    }
    CHECK(message_of(folder / "other.h5").find("not a city file") != std::string::npos);
    save_city(full_city(), folder / "later.h5");
    {
        Hdf5File later(folder / "later.h5", FileUse::Modify);
        later.set_attribute("/", "version", std::int64_t{99});
        later.close();
    }
    const std::string message = message_of(folder / "later.h5");
    CHECK(message.find("version 99") != std::string::npos);
    CHECK(message.find("build the city again") != std::string::npos);
}

TEST_CASE("a city file with an id that leads nowhere is refused") {
    const Folder folder;
    City city = full_city();
    city.streets.lanes[1].edge = EdgeId(9U);
    save_city(city, folder / "wrong.h5");
    CHECK(message_of(folder / "wrong.h5").find("edge of lane of row 1 is 9") != std::string::npos);
    city = full_city();
    city.terrain.surface.values[5] = 200;
    save_city(city, folder / "wrong.h5");
    CHECK(message_of(folder / "wrong.h5").find("surface of cell") != std::string::npos);
}

TEST_CASE("a city file with what no city can hold is refused, each with its reason") {
    struct Damage {
        const char* told;
        void (*make)(City&);
    };
    constexpr double infinite = std::numeric_limits<double>::infinity();
    static const double no_number = std::nan("");
    const Damage damages[] = {
        {"line of lane has two points or more", [](City& c) { c.streets.lanes[0].line.resize(1); }},
        {"line of edge of row 1", [](City& c) { c.streets.edges[1].line[1].y() = no_number; }},
        {"length of edge = 0", [](City& c) { c.streets.edges[0].length_m = 0.0; }},
        {"speed limit of edge = nan",
         [](City& c) { c.streets.edges[0].speed_limit_mps = no_number; }},
        {"an edge has a lane", [](City& c) { c.streets.edges[1].lanes = 0; }},
        {"an edge is the opposite of its opposite",
         [](City& c) { c.streets.edges[1].opposite = EdgeId(1U); }},
        {"a node's incoming edge ends there",
         [](City& c) { c.streets.nodes[0].incoming = {EdgeId(0U)}; }},
        {"a lane is one of its edge's", [](City& c) { c.streets.lanes[1].index = 1; }},
        {"a lane is one of its edge's", [](City& c) { c.streets.lanes[1].edge = EdgeId(0U); }},
        {"a lane's connection begins there",
         [](City& c) { c.streets.lanes[1].first_connection = 0; }},
        {"a connection leads over its node",
         [](City& c) { c.streets.connections[0].node = NodeId(0U); }},
        {"speed of connection", [](City& c) { c.streets.connections[0].speed_mps = -1.0; }},
        {"signal link of connection", [](City& c) { c.streets.connections[1].signal_link = 2; }},
        {"no link without a signal", [](City& c) { c.streets.connections[0].signal_link = 0; }},
        {"a conflict is one for both", [](City& c) { c.streets.connections[1].conflicts.clear(); }},
        {"a signal has a plan", [](City& c) { c.streets.signals[0].plans.clear(); }},
        {"a signal's plan has phases",
         [](City& c) { c.streets.signals[0].plans[1].phases.clear(); }},
        {"duration of a phase",
         [](City& c) { c.streets.signals[0].plans[0].phases[1].duration_s = 0.0; }},
        {"a light for each link",
         [](City& c) { c.streets.signals[0].plans[0].phases[1].lights.pop_back(); }},
        {"signal link of crossing",
         [](City& c) { c.streets.crossings[0].signal_link = UINT32_MAX; }},
        {"place of crossing", [](City& c) { c.streets.crossings[0].places[0].at_m = 99.0; }},
        {"every signal has a feeder", [](City& c) { c.assets.signal_feeder.clear(); }},
        {"at of lamp", [](City& c) { c.assets.lamps[0].at.x() = 1e8; }},
        {"height of lamp", [](City& c) { c.assets.lamps[1].height_m = 0.0; }},
        {"flux of lamp", [](City& c) { c.assets.lamps[1].flux_lm = infinite; }},
        {"at of sensor", [](City& c) { c.assets.sensors[0].at.y() = no_number; }},
        {"range of sensor", [](City& c) { c.assets.sensors[0].range_m = -1.0; }},
        {"along of sensor", [](City& c) { c.assets.sensors[0].along_m = 50.0; }},
        {"edge of sensor", [](City& c) { c.assets.sensors[0].edge = EdgeId(); }},
        {"capacity of drain", [](City& c) { c.assets.drains[0].capacity_m3ps = no_number; }},
        {"at of station", [](City& c) { c.assets.stations[0].at.x() = infinite; }},
        {"a feeder has an area", [](City& c) { c.assets.feeders[0].areas.clear(); }},
        {"area of feeder has three corners",
         [](City& c) { c.assets.feeders[0].areas[1].outer.resize(2); }},
        {"height of building", [](City& c) { c.buildings[0].height_m = no_number; }},
        {"uphill or conveyor of walk triangle",
         [](City& c) { c.walk.triangles[1].uphill[1] = std::numeric_limits<float>::infinity(); }},
        {"slope of walk triangle",
         [](City& c) { c.walk.triangles[1].slope = std::numeric_limits<float>::quiet_NaN(); }},
        {"ground of cell",
         [](City& c) { c.terrain.ground_m.values[3] = std::numeric_limits<float>::infinity(); }},
        {"frame/latitude", [](City& c) { c.latitude_deg = 91.0; }},
    };
    const Folder folder;
    for (const Damage& damage : damages) {
        CAPTURE(damage.told);
        City city = full_city();
        damage.make(city);
        save_city(city, folder / "wrong.h5");
        const std::string message = message_of(folder / "wrong.h5");
        CAPTURE(message);
        CHECK(message.find("wrong.h5: ") != std::string::npos);
        CHECK(message.find(damage.told) != std::string::npos);
        CHECK(message.find("the file is damaged, build the city again") != std::string::npos);
    }
}

TEST_CASE("a city that cannot be written says so") {
    CHECK_THROWS_AS(save_city(City{}, "/no/such/folder/city.h5"), InputError);
}

TEST_CASE("an HDF5 array grows by rows and gives back any of them") {
    const Folder folder;
    {
        Hdf5File file(folder / "rows.h5", FileUse::Create);
        file.make_growing("people/x", Element::I16, {3}, 4);
        for (std::int16_t k = 0; k < 10; ++k) {
            const std::vector<std::int16_t> row = {k, static_cast<std::int16_t>(10 * k), -1};
            file.append("people/x", std::span<const std::int16_t>(row));
        }
        CHECK_THROWS_AS(
            file.append("people/x", std::span<const std::int16_t>(std::vector<std::int16_t>{1, 2})),
            UsageError);
        file.set_attribute("people/x", "unit", "cm");
        file.close();
    }
    const Hdf5File file(folder / "rows.h5", FileUse::Read);
    CHECK(file.extent("people/x") == Extent{10, 3});
    CHECK(file.read_rows<std::int16_t>("people/x", 8, 2) ==
          std::vector<std::int16_t>{8, 80, -1, 9, 90, -1});
    CHECK(file.text_attribute("people/x", "unit") == "cm");
    CHECK(file.members("people") == std::vector<std::string>{"x"});
    CHECK_THROWS_AS(file.read<double>("people/x"), InputError);
    CHECK_THROWS_AS(file.read<std::int8_t>("people/x"), InputError);
    CHECK_THROWS_AS(file.read<double>("people/y"), InputError);
}

TEST_CASE("the description of the city file names every array that a city has") {
    const Folder folder;
    save_city(full_city(), folder / "city.h5");
    const Hdf5File file(folder / "city.h5", FileUse::Read);
    const std::string text =
        bytes_of(std::filesystem::path(VESTE_SOURCE_DIR) / "engine/city/CITY_FILE.md");
    const std::vector<StoredArray> arrays = file.arrays();
    CHECK(arrays.size() > 150);
    for (const StoredArray& array : arrays) {
        CAPTURE(array.path);
        const std::string path = array.path.substr(array.path.front() == '/' ? 1 : 0);
        const std::size_t slash = path.rfind('/');
        const std::string row = "| `" + path.substr(0, slash) + "`";
        std::string name = path.substr(slash + 1);
        // What lists, polygons and rasters consist of is described once, above the table.
        for (const char* ending : {"_starts", "_points", "_hole", "_holes", "_outer", "_corner",
                                   "_cell", "_columns", "_rows"}) {
            if (name.ends_with(ending)) {
                name.resize(name.size() - std::string(ending).size());
            }
        }
        std::size_t begin = text.find(row);
        const std::size_t shared = text.find(", `" + path.substr(0, slash) + "` |");
        begin = begin == std::string::npos ? shared : begin;
        const bool is_described = text.find("| `" + path + "`") != std::string::npos ||
                                  (begin != std::string::npos &&
                                   text.find("`" + name + "`", begin) < text.find('\n', begin));
        CHECK(is_described);
    }
}
