#include "support/effect_run.hpp"

#include <algorithm>
#include <cmath>
#include <doctest/doctest.h>

using namespace veste;
using namespace veste::test;

/// One failure through all domains, from its cause to the indicators: a feeder dies on a dark
/// evening on the demo city.
namespace {

const std::string evening = R"(name = "dark quay"
city = ")" VESTE_DEMO_CITY R"("
seed = 11
[clock]
date = "2026-11-21"
start = "20:30"
duration = "10 min"
utc_offset = "1 h"
[[place]]
name = "north"
polygon = [[7.42142, 43.73500], [7.42180, 43.73500], [7.42180, 43.73600], [7.42142, 43.73600]]
[[place]]
name = "square"
area = "Place d'Armes"
[[pedestrians]]
name = "strollers"
count = 150
from = "square"
to = "north"
departure = { begin = "20:30", end = "20:33" }
[[vehicles]]
name = "cars"
count = 150
from = "border"
to = "border"
departure = { begin = "20:30", end = "20:38" }
[weather]
flood = false
[outputs]
illuminance = false
)";
const std::string power_cut =
    "[[change]]\nat = \"20:33\"\nfeeder = { name = \"feeder 14\", on = false }\n";

std::size_t feeder_index(const City& city, const std::string& name) {
    const auto& feeders = city.assets.feeders;
    return static_cast<std::size_t>(
        std::find_if(feeders.begin(), feeders.end(),
                     [&](const Feeder& feeder) { return feeder.name == name; }) -
        feeders.begin());
}

/// What is seen while a run goes on.
struct Seen {
    double lit_street_m = 0.0;  ///< streets above 1 lx, in the feeder's area
    double speed_sum_mps = 0.0; ///< of people there who walk unhindered by others
    double speed_count = 0.0;
    std::size_t signals_off = 0;
};

Seen look_at(const City& city, const Simulation& simulation, const Box2& area) {
    Seen seen;
    const World& world = simulation.world();
    for (std::size_t e = 0; e < city.streets.edges.size(); ++e) {
        const Edge& edge = city.streets.edges[e];
        const Vec2 middle = place_at(edge.line, 0.5 * edge.length_m).at;
        if (!edge.is_tunnel && area.contains(middle)) {
            seen.lit_street_m +=
                world.conditions.edge_illuminance_lx[e] > 1.0F ? edge.length_m : 0.0;
        }
    }
    const Pedestrians& people = world.pedestrians;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking) &&
            area.contains(Vec2(people.x_m[i], people.y_m[i])) && people.speed_mps[i] > 0.3) {
            seen.speed_sum_mps += people.speed_mps[i] / people.free_speed_mps[i];
            seen.speed_count += 1.0;
        }
    }
    seen.signals_off = static_cast<std::size_t>(
        std::count(world.signals.is_powered.begin(), world.signals.is_powered.end(), 0));
    return seen;
}

} // namespace

TEST_CASE("a dead feeder darkens streets, silences a counter, puts a signal out, slows people") {
    const TemporaryFolder folder;
    Seen lit;
    Seen dark;
    const auto watch = [](Seen& total) {
        return [&total](const Simulation& simulation) {
            const City& city = simulation.city();
            const std::size_t feeder = feeder_index(city, "feeder 14");
            const Box2 area = bounds_of(city.assets.feeders.at(feeder).areas.at(0).outer);
            if (simulation.now_s() > 240.0) {
                const Seen seen = look_at(city, simulation, area);
                total.speed_sum_mps += seen.speed_sum_mps;
                total.speed_count += seen.speed_count;
                total.lit_street_m = seen.lit_street_m;
                total.signals_off = seen.signals_off;
            }
        };
    };
    const EffectRun base(folder, "base", evening, watch(lit));
    const EffectRun cut(folder, "cut", evening + power_cut, watch(dark));

    // The cause is in the log.
    const auto events = cut.results->events();
    CHECK(std::any_of(events.begin(), events.end(), [](const RecordedEvent& event) {
        return event.at_s == 180.0 && event.text.find("feeder 14") != std::string::npos;
    }));
    // Streets go dark, and the indicator says how many.
    CHECK(lit.lit_street_m > 500.0);
    CHECK(dark.lit_street_m < 0.5 * lit.lit_street_m);
    CHECK(cut.whole("dark_street") > base.whole("dark_street") + 500.0);
    CHECK(cut.whole("lamps_lit") < base.whole("lamps_lit") - 20.0);
    // The signal of the feeder is out.
    CHECK(lit.signals_off == 0);
    CHECK(dark.signals_off >= 1);
    CHECK(cut.whole("signals_without_power") >= 1.0);
    // The counter on the quay is silent: missing, not zero; the others go on.
    const auto& sensors = cut.scenario->sensors;
    const auto counter = static_cast<std::size_t>(
        std::find_if(sensors.begin(), sensors.end(),
                     [](const Sensor& s) { return s.name == "counter Quai Albert Ier"; }) -
        sensors.begin());
    REQUIRE(counter < sensors.size());
    CHECK(std::isfinite(base.results->reports_at(480.0)->values.at(counter)));
    CHECK(std::isnan(cut.results->reports_at(480.0)->values.at(counter)));
    CHECK(cut.results->reports_at(480.0)->values.size() == sensors.size());
    CHECK(base.whole("observations_lost") == 0.0);
    CHECK(cut.whole("observations_lost") >= 5.0);
    // People walk slower in the dark.
    REQUIRE(lit.speed_count > 1000.0);
    REQUIRE(dark.speed_count > 1000.0);
    CHECK(dark.speed_sum_mps / dark.speed_count < 0.97 * lit.speed_sum_mps / lit.speed_count);
}
