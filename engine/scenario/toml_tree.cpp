#include "scenario/toml_tree.hpp"

#include "base/errors.hpp"

#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <toml++/toml.h>
#include <utility>

namespace veste::scenario_file {
namespace {

void read_date(const toml::date& date, TomlValue& value) {
    value.type = TomlType::Date;
    value.text = fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

/// Times, and dates with times: as they are written.
void read_time(const toml::node& node, TomlValue& value) {
    std::ostringstream text;
    node.visit([&text](const auto& n) {
        if constexpr (toml::is_time<decltype(n)> || toml::is_date_time<decltype(n)>) {
            text << n.get();
        }
    });
    value.type = TomlType::Time;
    value.text = text.str();
}

void read_scalar(const toml::node& node, TomlValue& value) {
    switch (node.type()) {
    case toml::node_type::string:
        value.type = TomlType::Text;
        value.text = node.as_string()->get();
        break;
    case toml::node_type::integer:
        value.type = TomlType::Whole;
        value.whole = node.as_integer()->get();
        value.number = static_cast<double>(value.whole);
        break;
    case toml::node_type::floating_point:
        value.type = TomlType::Number;
        value.number = node.as_floating_point()->get();
        break;
    case toml::node_type::boolean:
        value.type = TomlType::Truth;
        value.truth = node.as_boolean()->get();
        break;
    case toml::node_type::date:
        read_date(node.as_date()->get(), value);
        break;
    default:
        read_time(node, value);
    }
}

TomlValue value_of(const toml::node& node, int file) {
    TomlValue value;
    value.place = {file, static_cast<int>(node.source().begin.line)};
    if (const toml::table* table = node.as_table()) {
        value.type = TomlType::Table;
        for (const auto& [key, child] : *table) {
            value.entries.push_back({std::string(key.str()), value_of(child, file)});
        }
    } else if (const toml::array* list = node.as_array()) {
        value.type = TomlType::List;
        for (const toml::node& child : *list) {
            value.items.push_back(value_of(child, file));
        }
    } else {
        read_scalar(node, value);
    }
    return value;
}

std::string joined(const std::vector<std::string>& parts, const char* open, const char* close) {
    constexpr std::size_t longest = 60;
    std::string text = fmt::format("{}{}{}", open, fmt::join(parts, ", "), close);
    if (text.size() > longest) {
        text = text.substr(0, longest) + " ...";
    }
    return text;
}

} // namespace

const TomlValue* TomlValue::find(std::string_view key) const {
    for (const TomlEntry& entry : entries) {
        if (entry.key == key) {
            return &entry.value;
        }
    }
    return nullptr;
}

TomlValue* TomlValue::find(std::string_view key) {
    return const_cast<TomlValue*>(std::as_const(*this).find(key));
}

std::string read_text(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    if (!std::filesystem::is_regular_file(file) || !in || !(text << in.rdbuf())) {
        throw InputError(fmt::format("{}: cannot be read; wanted is a scenario file, such as "
                                     "scenarios/NAME/scenario.toml",
                                     file.string()));
    }
    return text.str();
}

TomlValue parse_toml(const std::string& text, const std::filesystem::path& file, int number) {
    try {
        return value_of(toml::parse(text, file.string()), number);
    } catch (const toml::parse_error& error) {
        throw InputError(fmt::format("{}:{}: {}", file.string(), error.source().begin.line,
                                     error.description()));
    }
}

std::string written(const TomlValue& value) {
    std::vector<std::string> parts;
    switch (value.type) {
    case TomlType::Table:
        for (const TomlEntry& entry : value.entries) {
            parts.push_back(entry.key + " = " + written(entry.value));
        }
        return joined(parts, "{ ", " }");
    case TomlType::List:
        for (const TomlValue& item : value.items) {
            parts.push_back(written(item));
        }
        return joined(parts, "[", "]");
    case TomlType::Text:
        return fmt::format("\"{}\"", value.text);
    case TomlType::Whole:
        return fmt::format("{}", value.whole);
    case TomlType::Number:
        return fmt::format("{}", value.number);
    case TomlType::Truth:
        return value.truth ? "true" : "false";
    default:
        return value.text;
    }
}

std::string_view type_name(TomlType type) {
    constexpr std::string_view names[] = {"a table",  "a list",        "text",   "a whole number",
                                          "a number", "true or false", "a date", "a time of TOML"};
    return names[static_cast<std::size_t>(type)];
}

} // namespace veste::scenario_file
