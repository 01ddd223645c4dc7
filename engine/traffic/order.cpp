#include "traffic/order.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

bool is_ahead(const Slot& a, const Slot& b) {
    return a.front_m > b.front_m || (a.front_m == b.front_m && a.vehicle < b.vehicle);
}

/// Nearly sorted lists are usual, so insertion is quickest; it gives up after a few moves a slot.
void sort_slots(std::span<Slot> slots) {
    std::size_t moves_left = 8 * slots.size();
    for (std::size_t n = 1; n < slots.size(); ++n) {
        for (std::size_t k = n; k > 0 && is_ahead(slots[k], slots[k - 1]); --k) {
            std::swap(slots[k], slots[k - 1]);
            if (--moves_left == 0) {
                std::sort(slots.begin(), slots.end(), is_ahead);
                return;
            }
        }
    }
}

/// Calls visit(track, front along it) for each track behind that the vehicle's body still covers.
template <class Visit>
void for_tracks_behind(const Vehicles& v, const Roads& roads, std::uint32_t i, Visit&& visit) {
    double front_m = v.front_m[i];
    std::uint32_t lane = v.lane[i];
    if (lane == none) {
        lane = roads.from_lane(v.connection[i]);
        front_m += roads.length_m[lane];
        if (v.front_m[i] >= v.length_m[i]) {
            return;
        }
        visit(lane, front_m);
    }
    for (const std::uint32_t k : v.trail_of(i)) {
        if (k == none || front_m >= v.length_m[i] || roads.to_lane(k) != lane) {
            return;
        }
        front_m += roads.length_m[roads.lanes + k];
        visit(roads.lanes + k, front_m);
        if (front_m >= v.length_m[i]) {
            return;
        }
        lane = roads.from_lane(k);
        front_m += roads.length_m[lane];
        visit(lane, front_m);
    }
}

} // namespace

void Order::build(const Vehicles& vehicles, const Roads& roads) {
    starts.assign(roads.tracks + 1, 0);
    slot_of.resize(vehicles.size());
    bodies_.clear();
    for (const std::uint32_t i : present) {
        if (!vehicles.is_present(i)) {
            continue;
        }
        Slot slot{vehicles.front_m[i], vehicles.speed_mps[i], vehicles.length_m[i], i, 0};
        const std::uint32_t track = track_of(vehicles, roads, i);
        bodies_.push_back({slot, track});
        ++starts[track + 1];
        if (slot.front_m < slot.length_m) {
            slot.is_ghost = 1;
            for_tracks_behind(vehicles, roads, i, [&](std::uint32_t behind, double front_m) {
                slot.front_m = front_m;
                bodies_.push_back({slot, behind});
                ++starts[behind + 1];
            });
        }
    }
    for (std::uint32_t t = 0; t < roads.tracks; ++t) {
        starts[t + 1] += starts[t];
    }
    slots.resize(bodies_.size());
    for (const Body& body : bodies_) {
        slots[starts[body.track]++] = body.slot;
    }
    for (std::uint32_t t = roads.tracks; t > 0; --t) {
        starts[t] = starts[t - 1];
    }
    starts[0] = 0;
    present.clear();
    for (std::uint32_t t = 0; t < roads.tracks; ++t) {
        if (starts[t + 1] - starts[t] > 1) {
            sort_slots(std::span(slots).subspan(starts[t], starts[t + 1] - starts[t]));
        }
    }
    for (std::uint32_t s = 0; s < slots.size(); ++s) {
        if (slots[s].is_ghost == 0) {
            slot_of[slots[s].vehicle] = s;
            present.push_back(slots[s].vehicle);
        }
    }
}

} // namespace veste::traffic
