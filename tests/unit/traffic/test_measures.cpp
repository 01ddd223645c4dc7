#include "base/parallel.hpp"
#include "unit/traffic/traffic_run.hpp"

#include <atomic>
#include <cmath>
#include <cstring>
#include <doctest/doctest.h>
#include <mutex>
#include <set>
#include <thread>

using namespace veste;
using namespace veste::toy;

namespace {

Scenario with_loops(const std::vector<std::pair<std::uint32_t, double>>& edges_and_places) {
    Scenario s;
    for (const auto& [edge, along_m] : edges_and_places) {
        s.sensors.push_back({"loop",
                             SensorKind::LoopDetector,
                             {0.0, 0.0},
                             0.0,
                             EdgeId(edge),
                             along_m,
                             FeederId{},
                             false});
    }
    return s;
}

/// Fronts that drive over each loop until a time.
std::vector<std::uint32_t> passed_until(TrafficRun& run, double end_s) {
    std::vector<std::uint32_t> passed(run.scenario->sensors.size(), 0);
    while (run.now_s() < end_s) {
        run.step();
        for (std::size_t s = 0; s < passed.size(); ++s) {
            passed[s] += run.counts.passed[s];
        }
    }
    return passed;
}

} // namespace

TEST_CASE("a loop counts each front that drives over it once, whatever lane it is on") {
    TrafficRun run(straight_road(600.0, 2, 13.9), with_loops({{0, 20.0}, {0, 280.0}, {1, 10.0}}));
    for (int n = 0; n < 20; ++n) {
        const auto c = n % 4 == 0 ? VehicleClass::Truck : VehicleClass::Car;
        run.add({0, 1}, 3.0 * n, c, n % 4 == 0 ? 0.6 : 1.1);
    }
    CHECK(passed_until(run, 250.0) == std::vector<std::uint32_t>{20, 20, 20});
    CHECK(run.count(VehiclePhase::Arrived) == 20);
    const auto changed =
        std::count_if(run.vehicles.changed_lane_s.begin(), run.vehicles.changed_lane_s.end(),
                      [](double at_s) { return at_s > 0.0; });
    CHECK(changed > 0);
}

TEST_CASE("a loop does not count who enters beyond it or arrives before it") {
    TrafficRun run(straight_road(600.0, 1, 13.9), with_loops({{0, 50.0}, {0, 250.0}, {1, 280.0}}));
    run.put(run.add({0, 1}), 0, 100.0, 10.0);
    CHECK(passed_until(run, 100.0) == std::vector<std::uint32_t>{0, 1, 0});
    CHECK(run.count(VehiclePhase::Arrived) == 1); // in the middle of edge 1
}

TEST_CASE("a queue is as long as its vehicles and their gaps") {
    TrafficRun run(straight_road(600.0, 1, 13.9, true));
    const double end_m = run.streets().lanes[0].length_m;
    for (int n = 0; n < 10; ++n) {
        run.put(run.add({0, 1}), 0, end_m - 1.0 - 6.5 * n, 0.0);
    }
    run.put(run.add({0, 1}), 0, 30.0, 13.0); // far behind and moving
    std::vector<float> queue_m;
    run.model.queue_lengths_m(run.vehicles, queue_m);
    // Ten cars of 4.5 m, nine gaps of 2 m, one metre to the line.
    CHECK(queue_m[0] == doctest::Approx(64.0).epsilon(1e-6));
    CHECK(queue_m[1] == 0.0F);
}

TEST_CASE("the next vehicle reaches a crossing in distance over speed") {
    TrafficRun run(straight_road(400.0, 1, 13.9, true));
    REQUIRE(run.streets().crossings.size() == 1);
    std::vector<float> times_s;
    run.model.approach_times(run.vehicles, times_s);
    CHECK(std::isinf(times_s[0]));
    const CrossingPlace& place = run.streets().crossings[0].places.at(0);
    REQUIRE((place.lane.is_valid() || place.connection.is_valid()));
    const double lane_m = run.streets().lanes[0].length_m;
    const double at_m = place.lane.is_valid() ? place.at_m : lane_m + place.at_m;
    const double begin_m = at_m - 0.5 * run.streets().crossings[0].width_m;
    run.put(run.add({0, 1}), 0, begin_m - 50.0, 10.0);
    run.model.approach_times(run.vehicles, times_s);
    CHECK(times_s[0] == doctest::Approx(5.0).epsilon(1e-6));
}

namespace {

Scenario demand() {
    Scenario s;
    VehicleDemand d;
    d.name = "all";
    d.count = 1500;
    d.classes = {{VehicleClass::Car, 0.8}, {VehicleClass::Bus, 0.1}, {VehicleClass::Truck, 0.1}};
    d.departure.end_s = 120.0;
    s.vehicles = {d};
    return s;
}

/// Bytes of all state after two minutes with a closure in between.
std::vector<unsigned char> bytes_after(int threads, std::size_t* seen) {
    TrafficRun run(grid(5, 5, 150.0, 2, true), demand());
    Threads pool(threads);
    std::set<std::thread::id> ids;
    std::mutex guard;
    pool.execute([&] {
        // The loops of the model run here too: this one shows that several threads take part.
        std::atomic<int> started{0};
        parallel_for(64, 1, [&](std::size_t) {
            ++started;
            std::this_thread::sleep_for(std::chrono::milliseconds(1));
            const std::lock_guard lock(guard);
            ids.insert(std::this_thread::get_id());
        });
        while (run.now_s() < 150.0) {
            if (run.steps == 120) {
                run.conditions.edge_closed[20] = 1;
                ++run.conditions.edge_version;
            }
            run.step();
        }
    });
    *seen = ids.size();
    std::vector<unsigned char> bytes;
    for_each_vehicle_field(run.vehicles, [&](const Field&, const auto& values) {
        const auto* begin = reinterpret_cast<const unsigned char*>(values.data());
        bytes.insert(bytes.end(), begin, begin + values.size() * sizeof(values[0]));
    });
    return bytes;
}

} // namespace

TEST_CASE("traffic is bit-identical for one two three and eight threads") {
    std::size_t seen = 0;
    const auto expected = bytes_after(1, &seen);
    for (const int threads : {2, 3, 8}) {
        CAPTURE(threads);
        CHECK(bytes_after(threads, &seen) == expected);
        CHECK(seen > 1);
    }
}

TEST_CASE("a copied world goes on bit for bit in another model") {
    TrafficRun run(grid(4, 4, 150.0, 2, true), demand());
    run.step_until(100.0);
    TrafficRun other(grid(4, 4, 150.0, 2, true), demand());
    other.vehicles = run.vehicles;
    other.signals = run.signals;
    other.steps = run.steps;
    run.step_until(200.0);
    other.step_until(200.0);
    CHECK(run.count(VehiclePhase::Arrived) > 20);
    for_each_vehicle_field(run.vehicles, [&](const Field& field, const auto& values) {
        for_each_vehicle_field(other.vehicles, [&](const Field& f, const auto& theirs) {
            if constexpr (std::is_same_v<decltype(values), decltype(theirs)>) {
                if (f.name == field.name) {
                    CAPTURE(f.name);
                    CHECK(values == theirs);
                }
            }
        });
    });
}
