#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// A yard, gates at x = 40 and a stage beyond, all one square.
struct Ground {
    std::shared_ptr<City> city;
    Scenario scenario;

    explicit Ground(int gates = 1, double rate_per_s = 0.5, std::uint32_t lanes = 1)
        : city(scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 80.0, 40.0)}, {}, 5.0))) {
        const ProfileId profile = scene::add_profile(scenario, 1.34, 0.2);
        const PlaceId from =
            scene::add_place(scenario, *city, "from", scene::box(0.0, 0.0, 10.0, 40.0));
        const PlaceId stage =
            scene::add_place(scenario, *city, "stage", scene::box(50.0, 10.0, 70.0, 30.0));
        const PlaceId exit =
            scene::add_place(scenario, *city, "exit", scene::box(75.0, 0.0, 80.0, 40.0));
        for (int g = 0; g < gates; ++g) {
            scene::add_gate(scenario, *city, Vec2(40.0, 20.0 + 8.0 * g), rate_per_s, lanes);
        }
        Event& event = scene::add_event(scenario, 60, profile, from, stage, Vec2(70.0, 20.0));
        event.capacity = 1000;
        event.exits = {{exit, 1.0}};
    }
    Event& event() { return scenario.events[0]; }
};

} // namespace

TEST_CASE("everyone queues and is served and stands and leaves") {
    Ground ground(2);
    ground.event().egress = {300.0, 320.0, DepartureShape::Uniform};
    scene::Walk walk(ground.city, ground.scenario);
    std::size_t most_queueing = 0;
    while (walk.now_s < 290.0) {
        walk.advance();
        most_queueing = std::max(most_queueing, walk.count(WalkerPhase::Queueing));
        CHECK(walk.all_on_mesh());
    }
    CHECK(most_queueing > 10);
    CHECK(walk.count(WalkerPhase::Standing) == 60);
    CHECK(walk.people.gate_served[0] + walk.people.gate_served[1] == 60);
    CHECK(walk.people.event_inside[0] == 60);
    CHECK(walk.run_until_all_arrived(500.0));
    CHECK(walk.people.event_inside[0] == 0);
}

TEST_CASE("a queue takes room and is served in order of joining") {
    Ground ground(1, 0.2);
    scene::Walk walk(ground.city, ground.scenario);
    walk.advance(60.0);
    std::vector<Vec2> queue;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        if (walk.people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Queueing)) {
            queue.emplace_back(walk.people.x_m[i], walk.people.y_m[i]);
        }
    }
    REQUIRE(queue.size() > 20);
    // At about 2.4 people per m² a queue of n fills n / 2.4 m²: its reach grows as a half disc.
    double farthest_m = 0.0;
    for (const Vec2& p : queue) {
        farthest_m = std::max(farthest_m, (p - Vec2(40.0, 20.0)).norm());
    }
    CHECK(farthest_m > 0.8 * std::sqrt(static_cast<double>(queue.size()) / 2.4 / 1.571));
    CHECK(walk.least_distance_m() > 0.27); // the least share of two bodies of 0.4 m
    // Whoever has been served joined before those who still wait, but for one who stood nearer.
    std::uint32_t last_served = 0;
    std::uint32_t first_waiting = UINT32_MAX;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        const auto phase = static_cast<WalkerPhase>(walk.people.phase[i]);
        if (phase == WalkerPhase::Queueing) {
            first_waiting = std::min(first_waiting, walk.people.queue_number[i]);
        } else if (walk.people.leg[i] == 1) {
            last_served = std::max(last_served, walk.people.queue_number[i]);
        }
    }
    CHECK(last_served <= first_waiting + 1);
}

TEST_CASE("who is not informed turns from a closed gate on seeing it, the informed at once") {
    for (const double informed_share : {0.0, 1.0}) {
        CAPTURE(informed_share);
        Ground ground(2);
        ground.scenario.profiles[0].informed_share = informed_share;
        ground.scenario.walking.sight_m = 10.0;
        scene::Walk walk(ground.city, ground.scenario);
        walk.people.gate_open[0] = 0;
        std::set<std::size_t> deceived; // they walk to the closed gate
        for (int k = 0; k < 60; ++k) {
            walk.advance();
            for (std::size_t i = 0; i < walk.people.size(); ++i) {
                if (walk.people.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Walking) ||
                    walk.people.leg[i] != 0 || walk.people.gate[i] != 0 ||
                    walk.people.walked_s[i] < 1.5) { // who just set out, looks at the next second
                    continue;
                }
                deceived.insert(i);
                // They look once a second and walk 2 m in it at most.
                const double off_m =
                    (Vec2(walk.people.x_m[i], walk.people.y_m[i]) - ground.scenario.gates[0].at)
                        .norm();
                CHECK(off_m > 10.0 - 2.1);
            }
        }
        CHECK((informed_share == 1.0 ? deceived.empty() : deceived.size() > 10));
        CHECK(walk.people.gate_served[1] > 5);
    }
}

TEST_CASE("a closed gate serves nobody and people turn to an open one") {
    Ground ground(2, 0.5);
    scene::Walk walk(ground.city, ground.scenario);
    walk.people.gate_open[0] = 0;
    walk.people.gate_open[1] = 0;
    walk.advance(80.0);
    CHECK(walk.people.gate_served[0] == 0);
    CHECK(walk.people.gate_served[1] == 0);
    CHECK(walk.count(WalkerPhase::Queueing) > 30);
    walk.people.gate_open[1] = 1;
    walk.advance(250.0);
    CHECK(walk.people.gate_served[0] == 0);
    CHECK(walk.people.gate_served[1] == 60);
}

TEST_CASE("a gate that is closed at the start is not planned for") {
    Ground ground(2);
    ground.scenario.gates[0].is_open = false;
    const Pedestrians people = plan_pedestrians(*ground.city, ground.scenario);
    CHECK(std::count(people.gate.begin(), people.gate.end(), 1u) == 60);
}

TEST_CASE("visitors are shared out by what gates can serve") {
    Ground ground(2, 0.5);
    ground.scenario.gates[1].service_rate_per_s = 1.5;
    ground.event().visitors = 400;
    const Pedestrians people = plan_pedestrians(*ground.city, ground.scenario);
    const auto second = std::count(people.gate.begin(), people.gate.end(), 1u);
    CHECK(second == doctest::Approx(300.0).epsilon(0.1));
}

TEST_CASE("the stage never holds more than its capacity") {
    for (const int gates : {0, 1}) {
        CAPTURE(gates);
        Ground ground(gates, 2.0);
        ground.event().capacity = 25;
        ground.event().egress = {100.0, 300.0, DepartureShape::Uniform};
        scene::Walk walk(ground.city, ground.scenario);
        std::uint32_t most_inside = 0;
        while (walk.now_s < 400.0 && walk.arrived() < 60) {
            walk.advance();
            most_inside = std::max(most_inside, walk.people.event_inside[0]);
            CHECK(walk.count(WalkerPhase::Standing) <= 25);
        }
        CHECK(most_inside == 25);
        CHECK(walk.arrived() == 60);
    }
}

TEST_CASE("without gates visitors go straight to their standing places") {
    Ground ground(0);
    scene::Walk walk(ground.city, ground.scenario);
    walk.advance(100.0);
    REQUIRE(walk.count(WalkerPhase::Standing) == 60);
    double mean_off_m = 0.0;
    for (std::size_t i = 0; i < 60; ++i) {
        mean_off_m += std::hypot(walk.people.x_m[i] - walk.people.stand_x_m[i],
                                 walk.people.y_m[i] - walk.people.stand_y_m[i]) /
                      60.0;
    }
    CHECK(mean_off_m < 0.5);
}

namespace {

/// Two rows of a ticket gate and a search gate 6 m behind it.
Ground two_rows() {
    Ground ground(2, 0.5);
    Scenario& scenario = ground.scenario;
    scenario.gates.resize(4, scenario.gates[0]);
    for (std::size_t g = 0; g < 4; ++g) {
        scenario.gates[g].at = Vec2(g < 2 ? 34.0 : 42.0, g % 2 == 0 ? 14.0 : 26.0);
        scenario.gates[g].triangle = ground.city->walk.locate(scenario.gates[g].at).value();
    }
    scenario.gates[0].next = GateId(2u);
    scenario.gates[1].next = GateId(3u);
    ground.event().gates = {GateId(0u), GateId(1u)};
    return ground;
}

} // namespace

TEST_CASE("gates in a row are passed one after the other") {
    Ground ground = two_rows();
    scene::Walk walk(ground.city, ground.scenario);
    bool was_between = false;
    while (walk.now_s < 250.0 && walk.count(WalkerPhase::Standing) < 60) {
        walk.advance();
        CHECK(walk.all_on_mesh());
        for (std::size_t i = 0; i < walk.people.size(); ++i) {
            was_between = was_between || walk.people.gates_passed[i] == 1;
            CHECK((walk.people.leg[i] == 0) == (walk.people.gates_passed[i] < 2));
        }
        CHECK(walk.people.event_inside[0] ==
              walk.people.gate_served[2] + walk.people.gate_served[3]);
    }
    CHECK(was_between);
    CHECK(walk.count(WalkerPhase::Standing) == 60);
    CHECK(walk.people.gate_served[0] + walk.people.gate_served[1] == 60);
    CHECK(walk.people.gate_served[0] == walk.people.gate_served[2]);
    CHECK(walk.people.gate_served[1] == walk.people.gate_served[3]);
}

TEST_CASE("a slow second gate makes its queue grow behind the first") {
    Ground ground = two_rows();
    ground.scenario.gates[2].service_rate_per_s = 0.05;
    ground.scenario.gates[3].service_rate_per_s = 0.05;
    scene::Walk walk(ground.city, ground.scenario);
    walk.advance(150.0);
    std::size_t waiting_at_second = 0;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        waiting_at_second +=
            walk.people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Queueing) &&
            walk.people.gates_passed[i] == 1;
    }
    // About 60 went through the first ones in 60 s, 0.1 per second went on.
    CHECK(waiting_at_second > 25);
}

TEST_CASE("who has passed the ticket gate turns to another search gate when theirs closes") {
    Ground ground = two_rows();
    scene::Walk walk(ground.city, ground.scenario);
    walk.advance(60.0);
    walk.people.gate_open[2] = 0;
    const std::uint32_t served_then = walk.people.gate_served[2];
    while (walk.now_s < 400.0 && walk.count(WalkerPhase::Standing) < 60) {
        walk.advance();
    }
    CHECK(walk.count(WalkerPhase::Standing) == 60);
    // One may have been in service when it closed.
    CHECK(walk.people.gate_served[2] <= served_then + 1);
    // Nobody needed a second ticket.
    CHECK(walk.people.gate_served[0] + walk.people.gate_served[1] == 60);
    CHECK(walk.people.gate_served[2] + walk.people.gate_served[3] == 60);
}

TEST_CASE("people who leave a closed gate are shared out over the open ones") {
    Ground ground(3, 0.3);
    ground.event().gates = {GateId(0u), GateId(1u), GateId(2u)};
    scene::Walk walk(ground.city, ground.scenario);
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        walk.people.gate[i] = 1;
        walk.people.target[i] = 3 + 1; // places come first in targets
    }
    walk.advance(30.0);
    walk.people.gate_open[1] = 0;
    walk.advance(2.0);
    const auto first = std::count(walk.people.gate.begin(), walk.people.gate.end(), 0u);
    const auto third = std::count(walk.people.gate.begin(), walk.people.gate.end(), 2u);
    CHECK(first > 15);
    CHECK(third > 15);
}

TEST_CASE("a gate that cannot be reached any more is given up for one that can") {
    Ground ground(2, 0.5);
    scene::Walk walk(ground.city, ground.scenario);
    for (std::size_t t = 0; t < ground.city->walk.triangles.size(); ++t) {
        // A closed ring round the second gate.
        const double off_m =
            (ground.city->walk.centroid(TriangleId(t)) - ground.scenario.gates[1].at).norm();
        walk.conditions.walk_closed[t] = off_m < 6.0;
    }
    ++walk.conditions.walk_version;
    while (walk.now_s < 300.0 && walk.count(WalkerPhase::Standing) < 60) {
        walk.advance();
    }
    CHECK(walk.people.gate_served[0] == 60);
}

TEST_CASE("a ring of gates is refused by name") {
    Ground ground = two_rows();
    ground.scenario.gates[2].next = GateId(0u);
    ground.scenario.gates[2].name = "search south";
    CHECK_THROWS_WITH_AS(plan_pedestrians(*ground.city, ground.scenario),
                         doctest::Contains("search south"), InputError);
}

TEST_CASE("visitors are shared out by what the second gates can serve") {
    Ground ground = two_rows();
    ground.scenario.gates[2].service_rate_per_s = 0.1;
    ground.scenario.gates[3].service_rate_per_s = 0.3;
    ground.event().visitors = 400;
    const Pedestrians people = plan_pedestrians(*ground.city, ground.scenario);
    const auto second = std::count(people.gate.begin(), people.gate.end(), 1u);
    CHECK(second == doctest::Approx(300.0).epsilon(0.1));
}
