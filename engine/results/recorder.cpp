#include "results/recorder.hpp"

#include "base/version.hpp"
#include "results/live_array.hpp"
#include "results/recorder_parts.hpp"
#include "results/results_format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

constexpr const char* complete_path = "/meta/complete";

void write_meta(Hdf5File& file, const Simulation& simulation) {
    const City& city = simulation.city();
    const Scenario& scenario = simulation.scenario();
    file.set_attribute("/", "Conventions", "CF-1.8");
    file.set_attribute("/", "title", scenario.name);
    file.set_attribute("/", "source", fmt::format("Veste {}", engine_version()));
    file.set_attribute("/", "format", results_format_name);
    file.set_attribute("/", "format_version", results_format_version);

    file.write("/meta/scenario", std::span<const std::string>(&scenario.text, 1));
    describe(file, "/meta/scenario", {"1", "the scenario file as it was read, then its bases"});
    file.write(complete_path, std::vector<std::uint8_t>{0});
    describe(file, complete_path, {"1", "1 when the whole time was simulated and recorded"});
    const auto set = [&](const char* name, const auto& value) {
        file.set_attribute("/meta", name, value);
    };
    set("engine_version", engine_version());
    set("city", city.name);
    set("city_digest", city.digest);
    set("epsg", std::int64_t{city.epsg});
    set("origin_x", city.origin.x());
    set("origin_y", city.origin.y());
    set("scenario_name", scenario.name);
    set("seed", fmt::format("{}", scenario.seed));
    set("date", scenario.date);
    set("start_of_day_s", scenario.start_of_day_s);
    set("utc_offset_s", scenario.utc_offset_s);
    set("begin_s", simulation.now_s());
    set("duration_s", scenario.duration_s);
    set("tick_s", scenario.steps.tick_s);
}

/// In local metres, so that what reads them cuts the mesh to the bit as the run did.
void write_cuts(Hdf5File& file, const std::vector<Polyline>& cuts) {
    std::vector<std::uint32_t> first = {0};
    std::vector<double> x;
    std::vector<double> y;
    for (const Polyline& line : cuts) {
        for (const Vec2& corner : line) {
            x.push_back(corner.x());
            y.push_back(corner.y());
        }
        first.push_back(static_cast<std::uint32_t>(x.size()));
    }
    file.write("/cuts/first", first);
    file.write("/cuts/x", x);
    file.write("/cuts/y", y);
    describe(file, "/cuts/first",
             {"1", "first corner of each line; at the end the number of corners"});
    describe(file, "/cuts/x", {"m", "corners of the lines, local metres east of the origin"});
    describe(file, "/cuts/y", {"m", "corners of the lines, local metres north of the origin"});
}

} // namespace

void describe(Hdf5File& file, const std::string& path, const ArrayText& text) {
    file.set_attribute(path, "unit", text.unit);
    file.set_attribute(path, "description", text.description);
    if (text.scale != 1.0 || text.offset != 0.0) {
        file.set_attribute(path, "scale_factor", text.scale);
        file.set_attribute(path, "add_offset", text.offset);
    }
}

std::uint64_t ticks_between(double every_s, double tick_s) {
    return static_cast<std::uint64_t>(std::max(1L, std::lround(every_s / tick_s)));
}

struct Recorder::Implementation {
    Implementation(const std::filesystem::path& name, const RecorderOptions& options,
                   const Simulation& simulation)
        : file(name, FileUse::Live),
          every_ticks(ticks_between(options.write_every_s, simulation.scenario().steps.tick_s)),
          written_s(simulation.now_s()) {
        write_meta(file, simulation);
        if (!options.walk_cuts.empty()) {
            write_cuts(file, options.walk_cuts);
        }
        if (simulation.scenario().outputs.trajectories) {
            parts.push_back(record_movers(file, simulation));
        }
        for (const auto record :
             {record_rasters, record_states, record_signals, record_sensors, record_events,
              record_measures, record_exposure, record_indicators}) {
            parts.push_back(record(file, simulation));
        }
        std::erase(parts, nullptr);
        file.start_live();
        file.flush();
    }
    void write_all(double now_s) {
        for (const auto& part : parts) {
            part->write_all();
        }
        file.flush();
        written_s = now_s;
    }
    /// The same error, told with what it means for the run.
    RunError told(const RunError& error, const Simulation& simulation) const {
        return RunError(fmt::format(
            "{}\nthe run stopped at {} s of {} s; {} can be read up to {} s", error.what(),
            simulation.now_s(), simulation.scenario().duration_s, file.name().string(), written_s));
    }

    Hdf5File file;
    std::uint64_t every_ticks;
    double written_s; ///< everything up to here is in the file
    std::vector<std::unique_ptr<RecorderPart>> parts;
};

Recorder::Recorder(std::filesystem::path file, const RecorderOptions& options)
    : file_(std::move(file)), options_(options) {}

Recorder::~Recorder() = default;

void Recorder::begin(const Simulation& simulation) {
    try {
        implementation_ = std::make_unique<Implementation>(file_, options_, simulation);
    } catch (const RunError&) {
        std::error_code ignored;
        std::filesystem::remove(file_, ignored); // nothing is in it yet
        throw;
    }
}

void Recorder::observe(const Simulation& simulation, const std::vector<Occurrence>& news) {
    if (!implementation_) {
        throw UsageError("Recorder::observe: begin was not called");
    }
    Implementation& own = *implementation_;
    try {
        for (const auto& part : own.parts) {
            part->observe(simulation, news);
        }
        if (simulation.world().tick % own.every_ticks == 0) {
            own.write_all(simulation.now_s());
        }
    } catch (const RunError& error) {
        const RunError told = own.told(error, simulation);
        own.file.abandon();
        implementation_.reset();
        throw told;
    }
}

void Recorder::end(const Simulation& simulation) {
    if (!implementation_) {
        return; // recording has failed before, and said so
    }
    Implementation& own = *implementation_;
    try {
        for (const auto& part : own.parts) {
            part->finish(simulation);
        }
        own.write_all(simulation.now_s());
        if (simulation.world().tick >= simulation.ticks()) {
            const std::uint8_t complete = 1;
            own.file.overwrite(complete_path, std::span(&complete, 1));
        }
        own.file.close();
    } catch (const RunError& error) {
        const RunError told = own.told(error, simulation);
        own.file.abandon();
        implementation_.reset();
        throw told;
    }
    implementation_.reset();
}

} // namespace veste
