#include "simulation/coupling.hpp"

#include "base/errors.hpp"
#include "base/parallel.hpp"
#include "pedestrians/effects.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

constexpr std::size_t grain = 512;

/// Depths and lights matter to route choice by class only, so that routes are not searched anew for
/// every millimetre of water.
int depth_class(float depth_m) {
    constexpr float bounds_m[] = {0.05F, 0.15F, 0.30F, 0.60F};
    return static_cast<int>(std::upper_bound(std::begin(bounds_m), std::end(bounds_m), depth_m) -
                            std::begin(bounds_m));
}

int light_class(float illuminance_lx) {
    constexpr float bounds_lx[] = {0.2F, 1.0F, 5.0F};
    return static_cast<int>(
        std::upper_bound(std::begin(bounds_lx), std::end(bounds_lx), illuminance_lx) -
        std::begin(bounds_lx));
}

template <class Class>
bool differ(const std::vector<float>& a, const std::vector<float>& b, Class&& class_of) {
    return !std::equal(a.begin(), a.end(), b.begin(), b.end(),
                       [&](float x, float y) { return class_of(x) == class_of(y); });
}

/// What bars a way to people must become known: water that runs fast does so at any depth.
bool is_hazardous(float depth_m, float water_mps) {
    return hazard_rating(static_cast<double>(depth_m), static_cast<double>(water_mps)) >=
           hazard_for_most;
}

bool hazards_differ(const Conditions& a, const Conditions& b) {
    for (std::size_t t = 0; t < a.walk_depth_m.size(); ++t) {
        if (is_hazardous(a.walk_depth_m[t], a.walk_water_mps[t]) !=
            is_hazardous(b.walk_depth_m[t], b.walk_water_mps[t])) {
            return true;
        }
    }
    return false;
}

/// The sea and walls have no water on them: leaves their cells out where any other remains.
void keep_open_ground(const Terrain& terrain, std::vector<std::uint32_t>& cells) {
    const auto is_closed = [&](std::uint32_t cell) { return !terrain.is_open_ground(cell); };
    if (!std::all_of(cells.begin(), cells.end(), is_closed)) {
        std::erase_if(cells, is_closed);
    }
}

void check(double value, double low, double high, const char* name) {
    if (!(value >= low && value <= high)) {
        throw UsageError(
            fmt::format("Coupling: {} = {}, allowed {} to {}", name, value, low, high));
    }
}

/// Whole periods until a time; half a thousandth forgives rounding of tick times.
std::int64_t periods_until(double time_s, double period_s) {
    return static_cast<std::int64_t>(std::floor(time_s / period_s + 5e-4));
}

} // namespace

Coupling::Coupling(std::shared_ptr<const City> city, const Scenario& scenario,
                   CouplingParameters parameters)
    : city_(std::move(city)), parameters_(parameters) {
    check(parameters.known_every_s, 0.01, 86400.0, "known_every_s");
    check(static_cast<double>(parameters.covered_illuminance_lx), 0.0, 100000.0,
          "covered_illuminance_lx");
    find_triangle_cells();
    find_edge_cells();
    for (const Sensor& sensor : scenario.sensors) {
        gauge_cells_.push_back(sensor.kind == SensorKind::WaterGauge
                                   ? nearest_open_cell(city_->terrain, sensor.at, gauge_reach_m)
                                   : std::nullopt);
    }
}

void Coupling::find_triangle_cells() {
    const Terrain& terrain = city_->terrain;
    const RasterShape& shape = terrain.shape();
    triangle_cells_.starts.push_back(0);
    std::vector<std::uint32_t> cells;
    for (std::size_t t = 0; t < city_->walk.triangles.size() && shape.cells() > 0; ++t) {
        const TriangleId id(t);
        const Polygon area{
            {city_->walk.corner(id, 0), city_->walk.corner(id, 1), city_->walk.corner(id, 2)}, {}};
        const Vec2 middle = city_->walk.centroid(id);
        cells.clear();
        for_cells_inside(shape, area, [&](int i, int j) {
            cells.push_back(static_cast<std::uint32_t>(shape.index(i, j)));
        });
        if (cells.empty()) {
            cells.push_back(static_cast<std::uint32_t>(shape.clamped_index(middle)));
        }
        keep_open_ground(terrain, cells);
        // Narrow ground along a wall may have none but the wall's cells: it is as wet as the ground
        // beside them.
        if (terrain.is_sea.values[cells[0]] == 0 && !terrain.is_open_ground(cells[0])) {
            if (const auto beside = nearest_open_cell(terrain, middle, 1.5 * shape.cell_m)) {
                cells = {static_cast<std::uint32_t>(*beside)};
            }
        }
        triangle_cells_.add(cells);
    }
    triangle_cells_.starts.resize(city_->walk.triangles.size() + 1, 0);
}

void Coupling::find_edge_cells() {
    const RasterShape& shape = city_->terrain.shape();
    edge_cells_.starts.push_back(0);
    std::vector<std::uint32_t> cells;
    for (const Edge& edge : city_->streets.edges) {
        cells.clear();
        const double step_m = shape.cell_m;
        for (double along = 0.0; shape.cells() > 0 && along <= edge.length_m; along += step_m) {
            const auto cell =
                static_cast<std::uint32_t>(shape.clamped_index(place_at(edge.line, along).at));
            if (cells.empty() || cell != cells.back()) {
                cells.push_back(cell);
            }
        }
        keep_open_ground(city_->terrain, cells);
        edge_cells_.add(cells);
    }
}

void Coupling::couple(World& world, const TrafficModel& traffic,
                      const PedestrianModel& pedestrians) const {
    Conditions& now = world.conditions;
    now.walk_closed = world.closures.triangle_closed;
    now.edge_closed = world.closures.edge_closed;
    now.edge_speed_limit_mps = world.closures.edge_speed_limit_mps;
    couple_water(world);
    couple_light(world);
    const StreetNetwork& streets = city_->streets;
    for (std::size_t c = 0; c < streets.crossings.size(); ++c) {
        const Crossing& crossing = streets.crossings[c];
        const bool obeys_signal = crossing.signal.is_valid() &&
                                  crossing.signal_link != UINT32_MAX &&
                                  world.signals.is_powered[crossing.signal.index] != 0;
        const std::uint32_t link =
            obeys_signal ? traffic.first_link(crossing.signal) + crossing.signal_link : 0;
        now.crossing_may_start[c] =
            !obeys_signal || world.signals.lights[link] == static_cast<std::uint8_t>(Light::Green);
    }
    pedestrians.count_crossings(world.pedestrians, now.crossing_people);
    traffic.approach_times(world.vehicles, now.crossing_vehicle_s);
}

void Coupling::couple_water(World& world) const {
    Conditions& now = world.conditions;
    if (world.water.depth_m.empty()) {
        return;
    }
    // Bridges, underpasses and tunnels do not lie on the terrain's surface: they stay dry here.
    parallel_for(city_->walk.triangles.size(), grain, [&](std::size_t t) {
        float depth = 0.0F;
        float speed = 0.0F;
        const auto cells = triangle_cells_.of(t);
        if (city_->walk.triangles[t].level == 0 && !cells.empty()) {
            for (const std::uint32_t cell : cells) {
                depth += static_cast<float>(world.water.depth_m[cell]);
                speed += world.water.speed_mps[cell];
            }
            depth /= static_cast<float>(cells.size());
            speed /= static_cast<float>(cells.size());
        }
        now.walk_depth_m[t] = depth;
        now.walk_water_mps[t] = speed;
    });
    parallel_for(city_->streets.edges.size(), grain, [&](std::size_t e) {
        float depth = 0.0F;
        const Edge& edge = city_->streets.edges[e];
        if (!edge.is_bridge && !edge.is_tunnel) {
            for (const std::uint32_t cell : edge_cells_.of(e)) {
                depth = std::max(depth, static_cast<float>(world.water.depth_m[cell]));
            }
        }
        now.edge_depth_m[e] = depth;
    });
}

void Coupling::couple_light(World& world) const {
    Conditions& now = world.conditions;
    const std::vector<float>& lamps_lx = world.ambient.lamp_illuminance_lx;
    const auto daylight_lx = static_cast<float>(world.ambient.daylight_lx.at(0));
    const auto mean_of = [&](std::span<const std::uint32_t> cells) {
        if (lamps_lx.empty() || cells.empty()) {
            return daylight_lx;
        }
        float sum = 0.0F;
        for (const std::uint32_t cell : cells) {
            sum += lamps_lx[cell];
        }
        return daylight_lx + sum / static_cast<float>(cells.size());
    };
    parallel_for(city_->walk.triangles.size(), grain, [&](std::size_t t) {
        now.walk_illuminance_lx[t] = city_->walk.triangles[t].level < 0
                                         ? parameters_.covered_illuminance_lx
                                         : mean_of(triangle_cells_.of(t));
    });
    parallel_for(city_->streets.edges.size(), grain, [&](std::size_t e) {
        now.edge_illuminance_lx[e] = city_->streets.edges[e].is_tunnel
                                         ? parameters_.covered_illuminance_lx
                                         : mean_of(edge_cells_.of(e));
    });
}

void Coupling::spread_knowledge(World& world, double now_s, double tick_s) const {
    const Conditions& now = world.conditions;
    Conditions& known = world.known;
    const bool is_time =
        world.tick == 0 || periods_until(now_s, parameters_.known_every_s) >
                               periods_until(now_s - tick_s, parameters_.known_every_s);
    const bool walk_differs =
        now.walk_closed != known.walk_closed ||
        (is_time &&
         (differ(now.walk_depth_m, known.walk_depth_m, depth_class) || hazards_differ(now, known) ||
          differ(now.walk_illuminance_lx, known.walk_illuminance_lx, light_class)));
    const bool edges_differ =
        now.edge_closed != known.edge_closed ||
        now.edge_speed_limit_mps != known.edge_speed_limit_mps ||
        (is_time && differ(now.edge_depth_m, known.edge_depth_m, depth_class));
    if (walk_differs) {
        known.walk_depth_m = now.walk_depth_m;
        known.walk_water_mps = now.walk_water_mps;
        known.walk_illuminance_lx = now.walk_illuminance_lx;
        known.walk_closed = now.walk_closed;
        ++known.walk_version;
    }
    if (edges_differ) {
        known.edge_depth_m = now.edge_depth_m;
        known.edge_closed = now.edge_closed;
        known.edge_speed_limit_mps = now.edge_speed_limit_mps;
        ++known.edge_version;
    }
}

std::vector<double> Coupling::truth_of_sensors(const World& world, const Scenario& scenario) const {
    std::vector<double> truth(scenario.sensors.size(), 0.0);
    parallel_for(scenario.sensors.size(), 1, [&](std::size_t s) {
        const Sensor& sensor = scenario.sensors[s];
        const double reach2 = sensor.range_m * sensor.range_m;
        const auto is_near = [&](double x, double y) {
            return (Vec2(x, y) - sensor.at).squaredNorm() <= reach2;
        };
        switch (sensor.kind) {
        case SensorKind::CrowdCounter:
            for (std::size_t i = 0; i < world.pedestrians.size(); ++i) {
                truth[s] += world.pedestrians.is_present(i) &&
                            is_near(world.pedestrians.x_m[i], world.pedestrians.y_m[i]);
            }
            break;
        case SensorKind::LoopDetector:
            truth[s] = world.loop_counts.passed[s];
            break;
        case SensorKind::WaterGauge:
            truth[s] = gauge_cells_[s] && !world.water.depth_m.empty()
                           ? world.water.depth_m[*gauge_cells_[s]]
                           : nothing_to_observe;
            break;
        case SensorKind::AirMonitor:
            for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
                truth[s] += world.vehicles.is_present(i) &&
                            is_near(world.vehicles.x_m[i], world.vehicles.y_m[i]);
            }
            break;
        }
    });
    return truth;
}

} // namespace veste
