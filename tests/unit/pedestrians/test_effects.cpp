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
