#pragma once
#include "base/fields.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

/// Sensors that report aggregates, and rules that act on what is reported.
///
/// A report covers one interval (the scenario's sensor_interval_s). Crowd counters report the mean
/// number of people in their range, loops the number of vehicles that passed, gauges the mean depth
/// in m, air monitors the mean number of vehicles in range. A sensor that missed half of its
/// interval's ticks or more (switched off, without power, or with nothing to observe, such as a
/// gauge where no water is computed) sends no report; that is told as a missing report, never as
/// zero: the last report stays readable, marked by has_report = 0. A loop that missed fewer ticks
/// reports what it counted, scaled to the whole interval.
///
/// Counts are whole numbers. Nothing in a report tells who was there: only counts over an interval
/// leave a sensor, never a track or a name. Small counts are reported as they are; whoever
/// publishes reports may have to hide those below a least group size.
namespace veste {

struct Sensing {
    // input
    std::vector<std::uint8_t> sensor_on; ///< by change
    // state
    std::vector<double> sum;            ///< of the truth over the present interval
    std::vector<std::uint32_t> samples; ///< ticks in the sum
    std::vector<std::uint32_t> missed;  ///< ticks of the interval without observation
    std::vector<double> reported;       ///< last report; of the last interval where has_report
    std::vector<std::uint8_t> has_report;
    std::vector<double> reported_s;          ///< time of the last report or of its absence
    std::vector<std::uint64_t> reports_lost; ///< intervals without a report
    std::vector<double> rule_true_since_s;   ///< -1 while the condition is false
    std::vector<std::uint8_t> rule_fired;
    std::vector<std::uint8_t> rule_due; ///< 1 where its change is made at the next tick
    // derived
    std::vector<std::uint8_t> is_working; ///< switched on and powered
};

template <class S, class Visit> void for_each_sensing_field(S& s, Visit&& visit) {
    visit(Field{"sensor_on", "1", Role::Input, "1 where the sensor is in service"}, s.sensor_on);
    visit(Field{"sensor_sum", "1", Role::State, "sum over the present interval"}, s.sum);
    visit(Field{"sensor_samples", "1", Role::State, "ticks in the sum"}, s.samples);
    visit(Field{"sensor_missed", "1", Role::State, "ticks without observation"}, s.missed);
    visit(Field{"sensor_reported", "1", Role::State, "last report"}, s.reported);
    visit(Field{"sensor_has_report", "1", Role::State, "1 where the last interval was reported"},
          s.has_report);
    visit(Field{"sensor_reported_at", "s", Role::State, "end of the last interval"}, s.reported_s);
    visit(Field{"sensor_reports_lost", "1", Role::State, "intervals without a report"},
          s.reports_lost);
    visit(Field{"rule_true_since", "s", Role::State, "-1 while its condition is false"},
          s.rule_true_since_s);
    visit(Field{"rule_fired", "1", Role::State, "1 after it fired"}, s.rule_fired);
    visit(Field{"rule_due", "1", Role::State, "1 where its change comes next tick"}, s.rule_due);
    visit(Field{"sensor_working", "1", Role::Derived, "switched on and powered"}, s.is_working);
}

Sensing plan_sensing(const Scenario& scenario);

/// A truth of a sensor that has nothing to observe.
constexpr double nothing_to_observe = std::numeric_limits<double>::quiet_NaN();

/// Takes the truth each sensor sees at this tick (people in range, vehicles that passed, depth in
/// m; or nothing_to_observe), whether it has power, and updates reports at the end of each
/// interval: at the tick that ends at a whole number of intervals since the start. Throws
/// UsageError where truth or power is not one value a sensor.
void observe(Sensing& sensing, const Scenario& scenario, const std::vector<double>& truth,
             const std::vector<std::uint8_t>& has_power, double now_s, double interval_s);

/// Indices of the rules that fire now: condition true on reports for their duration, not fired yet.
/// The duration is counted from the end of the first interval whose report met the condition. A
/// missing report makes the condition unknown: the rule does not fire, and its time starts anew.
std::vector<std::size_t> firing_rules(Sensing& sensing, const Scenario& scenario, double now_s);

} // namespace veste
