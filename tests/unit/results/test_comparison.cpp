#include "base/errors.hpp"
#include "results/comparison.hpp"
#include "results/results_map.hpp"
#include "unit/results/toy_run.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <sstream>

using namespace veste;

namespace {

const ComparedIndicator& row_of(const Comparison& comparison, std::string_view name) {
    return *std::find_if(comparison.indicators.begin(), comparison.indicators.end(),
                         [&](const auto& row) { return row.indicator->name == name; });
}

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

} // namespace

TEST_CASE("two runs are compared indicator by indicator") {
    const Comparison comparison =
        compare(Results(toy_run::evenings().base), Results(toy_run::evenings().troubled));
    CHECK(comparison.indicators.size() == indicators().size());
    CHECK(comparison.until_s == 600.0);
    const ComparedIndicator& lost = row_of(comparison, "observations_lost");
    CHECK(lost.base == 0.0);
    CHECK(lost.whatif == 8.0);
    CHECK(lost.difference() == 8.0);
    CHECK(std::isnan(lost.relative_difference()));
    const ComparedIndicator& rain = row_of(comparison, "rain");
    CHECK(rain.relative_difference() == doctest::Approx(1.0).epsilon(1e-12)); // 80 to 160 mm/h
    CHECK(row_of(comparison, "depth_max").base_where.starts_with("E "));
    CHECK(row_of(comparison, "rain").base_where.empty());
    CHECK(comparison.base_changes.empty());
    CHECK(comparison.whatif_changes.size() == 3);
}

TEST_CASE("an emergency route that is cut is worse, and times of other routes are not judged") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.duration_s = 300.0;
    toy_run::record(folder / "base.h5", scenario);
    const EdgeId end = scenario.emergency_routes.at(0).second;
    scenario.changes = {{60.0, "close the street to the west", CloseWays{{end}, {}}},
                        {180.0, "open the street to the west", OpenWays{{end}, {}}}};
    toy_run::record(folder / "cut.h5", scenario);
    const Results base(folder / "base.h5");
    const Comparison comparison = compare(base, Results(folder / "cut.h5"));
    REQUIRE(comparison.routes.size() == 1);
    const ComparedRoute& route = comparison.routes[0];
    CHECK(route.base_cut == 0.0);
    CHECK(route.whatif_cut == doctest::Approx(0.4)); // 2 of 5 minutes
    CHECK(std::isfinite(route.base_s));
    CHECK(std::isfinite(route.whatif_s));
    CHECK(verdict_on(route) == Verdict::Worse);
    for (const char* name : {"emergency_time_mean", "emergency_time_longest"}) {
        CAPTURE(name);
        CHECK_FALSE(row_of(comparison, name).is_alike);
        CHECK(verdict_on(row_of(comparison, name)) == Verdict::None);
    }
    CHECK(verdict_on(row_of(comparison, "emergency_routes_cut")) == Verdict::Worse);
    CHECK(comparison.notes.size() == 1);
    const std::string table = comparison_table(comparison);
    CHECK(table.find("Emergency routes while open") != std::string::npos);
    CHECK(table.find("cut, share of the time") != std::string::npos);
    CHECK(table.find("40 %") != std::string::npos);

    const Comparison alike = compare(base, base);
    CHECK(alike.notes.empty());
    CHECK(row_of(alike, "emergency_time_mean").is_alike);
    CHECK(verdict_on(alike.routes.at(0)) == Verdict::None);
}

TEST_CASE("a route that is open as long is judged by its time") {
    ComparedRoute route{"a to b", 100.0, 90.0, 0.2, 0.2};
    CHECK(verdict_on(route) == Verdict::Better);
    route.whatif_s = 110.0;
    CHECK(verdict_on(route) == Verdict::Worse);
    route.whatif_s = not_known;
    route.whatif_cut = 1.0;
    CHECK(verdict_on(route) == Verdict::Worse);
    route.base_s = not_known;
    route.base_cut = 1.0;
    CHECK(verdict_on(route) == Verdict::None);
}

TEST_CASE("a run compared with itself differs nowhere") {
    const Comparison comparison =
        compare(Results(toy_run::evenings().troubled), Results(toy_run::evenings().troubled));
    for (const ComparedIndicator& row : comparison.indicators) {
        CAPTURE(std::string(row.indicator->name));
        CHECK((row.difference() == 0.0 || std::isnan(row.base)));
    }
}

TEST_CASE("runs of other cities or other durations are not compared") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.duration_s = 60.0;
    toy_run::record(folder / "short.h5", scenario);
    CHECK_THROWS_WITH_AS(compare(Results(toy_run::evenings().base), Results(folder / "short.h5")),
                         doctest::Contains("duration 60 s, but"), InputError);
    std::filesystem::copy_file(toy_run::evenings().base, folder / "other.h5");
    {
        Hdf5File file(folder / "other.h5", FileUse::Modify);
        file.set_attribute("/meta", "city", "Atlantis");
        file.set_attribute("/meta", "city_digest", "deep");
        file.close();
    }
    CHECK_THROWS_WITH_AS(compare(Results(toy_run::evenings().base), Results(folder / "other.h5")),
                         doctest::Contains("city Atlantis"), InputError);
}

TEST_CASE("other seeds and unfinished runs are noted, and the common time is compared") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.seed = 6;
    toy_run::record(folder / "half.h5", scenario, 1, {}, 240.0);
    const Results base(toy_run::evenings().base);
    const Comparison comparison = compare(base, Results(folder / "half.h5"));
    REQUIRE(comparison.notes.size() >= 2);
    CHECK(comparison.notes[0].find("different seeds (5 and 6)") != std::string::npos);
    CHECK(comparison.notes[1].find("half.h5 is not complete: it holds 240 of 600 s") !=
          std::string::npos);
    CHECK(comparison.until_s == 240.0);
    CHECK(row_of(comparison, "people_set_out").base ==
          base.series(*find_indicator("people_set_out"))[3]);
    const std::string table = comparison_table(comparison);
    CHECK(table.find("note: the runs have different seeds") != std::string::npos);
    CHECK(table.find("21:00 to 21:04") != std::string::npos);
}

TEST_CASE("numbers are shown with the digits they deserve") {
    CHECK(value_text(not_known) == "-");
    CHECK(value_text(0.0) == "0");
    CHECK(value_text(1234567.8) == "1,234,568");
    CHECK(value_text(-1234.4) == "-1,234");
    CHECK(value_text(123.4) == "123");
    CHECK(value_text(12.34) == "12.3");
    CHECK(value_text(1.234) == "1.23");
    CHECK(value_text(0.0123) == "0.012");
    CHECK(value_text(3.1e-14) == "3.1e-14");
    CHECK(value_text(40.0) == "40");
    CHECK(value_text(79.999999999999986) == "80");
    CHECK(difference_text(5.0) == "+5");
    CHECK(difference_text(-5.0) == "-5");
    CHECK(clock_of(21.0 * 3600.0, 1800.0) == "21:30");
    CHECK(clock_of(23.0 * 3600.0, 5430.0) == "00:30:30");
}

TEST_CASE("the CSV table has every indicator once, with exact numbers") {
    const test::TemporaryFolder folder;
    const Comparison comparison =
        compare(Results(toy_run::evenings().base), Results(toy_run::evenings().troubled));
    write_comparison_csv(comparison, folder / "table.csv");
    std::istringstream in(text_of(folder / "table.csv"));
    std::string line;
    std::getline(in, line);
    CHECK(line == "theme,indicator,title,unit,better,whole_run,base,whatif,difference,"
                  "relative_difference,base_where,whatif_where\r");
    std::size_t rows = 0;
    bool has_lost = false;
    while (std::getline(in, line)) {
        ++rows;
        has_lost = has_lost || line == "\"Observation\",observations_lost,\"observations lost\","
                                       "\"1\",lower,last,0,8,8,,\"\",\"\"\r";
    }
    CHECK(rows == indicators().size() + 2 * comparison.routes.size());
    CHECK(has_lost);
    CHECK_THROWS_AS(write_comparison_csv(comparison, "/nonexistent/table.csv"), RunError);
}

TEST_CASE("the comparison is drawn") {
    const test::TemporaryFolder folder;
    const Comparison comparison =
        compare(Results(toy_run::evenings().base), Results(toy_run::evenings().troubled));
    draw_comparison(comparison, folder / "chart.png");
    const std::string png = text_of(folder / "chart.png");
    CHECK(png.substr(1, 3) == "PNG");
    CHECK(png.size() > 50000); // an empty picture of this size takes less than 10 kB
}

TEST_CASE("the worst minute is where danger and standstill add up to the most") {
    const Results results(toy_run::evenings().troubled);
    const auto hazard = results.series(*find_indicator("people_in_hazard"));
    const auto crowd = results.series(*find_indicator("people_in_los_f"));
    const auto standing = results.series(*find_indicator("vehicles_standing"));
    CHECK(*std::max_element(hazard.begin(), hazard.end()) == 0.0);
    const double most_crowded = *std::max_element(crowd.begin(), crowd.end());
    const double most_standing = *std::max_element(standing.begin(), standing.end());
    REQUIRE(most_crowded > 0.0);
    REQUIRE(most_standing > 0.0);
    const auto worst = static_cast<std::size_t>(worst_time_s(results) / 60.0) - 1;
    for (std::size_t k = 0; k < crowd.size(); ++k) {
        CAPTURE(k);
        CHECK(crowd[k] / most_crowded + standing[k] / most_standing <=
              crowd[worst] / most_crowded + standing[worst] / most_standing);
    }
}

TEST_CASE("a moment is drawn over its own city only, and only while the run lasted") {
    const test::TemporaryFolder folder;
    const auto city = toy_city::built();
    const Results results(toy_run::evenings().troubled);
    draw_results_map(results, *city, 360.0, folder / "map.png", 800);
    const std::string png = text_of(folder / "map.png");
    CHECK(png.substr(1, 3) == "PNG");
    CHECK(png.size() > 40000);
    CHECK_THROWS_WITH_AS(draw_results_map(results, *city, 601.0, folder / "m.png", 800),
                         doctest::Contains("holds 0 to 600 s, asked for 601 s"), InputError);
    City other = *city;
    other.digest = "another";
    CHECK_THROWS_WITH_AS(draw_results_map(results, other, 360.0, folder / "m.png", 800),
                         doctest::Contains("another"), InputError);
}
