#include "pedestrians/operational.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace veste;
using scene::box;

namespace {

/// Two bodies of a profile in a wide corridor, one beside the other.
struct Pair {
    std::shared_ptr<City> city = scene::city_of(scene::mesh_of({box(0, 0, 40, 6)}, {}, 5.0));
    Scenario scenario;

    explicit Pair(ProfileKind kind) {
        const PlaceId from = scene::add_place(scenario, *city, "from", box(0, 0, 20, 6));
        const PlaceId to = scene::add_place(scenario, *city, "to", box(38, 0, 40, 6));
        Profile profile = profile_of(kind);
        profile.name = "bodies";
        profile.model = WalkingModel::SocialForce;
        scenario.profiles.push_back(profile);
        scene::add_demand(scenario, 2, ProfileId(0U), from, to);
    }
    /// Puts the two so that they overlap.
    scene::Walk overlapping(double overlap_m) const {
        scene::Walk walk(city, scenario);
        const double apart_m = walk.people.radius(0) + walk.people.radius(1) - overlap_m;
        walk.put(0, Vec2(10.0, 3.0));
        walk.put(1, Vec2(10.0, 3.0 + apart_m));
        return walk;
    }
};

} // namespace

TEST_CASE("friction between bodies that slip past each other slows them, children too") {
    for (const ProfileKind kind : {ProfileKind::Adult, ProfileKind::Child, ProfileKind::Elderly}) {
        CAPTURE(static_cast<int>(kind));
        const Pair pair(kind);
        scene::Walk walk = pair.overlapping(0.024);
        walk.people.velocity_x_mps = {0.3F, -0.3F};
        const double step_s = social_force_step_s(pair.scenario.profiles[0]);
        walk.model.advance(walk.people, walk.conditions, 0.0, step_s, 1.0);
        const float slip_mps = walk.people.velocity_x_mps[0] - walk.people.velocity_x_mps[1];
        CHECK(std::abs(slip_mps) < 0.6F);
    }
}

TEST_CASE("steps under social forces are short enough for mass, stiffness and friction") {
    Profile profile;
    CHECK(social_force_step_s(profile) == 0.01);
    profile.mass_kg = 25.5;
    CHECK(social_force_step_s(profile) == doctest::Approx(0.00425));
    profile.social_force.friction_kg_per_ms = 0.0;
    CHECK(social_force_step_s(profile) == 0.01);
    profile.social_force.body_n_per_m = 1.5e5;
    profile.mass_kg = 5.0;
    CHECK(social_force_step_s(profile) == doctest::Approx(0.004714).epsilon(1e-3));
}

TEST_CASE("only profiles that someone has shorten the steps") {
    Pair pair(ProfileKind::Child);
    Profile plain;
    plain.name = "plain";
    pair.scenario.profiles.push_back(plain);
    pair.scenario.pedestrians[0].profiles = {{ProfileId(1U), 1.0}, {ProfileId(0U), 0.0}};
    scene::Walk walk(pair.city, pair.scenario);
    walk.put(0, Vec2(10.0, 1.0));
    walk.put(1, Vec2(10.0, 5.0));
    walk.model.advance(walk.people, walk.conditions, 0.0, 1.0, 0.25);
    CHECK(walk.people.walked_s[0] == 1.0); // the exact sum of four quarters
}

TEST_CASE("who does not move by themselves has no force of contact left over") {
    for (const bool is_toppled : {true, false}) {
        CAPTURE(is_toppled);
        const Pair pair(ProfileKind::Adult);
        scene::Walk walk = pair.overlapping(0.02);
        walk.advance(0.01);
        REQUIRE(walk.people.contact_n[0] > 100.0F);
        if (is_toppled) {
            walk.people.phase[0] = static_cast<std::uint8_t>(WalkerPhase::Toppled);
        } else {
            walk.people.x_m[0] = 39.0; // at the destination
            walk.people.triangle[0] = pair.city->walk.locate(Vec2(39.0, 3.0)).value().index;
        }
        walk.advance(0.01);
        CHECK(walk.people.contact_n[0] == 0.0F);
        CHECK((is_toppled || walk.arrived() == 1));
    }
}
