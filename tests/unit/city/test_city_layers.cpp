#include "city/sources.hpp"
#include "ground_support.hpp"
#include "support/command.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace veste;
using namespace ground_test;

namespace {

// A place of 400 x 400 m in UTM 32 with its south-west corner at (500000, 4800000).
const CityFrame frame{32632, {500000.0, 4800000.0}, {{0.0, 0.0}, {400.0, 400.0}}};
const char* const head = "crs = \"EPSG:32632\"\n[area]\ncrs = \"EPSG:32632\"\n"
                         "bbox = [500000, 4800000, 500400, 4800400]\n";

std::string position(const Vec2& local) {
    static const Projection projection("EPSG:4326", frame.epsg, frame.origin);
    const Vec2 degrees = projection.from_local(local);
    return fmt::format("[{:.9f},{:.9f}]", degrees.x(), degrees.y());
}

std::string point(const Vec2& at, const std::string& properties) {
    return fmt::format(R"({{"type":"Feature","properties":{},"geometry":{{"type":"Point",)"
                       R"("coordinates":{}}}}})",
                       properties, position(at));
}

std::string box(const Vec2& low, const Vec2& high, const std::string& properties) {
    const Vec2 ring[] = {low, {high.x(), low.y()}, high, {low.x(), high.y()}, low};
    std::string text;
    for (const Vec2& p : ring) {
        text += fmt::format("{}{}", text.empty() ? "" : ",", position(p));
    }
    return fmt::format(R"({{"type":"Feature","properties":{},"geometry":{{"type":"Polygon",)"
                       R"("coordinates":[[{}]]}}}})",
                       properties, text);
}

std::string collection(const std::string& features) {
    return R"({"type":"FeatureCollection","features":[)" + features + "]}";
}

City build(const std::filesystem::path& recipe) {
    return build_city(recipe, [](std::string_view) {});
}

std::string osm_file(const std::string& ways) {
    std::string text = "<osm version=\"0.6\">\n";
    static const Projection projection("EPSG:4326", frame.epsg, frame.origin);
    for (int k = 0; k <= 16; ++k) {
        // Node 10 + k on a line from west to east, node 30 + k from south to north, every 50 m.
        const Vec2 east = projection.from_local({-200.0 + 50.0 * k, 200.0});
        const Vec2 north = projection.from_local({200.0, -200.0 + 50.0 * k});
        for (const auto& [id, p] : {std::pair(10 + k, east), std::pair(30 + k, north)}) {
            text += fmt::format("<node id=\"{}\" version=\"1\" lon=\"{:.9f}\" lat=\"{:.9f}\"/>\n",
                                id, p.x(), p.y());
        }
    }
    return text + ways + "</osm>\n";
}

std::string way(int id, const std::vector<int>& nodes, const std::string& tags) {
    std::string text = fmt::format("<way id=\"{}\" version=\"1\">", id);
    for (const int node : nodes) {
        text += fmt::format("<nd ref=\"{}\"/>", node);
    }
    return text + tags + "</way>\n";
}

const std::string residential = "<tag k=\"highway\" v=\"residential\"/>";

} // namespace

TEST_CASE("layers of every kind and format make a city without any OpenStreetMap") {
    const Folder folder;
    const auto write = [&](const std::string& name, const std::string& features,
                           const std::string& extension, const std::string& format) {
        const auto source = folder.write(name + ".geojson", collection(features));
        if (!format.empty()) {
            convert_layers(source, folder / (name + extension), format);
        }
    };
    write("houses", box({100, 100}, {120, 130}, R"({"roof": "12 m", "no": "B7"})"), ".gpkg",
          "GPKG");
    write("ways",
          box({50, 50}, {200, 60}, R"({"use": "stoep", "floor": 0})") + "," +
              box({190, 50}, {200, 200}, R"({"use": "brug", "floor": 1})"),
          ".fgb", "FlatGeobuf");
    write("ground", box({0, 0}, {50, 400}, R"({"kind": "grass"})"), ".shp", "ESRI Shapefile");
    write("ponds", box({300, 300}, {340, 340}, "{}"), ".sqlite", "SQLite");
    write("quarters", box({0, 0}, {200, 200}, R"({"label": "Old town"})"), ".gpkg", "GPKG");
    write("grid",
          box({0, 0}, {200, 400}, R"({"name": "west"})") + "," +
              box({200, 0}, {400, 400}, R"({"name": "east"})"),
          "", "");
    write("lights", point({60, 55}, R"({"mast": 7.5, "lumen": 4200})"), ".shp", "ESRI Shapefile");
    write("meters", point({150, 55}, R"({"kind": "crowd_counter", "name": "M1", "range": 12})"),
          ".fgb", "FlatGeobuf");
    write("gullies", point({80, 58}, R"({"q": 0.05})"), "", "");
    write("posts", point({210, 210}, R"({"what": "brandweer", "name": "Post 1"})"), ".gpkg",
          "GPKG");
    write("boards", point({160, 56}, R"({"text": "Exit"})"), "", "");
    const auto file = folder.write(
        "city.toml", std::string(head) +
                         "[[buildings]]\nfile = \"houses.gpkg\"\nheight = \"roof\"\nid = \"no\"\n"
                         "[[walkable]]\nfile = \"ways.fgb\"\nkind = \"use\"\nlevel = \"floor\"\n"
                         "kinds = { \"stoep\" = \"pavement\", \"brug\" = \"footway\" }\n"
                         "[[surfaces]]\nfile = \"ground.shp\"\n[[water]]\nfile = \"ponds.sqlite\"\n"
                         "[[areas]]\nfile = \"quarters.gpkg\"\nname = \"label\"\n"
                         "[[feeders]]\nfile = \"grid.geojson\"\n"
                         "[[lamps]]\nfile = \"lights.shp\"\nheight = \"mast\"\nflux = \"lumen\"\n"
                         "[[sensors]]\nfile = \"meters.fgb\"\n"
                         "[[drains]]\nfile = \"gullies.geojson\"\ncapacity = \"q\"\n"
                         "[[stations]]\nfile = \"posts.gpkg\"\nkind = \"what\"\n"
                         "kinds = { \"brandweer\" = \"fire\" }\n"
                         "[[signs]]\nfile = \"boards.geojson\"\n");
    const City city = build(file);

    REQUIRE(city.buildings.size() == 1);
    CHECK(city.buildings[0].height_m == 12.0);
    CHECK(city.buildings[0].source_id == "B7");
    CHECK(area_m2(city.buildings[0].footprint) == doctest::Approx(600.0).epsilon(1e-3));
    REQUIRE(city.walk.locate({100.0, 55.0}, 0));
    CHECK(city.walk.triangles[city.walk.locate({100.0, 55.0}, 0)->index].kind ==
          WalkKind::Pavement);
    REQUIRE(city.walk.locate({195.0, 150.0}, 1));
    CHECK(city.walk.triangles[city.walk.locate({195.0, 150.0}, 1)->index].kind ==
          WalkKind::Footway);
    CHECK(city.terrain.surface.at(Vec2(25.0, 300.0)) == static_cast<std::uint8_t>(Surface::Grass));
    CHECK(city.terrain.surface.at(Vec2(320.0, 320.0)) ==
          static_cast<std::uint8_t>(Surface::InlandWater));
    REQUIRE(city.inland_water.size() == 1);
    REQUIRE(city.areas.size() == 1);
    CHECK(city.areas[0].name == "Old town");
    REQUIRE(city.assets.feeders.size() == 2);
    REQUIRE(city.assets.lamps.size() == 1);
    const Lamp& lamp = city.assets.lamps[0];
    CHECK(lamp.height_m == 7.5);
    CHECK(lamp.flux_lm == 4200.0);
    CHECK(!lamp.is_assumed);
    CHECK(city.assets.feeders[lamp.feeder.index].name == "west");
    REQUIRE(city.assets.sensors.size() == 1);
    CHECK(city.assets.sensors[0].name == "M1");
    CHECK(city.assets.sensors[0].range_m == 12.0);
    REQUIRE(city.assets.drains.size() == 1);
    CHECK(city.assets.drains[0].capacity_m3ps == 0.05);
    REQUIRE(city.assets.stations.size() == 1);
    CHECK(city.assets.stations[0].kind == StationKind::Fire);
    REQUIRE(city.assets.signs.size() == 1);
    CHECK(city.assets.signs[0].text == "Exit");
}

TEST_CASE("decks and ground of a layer are joined where they lie side by side") {
    const Folder folder;
    folder.write("ways.geojson",
                 collection(box({50, 50}, {100, 60}, R"({"kind": "footway", "level": 0})") + "," +
                            box({100, 50}, {160, 60}, R"({"kind": "footway", "level": 1})") + "," +
                            box({160, 50}, {220, 60}, R"({"kind": "footway", "level": 0})") + "," +
                            box({120, 20}, {130, 90}, R"({"kind": "footway", "level": 0})")));
    const auto file =
        folder.write("city.toml", std::string(head) + "[[walkable]]\nfile = \"ways.geojson\"\n");
    const City city = build(file);
    const auto part = [&](const Vec2& p, std::int8_t level) {
        const auto t = city.walk.locate(p, level);
        REQUIRE(t);
        return city.walk.triangles[t->index].component;
    };
    CHECK(part({60, 55}, 0) == part({110, 55}, 1));
    CHECK(part({200, 55}, 0) == part({150, 55}, 1));
    // The way below the deck passes under it.
    CHECK(part({125, 30}, 0) == part({125, 80}, 0));
    CHECK(part({125, 30}, 0) != part({125, 55}, 1));
}

TEST_CASE("elevation tiles of several systems are one ground in which the first that knows wins") {
    const Folder folder;
    const auto west = [](int, int) { return 10.0F; };
    // The eastern tile covers all, the western one its half but for a strip without data.
    write_tif(folder / "west.tif", 100, 200, 2.0, {500000.0, 4800400.0}, "EPSG:32632",
              [&](int column, int row) { return column < 20 ? -9999.0F : west(column, row); });
    write_tif(folder / "east.tif", 90, 90, 5.0, {499975.0, 4800425.0}, "EPSG:32632",
              [](int column, int) { return 20.0F + 0.0F * static_cast<float>(column); });
    // The same ground once more, as degrees: it is asked last and adds nothing.
    write_tif(folder / "degrees.tif", 40, 40, 0.0002, {8.998, 43.358}, "EPSG:4326",
              [](int, int) { return 99.0F; });
    const auto file =
        folder.write("city.toml", std::string(head) + "[[elevation]]\nfile = \"west.tif\"\n"
                                                      "[[elevation]]\nfile = \"east.tif\"\n"
                                                      "[[elevation]]\nfile = \"degrees.tif\"\n");
    const City city = build(file);
    const Raster<float>& ground = city.terrain.ground_m;
    CHECK(ground.at(Vec2(100.0, 200.0)) == 10.0F);
    CHECK(ground.at(Vec2(20.0, 200.0)) == 20.0F);
    CHECK(ground.at(Vec2(300.0, 200.0)) == 20.0F);
    CHECK(std::all_of(ground.values.begin(), ground.values.end(),
                      [](float z) { return z == 10.0F || z == 20.0F; }));
    const auto& found = city.report.found;
    CHECK(std::any_of(found.begin(), found.end(), [](const std::string& line) {
        return has(line, "elevation of 0.0 % of the land from degrees.tif");
    }));
}

TEST_CASE("a polygon of interest cuts streets and pavements at its border") {
    const Folder folder;
    folder.write("streets.osm",
                 osm_file(way(1, {10, 12, 14, 16, 18, 20, 22, 24, 26}, residential) +
                          way(2, {30, 32, 34, 36, 18, 40, 42, 44, 46}, residential)));
    // A rhombus about the junction in the middle, 100 m to each side.
    const auto file = folder.write(
        "city.toml",
        "crs = \"EPSG:32632\"\n[area]\ncrs = \"EPSG:32632\"\n"
        "points = [[500100, 4800200], [500200, 4800100], [500300, 4800200], [500200, 4800300]]\n"
        "[[osm]]\nfile = \"streets.osm\"\n");
    const City city = build(file);
    double length = 0.0;
    std::size_t at_border = 0;
    for (const Edge& edge : city.streets.edges) {
        length += edge.length_m;
    }
    for (const Node& node : city.streets.nodes) {
        const Vec2 from_middle = city.to_crs(node.at) - Vec2(500200.0, 4800200.0);
        CHECK(std::abs(from_middle.x()) + std::abs(from_middle.y()) < 100.01);
        at_border += node.is_border ? 1 : 0;
    }
    CHECK(at_border == 4);
    CHECK(length == doctest::Approx(2.0 * 400.0).epsilon(0.001));
    for (const WalkTriangle& triangle : city.walk.triangles) {
        for (const std::uint32_t v : triangle.vertices) {
            const Vec2 p = city.to_crs(city.walk.vertices[v]) - Vec2(500200.0, 4800200.0);
            // Pavements go round the streets' ends: half the width of street and pavement.
            CHECK(std::abs(p.x()) + std::abs(p.y()) < 108.0);
        }
    }
}

TEST_CASE("several extracts make one map in which nothing is told twice") {
    const Folder folder;
    const std::string house =
        "<node id=\"1\" version=\"1\" lat=\"43.3538\" lon=\"9.0030\"/>"
        "<node id=\"2\" version=\"1\" lat=\"43.3538\" lon=\"9.0033\"/>"
        "<node id=\"3\" version=\"1\" lat=\"43.3540\" lon=\"9.0033\"/>"
        "<way id=\"90\" version=\"1\"><nd ref=\"1\"/><nd ref=\"2\"/><nd ref=\"3\"/><nd ref=\"1\"/>"
        "<tag k=\"building\" v=\"yes\"/></way>\n";
    const auto extract = [&](int first, int last) {
        // Each extract knows all nodes that it names of way 1, but only some of those there are.
        std::string text = osm_file(way(1, {10, 12, 14, 16, 18, 20, 22, 24}, residential) + house);
        for (int id = 10; id <= 26; ++id) {
            if (id < first || id > last) {
                const std::size_t begin = text.find(fmt::format("<node id=\"{}\"", id));
                text.erase(begin, text.find('\n', begin) + 1 - begin);
            }
        }
        return text;
    };
    folder.write("west.osm", extract(10, 19));
    folder.write("east.osm", extract(17, 26));
    const auto file = folder.write("city.toml", std::string("traffic = \"left\"\n") + head +
                                                    "[[osm]]\nfile = \"west.osm\"\n"
                                                    "[[osm]]\nfile = \"east.osm\"\n");
    const City city = build(file);
    CHECK(city.streets.is_left_hand);
    REQUIRE(city.streets.edges.size() == 2);
    CHECK(city.streets.edges[0].length_m == doctest::Approx(400.0).epsilon(1e-3));
    CHECK(city.buildings.size() == 1);
}

TEST_CASE("a polygon of a few hundred metres may be given in degrees") {
    const Folder folder;
    folder.write("streets.osm", osm_file(way(1, {10, 14, 18, 22, 26}, residential)));
    const auto file = folder.write(
        "city.toml", fmt::format("crs = \"EPSG:32632\"\n[area]\npoints = [{}, {}, {}]\n"
                                 "[[osm]]\nfile = \"streets.osm\"\n",
                                 position({100, 100}), position({300, 100}), position({200, 320})));
    const City city = build(file);
    CHECK(city.bounds.size_m().x() == doctest::Approx(200.0).epsilon(0.02));
    CHECK(city.streets.edges.size() == 2);
}

TEST_CASE("Delft's LoD1 model gives houses of the height of their official counterparts") {
    const Folder folder;
    folder.write("delft.city.json", slurp(data("delft/delft.city.json")));
    const auto file = folder.write("city.toml", "crs = \"EPSG:28992\"\n[[cityjson]]\n"
                                                "file = \"delft.city.json\"\nlod = \"1\"\n");
    const City city = build(file);
    CHECK(city.buildings.size() > 140);
    std::size_t usual = 0;
    for (const Building& building : city.buildings) {
        CHECK(!building.is_height_assumed);
        CHECK(building.height_m < 40.0);
        usual += building.height_m > 2.0 && building.height_m < 20.0 ? 1 : 0;
    }
    CHECK(usual > city.buildings.size() * 9 / 10);
}

TEST_CASE("h5py reads a city file by the names that its description gives") {
    const Folder folder;
    folder.write("streets.osm", osm_file(way(1, {10, 14, 18, 22, 26},
                                             residential + "<tag k=\"name\" v=\"Rue é\"/>")));
    const auto file =
        folder.write("city.toml", std::string(head) + "[[osm]]\nfile = \"streets.osm\"\n");
    const City city = build(file);
    save_city(city, folder / "city.h5");
    folder.write("read.py", R"(
import sys, h5py
f = h5py.File(sys.argv[1], "r")
print(f.attrs["format"].decode(), f["frame/epsg"][0], f["terrain/ground"].shape, f["terrain/ground"].attrs["unit"])
edges = f["streets/edges"]
print(len(edges["name"]), edges["name"].asstr()[0], edges["length"].attrs["unit"])
starts = edges["line_starts"][:]
print(edges["line"][starts[0]:starts[1]].shape, f["walk/triangles/vertices"].shape[1])
)");
    const auto result = test::run_command(VESTE_PYTHON " " + (folder / "read.py").string() + " " +
                                          (folder / "city.h5").string());
    CAPTURE(result.output);
    CHECK(result.exit_code == 0);
    CHECK(has(result.output, "veste city 32632 (200, 200) m\n"));
    CHECK(has(result.output, "2 Rue é m\n"));
    CHECK(has(result.output, ", 2) 3\n"));
}
