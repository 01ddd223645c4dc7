#include "pedestrians/groups.hpp"
#include "pedestrians/persons.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <numeric>

using namespace veste;

namespace {

/// One person walks a corridor or stair of a length along x, 2 m wide, one way or the other: speed
/// between 1 m after its beginning and 1 m before its end.
struct Alone {
    double length_m = 40.0;
    bool is_stair = false;
    bool walks_up = true; ///< east, where a stair leads up
    double step_s = 0.1;
    Profile profile;
};

Profile exactly(double speed_mps) {
    Profile profile;
    profile.free_speed_mean_mps = speed_mps;
    profile.free_speed_sd_mps = 0.0;
    profile.free_speed_min_mps = speed_mps;
    profile.free_speed_max_mps = speed_mps;
    return profile;
}

double time_s(const Alone& alone) {
    constexpr double landing_m = 4.0;
    const double end_m = landing_m + alone.length_m;
    WalkMesh mesh = scene::mesh_of({scene::box(0.0, 0.0, landing_m, 2.0),
                                    scene::box(landing_m, 0.0, end_m, 2.0),
                                    scene::box(end_m, 0.0, end_m + landing_m, 2.0)});
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const double x = mesh.centroid(TriangleId(t)).x();
        if (alone.is_stair && x > landing_m && x < end_m) {
            mesh.triangles[t].kind = WalkKind::Steps;
            mesh.triangles[t].uphill = {0.5F, 0.0F};
        }
    }
    auto city = scene::city_of(std::move(mesh));
    Scenario scenario;
    scenario.profiles.push_back(alone.profile);
    const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 0, landing_m, 2));
    const PlaceId east =
        scene::add_place(scenario, *city, "east", scene::box(end_m, 0, end_m + landing_m, 2));
    scene::add_demand(scenario, 1, ProfileId(0U), alone.walks_up ? west : east,
                      alone.walks_up ? east : west);
    scene::Walk walk(city, scenario);
    walk.step_s = alone.step_s;
    walk.put(0, Vec2(alone.walks_up ? landing_m : end_m, 1.0));
    REQUIRE(walk.run_until_all_arrived(600.0, alone.step_s));
    return walk.people.arrived_s[0];
}

} // namespace

TEST_CASE("RiMEA 1: one person keeps 1.33 m/s along 40 m, in 26 to 34 s") {
    for (const double step_s : {0.05, 0.1}) {
        const double taken_s = time_s({.step_s = step_s, .profile = exactly(1.33)});
        CHECK(taken_s > 26.0);
        CHECK(taken_s < 34.0);
        CHECK(taken_s == doctest::Approx(40.0 / 1.33).epsilon(0.01)); // our own, closer limit
    }
}

TEST_CASE("IMO 1 and NIST 2.1: 40 m at 1 m/s take 40 s") {
    const double taken_s = time_s({.profile = exactly(1.0)});
    CHECK(taken_s == doctest::Approx(40.0).epsilon(0.0125)); // IMO: 40 s
    CHECK(std::abs(40.0 / taken_s - 1.0) < 0.05);            // NIST 2.1
}

TEST_CASE("RiMEA 2 and 3: on a stair of 10 m people keep the speed given for up and for down") {
    Profile profile = exactly(1.34);
    profile.stairs_up_share = 0.61 / 1.34; // Weidmann 1993
    profile.stairs_down_share = 0.69 / 1.34;
    const double up_s =
        time_s({.length_m = 10.0, .is_stair = true, .walks_up = true, .profile = profile});
    const double down_s =
        time_s({.length_m = 10.0, .is_stair = true, .walks_up = false, .profile = profile});
    CHECK(10.0 / up_s == doctest::Approx(0.61).epsilon(0.05));
    CHECK(10.0 / down_s == doctest::Approx(0.69).epsilon(0.05));
    CHECK(down_s < up_s - 1.0);
}

TEST_CASE("an ordinary profile walks stairs as Weidmann measured, up more slowly than down") {
    const double up_s = time_s({.length_m = 10.0, .is_stair = true, .profile = exactly(1.34)});
    const double down_s =
        time_s({.length_m = 10.0, .is_stair = true, .walks_up = false, .profile = exactly(1.34)});
    CHECK(10.0 / up_s == doctest::Approx(0.610).epsilon(0.03));
    CHECK(10.0 / down_s == doctest::Approx(0.694).epsilon(0.03));
}

TEST_CASE("IMO 2 and 3: 10 m of stair at 1 m/s take 10 s, up and down") {
    Profile profile = exactly(1.0);
    profile.stairs_up_share = 1.0;
    profile.stairs_down_share = 1.0;
    for (const bool walks_up : {true, false}) {
        CHECK(time_s(
                  {.length_m = 10.0, .is_stair = true, .walks_up = walks_up, .profile = profile}) ==
              doctest::Approx(10.0).epsilon(0.05));
    }
}

TEST_CASE("NIST 2.2: 100 m of stair at 1 m/s, up and down, within 0.05 m/s") {
    Profile profile = exactly(2.0);
    profile.stairs_up_share = 0.5;
    profile.stairs_down_share = 0.5;
    for (const bool walks_up : {true, false}) {
        const double taken_s =
            time_s({.length_m = 100.0, .is_stair = true, .walks_up = walks_up, .profile = profile});
        CHECK(std::abs(100.0 / taken_s - 1.0) < 0.05);
    }
}

namespace {

/// Speeds at which 50 people of a profile walk 20 m side by side, far from each other.
std::vector<double> walked_speeds_mps(const Profile& profile, std::uint64_t seed) {
    constexpr std::uint32_t count = 50;
    auto city = scene::city_of(
        scene::mesh_of({scene::box(0.0, 0.0, 50.0, 200.0), scene::box(50, 0, 52, 200)}));
    Scenario scenario;
    scenario.seed = seed;
    scenario.profiles.push_back(profile);
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 50, 200));
    const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(50, 0, 52, 200));
    scene::add_demand(scenario, count, ProfileId(0U), from, to);
    scene::Walk walk(city, scenario);
    for (std::uint32_t i = 0; i < count; ++i) {
        walk.put(i, Vec2(1.0, 2.0 + 4.0 * i));
    }
    walk.advance(1.0);
    const std::vector<double> before_m = walk.people.walked_m;
    walk.advance(10.0);
    std::vector<double> speeds_mps;
    for (std::uint32_t i = 0; i < count; ++i) {
        speeds_mps.push_back((walk.people.walked_m[i] - before_m[i]) / 10.0);
    }
    return speeds_mps;
}

} // namespace

namespace {

double mean_speed_mps(const CutNormal& age) {
    double sum_mps = 0.0;
    double sum = 0.0;
    for (double years = age.least; years <= age.most; years += 0.1) {
        const double weight = std::exp(-0.5 * std::pow((years - age.mean) / age.sd, 2));
        sum_mps += weight * speed_at_age(years).mean_mps;
        sum += weight;
    }
    return sum_mps / sum;
}

} // namespace

TEST_CASE("RiMEA 7: fifty people of each age walk at the speeds of their age") {
    struct Class {
        CutNormal age;
        double low_mps, high_mps;
    };
    // Bands of the guideline's table; it is drawn for people from five to eighty.
    for (const Class& group :
         {Class{{20.0, 8.0, 5.0, 30.0}, 0.58, 1.61}, Class{{40.0, 5.0, 30.0, 50.0}, 1.41, 1.54},
          Class{{65.0, 8.0, 50.0, 80.0}, 0.68, 1.41}}) {
        for (double age = group.age.least; age <= group.age.most; age += 1.0) {
            CHECK(speed_at_age(age).mean_mps >= group.low_mps);
            CHECK(speed_at_age(age).mean_mps <= group.high_mps);
        }
        Profile profile;
        profile.age = group.age;
        const std::vector<double> speeds_mps = walked_speeds_mps(profile, 7);
        const double mean_mps = std::accumulate(speeds_mps.begin(), speeds_mps.end(), 0.0) / 50.0;
        // The mean of fifty within two of its standard errors, at most 0.38 m/s (at one age 0.28,
        // over the ages below thirty 0.25) over the root of fifty, of the curve's mean.
        CHECK(std::abs(mean_mps - mean_speed_mps(group.age)) < 0.11);
        // Every one within the scatter of two standard deviations that the curve has at their ages.
        const double young = speed_at_age(group.age.least).mean_mps;
        const double old = speed_at_age(group.age.most).mean_mps;
        for (const double speed_mps : speeds_mps) {
            CHECK(speed_mps > std::min(young, old) - 2.0 * 0.31);
            CHECK(speed_mps < 1.60 + 2.0 * 0.31);
        }
    }
    for (const double speed_mps : walked_speeds_mps(profile_of(ProfileKind::Impaired), 8)) {
        CHECK(speed_mps > 0.45);
        CHECK(speed_mps < 0.77);
    }
}

TEST_CASE("IMO 4: the flow through a 1 m exit stays below 1.33 per second where it is capped") {
    // The circular's doorways pass at most 1.3 per metre and second (table of maximum specific
    // flows); measured people pass faster (1.9), and so do ours. The cap is a gate in the door. Its
    // service times scatter exponentially: at 1.25 per second the mean of twenty runs stays three
    // standard errors below the circular's limit.
    double emptied_s = 0.0;
    constexpr int seeds = 20;
    for (std::uint64_t seed = 1; seed <= seeds; ++seed) {
        auto city = scene::city_of(
            scene::mesh_of({scene::box(0.0, 0.0, 8.0, 5.0), scene::box(8.0, 2.0, 9.0, 3.0),
                            scene::box(9.0, 0.0, 30.0, 5.0)}));
        Scenario scenario;
        scenario.seed = seed;
        scene::add_gate(scenario, *city, Vec2(8.1, 2.5), 1.25);
        const PlaceId room = scene::add_place(scenario, *city, "room", scene::box(0, 0, 8, 5));
        const PlaceId stage = scene::add_place(scenario, *city, "outside", scene::box(9, 0, 30, 5));
        scene::add_event(scenario, 100, scene::add_profile(scenario, 1.34, 0.26), room, stage,
                         Vec2(30.0, 2.5));
        scene::Walk walk(city, scenario);
        const auto points = scene::scattered(scene::box(0.3, 0.3, 7.5, 4.7), 100, 0.5, seed);
        for (std::size_t i = 0; i < 100; ++i) {
            walk.put(i, points[i]);
        }
        while (walk.now_s < 400.0 && walk.people.gate_served[0] < 100) {
            walk.advance(1.0);
        }
        REQUIRE(walk.people.gate_served[0] == 100);
        emptied_s += walk.now_s;
    }
    const double flow_per_s = 100.0 * seeds / emptied_s;
    MESSAGE("capped flow ", flow_per_s, " per second");
    CHECK(flow_per_s <= 1.33);
    CHECK(flow_per_s > 0.8); // a cap, not a plug
}

TEST_CASE("NIST 2.9: a group of four at 1.25 and one at 0.5 m/s arrives within 10 s") {
    // Two rooms of 10 x 8 m and a corridor of 30 x 2 m between them; the group starts in the one.
    for (const bool is_group : {true, false}) {
        auto city = scene::city_of(
            scene::mesh_of({scene::box(0.0, 0.0, 10.0, 8.0), scene::box(10.0, 3.0, 40.0, 5.0),
                            scene::box(40.0, 0.0, 50.0, 8.0)},
                           {}, 5.0));
        Scenario scenario;
        const ProfileId profile = scene::add_profile(scenario, 1.25);
        const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 10, 8));
        const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(45, 0, 50, 8));
        scene::add_demand(scenario, 5, profile, from, to, {0.0, 0.0, {}});
        scenario.pedestrians[0].groups.share = is_group ? 1.0 : 0.0;
        scenario.pedestrians[0].groups.size_weights = {0.0, 0.0, 0.0, 1.0, 0.0};
        scene::Walk walk(city, scenario);
        walk.people.free_speed_mps[2] = 0.5;
        REQUIRE(walk.run_until_all_arrived(300.0, 1.0));
        const auto [first, last] =
            std::minmax_element(walk.people.arrived_s.begin(), walk.people.arrived_s.end());
        MESSAGE(std::string(is_group ? "group: " : "alone: "), *first, " to ", *last, " s");
        CHECK((*last - *first < 10.0) == is_group);
        CHECK(*last < 1.15 * 45.0 / 0.5); // waiting holds nobody back but the fast
    }
}
