#include "base/parallel.hpp"
#include "pedestrians/journey_table.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace veste;
using scene::box;

namespace {

/// A hall of 60 x 20 m: people set out in the west and leave in the east, or at the north-west.
struct Hall {
    std::shared_ptr<City> city =
        scene::city_of(scene::mesh_of({box(0.0, 0.0, 60.0, 20.0)}, {}, 5.0));
    Scenario scenario;
    PlaceId from = scene::add_place(scenario, *city, "from", box(0.0, 0.0, 10.0, 20.0));
    PlaceId bar = scene::add_place(scenario, *city, "bar", box(20.0, 10.0, 30.0, 20.0));
    PlaceId shop = scene::add_place(scenario, *city, "shop", box(20.0, 0.0, 30.0, 5.0));
    PlaceId east = scene::add_place(scenario, *city, "east", box(55.0, 0.0, 60.0, 20.0));
    PlaceId south = scene::add_place(scenario, *city, "south", box(30.0, 0.0, 35.0, 5.0));

    Stage stage(StageKind kind, PlaceId place) {
        Stage made;
        made.kind = kind;
        made.places = {{place, 1.0}};
        if (made.holds()) {
            made.hold = scenario.holds++;
        }
        return made;
    }
    /// People who set out within `over_s`, at 1.34 m/s.
    void add_people(std::uint32_t count, std::vector<Stage> stages, double over_s = 0.0) {
        scenario.journeys.push_back({"journey", std::move(stages)});
        const ProfileId profile =
            scenario.profiles.empty() ? scene::add_profile(scenario, 1.34) : ProfileId(0u);
        scene::add_demand(scenario, count, profile, from, east, {0.0, over_s, {}});
        scenario.pedestrians.back().journey = JourneyId(scenario.journeys.size() - 1);
    }
    GateId add_gate(const Vec2& at, double rate_per_s, std::uint32_t lanes) {
        return scene::add_gate(scenario, *city, at, rate_per_s, lanes);
    }
};

std::size_t arrived_at(const scene::Walk& walk, PlaceId place) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        count += walk.people.arrived_s[i] >= 0.0 && walk.people.destination[i] == place.index;
    }
    return count;
}

std::vector<double> all_values(const Pedestrians& people) {
    std::vector<double> values;
    for_each_pedestrian_field(people, [&](const Field&, const auto& field) {
        for (const auto value : field) {
            values.push_back(static_cast<double>(value));
        }
    });
    return values;
}

} // namespace

TEST_CASE("who walks by a place, waits there and goes on needs that much longer") {
    Hall hall;
    Stage wait = hall.stage(StageKind::Wait, hall.bar);
    wait.time = {TimeShape::Constant, 30.0, 0.0};
    hall.add_people(1, {hall.stage(StageKind::Walk, hall.shop), wait});
    scene::Walk walk(hall.city, hall.scenario);
    bool was_in_shop = false;
    double stood_s = 0.0;
    REQUIRE(walk.run_until_all_arrived(300.0, 0.5, [&] {
        was_in_shop = was_in_shop || (walk.people.x_m[0] > 19.3 && walk.people.y_m[0] < 5.8);
        stood_s += walk.count(WalkerPhase::Standing) == 1 ? 0.5 : 0.0;
        CHECK((walk.count(WalkerPhase::Standing) == 0 || walk.people.y_m[0] > 9.9));
    }));
    CHECK(was_in_shop);
    CHECK(stood_s == doctest::Approx(30.0).epsilon(0.04));
}

TEST_CASE("a wait until a moment ends at that moment") {
    Hall hall;
    Stage wait = hall.stage(StageKind::Wait, hall.bar);
    wait.until_s = 100.0;
    hall.add_people(5, {wait});
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(99.0);
    CHECK(walk.count(WalkerPhase::Standing) == 5);
    walk.advance(2.0);
    CHECK(walk.count(WalkerPhase::Standing) == 0);
}

TEST_CASE("places and next stages are chosen by their weights") {
    Hall hall;
    Stage first = hall.stage(StageKind::Walk, hall.bar);
    first.places = {{hall.bar, 0.3}, {hall.shop, 0.7}};
    first.next = {{1, 0.2}, {2, 0.8}};
    hall.add_people(400, {first, hall.stage(StageKind::Board, hall.south)}, 200.0);
    hall.scenario.journeys[0].stages[1].release_per_s = 50.0;
    scene::Walk walk(hall.city, hall.scenario);
    std::vector<std::uint32_t> first_target(400, UINT32_MAX);
    REQUIRE(walk.run_until_all_arrived(600.0, 1.0, [&] {
        for (std::size_t i = 0; i < 400; ++i) {
            if (walk.people.is_present(i) && first_target[i] == UINT32_MAX) {
                first_target[i] = walk.people.target[i];
            }
        }
    }));
    // Bounds at four standard deviations of a binomial count.
    const auto to_bar = std::count(first_target.begin(), first_target.end(), hall.bar.index);
    CHECK(std::abs(static_cast<double>(to_bar) - 120.0) < 4.0 * std::sqrt(400 * 0.3 * 0.7));
    const double boarded = walk.people.hold_released[0];
    CHECK(std::abs(boarded - 80.0) < 4.0 * std::sqrt(400 * 0.2 * 0.8));
}

TEST_CASE("people who board a vehicle disappear at the stop at its boarding rate") {
    Hall hall;
    Stage board = hall.stage(StageKind::Board, hall.bar);
    board.release_per_s = 0.5;
    hall.add_people(60, {board});
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(60.0);
    const std::size_t before = walk.arrived();
    walk.advance(40.0);
    CHECK(walk.arrived() - before == 20);
    CHECK(arrived_at(walk, hall.east) == walk.arrived());
    CHECK(walk.run_until_all_arrived(200.0));
    CHECK(*std::max_element(walk.people.x_m.begin(), walk.people.x_m.end()) < 31.0);
}

TEST_CASE("a holding area lets people go at its rate, and at none while it is zero") {
    Hall hall;
    Stage hold = hall.stage(StageKind::Hold, hall.bar);
    hall.add_people(60, {hold});
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(120.0);
    CHECK(walk.people.hold_released[0] == 0);
    walk.people.hold_rate_per_s[0] = 0.25;
    walk.advance(100.0);
    CHECK(walk.people.hold_released[0] == doctest::Approx(25.0).epsilon(0.041));
    walk.people.hold_rate_per_s[0] = 2.0;
    walk.advance(40.0);
    CHECK(walk.people.hold_released[0] == 60);
    CHECK(walk.run_until_all_arrived(500.0));
}

TEST_CASE("a waiting area fills from its front") {
    Hall hall;
    Stage hold = hall.stage(StageKind::Hold, hall.bar);
    hold.has_front = true;
    hold.front = Vec2(30.0, 15.0);
    hall.add_people(40, {hold}, 60.0);
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(200.0);
    REQUIRE(walk.count(WalkerPhase::Standing) == 40);
    double sum_m = 0.0;
    for (std::size_t i = 0; i < 40; ++i) {
        sum_m += (Vec2(walk.people.x_m[i], walk.people.y_m[i]) - hold.front).norm();
    }
    // Spread evenly over the place it would be 5.9 m.
    CHECK(sum_m / 40.0 < 4.0);
}

TEST_CASE("a demand's people queue at the quickest gate of their journey") {
    Hall hall;
    Stage queue;
    queue.kind = StageKind::Queue;
    queue.gates = {hall.add_gate(Vec2(40.0, 15.0), 0.5, 1), hall.add_gate(Vec2(40.0, 5.0), 0.5, 1)};
    hall.add_people(60, {queue}, 60.0);
    scene::Walk walk(hall.city, hall.scenario);
    CHECK(walk.run_until_all_arrived(400.0));
    CHECK(walk.people.gate_served[0] + walk.people.gate_served[1] == 60);
    CHECK(walk.people.gate_served[0] > 15);
    CHECK(walk.people.gate_served[1] > 15);
}

TEST_CASE("a gate with two lanes keeps people waiting as Erlang's formula says") {
    // Poisson arrivals at 0.3 /s, two lanes of 0.2 /s: load 1.5 erlang, Erlang C 0.643, mean wait
    // 0.643 / (0.4 - 0.3) = 6.4 s (Erlang 1917). People reach the queue on foot and take its room,
    // so that what is measured is how many are in queue and service by Little's law.
    Hall hall;
    Stage queue;
    queue.kind = StageKind::Queue;
    queue.gates = {hall.add_gate(Vec2(40.0, 10.0), 0.2, 2)};
    constexpr double over_s = 6000.0;
    hall.add_people(1800, {queue}, over_s);
    scene::Walk walk(hall.city, hall.scenario);
    walk.step_s = 0.25;
    double queueing_s = 0.0;
    while (walk.now_s < over_s) {
        walk.advance(1.0);
        queueing_s += static_cast<double>(walk.count(WalkerPhase::Queueing));
    }
    const double served = walk.people.gate_served[0];
    // From joining, about 2.5 m before the gate, to the server is a walk of 1 to 3 s besides. One
    // run of this length has a standard error near 1 s.
    CHECK(queueing_s / served > 4.5);
    CHECK(queueing_s / served < 11.0);
}

TEST_CASE("constant service halves the wait of exponential service") {
    // Pollaczek and Khinchine: M/D/1 waits half as long as M/M/1, here 16 s against 32 s.
    const auto wait_s = [](TimeShape shape) {
        Hall hall;
        Stage queue;
        queue.kind = StageKind::Queue;
        queue.gates = {hall.add_gate(Vec2(40.0, 10.0), 0.125, 1)};
        hall.scenario.gates[0].service.shape = shape;
        hall.add_people(1000, {queue}, 10000.0);
        scene::Walk walk(hall.city, hall.scenario);
        walk.step_s = 0.5;
        double queueing_s = 0.0;
        while (walk.now_s < 10000.0) {
            walk.advance(1.0);
            queueing_s += static_cast<double>(walk.count(WalkerPhase::Queueing));
        }
        return queueing_s / walk.people.gate_served[0];
    };
    const double constant_s = wait_s(TimeShape::Constant);
    CHECK(constant_s == doctest::Approx(16.0).epsilon(0.3));
    // 1,000 services in a row: the ratio scatters, and is 1 where the shape does nothing.
    CHECK(wait_s(TimeShape::Exponential) > 1.4 * constant_s);
}

TEST_CASE("an evacuation empties its zone through the exit to prefer") {
    Hall hall;
    Stage wait = hall.stage(StageKind::Wait, hall.bar);
    wait.until_s = 1000.0;
    hall.add_people(40, {wait});
    Order order;
    order.reach = OrderReach::Area;
    order.triangles = hall.scenario.place(hall.bar).triangles;
    order.exits = {hall.south};
    order.reaction = {TimeShape::Constant, 20.0, 0.0};
    hall.scenario.orders.push_back(order);
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(80.0);
    REQUIRE(walk.count(WalkerPhase::Standing) == 40);
    walk.people.order_given[0] = 1;
    walk.advance(18.0);
    CHECK(walk.count(WalkerPhase::Standing) == 40); // nobody stirs before the reaction time
    CHECK(walk.run_until_all_arrived(200.0));
    CHECK(arrived_at(walk, hall.south) == 40);
}

TEST_CASE("an evacuation breaks off queues, services and the stage, and counts stay right") {
    Hall hall;
    Event event;
    event.stage = hall.bar;
    event.focus = Vec2(30.0, 15.0);
    event.visitors = event.capacity = 60;
    event.gates = {hall.add_gate(Vec2(15.0, 10.0), 0.2, 2)};
    event.origins = {{hall.from, 1.0}};
    event.exits = {{hall.east, 1.0}};
    event.profiles = {{scene::add_profile(hall.scenario, 1.34), 1.0}};
    hall.scenario.events.push_back(event);
    Order order;
    order.exits = {hall.south};
    hall.scenario.orders.push_back(order);
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(90.0);
    REQUIRE(walk.count(WalkerPhase::Queueing) > 5);
    REQUIRE(walk.count(WalkerPhase::InService) > 0);
    REQUIRE(walk.people.event_inside[0] > 5);
    walk.people.order_given[0] = 1;
    CHECK(walk.run_until_all_arrived(300.0));
    CHECK(arrived_at(walk, hall.south) == 60);
    CHECK(walk.people.event_inside[0] == 0);
}

TEST_CASE("a message reaches those in its place only, and its share of them obeys") {
    Hall hall;
    Stage wait = hall.stage(StageKind::Wait, hall.bar);
    wait.places = {{hall.bar, 0.5}, {hall.shop, 0.5}};
    wait.until_s = 150.0;
    hall.add_people(120, {wait}, 30.0);
    Order order;
    order.reach = OrderReach::Area;
    order.triangles = hall.scenario.place(hall.bar).triangles;
    order.exits = {hall.south};
    order.share = 0.5;
    order.is_once = true;
    hall.scenario.orders.push_back(order);
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(120.0);
    std::vector<char> in_bar;
    for (std::size_t i = 0; i < 120; ++i) {
        in_bar.push_back(walk.people.y_m[i] > 10.0 ? 1 : 0);
    }
    const auto reached = static_cast<double>(std::count(in_bar.begin(), in_bar.end(), 1));
    walk.people.order_given[0] = 1;
    CHECK(walk.run_until_all_arrived(400.0));
    std::size_t obeyed = 0;
    for (std::size_t i = 0; i < 120; ++i) {
        const bool left_south = walk.people.destination[i] == hall.south.index;
        CHECK((!left_south || in_bar[i] == 1));
        obeyed += left_south ? 1 : 0;
    }
    CHECK(std::abs(static_cast<double>(obeyed) - 0.5 * reached) < 4.0 * std::sqrt(0.25 * reached));
}

TEST_CASE("a person posted tells those who come within sight and reach, until lifted") {
    Hall hall;
    hall.city = scene::city_of(
        scene::mesh_of({box(0.0, 0.0, 60.0, 20.0)}, {box(12.0, 9.0, 55.0, 11.0)}, 5.0));
    Stage north = hall.stage(StageKind::Walk, hall.bar);
    Stage by_shop = hall.stage(StageKind::Walk, hall.shop);
    hall.add_people(40, {north}, 100.0);
    hall.add_people(40, {by_shop}, 100.0);
    Order order; // stands in the northern aisle: the wall hides the southern one
    order.reach = OrderReach::Sight;
    order.at = Vec2(25.0, 15.0);
    order.triangle = hall.city->walk.locate(order.at).value();
    order.reach_m = 14.0;
    order.exits = {hall.bar};
    hall.scenario.orders.push_back(order);
    for (Place& place : hall.scenario.places) {
        place.triangles = hall.city->walk.inside(place.area);
    }
    scene::Walk walk(hall.city, hall.scenario);
    walk.people.order_given[0] = 1;
    while (walk.now_s < 60.0) {
        walk.advance(1.0);
    }
    walk.people.order_given[0] = 0;
    CHECK(walk.run_until_all_arrived(400.0));
    std::size_t told_north = 0;
    std::size_t told_south = 0;
    for (std::size_t i = 0; i < 80; ++i) {
        (walk.people.group[i] == 0 ? told_north : told_south) += walk.people.order[i] != 0;
    }
    CHECK(told_north > 10);
    CHECK(told_north < 40);
    CHECK(told_south == 0);
}

TEST_CASE("a message sends those bound for one gate to another") {
    Hall hall;
    Stage queue;
    queue.kind = StageKind::Queue;
    queue.gates = {hall.add_gate(Vec2(40.0, 15.0), 1.0, 4), hall.add_gate(Vec2(50.0, 3.0), 0.1, 1)};
    hall.add_people(20, {queue});
    Order order;
    order.gates = {GateId(1u)};
    hall.scenario.orders.push_back(order);
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(5.0);
    REQUIRE(std::count(walk.people.gate.begin(), walk.people.gate.end(), 0u) > 10);
    walk.people.order_given[0] = 1;
    CHECK(walk.run_until_all_arrived(600.0));
    CHECK(walk.people.gate_served[1] == 20);
}

TEST_CASE("a gate that fails to open while people wait for it lets nobody through until repaired") {
    Hall hall;
    Stage queue;
    queue.kind = StageKind::Queue;
    queue.gates = {hall.add_gate(Vec2(40.0, 10.0), 1.0, 2)};
    hall.add_people(20, {queue});
    hall.scenario.gates[0].is_open = false;
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(100.0);
    CHECK(walk.people.gate_served[0] == 0);
    CHECK(walk.count(WalkerPhase::Queueing) == 20);
    walk.people.gate_open[0] = 1;
    CHECK(walk.run_until_all_arrived(300.0));
}

TEST_CASE("journeys and orders go on alike from a copy in mid journey and on two threads") {
    const auto make = [] {
        Hall hall;
        Stage hold = hall.stage(StageKind::Hold, hall.bar);
        hold.release_per_s = 0.5;
        hold.places = {{hall.bar, 1.0}, {hall.shop, 1.0}};
        Stage queue;
        queue.kind = StageKind::Queue;
        queue.gates = {hall.add_gate(Vec2(40.0, 15.0), 0.5, 1)};
        queue.next = {{0, 0.3}, {2, 0.7}};
        hall.add_people(100, {hold, queue}, 60.0);
        Order order;
        order.share = 0.4;
        order.exits = {hall.south};
        order.reaction = {TimeShape::LogNormal, 15.0, 10.0};
        hall.scenario.orders.push_back(order);
        return scene::Walk(hall.city, hall.scenario);
    };
    scene::Walk walk = make();
    for (int k = 0; k < 100; ++k) {
        if (k == 95) {
            walk.people.order_given[0] = 1;
        }
        walk.advance();
    }
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (int k = 0; k < 40; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(all_values(copy) == all_values(walk.people));
    std::vector<std::vector<double>> results;
    for (const int threads : {1, 2}) {
        Threads pool(threads);
        pool.execute([&] {
            scene::Walk again = make();
            for (int k = 0; k < 140; ++k) {
                if (k == 95) {
                    again.people.order_given[0] = 1;
                }
                again.advance();
            }
            results.push_back(all_values(again.people));
        });
    }
    CHECK(results[0] == results[1]);
    CHECK(results[0] == all_values(walk.people));
}

TEST_CASE("a waiting area with more people than places fills evenly, not at its entrance") {
    Hall hall;
    Stage hold = hall.stage(StageKind::Hold, hall.bar);
    hall.add_people(350, {hold}, 100.0); // 100 m²
    scene::Walk walk(hall.city, hall.scenario);
    walk.advance(400.0);
    REQUIRE(walk.count(WalkerPhase::Standing) == 350);
    for (std::size_t i = 0; i < 350; ++i) {
        int near = 0;
        for (std::size_t k = 0; k < 350; ++k) {
            near += std::hypot(walk.people.wait_x_m[i] - walk.people.wait_x_m[k],
                               walk.people.wait_y_m[i] - walk.people.wait_y_m[k]) < 1.0F;
        }
        CHECK(near < 25); // 11 on average
    }
}

namespace {

/// Visitors of a show in the bar who come in by a gate and go home at 200 s by the east.
Event show_of(Hall& hall, std::uint32_t visitors) {
    Event event;
    event.stage = hall.bar;
    event.focus = Vec2(30.0, 15.0);
    event.visitors = event.capacity = visitors;
    event.origins = {{hall.from, 1.0}};
    event.exits = {{hall.east, 1.0}};
    event.egress = {200.0, 201.0, {}};
    event.gates = {hall.add_gate(Vec2(14.0, 10.0), 2.0, 2)};
    event.profiles = {{scene::add_profile(hall.scenario, 1.34), 1.0}};
    return event;
}

} // namespace

TEST_CASE("visitors who passed the gate but cannot reach the stage go home when it is time") {
    Hall hall;
    hall.scenario.events.push_back(show_of(hall, 20));
    scene::Walk walk(hall.city, hall.scenario);
    for (std::size_t t = 0; t < hall.city->walk.triangles.size(); ++t) {
        const Vec2 at = hall.city->walk.centroid(TriangleId(t));
        walk.conditions.walk_closed[t] = at.x() > 20.0 && at.x() < 35.0 && at.y() > 9.0;
    }
    ++walk.conditions.walk_version;
    while (walk.now_s < 190.0) {
        walk.advance();
    }
    CHECK(walk.people.event_inside[0] == 20);
    CHECK(walk.count(WalkerPhase::Standing) == 0);
    CHECK(walk.run_until_all_arrived(400.0));
    CHECK(walk.people.event_inside[0] == 0);
}

TEST_CASE("visitors whose exit lies on the stage's ground do what comes after before they leave") {
    for (const bool has_after : {true, false}) {
        CAPTURE(has_after);
        Hall hall;
        Event event = show_of(hall, 20);
        event.exits = {{hall.bar, 1.0}};
        if (has_after) {
            hall.scenario.journeys.push_back({"after", {hall.stage(StageKind::Walk, hall.shop)}});
            event.after = JourneyId(0U);
        }
        hall.scenario.events.push_back(event);
        scene::Walk walk(hall.city, hall.scenario);
        std::vector<char> was_in_shop(20, 0);
        CHECK(walk.run_until_all_arrived(400.0, 0.5, [&] {
            for (std::size_t i = 0; i < 20; ++i) {
                was_in_shop[i] |= walk.people.x_m[i] > 19.5 && walk.people.y_m[i] < 5.5;
            }
        }));
        if (has_after) {
            CHECK(std::count(was_in_shop.begin(), was_in_shop.end(), char(1)) == 20);
        }
        CHECK(walk.people.event_inside[0] == 0);
    }
}
