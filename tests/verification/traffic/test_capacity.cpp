#include "base/random.hpp"
#include "unit/traffic/traffic_run.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;
using namespace veste::toy;

namespace {

/// Times at which a standing queue's fronts pass the stop line after the light turns green.
std::vector<double> discharge_s(double dt, int vehicles) {
    TrafficRun run(straight_road(1200.0, 1, 13.89, true));
    run.dt = dt;
    const double line_m = run.streets().lanes[0].length_m;
    const auto count = static_cast<std::size_t>(vehicles);
    for (std::size_t k = 0; k < count; ++k) {
        run.put(run.add({0, 1}), 0, line_m - 1.0 - 6.5 * static_cast<double>(k), 0.0);
    }
    for (auto& light : run.signals.lights) {
        light = static_cast<std::uint8_t>(Light::Green);
    }
    std::vector<double> passed_s(count, -1.0);
    while (passed_s.back() < 0.0 && run.now_s() < 300.0) {
        std::vector<double> before_m(count, 0.0);
        for (std::size_t k = 0; k < count; ++k) {
            before_m[k] = run.vehicles.driven_m[k];
        }
        run.model.advance(run.vehicles, run.signals, run.conditions, run.conditions, run.now_s(),
                          dt, dt, run.counts);
        ++run.steps;
        for (std::size_t k = 0; k < count; ++k) {
            const double to_line_m = 1.0 + 6.5 * static_cast<double>(k);
            if (passed_s[k] < 0.0 && run.vehicles.driven_m[k] > to_line_m) {
                const double share =
                    (to_line_m - before_m[k]) / (run.vehicles.driven_m[k] - before_m[k]);
                passed_s[k] = run.now_s() - dt + share * dt;
            }
        }
    }
    return passed_s;
}

} // namespace

TEST_CASE("a queue discharges at eighteen to twenty hundred vehicles an hour at any step") {
    const auto saturation_per_h = [](double dt) {
        const std::vector<double> at_s = discharge_s(dt, 45);
        return 3600.0 * 36.0 / (at_s[40] - at_s[4]); // HCM: from the fourth vehicle on
    };
    const double fine = saturation_per_h(0.1);
    for (const double dt : {0.1, 0.25, 0.5, 1.0}) {
        CAPTURE(dt);
        const double flow = saturation_per_h(dt);
        CHECK(flow > 1800.0);
        CHECK(flow < 2000.0);
        // A step is a matter of effort, not of drivers: SUMO's Krauss model changes by 18 %.
        CHECK(flow == doctest::Approx(fine).epsilon(0.03));
    }
}

TEST_CASE("discharge headways fall as measured queues do") {
    const std::vector<double> at_s = discharge_s(0.1, 12);
    const double reference_s[] = {2.94, 2.31, 2.16, 2.09, 2.05, 2.02, 1.98, 1.97};
    for (std::size_t k = 0; k < 8; ++k) {
        CAPTURE(k);
        // Measured headways scatter by more than 0.5 s from site to site (HCM 2000, chapter 16); a
        // bound of 0.15 s tells the shape of the curve from a constant 2 s.
        CHECK(std::abs(at_s[k + 1] - at_s[k] - reference_s[k]) < 0.15);
    }
}

namespace {

struct Minor {
    double major_per_h = 0.0;
    double minor_per_h = 0.0;
    double possible_per_h = 0.0; ///< by Siegloch's steps in the headways that really came
};

/// A saturated right turn from the minor street beside a stream on the main one.
Minor minor_capacity(double major_per_h, double end_s) {
    TrafficRun run(t_junction(400.0));
    double at_s = 0.0;
    for (std::uint64_t n = 0; at_s < end_s; ++n) {
        at_s += exponential(7, n, 0, Draw::DepartureTime, 3600.0 / major_per_h);
        run.add({0, 3}, at_s);
    }
    const std::size_t majors = run.vehicles.size();
    for (int n = 0; n < 900; ++n) {
        run.add({4, 3});
    }
    constexpr double begin_s = 120.0;
    Minor result;
    std::vector<std::uint8_t> has_passed(run.vehicles.size(), 0);
    double last_s = -1.0;
    while (run.now_s() < end_s) {
        run.step();
        for (std::size_t i = 0; i < run.vehicles.size(); ++i) {
            if (has_passed[i] != 0 || run.vehicles.connection[i] == no_id) {
                continue;
            }
            has_passed[i] = 1;
            if (run.now_s() < begin_s) {
                continue;
            }
            if (i >= majors) {
                result.minor_per_h += 1.0;
                continue;
            }
            result.major_per_h += 1.0;
            if (last_s > 0.0 && run.now_s() - last_s >= 6.2) {
                result.possible_per_h += 1.0 + std::floor((run.now_s() - last_s - 6.2) / 3.3);
            }
            last_s = run.now_s();
        }
    }
    const double per_h = 3600.0 / (end_s - begin_s);
    result.major_per_h *= per_h;
    result.minor_per_h *= per_h;
    result.possible_per_h *= per_h;
    return result;
}

double siegloch_per_h(double major_per_h) {
    return 3600.0 / 3.3 * std::exp(-major_per_h / 3600.0 * (6.2 - 0.5 * 3.3));
}

} // namespace

TEST_CASE("the minor right turn uses the gaps as Siegloch says") {
    for (const double flow : {183.0, 389.0, 581.0, 802.0, 1012.0, 1225.0, 1400.0}) {
        CAPTURE(flow);
        const Minor m = minor_capacity(flow, 2400.0);
        CAPTURE(m.major_per_h);
        CAPTURE(m.minor_per_h);
        MESSAGE("FIG minor " << m.major_per_h << " " << m.minor_per_h << " possible "
                             << m.possible_per_h << " siegloch " << siegloch_per_h(m.major_per_h));
        // IDM drivers follow at 2 s and more, Siegloch's formula has random arrivals: the steps of
        // his theory on the headways that came are the fair measure. 25 % for step and sample.
        CHECK(m.minor_per_h == doctest::Approx(m.possible_per_h).epsilon(0.25));
        if (flow < 400.0) {
            CHECK(m.minor_per_h == doctest::Approx(siegloch_per_h(m.major_per_h)).epsilon(0.15));
        }
    }
}

TEST_CASE("a roundabout's entry flows as the HCM says at low and middle circulating flow") {
    for (const double flow : {180.0, 386.0, 579.0, 800.0, 1000.0, 1226.0}) {
        CAPTURE(flow);
        TrafficRun run(roundabout());
        double at_s = 0.0;
        for (std::uint64_t n = 0; at_s < 1500.0; ++n) {
            at_s += exponential(9, n, 0, Draw::DepartureTime, 3600.0 / flow);
            run.add({10, 3, 0, 7}, at_s);
        }
        const std::size_t circulating = run.vehicles.size();
        for (int n = 0; n < 500; ++n) {
            run.add({4, 0, 7});
        }
        std::vector<std::uint8_t> has_passed(run.vehicles.size(), 0);
        double entered = 0.0;
        double circulated = 0.0;
        while (run.now_s() < 1500.0) {
            run.step();
            for (std::size_t i = 0; i < run.vehicles.size(); ++i) {
                if (has_passed[i] == 0 && run.vehicles.is_present(i) &&
                    run.edge_of(static_cast<std::uint32_t>(i)) == 7) {
                    has_passed[i] = 1;
                    if (run.now_s() > 300.0) {
                        (i < circulating ? circulated : entered) += 3.0; // per hour
                    }
                }
            }
        }
        MESSAGE("FIG round " << circulated << " " << entered << " hcm "
                             << 1130.0 * std::exp(-0.001 * circulated));
        // 25 %: the HCM's curve is itself a regression with wide scatter.
        CHECK(entered == doctest::Approx(1130.0 * std::exp(-0.001 * circulated)).epsilon(0.25));
    }
}
