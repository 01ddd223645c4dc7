#include "scenario/section.hpp"

#include "scenario/quantities.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

std::vector<std::string> texts_of(const std::vector<std::string_view>& views) {
    return {views.begin(), views.end()};
}

std::string did_you_mean(const std::string& name, const std::vector<std::string>& known) {
    const std::string near = nearest_word(name, known);
    return near.empty() ? "" : fmt::format(", did you mean {}?", near);
}

} // namespace

void Document::add_problem(const TextPlace& place, const std::string& text) {
    const std::string whole = fmt::format("{}: {}", text_of(place), text);
    const bool is_known = std::any_of(problems_.begin(), problems_.end(),
                                      [&](const auto& problem) { return problem.second == whole; });
    if (!is_known) {
        problems_.emplace_back(place, whole);
    }
}

std::string Document::text_of(const TextPlace& place) const {
    return fmt::format("{}:{}", files.at(static_cast<std::size_t>(place.file)).string(),
                       place.line);
}

std::filesystem::path Document::from_file(const TextPlace& place,
                                          const std::filesystem::path& path) const {
    return path.is_relative() ? files.at(static_cast<std::size_t>(place.file)).parent_path() / path
                              : path;
}

void Document::throw_if_any() const {
    auto sorted = problems_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    Problems problems;
    for (const auto& [place, text] : sorted) {
        problems.add(text);
    }
    problems.throw_if_any();
}

Section::Section(Document& document, const TomlValue& table, const KeyGroup& group,
                 std::string label)
    : document_(&document), table_(&table), group_(&group), label_(std::move(label)) {
    const TomlValue* name = table.find("name");
    if (name != nullptr && name->type == TomlType::Text && label_.ends_with(": ")) {
        set_name(name->text);
    }
    check_keys();
    check_choices(group);
}

void Section::set_name(const std::string& name) {
    label_ = fmt::format("{} \"{}\": ", label_.substr(0, label_.size() - 2), name);
}

void Section::check_keys() {
    const std::vector<std::string> known = texts_of(key_names(*group_));
    for (const TomlEntry& entry : table_->entries) {
        if (std::find(known.begin(), known.end(), entry.key) == known.end()) {
            document_->add_problem(
                entry.value.place,
                fmt::format("{}{}: unknown key{}", label_, entry.key,
                            nearest_word(entry.key, known).empty()
                                ? fmt::format("; known are {}", fmt::join(known, ", "))
                                : did_you_mean(entry.key, known)));
        }
    }
    for (const std::string& name : known) {
        const Key& key = *find_key(*group_, name);
        if (key.is_required && !has(name)) {
            problem(name,
                    fmt::format("is missing ({}); wanted is {}", key.meaning, wanted_text(key)));
        }
    }
}

void Section::check_choices(const KeyGroup& group) {
    const auto given = [this](const std::vector<std::string_view>& keys) {
        std::vector<std::string_view> found;
        std::copy_if(
            keys.begin(), keys.end(), std::back_inserter(found), [this](std::string_view key) {
                const TomlValue* value = table_->find(key);
                // A flag that is false asks for nothing.
                return value != nullptr && (value->type != TomlType::Truth || value->truth);
            });
        return found;
    };
    const auto count_of = [](const std::vector<std::string_view>& found) {
        return found.empty() ? std::string("none is given")
                             : fmt::format("given are {}", fmt::join(found, ", "));
    };
    const auto one = given(group.exactly_one);
    if (!group.exactly_one.empty() && one.size() != 1) {
        problem(fmt::format("needs exactly one of {}; {}", fmt::join(group.exactly_one, ", "),
                            count_of(one)));
    }
    if (!group.at_least_one.empty() && given(group.at_least_one).empty()) {
        problem(fmt::format("needs at least one of {}; none is given",
                            fmt::join(group.at_least_one, ", ")));
    }
    if (given(group.at_most_one).size() > 1) {
        problem(fmt::format("may have only one of {}; {}", fmt::join(group.at_most_one, ", "),
                            count_of(given(group.at_most_one))));
    }
    for (const std::string_view included : group.includes) {
        check_choices(key_group(included));
    }
}

const TextPlace& Section::place(std::string_view key) const {
    const TomlValue* value = table_->find(key);
    return value != nullptr ? value->place : table_->place;
}

void Section::problem(std::string_view key, const std::string& what) {
    const TomlValue* value = table_->find(key);
    document_->add_problem(place(key),
                           value != nullptr
                               ? fmt::format("{}{} = {}: {}", label_, key, written(*value), what)
                               : fmt::format("{}{}: {}", label_, key, what));
}

void Section::problem(const std::string& what) {
    const bool is_nested = label_.ends_with('.');
    document_->add_problem(
        table_->place, (is_nested ? label_.substr(0, label_.size() - 1) + ": " : label_) + what);
}

void Section::problem_at(const TextPlace& place, std::string_view key, const std::string& what) {
    document_->add_problem(place, fmt::format("{}{}: {}", label_, key, what));
}

void Section::tell(const TomlValue& value, const Key& key, const std::string& what) {
    document_->add_problem(value.place,
                           fmt::format("{}{} = {}: {}", label_, key.name, written(value), what));
}

void Section::wrong_type(const TomlValue& value, const Key& key) {
    tell(value, key, fmt::format("is {}; wanted is {}", type_name(value.type), wanted_text(key)));
}

void Section::names_nothing(const TomlValue& value, const Key& key) {
    tell(value, key, "names nothing; wanted is " + wanted_text(key));
}

Section::Asked Section::ask(std::string_view name, std::initializer_list<KeyType> types) {
    const KeyGroup* owner = nullptr;
    const Key* key = find_key(*group_, name, &owner);
    assert(key != nullptr && "a key that is not described");
    assert(std::find(types.begin(), types.end(), key->type) != types.end());
    document_->asked.insert(fmt::format("{}.{}", owner->name, name));
    return {key, table_->find(name)};
}

bool Section::is_in_limits(const TomlValue& value, const Key& key, double number) {
    if (key.low >= key.high || is_within(number, {key.low, key.high, key.unit})) {
        return true;
    }
    tell(value, key,
         fmt::format("allowed {} to {}{}{}", key.low, key.high, key.unit.empty() ? "" : " ",
                     key.unit));
    return false;
}

std::string Section::text(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Text});
    if (value == nullptr) {
        return std::string(key->otherwise);
    }
    if (value->type != TomlType::Text) {
        wrong_type(*value, *key);
        return std::string(key->otherwise);
    }
    if (value->text.empty()) {
        tell(*value, *key, "is empty; wanted is " + wanted_text(*key));
    }
    return value->text;
}

bool Section::truth(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Truth});
    if (value != nullptr && value->type == TomlType::Truth) {
        return value->truth;
    }
    if (value != nullptr) {
        wrong_type(*value, *key);
    }
    return key->otherwise == "true";
}

std::int64_t Section::whole(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Whole});
    if (value != nullptr && value->type != TomlType::Whole) {
        wrong_type(*value, *key);
    } else if (value != nullptr && is_in_limits(*value, *key, value->number)) {
        return value->whole;
    }
    double otherwise = key->low;
    read_number(key->otherwise, otherwise);
    return static_cast<std::int64_t>(otherwise);
}

double Section::number(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Number});
    if (value != nullptr && !value->is_number()) {
        wrong_type(*value, *key);
    } else if (value != nullptr && is_in_limits(*value, *key, value->number)) {
        return value->number;
    }
    double otherwise = key->low;
    read_number(key->otherwise, otherwise);
    return otherwise;
}

std::size_t Section::choice(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Choice});
    const auto index_of = [choices = &key->choices](std::string_view text) {
        return static_cast<std::size_t>(std::find(choices->begin(), choices->end(), text) -
                                        choices->begin());
    };
    if (value != nullptr && value->type != TomlType::Text) {
        wrong_type(*value, *key);
    } else if (value != nullptr) {
        const std::size_t index = index_of(value->text);
        if (index < key->choices.size()) {
            return index;
        }
        tell(*value, *key,
             fmt::format("allowed are {}{}", fmt::join(key->choices, ", "),
                         did_you_mean(value->text, texts_of(key->choices))));
    }
    return key->otherwise.empty() ? 0 : index_of(key->otherwise);
}

std::optional<Section> Section::table(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Table});
    if (value == nullptr) {
        return std::nullopt;
    }
    if (value->type != TomlType::Table) {
        wrong_type(*value, *key);
        return std::nullopt;
    }
    return Section(*document_, *value, key_group(key->group), fmt::format("{}{}.", label_, name));
}

std::vector<Section> Section::tables(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Tables});
    std::vector<Section> sections;
    if (value == nullptr) {
        return sections;
    }
    if (value->type != TomlType::List) {
        wrong_type(*value, *key);
        return sections;
    }
    for (const TomlValue& item : value->items) {
        if (item.type != TomlType::Table) {
            wrong_type(item, *key);
            continue;
        }
        sections.emplace_back(*document_, item, key_group(key->group),
                              fmt::format("{}{}: ", label_, name));
    }
    return sections;
}

} // namespace veste::scenario_file
