#pragma once
#include "base/errors.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <toml++/toml.h>
#include <vector>

namespace veste {

/// One table of a recipe, read key by key. Every problem goes to the list with file and line; keys
/// nobody asked for are unknown.
class RecipeSection {
public:
    RecipeSection(const toml::table& table, std::string name, std::filesystem::path file,
                  Problems& problems)
        : table_(table), name_(std::move(name)), file_(std::move(file)), problems_(problems) {}

    std::string text(const std::string& key, const std::string& otherwise = "");
    std::string choice(const std::string& key, const std::vector<std::string>& allowed,
                       const std::string& otherwise);
    double number(const std::string& key, double otherwise, Limits limits);
    std::optional<double> number(const std::string& key, Limits limits);
    bool truth(const std::string& key, bool otherwise);
    std::vector<std::string> texts(const std::string& key);
    std::vector<double> numbers(const std::string& key);
    /// An existing file, relative to the recipe; a problem when it is missing.
    std::filesystem::path file(const std::string& key, bool is_required);
    const toml::table* table(const std::string& key);
    const toml::array* array(const std::string& key);
    bool has(const std::string& key) const { return table_.contains(key); }

    void add_problem(const toml::node* at, const std::string& text);
    void add_problem(const std::string& key, const std::string& text) {
        add_problem(table_.get(key), text);
    }
    std::string place() const { return place_of(table_); }
    std::string place_of(const toml::node& node) const;
    const toml::table& raw() const { return table_; }
    /// Reports every key that was not asked for.
    void finish();

private:
    const toml::node* find(const std::string& key);
    void wrong_type(const std::string& key, const toml::node& node, std::string_view wanted);

    const toml::table& table_;
    std::string name_;
    std::filesystem::path file_;
    Problems& problems_;
    std::vector<std::string> asked_;
};

} // namespace veste
