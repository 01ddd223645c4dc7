#include "city/height_units.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>
#include <string_view>

namespace veste {
namespace {

struct HeightUnit {
    std::string_view name;
    double metres;
};

constexpr double foot_m = 0.3048;
constexpr double survey_foot_m = 1200.0 / 3937.0;

/// As GDAL's drivers and vertical CRSs call them, in small letters.
constexpr HeightUnit height_units[] = {
    {"", 1.0},
    {"m", 1.0},
    {"metre", 1.0},
    {"metres", 1.0},
    {"meter", 1.0},
    {"meters", 1.0},
    {"dm", 0.1},
    {"decimetre", 0.1},
    {"cm", 0.01},
    {"centimetre", 0.01},
    {"centimeter", 0.01},
    {"mm", 0.001},
    {"millimetre", 0.001},
    {"millimeter", 0.001},
    {"ft", foot_m},
    {"foot", foot_m},
    {"feet", foot_m},
    {"international foot", foot_m},
    {"us survey foot", survey_foot_m},
    {"us-ft", survey_foot_m},
    {"ftus", survey_foot_m},
    {"foot_us", survey_foot_m},
};

} // namespace

double metres_in(const std::string& unit, const std::string& source) {
    std::string name = unit;
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    for (const HeightUnit& known : height_units) {
        if (known.name == name) {
            return known.metres;
        }
    }
    throw InputError(fmt::format("{}: its heights are in \"{}\"; allowed are m, dm, cm, mm, ft "
                                 "and US survey foot",
                                 source, unit));
}

} // namespace veste
