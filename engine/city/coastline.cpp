#include "city/ground.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste {
namespace {

constexpr double pier_width_m = 3.0;
constexpr double breakwater_width_m = 6.0;
constexpr double step_aside_m = 0.05; ///< how far beside the coastline its two sides are probed

/// Coastline ways as directed lines: land to the left, water to the right.
std::vector<Polyline> coastlines(const OsmData& osm) {
    std::vector<Polyline> lines;
    for (const OsmWay& way : osm.ways) {
        if (tag(way.tags, "natural") != "coastline") {
            continue;
        }
        Polyline line;
        for (const std::uint32_t node : way.nodes) {
            const Vec2& p = osm.nodes[node].at;
            if (line.empty() || p != line.back()) {
                line.push_back(p);
            }
        }
        if (line.size() >= 2) {
            lines.push_back(std::move(line));
        }
    }
    return lines;
}

Vec2 nearest_on_border(const Vec2& p, const Box2& box) {
    const double away[] = {p.x() - box.low.x(), box.high.x() - p.x(), p.y() - box.low.y(),
                           box.high.y() - p.y()};
    switch (std::min_element(std::begin(away), std::end(away)) - std::begin(away)) {
    case 0:
        return {box.low.x() - 1.0, p.y()};
    case 1:
        return {box.high.x() + 1.0, p.y()};
    case 2:
        return {p.x(), box.low.y() - 1.0};
    default:
        return {p.x(), box.high.y() + 1.0};
    }
}

bool is_inside(const Box2& box, const Vec2& p) {
    return p.x() > box.low.x() && p.x() < box.high.x() && p.y() > box.low.y() &&
           p.y() < box.high.y();
}

/// Where the coastline breaks off inside the bounds (the extract was cut there), straight lines to
/// the nearest border.
std::vector<Polyline> extensions(const std::vector<Polyline>& lines, const Box2& bounds) {
    std::vector<Vec2> ends;
    for (const Polyline& line : lines) {
        if (line.front() != line.back()) {
            ends.push_back(line.front());
            ends.push_back(line.back());
        }
    }
    std::vector<Polyline> extra;
    for (const Vec2& end : ends) {
        const auto meets = [&](const Vec2& other) { return other == end; };
        if (is_inside(bounds, end) && std::count_if(ends.begin(), ends.end(), meets) == 1) {
            extra.push_back({end, nearest_on_border(end, bounds)});
        }
    }
    return extra;
}

/// Length of coastline that has the face on its water side less that on its land side.
std::vector<double> water_votes(const std::vector<Polygon>& faces,
                                const std::vector<Polyline>& lines) {
    std::vector<Box2> boxes;
    boxes.reserve(faces.size());
    for (const Polygon& face : faces) {
        boxes.push_back(bounds_of(face.outer));
    }
    std::vector<double> votes(faces.size(), 0.0);
    const auto vote = [&](const Vec2& p, double weight) {
        for (std::size_t f = 0; f < faces.size(); ++f) {
            if (boxes[f].contains(p) && contains(faces[f], p)) {
                votes[f] += weight;
                return;
            }
        }
    };
    for (const Polyline& line : lines) {
        for (std::size_t k = 0; k + 1 < line.size(); ++k) {
            const Vec2 along = line[k + 1] - line[k];
            const double length = along.norm();
            const Vec2 left = Vec2(-along.y(), along.x()) / length;
            // Several probes: a long segment may be crossed by the border or another line.
            for (const double share : {0.1, 0.3, 0.5, 0.7, 0.9}) {
                const Vec2 at = line[k] + share * along;
                vote(at - step_aside_m * left, 0.2 * length);
                vote(at + step_aside_m * left, -0.2 * length);
            }
        }
    }
    return votes;
}

bool is_sea_work(const Tags& tags) {
    const std::string& kind = tag(tags, "man_made");
    return kind == "pier" || kind == "breakwater" || kind == "groyne" || kind == "quay";
}

/// Piers and breakwaters drawn as areas or as lines: people stand there, so they are land.
std::vector<Polygon> sea_works(const OsmData& osm, const std::vector<AreaFeature>& areas) {
    std::vector<Polygon> works;
    for (const AreaFeature& area : areas) {
        if (is_sea_work(area.tags)) {
            works.push_back(area.area);
        }
    }
    for (const OsmWay& way : osm.ways) {
        if (!is_sea_work(way.tags) || way.nodes.size() < 2 ||
            way.nodes.front() == way.nodes.back()) {
            continue;
        }
        Polyline line;
        for (const std::uint32_t node : way.nodes) {
            line.push_back(osm.nodes[node].at);
        }
        const double usual =
            tag(way.tags, "man_made") == "pier" ? pier_width_m : breakwater_width_m;
        const double width = parse_length_m(tag(way.tags, "width")).value_or(usual);
        for (Polygon& polygon : widened(line, 0.5 * width)) {
            works.push_back(std::move(polygon));
        }
    }
    return works;
}

} // namespace

std::vector<Polygon> build_sea(const OsmData& osm, const std::vector<AreaFeature>& areas,
                               const Box2& bounds, CityReport& report) {
    const std::vector<Polyline> coast = coastlines(osm);
    if (coast.empty()) {
        return {};
    }
    std::vector<Polyline> lines = coast;
    const std::vector<Polyline> extra = extensions(coast, bounds);
    lines.insert(lines.end(), extra.begin(), extra.end());
    if (!extra.empty()) {
        report.warnings.push_back(fmt::format(
            "the coastline breaks off at {} places inside the area, the first near {:.0f} m east "
            "and {:.0f} m north of its south-west corner: led straight to the border there",
            extra.size(), extra.front().front().x(), extra.front().front().y()));
    }
    Polyline border = as_polygon(bounds).outer;
    border.push_back(border.front());
    lines.push_back(border);
    const std::vector<Polygon> faces = faces_of(lines);
    const std::vector<double> votes = water_votes(faces, coast);
    std::vector<Polygon> sea;
    for (std::size_t f = 0; f < faces.size(); ++f) {
        if (votes[f] > 0.0 && bounds.contains(point_inside(faces[f]))) {
            sea.push_back(faces[f]);
        }
    }
    return sea.empty() ? sea : cut(sea, sea_works(osm, areas));
}

} // namespace veste
