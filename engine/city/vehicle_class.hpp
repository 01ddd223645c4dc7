#pragma once
#include <cstdint>
#include <string_view>

namespace veste {

/// Vehicle classes that lanes may allow and demands may send.
enum class VehicleClass : std::uint8_t { Car, Van, Truck, Bus, Bicycle, Emergency };
constexpr int vehicle_class_count = 6;

/// Bit set of vehicle classes.
using VehicleClasses = std::uint8_t;
constexpr VehicleClasses bit(VehicleClass c) {
    return static_cast<VehicleClasses>(1u << static_cast<unsigned>(c));
}
constexpr VehicleClasses all_vehicle_classes = 0x3f;
constexpr bool has(VehicleClasses set, VehicleClass c) {
    return (set & bit(c)) != 0;
}

constexpr std::string_view name_of(VehicleClass c) {
    constexpr std::string_view names[] = {"car", "van", "truck", "bus", "bicycle", "emergency"};
    return names[static_cast<std::size_t>(c)];
}

} // namespace veste
