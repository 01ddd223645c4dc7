#include "scenario/drawn.hpp"

#include "city/walk_levels.hpp"
#include "scenario/base_files.hpp"

#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

/// Corners nearer than this to the one before are passed over: finer outlines only make slivers, m.
constexpr double finest_m = 0.05;

Polyline outline(const Polyline& ring) {
    Polyline line;
    for (const Vec2& corner : ring) {
        if (line.empty() || (corner - line.back()).norm() >= finest_m) {
            line.push_back(corner);
        }
    }
    if (!line.empty()) {
        line.push_back(line.front());
    }
    return line;
}

void add_outlines(const Polygon& area, std::vector<Polyline>& lines) {
    lines.push_back(outline(area.outer));
    for (const Polyline& hole : area.holes) {
        lines.push_back(outline(hole));
    }
}

/// Polygons that a change closes or opens.
void add_closings(Section& change, Reading& reading, std::vector<Polyline>& lines) {
    for (const std::string_view key : {"close", "open"}) {
        auto closing = change.table(key);
        if (closing && closing->has("polygon")) {
            if (const auto polygon = local_polygon(reading, *closing, "polygon")) {
                add_outlines(*polygon, lines);
            }
        }
    }
}

} // namespace

std::optional<std::int8_t> level_of(Section& section) {
    return section.has("level") ? std::optional(static_cast<std::int8_t>(section.whole("level")))
                                : std::nullopt;
}

std::optional<WalkMesh::Nearest> ground_at(Reading& reading, Section& section) {
    constexpr double reach_m = 5.0;
    const auto at = local_point(reading, section, "at");
    const auto level = level_of(section);
    if (!at) {
        return std::nullopt;
    }
    const auto found = nearest(reading.city.walk, *at, reach_m, level);
    if (!found) {
        section.problem("at",
                        fmt::format("no walkable ground{} within {} m; move it onto a "
                                    "footway, pavement or square",
                                    level ? fmt::format(" of level {}", *level) : "", reach_m));
    }
    return found;
}

std::vector<Polyline> cut_lines(const std::filesystem::path& path, const City& city) {
    const ScenarioFiles files = read_with_bases(path);
    Scenario scenario;
    Document document; // what is wrong is told when the scenario is read
    document.files = files.files;
    const WarningHandler silent = [](std::string_view) {};
    Reading reading{.city = city, .scenario = scenario, .document = document, .warn = silent};
    Section file(document, files.tree, key_group(""), "");
    reading.crs = file.text("crs");
    open_crs(reading, file, reading.crs);
    std::vector<Polyline> lines = barrier_lines(path, city);
    read_places(file, reading);
    for (const Place& place : scenario.places) {
        if (place.is_exact) {
            add_outlines(place.area, lines);
        }
    }
    for (Section& section : file.tables("change")) {
        add_closings(section, reading, lines);
    }
    for (Section& section : file.tables("rule")) {
        if (auto action = section.table("do")) {
            add_closings(*action, reading, lines);
        }
    }
    return lines;
}

} // namespace veste::scenario_file
