#pragma once
#include "city/city.hpp"
#include "city/drawing.hpp"
#include "results/reader.hpp"
#include "results/results_map.hpp"

#include <array>
#include <optional>
#include <vector>

/// What a map of results shows of one moment, and how each layer is drawn.
namespace veste {

struct MapMoment {
    double time_s = 0.0;
    std::vector<RecordedPerson> people;
    std::vector<bool> in_hazard; ///< for each of them: in hazardous water
    std::vector<RecordedVehicle> vehicles;
    std::optional<Raster<float>> depth_m;
    std::vector<std::uint8_t> edge_closed;
    std::vector<std::uint8_t> triangle_closed;
    std::optional<WalkMesh> cut_walk; ///< that triangles are of, where the run cut the city's
    std::vector<std::uint8_t> lamp_lit;
    std::vector<std::uint8_t> feeder_on;
    std::vector<Vec2> sensor_places; ///< the city's, then the scenario's own
    std::vector<std::uint8_t> sensor_working;
    std::vector<RecordedGate> gates;
    std::vector<RecordedBarrier> barriers;
    std::vector<std::uint8_t> barrier_up;
    std::vector<std::uint8_t> gate_open;
    std::vector<std::uint8_t> signal_powered;
};

/// Throws InputError where the states are not those of this city.
MapMoment moment_at(const Results& results, const City& city, double time_s);

struct DepthClass {
    double from_m;
    Colour colour;
    const char* label;
};
extern const std::array<DepthClass, 4> depth_looks;

struct DensityClass {
    double from_per_m2;
    Colour colour;
    const char* label;
};
extern const std::array<DensityClass, 3> density_looks;

constexpr Colour hazard_colour = rgb(0xd100d1);
constexpr Colour moving_colour = rgb(0x2f3640);
constexpr Colour standing_colour = rgb(0x8e1b1b);
constexpr Colour closed_colour = rgb(0xd7263d);
constexpr Colour outage_colour = rgb(0x1b1f4b);
constexpr Colour lamp_lit_colour = rgb(0xffc61a);
constexpr Colour lamp_dark_colour = rgb(0x22264f);
constexpr Colour barrier_colour = rgb(0x2b2b2b);
constexpr Colour opened_colour = rgb(0x2a9d4a);
constexpr Colour gate_colour = rgb(0x5b2a86);
constexpr Colour sensor_colour = rgb(0x1769aa);

/// Vehicles below this speed are drawn as standing.
constexpr double drawn_standing_mps = 0.5;

void draw_outages(Canvas& canvas, const City& city, const MapMoment& moment, double scale);
void draw_depth(Canvas& canvas, const MapMoment& moment);
void draw_closures(Canvas& canvas, const City& city, const MapMoment& moment, double scale);
void draw_lamps(Canvas& canvas, const City& city, const MapMoment& moment, double scale);
void draw_vehicles(Canvas& canvas, const MapMoment& moment, double scale);
void draw_people(Canvas& canvas, const MapMoment& moment, double scale);
/// Those that are up, and where one was removed.
void draw_barriers(Canvas& canvas, const MapMoment& moment, double scale);
/// Signals without power, sensors and gates.
void draw_assets(Canvas& canvas, const City& city, const MapMoment& moment, double scale);

/// The legend of all layers, from its upper left corner downwards.
void draw_legend(Canvas& canvas, const MapMoment& moment, PeopleLook look, const Vec2& corner_px,
                 double scale);

// Single marks, for the legend too; `at_px` is the middle.
void draw_vehicle_mark(Canvas& canvas, const Vec2& at_px, double heading_rad, double length_px,
                       const Colour& colour, double scale);
void draw_sensor_mark(Canvas& canvas, const Vec2& at_px, bool is_working, double scale);
void draw_gate_mark(Canvas& canvas, const Vec2& at_px, bool is_open, double scale);
void draw_signal_mark(Canvas& canvas, const Vec2& at_px, double scale);

} // namespace veste
