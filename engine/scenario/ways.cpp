#include "city/polygon_ops.hpp"
#include "city/walk_levels.hpp"
#include "scenario/drawn.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

template <class T> void keep_once(std::vector<T>& list) {
    std::sort(list.begin(), list.end(), [](T a, T b) { return a.index < b.index; });
    list.erase(std::unique(list.begin(), list.end()), list.end());
}

/// Collects what a change's table names.
class WayFinder {
public:
    WayFinder(Reading& reading, Section& section) : reading_(reading), section_(section) {}

    Ways find() {
        add_streets();
        add_ids();
        if (section_.knows("footpath")) {
            add_footpaths();
        }
        add_places();
        if (section_.has("polygon")) {
            if (const auto polygon = local_polygon(reading_, section_, "polygon")) {
                add_area(*polygon, std::nullopt, "a polygon");
            }
        }
        keep_once(ways_.edges);
        keep_once(ways_.triangles);
        ways_.text = fmt::format("{}", fmt::join(texts_, ", "));
        return std::move(ways_);
    }

private:
    const City& city() const { return reading_.city; }

    void add_streets() {
        const std::vector<std::string> known = names_of(reading_.streets);
        for (const Named& name : section_.names("street")) {
            if (!reading_.streets.contains(name.name) && reading_.footpaths.contains(name.name)) {
                section_.problem_at(name.place, "street",
                                    fmt::format("\"{0}\" is not driven on; wanted is footpath = "
                                                "\"{0}\"",
                                                name.name));
            } else if (find_name(section_, "street", name, "street", known)) {
                const auto& edges = reading_.streets.at(name.name);
                ways_.edges.insert(ways_.edges.end(), edges.begin(), edges.end());
                texts_.push_back(name.name);
            }
        }
    }

    void add_footpath(const WalkWay& way) {
        const auto triangles = city().walk.of_way(way);
        ways_.triangles.insert(ways_.triangles.end(), triangles.begin(), triangles.end());
        ways_.footpaths.push_back(way.line);
    }

    void add_ids() {
        for (const std::int64_t id : section_.ids("way")) {
            bool is_known = false;
            for (std::size_t e = 0; e < city().streets.edges.size(); ++e) {
                if (city().streets.edges[e].osm_way == id) {
                    ways_.edges.emplace_back(e);
                    is_known = true;
                }
            }
            for (const WalkWay& way : city().walk.ways) {
                if (way.osm_way == id) {
                    add_footpath(way);
                    is_known = true;
                }
            }
            if (!is_known) {
                section_.problem("way", fmt::format("no street or footpath of the city has the OSM "
                                                    "way id {}",
                                                    id));
            }
            texts_.push_back(fmt::format("way {}", id));
        }
    }

    void add_footpaths() {
        const std::vector<std::string> known = names_of(reading_.footpaths);
        for (const Named& name : section_.names("footpath")) {
            if (find_name(section_, "footpath", name, "footpath", known)) {
                for (const std::uint32_t way : reading_.footpaths.at(name.name)) {
                    add_footpath(city().walk.ways[way]);
                }
                texts_.push_back(name.name);
            }
        }
    }

    void add_places() {
        for (const Named& name : section_.names("place")) {
            if (const auto id = find_place(reading_, section_, "place", name, PlaceUse::Ground)) {
                add_area(reading_.scenario.place(*id).area, level_of(reading_.places[id->index]),
                         name.name);
            }
        }
    }

    void add_area(const Polygon& area, std::optional<std::int8_t> level, const std::string& text) {
        const auto edges = edges_inside(city().streets, area);
        ways_.edges.insert(ways_.edges.end(), edges.begin(), edges.end());
        const auto triangles = inside(city().walk, area, level);
        ways_.triangles.insert(ways_.triangles.end(), triangles.begin(), triangles.end());
        ways_.areas.push_back(area);
        texts_.push_back(text);
    }

    Reading& reading_;
    Section& section_;
    Ways ways_;
    std::vector<std::string> texts_;
};

Vec2 middle_of_street(const StreetNetwork& streets, const std::vector<EdgeId>& edges) {
    Vec2 mean(0.0, 0.0);
    for (const EdgeId id : edges) {
        mean += place_at(streets.edge(id).line, 0.5 * streets.edge(id).length_m).at;
    }
    return mean / static_cast<double>(edges.size());
}

} // namespace

Ways find_ways(Reading& reading, Section& section) {
    return WayFinder(reading, section).find();
}

std::vector<EdgeId> edges_inside(const StreetNetwork& streets, const Polygon& area) {
    std::vector<EdgeId> edges;
    const Box2 box = bounds_of(area.outer);
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const Polyline& line = streets.edges[e].line;
        const Vec2 middle = place_at(line, 0.5 * length_m(line)).at;
        if (box.contains(middle) && contains(area, middle)) {
            edges.emplace_back(e);
        }
    }
    return edges;
}

std::optional<EdgeId> nearest_edge(const StreetNetwork& streets, const Vec2& point, double reach_m,
                                   std::optional<VehicleClass> c) {
    std::optional<EdgeId> nearest;
    double best_m = reach_m;
    for (std::size_t e = 0; e < streets.edges.size(); ++e) {
        const double away_m = nearest_place(streets.edges[e].line, point).distance_m;
        if (away_m < best_m && (!c || streets.allows(EdgeId(e), *c))) {
            best_m = away_m;
            nearest = EdgeId(e);
        }
    }
    return nearest;
}

std::optional<Vec2> find_spot(Reading& reading, Section& section, std::string_view key) {
    const auto reference = section.reference(key);
    if (!reference) {
        return std::nullopt;
    }
    if (reference->point) {
        return local_point(reading, section, key, *reference->point);
    }
    std::vector<std::string> known = place_names(reading.scenario);
    const auto place = std::find(known.begin(), known.end(), reference->name);
    if (place != known.end()) {
        const auto index = static_cast<std::size_t>(place - known.begin());
        return reading.is_place_broken[index] != 0
                   ? std::nullopt
                   : std::optional(point_inside(reading.scenario.places[index].area));
    }
    const std::vector<std::string> stations = names_in(reading.city.assets.stations);
    if (std::find(stations.begin(), stations.end(), reference->name) != stations.end()) {
        const auto index =
            find_name(section, key, {reference->name, reference->place}, "station", stations);
        return index ? std::optional(reading.city.assets.stations[*index].at) : std::nullopt;
    }
    known.insert(known.end(), stations.begin(), stations.end());
    if (reading.streets.contains(reference->name)) {
        const auto& edges = reading.streets.at(reference->name);
        // The middle of a bent street may lie off it: the street's own nearest point counts.
        const Vec2 mean = middle_of_street(reading.city.streets, edges);
        PlaceOnLine best;
        for (const EdgeId id : edges) {
            const PlaceOnLine place_on = nearest_place(reading.city.streets.edge(id).line, mean);
            best = place_on.distance_m < best.distance_m ? place_on : best;
        }
        return best.at;
    }
    for (const std::string& name : names_of(reading.streets)) {
        known.push_back(name);
    }
    find_name(section, key, {reference->name, reference->place}, "place, station or street", known);
    return std::nullopt;
}

} // namespace veste::scenario_file
