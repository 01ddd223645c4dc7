#include "scenario/quantities.hpp"
#include "scenario_file.hpp"
#include "schema_check.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace veste;
using namespace veste::scenario_file;

namespace {

std::set<std::string> described_keys() {
    std::set<std::string> keys;
    for (const KeyGroup& group : key_groups()) {
        for (const Key& key : group.keys) {
            keys.insert(fmt::format("{}.{}", group.name, key.name));
        }
    }
    return keys;
}

/// "group.key" of every key that a table gives.
void add_given(const TomlValue& table, const KeyGroup& group, std::set<std::string>& given) {
    for (const TomlEntry& entry : table.entries) {
        const KeyGroup* owner = nullptr;
        const Key* key = find_key(group, entry.key, &owner);
        REQUIRE(key != nullptr);
        given.insert(fmt::format("{}.{}", owner->name, key->name));
        if (key->type == KeyType::Table) {
            add_given(entry.value, key_group(key->group), given);
        } else if (key->type == KeyType::Tables) {
            for (const TomlValue& item : entry.value.items) {
                add_given(item, key_group(key->group), given);
            }
        }
    }
}

std::vector<std::string> missing_from(const std::set<std::string>& all,
                                      const std::set<std::string>& some) {
    std::vector<std::string> missing;
    std::set_difference(all.begin(), all.end(), some.begin(), some.end(),
                        std::back_inserter(missing));
    return missing;
}

nlohmann::json as_json(const std::string& text) {
    return test::json_of(parse_toml(text, "scenario.toml"));
}

const nlohmann::json& schema() {
    static const nlohmann::json parsed = nlohmann::json::parse(scenario_json_schema());
    return parsed;
}

} // namespace

TEST_CASE(
    "the reader asks for exactly the keys that are described, and the examples use them all") {
    std::set<std::string> asked;
    std::set<std::string> asked_of_storm;
    test::ScenarioFile(test::full_scenario()).read(nullptr, &asked);
    test::ScenarioFile(test::town_storm).read(nullptr, &asked_of_storm);
    asked.insert(asked_of_storm.begin(), asked_of_storm.end());
    CHECK(missing_from(described_keys(), asked) == std::vector<std::string>());
    CHECK(missing_from(asked, described_keys()) == std::vector<std::string>());
    std::set<std::string> given;
    add_given(parse_toml(test::full_scenario(), "full"), key_group(""), given);
    add_given(parse_toml(test::town_storm, "storm"), key_group(""), given);
    add_given(parse_toml("base = \"town.toml\"", "difference"), key_group(""), given);
    CHECK(fmt::format("{}", fmt::join(missing_from(described_keys(), given), ", ")) == "");
}

TEST_CASE("every described key has a meaning, limits that hold its default, and a group it names") {
    std::set<std::string> names;
    for (const KeyGroup& group : key_groups()) {
        CAPTURE(group.name);
        CHECK(names.insert(std::string(group.name)).second);
        CHECK_FALSE(group.meaning.empty());
        for (const Key& key : group.keys) {
            CAPTURE(key.name);
            CHECK_FALSE(key.meaning.empty());
            CHECK_FALSE(wanted_text(key).empty());
            CHECK_FALSE((key.is_required && !key.otherwise.empty()));
            if (key.type == KeyType::Table || key.type == KeyType::Tables) {
                CHECK(key_group(key.group).name == key.group);
            }
            if (key.type == KeyType::Quantity) {
                REQUIRE(find_unit(key.unit) != nullptr);
                CHECK(key.low < key.high);
                const double si = find_unit(key.unit)->si;
                if (!key.otherwise.empty()) {
                    const QuantityReading read = read_quantity(key.otherwise, *find_unit(key.unit));
                    CHECK(read.problem == "");
                    CHECK(is_within(read.value / si, {key.low, key.high, key.unit}));
                }
            }
            if (key.type == KeyType::Choice && !key.otherwise.empty()) {
                CHECK(std::count(key.choices.begin(), key.choices.end(), key.otherwise) == 1);
            }
            for (const auto* list : {&group.exactly_one, &group.at_least_one, &group.at_most_one}) {
                for (const std::string_view name : *list) {
                    CHECK(find_key(group, name) != nullptr);
                }
            }
        }
    }
}

TEST_CASE("the reference tells every key with its unit, limits and default") {
    const std::string reference = scenario_reference();
    for (const KeyGroup& group : key_groups()) {
        const auto heading = reference.find(fmt::format("## {}\n", group.title));
        CAPTURE(group.title);
        REQUIRE(heading != std::string::npos);
        for (const Key& key : group.keys) {
            const auto row = reference.find(fmt::format("| `{}` |", key.name), heading);
            REQUIRE(row != std::string::npos);
            const std::string line = reference.substr(row, reference.find('\n', row) - row);
            CHECK(line.find(std::string(key.meaning)) != std::string::npos);
            CHECK(line.find(key.is_required ? "**required**" : std::string(key.otherwise)) !=
                  std::string::npos);
        }
    }
    CHECK(reference.find("| `patience` | a time such as \"4 s\", 0 to 600 s | held up for longer, "
                         "they begin to squeeze through | `4 s` |") != std::string::npos);
}

TEST_CASE("the examples are right by the JSON schema") {
    CHECK(test::schema_problems(as_json(test::full_scenario()), schema()) ==
          std::vector<std::string>());
    CHECK(test::schema_problems(as_json(test::town_storm), schema()) == std::vector<std::string>());
}

TEST_CASE("the JSON schema refuses what the reader refuses") {
    const std::string clock = "clock = { date = \"2026-06-21\", start = \"20:00\", duration = \"1 "
                              "min\", utc_offset = \"2 h\" }\n";
    const std::string head = "city = \"a.h5\"\n" + clock;
    CHECK(test::schema_problems(as_json(head), schema()).empty());
    const std::pair<const char*, std::string> wrong[] = {
        {"unknown key", head + "sed = 1"},
        {"missing key", clock},
        {"wrong type", head + "seed = \"1\""},
        {"fraction", head + "seed = 1.5"},
        {"out of range", head + "seed = -1"},
        {"wrong unit", head + "[weather]\nrain = [[\"20:10\", \"20 mm\"]]"},
        {"no unit", head + "[steps]\ntick = 1"},
        {"no moment", head + "[[change]]\nat = \"soon\"\nrainfall = \"0 mm/h\""},
        {"nothing changes", head + "[[change]]\nat = \"20:10\""},
        {"two things change", head + "[[change]]\nat = \"20:10\"\nrainfall = \"0 mm/h\"\nlamps = { "
                                     "all = true, on = true }"},
        {"no way named", head + "[[change]]\nat = \"20:10\"\nclose = { who = \"all\" }"},
        {"rain and storm", head + "[weather]\nrain = [[\"0 s\", \"1 mm/h\"]]\nstorm = { duration = "
                                  "\"10 min\", total = \"5 mm\" }"},
        {"unknown choice", head + "[[sensor]]\nname = \"a\"\nkind = \"b\"\nat = [1, 2]"},
        {"point of three",
         head + "[[sensor]]\nname = \"a\"\nkind = \"water_gauge\"\nat = [1, 2, 3]"},
        {"two corners", head + "[[place]]\nname = \"a\"\npolygon = [[1, 2], [3, 4]]"},
        {"negative weight",
         head + "[[pedestrians]]\nname = \"a\"\ncount = 1\nfrom = { b = -1 }\nto = \"c\""},
    };
    for (const auto& one : wrong) {
        CAPTURE(one.first);
        CHECK_FALSE(test::schema_problems(as_json(one.second), schema()).empty());
    }
}

TEST_CASE("quantities are read in every unit of their dimension") {
    const auto si = [](const char* text, const char* usual) {
        const QuantityReading read = read_quantity(text, *find_unit(usual));
        CHECK(read.problem == "");
        return read.value;
    };
    CHECK(si("30 km/h", "m/s") == doctest::Approx(30.0 / 3.6));
    CHECK(si("30km/h", "m/s") == doctest::Approx(30.0 / 3.6));
    CHECK(si(" 10 mph ", "m/s") == doctest::Approx(4.4704));
    CHECK(si("45 mm/h", "mm/h") == doctest::Approx(1.25e-5));
    CHECK(si("1 mm/min", "mm/h") == doctest::Approx(60.0 / 3.6e6));
    CHECK(si("12 m3/s", "l/s") == 12.0);
    CHECK(si("12 m³/s", "l/s") == 12.0);
    CHECK(si("250 l/s", "m3/s") == 0.25);
    CHECK(si("30 min", "s") == 1800.0);
    CHECK(si("0.25 /s", "/s") == 0.25);
    CHECK(si("900 /h", "/s") == 0.25);
    CHECK(si("1e3 m", "m") == 1000.0);
    CHECK(si("-2.5 cm", "m") == -0.025);
    for (const char* wrong : {"", "m", "3", "3 q", "1.2.3 m", "nan m", "1e999 m", "3 m 4"}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_quantity(wrong, *find_unit("m")).problem.empty());
    }
}

TEST_CASE("clock times have two digits of minutes and may run into the next day") {
    CHECK(read_clock_time("20:10") == 72600.0);
    CHECK(read_clock_time("9:05:30") == 32730.0);
    CHECK(read_clock_time("24:30") == 88200.0);
    for (const char* wrong : {"", "20", "20:1", "20:60", "48:00", "20:10:", "20:10:60", "20.10",
                              "x0:10", "20:1o", "20:10 "}) {
        CAPTURE(wrong);
        CHECK_FALSE(read_clock_time(wrong));
    }
}
