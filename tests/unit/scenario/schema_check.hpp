#pragma once
#include "scenario/toml_tree.hpp"

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace veste::test {

/// A TOML value as JSON: dates and times become text.
nlohmann::json json_of(const scenario_file::TomlValue& value);

/// What is wrong with a value by a schema, a line each: the part of JSON Schema 2020-12 that ours
/// uses. Throws std::logic_error where the schema has a keyword that is not known here.
std::vector<std::string> schema_problems(const nlohmann::json& value, const nlohmann::json& root);

} // namespace veste::test
