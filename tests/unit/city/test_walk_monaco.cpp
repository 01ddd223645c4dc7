#include "base/random.hpp"
#include "city/sources.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <filesystem>

using namespace veste;

namespace {

void check_connected(const City& city) {
    const WalkMesh& mesh = city.walk;
    double largest_m2 = 0.0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        largest_m2 += mesh.triangles[t].component == 0 ? mesh.area_m2(TriangleId(t)) : 0.0;
    }
    CHECK(mesh.total_area_m2() > 400'000.0);
    // What is left is parks inside blocks, car parks underground and ground beyond the border.
    CHECK(largest_m2 > 0.9 * mesh.total_area_m2());
}

void check_dry(const City& city) {
    REQUIRE_FALSE(city.sea.empty());
    std::size_t wet = 0;
    for (const auto* waters : {&city.sea, &city.inland_water}) {
        for (const Polygon& water : *waters) {
            for (const TriangleId t : city.walk.inside(water)) {
                wet += city.walk.triangles[t.index].level == 0 ? 1 : 0;
            }
        }
    }
    CHECK(wet == 0);
}

/// Metres from a point inside a polygon to its border.
double depth_m(const Polygon& polygon, const Vec2& p) {
    const auto to_ring = [&p](Polyline ring) {
        ring.push_back(ring.front());
        return nearest_place(ring, p).distance_m;
    };
    double depth = to_ring(polygon.outer);
    for (const Polyline& hole : polygon.holes) {
        depth = std::min(depth, to_ring(hole));
    }
    return depth;
}

void check_outside_buildings(const City& city) {
    double inside_m2 = 0.0;
    std::vector<std::uint8_t> is_on_way(city.walk.triangles.size(), 0);
    for (const WalkWay& way : city.walk.ways) {
        WalkWay wider = way;
        wider.width_m += 0.5;
        for (const TriangleId t : city.walk.of_way(wider)) {
            is_on_way[t.index] = 1;
        }
    }
    std::size_t off_ways = 0;
    for (const Building& building : city.buildings) {
        for (const TriangleId t : city.walk.inside(building.footprint)) {
            if (city.walk.triangles[t.index].level == 0) {
                inside_m2 += city.walk.area_m2(t);
                // Borders are drawn with 5 cm tolerance: walls may be that much thinner.
                const bool is_inside = depth_m(building.footprint, city.walk.centroid(t)) > 0.06;
                off_ways += is_on_way[t.index] == 0 && is_inside ? 1 : 0;
            }
        }
    }
    CHECK(off_ways == 0);
    CHECK(inside_m2 < 0.01 * city.walk.total_area_m2());
}

void check_no_overlap(const City& city) {
    const WalkMesh& mesh = city.walk;
    int overlaps = 0;
    for (std::uint64_t s = 0; s < 5000; ++s) {
        const UniformPair u = uniform_pair(3, s, 0, Draw::Placement);
        const auto t = TriangleId(
            static_cast<std::size_t>(u.first * static_cast<double>(mesh.triangles.size())));
        const Vec2 p = mesh.centroid(t);
        for (const TriangleId other : mesh.overlapping({p, p})) {
            overlaps += other != t && mesh.contains(other, p) &&
                                mesh.triangles[other.index].level == mesh.triangles[t.index].level
                            ? 1
                            : 0;
        }
    }
    CHECK(overlaps == 0);
}

void check_crossings(const City& city) {
    const std::size_t count = city.streets.crossings.size();
    REQUIRE(count > 300);
    std::vector<std::uint8_t> is_there(count, 0);
    std::vector<std::uint8_t> is_joined(count, 0);
    for (const WalkTriangle& t : city.walk.triangles) {
        if (!t.crossing.is_valid()) {
            continue;
        }
        is_there[t.crossing.index] = 1;
        for (const TriangleId n : t.neighbours) {
            if (n.is_valid() && city.walk.triangles[n.index].crossing != t.crossing) {
                is_joined[t.crossing.index] = 1;
            }
        }
    }
    const auto there = static_cast<double>(std::count(is_there.begin(), is_there.end(), 1));
    const auto joined = static_cast<double>(std::count(is_joined.begin(), is_joined.end(), 1));
    // Some lie on service ways that are walkable themselves, or where nothing is beyond the kerb.
    CHECK(there > 0.85 * static_cast<double>(count));
    CHECK(joined > 0.98 * there);
}

/// The largest part of the mesh within an area of the city, or near a place.
bool is_on_main_part(const City& city, const std::string& name) {
    const auto area = std::find_if(city.areas.begin(), city.areas.end(),
                                   [&](const NamedArea& a) { return a.name == name; });
    REQUIRE(area != city.areas.end());
    double main_m2 = 0.0;
    double all_m2 = 0.0;
    for (const TriangleId t : city.walk.inside(area->area)) {
        all_m2 += city.walk.area_m2(t);
        main_m2 += city.walk.triangles[t.index].component == 0 ? city.walk.area_m2(t) : 0.0;
    }
    CAPTURE(name);
    CHECK(all_m2 > 500.0);
    return main_m2 > 0.95 * all_m2;
}

/// From the squares and the station's exits people can walk to the quay of the harbour.
void check_ways_to_the_harbour(const City& city) {
    CHECK(is_on_main_part(city, "Quai Albert Ier"));
    CHECK(is_on_main_part(city, "Place du Casino"));
    CHECK(is_on_main_part(city, "Place d'Armes"));
    const Projection projection("EPSG:4326", city.epsg, city.origin);
    // Exits of the railway station: Place Sainte-Dévote, Boulevard Princesse Charlotte.
    for (const Vec2& exit : {Vec2(7.42117, 43.73737), Vec2(7.41924, 43.73876)}) {
        const auto near = city.walk.nearest(projection.to_local(exit), 40.0);
        REQUIRE(near);
        CHECK(city.walk.triangles[near->triangle.index].component == 0);
    }
}

void check_slopes(const City& city) {
    const WalkMesh& mesh = city.walk;
    double sum = 0.0;
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        sum += mesh.triangles[t].slope * mesh.area_m2(TriangleId(t));
    }
    const double mean = sum / mesh.total_area_m2();
    CHECK(mean > 0.03);
    CHECK(mean < 0.4);
}

} // namespace

// One case, so that the city is built once.
TEST_CASE("Monaco's mesh joins stations and squares and harbour and is dry and outside buildings") {
    const City city = build_city(std::filesystem::path(VESTE_SOURCE_DIR) / "data/monaco/city.toml",
                                 [](std::string_view) {});
    check_connected(city);
    check_dry(city);
    check_outside_buildings(city);
    check_no_overlap(city);
    check_crossings(city);
    check_slopes(city);
    check_ways_to_the_harbour(city);
}
