#include "scenario/quantities.hpp"
#include "scenario/section.hpp"

#include <array>
#include <cmath>
#include <fmt/format.h>

/// Reading of moments, clock times, dates and series.
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
    std::string otherwise = "2000-01-01";
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

} // namespace veste::scenario_file
