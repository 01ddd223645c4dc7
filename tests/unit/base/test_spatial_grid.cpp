#include "base/spatial_grid.hpp"

#include "base/random.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace veste;

TEST_CASE("the grid finds exactly the neighbours that a full search finds") {
    std::vector<double> x;
    std::vector<double> y;
    for (std::uint64_t i = 0; i < 500; ++i) {
        const UniformPair u = uniform_pair(1, i, 0, Draw::Placement);
        x.push_back(u.first * 50.0 - 2.0);
        y.push_back(u.second * 30.0 - 2.0);
    }
    SpatialGrid grid({{0.0, 0.0}, {45.0, 25.0}}, 2.0);
    grid.build(x, y, {});
    for (const Vec2& p : {Vec2(10, 10), Vec2(-1, -1), Vec2(47, 27), Vec2(22.5, 0)}) {
        std::set<std::uint32_t> found;
        grid.for_near(p, 3.0, [&](std::uint32_t i) {
            if ((Vec2(x[i], y[i]) - p).norm() <= 3.0) {
                CHECK(found.insert(i).second);
            }
        });
        std::set<std::uint32_t> expected;
        for (std::uint32_t i = 0; i < 500; ++i) {
            if ((Vec2(x[i], y[i]) - p).norm() <= 3.0) {
                expected.insert(i);
            }
        }
        CHECK(found == expected);
    }
}
