#include "traffic/passing.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

/// Room beyond this is not looked for.
constexpr double look_for_room_m = 60.0;
constexpr double standing_mps = 1.0;

/// True where a vehicle's way can lead no farther than this track's end without a grant.
bool is_end_of_run(const Step& step, std::uint32_t i, const Way& way) {
    return step.roads.is_lane(way.track) &&
           (step.roads.has_line[way.track] != 0 || connection_ahead(step, i, way) == none);
}

/// True where a vehicle has room to stop at the end of a run for a light that is red.
bool can_stop_for_light(const Step& step, std::uint32_t i, const Way& begin, const Way& end) {
    const std::uint32_t k = connection_ahead(step, i, end);
    if (k == none || !step.has_working_light(k) || step.roads.is_circle(begin.track)) {
        return false;
    }
    const double run_m = end.end_m(step.roads) - begin.offset_m;
    const bool is_red = step.light(k) == Light::Red || step.light(k) == Light::Yellow;
    return is_red && run_m >= needed_room_m(step, i);
}

/// Between stop lines that follow each other closely, and in a roundabout, nobody stands but at a
/// light: a circle of vehicles that each wait for the next one could never move again.
bool can_stand_on(const Step& step, std::uint32_t i, const Way& begin) {
    const Roads& roads = step.roads;
    const double wanted_m = roads.refuge_m(begin.track);
    for (Way way = begin;; walk_on(step, i, way)) {
        if (roads.is_circle(begin.track) && !roads.is_circle(way.track)) {
            return false;
        }
        // Where its way ends, a vehicle leaves the road.
        if (way.end_m(roads) - begin.offset_m >= wanted_m ||
            way.edge + 1 >= step.vehicles.route_length[i]) {
            return true;
        }
        if (is_end_of_run(step, i, way)) {
            return can_stop_for_light(step, i, begin, way);
        }
    }
}

/// Calls visit(j, k, is_on_it) for others on their way into a lane over connection k.
template <class Visit>
void for_those_coming(const Step& step, std::uint32_t i, std::uint32_t lane, Visit&& visit) {
    for (const std::uint32_t k : step.roads.incoming.of(lane)) {
        for (const Slot& slot : step.order.of(step.roads.lanes + k)) {
            if (slot.is_ghost == 0 && slot.vehicle != i) {
                visit(slot.vehicle, k, true);
            }
        }
        step.grants.any_of(k, [&](const Approach& a) {
            if (a.vehicle != i) {
                visit(a.vehicle, k, false);
            }
            return false;
        });
    }
}

bool goes_beyond(const Vehicles& v, std::uint32_t j, std::uint32_t connection) {
    const auto granted = v.granted_to(j);
    const auto at = std::find(granted.begin(), granted.end(), connection);
    return at != granted.end() && at + 1 != granted.end() && *(at + 1) != none;
}

/// Somebody who stands, or comes to stand, on a lane where nobody should; none where all go on.
std::uint32_t who_stays_on(const Step& step, std::uint32_t i, std::uint32_t lane) {
    std::uint32_t who = none;
    for_those_coming(step, i, lane, [&](std::uint32_t j, std::uint32_t k, bool is_on_it) {
        const bool goes_on = is_on_it ? step.was_granted[j] != 0 : goes_beyond(step.vehicles, j, k);
        who = goes_on ? who : j;
    });
    for (const Slot& slot : step.order.of(lane)) {
        if (slot.is_ghost == 0 && slot.vehicle != i && step.was_granted[slot.vehicle] == 0) {
            who = slot.vehicle;
        }
    }
    return who;
}

/// What a run of tracks holds when those who move have closed up to the first who stands, or to its
/// end.
Room find_room_on(const Step& step, std::uint32_t i, const Way& begin) {
    const double wanted_m = needed_room_m(step, i);
    double taken_m = 0.0;
    std::uint32_t farthest = none;
    const auto take = [&](std::uint32_t j) {
        taken_m += step.vehicles.length_m[j] + step.driver(j).standstill_gap_m;
        farthest = j;
    };
    for_those_coming(step, i, begin.track, [&](std::uint32_t j, std::uint32_t, bool) { take(j); });
    for (Way way = begin;; walk_on(step, i, way)) {
        const auto slots = step.order.of(way.track);
        for (auto slot = slots.rbegin(); slot != slots.rend(); ++slot) {
            if (slot->vehicle == i) {
                continue;
            }
            if (slot->speed_mps < standing_mps) {
                const double room_m = way.offset_m + slot->rear_m() - begin.offset_m;
                return {taken_m + wanted_m <= room_m, slot->vehicle};
            }
            // A body that reaches over several tracks is counted on the first of them.
            if (slot->vehicle != farthest) {
                take(slot->vehicle);
            }
        }
        const double room_m = way.end_m(step.roads) - begin.offset_m;
        if (is_end_of_run(step, i, way)) {
            return {farthest == none || taken_m + wanted_m <= room_m, farthest};
        }
        if (taken_m + wanted_m <= room_m || room_m > look_for_room_m + taken_m) {
            return {taken_m + wanted_m <= room_m, none};
        }
    }
}

void add_passage(const Step& step, std::uint32_t i, Path& path, Way& way, std::uint32_t k) {
    const bool is_line = step.roads.needs_grant[k] != 0;
    const double distance_m = way.end_m(step.roads);
    way.go_to(step.roads, step.roads.lanes + k);
    walk_on(step, i, way);
    if (is_line && !path.has_line()) {
        path.first_line = path.count;
    }
    path.passages[path.count++] = {k, distance_m, way};
}

} // namespace

double needed_room_m(const Step& step, std::uint32_t i) {
    return std::min(step.vehicles.length_m[i] + standing_room_m(step.parameters),
                    step.roads.longest_m);
}

Path find_path(const Step& step, std::uint32_t i) {
    Path path;
    Way way = way_of(step, i);
    if (!step.roads.is_lane(way.track)) {
        walk_on(step, i, way);
    }
    while (path.count < most_granted && !(path.has_line() && can_stand_on(step, i, way))) {
        const std::uint32_t k = connection_ahead(step, i, way);
        if (k == none) {
            path.breaks_off = path.has_line();
            break;
        }
        add_passage(step, i, path, way, k);
    }
    return path;
}

Path granted_path(const Step& step, std::uint32_t i) {
    Path path;
    Way way = way_of(step, i);
    if (!step.roads.is_lane(way.track)) {
        walk_on(step, i, way);
    }
    for (const std::uint32_t k : step.vehicles.granted_to(i)) {
        if (k == none) {
            break;
        }
        add_passage(step, i, path, way, k);
    }
    return path;
}

Room find_room(const Step& step, std::uint32_t i, const Path& path) {
    for (std::uint32_t n = path.first_line; n + 1 < path.count; ++n) {
        const std::uint32_t who = who_stays_on(step, i, path.passages[n].behind.track);
        if (who != none) {
            return {false, who};
        }
    }
    return find_room_on(step, i, path.last().behind);
}

} // namespace veste::traffic
