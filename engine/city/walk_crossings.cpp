#include "base/parallel.hpp"
#include "city/walk_areas.hpp"

#include <algorithm>
#include <cmath>

/// Crossings as ground to walk on, and crossings nobody mapped where footways meet a carriageway.
namespace veste {
namespace {

constexpr double longest_reach_m = 6.0;  ///< a crossing is lengthened by at most this
constexpr double beside_m = 3.0;         ///< a footway this near belongs to the crossing
constexpr double pavement_reach_m = 1.0; ///< beyond the kerb
constexpr double apart_m = 6.0;          ///< from a crossing that a way crosses already
constexpr double end_apart_m = 15.0;     ///< from a crossing near a way's end on the carriageway
constexpr double steepest_sine = 0.5;    ///< flatter angles cross the street squarely

std::int8_t level_of_crossing(const StreetNetwork& streets, const Crossing& crossing) {
    for (const CrossingPlace& place : crossing.places) {
        const LaneId lane =
            place.lane.is_valid() ? place.lane : streets.connection(place.connection).from;
        return street_level(streets.edge(streets.lane(lane).edge));
    }
    return 0;
}

Box2 grown(Box2 box, double by_m) {
    box.low -= Vec2(by_m, by_m);
    box.high += Vec2(by_m, by_m);
    return box;
}

std::vector<const Polygon*> near(const std::vector<WalkArea>& ground,
                                 const std::vector<Box2>& boxes, const Box2& box,
                                 std::int8_t level) {
    std::vector<const Polygon*> found;
    for (std::size_t g = 0; g < ground.size(); ++g) {
        if (ground[g].level == level && boxes[g].overlaps(box)) {
            found.push_back(&ground[g].area);
        }
    }
    return found;
}

/// The first place at or beyond `end`, going outwards, where there is ground; `end` if none is.
Vec2 until_ground(const Vec2& end, const Vec2& outwards,
                  const std::vector<const Polygon*>& ground) {
    constexpr double step_m = 0.25;
    for (double beyond_m = 0.0; beyond_m <= longest_reach_m; beyond_m += step_m) {
        const Vec2 p = end + beyond_m * outwards;
        for (const Polygon* polygon : ground) {
            if (contains(*polygon, p)) {
                return p + (beyond_m > 0.0 ? step_m : 0.0) * outwards;
            }
        }
    }
    return end;
}

/// The rectangle of a crossing without the ground at its ends.
void add_rectangle(const Crossing& crossing, CrossingId id, std::int8_t level,
                   const std::vector<WalkArea>& ground, const std::vector<Box2>& boxes,
                   std::vector<WalkArea>& to) {
    const Vec2 across = (crossing.to - crossing.from).normalized();
    if (!across.allFinite() || across.isZero()) {
        return;
    }
    Box2 box;
    box.extend(crossing.from);
    box.extend(crossing.to);
    const auto around = near(ground, boxes, grown(box, longest_reach_m + crossing.width_m), level);
    const Vec2 a = until_ground(crossing.from, -across, around);
    const Vec2 b = until_ground(crossing.to, across, around);
    const Vec2 side = 0.5 * crossing.width_m * Vec2(-across.y(), across.x());
    const geos::Geometry whole = geos::polygon_of({{a - side, b - side, b + side, a + side}, {}});
    std::vector<geos::Geometry> parts;
    for (const Polygon* polygon : around) {
        geos::append_areal(geos::polygon_of(*polygon).get(), parts);
    }
    const geos::Geometry walkable =
        geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(parts)));
    for (Polygon& polygon : geos::polygons_of(geos::cut(whole, walkable))) {
        to.push_back({std::move(polygon), WalkKind::Crossing, level, id});
    }
}

/// Parts of a foot line on a carriageway, given to the crossing beside them.
void add_line_parts(const StreetNetwork& streets, const std::vector<std::int8_t>& levels,
                    const FootLine& line, const std::vector<Carriageway>& carriageways,
                    std::vector<WalkArea>& to) {
    const Box2 box = grown(bounds_of(line.walk.line), line.walk.width_m);
    std::vector<geos::Geometry> lanes;
    for (const Carriageway& carriageway : carriageways) {
        if (carriageway.level == line.walk.level && carriageway.box.overlaps(box)) {
            geos::append_areal(geos::polygon_of(carriageway.area).get(), lanes);
        }
    }
    if (lanes.empty()) {
        return;
    }
    const geos::Geometry drawn =
        geos::widened(geos::line_of(line.walk.line), 0.5 * line.walk.width_m);
    const geos::Geometry on_lanes =
        geos::common(drawn, geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(lanes))));
    for (Polygon& polygon : geos::polygons_of(on_lanes)) {
        const Vec2 middle = centroid_of(polygon.outer);
        double nearest_m = beside_m;
        CrossingId nearest;
        for (std::size_t c = 0; c < streets.crossings.size(); ++c) {
            const Crossing& crossing = streets.crossings[c];
            const double distance_m =
                (nearest_on_segment(middle, crossing.from, crossing.to) - middle).norm();
            if (levels[c] == line.walk.level && distance_m < nearest_m) {
                nearest_m = distance_m;
                nearest = CrossingId(c);
            }
        }
        if (nearest.is_valid()) {
            to.push_back({std::move(polygon), WalkKind::Crossing, line.walk.level, nearest});
        }
    }
}

/// Where a foot line meets a street's middle.
struct Meeting {
    Vec2 at;
    Vec2 along_line;
    Vec2 along_street;
    bool is_end = false;
};

std::vector<Meeting> meetings(const FootLine& line, const Edge& edge, double half_m) {
    std::vector<Meeting> found;
    const Polyline& foot = line.walk.line;
    for (std::size_t i = 0; i + 1 < foot.size(); ++i) {
        for (std::size_t k = 0; k + 1 < edge.line.size(); ++k) {
            double share = 0.0;
            if (segments_cross(foot[i], foot[i + 1], edge.line[k], edge.line[k + 1], &share)) {
                found.push_back({foot[i] + share * (foot[i + 1] - foot[i]),
                                 (foot[i + 1] - foot[i]).normalized(),
                                 (edge.line[k + 1] - edge.line[k]).normalized(), false});
            }
        }
    }
    if (!found.empty()) {
        return found;
    }
    for (const auto& [end, before] :
         {std::pair(foot.front(), foot[1]), std::pair(foot.back(), foot[foot.size() - 2])}) {
        const PlaceOnLine place = nearest_place(edge.line, end);
        if (place.distance_m < half_m - 0.5) {
            found.push_back({place.at, (end - before).normalized(), place.direction, true});
        }
    }
    return found;
}

Crossing make_crossing(const Meeting& meeting, double half_m, const FootLine& line) {
    const double sine = std::abs(cross(meeting.along_line, meeting.along_street));
    const bool is_steep = !meeting.is_end && sine > steepest_sine;
    const Vec2 across =
        is_steep ? meeting.along_line : Vec2(-meeting.along_street.y(), meeting.along_street.x());
    const double reach_m = half_m / (is_steep ? sine : 1.0) + pavement_reach_m;
    Crossing crossing;
    crossing.from = meeting.at - reach_m * across;
    crossing.to = meeting.at + reach_m * across;
    crossing.width_m = std::clamp(line.walk.width_m, 2.0, 4.0);
    crossing.kind = CrossingKind::Uncontrolled;
    crossing.osm_id = line.walk.osm_way;
    return crossing;
}

/// Adds the first place where the crossing cuts a lane or connection.
void add_place(const Polyline& path, CrossingPlace place, Crossing& crossing) {
    double before_m = 0.0;
    for (std::size_t k = 0; k + 1 < path.size(); ++k) {
        const double step_m = (path[k + 1] - path[k]).norm();
        double share = 0.0;
        if (segments_cross(path[k], path[k + 1], crossing.from, crossing.to, &share)) {
            place.at_m = before_m + share * step_m;
            crossing.places.push_back(place);
            return;
        }
        before_m += step_m;
    }
}

void find_places(const StreetNetwork& streets, std::int8_t level, Crossing& crossing) {
    Box2 box;
    box.extend(crossing.from);
    box.extend(crossing.to);
    for (std::size_t l = 0; l < streets.lanes.size(); ++l) {
        const Lane& lane = streets.lanes[l];
        if (street_level(streets.edge(lane.edge)) == level && bounds_of(lane.line).overlaps(box)) {
            add_place(lane.line, {LaneId(l), {}, 0.0}, crossing);
        }
    }
    for (std::size_t c = 0; c < streets.connections.size(); ++c) {
        const Connection& connection = streets.connections[c];
        if (street_level(streets.edge(streets.lane(connection.from).edge)) == level &&
            bounds_of(connection.line).overlaps(box)) {
            add_place(connection.line, {{}, ConnectionId(c), 0.0}, crossing);
        }
    }
    for (CrossingPlace& place : crossing.places) {
        const double end_m = place.lane.is_valid() ? streets.lane(place.lane).length_m
                                                   : streets.connection(place.connection).length_m;
        place.at_m = std::clamp(place.at_m, 0.0, end_m);
    }
}

bool is_known(const StreetNetwork& streets, const Vec2& at, double within_m) {
    return std::any_of(
        streets.crossings.begin(), streets.crossings.end(), [&](const Crossing& crossing) {
            return (nearest_on_segment(at, crossing.from, crossing.to) - at).norm() < within_m;
        });
}

} // namespace

std::vector<WalkArea> find_crossing_areas(const StreetNetwork& streets,
                                          const std::vector<FootLine>& lines,
                                          const StreetSides& sides,
                                          const std::vector<WalkArea>& ground) {
    std::vector<Box2> boxes;
    boxes.reserve(ground.size());
    for (const WalkArea& area : ground) {
        boxes.push_back(bounds_of(area.area.outer));
    }
    std::vector<std::int8_t> levels;
    levels.reserve(streets.crossings.size());
    for (const Crossing& crossing : streets.crossings) {
        levels.push_back(level_of_crossing(streets, crossing));
    }
    std::vector<std::vector<WalkArea>> parts(streets.crossings.size() + lines.size());
    parallel_for(parts.size(), 4, [&](std::size_t k) {
        if (k < streets.crossings.size()) {
            add_rectangle(streets.crossings[k], CrossingId(k), levels[k], ground, boxes, parts[k]);
        } else {
            add_line_parts(streets, levels, lines[k - streets.crossings.size()], sides.carriageways,
                           parts[k]);
        }
    });
    std::vector<WalkArea> areas;
    for (std::vector<WalkArea>& some : parts) {
        std::move(some.begin(), some.end(), std::back_inserter(areas));
    }
    return areas;
}

std::size_t add_informal_crossings(StreetNetwork& streets, const OsmData& osm, const Box2& bounds) {
    std::vector<Box2> boxes;
    for (const Edge& edge : streets.edges) {
        boxes.push_back(grown(bounds_of(edge.line), 1.0));
    }
    const std::size_t before = streets.crossings.size();
    const std::vector<FootLine> lines = find_foot_lines(osm, bounds);
    // Ways that cross come first: where one does, a way's end needs no crossing of its own.
    for (const bool at_ends : {false, true}) {
        for (const FootLine& line : lines) {
            const Box2 box = bounds_of(line.walk.line);
            for (std::size_t e = 0; e < streets.edges.size(); ++e) {
                const Edge& edge = streets.edges[e];
                const bool is_second = edge.opposite.is_valid() && edge.opposite < EdgeId(e);
                if (is_second || is_shared(edge.highway) || edge.line.size() < 2 ||
                    street_level(edge) != line.walk.level || !grown(boxes[e], 10.0).overlaps(box)) {
                    continue;
                }
                const double half_m = half_width_m(streets, EdgeId(e));
                for (const Meeting& meeting : meetings(line, edge, half_m)) {
                    if (meeting.is_end != at_ends || !bounds.contains(meeting.at) ||
                        is_known(streets, meeting.at, at_ends ? end_apart_m : apart_m)) {
                        continue;
                    }
                    Crossing crossing = make_crossing(meeting, half_m, line);
                    find_places(streets, line.walk.level, crossing);
                    if (!crossing.places.empty()) {
                        streets.crossings.push_back(std::move(crossing));
                    }
                }
            }
        }
    }
    return streets.crossings.size() - before;
}

} // namespace veste
