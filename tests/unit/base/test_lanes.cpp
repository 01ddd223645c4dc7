#include "base/lanes.hpp"

#include <cmath>
#include <doctest/doctest.h>

namespace {

using namespace veste;

Lanes lanes(float a, float b, float c, float d) {
    const std::array<float, lane_count> values = {a, b, c, d};
    return {values.data(), std::experimental::element_aligned};
}

TEST_CASE("four numbers are chosen, compared and summed lane by lane") {
    const Lanes a = lanes(1.0F, -2.0F, 3.0F, -4.0F);
    const Lanes b = lanes(0.0F, 5.0F, 2.0F, -4.5F);
    CHECK(bits_of(a > b) == 0b1101u);
    CHECK(bits_of(a > 10.0F) == 0u);
    const Lanes chosen = choose(a > b, a, b);
    CHECK(static_cast<float>(chosen[0]) == 1.0F);
    CHECK(static_cast<float>(chosen[1]) == 5.0F);
    CHECK(static_cast<float>(smaller(a, b)[1]) == -2.0F);
    CHECK(static_cast<float>(larger(a, b)[3]) == -4.0F);
    CHECK(static_cast<float>(magnitude(a)[3]) == 4.0F);
    CHECK(sum(a) == -2.0F);
    CHECK(least(b) == -4.5F);
}

TEST_CASE("exponentials of four are those of the library, but never subnormal") {
    for (float x = -50.0F; x < 20.0F; x += 0.37F) {
        CAPTURE(x);
        const double expected = std::exp(static_cast<double>(x));
        CHECK(static_cast<double>(exponential(Lanes(x))[2]) ==
              doctest::Approx(expected).epsilon(3e-7));
    }
    CHECK(all_of(exponential(Lanes(-1e9F)) == exponential(Lanes(-50.0F))));
}

} // namespace
