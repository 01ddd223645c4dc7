#pragma once
#include <compare>
#include <cstdint>

namespace veste {

/// A typed index into one array of the city or the world. Tags keep a street edge from being used
/// where a lane is meant. The default value is invalid.
template <class Tag> struct Id {
    static constexpr std::uint32_t none = UINT32_MAX;

    std::uint32_t index = none;

    constexpr Id() = default;
    constexpr explicit Id(std::uint32_t i) : index(i) {}
    constexpr explicit Id(std::size_t i) : index(static_cast<std::uint32_t>(i)) {}
    constexpr bool is_valid() const { return index != none; }
    friend constexpr auto operator<=>(Id, Id) = default;
};

} // namespace veste
