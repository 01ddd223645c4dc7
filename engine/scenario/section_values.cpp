#include "scenario/quantities.hpp"
#include "scenario/section.hpp"

#include <array>
#include <cassert>
#include <cmath>
#include <fmt/format.h>

/// Reading of quantities, moments, dates, points, lists and weights.
namespace veste::scenario_file {
namespace {

constexpr double day_s = 86400.0;

std::string clock_text(double at_s) {
    const auto minutes = static_cast<long>(std::floor(at_s / 60.0));
    return fmt::format("{:02}:{:02}", (minutes / 60) % 24, minutes % 60);
}

int days_in_month(int year, int month) {
    constexpr std::array days = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return month == 2 && is_leap ? 29 : days[static_cast<std::size_t>(month - 1)];
}

/// The digits of a text as a number, or -1.
int digits(std::string_view text) {
    int value = 0;
    for (const char c : text) {
        if (c < '0' || c > '9') {
            return -1;
        }
        value = 10 * value + (c - '0');
    }
    return text.empty() ? -1 : value;
}

} // namespace

std::optional<double> read_clock_time(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 2 ||
        (text.size() != colon + 3 && text.size() != colon + 6) ||
        (text.size() == colon + 6 && text[colon + 3] != ':')) {
        return std::nullopt;
    }
    const int hours = digits(text.substr(0, colon));
    const int minutes = digits(text.substr(colon + 1, 2));
    const int seconds = text.size() == colon + 6 ? digits(text.substr(colon + 4, 2)) : 0;
    if (hours < 0 || hours > 47 || minutes < 0 || minutes > 59 || seconds < 0 || seconds > 59) {
        return std::nullopt;
    }
    return hours * 3600.0 + minutes * 60.0 + seconds;
}

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
        const double example = key.low < 10.0 && key.high > 10.0 ? 10.0 : key.high;
        return key.type == KeyType::Quantity
                   ? fmt::format("{} such as \"{} {}\"", name_of(unit->dimension), example,
                                 key.unit)
                   : fmt::format("a list such as [\"{0} {1}\", \"{0} {1}\"]", example, key.unit);
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

std::optional<double> Section::moment_of(const TomlValue& value, const Key& key, Within within) {
    const double start_s = document_->start_of_day_s;
    double at_s = 0.0;
    if (value.type != TomlType::Text && value.type != TomlType::Time) {
        wrong_type(value, key);
        return std::nullopt;
    }
    if (const auto clock_s = read_clock_time(value.text)) {
        at_s = *clock_s - start_s;
        at_s += at_s < -0.5 * day_s ? day_s : 0.0;
    } else {
        const QuantityReading read = read_quantity(value.text, *find_unit("min"));
        if (!read.problem.empty()) {
            tell(value, key, "wanted is " + wanted_text(key));
            return std::nullopt;
        }
        at_s = read.value;
    }
    if (at_s < 0.0 && within != Within::Any) {
        tell(value, key, fmt::format("is before the start of the run, {}", clock_text(start_s)));
        return std::nullopt;
    }
    if (at_s > document_->duration_s && within == Within::Run) {
        tell(value, key,
             fmt::format("is after the end of the run, {} ({} s after its start)",
                         clock_text(start_s + document_->duration_s), document_->duration_s));
        return std::nullopt;
    }
    return at_s;
}

double Section::moment(std::string_view name, double otherwise, Within within) {
    const auto [key, value] = ask(name, {KeyType::Moment});
    return value == nullptr ? otherwise : moment_of(*value, *key, within).value_or(otherwise);
}

double Section::clock_time_s(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::ClockTime});
    if (value == nullptr) {
        return 0.0;
    }
    const auto read = value->type == TomlType::Text || value->type == TomlType::Time
                          ? read_clock_time(value->text)
                          : std::nullopt;
    if (!read || *read >= day_s) {
        tell(*value, *key, "is no time of a day; wanted is " + wanted_text(*key));
        return 0.0;
    }
    return *read;
}

std::string Section::date(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Date});
    const std::string otherwise = "2000-01-01";
    if (value == nullptr) {
        return otherwise;
    }
    const std::string& text = value->text;
    if ((value->type != TomlType::Text && value->type != TomlType::Date) || text.size() != 10 ||
        text[4] != '-' || text[7] != '-') {
        tell(*value, *key, "wanted is " + wanted_text(*key));
        return otherwise;
    }
    const int year = digits(text.substr(0, 4));
    const int month = digits(text.substr(5, 2));
    const int day = digits(text.substr(8, 2));
    if (year < 1900 || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month)) {
        tell(*value, *key,
             month >= 1 && month <= 12 && year >= 1900
                 ? fmt::format("there is no such date; month {} of {} has {} days", month, year,
                               days_in_month(year, month))
                 : "there is no such date; wanted is " + wanted_text(*key));
        return otherwise;
    }
    return text;
}

std::vector<Named> Section::names(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Names});
    std::vector<Named> read;
    if (value == nullptr) {
        return read;
    }
    if (value->type == TomlType::Text) {
        return {{value->text, value->line}};
    }
    if (value->type != TomlType::List) {
        wrong_type(*value, *key);
        return read;
    }
    for (const TomlValue& item : value->items) {
        if (item.type == TomlType::Text) {
            read.push_back({item.text, item.line});
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
            read.push_back({{std::string(key->otherwise), table_->line}, 1.0});
        }
        return read;
    }
    const auto add_name = [&](const TomlValue& item) {
        if (item.type == TomlType::Text) {
            read.push_back({{item.text, item.line}, 1.0});
        } else {
            wrong_type(item, *key);
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
            read.push_back({{entry.key, entry.value.line}, weight});
        }
    } else {
        add_name(*value);
    }
    const bool is_empty = (value->type == TomlType::List && value->items.empty()) ||
                          (value->type == TomlType::Table && value->entries.empty());
    if (is_empty) {
        tell(*value, *key, "is empty; wanted is " + wanted_text(*key));
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
    read.line = value->line;
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

std::vector<TimedValue> Section::series(std::string_view name) {
    const auto [key, value] = ask(name, {KeyType::Series});
    std::vector<TimedValue> read;
    if (value == nullptr) {
        return read;
    }
    if (value->type != TomlType::List || value->items.empty()) {
        tell(*value, *key, "wanted is " + wanted_text(*key));
        return read;
    }
    for (const TomlValue& item : value->items) {
        if (item.type != TomlType::List || item.items.size() != 2) {
            tell(item, *key, "wanted is " + wanted_text(*key));
            continue;
        }
        const auto at_s = moment_of(item.items[0], *key, Within::Any);
        const auto number = quantity_of(item.items[1], *key);
        if (!at_s || !number) {
            continue;
        }
        if (!read.empty() && *at_s <= read.back().at_s) {
            tell(item, *key,
                 fmt::format("is not later than the moment before it; moments must rise, one "
                             "value each"));
            continue;
        }
        read.push_back({*at_s, *number});
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
