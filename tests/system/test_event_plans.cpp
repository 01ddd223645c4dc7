#include "support/command.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace veste::test;

namespace {

constexpr const char* plans = VESTE_SOURCE_DIR "/scenarios";

std::string veste_or_fail(const std::string& arguments) {
    const CommandResult result = run_veste(arguments);
    CAPTURE(arguments);
    CAPTURE(result.output);
    REQUIRE(result.exit_code == 0);
    return result.output;
}

/// A difference to a plan.
std::string differing(const std::string& plan, const std::string& difference) {
    return fmt::format("base = \"{0}/{1}/scenario.toml\"\n{2}", plans, plan, difference);
}

/// The festival with a few people, until the slowest wheelchair user is out.
std::string small_festival() {
    std::string text = fmt::format("city = \"{}/square_festival/city.toml\"\n"
                                   "[clock]\nduration = \"58 min\"\n",
                                   plans);
    const auto add = [&](const char* name, int count, const char* from, const char* journey) {
        text += fmt::format("[[pedestrians]]\nname = \"{}\"\ncount = {}\nprofiles = \"adult\"\n"
                            "from = \"{}\"\nto = \"west\"\n"
                            "departure = {{ begin = \"18:00\", end = \"18:25\" }}\n{}\n",
                            name, count, from, journey);
    };
    add("visitors from the west", 60, "west", "journey = \"by the west entrance\"");
    add("visitors from the south", 60, "south", "journey = \"by the south entrance\"");
    add("families from the west", 0, "west", "journey = \"by the west entrance\"");
    add("families from the south", 0, "south", "journey = \"by the south entrance\"");
    add("passers-by", 0, "north", "");
    return text;
}

void draw_levels(const TemporaryFolder& folder, const std::string& out, const std::string& city) {
    const std::string map = (folder / "map.png").string();
    for (const char* levels : {"now", "mean", "max"}) {
        veste_or_fail(fmt::format("map {} --city {} -o {} --los {}", out, city, map, levels));
        CHECK(std::filesystem::file_size(map) > 40000);
    }
}

} // namespace

TEST_CASE("a festival gate that fails to open sends people another way, and all get out") {
    const TemporaryFolder folder;
    const std::string city = (folder / "city.h5").string();
    veste_or_fail(fmt::format("city build {}/square_festival/city.toml -o {}", plans, city));
    for (const std::string plan : {"square_festival", "square_festival_gate_fails"}) {
        const std::string file =
            folder.write(plan + ".toml", differing(plan, small_festival())).string();
        const std::string log = veste_or_fail(
            fmt::format("run {} --city {} -o {}.h5", file, city, (folder / plan).string()));
        CAPTURE(log);
        CHECK(log.find("160 set out, 160 arrived, 0 stuck") != std::string::npos);
    }
    const std::string base = (folder / "square_festival.h5").string();
    const std::string table = veste_or_fail(
        fmt::format("compare {} {}", base, (folder / "square_festival_gate_fails.h5").string()));
    CAPTURE(table);
    const std::size_t row = table.find("walking time, mean");
    REQUIRE(row != std::string::npos);
    CHECK(table.substr(row, table.find('\n', row) - row).find("worse") != std::string::npos);
    draw_levels(folder, base, city);
}

TEST_CASE("the stadium's first minutes run and are drawn by level of service") {
    const TemporaryFolder folder;
    const std::string plan = std::string(plans) + "/stadium_egress";
    const std::string file =
        folder
            .write("scenario.toml",
                   differing("stadium_egress",
                             fmt::format("city = \"{}/city.toml\"\n[clock]\nduration = \"2 min\"\n",
                                         plan)))
            .string();
    const std::string city = (folder / "city.h5").string();
    const std::string out = (folder / "out.h5").string();
    veste_or_fail(fmt::format("city build {}/city.toml -o {}", plan, city));
    const std::string log = veste_or_fail(fmt::format("run {} --city {} -o {}", file, city, out));
    CHECK(log.find(" 0 stuck") != std::string::npos);
    draw_levels(folder, out, city);
}
