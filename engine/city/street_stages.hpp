#pragma once
#include "city/street_assembly.hpp"

#include <span>

/// The stages that assemble_street_network runs one after another, and what they share.
namespace veste {

/// Edge i of the network is raw edge i, node i raw node i, crossing i raw crossing i.
struct Assembly {
    RawStreets raw;
    StreetNetwork network;
    std::vector<Polyline> trimmed; ///< middle of the street of each edge, between junction areas

    double half_width_m(std::size_t edge) const;
};

/// One end of a street at a node.
struct Arm {
    std::uint32_t edge = no_index; ///< the direction that leaves the node, if there is one
    bool is_leaving = true;
    Polyline line; ///< away from the node
};
/// Arms of a node, each street once, in edge order.
std::vector<Arm> arms_of(const Assembly& a, std::size_t node);

constexpr VehicleClasses motor_classes =
    bit(VehicleClass::Car) | bit(VehicleClass::Van) | bit(VehicleClass::Truck);

/// Signed angle from one direction to another, degrees, positive to the left.
double turn_angle_deg(const Vec2& from, const Vec2& to);
/// Mean direction of the first or last few metres of a line.
Vec2 direction_at_start(std::span<const Vec2> line);
Vec2 direction_at_end(std::span<const Vec2> line);
/// The part of a line between two distances from its start.
Polyline part_of(std::span<const Vec2> line, double begin_m, double end_m);

void trim_streets(Assembly& a);
void lay_lanes(Assembly& a);
void connect_lanes(Assembly& a);
void settle_right_of_way(Assembly& a);
void place_crossings(Assembly& a);
void make_signal_plans(Assembly& a);

/// Order in which turns give way among equals: straight, kerb-side, across, back.
int turn_rank(Turn turn, bool is_left_hand);

} // namespace veste
