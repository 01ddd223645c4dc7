#include "pedestrians/model.hpp"

#include <algorithm>
#include <cmath>

/// Stages that hold people: they are let go at a rate, or leave in vehicles.
namespace veste {

/// Those whom each holding stage holds, in order of their arrival there.
std::vector<std::vector<std::uint32_t>>
PedestrianModel::Implementation::held_people(const Pedestrians& people) const {
    std::vector<std::vector<std::uint32_t>> held(scenario->holds);
    for (const std::uint32_t i : present) {
        const Stage& stage = journeys.stage(people, i);
        if (stage.holds() && people.busy_until_s[i] > 0.0) {
            held[stage.hold].push_back(i);
        }
    }
    for (std::vector<std::uint32_t>& list : held) {
        std::sort(list.begin(), list.end(), [&](std::uint32_t a, std::uint32_t b) {
            return people.queue_number[a] < people.queue_number[b];
        });
    }
    return held;
}

void PedestrianModel::Implementation::let_go(Pedestrians& people, std::uint32_t i, double now_s) {
    const Stage& stage = journeys.stage(people, i);
    ++people.hold_released[stage.hold];
    if (stage.kind == StageKind::Board) {
        arrive(people, i, now_s);
    } else {
        go_on(people, i, now_s);
    }
}

/// Lets people of a stage go at its rate.
void PedestrianModel::Implementation::release_at_rate(Pedestrians& people, std::uint32_t hold,
                                                      std::span<const std::uint32_t> held,
                                                      double now_s) {
    const double rate_per_s = people.hold_rate_per_s[hold];
    double& next_s = people.hold_next_s[hold];
    next_s = rate_per_s > 0.0 ? std::min(next_s, now_s + 1.0 / rate_per_s) : now_s;
    std::size_t gone = 0;
    while (rate_per_s > 0.0 && gone < held.size() && next_s <= now_s) {
        let_go(people, held[gone++], now_s);
        next_s += 1.0 / rate_per_s;
    }
    if (gone == held.size()) {
        next_s = std::max(next_s, now_s);
    }
}

/// Lets people of a stage leave in the vehicles that are due.
void PedestrianModel::Implementation::release_to(const VehicleService& vehicles,
                                                 Pedestrians& people, std::uint32_t hold,
                                                 std::span<const std::uint32_t> held,
                                                 double now_s) {
    constexpr double spare_s = 1e-6;
    double& next_s = people.hold_next_s[hold];
    std::size_t gone = 0;
    while (next_s <= now_s + spare_s) {
        const std::size_t until = std::min<std::size_t>(held.size(), gone + vehicles.people);
        for (; gone < until; ++gone) {
            let_go(people, held[gone], now_s);
        }
        const double next = std::round((next_s - vehicles.first_s) / vehicles.every_s) + 1.0;
        next_s = vehicles.first_s + next * vehicles.every_s;
    }
}

void PedestrianModel::Implementation::release(Pedestrians& people, double now_s) {
    if (!journeys.has_holds()) {
        return;
    }
    const std::vector<std::vector<std::uint32_t>> held = held_people(people);
    for (const Journey& journey : scenario->journeys) {
        for (const Stage& stage : journey.stages) {
            if (stage.vehicles) {
                release_to(*stage.vehicles, people, stage.hold, held[stage.hold], now_s);
            } else if (stage.holds()) {
                release_at_rate(people, stage.hold, held[stage.hold], now_s);
            }
        }
    }
}

} // namespace veste
