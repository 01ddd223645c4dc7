#include "pedestrians/orders.hpp"

#include "pedestrians/drawn_times.hpp"
#include "pedestrians/gate_chains.hpp"
#include "pedestrians/groups.hpp"
#include "pedestrians/model.hpp"

#include <algorithm>
#include <limits>

/// Orders to people: evacuation, messages, signs and staff. Whoever is reached and obeys (one draw
/// for each group and order) takes the order, once for each time that it is given, remembers it and
/// follows it after the reaction time. A group takes it together.
namespace veste {
namespace {

constexpr float soon_s = 1e-3F; ///< a moment that is not zero, which means none
constexpr std::size_t bits_each_word = 32;

/// Orders to leave outweigh those to take a gate, which outweigh mere news.
int weight_of(const Order& order) {
    return !order.exits.empty() ? 2 : order.gates.empty() ? 0 : 1;
}

/// True where a person who took one order before does not turn to the new one: what they follow
/// weighs more, or as much and was given later. Who meets a sign or a person posted, or met one
/// before, goes by whom they meet last.
bool outlasts(const Pedestrians& people, const Scenario& scenario, std::size_t i,
              std::uint32_t taken) {
    if (people.order[i] == 0) {
        return false;
    }
    const std::uint32_t held = people.order[i] - 1u;
    const Order& before = scenario.orders[held];
    const Order& next = scenario.orders[taken];
    if (weight_of(next) != weight_of(before)) {
        const bool is_followed = people.obeys_at_s[i] > 0.0F || !before.exits.empty();
        return weight_of(next) < weight_of(before) && is_followed;
    }
    const bool are_to_all = next.reach != OrderReach::Sight && before.reach != OrderReach::Sight;
    const double held_s = people.order_last_s[held];
    const double taken_s = people.order_last_s[taken];
    return are_to_all && (held_s > taken_s || (held_s == taken_s && held > taken));
}

} // namespace

std::size_t words_of_orders(const Scenario& scenario) {
    return (scenario.orders.size() + bits_each_word - 1) / bits_each_word;
}

bool has_taken(const Pedestrians& people, std::size_t i, std::size_t order) {
    const std::uint32_t word = people.orders_taken[order / bits_each_word * people.size() + i];
    return ((word >> (order % bits_each_word)) & 1u) != 0;
}

void mark_taken(Pedestrians& people, std::size_t i, std::size_t order) {
    people.orders_taken[order / bits_each_word * people.size() + i] |= 1u
                                                                       << (order % bits_each_word);
}

std::vector<std::uint32_t> orders_in_force(const Scenario& scenario, Pedestrians& people,
                                           double now_s) {
    std::vector<std::uint32_t> orders;
    for (std::uint32_t o = 0; o < people.order_given.size(); ++o) {
        const auto state = static_cast<OrderState>(people.order_given[o]);
        if (state == OrderState::None) {
            continue;
        }
        orders.push_back(o);
        if (state != OrderState::Given) {
            continue;
        }
        people.order_given[o] = static_cast<std::uint8_t>(OrderState::InForce);
        const bool is_anew = people.order_first_s[o] >= 0.0;
        people.order_first_s[o] = is_anew ? people.order_first_s[o] : now_s;
        people.order_last_s[o] = now_s;
        const std::size_t first = o / bits_each_word * people.size();
        for (std::size_t i = 0; is_anew && i < people.size(); ++i) {
            const bool leaves_by_it = people.order[i] == o + 1 && !scenario.orders[o].exits.empty();
            if (people.is_present(i) && !leaves_by_it) {
                people.orders_taken[first + i] &= ~(1u << (o % bits_each_word));
            }
        }
    }
    std::stable_sort(orders.begin(), orders.end(), [&](std::uint32_t a, std::uint32_t b) {
        return people.order_last_s[a] < people.order_last_s[b];
    });
    return orders;
}

bool is_evacuating(const Scenario& scenario, const Pedestrians& people, std::size_t i) {
    return people.order[i] != 0 && people.obeys_at_s[i] == 0.0F &&
           !scenario.orders[people.order[i] - 1u].exits.empty();
}

double evacuated_from_s(const Scenario& scenario, const Pedestrians& people, std::size_t i) {
    double from_s = std::numeric_limits<double>::infinity();
    for (std::size_t o = 0; o < scenario.orders.size(); ++o) {
        const bool is_first = people.order_first_s[o] >= 0.0 && people.order_first_s[o] < from_s;
        if (is_first && !scenario.orders[o].exits.empty() && has_taken(people, i, o)) {
            from_s = people.order_first_s[o];
        }
    }
    return from_s;
}

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
    for (const std::uint32_t o : orders_in_force(*scenario, people, now_s)) {
        for (std::uint32_t first = 0; first < people.size();) {
            const auto end = static_cast<std::uint32_t>(end_of_group(people, first));
            tell_group(people, first, end, o, now_s);
            first = end;
        }
        if (scenario->orders[o].is_once) {
            people.order_given[o] = static_cast<std::uint8_t>(OrderState::None);
        }
    }
}

/// An order that reaches one of a group is taken by all of it.
void PedestrianModel::Implementation::tell_group(Pedestrians& people, std::uint32_t first,
                                                 std::uint32_t end, std::uint32_t o, double now_s) {
    const Order& order = scenario->orders[o];
    const auto hears = [&](std::uint32_t i) {
        return people.is_present(i) && people.phase[i] != code(WalkerPhase::Toppled);
    };
    bool is_news = false;
    for (std::uint32_t i = first; i < end; ++i) {
        is_news = is_news || (hears(i) && !has_taken(people, i, o));
    }
    if (!is_news || uniform01(scenario->seed, first, o, Draw::Obedience) >= order.share) {
        return;
    }
    bool is_told = false;
    for (std::uint32_t i = first; i < end && !is_told; ++i) {
        is_told =
            has_taken(people, i, o) || (hears(i) && reaches(order, people, i, order_ground[o]));
    }
    for (std::uint32_t i = first; i < end && is_told; ++i) {
        if (hears(i) && !has_taken(people, i, o)) {
            take(people, i, o, now_s);
        }
    }
}

/// Someone takes an order. Who has begun to react does not begin anew: the earlier moment counts;
/// who is on the way out already turns at once.
void PedestrianModel::Implementation::take(Pedestrians& people, std::uint32_t i, std::uint32_t o,
                                           double now_s) {
    mark_taken(people, i, o);
    const Order& order = scenario->orders[o];
    const bool is_leaving = is_evacuating(*scenario, people, i);
    if (outlasts(people, *scenario, i, o)) {
        if (people.obeys_at_s[i] == 0.0F) {
            knowledge.tell(people, i);
        }
        return;
    }
    const double own_s = is_leaving ? 0.0 : static_cast<double>(people.reaction_s[i]);
    const double reaction_s = order.reaction.mean_s > 0.0
                                  ? drawn_time_s(order.reaction, scenario->seed, people.leader[i],
                                                 1000 + o, Draw::StageTime)
                                  : own_s;
    const float moment_s = std::max(soon_s, static_cast<float>(now_s + reaction_s));
    people.order[i] = static_cast<std::uint8_t>(o + 1);
    people.obeys_at_s[i] =
        people.obeys_at_s[i] > 0.0F ? std::min(people.obeys_at_s[i], moment_s) : moment_s;
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

/// The exit nearest to the person, or the one that others of the group took for this order.
std::uint32_t PedestrianModel::Implementation::exit_for(const Pedestrians& people, std::uint32_t i,
                                                        const std::vector<std::uint32_t>& targets) {
    const std::uint32_t first = people.leader[i];
    for (std::uint32_t k = first; k < end_of_group(people, first); ++k) {
        const bool went_before = k != i && people.order[k] == people.order[i] &&
                                 people.obeys_at_s[k] == 0.0F &&
                                 people.phase[k] != code(WalkerPhase::Toppled);
        if (went_before &&
            std::find(targets.begin(), targets.end(), people.destination[k]) != targets.end()) {
            return people.destination[k];
        }
    }
    return nearest_of(people, i, targets);
}

void PedestrianModel::Implementation::obey(Pedestrians& people, std::uint32_t i, double now_s) {
    const Order& order = scenario->orders[people.order[i] - 1u];
    people.obeys_at_s[i] = 0.0F;
    knowledge.tell(people, i);
    if (!order.exits.empty()) {
        std::vector<std::uint32_t> targets;
        for (const PlaceId exit : order.exits) {
            targets.push_back(navigation.target_of(exit));
        }
        if (people.choosing[i] == static_cast<std::uint8_t>(Choosing::Unfamiliar)) {
            people.choosing[i] = static_cast<std::uint8_t>(Choosing::Never); // told is told
        }
        break_off(people, i, now_s);
        people.destination[i] = exit_for(people, i, targets);
        people.choosing[i] = static_cast<std::uint8_t>(Choosing::Never);
        leave(people, i, now_s);
    } else {
        take_gate(people, i, order);
    }
}

/// Who is bound for a gate goes to the nearest of the order's, or to that of the group.
void PedestrianModel::Implementation::take_gate(Pedestrians& people, std::uint32_t i,
                                                const Order& order) {
    const Stage& stage = journeys.stage(people, i);
    const bool is_bound =
        stage.kind == StageKind::Queue && (people.phase[i] == code(WalkerPhase::Walking) ||
                                           people.phase[i] == code(WalkerPhase::Queueing));
    if (!is_bound) {
        return;
    }
    const std::vector<GateId> choices = gates_after(*scenario, stage.gates, people.gates_passed[i]);
    const GateId others = companions_gate(people, i);
    std::vector<std::uint32_t> targets;
    for (const GateId gate : order.gates) {
        if (std::find(choices.begin(), choices.end(), gate) == choices.end() ||
            people.gate_open[gate.index] == 0) {
            continue;
        }
        if (gate == others) {
            targets.assign(1, navigation.target_of(gate));
            break;
        }
        targets.push_back(navigation.target_of(gate));
    }
    if (!targets.empty()) {
        gates.redirect(people, i, navigation.gate_of(nearest_of(people, i, targets)), navigation);
    }
}

} // namespace veste
