#include "pedestrians/journey_table.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

/// Appends a journey's stages; what follows its end is the stage appended next.
void append(std::vector<Stage>& table, const Scenario& scenario, JourneyId journey) {
    if (!journey.is_valid()) {
        return;
    }
    const auto base = static_cast<std::uint32_t>(table.size());
    for (Stage stage : scenario.journeys[journey.index].stages) {
        for (Weighted<std::uint32_t>& next : stage.next) {
            next.what += base;
        }
        table.push_back(std::move(stage));
    }
}

Stage plain(StageKind kind, std::uint32_t event) {
    Stage stage;
    stage.kind = kind;
    stage.event = event;
    return stage;
}

std::size_t length_of(const Scenario& scenario, JourneyId journey) {
    return journey.is_valid() ? scenario.journeys[journey.index].stages.size() : 0;
}

} // namespace

JourneyTable::JourneyTable(const Scenario& scenario) {
    for (const PedestrianDemand& demand : scenario.pedestrians) {
        std::vector<Stage>& table = tables_.emplace_back();
        append(table, scenario, demand.journey);
        table.push_back(plain(StageKind::Leave, UINT32_MAX));
    }
    for (std::size_t e = 0; e < scenario.events.size(); ++e) {
        const Event& event = scenario.events[e];
        const auto index = static_cast<std::uint32_t>(e);
        std::vector<Stage>& table = tables_.emplace_back();
        append(table, scenario, event.before);
        table.push_back(plain(StageKind::Queue, index));
        table.back().gates = event.gates;
        table.push_back(plain(StageKind::Watch, index));
        table.back().places = {{event.stage, 1.0}};
        table.push_back(plain(StageKind::WalkOut, index));
        append(table, scenario, event.after);
        table.push_back(plain(StageKind::Leave, UINT32_MAX));
    }
    has_holds_ = scenario.holds > 0;
}

std::uint8_t JourneyTable::next_stage(const Pedestrians& people, std::size_t i,
                                      std::uint64_t seed) const {
    const Stage& now = stage(people, i);
    if (now.next.empty()) {
        return static_cast<std::uint8_t>(
            std::min<std::size_t>(people.leg[i] + 1u, leave(people.group[i])));
    }
    const double share = uniform01(seed, people.leader[i], next_stage_draw(people.stages_begun[i]),
                                   Draw::StageChoice);
    return static_cast<std::uint8_t>(
        std::min<std::size_t>(pick(now.next, share), leave(people.group[i])));
}

std::uint8_t queue_stage(const Scenario& scenario, const Event& event) {
    return static_cast<std::uint8_t>(length_of(scenario, event.before));
}

} // namespace veste
