#pragma once
#include "pedestrians/surroundings.hpp"

namespace veste {

// The operational models: what people who decide together make of their wishes in this crowd,
// which stays frozen. `velocities` and `contact_n` have one element for each of at most
// `decided_together` walkers.
constexpr std::size_t decided_together = 32;

/// The collision-free speed model.
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
void choose_velocities(std::span<const Intention> walkers, const Crowd& crowd, double dt_s,
                       const PedestrianParameters& parameters, std::span<Vec2> velocities);

/// The anticipation velocity model (Xu, Chraibi, Seyfried 2021, equations 1 to 7): people step
/// sideways of where others will be, and turn within a reaction time. Walls: as in JuPedSim, they
/// are slid along.
void anticipated_velocities(std::span<const Intention> walkers, const Crowd& crowd, double dt_s,
                            std::span<Vec2> velocities);

/// The velocities after dt_s under the forces of the social force model (Helbing, Farkas, Vicsek
/// 2000, equations 1 to 3); `contact_n` gets the sum of the elastic forces of bodies and walls that
/// touch each walker. Contact is stiff: steps longer than social_force_step_s are not stable.
/// `dt_s` is at most that of everyone's profile.
void forced_velocities(std::span<const Intention> walkers, const Crowd& crowd, double dt_s,
                       std::span<Vec2> velocities, std::span<double> contact_n);

/// The longest step in which the contact of a body of this profile is stable: at most 0.01 s. The
/// bounds of explicit integration: of the elastic forces between people packed as densely as can be
/// (frequency² at most 6 k / m), dt < 2 / sqrt(6 k / m); of the friction of two such bodies that
/// overlap by d, whose slip changes at the rate 2 kappa d / m, dt <= m / (kappa d). d is 2.5 cm,
/// which takes 3 kN at the published stiffness, more than people bear (our assumption).
double social_force_step_s(const Profile& profile);

} // namespace veste
