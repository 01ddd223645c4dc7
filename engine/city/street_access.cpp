#include "city/street_tags.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <initializer_list>
#include <string_view>

namespace veste {
namespace {

constexpr unsigned motor_or_bus = bit(VehicleClass::Car) | bit(VehicleClass::Van) |
                                  bit(VehicleClass::Truck) | bit(VehicleClass::Bus);
bool is_any_of(std::string_view value, std::initializer_list<std::string_view> list) {
    return std::find(list.begin(), list.end(), value) != list.end();
}

bool is_denied(std::string_view value) {
    return is_any_of(value, {"no", "private", "agricultural", "forestry", "military",
                             "use_sidepath", "dismount", "emergency"});
}

/// The classes a street lets in where no access tag speaks.
bool is_open_by_class(Highway highway, VehicleClass c) {
    switch (highway) {
    case Highway::Motorway:
        return c != VehicleClass::Bicycle;
    case Highway::Pedestrian:
        return false;
    case Highway::Cycleway:
        return c == VehicleClass::Bicycle;
    default:
        return true;
    }
}

bool is_allowed(const Tags& tags, Highway highway, VehicleClass c, const std::string& direction,
                std::initializer_list<std::string_view> keys) {
    bool allowed = is_open_by_class(highway, c);
    for (const std::string_view key : keys) {
        // access=yes says nothing new about a street that its class reserves.
        const bool is_general = key == "access" || key == "vehicle";
        const std::string own(key);
        const std::string with_direction = fmt::format("{}:{}", key, direction);
        const std::string& directed =
            direction.empty() ? tag(tags, own) : tag(tags, with_direction);
        const std::string& value = directed.empty() ? tag(tags, own) : directed;
        if (value.empty()) {
            continue;
        }
        const bool is_reserved = highway == Highway::Cycleway || highway == Highway::Pedestrian;
        if (is_denied(value)) {
            allowed = false;
        } else if (!(is_general && is_reserved)) {
            allowed = true;
        }
    }
    return allowed;
}

} // namespace

VehicleClasses allowed_classes(const Tags& tags, Highway highway, const std::string& direction) {
    unsigned set = 0;
    const auto ask = [&](VehicleClass c, std::initializer_list<std::string_view> keys) {
        set |= is_allowed(tags, highway, c, direction, keys) ? bit(c) : 0U;
    };
    ask(VehicleClass::Car, {"access", "vehicle", "motor_vehicle", "motorcar"});
    ask(VehicleClass::Van, {"access", "vehicle", "motor_vehicle", "goods"});
    ask(VehicleClass::Truck, {"access", "vehicle", "motor_vehicle", "hgv"});
    ask(VehicleClass::Bus, {"access", "vehicle", "motor_vehicle", "psv", "bus"});
    ask(VehicleClass::Bicycle, {"access", "vehicle", "bicycle"});
    const std::string& emergency = tag(tags, "emergency");
    const bool is_open = (set & motor_or_bus) != 0;
    if ((is_open && emergency != "no") || emergency == "yes" || emergency == "designated") {
        set |= bit(VehicleClass::Emergency);
    }
    return static_cast<VehicleClasses>(set);
}

} // namespace veste
