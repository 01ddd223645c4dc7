#include "scenario/time_distribution.hpp"

#include <algorithm>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/lognormal.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/weibull.hpp>
#include <cmath>

namespace veste {
namespace {

namespace law = boost::math;

/// The time below which this share of the law lies, of what is between least and most.
template <class Law> double cut_at(const Law& law, const TimeDistribution& time, double share) {
    const double below = cdf(law, time.least_s);
    const double up_to = std::isfinite(time.most_s) ? cdf(law, time.most_s) : 1.0;
    // Rounded to 0 or 1 the share would stand for an infinite time.
    const double within = std::clamp(below + share * (up_to - below),
                                     std::numeric_limits<double>::min(), std::nextafter(1.0, 0.0));
    return quantile(law, within);
}

/// Shape of the Weibull law with this ratio of standard deviation to mean, by bisection.
double weibull_shape(double ratio) {
    double low = 0.2;
    double high = 200.0;
    for (int step = 0; step < 60; ++step) {
        const double shape = 0.5 * (low + high);
        const double first = std::tgamma(1.0 + 1.0 / shape);
        const double squared = std::tgamma(1.0 + 2.0 / shape) / (first * first) - 1.0;
        (squared > ratio * ratio ? low : high) = shape;
    }
    return 0.5 * (low + high);
}

double time_at_s(const TimeDistribution& time, double share) {
    const double mean_s = time.mean_s;
    const double ratio = time.sd_s / mean_s;
    switch (time.shape) {
    case TimeShape::Constant:
        return mean_s;
    case TimeShape::Uniform:
        return time.least_s + share * (time.most_s - time.least_s);
    case TimeShape::Normal:
        return cut_at(law::normal(mean_s, time.sd_s), time, share);
    case TimeShape::LogNormal: {
        const double variance = std::log1p(ratio * ratio);
        return cut_at(law::lognormal(std::log(mean_s) - 0.5 * variance, std::sqrt(variance)), time,
                      share);
    }
    case TimeShape::Gamma:
        return cut_at(law::gamma_distribution<>(1.0 / (ratio * ratio), mean_s * ratio * ratio),
                      time, share);
    case TimeShape::Erlang: {
        const double phases = std::max(1.0, std::round(1.0 / (ratio * ratio)));
        return cut_at(law::gamma_distribution<>(phases, mean_s / phases), time, share);
    }
    case TimeShape::Weibull: {
        const double shape = weibull_shape(ratio);
        return cut_at(law::weibull(shape, mean_s / std::tgamma(1.0 + 1.0 / shape)), time, share);
    }
    case TimeShape::Exponential:
        return cut_at(law::exponential(1.0 / mean_s), time, share);
    }
    return mean_s;
}

} // namespace

double drawn_time_s(const TimeDistribution& time, std::uint64_t seed, std::uint64_t owner,
                    std::uint64_t tick, Draw purpose) {
    return std::clamp(time_at_s(time, uniform01(seed, owner, tick, purpose)), time.least_s,
                      time.most_s);
}

} // namespace veste
