#include "simulation/simulation.hpp"

#include "base/parallel.hpp"
#include "simulation/changes.hpp"
#include "simulation/checkpoint.hpp"
#include "simulation/coupling.hpp"

#include <cmath>
#include <fmt/format.h>
#include <utility>

namespace veste {
namespace {

FloodParameters flood_parameters(const Scenario& scenario) {
    FloodParameters parameters;
    parameters.is_border_open = scenario.weather.is_border_open;
    return parameters;
}

World first_world(const City& city, const Scenario& scenario, const TrafficParameters& traffic) {
    World world;
    world.closures.edge_closed.assign(city.streets.edges.size(), 0);
    world.closures.triangle_closed.assign(city.walk.triangles.size(), 0);
    for (const Edge& edge : city.streets.edges) {
        world.closures.edge_speed_limit_mps.push_back(static_cast<float>(edge.speed_limit_mps));
    }
    world.pedestrians = plan_pedestrians(city, scenario);
    world.vehicles = plan_vehicles(city, scenario, traffic);
    world.signals = plan_signals(city);
    if (scenario.has_flood) {
        world.water = plan_water(city, scenario);
    }
    world.ambient = plan_ambient(city);
    world.sensing = plan_sensing(scenario);
    world.conditions = Conditions::calm(city);
    world.known = world.conditions;
    world.loop_counts.passed.assign(scenario.sensors.size(), 0);
    world.next_change = {0};
    return world;
}

} // namespace

struct Simulation::Implementation {
    Implementation(std::shared_ptr<const City> c, std::shared_ptr<const Scenario> s, int threads)
        : city(std::move(c)), scenario(std::move(s)), pool(threads),
          traffic_parameters(default_traffic_parameters()),
          pedestrians(city, scenario, PedestrianParameters{}),
          traffic(city, scenario, traffic_parameters),
          flood(city, scenario, flood_parameters(*scenario)), ambient(city, scenario),
          coupling(city, *scenario, CouplingParameters{}), crowd_meter(city, scenario),
          world(first_world(*city, *scenario, traffic_parameters)) {
        world.measures = crowd_meter.first(world.pedestrians);
    }

    double now_s() const { return static_cast<double>(world.tick) * scenario->steps.tick_s; }

    // The stages of a tick, in order.
    void apply_changes();
    void sense();
    void light_and_power();
    void couple();
    void tell_what_water_closed(const std::vector<float>& depth_before_m);
    void check_numbers() const;

    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    Threads pool;
    TrafficParameters traffic_parameters;
    PedestrianModel pedestrians;
    TrafficModel traffic;
    FloodModel flood;
    AmbientModel ambient;
    Coupling coupling;
    CrowdMeter crowd_meter;
    World world;
    std::vector<TimedChange> requested;
    std::vector<Occurrence> news;
    std::vector<Observer*> observers;
};

void Simulation::Implementation::apply_changes() {
    const auto make = [this](const TimedChange& change, const char* kind) {
        make_change(change.what, world);
        news.push_back({now_s(), kind, change.text});
    };
    std::uint32_t& next = world.next_change.at(0);
    while (next < scenario->changes.size() && scenario->changes[next].at_s <= now_s()) {
        make(scenario->changes[next++], "change");
    }
    for (std::size_t r = 0; r < scenario->rules.size(); ++r) {
        if (std::exchange(world.sensing.rule_due[r], std::uint8_t{0}) != 0) {
            const Rule& rule = scenario->rules[r];
            make({now_s(), rule.name + ": " + rule.text, rule.what}, "rule");
        }
    }
    for (const TimedChange& change : requested) {
        make(change, "request");
    }
    requested.clear();
}

void Simulation::Implementation::sense() {
    std::vector<std::uint8_t> has_power;
    for (const Sensor& sensor : scenario->sensors) {
        has_power.push_back(!sensor.feeder.is_valid() ||
                            world.ambient.feeder_on[sensor.feeder.index] != 0);
    }
    observe(world.sensing, *scenario, coupling.truth_of_sensors(world, *scenario), has_power,
            now_s(), scenario->steps.tick_s);
    for (const std::size_t r : firing_rules(world.sensing, *scenario, now_s())) {
        world.sensing.rule_due[r] = 1;
    }
}

void Simulation::Implementation::light_and_power() {
    for (std::size_t s = 0; s < world.signals.is_powered.size(); ++s) {
        const FeederId feeder =
            s < city->assets.signal_feeder.size() ? city->assets.signal_feeder[s] : FeederId{};
        world.signals.is_powered[s] =
            !feeder.is_valid() || world.ambient.feeder_on[feeder.index] != 0;
    }
    ambient.advance(world.ambient, now_s());
}

void Simulation::Implementation::couple() {
    const std::vector<float> depth_before_m = world.conditions.edge_depth_m;
    traffic.set_lights(world.signals, now_s());
    coupling.couple(world, traffic, pedestrians);
    coupling.spread_knowledge(world, now_s(), scenario->steps.tick_s);
    tell_what_water_closed(depth_before_m);
}

void Simulation::Implementation::tell_what_water_closed(const std::vector<float>& depth_before_m) {
    const auto impassable_depth_m = static_cast<float>(traffic_parameters.impassable_depth_m);
    for (std::size_t e = 0; e < depth_before_m.size(); ++e) {
        const float depth_m = world.conditions.edge_depth_m[e];
        const bool was_closed = depth_before_m[e] >= impassable_depth_m;
        const bool is_closed = depth_m >= impassable_depth_m;
        if (was_closed != is_closed) {
            const std::string& name = city->streets.edges[e].name;
            news.push_back({now_s(), "flood",
                            fmt::format("street edge {} ({}) is {} for cars: water {:.2f} m", e,
                                        name.empty() ? "unnamed" : name,
                                        is_closed ? "impassable" : "passable again", depth_m)});
        }
    }
}

void Simulation::Implementation::check_numbers() const {
    const std::string bad = first_non_finite(world);
    if (!bad.empty()) {
        throw RunError(
            fmt::format("tick {} ({} s): {} is not a finite number", world.tick, now_s(), bad));
    }
}

Simulation::Simulation(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
                       int threads)
    : implementation_(
          std::make_unique<Implementation>(std::move(city), std::move(scenario), threads)) {}

Simulation::~Simulation() = default;

void Simulation::add_observer(Observer& observer) {
    implementation_->observers.push_back(&observer);
}

void Simulation::step() {
    Implementation& s = *implementation_;
    const double tick_s = s.scenario->steps.tick_s;
    const double now = now_s();
    s.news.clear();
    s.pool.execute([&] {
        s.apply_changes();
        s.sense();
        s.light_and_power();
        if (s.scenario->has_flood) {
            s.flood.advance(s.world.water, now, tick_s);
        }
        s.couple();
        s.traffic.advance(s.world.vehicles, s.world.signals, s.world.conditions, s.world.known, now,
                          tick_s, s.scenario->steps.traffic_s, s.world.loop_counts);
        s.pedestrians.advance(s.world.pedestrians, s.world.conditions, s.world.known, now, tick_s,
                              s.scenario->steps.pedestrians_s);
        ++s.world.tick;
        s.crowd_meter.measure(s.world.measures, s.world.pedestrians, s.world.conditions,
                              s.world.tick);
        s.check_numbers();
        for (Observer* observer : s.observers) {
            observer->observe(*this, s.news);
        }
    });
}

void Simulation::run(const std::function<bool()>& should_stop) {
    Implementation& s = *implementation_;
    for (Observer* observer : s.observers) {
        observer->begin(*this);
    }
    const auto end = [&] {
        for (Observer* observer : s.observers) {
            observer->end(*this);
        }
    };
    try {
        while (s.world.tick < ticks() && !(should_stop && should_stop())) {
            step();
        }
    } catch (...) {
        // What was recorded until now must stay readable; the first error is the one to tell.
        try {
            end();
        } catch (const std::exception&) {
        }
        throw;
    }
    end();
}

double Simulation::now_s() const {
    return implementation_->now_s();
}

std::uint64_t Simulation::ticks() const {
    const Scenario& scenario = *implementation_->scenario;
    return static_cast<std::uint64_t>(std::llround(scenario.duration_s / scenario.steps.tick_s));
}

int Simulation::threads() const {
    return implementation_->pool.count();
}
const City& Simulation::city() const {
    return *implementation_->city;
}
const Scenario& Simulation::scenario() const {
    return *implementation_->scenario;
}
const World& Simulation::world() const {
    return implementation_->world;
}
const PedestrianModel& Simulation::pedestrian_model() const {
    return implementation_->pedestrians;
}
const TrafficModel& Simulation::traffic_model() const {
    return implementation_->traffic;
}
const CrowdMeter& Simulation::crowd_meter() const {
    return implementation_->crowd_meter;
}
const FloodModel& Simulation::flood_model() const {
    return implementation_->flood;
}

void Simulation::request(const TimedChange& change) {
    implementation_->requested.push_back(change);
}

void Simulation::save_checkpoint(const std::filesystem::path& file) const {
    if (!implementation_->requested.empty()) {
        throw UsageError("Simulation::save_checkpoint: changes are requested; step once first");
    }
    write_checkpoint(implementation_->world, *implementation_->city, *implementation_->scenario,
                     file);
}

void Simulation::restore_checkpoint(const std::filesystem::path& file) {
    Implementation& s = *implementation_;
    read_checkpoint(s.world, *s.city, *s.scenario, file);
    s.requested.clear();
    s.pedestrians.forget_routes();
    // What the last tick had derived from the state, and this one compares with.
    s.pool.execute([&] {
        s.light_and_power();
        s.traffic.set_lights(s.world.signals, s.now_s());
        s.coupling.couple(s.world, s.traffic, s.pedestrians);
    });
}

} // namespace veste
