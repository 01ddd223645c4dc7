#pragma once
#include "traffic/traffic.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

/// How one vehicle follows: all functions are pure. Accelerations m/s², gaps bumper to bumper m.
namespace veste::traffic {

/// x^n, quick for the usual exponent 4.
inline double power(double x, double exponent) {
    if (exponent == 4.0) {
        const double square = x * x;
        return square * square;
    }
    return std::pow(x, exponent);
}

/// The free term of the IDM (Treiber, Hennecke, Helbing 2000, eq. 3). Above the desired speed it
/// brakes comfortably at most, since limits drop at once at signs.
inline double free_acceleration(const DriverParameters& p, double speed_mps, double desired_mps) {
    if (desired_mps <= 0.1) {
        return speed_mps > 0.0 ? -p.comfortable_deceleration_mps2 : 0.0;
    }
    const double a = p.max_acceleration_mps2 * (1.0 - power(speed_mps / desired_mps, p.exponent));
    return std::max(a, -p.comfortable_deceleration_mps2);
}

/// The interaction term of the IDM (eqs. 3 and 4), to be taken off the free term.
inline double interaction(const DriverParameters& p, double speed_mps, double gap_m,
                          double leader_mps) {
    const double dynamic =
        speed_mps * p.time_gap_s +
        speed_mps * (speed_mps - leader_mps) /
            (2.0 * std::sqrt(p.max_acceleration_mps2 * p.comfortable_deceleration_mps2));
    const double wished_m = p.standstill_gap_m + std::max(0.0, dynamic);
    const double ratio = wished_m / std::max(gap_m, 0.01);
    return p.max_acceleration_mps2 * ratio * ratio;
}

/// The highest acceleration over the next dt after which braking with `braking` still stops within
/// `room_m`, reaching `final_mps` at its end. With room = gap + v_l²/(2 b_l) no vehicle ever runs
/// into its leader, whatever that one does: ballistic motion keeps the stopping distance exact.
inline double safe_acceleration(double speed_mps, double room_m, double braking, double dt,
                                double final_mps = 0.0) {
    const double rest_m = room_m - 0.5 * speed_mps * dt;
    const double root =
        0.25 * braking * braking * dt * dt + final_mps * final_mps + 2.0 * braking * rest_m;
    const double next_mps = root > 0.0 ? std::sqrt(root) - 0.5 * braking * dt : -1.0;
    if (next_mps >= 0.0) {
        return (next_mps - speed_mps) / dt;
    }
    return -0.5 * speed_mps * speed_mps / std::max(room_m, 1e-3);
}

inline double stopping_m(double speed_mps, double braking) {
    return speed_mps * speed_mps / (2.0 * braking);
}

/// True where a follower can still avoid its leader if that one brakes with all its might.
inline bool is_gap_safe(double gap_m, double speed_mps, double braking, double leader_mps,
                        double leader_braking) {
    const double b = std::min(braking, leader_braking);
    return gap_m > 0.1 &&
           gap_m + stopping_m(leader_mps, leader_braking) > stopping_m(speed_mps, b) + 0.1;
}

/// Time to cover a distance, accelerating up to a speed.
inline double time_to_cover(double distance_m, double speed_mps, double acceleration,
                            double highest_mps) {
    if (distance_m <= 0.0) {
        return 0.0;
    }
    const double top = std::max(highest_mps, 0.5);
    const double v = std::min(speed_mps, top);
    const double until_top_m = (top * top - v * v) / (2.0 * acceleration);
    if (distance_m <= until_top_m) {
        return (std::sqrt(v * v + 2.0 * acceleration * distance_m) - v) / acceleration;
    }
    return (top - v) / acceleration + (distance_m - until_top_m) / top;
}

/// Ballistic motion (Treiber, Kanagaraj 2015, eqs. 2 and 3): constant acceleration, a vehicle that
/// would go backwards stops where it comes to rest.
struct Motion {
    double moved_m;
    double speed_mps;
};
inline Motion ballistic(double speed_mps, double acceleration, double dt) {
    const double next = speed_mps + acceleration * dt;
    if (next >= 0.0) {
        return {0.5 * (speed_mps + next) * dt, next};
    }
    return {acceleration < 0.0 ? -0.5 * speed_mps * speed_mps / acceleration : 0.0, 0.0};
}

} // namespace veste::traffic
