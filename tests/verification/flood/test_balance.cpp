#include "unit/flood/toy_terrain.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

namespace {

std::uint64_t owner_of(int i, int j) {
    return static_cast<std::uint64_t>(j) * 200 + static_cast<std::uint64_t>(i);
}

/// Rough random ground with houses, lawns, drains and a shore.
toy::Flood rough_town(double rain_mps) {
    auto city = toy::terrain(200, 160, 2.0, [](int i, int j) {
        const auto owner = owner_of(i, j);
        return 0.03 * j + 0.3 * uniform01(7, owner, 0, Draw::Placement);
    });
    for (int j = 0; j < 160; ++j) {
        for (int i = 0; i < 200; ++i) {
            const auto owner = owner_of(i, j);
            const double kind = uniform01(7, owner, 1, Draw::Placement);
            city->terrain.is_sea.at(i, j) = j < 8 && i > 50;
            if (kind < 0.1) {
                toy::build(*city, i, j);
            } else if (kind < 0.4) {
                toy::set_surface(*city, i, j, Surface::Trees);
            } else if (kind < 0.41) {
                city->assets.drains.push_back({city->terrain.shape().centre(i, j), 0.005, false});
            }
        }
    }
    toy::Flood flood(city);
    flood.parameters.is_border_open = true;
    flood.scenario->weather.rain_mps = {{0.0, rain_mps}, {1200.0, 0.0}};
    flood.scenario->weather.inflows.push_back({"breach",
                                               toy::cell_area(*city, 90, 80, 92, 82),
                                               {{60.0, 0.0}, {300.0, 2.0}, {900.0, 0.0}}});
    return flood;
}

} // namespace

TEST_CASE("verification: rain and inflow and all losses on rough ground balance to rounding") {
    toy::Flood flood = rough_town(70.0 / 3.6e6);
    flood.run(1800.0, 5.0);
    for (std::size_t t = 1; t < water_total_count; ++t) {
        CAPTURE(t);
        CHECK(flood.water.balance_m3[t] > 1.0); // every term takes part
    }
    CHECK(*std::min_element(flood.water.depth_m.begin(), flood.water.depth_m.end()) >= 0.0);
    // The target is 1e-6; depth in double and ordered sums give rounding only.
    CHECK(flood.error() < 1.0e-12);
}

TEST_CASE("verification: waves sloshing for hours in a closed basin lose no water") {
    toy::Flood flood(
        toy::terrain(64, 64, 2.0, [](int i, int j) { return 0.02 * std::hypot(i - 32, j - 32); }));
    for (std::size_t c = 0; c < flood.water.depth_m.size() / 2; ++c) {
        flood.water.depth_m[c] = 0.7;
    }
    flood.parameters.manning_n = 0.01;
    flood.run(4.0 * 3600.0, 10.0);
    CHECK(flood.steps > 10000);
    CHECK(flood.error() < 1.0e-12);
}
