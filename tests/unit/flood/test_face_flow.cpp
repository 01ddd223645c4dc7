#include "flood/face_flow.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>

using namespace veste::flood;

TEST_CASE("the friction power agrees with the library's pow to a millionth at every depth") {
    double worst = 0.0;
    for (double h = 1.0e-4; h < 1.0e3; h *= 1.00037) {
        const auto depth = static_cast<float>(h);
        const double exact = std::pow(static_cast<double>(depth), -7.0 / 3.0);
        worst = std::max(worst, std::abs(static_cast<double>(friction_power(depth)) / exact - 1.0));
    }
    // Seven factors of a number with a rounding error of 1e-7 each.
    CHECK(worst < 1.0e-6);
}

TEST_CASE("flow depth is the higher surface above the higher bed") {
    CHECK(flow_depth(0.5F, 0.2F, 1.0F, 1.0F) == 0.5F);
    CHECK(flow_depth(0.5F, 0.0F, 1.0F, 1.25F) == 0.25F);
    CHECK(flow_depth(0.5F, 0.0F, 1.0F, 2.0F) <= 0.0F);
}

TEST_CASE("discharge at rest stays zero and without friction grows by gravity alone") {
    FaceFactors f{0.001F, 1.0F, 0.0F, 9.81F * 0.5F / 10.0F, 4.0F * 9.81F * 0.5F};
    CHECK(face_discharge(f, 0.0F, 1.0F, 0.03F, 0.0F, 0.0F) == 0.0F);
    // g h dt S = 9.81 x 1 x 0.5 x 0.1 / 10, downhill to the east.
    CHECK(face_discharge(f, -0.1F, 1.0F, 0.0F, 0.0F, 0.0F) == doctest::Approx(0.04905));
}

TEST_CASE("discharge on a slope settles at Manning's normal flow without swinging") {
    const float slope = 0.2F;
    const float depth = 0.004F;
    const float n = 0.03F;
    FaceFactors f{0.001F, 1.0F, 0.0F, 9.81F * 0.5F / 2.0F, 4.0F * 9.81F * 0.5F};
    const double normal = std::pow(0.004, 5.0 / 3.0) * std::sqrt(0.2) / 0.03;
    float q = 0.0F;
    for (int k = 0; k < 60; ++k) {
        const float next = face_discharge(f, -slope * 2.0F, depth, n, q, 0.0F);
        CHECK(next >= q * 0.999999F);
        q = next;
    }
    // Single precision, sixty steps.
    CHECK(static_cast<double>(q) == doctest::Approx(normal).epsilon(1e-5));
}

TEST_CASE("discharge of steep thin water keeps to its friction law from any start") {
    FaceFactors f{0.001F, 1.0F, 0.0F, 9.81F * 1.0F / 2.0F, 4.0F * 9.81F * 1.0F};
    for (const float q : {-1.0F, 0.0F, 1.0e-6F, 5.0F}) {
        const double s = static_cast<double>(q) + 9.81 / 2.0 * 0.01 * 0.3;
        const double b = 9.81 * 0.04 * 0.04 * std::pow(0.01, -7.0 / 3.0);
        const auto next = static_cast<double>(face_discharge(f, -0.3F, 0.01F, 0.04F, q, 0.0F));
        // q (1 + b |q|) = s, to single precision of the larger term.
        CHECK(next * (1.0 + b * std::abs(next)) == doctest::Approx(s).epsilon(1e-5));
    }
}
