#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <algorithm>
/// Cases of the guidelines on the choice of exits and ways: RiMEA 4.1.1, 10, 11 and 14; NIST TN
/// 1822, 3.1, 3.3 and 4.1. Where a guideline gives a figure without lengths, ours are in the test.
using namespace veste;

namespace {

using Count = std::size_t;

Count gone_to(const scene::Walk& walk, PlaceId place) {
    Count count = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        count += walk.people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived) &&
                         walk.people.target[i] == place.index &&
                         contains(walk.scenario->place(place).area,
                                  Vec2(walk.people.x_m[i], walk.people.y_m[i]))
                     ? 1u
                     : 0u;
    }
    return count;
}

/// A room of 30 x 20 m with two exits of 1 m in its southern wall, at x 2 and x 26; who does not
/// choose goes to the far one.
struct RoomWithTwoExits {
    std::shared_ptr<City> city = scene::city_of(scene::mesh_of(
        {scene::box(0, 0, 30, 20), scene::box(2, -3, 3, 0), scene::box(26, -3, 27, 0)}, {}, 2.0));
    Scenario scenario;
    PlaceId near;
    PlaceId far;

    explicit RoomWithTwoExits(std::uint32_t people, const Box2& from) {
        near = scene::add_place(scenario, *city, "near", scene::box(2, -3, 3, -1));
        far = scene::add_place(scenario, *city, "far", scene::box(26, -3, 27, -1));
        const PlaceId start = scene::add_place(scenario, *city, "start", from);
        scene::add_demand(scenario, people, scene::add_profile(scenario, 1.34, 0.26), start, far);
        scenario.pedestrians[0].destinations = {{near, 0.0}, {far, 1.0}};
    }
};

} // namespace

TEST_CASE("RiMEA 10 and NIST 3.1: 23 people of 12 rooms all use the exit assigned to them") {
    // Six rooms on each side of a corridor of 2 m; the main exit in the west, the other in the
    // east.
    std::vector<Box2> areas = {scene::box(0, 0, 24, 2), scene::box(-3, 0, 0, 2),
                               scene::box(24, 0, 27, 2)};
    for (int k = 0; k < 6; ++k) {
        areas.push_back(scene::box(4 * k + 0.2, 3, 4 * k + 3.8, 7));
        areas.push_back(scene::box(4 * k + 1.5, 2, 4 * k + 2.5, 3));
        areas.push_back(scene::box(4 * k + 0.2, -5, 4 * k + 3.8, -1));
        areas.push_back(scene::box(4 * k + 1.5, -1, 4 * k + 2.5, 0));
    }
    auto city = scene::city_of(scene::mesh_of(areas));
    Scenario scenario;
    const ProfileId profile = scene::add_profile(scenario, 1.34, 0.26);
    const PlaceId main = scene::add_place(scenario, *city, "main", scene::box(-3, 0, 0, 2));
    const PlaceId other = scene::add_place(scenario, *city, "other", scene::box(24, 0, 27, 2));
    // Rooms 1 to 6 above, 7 to 12 below; 1 to 4 and 7 to 10 are assigned to the main exit.
    Count to_main = 0;
    for (int room = 1; room <= 12; ++room) {
        const int k = (room - 1) % 6;
        const double y0 = room <= 6 ? 3.0 : -5.0;
        const PlaceId from = scene::add_place(scenario, *city, "room",
                                              scene::box(4 * k + 0.2, y0, 4 * k + 3.8, y0 + 4.0));
        const std::uint32_t people = room == 12 ? 1 : 2;
        const bool is_main = k < 4;
        to_main += is_main ? people : 0u;
        scene::add_demand(scenario, people, profile, from, is_main ? main : other);
        // The place not assigned is named too, so that choosing would show.
        scenario.pedestrians.back().destinations = {{main, is_main ? 1.0 : 0.0},
                                                    {other, is_main ? 0.0 : 1.0}};
    }
    scene::Walk walk(city, scenario);
    REQUIRE(walk.people.size() == 23);
    CHECK(walk.run_until_all_arrived(120.0));
    CHECK(gone_to(walk, main) == to_main);
    CHECK(gone_to(walk, other) == 23 - to_main);
}

TEST_CASE("RiMEA 11: of two exits the near one is preferred and the far one used too") {
    // All start nearer to the one: by way alone hardly anyone would take the other.
    RoomWithTwoExits room(1000, scene::box(0, 0, 12, 20));
    room.scenario.pedestrians[0].destination_choice = DestinationChoice::Quickest;
    room.scenario.walking.exit_spread_s = 1.0;
    room.scenario.walking.reroute_every_s = 5.0;
    scene::Walk walk(room.city, room.scenario);
    walk.advance(1.0);
    const auto first_near =
        std::count(walk.people.target.begin(), walk.people.target.end(), room.near.index);
    CHECK(first_near > 600); // at first, before queues tell, most prefer the near one
    CHECK(walk.run_until_all_arrived(900.0));
    const Count near = gone_to(walk, room.near);
    const Count far = gone_to(walk, room.far);
    MESSAGE("first near ", first_near, ", at last near ", near, ", far ", far, ", all out after ",
            walk.last_arrival_s(), " s");
    CHECK(near + far == 1000);
    CHECK(near > far);
    CHECK(far > 100); // at least a tenth: our reading of "used too"
}

TEST_CASE("RiMEA 14: the short way over stairs or the long level one is chosen by time, always") {
    // Two ways round a block; 20 m of the southern one are stairs, which take 20 m / 0.485 - 20 m =
    // 21 m longer (Weidmann 1993) than level ground.
    for (const double longer_m : {8.0, 40.0}) {
        CAPTURE(longer_m);
        const double north_m = 37.0 + 0.5 * longer_m;
        auto city = scene::city_of(scene::mesh_of({scene::box(0, 0, 60, north_m + 3.0)},
                                                  {scene::box(5, 3, 55, north_m)}, 3.0));
        for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
            const Vec2 middle = city->walk.centroid(TriangleId(t));
            if (middle.y() < 3.0 && middle.x() > 20.0 && middle.x() < 40.0) {
                city->walk.triangles[t].kind = WalkKind::Steps;
            }
        }
        Scenario scenario;
        const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 18, 3, 21));
        const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(57, 18, 60, 21));
        scene::add_demand(scenario, 20, scene::add_profile(scenario, 1.34), west, east);
        for (int time = 0; time < 2; ++time) {
            scene::Walk walk(city, scenario);
            Count over_stairs = 0;
            std::vector<char> is_seen(20, 0);
            CHECK(walk.run_until_all_arrived(400.0, 1.0, [&] {
                for (std::size_t i = 0; i < 20; ++i) {
                    if (is_seen[i] == 0 && walk.people.is_present(i) && walk.people.y_m[i] < 3.0) {
                        is_seen[i] = 1;
                        ++over_stairs;
                    }
                }
            }));
            CHECK(over_stairs == (longer_m > 21.0 ? 20 : 0));
        }
    }
}

TEST_CASE("NIST 3.3: who knows one exit only uses it, who knows all takes the nearer one") {
    for (const double share : {0.0, 1.0}) {
        RoomWithTwoExits room(10, scene::box(0, 0, 6, 8));
        room.scenario.pedestrians[0].destination_choice = DestinationChoice::Quickest;
        room.scenario.pedestrians[0].knows_places_share = share;
        room.scenario.walking.exit_spread_s = 1.0;
        scene::Walk walk(room.city, room.scenario);
        CHECK(walk.run_until_all_arrived(200.0));
        CHECK(gone_to(walk, room.near) == (share > 0.5 ? 10 : 0));
        CHECK(gone_to(walk, room.far) == (share > 0.5 ? 0 : 10));
    }
}

TEST_CASE("NIST 4.1: an exit that closes in mid-run sends its people to the other one") {
    RoomWithTwoExits room(10, scene::box(8, 8, 14, 16));
    room.scenario.pedestrians[0].destination_choice = DestinationChoice::Quickest;
    room.scenario.walking.exit_spread_s = 0.0;
    scene::Walk walk(room.city, room.scenario);
    walk.advance(3.0);
    REQUIRE(std::count(walk.people.target.begin(), walk.people.target.end(), room.near.index) ==
            10);
    for (std::size_t t = 0; t < room.city->walk.triangles.size(); ++t) {
        const Vec2 middle = room.city->walk.centroid(TriangleId(t));
        walk.conditions.walk_closed[t] = middle.y() < 0.0 && middle.x() < 10.0;
    }
    ++walk.conditions.walk_version;
    CHECK(walk.run_until_all_arrived(200.0));
    CHECK(gone_to(walk, room.far) == 10);
}
