#pragma once
#include "base/hash.hpp"
#include "pedestrians/pedestrians.hpp"

#include <span>
#include <string>

namespace veste {

/// Of every field of people: the same only where they are the same bit for bit.
inline std::string digest_of(const Pedestrians& people) {
    Digest digest;
    for_each_pedestrian_field(people, [&](const Field& field, const auto& values) {
        digest.add(field.name);
        digest.add(std::as_bytes(std::span(values)));
    });
    return digest.text();
}

} // namespace veste
