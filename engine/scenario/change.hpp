#pragma once
#include "base/ids.hpp"
#include "city/city.hpp"

#include <string>
#include <variant>
#include <vector>

/// A Change is the only way anything outside the models alters a World. Changes come from the
/// scenario's timeline, from rules and from Python, and are applied at tick boundaries only.
namespace veste {

using GateId = Id<struct GateTag>;
using BarrierId = Id<struct BarrierTag>;
using OrderId = Id<struct OrderTag>;

/// Closes (or opens) streets and walkable triangles. Places given by name, id or polygon in the
/// scenario are resolved to these when it is read.
struct CloseWays {
    std::vector<EdgeId> edges;
    std::vector<TriangleId> triangles;
    VehicleClasses classes = all_vehicle_classes; ///< shut out of the edges; the others may enter
};
struct OpenWays {
    std::vector<EdgeId> edges;
    std::vector<TriangleId> triangles;
};
/// Vehicles may use the edges only in their direction: the opposite edges are closed to all.
struct MakeOneWay {
    std::vector<EdgeId> closed_edges;
};
struct SetSpeedLimit {
    std::vector<EdgeId> edges;
    double limit_mps = 0.0;
};
struct SwitchLamps {
    std::vector<LampId> lamps;
    bool is_on = false;
};
struct SwitchFeeder {
    FeederId feeder;
    bool is_on = false;
};
struct SwitchSensor {
    SensorId sensor;
    bool is_on = false;
};
struct SwitchGate {
    GateId gate;
    bool is_open = false;
};
struct SetSignalPlan {
    SignalId signal;
    std::uint32_t plan = 0; ///< index into the signal's plans, then into the scenario's own plans
};
/// Sets the rain everywhere, in place of the hyetograph, from now on.
struct SetRainfall {
    double rain_mps = 0.0;
};

/// People per second let go by a stage of a journey that holds them; 0: nobody.
struct SetRelease {
    std::uint32_t hold = 0; ///< Stage::hold
    double rate_per_s = 0.0;
};
/// Gives an order to the people it reaches, or takes it back.
struct GiveOrder {
    OrderId order;
    bool is_given = true;
};

/// Puts a drawn barrier up or takes it away.
struct SwitchBarrier {
    BarrierId barrier;
    bool is_up = true;
};

using Change = std::variant<CloseWays, OpenWays, MakeOneWay, SetSpeedLimit, SwitchLamps,
                            SwitchFeeder, SwitchSensor, SwitchGate, SetSignalPlan, SetRainfall,
                            SetRelease, GiveOrder, SwitchBarrier>;

struct TimedChange {
    double at_s = 0.0;
    std::string text; ///< as the event log shows it: "close street Avenue J. F. Kennedy"
    Change what;
};

} // namespace veste
