#pragma once
#include "base/errors.hpp"
#include "base/geometry.hpp"
#include "city/city.hpp"

#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

/// What the readers take out of the source files, before anything is derived from it. All positions
/// are already local metres.
namespace veste {

using Tags = std::map<std::string, std::string>;

/// The value of a tag, or an empty string.
inline const std::string& tag(const Tags& tags, const std::string& key) {
    static const std::string none;
    const auto found = tags.find(key);
    return found == tags.end() ? none : found->second;
}

struct OsmNode {
    std::int64_t id = 0;
    Vec2 at{0.0, 0.0};
    Tags tags;
};

struct OsmWay {
    std::int64_t id = 0;
    std::vector<std::uint32_t> nodes; ///< indices into OsmData::nodes
    Tags tags;
    bool is_cut_at_start = false; ///< its nodes before the first are not in the extract
    bool is_cut_at_end = false;
};

struct OsmMember {
    char type = 'w'; ///< n, w or r
    std::int64_t id = 0;
    std::string role;
};

struct OsmRelation {
    std::int64_t id = 0;
    std::vector<OsmMember> members;
    Tags tags;
};

/// OpenStreetMap with its topology: nodes of ways and tagged nodes, all ways and relations that
/// have tags, in id order. A way of which nodes in between are missing comes as several parts of
/// one id.
struct OsmData {
    std::vector<OsmNode> nodes;
    std::vector<OsmWay> ways;
    std::vector<OsmRelation> relations;
    std::vector<Box2> extents_deg; ///< of the nodes of each file, WGS 84
};

/// An area or line or point with attributes, from OSM (through GDAL), a vector layer or CityJSON.
struct AreaFeature {
    Polygon area;
    Tags tags;          ///< attribute names and values as text
    std::string source; ///< "file, layer NAME, feature ID": for messages
    std::int64_t osm_id = 0;
};

/// WGS 84 longitude and latitude, or another CRS, to local metres and back.
class Projection {
public:
    /// From the CRS named by a WKT or "EPSG:n" to the city's CRS and origin.
    Projection(const std::string& from_crs, int to_epsg, const Vec2& origin);
    ~Projection();
    Projection(const Projection&) = delete;
    Projection& operator=(const Projection&) = delete;
    /// x is longitude or easting, y latitude or northing. Throws InputError where it cannot be
    /// projected.
    Vec2 to_local(const Vec2& p) const;
    Vec2 from_local(const Vec2& p) const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

/// Reads .osm, .osm.pbf, .osm.bz2 or .osm.gz files as one map: what several tell counts once, as
/// the first tells it. Throws InputError when one cannot be read or is cut.
OsmData read_osm(std::span<const std::filesystem::path> files, const Projection& projection);
OsmData read_osm(const std::filesystem::path& file, const Projection& projection);

/// How the street network is read from OSM tags.
struct StreetOptions {
    bool is_left_hand = false;
    double default_lane_width_m = 3.0;
};

/// Builds the street network from OSM by its documented tagging conventions, clipped to `bounds`,
/// and reports counts, assumptions and what was left out.
StreetNetwork build_street_network(const OsmData& osm, const Box2& bounds,
                                   const StreetOptions& options, CityReport& report);

/// An area that may be walked on. Areas of one level may overlap: they are united by kind, the
/// earlier kind in the order of precedence wins.
struct WalkArea {
    Polygon area;
    WalkKind kind = WalkKind::Footway;
    std::int8_t level = 0;
    CrossingId crossing;
};

/// A hard line between two levels where people may pass (the foot of a bridge or stair).
struct LevelLink {
    Vec2 at;
    std::int8_t low = 0;
    std::int8_t high = 1;
};

/// The navigation mesh of walkable areas minus obstacles, by constrained Delaunay triangulation.
/// Obstacles (buildings, water) hold on level 0 only, carriageways are cut out by the caller.
WalkMesh build_walk_mesh(const std::vector<WalkArea>& areas, const std::vector<Polygon>& obstacles,
                         const std::vector<LevelLink>& links);

/// Adds an uncontrolled crossing wherever a footway meets a carriageway and no crossing is mapped
/// near, so that people keep their way and drivers know of it. Call before build_walk. Returns how
/// many were added.
std::size_t add_informal_crossings(StreetNetwork& streets, const OsmData& osm, const Box2& bounds);

/// Walkable areas of a city from OSM ways and areas, beside and across its streets; then its mesh.
/// Needs streets, buildings, sea, water and terrain of `city` to be there.
WalkMesh build_walk(const City& city, const OsmData& osm, const std::vector<AreaFeature>& areas,
                    CityReport& report);

} // namespace veste
