#include "app/commands.hpp"
#include "app/progress.hpp"
#include "base/files.hpp"
#include "city/recipe.hpp"
#include "results/recorder.hpp"
#include "scenario/drawn.hpp"
#include "scenario/scenario.hpp"
#include "scenario/section.hpp"
#include "simulation/simulation.hpp"

#include <charconv>
#include <cmath>
#include <csignal>
#include <fmt/format.h>
#include <optional>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace veste::app {
namespace {

// Set by SIGINT and SIGTERM: the run stops after the present tick and closes its file.
volatile std::sig_atomic_t stop_requested = 0;

void request_stop(int) {
    stop_requested = 1;
}

void warn(std::string_view text) {
    spdlog::warn("{}", text);
}

Path city_file_of(const ScenarioOptions& options) {
    return options.city.empty() ? city_of_scenario(options.scenario) : options.city;
}

bool is_recipe(const Path& city_file) {
    return city_file.extension() == ".toml";
}

City city_for(const ScenarioOptions& options) {
    const Path file = city_file_of(options);
    if (is_recipe(file)) {
        spdlog::info("building the city of {} (veste city build keeps it for the next time)",
                     file.string());
        return build_city(file, warn);
    }
    return load_city(file);
}

/// The files that are known before the scenario is read.
std::vector<Path> first_inputs(const RunOptions& options) {
    const Path city = city_file_of(options.scenario);
    std::vector<Path> inputs = {options.scenario.scenario, city, options.restart};
    if (is_recipe(city)) {
        const std::vector<Path> sources = read_recipe(city).inputs();
        inputs.insert(inputs.end(), sources.begin(), sources.end());
    }
    return inputs;
}

/// "20:31:10" of the scenario's clock.
std::string local_time_text(const Scenario& scenario, double at_s) {
    const auto second = std::lround(scenario.start_of_day_s + at_s) % 86400;
    return fmt::format("{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60);
}

/// Seconds since the start of what the option gives, or nothing.
std::optional<double> read_moment(const std::string& text, const Scenario& scenario) {
    constexpr double day_s = 86400.0;
    if (const auto clock_s = scenario_file::read_clock_time(text)) {
        const double at_s = *clock_s - scenario.start_of_day_s;
        return at_s < -0.5 * day_s ? at_s + day_s : at_s;
    }
    double at_s = 0.0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, at_s);
    return error == std::errc() && stop == end && std::isfinite(at_s) ? std::optional(at_s)
                                                                      : std::nullopt;
}

/// The tick before which the checkpoint is saved: one of those still to come, or the end.
std::uint64_t checkpoint_tick(const std::string& text, const Simulation& simulation) {
    const Scenario& scenario = simulation.scenario();
    const auto at_s = read_moment(text, scenario);
    if (!at_s) {
        throw InputError(fmt::format("--checkpoint-at = {}: wanted are seconds since the start "
                                     "such as 90, or a time of the clock such as 21:00",
                                     text));
    }
    const double tick_s = scenario.steps.tick_s;
    const double ticks = std::round(*at_s / tick_s);
    const bool is_in_run = *at_s >= simulation.now_s() && *at_s <= scenario.duration_s;
    if (!is_in_run || std::abs(*at_s - ticks * tick_s) > 1e-6) {
        throw InputError(fmt::format(
            "--checkpoint-at = {} ({:g} s after the start): allowed are multiples of the tick, "
            "{:g} s, from {} ({:g} s) to {} ({:g} s)",
            text, *at_s, tick_s, local_time_text(scenario, simulation.now_s()), simulation.now_s(),
            local_time_text(scenario, scenario.duration_s), scenario.duration_s));
    }
    return static_cast<std::uint64_t>(ticks);
}

void print_summary(const Simulation& simulation) {
    const World& world = simulation.world();
    std::size_t people = 0;
    std::size_t people_arrived = 0;
    std::size_t people_stuck = 0;
    std::size_t people_toppled = 0;
    for (std::size_t i = 0; i < world.pedestrians.size(); ++i) {
        people += world.pedestrians.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Planned);
        people_arrived +=
            world.pedestrians.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived);
        people_toppled +=
            world.pedestrians.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Toppled);
        people_stuck += world.pedestrians.is_present(i) && world.pedestrians.is_stuck[i] != 0;
    }
    std::size_t vehicles = 0;
    std::size_t vehicles_arrived = 0;
    std::size_t vehicles_stuck = 0;
    for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
        vehicles += world.vehicles.phase[i] != static_cast<std::uint8_t>(VehiclePhase::Planned);
        vehicles_arrived +=
            world.vehicles.phase[i] == static_cast<std::uint8_t>(VehiclePhase::Arrived);
        vehicles_stuck += world.vehicles.is_present(i) && world.vehicles.is_stuck[i] != 0;
    }
    fmt::print("people: {} set out, {} arrived, {} stuck\n", people, people_arrived, people_stuck);
    if (people_toppled > 0) {
        fmt::print("people: {} toppled by water\n", people_toppled);
    }
    fmt::print("vehicles: {} set out, {} arrived, {} stuck\n", vehicles, vehicles_arrived,
               vehicles_stuck);
    if (simulation.scenario().has_flood) {
        fmt::print("water: {:.1f} m3 on the ground, relative balance error {:.1e}\n",
                   simulation.flood_model().stored_m3(world.water),
                   simulation.flood_model().balance_error(world.water));
    }
    fmt::print("state digest {} after {}\n", state_digest(world), clock_text(simulation.now_s()));
}

} // namespace

void check_scenario(const ScenarioOptions& options) {
    City city = city_for(options);
    cut_for_scenario(options.scenario, city);
    const Scenario scenario = load_scenario(options.scenario, city, warn);
    std::size_t people = 0;
    for (const PedestrianDemand& demand : scenario.pedestrians) {
        people += demand.count;
    }
    for (const Event& event : scenario.events) {
        people += event.visitors;
    }
    std::size_t vehicles = 0;
    for (const VehicleDemand& demand : scenario.vehicles) {
        vehicles += demand.count;
    }
    fmt::print("{}: {} in {}, {} people, {} vehicles, {} changes, {} rules: no problem found\n",
               options.scenario.string(), clock_text(scenario.duration_s), city.name, people,
               vehicles, scenario.changes.size(), scenario.rules.size());
}

void run_scenario(const RunOptions& options) {
    // Told before the work, not after it.
    check_outputs({options.output, options.checkpoint}, first_inputs(options));
    auto city = std::make_shared<City>(city_for(options.scenario));
    const std::vector<Polyline> cuts = scenario_file::cut_lines(options.scenario.scenario, *city);
    cut_along(city->walk, cuts);
    auto scenario =
        std::make_shared<Scenario>(load_scenario(options.scenario.scenario, *city, warn));
    check_outputs({options.output, options.checkpoint}, scenario->inputs);
    if (options.seed) {
        scenario->seed = *options.seed;
    }
    Simulation simulation(city, scenario, options.threads);
    if (!options.restart.empty()) {
        simulation.restore_checkpoint(options.restart);
    }
    const bool has_checkpoint = !options.checkpoint.empty();
    const std::uint64_t saved_at =
        has_checkpoint ? checkpoint_tick(options.checkpoint_at, simulation) : 0;
    const auto save_when_due = [&] {
        if (has_checkpoint && simulation.world().tick == saved_at) {
            simulation.save_checkpoint(options.checkpoint);
            spdlog::info("checkpoint {} at {}", options.checkpoint.string(),
                         clock_text(simulation.now_s()));
        }
    };
    Recorder recorder(options.output, RecorderOptions{.walk_cuts = cuts});
    Progress progress(isatty(STDERR_FILENO) != 0);
    simulation.add_observer(recorder);
    simulation.add_observer(progress);
    std::signal(SIGINT, request_stop);
    std::signal(SIGTERM, request_stop);
    std::signal(SIGXFSZ, SIG_IGN); // a file too large for its limit is told like a full disk
    save_when_due();
    simulation.run([&] {
        save_when_due();
        return stop_requested != 0;
    });
    print_summary(simulation);
    if (stop_requested != 0) {
        throw RunError(fmt::format("stopped at {} of {}; {} is complete up to there",
                                   clock_text(simulation.now_s()), clock_text(scenario->duration_s),
                                   options.output.string()));
    }
}

void print_keys(bool as_json_schema) {
    fmt::print("{}\n", as_json_schema ? scenario_json_schema() : scenario_reference());
}

} // namespace veste::app
