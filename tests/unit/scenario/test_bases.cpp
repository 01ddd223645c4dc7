#include "scenario_file.hpp"
#include "schema_check.hpp"

#include <algorithm>
#include <doctest/doctest.h>

using namespace veste;

namespace {

const std::string base_text = R"(name = "evening"
city = "town.h5"
crs = "EPSG:32632"
seed = 4
[clock]
date = "2026-06-21"
start = "20:00"
duration = "40 min"
utc_offset = "2 h"
[[place]]
name = "plaza"
polygon = [[20, 20], [80, 20], [80, 60], [20, 60]]
[[place]]
name = "yard"
file = "plan.geojson"
name_attribute = "title"
feature = "East side"
[[pedestrians]]
name = "walkers"
count = 5
from = "plaza"
to = "yard"
[weather]
rain = [["20:10", "20 mm/h"], ["20:20", "0 mm/h"]]
cloud_cover = 0.25
[[change]]
at = "20:30"
close = { street = "Alley" }
)";

/// A base in a folder beside the difference's own.
struct TwoFiles {
    explicit TwoFiles(const std::string& difference, const std::string& base = base_text) {
        std::filesystem::create_directories(folder / "base");
        std::filesystem::create_directories(folder / "other");
        folder.write("base/scenario.toml", base);
        folder.write("base/plan.geojson", test::plan_geojson);
        folder.write("base/town.h5", "a city");
        file = folder.write("other/scenario.toml", difference);
    }
    Scenario read() const { return scenario_file::read_scenario(file, test::the_town(), {}); }
    std::string problems() const {
        try {
            read();
        } catch (const InputError& error) {
            return error.what();
        }
        return "";
    }
    std::string base_file() const {
        return (folder / "other/../base/scenario.toml").lexically_normal().string();
    }

    test::TemporaryFolder folder;
    std::filesystem::path file;
};

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

const std::string named = "base = \"../base/scenario.toml\"\n";

} // namespace

TEST_CASE("a difference overrides tables key by key, appends to arrays and replaces namesakes") {
    const TwoFiles files(named + R"(name = "other evening"
[clock]
duration = "50 min"
[weather]
cloud_cover = 1.0
[[pedestrians]]
name = "walkers"
count = 7
from = "yard"
to = "plaza"
[[pedestrians]]
name = "strollers"
count = 2
from = "plaza"
to = "yard"
[[change]]
at = "20:05"
rainfall = "5 mm/h"
)");
    const Scenario s = files.read();
    CHECK(s.name == "other evening");
    CHECK(s.seed == 4);
    CHECK(s.duration_s == 3000.0);
    CHECK(s.date == "2026-06-21");
    CHECK(s.weather.cloud_cover == 1.0);
    CHECK(s.weather.rain_mps.size() == 2);
    REQUIRE(s.pedestrians.size() == 2);
    CHECK(s.pedestrians[0].name == "walkers");
    CHECK(s.pedestrians[0].count == 7);
    CHECK(s.place(s.pedestrians[0].origins[0].what).name == "yard");
    CHECK(s.pedestrians[1].name == "strollers");
    REQUIRE(s.changes.size() == 2);
    CHECK(std::holds_alternative<SetRainfall>(s.changes[0].what));
    CHECK(std::holds_alternative<CloseWays>(s.changes[1].what));
}

TEST_CASE("all files of a scenario are recorded as its text and its inputs") {
    const std::string difference = named + "seed = 5\n";
    const TwoFiles files(difference);
    const Scenario s = files.read();
    CHECK(s.seed == 5);
    CHECK(s.text.starts_with(difference));
    CHECK(s.text.ends_with(base_text));
    REQUIRE(s.inputs.size() == 3);
    CHECK(s.inputs[0] == files.file);
    CHECK(s.inputs[1] == files.base_file());
    CHECK(std::filesystem::equivalent(s.inputs[2], files.folder / "base/plan.geojson"));
}

TEST_CASE("the city of a difference is found from the file that names it") {
    const TwoFiles files(named);
    CHECK(std::filesystem::equivalent(city_of_scenario(files.file), files.folder / "base/town.h5"));
    files.folder.write("other/own.h5", "another city");
    files.folder.write("other/scenario.toml", named + "city = \"own.h5\"\n");
    CHECK(std::filesystem::equivalent(city_of_scenario(files.file), files.folder / "other/own.h5"));
}

TEST_CASE("a problem is told with the file and line it stands in") {
    const TwoFiles files(named + "[[change]]\nat = \"20:50\"\nrainfall = \"5 mm/h\"\n[clock]\n"
                                 "duration = \"20 min\"\n[[vehicles]]\nname = \"cars\"\ncount = 1\n"
                                 "to = \"plaza\"\n");
    const std::string problems = files.problems();
    CAPTURE(problems);
    CHECK(has(problems, files.file.string() + ":3: change: at = \"20:50\": is after the end"));
    CHECK(has(problems, files.base_file() + ":27: change: at = \"20:30\": is after the end"));
    CHECK(has(problems, files.file.string() + ":10: vehicles \"cars\": to: place \"plaza\" (" +
                            files.base_file() + ":10) holds the middle of no street"));
}

TEST_CASE("of keys that exclude one another the difference's counts") {
    const TwoFiles files(named + "[weather]\nstorm = { begin = \"20:10\", duration = \"10 min\", "
                                 "total = \"10 mm\" }\n");
    CAPTURE(files.problems());
    CHECK(files.read().weather.rain_mps.size() > 2);
}

TEST_CASE("a difference of a difference counts, the nearest first") {
    const TwoFiles files(named + "seed = 6\n", "base = \"first.toml\"\nseed = 5\n[weather]\n"
                                               "cloud_cover = 0.5\n");
    files.folder.write("base/first.toml", base_text);
    const Scenario s = files.read();
    CHECK(s.seed == 6);
    CHECK(s.weather.cloud_cover == 0.5);
    CHECK(s.inputs.size() == 4);
}

TEST_CASE("two entries of one name in one file are told, not merged") {
    const std::string again = "[[pedestrians]]\nname = \"walkers\"\ncount = 1\nfrom = \"plaza\"\n"
                              "to = \"yard\"\n";
    CHECK(has(TwoFiles(named + again + again).problems(),
              "another demand has this name already; each needs its own"));
}

TEST_CASE("a base that is missing, no text, no TOML, in a circle or in another CRS is told") {
    const TwoFiles missing("seed = 1\nbase = \"../none.toml\"\n");
    CHECK(has(missing.problems(), missing.file.string() + ":2: base = \"../none.toml\": there is "
                                                          "no file "));
    CHECK(has(TwoFiles("base = 4\n").problems(), "scenario.toml:1: base = 4: wanted is a scenario "
                                                 "file, such as base = \"../NAME/scenario.toml\""));
    const TwoFiles broken(named, "seed = = 3\n");
    CHECK(has(broken.problems(), broken.base_file() + ":1: "));
    CHECK(has(TwoFiles("base = \"scenario.toml\"\n").problems(), "the bases form a circle"));
    const TwoFiles circle(named, "base = \"../other/scenario.toml\"\n");
    CHECK(has(circle.problems(), circle.base_file() + ":1: base = \"../other/scenario.toml\": the "
                                                      "bases form a circle"));
    CHECK(has(TwoFiles(named + "crs = \"EPSG:4326\"\n").problems(),
              "base = \"../base/scenario.toml\": its coordinates are in EPSG:32632, those of this "
              "file in crs = \"EPSG:4326\""));
}

TEST_CASE("the schema lets a difference be a part, and asks all of a scenario without a base") {
    const nlohmann::json schema = nlohmann::json::parse(scenario_json_schema());
    const auto problems = [&](const std::string& text) {
        return test::schema_problems(
            test::json_of(scenario_file::parse_toml(text, "scenario.toml")), schema);
    };
    CHECK(problems(base_text).empty());
    CHECK(problems(named + "[clock]\nduration = \"20 min\"\n").empty());
    CHECK_FALSE(problems("[clock]\nduration = \"20 min\"\n").empty());
    CHECK_FALSE(problems(named + "[[place]]\npolygon = []\n").empty());
}
