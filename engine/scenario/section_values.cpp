#include "scenario/quantities.hpp"
#include "scenario/section.hpp"

#include <cassert>
#include <cmath>
#include <fmt/format.h>

/// Reading of quantities, points, lists and weights.
namespace veste::scenario_file {
std::string wanted_text(const Key& key) {
    switch (key.type) {
    case KeyType::Text:
        return "text";
    case KeyType::Truth:
        return "true or false";
    case KeyType::Whole:
        return key.unit.empty() ? "a whole number" : fmt::format("a whole number of {}", key.unit);
    case KeyType::Number:
        return "a number";
    case KeyType::Quantity:
    case KeyType::Quantities: {
        const Unit* unit = find_unit(key.unit);
        assert(unit != nullptr);
        const double number = key.low < 10.0 && key.high > 10.0 ? 10.0 : key.high;
        const std::string example = key.otherwise.empty() ? fmt::format("{} {}", number, key.unit)
                                                          : std::string(key.otherwise);
        return key.type == KeyType::Quantity
                   ? fmt::format("{} such as \"{}\"", name_of(unit->dimension), example)
                   : fmt::format("a list such as [\"{0}\", \"{0}\"]", example);
    }
    case KeyType::Moment:
        return "a clock time such as \"20:10\" or a time since the start such as \"10 min\"";
    case KeyType::ClockTime:
        return "a clock time such as \"20:10\"";
    case KeyType::Date:
        return "a date such as \"2026-06-21\"";
    case KeyType::Choice:
        return fmt::format("one of {}", fmt::join(key.choices, ", "));
    case KeyType::Names:
        return "a name or a list of names";
    case KeyType::Ids:
        return "an id or a list of ids";
    case KeyType::Weights:
        return "a name, a list of names, or weights such as { a = 2, b = 1 }";
    case KeyType::Point:
        return "a point such as [7.42, 43.73]";
    case KeyType::Points:
        return "at least three points such as [[7.42, 43.73], [7.43, 43.73], [7.43, 43.74]]";
    case KeyType::PointOrName:
        return "a name or a point such as [7.42, 43.73]";
    case KeyType::SignalName:
        return "a signal's name, its OSM node id or a point such as [7.42, 43.73]";
    case KeyType::Threshold:
        return "a number, or a depth such as \"20 cm\" for water gauges";
    case KeyType::Series:
        return fmt::format("a list such as [[\"20:10\", \"0 {0}\"], [\"20:20\", \"10 {0}\"]]",
                           key.unit);
    case KeyType::Table:
        return "a table { ... }";
    case KeyType::Tables:
        return fmt::format("tables [[{}]]", key.name);
    }
    return {};
}

std::optional<double> Section::quantity_of(const TomlValue& value, const Key& key) {
    const Unit* usual = find_unit(key.unit);
    assert(usual != nullptr);
    if (value.is_number()) {
        tell(value, key,
             fmt::format("has no unit; wanted is {} such as \"{} {}\"", name_of(usual->dimension),
                         written(value), key.unit));
        return std::nullopt;
    }
    if (value.type != TomlType::Text) {
        wrong_type(value, key);
        return std::nullopt;
    }
    const QuantityReading read = read_quantity(value.text, *usual);
    if (!read.problem.empty()) {
        tell(value, key, read.problem);
        return std::nullopt;
    }
    // The limit itself must pass whatever the rounding of its conversion.
    const double in_unit = read.value / usual->si;
    const double slack = 1e-12 * std::max(std::abs(key.low), std::abs(key.high));
    if (in_unit >= key.low - slack && in_unit <= key.high + slack) {
        return read.value;
    }
    return is_in_limits(value, key, in_unit) ? std::optional(read.value) : std::nullopt;
}

double Section::quantity(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Quantity});
    if (value != nullptr) {
        if (const auto read = quantity_of(*value, *key)) {
            return *read;
        }
    }
    const Unit& usual = *find_unit(key->unit);
    return key->otherwise.empty() ? key->low * usual.si
                                  : read_quantity(key->otherwise, usual).value;
}

std::vector<double> Section::quantities(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Quantities});
    std::vector<double> read;
    if (value != nullptr && value->type != TomlType::List) {
        wrong_type(*value, *key);
    } else if (value != nullptr) {
        for (const TomlValue& item : value->items) {
            read.push_back(quantity_of(item, *key).value_or(0.0));
        }
    }
    return read;
}

std::vector<Named> Section::names(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Names});
    std::vector<Named> read;
    if (value == nullptr) {
        return read;
    }
    if (value->type == TomlType::Text) {
        return {{value->text, value->place}};
    }
    if (value->type != TomlType::List) {
        wrong_type(*value, *key);
        return read;
    }
    if (value->items.empty()) {
        names_nothing(*value, *key);
    }
    for (const TomlValue& item : value->items) {
        if (item.type == TomlType::Text) {
            read.push_back({item.text, item.place});
        } else {
            wrong_type(item, *key);
        }
    }
    return read;
}

std::vector<std::int64_t> Section::ids(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Ids});
    std::vector<std::int64_t> read;
    if (value == nullptr) {
        return read;
    }
    if (value->type == TomlType::List && value->items.empty()) {
        names_nothing(*value, *key);
    }
    const std::vector<TomlValue> one = {*value};
    for (const TomlValue& item : value->type == TomlType::List ? value->items : one) {
        if (item.type != TomlType::Whole) {
            wrong_type(item, *key);
        } else if (is_in_limits(item, *key, item.number)) {
            read.push_back(item.whole);
        }
    }
    return read;
}

std::vector<WeightedName> Section::weights(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Weights});
    std::vector<WeightedName> read;
    if (value == nullptr) {
        if (!key->otherwise.empty()) {
            read.push_back({{std::string(key->otherwise), table_->place}, 1.0});
        }
        return read;
    }
    const auto add_name = [this, &read, described = key](const TomlValue& item) {
        if (item.type == TomlType::Text) {
            read.push_back({{item.text, item.place}, 1.0});
        } else {
            wrong_type(item, *described);
        }
    };
    if (value->type == TomlType::List) {
        for (const TomlValue& item : value->items) {
            add_name(item);
        }
    } else if (value->type == TomlType::Table) {
        for (const TomlEntry& entry : value->entries) {
            const double weight = entry.value.number;
            if (!entry.value.is_number() || !std::isfinite(weight) || weight <= 0.0) {
                tell(entry.value, *key,
                     fmt::format("weight of {} must be a number above 0", entry.key));
                continue;
            }
            read.push_back({{entry.key, entry.value.place}, weight});
        }
    } else {
        add_name(*value);
    }
    const bool is_empty = (value->type == TomlType::List && value->items.empty()) ||
                          (value->type == TomlType::Table && value->entries.empty());
    if (is_empty) {
        names_nothing(*value, *key);
    }
    return read;
}

std::optional<Vec2> Section::point_of(const TomlValue& value, const Key& key) {
    const bool is_pair = value.type == TomlType::List && value.items.size() == 2 &&
                         value.items[0].is_number() && value.items[1].is_number();
    if (!is_pair || !std::isfinite(value.items[0].number) ||
        !std::isfinite(value.items[1].number)) {
        tell(value, key, "is no point; wanted is " + wanted_text(key));
        return std::nullopt;
    }
    return Vec2(value.items[0].number, value.items[1].number);
}

std::optional<Vec2> Section::point(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Point});
    return value == nullptr ? std::nullopt : point_of(*value, *key);
}

std::vector<Vec2> Section::points(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Points});
    std::vector<Vec2> read;
    if (value == nullptr) {
        return read;
    }
    if (value->type != TomlType::List || value->items.size() < 3) {
        tell(*value, *key, "wanted are " + wanted_text(*key));
        return read;
    }
    for (const TomlValue& item : value->items) {
        const auto p = point_of(item, *key);
        if (!p) {
            return {};
        }
        read.push_back(*p);
    }
    return read;
}

std::optional<Reference> Section::reference(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::PointOrName, KeyType::SignalName});
    if (value == nullptr) {
        return std::nullopt;
    }
    Reference read;
    read.place = value->place;
    if (value->type == TomlType::Text && !value->text.empty()) {
        read.name = value->text;
    } else if (value->type == TomlType::Whole && key->type == KeyType::SignalName) {
        read.id = value->whole;
    } else if (value->type == TomlType::List) {
        read.point = point_of(*value, *key);
        return read.point ? std::optional(read) : std::nullopt;
    } else {
        wrong_type(*value, *key);
        return std::nullopt;
    }
    return read;
}

double Section::threshold(std::string_view name, bool is_depth) {
    const auto [key, value] = ask(name, {KeyType::Threshold});
    if (value == nullptr) {
        return 0.0;
    }
    if (is_depth && value->type == TomlType::Text) {
        const QuantityReading read = read_quantity(value->text, *find_unit("cm"));
        if (!read.problem.empty()) {
            tell(*value, *key, read.problem);
        } else if (read.value < 0.0) {
            tell(*value, *key, "a depth is not below 0");
        }
        return read.value;
    }
    if (is_depth || !value->is_number() || !std::isfinite(value->number) || value->number < 0.0) {
        tell(*value, *key,
             is_depth ? "a water gauge reports a depth; wanted is a length such as \"20 cm\""
                      : "this sensor reports a number of people or vehicles; wanted is a number "
                        "from 0 on, without unit");
        return 0.0;
    }
    return value->number;
}

} // namespace veste::scenario_file
