#include "city/ground.hpp"
#include "city/walk_areas.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

namespace veste {
namespace {

constexpr double pavement_m = 2.0;
constexpr double narrowest_pavement_m = 0.8;
constexpr double built_up_cell_m = 60.0;

/// Width of the pavement on each side of an OSM way; 0 for none.
struct Pavements {
    double left_m = 0.0;
    double right_m = 0.0;
    bool is_assumed = false;
};

/// Which cells have buildings: streets near them are in a built-up area.
class BuiltUp {
public:
    explicit BuiltUp(const std::vector<Building>& buildings) {
        for (const Building& building : buildings) {
            for (const Vec2& p : building.footprint.outer) {
                cells_.insert(cell(p));
            }
        }
    }
    bool contains(const Vec2& p) const {
        const auto [i, j] = cell(p);
        for (int di = -1; di <= 1; ++di) {
            for (int dj = -1; dj <= 1; ++dj) {
                if (cells_.contains({i + di, j + dj})) {
                    return true;
                }
            }
        }
        return false;
    }

private:
    static std::pair<int, int> cell(const Vec2& p) {
        return {static_cast<int>(std::floor(p.x() / built_up_cell_m)),
                static_cast<int>(std::floor(p.y() / built_up_cell_m))};
    }
    std::set<std::pair<int, int>> cells_;
};

double width_on(const Tags& tags, std::string_view side) {
    const std::string keys[] = {"sidewalk:" + std::string(side) + ":width", "sidewalk:both:width",
                                "sidewalk:width"};
    for (const std::string& key : keys) {
        if (const auto width = parse_length_m(tag(tags, key))) {
            return std::clamp(*width, narrowest_pavement_m, 20.0);
        }
    }
    return pavement_m;
}

/// What the tags say of one side: true, false, or nothing.
std::optional<bool> told(const Tags& tags, const std::string& side) {
    for (const std::string& key : {"sidewalk:" + side, std::string("sidewalk:both")}) {
        const std::string& value = tag(tags, key);
        if (!value.empty()) {
            return value == "yes";
        }
    }
    const std::string& value = tag(tags, "sidewalk");
    if (value.empty()) {
        return std::nullopt;
    }
    return value == "both" || value == "yes" || value == side;
}

Pavements pavements_of(const Tags& tags, const Edge& edge, bool is_built_up, bool is_left_hand) {
    const bool is_usual = is_built_up && edge.highway >= Highway::Primary &&
                          edge.highway <= Highway::Residential && !edge.is_tunnel;
    Pavements pavements;
    for (const bool is_left : {true, false}) {
        const std::string side = is_left ? "left" : "right";
        const std::optional<bool> known = told(tags, side);
        const bool is_inside = edge.is_roundabout && is_left != is_left_hand;
        const bool has_pavement = known.value_or(is_usual && !is_inside);
        pavements.is_assumed = pavements.is_assumed || (!known && has_pavement);
        (is_left ? pavements.left_m : pavements.right_m) =
            has_pavement ? width_on(tags, side) : 0.0;
    }
    return pavements;
}

/// True where the edge runs against the drawing direction of its OSM way.
bool is_against(const Edge& edge, const OsmData& osm, const OsmWay& way) {
    Polyline line;
    for (const std::uint32_t node : way.nodes) {
        line.push_back(osm.nodes[node].at);
    }
    const double middle_m = 0.5 * length_m(edge.line);
    const PlaceOnLine on_edge = place_at(edge.line, middle_m);
    return nearest_place(line, on_edge.at).direction.dot(on_edge.direction) < 0.0;
}

geos::Geometry on_one_side(const Polyline& line, double left_m) {
    const auto free = [](GEOSBufferParams* p) { GEOSBufferParams_destroy_r(geos::context(), p); };
    const std::unique_ptr<GEOSBufferParams, decltype(free)> parameters(
        GEOSBufferParams_create_r(geos::context()), free);
    GEOSBufferParams_setSingleSided_r(geos::context(), parameters.get(), 1);
    GEOSBufferParams_setQuadrantSegments_r(geos::context(), parameters.get(), 3);
    return geos::areal(geos::checked(GEOSBufferWithParams_r(
        geos::context(), geos::line_of(line).get(), parameters.get(), left_m)));
}

void add_area(const geos::Geometry& g, WalkKind kind, std::int8_t level,
              std::vector<WalkArea>& to) {
    for (Polygon& polygon : geos::polygons_of(g)) {
        to.push_back({std::move(polygon), kind, level, {}});
    }
}

/// The levels of the streets at each node.
std::vector<std::set<std::int8_t>> node_levels(const StreetNetwork& streets) {
    std::vector<std::set<std::int8_t>> levels(streets.nodes.size());
    for (const Edge& edge : streets.edges) {
        levels[edge.from.index].insert(street_level(edge));
        levels[edge.to.index].insert(street_level(edge));
    }
    return levels;
}

/// One street, both directions.
struct Street {
    const Edge* edge;
    double half_m;
    std::int8_t level;
    Pavements pavements; ///< left and right of the edge
    bool is_flat;        ///< a bridge or tunnel that ends where another level begins
};

void add_pavements(const Street& street, std::vector<WalkArea>& to) {
    const double left_m = street.pavements.left_m;
    const double right_m = street.pavements.right_m;
    const geos::Geometry line = geos::line_of(street.edge->line);
    if (left_m > 0.0 && right_m > 0.0) {
        // Round ends lead the pavement about corners and dead ends.
        add_area(geos::widened(line, street.half_m + std::max(left_m, right_m),
                               street.is_flat ? GEOSBUF_CAP_FLAT : GEOSBUF_CAP_ROUND),
                 WalkKind::Pavement, street.level, to);
        return;
    }
    if (left_m > 0.0) {
        add_area(on_one_side(street.edge->line, street.half_m + left_m), WalkKind::Pavement,
                 street.level, to);
    }
    if (right_m > 0.0) {
        add_area(on_one_side(street.edge->line, -(street.half_m + right_m)), WalkKind::Pavement,
                 street.level, to);
    }
}

/// Where the pavements, or the shared street, of a bridge or tunnel go on at another level.
void add_links(const Street& street, const std::vector<std::set<std::int8_t>>& levels,
               std::vector<LevelLink>& links) {
    const auto add = [&](NodeId node, const PlaceOnLine& end) {
        for (const std::int8_t other : levels[node.index]) {
            if (other == street.level || std::abs(other) > std::abs(street.level)) {
                continue;
            }
            const LevelLink middle{end.at, std::min(other, street.level),
                                   std::max(other, street.level)};
            if (is_shared(street.edge->highway)) {
                links.push_back(middle);
            }
            const Vec2 left(-end.direction.y(), end.direction.x());
            for (const auto& [side, width_m] :
                 {std::pair(1.0, street.pavements.left_m), {-1.0, street.pavements.right_m}}) {
                if (width_m > 0.0) {
                    LevelLink beside = middle;
                    beside.at += side * (street.half_m + 0.5 * width_m) * left;
                    links.push_back(beside);
                }
            }
        }
    };
    const Polyline& line = street.edge->line;
    add(street.edge->from, place_at(line, 0.0));
    add(street.edge->to, place_at(line, length_m(line)));
}

} // namespace

bool is_shared(Highway highway) {
    return highway == Highway::LivingStreet || highway == Highway::Service ||
           highway == Highway::Pedestrian || highway == Highway::Track ||
           highway == Highway::Cycleway;
}

std::int8_t street_level(const Edge& edge) {
    if (edge.level != 0) {
        return edge.level;
    }
    return static_cast<std::int8_t>(edge.is_tunnel ? -1 : edge.is_bridge ? 1 : 0);
}

double half_width_m(const StreetNetwork& streets, EdgeId id) {
    return 0.5 * carriageway_width_m(streets, id);
}

namespace {

/// The ground of a street's lanes: shared with people, or only crossed by them.
void add_lanes(const Street& street, const Tags& tags, StreetSides& sides) {
    const geos::Geometry lanes =
        geos::widened(geos::line_of(street.edge->line), street.half_m,
                      street.is_flat ? GEOSBUF_CAP_FLAT : GEOSBUF_CAP_ROUND);
    if (!is_shared(street.edge->highway)) {
        for (Polygon& polygon : geos::polygons_of(lanes)) {
            const Box2 box = bounds_of(polygon.outer);
            sides.carriageways.push_back({std::move(polygon), box, street.level});
        }
    } else if (!is_shut(tags)) {
        add_area(lanes, WalkKind::Shared, street.level, sides.shared);
    }
}

} // namespace

StreetSides find_street_sides(const City& city, const OsmData& osm) {
    const StreetNetwork& streets = city.streets;
    std::map<std::int64_t, const OsmWay*> ways;
    for (const OsmWay& way : osm.ways) {
        ways.emplace(way.id, &way);
    }
    const BuiltUp built_up(city.buildings);
    const auto levels = node_levels(streets);
    StreetSides sides;
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const EdgeId id(e);
        const Edge& edge = streets.edge(id);
        if (edge.line.size() < 2 || (edge.opposite.is_valid() && edge.opposite < id)) {
            continue;
        }
        const auto way = ways.find(edge.osm_way);
        static const Tags no_tags;
        const Tags& tags = way == ways.end() ? no_tags : way->second->tags;
        Street street{&edge, half_width_m(streets, id), street_level(edge), {}, false};
        street.is_flat = street.level != 0 &&
                         (levels[edge.from.index].size() > 1 || levels[edge.to.index].size() > 1);
        add_lanes(street, tags, sides);
        const Vec2 middle = place_at(edge.line, 0.5 * length_m(edge.line)).at;
        street.pavements =
            pavements_of(tags, edge, built_up.contains(middle), streets.is_left_hand);
        if (way != ways.end() && is_against(edge, osm, *way->second)) {
            std::swap(street.pavements.left_m, street.pavements.right_m);
        }
        sides.assumed += street.pavements.is_assumed ? 1 : 0;
        add_pavements(street, sides.pavements);
        if (street.is_flat) {
            add_links(street, levels, sides.links);
        }
    }
    return sides;
}

std::vector<WalkArea> off_carriageways(const WalkArea& area,
                                       const std::vector<Carriageway>& carriageways) {
    const Box2 box = bounds_of(area.area.outer);
    std::vector<geos::Geometry> near;
    for (const Carriageway& carriageway : carriageways) {
        if (carriageway.level == area.level && carriageway.box.overlaps(box)) {
            geos::append_areal(geos::polygon_of(carriageway.area).get(), near);
        }
    }
    if (near.empty()) {
        return {area};
    }
    const geos::Geometry lanes = geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(near)));
    std::vector<WalkArea> rest;
    add_area(geos::cut(geos::polygon_of(area.area), lanes), area.kind, area.level, rest);
    return rest;
}

} // namespace veste
