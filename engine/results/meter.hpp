#pragma once
#include "results/indicators.hpp"
#include "simulation/simulation.hpp"

#include <vector>

namespace veste {

/// Measures the indicators: looks at every tick and gives the values of an interval at its end.
/// All sums run in id order on one thread, so they never depend on the number of threads.
class Meter {
public:
    explicit Meter(const Simulation& simulation);

    /// After every tick.
    void watch(const Simulation& simulation);
    /// The values of the interval that ends now; the next one begins.
    IndicatorValues take(const Simulation& simulation);
    /// Travel time of each emergency route at the last `take`, s; infinity where it is cut.
    const std::vector<double>& emergency_times_s() const { return emergency_times_s_; }

private:
    void watch_people(const Simulation& simulation);
    void watch_vehicles(const Simulation& simulation);
    void watch_sensors(const Simulation& simulation);
    void take_people(const Simulation& simulation, IndicatorValues& values) const;
    static void take_evacuation(const Simulation& simulation, IndicatorValues& values);
    void take_vehicles(const Simulation& simulation, IndicatorValues& values) const;
    void take_roads(const Simulation& simulation, IndicatorValues& values);
    void take_water(const Simulation& simulation, IndicatorValues& values) const;
    static void take_water_balance(const Simulation& simulation, IndicatorValues& values);
    void take_light(const Simulation& simulation, IndicatorValues& values) const;

    /// Sums over the ticks of the present interval.
    struct Interval {
        double duration_s = 0.0;
        double los_e_person_s = 0.0;
        double los_f_person_s = 0.0;
        double standing_vehicle_s = 0.0;
        double density_max_per_m2 = 0.0;
        Vec2 density_max_at{not_known, not_known};
        double people_in_hazard = 0.0;
        double vehicles_in_hazard = 0.0;
    };
    Interval interval_;
    double los_e_person_s_ = 0.0;
    double los_f_person_s_ = 0.0;
    double hazard_person_s_ = 0.0;
    double hazard_vehicle_s_ = 0.0;
    std::uint64_t observations_expected_ = 0;
    std::uint64_t observations_lost_ = 0;
    std::vector<double> emergency_times_s_;
    std::vector<std::uint8_t> is_land_; ///< cells that count as flooded when wet
};

/// The smallest value that at least this share of all values does not exceed (nearest rank);
/// `not_known` where there is none.
double percentile(std::vector<double> values, double share);

} // namespace veste
