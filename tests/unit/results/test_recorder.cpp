#include "base/errors.hpp"
#include "base/parallel.hpp"
#include "results/raster_window.hpp"
#include "unit/results/toy_run.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <map>
#include <mutex>
#include <set>
#include <thread>

using namespace veste;

namespace {

/// Positions of everyone present, by time.
using Positions = std::map<double, std::map<std::uint32_t, Vec2>>;

bool has_two_threads() {
    std::set<std::thread::id> seen;
    std::mutex mutex;
    Threads threads(2);
    threads.execute([&] {
        parallel_for(64, 1, [&](std::size_t) {
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            const std::lock_guard lock(mutex);
            seen.insert(std::this_thread::get_id());
        });
    });
    return seen.size() > 1;
}

double bytes_of(const std::vector<StoredArray>& arrays, const std::string& group) {
    double bytes = 0.0;
    for (const StoredArray& array : arrays) {
        if (array.path.starts_with(group)) {
            bytes += static_cast<double>(array.stored_bytes);
        }
    }
    return bytes;
}

} // namespace

TEST_CASE("recorded positions of people and vehicles are those of the run to half a centimetre") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.duration_s = 150.0;
    scenario.outputs.trajectories_every_s = 2.0;
    Positions people;
    Positions vehicles;
    toy_run::record(folder / "out.h5", scenario, 1, [&](const Simulation& simulation) {
        const World& world = simulation.world();
        for (std::uint32_t i = 0; i < world.pedestrians.size(); ++i) {
            if (world.pedestrians.is_present(i)) {
                people[simulation.now_s()][i] = {world.pedestrians.x_m[i],
                                                 world.pedestrians.y_m[i]};
            }
        }
        for (std::uint32_t i = 0; i < world.vehicles.size(); ++i) {
            if (world.vehicles.is_present(i)) {
                vehicles[simulation.now_s()][i] = {world.vehicles.x_m[i], world.vehicles.y_m[i]};
            }
        }
    });
    const Results results(folder / "out.h5");
    CHECK(results.file().extent("/pedestrians/frames/time") == Extent{75});
    std::size_t compared = 0;
    for (double time_s = 2.0; time_s <= 150.0; time_s += 2.0) {
        const auto recorded = results.people_at(time_s);
        REQUIRE(recorded.size() == people[time_s].size());
        for (const RecordedPerson& person : recorded) {
            CHECK((person.at - people[time_s].at(person.agent)).cwiseAbs().maxCoeff() <= 0.00501);
            ++compared;
        }
        const auto driving = results.vehicles_at(time_s);
        REQUIRE(driving.size() == vehicles[time_s].size());
        for (const RecordedVehicle& vehicle : driving) {
            CHECK((vehicle.at - vehicles[time_s].at(vehicle.agent)).cwiseAbs().maxCoeff() <=
                  0.00501);
            ++compared;
        }
    }
    CHECK(compared > 2000);
}

TEST_CASE("an agent and recorded frame takes at most 12 bytes, ids and frame index included") {
    const Results results(toy_run::evenings().base);
    const auto arrays = results.file().arrays();
    for (const std::string group : {"/pedestrians", "/vehicles"}) {
        const auto rows = static_cast<double>(results.file().extent(group + "/rows/agent")[0]);
        REQUIRE(rows > 2000.0);
        const double bytes =
            (bytes_of(arrays, group + "/rows/") + bytes_of(arrays, group + "/frames/")) / rows;
        MESSAGE(group, ": ", bytes, " bytes an agent and frame");
        CHECK(bytes <= 12.0);
        CHECK(bytes > 0.5);
    }
}

TEST_CASE("every array says its unit and what it is") {
    const Results results(toy_run::evenings().base);
    const auto arrays = results.file().arrays();
    CHECK(arrays.size() > 150);
    for (const StoredArray& array : arrays) {
        CAPTURE(array.path);
        CHECK(results.file().text_attribute(array.path, "unit").size() >= 1);
        CHECK(results.file().text_attribute(array.path, "description").size() > 3);
    }
}

TEST_CASE("a results file says what was run where") {
    const RunInfo info = Results(toy_run::evenings().troubled).info();
    CHECK(info.city == "toy");
    CHECK(info.city_digest == "toy");
    CHECK(info.epsg == 32632);
    CHECK(info.scenario_name == "troubled evening");
    CHECK(info.scenario_text == "troubled evening");
    CHECK(info.seed == "5");
    CHECK(info.date == "2026-11-21");
    CHECK(info.start_of_day_s == 21.0 * 3600.0);
    CHECK(info.duration_s == 600.0);
    CHECK(info.begin_s == 0.0);
    CHECK(info.is_complete);
}

TEST_CASE("recorded rasters are the run's water and light, north up, to a millimetre") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.weather.rain_mps = {{0.0, 200.0 / 3.6e6}};
    scenario.duration_s = 120.0;
    Water water;
    std::vector<float> lamps_lx;
    toy_run::record(folder / "out.h5", scenario, 1, [&](const Simulation& simulation) {
        water = simulation.world().water;
        lamps_lx = simulation.world().ambient.lamp_illuminance_lx;
    });
    const Results results(folder / "out.h5");
    const auto depth = results.raster_at("depth", 120.0);
    const auto u = results.raster_at("velocity_x", 120.0);
    const auto v = results.raster_at("velocity_y", 120.0);
    const auto light = results.raster_at("lamp_illuminance", 120.0);
    REQUIRE((depth && u && v && light));
    const auto city = toy_city::built();
    REQUIRE(depth->shape == city->terrain.shape());
    double fastest = 0.0;
    for (std::size_t cell = 0; cell < depth->values.size(); ++cell) {
        CHECK(std::abs(static_cast<double>(depth->values[cell]) - water.depth_m[cell]) <= 0.00051);
        CHECK(std::abs(light->values[cell] - lamps_lx[cell]) <= 0.0051F);
        if (water.depth_m[cell] >= 0.011) {
            // The model takes its speed from depths at the faces, the file from the cell's own.
            const double speed = std::hypot(u->values[cell], v->values[cell]);
            CHECK(speed ==
                  doctest::Approx(static_cast<double>(water.speed_mps[cell])).epsilon(0.5));
            fastest = std::max(fastest, speed);
        }
    }
    CHECK(fastest > 0.05);
    // Water runs to the hollow at (60, 0): eastwards west of it, northwards south of it.
    CHECK(u->at(Vec2(30.0, 1.0)) > 0.0F);
    CHECK(u->at(Vec2(90.0, 1.0)) < 0.0F);
    CHECK(v->at(Vec2(61.0, -30.0)) > 0.0F);
    CHECK(v->at(Vec2(61.0, 30.0)) < 0.0F);
    const auto stored = results.file().read_rows<std::uint16_t>("/rasters/depth", 1, 1);
    const auto y = results.file().read<double>("/rasters/y");
    CHECK(y.front() > y.back());
    CHECK(stored.front() ==
          std::lround(1000.0 * water.depth_m[city->terrain.shape().index(0, 109)]));
    const auto max_depth = results.file().read<std::uint16_t>("/rasters/max_depth");
    CHECK(*std::max_element(max_depth.begin(), max_depth.end()) ==
          std::lround(1000.0 *
                      *std::max_element(water.max_depth_m.begin(), water.max_depth_m.end())));
}

TEST_CASE("rasters keep to the area and the cell size asked for") {
    RasterShape terrain;
    terrain.corner = {-10.0, -20.0};
    terrain.cell_m = 2.0;
    terrain.columns = 30;
    terrain.rows = 40;
    Outputs outputs;
    CHECK(window_of(terrain, outputs).recorded == terrain);
    outputs.area = Box2{{0.5, 0.5}, {11.0, 9.0}};
    outputs.raster_cell_m = 4.0;
    const RasterWindow window = window_of(terrain, outputs);
    CHECK(window.recorded.corner == Vec2(0.0, 0.0));
    CHECK(window.recorded.cell_m == 4.0);
    CHECK(window.recorded.columns == 3); // 0 to 12 m
    CHECK(window.recorded.rows ==
          3); // 0 to 10 m: the last row is cut by the area, not recorded less
    std::set<std::size_t> cells;
    window.for_cells_of(1, 0, [&](std::size_t cell) { cells.insert(cell); });
    CHECK(cells == std::set<std::size_t>{terrain.index(7, 10), terrain.index(8, 10),
                                         terrain.index(7, 11), terrain.index(8, 11)});
    CHECK(window.stored_index(0, 2) == 0);
    outputs.area = Box2{{500.0, 500.0}, {600.0, 600.0}};
    CHECK(window_of(terrain, outputs).recorded.cells() == 0);
}

TEST_CASE("closures, power, lamps and sensors can be read back for any moment") {
    const Results results(toy_run::evenings().troubled);
    const std::uint32_t closed = toy_city::from_east.index;
    CHECK(results.state_at("edge_closed", 60.0)[closed] == 0);
    CHECK(results.state_at("edge_closed", 61.0)[closed] == all_vehicle_classes);
    CHECK(results.state_at("edge_closed", 240.0)[closed] == all_vehicle_classes);
    CHECK(results.state_at("edge_closed", 241.0)[closed] == 0);
    CHECK(results.state_at("feeder_on", 120.0) == std::vector<std::uint8_t>{1, 1});
    CHECK(results.state_at("feeder_on", 600.0) == std::vector<std::uint8_t>{0, 1});
    CHECK(results.state_at("signal_powered", 120.0) == std::vector<std::uint8_t>{1});
    CHECK(results.state_at("signal_powered", 121.0) == std::vector<std::uint8_t>{0});
    CHECK(results.state_at("sensor_working", 600.0) == std::vector<std::uint8_t>{0, 1, 1});
    const auto lit = results.state_at("lamp_lit", 600.0);
    CHECK(std::count(lit.begin(), lit.end(), 1) == 6); // the southern ones
}

TEST_CASE("a report that did not come is recorded as missing, not as zero") {
    const Results results(toy_run::evenings().troubled);
    const auto before = results.reports_at(120.0);
    REQUIRE(before);
    CHECK(before->at_s == 120.0);
    CHECK(before->values[0] > 0.0);
    const auto after = results.reports_at(300.0);
    REQUIRE(after);
    CHECK(std::isnan(after->values[0]));
    CHECK(std::isfinite(after->values[2]));
}

TEST_CASE("the event log holds every change with its time and text") {
    const auto events = Results(toy_run::evenings().troubled).events();
    std::vector<std::string> changes;
    for (const RecordedEvent& event : events) {
        if (event.kind == "change") {
            changes.push_back(event.text);
            CHECK(event.at_s == (changes.size() == 1 ? 60.0 : changes.size() == 2 ? 120.0 : 240.0));
        }
    }
    CHECK(changes == std::vector<std::string>{"close street from the east", "feeder north off",
                                              "open street from the east"});
}

TEST_CASE("signal lights are recorded when they change") {
    const Results results(toy_run::evenings().base);
    const auto lights = results.file().read<std::uint8_t>("/signals/light");
    const Extent extent = results.file().extent("/signals/light");
    const auto times = results.file().read<double>("/signals/time");
    REQUIRE(extent.size() == 2);
    REQUIRE(times.size() == extent[0]);
    CHECK(extent[0] > 10);
    for (std::size_t k = 1; k < extent[0]; ++k) {
        const auto row = [&](std::size_t r) {
            return std::vector<std::uint8_t>(
                lights.begin() + static_cast<std::ptrdiff_t>(r * extent[1]),
                lights.begin() + static_cast<std::ptrdiff_t>((r + 1) * extent[1]));
        };
        CHECK(row(k) != row(k - 1));
        CHECK(std::fmod(times[k], 5.0) == 0.0);
    }
}

TEST_CASE("one and two threads record the same, bit for bit, another seed does not") {
    REQUIRE(has_two_threads());
    const test::TemporaryFolder folder;
    Scenario scenario = toy_run::troubled_evening(*toy_city::built());
    toy_run::record(folder / "two.h5", scenario, 2);
    scenario.seed = 6;
    toy_run::record(folder / "other.h5", scenario, 1);
    const std::string one = results_digest(toy_run::evenings().troubled);
    CHECK(one.size() == 16);
    CHECK(results_digest(folder / "two.h5") == one);
    CHECK(results_digest(folder / "other.h5") != one);
}

TEST_CASE("a run that is stopped early leaves a readable file that says until when it goes") {
    const test::TemporaryFolder folder;
    toy_run::record(folder / "out.h5", toy_city::evening(*toy_city::built()), 1, {}, 90.0);
    const Results results(folder / "out.h5");
    CHECK_FALSE(results.info().is_complete);
    CHECK(results.until_s() == 90.0);
    CHECK(results.times_s() == std::vector<double>{60.0, 90.0});
    CHECK(results.people_at(90.0).size() ==
          static_cast<std::size_t>(toy_run::last(results, "people_present")));
}

TEST_CASE("what the scenario does not ask for is not recorded") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.duration_s = 60.0;
    scenario.outputs.trajectories = false;
    scenario.outputs.water = false;
    scenario.outputs.illuminance = false;
    toy_run::record(folder / "out.h5", scenario);
    const Results results(folder / "out.h5");
    CHECK_FALSE(results.file().contains("/pedestrians"));
    CHECK_FALSE(results.file().contains("/rasters"));
    CHECK(results.people_at(60.0).empty());
    CHECK_FALSE(results.raster_at("depth", 60.0));
}

TEST_CASE("a file that cannot be made stops the run before it begins") {
    const auto city = toy_city::built();
    const auto scenario = std::make_shared<Scenario>(toy_city::evening(*city));
    Simulation simulation(city, scenario, 1);
    Recorder recorder("/nonexistent/out.h5", RecorderOptions{});
    simulation.add_observer(recorder);
    CHECK_THROWS_WITH_AS(simulation.run(), doctest::Contains("/nonexistent/out.h5"), RunError);
    CHECK(simulation.now_s() == 0.0);
}

TEST_CASE("what is measured of people is recorded and agrees with the world's totals") {
    const Results results(toy_run::evenings().troubled);
    const Hdf5File& file = results.file();
    const auto times_s = file.read<double>("/measures/time");
    REQUIRE(times_s.size() == 60);
    CHECK(times_s.front() == 10.0);
    const auto forward = file.read<double>("/measures/lines/forward");
    const auto backward = file.read<double>("/measures/lines/backward");
    const auto flow = file.read<double>("/measures/lines/flow");
    CHECK(std::is_sorted(forward.begin(), forward.end()));
    double passed = 0.0;
    for (const double flow_per_s : flow) {
        passed += 10.0 * flow_per_s;
    }
    CHECK(passed == doctest::Approx(forward.back() + backward.back()));
    CHECK(passed > 20.0);
    const auto people = file.read<double>("/measures/areas/people");
    const auto density = file.read<double>("/measures/areas/density");
    for (std::size_t k = 0; k < people.size(); ++k) {
        CHECK(density[k] == doctest::Approx(people[k] / 500.0));
    }
    const auto walking_s = file.read<double>("/measures/exposure/walkway_los");
    const auto waiting_s = file.read<double>("/measures/exposure/queue_los");
    double sum_s = 0.0;
    for (std::size_t level = 0; level < 6; ++level) {
        sum_s += walking_s[level] + waiting_s[level];
    }
    double present_s = 0.0;
    for (double t = 1.0; t <= 600.0; t += 1.0) {
        present_s += static_cast<double>(results.people_at(t).size());
    }
    CHECK(sum_s == present_s);
    const auto densest = results.raster_at("density_max", 600.0);
    REQUIRE(densest);
    float most_per_m2 = 0.0F;
    for (const float value : densest->values) {
        most_per_m2 = std::isnan(value) ? most_per_m2 : std::max(most_per_m2, value);
    }
    CHECK(most_per_m2 > 0.1F);
    CHECK(most_per_m2 < 10.0F);
}

TEST_CASE("the forces that people of the social force model feel are recorded") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.duration_s = 200.0;
    scenario.outputs.heat_maps = true;
    for (Profile& profile : scenario.profiles) {
        profile.model = WalkingModel::SocialForce;
        profile.radius_m = 0.5; // so that they touch where they queue
        profile.free_speed_mean_mps = profile.free_speed_max_mps = 3.0;
    }
    toy_run::record(folder / "out.h5", scenario);
    const Results results(folder / "out.h5");
    const auto people = results.file().read<double>("/measures/areas/people");
    const auto mean_n = results.file().read<double>("/measures/areas/contact");
    const auto most_n = results.file().read<double>("/measures/areas/contact_max");
    const auto crushed = results.file().read<double>("/measures/areas/crushed");
    CHECK(std::is_sorted(most_n.begin(), most_n.end()));
    CHECK(most_n.back() > 0.0);
    for (std::size_t k = 0; k < people.size(); ++k) {
        CHECK(crushed[k] <= people[k]);
        CHECK((people[k] == 0.0 || (mean_n[k] >= 0.0 && mean_n[k] <= most_n[k])));
    }
    const auto map = results.raster_at("contact_max", 200.0);
    REQUIRE(map);
    float most_on_map_n = 0.0F;
    for (const float value : map->values) {
        most_on_map_n = std::isnan(value) ? most_on_map_n : std::max(most_on_map_n, value);
    }
    CHECK(most_on_map_n > 0.0F);
    CHECK(results.file().read<double>("/measures/exposure/crushed").size() == 1);
}
