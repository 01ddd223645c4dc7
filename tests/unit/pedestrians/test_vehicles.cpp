#include "pedestrians/plan.hpp"
#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

/// People who come and leave in vehicles, many at once.
using namespace veste;
using scene::box;

namespace {

/// A stop in the middle of a square of 40 x 20 m; people come from the west.
struct Square {
    std::shared_ptr<City> city = scene::city_of(scene::mesh_of({box(0, 0, 40, 20)}, {}, 5.0));
    Scenario scenario;
    PlaceId west = scene::add_place(scenario, *city, "west", box(0, 0, 10, 20));
    PlaceId stop = scene::add_place(scenario, *city, "stop", box(20, 5, 30, 15));
    PlaceId east = scene::add_place(scenario, *city, "east", box(35, 0, 40, 20));

    PedestrianDemand& add(std::uint32_t count, PlaceId from) {
        scene::add_demand(scenario, count, scene::add_profile(scenario, 1.34), from, east);
        return scenario.pedestrians.back();
    }
    /// A bus every 60 s from 90 s on, with 30 places.
    void board(std::uint32_t count) {
        Stage stage;
        stage.kind = StageKind::Board;
        stage.places = {{stop, 1.0}};
        stage.hold = scenario.holds++;
        stage.vehicles = VehicleService{90.0, 60.0, 30, 1.0};
        scenario.journeys.push_back({"bus", {stage}});
        add(count, west).journey = JourneyId(0u);
    }
};

} // namespace

TEST_CASE("a shuttle bus takes as many as it has places, once every headway") {
    Square square;
    square.board(70);
    scene::Walk walk(square.city, square.scenario);
    std::vector<std::size_t> gone;
    for (const double until_s : {85.0, 95.0, 145.0, 155.0, 205.0, 215.0}) {
        while (walk.now_s < until_s - 0.5) {
            walk.advance();
        }
        gone.push_back(walk.arrived());
    }
    CHECK(gone == std::vector<std::size_t>{0, 30, 30, 60, 60, 70});
    CHECK(walk.people.hold_released[0] == 70);
    // The first to come is among the first to go.
    for (std::size_t i = 0; i < 70; ++i) {
        CHECK((walk.people.queue_number[i] < 30) == (walk.people.arrived_s[i] < 100.0));
    }
}

TEST_CASE("who comes too late for a bus takes the next one, and empty ones leave too") {
    Square square;
    square.board(5);
    square.scenario.pedestrians[0].departure = {200.0, 200.0, {}};
    scene::Walk walk(square.city, square.scenario);
    CHECK(walk.run_until_all_arrived(400.0));
    for (const double arrived_s : walk.people.arrived_s) {
        CHECK(arrived_s == doctest::Approx(270.0)); // 90 + 3 x 60 s: there after 210 s or so
    }
}

TEST_CASE("buses go on alike from a copy of the state") {
    Square square;
    square.board(70);
    scene::Walk walk(square.city, square.scenario);
    walk.advance(95.0);
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    for (int k = 0; k < 70; ++k) {
        fresh.advance(copy, walk.conditions, walk.now_s, 1.0, 0.1);
        walk.advance();
    }
    CHECK(walk.arrived() == 60);
    CHECK(digest_of(copy) == digest_of(walk.people));
}

TEST_CASE("people get off vehicles in batches, at the doors' rate") {
    Square square;
    square.add(100, square.west).arrivals = VehicleService{30.0, 120.0, 40, 2.0};
    const Pedestrians people = plan_pedestrians(*square.city, square.scenario);
    for (std::size_t i = 0; i < 100; ++i) {
        const double vehicle_s = 30.0 + 120.0 * static_cast<double>(i / 40);
        CHECK(people.depart_s[i] == doctest::Approx(vehicle_s + 0.5 * static_cast<double>(i % 40)));
    }
    scene::Walk walk(square.city, square.scenario);
    walk.advance(29.0);
    CHECK(walk.count(WalkerPhase::Planned) == 100);
    walk.advance(26.0);
    CHECK(walk.count(WalkerPhase::Planned) == 60); // 20 s after the first bus came all are out
    walk.advance(94.0);
    CHECK(walk.count(WalkerPhase::Planned) == 60);
    CHECK(walk.run_until_all_arrived(400.0));
}
