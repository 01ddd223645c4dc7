#include "pedestrians/closures.hpp"

#include <algorithm>
#include <variant>

namespace veste {
namespace {

/// The triangles that a change closes; none for other changes.
const std::vector<TriangleId>& closed_by(const Change& change) {
    static const std::vector<TriangleId> none;
    const auto* close = std::get_if<CloseWays>(&change);
    return close != nullptr ? close->triangles : none;
}

std::vector<const Change*> all_changes(const Scenario& scenario) {
    std::vector<const Change*> changes;
    for (const TimedChange& change : scenario.changes) {
        changes.push_back(&change.what);
    }
    for (const Rule& rule : scenario.rules) {
        changes.push_back(&rule.what);
    }
    return changes;
}

bool is_switched(BarrierId barrier, const std::vector<const Change*>& changes) {
    return std::any_of(changes.begin(), changes.end(), [&](const Change* change) {
        const auto* one = std::get_if<SwitchBarrier>(change);
        return one != nullptr && one->barrier == barrier;
    });
}

/// The bits of barriers and of changes that close ground; what is closed twice has one bit.
struct Bits {
    std::vector<std::size_t> of_barrier; ///< 0 for fences
    std::vector<std::size_t> of_change;  ///< in the order of all_changes; 0 for others
};

Bits listed_bits(const Scenario& scenario) {
    Bits bits;
    std::size_t listed = 0;
    const auto next_bit = [&listed] {
        return first_listed + listed++ % (closure_bits - first_listed);
    };
    const std::vector<const Change*> changes = all_changes(scenario);
    for (std::uint32_t b = 0; b < scenario.barriers.size(); ++b) {
        const bool is_fence = scenario.barriers[b].is_up && !is_switched(BarrierId(b), changes);
        bits.of_barrier.push_back(is_fence ? 0 : next_bit());
    }
    for (std::size_t c = 0; c < changes.size(); ++c) {
        const auto& triangles = closed_by(*changes[c]);
        std::size_t bit = 0;
        for (std::size_t earlier = 0; earlier < c && !triangles.empty(); ++earlier) {
            bit = closed_by(*changes[earlier]) == triangles ? bits.of_change[earlier] : bit;
        }
        bits.of_change.push_back(triangles.empty() || bit != 0 ? bit : next_bit());
    }
    return bits;
}

} // namespace

ClosuresByBit closures_of(const Scenario& scenario) {
    const Bits bits = listed_bits(scenario);
    const std::vector<const Change*> changes = all_changes(scenario);
    ClosuresByBit closures;
    for (std::uint32_t b = 0; b < bits.of_barrier.size(); ++b) {
        const std::size_t bit = bits.of_barrier[b];
        (bit == 0 ? closures.fences : closures.barriers[bit]).push_back(b);
    }
    for (std::size_t c = 0; c < changes.size(); ++c) {
        for (const TriangleId t : closed_by(*changes[c])) {
            closures.triangles[bits.of_change[c]].push_back(t.index);
        }
    }
    return closures;
}

Beliefs beliefs_at_start(const Scenario& scenario) {
    const Bits bits = listed_bits(scenario);
    Beliefs believes = 0;
    for (std::size_t b = 0; b < scenario.barriers.size(); ++b) {
        const std::size_t bit = bits.of_barrier[b];
        believes |= scenario.barriers[b].is_up && bit != 0 ? bit_of(bit) : Beliefs{0};
    }
    for (std::size_t c = 0; c < scenario.changes.size(); ++c) {
        const bool is_closed =
            scenario.changes[c].at_s <= 0.0 && !closed_by(scenario.changes[c].what).empty();
        believes |= is_closed ? bit_of(bits.of_change[c]) : Beliefs{0};
    }
    return believes;
}

} // namespace veste
