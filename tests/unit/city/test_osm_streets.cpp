#include "city/sources.hpp"

#include <algorithm>
#include <cstdlib>
#include <doctest/doctest.h>
#include <map>
#include <set>

using namespace veste;

namespace {

/// A map made in code: nodes by id, ways of node ids.
struct Map {
    OsmData data;
    std::map<std::int64_t, std::uint32_t> index;

    void node(std::int64_t id, double x_m, double y_m, Tags tags = {}) {
        index[id] = static_cast<std::uint32_t>(data.nodes.size());
        data.nodes.push_back({id, {x_m, y_m}, std::move(tags)});
    }
    void way(std::int64_t id, const std::vector<std::int64_t>& nodes, Tags tags) {
        OsmWay way;
        way.id = id;
        for (const std::int64_t n : nodes) {
            way.nodes.push_back(index.at(n));
        }
        tags.emplace("highway", "residential");
        way.tags = std::move(tags);
        data.ways.push_back(std::move(way));
    }
    void restriction(const std::string& kind, std::int64_t from, char via_type, std::int64_t via,
                     std::int64_t to, Tags more = {}) {
        more["type"] = "restriction";
        more["restriction"] = kind;
        data.relations.push_back({static_cast<std::int64_t>(data.relations.size()) + 1,
                                  {{'w', from, "from"}, {via_type, via, "via"}, {'w', to, "to"}},
                                  std::move(more)});
    }
    StreetNetwork build(CityReport& report, const Box2& bounds = {}, bool is_left = false) const {
        return build_street_network(data, bounds, {is_left, 3.0}, report);
    }
    StreetNetwork build() const {
        CityReport report;
        return build(report);
    }
};

/// Four two-way arms of 100 m around node 5; way = end node: 1 west, 2 south, 3 east, 4 north.
Map cross_map() {
    Map map;
    map.node(1, -100, 0);
    map.node(2, 0, -100);
    map.node(3, 100, 0);
    map.node(4, 0, 100);
    map.node(5, 0, 0);
    for (const std::int64_t end : {1, 2, 3, 4}) {
        map.way(end, {end, 5}, {{"name", "Street " + std::to_string(end)}});
    }
    return map;
}

/// How often vehicles of a class may go from one way into another.
std::size_t ways_between(const StreetNetwork& n, std::int64_t from, std::int64_t to,
                         VehicleClass c = VehicleClass::Car) {
    std::size_t count = 0;
    for (const Connection& connection : n.connections) {
        const bool is_it = n.edge(n.lane(connection.from).edge).osm_way == from &&
                           n.edge(n.lane(connection.to).edge).osm_way == to;
        count += is_it && has(connection.allowed, c) ? 1 : 0;
    }
    return count;
}

/// Cycles as traffic engineers plan them; every link gets its turn.
void check_cycles(const StreetNetwork& n) {
    for (const Signal& signal : n.signals) {
        CAPTURE(signal.name);
        const SignalPlan& plan = signal.plans.front();
        CHECK(plan.cycle_s() >= 60.0);
        CHECK(plan.cycle_s() <= 120.0);
        for (std::size_t link = 0; link < signal.links; ++link) {
            double green_s = 0.0;
            for (const SignalPhase& phase : plan.phases) {
                const Light light = phase.lights[link];
                green_s +=
                    light == Light::Green || light == Light::GreenYield ? phase.duration_s : 0.0;
            }
            CHECK(green_s >= 7.0);
        }
    }
}

void check_sound(const StreetNetwork& n) {
    for (const std::string& problem : validate_street_network(n)) {
        FAIL_CHECK(problem);
    }
}

/// Edges reached from those given, along connections open to cars.
std::vector<bool> reached(const StreetNetwork& n, std::uint32_t start, bool is_backward) {
    std::vector<std::vector<std::uint32_t>> next(n.edges.size());
    for (const Connection& c : n.connections) {
        if (has(c.allowed, VehicleClass::Car)) {
            const std::uint32_t from = n.lane(c.from).edge.index;
            const std::uint32_t to = n.lane(c.to).edge.index;
            next[is_backward ? to : from].push_back(is_backward ? from : to);
        }
    }
    std::vector<bool> is_seen(n.edges.size(), false);
    std::vector<std::uint32_t> open = {start};
    is_seen[start] = true;
    while (!open.empty()) {
        const std::uint32_t e = open.back();
        open.pop_back();
        for (const std::uint32_t to : next[e]) {
            if (!is_seen[to]) {
                is_seen[to] = true;
                open.push_back(to);
            }
        }
    }
    return is_seen;
}

bool mentions(const std::vector<std::string>& lines, const std::string& text) {
    return std::any_of(lines.begin(), lines.end(), [&text](const std::string& line) {
        return line.find(text) != std::string::npos;
    });
}

} // namespace

TEST_CASE("ways are split where they meet") {
    const StreetNetwork n = cross_map().build();
    check_sound(n);
    CHECK(n.nodes.size() == 5);
    CHECK(n.edges.size() == 8);
    CHECK(ways_between(n, 1, 3) == 1);
    CHECK(ways_between(n, 1, 1) == 1); // turning back at the dead end
}

TEST_CASE("a one-way street drawn backwards is driven backwards") {
    Map map;
    map.node(1, 0, 0);
    map.node(2, 100, 0);
    map.node(3, 50, 80);
    map.way(1, {2, 1}, {{"oneway", "-1"}});
    map.way(2, {2, 3}, {{"oneway", "yes"}});
    map.way(3, {3, 1}, {{"oneway", "yes"}});
    const StreetNetwork n = map.build();
    check_sound(n);
    REQUIRE(n.edges.size() == 3);
    CHECK(n.edges[0].line.front() == Vec2(0, 0));
    CHECK(n.edges[0].line.back() == Vec2(100, 0));
    CHECK_FALSE(n.edges[0].opposite.is_valid());
}

TEST_CASE("turn restrictions hold and spare the classes excepted") {
    Map map = cross_map();
    map.restriction("no_left_turn", 1, 'n', 5, 4, {{"except", "bicycle;psv"}});
    map.restriction("only_straight_on", 2, 'n', 5, 4);
    CityReport report;
    const StreetNetwork n = map.build(report);
    check_sound(n);
    CHECK(ways_between(n, 1, 4) == 0);
    CHECK(ways_between(n, 1, 4, VehicleClass::Bicycle) == 1);
    CHECK(ways_between(n, 1, 4, VehicleClass::Bus) == 1);
    CHECK(ways_between(n, 1, 3) == 1);
    CHECK(ways_between(n, 2, 4) == 1);
    CHECK(ways_between(n, 2, 1) == 0);
    CHECK(ways_between(n, 2, 3) == 0);
    CHECK(mentions(report.found, "2 turn restrictions"));
}

TEST_CASE("a restriction over a way between two junctions is reported as unsupported") {
    Map map = cross_map();
    map.restriction("only_left_turn", 1, 'w', 3, 4);
    CityReport report;
    map.build(report);
    CHECK(mentions(report.warnings, "1 turn restrictions over ways"));
}

TEST_CASE("a street across a dual carriageway meets it in one junction") {
    Map map;
    map.node(1, -100, 0);
    map.node(2, 0, 0);
    map.node(3, 100, 0);
    map.node(4, 100, 14);
    map.node(5, 0, 14);
    map.node(6, -100, 14);
    map.node(7, 0, -100);
    map.node(8, 0, 120);
    const Tags dual = {{"highway", "primary"}, {"oneway", "yes"}, {"lanes", "2"}, {"name", "Main"}};
    map.way(1, {1, 2, 3}, dual);
    map.way(2, {4, 5, 6}, dual);
    map.way(3, {7, 2}, {{"name", "Cross"}});
    map.way(4, {2, 5}, {{"name", "Cross"}});
    map.way(5, {5, 8}, {{"name", "Cross"}});
    map.way(6, {3, 4}, dual);
    map.way(7, {6, 1}, dual);
    CityReport report;
    const StreetNetwork n = map.build(report);
    check_sound(n);
    CHECK(mentions(report.found, "1 junctions drawn as 2 nodes merged"));
    const auto merged = std::find_if(n.nodes.begin(), n.nodes.end(),
                                     [](const Node& node) { return node.osm_ids.size() == 2; });
    REQUIRE(merged != n.nodes.end());
    CHECK(merged->incoming.size() == 4);
    CHECK(merged->outgoing.size() == 4);
    for (const auto& pair : {std::pair{3, 5}, {3, 1}, {3, 2}, {5, 3}, {1, 5}, {2, 3}}) {
        CAPTURE(pair.first);
        CAPTURE(pair.second);
        CHECK(ways_between(n, pair.first, pair.second) >= 1);
    }
    CHECK(ways_between(n, 4, 5) == 0); // the part inside is gone
    // The main road goes first.
    CHECK(merged->control == Control::Priority);
}

TEST_CASE("streets on different levels do not meet") {
    Map map = cross_map();
    map.node(11, -40, 60);
    map.node(12, 40, 62);
    map.way(11, {11, 12}, {{"bridge", "yes"}});
    CityReport report;
    const StreetNetwork n = map.build(report);
    // The bridge crosses the northern street without a common node: it cannot be reached.
    CHECK(n.edges.size() == 8);
    CHECK(mentions(report.found, "left out: 2 street edges (0.2 km)"));
}

TEST_CASE("what cars cannot leave again is left out and reported") {
    Map map = cross_map();
    map.node(6, 200, 0);
    map.way(6, {3, 6}, {{"oneway", "yes"}});
    CityReport report;
    const StreetNetwork n = map.build(report);
    check_sound(n);
    CHECK(n.edges.size() == 8);
    CHECK(mentions(report.found, "left out: 1 street edges (0.1 km)"));
}

TEST_CASE("one-way streets over the border stay as entries and exits") {
    Map map = cross_map();
    map.node(6, 200, 0);
    map.node(7, -200, 0);
    map.way(6, {3, 6}, {{"oneway", "yes"}});
    map.way(7, {7, 1}, {{"oneway", "yes"}});
    CityReport report;
    const StreetNetwork n = map.build(report, {{-150, -150}, {150, 150}});
    check_sound(n);
    CHECK(n.edges.size() == 10);
    CHECK(mentions(report.found, "1 street edges only enter at the border, 1 only leave there"));
    const auto at_border = std::count_if(n.nodes.begin(), n.nodes.end(), [](const Node& node) {
        return std::abs(node.at.x()) == 150.0 && node.control == Control::DeadEnd;
    });
    CHECK(at_border == 2);
}

TEST_CASE(
    "a main street that ends blindly goes on outside the data and a residential one does not") {
    Map map = cross_map();
    map.node(6, 200, 0);
    map.node(7, 0, 200, {{"noexit", "yes"}});
    map.node(8, -200, 0);
    map.way(6, {3, 6}, {{"highway", "secondary"}});
    map.way(7, {4, 7}, {{"highway", "tertiary"}});
    map.way(8, {8, 1}, {{"highway", "primary"}, {"oneway", "yes"}});
    const StreetNetwork n = map.build();
    check_sound(n);
    std::set<std::int64_t> border;
    for (const Node& node : n.nodes) {
        if (node.is_border) {
            border.insert(node.osm_ids.begin(), node.osm_ids.end());
        }
    }
    CHECK(border == std::set<std::int64_t>{6, 8});
}

TEST_CASE("at a mini-roundabout those from the left go first") {
    Map map = cross_map();
    const auto yields = [](const StreetNetwork& n, std::int64_t from, std::int64_t other) {
        for (const Connection& c : n.connections) {
            for (const Conflict& conflict : c.conflicts) {
                const Connection& against = n.connection(conflict.other);
                const bool is_it = n.edge(n.lane(c.from).edge).osm_way == from &&
                                   n.edge(n.lane(against.from).edge).osm_way == other &&
                                   c.turn == Turn::Straight && against.turn == Turn::Straight;
                if (is_it) {
                    return conflict.must_yield;
                }
            }
        }
        FAIL("the two do not meet");
        return false;
    };
    // From the south, the west is to the left.
    CHECK_FALSE(yields(map.build(), 2, 1));
    map.data.nodes[4].tags["highway"] = "mini_roundabout";
    const StreetNetwork n = map.build();
    check_sound(n);
    CHECK(yields(n, 2, 1));
    CHECK_FALSE(yields(n, 1, 2));
}

TEST_CASE("signals before a junction belong to it and a signalled crossing far away has its own") {
    Map map;
    map.node(1, -200, 0);
    map.node(10, -90, 0, {{"highway", "crossing"}, {"crossing", "traffic_signals"}});
    map.node(11, -20, 0,
             {{"highway", "traffic_signals"}, {"traffic_signals:direction", "forward"}});
    map.node(5, 0, 0);
    map.node(12, 12, 0, {{"highway", "crossing"}, {"crossing", "traffic_signals"}});
    map.node(3, 200, 0);
    map.node(2, 0, -100);
    map.node(4, 0, 100);
    map.way(1, {1, 10, 11, 5}, {{"name", "Main"}});
    map.way(3, {5, 12, 3}, {{"name", "Main"}});
    map.way(2, {2, 5}, {{"name", "South"}});
    map.way(4, {5, 4}, {{"name", "North"}});
    const StreetNetwork n = map.build();
    check_sound(n);
    REQUIRE(n.signals.size() == 2);
    REQUIRE(n.crossings.size() == 2);
    std::set<std::uint32_t> signals;
    for (const Crossing& crossing : n.crossings) {
        CHECK(crossing.kind == CrossingKind::Signalled);
        signals.insert(crossing.signal.index);
    }
    CHECK(signals.size() == 2);
    CHECK(std::any_of(n.signals.begin(), n.signals.end(),
                      [](const Signal& s) { return s.name.find("Main / ") == 0; }));
}

TEST_CASE("give-way signs count for the direction that meets them") {
    Map map = cross_map();
    map.node(20, 0, -15, {{"highway", "give_way"}});
    map.data.ways[1].nodes = {map.index[2], map.index[20], map.index[5]};
    const StreetNetwork n = map.build();
    check_sound(n);
    for (const Edge& edge : n.edges) {
        const bool is_it = edge.osm_way == 2 && edge.line.back() == Vec2(0, 0);
        CHECK(edge.must_give_way == is_it);
    }
}

TEST_CASE("assumptions are counted in the report") {
    Map map = cross_map();
    map.data.ways[0].tags["maxspeed"] = "30";
    map.data.ways[0].tags["lanes"] = "2";
    CityReport report;
    const StreetNetwork n = map.build(report);
    CHECK(mentions(report.found, "8 street edges (0.8 km) with 8 lanes, 5 junctions"));
    CHECK(mentions(report.assumed, "maxspeed of 3 of 4 streets"));
    CHECK(mentions(report.assumed, "lanes of 3 of 4 streets"));
    CHECK(n.edges[0].speed_limit_mps == doctest::Approx(30.0 / 3.6));
    CHECK_FALSE(n.edges[0].is_speed_assumed);
    CHECK(n.edges[2].is_speed_assumed);
}

// --- real cities ---------------------------------------------------------------------------------

namespace {

struct Frame {
    OsmData osm;
    Box2 bounds;
};

Frame read_city(const char* file, int epsg, const Vec2& low_deg, const Vec2& high_deg) {
    const Projection absolute("EPSG:4326", epsg, {0.0, 0.0});
    const Vec2 origin = absolute.to_local(low_deg).array().floor();
    const Projection projection("EPSG:4326", epsg, origin);
    Frame frame;
    frame.bounds.extend(projection.to_local(low_deg));
    frame.bounds.extend(projection.to_local(high_deg));
    frame.osm = read_osm(file, projection);
    return frame;
}

/// Every edge open to cars is in the core, enters it from outside, or leaves it.
void check_connected(const StreetNetwork& n) {
    std::vector<bool> onward;
    std::vector<bool> backward;
    std::size_t most = 0;
    // The core is what the edge of the largest reach reaches both ways.
    for (std::uint32_t start = 0; start < n.edges.size() && most < n.edges.size() / 2; ++start) {
        const std::vector<bool> ahead = reached(n, start, false);
        const std::vector<bool> behind = reached(n, start, true);
        std::size_t both = 0;
        for (std::size_t e = 0; e < n.edges.size(); ++e) {
            both += ahead[e] && behind[e] ? 1 : 0;
        }
        if (both > most) {
            most = both;
            onward = ahead;
            backward = behind;
        }
    }
    std::size_t one_way_only = 0;
    for (std::uint32_t e = 0; e < n.edges.size(); ++e) {
        if (n.allows(EdgeId(e), VehicleClass::Car)) {
            CHECK((onward[e] || backward[e]));
            one_way_only += onward[e] != backward[e] ? 1 : 0;
        }
    }
    CHECK(one_way_only < n.edges.size() / 20);
}

} // namespace

TEST_CASE("Monaco becomes a sound street network") {
    const Frame frame = read_city(VESTE_SOURCE_DIR "/data/monaco/monaco.osm.pbf", 32632,
                                  {7.4085, 43.7240}, {7.4400, 43.7516});
    CityReport report;
    const StreetNetwork n = build_street_network(frame.osm, frame.bounds, {}, report);
    check_sound(n);
    check_cycles(n);
    check_connected(n);
    double length = 0.0;
    for (const Edge& edge : n.edges) {
        length += edge.length_m;
        CHECK((edge.line.front() - n.node(edge.from).at).norm() < 0.011);
        CHECK((edge.line.back() - n.node(edge.to).at).norm() < 0.011);
        for (const Vec2& p : edge.line) {
            CHECK(frame.bounds.low.x() <= p.x() + 1e-6);
            CHECK(frame.bounds.high.y() >= p.y() - 1e-6);
        }
    }
    // Of 1,208 ways for vehicles in the extract, those within the area, in both directions.
    CHECK(length / 1000.0 > 80.0);
    CHECK(length / 1000.0 < 130.0);
    CHECK(n.signals.size() >= 15);
    CHECK(n.signals.size() <= 24);
    CHECK(n.crossings.size() >= 500);
    CHECK(n.crossings.size() <= 650);
    CHECK(std::count_if(n.edges.begin(), n.edges.end(), [](const Edge& e) { return e.is_tunnel; }) >
          100);
    CHECK(std::count_if(n.nodes.begin(), n.nodes.end(),
                        [](const Node& node) { return node.control == Control::Roundabout; }) > 20);
}

TEST_CASE("Helsinki becomes a sound street network with its signals") {
    const Frame frame = read_city(VESTE_SOURCE_DIR "/data/helsinki/helsinki.osm.pbf", 32635,
                                  {24.90, 60.10}, {25.00, 60.20});
    CityReport report;
    const StreetNetwork n = build_street_network(frame.osm, {}, {}, report);
    check_sound(n);
    check_cycles(n);
    check_connected(n);
    // 135 signal nodes stand around merged junctions or before crossings.
    CHECK(n.signals.size() >= 50);
    CHECK(n.signals.size() <= 135);
    std::set<std::int64_t> placed;
    for (const Signal& signal : n.signals) {
        placed.insert(signal.osm_ids.begin(), signal.osm_ids.end());
    }
    CHECK(placed.size() >= 110);
    CHECK(n.crossings.size() >= 300);
}

TEST_CASE("the same map gives the same network mirrored where traffic keeps left") {
    const StreetNetwork right = cross_map().build();
    CityReport report;
    const StreetNetwork left = cross_map().build(report, {}, true);
    check_sound(left);
    REQUIRE(left.lanes.size() == right.lanes.size());
    // Mirroring the map about the x axis turns one into the other for the western street.
    CHECK(left.lanes[0].line.front().y() == doctest::Approx(-right.lanes[0].line.front().y()));
    CHECK(right.lanes[0].line.front().y() < 0.0);
}
