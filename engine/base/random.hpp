#pragma once
#include <cstdint>

/// Counter-based random numbers (Salmon, Moraes, Dror, Shaw 2011: Philox 4x32-10): a draw is a pure
/// function of (seed, owner, tick, purpose), so it never depends on threads or on order.
namespace veste {

/// What a draw is for. One value for each use; never reuse one, never renumber one:
/// numbers left out stay free.
enum class Draw : std::uint32_t {
    DepartureTime = 1,
    DesiredSpeed = 2,
    Profile = 5,
    OriginPlace = 6,
    DestinationPlace = 7,
    Standing = 8,
    ServiceTime = 9,
    VehicleClass = 11,
    DriverSpeedFactor = 12,
    SensorNoise = 13,
    DwellTime = 14,
    Placement = 17,
    Yielding = 19,
    Reaction = 40,
    Age = 41,
    BodyRadius = 42,
    BodyHeight = 43,
    BodyMass = 44,
    GroupStart = 45,
    GroupSize = 46,
    Conveyor = 47,
    RouteTaste = 60,
    Familiarity = 61,
    StageTime = 48,
    StageChoice = 49,
    StagePlace = 50,
    Obedience = 51,
    Informed = 70,
    Outlook = 71,
    RoutePatch = 72,
};

/// Two independent uniform numbers in [0, 1).
struct UniformPair {
    double first;
    double second;
};

UniformPair uniform_pair(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose);

/// Uniform in [0, 1).
double uniform01(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose);

/// Standard normal, by Box and Muller (1958).
double standard_normal(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose);

/// Normal, redrawn (up to 64 times) until it lies in [low, high]; then clamped.
double truncated_normal(std::uint64_t seed, std::uint64_t owner, Draw purpose, double mean,
                        double standard_deviation, double low, double high);

/// Exponential with the given mean.
double exponential(std::uint64_t seed, std::uint64_t owner, std::uint64_t tick, Draw purpose,
                   double mean);

} // namespace veste
