#include "ambient/ambient.hpp"
#include "base/units.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

double elevation_deg(double latitude, double longitude, int year, int month, int day, double hour) {
    return rad_to_degrees(sun_elevation_rad(latitude, longitude, year, month, day, hour * 3600.0));
}

} // namespace

TEST_CASE("verification: illuminance under and beside a lamp agrees with a calculation by hand") {
    // 6000 lm into the half space: I = 6000 / (2 pi) = 954.93 cd; below 6 m: 954.93 / 36 = 26.526.
    CHECK(lamp_illuminance_lx(6000.0, 6.0, 0.0) == doctest::Approx(26.526).epsilon(1e-4));
    // 8 m aside: 10 m away, cosine 0.6: 954.93 x 0.6 / 100 = 5.7296, or I 0.6³ / 6².
    CHECK(lamp_illuminance_lx(6000.0, 6.0, 8.0) == doctest::Approx(5.7296).epsilon(1e-4));
    CHECK(lamp_illuminance_lx(6000.0, 6.0, 8.0) ==
          doctest::Approx(954.9297 * 0.216 / 36.0).epsilon(1e-6));
}

TEST_CASE("verification: all of a lamp's flux lands on level ground") {
    // An even half space over infinite level ground: all flux lands there.
    double flux = 0.0;
    for (double r = 0.005; r < 20000.0; r *= 1.001) {
        const double dr = r * 0.001;
        flux +=
            lamp_illuminance_lx(1000.0, 5.0, r * 1.0005) * 2.0 * std::numbers::pi * r * 1.0005 * dr;
    }
    CHECK(flux == doctest::Approx(1000.0).epsilon(0.002));
}

TEST_CASE("verification: the sun's declination agrees with Meeus 1998 example 25.a") {
    // 1992-10-13 0 h terrestrial time: apparent declination -7 deg 47' 06''. At the pole the
    // elevation is the declination; a minute between the time scales is worth 0.0003 degrees.
    CHECK(elevation_deg(90.0, 0.0, 1992, 10, 13, 0.0) == doctest::Approx(-7.78507).epsilon(1e-4));
}

TEST_CASE("verification: the sun stands as in the example of Reda and Andreas 2004") {
    // 2003-10-17 19:30:30 UTC at 39.742476 N, 105.1786 W: elevation 39.872046 degrees before
    // refraction (seen from the ground; 0.002 degrees of parallax included).
    const double hour = 19.0 + 30.5 / 60.0;
    // NOAA states 0.01 degrees for these series.
    CHECK(std::abs(elevation_deg(39.742476, -105.1786, 2003, 10, 17, hour) - 39.872046) < 0.01);
}

TEST_CASE("verification: equinox and solstice of 2026 come at their published times") {
    // March equinox 14:46 UTC on the 20th: the declination passes zero. The series are good to
    // 0.01 degrees.
    CHECK(std::abs(elevation_deg(90.0, 0.0, 2026, 3, 20, 14.0 + 46.0 / 60.0)) < 0.005);
    // June solstice 08:24 UTC on the 21st: the declination equals the obliquity, 23.436 degrees.
    CHECK(std::abs(elevation_deg(90.0, 0.0, 2026, 6, 21, 8.4) - 23.436) < 0.005);
}

TEST_CASE("verification: seconds beyond the day go on into the next day") {
    CHECK(elevation_deg(43.7, 7.4, 2026, 6, 21, 26.0) ==
          doctest::Approx(elevation_deg(43.7, 7.4, 2026, 6, 22, 2.0)).epsilon(1e-9));
}

TEST_CASE("verification: daylight and twilight lie at their published levels") {
    const auto clear = [](double degrees) { return daylight_lx(degrees_to_rad(degrees), 0.0); };
    // Circular 171: civil, nautical, astronomical twilight end at 3.4, 0.008 and 6.5e-4 lx.
    CHECK(clear(-6.0) == doctest::Approx(3.4).epsilon(0.05));
    CHECK(clear(-12.0) == doctest::Approx(0.008).epsilon(0.1));
    CHECK(clear(-18.0) == doctest::Approx(6.5e-4).epsilon(0.05));
    CHECK(clear(-40.0) == night_floor_lx);
    CHECK(clear(0.0) > 600.0);
    CHECK(clear(0.0) < 900.0);
    CHECK(clear(90.0) > 1.1e5);
    CHECK(clear(90.0) < 1.4e5);
}

TEST_CASE("verification: daylight grows with the sun and never jumps") {
    double below = daylight_lx(degrees_to_rad(-20.0), 0.0);
    for (double degrees = -19.99; degrees <= 90.0; degrees += 0.01) {
        const double lx = daylight_lx(degrees_to_rad(degrees), 0.0);
        // The published table's ranges meet within 2 %.
        REQUIRE(lx >= below * 0.98);
        REQUIRE(lx <= below * 1.04);
        below = lx;
    }
}

TEST_CASE("verification: clouds dim daylight as Kasten and Czeplak found") {
    const double clear = daylight_lx(degrees_to_rad(45.0), 0.0);
    CHECK(daylight_lx(degrees_to_rad(45.0), 1.0) == doctest::Approx(0.25 * clear));
    CHECK(daylight_lx(degrees_to_rad(45.0), 0.5) ==
          doctest::Approx(clear * (1.0 - 0.75 * std::pow(0.5, 3.4))));
}
