#pragma once
#include "city/city.hpp"
#include "results/reader.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

/// What other programs read, made from a results file. Every function throws InputError where the
/// results do not hold what is asked for, RunError where the output cannot be written.
namespace veste {

struct ArchiveReport {
    std::int8_t level = 0;
    std::uint64_t rows = 0;     ///< written
    std::uint64_t left_out = 0; ///< rows of people outside the walkable polygon that was written
};

/// Trajectories of people in the HDF5 layout of the Juelich archive of pedestrian dynamics
/// (https://ped.fz-juelich.de/da), which PedPy's load_trajectory_from_ped_data_archive_hdf5 and
/// load_walkable_area_from_ped_data_archive_hdf5 load: table `/trajectory` with id and frame (i64)
/// and x, y, z (f64, m), its attribute `fps` (f64), and the root's `wkt_geometry` and
/// `file_version`. Rows lie in the order of id, then of frame; frame 0 is second 0 of the scenario.
///
/// x and y are local metres: add the root's `origin_x` and `origin_y` for the CRS `epsg`; z is the
/// terrain's height, on bridges and stands too (a city knows no heights of its levels). The archive
/// knows one polygon for all, a city has levels and parts: written are the people on the connected
/// ground of one level (that with most of them, unless given) within 10 m of the box of its people,
/// the others are counted in the report.
ArchiveReport export_archive(const Results& results, const City& city,
                             std::optional<std::int8_t> level, const std::filesystem::path& file);

/// The same people, all of them, as text: id, frame, time_s, x_m and y_m (in the city's CRS),
/// density_per_m2, phase and level (as in FORMAT.md; empty where a file tells none). Returns the
/// number of rows.
std::uint64_t export_csv(const Results& results, const std::filesystem::path& file);

/// A raster of the results ("density_mean", "depth" ...) as a GeoTIFF in the city's CRS: the last
/// frame at or before a time.
void export_raster(const Results& results, const std::string& name, double time_s,
                   const std::filesystem::path& file);
/// Names of the rasters that a results file holds.
std::vector<std::string> raster_names(const Results& results);

} // namespace veste
