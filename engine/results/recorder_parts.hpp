#pragma once
#include "city/hdf5_file.hpp"
#include "simulation/simulation.hpp"

#include <memory>
#include <vector>

/// The parts of the recorder, each with its own group of the file. All arrays are made when a part
/// is made: a live file takes no new ones.
namespace veste {

struct RecorderPart {
    virtual ~RecorderPart() = default;
    /// After every tick.
    virtual void observe(const Simulation& simulation, const std::vector<Occurrence>& news) = 0;
    /// Puts everything that waits into the file.
    virtual void write_all() = 0;
    /// Once, when recording ends.
    virtual void finish(const Simulation&) {}
};

/// How often ticks of this length are recorded when asked for every `every_s` seconds.
std::uint64_t ticks_between(double every_s, double tick_s);

/// /pedestrians and /vehicles: frames of positions.
std::unique_ptr<RecorderPart> record_movers(Hdf5File& file, const Simulation& simulation);
/// /rasters: water depth and velocity, illuminance, georeferenced; nullptr where the city has no
/// raster or none is asked for.
std::unique_ptr<RecorderPart> record_rasters(Hdf5File& file, const Simulation& simulation);
/// /states: what changes only now and then (closures, lamps, feeders, gates, sensors, power).
std::unique_ptr<RecorderPart> record_states(Hdf5File& file, const Simulation& simulation);
/// /signals: the light of every signal link.
std::unique_ptr<RecorderPart> record_signals(Hdf5File& file, const Simulation& simulation);
/// /sensors: what sensors report.
std::unique_ptr<RecorderPart> record_sensors(Hdf5File& file, const Simulation& simulation);
/// /events: the event log.
std::unique_ptr<RecorderPart> record_events(Hdf5File& file, const Simulation& simulation);
/// /measures/exposure.
std::unique_ptr<RecorderPart> record_exposure(Hdf5File& file, const Simulation& simulation);
/// /measures and /heat_maps: lines, areas, and rasters of crowds.
std::unique_ptr<RecorderPart> record_measures(Hdf5File& file, const Simulation& simulation);
/// /indicators, /summary, /emergency_routes, /gates and /event_crowds.
std::unique_ptr<RecorderPart> record_indicators(Hdf5File& file, const Simulation& simulation);

} // namespace veste
