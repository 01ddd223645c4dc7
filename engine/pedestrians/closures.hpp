#pragma once
#include "pedestrians/pedestrians.hpp"
#include "scenario/scenario.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// What a scenario may close, and the bits of belief that stand for it.
namespace veste {

/// Pedestrians::believes has one bit for each of these: water, closures that the scenario does not
/// list (from Python), and those of its barriers, changes and rules, which share the last fourteen
/// bits in turn where there are more. A bit tells whether the person reckons with what is closed
/// there. Fences, barriers that stand from the start and that nothing in the scenario removes, need
/// none: everyone reckons with them.
constexpr std::size_t closure_bits = 16;
constexpr Beliefs water_bit = 1;
constexpr Beliefs unlisted_bit = 2;
constexpr std::size_t first_listed = 2; ///< index of the first bit of listed closures

constexpr Beliefs bit_of(std::size_t index) {
    return static_cast<Beliefs>(1u << index);
}

/// Ground (or barriers) that some change closes, by bit.
struct ClosuresByBit {
    std::array<std::vector<std::uint32_t>, closure_bits> triangles; ///< TriangleId::index
    std::array<std::vector<std::uint32_t>, closure_bits> barriers;  ///< BarrierId::index
    std::vector<std::uint32_t> fences;                              ///< the same
};

ClosuresByBit closures_of(const Scenario& scenario);

/// What everyone knows from the start: barriers that stand then, and what is closed at time zero.
Beliefs beliefs_at_start(const Scenario& scenario);

} // namespace veste
