#include "traffic/way.hpp"

#include <algorithm>
#include <limits>

namespace veste::traffic {
namespace {

struct Entry {
    double front_m = 0.0;
    double speed_mps = -1.0; ///< negative: no place
};

/// The speed at which a vehicle can enter with its front at `front_m`, behind whoever is ahead and
/// before the lane's end; negative where there is no place.
Entry entry_at(const Step& step, std::uint32_t i, std::uint32_t lane, double front_m) {
    const DriverParameters& p = step.driver(i);
    const double length_m = step.vehicles.length_m[i];
    double speed = step.desired_mps(i, lane);
    double ahead_m = step.roads.length_m[lane] - front_m - step.parameters.stop_line_gap_m;
    for (const Slot& slot : step.order.of(lane)) {
        if (slot.front_m < front_m) {
            // Who is behind must not have to brake hard.
            const double gap_m = front_m - length_m - slot.front_m;
            if (gap_m < p.standstill_gap_m + 1.5 * slot.speed_mps +
                            stopping_m(slot.speed_mps, p.comfortable_deceleration_mps2)) {
                return {};
            }
            speed = 0.0;
            break;
        }
        const double gap_m = slot.rear_m() - front_m;
        if (gap_m < p.standstill_gap_m) {
            return {};
        }
        const double behind_mps = std::max((gap_m - p.standstill_gap_m) / p.time_gap_s, 0.0);
        speed = std::min(speed, std::max(behind_mps, 0.0));
        ahead_m =
            std::min(ahead_m, gap_m + stopping_m(slot.speed_mps, p.comfortable_deceleration_mps2));
    }
    const double can_stop_mps =
        std::sqrt(2.0 * p.comfortable_deceleration_mps2 * std::max(ahead_m - 0.5, 0.0));
    speed = std::min(speed, can_stop_mps);
    return is_upstream_clear(step, lane, front_m - length_m, speed, i) ? Entry{front_m, speed}
                                                                       : Entry{};
}

/// At the lane's start, or, within the city (where people set off from the kerb), at its middle;
/// who has pulled over, where he stands.
Entry find_entry(const Step& step, std::uint32_t i, std::uint32_t lane) {
    const double length_m = step.roads.length_m[lane];
    const double at_start_m = std::min(step.vehicles.length_m[i] + 0.1, length_m);
    if (step.vehicles.entered_s[i] >= 0.0) {
        const double farthest_m = length_m - step.parameters.stop_line_gap_m;
        return entry_at(
            step, i, lane,
            std::clamp(step.vehicles.front_m[i], at_start_m, std::max(at_start_m, farthest_m)));
    }
    const Entry entry = entry_at(step, i, lane, at_start_m);
    const bool is_inside = !step.roads.incoming.of(lane).empty();
    const bool is_last = step.vehicles.route_length[i] <= 1;
    if (entry.speed_mps >= 0.0 || !is_inside || is_last || 0.5 * length_m <= at_start_m) {
        return entry;
    }
    return entry_at(step, i, lane, 0.5 * length_m);
}

/// Room behind a junction belongs to those who are granted it.
bool is_promised(const Step& step, std::uint32_t lane) {
    constexpr double behind_junction_m = 40.0;
    const Roads& roads = step.roads;
    const std::uint32_t edge = roads.edge[lane];
    const auto& present = step.order.present;
    return roads.length_m[lane] < behind_junction_m &&
           std::any_of(present.begin(), present.end(), [&](std::uint32_t i) {
               const auto granted = step.vehicles.granted_to(i);
               return std::any_of(granted.begin(), granted.end(), [&](std::uint32_t k) {
                   return k != none && (roads.edge[roads.lanes + k] == edge ||
                                        roads.edge[roads.from_lane(k)] == edge);
               });
           });
}

} // namespace

bool try_to_enter(const Step& step, std::uint32_t i, std::vector<std::uint8_t>& is_entered) {
    Vehicles& v = step.vehicles;
    const std::uint32_t edge_index = v.entry[i];
    const Edge& edge = step.roads.streets.edges[edge_index];
    if (!step.edges.is_open(edge_index, step.class_of(i))) {
        return false;
    }
    const LanePlan plan = make_lane_plan(v, step.roads, i, 0);
    Entry best;
    std::uint32_t best_lane = none;
    // Lanes that follow the way first, then any other one that admits the class.
    for (const bool only_right : {true, false}) {
        for (std::uint32_t index = 0; index < edge.lanes && (only_right || best_lane == none);
             ++index) {
            const std::uint32_t lane = edge.first_lane.index + index;
            const bool is_right = plan.at(0, index).better == index;
            if (is_entered[lane] != 0 || !step.roads.allows(lane, step.class_of(i)) ||
                (only_right && !is_right) || is_promised(step, lane)) {
                continue;
            }
            const Entry entry = find_entry(step, i, lane);
            if (entry.speed_mps > best.speed_mps) {
                best = entry;
                best_lane = lane;
            }
        }
    }
    if (best_lane == none) {
        return false;
    }
    is_entered[best_lane] = 1;
    v.phase[i] = static_cast<std::uint8_t>(VehiclePhase::Driving);
    v.lane[i] = best_lane;
    v.connection[i] = none;
    v.front_m[i] = best.front_m;
    v.speed_mps[i] = best.speed_mps;
    v.acceleration_mps2[i] = 0.0;
    v.entered_s[i] = v.entered_s[i] < 0.0 ? step.now_s : v.entered_s[i];
    v.next_edge[i] = 1;
    return true;
}

} // namespace veste::traffic
