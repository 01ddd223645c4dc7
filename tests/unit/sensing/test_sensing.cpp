#include "base/errors.hpp"
#include "sensing/sensing.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

namespace {

/// A counter, a loop and a gauge without noise, reporting each minute.
Scenario three_sensors() {
    Scenario scenario;
    scenario.sensors.resize(3);
    scenario.sensors[0].kind = SensorKind::CrowdCounter;
    scenario.sensors[1].kind = SensorKind::LoopDetector;
    scenario.sensors[2].kind = SensorKind::WaterGauge;
    scenario.noise = {0.0, 0.0};
    scenario.sensor_interval_s = 60.0;
    return scenario;
}

Rule rule_on(std::uint32_t sensor, bool is_above, double threshold, double duration_s) {
    Rule rule;
    rule.sensor = SensorId(sensor);
    rule.is_above = is_above;
    rule.threshold = threshold;
    rule.duration_s = duration_s;
    return rule;
}

struct Watch {
    Scenario scenario = three_sensors();
    Sensing sensing;
    std::vector<std::uint8_t> power = {1, 1, 1};
    int tick = 0;
    std::vector<double> fired_s;

    /// Observes and judges for some ticks of a second, as the simulation does.
    void run(int ticks, const std::vector<double>& truth) {
        if (sensing.sum.empty()) {
            sensing = plan_sensing(scenario);
        }
        for (int k = 0; k < ticks; ++k, ++tick) {
            observe(sensing, scenario, truth, power, tick, 1.0);
            for (std::size_t r = 0; r < firing_rules(sensing, scenario, tick).size(); ++r) {
                fired_s.push_back(tick);
            }
        }
    }
};

} // namespace

TEST_CASE("counters report means and loops totals and gauges mean depths") {
    Watch watch;
    watch.run(30, {10.0, 1.0, 0.2});
    CHECK(watch.sensing.has_report[0] == 0);
    watch.run(30, {21.0, 0.0, 0.4});
    CHECK(watch.sensing.has_report == std::vector<std::uint8_t>{1, 1, 1});
    CHECK(watch.sensing.reported[0] == 16.0); // 15.5 rounded
    CHECK(watch.sensing.reported[1] == 30.0);
    CHECK(watch.sensing.reported[2] == doctest::Approx(0.3).epsilon(1e-12));
    CHECK(watch.sensing.reported_s[0] == 60.0);
    CHECK(watch.sensing.samples[0] == 0);
}

TEST_CASE("a sensor with nothing to observe works and reports nothing") {
    Watch watch;
    watch.run(60, {10.0, 1.0, nothing_to_observe});
    CHECK(watch.sensing.has_report == std::vector<std::uint8_t>{1, 1, 0});
    CHECK(watch.sensing.reports_lost[2] == 1);
    CHECK(watch.sensing.is_working[2] == 1);
    watch.run(60, {10.0, 1.0, 0.3});
    CHECK(watch.sensing.has_report[2] == 1);
    CHECK(watch.sensing.reported[2] == doctest::Approx(0.3));
}

TEST_CASE("an outage leaves the report missing and never zero") {
    Watch watch;
    watch.run(60, {40.0, 1.0, 0.5});
    watch.power[0] = 0;
    watch.run(60, {40.0, 1.0, 0.5});
    CHECK(watch.sensing.is_working[0] == 0);
    CHECK(watch.sensing.has_report == std::vector<std::uint8_t>{0, 1, 1});
    CHECK(watch.sensing.reported[0] == 40.0); // the last one, marked as old
    CHECK(watch.sensing.reported_s[0] == 120.0);
    CHECK(watch.sensing.reports_lost == std::vector<std::uint64_t>{1, 0, 0});
    watch.power[0] = 1;
    watch.run(60, {7.0, 1.0, 0.5});
    CHECK(watch.sensing.has_report[0] == 1);
    CHECK(watch.sensing.reported[0] == 7.0);
}

TEST_CASE("a sensor switched off by a change is out though it has power") {
    Watch watch;
    watch.run(1, {1.0, 1.0, 1.0});
    watch.sensing.sensor_on[2] = 0;
    watch.run(59, {1.0, 1.0, 1.0});
    CHECK(watch.sensing.has_report[2] == 0);
    CHECK(watch.sensing.reports_lost[2] == 1);
    CHECK(watch.sensing.missed[2] == 0);
}

TEST_CASE("a short outage is bridged from the rest of the interval") {
    Watch watch;
    watch.run(40, {30.0, 2.0, 0.5});
    watch.power = {0, 0, 0};
    watch.run(20, {30.0, 2.0, 0.5});
    CHECK(watch.sensing.has_report == std::vector<std::uint8_t>{1, 1, 1});
    CHECK(watch.sensing.reported[0] == 30.0);
    CHECK(watch.sensing.reported[1] == 120.0); // 80 counted, scaled to the interval
    // Half an interval is too little.
    watch.run(30, {30.0, 2.0, 0.5});
    watch.power = {1, 1, 1};
    watch.run(30, {30.0, 2.0, 0.5});
    CHECK(watch.sensing.has_report == std::vector<std::uint8_t>{0, 0, 0});
}

TEST_CASE("noise has its spread and depends on seed and sensor and interval only") {
    Scenario scenario = three_sensors();
    scenario.sensors.assign(4000, scenario.sensors[2]);
    scenario.noise = {0.05, 0.02};
    const std::vector<double> truth(4000, 2.0);
    const std::vector<std::uint8_t> power(4000, 1);
    const auto reports = [&](std::uint64_t seed) {
        scenario.seed = seed;
        Sensing sensing = plan_sensing(scenario);
        for (int tick = 0; tick < 60; ++tick) {
            observe(sensing, scenario, truth, power, tick, 1.0);
        }
        return sensing.reported;
    };
    const std::vector<double> values = reports(5);
    CHECK(values == reports(5));
    CHECK(values != reports(6));
    double mean = 0.0;
    double square = 0.0;
    for (const double value : values) {
        mean += value / 4000.0;
        square += (value - 2.0) * (value - 2.0) / 4000.0;
    }
    // Standard deviation sqrt(0.1² + 0.02²) = 0.102; 4000 draws: mean within 4 x 0.0016.
    CHECK(mean == doctest::Approx(2.0).epsilon(0.0033));
    CHECK(std::sqrt(square) == doctest::Approx(0.102).epsilon(0.05));
}

TEST_CASE("noisy counts stay whole numbers and never fall below zero") {
    Watch watch;
    watch.scenario.noise = {0.5, 3.0};
    for (int k = 0; k < 50; ++k) {
        watch.run(60, {1.0, 0.0, 0.01});
        for (const double value : watch.sensing.reported) {
            CHECK(value >= 0.0);
        }
        CHECK(watch.sensing.reported[0] == std::round(watch.sensing.reported[0]));
        CHECK(watch.sensing.reported[1] == std::round(watch.sensing.reported[1]));
    }
}

TEST_CASE("a rule fires once after its condition held for its duration on reports") {
    Watch watch;
    watch.scenario.rules = {rule_on(2, true, 0.3, 120.0)};
    watch.run(60, {0.0, 0.0, 0.1});
    watch.run(300, {0.0, 0.0, 0.5});
    // First report above at 120 s; 120 s later the reports of 180 and 240 s have confirmed it.
    CHECK(watch.fired_s == std::vector<double>{240.0});
    watch.run(300, {0.0, 0.0, 0.0});
    watch.run(600, {0.0, 0.0, 0.9});
    CHECK(watch.fired_s.size() == 1);
}

TEST_CASE("a rule below its threshold fires and an equal value is not below") {
    Watch watch;
    watch.scenario.rules = {rule_on(0, false, 10.0, 0.0)};
    watch.run(120, {10.0, 0.0, 0.0});
    CHECK(watch.fired_s.empty());
    watch.run(120, {9.0, 0.0, 0.0});
    CHECK(watch.fired_s == std::vector<double>{180.0});
}

TEST_CASE("no rule fires before there is a report") {
    Watch watch;
    watch.scenario.rules = {rule_on(0, false, 10.0, 0.0)};
    watch.run(59, {0.0, 0.0, 0.0});
    CHECK(watch.fired_s.empty());
}

TEST_CASE("a missing report starts a rule's time anew and never fires it") {
    Watch watch;
    watch.scenario.rules = {rule_on(0, true, 10.0, 100.0)};
    watch.run(60, {50.0, 0.0, 0.0});
    CHECK(watch.sensing.rule_true_since_s[0] == 60.0);
    watch.power[0] = 0;
    watch.run(60, {50.0, 0.0, 0.0});
    CHECK(watch.sensing.rule_true_since_s[0] == -1.0);
    watch.run(600, {50.0, 0.0, 0.0});
    CHECK(watch.fired_s.empty());
    watch.power[0] = 1;
    watch.run(240, {50.0, 0.0, 0.0});
    CHECK(watch.fired_s == std::vector<double>{880.0});
}

TEST_CASE("observations of another number of sensors are refused") {
    Scenario scenario = three_sensors();
    Sensing sensing = plan_sensing(scenario);
    CHECK_THROWS_AS(observe(sensing, scenario, {1.0}, {1, 1, 1}, 0.0, 1.0), UsageError);
}
