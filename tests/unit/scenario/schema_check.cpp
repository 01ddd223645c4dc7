#include "schema_check.hpp"

#include <fmt/format.h>
#include <regex>
#include <stdexcept>

namespace veste::test {
namespace {

using Json = nlohmann::json;

/// Checks one value by one schema; the path goes before each problem.
class SchemaCheck {
public:
    explicit SchemaCheck(const Json& root) : root_(root) {}

    std::vector<std::string> problems(const Json& value, const Json& schema,
                                      const std::string& path) const {
        std::vector<std::string> found;
        for (const auto& [keyword, rule] : schema.items()) {
            check(value, schema, keyword, rule, path, found);
        }
        return found;
    }

private:
    void check(const Json& value, const Json& schema, const std::string& keyword, const Json& rule,
               const std::string& path, std::vector<std::string>& found) const {
        const auto add = [&](const std::string& what) { found.push_back(path + ": " + what); };
        const auto merge = [&](const std::vector<std::string>& more) {
            found.insert(found.end(), more.begin(), more.end());
        };
        if (keyword == "$ref") {
            merge(problems(value, root_.at(Json::json_pointer(rule.get<std::string>().substr(1))),
                           path));
        } else if (keyword == "type") {
            if (!has_type(value, rule)) {
                add("is not of type " + rule.get<std::string>());
            }
        } else if (keyword == "enum") {
            if (std::find(rule.begin(), rule.end(), value) == rule.end()) {
                add("is none of " + rule.dump());
            }
        } else if (keyword == "properties") {
            for (const auto& [name, part] : rule.items()) {
                if (value.is_object() && value.contains(name)) {
                    merge(problems(value.at(name), part, fmt::format("{}.{}", path, name)));
                }
            }
        } else if (keyword == "additionalProperties") {
            for (const auto& [name, part] : value.items()) {
                if (value.is_object() &&
                    schema.value("properties", Json::object()).contains(name)) {
                    continue;
                }
                if (rule.is_boolean() && value.is_object()) {
                    add("unknown " + name);
                } else if (rule.is_object() && value.is_object()) {
                    merge(problems(part, rule, fmt::format("{}.{}", path, name)));
                }
            }
        } else if (keyword == "required") {
            for (const Json& name : rule) {
                if (value.is_object() && !value.contains(name.get<std::string>())) {
                    add("misses " + name.dump());
                }
            }
        } else if (keyword == "items" || keyword == "prefixItems") {
            for (std::size_t k = 0; value.is_array() && k < value.size(); ++k) {
                const Json& part = keyword == "items" ? rule : rule.at(k);
                merge(problems(value[k], part, fmt::format("{}[{}]", path, k)));
            }
        } else {
            check_limits(value, keyword, rule, path, found);
        }
    }

    void check_limits(const Json& value, const std::string& keyword, const Json& rule,
                      const std::string& path, std::vector<std::string>& found) const {
        bool is_right = true;
        if (keyword == "minItems" || keyword == "maxItems") {
            is_right = !value.is_array() ||
                       (keyword == "minItems" ? value.size() >= rule.get<std::size_t>()
                                              : value.size() <= rule.get<std::size_t>());
        } else if (keyword == "minLength") {
            is_right =
                !value.is_string() || value.get<std::string>().size() >= rule.get<std::size_t>();
        } else if (keyword == "minimum" || keyword == "maximum" || keyword == "exclusiveMinimum") {
            const double number = value.is_number() ? value.get<double>() : 0.0;
            is_right = !value.is_number() || (keyword == "minimum"   ? number >= rule.get<double>()
                                              : keyword == "maximum" ? number <= rule.get<double>()
                                                                     : number > rule.get<double>());
        } else if (keyword == "pattern") {
            is_right = !value.is_string() || std::regex_search(value.get<std::string>(),
                                                               std::regex(rule.get<std::string>()));
        } else if (keyword == "not") {
            is_right = !problems(value, rule, path).empty();
        } else if (keyword == "anyOf" || keyword == "oneOf" || keyword == "allOf") {
            std::size_t right = 0;
            for (const Json& choice : rule) {
                right += problems(value, choice, path).empty() ? 1U : 0U;
            }
            is_right = keyword == "anyOf"   ? right >= 1
                       : keyword == "oneOf" ? right == 1
                                            : right == rule.size();
        } else if (keyword != "$schema" && keyword != "$defs" && keyword != "title" &&
                   keyword != "description") {
            throw std::logic_error("keyword of JSON Schema not known to the test: " + keyword);
        }
        if (!is_right) {
            found.push_back(path + ": fails " + keyword + " " + rule.dump());
        }
    }

    static bool has_type(const Json& value, const Json& rule) {
        const auto type = rule.get<std::string>();
        return (type == "object" && value.is_object()) || (type == "array" && value.is_array()) ||
               (type == "string" && value.is_string()) || (type == "number" && value.is_number()) ||
               (type == "integer" && value.is_number_integer()) ||
               (type == "boolean" && value.is_boolean());
    }

    const Json& root_;
};

} // namespace

nlohmann::json json_of(const scenario_file::TomlValue& value) {
    using scenario_file::TomlType;
    switch (value.type) {
    case TomlType::Table: {
        Json table = Json::object();
        for (const scenario_file::TomlEntry& entry : value.entries) {
            table[entry.key] = json_of(entry.value);
        }
        return table;
    }
    case TomlType::List: {
        Json list = Json::array();
        for (const scenario_file::TomlValue& item : value.items) {
            list.push_back(json_of(item));
        }
        return list;
    }
    case TomlType::Whole:
        return value.whole;
    case TomlType::Number:
        return value.number;
    case TomlType::Truth:
        return value.truth;
    default:
        return value.text;
    }
}

std::vector<std::string> schema_problems(const nlohmann::json& value, const nlohmann::json& root) {
    return SchemaCheck(root).problems(value, root, "file");
}

} // namespace veste::test
