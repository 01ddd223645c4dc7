#include "scenario/base_files.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace scenario_file {
namespace {

bool divides(double step_s, double whole_s) {
    const double count = whole_s / step_s;
    return std::abs(count - std::round(count)) < 1e-6 && std::round(count) >= 1.0;
}

void read_clock(Section& file, Reading& reading) {
    auto clock = file.table("clock");
    if (!clock) {
        return;
    }
    Scenario& scenario = reading.scenario;
    scenario.date = clock->date("date");
    scenario.start_of_day_s = clock->clock_time_s("start");
    scenario.utc_offset_s = clock->quantity("utc_offset");
    scenario.duration_s = clock->quantity("duration");
    reading.document.start_of_day_s = scenario.start_of_day_s;
    reading.document.duration_s = scenario.duration_s;
    if (!divides(scenario.steps.tick_s, scenario.duration_s)) {
        clock->problem("duration",
                       fmt::format("must be a multiple of the tick, {} s", scenario.steps.tick_s));
    }
}

void read_steps(Section& file, Reading& reading) {
    auto section = file.table("steps");
    if (!section) {
        return;
    }
    Steps& steps = reading.scenario.steps;
    steps.tick_s = section->quantity("tick");
    steps.traffic_s = section->quantity("traffic");
    steps.pedestrians_s = section->quantity("pedestrians");
    const auto check = [&](std::string_view key, double step_s) {
        if (!divides(step_s, steps.tick_s)) {
            section->problem(key, fmt::format("does not divide the tick, {} s; right would be \"{} "
                                              "s\"",
                                              steps.tick_s,
                                              steps.tick_s / std::ceil(steps.tick_s / step_s)));
        }
    };
    check("traffic", steps.traffic_s);
    check("pedestrians", steps.pedestrians_s);
}

void read_crs(Section& file, Reading& reading) {
    reading.crs = file.text("crs");
    open_crs(reading, file, reading.crs);
}

void index_streets(Reading& reading) {
    const City& city = reading.city;
    for (std::size_t e = 0; e < city.streets.edges.size(); ++e) {
        if (!city.streets.edges[e].name.empty()) {
            reading.streets[city.streets.edges[e].name].emplace_back(e);
        }
    }
    for (std::uint32_t w = 0; w < city.walk.ways.size(); ++w) {
        if (!city.walk.ways[w].name.empty()) {
            reading.footpaths[city.walk.ways[w].name].push_back(w);
        }
    }
}

} // namespace

void Reading::warn_at(const TextPlace& place, const std::string& text) const {
    if (warn) {
        warn(fmt::format("{}: {}", document.text_of(place), text));
    }
}

void read_outputs(Section& file, Reading& reading) {
    auto section = file.table("outputs");
    if (!section) {
        return;
    }
    Outputs& outputs = reading.scenario.outputs;
    outputs.trajectories = section->truth("trajectories");
    outputs.water = section->truth("water");
    outputs.illuminance = section->truth("illuminance");
    const auto interval = [&](std::string_view key) {
        const double interval_s = section->quantity(key);
        if (!divides(reading.scenario.steps.tick_s, interval_s)) {
            section->problem(key, fmt::format("must be a multiple of the tick, {} s",
                                              reading.scenario.steps.tick_s));
        }
        return interval_s;
    };
    outputs.trajectories_every_s = interval("trajectories_every");
    outputs.rasters_every_s = interval("rasters_every");
    outputs.signals_every_s = interval("signals_every");
    outputs.indicators_every_s = interval("indicators_every");
    outputs.measures_every_s = interval("measures_every");
    outputs.voronoi_every_s = interval("voronoi_every");
    outputs.heat_maps = section->truth("heat_maps");
    outputs.heat_maps_every_s = interval("heat_maps_every");
    outputs.heat_cell_m = section->quantity("heat_cell");
    outputs.heat_threshold_per_m2 = section->number("heat_threshold");
    const double cell_m = section->quantity("raster_cell");
    if (section->has("raster_cell")) {
        outputs.raster_cell_m = cell_m;
        const double terrain_m = reading.city.terrain.shape().cell_m;
        if (cell_m < terrain_m) {
            section->problem(
                "raster_cell",
                fmt::format("is finer than the terrain; allowed from {} m", terrain_m));
        }
    }
    const std::string area = section->text("area");
    if (section->has("area")) {
        const Named name{area, section->place("area")};
        if (const auto place = find_place(reading, *section, "area", name, PlaceUse::Ground)) {
            outputs.area = bounds_of(reading.scenario.place(*place).area.outer);
        }
    }
}

std::vector<Polyline> barrier_lines(const std::filesystem::path& path, const City& city) {
    const ScenarioFiles files = read_with_bases(path);
    Scenario scenario;
    Document document;
    document.files = files.files;
    const WarningHandler silent = [](std::string_view) {};
    Reading reading{.city = city, .scenario = scenario, .document = document, .warn = silent};
    Section file(document, files.tree, key_group(""), "");
    read_crs(file, reading);
    std::vector<Polyline> lines;
    for (Section& section : file.tables("barrier")) {
        lines.push_back(barrier_line(section, reading));
    }
    return lines;
}

Scenario read_scenario(const std::filesystem::path& path, const City& city,
                       const WarningHandler& warn, std::set<std::string>* asked) {
    Scenario scenario;
    ScenarioFiles files = read_with_bases(path);
    const TomlValue tree = std::move(files.tree);
    scenario.file = path;
    scenario.inputs = files.files;
    scenario.text = std::move(files.text);
    Document document;
    document.files = std::move(files.files);
    Reading reading{.city = city, .scenario = scenario, .document = document, .warn = warn};
    Section file(document, tree, key_group(""), "");
    scenario.name = file.text("name");
    if (scenario.name.empty()) {
        scenario.name = std::filesystem::absolute(path).parent_path().filename().string();
    }
    scenario.description = file.text("description");
    file.text("city");
    file.text("base");
    scenario.seed = static_cast<std::uint64_t>(file.whole("seed"));
    index_streets(reading);
    read_crs(file, reading);
    read_steps(file, reading);
    read_clock(file, reading);
    for (const auto read : {read_places, read_walking, read_profiles, read_gates, read_barriers,
                            read_journeys, read_pedestrians, read_events, read_vehicles,
                            read_emergency_routes, read_weather, read_sensors, read_signal_plans,
                            read_changes, read_rules, read_outputs, read_measurements}) {
        read(file, reading);
    }
    check_gates(reading);
    check_walking(reading);
    check_driving(reading);
    if (asked != nullptr) {
        *asked = document.asked;
    }
    document.throw_if_any();
    return scenario;
}

} // namespace scenario_file

std::filesystem::path city_of_scenario(const std::filesystem::path& path) {
    using namespace scenario_file;
    const ScenarioFiles files = read_with_bases(path);
    Document document;
    document.files = files.files;
    const TomlValue* city = files.tree.find("city");
    const std::string place = document.text_of(city != nullptr ? city->place : TextPlace{0, 1});
    if (city == nullptr || city->type != TomlType::Text || city->text.empty()) {
        throw InputError(fmt::format("{}: city{}: wanted is the city's file, such as city = "
                                     "\"../../data/NAME/city.toml\"",
                                     place,
                                     city == nullptr ? " is missing" : " = " + written(*city)));
    }
    std::filesystem::path file = document.from_file(city->place, city->text);
    if (!std::filesystem::is_regular_file(file)) {
        throw InputError(fmt::format("{}: city = \"{}\": there is no file {}; wanted is a city "
                                     "file (.h5) or recipe (.toml)",
                                     place, city->text, file.lexically_normal().string()));
    }
    return file;
}

void cut_for_scenario(const std::filesystem::path& file, City& city) {
    cut_along(city.walk, scenario_file::barrier_lines(file, city));
}

Scenario load_scenario(const std::filesystem::path& file, const City& city,
                       const WarningHandler& warn) {
    return scenario_file::read_scenario(file, city, warn);
}

} // namespace veste
