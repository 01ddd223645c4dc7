#include "results/live_array.hpp"
#include "results/recorder_parts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

/// Frames of everyone present: the rows of all frames lie one after another, and frame k is the
/// rows [first[k], first[k] + count[k]).
namespace veste {
namespace {

constexpr double centimetre = 0.01;
constexpr double density_step_per_m2 = 0.05;
constexpr double heading_step_rad = 2.0 * std::numbers::pi / 256.0;
constexpr double speed_step_mps = 0.25;

std::int32_t in_cm(double metres) {
    return static_cast<std::int32_t>(std::lround(metres / centimetre));
}

/// Nearest step, at most 255.
std::uint8_t in_steps(double value, double step) {
    return static_cast<std::uint8_t>(std::clamp(std::lround(value / step), 0L, 255L));
}

std::uint8_t heading_code(double heading_rad) {
    return static_cast<std::uint8_t>(std::lround(heading_rad / heading_step_rad) & 255L);
}

/// Small chunks where few agents are expected, so that little is written twice.
std::uint64_t chunk_rows(std::size_t agents, std::uint64_t frames_a_minute) {
    constexpr std::uint64_t least = 512;
    constexpr std::uint64_t most = 16384;
    return std::clamp(std::bit_ceil(agents * frames_a_minute / 8), least, most);
}

struct Frames {
    LiveArray<double> time;
    LiveArray<std::uint64_t> first;
    LiveArray<std::uint32_t> count;

    Frames(Hdf5File& file, const std::string& group)
        : time(file, group + "/frames/time", {"s", "simulated time of the frame"}, rows),
          first(file, group + "/frames/first", {"1", "first row of the frame in rows/"}, rows),
          count(file, group + "/frames/count", {"1", "rows of the frame"}, rows) {}
    void write_all() {
        time.write_all();
        first.write_all();
        count.write_all();
    }
    static constexpr std::uint64_t rows = 64;
};

/// Who and where; all columns of a group share their rows.
struct Places {
    LiveArray<std::uint32_t> agent;
    LiveArray<std::int32_t> x;
    LiveArray<std::int32_t> y;

    Places(Hdf5File& file, const std::string& group, const Vec2& origin, std::uint64_t chunk)
        : agent(file, group + "/rows/agent", {"1", "index of the agent, the same all run"}, chunk),
          x(file, group + "/rows/x",
            {"m", "east in the city's CRS, to the centimetre", centimetre, origin.x()}, chunk),
          y(file, group + "/rows/y",
            {"m", "north in the city's CRS, to the centimetre", centimetre, origin.y()}, chunk) {}
    void push(std::size_t id, double x_m, double y_m) {
        agent.push(static_cast<std::uint32_t>(id));
        x.push(in_cm(x_m));
        y.push(in_cm(y_m));
    }
    template <class Write> void each(Write&& write) {
        write(agent);
        write(x);
        write(y);
    }
};

void write_agents(Hdf5File& file, const std::string& path, std::span<const std::uint16_t> codes,
                  const ArrayText& text) {
    file.write(path, codes);
    describe(file, path, text);
}

void write_names(Hdf5File& file, const std::string& path, const std::vector<std::string>& names,
                 std::string_view description) {
    file.write(path, std::span<const std::string>(names));
    describe(file, path, {"1", description});
}

class Movers : public RecorderPart {
public:
    Movers(Hdf5File& file, const Simulation& simulation)
        : every_ticks_(ticks_between(simulation.scenario().outputs.trajectories_every_s,
                                     simulation.scenario().steps.tick_s)),
          people_chunk_(chunk_rows(simulation.world().pedestrians.size(), frames_a_minute())),
          vehicle_chunk_(chunk_rows(simulation.world().vehicles.size(), frames_a_minute())),
          people_frames_(file, "/pedestrians"), vehicle_frames_(file, "/vehicles"),
          people_(file, "/pedestrians", simulation.city().origin, people_chunk_),
          density_(
              file, "/pedestrians/rows/density",
              {"1/m2", "crowd density at the person's place, at most 12.75", density_step_per_m2},
              people_chunk_),
          phase_(file, "/pedestrians/rows/phase",
                 {"1", "1 walking, 2 queueing at a gate, 3 served there, 4 standing at a stage, "
                       "6 toppled by water"},
                 people_chunk_),
          level_(file, "/pedestrians/rows/level", {"1", "level of the walkable ground they are on"},
                 people_chunk_),
          vehicles_(file, "/vehicles", simulation.city().origin, vehicle_chunk_),
          heading_(file, "/vehicles/rows/heading",
                   {"rad", "direction, counter-clockwise from east", heading_step_rad},
                   vehicle_chunk_),
          speed_(file, "/vehicles/rows/speed",
                 {"m/s", "speed, to 0.25 m/s, at most 63.75", speed_step_mps}, vehicle_chunk_) {
        describe_agents(file, simulation);
    }

    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        if (simulation.world().tick % every_ticks_ == 0) {
            record_people(simulation.world().pedestrians, simulation.city().walk,
                          simulation.now_s());
            record_vehicles(simulation.world().vehicles, simulation.now_s());
            each_row_array([](auto& array) { array.write_chunks(); });
        }
    }
    void write_all() override {
        // Rows first: a reader never finds a frame without its rows.
        each_row_array([](auto& array) { array.write_all(); });
        people_frames_.write_all();
        vehicle_frames_.write_all();
    }

private:
    /// Ticks are seconds nearly always; only the size of chunks depends on this.
    std::uint64_t frames_a_minute() const {
        return std::max<std::uint64_t>(1, 60 / std::max<std::uint64_t>(1, every_ticks_));
    }
    static void describe_agents(Hdf5File& file, const Simulation& simulation);
    void record_people(const Pedestrians& people, const WalkMesh& mesh, double now_s);
    void record_vehicles(const Vehicles& vehicles, double now_s);
    template <class Write> void each_row_array(Write&& write) {
        people_.each(write);
        write(density_);
        write(phase_);
        write(level_);
        vehicles_.each(write);
        write(heading_);
        write(speed_);
    }

    std::uint64_t every_ticks_;
    std::uint64_t people_chunk_;
    std::uint64_t vehicle_chunk_;
    Frames people_frames_;
    Frames vehicle_frames_;
    Places people_;
    LiveArray<std::uint8_t> density_;
    LiveArray<std::uint8_t> phase_;
    LiveArray<std::int8_t> level_;
    Places vehicles_;
    LiveArray<std::uint8_t> heading_;
    LiveArray<std::uint8_t> speed_;
};

void Movers::describe_agents(Hdf5File& file, const Simulation& simulation) {
    const World& world = simulation.world();
    std::vector<std::uint16_t> codes(world.pedestrians.group.begin(),
                                     world.pedestrians.group.end());
    write_agents(file, "/pedestrians/agents/group", codes, {"1", "index into group_name"});
    std::vector<std::string> names;
    for (const PedestrianDemand& demand : simulation.scenario().pedestrians) {
        names.push_back(demand.name);
    }
    for (const Event& event : simulation.scenario().events) {
        names.push_back(event.name);
    }
    write_names(file, "/pedestrians/agents/group_name", names, "demands, then events");

    codes.assign(world.vehicles.group.begin(), world.vehicles.group.end());
    write_agents(file, "/vehicles/agents/group", codes, {"1", "index into group_name"});
    names.clear();
    for (const VehicleDemand& demand : simulation.scenario().vehicles) {
        names.push_back(demand.name);
    }
    write_names(file, "/vehicles/agents/group_name", names, "demands");

    codes.assign(world.vehicles.vehicle_class.begin(), world.vehicles.vehicle_class.end());
    write_agents(file, "/vehicles/agents/class", codes, {"1", "index into class_name"});
    names.clear();
    for (int k = 0; k < vehicle_class_count; ++k) {
        names.emplace_back(name_of(static_cast<VehicleClass>(k)));
    }
    write_names(file, "/vehicles/agents/class_name", names, "vehicle classes");
    codes.clear();
    for (const double length_m : world.vehicles.length_m) {
        codes.push_back(static_cast<std::uint16_t>(in_cm(length_m)));
    }
    write_agents(file, "/vehicles/agents/length", codes,
                 {"m", "length, backwards from the recorded front", centimetre});
}

void Movers::record_people(const Pedestrians& people, const WalkMesh& mesh, double now_s) {
    people_frames_.time.push(now_s);
    people_frames_.first.push(people_.agent.rows());
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.is_present(i)) {
            people_.push(i, people.x_m[i], people.y_m[i]);
            density_.push(
                in_steps(static_cast<double>(people.density_per_m2[i]), density_step_per_m2));
            phase_.push(people.phase[i]);
            level_.push(mesh.triangles[people.triangle[i]].level);
            ++count;
        }
    }
    people_frames_.count.push(count);
}

void Movers::record_vehicles(const Vehicles& vehicles, double now_s) {
    vehicle_frames_.time.push(now_s);
    vehicle_frames_.first.push(vehicles_.agent.rows());
    std::uint32_t count = 0;
    for (std::size_t i = 0; i < vehicles.size(); ++i) {
        if (vehicles.is_present(i)) {
            vehicles_.push(i, vehicles.x_m[i], vehicles.y_m[i]);
            heading_.push(heading_code(vehicles.heading_rad[i]));
            speed_.push(in_steps(vehicles.speed_mps[i], speed_step_mps));
            ++count;
        }
    }
    vehicle_frames_.count.push(count);
}

} // namespace

std::unique_ptr<RecorderPart> record_movers(Hdf5File& file, const Simulation& simulation) {
    return std::make_unique<Movers>(file, simulation);
}

} // namespace veste
