#include "city/ground.hpp"
#include "ground_support.hpp"

#include <doctest/doctest.h>

using namespace veste;
using namespace ground_test;

namespace {

// Around 9 E, 43.35 N: x = 500000 in zone 32 there.
const CityFrame frame{32632, {499000.0, 4799000.0}, {{0.0, 0.0}, {3000.0, 3000.0}}};

std::string collection(const std::string& features) {
    return "{\"type\":\"FeatureCollection\",\"features\":[" + features + "]}";
}

std::string feature(const std::string& geometry, const std::string& properties) {
    return "{\"type\":\"Feature\",\"properties\":" + properties + ",\"geometry\":" + geometry + "}";
}

const std::string square =
    R"({"type":"Polygon","coordinates":[[[9,43.35],[9.001,43.35],[9.001,43.351],[9,43.351],[9,43.35]]]})";
const std::string bow_tie =
    R"({"type":"Polygon","coordinates":[[[9,43.35],[9.001,43.351],[9.001,43.35],[9,43.351],[9,43.35]]]})";
const std::string point = R"({"type":"Point","coordinates":[9.0,43.35]})";
const std::string far_point = R"({"type":"Point","coordinates":[12.0,43.35]})";

LayerRecipe recipe_of(const std::filesystem::path& file) {
    LayerRecipe recipe;
    recipe.file = file;
    recipe.place = "city.toml:7";
    return recipe;
}

} // namespace

TEST_CASE("a GeoJSON layer is projected with its attributes") {
    const Folder folder;
    const auto file =
        folder.write("lamps.geojson", collection(feature(point, R"({"h": 7.5})") + "," +
                                                 feature(far_point, R"({"h": 1})")));
    const LayerContent content = read_layer(recipe_of(file), GeometryKind::Points, frame);
    REQUIRE(content.features.size() == 1);
    CHECK(content.outside == 1);
    CHECK(tag(content.features[0].tags, "h") == "7.5");
    REQUIRE(content.features[0].points.size() == 1);
    // 9 E is the zone's central meridian.
    CHECK(content.features[0].points[0].x() == doctest::Approx(1000.0).epsilon(1e-6));
}

TEST_CASE("GeoPackage and Shapefile and FlatGeobuf and SQLite read alike") {
    const Folder folder;
    const auto source = folder.write("lamps.geojson", collection(feature(point, R"({"h": 7.5})")));
    const std::pair<const char*, const char*> formats[] = {{"GPKG", "lamps.gpkg"},
                                                           {"ESRI Shapefile", "lamps.shp"},
                                                           {"FlatGeobuf", "lamps.fgb"},
                                                           {"SQLite", "lamps.sqlite"}};
    for (const auto& format : formats) {
        CAPTURE(format.first);
        convert_layers(source, folder / format.second, format.first);
        const LayerContent content =
            read_layer(recipe_of(folder / format.second), GeometryKind::Points, frame);
        REQUIRE(content.features.size() == 1);
        CHECK(parse_length_m(tag(content.features[0].tags, "h")) == 7.5);
        CHECK(content.features[0].points[0].x() == doctest::Approx(1000.0).epsilon(1e-6));
    }
}

TEST_CASE("a Shapefile is read out of its archive") {
    const Folder folder;
    const auto source = folder.write("lamps.geojson", collection(feature(point, R"({"h": 7.5})")));
    convert_layers(source, folder / "lamps.shp.zip", "ESRI Shapefile");
    const LayerContent content =
        read_layer(recipe_of(folder / "lamps.shp.zip"), GeometryKind::Points, frame);
    REQUIRE(content.features.size() == 1);
    CHECK(parse_length_m(tag(content.features[0].tags, "h")) == 7.5);
}

TEST_CASE("invalid polygons are repaired and counted") {
    const Folder folder;
    const auto file = folder.write(
        "houses.geojson", collection(feature(square, "{}") + "," + feature(bow_tie, "{}")));
    const LayerContent content = read_layer(recipe_of(file), GeometryKind::Polygons, frame);
    REQUIRE(content.features.size() == 2);
    CHECK(content.repaired == 1);
    CHECK(content.features[0].polygons.size() == 1);
    // A bow tie is two triangles, together half the square.
    REQUIRE(content.features[1].polygons.size() == 2);
    const double whole = area_m2(content.features[0].polygons[0]);
    CHECK(area_m2(content.features[1].polygons[0]) == doctest::Approx(whole / 4).epsilon(1e-3));
}

TEST_CASE("a missing layer is an error that names the layers there are") {
    LayerRecipe recipe = recipe_of(data("delft/bgt_pand.sqlite"));
    recipe.layer = "buildingparts";
    const CityFrame delft{28992, {84800.0, 447400.0}, {{0.0, 0.0}, {300.0, 300.0}}};
    const std::string error =
        input_error([&] { read_layer(recipe, GeometryKind::Polygons, delft); });
    CHECK(has(error, "has no layer \"buildingparts\", did you mean buildingpart?"));
    CHECK(has(error, "its layers: buildingpart"));
    recipe.layer = "buildingpart";
    recipe.attributes["height"] = "hoogte";
    const std::string missing =
        input_error([&] { read_layer(recipe, GeometryKind::Polygons, delft); });
    CHECK(has(missing, "has no such attribute"));
    CHECK(has(missing, "gml_id"));
    recipe.attributes.clear();
    recipe.where = "no such = condition";
    CHECK(has(input_error([&] { read_layer(recipe, GeometryKind::Polygons, delft); }),
              "is not a condition"));
}

TEST_CASE("another kind of geometry is an error that names layer and feature") {
    const Folder folder;
    const auto file = folder.write("lamps.geojson", collection(feature(square, "{}")));
    const std::string error =
        input_error([&] { read_layer(recipe_of(file), GeometryKind::Points, frame); });
    CHECK(has(error, "layer lamps, feature 0: is a POLYGON, this section needs points"));
}

TEST_CASE("a layer without CRS or in a wrong one is an error") {
    const Folder folder;
    const auto file = folder.write("houses.csv", "WKT,name\n\"POINT(1 2)\",a\n");
    LayerRecipe recipe = recipe_of(file);
    CHECK(has(input_error([&] { read_layer(recipe, GeometryKind::Points, frame); }), "has no CRS"));
    recipe.crs = "EPSG:77";
    CHECK(has(input_error([&] { read_layer(recipe, GeometryKind::Points, frame); }),
              "not a coordinate reference system"));
    const auto broken = folder.write("broken.gpkg", "this is no database");
    CHECK(has(input_error([&] { read_layer(recipe_of(broken), GeometryKind::Points, frame); }),
              "not a vector file that GDAL can read"));
}

TEST_CASE("a cut database is an error that names the file") {
    const Folder folder;
    const std::string bytes = slurp(data("delft/bgt_wegdeel.sqlite"));
    const auto file = folder.write("cut.sqlite", bytes.substr(0, bytes.size() / 3));
    LayerRecipe recipe = recipe_of(file);
    recipe.layer = "trafficarea";
    const CityFrame delft{28992, {84800.0, 447400.0}, {{0.0, 0.0}, {300.0, 300.0}}};
    CHECK(
        has(input_error([&] { read_layer(recipe, GeometryKind::Polygons, delft); }), "cut.sqlite"));
}

TEST_CASE("OSM areas carry all their tags and relations have negative ids") {
    const CityFrame monaco{32632, {372000.0, 4842000.0}, {{0.0, 0.0}, {3000.0, 4000.0}}};
    const auto areas = read_osm_areas(data("monaco/monaco.osm.pbf"), monaco);
    std::size_t buildings = 0;
    bool has_harbour = false;
    for (const AreaFeature& area : areas) {
        buildings += tag(area.tags, "building").empty() ? 0 : 1;
        if (tag(area.tags, "name") == "Port Hercule de Monaco") {
            has_harbour = true;
            CHECK(area.osm_id == -2221179);
            CHECK(tag(area.tags, "leisure") == "marina");
            CHECK(tag(area.tags, "seamark:type") == "harbour");
        }
    }
    CHECK(has_harbour);
    // 1,625 buildings in the extract, some outside these bounds, some of several parts.
    CHECK(buildings > 1550);
    CHECK(buildings < 1700);
}

TEST_CASE("an OSM file that is cut is an error") {
    const Folder folder;
    const std::string bytes = slurp(data("helsinki/helsinki.osm.pbf"));
    const auto file = folder.write("cut.osm.pbf", bytes.substr(0, bytes.size() / 2));
    CHECK(has(input_error([&] { read_osm_areas(file, frame); }), "cut.osm.pbf"));
}
