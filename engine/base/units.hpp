#pragma once
#include <numbers>

/// Conversions at the door: inside, everything is SI.
namespace veste {

constexpr double kmh_to_mps(double kmh) {
    return kmh / 3.6;
}
constexpr double mps_to_kmh(double mps) {
    return mps * 3.6;
}
constexpr double mph_to_mps(double mph) {
    return mph * 0.44704;
}
constexpr double mm_per_h_to_mps(double mm_per_h) {
    return mm_per_h / 3.6e6;
}
constexpr double mps_to_mm_per_h(double mps) {
    return mps * 3.6e6;
}
constexpr double per_hour_to_per_s(double per_hour) {
    return per_hour / 3600.0;
}
constexpr double degrees_to_rad(double degrees) {
    return degrees * std::numbers::pi / 180.0;
}
constexpr double rad_to_degrees(double rad) {
    return rad * 180.0 / std::numbers::pi;
}

} // namespace veste
