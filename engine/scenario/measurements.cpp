#include "scenario/reading.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

/// Lines and areas that people are measured at.
namespace veste::scenario_file {
namespace {

constexpr double shortest_line_m = 0.1;

bool crosses_ground(const WalkMesh& walk, const MeasurementLine& line) {
    constexpr double step_m = 0.1;
    const double whole_m = (line.to - line.from).norm();
    const int steps = static_cast<int>(std::ceil(whole_m / step_m));
    for (int k = 0; k <= steps; ++k) {
        const Vec2 p = line.from + (line.to - line.from) * k / steps;
        if (walk.locate(p, line.level)) {
            return true;
        }
    }
    return false;
}

void check_line(const Reading& reading, Section& section, const MeasurementLine& line) {
    const double whole_m = (line.to - line.from).norm();
    if (whole_m < shortest_line_m) {
        section.problem("to", fmt::format("the line is {:.3f} m long; allowed from {} m", whole_m,
                                          shortest_line_m));
    } else if (!crosses_ground(reading.city.walk, line)) {
        section.problem("from", fmt::format("the line crosses no walkable ground on level {}; draw "
                                            "it across a footway, square or door",
                                            line.level));
    }
}

void read_line(Section& section, Reading& reading) {
    MeasurementLine line;
    line.name = section.text("name");
    check_unique(section, line.name, "measurement line",
                 names_in(reading.scenario.measurement_lines));
    line.level = static_cast<std::int8_t>(section.whole("level"));
    const auto from = local_point(reading, section, "from");
    const auto to = local_point(reading, section, "to");
    if (from && to) {
        line.from = *from;
        line.to = *to;
        check_line(reading, section, line);
    }
    reading.scenario.measurement_lines.push_back(std::move(line));
}

std::optional<Polygon> area_of(Reading& reading, Section& section) {
    if (!section.has("place")) {
        return section.has("polygon") ? local_polygon(reading, section, "polygon") : std::nullopt;
    }
    const Named name{section.text("place"), section.place("place")};
    const auto place = find_place(reading, section, "place", name, PlaceUse::Ground);
    return place ? std::optional(reading.scenario.place(*place).area) : std::nullopt;
}

/// A point of the area's triangles, so fine that no walkable square metre is missed.
bool holds_ground(const WalkMesh& walk, const MeasurementArea& area) {
    constexpr int steps = 24;
    const Box2 box = bounds_of(area.area.outer);
    for (int k = 0; k < steps * steps; ++k) {
        const Vec2 share((k % steps + 0.5) / steps, (k / steps + 0.5) / steps);
        const Vec2 p = box.low + box.size_m().cwiseProduct(share);
        if (contains(area.area, p) && walk.locate(p, area.level)) {
            return true;
        }
    }
    return false;
}

void read_area(Section& section, Reading& reading) {
    MeasurementArea area;
    area.name = section.text("name");
    check_unique(section, area.name, "measurement area",
                 names_in(reading.scenario.measurement_areas));
    area.level = static_cast<std::int8_t>(section.whole("level"));
    area.cut_off_m = section.quantity("cut_off");
    if (const auto polygon = area_of(reading, section)) {
        area.area = *polygon;
        if (!holds_ground(reading.city.walk, area)) {
            section.problem(section.has("place") ? "place" : "polygon",
                            fmt::format("holds no walkable ground on level {}; draw it over a "
                                        "footway, pavement, square or park",
                                        area.level));
        }
    }
    reading.scenario.measurement_areas.push_back(std::move(area));
}

} // namespace

void read_measurements(Section& file, Reading& reading) {
    for (Section& section : file.tables("measurement_line")) {
        read_line(section, reading);
    }
    for (Section& section : file.tables("measurement_area")) {
        read_area(section, reading);
    }
}

} // namespace veste::scenario_file
