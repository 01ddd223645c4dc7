#include "base/errors.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("a number outside its limits is named with place, value and range") {
    Problems problems;
    CHECK(problems.checked(-1.0, {0.0, 45.0, "m/s"}, "roads.gpkg, feature 118", "speed_limit") ==
          0.0);
    CHECK(problems.list().front() ==
          "roads.gpkg, feature 118: speed_limit = -1 m/s, allowed 0 to 45 m/s");
    CHECK(problems.checked(std::nan(""), {0.0, 1.0, "1"}, "a", "b") == 0.0);
    CHECK(problems.list().size() == 2);
    CHECK_THROWS_AS(problems.throw_if_any(), InputError);
}

TEST_CASE("no problem, no error") {
    Problems problems;
    CHECK(problems.checked(0.5, {0.0, 1.0, "1"}, "a", "b") == 0.5);
    CHECK_NOTHROW(problems.throw_if_any());
}

TEST_CASE("a misspelt word finds its nearest known one") {
    CHECK(nearest_word("durration", {"duration", "seed"}) == "duration");
    CHECK(nearest_word("xyzzyx", {"duration", "seed"}).empty());
}
