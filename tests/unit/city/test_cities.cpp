#include "base/parallel.hpp"
#include "city/city.hpp"
#include "city/sources.hpp"
#include "ground_support.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

using namespace veste;
using namespace ground_test;

namespace {

City build(const std::string& name) {
    return build_city(data(name) / "city.toml", [](std::string_view) {});
}

double total_m2(const std::vector<Polygon>& polygons) {
    double sum = 0.0;
    for (const Polygon& polygon : polygons) {
        sum += area_m2(polygon);
    }
    return sum;
}

bool is_told(const std::vector<std::string>& lines, const std::string& part) {
    return std::any_of(lines.begin(), lines.end(),
                       [&](const std::string& line) { return has(line, part); });
}

const NamedArea* find_area(const City& city, const std::string& name) {
    const auto found = std::find_if(city.areas.begin(), city.areas.end(),
                                    [&](const NamedArea& a) { return a.name == name; });
    return found == city.areas.end() ? nullptr : &*found;
}

Vec2 local(const City& city, double longitude_deg, double latitude_deg) {
    return Projection("EPSG:4326", city.epsg, city.origin).to_local({longitude_deg, latitude_deg});
}

} // namespace

TEST_CASE("Monaco has streets and signals and crossings and a sea that its elevation fits") {
    const City city = build("monaco");
    CHECK(city.epsg == 32632);
    CHECK(city.latitude_deg == doctest::Approx(43.7378).epsilon(1e-4));
    CHECK(city.longitude_deg == doctest::Approx(7.42425).epsilon(1e-4));

    // The harbour and the open water before it are sea; the rock, the quays and the casino are not.
    const auto is_sea = [&](double lon, double lat) {
        return city.terrain.is_sea.at(local(city, lon, lat)) == 1;
    };
    CHECK(is_sea(7.4265, 43.7350));
    CHECK(is_sea(7.4370, 43.7300));
    CHECK(is_sea(7.4212, 43.7293));
    CHECK(!is_sea(7.4203, 43.7311));
    CHECK(!is_sea(7.4243, 43.7308));
    CHECK(!is_sea(7.4280, 43.7392));
    CHECK(!is_sea(7.4213, 43.7350));
    // Of 2.5 x 3.1 km, somewhat less than half is water.
    CHECK(total_m2(city.sea) > 2.0e6);
    CHECK(total_m2(city.sea) < 4.5e6);

    // The palace square on its rock, the casino's place and the harbour's quay.
    const auto ground = [&](double lon, double lat) {
        return sample_bilinear(city.terrain.ground_m, local(city, lon, lat));
    };
    CHECK(ground(7.4203, 43.7311) > 45.0);
    CHECK(ground(7.4203, 43.7311) < 70.0);
    CHECK(ground(7.4280, 43.7392) > 25.0);
    CHECK(ground(7.4280, 43.7392) < 60.0);
    CHECK(ground(7.4212, 43.7350) < 10.0);
    CHECK(ground(7.4265, 43.7350) == 0.0);

    CHECK(city.streets.edges.size() > 500);
    CHECK(city.streets.signals.size() >= 5);
    CHECK(city.streets.crossings.size() > 100);
    CHECK(city.buildings.size() > 1300);
    CHECK(city.buildings.size() < 1700);
    CHECK(city.walk.triangles.size() > 5000);
    CHECK(city.assets.lamps.size() > 1000);
    CHECK(is_told(city.report.found, "26 street lamps"));
    CHECK(!city.assets.feeders.empty());
    CHECK(city.assets.signal_feeder.size() == city.streets.signals.size());
    CHECK(!city.assets.stations.empty());

    const NamedArea* harbour = find_area(city, "Port Hercule de Monaco");
    REQUIRE(harbour != nullptr);
    CHECK(contains(harbour->area, local(city, 7.4265, 43.7350)));
    CHECK(find_area(city, "Place du Casino") != nullptr);
}

TEST_CASE("Scheveningen has 844 buildings in LoD2 and a dune with a low bowl behind it") {
    const City city = build("scheveningen");
    CHECK(city.epsg == 28992);
    std::set<std::string> ids;
    for (const Building& building : city.buildings) {
        ids.insert(building.source_id);
        CHECK(!building.is_height_assumed);
    }
    CHECK(ids.size() == 844);
    CHECK(city.streets.edges.empty());
    CHECK(city.terrain.shape().cell_m == 1.0);
    CHECK(city.terrain.has_elevation);
    // The terrain file's own minimum and maximum are 2.48 m and 15.85 m.
    const auto [low, high] = std::minmax_element(city.terrain.ground_m.values.begin(),
                                                 city.terrain.ground_m.values.end());
    CHECK(*low == doctest::Approx(2.48).epsilon(0.02));
    CHECK(*high == doctest::Approx(15.85).epsilon(0.02));
    CHECK(is_told(city.report.assumed, "of the land has no elevation"));
}

TEST_CASE("Delft has BGT ground and water and houses as high as LiDAR sees them") {
    const City city = build("delft");
    CHECK(city.terrain.shape().columns == 530);
    CHECK(city.terrain.shape().rows == 460);
    CHECK(city.buildings.size() >= 150);
    double highest = 0.0;
    std::size_t assumed = 0;
    for (const Building& building : city.buildings) {
        highest = std::max(highest, building.height_m);
        assumed += building.is_height_assumed ? 1 : 0;
    }
    CHECK(highest > 10.0);
    CHECK(highest < 30.0);
    CHECK(assumed < city.buildings.size() / 10);
    CHECK(is_told(city.report.found, "building heights from the surface model"));
    CHECK(!city.inland_water.empty());
    // Cells of 0.25 m²: at least 2,000 m² of each.
    std::size_t carriageway = 0;
    std::size_t pavement = 0;
    for (const std::uint8_t kind : city.terrain.surface.values) {
        carriageway += kind == static_cast<std::uint8_t>(Surface::Carriageway) ? 1 : 0;
        pavement += kind == static_cast<std::uint8_t>(Surface::Pavement) ? 1 : 0;
    }
    CHECK(carriageway > 8000);
    CHECK(pavement > 8000);
    CHECK(!city.walk.triangles.empty());
    // Pavements are joined by the local streets between them.
    CHECK(city.walk.total_area_m2() > 5000.0);
    double largest_m2 = 0.0;
    for (std::size_t t = 0; t < city.walk.triangles.size(); ++t) {
        largest_m2 +=
            city.walk.triangles[t].component == 0 ? city.walk.area_m2(TriangleId(t)) : 0.0;
    }
    CHECK(largest_m2 > 0.75 * city.walk.total_area_m2());
}

TEST_CASE("Helsinki has its 586 lamps and signals of 135 nodes in its UTM zone") {
    const City city = build("helsinki");
    CHECK(city.epsg == 32635);
    const auto known = std::count_if(city.assets.lamps.begin(), city.assets.lamps.end(),
                                     [](const Lamp& lamp) { return !lamp.is_assumed; });
    CHECK(known == 586);
    std::set<std::int64_t> nodes;
    for (const Signal& signal : city.streets.signals) {
        nodes.insert(signal.osm_ids.begin(), signal.osm_ids.end());
    }
    const Projection projection("EPSG:4326", city.epsg, city.origin);
    std::size_t tagged = 0;
    std::size_t used = 0;
    for (const OsmNode& node : read_osm(data("helsinki/helsinki.osm.pbf"), projection).nodes) {
        if (tag(node.tags, "highway") == "traffic_signals") {
            ++tagged;
            used += nodes.count(node.id);
        }
    }
    CHECK(tagged == 135);
    // Signals away from any junction, and those of trams and cycle tracks alone, drop out.
    CHECK(used > 90);
    CHECK(city.streets.signals.size() < nodes.size());
    CHECK(city.streets.crossings.size() > 100);
    CHECK(city.buildings.size() > 400);
    CHECK(city.assets.signs.size() > 1000);
    CHECK(!city.terrain.has_elevation);
    CHECK(is_told(city.report.assumed, "no elevation source"));
}

TEST_CASE("Barakaldo has 5 m ground and buildings out of their height raster") {
    const City city = build("barakaldo");
    CHECK(city.epsg == 25830);
    CHECK(city.terrain.shape().columns == 681);
    // The terrain file's own minimum and maximum are -2 and 103 m.
    const auto [low, high] = std::minmax_element(city.terrain.ground_m.values.begin(),
                                                 city.terrain.ground_m.values.end());
    CHECK(*low >= -2.0F);
    CHECK(*high > 95.0F);
    CHECK(*high <= 103.0F);
    CHECK(city.buildings.size() > 500);
    double area = 0.0;
    for (const Building& building : city.buildings) {
        CHECK(building.height_m > 2.0);
        CHECK(building.height_m <= 52.0);
        area += area_m2(building.footprint);
    }
    // 22 % of the raster's cells are above 2 m.
    CHECK(area > 1e6);
    CHECK(area < 4e6);
    const auto blocked =
        std::count(city.terrain.is_blocked.values.begin(), city.terrain.is_blocked.values.end(), 1);
    // Courtyards whose ground falls away without a way out count as roofs.
    CHECK(25.0 * static_cast<double>(blocked) > 0.98 * area);
    CHECK(25.0 * static_cast<double>(blocked) < 1.05 * area);
}

TEST_CASE("the digest changes with what the city is and not with its recipe's file name") {
    const Folder folder;
    const std::string tif = slurp(data("barakaldo/DEM.tif"));
    const std::string recipe =
        "cell_m = 20\ncrs = \"EPSG:25830\"\n[[elevation]]\nfile = \"a.tif\"\n";
    folder.write("a.tif", tif);
    const auto one = folder.write("one.toml", recipe);
    const auto two = folder.write("two.toml", recipe);
    const auto quiet = [](std::string_view) {};
    const std::string first = build_city(one, quiet).digest;
    CHECK(first == build_city(two, quiet).digest);
    folder.write("two.toml", "name = \"x\"\n" + recipe);
    CHECK(first != build_city(two, quiet).digest);
}

TEST_CASE("one and four threads and another build make the same city file byte for byte") {
    const Folder folder;
    folder.write("streets.osm.pbf", slurp(data("helsinki/helsinki.osm.pbf")));
    const auto file = folder.write("city.toml", "[area]\nbbox = [24.940, 60.167, 24.948, 60.171]\n"
                                                "[[osm]]\nfile = \"streets.osm.pbf\"\n");
    const auto bytes = [&](int count) {
        Threads threads(count);
        threads.execute(
            [&] { save_city(build_city(file, [](std::string_view) {}), folder / "city.h5"); });
        return slurp(folder / "city.h5");
    };
    const std::string first = bytes(1);
    CHECK(first.size() > 100'000);
    CHECK(bytes(4) == first);
    CHECK(bytes(4) == first);
}

TEST_CASE("an elevation that misses the streets is an error that names both extents") {
    const Folder folder;
    folder.write("streets.osm.pbf", slurp(data("helsinki/helsinki.osm.pbf")));
    folder.write("ground.tif", slurp(data("barakaldo/DEM.tif")));
    const auto file = folder.write("city.toml", "[[osm]]\nfile = \"streets.osm.pbf\"\n"
                                                "[[elevation]]\nfile = \"ground.tif\"\n");
    const std::string error = input_error([&] { build_city(file, [](std::string_view) {}); });
    CHECK(has(error, "ground.tif: does not overlap the city"));
    CHECK(has(error, "EPSG:32635"));
}

TEST_CASE("an area away from the OSM data is an error that names both extents") {
    const Folder folder;
    folder.write("streets.osm.pbf", slurp(data("helsinki/helsinki.osm.pbf")));
    const auto file =
        folder.write("city.toml", "[area]\nbbox = [7.40, 43.70, 7.45, 43.75]\n[[osm]]\n"
                                  "file = \"streets.osm.pbf\"\n");
    CHECK(has(input_error([&] { build_city(file, [](std::string_view) {}); }),
              "has nothing in the city's area"));
}

TEST_CASE("a polygon of interest keeps buildings and water flow inside it") {
    const Folder folder;
    folder.write("a.city.json", slurp(data("scheveningen/DenHaag_01.city.json")));
    folder.write("a.tif", slurp(data("scheveningen/dtm_1m.tif")));
    const auto file = folder.write(
        "city.toml", "crs = \"EPSG:28992\"\n[area]\ncrs = \"EPSG:28992\"\n"
                     "points = [[78300, 457700], [78700, 457700], [78300, 458100]]\n"
                     "[[cityjson]]\nfile = \"a.city.json\"\n[[elevation]]\nfile = \"a.tif\"\n");
    const City city = build_city(file, [](std::string_view) {});
    CHECK(city.bounds.size_m().x() == doctest::Approx(400.0));
    CHECK(!city.buildings.empty());
    for (const Building& building : city.buildings) {
        const Vec2 at = centroid_of(building.footprint.outer);
        CHECK(at.x() + at.y() <= 400.0);
    }
    CHECK(city.terrain.is_blocked.at(Vec2(390.0, 390.0)) == 1);
}
