#pragma once
#include "traffic/lists.hpp"
#include "traffic/traffic.hpp"

#include <algorithm>
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
    bool is_merge = false;  ///< both lead into the same lane
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

/// A lane that can be reached from the end of another one, and the way between them.
struct Onward {
    std::uint32_t lane = none;
    VehicleClasses classes = 0;
    double length_m = 0.0;
    double speed_mps = 1.0;
};

/// A track from which vehicles come to a lane. The list of a lane begins with the lane itself and
/// reaches as far back from its start as drivers look; every track stands behind the one it leads
/// to, and those without a stop line on the way stand before all others.
struct Upstream {
    std::uint32_t track = none;
    std::uint32_t next = 0; ///< place in the list of the track it leads to
    double to_end_m = 0.0;  ///< from this track's end to the end of the lane
    bool is_free = true;    ///< no stop line between this track and the lane
};

/// Stop lines so near to each other that a vehicle may have to pass several at a time.
struct Cluster {
    std::vector<std::uint32_t> stop_lanes; ///< lanes that end at its stop lines
};

/// A loop detector in the lanes of an edge.
struct Loop {
    std::uint32_t sensor = none;
    double share = 0.5; ///< of each lane's length, from its start
};

struct Roads {
    Roads(const StreetNetwork& network, const TrafficParameters& parameters);

    const StreetNetwork& streets;
    std::uint32_t lanes = 0;
    std::uint32_t tracks = 0;
    double longest_m = 0.0;          ///< room that the longest vehicle needs to stand in
    std::vector<double> length_m;    ///< of each track
    std::vector<std::uint32_t> edge; ///< of each track; a connection counts to its next edge
    std::vector<double> curve_mps;   ///< safe speed of each track; infinite on lanes
    std::vector<std::uint8_t>
        needs_grant;                    ///< of each connection: conflicts or a signal on its lane
    std::vector<std::uint8_t> has_line; ///< of each lane: a stop line at its end
    std::vector<double> critical_gap_s; ///< of each connection
    std::vector<double> last_begin_m;   ///< of each connection: where its last meeting begins
    std::vector<double> run_before_m;   ///< of each lane: from the last junction to its end
    std::vector<std::uint32_t> light;   ///< of each connection: index into Signals::lights
    std::vector<std::uint32_t> signal;  ///< of each connection
    std::vector<std::uint32_t> first_link; ///< of each signal
    std::uint32_t links = 0;
    Lists<Meeting> meetings;        ///< of each connection
    Lists<Divergence> divergences;  ///< of each connection
    Lists<std::uint32_t> incoming;  ///< connections into each lane
    Lists<Upstream> upstream;       ///< of each lane
    Lists<CrossingAhead> crossings; ///< of each track, in order along it
    Lists<Onward> onward;           ///< of each lane
    std::vector<Cluster> clusters;
    std::vector<std::uint32_t> cluster_of; ///< of each lane with a stop line
    std::vector<Vec2> edge_start;          ///< of each edge's kerb lane
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
    /// Lanes are changed only where there is room to stand for who has to wait for a gap.
    bool can_change_on(std::uint32_t edge_index) const {
        constexpr double room_m = 15.0;
        const std::uint32_t kerb = streets.edges[edge_index].first_lane.index;
        return length_m[kerb] >= std::max(room_m, refuge_m(kerb));
    }
    bool is_circle(std::uint32_t track) const { return streets.edges[edge[track]].is_roundabout; }
    /// A vehicle may stand behind a junction where it finds so much between there and the next.
    double refuge_m(std::uint32_t lane) const {
        constexpr double in_circle_m = 40.0;
        return is_circle(lane) ? in_circle_m : longest_m;
    }
    bool lets_over(std::uint32_t connection, VehicleClass c) const {
        return has(streets.connections[connection].allowed, c) && allows(to_lane(connection), c);
    }
};

/// Where paths meet: the network's conflicts, and paths into one lane that it does not list.
std::vector<std::vector<Meeting>> find_meetings(const StreetNetwork& streets);
std::vector<std::vector<Divergence>> find_divergences(const StreetNetwork& streets);
/// The gap in the major stream that a driver on a connection asks for.
double critical_gap(const StreetNetwork& streets, const Connection& c,
                    std::span<const Meeting> meetings, const TrafficParameters& parameters);
/// Tracks that lead to each lane, as far as a driver looks out for others.
std::vector<std::vector<Upstream>> find_upstream(const Roads& roads);
/// Groups of stop lines: those at one node, and those with no place to stand between them.
std::vector<Cluster> find_clusters(const Roads& roads);

/// So far along tracks drivers look out for others.
constexpr double sight_m = 150.0;

/// Room that a standing vehicle takes beside its length: to the stop line before it, and a margin.
inline double standing_room_m(const TrafficParameters& parameters) {
    return parameters.stop_line_gap_m + 0.5;
}

} // namespace veste::traffic
