#include "pedestrians/model.hpp"
#include "pedestrians/plan.hpp"

#include <algorithm>

namespace veste {
namespace {

constexpr double stand_reach_m = 0.25;
/// Who cannot get through to the planned place in twice the time it should take, and this, stands
/// where the crowd let them.
constexpr double patience_s = 20.0;
constexpr double forever_s = 1e12;

/// Tells apart the draws of one who comes by the same stage again.
std::uint64_t visit_of(const Pedestrians& people, std::uint32_t i) {
    return static_cast<std::uint64_t>(people.walked_s[i] * 1000.0) * 64 + people.leg[i];
}

} // namespace

void PedestrianModel::Implementation::enter_stage(Pedestrians& people, std::uint32_t i,
                                                  std::uint8_t leg, double now_s) {
    people.leg[i] = leg;
    people.phase[i] = code(WalkerPhase::Walking);
    people.busy_until_s[i] = 0.0;
    const Stage& stage = journeys.stage(people, i);
    switch (stage.kind) {
    case StageKind::Queue:
        people.gates_passed[i] = 0;
        if (stage.gates.empty()) {
            enter_stage(people, i, journeys.next_stage(people, i, scenario->seed), now_s);
            break;
        }
        gates.choose(people, i, navigation, knowledge);
        people.aim_at(i, navigation.target_of(GateId(people.gate[i])));
        break;
    case StageKind::WalkOut:
    case StageKind::Leave:
        people.aim_at(i, people.destination[i]);
        break;
    case StageKind::Watch:
        if (scenario->events[stage.event].gates.empty()) {
            people.gate[i] = GateId::none;
        }
        [[fallthrough]];
    default: {
        const double share = uniform01(scenario->seed, i, visit_of(people, i), Draw::StageChoice);
        people.aim_at(i, navigation.target_of(pick(stage.places, share)));
    }
    }
}

/// Those who just set out begin their first stage; visitors of events are planned with theirs.
void PedestrianModel::Implementation::begin_journey(Pedestrians& people, std::uint32_t i,
                                                    double now_s) {
    const Stage& stage = journeys.stage(people, i);
    if (stage.event == UINT32_MAX && stage.kind != StageKind::Leave) {
        enter_stage(people, i, people.leg[i], now_s);
    }
}

void PedestrianModel::Implementation::go_on(Pedestrians& people, std::uint32_t i, double now_s) {
    enter_stage(people, i, journeys.next_stage(people, i, scenario->seed), now_s);
}

void PedestrianModel::Implementation::leave(Pedestrians& people, std::uint32_t i, double now_s) {
    enter_stage(people, i, journeys.leave(people.group[i]), now_s);
}

void PedestrianModel::Implementation::arrive(Pedestrians& people, std::uint32_t i, double now_s) {
    const Stage& stage = journeys.stage(people, i);
    if (stage.kind == StageKind::WalkOut) {
        --people.event_inside[stage.event];
    }
    people.phase[i] = code(WalkerPhase::Arrived);
    people.arrived_s[i] = now_s;
    people.speed_mps[i] = 0.0;
    people.is_stuck[i] = 0;
    people.waiting_s[i] = 0.0;
    people.kerb[i] = CrossingId::none;
    people.density_per_m2[i] = 0.0;
}

void PedestrianModel::Implementation::settle_one(Pedestrians& people, std::uint32_t i,
                                                 double now_s) {
    if (people.obeys_at_s[i] > 0.0F && static_cast<double>(people.obeys_at_s[i]) <= now_s) {
        obey(people, i, now_s);
    }
    switch (static_cast<WalkerPhase>(people.phase[i])) {
    case WalkerPhase::Walking:
        settle_walker(people, i, now_s);
        break;
    case WalkerPhase::InService:
        if (people.busy_until_s[i] <= now_s) {
            if (gates.finish(people, i)) {
                people.phase[i] = code(WalkerPhase::Walking);
                people.aim_at(i, navigation.target_of(GateId(people.gate[i])));
                people.busy_until_s[i] = 0.0;
            } else {
                go_on(people, i, now_s);
            }
        }
        break;
    case WalkerPhase::Queueing:
        settle_queueing(people, i, now_s);
        break;
    case WalkerPhase::Standing:
        if (people.busy_until_s[i] <= now_s) {
            go_on(people, i, now_s);
        }
        break;
    case WalkerPhase::Planned:
    case WalkerPhase::Arrived:
    case WalkerPhase::Toppled:
        break;
    }
}

void PedestrianModel::Implementation::settle_queueing(Pedestrians& people, std::uint32_t i,
                                                      double now_s) {
    const Stage& stage = journeys.stage(people, i);
    if (stage.event == UINT32_MAX) {
        return;
    }
    const Event& event = scenario->events[stage.event];
    if (egress_time_s(event, scenario->seed, people, i) <= now_s) {
        // The show is over for them before they got in.
        if (people.gate[i] != GateId::none) {
            gates.leave_queue(people, i);
        }
        leave(people, i, now_s);
    } else if (people.gate[i] == GateId::none) {
        std::uint32_t& inside = people.event_inside[stage.event];
        if (inside < event.capacity) {
            ++inside;
            people.phase[i] = code(WalkerPhase::Walking);
            people.busy_until_s[i] = now_s + patience_s + 60.0;
            people.steer_until_s[i] = 0.0;
        }
    }
}

void PedestrianModel::Implementation::settle_walker(Pedestrians& people, std::uint32_t i,
                                                    double now_s) {
    const Stage& stage = journeys.stage(people, i);
    const Vec2 at(people.x_m[i], people.y_m[i]);
    switch (stage.kind) {
    case StageKind::Walk:
        if (navigation.is_at(people.target[i], people.triangle[i], at)) {
            go_on(people, i, now_s);
        }
        break;
    case StageKind::Queue:
        if (stage.event != UINT32_MAX &&
            egress_time_s(scenario->events[stage.event], scenario->seed, people, i) <= now_s) {
            leave(people, i, now_s);
        } else {
            gates.try_join(people, i);
        }
        break;
    case StageKind::Wait:
    case StageKind::Hold:
    case StageKind::Board:
        settle_waiter(people, i, now_s);
        break;
    case StageKind::Watch:
        settle_watcher(people, i, now_s);
        break;
    case StageKind::WalkOut:
        if (!navigation.is_at(navigation.target_of(scenario->events[stage.event].stage),
                              people.triangle[i], at)) {
            --people.event_inside[stage.event];
            go_on(people, i, now_s);
        }
        [[fallthrough]];
    case StageKind::Leave:
        if (people.target[i] == people.destination[i] &&
            navigation.is_at(people.target[i], people.triangle[i], at)) {
            arrive(people, i, now_s);
        }
        break;
    }
}

/// On the way to the standing place before an event's stage.
void PedestrianModel::Implementation::settle_watcher(Pedestrians& people, std::uint32_t i,
                                                     double now_s) {
    const Vec2 at(people.x_m[i], people.y_m[i]);
    const std::uint32_t e = journeys.stage(people, i).event;
    const Event& event = scenario->events[e];
    const Vec2 place(people.stand_x_m[i], people.stand_y_m[i]);
    if (people.busy_until_s[i] == 0.0 &&
        navigation.is_at(people.target[i], people.triangle[i], at)) {
        const double way_s = (place - at).norm() / people.free_speed_mps[i];
        if (people.gate[i] == GateId::none && people.event_inside[e] >= event.capacity) {
            people.phase[i] = code(WalkerPhase::Queueing);
            return;
        }
        people.event_inside[e] += people.gate[i] == GateId::none ? 1u : 0u;
        people.busy_until_s[i] = now_s + 2.0 * way_s + patience_s;
        people.steer_until_s[i] = 0.0;
    }
    const bool is_there = (place - at).squaredNorm() < stand_reach_m * stand_reach_m;
    const bool gives_up = people.busy_until_s[i] > 0.0 && people.busy_until_s[i] <= now_s;
    if (is_there || gives_up) {
        if (people.busy_until_s[i] == 0.0 && people.gate[i] == GateId::none) {
            return;
        }
        people.phase[i] = code(WalkerPhase::Standing);
        people.busy_until_s[i] =
            std::min(forever_s, egress_time_s(event, scenario->seed, people, i));
    }
}

/// On the way to a waiting area: gets a place there on entering it, and waits when there.
void PedestrianModel::Implementation::settle_waiter(Pedestrians& people, std::uint32_t i,
                                                    double now_s) {
    const Vec2 at(people.x_m[i], people.y_m[i]);
    const Stage& stage = journeys.stage(people, i);
    if (people.busy_until_s[i] == 0.0) {
        if (!navigation.is_at(people.target[i], people.triangle[i], at)) {
            return;
        }
        const Vec2 place = waiting.place_for(people, i, journeys, visit_of(people, i));
        people.wait_x_m[i] = static_cast<float>(place.x());
        people.wait_y_m[i] = static_cast<float>(place.y());
        people.busy_until_s[i] =
            now_s + 2.0 * (place - at).norm() / people.free_speed_mps[i] + patience_s;
        people.steer_until_s[i] = 0.0;
        if (stage.holds()) {
            people.queue_number[i] = people.hold_next_number[stage.hold]++;
        }
    }
    const Vec2 place(static_cast<double>(people.wait_x_m[i]),
                     static_cast<double>(people.wait_y_m[i]));
    if ((place - at).squaredNorm() < stand_reach_m * stand_reach_m ||
        people.busy_until_s[i] <= now_s) {
        people.phase[i] = code(WalkerPhase::Standing);
        people.busy_until_s[i] =
            stage.holds()
                ? forever_s
                : std::max(stage.until_s,
                           now_s + drawn_duration_s(stage.time, scenario->seed, i,
                                                    visit_of(people, i), Draw::StageTime));
    }
}

} // namespace veste
