#include "pedestrians/stability.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

constexpr Body adult{1.71, 68.7};
constexpr Body child{1.26, 25.5};

double critical_mps(const Body& body, double depth_m) {
    return std::min(sliding_speed_mps(body, depth_m), toppling_speed_mps(body, depth_m));
}

} // namespace

TEST_CASE("deeper water takes people off their feet at lower speeds, children first") {
    double before_mps = 1e9;
    for (double depth_m = 0.2; depth_m < 1.2; depth_m += 0.1) {
        CAPTURE(depth_m);
        CHECK(critical_mps(adult, depth_m) < before_mps);
        CHECK(critical_mps(child, depth_m) < critical_mps(adult, depth_m));
        before_mps = critical_mps(adult, depth_m);
    }
    // Between the products that Jonkman and Penning-Rowsell (2008) collected: 0.6 to 1.3 m2/s.
    for (const double depth_m : {0.4, 0.6, 0.8, 1.0}) {
        CAPTURE(depth_m);
        CHECK(depth_m * critical_mps(adult, depth_m) > 0.6);
        CHECK(depth_m * critical_mps(adult, depth_m) < 1.3);
    }
    CHECK(is_swept_away(adult, 0.8, 2.0));
    CHECK_FALSE(is_swept_away(adult, 0.8, 0.5));
    CHECK_FALSE(is_swept_away(adult, 0.05, 5.0));
    CHECK(is_swept_away(child, 1.3, 0.0)); // over its head
    CHECK_FALSE(is_swept_away(adult, 1.3, 0.0));
}

TEST_CASE("who is toppled stays where they fell, and nobody is lost from the count") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 80.0, 4.0)}, {}, 4.0));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 8, 4));
    const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(72, 0, 80, 4));
    const ProfileId profile = scene::add_profile(scenario, 1.34, 0.26);
    scene::add_demand(scenario, 120, profile, from, to, {0.0, 60.0, {}});
    scene::Walk walk(city, scenario);
    std::vector<double> fell_x_m(120, -1.0);
    while (walk.now_s < 250.0) {
        if (walk.now_s == 50.0) { // a wave over the middle, too sudden to turn back from
            for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
                const double x = city->walk.centroid(TriangleId(t)).x();
                if (x > 30.0 && x < 50.0) {
                    walk.conditions.walk_depth_m[t] = 0.8F;
                    walk.conditions.walk_water_mps[t] = 1.8F;
                }
            }
            ++walk.conditions.walk_version;
        }
        walk.advance(1.0);
        const std::size_t planned = walk.count(WalkerPhase::Planned);
        const std::size_t toppled = walk.count(WalkerPhase::Toppled);
        CHECK(walk.count(WalkerPhase::Walking) + walk.arrived() + toppled + planned == 120);
        for (std::size_t i = 0; i < 120; ++i) {
            if (walk.people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Toppled)) {
                fell_x_m[i] = fell_x_m[i] < 0.0 ? walk.people.x_m[i] : fell_x_m[i];
                CHECK(walk.people.x_m[i] == fell_x_m[i]);
                CHECK(walk.people.speed_mps[i] == 0.0);
            }
        }
    }
    const std::size_t toppled = walk.count(WalkerPhase::Toppled);
    CHECK(toppled > 5);
    CHECK(toppled < 60); // those outside the wave walk on or stay away
    CHECK(walk.arrived() > 0);
    for (std::size_t i = 0; i < 120; ++i) {
        CHECK((fell_x_m[i] < 0.0 || (fell_x_m[i] > 29.0 && fell_x_m[i] < 51.0)));
    }
}

TEST_CASE("of people in one flood the children are toppled first") {
    std::size_t toppled[2] = {};
    for (const int k : {0, 1}) {
        auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 40.0, 10.0)}, {}, 5.0));
        Scenario scenario;
        scenario.profiles.push_back(profile_of(k == 0 ? ProfileKind::Adult : ProfileKind::Child));
        const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 20, 10));
        const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(35, 0, 40, 10));
        scene::add_demand(scenario, 50, ProfileId(0U), from, to);
        scene::Walk walk(city, scenario);
        walk.conditions.walk_depth_m.assign(city->walk.triangles.size(), 0.5F);
        walk.conditions.walk_water_mps.assign(city->walk.triangles.size(), 1.8F);
        const auto points = scene::scattered(scene::box(1, 1, 19, 9), 50, 1.0, 4);
        for (std::size_t i = 0; i < 50; ++i) {
            walk.put(i, points[i]);
        }
        walk.advance(1.0);
        toppled[k] = walk.count(WalkerPhase::Toppled);
    }
    CHECK(toppled[0] == 0);
    CHECK(toppled[1] > 25);
}

TEST_CASE("water among those who queue topples some, and the gate serves the others") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 60.0, 20.0)}, {}, 4.0));
    Scenario scenario;
    scene::add_gate(scenario, *city, Vec2(38.0, 10.0), 0.5);
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 10, 20));
    const PlaceId stage = scene::add_place(scenario, *city, "stage", scene::box(45, 0, 60, 20));
    scene::add_event(scenario, 60, scene::add_profile(scenario, 1.34, 0.2), from, stage,
                     Vec2(60.0, 10.0));
    scene::Walk walk(city, scenario);
    for (int k = 0; k < 60; ++k) {
        walk.advance();
    }
    REQUIRE(walk.count(WalkerPhase::Queueing) > 20);
    for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
        walk.conditions.walk_water_mps[t] = 1.7F; // a wave that is gone after a second
        walk.conditions.walk_depth_m[t] = 0.75F;
    }
    ++walk.conditions.walk_version;
    walk.advance();
    walk.conditions = Conditions::calm(*city);
    walk.conditions.walk_version = 2;
    const std::size_t toppled = walk.count(WalkerPhase::Toppled);
    CHECK(toppled > 10);
    CHECK(toppled < 60);
    const std::vector<double> x_m = walk.people.x_m;
    const std::vector<std::uint8_t> phase = walk.people.phase;
    for (int k = 0; k < 240; ++k) {
        walk.advance();
    }
    for (std::size_t i = 0; i < 60; ++i) {
        if (phase[i] == static_cast<std::uint8_t>(WalkerPhase::Toppled)) {
            CHECK(walk.people.phase[i] == phase[i]);
            CHECK(walk.people.x_m[i] == x_m[i]);
        }
    }
    CHECK(walk.count(WalkerPhase::Toppled) == toppled);
    CHECK(walk.count(WalkerPhase::Standing) == 60 - toppled);
}
