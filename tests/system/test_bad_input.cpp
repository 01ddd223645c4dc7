#include "support/command.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

using namespace veste::test;
namespace fs = std::filesystem;

/// Bad input through the command itself: exit code 2, a message that names file, line, value and
/// what would be right, and no output left behind.
namespace {

const std::string data = std::string(VESTE_SOURCE_DIR) + "/data";
const std::string demo_city = VESTE_DEMO_CITY;

const std::string good_scenario = R"(name = "evening"
city = "CITY"
seed = 3
[clock]
date = "2026-09-19"
start = "20:30"
duration = "10 min"
utc_offset = "2 h"
[[place]]
name = "quay"
area = "Quai Albert Ier"
[[place]]
name = "square"
area = "Place d'Armes"
[[profile]]
name = "adult"
free_speed = { mean = "1.34 m/s", sd = "0.26 m/s" }
[[pedestrians]]
name = "strollers"
count = 20
profiles = "adult"
from = "square"
to = "quay"
departure = { begin = "20:30", end = "20:35" }
[[gate]]
name = "gate"
at = [7.421857, 43.733940]
service_rate = "0.25 /s"
lanes = 4
[[gate]]
name = "search"
at = [7.421814, 43.733660]
lanes = 4
[[event]]
name = "concert"
stage = "quay"
visitors = 30
gates = ["gate"]
from = "square"
exits = "square"
arrival = { begin = "20:30", end = "20:32" }
egress = { begin = "20:36", end = "20:38" }
[[vehicles]]
name = "cars"
count = 20
classes = { car = 0.9, van = 0.1 }
from = "border"
to = "border"
departure = { begin = "20:30", end = "20:38" }
[weather]
rain = [["20:31", "30 mm/h"], ["20:36", "0 mm/h"]]
[[sensor]]
name = "gauge"
kind = "water_gauge"
at = [7.421504, 43.736979]
[[change]]
at = "20:33"
close = { street = "Boulevard Albert 1er" }
[[change]]
at = "20:34"
feeder = { name = "feeder 14", on = false }
[[rule]]
name = "wet"
when = { sensor = "gauge", above = "20 cm", for = "2 min" }
do = { close = { street = "Boulevard Albert 1er" } }
[outputs]
rasters_every = "60 s"
)";

struct BadText {
    const char* what;
    const char* from;
    const char* to;
    std::vector<const char*> told;
    bool is_told_there = true; ///< the message names the first line that was changed
};

/// "scenario.toml:LINE:" of the first character in which the texts differ.
std::string place_of_change(const std::string& good, const std::string& bad) {
    const auto at = std::mismatch(good.begin(), good.end(), bad.begin(), bad.end()).second;
    return fmt::format("scenario.toml:{}:", 1 + std::count(bad.begin(), at, '\n'));
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE_MESSAGE(at != std::string::npos, from);
    return text.replace(at, from.size(), to);
}

/// Runs the command line and checks that it fails as it must.
void check_refused(const std::string& arguments, const std::vector<const char*>& told) {
    const CommandResult result = run_veste(arguments);
    CAPTURE(result.output);
    CHECK(result.exit_code == 2);
    for (const char* text : told) {
        CAPTURE(text);
        CHECK(result.output.find(text) != std::string::npos);
    }
}

const BadText bad_scenarios[] = {
    {"unknown key", "seed = 3", "sed = 3", {"sed", "unknown key", "seed"}},
    {"no TOML", "seed = 3", "seed = = 3", {"value"}},
    {"text for a number", "seed = 3", "seed = \"three\"", {"seed", "three", "whole number"}},
    {"no such city file", "\"CITY\"", "\"/nowhere.h5\"", {"/nowhere.h5"}},
    {"no such date", "2026-09-19", "2026-02-30", {"2026-02-30", "28 days"}},
    {"no clock time", "\"20:30\"\ndur", "\"25:99\"\ndur", {"25:99"}},
    {"negative duration", "\"10 min\"", "\"-10 min\"", {"duration", "-10"}},
    {"wrong unit", "1.34 m/s", "1.34 m", {"length", "m/s"}},
    {"unit missing", "0.25 /s", "0.25", {"service_rate"}},
    {"negative count", "count = 20\nprofiles", "count = -20\nprofiles", {"count", "-20"}},
    {"not a number", "lanes = 4\n[[gate]]", "lanes = nan\n[[gate]]", {"lanes", "nan"}},
    {"unknown area", "Place d'Armes", "Place d'Arms", {"Place d'Arms", "Place d'Armes"}},
    {"unknown place", "from = \"square\"\nto", "from = \"sqare\"\nto", {"sqare", "square"}},
    {"unknown profile", "profiles = \"adult\"", "profiles = \"adlt\"", {"adlt", "adult"}},
    {"a place outside the city",
     "area = \"Place d'Armes\"",
     "circle = { at = [8.5, 43.7], radius = \"20 m\" }",
     {"square"}},
    {"a place on the sea",
     "area = \"Place d'Armes\"",
     "circle = { at = [7.4300, 43.7300], radius = \"20 m\" }",
     {"square", "no walkable ground"},
     false},
    {"two ways to give a place",
     "area = \"Place d'Armes\"",
     "area = \"Place d'Armes\"\npolygon = [[7.41,43.73],[7.42,43.73],[7.42,43.74]]",
     {"exactly one"},
     false},
    {"a layer that is not there",
     "area = \"Place d'Armes\"",
     "file = \"plan.gpkg\"",
     {"plan.gpkg"}},
    {"departure that ends before it begins",
     "{ begin = \"20:30\", end = \"20:35\" }",
     "{ begin = \"20:35\", end = \"20:30\" }",
     {"departure"}},
    {"a gate off walkable ground",
     "at = [7.421857, 43.733940]",
     "at = [7.4300, 43.7300]",
     {"gate"}},
    {"gates in an endless loop",
     "lanes = 4\n[[event]]",
     "lanes = 4\nnext = \"search\"\n[[event]]",
     {"search -> search", "endless loop"}},
    {"unknown gate", "gates = [\"gate\"]", "gates = [\"gait\"]", {"gait", "gate"}},
    {"no open gate ever",
     "lanes = 4\n[[gate]]",
     "lanes = 4\nopen = false\n[[gate]]",
     {"concert", "gate"},
     false},
    {"the only exit closed",
     "close = { street = \"Boulevard Albert 1er\" }",
     "close = { place = \"square\" }",
     {"square", "clos"},
     false},
    {"unknown vehicle class", "van = 0.1", "tank = 0.1", {"tank", "van"}},
    {"negative share", "car = 0.9", "car = -0.9", {"-0.9"}},
    {"negative rain", "30 mm/h", "-30 mm/h", {"-30"}},
    {"rain out of order",
     "[\"20:31\", \"30 mm/h\"], [\"20:36\", \"0 mm/h\"]",
     "[\"20:36\", \"30 mm/h\"], [\"20:31\", \"0 mm/h\"]",
     {"rain"}},
    {"a change after the end", "at = \"20:33\"", "at = \"23:33\"", {"20:40"}},
    {"unknown street",
     "street = \"Boulevard Albert 1er\" }\n[[change]]",
     "street = \"Boulevard Albert II\" }\n[[change]]",
     {"Boulevard Albert II"}},
    {"unknown feeder", "feeder 14", "feeder 99", {"feeder 99"}},
    {"a change that changes nothing",
     "close = { street = \"Boulevard Albert 1er\" }\n[[change]]",
     "\n[[change]]",
     {"exactly one"},
     false},
    {"unknown sensor in a rule", "sensor = \"gauge\"", "sensor = \"gage\"", {"gage", "gauge"}},
    {"an interval that is no multiple of the tick",
     "rasters_every = \"60 s\"",
     "rasters_every = \"1.5 s\"",
     {"tick"}},
};

} // namespace

TEST_CASE("every kind of bad scenario is refused with file, line and value") {
    const TemporaryFolder folder;
    const std::string good = replaced(good_scenario, "CITY", demo_city);
    const fs::path file = folder.write("scenario.toml", good);
    const CommandResult fine = run_veste("check " + file.string());
    REQUIRE_MESSAGE(fine.exit_code == 0, fine.output);
    static_assert(std::size(bad_scenarios) >= 30);
    for (const BadText& bad : bad_scenarios) {
        const std::string what = bad.what;
        CAPTURE(what);
        std::string text = replaced(good_scenario, bad.from, bad.to);
        if (text.find("CITY") != std::string::npos) {
            text = replaced(text, "CITY", demo_city);
        }
        folder.write("scenario.toml", text);
        check_refused("check " + file.string(), bad.told);
        if (bad.is_told_there) {
            check_refused("check " + file.string(), {place_of_change(good, text).c_str()});
        }
    }
}

TEST_CASE("a scenario with many problems tells all of them at once") {
    const TemporaryFolder folder;
    std::string text = replaced(good_scenario, "CITY", demo_city);
    text = replaced(text, "2026-09-19", "2026-13-19");
    text = replaced(text, "0.25 /s", "0.25 kg");
    text = replaced(text, "feeder 14", "feeder 99");
    const fs::path file = folder.write("scenario.toml", text);
    check_refused("check " + file.string(), {"2026-13-19", "0.25 kg", "feeder 99"});
    // A run says the same and leaves no results.
    const fs::path output = folder / "out.h5";
    check_refused("run " + file.string() + " -o " + output.string(), {"2026-13-19", "feeder 99"});
    CHECK_FALSE(fs::exists(output));
}

TEST_CASE("bad sources of a city are refused, and no city file is left") {
    const TemporaryFolder folder;
    const fs::path output = folder / "city.h5";
    const auto refused = [&](const std::string& what, const std::string& recipe,
                             const std::vector<const char*>& told) {
        CAPTURE(what);
        const fs::path file = folder.write("city.toml", recipe);
        check_refused("city build " + file.string() + " -o " + output.string(), told);
        CHECK_FALSE(fs::exists(output));
        CHECK_FALSE(fs::exists(output.string() + ".part"));
    };
    const std::string osm = "[[osm]]\nfile = \"" + data + "/helsinki/helsinki.osm.pbf\"\n";
    fs::copy_file(data + "/helsinki/helsinki.osm.pbf", folder / "cut.osm.pbf");
    fs::resize_file(folder / "cut.osm.pbf", fs::file_size(folder / "cut.osm.pbf") / 2);
    fs::copy_file(data + "/barakaldo/DEM.tif", folder / "cut.tif");
    fs::resize_file(folder / "cut.tif", fs::file_size(folder / "cut.tif") / 3);
    std::ifstream whole(data + "/scheveningen/DenHaag_01.city.json");
    std::string json(200000, ' ');
    whole.read(json.data(), static_cast<std::streamsize>(json.size()));
    folder.write("cut.city.json", json);

    refused("no source", "name = \"nothing\"\n", {"city.toml"});
    refused("unknown key", "nam = \"x\"\n" + osm, {"city.toml:1", "nam", "name"});
    refused("cell size out of range", "cell_m = -2\n" + osm, {"city.toml:1", "-2", "0.1 to 100"});
    refused("CRS in degrees", "crs = \"EPSG:4326\"\n" + osm, {"EPSG:4326", "metre"});
    refused("no such CRS", "crs = \"EPSG:999999\"\n" + osm, {"EPSG:999999"});
    refused("missing file", "[[osm]]\nfile = \"none.osm.pbf\"\n", {"city.toml:2", "none.osm.pbf"});
    refused("cut OSM file", "[[osm]]\nfile = \"cut.osm.pbf\"\n", {"cut.osm.pbf"});
    refused("cut raster", "[[elevation]]\nfile = \"cut.tif\"\n", {"cut.tif"});
    refused("cut CityJSON", "[[cityjson]]\nfile = \"cut.city.json\"\n", {"cut.city.json"});
    refused("elevation of another city",
            osm + "[[elevation]]\nfile = \"" + data + "/barakaldo/DEM.tif\"\n", {"DEM.tif"});
    refused("area without data", osm + "[area]\nbbox = [10.0, 50.0, 10.01, 50.01]\n",
            {"helsinki.osm.pbf", "nothing in the city's area"});
    refused("layer of another kind",
            osm + "[[lamps]]\nfile = \"" + data + "/monaco/places.geojson\"\n", {"places.geojson"});
}

TEST_CASE("files that are no results, no city or no checkpoint are refused by name") {
    const TemporaryFolder folder;
    const std::string text = folder.write("text.h5", "not HDF5").string();
    const std::string scenario =
        folder.write("scenario.toml", replaced(good_scenario, "CITY", demo_city)).string();
    check_refused("info " + text, {"text.h5"});
    check_refused("info " + demo_city, {"demo_city.h5"});
    check_refused("digest " + (folder / "none.h5").string(), {"none.h5", "no such file"});
    check_refused("compare " + text + " " + text, {"text.h5"});
    check_refused("city info " + text, {"text.h5"});
    check_refused("check " + scenario + " --city " + text, {"text.h5"});
    check_refused("run " + scenario + " -o " + (folder / "out.h5").string() + " --restart " + text,
                  {"text.h5"});
    CHECK_FALSE(fs::exists(folder / "out.h5"));
    check_refused("map " + text + " --city " + demo_city + " -o " + (folder / "m.png").string(),
                  {"text.h5"});
    CHECK_FALSE(fs::exists(folder / "m.png"));
}

TEST_CASE("no command overwrites what it reads, and all is told before the work") {
    const TemporaryFolder folder;
    const std::string scenario =
        folder.write("scenario.toml", replaced(good_scenario, "CITY", demo_city)).string();
    const std::string recipe =
        folder.write("city.toml", "[[osm]]\nfile = \"streets.osm.pbf\"\n").string();
    const std::string source = (folder / "streets.osm.pbf").string();
    fs::copy_file(data + "/helsinki/helsinki.osm.pbf", source);
    const std::string city = (folder / "city.h5").string();
    fs::copy_file(demo_city, city);
    const std::string results = folder.write("results.h5", "as it was").string();
    const std::string other = (folder / "other.h5").string();
    const std::string nowhere = (folder.path() / "none" / "file").string();

    const auto is_input = [&](const std::string& arguments, const std::string& file) {
        check_refused(arguments, {("it is the input " + file).c_str()});
    };
    is_input("run " + scenario + " -o " + scenario, scenario);
    is_input("run " + scenario + " -o " + other + " --checkpoint-at 60 --checkpoint " + scenario,
             scenario);
    is_input("run " + scenario + " --city " + city + " -o " + city, city);
    is_input("run " + scenario + " --city " + recipe + " -o " + source, source);
    is_input("run " + scenario + " -o " + results + " --restart " + results, results);
    is_input("city build " + recipe + " -o " + recipe, recipe);
    is_input("city build " + recipe + " -o " + source, source);
    is_input("city build " + recipe + " -o " + other + " --map " + source, source);
    is_input("city info " + city + " --map " + city, city);
    is_input("compare " + results + " " + results + " --csv " + results, results);
    is_input("compare " + results + " " + results + " --png " + results, results);
    is_input("map " + results + " --city " + city + " -o " + results, results);
    is_input("map " + results + " --city " + city + " -o " + city, city);
    check_refused("run " + scenario + " -o " + other + " --checkpoint-at 60 --checkpoint " + other,
                  {"it is the output"});
    check_refused("compare " + results + " " + results + " --csv " + other + " --png " + other,
                  {"it is the output"});
    const std::string both = "compare " + results + " " + results;
    check_refused(both + " --csv " + nowhere, {"there is no folder"});
    check_refused(both + " --png " + nowhere, {"there is no folder"});
    check_refused("map " + results + " --city " + city + " -o " + nowhere, {"there is no folder"});
    check_refused("city info " + city + " --map " + nowhere, {"there is no folder"});
    CHECK(fs::file_size(city) == fs::file_size(demo_city));
    CHECK(fs::file_size(source) == fs::file_size(data + "/helsinki/helsinki.osm.pbf"));
    CHECK(fs::file_size(results) == 9);
    CHECK(fs::file_size(scenario) == replaced(good_scenario, "CITY", demo_city).size());
    CHECK_FALSE(fs::exists(other));
}

TEST_CASE("a layer that a scenario reads is not overwritten by its results") {
    const TemporaryFolder folder;
    fs::copy_file(std::string(VESTE_SOURCE_DIR) + "/scenarios/harbour_evening/plan.gpkg",
                  folder / "plan.gpkg");
    std::ifstream file(std::string(VESTE_SOURCE_DIR) + "/scenarios/harbour_evening/scenario.toml");
    std::stringstream text;
    text << file.rdbuf();
    const std::string scenario = folder.write("scenario.toml", text.str()).string();
    const std::string layer = (folder / "plan.gpkg").string();
    check_refused("run " + scenario + " --city " + demo_city + " -o " + layer,
                  {"plan.gpkg: cannot be written: it is the input"});
}

TEST_CASE("a wrong command line is refused with exit code 2") {
    check_refused("", {"subcommand is required"});
    check_refused("fly", {"subcommand is required"});
    check_refused("run", {"scenario"});
    check_refused("run scenario.toml -o out.h5 --threads many", {"--threads"});
    check_refused("run none.toml -o out.h5", {"none.toml"});
}
