#include "scenario/keys.hpp"
#include "scenario/quantities.hpp"
#include "scenario/scenario.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace veste {
namespace {

using namespace scenario_file;
using Json = nlohmann::ordered_json;

constexpr std::string_view clock_pattern = "[0-9]{1,2}:[0-5][0-9](:[0-5][0-9])?";

std::string quantity_pattern(Dimension dimension) {
    std::vector<std::string> symbols;
    for (const Unit& unit : units()) {
        if (unit.dimension == dimension) {
            symbols.emplace_back(unit.symbol);
        }
    }
    return fmt::format(R"([+-]?[0-9.]+([eE][+-]?[0-9]+)?\s*({}))", fmt::join(symbols, "|"));
}

Json text_like(const std::string& pattern) {
    return {{"type", "string"}, {"pattern", "^" + pattern + "$"}};
}

Json quantity(std::string_view unit) {
    return text_like(quantity_pattern(find_unit(unit)->dimension));
}

Json moment() {
    return text_like(fmt::format("({}|{})", clock_pattern, quantity_pattern(Dimension::Time)));
}

Json list_of(const Json& item, int least, int most = 0) {
    Json list = {{"type", "array"}, {"items", item}, {"minItems", least}};
    if (most > 0) {
        list["maxItems"] = most;
    }
    return list;
}

Json number(const Key& key, const char* type) {
    Json value = {{"type", type}};
    if (key.low < key.high) {
        value["minimum"] = key.low;
        value["maximum"] = key.high;
    }
    return value;
}

Json any_of(std::initializer_list<Json> choices) {
    Json list = Json::array();
    for (const Json& choice : choices) {
        list.push_back(choice);
    }
    return {{"anyOf", list}};
}

std::string definition_name(std::string_view group) {
    return group.empty() ? "file" : std::string(group);
}

Json reference_to(std::string_view group) {
    return {{"$ref", "#/$defs/" + definition_name(group)}};
}

Json value_of(const Key& key) {
    Json text = {{"type", "string"}, {"minLength", 1}};
    Json point = list_of({{"type", "number"}}, 2, 2);
    const Json weight = {{"type", "number"}, {"exclusiveMinimum", 0}};
    switch (key.type) {
    case KeyType::Text:
        return text;
    case KeyType::Truth:
        return {{"type", "boolean"}};
    case KeyType::Whole:
        return number(key, "integer");
    case KeyType::Number:
        return number(key, "number");
    case KeyType::Quantity:
        return quantity(key.unit);
    case KeyType::Quantities:
        return list_of(quantity(key.unit), 1);
    case KeyType::Moment:
        return moment();
    case KeyType::ClockTime:
        return text_like(std::string(clock_pattern));
    case KeyType::Date:
        return text_like("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    case KeyType::Choice:
        return {{"enum", key.choices}};
    case KeyType::Names:
        return any_of({text, list_of(text, 1)});
    case KeyType::Ids:
        return any_of({number(key, "integer"), list_of(number(key, "integer"), 1)});
    case KeyType::Weights:
        return any_of(
            {text, list_of(text, 1), {{"type", "object"}, {"additionalProperties", weight}}});
    case KeyType::Point:
        return point;
    case KeyType::Points:
        return list_of(point, 3);
    case KeyType::PointOrName:
        return any_of({text, point});
    case KeyType::SignalName:
        return any_of({text, {{"type", "integer"}}, point});
    case KeyType::Threshold:
        return any_of({{{"type", "number"}, {"minimum", 0}}, quantity("cm")});
    case KeyType::Series: {
        Json pair = {{"type", "array"},
                     {"prefixItems", Json::array({moment(), quantity(key.unit)})},
                     {"minItems", 2},
                     {"maxItems", 2}};
        return list_of(pair, 1);
    }
    case KeyType::Table:
        return reference_to(key.group);
    case KeyType::Tables:
        return list_of(reference_to(key.group), 0);
    }
    return {};
}

void add_rules(const KeyGroup& group, Json& rules, Json& required) {
    const auto choices = [](const std::vector<std::string_view>& keys) {
        Json list = Json::array();
        for (const std::string_view key : keys) {
            list.push_back({{"required", Json::array({key})}});
        }
        return list;
    };
    if (!group.exactly_one.empty()) {
        rules.push_back({{"oneOf", choices(group.exactly_one)}});
    }
    if (!group.at_least_one.empty()) {
        rules.push_back({{"anyOf", choices(group.at_least_one)}});
    }
    if (!group.at_most_one.empty()) {
        rules.push_back({{"not", {{"required", group.at_most_one}}}});
    }
    for (const Key& key : group.keys) {
        if (key.is_required) {
            required.push_back(key.name);
        }
    }
    for (const std::string_view included : group.includes) {
        add_rules(key_group(included), rules, required);
    }
}

/// True for the file and its tables: where the file has a base, what they lack may stand there.
bool may_be_part(const KeyGroup& group) {
    const std::vector<Key>& keys = key_group("").keys;
    return group.name.empty() || std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
               return key.type == KeyType::Table && key.group == group.name;
           });
}

/// What a file without a base must have, and its tables.
Json whole_file() {
    Json no_rules = Json::array();
    Json required = Json::array();
    add_rules(key_group(""), no_rules, required);
    Json properties = Json::object();
    for (const Key& key : key_group("").keys) {
        Json inner = Json::array();
        if (key.type == KeyType::Table) {
            add_rules(key_group(key.group), no_rules, inner);
        }
        if (!inner.empty()) {
            properties[std::string(key.name)] = {{"required", inner}};
        }
    }
    return {{"required", required}, {"properties", properties}};
}

Json definition_of(const KeyGroup& group) {
    Json properties = Json::object();
    for (const std::string_view name : key_names(group)) {
        const Key& key = *find_key(group, name);
        Json value = value_of(key);
        value["description"] = key.meaning;
        if (!key.otherwise.empty()) {
            value["description"] = fmt::format("{} (default {})", key.meaning, key.otherwise);
        }
        properties[std::string(name)] = std::move(value);
    }
    Json rules = Json::array();
    Json required = Json::array();
    add_rules(group, rules, required);
    if (may_be_part(group)) {
        required = Json::array();
    }
    if (group.name.empty()) {
        rules.push_back(any_of({{{"required", Json::array({"base"})}}, whole_file()}));
    }
    Json definition = {{"type", "object"},
                       {"description", group.meaning},
                       {"properties", properties},
                       {"required", required},
                       {"additionalProperties", false}};
    if (!rules.empty()) {
        definition["allOf"] = rules;
    }
    return definition;
}

} // namespace

std::string scenario_json_schema() {
    Json definitions = Json::object();
    for (const KeyGroup& group : key_groups()) {
        definitions[definition_name(group.name)] = definition_of(group);
    }
    const Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                         {"title", "Veste scenario"},
                         {"$ref", "#/$defs/file"},
                         {"$defs", definitions}};
    return schema.dump(2);
}

} // namespace veste
