#include "city/ground.hpp"
#include "ground_support.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace veste;
using namespace ground_test;

namespace {

const CityFrame frame{28992, {85000.0, 447000.0}, {{0.0, 0.0}, {100.0, 100.0}}};

/// A box of 10 x 20 m with its corner at (5, 5), from 2 to 9 m; `type` and `extra` of the object.
std::string box_file(const std::string& boundaries, const std::string& head) {
    return R"({"type":"CityJSON",)" + head +
           R"("transform":{"scale":[1,1,1],"translate":[85005,447005,2]},"CityObjects":{"house":{)"
           R"("type":"Building","geometry":[{"type":"Solid","lod":"1","boundaries":)" +
           boundaries +
           R"(}]}},"vertices":[[0,0,0],[10,0,0],[10,20,0],[0,20,0],[0,0,7],[10,0,7],[10,20,7],[0,20,7]]})";
}

const std::string box_faces =
    "[[[[0,3,2,1]],[[4,5,6,7]],[[0,1,5,4]],[[1,2,6,5]],[[2,3,7,6]],[[3,0,4,7]]]]";
const std::string good_head =
    R"("version":"1.1","metadata":{"referenceSystem":"urn:ogc:def:crs:EPSG::28992"},)";

std::vector<Building> read(const std::filesystem::path& file, const std::string& lod = "") {
    return read_cityjson({file, lod, "", "city.toml:5"}, frame);
}

std::string error_of(const std::string& text) {
    const Folder folder;
    const auto file = folder.write("houses.city.json", text);
    return input_error([&] { read(file); });
}

} // namespace

TEST_CASE("a box of CityJSON becomes a footprint with a height") {
    const Folder folder;
    const auto file = folder.write("box.city.json", box_file(box_faces, good_head));
    const auto buildings = read(file);
    REQUIRE(buildings.size() == 1);
    CHECK(area_m2(buildings[0].footprint) == doctest::Approx(200.0));
    CHECK(buildings[0].height_m == doctest::Approx(7.0));
    CHECK(buildings[0].ground_m == doctest::Approx(2.0));
    CHECK(buildings[0].source_id == "house");
    CHECK((bounds_of(buildings[0].footprint.outer).low - Vec2(5.0, 5.0)).norm() < 1e-6);
    CHECK(has(input_error([&] { read(file, "3"); }), "no building of LoD 3"));
}

TEST_CASE("broken CityJSON is an error that names file and object") {
    const std::string good = box_file(box_faces, good_head);
    CHECK(error_of(good).empty());
    CHECK(has(error_of(good.substr(0, good.size() / 2)), "not valid JSON at byte"));
    CHECK(has(error_of("{\"type\":\"FeatureCollection\"}"), "not CityJSON"));
    CHECK(has(error_of(box_file(box_faces, R"("version":"3.0",)")), "version 3.0"));
    CHECK(has(error_of(box_file(box_faces, R"("version":"2.0",)")), "has no referenceSystem"));
    CHECK(has(error_of(box_file("[[[[0,3,2,99]]]]", good_head)),
              "object house: names vertex 99, the file has 8"));
    CHECK(has(error_of(box_file("[[[[0,\"x\",2]]]]", good_head)), "object house"));
    CHECK(has(error_of(box_file("[[[[0,-1,2]]]]", good_head)), "object house"));
}

TEST_CASE("Scheveningen's LoD2 file holds 844 buildings with plausible heights") {
    const CityFrame there{28992, {78248.0, 457604.0}, {{0.0, 0.0}, {790.0, 673.0}}};
    const auto buildings =
        read_cityjson({data("scheveningen/DenHaag_01.city.json"), "", "", ""}, there);
    std::set<std::string> ids;
    double area = 0.0;
    for (const Building& building : buildings) {
        ids.insert(building.source_id);
        area += area_m2(building.footprint);
        CHECK(building.height_m > 0.5);
        CHECK(building.height_m < 40.0);
    }
    CHECK(ids.size() == 844);
    // 787 x 672 m of a town: a tenth to a half is built on.
    CHECK(area > 0.1 * 787 * 672);
    CHECK(area < 0.5 * 787 * 672);
}
