#include "base/random.hpp"

#include <Random123/philox.h>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

double unit_interval(std::uint32_t high, std::uint32_t low) {
    const std::uint64_t bits = (std::uint64_t{high} << 32) | low;
    return static_cast<double>(bits >> 11) * 0x1.0p-53;
}

} // namespace

UniformPair uniform_pair(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick,
                         Draw purpose) {
    using Generator = r123::Philox4x32;
    // The owner's upper half shares a word with the purpose: purposes stay far below 2^16.
    const Generator::ctr_type counter = {
        {static_cast<std::uint32_t>(owner),
         static_cast<std::uint32_t>(owner >> 32) ^ (static_cast<std::uint32_t>(purpose) << 16),
         static_cast<std::uint32_t>(tick), static_cast<std::uint32_t>(tick >> 32)}};
    const Generator::key_type key = {
        {static_cast<std::uint32_t>(seed), static_cast<std::uint32_t>(seed >> 32)}};
    const Generator::ctr_type drawn = Generator()(counter, key);
    return {unit_interval(drawn[0], drawn[1]), unit_interval(drawn[2], drawn[3])};
}

double uniform01(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose) {
    return uniform_pair(seed, owner, tick, purpose).first;
}

double standard_normal(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose) {
    const UniformPair u = uniform_pair(seed, owner, tick, purpose);
    return std::sqrt(-2.0 * std::log(1.0 - u.first)) * std::cos(2.0 * std::numbers::pi * u.second);
}

double truncated_normal(std::uint64_t seed, std::uint64_t owner, Draw purpose, double mean,
                        double standard_deviation, double low, double high) {
    double value = mean;
    for (std::uint64_t attempt = 0; attempt < 64; ++attempt) {
        value = mean + standard_deviation * standard_normal(seed, owner, attempt, purpose);
        if (value >= low && value <= high) {
            return value;
        }
    }
    return std::clamp(value, low, high);
}

double exponential(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose,
                   double mean) {
    return -mean * std::log(1.0 - uniform01(seed, owner, tick, purpose));
}

} // namespace veste
