#include "base/random.hpp"
#include "unit/traffic/traffic_run.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;
using namespace veste::toy;

namespace {

/// Times at which a standing queue's fronts pass the stop line at the end of edge 0 after the light
/// turns green.
std::vector<double> discharge_s(StreetNetwork streets, const std::vector<std::uint32_t>& way,
                                double dt, int vehicles) {
    TrafficRun run(std::move(streets));
    run.dt = dt;
    const double line_m = run.streets().lanes[0].length_m;
    const auto count = static_cast<std::size_t>(vehicles);
    for (std::size_t k = 0; k < count; ++k) {
        run.put(run.add(way), 0, line_m - 1.0 - 6.5 * static_cast<double>(k), 0.0);
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

std::vector<double> discharge_s(double dt, int vehicles) {
    return discharge_s(straight_road(1200.0, 1, 13.89, true), {0, 1}, dt, vehicles);
}

/// Flow of a queue from the fifth vehicle on (HCM: the first four have not reached saturation).
double saturation_per_h(const std::vector<double>& at_s) {
    return 3600.0 * 36.0 / (at_s[40] - at_s[4]);
}

/// A signal with a side street close behind it: edges 0, 1, 2 along the main road.
StreetNetwork signal_before_side_street(double between_m) {
    Streets s;
    const StreetPlan main{.is_one_way = true, .highway = Highway::Secondary, .name = "Main Road"};
    const std::uint32_t signal = s.node(600.0, 0.0, true);
    const std::uint32_t side = s.node(600.0 + between_m, 0.0);
    const std::uint32_t first = s.street(s.node(0.0, 0.0), signal, main);
    s.street(signal, side, main);
    s.street(side, s.node(1200.0, 0.0), main);
    s.street(s.node(600.0 + between_m, -200.0), side,
             {.is_one_way = true, .must_give_way = true, .name = "Side Street"});
    s.raw.crossings.push_back({first, 600.0, CrossingKind::Signalled, signal, 1});
    return s.assemble();
}

} // namespace

TEST_CASE("a queue discharges at eighteen to twenty hundred vehicles an hour at any step") {
    const double fine = saturation_per_h(discharge_s(0.1, 45));
    for (const double dt : {0.1, 0.25, 0.5, 1.0}) {
        CAPTURE(dt);
        const double flow = saturation_per_h(discharge_s(dt, 45));
        CHECK(flow > 1800.0);
        CHECK(flow < 2000.0);
        // A step is a matter of effort, not of drivers: SUMO's Krauss model changes by 18 %.
        CHECK(flow == doctest::Approx(fine).epsilon(0.03));
    }
}

TEST_CASE("a side street close behind a signal does not hold back who comes from the signal") {
    for (const double between_m : {12.0, 20.0, 30.0, 60.0}) {
        CAPTURE(between_m);
        const double flow =
            saturation_per_h(discharge_s(signal_before_side_street(between_m), {0, 1, 2}, 0.5, 45));
        CHECK(flow > 1700.0);
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
        // Drivers take the gaps that come: Siegloch's steps on the headways of the run are what
        // they can take, and a quarter more where those who wait over 90 s are let in.
        CHECK(m.minor_per_h > 0.95 * m.possible_per_h);
        if (flow < 900.0) {
            CHECK(m.minor_per_h < 1.25 * m.possible_per_h);
        }
        // His formula has random arrivals. IDM drivers keep more than their time gap near their
        // desired speed, which evens headways out: fewer gaps over 6.2 s come. The run gives 891,
        // 627, 381, 237, 133, 68 and 39 an hour where the formula says 867, 669, 503, 394, 302, 237
        // and 193; within 15 % of it only in light traffic.
        if (flow < 400.0) {
            CHECK(m.minor_per_h == doctest::Approx(siegloch_per_h(m.major_per_h)).epsilon(0.15));
        }
    }
}

TEST_CASE("a roundabout's entry flows as the HCM says at low and middle circulating flow") {
    for (const double flow : {180.0, 386.0, 579.0}) {
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
        // 20 %: the HCM's curve is itself a regression with wide scatter. Beyond, circulating
        // drivers keep headways that leave no gap of 3 s: 387, 234 and 36 enter at 750, 912 and
        // 1,122 an hour, where the HCM says 534, 454 and 368. Forced entry (Troutbeck 2002) is not
        // modelled.
        CHECK(entered == doctest::Approx(1130.0 * std::exp(-0.001 * circulated)).epsilon(0.20));
    }
}
