#include "app/commands.hpp"
#include "base/errors.hpp"
#include "base/version.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

using namespace veste;
using namespace veste::app;

namespace {

// Exit codes: 0 done, 1 the run could not go on, 2 the input or the command line is wrong.
constexpr int exit_run_error = 1;
constexpr int exit_input_error = 2;

void add_city_commands(CLI::App& app, CityBuildOptions& build, CityInfoOptions& info) {
    CLI::App* city = app.add_subcommand("city", "Build and look at cities");
    city->require_subcommand(1);
    CLI::App* make = city->add_subcommand("build", "Build a city file from a recipe");
    make->add_option("recipe", build.recipe, "The recipe (TOML)")->required();
    make->add_option("-o,--output", build.output, "The city file to write (HDF5)")->required();
    make->add_option("--map", build.map, "Also draw the city to this PNG");
    make->callback([&build] { build_city_file(build); });
    CLI::App* show = city->add_subcommand("info", "Tell what was found and assumed; draw a map");
    show->add_option("city", info.city, "The city file")->required();
    show->add_option("--map", info.map, "Draw the city to this PNG");
    show->add_option("--width", info.width_px, "Width of the map in pixels")
        ->check(CLI::Range(200, 8000));
    show->callback([&info] { show_city(info); });
}

void add_scenario_options(CLI::App& command, ScenarioOptions& options) {
    command.add_option("scenario", options.scenario, "The scenario file (TOML)")->required();
    command.add_option("--city", options.city,
                       "A city file or recipe, in place of the one the scenario names");
}

void add_scenario_commands(CLI::App& app, ScenarioOptions& check, RunOptions& run) {
    CLI::App* checking = app.add_subcommand("check", "Check a scenario without running it");
    add_scenario_options(*checking, check);
    checking->callback([&check] { check_scenario(check); });
    CLI::App* running = app.add_subcommand("run", "Run a scenario");
    add_scenario_options(*running, run.scenario);
    running->add_option("-o,--output", run.output, "The results file to write (HDF5)")->required();
    running->add_option("--threads", run.threads, "Threads; 0 takes all processors")
        ->check(CLI::Range(0, 1024));
    running->add_option("--seed", run.seed, "In place of the scenario's seed");
    CLI::Option* file = running->add_option("--checkpoint", run.checkpoint,
                                            "Save the state to this file at --checkpoint-at");
    CLI::Option* moment = running->add_option(
        "--checkpoint-at", run.checkpoint_at,
        "Simulated seconds since the start, or a time of the scenario's clock such as 21:00");
    file->needs(moment);
    moment->needs(file);
    running->add_option("--restart", run.restart, "Go on from this checkpoint");
    running->callback([&run] { run_scenario(run); });
}

void add_results_commands(CLI::App& app, CompareOptions& compare, MapOptions& map, Path& results) {
    CLI::App* comparing = app.add_subcommand("compare", "Compare the indicators of two runs");
    comparing->add_option("base", compare.base, "Results of the base run")->required();
    comparing->add_option("whatif", compare.whatif, "Results of the other run")->required();
    comparing->add_option("--csv", compare.csv, "Also write the table to this CSV file");
    comparing->add_option("--png", compare.png, "Also draw the indicators to this PNG");
    comparing->callback([&compare] { compare_runs(compare); });
    CLI::App* drawing = app.add_subcommand("map", "Draw a moment of a run to a PNG map");
    drawing->add_option("results", map.results, "The results file")->required();
    drawing->add_option("--city", map.city, "The city file of the run")->required();
    drawing->add_option("-o,--output", map.png, "The PNG to write")->required();
    drawing->add_option("--at", map.moment, "Seconds since the start, or 'worst'");
    drawing
        ->add_option("--los", map.levels,
                     "Paint Fruin's levels of service: of the moment (now), or by the mean or the "
                     "largest density of the whole run (mean, max)")
        ->check(CLI::IsMember({"now", "mean", "max"}));
    drawing
        ->add_option("--level", map.level,
                     "Level whose people --los now paints; at each place the one nearest to 0")
        ->check(CLI::Range(-128, 127));
    drawing->add_option("--width", map.width_px, "Width in pixels")->check(CLI::Range(200, 8000));
    drawing->callback([&map] { draw_results(map); });
    CLI::App* info = app.add_subcommand("info", "Tell what a results file holds");
    info->add_option("results", results, "The results file")->required();
    info->callback([&results] { show_results(results); });
    CLI::App* digest = app.add_subcommand(
        "digest", "Print a digest of all datasets: equal runs have equal digests");
    digest->add_option("results", results, "The results file")->required();
    digest->callback([&results] { print_digest(results); });
}

void add_export_command(CLI::App& app, ExportOptions& options) {
    CLI::App* command = app.add_subcommand("export", "Write results for other programs");
    command->add_option("results", options.results, "The results file")->required();
    CLI::Option* pedpy = command->add_option(
        "--pedpy", options.pedpy,
        "Trajectories in the Juelich archive's HDF5 layout, which PedPy loads; needs --city");
    CLI::Option* city = command->add_option("--city", options.city, "The city file of the run");
    pedpy->needs(city);
    city->needs(pedpy);
    command
        ->add_option("--level", options.level,
                     "Level of the walkable area that --pedpy writes; that with most people")
        ->check(CLI::Range(-128, 127))
        ->needs(pedpy);
    CLI::Option* csv = command->add_option("--csv", options.csv, "Trajectories as CSV");
    CLI::Option* raster =
        command
            ->add_option("--raster", options.rasters,
                         "NAME FILE: a raster (density_mean, density_max, depth ...) as GeoTIFF")
            ->expected(1, -1);
    command->add_option("--at", options.at_s, "Moment of rasters with frames, s; the last one")
        ->needs(raster);
    command->callback([=, &options] {
        if (pedpy->empty() && csv->empty() && raster->empty()) {
            throw CLI::RequiredError("one of --pedpy, --csv, --raster");
        }
        export_results(options);
    });
}

} // namespace

int main(int argc, char** argv) {
    spdlog::set_default_logger(spdlog::stderr_color_mt("veste"));
    spdlog::set_pattern("%^%l%$ %v");
    CLI::App app("Veste: pedestrians, traffic, flood water and event crowds in one coupled city");
    app.set_version_flag("--version", std::string(engine_version()));
    app.require_subcommand(1);
    CityBuildOptions build;
    CityInfoOptions city_info;
    ScenarioOptions check;
    RunOptions run;
    CompareOptions compare;
    MapOptions map;
    ExportOptions export_options;
    Path results;
    bool as_schema = false;
    add_city_commands(app, build, city_info);
    add_scenario_commands(app, check, run);
    add_results_commands(app, compare, map, results);
    add_export_command(app, export_options);
    CLI::App* keys = app.add_subcommand("keys", "Print the reference of all scenario keys");
    keys->add_flag("--schema", as_schema, "As a JSON schema");
    keys->callback([&as_schema] { print_keys(as_schema); });
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : exit_input_error;
    } catch (const InputError& error) {
        fmt::print(stderr, "{}\n", error.what());
        return exit_input_error;
    } catch (const std::exception& error) {
        fmt::print(stderr, "veste: {}\n", error.what());
        return exit_run_error;
    }
    return 0;
}
