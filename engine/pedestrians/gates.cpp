#include "pedestrians/gates.hpp"

#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

constexpr double first_arc_m = 1.0;
constexpr double between_arcs_m = 0.7; ///< 2.4 people per m²: a standing queue, Fruin (1971) C to D
constexpr double between_people_m = 0.6;
constexpr double half_fan_rad = 1.75;
constexpr double longest_arc_m = 80.0;
constexpr std::size_t most_places = 4000;
constexpr double wall_gap_m = 0.25;
constexpr double lane_width_m = 0.8;
constexpr double join_reach_m = 1.5;
constexpr double serve_reach_m = 1.0;

std::uint8_t code(WalkerPhase phase) {
    return static_cast<std::uint8_t>(phase);
}

} // namespace

Gates::Gates(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
             Navigation& navigation)
    : city_(std::move(city)), scenario_(std::move(scenario)), yards_(scenario_->gates.size()),
      queues_(scenario_->gates.size()), in_service_(scenario_->gates.size(), 0),
      event_in_service_(scenario_->events.size(), 0) {
    std::vector<std::uint32_t> stages;
    for (const Event& event : scenario_->events) {
        if (!event.gates.empty()) {
            stages.push_back(navigation.target_of(event.stage));
        }
    }
    navigation.prepare(stages);
    for (std::size_t g = 0; g < yards_.size(); ++g) {
        lay_out_yard(g, navigation);
    }
}

const Event* Gates::event_of(std::uint32_t group) const {
    const std::size_t demands = scenario_->pedestrians.size();
    return group < demands ? nullptr : &scenario_->events[group - demands];
}

void Gates::lay_out_yard(std::size_t gate, const Navigation& navigation) {
    const Gate& here = scenario_->gates[gate];
    Vec2 onwards(1.0, 0.0);
    for (const Event& event : scenario_->events) {
        if (std::find(event.gates.begin(), event.gates.end(), GateId(gate)) != event.gates.end()) {
            const Steering way = navigation.steer(navigation.target_of(event.stage),
                                                  here.triangle.index, here.at, 0.3);
            if ((way.at - here.at).norm() > 1e-6) {
                onwards = (way.at - here.at).normalized();
            }
            break;
        }
    }
    QueueYard& yard = yards_[gate];
    const Vec2 aside(-onwards.y(), onwards.x());
    for (std::uint32_t lane = 0; lane < std::max(1u, here.lanes); ++lane) {
        const double offset_m = lane_width_m * (lane - 0.5 * (std::max(1u, here.lanes) - 1.0));
        std::uint32_t triangle = here.triangle.index;
        const Vec2 at = here.at + offset_m * aside;
        const bool is_there = navigation.is_in_sight(here.triangle.index, here.at, at, &triangle);
        yard.servers.push_back(is_there ? at : here.at);
        yard.server_triangles.push_back(is_there ? triangle : here.triangle.index);
    }
    const auto is_mine = [&](const Vec2& p) {
        for (std::size_t g = 0; g < scenario_->gates.size(); ++g) {
            const double mine = (p - here.at).squaredNorm();
            const double other = (p - scenario_->gates[g].at).squaredNorm();
            if (g != gate && (other < mine || (other == mine && g < gate))) {
                return false;
            }
        }
        return true;
    };
    const auto try_place = [&](const Vec2& p) {
        std::uint32_t triangle = 0;
        if (!is_mine(p) || !navigation.is_in_sight(here.triangle.index, here.at, p, &triangle) ||
            city_->walk.triangles[triangle].crossing.is_valid()) {
            return;
        }
        for (const Vec2& gap : {Vec2(wall_gap_m, 0.0), Vec2(-wall_gap_m, 0.0),
                                Vec2(0.0, wall_gap_m), Vec2(0.0, -wall_gap_m)}) {
            if (!navigation.is_in_sight(triangle, p, p + gap)) {
                return;
            }
        }
        yard.places.push_back(p);
        yard.place_triangles.push_back(triangle);
    };
    const double back_rad = std::atan2(-onwards.y(), -onwards.x());
    bool is_leftwards = true;
    for (double arc_m = first_arc_m; arc_m < longest_arc_m && yard.places.size() < most_places;
         arc_m += between_arcs_m) {
        const int steps = static_cast<int>(half_fan_rad * arc_m / between_people_m);
        for (int k = -steps; k <= steps; ++k) {
            const double turn_rad = (is_leftwards ? k : -k) * between_people_m / arc_m;
            try_place(here.at +
                      arc_m * Vec2(std::cos(back_rad + turn_rad), std::sin(back_rad + turn_rad)));
        }
        is_leftwards = !is_leftwards;
    }
    if (yard.places.empty()) {
        yard.places.push_back(here.at);
        yard.place_triangles.push_back(here.triangle.index);
    }
}

void Gates::gather(const Pedestrians& people) {
    rank_.resize(people.size());
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
            ++event_in_service_[people.group[i] - scenario_->pedestrians.size()];
        }
    }
    for (auto& queue : queues_) {
        std::sort(queue.begin(), queue.end(), [&](std::uint32_t a, std::uint32_t b) {
            return people.queue_number[a] != people.queue_number[b]
                       ? people.queue_number[a] < people.queue_number[b]
                       : a < b;
        });
        for (std::size_t k = 0; k < queue.size(); ++k) {
            rank_[queue[k]] = static_cast<std::uint32_t>(k);
        }
    }
}

double Gates::queue_reach_m(std::size_t gate) const {
    const QueueYard& yard = yards_[gate];
    const std::size_t tail = std::min(queues_[gate].size(), yard.places.size() - 1);
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
    people.steer_until_s[i] = 0.0;
    rank_[i] = static_cast<std::uint32_t>(queues_[gate].size());
    queues_[gate].push_back(i);
    return true;
}

void Gates::leave_queue(Pedestrians& people, std::uint32_t i) {
    auto& queue = queues_[people.gate[i]];
    queue.erase(queue.begin() + rank_[i]);
    for (std::size_t k = rank_[i]; k < queue.size(); ++k) {
        rank_[queue[k]] = static_cast<std::uint32_t>(k);
        people.steer_until_s[queue[k]] = 0.0;
    }
}

void Gates::turn_from_closed(Pedestrians& people, const Navigation& navigation) {
    const auto is_open = [&](GateId gate) { return people.gate_open[gate.index] != 0; };
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        const bool seeks_gate = people.gate[i] != GateId::none && people.leg[i] == 0 &&
                                (people.phase[i] == code(WalkerPhase::Planned) ||
                                 people.phase[i] == code(WalkerPhase::Walking) ||
                                 people.phase[i] == code(WalkerPhase::Queueing));
        if (!seeks_gate || is_open(GateId(people.gate[i]))) {
            continue;
        }
        const Event& event = *event_of(people.group[i]);
        double best_s = std::numeric_limits<double>::infinity();
        GateId best;
        for (const GateId gate : event.gates) {
            const Gate& g = scenario_->gates[gate.index];
            if (!is_open(gate)) {
                continue;
            }
            const bool is_present = people.phase[i] != code(WalkerPhase::Planned);
            const double way_m =
                is_present ? navigation.cost_m(navigation.target_of(gate), people.triangle[i],
                                               Vec2(people.x_m[i], people.y_m[i]))
                           : (Vec2(people.x_m[i], people.y_m[i]) - g.at).norm();
            const double wait_s = static_cast<double>(queues_[gate.index].size()) /
                                  (std::max(1u, g.lanes) * g.service_rate_per_s);
            const double needs_s = way_m / people.free_speed_mps[i] + wait_s;
            if (needs_s < best_s) {
                best_s = needs_s;
                best = gate;
            }
        }
        if (!best.is_valid()) {
            continue;
        }
        if (people.phase[i] == code(WalkerPhase::Queueing)) {
            leave_queue(people, i);
            people.phase[i] = code(WalkerPhase::Walking);
        }
        people.gate[i] = best.index;
        people.target[i] = navigation.target_of(best);
        people.steer_until_s[i] = 0.0;
    }
}

void Gates::serve(Pedestrians& people, double now_s, std::uint64_t now_ms) {
    for (std::uint32_t g = 0; g < queues_.size(); ++g) {
        const Gate& gate = scenario_->gates[g];
        // A lane that became free within the last substep starts from that very moment, so that
        // throughput does not depend on the length of a substep.
        std::size_t next_free = 0;
        std::sort(freed_at_s_[g].begin(), freed_at_s_[g].end());
        while (in_service_[g] < std::max(1u, gate.lanes) && !queues_[g].empty()) {
            const std::uint32_t i = queues_[g].front();
            const auto event = people.group[i] - scenario_->pedestrians.size();
            const double reach_m = (yards_[g].places[0] - gate.at).norm() + serve_reach_m;
            const bool is_near =
                (Vec2(people.x_m[i], people.y_m[i]) - gate.at).squaredNorm() <= reach_m * reach_m;
            const bool has_room = people.event_inside[event] + event_in_service_[event] <
                                  scenario_->events[event].capacity;
            if (people.gate_open[g] == 0 || !is_near || !has_room) {
                break;
            }
            const double begin_s =
                next_free < freed_at_s_[g].size() ? freed_at_s_[g][next_free++] : now_s;
            leave_queue(people, i);
            people.phase[i] = code(WalkerPhase::InService);
            people.steer_until_s[i] = 0.0;
            people.busy_until_s[i] =
                begin_s + exponential(scenario_->seed, i, now_ms, Draw::ServiceTime,
                                      1.0 / gate.service_rate_per_s);
            ++in_service_[g];
            ++event_in_service_[event];
        }
        freed_at_s_[g].clear();
    }
}

void Gates::finish(Pedestrians& people, std::uint32_t i) {
    const std::uint32_t gate = people.gate[i];
    const auto event = people.group[i] - scenario_->pedestrians.size();
    freed_at_s_[gate].push_back(people.busy_until_s[i]);
    --in_service_[gate];
    --event_in_service_[event];
    ++people.gate_served[gate];
    ++people.event_inside[event];
}

Vec2 Gates::standing_place(const Pedestrians& people, std::uint32_t i,
                           std::uint32_t& triangle) const {
    const QueueYard& yard = yards_[people.gate[i]];
    if (people.phase[i] == code(WalkerPhase::InService)) {
        const std::size_t lane = people.queue_number[i] % yard.servers.size();
        triangle = yard.server_triangles[lane];
        return yard.servers[lane];
    }
    const std::size_t place = std::min<std::size_t>(rank_[i], yard.places.size() - 1);
    triangle = yard.place_triangles[place];
    return yard.places[place];
}

} // namespace veste
