#include "support/walk_scene.hpp"
#include "verification/experiments/experiment.hpp"

#include <fmt/os.h>

/// Writes what was measured and what the defaults give as CSV files into a folder, for plots.py.
namespace {

using namespace experiments;

struct Files {
    fmt::ostream diagram;
    fmt::ostream counts;
    fmt::ostream summary;
};

void write_one(const std::string& name, const char* source, const Experiment& it,
               const Tracks& tracks, Files& files) {
    const auto passed_s = passing_times(tracks, it.progress);
    const Window window = steady(passed_s);
    const auto samples = sample_area(tracks, it.area, window.from_s, window.to_s, 1.0);
    for (const CrowdSample& sample : samples) {
        files.diagram.print("{},{},{:.4f},{:.4f}\n", name, source, sample.density_per_m2,
                            sample.speed_mps);
    }
    const auto counted_s = counted_times(it, tracks);
    for (std::size_t k = 0; k < counted_s.size(); ++k) {
        files.counts.print("{},{},{:.3f},{}\n", name, source, counted_s[k], k + 1);
    }
    const CrowdSample mean = mean_of(samples);
    files.summary.print("{},{},{:.3f},{:.3f},{:.3f}", name, source, mean.density_per_m2,
                        mean.speed_mps, flow_per_m_s(passed_s, it.width_m));
}

void write_through(const Experiment& it, Files& files) {
    const auto measured_s = counted_times(it, it.measured);
    write_one(it.name, "measured", it, it.measured, files);
    files.summary.print(",0\n");
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const Tracks tracks = simulate(it, seed);
        write_one(it.name, "simulated", it, tracks, files);
        files.summary.print(",{:.4f}\n", count_deviation(measured_s, counted_times(it, tracks)));
    }
}

void write_oval(const std::string& folder) {
    auto out = fmt::output_file(folder + "/single_file.csv");
    out.print("people,source,headway_m,speed_mps\n");
    for (const int people : {8, 20}) {
        for (const HeadwaySample& sample : headways(oval_measured(people))) {
            out.print("{},measured,{:.4f},{:.4f}\n", people, sample.headway_m, sample.speed_mps);
        }
        for (const std::uint64_t seed : {1U, 2U, 3U}) {
            for (const HeadwaySample& sample : headways(oval_simulated(people, seed))) {
                out.print("{},simulated,{:.4f},{:.4f}\n", people, sample.headway_m,
                          sample.speed_mps);
            }
        }
    }
}

void write_doors(const std::string& folder) {
    auto out = fmt::output_file(folder + "/door_flow.csv");
    out.print("width_m,seed,flow_per_m_s\n");
    for (const double width_m : {0.8, 0.9, 1.0, 1.2, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0}) {
        for (const std::uint64_t seed : {1U, 2U, 3U, 4U}) {
            out.print("{},{},{:.4f}\n", width_m, seed,
                      scene::door_flow(width_m, seed).flow_per_m_s);
        }
    }
}

} // namespace

int main(int argument_count, char** arguments) {
    if (argument_count != 2) {
        fmt::print(stderr, "usage: veste_experiments FOLDER\n");
        return 2;
    }
    const std::string folder = arguments[1];
    std::filesystem::create_directories(folder);
    Files files{fmt::output_file(folder + "/diagram.csv"), fmt::output_file(folder + "/counts.csv"),
                fmt::output_file(folder + "/summary.csv")};
    files.diagram.print("experiment,source,density_per_m2,speed_mps\n");
    files.counts.print("experiment,source,time_s,people\n");
    files.summary.print(
        "experiment,source,density_per_m2,speed_mps,flow_per_m_s,count_deviation\n");
    for (const std::string& name : corridor_names()) {
        write_through(corridor(name), files);
    }
    write_through(wide_corridor(), files);
    write_through(narrow_door(), files);
    write_through(school_door(), files);
    write_oval(folder);
    write_doors(folder);
}
