#include "app/commands.hpp"
#include "base/errors.hpp"
#include "base/files.hpp"
#include "results/comparison.hpp"
#include "results/reader.hpp"
#include "results/results_map.hpp"

#include <charconv>
#include <fmt/format.h>

namespace veste::app {
namespace {

std::string size_text(double bytes) {
    constexpr double kibibyte = 1024.0;
    return bytes < kibibyte * kibibyte ? fmt::format("{:.1f} KiB", bytes / kibibyte)
                                       : fmt::format("{:.1f} MiB", bytes / kibibyte / kibibyte);
}

void print_run(const Results& results) {
    const RunInfo& info = results.info();
    fmt::print("{}: {} in {}, seed {}, Veste {}\n", results.name().string(), info.scenario_name,
               info.city, info.seed, info.engine_version);
    fmt::print("{} {} to {}, recorded until {} ({} of {} s): {}\n", info.date,
               clock_of(info.start_of_day_s, info.begin_s),
               clock_of(info.start_of_day_s, info.duration_s),
               clock_of(info.start_of_day_s, results.until_s()), results.until_s(), info.duration_s,
               info.is_complete ? "complete" : "incomplete");
}

/// Bytes of one group's rows for each agent and frame.
void print_density(const std::vector<StoredArray>& arrays, const std::string& group) {
    double bytes = 0.0;
    double rows = 0.0;
    double frames = 0.0;
    for (const StoredArray& array : arrays) {
        if (array.path.starts_with(group + "/rows/") ||
            array.path.starts_with(group + "/frames/")) {
            bytes += static_cast<double>(array.stored_bytes);
        }
        if (array.path == group + "/rows/agent") {
            rows = static_cast<double>(array.extent.front());
        }
        if (array.path == group + "/frames/time") {
            frames = static_cast<double>(array.extent.front());
        }
    }
    if (rows > 0.0) {
        fmt::print("{}: {:.0f} frames, {:.0f} agents in a frame on average, {:.2f} bytes an agent "
                   "and frame\n",
                   group.substr(1), frames, rows / frames, bytes / rows);
    }
}

double moment_of(const std::string& text, const Results& results) {
    if (text == "worst") {
        return worst_time_s(results);
    }
    double time_s = 0.0;
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, time_s);
    if (error != std::errc() || stop != end) {
        throw InputError(
            fmt::format("--at: '{}' is neither 'worst' nor a number of seconds", text));
    }
    return time_s;
}

PeopleLook look_of(const std::string& levels) {
    return levels.empty()     ? PeopleLook::Dots
           : levels == "now"  ? PeopleLook::Service
           : levels == "mean" ? PeopleLook::MeanService
                              : PeopleLook::WorstService;
}

} // namespace

void show_results(const Path& file) {
    const Results results(file);
    print_run(results);
    const std::vector<StoredArray> arrays = results.file().arrays();
    fmt::print("{:<40}{:>22}{:>9}{:>14}\n", "array", "extent", "type", "stored");
    double stored = 0.0;
    for (const StoredArray& array : arrays) {
        stored += static_cast<double>(array.stored_bytes);
        if (array.path.starts_with("/summary/")) {
            continue;
        }
        fmt::print("{:<40}{:>22}{:>9}{:>14}\n", array.path,
                   fmt::format("{}", fmt::join(array.extent, " x ")), array.element,
                   size_text(static_cast<double>(array.stored_bytes)));
    }
    fmt::print("arrays {}, file {}\n", size_text(stored),
               size_text(static_cast<double>(std::filesystem::file_size(file))));
    print_density(arrays, "/pedestrians");
    print_density(arrays, "/vehicles");
}

void print_digest(const Path& results) {
    fmt::print("{}\n", results_digest(results));
}

void compare_runs(const CompareOptions& options) {
    check_outputs({options.csv, options.png}, {options.base, options.whatif});
    const Comparison comparison = compare(Results(options.base), Results(options.whatif));
    fmt::print("{}", comparison_table(comparison));
    if (!options.csv.empty()) {
        write_comparison_csv(comparison, options.csv);
        fmt::print("\ntable: {}\n", options.csv.string());
    }
    if (!options.png.empty()) {
        draw_comparison(comparison, options.png);
        fmt::print("chart: {}\n", options.png.string());
    }
}

void draw_results(const MapOptions& options) {
    check_outputs({options.png}, {options.results, options.city});
    const Results results(options.results);
    const double time_s = moment_of(options.moment, results);
    if (options.level && options.levels != "now") {
        throw InputError("--level: is for --los now; heat maps of the whole run are at each "
                         "place of the level nearest to 0");
    }
    const std::optional<std::int8_t> level =
        options.level ? std::optional(static_cast<std::int8_t>(*options.level)) : std::nullopt;
    const City city = load_city(options.city);
    draw_results_map(results, city, time_s, options.png, options.width_px, look_of(options.levels),
                     level);
    fmt::print("{}: {} at {}\n", options.png.string(), results.info().scenario_name,
               clock_of(results.info().start_of_day_s, time_s));
}

} // namespace veste::app
