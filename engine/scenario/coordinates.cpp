#include "city/polygon_ops.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

/// The projection from a CRS; nullptr where it is not usable, which was told when it was opened.
const Projection* projection_from(const Reading& reading, const std::string& own_crs) {
    return reading.projections.at(own_crs.empty() ? reading.crs : own_crs).get();
}

std::optional<Vec2> projected(const Projection& projection, const Vec2& point) {
    try {
        return projection.to_local(point);
    } catch (const InputError&) {
        return std::nullopt;
    }
}

/// "the city lies at 7.41 to 7.44, 43.72 to 43.75"
std::string where_the_city_is(const Reading& reading, const Projection& projection) {
    Box2 box;
    const Box2& bounds = reading.city.bounds;
    for (const Vec2& corner : {bounds.low, bounds.high, Vec2(bounds.low.x(), bounds.high.y()),
                               Vec2(bounds.high.x(), bounds.low.y())}) {
        box.extend(projection.from_local(corner));
    }
    return fmt::format("the city lies at {:.6g} to {:.6g}, {:.6g} to {:.6g}", box.low.x(),
                       box.high.x(), box.low.y(), box.high.y());
}

} // namespace

void open_crs(Reading& reading, Section& section, const std::string& crs) {
    if (reading.projections.contains(crs)) {
        return;
    }
    std::unique_ptr<Projection>& made = reading.projections[crs];
    try {
        made = std::make_unique<Projection>(crs, reading.city.epsg, reading.city.origin);
    } catch (const InputError& error) {
        section.problem("crs",
                        fmt::format("{}; wanted is a CRS such as \"EPSG:4326\"", error.what()));
    }
}

std::optional<Vec2> local_point(Reading& reading, Section& section, std::string_view key,
                                const Vec2& point, const std::string& own_crs) {
    const Projection* projection = projection_from(reading, own_crs);
    if (projection == nullptr) {
        return std::nullopt;
    }
    auto local = projected(*projection, point);
    if (local && reading.city.bounds.contains(*local)) {
        return local;
    }
    const auto swapped = projected(*projection, Vec2(point.y(), point.x()));
    const bool is_swapped = swapped && reading.city.bounds.contains(*swapped);
    section.problem(key, fmt::format("{:.7g}, {:.7g} lies outside the city; {}{}", point.x(),
                                     point.y(), where_the_city_is(reading, *projection),
                                     is_swapped ? "; x or longitude comes first" : ""));
    return std::nullopt;
}

std::optional<Vec2> local_point(Reading& reading, Section& section, std::string_view key) {
    const auto point = section.point(key);
    return point ? local_point(reading, section, key, *point) : std::nullopt;
}

bool check_in_city(Reading& reading, Section& section, std::string_view key, const Box2& box,
                   const std::string& own_crs) {
    if (box.overlaps(reading.city.bounds)) {
        return true;
    }
    const Projection* projection = projection_from(reading, own_crs);
    section.problem(
        key,
        fmt::format("lies outside the city{}",
                    projection == nullptr ? "" : "; " + where_the_city_is(reading, *projection)));
    return false;
}

std::optional<Polygon> local_polygon(Reading& reading, Section& section, std::string_view key,
                                     const std::string& own_crs) {
    std::vector<Vec2> points = section.points(key);
    const Projection* projection = projection_from(reading, own_crs);
    if (points.empty() || projection == nullptr) {
        return std::nullopt;
    }
    if (points.size() > 3 && points.front() == points.back()) {
        points.pop_back();
    }
    Polygon polygon;
    for (const Vec2& point : points) {
        const auto local = projected(*projection, point);
        if (!local) {
            section.problem(key, fmt::format("{:.7g}, {:.7g} cannot be projected; {}", point.x(),
                                             point.y(), where_the_city_is(reading, *projection)));
            return std::nullopt;
        }
        polygon.outer.push_back(*local);
    }
    if (ring_area_m2(polygon.outer) < 0.0) {
        std::reverse(polygon.outer.begin(), polygon.outer.end());
    }
    if (!is_valid(polygon)) {
        section.problem(key, "crosses itself or has no area; wanted are corners in order around "
                             "the place");
        return std::nullopt;
    }
    if (!check_in_city(reading, section, key, bounds_of(polygon.outer), own_crs)) {
        return std::nullopt;
    }
    return polygon;
}

} // namespace veste::scenario_file
