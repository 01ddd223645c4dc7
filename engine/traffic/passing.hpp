#pragma once
#include "traffic/way.hpp"

#include <array>
#include <span>

namespace veste::traffic {

/// A connection on a vehicle's way and the lane behind it.
struct Passage {
    std::uint32_t connection = none;
    double distance_m = 0.0; ///< from the vehicle's front to the connection's start
    Way behind;
};

/// What a vehicle asks for: connections from where it is through the next stop line and those that
/// follow it closely, up to the first place where it can stand without blocking anybody.
struct Path {
    std::array<Passage, most_granted> passages{};
    std::uint32_t count = 0;
    std::uint32_t first_line = none; ///< the passage behind the first stop line
    bool breaks_off = false; ///< it leads onto a lane that does not follow the way, with no place
                             ///< to stand and change it

    bool has_line() const { return first_line != none; }
    std::span<const Passage> all() const { return std::span(passages).first(count); }
    const Passage& at_line() const { return passages[first_line]; }
    const Passage& last() const { return passages[count - 1]; }
};

/// What a vehicle takes up standing at a stop line.
double needed_room_m(const Step& step, std::uint32_t vehicle);

/// The path that a vehicle needs; without a line where its way does not lead to one.
Path find_path(const Step& step, std::uint32_t vehicle);

/// The path of a vehicle that is granted one, as far as it still lies ahead.
Path granted_path(const Step& step, std::uint32_t vehicle);

struct Room {
    bool is_there = true;
    std::uint32_t blocker = none; ///< a vehicle that stands where there is no room
};

/// Room behind the path for this vehicle and all who are on their way to the same lane, and nobody
/// who would keep it standing on the way there.
Room find_room(const Step& step, std::uint32_t vehicle, const Path& path);

} // namespace veste::traffic
