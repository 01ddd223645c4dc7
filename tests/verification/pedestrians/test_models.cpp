#include "pedestrians/measures.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>

/// The operational models beside the default one: what their papers and peers say of them.
namespace {

using namespace veste;

Profile walkers_of(WalkingModel model) {
    Profile profile;
    profile.name = "walkers";
    profile.free_speed_sd_mps = 0.0;
    profile.free_speed_min_mps = profile.free_speed_mean_mps;
    profile.free_speed_max_mps = profile.free_speed_mean_mps;
    profile.model = model;
    return profile;
}

/// Two people 20 m apart walk towards each other along a corridor 3 m wide.
scene::Walk facing_pair(WalkingModel model) {
    scene::Corridor corridor(40.0, 3.0, walkers_of(model));
    scene::add_demand(corridor.scenario, 1, corridor.profile, corridor.west, corridor.east);
    scene::add_demand(corridor.scenario, 1, corridor.profile, corridor.east, corridor.west);
    scene::Walk walk(corridor.city, corridor.scenario);
    walk.put(0, Vec2(10.0, 1.5));
    walk.put(1, Vec2(30.0, 1.5));
    return walk;
}

/// 80 people pressed through a door of this width, desired speed as given.
scene::Walk room(WalkingModel model, double door_m, double desired_mps) {
    const double y0 = 5.0 - 0.5 * door_m;
    auto city = scene::city_of(
        scene::mesh_of({scene::box(0.0, 0.0, 10.0, 10.0), scene::box(10.0, y0, 10.4, y0 + door_m),
                        scene::box(10.4, 0.0, 20.0, 10.0), scene::box(19.0, 0.0, 20.0, 10.0)}));
    Scenario scenario;
    Profile profile = walkers_of(model);
    profile.free_speed_mean_mps = desired_mps;
    profile.free_speed_min_mps = desired_mps;
    profile.free_speed_max_mps = desired_mps;
    profile.radius_m = 0.25;
    profile.mass_kg = 80.0;
    scenario.profiles.push_back(profile);
    const PlaceId from =
        scene::add_place(scenario, *city, "room", scene::box(0.0, 0.0, 10.0, 10.0));
    const PlaceId to = scene::add_place(scenario, *city, "yard", scene::box(19.0, 0.0, 20.0, 10.0));
    scene::add_demand(scenario, 80, ProfileId(std::size_t{0}), from, to);
    scene::Walk walk(city, scenario);
    const auto points = scene::scattered(scene::box(0.5, 0.5, 9.0, 9.5), 80, 0.7, 7);
    for (std::size_t i = 0; i < points.size(); ++i) {
        walk.put(i, points[i]);
    }
    return walk;
}

double most_contact_n(const scene::Walk& walk) {
    float most = 0.0F;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        most = walk.people.is_present(i) ? std::max(most, walk.people.contact_n[i]) : most;
    }
    return static_cast<double>(most);
}

} // namespace

TEST_CASE("alone, people of every model walk at their free speed") {
    for (const WalkingModel model :
         {WalkingModel::CollisionFreeSpeed, WalkingModel::AnticipationVelocity,
          WalkingModel::SocialForce}) {
        CAPTURE(static_cast<int>(model));
        scene::Corridor corridor(60.0, 2.0, walkers_of(model));
        scene::add_demand(corridor.scenario, 1, corridor.profile, corridor.west, corridor.east);
        scene::Walk walk(corridor.city, corridor.scenario);
        walk.put(0, Vec2(2.0, 1.0));
        walk.advance(5.0); // the social force model needs some relaxation times
        const double before_m = walk.people.x_m[0];
        walk.advance(10.0);
        CHECK((walk.people.x_m[0] - before_m) / 10.0 == doctest::Approx(1.34).epsilon(0.005));
    }
}

TEST_CASE("people of the social force model reach their speed exponentially") {
    scene::Corridor corridor(60.0, 4.0, walkers_of(WalkingModel::SocialForce));
    scene::add_demand(corridor.scenario, 1, corridor.profile, corridor.west, corridor.east);
    scene::Walk walk(corridor.city, corridor.scenario);
    walk.put(0, Vec2(5.0, 2.0));
    walk.advance(1.0);
    // v = v0 (1 - exp(-t / tau)), tau = 0.5 s (Helbing, Farkas, Vicsek 2000, equation 1).
    CHECK(walk.people.speed_mps[0] == doctest::Approx(1.34 * (1.0 - std::exp(-2.0))).epsilon(0.01));
}

TEST_CASE("two people who come face to face step aside early and pass") {
    scene::Walk walk = facing_pair(WalkingModel::AnticipationVelocity);
    double least_m = 1e9;
    double aside_at_2_m = 0.0;
    while (walk.now_s < 40.0 && walk.arrived() < 2) {
        walk.advance(0.1);
        if (walk.arrived() == 0) {
            const double apart_m = walk.least_distance_m();
            least_m = std::min(least_m, apart_m);
            if (apart_m < 2.0 && aside_at_2_m == 0.0) {
                aside_at_2_m = std::abs(walk.people.y_m[0] - walk.people.y_m[1]);
            }
        }
    }
    CHECK(walk.arrived() == 2);
    CHECK(least_m > 0.4);       // the sum of the radii
    CHECK(aside_at_2_m > 0.05); // both have begun to yield before they meet
}

TEST_CASE("the anticipation velocity model slows down with density and never overlaps") {
    double before_mps = 2.0;
    for (const double spacing_m : {3.0, 1.5, 1.0, 0.8}) {
        CAPTURE(spacing_m);
        // A file behind a slow leader would do too; a corridor of one lane is Tordeux's own case.
        auto city = scene::city_of(
            scene::mesh_of({scene::box(0.0, 0.0, 200.0, 0.8), scene::box(0.0, 0.0, 1.0, 0.8),
                            scene::box(199.0, 0.0, 200.0, 0.8)},
                           {}, 10.0));
        Scenario scenario;
        scenario.profiles.push_back(walkers_of(WalkingModel::AnticipationVelocity));
        const PlaceId from = scene::add_place(scenario, *city, "a", scene::box(0.0, 0.0, 1.0, 0.8));
        const PlaceId to =
            scene::add_place(scenario, *city, "b", scene::box(199.0, 0.0, 200.0, 0.8));
        scene::add_demand(scenario, 40, ProfileId(std::size_t{0}), from, to);
        scene::Walk walk(city, scenario);
        for (std::size_t i = 0; i < 40; ++i) {
            walk.put(i, Vec2(2.0 + spacing_m * static_cast<double>(i), 0.4));
        }
        const double start_m = walk.people.x_m[10];
        walk.advance(2.0);
        const double speed_mps = (walk.people.x_m[10] - start_m) / 2.0;
        // Optimal speed (spacing - body) / T, but for the 2 cm that keep bodies apart; the front of
        // the file walks off meanwhile.
        const double theory_mps = std::min(1.34, (spacing_m - 0.42) / 1.06);
        CHECK(speed_mps == doctest::Approx(theory_mps).epsilon(0.1));
        CHECK(speed_mps < before_mps + 1e-9);
        CHECK(walk.least_distance_m() > 0.4);
        before_mps = speed_mps;
    }
}

TEST_CASE("in a crush before a door the social force model tells the force on bodies") {
    scene::Walk calm = room(WalkingModel::SocialForce, 1.0, 0.8);
    scene::Walk rush = room(WalkingModel::SocialForce, 1.0, 4.0);
    double calm_n = 0.0;
    double rush_n = 0.0;
    for (int k = 0; k < 15; ++k) {
        calm.advance(1.0);
        rush.advance(1.0);
        calm_n = std::max(calm_n, most_contact_n(calm));
        rush_n = std::max(rush_n, most_contact_n(rush));
    }
    MESSAGE("most force of contact: ", calm_n, " N at 0.8 m/s, ", rush_n, " N at 4 m/s");
    // Helbing and others: above about 1,600 N per metre of circumference people are injured; the
    // impatient reach that, those who take their time do not.
    const double circumference_m = 2.0 * 3.14159 * 0.25;
    CHECK(calm_n / circumference_m < 1600.0);
    CHECK(rush_n / circumference_m > 1600.0);
    CHECK(calm.all_on_mesh());
    CHECK(rush.all_on_mesh());
    for (const scene::Walk* walk : {&calm, &rush}) {
        const CrowdMeter meter(walk->city, walk->scenario);
        CrowdMeasures measures = meter.first(walk->people);
        CrowdMeter(meter).measure(measures, walk->people, walk->conditions, 1);
        CHECK((measures.crushed_s[0] > 0.0) == (walk == &rush));
    }
}

TEST_CASE("people of all models share a street and get through its door") {
    auto city = scene::city_of(
        scene::mesh_of({scene::box(0.0, 0.0, 15.0, 10.0), scene::box(15.0, 4.0, 17.0, 6.0),
                        scene::box(17.0, 0.0, 27.0, 10.0), scene::box(0.0, 0.0, 14.0, 10.0),
                        scene::box(25.0, 0.0, 27.0, 10.0)}));
    Scenario scenario;
    for (const WalkingModel model :
         {WalkingModel::CollisionFreeSpeed, WalkingModel::AnticipationVelocity,
          WalkingModel::SocialForce}) {
        scenario.profiles.push_back(walkers_of(model));
    }
    const PlaceId from =
        scene::add_place(scenario, *city, "room", scene::box(0.0, 0.0, 14.0, 10.0));
    const PlaceId to = scene::add_place(scenario, *city, "yard", scene::box(25.0, 0.0, 27.0, 10.0));
    for (std::size_t k = 0; k < 3; ++k) {
        scene::add_demand(scenario, 20, ProfileId(k), from, to);
    }
    scene::Walk walk(city, scenario);
    CHECK(walk.run_until_all_arrived(300.0));
    CHECK(walk.all_on_mesh());
}
