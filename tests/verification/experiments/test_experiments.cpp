#include "verification/experiments/experiment.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <map>

using namespace experiments;

namespace {

/// Measured mean speed at a density, linear between the files' means.
double measured_speed_mps(const std::map<double, double>& curve, double density_per_m2) {
    const auto above = curve.lower_bound(density_per_m2);
    if (above == curve.begin() || above == curve.end()) {
        return above == curve.end() ? curve.rbegin()->second : above->second;
    }
    const auto below = std::prev(above);
    const double share = (density_per_m2 - below->first) / (above->first - below->first);
    return below->second + share * (above->second - below->second);
}

CrowdSample steady_mean(const Experiment& it, const Tracks& tracks) {
    const Window window = steady(passing_times(tracks, it.progress));
    return mean_of(sample_area(tracks, it.area, window.from_s, window.to_s));
}

double mean_speed_mps(const std::vector<HeadwaySample>& samples) {
    double sum = 0.0;
    for (const HeadwaySample& sample : samples) {
        sum += sample.speed_mps;
    }
    return sum / static_cast<double>(samples.size());
}

double oval_speed_mps(int people) {
    double mean = 0.0;
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        mean += mean_speed_mps(headways(oval_simulated(people, seed))) / 3.0;
    }
    return mean;
}

} // namespace

TEST_CASE("the corridor files give the measured diagram that the defaults were fitted to") {
    const double density_per_m2[] = {0.50, 0.55, 0.67, 1.14, 1.68, 3.06, 2.46, 2.06, 1.56};
    const double speed_mps[] = {1.34, 1.38, 1.34, 1.20, 0.96, 0.34, 0.43, 0.66, 0.99};
    const auto names = corridor_names();
    for (std::size_t k = 0; k < names.size(); ++k) {
        const Experiment it = corridor(names[k]);
        const CrowdSample mean = steady_mean(it, it.measured);
        CAPTURE(names[k]);
        // Another choice of the steady time and area moves a mean by up to a tenth.
        CHECK(std::abs(mean.density_per_m2 - density_per_m2[k]) < 0.11);
        CHECK(std::abs(mean.speed_mps - speed_mps[k]) < 0.05);
    }
}

TEST_CASE("corridors with the measured arrivals have the measured speed at their density") {
    std::map<double, double> curve;
    for (const std::string& name : corridor_names()) {
        const Experiment it = corridor(name);
        const CrowdSample mean = steady_mean(it, it.measured);
        curve[mean.density_per_m2] = mean.speed_mps;
    }
    for (const std::string& name : corridor_names()) {
        const Experiment it = corridor(name);
        const auto measured_s = passing_times(it.measured, it.progress);
        double away_mps = 0.0;
        double count_away = 0.0;
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            const Tracks tracks = simulate(it, seed);
            const CrowdSample mean = steady_mean(it, tracks);
            away_mps += (mean.speed_mps - measured_speed_mps(curve, mean.density_per_m2)) / 3.0;
            count_away += count_deviation(measured_s, passing_times(tracks, it.progress)) / 3.0;
        }
        CAPTURE(name);
        MESSAGE(name, ": speed ", away_mps, " m/s off, N(t) ", count_away, " of all off");
        CHECK(std::abs(away_mps) < 0.15);
        CHECK(count_away < 0.15); // a door's flow is known within 15 %
    }
}

TEST_CASE("held out: through an opening of half a metre N(t) is as measured") {
    const Experiment it = narrow_door();
    const auto measured_s = counted_times(it, it.measured);
    CHECK(measured_s.size() == 75);
    CHECK(flow_per_m_s(measured_s, 0.5) == doctest::Approx(2.30).epsilon(0.01));
    constexpr int runs = 12;
    double away = 0.0;
    int stalls = 0;
    for (std::uint64_t seed = 1; seed <= runs; ++seed) {
        const auto counted_s = counted_times(it, simulate(it, seed));
        away += count_deviation(measured_s, counted_s) / runs;
        double longest_pause_s = 0.0;
        for (std::size_t k = 1; k < counted_s.size(); ++k) {
            longest_pause_s = std::max(longest_pause_s, counted_s[k] - counted_s[k - 1]);
        }
        MESSAGE("longest pause ", longest_pause_s, " s");
        stalls += longest_pause_s > 5.0; // some once were 8 to 15 s: people got stuck at the posts
    }
    MESSAGE("N(t) ", away, " of all off, stalls in ", stalls, " of ", runs, " runs");
    CHECK(away < 0.1);
    CHECK(stalls <= 1); // two people wedged at the posts now and then, as seen in one of twelve
}

TEST_CASE("held out: in a corridor of 5 m few people are counted as measured") {
    const Experiment it = wide_corridor();
    const Tracks tracks = simulate(it, 1);
    CHECK(count_deviation(passing_times(it.measured, it.progress),
                          passing_times(tracks, it.progress)) < 0.05);
    CHECK(std::abs(steady_mean(it, tracks).speed_mps - steady_mean(it, it.measured).speed_mps) <
          0.2); // free walking: the default profile is not that of these people
}

TEST_CASE("RiMEA 16: in single file on an oval people walk slower the more they are") {
    const double few_mps = oval_speed_mps(8);
    const double measured_mps = mean_speed_mps(headways(oval_measured(8)));
    MESSAGE("8 people: ", few_mps, " m/s, measured ", measured_mps);
    CHECK(std::abs(few_mps - measured_mps) < 0.2); // free speeds of eight drawn people, three times
    CHECK(oval_speed_mps(20) < few_mps - 0.1);
}

TEST_CASE("RiMEA 16: twenty people in single file walk as slowly as measured") {
    const double many_mps = oval_speed_mps(20);
    const double measured_mps = mean_speed_mps(headways(oval_measured(20)));
    MESSAGE("20 people: ", many_mps, " m/s, measured ", measured_mps);
    CHECK(std::abs(many_mps - measured_mps) < 0.15);
}
