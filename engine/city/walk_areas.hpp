#pragma once
#include "city/geos_use.hpp"
#include "city/sources.hpp"

#include <map>
#include <optional>
#include <vector>

/// The stages of build_walk. Widths that the tags do not tell are the class defaults of
/// walk_ways.cpp and walk_streets.cpp.
namespace veste {

/// A line of OSM that people walk on.
struct FootLine {
    const OsmWay* way = nullptr;
    WalkWay walk;
    bool is_carved = false;        ///< passes through buildings: passage, covered or indoor way
    bool is_crossing = false;      ///< footway=crossing
    bool is_flat_at_start = false; ///< the other level's ways begin at this end
    bool is_flat_at_end = false;
};

/// Ways open to people on foot, with kind, width and level from their tags; those outside the
/// bounds are left out.
std::vector<FootLine> find_foot_lines(const OsmData& osm, const Box2& bounds);

/// Where foot lines of two levels share a node. Marks the ends that must be cut square, and cuts
/// back ground-level lines that end in the middle of a bridge or tunnel.
std::vector<LevelLink> link_foot_lines(const OsmData& osm, std::vector<FootLine>& lines);

/// The carriageways of one level that people may only cross.
struct Carriageway {
    Polygon area;
    Box2 box;
    std::int8_t level = 0;
};

struct StreetSides {
    std::vector<Carriageway> carriageways;
    std::vector<WalkArea> pavements; ///< not yet cut by carriageways
    std::vector<WalkArea> shared;    ///< living and pedestrian streets, service ways
    std::vector<LevelLink> links;
    std::size_t assumed = 0; ///< streets whose pavements no tag tells
};

/// Carriageways, pavements and shared streets of the street network.
StreetSides find_street_sides(const City& city, const OsmData& osm);

/// True for streets whose whole width people walk on.
bool is_shared(Highway highway);
/// Metres from the middle to the kerb.
double half_width_m(const StreetNetwork& streets, EdgeId id);
std::int8_t street_level(const Edge& edge);

/// Squares, parks, piers, beaches and other areas people may walk on.
std::vector<WalkArea> find_open_areas(const std::vector<AreaFeature>& areas, const Box2& bounds);

/// Links between areas of layers (without ways) that lie side by side on different levels.
std::vector<LevelLink> link_layer_areas(const std::vector<WalkArea>& areas);

/// The areas without what lies right under or over the first metres of a bridge or tunnel at a
/// link: there is no headroom, and who was pushed in there would be in the way of those on it.
std::vector<WalkArea> with_headroom(std::vector<WalkArea> areas,
                                    const std::vector<LevelLink>& links);

/// True where the tags shut people on foot out.
bool is_shut(const Tags& tags);
std::int8_t level_of(const Tags& tags);

/// What the carriageways of its level leave of an area.
std::vector<WalkArea> off_carriageways(const WalkArea& area,
                                       const std::vector<Carriageway>& carriageways);

/// The crossings of the street network as areas: kerb to kerb, lengthened until they touch ground
/// that people walk on; the parts of foot lines that lie on a carriageway beside one belong to it.
std::vector<WalkArea> find_crossing_areas(const StreetNetwork& streets,
                                          const std::vector<FootLine>& lines,
                                          const StreetSides& sides,
                                          const std::vector<WalkArea>& ground);

std::vector<WalkArea> areas_of(const FootLine& line);

/// Slope and way up of the ground under the mesh's triangles on level 0.
void set_slopes(const Terrain& terrain, WalkMesh& mesh);
/// Stairs up or down and conveyors, by the tags of the ways they lie on. Where a stair has no
/// incline, the ground's own tells.
void set_directions(const std::vector<FootLine>& lines, WalkMesh& mesh);

} // namespace veste
