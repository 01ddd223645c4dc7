#include "unit/traffic/traffic_run.hpp"

#include <doctest/doctest.h>
#include <set>

using namespace veste;
using namespace veste::toy;

namespace {

Scenario demand_of(std::uint32_t count, DepartureShape shape) {
    Scenario s;
    VehicleDemand d;
    d.name = "cars and trucks";
    d.count = count;
    d.classes = {{VehicleClass::Car, 3.0}, {VehicleClass::Truck, 1.0}};
    d.departure = {100.0, 700.0, shape};
    s.vehicles = {d};
    return s;
}

} // namespace

TEST_CASE("a demand plans its vehicles by class shares within its departure times") {
    const City city = city_of(grid(5, 5, 150.0, 1, false));
    for (const DepartureShape shape :
         {DepartureShape::Uniform, DepartureShape::Triangular, DepartureShape::Normal}) {
        const Vehicles v =
            plan_vehicles(city, demand_of(4000, shape), default_traffic_parameters());
        REQUIRE(v.size() == 4000);
        double trucks = 0.0;
        double mean_s = 0.0;
        for (std::size_t i = 0; i < v.size(); ++i) {
            CHECK(v.depart_s[i] >= 100.0);
            CHECK(v.depart_s[i] <= 700.0);
            CHECK(v.origin[i] != v.destination[i]);
            trucks += v.vehicle_class[i] == static_cast<std::uint8_t>(VehicleClass::Truck);
            mean_s += v.depart_s[i] / 4000.0;
        }
        // Four standard deviations of a share of 1/4 and of the widest (uniform) mean.
        CHECK(trucks / 4000.0 == doctest::Approx(0.25).epsilon(0.11));
        CHECK(mean_s == doctest::Approx(400.0).epsilon(0.03));
    }
}

TEST_CASE("planned vehicles have every array filled and speed factors within their limits") {
    const City city = city_of(grid(4, 4, 150.0, 1, false));
    Vehicles v =
        plan_vehicles(city, demand_of(300, DepartureShape::Uniform), default_traffic_parameters());
    for_each_vehicle_field(v, [&](const Field& field, const auto& values) {
        CAPTURE(field.name);
        const std::size_t each = field.name == "granted"       ? most_granted
                                 : field.name == "trail"       ? trail_length
                                 : field.name == "route_edges" ? 0
                                                               : 1;
        CHECK(values.size() == 300 * each);
    });
    std::set<double> factors(v.desired_speed_factor.begin(), v.desired_speed_factor.end());
    CHECK(factors.size() > 290);
    CHECK(*factors.begin() >= 0.8);
    CHECK(*factors.rbegin() <= 1.2);
}

TEST_CASE("without given edges trips begin and end at the streets that leave the city") {
    const City city = city_of(crossroads(false));
    const Vehicles v =
        plan_vehicles(city, demand_of(200, DepartureShape::Uniform), default_traffic_parameters());
    for (std::size_t i = 0; i < v.size(); ++i) {
        CHECK(v.origin[i] % 2 == 0);      // edges towards the junction
        CHECK(v.destination[i] % 2 == 1); // edges away from it
        CHECK(v.origin[i] / 2 != v.destination[i] / 2);
    }
}

TEST_CASE("origins are drawn by their weights") {
    const City city = city_of(crossroads(false));
    Scenario s = demand_of(2000, DepartureShape::Uniform);
    s.vehicles[0].origins = {{EdgeId(0u), 3.0}, {EdgeId(2u), 1.0}};
    s.vehicles[0].destinations = {{EdgeId(5u), 1.0}};
    const Vehicles v = plan_vehicles(city, s, default_traffic_parameters());
    const auto west = std::count(v.origin.begin(), v.origin.end(), 0u);
    CHECK(static_cast<double>(west) / 2000.0 == doctest::Approx(0.75).epsilon(0.05));
    CHECK(std::count(v.destination.begin(), v.destination.end(), 5u) == 2000);
}

TEST_CASE("a class that no street admits is refused with its name") {
    StreetNetwork streets = crossroads(false);
    for (Lane& lane : streets.lanes) {
        lane.allowed = bit(VehicleClass::Car);
    }
    const City city = city_of(std::move(streets));
    Scenario s = demand_of(10, DepartureShape::Uniform);
    s.vehicles[0].classes = {{VehicleClass::Bus, 1.0}};
    CHECK_THROWS_AS(plan_vehicles(city, s, default_traffic_parameters()), InputError);
}
