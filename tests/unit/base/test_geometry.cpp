#include "base/geometry.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {
const Polyline unit_square = {{0, 0}, {1, 0}, {1, 1}, {0, 1}};
}

TEST_CASE("a counter-clockwise ring has positive area, and its holes are taken off") {
    CHECK(ring_area_m2(unit_square) == doctest::Approx(1.0));
    const Polygon with_hole{{{0, 0}, {4, 0}, {4, 4}, {0, 4}}, {{{1, 1}, {1, 2}, {2, 2}, {2, 1}}}};
    CHECK(area_m2(with_hole) == doctest::Approx(15.0));
    CHECK(contains(with_hole, {3.0, 3.0}));
    CHECK_FALSE(contains(with_hole, {1.5, 1.5}));
    CHECK_FALSE(contains(with_hole, {5.0, 1.0}));
}

TEST_CASE("the centroid keeps its digits far from the origin") {
    Polyline far;
    for (const Vec2& p : unit_square) {
        far.push_back(p + Vec2(373000.0, 4843000.0));
    }
    CHECK((centroid_of(far) - Vec2(373000.5, 4843000.5)).norm() < 1e-9);
}

TEST_CASE("places along a line and nearest to a point agree") {
    const Polyline line = {{0, 0}, {10, 0}, {10, 5}};
    CHECK(length_m(line) == doctest::Approx(15.0));
    const PlaceOnLine place = place_at(line, 12.0);
    CHECK((place.at - Vec2(10, 2)).norm() < 1e-12);
    CHECK((place.direction - Vec2(0, 1)).norm() < 1e-12);
    const PlaceOnLine near = nearest_place(line, {12.0, 2.0});
    CHECK(near.along_m == doctest::Approx(12.0));
    CHECK(near.distance_m == doctest::Approx(2.0));
}

TEST_CASE("an offset line keeps its distance round a corner") {
    const Polyline line = {{0, 0}, {10, 0}, {10, 10}};
    const Polyline left = offset_line(line, 1.0);
    CHECK((left[0] - Vec2(0, 1)).norm() < 1e-12);
    CHECK((left[1] - Vec2(9, 1)).norm() < 1e-12);
    CHECK((left[2] - Vec2(9, 10)).norm() < 1e-12);
}

TEST_CASE("segments cross where they do, at the right share") {
    double share = 0.0;
    CHECK(segments_cross({0, 0}, {4, 0}, {1, -1}, {1, 1}, &share));
    CHECK(share == doctest::Approx(0.25));
    CHECK_FALSE(segments_cross({0, 0}, {4, 0}, {5, -1}, {5, 1}));
}
