#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

/// NIST TN 1822, cases 3.2 (social influence) and 3.3 (affiliation): the guide asks that a model
/// with such a sub-model shows its effect, and gives no numbers; the geometry is ours.
using namespace veste;
using scene::box;

namespace {

/// A room of 30 x 20 m with an exit of 1 m in the west and one in the east of its southern wall.
struct Room {
    std::shared_ptr<City> city = scene::city_of(
        scene::mesh_of({box(0, 0, 30, 20), box(4.5, -3, 5.5, 0), box(24.5, -3, 25.5, 0)}, {}, 2.0));
    Scenario scenario;
    PlaceId west = scene::add_place(scenario, *city, "west", box(4.5, -3, 5.5, -1));
    PlaceId east = scene::add_place(scenario, *city, "east", box(24.5, -3, 25.5, -1));
    ProfileId profile = scene::add_profile(scenario, 1.34, 0.26);

    /// People who know both exits, or one drawn by these weights.
    PedestrianDemand& add(std::uint32_t count, const Box2& from, double to_west, double to_east) {
        scene::add_demand(scenario, count, profile,
                          scene::add_place(scenario, *city, "start", from), west);
        PedestrianDemand& demand = scenario.pedestrians.back();
        demand.destinations = {{west, to_west}, {east, to_east}};
        return demand;
    }
};

std::size_t bound_for(const scene::Walk& walk, PlaceId exit, std::uint32_t group) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        count += walk.people.group[i] == group && walk.people.target[i] == exit.index;
    }
    return count;
}

/// 100 people choose in the middle of the room, where as many others go to the east exit anyway.
struct Crowd {
    Room room;
    static constexpr std::uint32_t choosers = 100;

    explicit Crowd(double influence_s, double wall_m = 0.0) {
        if (wall_m > 0.0) {
            room.city = scene::city_of(
                scene::mesh_of({box(0, 0, 30, 20), box(4.5, -3, 5.5, 0), box(24.5, -3, 25.5, 0)},
                               {box(0, 12, 30, 12 + wall_m)}, 2.0));
        }
        room.add(100, box(12, 14, 18, 19), 0.0, 1.0);
        room.add(choosers, box(11, 2, 19, 11), 1.0, 1.0).destination_choice =
            DestinationChoice::Quickest;
        room.scenario.walking.exit_spread_s = 5.0;
        room.scenario.walking.social_influence_s = influence_s;
    }
    scene::Walk walk() const { return {room.city, room.scenario}; }
    /// Choosers bound for the east exit after some seconds.
    std::size_t go_east(double after_s = 1.0) const {
        scene::Walk run = walk();
        for (double at_s = 0.0; at_s < after_s; at_s += 1.0) {
            run.advance(1.0);
        }
        return bound_for(run, room.east, 1);
    }
};

} // namespace

TEST_CASE("NIST 3.2: people follow a majority to its exit, the more the stronger its influence") {
    // By way both exits are alike: half and half. Half of all head east anyway: an exit that seems
    // 0.5 x influence nearer draws 1 / (1 + exp(-0.5 x influence / 5 s)) of the others.
    const std::size_t alone = Crowd(0.0).go_east();
    const std::size_t weak = Crowd(10.0).go_east();
    const std::size_t strong = Crowd(30.0).go_east();
    MESSAGE("of 100 go east: ", alone, " alone, ", weak, " at 10 s, ", strong, " at 30 s");
    const auto share = [](std::size_t count) {
        return static_cast<double>(count) / Crowd::choosers;
    };
    // Three standard deviations of a share of 100 are 0.15.
    CHECK(std::abs(share(alone) - 0.5) < 0.15);
    CHECK(std::abs(share(weak) - 1.0 / (1.0 + std::exp(-1.0))) < 0.15);
    CHECK(std::abs(share(strong) - 1.0 / (1.0 + std::exp(-3.0))) < 0.15);
    CHECK(weak > alone);
    CHECK(strong > weak);
    // Once they see each other go, they follow each other too.
    CHECK(Crowd(10.0).go_east(7.0) > weak);
}

TEST_CASE("NIST 3.2: nobody follows whom they cannot see") {
    const std::size_t alone = Crowd(0.0, 0.5).go_east();
    CHECK(Crowd(10.0, 0.5).go_east() == alone); // the others walk behind a wall
}

TEST_CASE("choices under influence go on alike from a copy of the state") {
    const Crowd crowd(10.0);
    scene::Walk walk = crowd.walk();
    for (int k = 0; k < 7; ++k) {
        walk.advance();
    }
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (int k = 0; k < 10; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(digest_of(copy) == digest_of(walk.people));
}

TEST_CASE("NIST 3.3: people familiar with one exit only use it, or a nearer one that they see") {
    // All set out in the west, assigned to the east exit.
    const auto went_west = [](double familiar_share, double sight_m) {
        Room room;
        room.add(60, box(1, 1, 9, 12), 0.0, 1.0).destination_choice = DestinationChoice::Quickest;
        room.scenario.profiles[0].familiar_share = familiar_share;
        room.scenario.walking.exit_spread_s = 0.0;
        room.scenario.walking.sight_m = sight_m;
        scene::Walk walk(room.city, room.scenario);
        REQUIRE(walk.run_until_all_arrived(300.0));
        return bound_for(walk, room.west, 0);
    };
    CHECK(went_west(1.0, 30.0) == 60);
    CHECK(went_west(0.0, 2.0) == 0); // the west exit's middle is 2 m beyond its door
    const std::size_t seen = went_west(0.0, 30.0);
    const std::size_t half = went_west(0.5, 2.0);
    MESSAGE("to the nearer exit: ", seen, " who see it, ", half, " of whom half are familiar");
    CHECK(seen > 0);
    CHECK(std::abs(static_cast<double>(half) - 30.0) < 12.0); // three standard deviations
}

TEST_CASE("NIST 3.3: an order tells the unfamiliar of an exit, and they keep to it") {
    Room room;
    room.add(20, box(1, 1, 9, 12), 0.0, 1.0).destination_choice = DestinationChoice::Quickest;
    room.scenario.profiles[0].familiar_share = 0.0;
    room.scenario.walking.sight_m = 2.0;
    Order order;
    order.exits = {room.west};
    room.scenario.orders.push_back(order);
    scene::Walk walk(room.city, room.scenario);
    walk.advance(1.0);
    CHECK(bound_for(walk, room.east, 0) == 20);
    walk.people.order_given[0] = 1;
    CHECK(walk.run_until_all_arrived(100.0));
    CHECK(bound_for(walk, room.west, 0) == 20);
}
