#include "pedestrians/orders.hpp"
#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace veste;
using scene::box;

namespace {

/// A hall of 80 x 20 m where people wait in the middle; exits in the west, east and south.
struct Hall {
    std::shared_ptr<City> city =
        scene::city_of(scene::mesh_of({box(0.0, 0.0, 80.0, 20.0)}, {}, 5.0));
    Scenario scenario;
    PlaceId middle = scene::add_place(scenario, *city, "middle", box(30.0, 5.0, 50.0, 20.0));
    PlaceId west = scene::add_place(scenario, *city, "west", box(0.0, 0.0, 5.0, 20.0));
    PlaceId east = scene::add_place(scenario, *city, "east", box(75.0, 0.0, 80.0, 20.0));
    PlaceId south = scene::add_place(scenario, *city, "south", box(35.0, 0.0, 45.0, 5.0));

    /// People who wait in the middle until 1,000 s and then go home to the east.
    explicit Hall(std::uint32_t count = 40) {
        Stage wait;
        wait.kind = StageKind::Wait;
        wait.places = {{middle, 1.0}};
        wait.until_s = 1000.0;
        scenario.journeys.push_back({"wait", {wait}});
        scene::add_demand(scenario, count, scene::add_profile(scenario, 1.34), middle, east,
                          {0.0, 1.0, {}});
        scenario.pedestrians[0].journey = JourneyId(0u);
    }
    std::size_t add_order(PlaceId exit, double reaction_s) {
        Order order;
        order.exits = {exit};
        order.reaction = {TimeShape::Constant, reaction_s, 0.0};
        scenario.orders.push_back(order);
        return scenario.orders.size() - 1;
    }
    scene::Walk walk() const {
        scene::Walk walk(city, scenario);
        walk.advance(60.0);
        REQUIRE(walk.count(WalkerPhase::Standing) == walk.people.size());
        return walk;
    }
};

void give(scene::Walk& walk, std::size_t order) {
    walk.people.order_given[order] = 1;
}

void advance(scene::Walk& walk, int seconds) {
    for (int k = 0; k < seconds; ++k) {
        walk.advance();
    }
}

std::size_t bound_for(const scene::Walk& walk, PlaceId place) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        count += walk.people.destination[i] == place.index;
    }
    return count;
}

} // namespace

TEST_CASE("whom water toppled stays where they fell, whatever order is given or rope let down") {
    for (const bool holds : {false, true}) {
        CAPTURE(holds);
        Hall hall;
        if (holds) {
            hall.scenario.journeys[0].stages[0].kind = StageKind::Board;
            hall.scenario.holds = 1;
        }
        const std::size_t order = hall.add_order(hall.south, 2.0);
        hall.scenario.orders[order].share = holds ? 0.0 : 1.0;
        scene::Walk walk = hall.walk();
        for (std::size_t i = 0; i < 15; ++i) {
            walk.people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Toppled);
        }
        const std::vector<double> x_m = walk.people.x_m;
        give(walk, order);
        if (holds) {
            walk.people.hold_rate_per_s[0] = 2.0;
        }
        advance(walk, 120);
        CHECK(walk.count(WalkerPhase::Toppled) == 15);
        CHECK(walk.arrived() == 25);
        for (std::size_t i = 0; i < 15; ++i) {
            CHECK(walk.people.x_m[i] == x_m[i]);
        }
    }
}

TEST_CASE("two evacuations in force at once: the one given later counts, from the first on") {
    Hall hall;
    hall.add_order(hall.west, 20.0);
    hall.add_order(hall.south, 20.0);
    for (const bool is_second_first : {false, true}) {
        CAPTURE(is_second_first);
        scene::Walk walk = hall.walk();
        give(walk, is_second_first ? 1 : 0);
        advance(walk, 5);
        give(walk, is_second_first ? 0 : 1);
        advance(walk, 14);
        CHECK(walk.count(WalkerPhase::Standing) == 40); // 19 s after the first
        advance(walk, 2);
        CHECK(walk.count(WalkerPhase::Standing) == 0); // nobody reacts anew to the second
        CHECK(walk.run_until_all_arrived(300.0));
        CHECK(bound_for(walk, is_second_first ? hall.west : hall.south) == 40);
    }
}

TEST_CASE("who is on the way out turns once to the exit of a later order, and reacts no more") {
    Hall hall;
    hall.add_order(hall.west, 1.0);
    hall.add_order(hall.east, 0.0);
    scene::Walk walk = hall.walk();
    std::fill(walk.people.reaction_s.begin(), walk.people.reaction_s.end(), 100.0F);
    give(walk, 0);
    advance(walk, 8);
    REQUIRE(bound_for(walk, hall.west) == 40);
    give(walk, 1);
    advance(walk, 2);
    CHECK(bound_for(walk, hall.east) == 40);
    CHECK(walk.run_until_all_arrived(300.0));
    CHECK(bound_for(walk, hall.east) == 40);
}

TEST_CASE("an order given anew counts again, and outlasts those given in between") {
    Hall hall;
    hall.add_order(hall.west, 1.0);
    hall.add_order(hall.east, 1.0);
    scene::Walk walk = hall.walk();
    for (const std::size_t order : {0U, 1U, 0U}) {
        give(walk, order);
        advance(walk, 4);
        CHECK(bound_for(walk, order == 0 ? hall.west : hall.east) == 40);
    }
    CHECK(walk.people.order_first_s[0] == 60.0);
    CHECK(walk.people.order_last_s[0] == 68.0);
    CHECK(walk.run_until_all_arrived(400.0));
    CHECK(bound_for(walk, hall.west) == 40);
}

TEST_CASE("news of closures keeps nobody from leaving") {
    Hall hall;
    hall.add_order(hall.south, 20.0);
    Order news;
    news.tells_closures = true;
    news.is_once = true;
    news.reaction = {TimeShape::Constant, 60.0, 0.0};
    hall.scenario.orders.push_back(news);
    scene::Walk walk = hall.walk();
    give(walk, 0);
    advance(walk, 10);
    give(walk, 1);
    advance(walk, 12);
    CHECK(walk.count(WalkerPhase::Walking) + walk.arrived() == 40);
    CHECK(bound_for(walk, hall.south) == 40);
}

TEST_CASE("every one of many orders is remembered by itself") {
    Hall hall;
    for (int k = 0; k < 70; ++k) {
        hall.add_order(k % 2 == 0 ? hall.west : hall.south, 5.0);
    }
    CHECK(words_of_orders(hall.scenario) == 3);
    scene::Walk walk = hall.walk();
    CHECK(walk.people.orders_taken.size() == 3 * 40);
    for (std::size_t k = 0; k < 70; ++k) {
        give(walk, k);
    }
    advance(walk, 3);
    for (std::size_t k = 0; k < 70; ++k) {
        CHECK(has_taken(walk.people, 7, k));
    }
    CHECK(walk.run_until_all_arrived(200.0));
    CHECK(bound_for(walk, hall.south) == 40); // the last of those given at once
}

TEST_CASE("orders go on alike from a copy while people react to two of them") {
    Hall hall(60);
    hall.scenario.pedestrians[0].groups.share = 0.5;
    hall.add_order(hall.west, 20.0);
    hall.add_order(hall.south, 20.0);
    hall.scenario.orders[0].reaction = {TimeShape::LogNormal, 20.0, 15.0};
    scene::Walk walk = hall.walk();
    give(walk, 0);
    advance(walk, 5);
    give(walk, 1);
    advance(walk, 8);
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (int k = 0; k < 30; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(digest_of(copy) == digest_of(walk.people));
}

TEST_CASE("a group obeys together, at one moment and by one exit") {
    Hall hall(60);
    hall.scenario.pedestrians[0].groups.share = 1.0;
    const std::size_t order = hall.add_order(hall.west, 1.0);
    hall.scenario.orders[order].exits = {hall.west, hall.east};
    hall.scenario.orders[order].share = 0.5;
    hall.scenario.orders[order].reaction = {TimeShape::Uniform, 20.0, 0.0, 10.0, 30.0};
    hall.scenario.orders[order].reach = OrderReach::Sight; // of those in the western half
    hall.scenario.orders[order].at = Vec2(30.0, 10.0);
    hall.scenario.orders[order].triangle = hall.city->walk.locate(Vec2(30.0, 10.0)).value();
    hall.scenario.orders[order].reach_m = 10.0;
    scene::Walk walk = hall.walk();
    give(walk, order);
    advance(walk, 3);
    std::size_t reached = 0;
    for (std::size_t i = 0; i < 60; ++i) {
        const std::uint32_t leader = walk.people.leader[i];
        CHECK(walk.people.order[i] == walk.people.order[leader]);
        CHECK(walk.people.obeys_at_s[i] == walk.people.obeys_at_s[leader]);
        reached += walk.people.order[i] != 0;
    }
    CHECK(reached > 5);
    CHECK(reached < 55);
    advance(walk, 40);
    for (std::size_t i = 0; i < 60; ++i) {
        CHECK(walk.people.destination[i] == walk.people.destination[walk.people.leader[i]]);
    }
}

TEST_CASE("who chooses the quickest destination leaves by the exit that an order tells") {
    Hall hall;
    hall.scenario.journeys.clear();
    hall.scenario.pedestrians[0].journey = JourneyId();
    hall.scenario.pedestrians[0].destinations = {{hall.east, 1.0}, {hall.west, 1.0}};
    hall.scenario.pedestrians[0].destination_choice = DestinationChoice::Quickest;
    hall.scenario.walking.reroute_every_s = 2.0;
    hall.add_order(hall.south, 1.0);
    scene::Walk walk(hall.city, hall.scenario);
    advance(walk, 5);
    give(walk, 0);
    ++walk.conditions.walk_version;
    CHECK(walk.run_until_all_arrived(300.0));
    CHECK(bound_for(walk, hall.south) == 40);
}

TEST_CASE("who chooses the quickest destination does so after the stages of the journey") {
    Hall hall;
    hall.scenario.pedestrians[0].destinations = {{hall.east, 1.0}, {hall.west, 1.0}};
    hall.scenario.pedestrians[0].destination_choice = DestinationChoice::Quickest;
    hall.scenario.pedestrians[0].origins = {{hall.south, 1.0}};
    hall.scenario.journeys[0].stages[0].places = {{hall.east, 1.0}};
    hall.scenario.journeys[0].stages[0].until_s = 120.0;
    hall.scenario.walking.exit_spread_s = 0.0;
    scene::Walk walk(hall.city, hall.scenario);
    advance(walk, 119);
    CHECK(walk.count(WalkerPhase::Standing) == 40);
    for (std::size_t i = 0; i < 40; ++i) {
        CHECK(walk.people.x_m[i] > 74.0);
    }
    CHECK(walk.run_until_all_arrived(200.0)); // who stands in the east is there
}
