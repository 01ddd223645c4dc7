#pragma once
#include "ambient/ambient.hpp"
#include "city/conditions.hpp"
#include "flood/flood.hpp"
#include "pedestrians/measures.hpp"
#include "sensing/sensing.hpp"
#include "traffic/traffic.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace veste {

/// What changes have closed or limited, by street edge and walk triangle.
struct Closures {
    std::vector<VehicleClasses> edge_closed; ///< classes shut out
    std::vector<std::uint8_t> triangle_closed;
    std::vector<float> edge_speed_limit_mps;
};

template <class C, class Visit> void for_each_closure_field(C& c, Visit&& visit) {
    visit(Field{"edge_closed", "1", Role::Input, "classes shut out of a street"}, c.edge_closed);
    visit(Field{"triangle_closed", "1", Role::Input, "1 where walking is closed"},
          c.triangle_closed);
    visit(Field{"edge_speed_limit", "m/s", Role::Input, "speed limit in force"},
          c.edge_speed_limit_mps);
}

/// Everything that can change in a run. It holds no pointers: a copy is a fork of the city, a saved
/// one a checkpoint.
struct World {
    std::uint64_t tick = 0;
    Closures closures;
    Pedestrians pedestrians;
    Vehicles vehicles;
    Signals signals;
    Water water;
    Ambient ambient;
    CrowdMeasures measures; ///< what is measured of people so far
    Sensing sensing;
    Conditions conditions;  ///< as they are now; rebuilt by the coupling of every tick
    Conditions known;       ///< as routes know them: a copy of conditions made now and then
    LoopCounts loop_counts; ///< of the last tick's traffic: what loop detectors count next
    std::vector<std::uint32_t> next_change; ///< one value: first change of the timeline to come
};

template <class C, class Visit> void for_each_known_condition(C& c, Visit&& visit) {
    visit(Field{"walk_depth", "m", Role::State, "depth routes on foot reckon with"},
          c.walk_depth_m);
    visit(Field{"walk_water_speed", "m/s", Role::State, "water speed routes reckon with"},
          c.walk_water_mps);
    visit(Field{"walk_illuminance", "lx", Role::State, "light routes reckon with"},
          c.walk_illuminance_lx);
    visit(Field{"walk_closed", "1", Role::State, "closures routes reckon with"}, c.walk_closed);
    visit(Field{"edge_depth", "m", Role::State, "depth routes on wheels reckon with"},
          c.edge_depth_m);
    visit(Field{"edge_closed", "1", Role::State, "closures routes on wheels reckon with"},
          c.edge_closed);
    visit(Field{"edge_speed_limit", "m/s", Role::State, "limits routes on wheels reckon with"},
          c.edge_speed_limit_mps);
}

/// Walks every array of the World; `domain` names the group in files.
template <class W, class Visit> void for_each_field(W& world, Visit&& visit) {
    const auto in = [&visit](std::string_view domain) {
        return [&visit, domain](const Field& field, auto& values) { visit(domain, field, values); };
    };
    for_each_closure_field(world.closures, in("closures"));
    for_each_pedestrian_field(world.pedestrians, in("pedestrians"));
    for_each_vehicle_field(world.vehicles, in("vehicles"));
    for_each_signal_field(world.signals, in("signals"));
    for_each_water_field(world.water, in("water"));
    for_each_ambient_field(world.ambient, in("ambient"));
    for_each_sensing_field(world.sensing, in("sensing"));
    for_each_measure_field(world.measures, in("measures"));
    for_each_known_condition(world.known, in("known"));
    in("traffic")(Field{"loop_passed", "1", Role::State, "fronts over each sensor's loop"},
                  world.loop_counts.passed);
    visit(std::string_view("timeline"),
          Field{"next_change", "1", Role::State, "first change still to come"}, world.next_change);
}

/// Digest of tick, state and input: equal worlds have equal digests.
std::string state_digest(const World& world);

/// "pedestrians/x[17]" of the first non-finite number in state or input, or an empty string.
std::string first_non_finite(const World& world);

} // namespace veste
