#include "city/street_tags.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

constexpr VehicleClasses bicycle = bit(VehicleClass::Bicycle);
constexpr VehicleClasses bus_and_emergency = bit(VehicleClass::Bus) | bit(VehicleClass::Emergency);

StreetTags read(Tags tags, bool is_left_hand = false) {
    tags.emplace("highway", "secondary");
    const std::optional<StreetTags> street = street_tags(tags, {is_left_hand, 3.0});
    REQUIRE(street.has_value());
    return *street;
}

} // namespace

TEST_CASE("maxspeed is read as numbers or miles or country words") {
    struct Row {
        const char* value;
        double kmh;
    };
    for (const Row& row :
         {Row{"50", 50.0}, Row{"30 mph", 48.28}, Row{"FR:urban", 50.0}, Row{"MC:urban", 50.0},
          Row{"FR:rural", 80.0}, Row{"RU:urban", 60.0}, Row{"RU:rural", 90.0},
          Row{"RU:living_street", 20.0}, Row{"DE:zone:30", 30.0}, Row{"FR:zone30", 30.0},
          Row{"walk", 7.0}, Row{"none", 130.0}, Row{"DE:motorway", 130.0}}) {
        CAPTURE(row.value);
        const std::optional<double> speed = maxspeed_mps(row.value);
        REQUIRE(speed.has_value());
        CHECK(*speed * 3.6 == doctest::Approx(row.kmh).epsilon(1e-4));
    }
    for (const char* value : {"", "signals", "variable", "0", "fast", "9999"}) {
        CAPTURE(value);
        CHECK_FALSE(maxspeed_mps(value).has_value());
    }
    CHECK(read({}).is_speed_assumed);
    CHECK(read({}).forward_mps == doctest::Approx(50.0 / 3.6));
    const StreetTags both = read({{"maxspeed:forward", "30"}, {"maxspeed:backward", "50"}});
    CHECK(both.forward_mps == doctest::Approx(30.0 / 3.6));
    CHECK(both.backward_mps == doctest::Approx(50.0 / 3.6));
}

TEST_CASE("lanes are shared out between the directions") {
    struct Row {
        Tags tags;
        std::size_t forward;
        std::size_t backward;
    };
    const Row rows[] = {
        {{}, 1, 1},
        {{{"lanes", "1"}}, 1, 1},
        {{{"lanes", "2"}}, 1, 1},
        {{{"lanes", "3"}}, 2, 1},
        {{{"lanes", "4"}}, 2, 2},
        {{{"lanes", "3"}, {"lanes:backward", "2"}}, 1, 2},
        {{{"lanes:forward", "2"}, {"lanes:backward", "1"}}, 2, 1},
        {{{"lanes", "3"}, {"turn:lanes:forward", "left|through;right"}}, 2, 1},
        {{{"oneway", "yes"}}, 1, 0},
        {{{"oneway", "yes"}, {"lanes", "3"}}, 3, 0},
        {{{"oneway", "-1"}, {"lanes", "2"}}, 0, 2},
        {{{"junction", "roundabout"}}, 1, 0},
        {{{"highway", "motorway"}}, 2, 0},
        {{{"highway", "motorway_link"}, {"oneway", "yes"}}, 1, 0},
    };
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        CAPTURE(i);
        const StreetTags street = read(rows[i].tags);
        CHECK(street.forward.size() == rows[i].forward);
        CHECK(street.backward.size() == rows[i].backward);
    }
}

TEST_CASE("arrows are listed from the left and kept from the kerb") {
    const Tags tags = {
        {"oneway", "yes"}, {"lanes", "3"}, {"turn:lanes", "left|through|through;right"}};
    const StreetTags right = read(tags);
    CHECK(right.forward[0].turns == (turn_straight | turn_right));
    CHECK(right.forward[2].turns == turn_left);
    const StreetTags left = read(tags, true);
    CHECK(left.forward[0].turns == turn_left);
}

TEST_CASE("the more special access tag wins") {
    struct Row {
        Tags tags;
        Highway highway;
        VehicleClasses allowed;
    };
    const auto all = all_vehicle_classes;
    const auto motors = static_cast<VehicleClasses>(all & ~bicycle);
    const Row rows[] = {
        {{}, Highway::Residential, all},
        {{{"access", "no"}}, Highway::Residential, 0},
        {{{"access", "private"}}, Highway::Service, 0},
        {{{"access", "destination"}}, Highway::Service, all},
        {{{"access", "no"}, {"bus", "yes"}}, Highway::Service, bus_and_emergency},
        {{{"motor_vehicle", "no"}}, Highway::Residential, bicycle},
        {{{"motor_vehicle", "no"}, {"psv", "yes"}},
         Highway::Residential,
         static_cast<VehicleClasses>(bus_and_emergency | bicycle)},
        {{{"vehicle", "no"}, {"bicycle", "yes"}}, Highway::Track, bicycle},
        {{{"bicycle", "no"}}, Highway::Primary, motors},
        {{{"hgv", "no"}},
         Highway::Primary,
         static_cast<VehicleClasses>(all & ~bit(VehicleClass::Truck))},
        {{}, Highway::Motorway, motors},
        {{}, Highway::Pedestrian, 0},
        {{{"access", "yes"}}, Highway::Pedestrian, 0},
        {{{"bicycle", "yes"}}, Highway::Pedestrian, bicycle},
        {{}, Highway::Cycleway, bicycle},
    };
    for (std::size_t i = 0; i < std::size(rows); ++i) {
        CAPTURE(i);
        CHECK(allowed_classes(rows[i].tags, rows[i].highway, "") == rows[i].allowed);
    }
}

TEST_CASE("bus and bicycle lanes lie at the kerb") {
    const StreetTags bus = read({{"oneway", "yes"}, {"lanes", "3"}, {"lanes:psv", "1"}});
    REQUIRE(bus.forward.size() == 3);
    CHECK(bus.forward[0].allowed == bus_and_emergency);
    CHECK(bus.forward[1].allowed == all_vehicle_classes);
    const StreetTags listed =
        read({{"oneway", "yes"}, {"lanes", "2"}, {"bus:lanes", "yes|designated"}});
    CHECK(listed.forward[0].allowed == bus_and_emergency);
    CHECK(listed.forward[1].allowed == all_vehicle_classes);
    const StreetTags cycle = read({{"cycleway:right", "lane"}});
    REQUIRE(cycle.forward.size() == 2);
    CHECK(cycle.backward.size() == 1);
    CHECK(cycle.forward[0].allowed == bicycle);
    CHECK(cycle.forward[0].width_m == 1.5);
    const StreetTags left = read({{"cycleway:left", "lane"}}, true);
    CHECK(left.forward.size() == 2);
    CHECK(left.backward.size() == 1);
}

TEST_CASE("bicycles may have the other direction of a one-way street") {
    const StreetTags street = read({{"oneway", "yes"}, {"oneway:bicycle", "no"}});
    REQUIRE(street.backward.size() == 1);
    CHECK(street.backward[0].allowed == bicycle);
}

TEST_CASE("levels come from layer or bridge or tunnel") {
    CHECK(read({{"bridge", "yes"}}).level == 1);
    CHECK(read({{"tunnel", "yes"}}).level == -1);
    CHECK(read({{"tunnel", "yes"}, {"layer", "-3"}}).level == -3);
    CHECK(read({{"bridge", "no"}}).level == 0);
    CHECK_FALSE(read({{"tunnel", "building_passage"}}).is_tunnel);
}

TEST_CASE("what carries no vehicles is no street") {
    for (const Tags& tags :
         {Tags{{"highway", "footway"}}, Tags{{"highway", "steps"}}, Tags{{"highway", "pedestrian"}},
          Tags{{"highway", "construction"}}, Tags{{"building", "yes"}},
          Tags{{"highway", "service"}, {"access", "private"}},
          Tags{{"highway", "residential"}, {"area", "yes"}}}) {
        CHECK_FALSE(street_tags(tags, {}).has_value());
    }
}
