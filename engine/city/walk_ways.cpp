#include "city/ground.hpp"
#include "city/walk_areas.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace veste {
namespace {

constexpr double narrowest_m = 0.8;
constexpr double widest_m = 60.0;

/// Width of a way whose tags do not tell it, and what kind of ground it is.
struct ClassDefault {
    std::string_view highway;
    WalkKind kind;
    double width_m;
};

constexpr ClassDefault class_defaults[] = {
    {"footway", WalkKind::Footway, 2.0},     {"path", WalkKind::Path, 1.5},
    {"steps", WalkKind::Steps, 2.0},         {"pedestrian", WalkKind::Shared, 6.0},
    {"corridor", WalkKind::Footway, 2.5},    {"platform", WalkKind::Footway, 3.0},
    {"track", WalkKind::Path, 3.0},          {"bridleway", WalkKind::Path, 2.0},
    {"cycleway", WalkKind::Path, 2.5},       {"elevator", WalkKind::Footway, 2.0},
    {"living_street", WalkKind::Shared, 6.0}};

const ClassDefault* class_of(const Tags& tags) {
    const std::string& highway = tag(tags, "highway");
    for (const ClassDefault& known : class_defaults) {
        if (known.highway == highway) {
            return &known;
        }
    }
    return nullptr;
}

double width_of(const Tags& tags, double usual_m) {
    for (const char* key : {"width", "est_width"}) {
        if (const auto width = parse_length_m(tag(tags, key))) {
            return std::clamp(*width, narrowest_m, widest_m);
        }
    }
    return usual_m;
}

bool is_true(const std::string& value) {
    return !value.empty() && value != "no";
}

Polyline line_of(const OsmData& osm, const OsmWay& way) {
    Polyline line;
    for (const std::uint32_t node : way.nodes) {
        const Vec2& p = osm.nodes[node].at;
        if (line.empty() || (p - line.back()).norm() > 1e-3) {
            line.push_back(p);
        }
    }
    return line;
}

/// Way numbers at each node that several foot lines share.
std::map<std::uint32_t, std::vector<std::size_t>> shared_nodes(const std::vector<FootLine>& lines) {
    std::map<std::uint32_t, std::vector<std::size_t>> at_node;
    for (std::size_t l = 0; l < lines.size(); ++l) {
        for (const std::uint32_t node : lines[l].way->nodes) {
            std::vector<std::size_t>& there = at_node[node];
            if (there.empty() || there.back() != l) {
                there.push_back(l);
            }
        }
    }
    return at_node;
}

bool starts_at(const FootLine& line, std::uint32_t node) {
    return line.way->nodes.front() == node;
}
bool ends_at(const FootLine& line, std::uint32_t node) {
    return line.way->nodes.back() == node;
}

/// Cuts a line that ends in the middle of a structure back to the structure's side; returns where.
Vec2 cut_back(FootLine& line, bool is_at_start, const WalkWay& structure) {
    constexpr double step_m = 0.1;
    Polyline& points = line.walk.line;
    if (is_at_start) {
        std::reverse(points.begin(), points.end());
    }
    const double whole_m = length_m(points);
    double kept_m = whole_m;
    while (kept_m > 0.5 * whole_m &&
           nearest_place(structure.line, place_at(points, kept_m).at).distance_m <
               0.5 * structure.width_m) {
        kept_m -= step_m;
    }
    Vec2 at = place_at(points, kept_m).at;
    Polyline shorter;
    double along_m = 0.0;
    for (std::size_t k = 0; k < points.size() && along_m < kept_m; ++k) {
        shorter.push_back(points[k]);
        along_m += k + 1 < points.size() ? (points[k + 1] - points[k]).norm() : 0.0;
    }
    shorter.push_back(at);
    points = std::move(shorter);
    if (is_at_start) {
        std::reverse(points.begin(), points.end());
    }
    return at;
}

/// Joins two lines of different levels at a node both have.
std::optional<LevelLink> link(FootLine& a, FootLine& b, std::uint32_t node, const OsmData& osm) {
    FootLine& structure = std::abs(a.walk.level) >= std::abs(b.walk.level) ? a : b;
    FootLine& ground = &structure == &a ? b : a;
    LevelLink made;
    made.low = std::min(a.walk.level, b.walk.level);
    made.high = std::max(a.walk.level, b.walk.level);
    made.at = osm.nodes[node].at;
    if (starts_at(structure, node)) {
        structure.is_flat_at_start = true;
    } else if (ends_at(structure, node)) {
        structure.is_flat_at_end = true;
    } else if (starts_at(ground, node) || ends_at(ground, node)) {
        const bool is_at_start = starts_at(ground, node);
        made.at = cut_back(ground, is_at_start, structure.walk);
        (is_at_start ? ground.is_flat_at_start : ground.is_flat_at_end) = true;
    } else {
        return std::nullopt; // two lines pass each other: no way from one to the other
    }
    return made;
}

WalkArea as_area(Polygon polygon, const WalkWay& walk) {
    return {std::move(polygon), walk.kind, walk.level, {}};
}

} // namespace

bool is_shut(const Tags& tags) {
    const std::string& foot = tag(tags, "foot");
    const std::string& access = tag(tags, "access");
    if (!foot.empty()) {
        return foot == "no" || foot == "private" || foot == "use_sidepath";
    }
    return access == "no" || access == "private" || access == "customers" || access == "military" ||
           access == "delivery";
}

std::int8_t level_of(const Tags& tags) {
    const std::string& layer = tag(tags, "layer");
    int level = 0;
    const auto [end, error] = std::from_chars(layer.data(), layer.data() + layer.size(), level);
    if (!layer.empty() && error == std::errc() && end == layer.data() + layer.size()) {
        return static_cast<std::int8_t>(std::clamp(level, -10, 10));
    }
    const std::string& tunnel = tag(tags, "tunnel");
    if (is_true(tag(tags, "bridge"))) {
        return 1;
    }
    return is_true(tunnel) && tunnel != "building_passage" ? -1 : 0;
}

std::vector<FootLine> find_foot_lines(const OsmData& osm, const Box2& bounds) {
    std::vector<FootLine> lines;
    for (const OsmWay& way : osm.ways) {
        const ClassDefault* known = class_of(way.tags);
        const bool is_closed = way.nodes.size() > 2 && way.nodes.front() == way.nodes.back();
        if (known == nullptr || is_shut(way.tags) ||
            (is_closed && is_true(tag(way.tags, "area")))) {
            continue;
        }
        const bool needs_permission = known->highway == "cycleway" || known->highway == "bridleway";
        if (needs_permission && !is_true(tag(way.tags, "foot"))) {
            continue;
        }
        FootLine line;
        line.way = &way;
        line.walk = {way.id,
                     tag(way.tags, "name"),
                     width_of(way.tags, known->width_m),
                     level_of(way.tags),
                     known->kind,
                     line_of(osm, way)};
        line.is_crossing = tag(way.tags, "footway") == "crossing";
        line.is_carved = tag(way.tags, "tunnel") == "building_passage" ||
                         is_true(tag(way.tags, "covered")) || is_true(tag(way.tags, "indoor")) ||
                         known->highway == "corridor";
        if (line.walk.line.size() >= 2 && bounds_of(line.walk.line).overlaps(bounds)) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

std::vector<LevelLink> link_foot_lines(const OsmData& osm, std::vector<FootLine>& lines) {
    std::vector<LevelLink> links;
    for (const auto& [node, there] : shared_nodes(lines)) {
        for (std::size_t i = 0; i < there.size(); ++i) {
            for (std::size_t j = i + 1; j < there.size(); ++j) {
                FootLine& a = lines[there[i]];
                FootLine& b = lines[there[j]];
                if (a.walk.level == b.walk.level) {
                    continue;
                }
                if (const auto made = link(a, b, node, osm)) {
                    links.push_back(*made);
                }
            }
        }
    }
    return links;
}

std::vector<WalkArea> areas_of(const FootLine& line) {
    constexpr double widest_end_m = 3.0; // of stairs: they stop square, however wide they are
    const double half_m = 0.5 * line.walk.width_m;
    const double end_m =
        line.walk.kind == WalkKind::Steps ? std::min(half_m, widest_end_m) : half_m;
    const geos::Geometry drawn = geos::line_of(line.walk.line);
    std::vector<WalkArea> areas;
    for (Polygon& polygon : geos::polygons_of(geos::widened(drawn, half_m))) {
        areas.push_back(as_area(std::move(polygon), line.walk));
    }
    // Round ends close the gap to the next way; ends at another level stay square.
    const auto add_disc = [&](const Vec2& at) {
        const Polyline spot = {at, at + Vec2(1e-3, 0.0)};
        const geos::Geometry disc = geos::widened(geos::line_of(spot), end_m, GEOSBUF_CAP_ROUND);
        for (Polygon& polygon : geos::polygons_of(disc)) {
            areas.push_back(as_area(std::move(polygon), line.walk));
        }
    };
    if (!line.is_flat_at_start) {
        add_disc(line.walk.line.front());
    }
    if (!line.is_flat_at_end) {
        add_disc(line.walk.line.back());
    }
    return areas;
}

} // namespace veste
