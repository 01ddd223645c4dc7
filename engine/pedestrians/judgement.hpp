#pragma once
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/surroundings.hpp"

namespace veste {

/// The default model's parameters of this walker: the profile's own, where it has any.
inline const CollisionFreeSpeed& model_of(const Intention& walker,
                                          const PedestrianParameters& parameters) {
    return walker.profile != nullptr && walker.profile->collision_free
               ? *walker.profile->collision_free
               : parameters;
}

/// How a walker judges four people in sight: the room they need towards each other.
struct FourJudged {
    Lanes body_m;        ///< spacing at which bodies touch, front to back
    Lanes slimmer_per_m; ///< change of that towards the shoulders, by distance squared
    Lanes width_m;       ///< sideways distance below which the person is in the way
    Lanes spacing_m;     ///< to where the person will be
    Lanes least_m;       ///< nobody walks nearer than this
    Lanes bodies_m;      ///< sum of radii, less where the walker presses past the person
};

/// The surroundings as a walker judges them.
struct View {
    std::span<const FourInSight> fours;
    std::span<const FourJudged> judged;
    std::span<const NearWall> walls;
    float least_gap_m = 0.0F;    ///< beyond least_m, of all
    float most_overlap_m = 0.0F; ///< of all bodies that touch
    bool meets_someone = false;  ///< close before the walker
};

/// Judges everyone in sight; `room` takes the judgement and must be at least as long as the fours.
View judge(const Intention& walker, const Surroundings& around, const CollisionFreeSpeed& model,
           std::span<FourJudged> room);

} // namespace veste
