#pragma once
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

} // namespace veste
