#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <numeric>

/// Profiles with parameters of the default walking model of their own.
using namespace veste;
using scene::box;

namespace {

/// Two streams of 60 people side by side through a corridor 4 m wide and a door of 1.2 m, each with
/// a profile of its own.
struct Street {
    std::shared_ptr<City> city = scene::city_of(scene::mesh_of(
        {box(0.0, 0.0, 40.0, 4.0), box(40.0, 1.4, 40.4, 2.6), box(40.4, 0.0, 50.0, 4.0)}));
    Scenario scenario;

    Street() {
        const PlaceId from = scene::add_place(scenario, *city, "from", box(0.0, 0.0, 40.0, 4.0));
        const PlaceId to = scene::add_place(scenario, *city, "to", box(40.4, 0.0, 50.0, 4.0));
        for (int k = 0; k < 2; ++k) {
            scene::add_demand(scenario, 60, scene::add_profile(scenario, 1.34, 0.26), from, to,
                              {0.0, 20.0, {}});
        }
    }
    CollisionFreeSpeed& own(std::size_t profile) {
        return scenario.profiles[profile].collision_free.emplace();
    }
    std::string digest_after(double until_s) {
        scene::Walk walk(city, scenario);
        walk.run_until_all_arrived(until_s);
        return digest_of(walk.people);
    }
};

} // namespace

TEST_CASE("a profile that gives the default parameters itself walks as one that gives none") {
    Street plain;
    Street given;
    given.own(0) = {};
    CHECK(plain.digest_after(30.0) == given.digest_after(30.0));
}

TEST_CASE("a profile's own distance to walls is kept by its people and by no others") {
    // One person each walks along a corridor 1.5 m wide, close to its lower wall.
    Street street;
    street.own(1).wall_share = 2.5;
    for (PedestrianDemand& demand : street.scenario.pedestrians) {
        demand.count = 1;
        demand.departure = {0.0, 0.0, {}};
    }
    scene::Walk walk(street.city, street.scenario);
    walk.put(0, Vec2(20.0, 0.25));
    walk.put(1, Vec2(5.0, 0.6));
    double least_m[2] = {1e9, 1e9};
    for (int k = 0; k < 80; ++k) {
        walk.advance(0.1);
        for (std::size_t i = 0; i < 2; ++i) {
            least_m[i] = std::min(least_m[i], walk.people.y_m[i]);
        }
    }
    CHECK(least_m[0] < 0.4);
    CHECK(least_m[1] >= 2.5 * 0.2 - 0.02); // the brake closes in over a few steps
}

TEST_CASE("people whose profile keeps more room need longer through a door") {
    double mean_s[2];
    for (int k = 0; k < 2; ++k) {
        Street street;
        for (std::size_t profile = 0; profile < 2; ++profile) {
            street.own(profile).body_share = k == 0 ? 1.6 : 2.2;
        }
        scene::Walk walk(street.city, street.scenario);
        REQUIRE(walk.run_until_all_arrived(400.0));
        const std::vector<double>& arrived_s = walk.people.arrived_s;
        mean_s[k] = std::accumulate(arrived_s.begin(), arrived_s.end(), 0.0) / 120.0;
    }
    MESSAGE("mean arrival with body share 1.6: ", mean_s[0], " s, 2.2: ", mean_s[1], " s");
    CHECK(mean_s[1] > 1.03 * mean_s[0]);
}

TEST_CASE("people without a profile walk by the scenario's model") {
    Street street;
    for (PedestrianDemand& demand : street.scenario.pedestrians) {
        demand.profiles.clear();
        demand.count = 1;
        demand.departure = {0.0, 0.0, {}};
    }
    street.scenario.ordinary.model = WalkingModel::SocialForce;
    street.scenario.ordinary.social_force.relaxation_s = 2.0;
    scene::Walk walk(street.city, street.scenario);
    walk.put(0, Vec2(5.0, 1.0));
    walk.put(1, Vec2(15.0, 3.0));
    walk.advance(1.0);
    // v(t) = v0 (1 - exp(-t / tau)): after 1 s at tau = 2 s 0.393 of the free speed.
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(walk.people.speed_mps[i] ==
              doctest::Approx(0.393 * walk.people.free_speed_mps[i]).epsilon(0.02));
    }
}
