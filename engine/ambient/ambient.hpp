#pragma once
#include "base/fields.hpp"
#include "city/city.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// Light and power: illuminance on the ground from lamps and daylight; feeders that supply lamps,
/// signals and sensors.
///
/// A lamp shines evenly into the half space below it (luminous intensity flux / 2 pi). Buildings
/// cast full shadows: a cell is lit only where no building cell lies on the straight line to the
/// lamp, however high building and lamp are. Light below 0.05 lx of one lamp is left out (moonlight
/// gives up to 0.3 lx). No reflected light, no sky glow, no moon.
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

/// Photocells switch lamps on below this daylight; public lighting commonly uses 20 to 35 lx.
constexpr double dusk_switch_lx = 20.0;
/// Light of one lamp weaker than this is left out.
constexpr double faintest_lamp_lx = 0.05;
/// Clear night without moon: starlight and airglow, the last value of the daylight table.
constexpr double night_floor_lx = 6.5e-4;

/// Elevation of the sun's centre above the horizon, rad, without refraction (NOAA's form of Meeus
/// 1998, chapter 25); UTC calendar time, seconds may run beyond one day.
double sun_elevation_rad(double latitude_deg, double longitude_deg, int year, int month, int day,
                         double utc_seconds_of_day);
/// Horizontal illuminance by daylight and twilight, lx: clear sky after Janiczek and DeYoung 1987
/// (US Naval Observatory Circular 171), dimmed by cloud cover (0 to 1) after Kasten and Czeplak
/// 1980. Never below the night floor.
double daylight_lx(double sun_elevation_rad, double cloud_cover);
/// Illuminance on level ground from one lamp at a horizontal distance, lx: E = I cos³(angle) / h²
/// with I = flux / (2 pi) (inverse square and cosine law).
double lamp_illuminance_lx(double flux_lm, double height_m, double distance_m);
/// Horizontal distance at which a lamp falls to the faintest light counted, m.
double lamp_range_m(double flux_lm, double height_m);

Ambient plan_ambient(const City& city);

class AmbientModel {
public:
    /// Throws InputError where the scenario's date is none.
    AmbientModel(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario);
    ~AmbientModel();
    AmbientModel(AmbientModel&&) noexcept;
    /// Brings the derived arrays up to date; cells near lamps that changed are summed anew from all
    /// their lamps in id order, so that switching back and forth leaves no trace. Returns true when
    /// a lamp changed.
    bool advance(Ambient& ambient, double now_s);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace veste
