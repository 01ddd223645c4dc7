#include "results/service_levels.hpp"

#include "base/errors.hpp"
#include "results/results_map.hpp"
#include "unit/results/toy_run.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <numbers>
#include <set>

using namespace veste;

namespace {

std::string bytes_of(const std::filesystem::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

} // namespace

TEST_CASE("a map's classes are Fruin's levels, and above 4.7 per square metre one more") {
    CHECK(service_class(0.0) == 0);
    CHECK(service_class(0.30) == 0);
    CHECK(service_class(0.32) == 1);
    CHECK(service_class(0.42) == 1);
    CHECK(service_class(0.44) == 2);
    CHECK(service_class(0.73) == 3);
    CHECK(service_class(1.07) == 3);
    CHECK(service_class(1.09) == 4);
    CHECK(service_class(2.16) == 5);
    CHECK(service_class(4.6) == 5);
    CHECK(service_class(4.8) == 6);
}

TEST_CASE("a map's density is a Gaussian of 1 m around each person") {
    std::vector<RecordedPerson> people(1);
    people[0].at = Vec2(5.25, 5.25); // the middle of a cell
    const Box2 area{Vec2(0.0, 0.0), Vec2(10.0, 10.0)};
    const Raster<float> alone = local_density(people, area);
    CHECK(alone.at(people[0].at) == doctest::Approx(1.0 / std::numbers::pi));
    CHECK(alone.at(Vec2(6.25, 5.25)) == doctest::Approx(std::exp(-1.0) / std::numbers::pi));
    CHECK(alone.at(Vec2(8.25, 5.25)) == 0.0F);
    people.clear();
    for (int k = 0; k < 400; ++k) { // four on each square metre
        people.emplace_back().at = 0.5 * Vec2(k % 20 + 0.5, k / 20 + 0.5);
    }
    // The kernel ends at 2.5 m, where it has 0.998 of its mass.
    CHECK(local_density(people, area).at(Vec2(5.25, 5.25)) == doctest::Approx(4.0).epsilon(0.005));
}

TEST_CASE("levels of service are drawn of the moment, and of the whole run by heat maps only") {
    const test::TemporaryFolder folder;
    const auto city = toy_city::built();
    Scenario scenario = toy_city::evening(*city);
    scenario.duration_s = 200.0;
    scenario.outputs.heat_maps = false;
    toy_run::record(folder / "without.h5", scenario);
    scenario.outputs.heat_maps = true;
    toy_run::record(folder / "with.h5", scenario);
    const Results without(folder / "without.h5");
    const Results with(folder / "with.h5");
    std::set<std::string> pictures;
    for (const PeopleLook look : {PeopleLook::Dots, PeopleLook::Service, PeopleLook::MeanService,
                                  PeopleLook::WorstService}) {
        draw_results_map(with, *city, 200.0, folder / "map.png", 800, look);
        pictures.insert(bytes_of(folder / "map.png"));
    }
    CHECK(pictures.size() == 4);
    draw_results_map(without, *city, 200.0, folder / "map.png", 800, PeopleLook::Service);
    for (const PeopleLook look : {PeopleLook::MeanService, PeopleLook::WorstService}) {
        CHECK_THROWS_WITH_AS(draw_results_map(without, *city, 200.0, folder / "map.png", 800, look),
                             doctest::Contains("holds no heat maps"), InputError);
    }
}

TEST_CASE("barriers are recorded with their lines and when they are up") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.duration_s = 120.0;
    const Polyline fence = {Vec2(1.0, 2.0), Vec2(3.0, 4.0), Vec2(5.0, 4.0)};
    const Polyline rope = {Vec2(-7.0, 0.5), Vec2(-7.0, 9.5)};
    scenario.barriers.resize(2);
    scenario.barriers[0].name = "fence";
    scenario.barriers[0].line = fence;
    scenario.barriers[1].name = "rope";
    scenario.barriers[1].line = rope;
    scenario.barriers[1].is_up = false;
    scenario.changes = {{60.0, "put up the rope", SwitchBarrier{BarrierId(1U), true}}};
    toy_run::record(folder / "out.h5", scenario);
    const Results results(folder / "out.h5");
    const auto barriers = results.barriers();
    REQUIRE(barriers.size() == 2);
    CHECK(barriers[0].name == "fence");
    CHECK(barriers[1].name == "rope");
    const auto check_line = [](const Polyline& read, const Polyline& line) {
        REQUIRE(read.size() == line.size());
        for (std::size_t k = 0; k < line.size(); ++k) {
            CHECK((read[k] - line[k]).norm() < 1e-6); // through the city's CRS and back
        }
    };
    check_line(barriers[0].line, fence);
    check_line(barriers[1].line, rope);
    CHECK(results.state_at("barrier_up", 60.0) == std::vector<std::uint8_t>{1, 0});
    CHECK(results.state_at("barrier_up", 61.0) == std::vector<std::uint8_t>{1, 1});
}
