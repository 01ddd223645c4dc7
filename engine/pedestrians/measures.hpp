#pragma once
#include "pedestrians/heat_map.hpp"
#include "pedestrians/level_of_service.hpp"
#include "pedestrians/pedestrians.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

/// What is measured of people while the simulation runs: flows over lines, densities and speeds in
/// areas, exposures, waiting, and heat maps. A part of the World, so that a checkpoint keeps it;
/// running totals only, of which observers take differences. No model reads it.
namespace veste {

struct CrowdMeasures {
    // by person; positions are those of the last tick, `far_away_m` for those who were not present
    std::vector<float> before_x_m; ///< empty where no line is measured
    std::vector<float> before_y_m;
    std::vector<float> crowded_s; ///< time in level of service E or F
    std::vector<float> wet_s;     ///< in water
    std::vector<float> dark_s;    ///< in the dark, see dark_below_lx
    std::vector<float> waited_s;  ///< in queues at gates, until service
    // by line
    std::vector<std::uint32_t> line_forward;
    std::vector<std::uint32_t> line_backward;
    // by area: sums over ticks, and over samples of Voronoi cells
    std::vector<double> area_people;
    std::vector<double> area_speed_mps;    ///< over people and ticks
    std::vector<double> area_contact_n;    ///< the same of the forces on them
    std::vector<double> area_crushed;      ///< people pressed harder than crushing_n_per_m
    std::vector<float> area_contact_max_n; ///< on anyone in it, of the run so far
    std::vector<double> voronoi_density_per_m2;
    std::vector<double> voronoi_flow_per_ms;    ///< density times speed
    std::vector<std::uint32_t> ticks;           ///< one value: measured so far
    std::vector<std::uint32_t> voronoi_samples; ///< one value
    // by level of service, person-seconds: A to F
    std::vector<double> walkway_los_s;
    std::vector<double> hcm_los_s;
    std::vector<double> queue_los_s;
    // one value each, person-seconds
    std::vector<double> in_water_s;
    std::vector<double> in_dark_s;
    std::vector<double> crushed_s;
    std::vector<double> gate_waiting_s; ///< by gate
    HeatMaps heat;
};

template <class M, class Visit> void for_each_measure_field(M& m, Visit&& visit) {
    const auto state = [&visit](std::string_view name, std::string_view unit, std::string_view text,
                                auto& values) {
        visit(Field{name, unit, Role::State, text}, values);
    };
    state("before_x", "m", "position east at the last tick", m.before_x_m);
    state("before_y", "m", "position north at the last tick", m.before_y_m);
    state("crowded_time", "s", "time in level of service E or F", m.crowded_s);
    state("wet_time", "s", "time in water", m.wet_s);
    state("dark_time", "s", "time in the dark", m.dark_s);
    state("waited_time", "s", "time in queues at gates", m.waited_s);
    state("line_forward", "1", "people over each line, left to right", m.line_forward);
    state("line_backward", "1", "people over each line, right to left", m.line_backward);
    state("area_people", "1", "sum over ticks of people in each area", m.area_people);
    state("area_speed", "m/s", "sum over them of their speeds", m.area_speed_mps);
    state("area_contact", "N", "sum over them of the forces on them", m.area_contact_n);
    state("area_crushed", "1", "sum over ticks of people crushed", m.area_crushed);
    state("area_contact_max", "N", "largest force on anyone in each area", m.area_contact_max_n);
    state("voronoi_density", "1/m2", "sum over samples", m.voronoi_density_per_m2);
    state("voronoi_flow", "1/(m s)", "sum over samples", m.voronoi_flow_per_ms);
    state("ticks", "1", "ticks measured", m.ticks);
    state("voronoi_samples", "1", "samples of Voronoi cells", m.voronoi_samples);
    state("walkway_los", "s", "person-seconds walking at each level", m.walkway_los_s);
    state("hcm_los", "s", "person-seconds walking at each level of the HCM", m.hcm_los_s);
    state("queue_los", "s", "person-seconds waiting at each level", m.queue_los_s);
    state("in_water", "s", "person-seconds in water", m.in_water_s);
    state("in_dark", "s", "person-seconds in the dark", m.in_dark_s);
    state("crushed_time", "s", "person-seconds crushed", m.crushed_s);
    state("gate_waiting", "s", "person-seconds waiting at each gate", m.gate_waiting_s);
    for_each_heat_field(m.heat, visit);
}

/// Measures once a tick, after people have moved. What it keeps itself comes from the city and the
/// scenario alone.
class CrowdMeter {
public:
    CrowdMeter(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario);

    CrowdMeasures first(const Pedestrians& people) const;
    /// `tick` is the number of the tick that ends.
    void measure(CrowdMeasures& measures, const Pedestrians& people, const Conditions& conditions,
                 std::uint64_t tick);

    /// Walkable ground of a measurement area, m².
    double area_m2(std::size_t area) const { return areas_m2_[area]; }
    /// Cells of the heat maps; no cells where none are asked for.
    const RasterShape& heat_shape() const { return heat_shape_; }

    struct Voronoi {
        double density_per_m2 = 0.0;
        double speed_mps = 0.0; ///< over the part of the area that cells cover
    };
    /// Voronoi density and speed in an area now (Steffen, Seyfried 2010, eq. 5 to 7): each cell
    /// gives 1 / its area over what of it lies in the measurement area.
    Voronoi voronoi(std::size_t area, const Pedestrians& people) const;

private:
    void measure_lines(CrowdMeasures& measures, const Pedestrians& people) const;
    void measure_areas(CrowdMeasures& measures, const Pedestrians& people) const;
    void measure_exposure(CrowdMeasures& measures, const Pedestrians& people,
                          const Conditions& conditions) const;
    bool is_on(const Pedestrians& people, std::size_t i, std::int8_t level) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    std::vector<double> areas_m2_;
    RasterShape heat_shape_;
    std::optional<HeatMapper> heat_mapper_;
    std::uint64_t voronoi_ticks_ = 1;
    std::uint64_t heat_ticks_ = 1;
};

/// Which way a step crosses a line: 1 from its left side to its right (seen from `from` towards
/// `to`), -1 back, 0 not. Points on the line count as left of it, so that a way over it in several
/// steps crosses once.
int crossing_of(const MeasurementLine& line, const Vec2& before, const Vec2& after);

/// Deeper water than this wets feet (our assumption: a shoe's sole).
constexpr double wet_depth_m = 0.05;
/// People are hurt who are pressed harder than this: the sum of the forces of contact on a body
/// over its circumference (Helbing, Farkas, Vicsek 2000, "injured people").
constexpr double crushing_n_per_m = 1600.0;
bool is_crushed(const Pedestrians& people, std::size_t i);

} // namespace veste
