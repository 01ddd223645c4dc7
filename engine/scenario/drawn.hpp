#pragma once
#include "scenario/reading.hpp"

/// What a scenario draws on the plan of the city, and on which level.
namespace veste::scenario_file {

/// The level that the key `level` gives, if it is given.
std::optional<std::int8_t> level_of(Section& section);

/// The walkable place nearest to the point of the key `at`, within 5 m, on the section's level if
/// it gives one; a problem where there is none.
std::optional<WalkMesh::Nearest> ground_at(Reading& reading, Section& section);

/// What the walk mesh is cut along for a file: barriers, outlines of exact places, and those of
/// polygons that are closed or opened. What is wrong is left out, and told by read_scenario.
std::vector<Polyline> cut_lines(const std::filesystem::path& file, const City& city);

/// The key `level`.
inline Key level_key(std::string_view meaning, std::string_view default_text) {
    return {.name = "level",
            .type = KeyType::Whole,
            .meaning = meaning,
            .low = -50,
            .high = 50,
            .default_text = default_text};
}

} // namespace veste::scenario_file
