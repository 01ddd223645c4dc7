#include "scenario/keys.hpp"

#include <algorithm>
#include <cassert>

namespace veste::scenario_file {

const std::vector<KeyGroup>& key_groups() {
    static const std::vector<KeyGroup> all = [] {
        std::vector<KeyGroup> groups;
        for (const auto part : {general_keys, people_keys, time_keys, journey_groups, traffic_keys,
                                weather_keys, timeline_keys, output_keys}) {
            for (KeyGroup& group : part()) {
                groups.push_back(std::move(group));
            }
        }
        return groups;
    }();
    return all;
}

const KeyGroup& key_group(std::string_view name) {
    const auto& groups = key_groups();
    const auto found = std::find_if(groups.begin(), groups.end(),
                                    [name](const KeyGroup& group) { return group.name == name; });
    assert(found != groups.end());
    return *found;
}

const Key* find_key(const KeyGroup& group, std::string_view name, const KeyGroup** owner) {
    for (const Key& key : group.keys) {
        if (key.name == name) {
            if (owner != nullptr) {
                *owner = &group;
            }
            return &key;
        }
    }
    for (const std::string_view included : group.includes) {
        if (const Key* key = find_key(key_group(included), name, owner)) {
            return key;
        }
    }
    return nullptr;
}

std::vector<std::string_view> key_names(const KeyGroup& group) {
    std::vector<std::string_view> names;
    for (const Key& key : group.keys) {
        names.push_back(key.name);
    }
    for (const std::string_view included : group.includes) {
        for (const std::string_view name : key_names(key_group(included))) {
            names.push_back(name);
        }
    }
    return names;
}

} // namespace veste::scenario_file
