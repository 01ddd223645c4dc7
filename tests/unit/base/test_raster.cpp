#include "base/raster.hpp"

#include <doctest/doctest.h>

using namespace veste;

TEST_CASE("a raster's rows grow north and its cells know their places") {
    const Raster<float> raster({{100.0, 200.0}, 2.0, 5, 4}, 0.0F);
    CHECK(raster.shape.cells() == 20);
    CHECK(raster.shape.index(1, 2) == 11);
    CHECK((raster.shape.centre(1, 2) - Vec2(103.0, 205.0)).norm() < 1e-12);
    CHECK(raster.shape.clamped_index({103.0, 205.0}) == 11);
    CHECK(raster.shape.clamped_index({-1e6, 1e6}) == raster.shape.index(0, 3));
}

TEST_CASE("bilinear sampling reproduces a plane") {
    Raster<float> raster({{0.0, 0.0}, 1.0, 10, 10}, 0.0F);
    for (int j = 0; j < 10; ++j) {
        for (int i = 0; i < 10; ++i) {
            const Vec2 p = raster.shape.centre(i, j);
            raster.at(i, j) = static_cast<float>(2.0 * p.x() - p.y());
        }
    }
    CHECK(sample_bilinear(raster, {3.25, 7.5}) == doctest::Approx(2.0 * 3.25 - 7.5));
}

TEST_CASE("cells inside a polygon are those whose centres are, holes left out") {
    const RasterShape shape{{0.0, 0.0}, 1.0, 10, 10};
    const Polygon polygon{{{1, 1}, {8, 1}, {8, 8}, {1, 8}}, {{{3, 3}, {5, 3}, {5, 5}, {3, 5}}}};
    int count = 0;
    for_cells_inside(shape, polygon, [&](int i, int j) {
        CHECK(contains(polygon, shape.centre(i, j)));
        ++count;
    });
    CHECK(count == 49 - 4);
}
