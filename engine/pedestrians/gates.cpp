#include "pedestrians/gates.hpp"

#include "base/random.hpp"
#include "pedestrians/gate_chains.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr double join_reach_m = 1.5;
constexpr double serve_reach_m = 1.0;
constexpr std::size_t nearest_of = 32; ///< so many of those who joined first may take a place
constexpr double per_rank_m = 0.1;     ///< who joined one later must be nearer by this

std::uint8_t code(WalkerPhase phase) {
    return static_cast<std::uint8_t>(phase);
}

} // namespace

Gates::Gates(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
             Navigation& navigation, const JourneyTable& journeys)
    : journeys_(journeys), city_(std::move(city)), scenario_(std::move(scenario)),
      yards_(scenario_->gates.size()), queues_(scenario_->gates.size()),
      next_place_(scenario_->gates.size(), 0), in_service_(scenario_->gates.size(), 0),
      event_in_service_(scenario_->events.size(), 0) {
    lay_out_yards(navigation);
}

/// Where people of a group go after a stage, by the first choice they have.
std::uint32_t Gates::target_after(std::uint32_t group, std::size_t stage,
                                  const Navigation& navigation) const {
    const std::vector<Stage>& stages = journeys_.stages(group);
    const std::vector<Weighted<std::uint32_t>>& next = stages[stage].next;
    const std::size_t k = std::min(next.empty() ? stage + 1 : next.front().what, stages.size() - 1);
    if (!stages[k].places.empty()) {
        return navigation.target_of(stages[k].places.front().what);
    }
    if (!stages[k].gates.empty()) {
        return navigation.target_of(stages[k].gates.front());
    }
    const std::size_t demands = scenario_->pedestrians.size();
    const auto& ends = group < demands ? scenario_->pedestrians[group].destinations
                                       : scenario_->events[group - demands].exits;
    return ends.empty() ? UINT32_MAX : navigation.target_of(ends.front().what);
}

void Gates::lay_out_yards(Navigation& navigation) {
    // Nobody queues behind a fence.
    navigation.set_shut_sides(shut_sides(city_->walk, scenario_->barriers));
    // Where people go after each gate: to the next one, or to the stage of its event.
    std::vector<std::uint32_t> onwards(yards_.size(), UINT32_MAX);
    const std::size_t groups = scenario_->pedestrians.size() + scenario_->events.size();
    for (std::uint32_t group = 0; group < groups; ++group) {
        const std::vector<Stage>& stages = journeys_.stages(group);
        for (std::size_t k = 0; k < stages.size(); ++k) {
            for (const GateId first : stages[k].gates) {
                for (const GateId gate : chain_from(*scenario_, first)) {
                    const GateId next = scenario_->gates[gate.index].next;
                    onwards[gate.index] = next.is_valid() ? navigation.target_of(next)
                                                          : target_after(group, k, navigation);
                }
            }
        }
    }
    std::vector<std::uint32_t> targets = onwards;
    std::erase(targets, UINT32_MAX);
    navigation.prepare(targets);
    for (std::size_t g = 0; g < yards_.size(); ++g) {
        const Gate& gate = scenario_->gates[g];
        Vec2 towards(1.0, 0.0);
        if (onwards[g] != UINT32_MAX) {
            const Vec2 way =
                navigation.steer(onwards[g], gate.triangle.index, gate.at, 0.3).at - gate.at;
            towards = way.norm() > 1e-6 ? way.normalized() : towards;
        }
        yards_[g] = lay_out_yard(*city_, *scenario_, GateId(g), towards, navigation);
    }
}

void Gates::gather(Pedestrians& people) {
    place_.resize(people.size());
    for (auto& queue : queues_) {
        queue.clear();
    }
    freed_at_s_.assign(queues_.size(), {});
    std::fill(in_service_.begin(), in_service_.end(), 0u);
    std::fill(event_in_service_.begin(), event_in_service_.end(), 0u);
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (people.gate[i] == GateId::none) {
            continue;
        }
        if (people.phase[i] == code(WalkerPhase::Queueing)) {
            queues_[people.gate[i]].push_back(i);
        } else if (people.phase[i] == code(WalkerPhase::InService)) {
            ++in_service_[people.gate[i]];
            if (event_of(people, i) != UINT32_MAX && is_last(people.gate[i])) {
                ++event_in_service_[event_of(people, i)];
            }
        }
    }
    move_up(people);
}

void Gates::move_up(Pedestrians& people) {
    for (std::uint32_t g = 0; g < queues_.size(); ++g) {
        std::sort(queues_[g].begin(), queues_[g].end(), [&](std::uint32_t a, std::uint32_t b) {
            return people.queue_number[a] != people.queue_number[b]
                       ? people.queue_number[a] < people.queue_number[b]
                       : a < b;
        });
        give_places(people, g);
    }
}

void Gates::give_places(Pedestrians& people, std::uint32_t gate) {
    std::vector<std::uint32_t>& queue = queues_[gate];
    const std::vector<Vec2>& places = yards_[gate].places;
    std::vector<std::uint32_t> first; // of those without a place, in order of joining
    std::vector<std::uint32_t> placed;
    placed.reserve(queue.size());
    std::size_t next = 0;
    while (placed.size() < queue.size()) {
        while (first.size() < nearest_of && next < queue.size()) {
            first.push_back(queue[next++]);
        }
        const Vec2& place = places[std::min(placed.size(), places.size() - 1)];
        auto nearest = first.begin();
        double least_m = std::numeric_limits<double>::infinity();
        for (auto i = first.begin(); i != first.end(); ++i) {
            const double way_m = (Vec2(people.x_m[*i], people.y_m[*i]) - place).norm();
            const double ranked_m = way_m + per_rank_m * static_cast<double>(i - first.begin());
            if (ranked_m < least_m) {
                least_m = ranked_m;
                nearest = i;
            }
        }
        place_[*nearest] = static_cast<std::uint32_t>(placed.size());
        people.steer_until_s[*nearest] = 0.0F;
        placed.push_back(*nearest);
        first.erase(nearest);
    }
    queue = std::move(placed);
    next_place_[gate] = static_cast<std::uint32_t>(queue.size());
}

double Gates::queue_reach_m(std::size_t gate) const {
    const QueueYard& yard = yards_[gate];
    const std::size_t tail = std::min<std::size_t>(next_place_[gate], yard.places.size() - 1);
    return (yard.places[tail] - scenario_->gates[gate].at).norm() + join_reach_m;
}

bool Gates::try_join(Pedestrians& people, std::uint32_t i) {
    const std::uint32_t gate = people.gate[i];
    const double reach_m = queue_reach_m(gate);
    const Vec2 offset = Vec2(people.x_m[i], people.y_m[i]) - scenario_->gates[gate].at;
    if (offset.squaredNorm() > reach_m * reach_m) {
        return false;
    }
    people.phase[i] = code(WalkerPhase::Queueing);
    people.queue_number[i] = people.gate_next_number[gate]++;
    people.steer_until_s[i] = 0.0F;
    place_[i] = next_place_[gate]++;
    queues_[gate].push_back(i);
    return true;
}

void Gates::leave_queue(const Pedestrians& people, std::uint32_t i) {
    std::erase(queues_[people.gate[i]], i);
}

/// Near enough to the gate and, at the last gate, not too many for the event.
bool Gates::may_serve(const Pedestrians& people, std::uint32_t i) const {
    const std::uint32_t g = people.gate[i];
    const Vec2 gate = scenario_->gates[g].at;
    const std::uint32_t event = event_of(people, i);
    const double reach_m = (yards_[g].places[0] - gate).norm() + serve_reach_m;
    const bool is_near =
        (Vec2(people.x_m[i], people.y_m[i]) - gate).squaredNorm() <= reach_m * reach_m;
    return is_near && (!is_last(g) || event == UINT32_MAX ||
                       people.event_inside[event] + event_in_service_[event] <
                           scenario_->events[event].capacity);
}

void Gates::serve(Pedestrians& people, double now_s, std::uint64_t now_ms) {
    for (std::uint32_t g = 0; g < queues_.size(); ++g) {
        const Gate& gate = scenario_->gates[g];
        // A lane that became free within the last substep starts from that very moment, so that
        // throughput does not depend on the length of a substep.
        std::size_t next_free = 0;
        const double stretch = 1.0 / (gate.service_rate_per_s * gate.service.mean_s);
        const bool gate_is_open = people.gate_open[g] != 0;
        std::sort(freed_at_s_[g].begin(), freed_at_s_[g].end());
        while (gate_is_open && in_service_[g] < std::max(1u, gate.lanes)) {
            const std::size_t waiting = std::min(queues_[g].size(), nearest_of);
            const auto end = queues_[g].begin() + static_cast<std::ptrdiff_t>(waiting);
            const auto found = std::find_if(queues_[g].begin(), end,
                                            [&](std::uint32_t i) { return may_serve(people, i); });
            if (found == end) {
                break;
            }
            const std::uint32_t i = *found;
            const std::uint32_t event = event_of(people, i);
            const double begin_s =
                next_free < freed_at_s_[g].size() ? freed_at_s_[g][next_free++] : now_s;
            leave_queue(people, i);
            people.phase[i] = code(WalkerPhase::InService);
            people.steer_until_s[i] = 0.0F;
            people.busy_until_s[i] = begin_s + stretch * drawn_time_s(gate.service, scenario_->seed,
                                                                      i, now_ms, Draw::ServiceTime);
            ++in_service_[g];
            if (event != UINT32_MAX && is_last(g)) {
                ++event_in_service_[event];
            }
        }
        freed_at_s_[g].clear();
    }
}

bool Gates::finish(Pedestrians& people, std::uint32_t i) {
    const std::uint32_t gate = people.gate[i];
    const std::uint32_t event = event_of(people, i);
    freed_at_s_[gate].push_back(people.busy_until_s[i]);
    --in_service_[gate];
    ++people.gate_served[gate];
    ++people.gates_passed[i];
    if (is_last(gate)) {
        if (event != UINT32_MAX) {
            --event_in_service_[event];
            ++people.event_inside[event];
        }
        return false;
    }
    people.gate[i] = scenario_->gates[gate].next.index;
    return true;
}

void Gates::abandon(const Pedestrians& people, std::uint32_t i, double now_s) {
    const std::uint32_t gate = people.gate[i];
    freed_at_s_[gate].push_back(now_s);
    --in_service_[gate];
    if (event_of(people, i) != UINT32_MAX && is_last(gate)) {
        --event_in_service_[event_of(people, i)];
    }
}

Vec2 Gates::standing_place(const Pedestrians& people, std::uint32_t i,
                           std::uint32_t& triangle) const {
    const QueueYard& yard = yards_[people.gate[i]];
    if (people.phase[i] == code(WalkerPhase::InService)) {
        const std::size_t lane = people.queue_number[i] % yard.servers.size();
        triangle = yard.server_triangles[lane];
        return yard.servers[lane];
    }
    const std::size_t place = std::min<std::size_t>(place_[i], yard.places.size() - 1);
    triangle = yard.place_triangles[place];
    return yard.places[place];
}

} // namespace veste
