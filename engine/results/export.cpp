#include "results/export.hpp"

#include "base/errors.hpp"
#include "city/geotiff.hpp"
#include "city/walk_levels.hpp"
#include "city/walk_outline.hpp"
#include "results/checked_arrays.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <map>
#include <numeric>

namespace veste {
namespace {

constexpr double outline_margin_m = 10.0;
constexpr const char* archive_version = "1.0.0";

/// All rows of people as columns, in the order of the file: by frame, then by id.
struct Rows {
    std::vector<std::int64_t> id;
    std::vector<std::int64_t> frame;
    std::vector<double> time_s;
    std::vector<Vec2> at;
    std::vector<double> density_per_m2;
    std::vector<std::uint8_t> phase;
    std::vector<std::optional<std::int8_t>> level;
    double frames_per_s = 1.0;
};

/// The frames' number and rate from their times, which are whole multiples of one interval.
double interval_of(const std::vector<double>& times_s, double tick_s, const std::string& file) {
    const double interval_s = times_s.size() < 2 ? tick_s : times_s[1] - times_s[0];
    for (const double time_s : times_s) {
        const double number = time_s / interval_s;
        if (!(interval_s > 0.0) || std::abs(number - std::round(number)) > 1e-3) {
            throw InputError(fmt::format("{}: /pedestrians/frames/time: {} s is no multiple of the "
                                         "frames' interval, {} s",
                                         file, time_s, interval_s));
        }
    }
    return interval_s;
}

Rows rows_of(const Results& results) {
    const std::string file = results.name().string();
    if (!results.file().contains("/pedestrians/frames/time")) {
        throw InputError(file + ": holds no trajectories; run the scenario with outputs."
                                "trajectories = true");
    }
    const CheckedArrays checked(results.file());
    const std::vector<double> times_s = checked.times_s("/pedestrians/frames/time");
    const double interval_s = interval_of(times_s, results.info().tick_s, file);
    Rows rows;
    rows.frames_per_s = 1.0 / interval_s;
    for (const double time_s : times_s) {
        for (const RecordedPerson& person : results.people_at(time_s)) {
            rows.id.push_back(person.agent);
            rows.frame.push_back(std::llround(time_s / interval_s));
            rows.time_s.push_back(time_s);
            rows.at.push_back(person.at);
            rows.density_per_m2.push_back(person.density_per_m2);
            rows.phase.push_back(person.phase);
            rows.level.push_back(person.level);
        }
    }
    return rows;
}

/// Where the rows of each level lie, people off the mesh (by rounding) at the nearest place. Where
/// the file tells no levels they are found: of levels above each other the one nearest to 0.
std::map<std::int8_t, std::vector<Vec2>> by_level(const WalkMesh& mesh, Rows& rows) {
    constexpr double reach_m = 0.5;
    std::map<std::int8_t, std::vector<Vec2>> levels;
    for (std::size_t k = 0; k < rows.at.size(); ++k) {
        if (const auto there = nearest(mesh, rows.at[k], reach_m, rows.level[k])) {
            rows.level[k] = mesh.triangles[there->triangle.index].level;
            levels[*rows.level[k]].push_back(there->at);
        }
    }
    return levels;
}

bool is_in_or_at(const Polygon& area, const Vec2& p) {
    constexpr double rounding_m = 0.01;
    if (contains(area, p)) {
        return true;
    }
    const auto is_near = [&](Polyline ring) {
        ring.push_back(ring.front());
        return nearest_place(ring, p).distance_m <= rounding_m;
    };
    return is_near(area.outer) || std::any_of(area.holes.begin(), area.holes.end(), is_near);
}

/// Indices of the rows in the area of a level, by id, then by frame.
std::vector<std::size_t> rows_in(const Rows& rows, std::int8_t level, const Polygon& area) {
    std::vector<std::size_t> kept(rows.at.size());
    std::iota(kept.begin(), kept.end(), std::size_t{0});
    std::erase_if(kept, [&](std::size_t k) {
        return rows.level[k].value_or(level) != level || !is_in_or_at(area, rows.at[k]);
    });
    std::stable_sort(kept.begin(), kept.end(),
                     [&](std::size_t a, std::size_t b) { return rows.id[a] < rows.id[b]; });
    return kept;
}

void write_trajectory(Hdf5File& out, const Rows& rows, const std::vector<std::size_t>& kept,
                      const City& city) {
    std::vector<std::int64_t> id;
    std::vector<std::int64_t> frame;
    std::vector<double> x;
    std::vector<double> y;
    std::vector<double> z;
    const bool has_ground = city.terrain.shape().cells() > 0;
    for (const std::size_t k : kept) {
        id.push_back(rows.id[k]);
        frame.push_back(rows.frame[k]);
        x.push_back(rows.at[k].x());
        y.push_back(rows.at[k].y());
        z.push_back(has_ground ? sample_bilinear(city.terrain.ground_m, rows.at[k]) : 0.0);
    }
    const std::array<Hdf5File::Column, 5> columns = {{{"id", Element::I64, id.data()},
                                                      {"frame", Element::I64, frame.data()},
                                                      {"x", Element::F64, x.data()},
                                                      {"y", Element::F64, y.data()},
                                                      {"z", Element::F64, z.data()}}};
    const std::string path = "/trajectory";
    out.write_table(path, columns, kept.size());
    out.set_attribute(path, "fps", rows.frames_per_s);
    out.set_attribute(path, "id", "unique identifier for pedestrian");
    out.set_attribute(path, "frame", "frame number");
    out.set_attribute(path, "x", "pedestrian x-coordinate (meter [m])");
    out.set_attribute(path, "y", "pedestrian y-coordinate (meter [m])");
    out.set_attribute(path, "z", "height of the terrain, on bridges and stands too (meter [m])");
}

void write_root(Hdf5File& out, const Results& results, const Polygon& area) {
    const RunInfo& info = results.info();
    out.set_attribute("/", "file_version", archive_version);
    out.set_attribute("/", "wkt_geometry", wkt_of(area));
    out.set_attribute("/", "experiment_title", info.scenario_name);
    out.set_attribute("/", "date", info.date);
    out.set_attribute("/", "source", fmt::format("simulated by Veste {}", info.engine_version));
    out.set_attribute("/", "epsg", std::int64_t{info.epsg});
    out.set_attribute("/", "origin_x", info.origin.x());
    out.set_attribute("/", "origin_y", info.origin.y());
}

} // namespace

ArchiveReport export_archive(const Results& results, const City& city,
                             std::optional<std::int8_t> level, const std::filesystem::path& file) {
    const RunInfo& info = results.info();
    if (info.city_digest != city.digest) {
        throw InputError(fmt::format("{}: recorded in {} ({}), not in {} ({}); wanted is the city "
                                     "file of the run",
                                     results.name().string(), info.city, info.city_digest,
                                     city.name, city.digest));
    }
    Rows rows = rows_of(results);
    const auto levels = by_level(city.walk, rows);
    const auto fuller = [](const auto& a, const auto& b) {
        return a.second.size() < b.second.size();
    };
    const auto found =
        level ? levels.find(*level) : std::max_element(levels.begin(), levels.end(), fuller);
    if (found == levels.end()) {
        throw InputError(fmt::format("{}: nobody is recorded{}", results.name().string(),
                                     level ? fmt::format(" on level {}", *level) : ""));
    }
    const Polygon area = walk_outline(city.walk, found->first, found->second, outline_margin_m);
    const std::vector<std::size_t> kept = rows_in(rows, found->first, area);
    Hdf5File out(file, FileUse::Create);
    write_trajectory(out, rows, kept, city);
    write_root(out, results, area);
    out.close();
    return {found->first, kept.size(), rows.at.size() - kept.size()};
}

std::uint64_t export_csv(const Results& results, const std::filesystem::path& file) {
    const Rows rows = rows_of(results);
    std::ofstream out(file);
    std::string text = "id,frame,time_s,x_m,y_m,density_per_m2,phase,level\n";
    for (std::size_t k = 0; k < rows.at.size(); ++k) {
        const Vec2 at = rows.at[k] + results.info().origin;
        fmt::format_to(std::back_inserter(text), "{},{},{:g},{:.2f},{:.2f},{:g},{},{}\n",
                       rows.id[k], rows.frame[k], rows.time_s[k], at.x(), at.y(),
                       rows.density_per_m2[k], rows.phase[k],
                       rows.level[k] ? std::to_string(*rows.level[k]) : "");
    }
    out << text;
    out.close();
    if (!out) {
        throw RunError(file.string() + ": cannot be written");
    }
    return rows.at.size();
}

std::vector<std::string> raster_names(const Results& results) {
    std::vector<std::string> names;
    for (const std::string& name : results.file().members("/")) {
        if (name == "rasters" || name == "heat_maps") {
            for (const std::string& raster : results.file().members("/" + name)) {
                if (results.file().has_attribute(fmt::format("/{}/{}", name, raster),
                                                 "grid_mapping")) {
                    names.push_back(raster);
                }
            }
        }
    }
    return names;
}

void export_raster(const Results& results, const std::string& name, double time_s,
                   const std::filesystem::path& file) {
    const std::vector<std::string> known = raster_names(results);
    if (std::find(known.begin(), known.end(), name) == known.end()) {
        throw InputError(fmt::format(
            "{}: there is no raster \"{}\"; {}", results.name().string(), name,
            known.empty() ? "it holds none" : fmt::format("known are {}", fmt::join(known, ", "))));
    }
    const std::optional<Raster<float>> raster = results.raster_at(name, time_s);
    if (!raster) {
        throw InputError(fmt::format("{}: raster \"{}\" has no frame until {} s",
                                     results.name().string(), name, time_s));
    }
    const std::string path = results.group_of_raster(name) + "/" + name;
    write_geotiff(file, *raster, results.info().epsg, results.info().origin,
                  results.file().text_attribute(path, "description"),
                  results.file().text_attribute(path, "unit"));
}

} // namespace veste
