#include "city/walk_outline.hpp"
#include "results/export.hpp"
#include "support/walk_scene.hpp"
#include "unit/results/toy_run.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fstream>
#include <sstream>

using namespace veste;

namespace {

std::string text_of(const std::filesystem::path& file) {
    std::ifstream in(file);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

} // namespace

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
    CHECK(line == "id,frame,time_s,x_m,y_m,density_per_m2,phase");
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
