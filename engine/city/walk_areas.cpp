#include "city/walk_areas.hpp"

#include "base/parallel.hpp"
#include "city/ground.hpp"
#include "city/mesh_assembly.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <set>
#include <string_view>

namespace veste {
namespace {

constexpr double smallest_part_m2 = 50.0;
/// Areas are drawn edge to edge at best to some centimetres: a little wider, neighbours touch.
constexpr double touch_m = 0.05;

/// Ways that are drawn as areas.
std::optional<WalkKind> kind_of_way(const Tags& tags) {
    const std::string& highway = tag(tags, "highway");
    if (highway == "pedestrian") {
        return WalkKind::Square;
    }
    if (highway == "footway" || highway == "platform" || highway == "corridor") {
        return tag(tags, "footway") == "sidewalk" ? WalkKind::Pavement : WalkKind::Footway;
    }
    if (highway == "path") {
        return WalkKind::Path;
    }
    if (highway == "living_street") {
        return WalkKind::Shared;
    }
    return highway == "steps" ? std::optional(WalkKind::Steps) : std::nullopt;
}

/// What people may do on areas of these tags, the first that fits.
struct OpenGround {
    std::string_view key;
    std::string_view value;
    WalkKind kind;
};
constexpr OpenGround open_grounds[] = {
    {"place", "square", WalkKind::Square},
    {"amenity", "marketplace", WalkKind::Square},
    {"man_made", "pier", WalkKind::Square},
    {"man_made", "quay", WalkKind::Square},
    {"leisure", "park", WalkKind::Park},
    {"leisure", "playground", WalkKind::Park},
    {"leisure", "dog_park", WalkKind::Park},
    {"leisure", "common", WalkKind::Park},
    {"landuse", "village_green", WalkKind::Park},
    {"landuse", "recreation_ground", WalkKind::Park},
    {"leisure", "garden", WalkKind::Park},
    {"natural", "beach", WalkKind::Path},
    {"natural", "sand", WalkKind::Path},
    {"public_transport", "platform", WalkKind::Footway},
    {"railway", "platform", WalkKind::Footway},
    {"amenity", "parking", WalkKind::Shared},
};

std::optional<WalkKind> open_kind(const AreaFeature& feature) {
    const Tags& tags = feature.tags;
    if (!tag(tags, "highway").empty()) {
        const bool is_area = feature.osm_id <= 0 || tag(tags, "area") == "yes";
        return is_area ? kind_of_way(tags) : std::nullopt;
    }
    for (const OpenGround& ground : open_grounds) {
        if (tag(tags, std::string(ground.key)) != ground.value) {
            continue;
        }
        const bool is_private_garden =
            ground.value == "garden" && tag(tags, "garden:type") == "residential";
        const std::string& parking = tag(tags, "parking");
        const bool is_in_house =
            ground.value == "parking" && !parking.empty() && parking != "surface";
        if (!is_private_garden && !is_in_house) {
            return ground.kind;
        }
    }
    return std::nullopt;
}

/// Cuts every area by the carriageways of its level and by the city's bounds.
std::vector<WalkArea> trimmed(const std::vector<WalkArea>& areas,
                              const std::vector<Carriageway>& carriageways, const Box2& bounds) {
    std::vector<std::vector<WalkArea>> parts(areas.size());
    parallel_for(areas.size(), 16, [&](std::size_t a) {
        const Box2 box = bounds_of(areas[a].area.outer);
        if (!box.overlaps(bounds)) {
            return;
        }
        WalkArea area = areas[a];
        if (bounds.contains(box.low) && bounds.contains(box.high)) {
            parts[a] = off_carriageways(area, carriageways);
            return;
        }
        for (Polygon& polygon : geos::polygons_of(
                 geos::common(geos::polygon_of(area.area), geos::rectangle(bounds)))) {
            area.area = std::move(polygon);
            for (WalkArea& rest : off_carriageways(area, carriageways)) {
                parts[a].push_back(std::move(rest));
            }
        }
    });
    std::vector<WalkArea> all;
    for (std::vector<WalkArea>& some : parts) {
        std::move(some.begin(), some.end(), std::back_inserter(all));
    }
    return all;
}

/// Buildings without the passages through them, sea and inland water.
std::vector<Polygon> find_obstacles(const City& city, const std::vector<FootLine>& lines) {
    std::vector<std::pair<Box2, Polygon>> passages;
    for (const FootLine& line : lines) {
        if (!line.is_carved || line.walk.level != 0) {
            continue;
        }
        for (WalkArea& area : areas_of(line)) {
            passages.emplace_back(bounds_of(area.area.outer), std::move(area.area));
        }
    }
    std::vector<Polygon> obstacles;
    for (const Building& building : city.buildings) {
        const Box2 box = bounds_of(building.footprint.outer);
        std::vector<geos::Geometry> cuts;
        for (const auto& [around, passage] : passages) {
            if (around.overlaps(box)) {
                geos::append_areal(geos::polygon_of(passage).get(), cuts);
            }
        }
        if (cuts.empty()) {
            obstacles.push_back(building.footprint);
            continue;
        }
        const geos::Geometry open =
            geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(cuts)));
        for (Polygon& rest :
             geos::polygons_of(geos::cut(geos::polygon_of(building.footprint), open))) {
            obstacles.push_back(std::move(rest));
        }
    }
    obstacles.insert(obstacles.end(), city.sea.begin(), city.sea.end());
    obstacles.insert(obstacles.end(), city.inland_water.begin(), city.inland_water.end());
    return obstacles;
}

/// What layers draw as shared lies over the carriageways: people walk there too.
std::vector<WalkArea> shared_ground(std::vector<WalkArea> drawn, const Box2& bounds) {
    std::erase_if(drawn, [](const WalkArea& area) { return area.kind != WalkKind::Shared; });
    return trimmed(drawn, {}, bounds);
}

void report_mesh(const WalkMesh& mesh, double left_out_m2, CityReport& report) {
    constexpr std::array kinds = {"pavement", "footway", "square",   "park",
                                  "path",     "steps",   "crossing", "shared street"};
    std::array<double, 8> by_kind{};
    double largest_m2 = 0.0;
    std::uint32_t parts = 0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const WalkTriangle& triangle = mesh.triangles[t];
        const double area = mesh.area_m2(TriangleId(t));
        by_kind[static_cast<std::size_t>(triangle.kind)] += area;
        largest_m2 += triangle.component == 0 ? area : 0.0;
        parts = std::max(parts, triangle.component + 1);
    }
    const double total_m2 = mesh.total_area_m2();
    report.found.push_back(fmt::format("walkable area: {:.0f} m² in {} triangles, {} ways",
                                       total_m2, mesh.triangles.size(), mesh.ways.size()));
    std::string list;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
        list += fmt::format("{}{} {:.0f} m²", k == 0 ? "" : ", ", kinds[k], by_kind[k]);
    }
    report.found.push_back("walkable area by kind: " + list);
    report.found.push_back(fmt::format(
        "walkable area: {} connected parts, the largest holds {:.1f} %; parts below {:.0f} m² "
        "left out: {:.0f} m²",
        parts, total_m2 > 0.0 ? 100.0 * largest_m2 / total_m2 : 0.0, smallest_part_m2,
        left_out_m2));
}

/// Ways that a scenario may close: foot lines, and streets shared with people.
std::vector<WalkWay> closable_ways(const City& city, const std::vector<FootLine>& lines) {
    std::vector<WalkWay> ways;
    std::set<std::int64_t> known;
    for (const FootLine& line : lines) {
        ways.push_back(line.walk);
        known.insert(line.walk.osm_way);
    }
    for (std::size_t e = 0; e < city.streets.edges.size(); ++e) {
        const Edge& edge = city.streets.edges[e];
        const bool is_second = edge.opposite.is_valid() && edge.opposite < EdgeId(e);
        if (is_shared(edge.highway) && !is_second && !known.contains(edge.osm_way)) {
            ways.push_back({edge.osm_way, edge.name, 2.0 * half_width_m(city.streets, EdgeId(e)),
                            street_level(edge), WalkKind::Shared, edge.line});
        }
    }
    return ways;
}

} // namespace

std::vector<WalkArea> find_open_areas(const std::vector<AreaFeature>& areas, const Box2& bounds) {
    std::vector<WalkArea> open;
    for (const AreaFeature& feature : areas) {
        const std::optional<WalkKind> kind = open_kind(feature);
        if (!kind || is_shut(feature.tags) || !bounds_of(feature.area.outer).overlaps(bounds)) {
            continue;
        }
        const geos::Geometry wider = geos::widened(geos::polygon_of(feature.area), touch_m,
                                                   GEOSBUF_CAP_FLAT, GEOSBUF_JOIN_MITRE);
        for (Polygon& polygon : geos::polygons_of(wider)) {
            open.push_back({std::move(polygon), *kind, level_of(feature.tags), {}});
        }
    }
    return open;
}

WalkMesh build_walk(const City& city, const OsmData& osm, const std::vector<AreaFeature>& areas,
                    CityReport& report) {
    std::vector<FootLine> lines = find_foot_lines(osm, city.bounds);
    std::vector<LevelLink> links = link_foot_lines(osm, lines);
    const StreetSides sides = find_street_sides(city, osm);
    links.insert(links.end(), sides.links.begin(), sides.links.end());

    std::vector<WalkArea> ground = find_open_areas(areas, city.bounds);
    std::vector<AreaFeature> of_layers;
    std::copy_if(areas.begin(), areas.end(), std::back_inserter(of_layers),
                 [](const AreaFeature& area) { return area.osm_id == 0; });
    const std::vector<WalkArea> drawn = find_open_areas(of_layers, city.bounds);
    for (const LevelLink& link : link_layer_areas(drawn)) {
        links.push_back(link);
    }
    ground.insert(ground.end(), sides.pavements.begin(), sides.pavements.end());
    ground.insert(ground.end(), sides.shared.begin(), sides.shared.end());
    for (const FootLine& line : lines) {
        for (WalkArea& area : areas_of(line)) {
            ground.push_back(std::move(area));
        }
    }
    ground = trimmed(ground, sides.carriageways, city.bounds);
    for (WalkArea& area : shared_ground(drawn, city.bounds)) {
        ground.push_back(std::move(area));
    }
    for (WalkArea& area : find_crossing_areas(city.streets, lines, sides, ground)) {
        ground.push_back(std::move(area));
    }

    WalkMesh mesh = build_walk_mesh(ground, find_obstacles(city, lines), links);
    const double whole_m2 = mesh.total_area_m2();
    number_parts(mesh, smallest_part_m2);
    mesh.ways = closable_ways(city, lines);
    set_slopes(city.terrain, mesh);
    set_directions(lines, mesh);
    report_mesh(mesh, whole_m2 - mesh.total_area_m2(), report);
    if (sides.assumed > 0) {
        report.assumed.push_back(fmt::format(
            "pavements on both sides of {} streets in built-up areas that no tag describes",
            sides.assumed));
    }
    return mesh;
}

} // namespace veste
