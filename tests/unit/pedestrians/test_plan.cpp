#include "pedestrians/plan.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

struct Town {
    std::shared_ptr<City> city;
    Scenario scenario;
    PlaceId west;
    PlaceId east;
    PlaceId stage;

    Town() : city(scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 60.0, 40.0)}, {}, 5.0))) {
        west = scene::add_place(scenario, *city, "west", scene::box(0.0, 0.0, 10.0, 40.0));
        east = scene::add_place(scenario, *city, "east", scene::box(50.0, 0.0, 60.0, 40.0));
        stage = scene::add_place(scenario, *city, "stage", scene::box(20.0, 10.0, 40.0, 30.0));
    }
    Event& add_event(std::uint32_t visitors) {
        Event event;
        event.name = "concert";
        event.stage = stage;
        event.focus = Vec2(40.0, 20.0);
        event.visitors = visitors;
        event.capacity = visitors;
        event.origins = {{west, 1.0}};
        event.exits = {{east, 1.0}};
        event.arrival = {0.0, 100.0, DepartureShape::Uniform};
        event.egress = {600.0, 700.0, DepartureShape::Uniform};
        scenario.events.push_back(event);
        return scenario.events.back();
    }
};

} // namespace

TEST_CASE("there is a slot for everyone of all demands first and all events after") {
    Town town;
    const ProfileId profile = scene::add_profile(town.scenario, 1.3, 0.2);
    scene::add_demand(town.scenario, 30, profile, town.west, town.east);
    scene::add_demand(town.scenario, 20, profile, town.east, town.west);
    town.add_event(10);
    const Pedestrians people = plan_pedestrians(*town.city, town.scenario);
    REQUIRE(people.size() == 60);
    for (std::size_t i = 0; i < 60; ++i) {
        CHECK(people.group[i] == (i < 30 ? 0u : i < 50 ? 1u : 2u));
        CHECK(people.phase[i] == 0);
        CHECK(people.arrived_s[i] == -1.0);
    }
    for_each_pedestrian_field(people, [&](const Field& field, const auto& values) {
        const bool is_of_people =
            !field.name.starts_with("gate_") && !field.name.starts_with("event_") &&
            !field.name.starts_with("hold_") && !field.name.starts_with("barrier_") &&
            !field.name.starts_with("order_") && field.name != "orders_taken" &&
            field.name != "ways_known" && field.name != "walk_pace";
        CAPTURE(field.name);
        CHECK((!is_of_people || values.size() == 60));
    });
}

TEST_CASE("free speeds keep to their profile and the impaired share walks slowly") {
    Town town;
    Profile profile;
    profile.impaired_share = 0.3;
    profile.free_speed_min_mps = 0.9;
    town.scenario.profiles.push_back(profile);
    scene::add_demand(town.scenario, 4000, ProfileId(0u), town.west, town.east);
    const Pedestrians people = plan_pedestrians(*town.city, town.scenario);
    int impaired = 0;
    double sum_mps = 0.0;
    for (const double v : people.free_speed_mps) {
        const bool is_impaired = v >= 0.46 && v <= 0.76; // RiMEA case 7
        CHECK((is_impaired || (v >= 0.9 && v <= 2.0)));
        impaired += is_impaired;
        sum_mps += is_impaired ? 0.0 : v;
    }
    CHECK(impaired / 4000.0 == doctest::Approx(0.3).epsilon(0.1)); // four standard errors
    CHECK(sum_mps / (4000 - impaired) == doctest::Approx(1.36).epsilon(0.02)); // mean, cut at 0.9
}

TEST_CASE("departures follow their profile") {
    for (const DepartureShape shape :
         {DepartureShape::Uniform, DepartureShape::Triangular, DepartureShape::Normal}) {
        double sum_s = 0.0;
        double squares_s2 = 0.0;
        constexpr int count = 20000;
        for (std::uint64_t i = 0; i < count; ++i) {
            const double t = drawn_time_s({100.0, 200.0, shape}, 3, i, Draw::DepartureTime);
            CHECK((t >= 100.0 && t <= 200.0));
            sum_s += t;
            squares_s2 += (t - 150.0) * (t - 150.0);
        }
        CHECK(sum_s / count == doctest::Approx(150.0).epsilon(0.01));
        // Uniform width / sqrt(12), triangular / sqrt(24), normal cut at two deviations 0.88 x 25.
        const double expected_s = shape == DepartureShape::Uniform      ? 28.87
                                  : shape == DepartureShape::Triangular ? 20.41
                                                                        : 22.0;
        CHECK(std::sqrt(squares_s2 / count) == doctest::Approx(expected_s).epsilon(0.02));
    }
}

TEST_CASE("weights share out origins and destinations") {
    Town town;
    const ProfileId profile = scene::add_profile(town.scenario, 1.3);
    scene::add_demand(town.scenario, 4000, profile, town.west, town.east);
    town.scenario.pedestrians[0].destinations = {{town.east, 3.0}, {town.stage, 1.0}};
    const Pedestrians people = plan_pedestrians(*town.city, town.scenario);
    const auto to_stage =
        std::count(people.destination.begin(), people.destination.end(), town.stage.index);
    CHECK(to_stage == doctest::Approx(1000.0).epsilon(0.1));
}

TEST_CASE("who sets out from a place goes to another one where there is one") {
    Town town;
    const ProfileId profile = scene::add_profile(town.scenario, 1.3);
    scene::add_demand(town.scenario, 3000, profile, town.west, town.west);
    PedestrianDemand& demand = town.scenario.pedestrians[0];
    CHECK(plan_pedestrians(*town.city, town.scenario).destination[0] == town.west.index);
    demand.destinations = {{town.west, 5.0}, {town.east, 3.0}, {town.stage, 1.0}};
    const Pedestrians people = plan_pedestrians(*town.city, town.scenario);
    const auto going_to = [&](PlaceId place) {
        return std::count(people.destination.begin(), people.destination.end(), place.index);
    };
    CHECK(going_to(town.west) == 0);
    CHECK(going_to(town.east) == doctest::Approx(2250.0).epsilon(0.05)); // two standard errors: 47
}

TEST_CASE("standing places lie on the stage apart from each other and denser near the focus") {
    Town town;
    const Event event = town.add_event(500);
    const Pedestrians people = plan_pedestrians(*town.city, town.scenario);
    int near = 0;
    int far = 0;
    double least_m = 1e9;
    for (std::size_t i = 0; i < 500; ++i) {
        const Vec2 p(people.stand_x_m[i], people.stand_y_m[i]);
        CHECK(contains(town.scenario.place(town.stage).area, p));
        near += p.x() > 30.0;
        far += p.x() <= 30.0;
        for (std::size_t j = 0; j < i; ++j) {
            least_m =
                std::min(least_m, (p - Vec2(people.stand_x_m[j], people.stand_y_m[j])).norm());
        }
    }
    // Thinning over 8 m (2.5 people per m² at the focus) leaves about 1.8 times as many nearer.
    CHECK(near > 1.5 * far);
    CHECK(least_m >= 0.25);
}

TEST_CASE("an origin without walkable ground is named") {
    Town town;
    Place nowhere;
    nowhere.name = "the sea";
    town.scenario.places.push_back(nowhere);
    scene::add_demand(town.scenario, 1, scene::add_profile(town.scenario, 1.3), PlaceId(3u),
                      town.east);
    CHECK_THROWS_WITH_AS(plan_pedestrians(*town.city, town.scenario), doctest::Contains("the sea"),
                         InputError);
}

TEST_CASE("people appear only where there is room and everyone does in the end") {
    Town town;
    // 40 m² for 400 people: they must come out in turns.
    const PlaceId doorway =
        scene::add_place(town.scenario, *town.city, "doorway", scene::box(0.0, 0.0, 10.0, 5.0));
    scene::add_demand(town.scenario, 400, scene::add_profile(town.scenario, 1.3, 0.2), doorway,
                      town.east);
    scene::Walk walk(town.city, town.scenario);
    walk.step_s = 0.5;
    walk.advance(0.5);
    CHECK(walk.count(WalkerPhase::Planned) > 50);
    CHECK(walk.least_distance_m() > 0.2); // some have met already: shoulders turned, 0.24 m
    CHECK(walk.run_until_all_arrived(400.0));
}
