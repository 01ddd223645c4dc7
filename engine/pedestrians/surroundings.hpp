#pragma once
#include "pedestrians/walk_cells.hpp"

#include <array>

namespace veste {

/// What one person wants at this moment, apart from everyone else.
struct Intention {
    std::uint32_t id = 0;
    Vec2 at{0.0, 0.0};
    Vec2 corner{0.0, 0.0};       ///< steered for
    Vec2 direction{1.0, 0.0};    ///< unit vector of the way there
    double free_speed_mps = 0.0; ///< on this ground
    double radius_m = 0.2;
    double wall_gap_m = 0.2; ///< comes no nearer to a wall
    double squeezing = 0.0;  ///< 0 to 1: held up for long, squeezes through
    double time_gap_s = 1.0;
    std::uint32_t triangle = 0;
    std::uint32_t levels = 0;
    bool yields = false;     ///< steps back out of a jam for a moment
    bool is_patient = false; ///< in a queue or being served: stands close to others
    Vec2 velocity{0.0, 0.0}; ///< walked in the last step
};

/// A wall near a person, who stands on its inner side.
struct NearWall {
    const Wall* wall;
    Vec2 away;         ///< from the nearest point of the wall to the person
    double distance_m; ///< to that point
    double side_m;     ///< to the wall's line
    double along_m;    ///< of the foot on that line, from the wall's start
};

/// People in sight of a walker and walls near by, gathered once for each decision. Loops over
/// people go in blocks of `lanes`, which compilers turn into vector instructions: the arrays are
/// filled up to a whole block with people who are far away.
struct Surroundings {
    static constexpr std::size_t lanes = 4;
    static constexpr std::size_t most_people = 96;
    static constexpr std::size_t most_walls = 24;

    std::size_t count = 0;
    std::array<const Crowd::Person*, most_people> people;
    alignas(16) std::array<float, most_people> dx_m;
    alignas(16) std::array<float, most_people> dy_m;
    alignas(16) std::array<float, most_people> distance_m;
    std::size_t wall_count = 0;
    std::array<NearWall, most_walls> walls;

    std::span<const NearWall> near_walls() const { return std::span(walls).first(wall_count); }
    std::size_t padded_count() const { return (count + lanes - 1) / lanes * lanes; }
};

/// Everyone within reach whom the walker sees: ahead, or at most `behind_m` away; on the walker's
/// level and not behind a wall. The nearest walls within reach, first in the mesh's order.
void look_around(const Intention& walker, const Crowd& crowd, double reach_m, double behind_m,
                 Surroundings& around);

} // namespace veste
