#pragma once
#include "scenario/toml_tree.hpp"

#include <filesystem>
#include <string>
#include <vector>

/// A scenario may be told as a difference to another one, its `base`, and that to a further one.
namespace veste::scenario_file {

struct ScenarioFiles {
    TomlValue tree;                           ///< base and difference merged
    std::vector<std::filesystem::path> files; ///< the scenario, then its bases
    std::string text;                         ///< of all of them, in this order
};

/// Reads a scenario and its bases and merges them: tables key by key; arrays of tables are
/// appended, and an entry whose name the base has too replaces that one; all else replaces what the
/// base says. Of keys that exclude one another those of the base go where the difference gives one.
/// Throws InputError where a file is missing or no TOML, bases form a circle, or a base has another
/// `crs`.
ScenarioFiles read_with_bases(const std::filesystem::path& file);

} // namespace veste::scenario_file
