#pragma once
#include "city/sources.hpp"
#include "city/street_assembly.hpp"

#include <optional>
#include <string_view>

/// What the tags of an OSM way say about a street (wiki.openstreetmap.org, keys highway, access,
/// oneway, lanes, turn:lanes, maxspeed, cycleway, busway, layer).
namespace veste {

struct StreetTags {
    Highway highway = Highway::Residential;
    bool is_link = false;
    bool is_roundabout = false;
    bool is_bridge = false;
    bool is_tunnel = false;
    std::int8_t level = 0;
    std::vector<RawLane> forward; ///< from the kerb; empty where nobody may drive that way
    std::vector<RawLane> backward;
    double forward_mps = 0.0;
    double backward_mps = 0.0;
    bool is_speed_assumed = false;
    bool are_lanes_assumed = false;
    std::string name;
};

/// Nothing where the way carries no vehicles.
std::optional<StreetTags> street_tags(const Tags& tags, const StreetOptions& options);

/// Classes let in by access, vehicle, motor_vehicle, motorcar, goods, hgv, psv, bus, bicycle: the
/// more special key wins. `direction` is "forward", "backward" or empty.
VehicleClasses allowed_classes(const Tags& tags, Highway highway, const std::string& direction);

/// Speed of a maxspeed value ("50", "30 mph", "FR:urban", "walk", "none"), if it is understood.
std::optional<double> maxspeed_mps(const std::string& value);

/// The number a tag's value begins with, if it does.
std::optional<double> leading_number(std::string_view text);

/// Assumed where maxspeed is silent: see the table in the source.
double default_speed_mps(Highway highway, bool is_link);
/// The same table in words, for the report.
std::string default_speeds_text();

} // namespace veste
