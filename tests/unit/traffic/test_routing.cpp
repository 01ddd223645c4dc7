#include "traffic/routing.hpp"
#include "unit/traffic/traffic_run.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

using namespace veste;
using namespace veste::toy;

namespace {

/// Shortest times from one edge by repeated relaxation: slow and plain, to check A* against.
std::vector<double> relaxed_times(const traffic::Roads& roads, const traffic::EdgeState& state,
                                  std::uint32_t start, double factor) {
    const std::size_t edges = roads.streets.edges.size();
    std::vector<double> at_end(edges, std::numeric_limits<double>::infinity());
    const auto time_of = [&](std::size_t e) {
        return roads.edge_length_m[e] /
               state.desired_mps(static_cast<std::uint32_t>(e), factor, 50.0);
    };
    at_end[start] = time_of(start);
    for (bool has_changed = true; has_changed;) {
        has_changed = false;
        for (std::size_t e = 0; e < edges; ++e) {
            // One lane on each edge.
            for (const traffic::Onward& s :
                 roads.onward.of(roads.streets.edges[e].first_lane.index)) {
                const std::uint32_t next = roads.edge[s.lane];
                const double t = at_end[e] + s.length_m / s.speed_mps + time_of(next);
                if (state.is_open(next, VehicleClass::Car) && t < at_end[next] - 1e-12) {
                    at_end[next] = t;
                    has_changed = true;
                }
            }
        }
    }
    return at_end;
}

} // namespace

TEST_CASE("A* finds the quickest way wherever there is one") {
    StreetNetwork streets = grid(6, 5, 120.0, 1, false);
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        streets.edges[e].speed_limit_mps = 6.0 + static_cast<double>((e * 7) % 11);
    }
    const City city = city_of(std::move(streets));
    const TrafficParameters p = default_traffic_parameters();
    const traffic::Roads roads(city.streets, p);
    Conditions conditions = Conditions::calm(city);
    for (const std::size_t e : {5U, 18U, 33U, 34U, 60U}) {
        conditions.edge_closed[e] = 1;
    }
    traffic::EdgeState state;
    state.read(conditions, roads, p.impassable_depth_m);
    traffic::RouteFinder finder(roads, state);
    for (const std::uint32_t start : {0u, 17u, 41u}) {
        const std::vector<double> expected = relaxed_times(roads, state, start, 1.0);
        for (std::uint32_t goal = 0; goal < city.streets.edges.size(); ++goal) {
            if (goal == start) {
                continue;
            }
            double duration_s = 0.0;
            traffic::RouteRequest request;
            request.starts = traffic::lanes_for(roads, start, VehicleClass::Car);
            request.destination = goal;
            const auto way = finder.find(request, &duration_s);
            CAPTURE(start);
            CAPTURE(goal);
            if (!state.is_open(goal, VehicleClass::Car)) {
                CHECK(way.empty());
                continue;
            }
            REQUIRE(!way.empty());
            CHECK(way.front() == start);
            CHECK(way.back() == goal);
            // The last edge is not counted; equal up to the order of additions.
            const double last_s = roads.edge_length_m[goal] / state.desired_mps(goal, 1.0, 50.0);
            CHECK(duration_s == doctest::Approx(expected[goal] - last_s).epsilon(1e-9));
        }
    }
}

TEST_CASE("speed in water follows Pregnolato and ends at thirty centimetres") {
    CHECK(std::isinf(traffic::water_speed_mps(0.0, 0.3)));
    // By hand: 0.0009 * 150² - 0.5529 * 150 + 86.9448 = 24.26 km/h.
    CHECK(traffic::water_speed_mps(0.15, 0.3) * 3.6 == doctest::Approx(24.2598).epsilon(1e-6));
    CHECK(traffic::water_speed_mps(0.30, 0.3) == 0.0);
    CHECK(traffic::water_speed_mps(0.5, 0.3) == 0.0);
}

TEST_CASE("a closure sends vehicles another way and nobody enters the closed street") {
    TrafficRun run(grid(4, 4, 150.0, 1, false));
    const auto first = run.add({0});
    run.vehicles.route_length[first] = 0; // its way is found when it departs
    run.vehicles.destination[first] = static_cast<std::uint32_t>(run.streets().edges.size()) - 2;
    run.step();
    REQUIRE(run.vehicles.route_length[first] > 3);
    const std::uint32_t closed = run.vehicles.route_edges[run.vehicles.route_begin[first] + 2];
    run.conditions.edge_closed[closed] = 1;
    ++run.conditions.edge_version;
    bool was_there = false;
    while (run.now_s() < 600.0 && run.count(VehiclePhase::Arrived) == 0) {
        run.step();
        was_there = was_there || run.edge_of(first) == closed;
    }
    CHECK_FALSE(was_there);
    CHECK(run.count(VehiclePhase::Arrived) == 1);
    CHECK(run.vehicles.route_version[first] == run.conditions.edge_version);
}

TEST_CASE("a vehicle without an open way is stuck until a way opens again") {
    TrafficRun run(crossroads(false));
    const auto i = run.add({0, 5});
    run.step_until(5.0);
    run.conditions.edge_closed[5] = 1;
    ++run.conditions.edge_version;
    run.step_until(60.0);
    CHECK(run.vehicles.is_stuck[i] == stuck_without_way);
    CHECK(run.vehicles.is_present(i));
    CHECK(run.vehicles.speed_mps[i] < 0.1);
    CHECK(run.edge_of(i) == 0);
    // After a minute it pulls over.
    run.step_until(120.0);
    CHECK(run.vehicles.is_stuck[i] == stuck_without_way);
    CHECK(run.count(VehiclePhase::Waiting) == 1);
    run.conditions.edge_closed[5] = 0;
    ++run.conditions.edge_version;
    run.step_until(180.0);
    CHECK(run.vehicles.is_stuck[i] == 0);
    CHECK(run.count(VehiclePhase::Arrived) == 1);
}

TEST_CASE("vehicles slow down in shallow water and stand in deep water until it goes") {
    TrafficRun run(straight_road(1000.0, 1, 13.9));
    const auto i = run.add({0, 1}, 0.0, VehicleClass::Car);
    run.step_until(15.0);
    CHECK(run.vehicles.speed_mps[i] > 12.0);
    run.conditions.edge_depth_m[0] = 0.2F; // 12.4 km/h
    run.step_until(30.0);
    CHECK(run.vehicles.speed_mps[i] <= traffic::water_speed_mps(0.2, 0.3) + 0.05);
    CHECK(run.vehicles.speed_mps[i] > 3.0);
    run.conditions.edge_depth_m[0] = 0.4F;
    run.step_until(40.0);
    CHECK(run.vehicles.speed_mps[i] == doctest::Approx(0.0));
    CHECK(run.vehicles.is_stuck[i] == stuck_in_water);
    run.conditions.edge_depth_m[0] = 0.0F;
    run.step_until(120.0);
    CHECK(run.count(VehiclePhase::Arrived) == 1);
}

TEST_CASE("travel time answers with the open way or with infinity") {
    TrafficRun run(crossroads(false));
    const auto ask = [&] {
        return run.model.travel_time_s(run.vehicles, run.conditions, EdgeId(0u), EdgeId(5u),
                                       VehicleClass::Car);
    };
    const double dry_s = ask();
    CHECK(dry_s == doctest::Approx(200.0 / 13.9).epsilon(0.1)); // one arm, little more
    run.conditions.edge_depth_m[0] = 0.2F;
    CHECK(ask() > 3.0 * dry_s);
    run.conditions.edge_closed[5] = 1;
    CHECK(std::isinf(ask()));
}

TEST_CASE("a way found takes as long as the same way reckoned edge by edge") {
    StreetNetwork streets = grid(5, 4, 90.0, 2, false);
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        streets.edges[e].speed_limit_mps = 6.0 + static_cast<double>((e * 7) % 11);
    }
    const City city = city_of(std::move(streets));
    const TrafficParameters p = default_traffic_parameters();
    const traffic::Roads roads(city.streets, p);
    Conditions conditions = Conditions::calm(city);
    traffic::EdgeState state;
    state.read(conditions, roads, p.impassable_depth_m);
    traffic::RouteFinder finder(roads, state);
    const std::vector<double> speeds_mps(city.streets.edges.size(), 9.0);
    for (std::uint32_t goal = 1; goal < city.streets.edges.size(); ++goal) {
        traffic::RouteRequest request;
        request.starts = traffic::lanes_for(roads, 0, VehicleClass::Car);
        request.destination = goal;
        double duration_s = 0.0;
        const auto way = finder.find(request, speeds_mps, &duration_s);
        CAPTURE(goal);
        REQUIRE(!way.empty());
        CHECK(finder.duration_s(request, way, speeds_mps) ==
              doctest::Approx(duration_s).epsilon(1e-12));
        if (way.size() > 2) {
            conditions.edge_closed[way[1]] = all_vehicle_classes;
            state.read(conditions, roads, p.impassable_depth_m);
            CHECK(std::isinf(finder.duration_s(request, way, speeds_mps)));
            conditions.edge_closed[way[1]] = 0;
            state.read(conditions, roads, p.impassable_depth_m);
        }
    }
}

TEST_CASE("who asks what a satisfied driver asked gets the way that one did not need") {
    TrafficRun run(grid(4, 4, 150.0, 1, false));
    const auto goal = static_cast<std::uint32_t>(run.streets().edges.size()) - 2;
    const auto first = run.add({0});
    const auto second = run.add({0});
    for (const auto i : {first, second}) {
        run.vehicles.route_length[i] = 0;
        run.vehicles.destination[i] = goal;
    }
    run.vehicles.depart_s[second] = run.parameters.reconsider_every_s;
    run.step();
    REQUIRE(run.vehicles.route_length[first] > 2);
    // The first one has driven for five minutes without leaving its street, and looks for a quicker
    // way in the very step in which the second one sets out: both ask the same.
    run.vehicles.speed_mps[first] = 0.0;
    run.vehicles.entered_s[first] = 0.0;
    run.steps = static_cast<std::uint64_t>(run.parameters.reconsider_every_s / run.dt);
    const std::uint32_t length = run.vehicles.route_length[first];
    run.step();
    CHECK(run.vehicles.route_length[first] == length);
    CHECK(run.vehicles.is_stuck[second] == 0);
    CHECK(run.vehicles.route_length[second] > 2);
}

TEST_CASE(
    "drivers choose their way by what they know, and stop before water they did not know of") {
    TrafficRun run(crossroads(false));
    Conditions known = run.conditions;
    run.known = &known;
    const auto i = run.add({0, 5});
    run.conditions.edge_depth_m[5] = 0.5F;
    ++run.conditions.edge_version;
    run.step_until(60.0);
    CHECK(run.vehicles.is_stuck[i] == 0); // believes in its way
    CHECK(run.edge_of(i) == 0);
    CHECK(run.vehicles.speed_mps[i] < 0.1);
    known.edge_depth_m[5] = 0.5F;
    ++known.edge_version;
    run.step();
    CHECK(run.vehicles.is_stuck[i] == stuck_without_way);
}

TEST_CASE("a closure lets those classes in that it admits") {
    for (const VehicleClass c : {VehicleClass::Car, VehicleClass::Emergency}) {
        CAPTURE(name_of(c));
        const bool is_admitted = c == VehicleClass::Emergency;
        TrafficRun run(crossroads(false));
        run.conditions.edge_closed[5] =
            static_cast<VehicleClasses>(all_vehicle_classes & ~bit(VehicleClass::Emergency));
        ++run.conditions.edge_version;
        run.add({0, 5}, 0.0, c);
        run.step_until(60.0);
        CHECK(run.count(VehiclePhase::Arrived) == (is_admitted ? 1 : 0));
        CHECK(std::isfinite(run.model.travel_time_s(run.vehicles, run.conditions, EdgeId(0u),
                                                    EdgeId(5u), c)) == is_admitted);
    }
}

namespace {

/// Lets time pass with all lights red.
void stand_at_red(TrafficRun& run, double end_s) {
    for (; run.now_s() < end_s; ++run.steps) {
        run.model.advance(run.vehicles, run.signals, run.conditions, run.conditions, run.now_s(),
                          run.dt, run.dt, run.counts);
    }
}

} // namespace

TEST_CASE("who stands for longer than five minutes is told until he moves") {
    TrafficRun run(straight_road(400.0, 1, 13.9, true));
    const auto i = run.add({0, 1});
    stand_at_red(run, 300.0);
    REQUIRE(run.vehicles.speed_mps[i] < 0.1);
    CHECK(run.vehicles.is_stuck[i] == 0);
    stand_at_red(run, 340.0);
    CHECK(run.vehicles.is_stuck[i] == stuck_in_queue);
    run.step_until(460.0);
    CHECK(run.count(VehiclePhase::Arrived) == 1);
    CHECK(run.vehicles.is_stuck[i] == 0);
}

TEST_CASE(
    "who missed the lane of the only way pulls in, is counted, and goes on when there is a gap") {
    TrafficRun run(crossroads(true, 3, 400.0));
    for (const std::size_t back : {2U, 4U, 6U}) {
        run.conditions.edge_closed[back] = all_vehicle_classes; // no way round
    }
    const double line_m = run.streets().lanes[0].length_m;
    const auto i = run.add({0, 7}); // to the left from the lane by the kerb
    run.put(i, 0, line_m - 1.0, 0.0);
    for (int n = 0; n < 6; ++n) {
        run.put(run.add({0, 5}), 1, line_m - 1.0 - 7.0 * n, 0.0);
    }
    stand_at_red(run, 40.0);
    CHECK(run.vehicles.pulled_in[i] == 0);
    while (run.now_s() < 80.0 && run.vehicles.pulled_in[i] == 0) {
        stand_at_red(run, run.now_s() + run.dt);
    }
    CHECK(run.vehicles.pulled_in[i] == 1);
    CHECK(run.vehicles.is_stuck[i] == stuck_off_lane);
    CHECK(run.vehicles.phase[i] == static_cast<std::uint8_t>(VehiclePhase::Waiting));
    run.step_until(400.0);
    CHECK(run.count(VehiclePhase::Arrived) == 7);
    CHECK(run.vehicles.is_stuck[i] == 0);
    CHECK(run.vehicles.pulled_in[i] == 1);
}
