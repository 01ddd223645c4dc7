#include "scenario/quantities.hpp"

#include "base/errors.hpp"
#include "base/units.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    return first == std::string_view::npos
               ? std::string_view()
               : text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// "m³/s" as "m3/s".
std::string plain(std::string_view symbol) {
    constexpr std::string_view cubed = "m\u00b3";
    return symbol.starts_with(cubed) ? fmt::format("m3{}", symbol.substr(cubed.size()))
                                     : std::string(symbol);
}

std::string wanted(std::string_view number, const Unit& usual) {
    return fmt::format("wanted is {} such as \"{} {}\"", name_of(usual.dimension), number,
                       usual.symbol);
}

} // namespace

const std::vector<Unit>& units() {
    static const std::vector<Unit> all = {
        {"s", Dimension::Time, 1.0},
        {"min", Dimension::Time, 60.0},
        {"h", Dimension::Time, 3600.0},
        {"m", Dimension::Length, 1.0},
        {"mm", Dimension::Length, 0.001},
        {"cm", Dimension::Length, 0.01},
        {"km", Dimension::Length, 1000.0},
        {"m/s", Dimension::Speed, 1.0},
        {"km/h", Dimension::Speed, kmh_to_mps(1.0)},
        {"mph", Dimension::Speed, mph_to_mps(1.0)},
        {"mm/h", Dimension::Rainfall, mm_per_h_to_mps(1.0)},
        {"mm/min", Dimension::Rainfall, 1.0 / 6.0e4},
        {"m3/s", Dimension::Flow, 1.0},
        {"l/s", Dimension::Flow, 0.001},
        {"m3/h", Dimension::Flow, per_hour_to_per_s(1.0)},
        {"/s", Dimension::Rate, 1.0},
        {"/min", Dimension::Rate, 1.0 / 60.0},
        {"/h", Dimension::Rate, per_hour_to_per_s(1.0)},
        {"kg", Dimension::Mass, 1.0},
    };
    return all;
}

const Unit* find_unit(std::string_view symbol) {
    const std::string text = plain(symbol);
    for (const Unit& unit : units()) {
        if (unit.symbol == text) {
            return &unit;
        }
    }
    return nullptr;
}

std::string_view name_of(Dimension dimension) {
    constexpr std::string_view names[] = {"a time", "a length", "a speed", "a rainfall rate",
                                          "a flow", "a rate",   "a mass"};
    return names[static_cast<std::size_t>(dimension)];
}

std::string units_of(Dimension dimension) {
    std::vector<std::string_view> symbols;
    for (const Unit& unit : units()) {
        if (unit.dimension == dimension) {
            symbols.push_back(unit.symbol);
        }
    }
    return fmt::format("{}", fmt::join(symbols, ", "));
}

bool read_number(std::string_view text, double& value) {
    if (!text.empty() && text.front() == '+') {
        text.remove_prefix(1);
    }
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() && std::isfinite(value);
}

QuantityReading read_quantity(std::string_view text, const Unit& usual) {
    const std::string_view all = trimmed(text);
    std::size_t split = all.find_first_not_of("0123456789.+-");
    // An exponent belongs to the number: "1e3 m".
    if (split != std::string_view::npos && split > 0 && split + 1 < all.size() &&
        (all[split] == 'e' || all[split] == 'E') &&
        std::string_view("0123456789+-").find(all[split + 1]) != std::string_view::npos) {
        split = all.find_first_not_of("0123456789+-", split + 1);
    }
    const std::string_view number = all.substr(0, std::min(split, all.size()));
    const std::string_view symbol =
        split == std::string_view::npos ? std::string_view() : trimmed(all.substr(split));
    double value = 0.0;
    if (!read_number(number, value)) {
        return {0.0, fmt::format("is not a number with a unit; {}", wanted("10", usual))};
    }
    if (symbol.empty()) {
        return {0.0, fmt::format("has no unit; {}", wanted(number, usual))};
    }
    const Unit* unit = find_unit(symbol);
    if (unit == nullptr) {
        return {0.0, fmt::format("unit {} is not known; {}, in one of {}", symbol,
                                 wanted(number, usual), units_of(usual.dimension))};
    }
    if (unit->dimension != usual.dimension) {
        return {0.0, fmt::format("{} is {}; {}", symbol, name_of(unit->dimension),
                                 wanted(number, usual))};
    }
    return {value * unit->si, {}};
}

} // namespace veste::scenario_file
