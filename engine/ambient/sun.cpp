#include "ambient/ambient.hpp"
#include "base/units.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

namespace veste {
namespace {

/// Days since 2000-01-01 12:00 UTC (the difference to terrestrial time, about a minute, shifts the
/// sun by less than 0.0003 degrees).
double days_since_2000(int year, int month, int day, double utc_seconds_of_day) {
    using namespace std::chrono;
    const sys_days date = std::chrono::year{year} / month / day;
    const auto days = (date - sys_days{std::chrono::year{2000} / 1 / 1}).count();
    return static_cast<double>(days) - 0.5 + utc_seconds_of_day / 86400.0;
}

struct SunPlace {
    double declination_rad;
    double equation_of_time_min;
};

/// Apparent place of the sun: low accuracy series of Meeus 1998, chapter 25 and 28.
SunPlace sun_place(double days) {
    const double t = days / 36525.0;
    const double mean_longitude =
        degrees_to_rad(std::fmod(280.46646 + t * (36000.76983 + t * 0.0003032), 360.0));
    const double anomaly = degrees_to_rad(357.52911 + t * (35999.05029 - 0.0001537 * t));
    const double eccentricity = 0.016708634 - t * (0.000042037 + 0.0000001267 * t);
    const double centre = degrees_to_rad(
        std::sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t)) +
        std::sin(2.0 * anomaly) * (0.019993 - 0.000101 * t) + std::sin(3.0 * anomaly) * 0.000289);
    const double node = degrees_to_rad(125.04 - 1934.136 * t);
    const double longitude =
        mean_longitude + centre - degrees_to_rad(0.00569 + 0.00478 * std::sin(node));
    const double mean_obliquity =
        23.0 + (26.0 + (21.448 - t * (46.815 + t * (0.00059 - t * 0.001813))) / 60.0) / 60.0;
    const double obliquity = degrees_to_rad(mean_obliquity + 0.00256 * std::cos(node));
    const double y = std::pow(std::tan(0.5 * obliquity), 2);
    const double equation =
        y * std::sin(2.0 * mean_longitude) - 2.0 * eccentricity * std::sin(anomaly) +
        4.0 * eccentricity * y * std::sin(anomaly) * std::cos(2.0 * mean_longitude) -
        0.5 * y * y * std::sin(4.0 * mean_longitude) -
        1.25 * eccentricity * eccentricity * std::sin(2.0 * anomaly);
    return {std::asin(std::sin(obliquity) * std::sin(longitude)), 4.0 * rad_to_degrees(equation)};
}

/// log10 of lux as a cubic in elevation / 90 degrees (Janiczek, DeYoung 1987, table for the sun).
struct LightRange {
    double from_deg;
    std::array<double, 4> cubic;
};
constexpr std::array<LightRange, 6> light_ranges = {{
    {20.0, {3.74, 3.97, -4.07, 1.47}},
    {5.0, {3.05, 13.28, -45.98, 64.33}},
    {-0.8, {2.88, 22.26, -207.64, 1034.30}},
    {-5.0, {2.88, 21.81, -258.11, -858.36}},
    {-12.0, {2.70, 12.17, -431.69, -1899.83}},
    {-18.0, {13.84, 262.72, 1447.42, 2797.93}},
}};

} // namespace

double sun_elevation_rad(double latitude_deg, double longitude_deg, int year, int month, int day,
                         double utc_seconds_of_day) {
    const SunPlace sun = sun_place(days_since_2000(year, month, day, utc_seconds_of_day));
    const double solar_minutes =
        utc_seconds_of_day / 60.0 + sun.equation_of_time_min + 4.0 * longitude_deg;
    const double hour_angle = degrees_to_rad(solar_minutes / 4.0 - 180.0);
    const double latitude = degrees_to_rad(latitude_deg);
    const double sine = std::sin(latitude) * std::sin(sun.declination_rad) +
                        std::cos(latitude) * std::cos(sun.declination_rad) * std::cos(hour_angle);
    return std::asin(std::clamp(sine, -1.0, 1.0));
}

double daylight_lx(double sun_elevation_rad, double cloud_cover) {
    const double elevation_deg = rad_to_degrees(sun_elevation_rad);
    // Kasten, Czeplak 1980: global radiation under clouds is 1 - 0.75 N^3.4 of a clear sky's.
    const double passed = 1.0 - 0.75 * std::pow(std::clamp(cloud_cover, 0.0, 1.0), 3.4);
    for (const LightRange& range : light_ranges) {
        if (elevation_deg >= range.from_deg) {
            const double x = elevation_deg / 90.0;
            const auto& c = range.cubic;
            const double clear = std::pow(10.0, c[0] + x * (c[1] + x * (c[2] + x * c[3])));
            return std::max(night_floor_lx, clear * passed);
        }
    }
    return night_floor_lx;
}

} // namespace veste
