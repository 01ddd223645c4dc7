#pragma once
#include "base/geometry.hpp"
#include "scenario/change.hpp"

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What people do between setting out and leaving: journeys in stages, and orders given to them.
namespace veste {

using PlaceId = Id<struct PlaceTag>;
using JourneyId = Id<struct JourneyTag>;

template <class T> struct Weighted {
    T what;
    double weight = 1.0;
};

enum class DurationShape : std::uint8_t {
    Exponential,
    Constant,
    Uniform,   ///< mean - sqrt(3) sd to mean + sqrt(3) sd
    Normal,    ///< redrawn while negative
    LogNormal, ///< with this mean and sd of the duration itself
    Erlang,    ///< the whole number of phases nearest to (mean / sd)²
};

/// A random length of time.
struct Duration {
    DurationShape shape = DurationShape::Constant;
    double mean_s = 0.0;
    double sd_s = 0.0; ///< not used by Exponential and Constant
};

/// Vehicles that come at a stop one after the other, all alike.
struct VehicleService {
    double first_s = 0.0;
    double every_s = 0.0;      ///< headway
    std::uint32_t people = 0;  ///< places in each; people who get off each
    double alight_per_s = 1.0; ///< through all doors
};

/// When the n-th of all people gets off these vehicles, from 0 on.
inline double alighting_s(const VehicleService& vehicles, std::uint32_t n) {
    return vehicles.first_s + vehicles.every_s * (n / vehicles.people) +
           (n % vehicles.people) / vehicles.alight_per_s;
}

enum class StageKind : std::uint8_t {
    Walk,  ///< to a place
    Queue, ///< at a gate and those behind it
    Wait,  ///< in a place for a time, or until a moment
    Hold,  ///< in a place until let go, so many a second
    Board, ///< the same, and then gone
    // The stages of events and the end of every journey; a scenario does not name them.
    Watch,   ///< an event's stage from the planned standing place
    WalkOut, ///< off the event's standing area
    Leave,   ///< the city, at the destination
};

/// One stage of a journey.
struct Stage {
    std::string name;
    StageKind kind = StageKind::Walk;
    std::vector<Weighted<PlaceId>> places;  ///< one is drawn by weight when the stage begins
    std::vector<GateId> gates;              ///< the quickest one is taken
    Duration time;                          ///< Wait
    double until_s = 0.0;                   ///< Wait: not ended before
    double release_per_s = 0.0;             ///< Hold, Board: at the start
    std::optional<VehicleService> vehicles; ///< Board: they leave in these, and not at a rate
    std::uint32_t hold = 0;                 ///< Hold, Board: index among all such stages
    bool has_front = false;                 ///< Wait, Hold, Board: filled from the front on
    Vec2 front{0.0, 0.0};
    /// What follows, one drawn by weight: indices of stages; past the last one: the journey is
    /// over.
    std::vector<Weighted<std::uint32_t>> next;
    std::uint32_t event = UINT32_MAX; ///< Queue, Watch, WalkOut of an event

    bool holds() const { return kind == StageKind::Hold || kind == StageKind::Board; }
    bool waits() const { return holds() || kind == StageKind::Wait; }
};

struct Journey {
    std::string name;
    std::vector<Stage> stages;
};

enum class OrderReach : std::uint8_t {
    Everyone,
    Area,  ///< who stands on the triangles
    Sight, ///< who sees `at` from within `reach_m`
};

/// An evacuation order, a message, a sign or a person posted: whom it reaches and what they do. In
/// force from GiveOrder on; who comes within reach later takes it too, unless it is said only once.
struct Order {
    std::string name;
    OrderReach reach = OrderReach::Everyone;
    std::vector<TriangleId> triangles;
    Vec2 at{0.0, 0.0};
    TriangleId triangle;
    double reach_m = 0.0;
    double share = 1.0; ///< of those reached who obey
    bool is_once = false;
    std::vector<PlaceId> exits;  ///< leave by the nearest of them
    std::vector<GateId> gates;   ///< else: who is bound for a gate goes to the nearest of these
    bool tells_closures = false; ///< and no more; orders with exits or gates tell of them too
    Duration reaction;           ///< until they obey; mean 0: the pre-movement time of each
};

} // namespace veste
