#include "pedestrians/persons.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("free speed peaks at twenty and falls with age") {
    CHECK(speed_at_age(20.0).mean_mps == doctest::Approx(1.60));
    CHECK(speed_at_age(50.0).mean_mps == doctest::Approx(1.41));
    CHECK(speed_at_age(75.0).mean_mps == doctest::Approx(0.5 * (1.06 + 0.70)));
    CHECK(speed_at_age(1.0).mean_mps == speed_at_age(3.0).mean_mps);
    CHECK(speed_at_age(99.0).mean_mps == speed_at_age(85.0).mean_mps);
    for (double age = 20.0; age < 85.0; age += 1.0) {
        CHECK(speed_at_age(age + 1.0).mean_mps < speed_at_age(age).mean_mps);
        CHECK(speed_at_age(age).sd_mps > 0.0);
    }
}

TEST_CASE("people get profile, body and reaction of their kind") {
    const auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 10.0)}));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 10, 10));
    const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(10, 0, 20, 10));
    for (const ProfileKind kind :
         {ProfileKind::Adult, ProfileKind::Child, ProfileKind::Elderly, ProfileKind::Wheelchair}) {
        scenario.profiles.push_back(profile_of(kind));
        const ProfileId profile(scenario.profiles.size() - 1);
        scenario.profiles.back().reaction = {TimeShape::Uniform, 0.0, 0.0, 10.0, 20.0};
        scenario.profiles.back().radius_sd_m = 0.02;
        scene::add_demand(scenario, 400, profile, from, to, {5.0, 5.0, {}});
    }
    const Pedestrians people = plan_pedestrians(*city, scenario);
    double mean_mps[4] = {};
    double least_m = 1.0;
    double most_m = 0.0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        CHECK(people.profile[i] == i / 400);
        mean_mps[i / 400] += people.free_speed_mps[i] / 400.0;
        CHECK(people.reaction_s[i] >= 10.0F);
        CHECK(people.depart_s[i] ==
              doctest::Approx(5.0 + static_cast<double>(people.reaction_s[i])));
        if (i < 400) {
            least_m = std::min(least_m, static_cast<double>(people.radius_m[i]));
            most_m = std::max(most_m, static_cast<double>(people.radius_m[i]));
        }
    }
    CHECK(mean_mps[0] == doctest::Approx(1.34).epsilon(0.03)); // adults, Weidmann
    CHECK(mean_mps[1] < mean_mps[0]);
    CHECK(mean_mps[2] == doctest::Approx(1.0).epsilon(0.1));   // 72 years: 0.99 m/s
    CHECK(mean_mps[3] == doctest::Approx(0.71).epsilon(0.05)); // 0.69, cut at 0.13 and 1.35 m/s
    CHECK(least_m > 0.155);
    CHECK(least_m < 0.175);
    CHECK(most_m > 0.225);
    CHECK(most_m < 0.245);
}

TEST_CASE("the patience of the profile tells how long people bear to be held up") {
    // Bodies across the whole corridor let nobody past: the time held up rises until pressing is
    // at its most, 1.25 times the patience and the time after it.
    for (const double patience_s : {1.0, 40.0}) {
        auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 20.0, 1.2)}, {}, 4.0));
        Scenario scenario;
        const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 4, 1.2));
        const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(16, 0, 20, 1.2));
        const ProfileId profile = scene::add_profile(scenario, 1.34);
        scenario.profiles[0].patience_s = patience_s;
        scene::add_demand(scenario, 5, profile, from, to);
        scene::Walk walk(city, scenario);
        walk.put(0, Vec2(5.0, 0.6));
        for (std::size_t i = 1; i < 5; ++i) {
            walk.put(i, Vec2(6.0, 0.15 + 0.3 * static_cast<double>(i - 1)));
            walk.people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Toppled);
        }
        double most_held_s = 0.0;
        while (walk.now_s < 200.0) {
            walk.advance(1.0);
            most_held_s = std::max(most_held_s, walk.people.held_s[0]);
        }
        CHECK(walk.people.x_m[0] < 6.0);
        CHECK(most_held_s == doctest::Approx(1.25 * (patience_s + 16.0)));
    }
}
