#pragma once
#include "scenario/reading.hpp"
#include "support/command.hpp"
#include "town_scenario.hpp"
#include "toy_town.hpp"

#include <fmt/format.h>
#include <string>
#include <vector>

namespace veste::test {

/// The town, built once, and cut along the barriers that its evening draws (with their ends 0.3 m
/// farther out).
inline const City& the_town() {
    static const City city = [] {
        City made = town();
        cut_along(made.walk, {{Vec2(40.0, 29.7), Vec2(40.0, 35.0), Vec2(40.0, 50.3)},
                              {Vec2(30.0, 37.7), Vec2(30.0, 42.3)}});
        return made;
    }();
    return city;
}

inline std::string replaced(std::string text, const std::string& what, const std::string& by) {
    const auto at = text.find(what);
    if (at != std::string::npos) {
        text.replace(at, what.size(), by);
    }
    return text;
}

/// The full scenario with durations and phases that fit the town's signal.
inline std::string full_scenario() {
    const Signal& signal = the_town().streets.signals.at(0);
    std::vector<std::string> durations;
    std::vector<std::string> phases;
    for (const SignalPhase& phase : signal.plans.at(0).phases) {
        durations.push_back(fmt::format("\"{} s\"", phase.duration_s + 1.0));
        std::string letters;
        for (const Light light : phase.lights) {
            letters += "rygG"[static_cast<std::size_t>(light)];
        }
        phases.push_back(
            fmt::format("{{ duration = \"{} s\", lights = \"{}\" }}", phase.duration_s, letters));
    }
    const std::string text =
        replaced(town_scenario, "@DURATIONS@", fmt::format("[{}]", fmt::join(durations, ", ")));
    return replaced(text, "@PHASES@", fmt::format("[{}]", fmt::join(phases, ", ")));
}

/// A layer as QGIS would save it.
inline const std::string plan_geojson = R"({"type": "FeatureCollection", "name": "plan",
"crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::32632"}},
"features": [
{"type": "Feature", "properties": {"title": "East side"}, "geometry": {"type": "Polygon",
 "coordinates": [[[60, 20], [80, 20], [80, 60], [60, 60], [60, 20]]]}},
{"type": "Feature", "properties": {"title": "Two parts"}, "geometry": {"type": "MultiPolygon",
 "coordinates": [[[[30, 30], [35, 30], [35, 35], [30, 30]]],
                 [[[45, 30], [50, 30], [50, 35], [45, 30]]]]}},
{"type": "Feature", "properties": {"title": "Far away"}, "geometry": {"type": "Polygon",
 "coordinates": [[[9060, 20], [9080, 20], [9080, 60], [9060, 60], [9060, 20]]]}}]})";

/// A scenario file in a folder of its own, with the layer beside it.
struct ScenarioFile {
    explicit ScenarioFile(const std::string& text) : file(folder.write("scenario.toml", text)) {
        folder.write("plan.geojson", plan_geojson);
    }
    Scenario read(std::vector<std::string>* warnings = nullptr,
                  std::set<std::string>* asked = nullptr) const {
        const WarningHandler warn = [warnings](std::string_view text) {
            if (warnings != nullptr) {
                warnings->emplace_back(text);
            }
        };
        return scenario_file::read_scenario(file, the_town(), warn, asked);
    }
    /// The problems that reading tells, a line each; none where it succeeds.
    std::vector<std::string> problems(std::vector<std::string>* warnings = nullptr) const {
        try {
            read(warnings);
        } catch (const InputError& error) {
            std::vector<std::string> lines;
            std::string text = error.what();
            for (std::size_t end = 0; !text.empty(); text.erase(0, end + 1)) {
                end = text.find('\n');
                lines.push_back(text.substr(0, end));
                if (end == std::string::npos) {
                    break;
                }
            }
            return lines;
        }
        return {};
    }

    TemporaryFolder folder;
    std::filesystem::path file;
};

} // namespace veste::test
