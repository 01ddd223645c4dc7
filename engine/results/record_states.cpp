#include "results/live_array.hpp"
#include "results/recorder_parts.hpp"

#include <fmt/format.h>

/// What is recorded when it changes: states, lights, reports, events.
namespace veste {
namespace {

constexpr std::uint64_t rows_in_chunk = 256;

/// Changes of an array of flags since the last tick, from a known first value on.
class FlagLog {
public:
    using Flags = std::vector<std::uint8_t>;

    FlagLog(Hdf5File& file, const std::string& name, std::string_view description,
            std::uint8_t initial, std::size_t count)
        : time_(file, path(name, "time"), {"s", "simulated time of the change"}, rows_in_chunk),
          index_(file, path(name, "index"), {"1", "which one"}, rows_in_chunk),
          value_(file, path(name, "value"), {"1", description}, rows_in_chunk),
          last_(count, initial) {
        file.set_attribute("/states/" + name, "initial", std::int64_t{initial});
        file.set_attribute("/states/" + name, "count", static_cast<std::int64_t>(count));
    }
    void observe(const Flags& flags, double now_s) {
        if (flags == last_) {
            return;
        }
        for (std::size_t k = 0; k < flags.size() && k < last_.size(); ++k) {
            if (flags[k] != last_[k]) {
                time_.push(now_s);
                index_.push(static_cast<std::uint32_t>(k));
                value_.push(flags[k]);
                last_[k] = flags[k];
            }
        }
    }
    void write_all() {
        time_.write_all();
        index_.write_all();
        value_.write_all();
    }

private:
    static std::string path(const std::string& name, const std::string& column) {
        return "/states/" + name + "/" + column;
    }
    LiveArray<double> time_;
    LiveArray<std::uint32_t> index_;
    LiveArray<std::uint8_t> value_;
    Flags last_;
};

class States : public RecorderPart {
public:
    States(Hdf5File& file, const Simulation& simulation)
        : edge_closed_(
              file, "edge_closed",
              "classes a change shuts out of the street edge: the sum of 1 car, 2 van, 4 truck, "
              "8 bus, 16 bicycle, 32 emergency",
              0, simulation.world().closures.edge_closed.size()),
          triangle_closed_(file, "triangle_closed", "1: the walk triangle is closed by a change", 0,
                           simulation.world().closures.triangle_closed.size()),
          lamp_lit_(file, "lamp_lit", "1: the lamp shines", 0,
                    simulation.world().ambient.lamp_lit.size()),
          feeder_on_(file, "feeder_on", "1: the power feeder is on", 1,
                     simulation.world().ambient.feeder_on.size()),
          gate_open_(file, "gate_open", "1: the gate is open", 1,
                     simulation.world().pedestrians.gate_open.size()),
          barrier_up_(file, "barrier_up", "1: the barrier is up", 0,
                      simulation.scenario().barriers.size()),
          sensor_working_(file, "sensor_working", "1: the sensor is in service and has power", 1,
                          simulation.scenario().sensors.size()),
          signal_powered_(file, "signal_powered", "1: the traffic signal has power", 1,
                          simulation.world().signals.is_powered.size()) {
        if (!simulation.scenario().barriers.empty()) {
            write_barriers(file, simulation);
        }
    }

    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        const World& world = simulation.world();
        const double now_s = simulation.now_s();
        edge_closed_.observe(world.closures.edge_closed, now_s);
        triangle_closed_.observe(world.closures.triangle_closed, now_s);
        lamp_lit_.observe(world.ambient.lamp_lit, now_s);
        feeder_on_.observe(world.ambient.feeder_on, now_s);
        gate_open_.observe(world.pedestrians.gate_open, now_s);
        barrier_up_.observe(world.pedestrians.barrier_up, now_s);
        sensor_working_.observe(world.sensing.is_working, now_s);
        signal_powered_.observe(world.signals.is_powered, now_s);
    }
    void write_all() override {
        for (FlagLog* log : {&edge_closed_, &triangle_closed_, &lamp_lit_, &feeder_on_, &gate_open_,
                             &barrier_up_, &sensor_working_, &signal_powered_}) {
            log->write_all();
        }
    }

private:
    static void write_barriers(Hdf5File& file, const Simulation& simulation) {
        std::vector<std::string> names;
        std::vector<std::uint32_t> first = {0};
        std::vector<double> x;
        std::vector<double> y;
        for (const Barrier& barrier : simulation.scenario().barriers) {
            names.push_back(barrier.name);
            for (const Vec2& corner : barrier.line) {
                x.push_back(simulation.city().to_crs(corner).x());
                y.push_back(simulation.city().to_crs(corner).y());
            }
            first.push_back(static_cast<std::uint32_t>(x.size()));
        }
        file.write("/barriers/name", std::span<const std::string>(names));
        file.write("/barriers/first", first);
        file.write("/barriers/x", x);
        file.write("/barriers/y", y);
        describe(file, "/barriers/name", {"1", "name of each barrier"});
        describe(file, "/barriers/first",
                 {"1", "first corner of each barrier's line; at the end the number of corners"});
        describe(file, "/barriers/x", {"m", "corners of the lines, east in the city's CRS"});
        describe(file, "/barriers/y", {"m", "corners of the lines, north in the city's CRS"});
    }

    FlagLog edge_closed_;
    FlagLog triangle_closed_;
    FlagLog lamp_lit_;
    FlagLog feeder_on_;
    FlagLog gate_open_;
    FlagLog barrier_up_;
    FlagLog sensor_working_;
    FlagLog signal_powered_;
};

class Lights : public RecorderPart {
public:
    Lights(Hdf5File& file, const Simulation& simulation)
        : every_ticks_(ticks_between(simulation.scenario().outputs.signals_every_s,
                                     simulation.scenario().steps.tick_s)),
          time_(file, "/signals/time", {"s", "simulated time from which on the lights show"},
                rows_in_chunk),
          light_(file, "/signals/light",
                 {"1", "light of every link: 0 red, 1 yellow, 2 green but yields, 3 green; one "
                       "column a link"},
                 rows_in_chunk, {simulation.world().signals.lights.size()}) {
        std::vector<std::uint32_t> signal_of_link;
        for (std::size_t s = 0; s < simulation.city().streets.signals.size(); ++s) {
            signal_of_link.insert(signal_of_link.end(), simulation.city().streets.signals[s].links,
                                  static_cast<std::uint32_t>(s));
        }
        file.write("/signals/signal", signal_of_link);
        describe(file, "/signals/signal", {"1", "signal that each link (column) belongs to"});
    }
    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        const std::vector<std::uint8_t>& lights = simulation.world().signals.lights;
        if (simulation.world().tick % every_ticks_ == 0 && lights != last_) {
            time_.push(simulation.now_s());
            light_.push_row(lights);
            last_ = lights;
        }
    }
    void write_all() override {
        light_.write_all();
        time_.write_all();
    }

private:
    std::uint64_t every_ticks_;
    LiveArray<double> time_;
    LiveArray<std::uint8_t> light_;
    std::vector<std::uint8_t> last_;
};

std::string_view kind_name(SensorKind kind) {
    constexpr std::string_view names[] = {"crowd counter", "loop detector", "water gauge",
                                          "air monitor"};
    return names[static_cast<std::size_t>(kind)];
}

class Reports : public RecorderPart {
public:
    Reports(Hdf5File& file, const Simulation& simulation)
        : time_(file, "/sensors/time", {"s", "end of the interval reported"}, rows_in_chunk),
          value_(file, "/sensors/value",
                 {"1", "report of each sensor (column): people in range, vehicles passed, depth in "
                       "m, vehicles in range; NaN where none came"},
                 rows_in_chunk, {simulation.scenario().sensors.size()}) {
        std::vector<std::string> names;
        std::vector<std::string> kinds;
        std::vector<double> x;
        std::vector<double> y;
        for (const Sensor& sensor : simulation.scenario().sensors) {
            names.push_back(sensor.name);
            kinds.emplace_back(kind_name(sensor.kind));
            x.push_back(simulation.city().to_crs(sensor.at).x());
            y.push_back(simulation.city().to_crs(sensor.at).y());
        }
        file.write("/sensors/name", std::span<const std::string>(names));
        file.write("/sensors/kind", std::span<const std::string>(kinds));
        file.write("/sensors/x", x);
        file.write("/sensors/y", y);
        describe(file, "/sensors/name", {"1", "name of each sensor"});
        describe(file, "/sensors/kind", {"1", "what it counts or measures"});
        describe(file, "/sensors/x", {"m", "east in the city's CRS"});
        describe(file, "/sensors/y", {"m", "north in the city's CRS"});
    }
    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        const Sensing& sensing = simulation.world().sensing;
        // All sensors share one interval.
        if (sensing.reported_s.front() != simulation.now_s()) {
            return;
        }
        time_.push(simulation.now_s());
        for (std::size_t k = 0; k < sensing.reported.size(); ++k) {
            value_.push(sensing.has_report[k] != 0 ? sensing.reported[k]
                                                   : std::numeric_limits<double>::quiet_NaN());
        }
    }
    void write_all() override {
        value_.write_all();
        time_.write_all();
    }

private:
    LiveArray<double> time_;
    LiveArray<double> value_;
};

class EventLog : public RecorderPart {
public:
    static constexpr std::uint64_t kind_bytes = 16;
    static constexpr std::uint64_t text_bytes = 240;

    explicit EventLog(Hdf5File& file)
        : time_(file, "/events/time", {"s", "simulated time"}, rows_in_chunk),
          kind_(file, "/events/kind", {"1", "change, rule, gate, feeder, sensor, flood ..."},
                kind_bytes, rows_in_chunk),
          text_(file, "/events/text", {"1", "what happened; at most 240 bytes of UTF-8"},
                text_bytes, rows_in_chunk) {}
    void observe(const Simulation&, const std::vector<Occurrence>& news) override {
        for (const Occurrence& item : news) {
            time_.push(item.at_s);
            kind_.push(item.kind);
            text_.push(item.text);
        }
    }
    void write_all() override {
        kind_.write_all();
        text_.write_all();
        time_.write_all();
    }

private:
    LiveArray<double> time_;
    LiveTexts kind_;
    LiveTexts text_;
};

} // namespace

std::unique_ptr<RecorderPart> record_states(Hdf5File& file, const Simulation& simulation) {
    return std::make_unique<States>(file, simulation);
}

std::unique_ptr<RecorderPart> record_signals(Hdf5File& file, const Simulation& simulation) {
    return simulation.world().signals.lights.empty() ? nullptr
                                                     : std::make_unique<Lights>(file, simulation);
}

std::unique_ptr<RecorderPart> record_sensors(Hdf5File& file, const Simulation& simulation) {
    return simulation.scenario().sensors.empty() ? nullptr
                                                 : std::make_unique<Reports>(file, simulation);
}

std::unique_ptr<RecorderPart> record_events(Hdf5File& file, const Simulation&) {
    return std::make_unique<EventLog>(file);
}

} // namespace veste
