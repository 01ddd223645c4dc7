#include "city/recipe.hpp"
#include "ground_support.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace veste;
using namespace ground_test;

namespace {

/// The error for a recipe text; the folder holds an empty file named there.txt.
std::string error_of(const std::string& text) {
    const Folder folder;
    folder.write("there.txt", "");
    const auto file = folder.write("city.toml", text);
    return input_error([&] { read_recipe(file); });
}

} // namespace

TEST_CASE("the recipes shipped with the data are valid") {
    for (const char* city : {"monaco", "scheveningen", "delft", "helsinki", "barakaldo"}) {
        CAPTURE(city);
        const Recipe recipe = read_recipe(data(city) / "city.toml");
        CHECK(!recipe.name.empty());
        CHECK(!recipe.inputs().empty());
    }
    const Recipe delft = read_recipe(data("delft/city.toml"));
    CHECK(delft.epsg == 28992);
    CHECK(delft.cell_m == 0.5);
    REQUIRE(delft.section("surfaces").size() == 1);
    CHECK(delft.section("surfaces")[0].kinds.at("voetpad") == "pavement");
    CHECK(delft.section("surfaces")[0].attributes.at("kind") == "function");
    REQUIRE(delft.surface_model);
    CHECK(delft.surface_model->file.filename() == "dsm_0.5m.tif");
}

TEST_CASE("every file of the cities' data is listed with its checksum") {
    const std::string list = slurp(data("README.md"));
    for (const char* city : {"monaco", "scheveningen", "delft", "helsinki", "barakaldo"}) {
        for (const auto& entry : std::filesystem::directory_iterator(data(city))) {
            const std::string name = entry.path().filename().string();
            CAPTURE(name);
            if (name != "city.toml") {
                CHECK(has(list, fmt::format("  {}/{}\n", city, name)));
            }
        }
    }
}

TEST_CASE("a recipe's unknown keys are named with their line and the nearest known key") {
    const std::string error =
        error_of("name = \"x\"\ncell = 2\n[[osm]]\nfile = \"there.txt\"\nfil = 1\n");
    CHECK(has(error, "city.toml:2: unknown key cell, did you mean cell_m?"));
    CHECK(has(error, "city.toml:5: unknown key osm.fil, did you mean file?"));
}

TEST_CASE("every problem of a recipe is told at once") {
    const std::string error =
        error_of("cell_m = -1\ncrs = \"EPSG:4326\"\ntraffic = \"middle\"\n[[elevation]]\n"
                 "file = \"missing.tif\"\n[assumptions]\nstorey_m = 99\n");
    CHECK(has(error, "city.toml:1: cell_m = -1 m, allowed 0.1 to 100 m"));
    CHECK(has(error, "EPSG:4326 is not a projected CRS in metres"));
    CHECK(has(error, "city.toml:3: traffic = \"middle\", allowed: right, left"));
    CHECK(has(error, "there is no file"));
    CHECK(has(error, "missing.tif"));
    CHECK(has(error, "city.toml:7: assumptions.storey_m = 99 m"));
}

TEST_CASE("a recipe's wrong types and wrong CRS are errors with their line") {
    CHECK(has(error_of("cell_m = \"two\"\n"), "city.toml:1: cell_m must be a number, is text"));
    CHECK(has(error_of("osm = 3\n"), "city.toml:1: osm must be a list"));
    CHECK(has(error_of("crs = \"EPSG:999999\"\n"), "not a coordinate reference system"));
    CHECK(has(error_of("crs = \"UTM 32\"\n"), "must be an EPSG code"));
    CHECK(has(error_of("name = \"x\n"), "city.toml:1"));
    CHECK(has(error_of("name = \"x\"\n"), "names no data"));
    CHECK(has(error_of("cell_m = nan\n"), "cell_m"));
    CHECK(has(input_error([] { read_recipe("nowhere/city.toml"); }), "there is no such file"));
}

TEST_CASE("an area needs exactly one sound description") {
    CHECK(has(error_of("[area]\nbbox = [7.5, 43.0, 7.4, 44.0]\n"), "west < east"));
    CHECK(has(error_of("[area]\nbbox = [7.4, 43.0, 7.5]\n"), "area.bbox must be"));
    CHECK(has(error_of("[area]\nbbox = [1,2,3,4]\nwkt = \"POLYGON((0 0,1 0,1 1,0 0))\"\n"),
              "exactly one of"));
    CHECK(has(error_of("[area]\npoints = [[1, 2], [3]]\n"), "pairs of numbers"));
    CHECK(has(error_of("[area]\n"), "exactly one of"));
}

TEST_CASE("a lamp may be given by its place instead of a file") {
    const Folder folder;
    folder.write("there.txt", "");
    const auto file = folder.write(
        "city.toml", "[[osm]]\nfile = \"there.txt\"\n[[lamps]]\nat = [7.42, 43.73]\n"
                     "fixed_height = \"8\"\n[assumptions.lamps.main]\nspacing_m = 40\n");
    const Recipe recipe = read_recipe(file);
    REQUIRE(recipe.section("lamps").size() == 1);
    REQUIRE(recipe.section("lamps")[0].at);
    CHECK(recipe.section("lamps")[0].at->x() == 7.42);
    CHECK(recipe.section("lamps")[0].fixed.at("height") == "8");
    CHECK(recipe.assumptions.main_lamps.spacing_m == 40.0);
    CHECK(recipe.assumptions.main_lamps.height_m == 10.0);
}
