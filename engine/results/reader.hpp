#pragma once
#include "base/geometry.hpp"
#include "base/raster.hpp"
#include "city/hdf5_file.hpp"
#include "results/indicators.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace veste {

/// What a results file says of its run.
struct RunInfo {
    std::string engine_version;
    std::string city;
    std::string city_digest;
    int epsg = 0;
    Vec2 origin{0.0, 0.0};
    std::string scenario_name;
    std::string scenario_text;
    std::string seed;
    std::string date;
    double start_of_day_s = 0.0;
    double utc_offset_s = 0.0;
    double begin_s = 0.0; ///< later than 0 where the run went on from a checkpoint
    double duration_s = 0.0;
    double tick_s = 0.0;
    bool is_complete = false;
};

/// One agent in a frame; local metres.
struct RecordedPerson {
    std::uint32_t agent;
    Vec2 at;
    double density_per_m2;
    std::uint8_t phase;                    ///< WalkerPhase
    std::optional<std::int8_t> level = {}; ///< of their ground; older files tell none
};
struct RecordedVehicle {
    std::uint32_t agent;
    Vec2 at; ///< front
    double heading_rad;
    double speed_mps;
    double length_m;
};

struct RecordedEvent {
    double at_s;
    std::string kind;
    std::string text;
};

struct RecordedGate {
    std::string name;
    Vec2 at;
    std::uint32_t queueing;
};

struct RecordedBarrier {
    std::string name;
    Polyline line; ///< local metres
};

struct RecordedRoute {
    std::string name;                  ///< "Rue Grimaldi to Quai Albert Ier"
    std::vector<double> travel_time_s; ///< for each interval; infinite where it is cut
};

/// The sensors' reports at one time; NaN where none came.
struct RecordedReports {
    double at_s;
    std::vector<double> values;
};

/// A results file, also one that is still being written or whose run was killed: then it holds the
/// run until `until_s`. Every function throws InputError where the file is damaged.
class Results {
public:
    /// Throws InputError where the file is none of ours, is cut, or has another format version.
    explicit Results(const std::filesystem::path& file);

    const RunInfo& info() const { return info_; }
    const std::filesystem::path& name() const { return file_.name(); }
    /// End of the last recorded interval, s; `begin_s` where there is none yet.
    double until_s() const;

    /// Ends of the intervals, s.
    const std::vector<double>& times_s() const { return times_s_; }
    /// One value for each interval.
    std::vector<double> series(const Indicator& indicator) const;
    /// Where, for each interval, local metres; NaN where unknown. Only for indicators with a place.
    std::vector<Vec2> places(const Indicator& indicator) const;

    /// The last frame at or before a time; empty where there is none.
    std::vector<RecordedPerson> people_at(double time_s) const;
    std::vector<RecordedVehicle> vehicles_at(double time_s) const;
    /// A raster ("depth", "lamp_illuminance" ...) of the last frame at or before a time in its
    /// unit, south row first as in the engine, NaN where it has no value; none where there is no
    /// frame. Heat maps ("density_mean" ...) are of the whole run.
    std::optional<Raster<float>> raster_at(const std::string& name, double time_s) const;
    /// The group that holds a raster: "/rasters", or "/heat_maps" for those of crowds.
    std::string group_of_raster(const std::string& name) const;
    /// One of /states (for example "lamp_lit") as it is at a time.
    std::vector<std::uint8_t> state_at(const std::string& name, double time_s) const;
    std::optional<RecordedReports> reports_at(double time_s) const;
    std::vector<RecordedEvent> events() const;
    std::vector<RecordedRoute> emergency_routes() const;
    /// Where the sensors are, and the gates with how many wait at each at a time; local metres.
    std::vector<Vec2> sensor_places() const;
    std::vector<RecordedGate> gates_at(double time_s) const;
    /// The barriers that the scenario draws; /states/barrier_up tells which are up.
    std::vector<RecordedBarrier> barriers() const;
    /// Lines that the city's walk mesh was cut along for the run, local metres.
    std::vector<Polyline> cuts() const;

    const Hdf5File& file() const { return file_; }

private:
    struct Frame {
        std::uint64_t first = 0;
        std::uint64_t count = 0;
    };
    void read_info();
    std::vector<Vec2> places_in(const std::string& group) const;
    std::optional<Frame> frame_at(const std::string& group, double time_s) const;

    Hdf5File file_;
    RunInfo info_;
    std::vector<double> times_s_;
};

/// Digest of all arrays of a results file (path, type, extent and content): runs with the same
/// results have the same digest.
std::string results_digest(const std::filesystem::path& file);

} // namespace veste
