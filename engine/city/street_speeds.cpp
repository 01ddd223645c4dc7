#include "city/street_tags.hpp"

#include "base/units.hpp"

#include <array>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

namespace veste {
namespace {

struct DefaultSpeed {
    std::string_view name;
    double kmh;
    double link_kmh;
};

/// Assumed speeds by class, km/h: usual limits of European towns; motorways and trunk roads within
/// a town.
constexpr std::array<DefaultSpeed, 12> default_speeds = {{
    {"motorway", 110.0, 60.0},
    {"trunk", 90.0, 50.0},
    {"primary", 50.0, 40.0},
    {"secondary", 50.0, 40.0},
    {"tertiary", 50.0, 40.0},
    {"unclassified", 50.0, 50.0},
    {"residential", 30.0, 30.0},
    {"living street", 20.0, 20.0},
    {"service", 20.0, 20.0},
    {"pedestrian", 10.0, 10.0},
    {"cycleway", 20.0, 20.0},
    {"track", 20.0, 20.0},
}};

bool is_sound(double speed) {
    return speed >= 1.0 && speed <= 200.0;
}

/// What a country's law says of a kind of road, km/h: "FR:rural" and the like.
std::optional<double> limit_kmh(const std::string& country, const std::string& zone) {
    const bool is_british = country == "GB" || country == "UK";
    if (zone == "urban") {
        return country == "RU" ? 60.0 : is_british ? 48.28 : 50.0;
    }
    if (zone == "rural" || zone == "nsl_single") {
        return country == "FR" || country == "FI" || country == "NL" ? 80.0
               : country == "DE" || country == "AT"                  ? 100.0
               : is_british                                          ? 96.56
                                                                     : 90.0;
    }
    if (zone == "trunk" || zone == "nsl_dual") {
        return is_british ? 112.65 : 110.0;
    }
    if (zone == "motorway") {
        return country == "RU" ? 110.0 : is_british ? 112.65 : 130.0;
    }
    if (zone == "living_street") {
        return country == "DE" ? 7.0 : 20.0;
    }
    return zone == "bicycle_road" ? std::optional<double>(30.0) : std::nullopt;
}

} // namespace

std::optional<double> leading_number(std::string_view text) {
    while (!text.empty() && text.front() == ' ') {
        text.remove_prefix(1);
    }
    double value = 0.0;
    const auto result = std::from_chars(text.data(), text.data() + text.size(), value);
    if (result.ec != std::errc() || result.ptr == text.data()) {
        return std::nullopt;
    }
    return value;
}

std::optional<double> maxspeed_mps(const std::string& value) {
    if (value.empty()) {
        return std::nullopt;
    }
    if (const std::optional<double> speed = leading_number(value)) {
        const bool is_mph = value.find("mph") != std::string::npos;
        return is_sound(*speed)
                   ? std::optional<double>(is_mph ? mph_to_mps(*speed) : kmh_to_mps(*speed))
                   : std::nullopt;
    }
    if (value == "walk" || value.ends_with(":walk")) {
        return kmh_to_mps(7.0);
    }
    if (value == "none") {
        return kmh_to_mps(130.0);
    }
    const std::size_t colon = value.rfind(':');
    if (colon == std::string::npos) {
        return std::nullopt;
    }
    std::string zone = value.substr(colon + 1);
    if (zone.starts_with("zone")) {
        zone = zone.substr(4);
    }
    if (const std::optional<double> speed = leading_number(zone)) {
        return is_sound(*speed) ? std::optional<double>(kmh_to_mps(*speed)) : std::nullopt;
    }
    const std::optional<double> limit = limit_kmh(value.substr(0, value.find(':')), zone);
    return limit ? std::optional<double>(kmh_to_mps(*limit)) : std::nullopt;
}

double default_speed_mps(Highway highway, bool is_link) {
    const DefaultSpeed& row = default_speeds[static_cast<std::size_t>(highway)];
    return kmh_to_mps(is_link ? row.link_kmh : row.kmh);
}

std::string default_speeds_text() {
    std::string text;
    for (const DefaultSpeed& row : default_speeds) {
        text += fmt::format("{}{} {:.0f}", text.empty() ? "" : ", ", row.name, row.kmh);
    }
    return text + " km/h";
}

} // namespace veste
