#pragma once
#include "traffic/roads.hpp"

#include <span>
#include <vector>

namespace veste::traffic {

/// One body on one track. A vehicle whose rear is still on a track that its front has left has a
/// ghost there, with its front beyond the track's end.
struct Slot {
    double front_m;
    double speed_mps;
    double length_m;
    std::uint32_t vehicle;
    std::uint32_t is_ghost;
    double rear_m() const { return front_m - length_m; }
};

/// Present vehicles sorted by track and, along each, from the front to the back (ties: lower id
/// first). Rebuilt each substep; depends on the state alone.
struct Order {
    std::vector<std::uint32_t> starts; ///< of each track, and the end
    std::vector<Slot> slots;
    std::vector<std::uint32_t> slot_of; ///< a vehicle's own slot
    std::vector<std::uint32_t> present; ///< driving vehicles, in the order of their slots

    void build(const Vehicles& vehicles, const Roads& roads);
    /// Adds a driving vehicle; it takes its place at the next build.
    void add(std::uint32_t vehicle) { present.push_back(vehicle); }

    std::span<const Slot> of(std::uint32_t track) const {
        return std::span(slots).subspan(starts[track], starts[track + 1] - starts[track]);
    }

private:
    struct Body {
        Slot slot;
        std::uint32_t track;
    };
    std::vector<Body> bodies_;
};

/// The vehicle's track.
inline std::uint32_t track_of(const Vehicles& vehicles, const Roads& roads, std::size_t i) {
    return vehicles.lane[i] != none ? vehicles.lane[i] : roads.lanes + vehicles.connection[i];
}

} // namespace veste::traffic
