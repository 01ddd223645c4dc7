#include "support/demo_scenario.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

using namespace veste::test;
namespace fs = std::filesystem;

namespace {

CommandResult veste_or_fail(const std::string& arguments) {
    CommandResult result = run_veste(arguments);
    CAPTURE(arguments);
    CAPTURE(result.output);
    REQUIRE(result.exit_code == 0);
    return result;
}

std::string state_digest_in(const std::string& output) {
    const std::size_t at = output.find("state digest ");
    REQUIRE(at != std::string::npos);
    return output.substr(at + 13, 16);
}

std::string text_of(const fs::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// The base's value of an indicator for the whole run, from a comparison's CSV.
double whole_in(const std::string& csv, const std::string& indicator) {
    const std::size_t at = csv.find("," + indicator + ",");
    REQUIRE(at != std::string::npos);
    std::istringstream line(csv.substr(at + 1, csv.find('\n', at) - at));
    std::string cell;
    for (int k = 0; k < 6; ++k) { // indicator, title, unit, better, whole run, base
        std::getline(line, cell, ',');
    }
    return std::stod(cell);
}

} // namespace

TEST_CASE("a run writes the same results on one and on two threads") {
    const TemporaryFolder folder;
    // So many people and vehicles that the loops over them run in parallel.
    const std::string scenario = folder.write("scenario.toml", short_evening("3 min", 10)).string();
    std::string digests[2];
    for (const int threads : {1, 2}) {
        const std::string results = (folder / fmt::format("out{}.h5", threads)).string();
        const CommandResult run =
            veste_or_fail(fmt::format("run {} -o {} --threads {}", scenario, results, threads));
        CHECK(run.output.find(fmt::format("{} thread", threads)) != std::string::npos);
        digests[threads - 1] = veste_or_fail("digest " + results).output;
    }
    CHECK(digests[0].size() >= 16);
    CHECK(digests[0] == digests[1]);
    const fs::path csv = folder / "table.csv";
    veste_or_fail(fmt::format("compare {} {} --csv {}", (folder / "out1.h5").string(),
                              (folder / "out2.h5").string(), csv.string()));
    // Loops over people split at 256, those over vehicles at 64.
    CHECK(whole_in(text_of(csv), "people_present") > 4 * 256);
    CHECK(whole_in(text_of(csv), "vehicles_present") > 2 * 64);
}

TEST_CASE("a run is exported for PedPy, as CSV and as GeoTIFF, and never over its own files") {
    const TemporaryFolder folder;
    const std::string scenario =
        folder.write("scenario.toml", short_evening("2 min") + "heat_maps = true\n").string();
    const std::string out = (folder / "out.h5").string();
    veste_or_fail("run " + scenario + " -o " + out);
    const std::string pedpy = (folder / "people.h5").string();
    const std::string csv = (folder / "people.csv").string();
    const std::string tif = (folder / "density.tif").string();
    const std::string told =
        veste_or_fail(fmt::format("export {} --pedpy {} --city {} --csv {} --raster density_max {}",
                                  out, pedpy, VESTE_DEMO_CITY, csv, tif))
            .output;
    CHECK(told.find("people.h5: ") != std::string::npos);
    const std::string table = text_of(csv);
    CHECK(table.starts_with("id,frame,time_s,x_m,y_m,density_per_m2,phase,level\n"));
    CHECK(std::count(table.begin(), table.end(), '\n') > 100);
    CHECK(fs::file_size(pedpy) > 1000);
    CHECK(fs::file_size(tif) > 1000);
    const auto refused = [&](const std::string& arguments, const std::string& what) {
        const CommandResult result = run_veste("export " + out + arguments);
        CAPTURE(result.output);
        CHECK(result.exit_code == 2);
        CHECK(result.output.find(what) != std::string::npos);
    };
    refused(" --csv " + out, "out.h5");
    refused(" --csv " + csv + " --raster density_max " + csv, "people.csv");
    refused(" --pedpy " + pedpy, "--city");
    refused("", "one of --pedpy, --csv, --raster");
    refused(" --raster heat " + tif,
            "there is no raster \"heat\"; known are contact_max, density_max, ");
    CHECK(veste_or_fail("digest " + out).output.size() >= 16);
}

TEST_CASE("another seed gives other results") {
    const TemporaryFolder folder;
    const std::string scenario = folder.write("scenario.toml", short_evening("2 min")).string();
    const std::string out = (folder / "out.h5").string();
    const std::string other = (folder / "other.h5").string();
    veste_or_fail("run " + scenario + " -o " + out);
    veste_or_fail("run " + scenario + " -o " + other + " --seed 4");
    CHECK(veste_or_fail("digest " + other).output != veste_or_fail("digest " + out).output);
}

TEST_CASE("a run restarted from a checkpoint ends in the same state") {
    const TemporaryFolder folder;
    const std::string scenario = folder.write("scenario.toml", short_evening("3 min")).string();
    const std::string checkpoint = (folder / "checkpoint.h5").string();
    const CommandResult through =
        veste_or_fail("run " + scenario + " -o " + (folder / "a.h5").string() + " --checkpoint " +
                      checkpoint + " --checkpoint-at 20:31:10");
    const CommandResult restarted = veste_or_fail(
        "run " + scenario + " -o " + (folder / "b.h5").string() + " --restart " + checkpoint);
    CHECK(state_digest_in(through.output) == state_digest_in(restarted.output));
}

TEST_CASE("a checkpoint at a time that the run does not have is refused before the work") {
    const TemporaryFolder folder;
    const std::string scenario = folder.write("scenario.toml", short_evening("3 min")).string();
    const fs::path checkpoint = folder / "checkpoint.h5";
    const auto refused = [&](const std::string& moment) {
        const CommandResult run =
            run_veste(fmt::format("run {} -o {} --checkpoint {} --checkpoint-at {}", scenario,
                                  (folder / "a.h5").string(), checkpoint.string(), moment));
        CHECK(run.exit_code == 2);
        CHECK_FALSE(fs::exists(checkpoint));
        return run.output;
    };
    const std::string allowed =
        "allowed are multiples of the tick, 1 s, from 20:30:00 (0 s) to 20:33:00 (180 s)";
    for (const char* moment : {"21:00", "181", "-5", "70.5", "20:29"}) {
        CAPTURE(moment);
        const std::string told = refused(moment);
        CAPTURE(told);
        CHECK(told.find(fmt::format("--checkpoint-at = {} (", moment)) != std::string::npos);
        CHECK(told.find(allowed) != std::string::npos);
    }
    for (const char* moment : {"soon", "nan", "21:75", "7o"}) {
        CAPTURE(moment);
        CHECK(refused(moment).find(fmt::format("--checkpoint-at = {}: wanted are seconds since "
                                               "the start such as 90",
                                               moment)) != std::string::npos);
    }
    const CommandResult without =
        run_veste("run " + scenario + " -o " + (folder / "a.h5").string() + " --checkpoint " +
                  checkpoint.string());
    CHECK(without.exit_code == 2);
    CHECK(without.output.find("--checkpoint-at") != std::string::npos);
}

TEST_CASE("two runs are compared in a table, a CSV file and a chart, a run is drawn and told") {
    const TemporaryFolder folder;
    const std::string scenario = folder.write("scenario.toml", short_evening("3 min")).string();
    const std::string whatif =
        folder
            .write(
                "whatif.toml",
                short_evening("3 min") +
                    "[[change]]\nat = \"20:31\"\nfeeder = { name = \"feeder 14\", on = false }\n")
            .string();
    const std::string a = (folder / "a.h5").string();
    const std::string b = (folder / "b.h5").string();
    veste_or_fail("run " + scenario + " -o " + a);
    veste_or_fail("run " + whatif + " -o " + b);
    const fs::path csv = folder / "table.csv";
    const fs::path png = folder / "chart.png";
    const std::string table = veste_or_fail("compare " + a + " " + b + " --csv " + csv.string() +
                                            " --png " + png.string())
                                  .output;
    for (const char* name : {"people arrived", "dark streets", "observations lost"}) {
        CAPTURE(name);
        CHECK(table.find(name) != std::string::npos);
    }
    CHECK(text_of(csv).find("observations_lost") != std::string::npos);
    CHECK(text_of(png).substr(1, 3) == "PNG");
    const fs::path map = folder / "map.png";
    veste_or_fail("map " + b + " --city " VESTE_DEMO_CITY " -o " + map.string());
    CHECK(text_of(map).substr(1, 3) == "PNG");
    CHECK(veste_or_fail("info " + b).output.find("bytes an agent and frame") != std::string::npos);
    CHECK(veste_or_fail("city info " VESTE_DEMO_CITY).output.find("EPSG:32632") !=
          std::string::npos);
}

TEST_CASE("the ready scenarios pass the check") {
    std::size_t checked = 0;
    for (const auto& entry : fs::directory_iterator(VESTE_SOURCE_DIR "/scenarios")) {
        const fs::path file = entry.path() / "scenario.toml";
        CAPTURE(file.string());
        // The demo's city is built already; event plans have small ones of their own.
        const bool is_demo = entry.path().filename().string().starts_with("harbour");
        const CommandResult result =
            run_veste("check " + quoted(file) + (is_demo ? " --city " VESTE_DEMO_CITY : ""));
        CAPTURE(result.output);
        CHECK(result.exit_code == 0);
        ++checked;
    }
    CHECK(checked >= 5);
}

TEST_CASE("every scenario shown in the README passes the check") {
    const std::string readme = text_of(VESTE_SOURCE_DIR "/README.md");
    const std::string opening = "```toml\n";
    std::size_t shown = 0;
    for (std::size_t begin = readme.find(opening); begin != std::string::npos;
         begin = readme.find(opening, begin + 1)) {
        const std::size_t first = begin + opening.size();
        const TemporaryFolder folder;
        const std::string file =
            folder.write("scenario.toml", readme.substr(first, readme.find("\n```", first) - first))
                .string();
        const CommandResult result = run_veste("check " + file + " --city " VESTE_DEMO_CITY);
        CAPTURE(result.output);
        CHECK(result.exit_code == 0);
        ++shown;
    }
    CHECK(shown >= 1);
}
