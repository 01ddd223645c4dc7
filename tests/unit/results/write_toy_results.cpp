#include "results/export.hpp"
#include "results/recorder.hpp"
#include "unit/results/troubled_evening.hpp"

#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>

/// write_toy_results FILE evening|troubled THREADS MILLISECONDS: records a toy run, resting after
/// each tick, so that tests can look at the file meanwhile, kill the process or fill its disk.
/// write_toy_results FILE export FOLDER: exports such a run for other programs.
/// Exit codes as the veste command's.

namespace {

struct Rest : veste::Observer {
    explicit Rest(int milliseconds) : pause(milliseconds) {}
    void begin(const veste::Simulation&) override {}
    void observe(const veste::Simulation&, const std::vector<veste::Occurrence>&) override {
        std::this_thread::sleep_for(pause);
    }
    void end(const veste::Simulation&) override {}
    std::chrono::milliseconds pause;
};

/// All exports of a results file into a folder.
int export_all(const std::string& file, const std::filesystem::path& folder) {
    const veste::Results results(file);
    veste::export_archive(results, *toy_city::built(), {}, folder / "archive.h5");
    for (const std::string& name : veste::raster_names(results)) {
        veste::export_raster(results, name, results.until_s(), folder / (name + ".tif"));
    }
    return 0;
}

} // namespace

int main(int argc, char** argv) {
    if (argc == 4 && std::string(argv[2]) == "export") {
        return export_all(argv[1], argv[3]);
    }
    if (argc != 5) {
        std::fputs("usage: write_toy_results FILE evening|troubled THREADS MILLISECONDS\n", stderr);
        return 2;
    }
    std::signal(SIGXFSZ, SIG_IGN); // a file size limit is an error of writing, as a full disk is
    try {
        const auto city = toy_city::built();
        const bool is_troubled = std::string(argv[2]) == "troubled";
        const auto scenario = std::make_shared<veste::Scenario>(
            is_troubled ? toy_run::troubled_evening(*city) : toy_city::evening(*city));
        veste::Simulation simulation(city, scenario, std::stoi(argv[3]));
        veste::Recorder recorder(argv[1], veste::RecorderOptions{});
        Rest rest(std::stoi(argv[4]));
        simulation.add_observer(recorder);
        simulation.add_observer(rest);
        simulation.run();
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
    return 0;
}
