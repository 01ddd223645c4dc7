#pragma once
#include "traffic/step.hpp"

namespace veste::traffic {

/// A place on a vehicle's way, walked from where it is track by track.
struct Way {
    std::uint32_t track = none;
    double offset_m = 0.0;   ///< from the vehicle's front to the track's start
    std::uint32_t edge = 0;  ///< place in its route of the edge the track belongs to
    std::uint32_t taken = 0; ///< connections entered since the start of the walk

    double end_m(const Roads& roads) const { return offset_m + roads.length_m[track]; }
    void go_to(const Roads& roads, std::uint32_t next_track) {
        offset_m = end_m(roads);
        if (roads.is_lane(track)) {
            ++edge;
            ++taken;
        }
        track = next_track;
    }
};

inline Way way_of(const Step& step, std::size_t i) {
    const Vehicles& v = step.vehicles;
    return {track_of(v, step.roads, i), -v.front_m[i], edge_in_way(v, i), 0};
}

/// The connection at the end of the way's present lane: the one granted, else the one planned; none
/// where the way ends or the lane does not lead on.
inline std::uint32_t connection_ahead(const Step& step, std::size_t i, const Way& way) {
    const Vehicles& v = step.vehicles;
    if (way.taken < most_granted && v.granted[i * most_granted + way.taken] != none) {
        return v.granted[i * most_granted + way.taken];
    }
    if (way.edge + 1 >= v.route_length[i]) {
        return none;
    }
    if (step.plans[i].covers(way.edge)) {
        return step.plans[i].at(way.edge, step.roads.streets.lanes[way.track].index).connection;
    }
    return straightest_connection(step.roads, way.track,
                                  v.route_edges[v.route_begin[i] + way.edge + 1], step.class_of(i));
}

/// Goes on to the next track of the way; false where there is none.
inline bool walk_on(const Step& step, std::size_t i, Way& way) {
    if (!step.roads.is_lane(way.track)) {
        way.go_to(step.roads, step.roads.to_lane(way.track - step.roads.lanes));
        return true;
    }
    const std::uint32_t k = connection_ahead(step, i, way);
    if (k == none) {
        return false;
    }
    way.go_to(step.roads, step.roads.lanes + k);
    return true;
}

/// The lane whose stop line a vehicle comes to next, itself included; none where its way ends or
/// breaks off before, or no line is in sight.
std::uint32_t find_next_line(const Step& step, std::size_t i);

/// Edges that vehicle j on a track upstream of a lane enters until it is on that lane, or none
/// where its way leads elsewhere.
std::uint32_t edges_until(const Step& step, std::uint32_t j, std::span<const Upstream> upstream,
                          std::uint32_t place);

} // namespace veste::traffic
