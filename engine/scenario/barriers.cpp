#include "scenario/drawn.hpp"

#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

/// Lines are lengthened by this at their ends, so that nobody slips through a gap at a wall.
constexpr double end_gap_m = 0.3;

} // namespace

Polyline barrier_line(Section& section, Reading& reading) {
    Polyline line;
    const auto add = [&](std::string_view key, const Vec2& point) {
        if (const auto at = local_point(reading, section, key, point)) {
            line.push_back(*at);
        }
    };
    for (const Vec2& point : section.points("line")) {
        add("line", point);
    }
    for (const std::string_view key : {"from", "to"}) {
        if (const auto point = section.point(key)) {
            add(key, *point);
        }
    }
    if (line.size() < 2) {
        return {};
    }
    line.front() += end_gap_m * (line.front() - line[1]).normalized();
    line.back() += end_gap_m * (line.back() - line[line.size() - 2]).normalized();
    return line;
}

void read_barriers(Section& file, Reading& reading) {
    for (Section& section : file.tables("barrier")) {
        const std::string name = section.text("name");
        check_unique(section, name, "barrier", names_in(reading.scenario.barriers));
        if (section.has("from") != section.has("to")) {
            section.problem("from and to belong together");
        }
        const Polyline line = barrier_line(section, reading);
        const auto towards = local_point(reading, section, "towards");
        Barrier barrier = barrier_along(reading.city.walk, name, line, towards);
        if (const auto level = level_of(section)) {
            std::erase_if(barrier.sides, [&](const MeshSide& side) {
                return reading.city.walk.triangles[side.triangle.index].level != *level;
            });
        }
        barrier.is_up = section.truth("up");
        if (line.size() >= 2 && barrier.sides.empty()) {
            section.problem("the line touches no walkable ground");
        }
        reading.scenario.barriers.push_back(std::move(barrier));
    }
}

std::optional<Action> read_barrier_switch(Section& section, Reading& reading) {
    const Named name{section.text("name"), section.place("name")};
    const bool is_up = section.truth("up");
    const auto index = name.name.empty() ? std::nullopt
                                         : find_name(section, "name", name, "barrier",
                                                     names_in(reading.scenario.barriers));
    return index ? std::optional(
                       Action{SwitchBarrier{BarrierId(*index), is_up},
                              fmt::format("{} barrier {}", is_up ? "put up" : "remove", name.name)})
                 : std::nullopt;
}

} // namespace veste::scenario_file

namespace veste {

Barrier barrier_along(const WalkMesh& mesh, const std::string& name, const Polyline& line,
                      const std::optional<Vec2>& towards) {
    Barrier barrier;
    barrier.name = name;
    barrier.line = line;
    for (const MeshSide& side : sides_along(mesh, line)) {
        const Vec2 a = mesh.corner(side.triangle, side.side);
        const Vec2 along = mesh.corner(side.triangle, (side.side + 1) % 3) - a;
        const Vec2 outwards(along.y(), -along.x());
        if (!towards || outwards.dot(*towards - a) < 0.0) {
            barrier.sides.push_back(side);
        }
    }
    return barrier;
}

} // namespace veste
