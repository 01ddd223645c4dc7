#pragma once
#include "base/geometry.hpp"
#include "base/ids.hpp"
#include "city/vehicle_class.hpp"

#include <string>
#include <vector>

/// The street network: junctions (nodes) joined by directed edges of one or more lanes; at each
/// node connections lead from lane to lane, with the conflicts between them and who yields. All
/// positions are metres along a lane or connection from its start; drawn geometry is at the lane's
/// centre. A lane begins and ends at the border of its junctions' areas.
namespace veste {

using NodeId = Id<struct NodeTag>;
using EdgeId = Id<struct EdgeTag>;
using LaneId = Id<struct LaneTag>;
using ConnectionId = Id<struct ConnectionTag>;
using SignalId = Id<struct SignalTag>;
using CrossingId = Id<struct CrossingTag>;

/// OSM highway classes that carry vehicles, most important first: a smaller value has priority.
enum class Highway : std::uint8_t {
    Motorway,
    Trunk,
    Primary,
    Secondary,
    Tertiary,
    Unclassified,
    Residential,
    LivingStreet,
    Service,
    Pedestrian,
    Cycleway,
    Track,
};

/// How right of way is settled at a node when no signal works there.
enum class Control : std::uint8_t { Priority, RightBeforeLeft, Roundabout, AllWayStop, DeadEnd };

enum class Turn : std::uint8_t { Straight, Left, Right, UTurn };

struct Node {
    Vec2 at;
    Control control = Control::Priority;
    SignalId signal;                   ///< invalid where there is none
    std::vector<std::int64_t> osm_ids; ///< the OSM nodes merged into this junction
    std::vector<EdgeId> incoming;
    std::vector<EdgeId> outgoing;
    double radius_m = 0.0;  ///< of the junction's area
    bool is_border = false; ///< the street goes on outside the area or the data
};

struct Edge {
    NodeId from;
    NodeId to;
    EdgeId opposite;   ///< the same street in the other direction, or invalid
    LaneId first_lane; ///< lanes are consecutive, from the kerb (0) to the middle
    std::uint32_t lanes = 0;
    double length_m = 0.0;
    double speed_limit_mps = 0.0;
    bool is_speed_assumed = false;
    bool are_lanes_assumed = false;
    bool is_bridge = false;
    bool is_tunnel = false;
    bool is_roundabout = false;
    bool must_give_way = false; ///< a give-way or stop sign at its end
    bool must_stop = false;     ///< a stop sign at its end
    std::int8_t level = 0;      ///< OSM layer
    Highway highway = Highway::Residential;
    std::int64_t osm_way = 0;
    std::string name;
    Polyline line; ///< of the whole street in this direction, node to node
};

struct Lane {
    EdgeId edge;
    std::uint32_t index = 0; ///< 0 at the kerb
    double width_m = 3.0;
    double length_m = 0.0;
    VehicleClasses allowed = all_vehicle_classes;
    Polyline line;
    std::uint32_t first_connection = 0; ///< outgoing connections are consecutive
    std::uint32_t connections = 0;
};

/// The stretch where two connections' paths meet, seen from one of them.
struct Conflict {
    ConnectionId other;
    double begin_m = 0.0; ///< stretch on this connection
    double end_m = 0.0;
    double other_begin_m = 0.0; ///< stretch on the other one
    double other_end_m = 0.0;
    bool must_yield = false; ///< by the priority rules (signals aside) this one yields
};

struct Connection {
    LaneId from;
    LaneId to;
    NodeId node;
    Turn turn = Turn::Straight;
    double length_m = 0.0;
    double speed_mps = 0.0; ///< safe speed in the curve, at most the limits of both edges
    Polyline line;
    std::uint32_t signal_link = UINT32_MAX; ///< index into the node's signal states
    std::vector<Conflict> conflicts;
    /// Classes that may take it: those of both lanes, less those a turn restriction holds for.
    VehicleClasses allowed = all_vehicle_classes;
};

/// State of one signal link, as in SUMO's letters: r, y, g (must yield to conflicting), G.
enum class Light : std::uint8_t { Red, Yellow, GreenYield, Green };

struct SignalPhase {
    double duration_s = 0.0;
    std::vector<Light> lights; ///< one for each link: connections, then crossings
};

/// A fixed-time plan for one (merged) junction.
struct SignalPlan {
    std::string name;
    double offset_s = 0.0;
    std::vector<SignalPhase> phases;
    bool is_assumed = false; ///< made by practice, not known from data
    double cycle_s() const {
        double sum = 0.0;
        for (const SignalPhase& phase : phases) {
            sum += phase.duration_s;
        }
        return sum;
    }
};

struct Signal {
    NodeId node;
    std::string name;
    std::uint32_t links = 0;
    std::vector<SignalPlan> plans; ///< the first is the default
    std::vector<std::int64_t> osm_ids;
};

enum class CrossingKind : std::uint8_t {
    Zebra,        ///< people go first
    Signalled,    ///< as the signal says
    Uncontrolled, ///< people wait for a gap
};

/// Where a crossing lies on a lane or on a connection (one of the two is valid).
struct CrossingPlace {
    LaneId lane;
    ConnectionId connection;
    double at_m = 0.0;
};

/// A place where people cross a carriageway; also part of the walkable mesh.
struct Crossing {
    Vec2 from;
    Vec2 to;
    double width_m = 4.0;
    CrossingKind kind = CrossingKind::Uncontrolled;
    SignalId signal;
    std::uint32_t signal_link = UINT32_MAX;
    std::int64_t osm_id = 0;
    std::vector<CrossingPlace> places;
};

struct StreetNetwork {
    std::vector<Node> nodes;
    std::vector<Edge> edges;
    std::vector<Lane> lanes;
    std::vector<Connection> connections;
    std::vector<Signal> signals;
    std::vector<Crossing> crossings;
    bool is_left_hand = false;

    const Node& node(NodeId id) const { return nodes[id.index]; }
    const Edge& edge(EdgeId id) const { return edges[id.index]; }
    const Lane& lane(LaneId id) const { return lanes[id.index]; }
    const Connection& connection(ConnectionId id) const { return connections[id.index]; }
    LaneId lane_of(EdgeId id, std::uint32_t index) const {
        return LaneId(edges[id.index].first_lane.index + index);
    }
    /// True where at least one lane of the edge lets the class in.
    bool allows(EdgeId id, VehicleClass c) const {
        const Edge& e = edge(id);
        for (std::uint32_t k = 0; k < e.lanes; ++k) {
            if (has(lane(lane_of(id, k)).allowed, c)) {
                return true;
            }
        }
        return false;
    }
};

/// Width of all lanes of a street, both directions.
double carriageway_width_m(const StreetNetwork& network, EdgeId id);

/// Every broken invariant of the network, a line each (none when it is sound): ids, ranges, mutual
/// conflicts of which exactly one side yields, signal plans, places of crossings.
std::vector<std::string> validate_street_network(const StreetNetwork& network);

} // namespace veste
