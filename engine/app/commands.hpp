#pragma once
#include <cstdint>
#include <filesystem>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The veste commands; each prints what it has to say and throws on errors (see main.cpp for the
/// exit codes).
namespace veste::app {

using Path = std::filesystem::path;

struct CityBuildOptions {
    Path recipe;
    Path output;
    Path map; ///< empty: none
};
void build_city_file(const CityBuildOptions& options);

struct CityInfoOptions {
    Path city;
    Path map;
    int width_px = 1600;
};
void show_city(const CityInfoOptions& options);

struct ScenarioOptions {
    Path scenario;
    Path city; ///< empty: the one the scenario names
};
void check_scenario(const ScenarioOptions& options);

struct RunOptions {
    ScenarioOptions scenario;
    Path output;
    int threads = 0;
    std::optional<std::uint64_t> seed;
    Path checkpoint;           ///< empty: none is written
    std::string checkpoint_at; ///< seconds since the start, or a time of the scenario's clock
    Path restart;              ///< empty: from the start
};
void run_scenario(const RunOptions& options);

void show_results(const Path& results);
void print_digest(const Path& results);

struct CompareOptions {
    Path base;
    Path whatif;
    Path csv;
    Path png;
};
void compare_runs(const CompareOptions& options);

struct MapOptions {
    Path results;
    Path city;
    Path png;
    std::string moment = "worst"; ///< "worst", or seconds since the start
    std::string levels;           ///< of service: "now", "mean", "max"; empty: people as dots
    std::optional<int> level;     ///< that levels of service are of
    int width_px = 1600;
};
void draw_results(const MapOptions& options);

struct ExportOptions {
    Path results;
    Path city; ///< for the walkable area of --pedpy
    Path pedpy;
    std::optional<int> level;
    Path csv;
    std::vector<std::pair<std::string, std::string>> rasters; ///< name and file
    double at_s = std::numeric_limits<double>::infinity();
};
void export_results(const ExportOptions& options);

void print_keys(bool as_json_schema);

} // namespace veste::app
