#pragma once
#include "base/geometry.hpp"

#include <filesystem>
#include <functional>
#include <vector>

/// Measured and simulated paths in one form, and what is measured on both in the same way.
namespace experiments {

using veste::Box2;
using veste::Vec2;

/// Where one person was from `first_s` on, every `step_s`; metres.
struct Track {
    double first_s = 0.0;
    double step_s = 0.0;
    std::vector<Vec2> at;

    double last_s() const { return first_s + step_s * static_cast<double>(at.size() - 1); }
    bool is_seen(double time_s) const { return time_s >= first_s && time_s <= last_s(); }
    /// Place at a time within the track, linear between frames.
    Vec2 place(double time_s) const;
};
using Tracks = std::vector<Track>;

/// Columns id, frame, x, y as the Pedestrian Dynamics Data Archive gives them, gzipped text;
/// `unit_m` metres in a unit of the file. Frames missing within a track are filled linearly. Time 0
/// is frame 0. Throws std::runtime_error that names the file and line.
Tracks read_text_tracks(const std::filesystem::path& file, double frames_per_s, double unit_m);

/// The archive's HDF5 layout: `/trajectory` with id, frame, x, y in metres and attribute fps.
Tracks read_hdf5_tracks(const std::filesystem::path& file);

/// Density and mean speed in an area at one moment.
struct CrowdSample {
    double time_s = 0.0;
    double density_per_m2 = 0.0; ///< classic: people inside by its area
    double speed_mps = 0.0;      ///< of those inside, over one second around the moment
    double people = 0.0;         ///< inside whose speed is known
};

/// Samples of an area every `every_s` from `from_s` to `to_s`; moments without people are left out.
std::vector<CrowdSample> sample_area(const Tracks& tracks, const Box2& area, double from_s,
                                     double to_s, double every_s = 0.5);

/// Mean density over samples; mean speed over all people in them.
CrowdSample mean_of(const std::vector<CrowdSample>& samples);

/// How far on a place is, m, growing in the direction of walking.
using Progress = std::function<double(const Vec2&)>;

/// When each who passes progress 0 does so first, s, sorted.
std::vector<double> passing_times(const Tracks& tracks, const Progress& progress);

/// Root mean square of the difference of two cumulative counts N(t), every second from 0 until the
/// last of both has passed, as a share of all people.
double count_deviation(const std::vector<double>& measured_s,
                       const std::vector<double>& simulated_s);

} // namespace experiments
