#pragma once
#include "base/fields.hpp"
#include "city/city.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// Light and power: illuminance on the ground from lamps and daylight; feeders that supply lamps,
/// signals and sensors.
namespace veste {

struct Ambient {
    // input: set by changes
    std::vector<std::uint8_t> feeder_on;
    std::vector<std::uint8_t> lamp_on; ///< switch of the lamp itself
    // derived
    std::vector<std::uint8_t> lamp_lit;     ///< switched on, powered, and it is dark
    std::vector<float> lamp_illuminance_lx; ///< raster: from lamps alone
    std::vector<double> daylight_lx;        ///< one value: horizontal illuminance by daylight
};

template <class A, class Visit> void for_each_ambient_field(A& a, Visit&& visit) {
    visit(Field{"feeder_on", "1", Role::Input, "1 where the feeder has power"}, a.feeder_on);
    visit(Field{"lamp_on", "1", Role::Input, "1 where the lamp is switched on"}, a.lamp_on);
    visit(Field{"lamp_lit", "1", Role::Derived, "1 where the lamp shines"}, a.lamp_lit);
    visit(Field{"lamp_illuminance", "lx", Role::Derived, "illuminance from lamps"},
          a.lamp_illuminance_lx);
    visit(Field{"daylight", "lx", Role::Derived, "illuminance by daylight"}, a.daylight_lx);
}

/// Elevation of the sun above the horizon, rad (NOAA's form of Meeus 1998); UTC calendar time.
double sun_elevation_rad(double latitude_deg, double longitude_deg, int year, int month, int day,
                         double utc_seconds_of_day);
/// Horizontal illuminance by daylight, lx, from the sun's elevation and cloud cover (0 to 1).
double daylight_lx(double sun_elevation_rad, double cloud_cover);
/// Illuminance on level ground from one lamp at a horizontal distance, lx (inverse square and
/// cosine law).
double lamp_illuminance_lx(double flux_lm, double height_m, double distance_m);

Ambient plan_ambient(const City& city);

class AmbientModel {
public:
    AmbientModel(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario);
    ~AmbientModel();
    AmbientModel(AmbientModel&&) noexcept;
    /// Brings the derived arrays up to date; the raster is drawn anew only when a lamp changed.
    /// Returns true when it was.
    bool advance(Ambient& ambient, double now_s);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace veste
