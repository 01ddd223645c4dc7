#pragma once
#include "scenario/scenario.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// What a scenario may close, and the bits of belief that stand for it.
namespace veste {

/// Pedestrians::believes has one bit for each of these: water, closures that the scenario does not
/// list (from Python), and those of its barriers, changes and rules, which share the last six bits
/// in turn where there are more. A bit tells whether the person reckons with what is closed there.
constexpr std::size_t closure_bits = 8;
constexpr std::uint8_t water_bit = 1;
constexpr std::uint8_t unlisted_bit = 2;
constexpr std::size_t first_listed = 2; ///< index of the first bit of listed closures

constexpr std::uint8_t bit_of(std::size_t index) {
    return static_cast<std::uint8_t>(1u << index);
}

/// Ground (or barriers) that some change closes, by bit.
struct ClosuresByBit {
    std::array<std::vector<std::uint32_t>, closure_bits> triangles; ///< TriangleId::index
    std::array<std::vector<std::uint32_t>, closure_bits> barriers;  ///< BarrierId::index
};

ClosuresByBit closures_of(const Scenario& scenario);

/// What everyone knows from the start: barriers that stand then, and what is closed at time zero.
std::uint8_t beliefs_at_start(const Scenario& scenario);

} // namespace veste
