#include "base/random.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("a draw depends on seed, owner, tick and purpose, and on nothing else") {
    const double draw = uniform01(1, 2, 3, Draw::DesiredSpeed);
    CHECK(draw == uniform01(1, 2, 3, Draw::DesiredSpeed));
    CHECK(draw != uniform01(2, 2, 3, Draw::DesiredSpeed));
    CHECK(draw != uniform01(1, 3, 3, Draw::DesiredSpeed));
    CHECK(draw != uniform01(1, 2, 4, Draw::DesiredSpeed));
    CHECK(draw != uniform01(1, 2, 3, Draw::Profile));
}

TEST_CASE("uniform and normal draws have their moments") {
    const int count = 100000;
    double mean = 0.0;
    double normal_mean = 0.0;
    double normal_square = 0.0;
    for (int i = 0; i < count; ++i) {
        const auto owner = static_cast<std::uint64_t>(i);
        const double u = uniform01(7, owner, 0, Draw::Placement);
        CHECK((u >= 0.0 && u < 1.0));
        mean += u / count;
        const double z = standard_normal(7, owner, 0, Draw::Placement);
        normal_mean += z / count;
        normal_square += z * z / count;
    }
    // Four standard errors of 100,000 draws.
    CHECK(std::abs(mean - 0.5) < 4.0 * std::sqrt(1.0 / 12.0 / count));
    CHECK(std::abs(normal_mean) < 4.0 / std::sqrt(count));
    CHECK(std::abs(normal_square - 1.0) < 4.0 * std::sqrt(2.0 / count));
}

TEST_CASE("a truncated normal keeps its limits") {
    for (std::uint64_t i = 0; i < 10000; ++i) {
        const double v = truncated_normal(3, i, Draw::DesiredSpeed, 1.34, 0.26, 0.58, 1.61);
        CHECK((v >= 0.58 && v <= 1.61));
    }
}
