#include "scenario_file.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace veste;

namespace {

/// A scenario of these tables in a city, or what is wrong with it.
struct Read {
    Scenario scenario;
    std::string problems;
    std::vector<std::string> warnings;
};

Read read_in(const City& city, const std::string& body) {
    const test::ScenarioFile file("city = \"town.h5\"\ncrs = \"EPSG:32632\"\n[clock]\n"
                                  "date = \"2026-06-21\"\nstart = \"20:00\"\n"
                                  "duration = \"40 min\"\nutc_offset = \"2 h\"\n" +
                                  body);
    Read read;
    const WarningHandler warn = [&read](std::string_view text) {
        read.warnings.emplace_back(text);
    };
    try {
        read.scenario = scenario_file::read_scenario(file.file, city, warn);
    } catch (const InputError& error) {
        read.problems = error.what();
    }
    return read;
}

/// The town where only these nodes' streets go on outside.
City town_with_border(const std::vector<std::size_t>& nodes) {
    City city = test::town();
    for (const std::size_t node : nodes) {
        city.streets.nodes[node].is_border = true;
    }
    return city;
}

City city_of(veste::toy::Streets& streets) {
    City city = test::town();
    city.streets = streets.assemble();
    city.assets.signal_feeder.clear();
    return city;
}

std::vector<std::uint32_t> closed_edges(const Read& read) {
    REQUIRE_MESSAGE(read.scenario.changes.size() == 1, read.problems);
    std::vector<std::uint32_t> edges;
    for (const EdgeId edge : std::get<MakeOneWay>(read.scenario.changes[0].what).closed_edges) {
        edges.push_back(edge.index);
    }
    return edges;
}

const std::string cars = "[[vehicles]]\nname = \"cars\"\ncount = 5\n";
const std::string one_way = "[[change]]\nat = \"20:10\"\none_way = ";

} // namespace

TEST_CASE("a street that no way leads to from the border is told") {
    // Nodes 1 and 2 are the outer ends of West and South Street.
    const City city = town_with_border({1, 2});
    const Read read = read_in(city, cars + "to = \"Island Road\"\n");
    CHECK(read.problems.find("no way for a car to \"Island Road\" from \"border\"") !=
          std::string::npos);
    CHECK(read_in(city, cars + "to = \"East Street\"\n").problems.empty());
    const Read back = read_in(city, cars + "from = \"Island Road\"\nto = \"border\"\n");
    CHECK(back.problems.find("no way for a car to \"border\" from \"Island Road\"") !=
          std::string::npos);
}

TEST_CASE("a class that no border street lets in is told") {
    City city = town_with_border({5}); // the outer end of the Alley, closed to trucks
    const Read read = read_in(city, cars + "classes = \"truck\"\nto = \"East Street\"\n");
    CHECK(read.problems.empty());
    REQUIRE(read.warnings.size() == 1);
    CHECK(read.warnings[0].find("vehicles \"cars\": from: fewer than two streets that leave the "
                                "city let a truck in") != std::string::npos);
}

TEST_CASE("vehicles may come from and go to a street by its OSM way id") {
    const City& city = test::the_town();
    const Read read =
        read_in(city, cars + "from = { \"way 1\" = 2, \"East Street\" = 1 }\nto = \"way 3\"\n");
    REQUIRE_MESSAGE(read.problems.empty(), read.problems);
    const VehicleDemand& demand = read.scenario.vehicles[0];
    double of_way = 0.0;
    double of_street = 0.0;
    for (const Weighted<EdgeId>& origin : demand.origins) {
        (city.streets.edge(origin.what).osm_way == 1 ? of_way : of_street) += origin.weight;
    }
    CHECK(of_way == doctest::Approx(2.0));
    CHECK(of_street == doctest::Approx(1.0));
    CHECK(std::all_of(demand.destinations.begin(), demand.destinations.end(),
                      [&](const auto& end) { return city.streets.edge(end.what).osm_way == 3; }));
}

TEST_CASE("the one direction of a bent street is told along it, not by the bird's eye") {
    // A horseshoe that ends in (0, 0): its far arm leads away from there before it comes back.
    veste::toy::Streets s;
    const std::uint32_t begin = s.node(0.0, 40.0);
    const std::uint32_t top = s.node(200.0, 40.0);
    const std::uint32_t bottom = s.node(200.0, 0.0);
    const std::uint32_t end = s.node(0.0, 0.0);
    const std::uint32_t first = s.street(begin, top, {.name = "Horseshoe"});
    const std::uint32_t second = s.street(top, bottom, {.name = "Horseshoe"});
    const std::uint32_t third = s.street(bottom, end, {.name = "Horseshoe"});
    const City city = city_of(s);
    const Read read = read_in(city, one_way + "{ street = \"Horseshoe\", towards = [0, -10] }\n");
    CHECK(closed_edges(read) == std::vector<std::uint32_t>{first + 1, second + 1, third + 1});
    CHECK(read.warnings.empty());
}

TEST_CASE("parts that are one-way the other way already stay so, with a warning") {
    veste::toy::Streets s;
    const std::uint32_t west = s.node(-200.0, 0.0);
    const std::uint32_t middle = s.node(0.0, 0.0);
    const std::uint32_t east = s.node(200.0, 0.0);
    const std::uint32_t both = s.street(west, middle, {.name = "Quay Road"});
    s.street(middle, east, {.name = "Quay Road"});
    s.street(east, middle, {.is_one_way = true, .name = "Quay Road"}); // a second carriageway
    const City city = city_of(s);
    const Read read = read_in(city, one_way + "{ street = \"Quay Road\", towards = [200, 0] }\n");
    CHECK(closed_edges(read) == std::vector<std::uint32_t>{both + 1, both + 3});
    REQUIRE(read.warnings.size() == 1);
    CHECK(read.warnings[0].find("Quay Road: 1 parts are one-way the other way already") !=
          std::string::npos);
}

TEST_CASE("a name that two stations bear is not clear") {
    City city = test::town();
    city.assets.stations.push_back({"Fire Station 1", StationKind::Fire, {100.0, 10.0}});
    const Read read = read_in(city, "[[emergency_route]]\nfrom = \"Fire Station 1\"\n"
                                    "to = \"North Street\"\n");
    CHECK(read.problems.find("from: there are 2 of the name \"Fire Station 1\": which station is "
                             "meant is not clear") != std::string::npos);
}
