#pragma once
#include "base/random.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/persons.hpp"

#include <vector>

namespace veste {

/// The stages of everyone's journey, one immutable table for each demand and each event; a person's
/// Pedestrians::leg is an index into the table of their group. A demand's table is its journey and
/// Leave; an event's is what comes before, Queue, Watch, WalkOut, what comes after, and Leave.
class JourneyTable {
public:
    explicit JourneyTable(const Scenario& scenario);

    const std::vector<Stage>& stages(std::uint32_t group) const { return tables_[group]; }
    const Stage& stage(const Pedestrians& people, std::size_t i) const {
        return tables_[people.group[i]][people.leg[i]];
    }
    std::uint8_t leave(std::uint32_t group) const {
        return static_cast<std::uint8_t>(tables_[group].size() - 1);
    }
    /// The stage that a person goes on to after the present one, as all of their group.
    std::uint8_t next_stage(const Pedestrians& people, std::size_t i, std::uint64_t seed) const;
    bool has_holds() const { return has_holds_; }

private:
    std::vector<std::vector<Stage>> tables_; ///< demands, then events
    bool has_holds_ = false;
};

/// Numbers of the draws (Draw::StageChoice, by the group's leader) of a stage's place and of what
/// follows the stage, by Pedestrians::stages_begun.
constexpr std::uint64_t place_draw(std::uint64_t stages_begun) {
    return 2 * stages_begun;
}
constexpr std::uint64_t next_stage_draw(std::uint64_t stages_begun) {
    return 2 * stages_begun + 1;
}

/// Position of an event's Queue stage in its table; Watch and WalkOut follow it.
std::uint8_t queue_stage(const Scenario& scenario, const Event& event);

} // namespace veste
