#include "city/recipe_section_use.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

std::string_view type_of(const toml::node& node) {
    switch (node.type()) {
    case toml::node_type::table:
        return "a table";
    case toml::node_type::array:
        return "a list";
    case toml::node_type::string:
        return "text";
    case toml::node_type::integer:
    case toml::node_type::floating_point:
        return "a number";
    case toml::node_type::boolean:
        return "true or false";
    default:
        return "a date or time";
    }
}

} // namespace

std::string RecipeSection::place_of(const toml::node& node) const {
    return fmt::format("{}:{}", file_.string(), node.source().begin.line);
}

void RecipeSection::add_problem(const toml::node* at, const std::string& text) {
    problems_.add(fmt::format("{}: {}", at != nullptr ? place_of(*at) : place(), text));
}

void RecipeSection::wrong_type(const std::string& key, const toml::node& node,
                               std::string_view wanted) {
    add_problem(&node, fmt::format("{}{} must be {}, is {}", name_, key, wanted, type_of(node)));
}

const toml::node* RecipeSection::find(const std::string& key) {
    asked_.push_back(key);
    return table_.get(key);
}

std::string RecipeSection::text(const std::string& key, const std::string& otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return otherwise;
    }
    if (const auto value = node->value_exact<std::string>()) {
        return *value;
    }
    wrong_type(key, *node, "text");
    return otherwise;
}

std::string RecipeSection::choice(const std::string& key, const std::vector<std::string>& allowed,
                                  const std::string& otherwise) {
    std::string value = text(key, otherwise);
    if (std::find(allowed.begin(), allowed.end(), value) == allowed.end()) {
        add_problem(key, fmt::format("{}{} = \"{}\", allowed: {}", name_, key, value,
                                     fmt::join(allowed, ", ")));
        return otherwise;
    }
    return value;
}

std::optional<double> RecipeSection::number(const std::string& key, Limits limits) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return std::nullopt;
    }
    if (!node->is_number()) {
        wrong_type(key, *node, "a number");
        return std::nullopt;
    }
    return problems_.checked(node->value<double>().value_or(0.0), limits, place_of(*node),
                             name_ + key);
}

double RecipeSection::number(const std::string& key, double otherwise, Limits limits) {
    return number(key, limits).value_or(otherwise);
}

bool RecipeSection::truth(const std::string& key, bool otherwise) {
    const toml::node* node = find(key);
    if (node == nullptr) {
        return otherwise;
    }
    if (const auto value = node->value_exact<bool>()) {
        return *value;
    }
    wrong_type(key, *node, "true or false");
    return otherwise;
}

const toml::array* RecipeSection::array(const std::string& key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_array()) {
        wrong_type(key, *node, "a list");
        return nullptr;
    }
    return node != nullptr ? node->as_array() : nullptr;
}

const toml::table* RecipeSection::table(const std::string& key) {
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) {
        wrong_type(key, *node, "a table");
        return nullptr;
    }
    return node != nullptr ? node->as_table() : nullptr;
}

std::vector<std::string> RecipeSection::texts(const std::string& key) {
    std::vector<std::string> values;
    if (const toml::array* list = array(key)) {
        for (const toml::node& node : *list) {
            if (const auto value = node.value_exact<std::string>()) {
                values.push_back(*value);
            } else {
                wrong_type(key, node, "a list of text");
            }
        }
    }
    return values;
}

std::vector<double> RecipeSection::numbers(const std::string& key) {
    std::vector<double> values;
    if (const toml::array* list = array(key)) {
        for (const toml::node& node : *list) {
            const auto value = node.value<double>();
            if (node.is_number() && value && std::isfinite(*value)) {
                values.push_back(*value);
            } else {
                wrong_type(key, node, "a list of finite numbers");
            }
        }
    }
    return values;
}

std::filesystem::path RecipeSection::file(const std::string& key, bool is_required) {
    const std::string name = text(key);
    if (name.empty()) {
        if (is_required) {
            add_problem(key, fmt::format("{}{} is missing: the file to read", name_, key));
        }
        return {};
    }
    std::filesystem::path path(name);
    if (path.is_relative()) {
        path = file_.parent_path() / path;
    }
    if (!std::filesystem::is_regular_file(path)) {
        add_problem(key, fmt::format("{}{}: there is no file {}", name_, key, path.string()));
    }
    return path;
}

void RecipeSection::finish() {
    for (const auto& [key, node] : table_) {
        const std::string name(key.str());
        if (std::find(asked_.begin(), asked_.end(), name) != asked_.end()) {
            continue;
        }
        const std::string near = nearest_word(name, asked_);
        add_problem(&node,
                    fmt::format("unknown key {}{}{}", name_, name,
                                near.empty() ? "" : fmt::format(", did you mean {}?", near)));
    }
}

} // namespace veste
