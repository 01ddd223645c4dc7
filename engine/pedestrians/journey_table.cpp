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

constexpr std::uint64_t draws_each = 64; ///< of one duration, at most

double normal_s(const Duration& d, std::uint64_t seed, std::uint64_t owner, std::uint64_t tick,
                Draw purpose) {
    for (std::uint64_t k = 0; k < draws_each; ++k) {
        const double s =
            d.mean_s + d.sd_s * standard_normal(seed, owner, tick * draws_each + k, purpose);
        if (s >= 0.0) {
            return s;
        }
    }
    return 0.0;
}

double erlang_s(const Duration& d, std::uint64_t seed, std::uint64_t owner, std::uint64_t tick,
                Draw purpose) {
    const double wanted = d.sd_s > 0.0 ? d.mean_s * d.mean_s / (d.sd_s * d.sd_s) : 64.0;
    const auto phases = static_cast<std::uint64_t>(
        std::clamp(std::round(wanted), 1.0, static_cast<double>(draws_each)));
    double sum_s = 0.0;
    for (std::uint64_t k = 0; k < phases; ++k) {
        sum_s += exponential(seed, owner, tick * draws_each + k, purpose,
                             d.mean_s / static_cast<double>(phases));
    }
    return sum_s;
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

double drawn_duration_s(const Duration& d, std::uint64_t seed, std::uint64_t owner,
                        std::uint64_t tick, Draw purpose) {
    switch (d.shape) {
    case DurationShape::Exponential:
        return exponential(seed, owner, tick, purpose, d.mean_s);
    case DurationShape::Constant:
        break;
    case DurationShape::Uniform:
        return std::max(0.0, d.mean_s + std::sqrt(3.0) * d.sd_s *
                                            (2.0 * uniform01(seed, owner, tick, purpose) - 1.0));
    case DurationShape::Normal:
        return normal_s(d, seed, owner, tick, purpose);
    case DurationShape::LogNormal: {
        const double variance = std::log1p(d.sd_s * d.sd_s / (d.mean_s * d.mean_s));
        return d.mean_s *
               std::exp(std::sqrt(variance) * standard_normal(seed, owner, tick, purpose) -
                        0.5 * variance);
    }
    case DurationShape::Erlang:
        return erlang_s(d, seed, owner, tick, purpose);
    }
    return d.mean_s;
}

} // namespace veste
