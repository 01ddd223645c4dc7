#include "pedestrians/route_choice.hpp"
#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <numeric>

using namespace veste;

namespace {

/// A corridor of 100 m with an exit at each end; everyone of the demand may choose.
struct TwoExits {
    std::shared_ptr<City> city = scene::city_of(scene::mesh_of(
        {scene::box(0, 0, 2, 4), scene::box(2, 0, 98, 4), scene::box(98, 0, 100, 4)}, {}, 5.0));
    Scenario scenario;

    explicit TwoExits(std::uint32_t people) {
        const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 0, 2, 4));
        const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(98, 0, 100, 4));
        const PlaceId middle =
            scene::add_place(scenario, *city, "middle", scene::box(40, 0, 60, 4));
        scene::add_demand(scenario, people, scene::add_profile(scenario, 1.34), middle, east);
        scenario.pedestrians[0].destinations = {{west, 0.0}, {east, 1.0}};
        scenario.pedestrians[0].destination_choice = DestinationChoice::Quickest;
    }
    /// Share who choose the west from a place.
    double share_west(double x_m) const {
        scene::Walk walk(city, scenario);
        Navigation navigation(city, walk.scenario);
        std::vector<std::uint32_t> everyone(walk.people.size());
        std::iota(everyone.begin(), everyone.end(), 0);
        for (const std::uint32_t i : everyone) {
            walk.put(i, Vec2(x_m, 2.0));
        }
        DestinationChooser(walk.city, walk.scenario, navigation).choose(walk.people, everyone, false);
        return static_cast<double>(
                   std::count(walk.people.target.begin(), walk.people.target.end(), 0u)) /
               static_cast<double>(everyone.size());
    }
};

} // namespace

TEST_CASE("paces in a crowd are those of Weidmann") {
    CHECK(crowding_factor(0.0) == 1.0);
    CHECK(crowding_factor(0.2) == doctest::Approx(1.0).epsilon(0.001));
    // 1.06 m/s at 1 and 0.61 m/s at 2 people per m², of 1.34 m/s.
    CHECK(crowding_factor(1.0) == doctest::Approx(1.06 / 1.34).epsilon(0.01));
    CHECK(crowding_factor(2.0) == doctest::Approx(0.61 / 1.34).epsilon(0.01));
    CHECK(crowding_factor(5.4) == doctest::Approx(1.04 / 5.4 / 1.34));
    CHECK(crowding_factor(9.0) == doctest::Approx(1.04 / 9.0 / 1.34));
}

TEST_CASE("crowds are measured at whole multiples of the interval and never at the start") {
    CHECK_FALSE(is_due(0.0, 1.0, 30.0));
    CHECK_FALSE(is_due(29.0, 1.0, 30.0));
    CHECK(is_due(30.0, 1.0, 30.0));
    CHECK_FALSE(is_due(31.0, 1.0, 30.0));
    CHECK(is_due(1e5 * 30.0, 0.1, 30.0));
    CHECK(is_due(5.0, 5.0, 1.0));
}

TEST_CASE("destinations share people as the logit model says") {
    const TwoExits exits(4000);
    // Four standard deviations of 4,000 draws are 0.032 at most.
    CHECK(std::abs(exits.share_west(50.0) - 0.5) < 0.032);
    for (const double x_m : {45.0, 42.0, 57.0}) {
        CAPTURE(x_m);
        const double apart_s = 2.0 * (50.0 - x_m) / 1.34;
        CHECK(std::abs(exits.share_west(x_m) - 1.0 / (1.0 + std::exp(-apart_s / 5.0))) < 0.032);
    }
}

TEST_CASE("without a spread all choose the quicker destination") {
    TwoExits exits(100);
    exits.scenario.walking.exit_spread_s = 0.0;
    CHECK(exits.share_west(49.0) == 1.0);
    CHECK(exits.share_west(51.0) == 0.0);
}

TEST_CASE("who does not know the places keeps to the one drawn by weights") {
    TwoExits exits(4000);
    exits.scenario.walking.exit_spread_s = 0.0;
    exits.scenario.pedestrians[0].knows_places_share = 0.3;
    CHECK(std::abs(exits.share_west(45.0) - 0.3) < 0.032);
}

TEST_CASE("people go round a crowd that costs more time than the other way") {
    for (const double reroute_every_s : {0.0, 10.0}) {
        CAPTURE(reroute_every_s);
        // Two ways round a block, the southern one 4 m shorter and full of people who stand; theirs
        // is a destination that no way leads to.
        auto city =
            scene::city_of(scene::mesh_of({scene::box(0, 0, 60, 42), scene::box(100, 0, 103, 3)},
                                          {scene::box(5, 3, 55, 39)}, 3.0));
        Scenario scenario;
        scenario.walking.reroute_every_s = reroute_every_s;
        const ProfileId profile = scene::add_profile(scenario, 1.34);
        const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 18, 3, 21));
        const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(57, 18, 60, 21));
        const PlaceId away = scene::add_place(scenario, *city, "away", scene::box(100, 0, 103, 3));
        scene::add_demand(scenario, 90, profile, west, away);
        scene::add_demand(scenario, 10, profile, west, east, {35.0, 36.0, DepartureShape::Uniform});
        scene::Walk walk(city, scenario);
        const auto points = scene::scattered(scene::box(20.5, 0.3, 39.5, 2.7), 90, 0.6, 3);
        for (std::size_t i = 0; i < 90; ++i) {
            walk.put(i, points[i]);
        }
        std::size_t north = 0;
        std::vector<char> is_north(walk.people.size(), 0);
        while (walk.now_s < 90.0) {
            walk.advance();
            for (std::size_t i = 90; i < walk.people.size(); ++i) {
                if (is_north[i] == 0 && walk.people.is_present(i) && walk.people.y_m[i] > 39.0) {
                    is_north[i] = 1;
                    ++north;
                }
            }
        }
        CHECK(north == (reroute_every_s > 0.0 ? 10 : 0));
    }
}

TEST_CASE("choices and crowds go on alike from a copy of the state, also where a way just closed") {
    TwoExits exits(150);
    exits.scenario.walking.reroute_every_s = 5.0;
    exits.scenario.pedestrians[0].departure = {0.0, 30.0, DepartureShape::Uniform};
    scene::Walk walk(exits.city, exits.scenario);
    for (int k = 0; k < 20; ++k) {
        walk.advance();
    }
    CHECK(std::any_of(walk.people.walk_pace.begin(), walk.people.walk_pace.end(),
                      [](std::uint8_t pace) { return pace < free_pace; }));
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (std::size_t t = 0; t < walk.city->walk.triangles.size(); ++t) {
        walk.conditions.walk_closed[t] = walk.city->walk.centroid(TriangleId(t)).x() > 90.0;
    }
    ++walk.conditions.walk_version;
    for (int k = 0; k < 12; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(std::count(walk.people.target.begin(), walk.people.target.end(), 1u) <
          std::count(walk.people.target.begin(), walk.people.target.end(), 0u));
    CHECK(digest_of(copy) == digest_of(walk.people));
}
