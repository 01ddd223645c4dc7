#include "pedestrians/model.hpp"
#include "pedestrians/plan.hpp"

namespace veste {
namespace {

constexpr double stand_reach_m = 0.25;
/// Who cannot get through to the planned place in twice the time it should take, and this, stands
/// where the crowd let them.
constexpr double patience_s = 20.0;

} // namespace

void PedestrianModel::Implementation::go_to_gate(Pedestrians& people, std::uint32_t i) {
    people.phase[i] = code(WalkerPhase::Walking);
    people.aim_at(i, navigation.target_of(GateId(people.gate[i])));
    people.busy_until_s[i] = 0.0;
}

void PedestrianModel::Implementation::go_to_stage(Pedestrians& people, std::uint32_t i) {
    const Event& event = *gates.event_of(people.group[i]);
    people.phase[i] = code(WalkerPhase::Walking);
    people.leg[i] = 1;
    people.aim_at(i, navigation.target_of(event.stage));
    people.busy_until_s[i] = 0.0;
}

void PedestrianModel::Implementation::go_to_exit(Pedestrians& people, std::uint32_t i) {
    people.phase[i] = code(WalkerPhase::Walking);
    people.aim_at(i, people.destination[i]);
    people.busy_until_s[i] = 0.0;
}

void PedestrianModel::Implementation::arrive(Pedestrians& people, std::uint32_t i, double now_s) {
    if (people.leg[i] == 2) {
        --people.event_inside[people.group[i] - scenario->pedestrians.size()];
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
    switch (static_cast<WalkerPhase>(people.phase[i])) {
    case WalkerPhase::Walking:
        settle_walker(people, i, now_s);
        break;
    case WalkerPhase::InService:
        if (people.busy_until_s[i] <= now_s) {
            if (gates.finish(people, i)) {
                go_to_gate(people, i);
            } else {
                go_to_stage(people, i);
            }
        }
        break;
    case WalkerPhase::Queueing: {
        const Event& event = *gates.event_of(people.group[i]);
        if (egress_time_s(event, scenario->seed, people, i) <= now_s) {
            // The show is over for them before they got in.
            if (people.gate[i] != GateId::none) {
                gates.leave_queue(people, i);
            }
            people.leg[i] = 3;
            go_to_exit(people, i);
        } else if (people.gate[i] == GateId::none) {
            std::uint32_t& inside =
                people.event_inside[people.group[i] - scenario->pedestrians.size()];
            if (inside < event.capacity) {
                ++inside;
                people.phase[i] = code(WalkerPhase::Walking);
                people.busy_until_s[i] = now_s + patience_s + 60.0;
                people.steer_until_s[i] = 0.0;
            }
        }
        break;
    }
    case WalkerPhase::Standing:
        if (people.busy_until_s[i] <= now_s) {
            people.leg[i] = 2;
            go_to_exit(people, i);
        }
        break;
    case WalkerPhase::Planned:
    case WalkerPhase::Arrived:
    case WalkerPhase::Toppled:
        break;
    }
}

void PedestrianModel::Implementation::settle_walker(Pedestrians& people, std::uint32_t i,
                                                    double now_s) {
    const Vec2 at(people.x_m[i], people.y_m[i]);
    const std::uint32_t triangle = people.triangle[i];
    const Event* event = gates.event_of(people.group[i]);
    if (event == nullptr) {
        if (navigation.is_at(people.target[i], triangle, at)) {
            arrive(people, i, now_s);
        }
        return;
    }
    const std::size_t e = people.group[i] - scenario->pedestrians.size();
    const std::uint32_t stage = navigation.target_of(event->stage);
    if (people.leg[i] == 0) {
        if (egress_time_s(*event, scenario->seed, people, i) <= now_s) {
            people.leg[i] = 3;
            go_to_exit(people, i);
        } else {
            gates.try_join(people, i);
        }
    } else if (people.leg[i] == 1) {
        const Vec2 place(people.stand_x_m[i], people.stand_y_m[i]);
        if (people.busy_until_s[i] == 0.0 && navigation.is_at(stage, triangle, at)) {
            const double way_s = (place - at).norm() / people.free_speed_mps[i];
            if (people.gate[i] == GateId::none && people.event_inside[e] >= event->capacity) {
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
            people.busy_until_s[i] = std::min(
                1e12, egress_time_s(*event, scenario->seed, people, i)); // 1e12 s: to the end
        }
    } else {
        if (people.leg[i] == 2 && !navigation.is_at(stage, triangle, at)) {
            people.leg[i] = 3;
            --people.event_inside[e];
        }
        if (navigation.is_at(people.target[i], triangle, at)) {
            arrive(people, i, now_s);
        }
    }
}

} // namespace veste
