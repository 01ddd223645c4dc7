#include "scenario/keys.hpp"
#include "scenario/scenario.hpp"
#include "scenario/section.hpp"

#include <fmt/format.h>

namespace veste {
namespace {

using namespace scenario_file;

std::string limits_of(const Key& key) {
    return key.low < key.high ? fmt::format(", {} to {}{}{}", key.low, key.high,
                                            key.unit.empty() ? "" : " ", key.unit)
                              : "";
}

std::string default_of(const Key& key) {
    if (key.is_required) {
        return "**required**";
    }
    if (!key.default_text.empty()) {
        return std::string(key.default_text);
    }
    if (key.type == KeyType::Table) {
        return key_group(key.group).exactly_one.empty() ? "its defaults" : "none";
    }
    return key.otherwise.empty() ? "none" : fmt::format("`{}`", key.otherwise);
}

std::string type_of(const Key& key) {
    if (key.type == KeyType::Table) {
        return fmt::format("table *{}*", key_group(key.group).title);
    }
    if (key.type == KeyType::Tables) {
        return fmt::format("tables *{}*", key_group(key.group).title);
    }
    return wanted_text(key) + limits_of(key);
}

std::string one_of_text(const KeyGroup& group) {
    std::string text;
    const auto add = [&text](const char* how, const std::vector<std::string_view>& keys) {
        if (!keys.empty()) {
            text += fmt::format(" {} of `{}`.", how, fmt::join(keys, "`, `"));
        }
    };
    add("Exactly one", group.exactly_one);
    add("At least one", group.at_least_one);
    add("At most one", group.at_most_one);
    for (const std::string_view included : group.includes) {
        text += fmt::format(" And the keys of *{}*.", key_group(included).title);
    }
    return text;
}

} // namespace

std::string scenario_reference() {
    std::string text = "# Keys of a scenario file\n";
    for (const KeyGroup& group : key_groups()) {
        text += fmt::format("\n## {}\n{}{}\n\n", group.title, group.meaning, one_of_text(group));
        text += "| key | value | meaning | default |\n| --- | --- | --- | --- |\n";
        for (const Key& key : group.keys) {
            text += fmt::format("| `{}` | {} | {} | {} |\n", key.name, type_of(key), key.meaning,
                                default_of(key));
        }
    }
    return text;
}

} // namespace veste
