#include "scenario/time_distribution.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <initializer_list>
#include <set>

using namespace veste;

namespace {

double drawn_s(const TimeDistribution& time, int owner) {
    return drawn_time_s(time, 3, static_cast<std::uint64_t>(owner), 1, Draw::StageTime);
}

struct Moments {
    double mean_s;
    double sd_s;
};

Moments moments_of(const TimeDistribution& time) {
    constexpr int count = 20000;
    double sum_s = 0.0;
    double squares = 0.0;
    for (int i = 0; i < count; ++i) {
        const double s = drawn_s(time, i);
        sum_s += s;
        squares += s * s;
    }
    const double mean_s = sum_s / count;
    return {mean_s, std::sqrt(std::max(0.0, squares / count - mean_s * mean_s))};
}

} // namespace

TEST_CASE("drawn times have the mean and the standard deviation of their distribution") {
    // Of 20,000 draws the mean scatters by sd / 141 and the standard deviation by 2 % at most here.
    for (const TimeDistribution& time : {TimeDistribution{TimeShape::Normal, 60.0, 15.0},
                                         TimeDistribution{TimeShape::LogNormal, 60.0, 40.0},
                                         TimeDistribution{TimeShape::Gamma, 60.0, 15.0},
                                         TimeDistribution{TimeShape::Gamma, 60.0, 90.0},
                                         TimeDistribution{TimeShape::Erlang, 60.0, 30.0},
                                         TimeDistribution{TimeShape::Weibull, 60.0, 15.0},
                                         TimeDistribution{TimeShape::Weibull, 60.0, 90.0},
                                         TimeDistribution{TimeShape::Exponential, 60.0}}) {
        CAPTURE(static_cast<int>(time.shape));
        CAPTURE(time.sd_s);
        const double sd_s = time.shape == TimeShape::Exponential ? 60.0 : time.sd_s;
        const Moments drawn = moments_of(time);
        CHECK(drawn.mean_s == doctest::Approx(60.0).epsilon(3.0 * sd_s / 141.0 / 60.0));
        CHECK(drawn.sd_s == doctest::Approx(sd_s).epsilon(0.06));
    }
    const Moments uniform = moments_of({TimeShape::Uniform, 0.0, 0.0, 4.0, 10.0});
    CHECK(uniform.mean_s == doctest::Approx(7.0).epsilon(0.01));
    CHECK(uniform.sd_s == doctest::Approx(6.0 / std::sqrt(12.0)).epsilon(0.02));
    CHECK(moments_of({TimeShape::Constant, 8.0}).mean_s == 8.0);
    CHECK(drawn_s({}, 1) == 0.0);
}

TEST_CASE("erlang times have the nearest whole number of phases") {
    // (60 / 32)² = 3.5: four phases, so that the standard deviation is half the mean.
    CHECK(moments_of({TimeShape::Erlang, 60.0, 32.0}).sd_s == doctest::Approx(30.0).epsilon(0.03));
}

TEST_CASE("drawn times keep to their limits without gathering there, at the ends of every law") {
    for (const double sd_s : {0.2, 5.0, 100.0}) { // the least and the most that a scenario may ask
        for (const TimeShape shape : {TimeShape::Normal, TimeShape::LogNormal, TimeShape::Gamma,
                                      TimeShape::Erlang, TimeShape::Weibull}) {
            CAPTURE(sd_s);
            CAPTURE(static_cast<int>(shape));
            std::set<double> different;
            for (int i = 0; i < 500; ++i) {
                const TimeDistribution time{shape, 20.0, sd_s, 19.5, 20.5};
                const double s = drawn_s(time, i);
                CHECK((s >= 19.5 && s <= 20.5));
                CHECK(s == drawn_s(time, i));
                different.insert(s);
            }
            CHECK(different.size() == 500);
        }
    }
}

TEST_CASE("drawn times differ by seed, owner, moment and purpose") {
    const TimeDistribution time{TimeShape::Exponential, 10.0};
    const double s = drawn_time_s(time, 1, 1, 1, Draw::StageTime);
    CHECK(s != drawn_time_s(time, 2, 1, 1, Draw::StageTime));
    CHECK(s != drawn_time_s(time, 1, 2, 1, Draw::StageTime));
    CHECK(s != drawn_time_s(time, 1, 1, 2, Draw::StageTime));
    CHECK(s != drawn_time_s(time, 1, 1, 1, Draw::Reaction));
}
