#pragma once
#include <cstdint>

/// The operational models of walking that a profile may choose from, with their parameters.
namespace veste {

enum class WalkingModel : std::uint8_t {
    CollisionFreeSpeed,   ///< Tordeux, Chraibi, Seyfried 2016, with Veste's extensions: the default
    AnticipationVelocity, ///< Xu, Chraibi, Seyfried 2021
    SocialForce,          ///< Helbing, Farkas, Vicsek 2000
};
constexpr std::size_t walking_models = 3;

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
