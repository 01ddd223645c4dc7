#include "pedestrians/groups.hpp"
#include "pedestrians/plan.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

#include <map>

using namespace veste;

namespace {

/// People who walk from one end of a hall to the other, with groups.
struct Hall {
    std::shared_ptr<City> city = scene::city_of(
        scene::mesh_of({scene::box(0.0, 0.0, 30.0, 20.0), scene::box(30.0, 9.0, 32.0, 11.0),
                        scene::box(32.0, 0.0, 60.0, 20.0)},
                       {}, 5.0));
    Scenario scenario;

    explicit Hall(std::uint32_t count, double share, double speed_sd_mps = 0.26) {
        const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 20, 20));
        const PlaceId side = scene::add_place(scenario, *city, "side", scene::box(32, 0, 60, 8));
        const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(50, 8, 60, 20));
        scene::add_demand(scenario, count, scene::add_profile(scenario, 1.34, speed_sd_mps), from,
                          to, {0.0, 30.0, {}});
        scenario.pedestrians[0].destinations = {{to, 1.0}, {side, 1.0}};
        scenario.pedestrians[0].groups.share = share;
        scenario.profiles[0].reaction = {TimeShape::Uniform, 0.0, 0.0, 0.0, 10.0};
    }
};

std::map<std::uint32_t, std::vector<std::size_t>> groups_of(const Pedestrians& people) {
    std::map<std::uint32_t, std::vector<std::size_t>> groups;
    for (std::size_t i = 0; i < people.size(); ++i) {
        groups[people.leader[i]].push_back(i);
    }
    return groups;
}

} // namespace

TEST_CASE("the share of people in groups and the sizes are as asked for") {
    const Hall hall(20000, 0.7);
    const Pedestrians people = plan_pedestrians(*hall.city, hall.scenario);
    std::size_t in_groups = 0;
    std::map<std::size_t, double> sizes;
    for (const auto& [leader, members] : groups_of(people)) {
        CHECK(members.front() == leader);
        CHECK(members.size() <= 6);
        in_groups += members.size() > 1 ? members.size() : 0;
        sizes[members.size()] += 1.0;
    }
    CHECK(static_cast<double>(in_groups) / 20000.0 == doctest::Approx(0.7).epsilon(0.03));
    // Zero-truncated Poisson (Moussaid and others 2010): pairs to triples as 3 to 1.11.
    CHECK(sizes[2] / sizes[3] == doctest::Approx(3.0 / 1.11).epsilon(0.1));
    CHECK(sizes[4] > 0.0);
}

TEST_CASE("without groups everyone walks alone") {
    const Hall hall(200, 0.0);
    const Pedestrians people = plan_pedestrians(*hall.city, hall.scenario);
    for (std::size_t i = 0; i < people.size(); ++i) {
        CHECK(people.leader[i] == i);
        CHECK_FALSE(people.is_in_group(i));
    }
}

TEST_CASE("a group has one origin, destination, departure and reaction, and sets out together") {
    const Hall hall(300, 1.0);
    scene::Walk walk(hall.city, hall.scenario);
    const auto groups = groups_of(walk.people);
    for (const auto& [leader, members] : groups) {
        for (const std::size_t i : members) {
            CHECK(walk.people.origin[i] == walk.people.origin[leader]);
            CHECK(walk.people.destination[i] == walk.people.destination[leader]);
            CHECK(walk.people.target[i] == walk.people.target[leader]);
            CHECK(walk.people.depart_s[i] == walk.people.depart_s[leader]);
            CHECK(walk.people.reaction_s[i] == walk.people.reaction_s[leader]);
        }
    }
    // Looked at a second after each departure: nearly all stand beside their leader.
    std::size_t near = 0;
    std::size_t looked_at = 0;
    std::vector<char> is_seen(walk.people.size(), 0);
    while (walk.now_s < 60.0) {
        walk.advance(1.0);
        for (std::size_t i = 0; i < walk.people.size(); ++i) {
            const std::uint32_t leader = walk.people.leader[i];
            if (is_seen[i] == 0 && leader != i && walk.people.is_present(i) &&
                walk.people.is_present(leader)) {
                is_seen[i] = 1;
                ++looked_at;
                near += std::hypot(walk.people.x_m[i] - walk.people.x_m[leader],
                                   walk.people.y_m[i] - walk.people.y_m[leader]) < 5.0;
            }
        }
    }
    CHECK(looked_at > 100);
    CHECK(static_cast<double>(near) > 0.95 * static_cast<double>(looked_at));
}

TEST_CASE("groups stay together through a crowd at a door, and all arrive") {
    double spread_s[2] = {};
    double emptied_s[2] = {};
    for (const int k : {0, 1}) {
        Hall hall(200, 1.0);
        hall.scenario.pedestrians[0].departure = {0.0, 60.0, {}};
        scene::Walk grouped(hall.city, hall.scenario);
        const auto groups = groups_of(grouped.people);
        if (k == 1) { // the same people, who know nothing of each other on the way
            hall.scenario.pedestrians[0].groups.share = 0.0;
        }
        scene::Walk walk(hall.city, hall.scenario);
        walk.people = grouped.people;
        CHECK(walk.run_until_all_arrived(400.0));
        CHECK(walk.all_on_mesh());
        std::size_t counted = 0;
        for (const auto& [leader, members] : groups) {
            double first_s = 1e9;
            double last_s = 0.0;
            for (const std::size_t i : members) {
                first_s = std::min(first_s, walk.people.arrived_s[i]);
                last_s = std::max(last_s, walk.people.arrived_s[i]);
            }
            counted += members.size() > 1 ? 1 : 0;
            spread_s[k] += members.size() > 1 ? last_s - first_s : 0.0;
        }
        emptied_s[k] = walk.last_arrival_s();
        spread_s[k] /= static_cast<double>(counted);
    }
    MESSAGE("members arrive within ", spread_s[0], " s, without waiting ", spread_s[1], " s");
    CHECK(spread_s[0] < 0.6 * spread_s[1]);
    CHECK(emptied_s[0] < 1.3 * emptied_s[1]); // they do not plug the door
}

TEST_CASE("larger groups walk more slowly") {
    CHECK(group_size_factor(1) == 1.0);
    CHECK(group_size_factor(2) < 1.0);
    CHECK(group_size_factor(6) == doctest::Approx(1.02 / 1.22));
}

TEST_CASE("a group passes one gate, stands together before the stage and leaves together") {
    auto city = scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 60.0, 30.0)}, {}, 5.0));
    Scenario scenario;
    for (const double y : {8.0, 22.0}) {
        scene::add_gate(scenario, *city, Vec2(30.0, y), 1.0);
    }
    const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 10, 30));
    const PlaceId stage = scene::add_place(scenario, *city, "stage", scene::box(40, 0, 60, 30));
    Event& event = scene::add_event(scenario, 60, scene::add_profile(scenario, 1.34, 0.26), from,
                                    stage, Vec2(60.0, 15.0));
    event.arrival = {0.0, 20.0, {}};
    event.egress = {300.0, 400.0, {}};
    event.groups.share = 1.0;
    scene::Walk walk(city, scenario);
    std::size_t near = 0;
    for (std::size_t i = 0; i < 60; ++i) {
        const std::uint32_t leader = walk.people.leader[i];
        CHECK(walk.people.gate[i] == walk.people.gate[leader]);
        CHECK(egress_time_s(scenario.events[0], scenario.seed, walk.people, i) ==
              egress_time_s(scenario.events[0], scenario.seed, walk.people, leader));
        near += std::hypot(walk.people.stand_x_m[i] - walk.people.stand_x_m[leader],
                           walk.people.stand_y_m[i] - walk.people.stand_y_m[leader]) < 2.2;
    }
    CHECK(near >= 58);
    CHECK(walk.run_until_all_arrived(700.0));
}

namespace {

/// Families who walk to one of two bars, wait there, queue at one of two gates and go on to the
/// show or the exit.
struct Fair {
    std::shared_ptr<City> city =
        scene::city_of(scene::mesh_of({scene::box(0.0, 0.0, 120.0, 40.0)}, {}, 5.0));
    Scenario scenario;

    explicit Fair(std::uint32_t count) {
        const PlaceId from = scene::add_place(scenario, *city, "from", scene::box(0, 0, 10, 40));
        const PlaceId north = scene::add_place(scenario, *city, "n", scene::box(30, 30, 40, 40));
        const PlaceId south = scene::add_place(scenario, *city, "s", scene::box(30, 0, 40, 10));
        const PlaceId show = scene::add_place(scenario, *city, "sh", scene::box(80, 0, 100, 40));
        const PlaceId to = scene::add_place(scenario, *city, "to", scene::box(110, 0, 120, 40));
        Stage bar;
        bar.kind = StageKind::Wait;
        bar.places = {{north, 1.0}, {south, 1.0}};
        bar.time = {TimeShape::Uniform, 60.0, 0.0, 30.0, 90.0};
        bar.next = {{0, 0.3}, {1, 0.7}};
        Stage queue;
        queue.kind = StageKind::Queue;
        for (const double y_m : {10.0, 30.0}) {
            Gate gate;
            gate.at = Vec2(60.0, y_m);
            gate.triangle = city->walk.locate(gate.at).value();
            gate.service_rate_per_s = 0.3;
            scenario.gates.push_back(gate);
            queue.gates.emplace_back(scenario.gates.size() - 1);
        }
        queue.next = {{2, 0.5}, {3, 0.5}};
        Stage watch;
        watch.kind = StageKind::Wait;
        watch.places = {{show, 1.0}};
        watch.time = {TimeShape::Uniform, 60.0, 0.0, 30.0, 90.0};
        scenario.journeys.push_back({"fair", {bar, queue, watch}});
        scene::add_demand(scenario, count, scene::add_profile(scenario, 1.34, 0.26), from, to,
                          {0.0, 60.0, {}});
        scenario.pedestrians[0].journey = JourneyId(0U);
        scenario.pedestrians[0].groups.share = 1.0;
    }
};

} // namespace

TEST_CASE("a group goes to the same places and gates of a journey, and leaves a bar together") {
    const Fair fair(60);
    scene::Walk walk(fair.city, fair.scenario);
    std::map<std::pair<std::uint32_t, int>, std::uint32_t> targets; // by leader and stage begun
    std::map<std::pair<std::uint32_t, int>, double> first_s;
    std::vector<int> begun(walk.people.size(), 0);
    std::size_t compared = 0;
    while (walk.now_s < 1500.0 && walk.arrived() < walk.people.size()) {
        walk.advance();
        for (std::size_t i = 0; i < walk.people.size(); ++i) {
            const int now = walk.people.stages_begun[i];
            if (!walk.people.is_present(i) || now == begun[i]) {
                continue;
            }
            const std::pair<std::uint32_t, int> visit(walk.people.leader[i], now);
            const auto [target, is_first] = targets.emplace(visit, walk.people.target[i]);
            CHECK(target->second == walk.people.target[i]);
            first_s.emplace(visit, walk.now_s);
            compared += is_first ? 0 : 1;
            // Out of a bar, where the stage before was a wait, all go in the same moment.
            const bool is_from_bar = now > 1 && walk.people.leg[i] <= 1;
            CHECK((!is_from_bar || walk.now_s - first_s[visit] < 1.5));
            begun[i] = now;
        }
    }
    CHECK(compared > 80);
    CHECK(walk.arrived() == walk.people.size());
}

TEST_CASE("nobody is waited for at a bar for longer than two minutes") {
    Fair fair(2);
    fair.scenario.pedestrians[0].groups.size_weights = {1.0, 0.0, 0.0, 0.0, 0.0};
    fair.scenario.journeys[0].stages[0].time = {TimeShape::Constant, 10.0, 0.0};
    fair.scenario.journeys[0].stages[0].next.clear();
    scene::Walk walk(fair.city, fair.scenario);
    REQUIRE(walk.people.leader[1] == 0);
    std::size_t first = 2;
    double stood_s = 0.0;
    while (walk.now_s < 300.0 && (first == 2 || walk.people.leg[first] == 0)) {
        walk.advance();
        for (std::size_t i = 0; i < 2 && first == 2; ++i) {
            if (walk.people.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Standing)) {
                continue;
            }
            first = i; // the other has got lost and will not get there
            walk.put(1 - i, Vec2(5.0, 20.0));
            walk.people.busy_until_s[1 - i] = 0.0;
            walk.people.free_speed_mps[1 - i] = 0.02F;
            walk.people.aim_at(1 - i, walk.people.target[i]);
        }
        stood_s += first < 2 && walk.people.leg[first] == 0 ? 1.0 : 0.0;
    }
    CHECK(stood_s == doctest::Approx(130.0).epsilon(0.03));
}

TEST_CASE("who is in another stage than the rest of the group walks at the own pace") {
    const Fair fair(60);
    scene::Walk walk(fair.city, fair.scenario);
    std::size_t alone = 0;
    std::vector<int> alone_s(walk.people.size(), 0); // paces are looked up once a second
    while (walk.now_s < 600.0) {
        walk.advance();
        for (std::size_t i = 0; i < walk.people.size(); ++i) {
            bool has_company = false;
            for (std::size_t k = 0; k < walk.people.size(); ++k) {
                has_company =
                    has_company || (k != i && walk.people.leader[k] == walk.people.leader[i] &&
                                    (!walk.people.is_present(k) ||
                                     walk.people.stages_begun[k] == walk.people.stages_begun[i]));
            }
            if (!has_company &&
                walk.people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking)) {
                ++alone;
                CHECK(walk.people.group_pace_mps[i] >= 0.5F * walk.people.free_speed_mps[i]);
            }
        }
    }
    CHECK(alone > 50);
}
