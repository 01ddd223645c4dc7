#pragma once
#include "base/random.hpp"
#include "pedestrians/pedestrians.hpp"

namespace veste {

/// Everyone whom demands and events of the scenario bring, the slots of a run.
std::size_t planned_people(const Scenario& scenario);

/// The moment drawn from a departure profile.
double drawn_time_s(const DepartureProfile& profile, std::uint64_t seed, std::uint64_t owner,
                    Draw purpose);

/// When a visitor leaves the stage, with their group and after their reaction time; infinite where
/// the event has no egress times.
double egress_time_s(const Event& event, std::uint64_t seed, const Pedestrians& people,
                     std::size_t visitor);

/// Draws points uniformly by area over a place's triangles.
class AreaSampler {
public:
    AreaSampler() = default;
    AreaSampler(const WalkMesh& mesh, const std::vector<TriangleId>& triangles);
    struct Sample {
        Vec2 at;
        std::uint32_t triangle;
    };
    Sample sample(const WalkMesh& mesh, double which, const UniformPair& where) const;
    bool is_empty() const { return triangles_.empty(); }
    double area_m2() const { return is_empty() ? 0.0 : areas_m2_.back(); }

private:
    std::vector<std::uint32_t> triangles_;
    std::vector<double> areas_m2_; ///< running sums
};

/// Draws everyone's standing place before their stage: uniform over the stage area, thinned by
/// exp(-distance to the focus / scale), which is the exponential fall of density from the stage
/// found at concerts and parades; kept 0.45 m apart while there is room, then less.
void plan_standing_places(const City& city, const Scenario& scenario, Pedestrians& people);

/// Gives every visitor the gate with the least expected time: way to the gate and from it to the
/// stage, and waiting behind those planned before (a fluid queue), in order of departure.
void plan_gates(const City& city, const Scenario& scenario, Pedestrians& people);

} // namespace veste
