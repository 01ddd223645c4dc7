#include "simulation/world.hpp"

#include "base/hash.hpp"

#include <cmath>
#include <fmt/format.h>
#include <type_traits>

namespace veste {
namespace {

template <class T> std::size_t first_non_finite_in(const std::vector<T>& values) {
    // A number times zero is zero unless it is infinite or not a number: a sum that vectorises.
    T sum = 0;
    for (const T value : values) {
        sum += value * T{0};
    }
    if (sum == T{0}) {
        return values.size();
    }
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (!std::isfinite(values[i])) {
            return i;
        }
    }
    return values.size();
}

} // namespace

std::string state_digest(const World& world) {
    Digest digest;
    const std::uint64_t counters[] = {world.tick, world.known.walk_version,
                                      world.known.edge_version};
    digest.add(std::as_bytes(std::span(counters)));
    for_each_field(world, [&](std::string_view domain, const Field& field, const auto& values) {
        if (field.role == Role::Derived) {
            return;
        }
        digest.add(domain);
        digest.add(field.name);
        digest.add(std::as_bytes(std::span(values)));
    });
    return digest.text();
}

std::string first_non_finite(const World& world) {
    std::string found;
    for_each_field(world, [&](std::string_view domain, const Field& field, const auto& values) {
        using T = typename std::decay_t<decltype(values)>::value_type;
        if constexpr (std::is_floating_point_v<T>) {
            if (field.role == Role::Derived || !found.empty()) {
                return;
            }
            const std::size_t i = first_non_finite_in(values);
            if (i < values.size()) {
                found =
                    fmt::format("{}/{}[{}] = {} {}", domain, field.name, i, values[i], field.unit);
            }
        }
    });
    return found;
}

} // namespace veste
