#pragma once
#include "base/geometry.hpp"
#include "city/street_network.hpp"

#include <string>
#include <vector>

/// Makes a complete street network out of raw nodes and edges: lane geometry, connections,
/// conflicts and right of way, signal plans, places of crossings. Used by the OSM reader and by
/// tests.
namespace veste {

constexpr std::uint32_t no_index = UINT32_MAX;

/// What a lane's arrows allow; several bits together.
enum TurnBits : std::uint8_t {
    turn_straight = 1,
    turn_left = 2,
    turn_right = 4,
    turn_back = 8,
};

struct RawNode {
    Vec2 at{0.0, 0.0};
    std::vector<std::int64_t> osm_ids;
    bool is_signalled = false;
    bool is_all_way_stop = false;
    bool is_mini_roundabout = false;
    bool is_border = false; ///< the street goes on outside
    std::vector<std::int64_t> signal_osm_ids;
};

struct RawLane {
    double width_m = 3.0;
    VehicleClasses allowed = all_vehicle_classes;
    std::uint8_t turns = 0; ///< TurnBits, 0 where no arrows are known
};

/// One direction of a street. Both directions of a two-way street share one line (reversed), which
/// is the middle of the whole carriageway.
struct RawEdge {
    std::uint32_t from = no_index;
    std::uint32_t to = no_index;
    std::uint32_t opposite = no_index;
    Polyline line;
    std::vector<RawLane> lanes; ///< from the kerb to the middle
    double speed_mps = 13.9;
    bool is_speed_assumed = false;
    bool are_lanes_assumed = false;
    bool is_bridge = false;
    bool is_tunnel = false;
    bool is_roundabout = false;
    bool is_link = false; ///< a ramp or slip road of its class
    bool must_give_way = false;
    bool must_stop = false;
    std::int8_t level = 0;
    Highway highway = Highway::Residential;
    std::int64_t osm_way = 0;
    std::string name;
};

/// Vehicles of these classes may go from the end of one edge into another.
struct RawMovement {
    std::uint32_t from = no_index;
    std::uint32_t to = no_index;
    VehicleClasses allowed = all_vehicle_classes;
};

struct RawCrossing {
    std::uint32_t edge = no_index; ///< either direction of the street that is crossed
    double along_m = 0.0;          ///< on that edge's line
    CrossingKind kind = CrossingKind::Uncontrolled;
    std::uint32_t signalled_node = no_index; ///< the node whose signal it belongs to
    std::int64_t osm_id = 0;
};

struct RawStreets {
    std::vector<RawNode> nodes;
    std::vector<RawEdge> edges;
    std::vector<RawMovement> movements; ///< in order of `from`
    std::vector<RawCrossing> crossings;
    bool is_left_hand = false;
};

/// Movements from every edge into every edge that starts where it ends, back into the same street
/// only where that is the only way on; for toys and streets without turn restrictions.
std::vector<RawMovement> all_movements(const RawStreets& raw);

/// Adds the movement back into the same street for classes that have no other way on.
void add_turns_back(const RawStreets& raw, std::vector<RawMovement>& movements);

StreetNetwork assemble_street_network(RawStreets raw);

} // namespace veste
