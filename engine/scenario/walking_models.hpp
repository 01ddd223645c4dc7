#pragma once
#include <cstdint>

/// The operational models of walking that a scenario or a profile may choose from, with their
/// parameters.
namespace veste {

enum class WalkingModel : std::uint8_t {
    CollisionFreeSpeed,   ///< Tordeux, Chraibi, Seyfried 2016, with Veste's extensions: the default
    AnticipationVelocity, ///< Xu, Chraibi, Seyfried 2021
    SocialForce,          ///< Helbing, Farkas, Vicsek 2000
};
constexpr std::size_t walking_models = 3;

/// Collision-free speed model (Tordeux, Chraibi, Seyfried 2016, doi 10.1007/978-3-319-33482-0_29)
/// with Veste's extensions. Numbers are fitted to measured people: speed against density in a
/// corridor and flow through doors (tests/verification/experiments).
struct CollisionFreeSpeed {
    double repulsion_strength = 2.0; ///< between people, 1
    double repulsion_range_m = 0.13;
    double wall_strength = 3.3;
    double wall_range_m = 0.042;
    double wall_share = 1.15;       ///< of the radius: by walking nobody comes nearer to a wall
    double tight_wall_share = 0.25; ///< the same where a passage is hardly wider than a body
    // Distances as shares of the two radii's sum.
    double body_share = 1.6;      ///< spacing at standstill to the person straight ahead
    double shoulder_share = 0.95; ///< the same to a person at the side
    double width_share = 1.4;     ///< who is farther off the line of motion is not in the way
    double least_share = 0.73;    ///< nobody walks nearer to another than this
    // With shoulders turned: to people who stand or come towards (Yamamoto and others 2019).
    double squeezed_width_share = 0.42;
    double squeezed_least_share = 0.6;
    double contact_share = 0.9;  ///< bodies nearer than this push each other apart
    double contact_s = 0.5;      ///< in about this time
    double anticipation_s = 1.0; ///< where oncoming people will be (Xu, Chraibi, Seyfried 2021)
    double held_up_share = 0.7;  ///< slower than this share of the free speed: look aside
    /// Who has not come on for longer than the own patience begins to squeeze, and after so long
    /// does so wholly.
    double pressing_s = 16.0;
};

/// Anticipation velocity model (Xu, Chraibi, Seyfried 2021, doi 10.1016/j.trc.2021.103464); numbers
/// are the defaults of JuPedSim 1.3, by the model's authors.
struct AnticipationVelocity {
    double repulsion_strength = 8.0; ///< k, equation 4
    double repulsion_range_m = 0.1;  ///< D, equation 3
    double anticipation_s = 1.0;     ///< t_a
    double reaction_s = 0.3;         ///< tau, equation 7
    double time_gap_s = 1.06;        ///< T
    double wall_buffer_m = 0.1;      ///< beside the radius, from there on people slide along walls
};

/// Social force model with body contact and friction (Helbing, Farkas, Vicsek 2000, doi
/// 10.1038/35035023); numbers are those of the paper, section "methods".
struct SocialForce {
    double social_strength_n = 2000.0; ///< A
    double social_range_m = 0.08;      ///< B
    double body_n_per_m = 1.2e5;       ///< k
    double friction_kg_per_ms = 2.4e5; ///< kappa
    double relaxation_s = 0.5;         ///< tau
};

} // namespace veste
