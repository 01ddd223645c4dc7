#include "pedestrians/effects.hpp"
#include "results/meter.hpp"
#include "unit/results/toy_run.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <fstream>
#include <iterator>
#include <set>

using namespace veste;

TEST_CASE("every indicator has a name of its own, a title and a description") {
    std::set<std::string_view> names;
    for (const Indicator& indicator : indicators()) {
        CAPTURE(std::string(indicator.name));
        CHECK(names.insert(indicator.name).second);
        CHECK_FALSE(indicator.unit.empty());
        CHECK(indicator.title.size() > 2);
        CHECK(indicator.description.size() > 5);
        CHECK(find_indicator(indicator.name) == &indicator);
    }
    CHECK(names.size() > 50);
    CHECK(find_indicator("nothing") == nullptr);
}

TEST_CASE("FORMAT.md holds the table of indicators as it is") {
    std::ifstream in(VESTE_SOURCE_DIR "/engine/results/FORMAT.md");
    const std::string text((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    CHECK(text.find(indicator_reference()) != std::string::npos);
}

TEST_CASE("levels of service E and F begin at 1.08 and 2.15 persons per square metre") {
    CHECK(los_e_from_per_m2 == doctest::Approx(1.076).epsilon(1e-3));
    CHECK(los_f_from_per_m2 == doctest::Approx(2.153).epsilon(1e-3));
}

TEST_CASE("a percentile is the value of the nearest rank") {
    std::vector<double> values;
    for (int k = 100; k >= 1; --k) {
        values.push_back(k);
    }
    CHECK(percentile(values, 0.95) == 95.0);
    CHECK(percentile(values, 0.951) == 96.0);
    CHECK(percentile(values, 1.0) == 100.0);
    CHECK(percentile({7.0}, 0.95) == 7.0);
    CHECK(percentile({1.0, 2.0}, 0.5) == 1.0);
    CHECK(std::isnan(percentile({}, 0.95)));
}

TEST_CASE("a whole run's value is the last, largest or mean of the known ones") {
    const std::vector<double> values = {not_known, 3.0, 5.0, 1.0, not_known};
    CHECK(whole_value(Whole::Last, values) == 1.0);
    CHECK(whole_value(Whole::Largest, values) == 5.0);
    CHECK(whole_value(Whole::Mean, values) == 3.0);
    CHECK(telling_interval(Whole::Largest, values) == 2u);
    CHECK(telling_interval(Whole::Last, values) == 3u);
    CHECK(std::isnan(whole_value(Whole::Last, std::vector<double>{not_known})));
    CHECK_FALSE(telling_interval(Whole::Largest, std::vector<double>{}));
}

namespace {

/// People, vehicles and water counted in a way of its own.
struct Count {
    double los_f_person_s = 0.0;
    double hazard_person_s = 0.0;
    double most_in_hazard = 0.0;
    double density_max = 0.0;
    double standing_s = 0.0;

    void look(const Simulation& simulation) {
        const World& world = simulation.world();
        const Pedestrians& people = world.pedestrians;
        double in_hazard = 0.0;
        for (std::size_t i = 0; i < people.size(); ++i) {
            const auto phase = static_cast<WalkerPhase>(people.phase[i]);
            if (phase == WalkerPhase::Planned || phase == WalkerPhase::Arrived) {
                continue;
            }
            density_max = std::max(density_max, static_cast<double>(people.density_per_m2[i]));
            los_f_person_s += phase == WalkerPhase::Walking && people.density_per_m2[i] > 2.1528;
            const std::size_t t = people.triangle[i];
            const double depth_m = world.conditions.walk_depth_m[t];
            const double hazard = depth_m * (world.conditions.walk_water_mps[t] + 0.5) +
                                  (depth_m > 0.25 || world.conditions.walk_water_mps[t] > 2.0F);
            in_hazard += depth_m > 0.0 && hazard >= 0.75;
        }
        hazard_person_s += in_hazard;
        most_in_hazard = std::max(most_in_hazard, in_hazard);
        for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
            standing_s += world.vehicles.is_present(i) && world.vehicles.speed_mps[i] < 0.1;
        }
    }
};

} // namespace

TEST_CASE("crowding, hazard and standing are those counted tick by tick") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    // So much water that the crossing in the hollow becomes hazardous while people walk.
    scenario.weather.rain_mps = {{0.0, 1500.0 / 3.6e6}};
    Count count;
    toy_run::record(folder / "out.h5", scenario, 1,
                    [&](const Simulation& simulation) { count.look(simulation); });
    const Results results(folder / "out.h5");
    CHECK(count.los_f_person_s > 30.0);
    CHECK(toy_run::last(results, "los_f_person_time") ==
          doctest::Approx(count.los_f_person_s / 60.0).epsilon(1e-9));
    CHECK(count.hazard_person_s > 0.0);
    CHECK(toy_run::last(results, "hazard_person_time") ==
          doctest::Approx(count.hazard_person_s / 60.0).epsilon(1e-9));
    const auto whole = [&](const char* name) {
        const Indicator& indicator = *find_indicator(name);
        return whole_value(indicator.whole, results.series(indicator));
    };
    CHECK(whole("people_in_hazard") == count.most_in_hazard);
    CHECK(whole("density_max") == count.density_max);
    double standing_s = 0.0;
    for (const double mean : results.series(*find_indicator("vehicles_standing"))) {
        standing_s += 60.0 * mean;
    }
    CHECK(standing_s == doctest::Approx(count.standing_s).epsilon(1e-9));
}

TEST_CASE("whom the flood topples is counted and recorded where they lie") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.weather.rain_mps = {{0.0, 1500.0 / 3.6e6}};
    for (Profile& profile : scenario.profiles) { // so small that the hollow is too deep for them
        profile.height_m = 0.5;
        profile.mass_kg = 5.0;
    }
    World world;
    toy_run::record(folder / "out.h5", scenario, 1,
                    [&](const Simulation& simulation) { world = simulation.world(); });
    const Results results(folder / "out.h5");
    std::size_t toppled = 0;
    for (const std::uint8_t phase : world.pedestrians.phase) {
        toppled += phase == static_cast<std::uint8_t>(WalkerPhase::Toppled);
    }
    CHECK(toppled > 0);
    CHECK(toy_run::last(results, "people_toppled") == static_cast<double>(toppled));
    CHECK(toy_run::last(results, "people_set_out") == toy_run::last(results, "people_present") +
                                                          toy_run::last(results, "people_arrived") +
                                                          static_cast<double>(toppled));
    std::size_t recorded = 0;
    for (const auto& person : results.people_at(scenario.duration_s)) {
        recorded += person.phase == static_cast<std::uint8_t>(WalkerPhase::Toppled);
    }
    CHECK(recorded == toppled);
}

TEST_CASE("people and vehicles are told as the run leaves them") {
    const test::TemporaryFolder folder;
    const Scenario scenario = toy_city::evening(*toy_city::built());
    World world;
    toy_run::record(
        folder / "out.h5", scenario, 1,
        [&](const Simulation& simulation) { world = simulation.world(); }, 480.0);
    const Results results(folder / "out.h5");
    const Pedestrians& people = world.pedestrians;
    std::vector<double> arrived_s;
    double visitors_home = 0.0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.arrived_s[i] >= 0.0) {
            arrived_s.push_back(people.walked_s[i]);
            visitors_home += people.group[i] == 1; // group 0 is the demand, 1 the concert
        }
    }
    std::sort(arrived_s.begin(), arrived_s.end());
    REQUIRE(arrived_s.size() > 50);
    REQUIRE(arrived_s.size() < people.size());
    double sum_s = 0.0;
    for (const double s : arrived_s) {
        sum_s += s;
    }
    CHECK(toy_run::last(results, "people_set_out") == 140.0);
    CHECK(toy_run::last(results, "people_arrived") == static_cast<double>(arrived_s.size()));
    CHECK(toy_run::last(results, "visitors_evacuated") == visitors_home);
    CHECK(toy_run::last(results, "people_served") == people.gate_served.at(0));
    const auto served = results.file().read<std::uint32_t>("/gates/served");
    CHECK(served.back() == people.gate_served.at(0));
    CHECK(results.file().extent("/gates/queueing") == Extent{8, 1});
    CHECK(results.file().read<std::uint32_t>("/event_crowds/inside").back() ==
          people.event_inside.at(0));
    const auto gates = results.gates_at(60.0);
    REQUIRE(gates.size() == 1);
    CHECK(gates[0].name == "gate");
    CHECK(gates[0].at == Vec2(90.0, -30.0));
    const auto at_60_s = results.people_at(60.0);
    CHECK(gates[0].queueing ==
          std::count_if(at_60_s.begin(), at_60_s.end(), [](const RecordedPerson& person) {
              return person.phase == 2 || person.phase == 3;
          }));
    CHECK(toy_run::last(results, "walking_time_mean") ==
          doctest::Approx(sum_s / static_cast<double>(arrived_s.size())).epsilon(1e-12));
    const auto rank =
        static_cast<std::size_t>(std::ceil(0.95 * static_cast<double>(arrived_s.size())));
    CHECK(toy_run::last(results, "walking_time_p95") == arrived_s[rank - 1]);
    CHECK(std::isfinite(toy_run::last(results, "under_way_time_mean")));
}

TEST_CASE("people whose origin is closed are counted as waiting to set out") {
    const test::TemporaryFolder folder;
    const auto city = toy_city::built();
    Scenario scenario = toy_city::evening(*city);
    scenario.events.clear();
    scenario.gates.clear();
    scenario.changes = {
        {100.0, "closed", CloseWays{{}, scenario.places[0].triangles}},
        {400.0, "open", OpenWays{{}, scenario.places[0].triangles}},
    };
    std::vector<std::size_t> late;
    toy_run::record(folder / "out.h5", scenario, 1, [&](const Simulation& simulation) {
        const Pedestrians& people = simulation.world().pedestrians;
        if (std::fmod(simulation.now_s(), 60.0) == 0.0) {
            late.push_back(0);
            for (std::size_t i = 0; i < people.size(); ++i) {
                const bool is_out =
                    people.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Planned);
                late.back() += !is_out && people.depart_s[i] <= simulation.now_s() - 0.1;
            }
        }
    });
    const Results results(folder / "out.h5");
    const auto waiting = results.series(*find_indicator("people_waiting"));
    REQUIRE(waiting.size() == late.size());
    for (std::size_t k = 0; k < waiting.size(); ++k) {
        CHECK(waiting[k] == static_cast<double>(late[k]));
    }
    CHECK(waiting[0] == 0.0);
    // Departures end after five minutes: all who have not gone by 100 s wait.
    CHECK(waiting[5] > 40.0);
    CHECK(waiting[5] == 80.0 - results.series(*find_indicator("people_set_out"))[5]);
    CHECK(waiting.back() == 0.0);
}

TEST_CASE("a person alone takes distance over speed, a lone car has no delay on an open road") {
    const test::TemporaryFolder folder;
    const auto city = toy_city::built();
    Scenario scenario = toy_city::evening(*city);
    scenario.events.clear();
    scenario.gates.clear();
    scenario.weather.rain_mps.clear();
    scenario.duration_s = 120.0;
    scenario.start_of_day_s = 12.0 * 3600.0;
    scenario.pedestrians[0].count = 1;
    scenario.pedestrians[0].departure = {0.0, 1.0, DepartureShape::Uniform};
    scenario.pedestrians[0].destinations = {
        {scene::add_place(scenario, *city, "north east", scene::box(100.0, 20.0, 140.0, 55.0)),
         1.0}};
    scenario.profiles[0].free_speed_sd_mps = 0.0;
    scenario.profiles[0].free_speed_min_mps = scenario.profiles[0].free_speed_max_mps = 1.34;
    scenario.vehicles[0].count = 0;
    World world;
    toy_run::record(folder / "out.h5", scenario, 1,
                    [&](const Simulation& simulation) { world = simulation.world(); });
    const Results results(folder / "out.h5");
    REQUIRE(toy_run::last(results, "people_arrived") == 1.0);
    CHECK(toy_run::last(results, "walking_time_mean") ==
          doctest::Approx(world.pedestrians.walked_m[0] / 1.34).epsilon(0.02));
    CHECK(toy_run::last(results, "los_e_person_time") == 0.0);
    CHECK(std::isnan(toy_run::last(results, "vehicle_delay_mean")));
    // By day no street is dark and no lamp shines.
    CHECK(toy_run::last(results, "dark_street") == 0.0);
    CHECK(toy_run::last(results, "lamps_lit") == 0.0);
    CHECK(toy_run::last(results, "daylight") > 10000.0);
}

TEST_CASE("an outage shows in lamps, signals and lost observations, a closure cuts the way") {
    const Results base(toy_run::evenings().base);
    const Results troubled(toy_run::evenings().troubled);
    CHECK(toy_run::last(base, "lamps_lit") == 12.0);
    CHECK(toy_run::last(troubled, "lamps_lit") == 6.0);
    CHECK(toy_run::last(base, "signals_without_power") == 0.0);
    CHECK(toy_run::last(troubled, "signals_without_power") == 1.0);
    // Three sensors report each minute; the northern one is silent from the third report on.
    CHECK(toy_run::last(base, "observations_expected") == 30.0);
    CHECK(toy_run::last(base, "observations_lost") == 0.0);
    CHECK(toy_run::last(troubled, "observations_lost") == 8.0);
    // Four arms of 200 m and no lamp near them.
    CHECK(toy_run::last(base, "dark_street") == doctest::Approx(800.0).epsilon(0.03));
    const auto closed = troubled.series(*find_indicator("edges_closed"));
    CHECK(closed == std::vector<double>{0, 1, 1, 1, 0, 0, 0, 0, 0, 0});
    const auto cut = troubled.series(*find_indicator("emergency_routes_cut"));
    CHECK(cut[1] == 0.0); // the route begins on the closed street, and is left, not entered
    CHECK(troubled.file().extent("/emergency_routes/travel_time") == Extent{10, 1});
}

TEST_CASE("flooded areas by class are those of the recorded depths, and the water adds up") {
    const Results results(toy_run::evenings().troubled);
    const auto depth = results.raster_at("depth", 600.0);
    REQUIRE(depth);
    double area_m2[5] = {};
    double volume_m3 = 0.0;
    for (const float depth_m : depth->values) {
        const int k = depth_m >= 0.5F    ? 4
                      : depth_m >= 0.3F  ? 3
                      : depth_m >= 0.15F ? 2
                                         : depth_m >= 0.05F;
        area_m2[k] += 16.0;
        volume_m3 += 16.0 * static_cast<double>(depth_m);
    }
    // Cells within half a millimetre of a bound may fall in either class of the rounded depths.
    constexpr double few_cells_m2 = 10.0 * 16.0;
    const auto near = [](double area) {
        return doctest::Approx(area).epsilon(1e-6).scale(few_cells_m2 / 1e-6);
    };
    CHECK(area_m2[3] > 500.0);
    CHECK(toy_run::last(results, "flooded_5_to_15_cm") == near(area_m2[1]));
    CHECK(toy_run::last(results, "flooded_15_to_30_cm") == near(area_m2[2]));
    CHECK(toy_run::last(results, "flooded_30_to_50_cm") == near(area_m2[3]));
    CHECK(toy_run::last(results, "flooded_over_50_cm") == near(area_m2[4]));
    CHECK(toy_run::last(results, "flooded") ==
          near(area_m2[1] + area_m2[2] + area_m2[3] + area_m2[4]));
    CHECK(toy_run::last(results, "water_stored") == doctest::Approx(volume_m3).epsilon(0.01));
    CHECK(toy_run::last(results, "water_rained") ==
          doctest::Approx(0.160 / 3600.0 * 540.0 * 440.0 * 440.0).epsilon(1e-6));
    CHECK(toy_run::last(results, "water_balance_error") < 1e-9);
    CHECK(toy_run::last(results, "rain") == doctest::Approx(160.0).epsilon(1e-12));
    // The deepest place is the hollow.
    const Vec2 deepest = results.places(*find_indicator("depth_max")).back();
    CHECK((deepest - Vec2(60.0, 0.0)).norm() < 4.0);
}

TEST_CASE("where nothing is computed or nobody has arrived, the value is unknown and not zero") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    scenario.has_flood = false;
    scenario.emergency_routes.clear();
    scenario.duration_s = 5.0;
    toy_run::record(folder / "out.h5", scenario);
    const Results results(folder / "out.h5");
    CHECK(results.times_s() == std::vector<double>{5.0});
    for (const char* name : {"depth_max", "flooded", "water_stored", "rain", "emergency_time_mean",
                             "emergency_routes_cut", "walking_time_mean"}) {
        CAPTURE(name);
        CHECK(std::isnan(toy_run::last(results, name)));
    }
}

TEST_CASE("vehicles held at red for longer than five minutes are told, and nobody before that") {
    const test::TemporaryFolder folder;
    const auto city = toy_city::built();
    Scenario scenario = toy_city::evening(*city);
    SignalPhase red;
    red.duration_s = 60.0;
    red.lights.assign(city->streets.signals.at(0).links, Light::Red);
    SignalPlan plan;
    plan.name = "all red";
    plan.phases = {red};
    scenario.signal_plans.emplace_back(SignalId(0u), plan);
    const auto number = static_cast<std::uint32_t>(city->streets.signals.at(0).plans.size());
    scenario.changes = {{0.0, "all red", SetSignalPlan{SignalId(0u), number}}};
    World world;
    toy_run::record(folder / "out.h5", scenario, 1,
                    [&](const Simulation& simulation) { world = simulation.world(); });
    const Results results(folder / "out.h5");
    const auto series = results.series(*find_indicator("vehicles_standing_long"));
    CHECK(*std::max_element(series.begin(), series.begin() + 5) == 0.0); // until 300 s
    double standing_long = 0.0;
    for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
        const double since_s = world.vehicles.standing_since_s[i];
        standing_long += world.vehicles.is_present(i) && since_s >= 0.0 && 600.0 - since_s > 300.0;
    }
    CHECK(standing_long > 0.0);
    CHECK(series.back() == standing_long);
    CHECK(toy_run::last(results, "vehicles_off_lane") == 0.0);
    CHECK(toy_run::last(results, "vehicles_pulled_in") == 0.0);
}

TEST_CASE("evacuation times tell when 95 % and all are out, toppled people not") {
    const test::TemporaryFolder folder;
    Scenario scenario = toy_city::evening(*toy_city::built());
    Order order;
    order.exits = {scenario.events[0].exits[0].what};
    order.reaction = {TimeShape::Uniform, 30.0, 0.0, 10.0, 50.0};
    scenario.orders.push_back(order);
    TimedChange change;
    change.at_s = 120.0;
    change.what = GiveOrder{OrderId(0U), true};
    scenario.changes.push_back(change);
    World world;
    toy_run::record(folder / "out.h5", scenario, 1,
                    [&](const Simulation& simulation) { world = simulation.world(); });
    const Results results(folder / "out.h5");
    std::vector<double> times_s;
    double not_out = 0.0;
    for (std::size_t i = 0; i < world.pedestrians.size(); ++i) {
        if (world.pedestrians.order[i] == 1) {
            const bool is_out = world.pedestrians.arrived_s[i] >= 0.0;
            not_out += is_out ? 0.0 : 1.0;
            times_s.push_back(is_out ? world.pedestrians.arrived_s[i] - 120.0 : 1e9);
        }
    }
    REQUIRE(times_s.size() > 50);
    CHECK(toy_run::last(results, "people_to_evacuate") == not_out);
    CHECK(std::isnan(results.series(*find_indicator("evacuation_time_all")).front()));
    const double p95_s = toy_run::last(results, "evacuation_time_p95");
    const double all_s = toy_run::last(results, "evacuation_time_all");
    MESSAGE("95 % out after ", p95_s, " s, all after ", all_s, " s, not out ", not_out);
    const double expected_s = percentile(times_s, 0.95);
    CHECK(std::isnan(p95_s) == (expected_s == 1e9));
    CHECK((std::isnan(p95_s) || p95_s == doctest::Approx(expected_s)));
    CHECK(std::isnan(all_s) == (not_out > 0.0));
    CHECK((not_out > 0.0 || all_s == doctest::Approx(percentile(times_s, 1.0))));
}
