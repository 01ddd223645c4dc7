#include "pedestrians/effects.hpp"

#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("wading slows by the measured share at knee depth and ever more with depth") {
    CHECK(wading_factor(0.0) == 1.0);
    // Li, Song, Zhang, Bode 2026: -38.6 % of men, -44.8 % of women at 0.35 m.
    CHECK(wading_factor(0.35) > 1.0 - 0.448);
    CHECK(wading_factor(0.35) < 1.0 - 0.386);
    double before = 1.0;
    double loss_before = 1.0;
    for (double depth_m = 0.05; depth_m < 1.2; depth_m += 0.05) {
        const double now = wading_factor(depth_m);
        CHECK(now < before);
        CHECK(before - now < loss_before); // progressively smaller changes
        loss_before = before - now;
        before = now;
    }
}

TEST_CASE("flowing water slows more than still water, to a fifth where it takes people along") {
    CHECK(flow_factor(0.0, 2.0) == 1.0);
    CHECK(flow_factor(0.3, 0.0) == 1.0);
    double before = 1.0;
    for (double water_mps = 0.2; water_mps < 2.5; water_mps += 0.2) {
        CHECK(flow_factor(0.3, water_mps) < before);
        before = flow_factor(0.3, water_mps);
    }
    CHECK(flow_factor(0.6, 0.8) < flow_factor(0.3, 0.8));
    CHECK(flow_factor(0.6, 9.0) == doctest::Approx(0.2));
}

TEST_CASE("the hazard rating follows FD2320 with its debris factor") {
    CHECK(hazard_rating(0.0, 3.0) == 0.0);
    CHECK(hazard_rating(0.2, 1.0) == doctest::Approx(0.2 * 1.5));
    CHECK(hazard_rating(0.3, 1.0) == doctest::Approx(0.3 * 1.5 + 1.0));
    CHECK(hazard_rating(0.2, 2.5) == doctest::Approx(0.2 * 3.0 + 1.0));
    CHECK(hazard_rating(0.6, 0.0) >= hazard_for_most);
    CHECK(hazard_rating(0.4, 0.0) < hazard_for_most);
}

TEST_CASE("darkness slows below 1 lx only and never below half the pace") {
    CHECK(darkness_factor(10000.0) == 1.0);
    CHECK(darkness_factor(1.0) == 1.0);
    CHECK(darkness_factor(0.2) == doctest::Approx(0.83).epsilon(0.01)); // Cao and others: 0.832
    CHECK(darkness_factor(0.05) < darkness_factor(0.2));
    CHECK(darkness_factor(0.0) == 0.5);
}

TEST_CASE("steps and slopes slow people") {
    CHECK(slope_factor(0.0) == 1.0);
    CHECK(slope_factor(0.1) == doctest::Approx(0.7047).epsilon(0.001)); // Tobler: exp(-0.35)
    CHECK(slope_factor(3.0) == 0.3);
    CHECK(steps_factor < slope_factor(0.2));
}

TEST_CASE("slopes are walked fastest a little downhill, and more slowly up than down") {
    CHECK(directed_slope_factor(0.0) == 1.0);
    CHECK(directed_slope_factor(0.1) == doctest::Approx(0.7047).epsilon(0.001));   // exp(-0.35)
    CHECK(directed_slope_factor(-0.05) == doctest::Approx(1.1912).epsilon(0.001)); // exp(0.175)
    CHECK(directed_slope_factor(-0.2) > directed_slope_factor(0.2));
    CHECK(directed_slope_factor(1.0) == 0.3);
}

TEST_CASE("pace follows the way up, on slopes and on stairs") {
    const Vec2 east(1.0, 0.0);
    const Profile profile;
    WalkTriangle slope;
    slope.slope = 0.1F;
    slope.uphill = {0.1F, 0.0F};
    CHECK(pace_on(slope, east, 1.34, 0.5, profile) ==
          doctest::Approx(1.34 * directed_slope_factor(0.1)).epsilon(1e-6));
    CHECK(pace_on(slope, -east, 1.34, 0.5, profile) ==
          doctest::Approx(1.34 * directed_slope_factor(-0.1)).epsilon(1e-6));
    CHECK(pace_on(slope, Vec2(0.0, 1.0), 1.34, 0.5, profile) == doctest::Approx(1.34));
    WalkTriangle stair;
    stair.kind = WalkKind::Steps;
    CHECK(pace_on(stair, east, 1.34, 0.5, profile) == doctest::Approx(0.652).epsilon(0.001));
    stair.uphill = {0.5F, 0.0F};
    CHECK(pace_on(stair, east, 1.34, 0.5, profile) == doctest::Approx(0.610).epsilon(0.001));
    CHECK(pace_on(stair, -east, 1.34, 0.5, profile) == doctest::Approx(0.694).epsilon(0.001));
}

TEST_CASE("on an escalator most ride and some walk on") {
    const Vec2 east(1.0, 0.0);
    const Profile profile;
    WalkTriangle escalator;
    escalator.kind = WalkKind::Steps;
    escalator.uphill = {0.5F, 0.0F};
    escalator.conveyor_mps = {0.5F, 0.0F};
    CHECK(pace_on(escalator, east, 1.34, 0.2, profile) == doctest::Approx(0.5));
    CHECK(pace_on(escalator, east, 1.34, 0.9, profile) == doctest::Approx(1.110).epsilon(0.001));
    CHECK(pace_on(escalator, -east, 1.34, 0.2, profile) == doctest::Approx(0.194).epsilon(0.01));
    WalkTriangle walkway;
    walkway.conveyor_mps = {0.5F, 0.0F};
    CHECK(pace_on(walkway, east, 1.34, 0.9, profile) == doctest::Approx(1.84));
    CHECK(pace_on(walkway, east, 1.34, 0.2, profile) == doctest::Approx(0.5));
}
