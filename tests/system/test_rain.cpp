#include "support/effect_run.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <map>

using namespace veste;
using namespace veste::test;

/// Rain on the demo city, from the drop on the street to the indicators.
namespace {

std::string evening(const std::string& rain) {
    return R"(name = "cloudburst"
city = ")" VESTE_DEMO_CITY R"("
seed = 12
[clock]
date = "2026-09-19"
start = "20:30"
duration = "12 min"
utc_offset = "2 h"
[[place]]
name = "square"
area = "Place d'Armes"
[[place]]
name = "church"
circle = { at = [7.421504, 43.736979], radius = "60 m" }
[[place]]
name = "casino"
area = "Place du Casino"
[[pedestrians]]
name = "strollers"
count = 300
from = { square = 1, casino = 1, church = 1 }
to = { square = 1, casino = 1, church = 1 }
departure = { begin = "20:34", end = "20:38" }
[[vehicles]]
name = "cars"
count = 250
from = "border"
to = "border"
departure = { begin = "20:30", end = "20:38" }
[weather]
rain = )" + rain +
           "\n[outputs]\nilluminance = false\ntrajectories_every = \"10 s\"\n";
}

/// Speed in water after Pregnolato et al. 2017, m/s, for depths below 0.3 m.
double wet_speed_mps(double depth_m) {
    const double w_mm = 1000.0 * depth_m;
    return std::max(0.0, (0.0009 * w_mm * w_mm - 0.5529 * w_mm + 86.9448) / 3.6);
}

struct Seen {
    std::vector<double> walked_m;                  ///< of those who arrived, by id; else NaN
    std::map<std::uint32_t, double> top_speed_mps; ///< of vehicles, by edge
    double deepest_street_m = 0.0;
    double wet_vehicle_s = 0.0; ///< vehicles seen in 0.15 m or more
    double too_fast_s = 0.0;    ///< of these, faster than water lets them
};

void look_at(const Simulation& simulation, Seen& seen) {
    const World& world = simulation.world();
    const StreetNetwork& streets = simulation.city().streets;
    for (std::size_t v = 0; v < world.vehicles.size(); ++v) {
        if (!world.vehicles.is_present(v) || world.vehicles.lane[v] == UINT32_MAX) {
            continue;
        }
        const EdgeId edge = streets.lanes[world.vehicles.lane[v]].edge;
        double& top = seen.top_speed_mps[edge.index];
        top = std::max(top, world.vehicles.speed_mps[v]);
        const double depth_m = world.conditions.edge_depth_m[edge.index];
        if (depth_m > 0.15) {
            seen.wet_vehicle_s += 1.0;
            // Who comes in fast first has to brake.
            seen.too_fast_s += world.vehicles.front_m[v] > 40.0 &&
                               world.vehicles.speed_mps[v] > wet_speed_mps(depth_m) + 1.0;
        }
    }
    for (const float depth_m : world.conditions.edge_depth_m) {
        seen.deepest_street_m = std::max(seen.deepest_street_m, static_cast<double>(depth_m));
    }
    const Pedestrians& people = world.pedestrians;
    seen.walked_m.resize(people.size(), std::nan(""));
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived)) {
            seen.walked_m[i] = people.walked_m[i];
        }
    }
}

} // namespace

TEST_CASE("rain on the streets changes the routes of people and the speed of cars") {
    const TemporaryFolder folder;
    Seen dry;
    Seen wet;
    const EffectRun base(folder, "dry", evening("[[\"20:30\", \"0 mm/h\"]]"),
                         [&](const Simulation& simulation) { look_at(simulation, dry); });
    const EffectRun rain(folder, "wet", evening("[[\"20:30\", \"100 mm/h\"]]"),
                         [&](const Simulation& simulation) { look_at(simulation, wet); });

    // The cause: water on streets, all of it accounted for.
    CHECK(dry.deepest_street_m == 0.0);
    CHECK(wet.deepest_street_m > 0.3);
    CHECK(rain.whole("flooded_15_to_30_cm") > 1000.0);
    CHECK(rain.whole("water_rained") > 10000.0);
    CHECK(rain.whole("water_balance_error") < 1e-6);

    // Cars: no faster in water than water lets them, and slower than on the dry street.
    REQUIRE(wet.wet_vehicle_s > 20.0);
    CHECK(wet.too_fast_s <= 0.02 * wet.wet_vehicle_s);
    CHECK(rain.whole("vehicle_delay_mean") > base.whole("vehicle_delay_mean"));

    // People: some who arrive in both runs took another way, and walking takes longer.
    std::size_t both = 0;
    std::size_t other_way = 0;
    for (std::size_t i = 0; i < dry.walked_m.size(); ++i) {
        if (std::isfinite(dry.walked_m[i]) && std::isfinite(wet.walked_m[i])) {
            ++both;
            other_way += std::abs(wet.walked_m[i] - dry.walked_m[i]) > 20.0;
        }
    }
    REQUIRE(both > 20);
    CHECK(other_way >= 3);
    CHECK(rain.whole("people_arrived") <= base.whole("people_arrived"));
}
