#include "scenario_file.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// The full scenario and the warnings it gives, read once.
struct Full {
    std::vector<std::string> warnings;
    Scenario scenario = test::ScenarioFile(test::full_scenario()).read(&warnings);
};
const Full& full() {
    static const Full read;
    return read;
}

const Change& change(std::size_t index) {
    return full().scenario.changes.at(index).what;
}

std::vector<EdgeId> edges_named(const std::string& name) {
    std::vector<EdgeId> edges;
    const auto& all = test::the_town().streets.edges;
    for (std::size_t e = 0; e < all.size(); ++e) {
        if (all[e].name == name) {
            edges.emplace_back(e);
        }
    }
    return edges;
}

} // namespace

TEST_CASE("clock, steps and outputs of a scenario are read in SI units") {
    const Scenario& s = full().scenario;
    CHECK(s.name == "Evening in town");
    CHECK(s.seed == 7);
    CHECK(s.date == "2026-06-21");
    CHECK(s.start_of_day_s == 72000.0);
    CHECK(s.utc_offset_s == 7200.0);
    CHECK(s.duration_s == 2400.0);
    CHECK(s.steps.traffic_s == 0.5);
    CHECK(s.outputs.trajectories_every_s == 2.0);
    CHECK_FALSE(s.outputs.illuminance);
    CHECK(s.outputs.raster_cell_m == 20.0);
    REQUIRE(s.outputs.area);
    CHECK(s.outputs.area->size_m().isApprox(Vec2(80.0, 80.0)));
    CHECK(s.text == test::full_scenario());
}

TEST_CASE("measurement lines and areas are read in local metres, with their outputs") {
    const Scenario& s = full().scenario;
    REQUIRE(s.measurement_lines.size() == 1);
    CHECK(s.measurement_lines[0].from.isApprox(Vec2(90.0, 36.0)));
    CHECK((s.measurement_lines[0].to - s.measurement_lines[0].from).norm() == doctest::Approx(8.0));
    REQUIRE(s.measurement_areas.size() == 2);
    CHECK(area_m2(s.measurement_areas[0].area) == doctest::Approx(1600.0));
    CHECK(s.measurement_areas[0].cut_off_m == 1.5);
    CHECK(area_m2(s.measurement_areas[1].area) == doctest::Approx(16.0));
    CHECK(s.outputs.measures_every_s == 5.0);
    CHECK(s.outputs.voronoi_every_s == 20.0);
    CHECK(s.outputs.heat_maps);
    CHECK(s.outputs.heat_maps_every_s == 4.0);
    CHECK(s.outputs.heat_cell_m == 0.5);
    CHECK(s.outputs.heat_threshold_per_m2 == 3.5);
}

TEST_CASE("places come from named areas, polygons, circles and GIS layers") {
    const Scenario& s = full().scenario;
    REQUIRE(s.places.size() == 4);
    CHECK(area_m2(s.places[0].area) == doctest::Approx(6400.0));
    CHECK(s.places[0].edges == edges_named("South Street"));
    CHECK(s.places[0].triangles.empty());
    CHECK(area_m2(s.places[1].area) == doctest::Approx(1600.0));
    CHECK_FALSE(s.places[1].triangles.empty());
    CHECK(area_m2(s.places[2].area) == doctest::Approx(314.16).epsilon(0.01));
    CHECK_FALSE(s.places[2].triangles.empty());
    CHECK(area_m2(s.places[3].area) == doctest::Approx(800.0));
    for (const TriangleId t : s.places[1].triangles) {
        CHECK(contains(s.places[1].area, test::the_town().walk.centroid(t)));
    }
}

TEST_CASE("demands name their profiles, places, streets and times") {
    const Scenario& s = full().scenario;
    REQUIRE(s.pedestrians.size() == 2);
    const PedestrianDemand& people = s.pedestrians[0];
    CHECK(people.count == 80);
    REQUIRE(people.profiles.size() == 2);
    CHECK(s.profile(people.profiles[0].what).name == "adult");
    CHECK(people.profiles[0].weight == 3.0);
    CHECK(people.destinations.size() == 2);
    CHECK(people.departure.begin_s == 300.0);
    CHECK(people.departure.end_s == 1800.0);
    CHECK(people.departure.shape == DepartureShape::Triangular);
    CHECK(people.destination_choice == DestinationChoice::Quickest);
    CHECK(people.knows_places_share == 0.7);
    CHECK(s.walking.reroute_every_s == 20.0);
    CHECK(s.walking.exit_spread_s == 4.0);
    CHECK(s.walking.sight_m == 40.0);
    CHECK(s.walking.social_influence_s == 8.0);
    CHECK(s.walking.social_every_s == 10.0);
    CHECK(s.walking.dark_detour == 1.5);
    CHECK(s.walking.route_spread_m == 6.0);
    CHECK(s.walking.tastes == 4);
    CHECK(s.profiles[0].informed_share == 0.3);
    CHECK(s.profiles[0].avoids_dark_share == 0.4);
    CHECK(s.profiles[0].familiar_share == 0.9);
    CHECK(s.profiles[1].familiar_share == 1.0);
    CHECK(s.profiles[0].impaired_share == 0.05);
    CHECK(s.profiles[1].free_speed_mean_mps == 1.0);
    CHECK(s.profiles[1].time_gap_s == 0.42);
    CHECK(s.profiles[1].model == WalkingModel::CollisionFreeSpeed);
    CHECK(people.groups.share == 0.6);
    CHECK(people.groups.size_weights == std::array<double, 5>{3.0, 0.0, 1.0, 0.0, 0.0});
    CHECK(s.events.at(0).groups.share == 0.5);
    CHECK(s.events.at(0).groups.size_weights == Groups{}.size_weights);

    REQUIRE(s.vehicles.size() == 2);
    CHECK(s.vehicles[0].origins.empty());
    CHECK(s.vehicles[0].departure.end_s == 2400.0);
    REQUIRE(s.vehicles[0].classes.size() == 1);
    CHECK(s.vehicles[0].classes[0].what == VehicleClass::Car);
    // West and South Street, both directions each, by weight and length.
    CHECK(s.vehicles[1].origins.size() == 4);
    double north = 0.0;
    double park = 0.0;
    for (const Weighted<EdgeId>& edge : s.vehicles[1].destinations) {
        const bool is_north = test::the_town().streets.edge(edge.what).name == "North Street";
        (is_north ? north : park) += edge.weight;
    }
    CHECK(north == doctest::Approx(2.0));
    CHECK(park == doctest::Approx(1.0));
}

TEST_CASE("a profile begins from its kind and changes what it gives") {
    const Scenario& s = full().scenario;
    REQUIRE(s.profiles.size() == 4);
    const Profile& adult = s.profiles[0];
    CHECK(adult.radius_sd_m == doctest::Approx(0.01));
    CHECK(adult.patience_s == 6.0);
    CHECK(adult.height_m == 1.75);
    CHECK(adult.mass_kg == 75.0);
    CHECK(adult.stairs_up_share == 0.4);
    CHECK(adult.stairs_down_share == 0.5);
    CHECK(adult.reaction.shape == TimeShape::Gamma);
    CHECK(adult.reaction.mean_s == 20.0);
    CHECK(adult.reaction.sd_s == 8.0);
    CHECK(adult.reaction.least_s == 2.0);
    CHECK(adult.reaction.most_s == 120.0);
    CHECK_FALSE(adult.age);
    const Profile& pupil = s.profiles[3];
    REQUIRE(pupil.age);
    CHECK(pupil.age->mean == 9.0);
    CHECK(pupil.age->most == 12.0);
    CHECK(pupil.radius_m == profile_of(ProfileKind::Child).radius_m);
    CHECK(pupil.mass_kg == profile_of(ProfileKind::Child).mass_kg);
    CHECK(pupil.mass_kg < Profile{}.mass_kg);
    CHECK(pupil.reaction.mean_s == 0.0);
    CHECK(s.profiles[1].height_m == Profile{}.height_m);
}

TEST_CASE(
    "profiles override the parameters of their walking model, and take others from [walking]") {
    const Scenario& s = full().scenario;
    CHECK(s.ordinary.model == WalkingModel::CollisionFreeSpeed);
    REQUIRE(s.ordinary.collision_free);
    CHECK(s.ordinary.collision_free->body_share == 1.65);
    CHECK(s.ordinary.collision_free->width_share == CollisionFreeSpeed{}.width_share);
    CHECK(s.ordinary.anticipation.time_gap_s == 0.9);
    const CollisionFreeSpeed& adult = s.profiles[0].collision_free.value();
    CHECK(adult.repulsion_strength == 2.5);
    CHECK(adult.repulsion_range_m == 0.15);
    CHECK(adult.wall_strength == 3.0);
    CHECK(adult.wall_range_m == 0.05);
    CHECK(adult.wall_share == 1.3);
    CHECK(adult.tight_wall_share == 0.3);
    CHECK(adult.body_share == 1.7);
    CHECK(adult.shoulder_share == 1.0);
    CHECK(adult.width_share == 1.5);
    CHECK(adult.least_share == 0.8);
    CHECK(adult.squeezed_width_share == 0.5);
    CHECK(adult.squeezed_least_share == 0.65);
    CHECK(adult.contact_share == 0.85);
    CHECK(adult.contact_s == 0.6);
    CHECK(adult.anticipation_s == 0.8);
    CHECK(adult.held_up_share == 0.6);
    CHECK(adult.single_file_share == 0.85);
    CHECK(adult.single_file_gaps == 2.4);
    CHECK(adult.pressing_s == 20.0);
    const Profile& senior = s.profiles[1];
    CHECK(senior.model == WalkingModel::CollisionFreeSpeed);
    CHECK(senior.collision_free.value().body_share == 1.65);
    CHECK(senior.collision_free->held_up_share == 0.75);
    const Profile& tourist = s.profiles[2];
    CHECK(tourist.model == WalkingModel::AnticipationVelocity);
    CHECK(tourist.anticipation.repulsion_strength == 7.0);
    CHECK(tourist.anticipation.repulsion_range_m == 0.2);
    CHECK(tourist.anticipation.anticipation_s == 0.9);
    CHECK(tourist.anticipation.reaction_s == 0.2);
    CHECK(tourist.anticipation.time_gap_s == 1.0);
    CHECK(tourist.anticipation.wall_buffer_m == 0.05);
    const Profile& pupil = s.profiles[3];
    CHECK(pupil.model == WalkingModel::SocialForce);
    CHECK(pupil.social_force.social_strength_n == 1900.0);
    CHECK(pupil.social_force.social_range_m == 0.07);
    CHECK(pupil.social_force.body_n_per_m == 1.1e5);
    CHECK(pupil.social_force.friction_kg_per_ms == 2.3e5);
    CHECK(pupil.social_force.relaxation_s == 0.4);
}

TEST_CASE("people may come and leave in vehicles") {
    const Scenario& s = full().scenario;
    CHECK_FALSE(s.pedestrians[0].arrivals);
    const VehicleService trams = s.pedestrians[1].arrivals.value();
    CHECK(trams.first_s == 120.0);
    CHECK(trams.every_s == 300.0);
    CHECK(trams.people == 20);
    CHECK(trams.alight_per_s == 1.5);
    CHECK(s.pedestrians[1].departure.begin_s == 120.0);
    CHECK(s.pedestrians[1].departure.end_s == 720.0 + 9.0 / 1.5); // the last of 50
    REQUIRE(s.journeys.size() == 2);
    const VehicleService buses = s.journeys[1].stages.at(0).vehicles.value();
    CHECK(buses.first_s == 600.0);
    CHECK(buses.every_s == 300.0);
    CHECK(buses.people == 80);
    CHECK_FALSE(s.journeys[0].stages.at(2).vehicles);
}

TEST_CASE("gates lead on to gates, and an event passes them") {
    const Scenario& s = full().scenario;
    REQUIRE(s.gates.size() == 2);
    CHECK(s.gates[0].next == GateId(1U));
    CHECK_FALSE(s.gates[1].next.is_valid());
    CHECK(s.gates[0].service_rate_per_s == 0.25);
    CHECK_FALSE(s.gates[0].is_open);
    CHECK(s.gates[0].lanes == 4);
    CHECK((s.gates[1].at - Vec2(102.0, 40.0)).norm() < 0.2);
    const Event& concert = s.events.at(0);
    CHECK(s.place(concert.stage).name == "yard");
    CHECK(concert.focus == Vec2(139.0, 40.0));
    CHECK(concert.visitors == 500);
    CHECK(concert.capacity == 400);
    CHECK(concert.gates == std::vector<GateId>{GateId(0U)});
    CHECK(concert.arrival.shape == DepartureShape::Normal);
    CHECK(concert.egress.begin_s == 1800.0);
}

TEST_CASE("weather, sensors and routes are read") {
    const Scenario& s = full().scenario;
    REQUIRE(s.weather.rain_mps.size() == 3);
    CHECK(s.weather.rain_mps[0].at_s == -600.0);
    CHECK(s.weather.rain_mps[1].at_s == 1200.0);
    CHECK(s.weather.rain_mps[1].value == doctest::Approx(60.0 / 3.6e6));
    CHECK(s.weather.inflows.at(0).flow_m3ps.at(1).value == doctest::Approx(0.3));
    CHECK(s.weather.cloud_cover == 0.8);
    CHECK_FALSE(s.weather.is_border_open);
    CHECK(s.noise.relative_sd == 0.1);
    REQUIRE(s.sensors.size() == 4);
    CHECK(s.sensors[0].name == "plaza camera");
    CHECK(s.sensors[2].range_m == 25.0);
    CHECK(s.sensors[2].feeder == FeederId(1U));
    CHECK(s.sensors[3].kind == SensorKind::LoopDetector);
    CHECK(s.sensors[3].feeder == FeederId(0U));
    CHECK(test::the_town().streets.edge(s.sensors[3].edge).name == "West Street");
    REQUIRE(s.emergency_routes.size() == 1);
    CHECK(test::the_town().streets.edge(s.emergency_routes[0].second).name == "North Street");
}

TEST_CASE("signal plans keep yellow and clearing times, and greens fit the cycle") {
    const Scenario& s = full().scenario;
    const SignalPlan& base = test::the_town().streets.signals[0].plans[0];
    REQUIRE(s.signal_plans.size() == 3);
    const SignalPlan& evening = s.signal_plans[0].second;
    CHECK(evening.offset_s == 5.0);
    CHECK(evening.cycle_s() == doctest::Approx(90.0));
    REQUIRE(evening.phases.size() == base.phases.size());
    std::size_t kept = 0;
    for (std::size_t p = 0; p < base.phases.size(); ++p) {
        CHECK(evening.phases[p].lights == base.phases[p].lights);
        kept += evening.phases[p].duration_s == base.phases[p].duration_s;
    }
    // Yellow and all red of both stages at least; not the greens.
    CHECK(kept >= 4);
    CHECK(kept <= base.phases.size() - 2);
    CHECK(s.signal_plans[1].second.phases[0].duration_s == base.phases[0].duration_s + 1.0);
    CHECK(s.signal_plans[2].second.phases[1].lights == base.phases[1].lights);
}

TEST_CASE("greens that are cut to a short cycle keep their least length") {
    const SignalPlan& base = test::the_town().streets.signals[0].plans[0];
    int accepted = 0;
    for (int cycle_s = 20; cycle_s <= 100; cycle_s += 2) {
        CAPTURE(cycle_s);
        const test::ScenarioFile file(test::replaced(test::full_scenario(), "cycle = \"90 s\"",
                                                     fmt::format("cycle = \"{} s\"", cycle_s)));
        if (!file.problems().empty()) {
            CHECK(accepted == 0); // too short ones come first
            continue;
        }
        ++accepted;
        const Scenario s = file.read();
        const SignalPlan& plan = s.signal_plans[0].second;
        CHECK(plan.cycle_s() == doctest::Approx(cycle_s));
        for (std::size_t p = 0; p < plan.phases.size(); ++p) {
            const double duration_s = plan.phases[p].duration_s;
            const bool has_walk = plan.phases[p].lights[12] == Light::Green ||
                                  plan.phases[p].lights[13] == Light::Green;
            CHECK((duration_s == base.phases[p].duration_s ||
                   duration_s >= (has_walk ? 7.0 : 5.0) - 1e-9));
        }
    }
    CHECK(accepted > 20);
    CHECK(accepted < 41);
}

TEST_CASE("the timeline is in the order of time and resolved to the city's ids") {
    const Scenario& s = full().scenario;
    REQUIRE(s.changes.size() == 24);
    for (std::size_t k = 1; k < s.changes.size(); ++k) {
        CHECK(s.changes[k - 1].at_s <= s.changes[k].at_s);
    }
    CHECK(std::get<SwitchGate>(change(0)).is_open);
    CHECK(s.changes[0].text == "open gate tickets");
    CHECK(s.changes[1].text == "police close East Street");
    CHECK(std::get<CloseWays>(change(1)).edges == edges_named("East Street"));
    CHECK(std::get<CloseWays>(change(1)).triangles.empty());
    CHECK(std::get<CloseWays>(change(1)).classes ==
          (all_vehicle_classes & ~bit(VehicleClass::Emergency) & ~bit(VehicleClass::Bus)));
    const auto& closed = std::get<CloseWays>(change(2));
    CHECK(closed.edges == edges_named("South Street"));
    CHECK(closed.classes == (all_vehicle_classes & ~bit(VehicleClass::Emergency)));
    CHECK_FALSE(closed.triangles.empty());
    CHECK(s.changes[2].text == "close way 77, Passage, quay, a polygon");
    const auto& one_way = std::get<MakeOneWay>(change(4));
    REQUIRE(one_way.closed_edges.size() == 1);
    // Open stays the edge that leads north, to the crossroads.
    CHECK(test::the_town().streets.edge(one_way.closed_edges[0]).line.back().y() == -200.0);
    CHECK(std::get<SetSpeedLimit>(change(5)).edges.size() == 4);
    CHECK(std::get<SetSpeedLimit>(change(5)).limit_mps == doctest::Approx(20.0 / 3.6));
    CHECK(std::get<SwitchLamps>(change(6)).lamps == std::vector<LampId>{LampId(0U)});
    CHECK(std::get<SwitchLamps>(change(7)).lamps.size() == 4);
    CHECK(std::get<SwitchFeeder>(change(8)).feeder == FeederId(0U));
    CHECK(std::get<SwitchFeeder>(change(9)).feeder == FeederId(1U));
    CHECK(std::get<SwitchSensor>(change(10)).sensor == SensorId(2U));
    // The signal's own plan comes first, then those of the scenario.
    CHECK(std::get<SetSignalPlan>(change(11)).plan == 1);
    CHECK(s.changes[12].at_s == 930.0);
    CHECK(std::get<SetRainfall>(change(12)).rain_mps == doctest::Approx(45.0 / 3.6e6));
    CHECK(s.changes[13].at_s == 1800.0);
}

TEST_CASE("rules join a sensor, a threshold and a change") {
    const Scenario& s = full().scenario;
    REQUIRE(s.rules.size() == 2);
    CHECK(s.rules[0].sensor == SensorId(2U));
    CHECK(s.rules[0].is_above);
    CHECK(s.rules[0].threshold == 300.0);
    CHECK(s.rules[0].duration_s == 180.0);
    CHECK(s.rules[0].text == "open gate search");
    CHECK(s.rules[1].threshold == doctest::Approx(0.2));
    CHECK_FALSE(std::get<CloseWays>(s.rules[1].what).triangles.empty());
}

TEST_CASE("a design storm has its depth and its peak, and clock times run past midnight") {
    const Scenario s = test::ScenarioFile(test::town_storm).read();
    REQUIRE(s.weather.rain_mps.size() == 13);
    double depth_m = 0.0;
    std::size_t peak = 0;
    for (std::size_t k = 0; k + 1 < s.weather.rain_mps.size(); ++k) {
        depth_m += s.weather.rain_mps[k].value *
                   (s.weather.rain_mps[k + 1].at_s - s.weather.rain_mps[k].at_s);
        peak = s.weather.rain_mps[k].value > s.weather.rain_mps[peak].value ? k : peak;
    }
    CHECK(depth_m == doctest::Approx(0.030));
    // The peak, twice the mean rate of 30 mm/h, is a quarter of an hour into the storm; the five
    // minutes after it have the mean of the falling limb 2.5 of 45 minutes down.
    CHECK(peak == 3);
    CHECK(s.weather.rain_mps[peak].value * 3.6e6 == doctest::Approx(60.0 * (1.0 - 2.5 / 45.0)));
    CHECK(s.weather.rain_mps[2].value * 3.6e6 == doctest::Approx(60.0 * 12.5 / 15.0));
    CHECK(s.weather.rain_mps.front().at_s == 600.0);
    CHECK(s.weather.rain_mps.back().value == 0.0);
    CHECK(s.changes.at(0).at_s == 3600.0);
    CHECK_FALSE(s.rules.at(0).is_above);
    CHECK(s.rules.at(0).threshold == 2.0);
}

TEST_CASE("what is not given has the defaults of the description, which are those of the engine") {
    const Scenario s = test::ScenarioFile(R"(city = "town.h5"
clock = { date = "2026-06-21", start = "20:00", duration = "1 min", utc_offset = "2 h" }
steps = {}
outputs = {}
sensing = {}
weather = {}
profile = [{ name = "ordinary" }]
)")
                           .read();
    const Scenario plain;
    CHECK(s.steps.tick_s == plain.steps.tick_s);
    CHECK(s.steps.traffic_s == plain.steps.traffic_s);
    CHECK(s.steps.pedestrians_s == plain.steps.pedestrians_s);
    CHECK(s.outputs.trajectories_every_s == plain.outputs.trajectories_every_s);
    CHECK(s.outputs.rasters_every_s == plain.outputs.rasters_every_s);
    CHECK(s.outputs.signals_every_s == plain.outputs.signals_every_s);
    CHECK(s.outputs.indicators_every_s == plain.outputs.indicators_every_s);
    CHECK(s.outputs.raster_cell_m == plain.outputs.raster_cell_m);
    CHECK(s.outputs.trajectories == plain.outputs.trajectories);
    CHECK(s.sensor_interval_s == plain.sensor_interval_s);
    CHECK(s.noise.relative_sd == plain.noise.relative_sd);
    CHECK(s.noise.absolute_sd == plain.noise.absolute_sd);
    CHECK(s.has_flood == plain.has_flood);
    CHECK(s.seed == plain.seed);
    const Profile profile;
    CHECK(s.profiles.at(0).free_speed_mean_mps == profile.free_speed_mean_mps);
    CHECK(s.profiles.at(0).radius_m == profile.radius_m);
    CHECK(s.profiles.at(0).time_gap_s == profile.time_gap_s);
    CHECK(s.profiles.at(0).patience_s == profile.patience_s);
    CHECK(s.profiles.at(0).radius_sd_m == profile.radius_sd_m);
    CHECK(s.profiles.at(0).model == profile.model);
    CHECK_FALSE(s.profiles.at(0).collision_free);
    CHECK(s.sensors.size() == test::the_town().assets.sensors.size());
}

TEST_CASE("a sound scenario gives no warning but that of streets that stay closed") {
    const auto warnings = full().warnings;
    REQUIRE(!warnings.empty());
    for (const std::string& warning : warnings) {
        CAPTURE(warning);
        // South Street is closed at 20:06 and not opened again.
        CHECK(
            warning.find("of the trips have no way after \"police close East Street\", \"close way "
                         "77, Passage, quay, a polygon\"") != std::string::npos);
    }
}

TEST_CASE("coordinates are longitude and latitude when no CRS is told") {
    City city = test::town();
    city.origin = {373000.0, 4843000.0};
    const test::ScenarioFile file(R"(city = "town.h5"
clock = { date = "2026-06-21", start = "20:00", duration = "1 min", utc_offset = "2 h" }
[[place]]
name = "here"
circle = { at = [7.4233, 43.7310], radius = "20 m" }
)");
    const Scenario s = scenario_file::read_scenario(file.file, city, {});
    const Vec2 centre = centroid_of(s.places.at(0).area.outer);
    const Projection projection("EPSG:4326", 32632, city.origin);
    CHECK((centre - projection.to_local({7.4233, 43.7310})).norm() < 1e-6);
    CHECK(city.bounds.contains(centre));
}

TEST_CASE("the city of a scenario is found beside the scenario, or told to be missing") {
    const test::TemporaryFolder folder;
    const auto file = folder.write("scenario.toml", "city = \"town.h5\"\n");
    try {
        city_of_scenario(file);
        FAIL("no error");
    } catch (const InputError& error) {
        CHECK(std::string(error.what())
                  .find("scenario.toml:1: city = \"town.h5\": there is no "
                        "file ") != std::string::npos);
    }
    folder.write("town.h5", "");
    CHECK(city_of_scenario(file) == folder / "town.h5");
    const auto without = folder.write("without.toml", "seed = 1\n");
    CHECK_THROWS_WITH_AS(city_of_scenario(without), doctest::Contains("city is missing"),
                         InputError);
    CHECK_THROWS_WITH_AS(city_of_scenario(folder / "absent.toml"),
                         doctest::Contains("cannot be read"), InputError);
}

TEST_CASE("journeys and orders are read as they are written") {
    const Scenario& s = full().scenario;
    REQUIRE(s.journeys.size() == 2);
    const std::vector<Stage>& stages = s.journeys[0].stages;
    REQUIRE(stages.size() == 3);
    CHECK(stages[0].kind == StageKind::Wait);
    CHECK(stages[0].time.mean_s == 120.0);
    CHECK(stages[0].until_s == 300.0);
    CHECK(stages[0].has_front);
    REQUIRE(stages[0].next.size() == 2);
    CHECK(stages[0].next[0].what + stages[0].next[1].what == 1 + 3); // wash and leave
    CHECK(stages[1].gates == std::vector<GateId>{GateId(1U)});
    CHECK(stages[2].holds());
    CHECK(stages[2].release_per_s == 0.5);
    CHECK(s.holds == 2);
    CHECK(s.gates[1].service.shape == TimeShape::LogNormal);
    CHECK(s.gates[1].service_rate_per_s == doctest::Approx(1.0 / 6.0));
    CHECK(s.gates[1].queue_line.size() == 3);
    CHECK(s.pedestrians[0].journey == JourneyId(0U));
    CHECK(s.events[0].before == JourneyId(0U));
    CHECK(s.events[0].after == JourneyId(0U));
    REQUIRE(s.orders.size() == 7);
    CHECK(s.orders[0].reach == OrderReach::Area);
    CHECK(s.orders[0].share == 0.9);
    CHECK(s.orders[0].reaction.mean_s == 20.0);
    CHECK_FALSE(s.orders[0].is_once);
    CHECK(s.orders[1].is_once);
    CHECK(s.orders[2].reach == OrderReach::Sight);
    CHECK(s.orders[2].reach_m == 20.0);
    CHECK(s.orders[4].reach == OrderReach::Everyone); // a message without a place
    CHECK(s.orders[4].is_once);
    CHECK(s.orders[5].tells_closures);
    CHECK(s.orders[6].tells_closures);
    CHECK(s.changes[14].text == "evacuate plaza west");
    CHECK_FALSE(std::get<GiveOrder>(s.changes[21].what).is_given);
    CHECK(std::get<SwitchBarrier>(s.changes[22].what).is_up);
    REQUIRE(s.barriers.size() == 2);
    CHECK_FALSE(s.barriers[0].is_up);
    CHECK(s.barriers[1].is_up);
    CHECK(std::get<SetRelease>(s.changes[23].what).rate_per_s == 1.0);
}
