#include "unit/city/full_city.hpp"

#include "base/errors.hpp"
#include "support/toy_walk.hpp"

#include <fstream>
#include <iterator>

namespace full_city {
namespace {

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

} // namespace

City made() {
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

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream stream(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
}

std::string message_of(const std::filesystem::path& file) {
    try {
        load_city(file);
    } catch (const InputError& error) {
        return error.what();
    }
    return "";
}

} // namespace full_city
