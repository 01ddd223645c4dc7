#include "base/parallel.hpp"
#include "unit/flood/toy_terrain.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <mutex>
#include <set>
#include <thread>

using namespace veste;

namespace {

/// Hills, houses, a shore, drains, an inflow: something of everything; larger than one tile.
toy::Flood town() {
    auto city = toy::terrain(300, 100, 4.0, [](int i, int j) {
        return 0.02 * i + 0.6 * std::sin(0.21 * i) * std::cos(0.17 * j) + 0.01 * ((i * 7 + j) % 5);
    });
    for (int j = 0; j < 100; ++j) {
        for (int i = 0; i < 300; ++i) {
            city->terrain.is_sea.at(i, j) = i < 6;
            if (i > 20 && i % 9 > 5 && j % 11 > 6) {
                toy::build(*city, i, j);
            } else if (j % 13 == 5) {
                toy::set_surface(*city, i, j, Surface::Grass);
            }
        }
    }
    for (int k = 0; k < 40; ++k) {
        city->assets.drains.push_back(
            {city->terrain.shape().centre(10 + 7 * k, 3 + 2 * k), 0.02, false});
    }
    toy::Flood flood(city);
    flood.parameters.is_border_open = true;
    flood.scenario->weather.rain_mps = {{0.0, 2.0e-5}, {300.0, 0.0}};
    flood.scenario->weather.inflows.push_back(
        {"burst", toy::cell_area(*city, 200, 40, 202, 42), {{0.0, 3.0}, {400.0, 3.0}}});
    return flood;
}

bool same(const Water& a, const Water& b) {
    return a.depth_m == b.depth_m && a.qx_m2ps == b.qx_m2ps && a.qy_m2ps == b.qy_m2ps &&
           a.max_depth_m == b.max_depth_m && a.balance_m3 == b.balance_m3 &&
           a.speed_mps == b.speed_mps;
}

} // namespace

TEST_CASE("one step between two cells agrees with a calculation by hand") {
    toy::Flood flood(toy::terrain(2, 1, 10.0));
    flood.parameters.manning_n = 0.03;
    flood.parameters.theta = 1.0;
    flood.water.depth_m = {1.0, 0.6};
    flood.run(0.5, 0.5);
    CHECK(flood.steps == 1);
    // s = 9.81 x 1 x 0.5 x 0.4 / 10; b = 9.81 x 0.5 x 0.0009 / 1; q = 2 s / (1 + sqrt(1 + 4 b s))
    const double q = 2.0 * 0.1962 / (1.0 + std::sqrt(1.0 + 4.0 * 0.0044145 * 0.1962));
    CHECK(static_cast<double>(flood.water.qx_m2ps[1]) == doctest::Approx(q).epsilon(1e-6));
    CHECK(flood.water.depth_m[0] == doctest::Approx(1.0 - q * 0.05).epsilon(1e-7));
    CHECK(flood.water.depth_m[1] == doctest::Approx(0.6 + q * 0.05).epsilon(1e-7));
}

TEST_CASE("water stays out of walls and does not pass them") {
    auto city = toy::terrain(40, 12, 1.0);
    for (int j = 0; j < 12; ++j) {
        toy::build(*city, 20, j);
    }
    toy::Flood flood(city);
    for (int j = 0; j < 12; ++j) {
        for (int i = 0; i < 20; ++i) {
            flood.water.depth_m[flood.cell(i, j)] = 0.5 + 0.02 * i;
        }
    }
    flood.run(60.0);
    for (int j = 0; j < 12; ++j) {
        for (int i = 20; i < 40; ++i) {
            CHECK(flood.water.depth_m[flood.cell(i, j)] == 0.0);
        }
    }
    CHECK(flood.error() < 1e-12);
}

TEST_CASE("no cell ever gives more water than it holds") {
    toy::Flood flood(toy::terrain(60, 60, 2.0, [](int i, int j) { return 0.8 * (i + j); }));
    flood.parameters.is_border_open = true;
    flood.parameters.max_step_s = 5.0;
    flood.scenario->weather.rain_mps = {{0.0, 1.0e-4}};
    for (int k = 0; k < 60; ++k) {
        flood.run(5.0, 5.0);
        CHECK(*std::min_element(flood.water.depth_m.begin(), flood.water.depth_m.end()) >= 0.0);
    }
    CHECK(flood.error() < 1e-12);
}

TEST_CASE("the sea takes water at level zero and gives none") {
    toy::Flood flood(toy::terrain(10, 3, 2.0, [](int i, int) { return i < 5 ? -0.5 : 0.1; }));
    for (int j = 0; j < 3; ++j) {
        flood.city->terrain.is_sea.at(9, j) = 1;
        flood.city->terrain.is_sea.at(0, j) = 1;
        for (int i = 5; i < 9; ++i) {
            flood.water.depth_m[flood.cell(i, j)] = 0.5;
        }
    }
    const double before_m3 = 4.0 * 12.0 * 0.5;
    flood.run(600.0);
    CHECK(flood.total_m3(WaterTotal::Outflow) > 0.3 * before_m3);
    CHECK(flood.total_m3(WaterTotal::Outflow) + flood.stored_m3() ==
          doctest::Approx(before_m3).epsilon(1e-12));
    for (int j = 0; j < 3; ++j) {
        CHECK(flood.water.depth_m[flood.cell(0, j)] == 0.0);
        CHECK(flood.water.depth_m[flood.cell(9, j)] == 0.0);
        // The hollow below the sea's level holds what ran into it, at most up to that level.
        CHECK(flood.water.depth_m[flood.cell(3, j)] > 0.1);
        CHECK(flood.water.depth_m[flood.cell(3, j)] < 0.52);
    }
}

TEST_CASE("a closed border keeps all water and an open one lets it out downhill only") {
    const auto slope = [](int i, int) { return 0.05 * i; };
    toy::Flood closed(toy::terrain(30, 5, 2.0, slope));
    std::fill(closed.water.depth_m.begin(), closed.water.depth_m.end(), 0.05);
    closed.run(120.0);
    CHECK(closed.total_m3(WaterTotal::Outflow) == 0.0);
    CHECK(closed.stored_m3() == doctest::Approx(0.05 * 600.0).epsilon(1e-12));

    toy::Flood open(toy::terrain(30, 5, 2.0, slope));
    open.parameters.is_border_open = true;
    std::fill(open.water.depth_m.begin(), open.water.depth_m.end(), 0.05);
    open.run(120.0);
    CHECK(open.total_m3(WaterTotal::Outflow) > 0.9 * 0.05 * 600.0);
    CHECK(open.error() < 1e-12);
    for (int j = 0; j < 5; ++j) {
        CHECK(open.water.qx_m2ps[static_cast<std::size_t>(j * 31)] <= 0.0F);
        CHECK(open.water.qx_m2ps[static_cast<std::size_t>(j * 31 + 30)] == 0.0F);
    }
}

TEST_CASE("the four open borders let out alike") {
    // The same slope falling to each side in turn: transposed and mirrored runs agree to rounding.
    double out_m3[4];
    for (int side = 0; side < 4; ++side) {
        toy::Flood flood(toy::terrain(24, 24, 2.0, [side](int i, int j) {
            const int along[] = {i, 23 - i, j, 23 - j};
            return 0.03 * along[side];
        }));
        flood.parameters.is_border_open = true;
        std::fill(flood.water.depth_m.begin(), flood.water.depth_m.end(), 0.1);
        flood.run(20.0);
        out_m3[side] = flood.total_m3(WaterTotal::Outflow);
    }
    CHECK(out_m3[0] > 1.0);
    for (int side = 1; side < 4; ++side) {
        // Float rounding differs where a slope is counted from the other end.
        CHECK(out_m3[side] == doctest::Approx(out_m3[0]).epsilon(1e-4));
    }
}

TEST_CASE("speed at a cell is its discharge over its depth") {
    toy::Flood flood(toy::terrain(200, 3, 5.0, [](int i, int) { return -0.005 * i; }));
    flood.parameters.is_border_open = true;
    flood.parameters.manning_n = 0.03;
    flood.scenario->weather.inflows.push_back(
        {"feed", toy::cell_area(*flood.city, 0, 0, 0, 2), {{0.0, 3.0}, {1e5, 3.0}}});
    flood.run(6000.0, 10.0);
    // Normal flow: q = 0.2 m²/s, h = (q n / sqrt(S))^0.6 with S = 0.001, v = q / h.
    const double h = std::pow(0.2 * 0.03 / std::sqrt(0.001), 0.6);
    CHECK(flood.water.depth_m[flood.cell(120, 1)] == doctest::Approx(h).epsilon(0.002));
    CHECK(static_cast<double>(flood.water.speed_mps[flood.cell(120, 1)]) ==
          doctest::Approx(0.2 / h).epsilon(0.002));
}

TEST_CASE("the largest depth is kept when water has gone") {
    toy::Flood flood(toy::terrain(10, 10, 1.0));
    for (int k = 0; k < 25; ++k) {
        flood.water.depth_m[flood.cell(k % 5, k / 5)] = 1.0;
    }
    flood.run(0.1, 0.1);
    const float early = flood.water.max_depth_m[flood.cell(2, 2)];
    CHECK(early > 0.9F);
    flood.run(120.0);
    CHECK(flood.water.max_depth_m[flood.cell(2, 2)] >= early);
    CHECK(flood.water.depth_m[flood.cell(2, 2)] < 0.5);
}

TEST_CASE("the same water on one and two and three and eight threads bit for bit") {
    const auto water_with = [](int count, std::set<std::thread::id>* seen) {
        toy::Flood flood = town();
        Threads threads(count);
        threads.execute([&] {
            flood.run(60.0);
            if (seen != nullptr) {
                // Proof that loops of as many parts as the flood's really spread over threads.
                std::mutex mutex;
                parallel_for(12, 1, [&](std::size_t) {
                    std::this_thread::sleep_for(std::chrono::milliseconds(5));
                    const std::lock_guard lock(mutex);
                    seen->insert(std::this_thread::get_id());
                });
            }
        });
        return flood.water;
    };
    const Water expected = water_with(1, nullptr);
    CHECK(*std::max_element(expected.depth_m.begin(), expected.depth_m.end()) > 0.05);
    for (const int count : {2, 3, 8}) {
        std::set<std::thread::id> seen;
        CHECK(same(water_with(count, &seen), expected));
        CHECK(seen.size() > 1);
    }
}

TEST_CASE("a model made anew goes on from the same water bit for bit") {
    toy::Flood whole = town();
    whole.run(80.0);
    toy::Flood parts = town();
    parts.run(40.0);
    parts.model = std::make_unique<FloodModel>(parts.city, parts.scenario, parts.parameters);
    parts.run(40.0);
    CHECK(same(whole.water, parts.water));
}

TEST_CASE("a model that carried other water before gives the same result") {
    toy::Flood fresh = town();
    fresh.run(20.0);
    toy::Flood used = town();
    used.run(90.0);
    used.water = plan_water(*used.city, *used.scenario);
    used.now_s = 0.0;
    used.run(20.0);
    CHECK(same(fresh.water, used.water));
}

TEST_CASE("the length of the interval hardly matters") {
    toy::Flood fine = town();
    fine.run(120.0, 0.5);
    toy::Flood coarse = town();
    coarse.run(120.0, 10.0);
    CHECK(coarse.stored_m3() == doctest::Approx(fine.stored_m3()).epsilon(0.01));
    double worst_m = 0.0;
    for (std::size_t c = 0; c < fine.water.depth_m.size(); ++c) {
        worst_m = std::max(worst_m, std::abs(fine.water.depth_m[c] - coarse.water.depth_m[c]));
    }
    // First order in time: steps of 0.5 s against up to 1 s.
    CHECK(worst_m < 0.02);
}

TEST_CASE("dry tiles left out change nothing") {
    // The same puddle in the corner of a small raster and of one with many dry tiles.
    const auto puddle = [](int columns, int rows) {
        toy::Flood flood(toy::terrain(columns, rows, 2.0, [](int i, int j) {
            return 0.01 * ((i * 13 + j * 7) % 5) + 0.02 * i;
        }));
        flood.water.depth_m[flood.cell(10, 10)] = 1.0;
        flood.run(30.0);
        return flood;
    };
    const toy::Flood small = puddle(40, 36);
    const toy::Flood large = puddle(500, 200);
    for (int j = 0; j < 36; ++j) {
        for (int i = 0; i < 40; ++i) {
            REQUIRE(small.water.depth_m[small.cell(i, j)] == large.water.depth_m[large.cell(i, j)]);
        }
    }
}
