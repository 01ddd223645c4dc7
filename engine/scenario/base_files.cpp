#include "scenario/base_files.hpp"

#include "base/errors.hpp"
#include "scenario/keys.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

/// Drops from the base the keys that exclude one another where the difference gives one of them.
void drop_excluded(TomlValue& base, const TomlValue& difference, const KeyGroup& group) {
    for (const auto* keys : {&group.exactly_one, &group.at_most_one}) {
        const bool is_given = std::any_of(keys->begin(), keys->end(), [&](std::string_view key) {
            return difference.find(key) != nullptr;
        });
        if (is_given) {
            std::erase_if(base.entries, [&](const TomlEntry& entry) {
                return std::find(keys->begin(), keys->end(), entry.key) != keys->end();
            });
        }
    }
    for (const std::string_view included : group.includes) {
        drop_excluded(base, difference, key_group(included));
    }
}

/// The base's entry of the same name, or nullptr.
TomlValue* namesake(TomlValue& list, const TomlValue& item) {
    const TomlValue* name = item.find("name");
    if (name == nullptr || name->type != TomlType::Text) {
        return nullptr;
    }
    const auto found = std::find_if(list.items.begin(), list.items.end(), [&](TomlValue& other) {
        const TomlValue* its = other.find("name");
        return its != nullptr && its->type == TomlType::Text && its->text == name->text;
    });
    return found == list.items.end() ? nullptr : &*found;
}

void append(TomlValue& base, const TomlValue& difference) {
    base.place = difference.place;
    for (const TomlValue& item : difference.items) {
        TomlValue* other = namesake(base, item);
        // Two of one name in the difference itself are a mistake, told later.
        if (other != nullptr && other->place.file != item.place.file) {
            *other = item;
        } else {
            base.items.push_back(item);
        }
    }
}

void merge(TomlValue& base, const TomlValue& difference, const KeyGroup& group) {
    base.place = difference.place;
    drop_excluded(base, difference, group);
    for (const TomlEntry& entry : difference.entries) {
        TomlValue* said = base.find(entry.key);
        const Key* key = find_key(group, entry.key);
        const auto are_both = [&](KeyType type, TomlType form) {
            return said != nullptr && key != nullptr && key->type == type && said->type == form &&
                   entry.value.type == form;
        };
        if (are_both(KeyType::Table, TomlType::Table)) {
            merge(*said, entry.value, key_group(key->group));
        } else if (are_both(KeyType::Tables, TomlType::List)) {
            append(*said, entry.value);
        } else if (said != nullptr) {
            *said = entry.value;
        } else {
            base.entries.push_back(entry);
        }
    }
}

class Reader {
public:
    TomlValue read(const std::filesystem::path& file) {
        const auto number = static_cast<int>(all_.files.size());
        all_.files.push_back(file);
        const std::string text = read_text(file);
        all_.text += text;
        TomlValue own = parse_toml(text, file, number);
        const TomlValue* base = own.find("base");
        if (base == nullptr) {
            return own;
        }
        const std::string where =
            fmt::format("{}:{}: base = {}", file.string(), base->place.line, written(*base));
        const std::filesystem::path base_file = file_of(*base, file, where);
        all_.text += fmt::format("\n# ---- base = {}\n", written(*base));
        TomlValue whole = read(base_file);
        check_crs(whole, own, where);
        merge(whole, own, key_group(""));
        return whole;
    }
    ScenarioFiles all(TomlValue tree) {
        all_.tree = std::move(tree);
        return std::move(all_);
    }

private:
    std::filesystem::path file_of(const TomlValue& base, const std::filesystem::path& from,
                                  const std::string& where) const {
        if (base.type != TomlType::Text || base.text.empty()) {
            throw InputError(where + ": wanted is a scenario file, such as base = "
                                     "\"../NAME/scenario.toml\"");
        }
        std::filesystem::path file(base.text);
        file = (file.is_relative() ? from.parent_path() / file : file).lexically_normal();
        if (!std::filesystem::is_regular_file(file)) {
            throw InputError(fmt::format("{}: there is no file {}; wanted is a scenario file",
                                         where, file.string()));
        }
        for (const std::filesystem::path& earlier : all_.files) {
            if (std::filesystem::equivalent(earlier, file)) {
                throw InputError(fmt::format("{}: the bases form a circle: {} is a difference to "
                                             "itself",
                                             where, file.string()));
            }
        }
        return file;
    }

    /// Coordinates are merged as they are written, so that all must be in one CRS.
    static void check_crs(const TomlValue& base, const TomlValue& own, const std::string& where) {
        const TomlValue* crs = own.find("crs");
        const TomlValue* its = base.find("crs");
        const std::string usual(find_key(key_group(""), "crs")->otherwise);
        if (crs != nullptr && crs->text != (its != nullptr ? its->text : usual)) {
            throw InputError(fmt::format("{}: its coordinates are in {}, those of this file in "
                                         "crs = {}; wanted is one CRS for both",
                                         where, its != nullptr ? its->text : usual, written(*crs)));
        }
    }

    ScenarioFiles all_;
};

} // namespace

ScenarioFiles read_with_bases(const std::filesystem::path& file) {
    Reader reader;
    TomlValue tree = reader.read(file);
    return reader.all(std::move(tree));
}

} // namespace veste::scenario_file
