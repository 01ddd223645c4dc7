#pragma once
#include "pedestrians/surroundings.hpp"

namespace veste {

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
