#include "unit/traffic/traffic_run.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <utility>
#include <vector>

using namespace veste;
using namespace veste::toy;

namespace {

/// The parameters of the reference ring: T 1.5 s, a 1 and b 2 m/s², s0 2 m, length 5 m.
TrafficParameters ring_parameters() {
    TrafficParameters p = default_traffic_parameters();
    p.reconsider_every_s = 1e9; // nobody leaves the ring
    DriverParameters& car = p.drivers[0];
    car.time_gap_s = 1.5;
    car.max_acceleration_mps2 = 1.0;
    car.comfortable_deceleration_mps2 = 2.0;
    car.standstill_gap_m = 2.0;
    car.length_m = 5.0;
    return p;
}

/// Equilibrium: gap = (s0 + v T) / sqrt(1 - (v / v0)^4), solved for v.
double equilibrium_mps(double gap_m, double v0_mps) {
    double low = 0.0;
    double high = v0_mps;
    for (int n = 0; n < 100; ++n) {
        const double v = 0.5 * (low + high);
        const double gap = (2.0 + 1.5 * v) / std::sqrt(1.0 - std::pow(v / v0_mps, 4.0));
        (gap < gap_m ? low : high) = v;
    }
    return low;
}

/// Places n vehicles evenly around the ring, lanes and connections alike, at a given speed.
void fill_ring(TrafficRun& run, int n, double speed_mps) {
    const StreetNetwork& s = run.streets();
    double total_m = 0.0;
    for (std::size_t e = 0; e < 4; ++e) {
        total_m += s.lanes[e].length_m + s.connections[e].length_m;
    }
    for (int k = 0; k < n; ++k) {
        double at_m = (k + 0.5) * total_m / n;
        std::uint32_t edge = 0;
        std::uint32_t connection = s.lanes[0].first_connection;
        while (at_m > s.lanes[edge].length_m + s.connections[connection].length_m) {
            at_m -= s.lanes[edge].length_m + s.connections[connection].length_m;
            edge = s.lane(s.connections[connection].to).edge.index;
            connection = s.lanes[edge].first_connection;
        }
        std::vector<std::uint32_t> way;
        for (std::uint32_t e = edge; way.size() < 4000; e = (e + 1) % 4) {
            way.push_back(e);
        }
        const std::uint32_t i = run.add(way);
        run.put(i, 0, at_m, speed_mps);
        if (at_m > s.lanes[edge].length_m) {
            run.vehicles.lane[i] = no_id;
            run.vehicles.connection[i] = connection;
            run.vehicles.front_m[i] = at_m - s.lanes[edge].length_m;
        }
    }
}

double mean_speed_mps(const TrafficRun& run) {
    double sum = 0.0;
    for (const double v : run.vehicles.speed_mps) {
        sum += v;
    }
    return sum / static_cast<double>(run.vehicles.size());
}

} // namespace

TEST_CASE("speed on a ring road is that of the IDM equilibrium at every density") {
    for (const int n : {10, 22, 40, 60, 80, 100, 120}) {
        CAPTURE(n);
        TrafficRun run(ring_road(1000.0, 1, 13.89), {}, ring_parameters());
        fill_ring(run, n, 0.9 * equilibrium_mps(1000.0 / n - 5.0, 13.89));
        run.dt = 0.25;
        run.step_until(400.0);
        const double theory = equilibrium_mps(1000.0 / n - 5.0, 13.89);
        // The polygon of the ring is 1,000 m long to a part in a thousand.
        CHECK(mean_speed_mps(run) == doctest::Approx(theory).epsilon(0.01));
        CHECK(smallest_gap_m(run) > 0.0);
    }
}

TEST_CASE("nobody collides when the first of a dense column brakes as hard as it can") {
    for (const double dt : {0.1, 0.5, 1.0}) {
        CAPTURE(dt);
        TrafficRun run(straight_road(2000.0, 1, 22.0));
        run.dt = dt;
        for (int n = 0; n < 25; ++n) {
            // Closer than they would like: half the equilibrium's time gap.
            run.put(run.add({0, 1}), 0, 700.0 - 18.0 * n, 20.0);
        }
        double smallest = 1e9;
        while (run.now_s() < 60.0) {
            if (run.now_s() > 3.0) {
                // The first one stops dead: an obstacle no driver can foresee.
                run.vehicles.speed_mps[0] = std::max(0.0, run.vehicles.speed_mps[0] - 8.0 * dt);
                run.vehicles.max_speed_mps[0] = 0.05;
            }
            run.step();
            smallest = std::min(smallest, smallest_gap_m(run));
        }
        CHECK(smallest > 0.0);
        CHECK(mean_speed_mps(run) < 0.2);
    }
}

TEST_CASE("a car overtakes a slow truck on the second lane and not on a single one") {
    for (const std::size_t lanes : {std::size_t{1}, std::size_t{2}}) {
        CAPTURE(lanes);
        TrafficRun run(straight_road(3000.0, lanes, 25.0));
        const auto truck = run.add({0, 1}, 0.0, VehicleClass::Truck);
        run.vehicles.max_speed_mps[truck] = 12.0;
        const auto car = run.add({0, 1});
        run.put(truck, 0, 150.0, 12.0);
        run.put(car, 0, 60.0, 20.0);
        run.step_until(90.0);
        const bool is_ahead = run.vehicles.front_m[car] > run.vehicles.front_m[truck] ||
                              run.edge_of(car) != run.edge_of(truck);
        CHECK(is_ahead == (lanes == 2));
        CHECK((run.vehicles.changed_lane_s[car] >= 0.0) == (lanes == 2));
    }
}

namespace {

/// Where each vehicle of a ring is, from the start of edge 0 along the middle of the road.
struct Ring {
    const StreetNetwork& streets;
    double begin_m[4] = {};
    double total_m = 0.0;

    explicit Ring(const StreetNetwork& s) : streets(s) {
        for (std::uint32_t e = 0; e < 4; ++e) {
            begin_m[e] = total_m;
            total_m += s.lanes[e].length_m + s.connections[s.lanes[e].first_connection].length_m;
        }
    }
    double place_m(const Vehicles& v, std::size_t i) const {
        if (v.lane[i] != no_id) {
            return begin_m[streets.lanes[v.lane[i]].edge.index] + v.front_m[i];
        }
        const LaneId from = streets.connections[v.connection[i]].from;
        return begin_m[streets.lane(from).edge.index] + streets.lane(from).length_m + v.front_m[i];
    }
};

/// Speeds along a ring, every two metres: of the next vehicle ahead of each place.
std::vector<double> speeds_along(const TrafficRun& run, const Ring& ring) {
    std::vector<std::pair<double, double>> vehicles;
    for (std::size_t i = 0; i < run.vehicles.size(); ++i) {
        vehicles.emplace_back(ring.place_m(run.vehicles, i), run.vehicles.speed_mps[i]);
    }
    std::sort(vehicles.begin(), vehicles.end());
    std::vector<double> speeds;
    for (double x = 0.0; x < ring.total_m; x += 2.0) {
        const auto ahead = std::lower_bound(vehicles.begin(), vehicles.end(), std::pair(x, 0.0));
        speeds.push_back(ahead == vehicles.end() ? vehicles.front().second : ahead->second);
    }
    return speeds;
}

/// How alike two patterns on a ring are when the first one is shifted by so many places.
double likeness(const std::vector<double>& first, const std::vector<double>& second, int shift) {
    const auto count = static_cast<int>(first.size());
    double sum = 0.0;
    for (int n = 0; n < count; ++n) {
        const double gap = second[static_cast<std::size_t>((n + shift + count) % count)] -
                           first[static_cast<std::size_t>(n)];
        sum -= gap * gap;
    }
    return sum;
}

/// The speed at which the pattern of speeds moves along the ring: the shift over four seconds with
/// the best likeness of all shifts of up to a quarter of the ring, over a minute.
double wave_mps(TrafficRun& run, const Ring& ring) {
    constexpr double lag_s = 4.0;
    std::vector<std::vector<double>> patterns;
    for (const double end_s = run.now_s() + 60.0; run.now_s() < end_s;) {
        patterns.push_back(speeds_along(run, ring));
        run.step_until(run.now_s() + lag_s);
    }
    const auto reach = static_cast<int>(patterns.front().size() / 4);
    int best = 0;
    double most = -1e300;
    for (int shift = -reach; shift <= reach; ++shift) {
        double sum = 0.0;
        for (std::size_t n = 1; n < patterns.size(); ++n) {
            sum += likeness(patterns[n - 1], patterns[n], shift);
        }
        if (sum > most) {
            most = sum;
            best = shift;
        }
    }
    return 2.0 * best / lag_s;
}

} // namespace

TEST_CASE("a small disturbance on a dense ring grows to a wave that runs backwards at 20 km/h") {
    // Sugiyama et al. 2008: 22 vehicles on 230 m at 30 km/h; the wave ran backwards at 20 km/h.
    TrafficParameters p = ring_parameters();
    p.drivers[0].max_acceleration_mps2 = 1.2; // unstable by a < s0 / T² (Treiber 2013)
    p.drivers[0].time_gap_s = 1.0;
    TrafficRun run(ring_road(230.0, 1, 8.33), {}, p);
    const Ring ring(run.streets());
    fill_ring(run, 22, 3.0);
    run.vehicles.speed_mps[0] = 2.0;
    run.dt = 0.25;
    run.step_until(600.0);
    const auto [slowest, fastest] =
        std::minmax_element(run.vehicles.speed_mps.begin(), run.vehicles.speed_mps.end());
    CHECK(*fastest - *slowest > 2.0);
    CHECK(smallest_gap_m(run) > 0.0);
    const double backwards_kmh = -3.6 * wave_mps(run, ring);
    CHECK(backwards_kmh > 15.0);
    CHECK(backwards_kmh < 25.0);
}
