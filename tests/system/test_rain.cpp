#include "pedestrians/navigation.hpp"
#include "support/effect_run.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>
#include <map>
#include <set>
#include <utility>

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
duration = "15 min"
utc_offset = "2 h"
[[place]]
name = "square"
area = "Place d'Armes"
[[place]]
name = "church"
circle = { at = [7.421504, 43.736979], radius = "60 m" }
[[pedestrians]]
name = "strollers"
count = 60
from = "square"
to = "church"
departure = { begin = "20:34", end = "20:35" }
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

constexpr double walked_m = 5.0;

struct Seen {
    Conditions known;                              ///< what routes know at the end
    std::map<std::uint32_t, double> top_speed_mps; ///< of vehicles, by edge
    std::set<std::pair<int, int>> walked;          ///< squares of walked_m that people walked in
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
    for (std::size_t i = 0; i < world.pedestrians.size(); ++i) {
        if (world.pedestrians.is_present(i)) {
            seen.walked.emplace(static_cast<int>(world.pedestrians.x_m[i] / walked_m),
                                static_cast<int>(world.pedestrians.y_m[i] / walked_m));
        }
    }
    seen.known = world.known;
}

/// The share of the squares people walked in that are 25 m and more from all those of others.
double share_elsewhere(const Seen& people, const Seen& others) {
    constexpr int reach = 5;
    const auto is_elsewhere = [&](const std::pair<int, int>& square) {
        return std::none_of(others.walked.begin(), others.walked.end(), [&](const auto& other) {
            const int di = square.first - other.first;
            const int dj = square.second - other.second;
            return di * di + dj * dj < reach * reach;
        });
    };
    return static_cast<double>(
               std::count_if(people.walked.begin(), people.walked.end(), is_elsewhere)) /
           static_cast<double>(people.walked.size());
}

/// The cheapest way from the first place to the second.
struct Way {
    double cost_m = 0.0;
    std::vector<double> corners_m; ///< x and y of its corners, in order
};

Way way_of(const EffectRun& run, const Seen& seen) {
    const City& city = *run.city;
    Navigation navigation(run.city, run.scenario);
    navigation.set_ground(ground_of(city.walk, seen.known));
    const std::uint32_t target = navigation.target_of(PlaceId(1u));
    const std::vector<std::uint32_t> targets = {target};
    navigation.prepare(targets);
    std::uint32_t triangle = run.scenario->places.at(0).triangles.at(0).index;
    Vec2 at = city.walk.centroid(TriangleId(triangle));
    Way way;
    way.cost_m = navigation.cost_m(target, triangle, at);
    for (int corner = 0; corner < 500 && !navigation.is_at(target, triangle, at); ++corner) {
        const Vec2 next = navigation.steer(target, triangle, at, 0.3).at;
        const auto there = city.walk.nearest(next, 1.0);
        if (!there || (next - at).norm() < 1e-6) {
            break;
        }
        at = there->at;
        triangle = there->triangle.index;
        way.corners_m.insert(way.corners_m.end(), {at.x(), at.y()});
    }
    return way;
}

} // namespace

TEST_CASE("rain on the streets changes the routes of people and the speed of cars") {
    const TemporaryFolder folder;
    Seen dry;
    Seen wet;
    const EffectRun base(folder, "dry", evening("[[\"20:30\", \"0 mm/h\"]]"),
                         [&](const Simulation& simulation) { look_at(simulation, dry); });
    const EffectRun rain(folder, "wet", evening("[[\"20:30\", \"200 mm/h\"]]"),
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

    // People: by what is known of the water, the way from square to church costs more, and it is
    // another one.
    const Way dry_way = way_of(base, dry);
    const Way wet_way = way_of(rain, wet);
    REQUIRE(std::isfinite(dry_way.cost_m));
    CHECK(wet_way.cost_m > 1.02 * dry_way.cost_m);
    CHECK(wet_way.corners_m != dry_way.corners_m);

    // So the very same people walk elsewhere, and fewer are there in time.
    const double elsewhere = share_elsewhere(wet, dry);
    MESSAGE("off the dry ways: ", elsewhere, "; arrived: ", base.whole("people_arrived"), " dry, ",
            rain.whole("people_arrived"), " wet");
    CHECK(elsewhere > 0.05);
    CHECK(base.whole("people_arrived") > 30.0);
    CHECK(rain.whole("people_arrived") < 0.8 * base.whole("people_arrived"));
}
