#pragma once
#include <Eigen/Core>
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <experimental/simd>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

/// Four numbers at a time, as one vector instruction where the processor has it. Every operation
/// gives the same bits on every processor: none is fused, sums are taken in one order.
namespace veste {

constexpr std::size_t lane_count = 4;
using Lanes =
    std::experimental::simd<float, std::experimental::simd_abi::deduce_t<float, lane_count>>;
using LaneMask = Lanes::mask_type;

/// Lane by lane `yes` where the mask is set, else `no`.
inline Lanes choose(const LaneMask& mask, const Lanes& yes, const Lanes& no) {
    Lanes chosen = no;
    where(mask, chosen) = yes;
    return chosen;
}

inline Lanes smaller(const Lanes& a, const Lanes& b) {
    return choose(b < a, b, a);
}

inline Lanes larger(const Lanes& a, const Lanes& b) {
    return choose(b > a, b, a);
}

inline Lanes magnitude(const Lanes& a) {
    return larger(a, -a);
}

inline float sum(const Lanes& a) {
    return (a[0] + a[1]) + (a[2] + a[3]);
}

inline float least(const Lanes& a) {
    return std::min(std::min(a[0], a[1]), std::min(a[2], a[3]));
}

/// Bit k is set where the mask is in lane k.
inline unsigned bits_of(const LaneMask& mask) {
#ifdef __SSE2__
    const Lanes signs = choose(mask, Lanes(-1.0F), Lanes(0.0F));
    return static_cast<unsigned>(_mm_movemask_ps(static_cast<__m128>(signs)));
#else
    unsigned bits = 0;
    for (std::size_t k = 0; k < lane_count; ++k) {
        bits |= static_cast<unsigned>(mask[k]) << k;
    }
    return bits;
#endif
}

/// The transpose of four rows, each a struct of four floats: lane k of the n-th is the n-th number
/// of row k.
template <class Row>
std::array<Lanes, lane_count> transposed(const Row& a, const Row& b, const Row& c, const Row& d) {
    static_assert(sizeof(Row) == lane_count * sizeof(float));
#ifdef __SSE2__
    __m128 first = std::bit_cast<__m128>(a);
    __m128 second = std::bit_cast<__m128>(b);
    __m128 third = std::bit_cast<__m128>(c);
    __m128 fourth = std::bit_cast<__m128>(d);
    _MM_TRANSPOSE4_PS(first, second, third, fourth);
    return {Lanes(first), Lanes(second), Lanes(third), Lanes(fourth)};
#else
    using Numbers = std::array<float, lane_count>;
    const std::array<Numbers, lane_count> rows = {
        std::bit_cast<Numbers>(a), std::bit_cast<Numbers>(b), std::bit_cast<Numbers>(c),
        std::bit_cast<Numbers>(d)};
    const auto column = [&](std::size_t n) {
        return Lanes([&](auto lane) { return rows[lane][n]; });
    };
    return {column(0), column(1), column(2), column(3)};
#endif
}

/// e^a; of less than -50 that of -50, since numbers so small that they are subnormal are slow.
inline Lanes exponential(const Lanes& a) {
    using std::experimental::vector_aligned;
    alignas(16) std::array<float, lane_count> values;
    larger(a, Lanes(-50.0F)).copy_to(values.data(), vector_aligned);
    Eigen::Map<Eigen::Array4f, Eigen::Aligned16> all(values.data());
    all = all.exp();
    return {values.data(), vector_aligned};
}

} // namespace veste
