#pragma once
#include "base/fields.hpp"
#include "city/city.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// Surface water: the local inertial shallow-water equations (Bates, Horritt, Fewtrell 2010, eq.
/// 11) with the weighting of de Almeida et al. 2012 (eq. 7), on the terrain's raster.
///
/// Walls are blocked cells. The sea is an open boundary at level 0: it takes water and gives none,
/// because elevation models near a shore lie below sea level by error more often than in truth. At
/// the raster's border water leaves freely where the ground slopes outwards. Rain on a building
/// drains to the nearest open cell of the ground.
///
/// The equations leave out the advection of momentum: they hold for Froude numbers up to about 1
/// and do not carry water over a bump by its momentum alone (de Almeida, Bates 2013).
namespace veste {

/// One value a cell, row by row; except qx with columns + 1 values a row (the west side of each
/// cell, then the east border) and qy with rows + 1 rows (the south sides, then the north border).
/// Depth is double: in float, rounding alone loses more than 1e-6 of the volume within hours.
struct Water {
    // state
    std::vector<double> depth_m;    ///< 0 in the sea and in walls
    std::vector<float> qx_m2ps;     ///< positive to the east
    std::vector<float> qy_m2ps;     ///< positive to the north
    std::vector<float> max_depth_m; ///< as seen at the ends of the intervals advanced
    std::vector<double> balance_m3; ///< running totals, indexed by WaterTotal
    // input
    std::vector<double> rain_mps; ///< one value: rain set by a change; negative: hyetograph
    // derived
    std::vector<float> speed_mps; ///< at the cell's centre
};

/// Terms of the water balance, m³ since the start: stored = initial + rain + inflow - outflow -
/// infiltrated - drained.
enum class WaterTotal : std::uint8_t { Initial, Rain, Inflow, Outflow, Infiltrated, Drained };
constexpr std::size_t water_total_count = 6;

template <class W, class Visit> void for_each_water_field(W& w, Visit&& visit) {
    visit(Field{"depth", "m", Role::State, "water depth"}, w.depth_m);
    visit(Field{"qx", "m2/s", Role::State, "discharge per width through the west side"}, w.qx_m2ps);
    visit(Field{"qy", "m2/s", Role::State, "discharge per width through the south side"},
          w.qy_m2ps);
    visit(Field{"max_depth", "m", Role::State, "largest depth so far"}, w.max_depth_m);
    visit(Field{"balance", "m3", Role::State, "running totals, see WaterTotal"}, w.balance_m3);
    visit(Field{"rain", "m/s", Role::Input, "rain set by a change, negative: hyetograph"},
          w.rain_mps);
    visit(Field{"water_speed", "m/s", Role::Derived, "flow speed at the cell's centre"},
          w.speed_mps);
}

struct FloodParameters {
    double gravity_mps2 = 9.81;
    double cfl = 0.7;           ///< alpha of Bates et al. 2010, eq. 14
    double theta = 0.9;         ///< weight of de Almeida et al. 2012, eq. 7; 1: none
    double dry_depth_m = 0.001; ///< no flow below
    double max_step_s = 1.0;
    bool is_border_open = true; ///< water may leave at the raster's border
    double manning_n = 0.0;     ///< everywhere, in place of the surfaces' own; 0: by surface
    double infiltration_mmph =
        -1.0; ///< everywhere, in place of the surfaces'; negative: by surface
};

/// Dry ground; empty when the scenario computes no water.
Water plan_water(const City& city, const Scenario& scenario);

class FloodModel {
public:
    /// Throws InputError where an inflow has no cell that water could enter, and UsageError where a
    /// parameter is out of its range.
    FloodModel(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
               FloodParameters parameters);
    ~FloodModel();
    FloodModel(FloodModel&&) noexcept;

    /// Carries the water from `now_s` over `interval_s` in as many stable steps as needed; returns
    /// their number.
    int advance(Water& water, double now_s, double interval_s);
    /// Takes the depths now in `water` as the initial ones: the balance starts anew from them.
    void start_balance(Water& water) const;
    /// Rain falling now, m/s.
    double rain_mps(const Water& water, double now_s) const;
    /// Water in all cells now, m³ (ordered sum).
    double stored_m3(const Water& water) const;
    /// |stored - sum of terms| / max(volume moved, 1 m³).
    double balance_error(const Water& water) const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace veste
