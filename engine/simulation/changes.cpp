#include "simulation/changes.hpp"

#include <algorithm>

namespace veste {
namespace {

template <class... F> struct Overloaded : F... { using F::operator()...; };
template <class... F> Overloaded(F...) -> Overloaded<F...>;

void set_closed(Closures& closures, const std::vector<EdgeId>& edges, VehicleClasses classes,
                const std::vector<TriangleId>& triangles, bool is_closed) {
    for (const EdgeId edge : edges) {
        closures.edge_closed.at(edge.index) = classes;
    }
    for (const TriangleId triangle : triangles) {
        closures.triangle_closed.at(triangle.index) = is_closed;
    }
}

} // namespace

void make_change(const Change& change, World& world) {
    std::visit(
        Overloaded{
            [&](const CloseWays& c) {
                set_closed(world.closures, c.edges, c.classes, c.triangles, true);
            },
            [&](const OpenWays& c) { set_closed(world.closures, c.edges, 0, c.triangles, false); },
            [&](const MakeOneWay& c) {
                set_closed(world.closures, c.closed_edges, all_vehicle_classes, {}, true);
            },
            [&](const SetSpeedLimit& c) {
                for (const EdgeId edge : c.edges) {
                    world.closures.edge_speed_limit_mps.at(edge.index) =
                        static_cast<float>(c.limit_mps);
                }
            },
            [&](const SwitchLamps& c) {
                for (const LampId lamp : c.lamps) {
                    world.ambient.lamp_on.at(lamp.index) = c.is_on;
                }
            },
            [&](const SwitchFeeder& c) { world.ambient.feeder_on.at(c.feeder.index) = c.is_on; },
            [&](const SwitchSensor& c) { world.sensing.sensor_on.at(c.sensor.index) = c.is_on; },
            [&](const SwitchGate& c) { world.pedestrians.gate_open.at(c.gate.index) = c.is_open; },
            [&](const SetSignalPlan& c) { world.signals.plan.at(c.signal.index) = c.plan; },
            [&](const SetRelease& c) {
                world.pedestrians.hold_rate_per_s.at(c.hold) = c.rate_per_s;
            },
            [&](const GiveOrder& c) {
                world.pedestrians.order_given.at(c.order.index) = c.is_given;
            },
            [&](const SwitchBarrier& c) {
                world.pedestrians.barrier_up.at(c.barrier.index) = c.is_up;
                // Everyone looks for the way anew.
                auto& until_s = world.pedestrians.steer_until_s;
                std::fill(until_s.begin(), until_s.end(), 0.0);
            },
            [&](const SetRainfall& c) { world.water.rain_mps.at(0) = c.rain_mps; },
        },
        change);
}

} // namespace veste
