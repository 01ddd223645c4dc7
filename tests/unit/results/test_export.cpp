#include "city/walk_outline.hpp"
#include "results/export.hpp"
#include "results/service_levels.hpp"
#include "support/toy_walk.hpp"
#include "support/walk_scene.hpp"
#include "unit/results/toy_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <hdf5.h>
#include <sstream>

using namespace veste;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

/// Ten people on a bridge over a street and five below it, all in one box of the plan, recorded.
struct BridgeRun {
    test::TemporaryFolder folder;
    std::filesystem::path file = folder / "bridge.h5";
    std::shared_ptr<City> city;

    BridgeRun() {
        const Box2 middle = scene::box(-1.5, -2.0, 1.5, 2.0);
        const Box2 ends[] = {scene::box(30.0, -2.0, 40.0, 2.0), scene::box(-1.5, 30.0, 1.5, 40.0)};
        WalkMesh mesh = ::toy::bridge_over_street();
        cut_along(mesh, {ring(middle), ring(ends[0]), ring(ends[1])});
        city = std::make_shared<City>(::toy::walk_city(std::move(mesh)));
        city->digest = "bridge";
        Scenario scenario;
        scenario.duration_s = 60.0;
        scenario.has_flood = false;
        const ProfileId slow = scene::add_profile(scenario, 0.1);
        for (const int level : {1, 0}) {
            const PlaceId from = scene::add_place(scenario, *city, "from", middle);
            std::erase_if(scenario.places[from.index].triangles, [&](TriangleId t) {
                return city->walk.triangles[t.index].level != level;
            });
            const PlaceId to =
                scene::add_place(scenario, *city, "to", ends[static_cast<std::size_t>(level)]);
            scene::add_demand(scenario, level == 1 ? 10 : 5, slow, from, to);
        }
        Simulation simulation(city, std::make_shared<Scenario>(scenario), 1);
        Recorder recorder(file, RecorderOptions{});
        simulation.add_observer(recorder);
        simulation.run([&] { return simulation.now_s() >= 20.0; });
    }
    static Polyline ring(const Box2& b) {
        return {b.low, Vec2(b.high.x(), b.low.y()), b.high, Vec2(b.low.x(), b.high.y()), b.low};
    }
};

} // namespace

TEST_CASE("people on a bridge are recorded, exported and drawn on it, not on the street below") {
    const BridgeRun run;
    const Results results(run.file);
    const std::vector<RecordedPerson> people = results.people_at(10.0);
    std::size_t above = 0;
    for (const RecordedPerson& person : people) {
        REQUIRE(person.level);
        CHECK(*person.level == (person.agent < 10 ? 1 : 0));
        above += *person.level == 1 ? 1 : 0;
    }
    REQUIRE(above > 5);
    const auto on = [&](std::optional<std::int8_t> level) {
        return people_on(people, run.city->walk, level).size();
    };
    CHECK(on(std::int8_t{1}) == above);
    CHECK(on(std::int8_t{0}) == people.size() - above);
    CHECK(on(std::nullopt) < people.size()); // never both where they lie above each other
    export_archive(results, *run.city, std::int8_t{1}, run.folder / "above.h5");
    const Hdf5File back(run.folder / "above.h5", FileUse::Read);
    CHECK(back.extent("/trajectory").front() >= above);
    const ArchiveReport below =
        export_archive(results, *run.city, std::int8_t{0}, run.folder / "below.h5");
    CHECK(below.rows + back.extent("/trajectory").front() == below.rows + below.left_out);
    export_csv(results, run.folder / "people.csv");
    std::istringstream lines(text_of(run.folder / "people.csv"));
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
        const bool is_above = std::stoi(line) < 10;
        CHECK(line.ends_with(is_above ? ",1" : ",0"));
    }
}

TEST_CASE("a file of before levels were recorded is read, and levels are found on the plan") {
    const BridgeRun run;
    const hid_t old = H5Fopen(run.file.c_str(), H5F_ACC_RDWR, H5P_DEFAULT);
    REQUIRE(H5Ldelete(old, "/pedestrians/rows/level", H5P_DEFAULT) >= 0);
    H5Fclose(old);
    const Results results(run.file);
    const std::vector<RecordedPerson> people = results.people_at(10.0);
    REQUIRE(people.size() > 5);
    CHECK_FALSE(people[0].level);
    CHECK(people_on(people, run.city->walk, std::int8_t{0}).size() == people.size());
    CHECK(export_archive(results, *run.city, {}, run.folder / "plan.h5").level == 0);
}

TEST_CASE("the outline of a room with a pillar is a polygon with a hole") {
    const WalkMesh mesh = scene::mesh_of({scene::box(0, 0, 10, 8), scene::box(30, 0, 40, 8)},
                                         {scene::box(4, 3, 6, 5)});
    const std::vector<Vec2> people = {Vec2(1, 1), Vec2(9, 7), Vec2(31, 1)};
    const Polygon outline = walk_outline(mesh, 0, people, 10.0);
    CHECK(area_m2(outline) == doctest::Approx(80.0 - 4.0));
    CHECK(outline.holes.size() == 1);
    CHECK(contains(outline, people[0]));
    CHECK_FALSE(contains(outline, people[2]));
    CHECK(wkt_of(Polygon{{Vec2(0, 0), Vec2(2, 0), Vec2(0, 1.5)}, {}}) ==
          "POLYGON ((0.000 0.000, 2.000 0.000, 0.000 1.500, 0.000 0.000))");
    CHECK(walk_outline(mesh, 1, people, 10.0).outer.empty());
}

TEST_CASE("exported trajectories give back every recorded row to the centimetre") {
    const auto& evenings = toy_run::evenings();
    const Results results(evenings.base);
    const std::filesystem::path file = evenings.folder / "people.csv";
    const std::uint64_t rows = export_csv(results, file);
    std::istringstream lines(text_of(file));
    std::string line;
    std::getline(lines, line);
    CHECK(line == "id,frame,time_s,x_m,y_m,density_per_m2,phase,level");
    std::uint64_t count = 0;
    double time_s = -1.0;
    std::vector<RecordedPerson> frame;
    std::size_t in_frame = 0;
    while (std::getline(lines, line)) {
        unsigned id = 0;
        long number = 0;
        double t = 0.0;
        double x = 0.0;
        double y = 0.0;
        REQUIRE(std::sscanf(line.c_str(), "%u,%ld,%lf,%lf,%lf", &id, &number, &t, &x, &y) == 5);
        if (t != time_s) {
            time_s = t;
            frame = results.people_at(t);
            in_frame = 0;
        }
        REQUIRE(in_frame < frame.size());
        CHECK(id == frame[in_frame].agent);
        CHECK((Vec2(x, y) - results.info().origin - frame[in_frame].at).norm() < 1e-6);
        ++in_frame;
        ++count;
    }
    CHECK(count == rows);
    CHECK(count > 1000);
}

TEST_CASE("an export of what is not recorded says what there is") {
    const auto& evenings = toy_run::evenings();
    const Results results(evenings.base);
    CHECK_THROWS_WITH_AS(export_raster(results, "dept", 60.0, evenings.folder / "a.tif"),
                         doctest::Contains("there is no raster \"dept\"; known are "), InputError);
    City elsewhere = *toy_city::built();
    elsewhere.digest = "another";
    CHECK_THROWS_WITH_AS(export_archive(results, elsewhere, {}, evenings.folder / "a.h5"),
                         doctest::Contains("wanted is the city file of the run"), InputError);
    CHECK_THROWS_WITH_AS(
        export_archive(results, *toy_city::built(), std::int8_t{5}, evenings.folder / "a.h5"),
        doctest::Contains("nobody is recorded on level 5"), InputError);
    CHECK_THROWS_AS(export_csv(results, "/nowhere/at/all.csv"), RunError);
}

TEST_CASE("the archive file holds each row once, by id and frame") {
    const auto& evenings = toy_run::evenings();
    const Results results(evenings.base);
    const std::filesystem::path file = evenings.folder / "archive.h5";
    const ArchiveReport report = export_archive(results, *toy_city::built(), {}, file);
    CHECK(report.rows > 1000);
    const Hdf5File back(file, FileUse::Read);
    CHECK(back.extent("/trajectory") == Extent{report.rows});
    CHECK(back.number_attribute("/trajectory", "fps") == 1.0);
    CHECK(back.text_attribute("/", "wkt_geometry").starts_with("POLYGON (("));
    CHECK(report.rows + report.left_out == export_csv(results, evenings.folder / "all.csv"));
}
