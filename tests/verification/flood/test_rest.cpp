#include "unit/flood/toy_terrain.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

namespace {

double largest_discharge(const Water& water) {
    double largest = 0.0;
    for (const auto* q : {&water.qx_m2ps, &water.qy_m2ps}) {
        for (const float value : *q) {
            largest = std::max(largest, std::abs(static_cast<double>(value)));
        }
    }
    return largest;
}

/// A lake of the given level over the ground, where the ground lies below it.
void fill_to(toy::Flood& flood, double level_m) {
    for (std::size_t c = 0; c < flood.water.depth_m.size(); ++c) {
        const auto bed = static_cast<double>(flood.city->terrain.ground_m.values[c]);
        if (flood.city->terrain.is_blocked.values[c] == 0) {
            flood.water.depth_m[c] = std::max(0.0, level_m - bed);
        }
    }
}

} // namespace

TEST_CASE("verification: a lake at rest with islands and steps and houses stays at rest") {
    // Odd heights on purpose: bed + depth need not be a round number.
    auto city = toy::terrain(150, 90, 3.0, [](int i, int j) {
        const double island = 3.7 * std::exp(-0.004 * ((i - 60) * (i - 60) + (j - 40) * (j - 40)));
        const double step = i > 100 ? 0.731 : 0.0;
        return 17.123 + island + step + 0.0137 * ((i * 31 + j * 17) % 23);
    });
    for (int j = 20; j < 60; ++j) {
        toy::build(*city, 120, j);
    }
    toy::Flood flood(city);
    fill_to(flood, 18.6543);
    const std::vector<double> before = flood.water.depth_m;
    flood.run(3600.0, 60.0);
    CHECK(*std::min_element(before.begin(), before.end()) == 0.0); // it has wet and dry ground
    CHECK(largest_discharge(flood.water) < 1.0e-12);
    double worst_m = 0.0;
    for (std::size_t c = 0; c < before.size(); ++c) {
        worst_m = std::max(worst_m, std::abs(flood.water.depth_m[c] - before[c]));
    }
    CHECK(worst_m < 1.0e-12);
    CHECK(flood.error() < 1.0e-14);
}

TEST_CASE("verification: a disturbed lake comes to rest at the level its volume asks for") {
    toy::Flood flood(toy::terrain(40, 30, 5.0, [](int i, int) { return i < 20 ? 0.0 : 0.5; }));
    fill_to(flood, 1.0);
    flood.parameters.manning_n = 0.1; // calms waves of millimetres within the two hours
    flood.water.depth_m[flood.cell(5, 5)] += 12.0;
    flood.run(7200.0, 60.0);
    // 12 m of one cell over 1200 cells: 0.01 m.
    double worst_m = 0.0;
    for (std::size_t c = 0; c < flood.water.depth_m.size(); ++c) {
        const auto bed = static_cast<double>(flood.city->terrain.ground_m.values[c]);
        worst_m = std::max(worst_m, std::abs(bed + flood.water.depth_m[c] - 1.01));
    }
    CHECK(worst_m < 0.001);
    CHECK(flood.error() < 1.0e-12);
}

TEST_CASE("verification: a column of water spreads alike in all eight directions") {
    toy::Flood flood(toy::terrain(101, 101, 2.0));
    flood.parameters.manning_n = 0.03;
    for (int j = 0; j < 101; ++j) {
        for (int i = 0; i < 101; ++i) {
            const bool is_inside = std::hypot(i - 50, j - 50) < 12.0;
            flood.water.depth_m[flood.cell(i, j)] = is_inside ? 1.5 : 0.2;
        }
    }
    flood.run(15.0);
    const auto depth = [&](int i, int j) {
        return flood.water.depth_m[flood.cell(50 + i, 50 + j)];
    };
    double worst_m = 0.0;
    for (int j = 0; j <= 50; ++j) {
        for (int i = 0; i <= 50; ++i) {
            for (const double other : {depth(-i, j), depth(i, -j), depth(-i, -j), depth(j, i),
                                       depth(-j, i), depth(j, -i), depth(-j, -i)}) {
                worst_m = std::max(worst_m, std::abs(depth(i, j) - other));
            }
        }
    }
    // Discharges are single precision, and four of them are summed in another order.
    CHECK(worst_m < 1.0e-5);
    // It moved, and the front along the axis and along the diagonal are equally far within 2 cells.
    const auto front = [&](int di, int dj) {
        int k = 50;
        while (k > 0 && depth(std::min(50, k * di), std::min(50, k * dj)) < 0.21) {
            --k;
        }
        return k * std::hypot(di, dj);
    };
    CHECK(front(1, 0) > 20.0);
    CHECK(front(1, 1) == doctest::Approx(front(1, 0)).epsilon(2.0 / front(1, 0)));
}
