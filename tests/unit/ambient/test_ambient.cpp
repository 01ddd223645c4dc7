#include "ambient/ambient.hpp"
#include "ambient/lamps.hpp"
#include "base/errors.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

/// A square of 100 x 100 m at night with a row of lamps on two feeders.
struct Square {
    std::shared_ptr<City> city = std::make_shared<City>();
    std::shared_ptr<Scenario> scenario = std::make_shared<Scenario>();

    Square() {
        RasterShape shape;
        shape.cell_m = 2.0;
        shape.columns = 50;
        shape.rows = 50;
        city->terrain.ground_m = Raster<float>(shape, 0.0F);
        city->terrain.surface =
            Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::Square));
        city->terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
        city->terrain.is_sea = Raster<std::uint8_t>(shape, 0);
        city->latitude_deg = 43.73;
        city->longitude_deg = 7.42;
        city->assets.feeders.resize(2);
        for (std::uint32_t k = 0; k < 6; ++k) {
            city->assets.lamps.push_back(
                {{11.0 + 16.0 * k, 51.0}, 6.0, 6000.0 + 100.0 * k, FeederId(k % 2), false, 0});
        }
        scenario->date = "2026-06-21";
        scenario->start_of_day_s = 23.0 * 3600.0;
        scenario->utc_offset_s = 2.0 * 3600.0;
    }
    float lx(const Ambient& ambient, double x, double y) const {
        return ambient.lamp_illuminance_lx[city->terrain.shape().clamped_index({x, y})];
    }
};

} // namespace

TEST_CASE("lamps shine at night and not by day") {
    Square square;
    AmbientModel model(square.city, square.scenario);
    Ambient ambient = plan_ambient(*square.city);
    CHECK(model.advance(ambient, 0.0));
    CHECK(ambient.daylight_lx[0] < 0.01);
    CHECK(std::count(ambient.lamp_lit.begin(), ambient.lamp_lit.end(), 1) == 6);
    CHECK(square.lx(ambient, 11.0, 51.0) > 20.0F);
    // Twelve hours on it is eleven in the morning.
    CHECK(model.advance(ambient, 12.0 * 3600.0));
    CHECK(ambient.daylight_lx[0] > 50000.0);
    CHECK(std::count(ambient.lamp_lit.begin(), ambient.lamp_lit.end(), 1) == 0);
    CHECK(*std::max_element(ambient.lamp_illuminance_lx.begin(),
                            ambient.lamp_illuminance_lx.end()) == 0.0F);
}

TEST_CASE("a dead feeder darkens its lamps only and its return restores the raster bit for bit") {
    Square square;
    AmbientModel model(square.city, square.scenario);
    Ambient ambient = plan_ambient(*square.city);
    model.advance(ambient, 0.0);
    const std::vector<float> before = ambient.lamp_illuminance_lx;
    CHECK_FALSE(model.advance(ambient, 1.0));
    for (int k = 0; k < 50; ++k) {
        ambient.feeder_on[0] = 0;
        CHECK(model.advance(ambient, 2.0));
        ambient.feeder_on[0] = 1;
        CHECK(model.advance(ambient, 3.0));
    }
    CHECK(ambient.lamp_illuminance_lx == before);
    ambient.feeder_on[0] = 0;
    model.advance(ambient, 4.0);
    CHECK(ambient.lamp_lit == std::vector<std::uint8_t>{0, 1, 0, 1, 0, 1});
    CHECK(square.lx(ambient, 11.0, 51.0) <
          0.3F * before[square.city->terrain.shape().clamped_index({11.0, 51.0})]);
}

TEST_CASE("cells summed anew equal a raster drawn from nothing") {
    Square square;
    AmbientModel model(square.city, square.scenario);
    Ambient step_by_step = plan_ambient(*square.city);
    model.advance(step_by_step, 0.0);
    for (const std::size_t lamp : {2U, 5U, 2U, 0U}) {
        step_by_step.lamp_on[lamp] ^= 1;
        model.advance(step_by_step, 1.0);
    }
    Ambient at_once = plan_ambient(*square.city);
    at_once.lamp_on = step_by_step.lamp_on;
    model.advance(at_once, 1.0);
    CHECK(at_once.lamp_illuminance_lx == step_by_step.lamp_illuminance_lx);
    CHECK(at_once.lamp_lit == std::vector<std::uint8_t>{0, 1, 1, 1, 1, 0});
}

TEST_CASE("a building casts a shadow and its own cells stay dark") {
    Square square;
    square.city->assets.lamps.resize(1); // at 11, 51
    for (int j = 20; j < 31; ++j) {
        for (int i = 10; i < 13; ++i) { // x 20 to 26
            square.city->terrain.surface.at(i, j) = static_cast<std::uint8_t>(Surface::Building);
        }
    }
    AmbientModel model(square.city, square.scenario);
    Ambient ambient = plan_ambient(*square.city);
    model.advance(ambient, 0.0);
    CHECK(square.lx(ambient, 17.0, 51.0) > 1.0F);
    CHECK(square.lx(ambient, 23.0, 51.0) == 0.0F);
    CHECK(square.lx(ambient, 31.0, 51.0) == 0.0F);
    CHECK(square.lx(ambient, 11.0, 71.0) > 0.3F);
}

TEST_CASE("a lamp on a facade whose cell lies in the building shines into the street") {
    Square square;
    square.city->assets.lamps.resize(1);
    square.city->terrain.surface.at(5, 25) = static_cast<std::uint8_t>(Surface::Building);
    CHECK_FALSE(is_shadowed(square.city->terrain, 5, 25, 12, 25));
    CHECK(is_shadowed(square.city->terrain, 12, 25, 5, 25));
}

TEST_CASE("light of one lamp is counted down to a twentieth of a lux") {
    const double range = lamp_range_m(6000.0, 6.0);
    CHECK(lamp_illuminance_lx(6000.0, 6.0, range) == doctest::Approx(0.05).epsilon(1e-9));
    CHECK(lamp_illuminance_lx(6000.0, 6.0, range + 0.1) < 0.05);
    CHECK(lamp_range_m(1.0, 20.0) == 0.0);
}

TEST_CASE("a date that is none is refused with its text") {
    Square square;
    for (const char* date : {"2026-02-30", "yesterday", "2026-1", "2026-06-21x"}) {
        square.scenario->date = date;
        CHECK_THROWS_WITH_AS(AmbientModel(square.city, square.scenario), doctest::Contains(date),
                             InputError);
    }
}
