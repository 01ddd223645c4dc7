#include "pedestrians/gate_chains.hpp"
#include "pedestrians/model.hpp"

#include <algorithm>
#include <limits>

/// Orders to people: evacuation, messages, signs and staff. Whoever is reached and obeys (one draw
/// for each person and order) remembers the order and follows it after the reaction time.
namespace veste {
namespace {

constexpr float soon_s = 1e-3F; ///< a moment that is not zero, which means none

} // namespace

bool PedestrianModel::Implementation::reaches(const Order& order, const Pedestrians& people,
                                              std::uint32_t i,
                                              const std::vector<std::uint8_t>& is_inside) const {
    const Vec2 at(people.x_m[i], people.y_m[i]);
    switch (order.reach) {
    case OrderReach::Everyone:
        return true;
    case OrderReach::Area: {
        // Who waits in a place belongs to it even if the crowd pushed them over its edge.
        const Stage& stage = journeys.stage(people, i);
        const bool waits_inside =
            (stage.waits() || stage.kind == StageKind::Watch) && people.busy_until_s[i] > 0.0 &&
            is_inside[scenario->places[people.target[i]].triangles.front().index] != 0;
        return waits_inside || is_inside[people.triangle[i]] != 0;
    }
    case OrderReach::Sight:
        break;
    }
    return (at - order.at).squaredNorm() <= order.reach_m * order.reach_m &&
           navigation.is_in_sight(order.triangle.index, order.at, at);
}

void PedestrianModel::Implementation::take_orders(Pedestrians& people, double now_s) {
    for (std::uint32_t o = 0; o < scenario->orders.size(); ++o) {
        if (people.order_given[o] == 0) {
            continue;
        }
        const Order& order = scenario->orders[o];
        const auto mark = static_cast<std::uint8_t>(o + 1);
        for (std::uint32_t i = 0; i < people.size(); ++i) {
            if (people.order[i] == mark || !people.is_present(i) ||
                uniform01(scenario->seed, i, o, Draw::Obedience) >= order.share ||
                !reaches(order, people, i, order_ground[o])) {
                continue;
            }
            const double reaction_s =
                order.reaction.mean_s > 0.0
                    ? drawn_duration_s(order.reaction, scenario->seed, i, 1000 + o, Draw::StageTime)
                    : static_cast<double>(people.reaction_s[i]);
            people.order[i] = mark;
            people.obeys_at_s[i] = std::max(soon_s, static_cast<float>(now_s + reaction_s));
        }
        people.order_given[o] = order.is_once ? 0 : 1;
    }
}

std::uint32_t
PedestrianModel::Implementation::nearest_of(const Pedestrians& people, std::uint32_t i,
                                            const std::vector<std::uint32_t>& targets) {
    std::vector<std::uint32_t> routes;
    for (const std::uint32_t target : targets) {
        routes.push_back(navigation.route_of(people, i, target));
    }
    navigation.prepare(routes);
    std::uint32_t best = targets.front();
    double least_m = std::numeric_limits<double>::infinity();
    for (const std::uint32_t target : targets) {
        const double way_m =
            navigation.cost_m(navigation.route_of(people, i, target), people.triangle[i],
                              Vec2(people.x_m[i], people.y_m[i]));
        if (way_m < least_m) {
            least_m = way_m;
            best = target;
        }
    }
    return best;
}

/// Takes someone out of what they are at: the queue, the service, the number of those inside.
void PedestrianModel::Implementation::break_off(Pedestrians& people, std::uint32_t i,
                                                double now_s) {
    const Stage& stage = journeys.stage(people, i);
    if (people.phase[i] == code(WalkerPhase::InService)) {
        gates.abandon(people, i, now_s);
    } else if (people.phase[i] == code(WalkerPhase::Queueing) && people.gate[i] != GateId::none) {
        gates.leave_queue(people, i);
    }
    const bool is_counted = stage.kind == StageKind::WalkOut ||
                            (stage.kind == StageKind::Watch &&
                             (people.gate[i] != GateId::none || people.busy_until_s[i] > 0.0));
    if (is_counted) {
        --people.event_inside[stage.event];
    }
}

void PedestrianModel::Implementation::obey(Pedestrians& people, std::uint32_t i, double now_s) {
    const Order& order = scenario->orders[people.order[i] - 1u];
    people.obeys_at_s[i] = 0.0F;
    knowledge.tell(people, i);
    std::vector<std::uint32_t> targets;
    if (!order.exits.empty()) {
        for (const PlaceId exit : order.exits) {
            targets.push_back(navigation.target_of(exit));
        }
        if (people.choosing[i] == static_cast<std::uint8_t>(Choosing::Unfamiliar)) {
            people.choosing[i] = static_cast<std::uint8_t>(Choosing::Never); // told is told
        }
        break_off(people, i, now_s);
        people.destination[i] = nearest_of(people, i, targets);
        leave(people, i, now_s);
        return;
    }
    const Stage& stage = journeys.stage(people, i);
    const bool is_bound =
        stage.kind == StageKind::Queue && (people.phase[i] == code(WalkerPhase::Walking) ||
                                           people.phase[i] == code(WalkerPhase::Queueing));
    if (!is_bound) {
        return;
    }
    const std::vector<GateId> choices = gates_after(*scenario, stage.gates, people.gates_passed[i]);
    for (const GateId gate : order.gates) {
        if (std::find(choices.begin(), choices.end(), gate) != choices.end() &&
            people.gate_open[gate.index] != 0) {
            targets.push_back(navigation.target_of(gate));
        }
    }
    if (!targets.empty()) {
        gates.redirect(people, i, navigation.gate_of(nearest_of(people, i, targets)), navigation);
    }
}

} // namespace veste
