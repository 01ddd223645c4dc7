#pragma once
#include "base/random.hpp"
#include "scenario/time_distribution.hpp"

namespace veste {

/// A time drawn from the distribution between its least and its most by inverse transform: one
/// uniform number makes one time. Relations of mean and standard deviation to the parameters of
/// each law as in Johnson, Kotz, Balakrishnan 1994, chapters 14, 17, 19, 21.
double drawn_time_s(const TimeDistribution& time, std::uint64_t seed, std::uint64_t owner,
                    std::uint64_t tick, Draw purpose);

} // namespace veste
