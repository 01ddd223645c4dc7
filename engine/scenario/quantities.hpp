#pragma once
#include <string>
#include <string_view>
#include <vector>

/// Numbers with a unit, as a scenario file writes them: "30 km/h".
namespace veste::scenario_file {

enum class Dimension { Time, Length, Speed, Rainfall, Flow, Rate, Mass };

struct Unit {
    std::string_view symbol;
    Dimension dimension;
    double si; ///< SI units in one of it
};

/// Every unit that may be written.
const std::vector<Unit>& units();
/// The unit written so ("m³/s" counts as "m3/s"), or nullptr.
const Unit* find_unit(std::string_view symbol);
/// "a rainfall rate"
std::string_view name_of(Dimension dimension);
/// Symbols of a dimension's units: "mm/h, mm/min".
std::string units_of(Dimension dimension);

/// A quantity in SI units, or what is wrong with it and what would be right.
struct QuantityReading {
    double value = 0.0;
    std::string problem; ///< empty: none
};
/// Reads "NUMBER UNIT"; `usual` is a unit of the dimension wanted, used in suggestions.
QuantityReading read_quantity(std::string_view text, const Unit& usual);

/// A whole text as a finite number; false where it is none.
bool read_number(std::string_view text, double& value);

} // namespace veste::scenario_file
