#include "city/walk_areas.hpp"

#include <cstdlib>

namespace veste {
namespace {

constexpr double reach_m = 4.0; // steps rise 2 m within this
constexpr double sliver_m = 0.01;

/// The first metres of the structures of a level that end at a link; empty where there are none.
geos::Geometry structure_at(const LevelLink& link, std::int8_t level,
                            const std::vector<WalkArea>& areas) {
    const Box2 near{link.at - Vec2(reach_m, reach_m), link.at + Vec2(reach_m, reach_m)};
    std::vector<geos::Geometry> parts;
    for (const WalkArea& area : areas) {
        if (area.level == level && bounds_of(area.area.outer).overlaps(near)) {
            geos::append_areal(
                geos::common(geos::polygon_of(area.area), geos::rectangle(near)).get(), parts);
        }
    }
    return geos::united(geos::collection(GEOS_MULTIPOLYGON, std::move(parts)));
}

} // namespace

std::vector<WalkArea> with_headroom(std::vector<WalkArea> areas,
                                    const std::vector<LevelLink>& links) {
    for (const LevelLink& link : links) {
        const bool is_bridge = std::abs(link.high) >= std::abs(link.low);
        const std::int8_t other = is_bridge ? link.low : link.high;
        const geos::Geometry structure =
            structure_at(link, is_bridge ? link.high : link.low, areas);
        if (geos::is_empty(structure)) {
            continue;
        }
        const Box2 near{link.at - Vec2(reach_m, reach_m), link.at + Vec2(reach_m, reach_m)};
        std::vector<WalkArea> rest;
        for (WalkArea& area : areas) {
            if (area.level != other || !bounds_of(area.area.outer).overlaps(near)) {
                rest.push_back(std::move(area));
                continue;
            }
            for (Polygon& polygon :
                 geos::polygons_of(geos::cut(geos::polygon_of(area.area), structure), sliver_m)) {
                rest.push_back({std::move(polygon), area.kind, area.level, area.crossing});
            }
        }
        areas = std::move(rest);
    }
    return areas;
}

} // namespace veste
