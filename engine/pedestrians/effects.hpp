#pragma once
#include "city/conditions.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <vector>

/// What water, darkness, slope and steps do to a person's walking speed, and which ground nobody
/// enters.
namespace veste {

/// Share of the free speed kept when wading in still water of this depth; decreases all the way.
/// Li, Song, Zhang, Bode (2026, doi 10.14311/APP.2026.57.0226), 188 people at 0, 0.35, 0.60 and
/// 0.90 m: -38.6 % (men) and -44.8 % (women) at 0.35 m, "progressively smaller changes" deeper. An
/// exponential through the mean at 0.35 m; its limit of 0.35 is our assumption.
double wading_factor(double depth_m);

/// Share of the pace in still water that is kept where the water flows: falls with the square of
/// its speed, as the force on the legs does, to a fifth at the speed that takes an adult off their
/// feet (see stability.hpp; the fall in between is our assumption).
double flow_factor(double depth_m, double water_mps);

/// Hazard rating of flood water to people, HR = d (v + 0.5) + DF, with the debris factor DF 0 up to
/// 0.25 m and 1 above or where v exceeds 2 m/s (Defra and Environment Agency, FD2320, 2006); zero
/// on dry ground.
double hazard_rating(double depth_m, double water_mps);
/// "Danger for most" begins here: people do not walk into it.
constexpr double hazard_for_most = 1.25;

/// Share of the free speed kept in low light. No loss from 1 lx on (Boyce 1985); linear in the
/// logarithm below, through the -17 % of the darkest single-file runs of Cao and others (2019), set
/// at Boyce's 0.2 lx where people hesitate; not below 0.5 (our assumption).
double darkness_factor(double illuminance_lx);
/// Ground with less light is dark to people: at a least horizontal illuminance of 2.0 lx they feel
/// nearly as safe as by day (Fotios, Monteiro, Uttley 2019). What slows them begins lower.
constexpr float dark_below_lx = 2.0F;

/// Share of the free speed kept on a slope, mean of up and down: Tobler (1993), exp(-3.5 slope),
/// not below 0.3.
double slope_factor(double slope);
/// On stairs: mean of 0.61 up and 0.69 down of 1.34 m/s (Weidmann 1993).
constexpr double steps_factor = 0.485;

/// Share of the free speed kept on a slope in a direction, rise over run, negative downhill: Tobler
/// (1993), exp(-3.5 |s + 0.05|) over its value on the level; fastest at 5 % downhill, not below
/// 0.3.
double directed_slope_factor(double rise);

/// People on an escalator of whom this share stands and rides: 74.9 % were seen to (study told by
/// Strawderman 2017); on moving walkways a quarter (our assumption).
constexpr double escalator_riding_share = 0.749;
constexpr double walkway_riding_share = 0.25;

/// Speed over the ground of a person who walks in a direction in a triangle that has one: slope,
/// stairs up or down by the profile's shares, escalator or moving walkway. `level_mps` is what they
/// walk on the level here; who rides is told by `riding_draw`, uniform from 0 to 1.
double pace_on(const WalkTriangle& triangle, const Vec2& direction, double level_mps,
               double riding_draw, const Profile& profile);

/// True on an escalator or a moving walkway.
inline bool is_conveyor(const WalkTriangle& triangle) {
    return triangle.conveyor_mps[0] != 0.0F || triangle.conveyor_mps[1] != 0.0F;
}

/// False where a side leads onto an escalator or moving walkway anywhere but at its beginning.
bool may_enter(const WalkMesh& mesh, std::uint32_t from, std::uint32_t to);

/// Ground as people feel it now, for each walk triangle.
struct WalkGround {
    std::vector<float> factor; ///< share of the free speed kept, mean of all directions: for routes
    std::vector<std::uint8_t> is_barred;       ///< closed or hazardous: may be left, never entered
    std::vector<float> walking_factor{};       ///< the share for water and light alone
    std::vector<std::uint8_t> has_direction{}; ///< 1: pace_on tells what remains
};

WalkGround ground_of(const WalkMesh& mesh, const Conditions& conditions);

} // namespace veste
