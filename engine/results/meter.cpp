#include "results/meter.hpp"

#include "base/units.hpp"
#include "pedestrians/effects.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace veste {
namespace {

constexpr double percentile_share = 0.95;
constexpr double seconds_per_minute = 60.0;

bool is_in(std::uint8_t phase, WalkerPhase wanted) {
    return phase == static_cast<std::uint8_t>(wanted);
}

bool is_in(std::uint8_t phase, VehiclePhase wanted) {
    return phase == static_cast<std::uint8_t>(wanted);
}

double mean_of(const std::vector<double>& values) {
    return values.empty() ? not_known
                          : std::accumulate(values.begin(), values.end(), 0.0) /
                                static_cast<double>(values.size());
}

/// Hazard rating where the vehicle's front is; none on bridges and in tunnels, which the water on
/// the ground does not reach.
double hazard_of(const World& world, const City& city, std::size_t i) {
    const std::uint32_t lane = world.vehicles.lane[i];
    if (lane != LaneId::none) {
        const Edge& edge = city.streets.edge(city.streets.lanes[lane].edge);
        if (edge.is_bridge || edge.is_tunnel) {
            return 0.0;
        }
    }
    const std::size_t cell =
        city.terrain.shape().clamped_index({world.vehicles.x_m[i], world.vehicles.y_m[i]});
    return hazard_rating(world.water.depth_m[cell], world.water.speed_mps[cell]);
}

} // namespace

double percentile(std::vector<double> values, double share) {
    if (values.empty()) {
        return not_known;
    }
    const double count = static_cast<double>(values.size());
    const auto rank =
        static_cast<std::ptrdiff_t>(std::clamp(std::ceil(share * count), 1.0, count) - 1.0);
    std::nth_element(values.begin(), values.begin() + rank, values.end());
    return values[static_cast<std::size_t>(rank)];
}

Meter::Meter(const Simulation& simulation) {
    const Terrain& terrain = simulation.city().terrain;
    for (std::size_t cell = 0; cell < simulation.world().water.depth_m.size(); ++cell) {
        const auto surface = static_cast<Surface>(terrain.surface.values[cell]);
        is_land_.push_back(terrain.is_sea.values[cell] == 0 && surface != Surface::Sea &&
                           surface != Surface::InlandWater);
    }
}

void Meter::watch(const Simulation& simulation) {
    interval_.duration_s += simulation.scenario().steps.tick_s;
    watch_people(simulation);
    watch_vehicles(simulation);
    watch_sensors(simulation);
}

void Meter::watch_people(const Simulation& simulation) {
    const World& world = simulation.world();
    const Pedestrians& people = world.pedestrians;
    const double tick_s = simulation.scenario().steps.tick_s;
    double in_e = 0.0;
    double in_f = 0.0;
    double in_hazard = 0.0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (!people.is_present(i)) {
            continue;
        }
        const auto density = static_cast<double>(people.density_per_m2[i]);
        if (is_in(people.phase[i], WalkerPhase::Walking)) {
            in_f += density > los_f_from_per_m2;
            in_e += density > los_e_from_per_m2 && density <= los_f_from_per_m2;
        }
        if (density > interval_.density_max_per_m2) {
            interval_.density_max_per_m2 = density;
            interval_.density_max_at = {people.x_m[i], people.y_m[i]};
        }
        const std::uint32_t t = people.triangle[i];
        in_hazard += hazard_rating(world.conditions.walk_depth_m[t],
                                   world.conditions.walk_water_mps[t]) >= hazard_for_some;
    }
    interval_.los_e_person_s += in_e * tick_s;
    interval_.los_f_person_s += in_f * tick_s;
    los_e_person_s_ += in_e * tick_s;
    los_f_person_s_ += in_f * tick_s;
    hazard_person_s_ += in_hazard * tick_s;
    interval_.people_in_hazard = std::max(interval_.people_in_hazard, in_hazard);
}

void Meter::watch_vehicles(const Simulation& simulation) {
    const World& world = simulation.world();
    const double tick_s = simulation.scenario().steps.tick_s;
    double standing = 0.0;
    double in_hazard = 0.0;
    for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
        if (!world.vehicles.is_present(i)) {
            continue;
        }
        standing += world.vehicles.speed_mps[i] < standing_mps;
        if (!world.water.depth_m.empty()) {
            in_hazard += hazard_of(world, simulation.city(), i) >= hazard_for_some;
        }
    }
    interval_.standing_vehicle_s += standing * tick_s;
    hazard_vehicle_s_ += in_hazard * tick_s;
    interval_.vehicles_in_hazard = std::max(interval_.vehicles_in_hazard, in_hazard);
}

void Meter::watch_sensors(const Simulation& simulation) {
    const Sensing& sensing = simulation.world().sensing;
    for (std::size_t k = 0; k < sensing.reported_s.size(); ++k) {
        if (sensing.reported_s[k] == simulation.now_s()) {
            ++observations_expected_;
            observations_lost_ += sensing.has_report[k] == 0;
        }
    }
}

IndicatorValues Meter::take(const Simulation& simulation) {
    IndicatorValues values;
    take_people(simulation, values);
    take_evacuation(simulation, values);
    take_vehicles(simulation, values);
    take_roads(simulation, values);
    take_water(simulation, values);
    take_water_balance(simulation, values);
    take_light(simulation, values);
    values.observations_expected = static_cast<double>(observations_expected_);
    values.observations_lost = static_cast<double>(observations_lost_);
    interval_ = {};
    return values;
}

void Meter::take_people(const Simulation& simulation, IndicatorValues& values) const {
    const Pedestrians& people = simulation.world().pedestrians;
    const std::size_t demands = simulation.scenario().pedestrians.size();
    std::vector<double> arrived_s;
    std::vector<double> under_way_s;
    // Whose time came later than the last step began could not go yet.
    const double could_go_s = simulation.now_s() - simulation.scenario().steps.pedestrians_s;
    for (std::size_t i = 0; i < people.size(); ++i) {
        const bool is_planned = is_in(people.phase[i], WalkerPhase::Planned);
        values.people_set_out += !is_planned;
        values.people_waiting += is_planned && people.depart_s[i] <= could_go_s;
        if (is_in(people.phase[i], WalkerPhase::Arrived)) {
            arrived_s.push_back(people.walked_s[i]);
            values.visitors_evacuated += people.group[i] >= demands;
        } else if (is_in(people.phase[i], WalkerPhase::Toppled)) {
            values.people_toppled += 1.0;
        } else if (people.is_present(i)) {
            under_way_s.push_back(people.walked_s[i]);
            values.people_stuck += people.is_stuck[i] != 0;
        }
    }
    values.people_present = static_cast<double>(under_way_s.size());
    values.people_arrived = static_cast<double>(arrived_s.size());
    for (const std::uint32_t served : people.gate_served) {
        values.people_served += served;
    }
    for (const std::uint32_t inside : people.event_inside) {
        values.people_inside += inside;
    }
    values.walking_time_mean_s = mean_of(arrived_s);
    values.under_way_time_mean_s = mean_of(under_way_s);
    values.walking_time_p95_s = percentile(std::move(arrived_s), percentile_share);
    values.under_way_time_p95_s = percentile(std::move(under_way_s), percentile_share);
    const double duration_s = std::max(interval_.duration_s, simulation.scenario().steps.tick_s);
    values.people_in_los_e = interval_.los_e_person_s / duration_s;
    values.people_in_los_f = interval_.los_f_person_s / duration_s;
    values.los_e_person_min = los_e_person_s_ / seconds_per_minute;
    values.los_f_person_min = los_f_person_s_ / seconds_per_minute;
    values.density_max_per_m2 = interval_.density_max_per_m2;
    values.density_max_at = interval_.density_max_at;
    values.people_in_hazard = interval_.people_in_hazard;
    values.hazard_person_min = hazard_person_s_ / seconds_per_minute;
}

void Meter::take_vehicles(const Simulation& simulation, IndicatorValues& values) const {
    const Vehicles& vehicles = simulation.world().vehicles;
    std::vector<double> delays_s;
    for (std::size_t i = 0; i < vehicles.size(); ++i) {
        if (is_in(vehicles.phase[i], VehiclePhase::Planned)) {
            continue;
        }
        values.vehicles_set_out += 1.0;
        values.vehicles_waiting += is_in(vehicles.phase[i], VehiclePhase::Waiting);
        const bool is_there = is_in(vehicles.phase[i], VehiclePhase::Arrived);
        values.vehicles_arrived += is_there;
        values.vehicles_present += vehicles.is_present(i);
        const auto is_stuck = [&](std::uint8_t reason) {
            return !is_there && (vehicles.is_stuck[i] & reason) != 0;
        };
        values.vehicles_standing_long += is_stuck(stuck_in_queue);
        values.vehicles_without_way += is_stuck(stuck_without_way);
        values.vehicles_off_lane += is_stuck(stuck_off_lane);
        values.vehicles_in_deep_water += is_stuck(stuck_in_water);
        values.vehicles_pulled_in += vehicles.pulled_in[i];
        const double until_s = is_there ? vehicles.arrived_s[i] : simulation.now_s();
        delays_s.push_back(std::max(0.0, until_s - vehicles.depart_s[i] - vehicles.free_time_s[i]));
    }
    values.vehicle_delay_mean_s = mean_of(delays_s);
    values.vehicle_delay_p95_s = percentile(std::move(delays_s), percentile_share);
    const double duration_s = std::max(interval_.duration_s, simulation.scenario().steps.tick_s);
    values.vehicles_standing = interval_.standing_vehicle_s / duration_s;
    values.vehicles_in_hazard = interval_.vehicles_in_hazard;
    values.hazard_vehicle_min = hazard_vehicle_s_ / seconds_per_minute;
}

void Meter::take_roads(const Simulation& simulation, IndicatorValues& values) {
    const World& world = simulation.world();
    const StreetNetwork& streets = simulation.city().streets;
    std::vector<float> queues_m;
    simulation.traffic_model().queue_lengths_m(world.vehicles, queues_m);
    for (std::size_t e = 0; e < queues_m.size(); ++e) {
        values.queue_total_m += queues_m[e];
        if (queues_m[e] > values.queue_longest_m) {
            values.queue_longest_m = queues_m[e];
            values.queue_longest_at = streets.node(streets.edges[e].to).at;
        }
        values.edges_closed += world.closures.edge_closed[e] != 0;
    }
    emergency_times_s_.clear();
    std::vector<double> open_s;
    for (const auto& [from, to] : simulation.scenario().emergency_routes) {
        emergency_times_s_.push_back(simulation.traffic_model().travel_time_s(
            world.vehicles, world.conditions, from, to, VehicleClass::Emergency));
        if (std::isfinite(emergency_times_s_.back())) {
            open_s.push_back(emergency_times_s_.back());
        }
    }
    if (!emergency_times_s_.empty()) {
        values.emergency_time_mean_s = mean_of(open_s);
        values.emergency_time_longest_s = percentile(open_s, 1.0);
        values.emergency_routes_cut =
            static_cast<double>(emergency_times_s_.size() - open_s.size());
    }
}

void Meter::take_water(const Simulation& simulation, IndicatorValues& values) const {
    const Water& water = simulation.world().water;
    if (water.depth_m.empty()) {
        return;
    }
    const RasterShape& shape = simulation.city().terrain.shape();
    std::size_t cells[std::size(depth_classes_m) + 1] = {};
    std::size_t deepest = 0;
    for (std::size_t cell = 0; cell < water.depth_m.size(); ++cell) {
        if (is_land_[cell] == 0) {
            continue;
        }
        const double depth_m = water.depth_m[cell];
        ++cells[std::upper_bound(std::begin(depth_classes_m), std::end(depth_classes_m), depth_m) -
                std::begin(depth_classes_m)];
        if (is_land_[deepest] == 0 || depth_m > water.depth_m[deepest]) {
            deepest = cell;
        }
    }
    const double cell_m2 = shape.cell_m * shape.cell_m;
    values.flooded_5_to_15_cm_m2 = cell_m2 * static_cast<double>(cells[1]);
    values.flooded_15_to_30_cm_m2 = cell_m2 * static_cast<double>(cells[2]);
    values.flooded_30_to_50_cm_m2 = cell_m2 * static_cast<double>(cells[3]);
    values.flooded_over_50_cm_m2 = cell_m2 * static_cast<double>(cells[4]);
    values.flooded_m2 = values.flooded_5_to_15_cm_m2 + values.flooded_15_to_30_cm_m2 +
                        values.flooded_30_to_50_cm_m2 + values.flooded_over_50_cm_m2;
    values.depth_max_m = is_land_[deepest] != 0 ? water.depth_m[deepest] : 0.0;
    if (values.depth_max_m > 0.0) {
        values.depth_max_at = shape.centre(deepest);
    }
}

void Meter::take_water_balance(const Simulation& simulation, IndicatorValues& values) {
    const Water& water = simulation.world().water;
    if (water.depth_m.empty()) {
        return;
    }
    const FloodModel& flood = simulation.flood_model();
    values.rain_mmph = mps_to_mm_per_h(flood.rain_mps(water, simulation.now_s()));
    values.water_stored_m3 = flood.stored_m3(water);
    values.water_balance_error = flood.balance_error(water);
    const auto total = [&](WaterTotal term) {
        return water.balance_m3[static_cast<std::size_t>(term)];
    };
    values.water_rained_m3 = total(WaterTotal::Rain);
    values.water_inflow_m3 = total(WaterTotal::Inflow);
    values.water_outflow_m3 = total(WaterTotal::Outflow);
    values.water_infiltrated_m3 = total(WaterTotal::Infiltrated);
    values.water_drained_m3 = total(WaterTotal::Drained);
}

void Meter::take_light(const Simulation& simulation, IndicatorValues& values) const {
    const World& world = simulation.world();
    const std::vector<Edge>& edges = simulation.city().streets.edges;
    if (!world.ambient.daylight_lx.empty()) {
        values.daylight_lx = world.ambient.daylight_lx.front();
    }
    for (std::size_t e = 0; e < edges.size(); ++e) {
        const bool is_twin = edges[e].opposite.is_valid() && edges[e].opposite < EdgeId(e);
        if (!is_twin && world.conditions.edge_illuminance_lx[e] < dark_street_lx) {
            values.dark_street_m += edges[e].length_m;
        }
    }
    for (const std::uint8_t is_lit : world.ambient.lamp_lit) {
        values.lamps_lit += is_lit != 0;
    }
    for (const std::uint8_t is_powered : world.signals.is_powered) {
        values.signals_without_power += is_powered == 0;
    }
}

} // namespace veste
