#include "pedestrians/gates.hpp"

#include "pedestrians/gate_chains.hpp"
#include "pedestrians/groups.hpp"

#include <algorithm>
#include <limits>

/// Which gate people go to, and when they turn to another one.
namespace veste {
namespace {

std::uint8_t code(WalkerPhase phase) {
    return static_cast<std::uint8_t>(phase);
}

} // namespace

/// True where the person's gate is closed and they know it.
bool Gates::knows_closed(const Pedestrians& people, std::uint32_t i,
                         const Knowledge& knowledge) const {
    const std::uint32_t gate = people.gate[i];
    return people.gate_open[gate] == 0 &&
           (people.phase[i] == code(WalkerPhase::Queueing) || is_informed(*scenario_, people, i) ||
            knowledge.is_seen(people, i, scenario_->gates[gate].at));
}

bool Gates::must_turn(const Pedestrians& people, std::uint32_t i,
                      const Knowledge& knowledge) const {
    const bool seeks_gate =
        people.gate[i] != GateId::none && (people.phase[i] == code(WalkerPhase::Walking) ||
                                           people.phase[i] == code(WalkerPhase::Queueing));
    return seeks_gate && journeys_.stage(people, i).kind == StageKind::Queue &&
           (people.is_stuck[i] != 0 || knows_closed(people, i, knowledge));
}

GateId Gates::quickest(const Pedestrians& people, std::uint32_t i,
                       const std::vector<std::uint32_t>& coming,
                       const Navigation& navigation) const {
    double least_s = std::numeric_limits<double>::infinity();
    GateId best;
    for (const GateId id :
         gates_after(*scenario_, journeys_.stage(people, i).gates, people.gates_passed[i])) {
        if (people.gate_open[id.index] == 0) {
            continue;
        }
        const Gate& gate = scenario_->gates[id.index];
        const double way_m =
            navigation.cost_m(navigation.route_of(people, i, navigation.target_of(id)),
                              people.triangle[i], Vec2(people.x_m[i], people.y_m[i]));
        const double wait_s =
            coming[id.index] / (std::max(1u, gate.lanes) * gate.service_rate_per_s);
        const double needs_s = way_m / people.free_speed(i) + wait_s;
        if (needs_s < least_s) {
            least_s = needs_s;
            best = id;
        }
    }
    return best;
}

std::vector<std::uint32_t> Gates::count_coming(const Pedestrians& people) const {
    std::vector<std::uint32_t> coming(queues_.size(), 0);
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        const bool counts = people.gate[i] != GateId::none &&
                            (people.phase[i] == code(WalkerPhase::Walking) ||
                             people.phase[i] == code(WalkerPhase::Queueing)) &&
                            journeys_.stage(people, i).kind == StageKind::Queue;
        coming[counts ? people.gate[i] : 0] += counts ? 1u : 0u;
    }
    return coming;
}

void Gates::choose(Pedestrians& people, std::uint32_t i, Navigation& navigation,
                   const Knowledge& knowledge) {
    const Stage& stage = journeys_.stage(people, i);
    if (const GateId others = companions_gate(people, i); others.is_valid()) {
        people.gate[i] = others.index;
        return;
    }
    const auto planned = std::find(stage.gates.begin(), stage.gates.end(), GateId(people.gate[i]));
    if (planned != stage.gates.end() && !knows_closed(people, i, knowledge)) {
        return;
    }
    std::vector<std::uint32_t> routes;
    for (const GateId gate : stage.gates) {
        routes.push_back(navigation.route_of(people, i, navigation.target_of(gate)));
    }
    navigation.prepare(routes);
    people.gate[i] = GateId::none;
    const GateId best = quickest(people, i, count_coming(people), navigation);
    people.gate[i] = best.is_valid() ? best.index : stage.gates.front().index;
}

void Gates::redirect(Pedestrians& people, std::uint32_t i, GateId gate,
                     const Navigation& navigation) {
    if (gate.index == people.gate[i]) {
        return;
    }
    if (people.phase[i] == code(WalkerPhase::Queueing)) {
        leave_queue(people, i);
        people.phase[i] = code(WalkerPhase::Walking);
    }
    people.gate[i] = gate.index;
    people.aim_at(i, navigation.target_of(gate));
}

void Gates::turn_to_open(Pedestrians& people, Navigation& navigation, const Knowledge& knowledge) {
    std::vector<std::uint32_t> turning;
    std::vector<std::uint8_t> is_wanted(navigation.routes(), 0);
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (!must_turn(people, i, knowledge)) {
            continue;
        }
        turning.push_back(i);
        for (std::size_t g = 0; g < queues_.size(); ++g) {
            is_wanted[navigation.route_of(people, i, navigation.target_of(GateId(g)))] = 1;
        }
    }
    if (turning.empty()) {
        return;
    }
    navigation.prepare_wanted(is_wanted);
    std::vector<std::uint32_t> coming = count_coming(people);
    for (const std::uint32_t i : turning) {
        const GateId others = companions_gate(people, i);
        const bool follows = others.is_valid() && others.index != people.gate[i] &&
                             people.gate_open[others.index] != 0;
        const GateId best = follows ? others : quickest(people, i, coming, navigation);
        if (best.is_valid() && best.index != people.gate[i]) {
            --coming[people.gate[i]];
            ++coming[best.index];
            redirect(people, i, best, navigation);
        }
    }
}

} // namespace veste
