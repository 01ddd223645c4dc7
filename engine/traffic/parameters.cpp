#include "traffic/traffic.hpp"

#include "base/units.hpp"

namespace veste {

/// Car: IDM values within the ranges that Treiber and Kesting (2013, table 11.2) give for city
/// traffic (T 1.0 to 1.5 s, s0 2 m, a 1.0 to 1.5 m/s², b 1.5 to 2 m/s²), chosen so that a queue
/// discharges at the 1,900 pcu/h of the HCM. Lengths, top speeds and decelerations of the other
/// classes after the vehicle classes of SUMO (Lopez et al. 2018); bicycles after Twaddle and
/// Grigoropoulos (2016). Speed factors: normal, 10 % deviation, cut at 20 %.
TrafficParameters default_traffic_parameters() {
    TrafficParameters p;
    DriverParameters car;
    car.length_m = 4.5;
    car.max_speed_mps = kmh_to_mps(180.0);
    car.max_acceleration_mps2 = 2.2;
    car.comfortable_deceleration_mps2 = 2.5;
    car.time_gap_s = 1.1;
    const auto of = [&p](VehicleClass c) -> DriverParameters& {
        return p.drivers[static_cast<std::size_t>(c)];
    };
    p.drivers.fill(car);

    DriverParameters& van = of(VehicleClass::Van);
    van.length_m = 6.0;
    van.max_speed_mps = kmh_to_mps(160.0);
    van.max_acceleration_mps2 = 1.3;

    DriverParameters& truck = of(VehicleClass::Truck);
    truck.length_m = 10.0;
    truck.max_speed_mps = kmh_to_mps(90.0);
    truck.max_acceleration_mps2 = 0.9;
    truck.comfortable_deceleration_mps2 = 1.8;
    truck.emergency_deceleration_mps2 = 6.0;
    truck.time_gap_s = 1.5;
    truck.speed_factor_sd = 0.05;

    DriverParameters& bus = of(VehicleClass::Bus);
    bus.length_m = 12.0;
    bus.max_speed_mps = kmh_to_mps(85.0);
    bus.max_acceleration_mps2 = 1.0;
    bus.comfortable_deceleration_mps2 = 1.5;
    bus.emergency_deceleration_mps2 = 6.0;
    bus.time_gap_s = 1.4;
    bus.speed_factor_sd = 0.05;

    DriverParameters& bicycle = of(VehicleClass::Bicycle);
    bicycle.length_m = 1.8;
    bicycle.max_speed_mps = kmh_to_mps(20.0);
    bicycle.max_acceleration_mps2 = 0.9;
    bicycle.comfortable_deceleration_mps2 = 1.5;
    bicycle.emergency_deceleration_mps2 = 5.0;
    bicycle.time_gap_s = 0.9;
    bicycle.standstill_gap_m = 1.0;

    // Emergency vehicles exceed limits by 30 %, pass red lights with care and may use bus lanes.
    DriverParameters& emergency = of(VehicleClass::Emergency);
    emergency.length_m = 6.5;
    emergency.max_speed_mps = kmh_to_mps(130.0);
    emergency.max_acceleration_mps2 = 1.8;
    emergency.comfortable_deceleration_mps2 = 2.5;
    emergency.speed_factor_mean = 1.3;
    emergency.speed_factor_sd = 0.05;
    emergency.politeness = 0.0;
    return p;
}

} // namespace veste
