#pragma once
#include "pedestrians/journey_table.hpp"
#include "pedestrians/plan.hpp"

#include <vector>

namespace veste {

/// Gives those who enter a waiting area a place to stand: of a few random points that are not yet
/// taken, the one nearest to the front, so that the area fills from there; any of them where it has
/// no front. Where none of them is free the area is full: then the one with most room. Taken places
/// are read from the people's state.
class WaitingAreas {
public:
    WaitingAreas(const City& city, const Scenario& scenario);

    /// Forgets the taken places; call once before each round of settling.
    void gather() { is_gathered_ = false; }
    Vec2 place_for(const Pedestrians& people, std::uint32_t i, const JourneyTable& journeys,
                   std::uint64_t visit);

private:
    double nearest_taken_m2(std::uint32_t place, const Vec2& at) const;
    void list_taken(const Pedestrians& people, const JourneyTable& journeys);

    const WalkMesh& mesh_;
    const Scenario& scenario_;
    std::vector<AreaSampler> samplers_; ///< for each place
    std::vector<std::vector<Vec2>> taken_;
    bool is_gathered_ = false;
};

} // namespace veste
