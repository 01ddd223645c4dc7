#pragma once
#include "pedestrians/walk_cells.hpp"

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
};

/// The velocity that the collision-free speed model gives in this crowd, which stays frozen.
///
/// Direction: desired direction plus exponential repulsion by people and walls; speed: the free
/// speed or the spacing ahead divided by the time gap, whichever is less (Tordeux, Chraibi,
/// Seyfried 2016, equations 1 to 4). Behaviours that keep doors, crossings and counter-flow from
/// freezing:
/// - who is held up looks for the direction of most progress (after Moussaid, Helbing, Theraulaz
///   2011), right-hand ones first;
/// - people who meet, cross or pass standing ones turn their shoulders and need less width
///   (Yamamoto, Yanagisawa, Feliciani, Nishinari 2019);
/// - of two who merge and are each in the other's way, the one farther on goes first (our own rule,
///   as a zip closes);
/// - bodies that touch push each other apart (Helbing, Farkas, Vicsek 2000, the body force without
///   inertia), so that crowds do not crush themselves;
/// - who is wedged in for long steps back for a moment (our own rule).
Vec2 chosen_velocity(const Intention& walker, const Crowd& crowd, double dt_s,
                     const PedestrianParameters& parameters);

} // namespace veste
