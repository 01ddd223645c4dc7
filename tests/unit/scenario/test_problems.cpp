#include "problem_cases.hpp"
#include "scenario_file.hpp"

#include <doctest/doctest.h>

using namespace veste;
using test::ProblemCase;

namespace {

/// The body with what it leaves out: a CRS, a clock and the town's places.
std::string whole_text(const std::string& body) {
    const auto holds = [&body](const char* text) { return body.find(text) != std::string::npos; };
    std::string text = body.starts_with("city =") ? "" : "city = \"town.h5\"\n";
    text += body.starts_with("crs =") ? "" : "crs = \"EPSG:32632\"\n";
    text += body + "\n";
    if (!holds("[clock]")) {
        text += "[clock]\ndate = \"2026-06-21\"\nstart = \"20:00\"\nduration = \"40 min\"\n"
                "utc_offset = \"2 h\"\n";
    }
    const std::pair<const char*, const char*> places[] = {
        {"plaza", "polygon = [[20, 20], [80, 20], [80, 60], [20, 60]]"},
        {"yard", "polygon = [[100, 20], [140, 20], [140, 60], [100, 60]]"},
        {"isle", "polygon = [[20, 100], [40, 100], [40, 120], [20, 120]]"},
        {"roof", "polygon = [[300, 100], [310, 100], [310, 110], [300, 110]]"},
        {"beach", "polygon = [[-20, -240], [20, -240], [20, -210], [-20, -210]]"}};
    for (const auto& [name, area] : places) {
        text += fmt::format("[[place]]\nname = \"{}\"\n{}\n", name, area);
    }
    return text;
}

int marked_line(const std::string& text) {
    const auto at = text.find("#!");
    REQUIRE(at != std::string::npos);
    return 1 + static_cast<int>(
                   std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

void check_case(const ProblemCase& c) {
    CAPTURE(c.name);
    const std::string text = whole_text(c.body);
    const test::ScenarioFile file(text);
    const std::vector<std::string> problems = file.problems();
    CAPTURE(fmt::format("{}", fmt::join(problems, "\n")));
    CHECK(problems.size() == 1);
    if (problems.size() != 1) {
        return;
    }
    const std::string place = fmt::format("{}:{}: ", file.file.string(), marked_line(text));
    CHECK_MESSAGE(problems[0].starts_with(place), "expected at ", place);
    for (const std::string& part : c.says) {
        CHECK_MESSAGE(problems[0].find(part) != std::string::npos, "missing: ", part);
    }
}

} // namespace

TEST_CASE("each wrong value is told with file, line, value and what would be right") {
    for (const ProblemCase& c : test::value_cases()) {
        check_case(c);
    }
}

TEST_CASE("each wrong place is told with file, line, value and what would be right") {
    for (const ProblemCase& c : test::place_cases()) {
        check_case(c);
    }
}

TEST_CASE("each wrong demand and event is told with file, line, value and what would be right") {
    for (const ProblemCase& c : test::people_cases()) {
        check_case(c);
    }
}

TEST_CASE("each wrong street and signal is told with file, line, value and what would be right") {
    for (const ProblemCase& c : test::traffic_cases()) {
        check_case(c);
    }
}

TEST_CASE("each wrong change, rule and sensor is told with file, line and what would be right") {
    for (const ProblemCase& c : test::timeline_cases()) {
        check_case(c);
    }
}

TEST_CASE("each wrong measurement is told with file, line, value and what would be right") {
    for (const ProblemCase& c : test::measurement_cases()) {
        check_case(c);
    }
}

TEST_CASE("all problems of a file are told at once, in the order of its lines") {
    const test::ScenarioFile file(whole_text(R"(sed = 1
[[pedestrians]]
name = "a"
count = -1
from = "plasa"
to = "yard"
departure = { begin = "20:30", end = "20:10" }
[[change]]
at = "22:00"
rainfall = "20 mm"
)"));
    const std::vector<std::string> problems = file.problems();
    CAPTURE(fmt::format("{}", fmt::join(problems, "\n")));
    REQUIRE(problems.size() == 6);
    int last = 0;
    for (const std::string& problem : problems) {
        const std::string rest = problem.substr(file.file.string().size() + 1);
        const int line = std::stoi(rest);
        CHECK(line > last);
        last = line;
    }
}

TEST_CASE("a file that is not TOML is told with its line") {
    const test::ScenarioFile file("city = \"town.h5\"\nseed = = 3\n");
    CHECK(file.problems().at(0).find("scenario.toml:2: ") != std::string::npos);
}

TEST_CASE("a missing scenario file is told") {
    CHECK_THROWS_WITH_AS(load_scenario("/nowhere/scenario.toml", test::the_town(), {}),
                         doctest::Contains("/nowhere/scenario.toml: cannot be read"), InputError);
}

TEST_CASE("a gauge where no water is computed is warned of") {
    std::vector<std::string> warnings;
    const test::ScenarioFile file(whole_text(R"([weather]
flood = false
[[sensor]]
name = "own"
kind = "water_gauge"
at = [50, 50]
)"));
    CHECK(file.problems(&warnings).empty());
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("sensor own: no water is computed") != std::string::npos);
}

TEST_CASE("what may be meant is a warning: unused gates, closed exits beside open ones") {
    std::vector<std::string> warnings;
    const test::ScenarioFile file(whole_text(R"([[gate]]
name = "lonely"
at = [50, 40]
[[event]]
name = "fair"
stage = "yard"
visitors = 10
from = "plaza"
exits = ["plaza", "back yard"]
egress = { begin = "20:20", end = "20:50" }
[[place]]
name = "back yard"
polygon = [[130, 20], [140, 20], [140, 60], [130, 60]]
[[change]]
at = "20:15"
close = { way = 77 }
)"));
    CHECK(file.problems(&warnings).empty());
    CAPTURE(fmt::format("{}", fmt::join(warnings, "\n")));
    REQUIRE(warnings.size() == 3);
    CHECK(warnings[0].find("egress: ends after the run") != std::string::npos);
    CHECK(warnings[1].find("gate \"lonely\": no event names it") != std::string::npos);
    CHECK(warnings[2].find("exits: no way on foot to \"plaza\" from \"yard\"") !=
          std::string::npos);
}

TEST_CASE("a closure that is opened again, or a rule that opens it, is no closed exit") {
    const std::string body = R"([[event]]
name = "fair"
stage = "yard"
visitors = 10
from = "plaza"
exits = "plaza"
egress = { begin = "20:20", end = "20:30" }
[[change]]
at = "20:15"
close = { way = 77 }
)";
    CHECK(test::ScenarioFile(whole_text(body)).problems().size() == 1);
    const std::string opened = "[[change]]\nat = \"20:25\"\nopen = { way = 77 }\n";
    CHECK(test::ScenarioFile(whole_text(body + opened)).problems().empty());
    const std::string rule =
        "[[rule]]\nname = \"r\"\nwhen = { sensor = \"plaza camera\", above = 9 "
        "}\ndo = { open = { way = 77 } }\n";
    CHECK(test::ScenarioFile(whole_text(body + rule)).problems().empty());
}

TEST_CASE("a scenario with any line missing or any value wrong is read or told, never a crash") {
    std::vector<std::string> lines;
    std::string text = test::full_scenario();
    for (std::size_t end = 0; (end = text.find('\n')) != std::string::npos;
         text.erase(0, end + 1)) {
        lines.push_back(text.substr(0, end));
    }
    const auto read_without_crash = [&](std::size_t line, const std::string& by) {
        std::string damaged;
        for (std::size_t k = 0; k < lines.size(); ++k) {
            damaged += (k == line ? by : lines[k]) + "\n";
        }
        const test::ScenarioFile file(damaged);
        const auto problems = file.problems();
        for (const std::string& problem : problems) {
            CHECK_MESSAGE(problem.starts_with(file.file.string() + ":"), problem);
        }
        return problems.size();
    };
    std::size_t told = 0;
    std::size_t tried = 0;
    for (std::size_t k = 0; k < lines.size(); ++k) {
        if (lines[k].empty() || lines[k].starts_with("#")) {
            continue;
        }
        CAPTURE(lines[k]);
        told += read_without_crash(k, "") > 0 ? 1U : 0U;
        ++tried;
        const auto equals = lines[k].find(" = ");
        for (const char* value : {"-1", "\"x\"", "[]", "{}", "[[1, nan], [2, inf], [1e300, 0]]"}) {
            if (equals != std::string::npos && !lines[k].starts_with("[")) {
                told += read_without_crash(k, lines[k].substr(0, equals + 3) + value) > 0 ? 1U : 0U;
                ++tried;
            }
        }
    }
    // A key left out may have a default, and -1 may be right for a few: most damage is told.
    CHECK(tried > 600);
    CHECK(told > tried * 7 / 10);
}

TEST_CASE("closures that leave part of a demand without a way are told with their share") {
    const auto warnings_with = [](const std::string& admits) {
        const test::ScenarioFile file(
            whole_text("[[vehicles]]\nname = \"cars\"\ncount = 5\n"
                       "from = { Alley = 1, \"North Street\" = 3 }\nto = \"East Street\"\n"
                       "departure = { begin = \"0 s\", end = \"10 min\" }\n"
                       "[[change]]\nat = \"5 min\"\nclose = { street = \"West Street\"" +
                       admits + " }\n"));
        std::vector<std::string> warnings;
        CHECK(file.problems(&warnings).empty());
        return warnings;
    };
    const std::vector<std::string> warnings = warnings_with("");
    CAPTURE(fmt::format("{}", fmt::join(warnings, "\n")));
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("vehicles \"cars\": 25 % of the trips have no way after \"close West "
                           "Street\"") != std::string::npos);
    CHECK(warnings_with(", admits = \"car\"").empty());
}
