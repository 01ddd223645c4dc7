#pragma once
#include "pedestrians/crowd.hpp"
#include "pedestrians/plan.hpp"

#include <vector>

namespace veste {

/// Lets people set out: each appears at a random free spot of its place of origin, in id order; who
/// finds none after a few tries waits for a later substep. Spots lie in the place's polygon too,
/// where triangles reach out of it, unless that holds none for long.
class Spawner {
public:
    Spawner(const City& city, const Scenario& scenario, const WalkCells& cells);

    /// Lists who may depart before `until_s`.
    void gather(const Pedestrians& people, double until_s);
    /// Appends those who set out now to `departed`.
    void depart(Pedestrians& people, const Crowd& crowd, const std::vector<std::uint8_t>& is_barred,
                double now_s, std::uint64_t now_ms, std::vector<std::uint32_t>& departed);

private:
    AreaSampler::Sample spot_for(const Pedestrians& people, std::uint32_t i, std::uint64_t draw,
                                 bool is_choosy) const;
    bool is_in_place(std::uint32_t place, const Vec2& at) const;
    bool is_clear_of_walls(const AreaSampler::Sample& spot, double radius_m) const;
    bool is_free(const Pedestrians& people, const Crowd& crowd, const AreaSampler::Sample& spot,
                 double radius_m) const;

    const WalkMesh& mesh_;
    const Scenario& scenario_;
    const WalkCells& cells_;
    std::uint64_t seed_;
    std::vector<AreaSampler> samplers_; ///< for each place
    std::vector<std::uint32_t> waiting_;
    std::vector<std::uint32_t> newest_;   ///< who appeared last in a cell in this substep
    std::vector<std::uint32_t> previous_; ///< who appeared there before
};

} // namespace veste
