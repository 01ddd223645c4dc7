#include "app/commands.hpp"
#include "base/files.hpp"
#include "results/export.hpp"

#include <fmt/format.h>

namespace veste::app {
namespace {

void export_for_pedpy(const Results& results, const ExportOptions& options) {
    const City city = load_city(options.city);
    const std::optional<std::int8_t> level =
        options.level ? std::optional(static_cast<std::int8_t>(*options.level)) : std::nullopt;
    const ArchiveReport report = export_archive(results, city, level, options.pedpy);
    fmt::print("{}: {} rows on level {}", options.pedpy.string(), report.rows, report.level);
    if (report.left_out > 0) {
        fmt::print("; {} rows of people on other levels or unconnected ground left out",
                   report.left_out);
    }
    fmt::print("\n");
}

} // namespace

void export_results(const ExportOptions& options) {
    std::vector<Path> outputs = {options.pedpy, options.csv};
    for (const auto& [name, file] : options.rasters) {
        outputs.emplace_back(file);
    }
    check_outputs(outputs, {options.results, options.city});
    const Results results(options.results);
    if (!options.pedpy.empty()) {
        export_for_pedpy(results, options);
    }
    if (!options.csv.empty()) {
        fmt::print("{}: {} rows\n", options.csv.string(), export_csv(results, options.csv));
    }
    for (const auto& [name, file] : options.rasters) {
        export_raster(results, name, options.at_s, file);
        fmt::print("{}: {}\n", file, name);
    }
}

} // namespace veste::app
