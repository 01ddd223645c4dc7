#pragma once
#include "traffic/lists.hpp"
#include "traffic/traffic.hpp"

#include <memory>
#include <span>
#include <vector>

/// The street network as vehicles use it: what never changes, found once. A track is a lane (its
/// own number) or a connection (`lanes` + its number).
namespace veste::traffic {

constexpr std::uint32_t none = UINT32_MAX;

/// Where a connection's path meets another one's; stretches as in Conflict.
struct Meeting {
    std::uint32_t other = none; ///< connection
    double begin_m = 0.0;
    double end_m = 0.0;
    double other_begin_m = 0.0;
    double other_end_m = 0.0;
    bool must_yield = false;
    bool is_mutual = false; ///< the other one must yield too: first come, first served
};

/// Another connection out of the same lane, and how far both paths run together.
struct Divergence {
    std::uint32_t other = none;
    double until_m = 0.0;
};

struct CrossingAhead {
    std::uint32_t crossing = none;
    double begin_m = 0.0; ///< edges of the crossing along the track
    double end_m = 0.0;
};

/// An edge that can be reached from another one, and the way between them.
struct Successor {
    std::uint32_t edge = none;
    VehicleClasses classes = 0;
    double length_m = 0.0;
    double speed_mps = 1.0;
};

struct Roads {
    Roads(const StreetNetwork& network, const TrafficParameters& parameters);

    const StreetNetwork& streets;
    std::uint32_t lanes = 0;
    std::uint32_t tracks = 0;
    std::vector<double> length_m;    ///< of each track
    std::vector<std::uint32_t> edge; ///< of each track; a connection counts to its next edge
    std::vector<double> curve_mps;   ///< safe speed of each track; infinite on lanes
    std::vector<std::uint8_t>
        needs_grant;                    ///< of each connection: conflicts or a signal on its lane
    std::vector<double> critical_gap_s; ///< of each connection
    std::vector<std::uint32_t> light;   ///< of each connection: index into Signals::lights
    std::vector<std::uint32_t> signal;  ///< of each connection
    std::vector<std::uint32_t> first_link; ///< of each signal
    std::uint32_t links = 0;
    Lists<Meeting> meetings;         ///< of each connection
    Lists<Divergence> divergences;   ///< of each connection
    Lists<std::uint32_t> incoming;   ///< connections into each lane
    Lists<CrossingAhead> crossings;  ///< of each track, in order along it
    Lists<Successor> successors;     ///< of each edge
    Lists<std::uint32_t> node_lanes; ///< lanes that end at each node
    std::vector<Vec2> edge_start;    ///< of each edge's kerb lane
    std::vector<Vec2> edge_end;
    std::vector<double> edge_length_m; ///< at least the distance between the two
    double fastest_mps = 1.0;          ///< of all edges' limits

    bool is_lane(std::uint32_t track) const { return track < lanes; }
    std::uint32_t to_lane(std::uint32_t connection) const {
        return streets.connections[connection].to.index;
    }
    std::uint32_t from_lane(std::uint32_t connection) const {
        return streets.connections[connection].from.index;
    }
    bool allows(std::uint32_t lane, VehicleClass c) const {
        return has(streets.lanes[lane].allowed, c);
    }
};

/// The connection from `lane` to edge `next` for a vehicle class that suits the edge after that
/// (none: any) best; none where there is no such connection.
std::uint32_t best_connection(const Roads& roads, std::uint32_t lane, std::uint32_t next,
                              std::uint32_t after, VehicleClass c);

} // namespace veste::traffic
