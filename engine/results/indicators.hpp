#pragma once
#include "base/geometry.hpp"

#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>

/// The indicators (KPIs) of a run: one table that the recorder, `veste compare`, its CSV and chart
/// and FORMAT.md all walk. A new indicator is a member of IndicatorValues, a line of the table, and
/// the code of Meter that measures it.
namespace veste {

constexpr double not_known = std::numeric_limits<double>::quiet_NaN();

/// One value of every indicator, for one interval. `not_known` where there is nothing to measure
/// (no arrival yet, no water computed). "Mean number" and "largest number" are over the interval's
/// ticks; running totals count from the start of the recording.
struct IndicatorValues {
    // people
    double people_set_out = 0.0;
    double people_waiting = 0.0;
    double people_present = 0.0;
    double people_served = 0.0;
    double people_inside = 0.0;
    double people_arrived = 0.0;
    double visitors_evacuated = 0.0;
    double evacuation_time_p95_s = not_known;
    double evacuation_time_all_s = not_known;
    double people_to_evacuate = not_known;
    double walking_time_mean_s = not_known;
    double walking_time_p95_s = not_known;
    double under_way_time_mean_s = not_known;
    double under_way_time_p95_s = not_known;
    double people_in_los_e = 0.0;
    double people_in_los_f = 0.0;
    double los_e_person_min = 0.0;
    double los_f_person_min = 0.0;
    double density_max_per_m2 = 0.0;
    Vec2 density_max_at{not_known, not_known};
    double people_stuck = 0.0;
    double people_toppled = 0.0;
    double people_in_hazard = 0.0;
    double hazard_person_min = 0.0;
    // vehicles
    double vehicles_set_out = 0.0;
    double vehicles_present = 0.0;
    double vehicles_waiting = 0.0;
    double vehicles_arrived = 0.0;
    double vehicle_delay_mean_s = not_known;
    double vehicle_delay_p95_s = not_known;
    double vehicles_standing = 0.0;
    double queue_total_m = 0.0;
    double queue_longest_m = 0.0;
    Vec2 queue_longest_at{not_known, not_known};
    double vehicles_standing_long = 0.0;
    double vehicles_without_way = 0.0;
    double vehicles_off_lane = 0.0;
    double vehicles_pulled_in = 0.0;
    double vehicles_in_deep_water = 0.0;
    double vehicles_in_hazard = 0.0;
    double hazard_vehicle_min = 0.0;
    double emergency_time_mean_s = not_known;
    double emergency_time_longest_s = not_known;
    double emergency_routes_cut = not_known;
    double edges_closed = 0.0;
    // water
    double rain_mmph = not_known;
    double flooded_m2 = not_known;
    double flooded_5_to_15_cm_m2 = not_known;
    double flooded_15_to_30_cm_m2 = not_known;
    double flooded_30_to_50_cm_m2 = not_known;
    double flooded_over_50_cm_m2 = not_known;
    double depth_max_m = not_known;
    Vec2 depth_max_at{not_known, not_known};
    double water_stored_m3 = not_known;
    double water_rained_m3 = not_known;
    double water_inflow_m3 = not_known;
    double water_outflow_m3 = not_known;
    double water_infiltrated_m3 = not_known;
    double water_drained_m3 = not_known;
    double water_balance_error = not_known;
    // light and power
    double daylight_lx = 0.0;
    double dark_street_m = 0.0;
    double lamps_lit = 0.0;
    double signals_without_power = 0.0;
    // observation
    double observations_expected = 0.0;
    double observations_lost = 0.0;
};

enum class Theme : std::uint8_t { People, Vehicles, Water, LightAndPower, Observation };
std::string_view title_of(Theme theme);

/// Which way is better for the city's people; None where neither is.
enum class Better : std::uint8_t { None, Lower, Higher };
std::string_view name_of(Better better);

/// How the value of a whole run is made from those of its intervals; unknown ones are left out.
enum class Whole : std::uint8_t { Last, Largest, Mean };
std::string_view name_of(Whole whole);

struct Indicator {
    std::string_view name; ///< of the array /indicators/NAME
    std::string_view unit;
    Theme theme;
    Better better;
    Whole whole;
    std::string_view title; ///< a few words for tables and charts
    std::string_view description;
    double IndicatorValues::*value;
    bool is_charted = false;                ///< shown in the chart of `veste compare`
    Vec2 IndicatorValues::*place = nullptr; ///< where, for those with /indicators/NAME_x and _y
};

std::span<const Indicator> indicators();
/// nullptr where there is none of that name.
const Indicator* find_indicator(std::string_view name);

/// The index of the interval that gives the value of the whole run; none where all are unknown. For
/// a mean, the interval with the largest value.
std::optional<std::size_t> telling_interval(Whole whole, std::span<const double> values);
/// The value of the whole run, `not_known` where all are unknown.
double whole_value(Whole whole, std::span<const double> values);

/// A unit as people write it: "m²" for "m2", "/m²" for "1/m2", nothing for "1".
std::string_view shown_unit(std::string_view unit);

/// The table in Markdown, as it stands in FORMAT.md.
std::string indicator_reference();

// Thresholds that the table names.

/// Walkway levels of service E and F begin where each person has less than 10 and 5 ft² (Fruin
/// 1971, Pedestrian Planning and Design): 1.08 and 2.15 persons per m².
constexpr double square_foot_m2 = 0.09290304;
constexpr double los_e_from_per_m2 = 1.0 / (10.0 * square_foot_m2);
constexpr double los_f_from_per_m2 = 1.0 / (5.0 * square_foot_m2);
/// "Danger for some" (moderate) begins here (Defra and Environment Agency, FD2320/TR2, 2006).
constexpr double hazard_for_some = 0.75;
/// Bounds of the depth classes: 0.05 m is what models of this kind can tell from wet ground, 0.15 m
/// a kerb's height, 0.30 m where cars cannot drive on (Pregnolato et al. 2017), 0.50 m where cars
/// of any size float (Australian Rainfall and Runoff, 2016).
constexpr double depth_classes_m[] = {0.05, 0.15, 0.30, 0.50};
/// Below this mean illuminance a street is dark: people are held up below it (Boyce 1985); the
/// lowest class of road lighting for people on foot keeps 2 lx (EN 13201-2, P6).
constexpr double dark_street_lx = 1.0;
/// Slower vehicles stand.
constexpr double standing_mps = 0.1;

} // namespace veste
