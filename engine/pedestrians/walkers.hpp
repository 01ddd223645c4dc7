#pragma once
#include "pedestrians/crowd.hpp"

#include <span>
#include <vector>

namespace veste {

/// What one person alone needs to know in a substep, beside Crowd::Person which others see: one
/// cache line, filled from the arrays of Pedestrians and written back to them.
struct alignas(64) Walker {
    float steer_x_m = 0.0F;
    float steer_y_m = 0.0F;
    float steer_until_s = 0.0F;
    float free_speed_mps = 0.0F; ///< their own
    float most_mps = 0.0F;       ///< the same, at most the group's
    float time_gap_s = 0.0F;
    float held_s = 0.0F;
    float kerb_waiting_s = 0.0F;
    float wish_x_mps = 0.0F; ///< set by decide
    float wish_y_mps = 0.0F;
    float walked_m = 0.0F; ///< set by move
    std::uint32_t route = 0;
    std::uint32_t kerb = 0;
    std::uint16_t profile = ordinary_profile;
    WalkerPhase phase = WalkerPhase::Walking;
    std::uint8_t way_side = no_way_side;
    bool is_stuck = false;
    bool seeks_place = false; ///< walks to a place of their own in the area they came to

    Vec2 corner() const { return {static_cast<double>(steer_x_m), static_cast<double>(steer_y_m)}; }
};

class Navigation;

/// Everyone present, in the order of Crowd::everyone().
class Walkers {
public:
    /// Takes over the state of those present, for whom the crowd was built.
    void gather(const Pedestrians& people, std::span<const std::uint32_t> present,
                const Crowd& crowd, const Navigation& navigation);
    /// Writes back where they have come to in dt_s.
    void write_back(Pedestrians& people, std::span<const std::uint32_t> present, const Crowd& crowd,
                    double dt_s) const;

    std::size_t size() const { return walkers_.size(); }
    Walker& operator[](std::size_t k) { return walkers_[k]; }

private:
    std::vector<Walker> walkers_;
};

} // namespace veste
