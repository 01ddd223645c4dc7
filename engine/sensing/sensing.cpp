#include "sensing/sensing.hpp"

#include "base/errors.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

bool is_count(SensorKind kind) {
    return kind != SensorKind::WaterGauge;
}

/// What the sensor would report of its interval without noise.
double aggregate(SensorKind kind, double sum, std::uint32_t samples, std::uint32_t missed) {
    const double mean = sum / static_cast<double>(samples);
    return kind == SensorKind::LoopDetector ? mean * static_cast<double>(samples + missed) : mean;
}

/// Noise, then the shape a report of this kind has.
double as_reported(const Scenario& scenario, std::size_t sensor, double value,
                   std::uint64_t interval) {
    const SensorNoise& noise = scenario.noise;
    const auto draw = [&](std::uint64_t which) {
        return standard_normal(scenario.seed, 2 * sensor + which, interval, Draw::SensorNoise);
    };
    const double noisy =
        std::max(0.0, value * (1.0 + noise.relative_sd * draw(0)) + noise.absolute_sd * draw(1));
    return is_count(scenario.sensors[sensor].kind) ? std::round(noisy) : noisy;
}

void close_interval(Sensing& sensing, const Scenario& scenario, std::size_t k, double end_s,
                    std::uint64_t interval) {
    // Half an interval or more without observation: no report.
    const bool is_lost = sensing.samples[k] <= sensing.missed[k];
    if (is_lost) {
        ++sensing.reports_lost[k];
    } else {
        const double value = aggregate(scenario.sensors[k].kind, sensing.sum[k], sensing.samples[k],
                                       sensing.missed[k]);
        sensing.reported[k] = as_reported(scenario, k, value, interval);
    }
    sensing.has_report[k] = !is_lost;
    sensing.reported_s[k] = end_s;
    sensing.sum[k] = 0.0;
    sensing.samples[k] = 0;
    sensing.missed[k] = 0;
}

/// Whole intervals up to a time; half a thousandth forgives rounding of tick times.
std::uint64_t intervals_until(double time_s, double interval_s) {
    return static_cast<std::uint64_t>(std::max(0.0, std::floor(time_s / interval_s + 5e-4)));
}

} // namespace

Sensing plan_sensing(const Scenario& scenario) {
    const std::size_t sensors = scenario.sensors.size();
    const std::size_t rules = scenario.rules.size();
    Sensing sensing;
    sensing.sensor_on.assign(sensors, 1);
    sensing.sum.assign(sensors, 0.0);
    sensing.samples.assign(sensors, 0);
    sensing.missed.assign(sensors, 0);
    sensing.reported.assign(sensors, 0.0);
    sensing.has_report.assign(sensors, 0);
    sensing.reported_s.assign(sensors, 0.0);
    sensing.reports_lost.assign(sensors, 0);
    sensing.is_working.assign(sensors, 1);
    sensing.rule_true_since_s.assign(rules, -1.0);
    sensing.rule_fired.assign(rules, 0);
    sensing.rule_due.assign(rules, 0);
    return sensing;
}

void observe(Sensing& sensing, const Scenario& scenario, const std::vector<double>& truth,
             const std::vector<std::uint8_t>& has_power, double now_s, double interval_s) {
    const std::size_t sensors = scenario.sensors.size();
    if (truth.size() != sensors || has_power.size() != sensors) {
        throw UsageError(fmt::format("observe: {} truths and {} powers for {} sensors",
                                     truth.size(), has_power.size(), sensors));
    }
    const double end_s = now_s + interval_s;
    const std::uint64_t before = intervals_until(now_s, scenario.sensor_interval_s);
    const std::uint64_t after = intervals_until(end_s, scenario.sensor_interval_s);
    for (std::size_t k = 0; k < sensors; ++k) {
        sensing.is_working[k] = sensing.sensor_on[k] != 0 && has_power[k] != 0;
        if (sensing.is_working[k] != 0 && !std::isnan(truth[k])) {
            sensing.sum[k] += truth[k];
            ++sensing.samples[k];
        } else {
            ++sensing.missed[k];
        }
        if (after > before) {
            close_interval(sensing, scenario, k, end_s, after);
        }
    }
}

std::vector<std::size_t> firing_rules(Sensing& sensing, const Scenario& scenario, double now_s) {
    std::vector<std::size_t> firing;
    for (std::size_t r = 0; r < scenario.rules.size(); ++r) {
        const Rule& rule = scenario.rules[r];
        if (sensing.rule_fired[r] != 0) {
            continue;
        }
        const std::size_t k = rule.sensor.index;
        const double value = sensing.reported.at(k);
        const bool is_met = rule.is_above ? value > rule.threshold : value < rule.threshold;
        if (sensing.has_report[k] == 0 || !is_met) {
            sensing.rule_true_since_s[r] = -1.0;
            continue;
        }
        double& since_s = sensing.rule_true_since_s[r];
        since_s = since_s < 0.0 ? sensing.reported_s[k] : since_s;
        // Half a microsecond forgives rounding of tick times.
        if (now_s - since_s >= rule.duration_s - 5e-7) {
            sensing.rule_fired[r] = 1;
            firing.push_back(r);
        }
    }
    return firing;
}

} // namespace veste
