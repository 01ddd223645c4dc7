#pragma once
#include "base/random.hpp"

#include <cstdint>
#include <limits>

namespace veste {

enum class TimeShape : std::uint8_t {
    Constant,
    Uniform, ///< between least and most
    Normal,
    LogNormal,
    Gamma,
    Erlang, ///< gamma with the whole number of phases nearest to (mean / sd)²
    Weibull,
    Exponential,
};

/// A random length of time: pre-movement, service or stay. Mean and standard deviation are those
/// of the whole distribution, before it is cut at least and most.
struct TimeDistribution {
    TimeShape shape = TimeShape::Constant;
    double mean_s = 0.0;
    double sd_s = 0.0; ///< not used by Constant, Uniform and Exponential
    double least_s = 0.0;
    double most_s = std::numeric_limits<double>::infinity();
};

/// A time drawn from the distribution between its least and its most by inverse transform: one
/// uniform number makes one time. Relations of mean and standard deviation to the parameters of
/// each law as in Johnson, Kotz, Balakrishnan 1994, chapters 14, 17, 19, 21.
double drawn_time_s(const TimeDistribution& time, std::uint64_t seed, std::uint64_t owner,
                    std::uint64_t tick, Draw purpose);

} // namespace veste
