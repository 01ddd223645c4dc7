#include "support/toy_streets.hpp"

#include <algorithm>
#include <doctest/doctest.h>
#include <set>

using namespace veste;

namespace {

const Connection* connection_between(const StreetNetwork& n, std::uint32_t from, std::uint32_t to) {
    for (const Connection& c : n.connections) {
        if (n.lane(c.from).edge == EdgeId(from) && n.lane(c.to).edge == EdgeId(to)) {
            return &c;
        }
    }
    return nullptr;
}

const Conflict* conflict_of(const StreetNetwork& n, const Connection* own,
                            const Connection* other) {
    for (const Conflict& c : own->conflicts) {
        if (&n.connection(c.other) == other) {
            return &c;
        }
    }
    return nullptr;
}

bool yields(const StreetNetwork& n, std::uint32_t from, std::uint32_t to, std::uint32_t other_from,
            std::uint32_t other_to) {
    const Connection* own = connection_between(n, from, to);
    const Connection* other = connection_between(n, other_from, other_to);
    REQUIRE(own != nullptr);
    REQUIRE(other != nullptr);
    const Conflict* conflict = conflict_of(n, own, other);
    REQUIRE(conflict != nullptr);
    return conflict->must_yield;
}

void check_sound(const StreetNetwork& n) {
    const std::vector<std::string> problems = validate_street_network(n);
    for (const std::string& problem : problems) {
        FAIL_CHECK(problem);
    }
}

} // namespace

TEST_CASE("every toy network keeps all invariants") {
    check_sound(toy::ring_road(1000.0, 2, 13.9));
    check_sound(toy::straight_road(500.0, 2, 13.9));
    check_sound(toy::straight_road(500.0, 3, 13.9, true));
    check_sound(toy::t_junction());
    check_sound(toy::t_junction(200.0, true));
    for (const std::size_t lanes : {std::size_t{1}, std::size_t{2}, std::size_t{3}}) {
        for (const bool is_left_hand : {false, true}) {
            check_sound(toy::crossroads(false, lanes, 200.0, is_left_hand, true));
            check_sound(toy::crossroads(true, lanes, 200.0, is_left_hand, true));
        }
    }
    check_sound(toy::roundabout());
    check_sound(toy::grid(4, 3, 120.0, 2, true));
    check_sound(toy::grid(3, 3, 80.0, 1, false));
}

TEST_CASE("a one-lane ring is as long as asked for and goes on without end") {
    const StreetNetwork n = toy::ring_road(1000.0, 1, 13.9);
    double length = 0.0;
    LaneId lane(0U);
    for (int k = 0; k < 4; ++k) {
        REQUIRE(n.lane(lane).connections == 1);
        const Connection& c = n.connection(ConnectionId(n.lane(lane).first_connection));
        CHECK(c.turn == Turn::Straight);
        CHECK(c.speed_mps == 13.9);
        length += n.lane(lane).length_m + c.length_m;
        lane = c.to;
    }
    CHECK(lane == LaneId(0U));
    // Mitred corners of 128 pieces and four straight joints change the length by less than 0.1 %.
    CHECK(length == doctest::Approx(1000.0).epsilon(1e-3));
}

TEST_CASE("the middle lanes lie left of the kerb lane where traffic keeps right") {
    const StreetNetwork right = toy::crossroads(false, 2);
    // Edge 0 comes from the west: its kerb is in the south.
    CHECK(right.lane(right.lane_of(EdgeId(0U), 0)).line.front().y() == doctest::Approx(-4.5));
    CHECK(right.lane(right.lane_of(EdgeId(0U), 1)).line.front().y() == doctest::Approx(-1.5));
    const StreetNetwork left = toy::crossroads(false, 2, 200.0, true);
    CHECK(left.lane(left.lane_of(EdgeId(0U), 0)).line.front().y() == doctest::Approx(4.5));
}

TEST_CASE("the kerb lane turns to the kerb side and the middle lane across") {
    for (const bool is_left_hand : {false, true}) {
        const StreetNetwork n = toy::crossroads(false, 3, 200.0, is_left_hand);
        const Turn kerb_side = is_left_hand ? Turn::Left : Turn::Right;
        const Turn across = is_left_hand ? Turn::Right : Turn::Left;
        std::size_t turns = 0;
        for (const Connection& c : n.connections) {
            const Lane& from = n.lane(c.from);
            if (c.turn == kerb_side) {
                CHECK(from.index == 0);
            }
            if (c.turn == across) {
                CHECK(from.index == 2);
            }
            turns += c.turn == kerb_side || c.turn == across ? 1 : 0;
        }
        CHECK(turns == 8);
    }
}

TEST_CASE("there is no turning back at a junction but there is at a dead end") {
    const StreetNetwork n = toy::crossroads(false);
    CHECK(connection_between(n, 0, 1) == nullptr);
    const Connection* back = connection_between(n, 1, 0);
    REQUIRE(back != nullptr);
    CHECK(back->turn == Turn::UTurn);
    CHECK(n.node(back->node).control == Control::DeadEnd);
}

TEST_CASE(
    "a side street with a sign yields to the main road and a turn across to oncoming traffic") {
    const StreetNetwork n = toy::t_junction();
    // 0 from the west, 2 from the east, 4 from the south; 1, 3, 5 lead back there.
    CHECK(n.nodes[0].control == Control::Priority);
    CHECK(yields(n, 4, 1, 0, 3));
    CHECK(yields(n, 4, 1, 2, 1));
    CHECK(yields(n, 4, 3, 0, 3));
    CHECK_FALSE(yields(n, 0, 3, 4, 1));
    CHECK(yields(n, 2, 5, 0, 3));
    CHECK(yields(n, 2, 5, 0, 5));
}

TEST_CASE("among equals the one from the right goes first and mirrored where traffic keeps left") {
    const StreetNetwork right = toy::crossroads(false);
    CHECK(right.nodes[0].control == Control::RightBeforeLeft);
    // From the west (0 to 5) the one from the south (2 to 7) comes from the right.
    CHECK(yields(right, 0, 5, 2, 7));
    CHECK(yields(right, 2, 7, 4, 1));
    CHECK(yields(right, 4, 1, 6, 3));
    CHECK(yields(right, 6, 3, 0, 5));
    CHECK(yields(right, 0, 7, 4, 1));
    const StreetNetwork left = toy::crossroads(false, 1, 200.0, true);
    CHECK_FALSE(yields(left, 0, 5, 2, 7));
    CHECK(yields(left, 0, 5, 6, 3));
    CHECK(yields(left, 0, 3, 4, 1));
}

TEST_CASE("entries yield to the ring of a roundabout") {
    const StreetNetwork n = toy::roundabout();
    for (std::uint32_t k = 0; k < 4; ++k) {
        CHECK(n.nodes[k].control == Control::Roundabout);
        const std::uint32_t ring_in = (k + 3) % 4;
        CHECK(yields(n, 4 + 2 * k, k, ring_in, k));
    }
}

TEST_CASE("a signal opens each approach once a cycle and turns across wait for a gap") {
    const StreetNetwork n = toy::crossroads(true, 2, 200.0, false, true);
    REQUIRE(n.signals.size() == 1);
    const Signal& signal = n.signals[0];
    const SignalPlan& plan = signal.plans.front();
    CHECK(plan.cycle_s() == doctest::Approx(60.0));
    for (const Connection& c : n.connections) {
        if (c.signal_link == UINT32_MAX) {
            continue;
        }
        std::set<Light> seen;
        double yellow_s = 0.0;
        for (const SignalPhase& phase : plan.phases) {
            seen.insert(phase.lights[c.signal_link]);
            yellow_s += phase.lights[c.signal_link] == Light::Yellow ? phase.duration_s : 0.0;
        }
        CHECK(yellow_s == doctest::Approx(3.0));
        CHECK(seen.contains(Light::Red));
        CHECK(seen.contains(c.turn == Turn::Straight ? Light::Green : Light::GreenYield));
        CHECK_FALSE(seen.contains(c.turn == Turn::Straight ? Light::GreenYield : Light::Green));
    }
}

TEST_CASE("people cross beside straight traffic and never before a green stream") {
    const StreetNetwork n = toy::crossroads(true, 2, 200.0, false, true);
    const SignalPlan& plan = n.signals[0].plans.front();
    REQUIRE(n.crossings.size() == 4);
    for (const Crossing& crossing : n.crossings) {
        CHECK(crossing.kind == CrossingKind::Signalled);
        double green_s = 0.0;
        for (const SignalPhase& phase : plan.phases) {
            if (phase.lights[crossing.signal_link] != Light::Green) {
                continue;
            }
            green_s += phase.duration_s;
            for (const CrossingPlace& place : crossing.places) {
                REQUIRE(place.connection.is_valid()); // the stop line is before the crossing
                const Connection& c = n.connection(place.connection);
                CHECK(phase.lights[c.signal_link] != Light::Green);
            }
        }
        CHECK(green_s >= 7.0);
    }
}

TEST_CASE("a signal at a crossing alone stops the road for people") {
    const StreetNetwork n = toy::straight_road(400.0, 2, 13.9, true);
    REQUIRE(n.signals.size() == 1);
    REQUIRE(n.crossings.size() == 1);
    const SignalPlan& plan = n.signals[0].plans.front();
    double road_s = 0.0;
    double people_s = 0.0;
    for (const SignalPhase& phase : plan.phases) {
        const bool is_road = phase.lights[0] == Light::Green;
        const bool is_people = phase.lights[n.crossings[0].signal_link] == Light::Green;
        CHECK_FALSE((is_road && is_people));
        road_s += is_road ? phase.duration_s : 0.0;
        people_s += is_people ? phase.duration_s : 0.0;
    }
    CHECK(road_s > 20.0);
    CHECK(people_s >= 7.0);
    CHECK(n.crossings[0].places.size() == 2);
}

TEST_CASE("no ring of yielding closes at a junction with a main road or with three arms") {
    for (const StreetNetwork& n :
         {toy::t_junction(), toy::grid(3, 2, 100.0, 2, false), toy::roundabout()}) {
        for (std::size_t start = 0; start < n.connections.size(); ++start) {
            if (n.node(n.connections[start].node).incoming.size() > 3) {
                continue;
            }
            std::set<std::uint32_t> seen;
            std::vector<std::uint32_t> open;
            const auto follow = [&](std::uint32_t c) {
                for (const Conflict& conflict : n.connections[c].conflicts) {
                    if (conflict.must_yield) {
                        open.push_back(conflict.other.index);
                    }
                }
            };
            follow(static_cast<std::uint32_t>(start));
            while (!open.empty()) {
                const std::uint32_t c = open.back();
                open.pop_back();
                CHECK(c != start);
                if (c != start && seen.insert(c).second) {
                    follow(c);
                }
            }
        }
    }
}

TEST_CASE("arrows on lanes decide where they lead") {
    toy::Streets s;
    const std::uint32_t middle = s.node(0.0, 0.0);
    const std::uint32_t west = s.street(s.node(-100.0, 0.0), middle, {.lanes = 3});
    s.street(s.node(100.0, 0.0), middle, {.lanes = 2});
    s.street(s.node(0.0, 100.0), middle, {});
    // From the kerb: straight, left, left.
    s.raw.edges[west].lanes[0].turns = turn_straight;
    s.raw.edges[west].lanes[1].turns = turn_left;
    s.raw.edges[west].lanes[2].turns = turn_left;
    const StreetNetwork n = s.assemble();
    check_sound(n);
    for (const Connection& c : n.connections) {
        const Lane& from = n.lane(c.from);
        if (from.edge == EdgeId(west)) {
            CHECK((c.turn == Turn::Left) == (from.index >= 1));
        }
    }
}

TEST_CASE("bicycle lanes go straight on and turning cars yield to them") {
    toy::Streets s;
    const std::uint32_t middle = s.node(0.0, 0.0);
    const std::uint32_t west = s.street(s.node(-100.0, 0.0), middle, {});
    const std::uint32_t east = s.street(middle, s.node(100.0, 0.0), {});
    const std::uint32_t south = s.street(middle, s.node(0.0, -100.0), {});
    for (const std::uint32_t e : {west, east}) {
        s.raw.edges[e].lanes.insert(s.raw.edges[e].lanes.begin(),
                                    {1.5, bit(VehicleClass::Bicycle), 0});
    }
    const StreetNetwork n = s.assemble();
    check_sound(n);
    bool has_straight = false;
    bool has_yield = false;
    for (const Connection& c : n.connections) {
        const Lane& from = n.lane(c.from);
        if (from.edge != EdgeId(west) || from.index != 1) {
            continue;
        }
        if (n.lane(c.to).edge == EdgeId(south)) {
            for (const Conflict& conflict : c.conflicts) {
                const Connection& other = n.connection(conflict.other);
                has_yield =
                    has_yield || (n.lane(other.from).edge == EdgeId(west) &&
                                  n.lane(other.to).edge == EdgeId(east) && conflict.must_yield);
            }
        }
    }
    for (const Connection& c : n.connections) {
        has_straight = has_straight ||
                       (c.from == n.lane_of(EdgeId(west), 0) && c.to == n.lane_of(EdgeId(east), 0));
    }
    CHECK(has_straight);
    CHECK(has_yield);
}

TEST_CASE("a curve is driven as slowly as its radius asks") {
    const StreetNetwork n = toy::crossroads(false);
    const Connection* right = connection_between(n, 0, 3);
    const Connection* left = connection_between(n, 0, 7);
    const Connection* straight = connection_between(n, 0, 5);
    REQUIRE(right != nullptr);
    REQUIRE(left != nullptr);
    REQUIRE(straight != nullptr);
    CHECK(right->speed_mps < left->speed_mps);
    CHECK(left->speed_mps < straight->speed_mps);
    CHECK(straight->speed_mps == 13.9);
    CHECK(right->speed_mps > 2.0);
}
