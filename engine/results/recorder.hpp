#pragma once
#include "simulation/simulation.hpp"

#include <filesystem>
#include <memory>
#include <vector>

/// Results: the recorder that writes a run to an HDF5 file (layout in FORMAT.md), the reader, the
/// indicators, and what is made of them (comparison, map).
namespace veste {

struct RecorderOptions {
    /// At most so much of the run, in simulated time, is lost when the process is killed.
    double write_every_s = 60.0;
    /// What the city's walk mesh was cut along for the run, local metres: a map cuts it alike.
    std::vector<Polyline> walk_cuts = {};
};

/// Writes a run to a results file as it goes. What is recorded, how often and where is the
/// scenario's (Outputs). The file can be read by others while it is written (SWMR) and after the
/// process was killed; its content depends neither on threads nor on the clock on the wall.
///
/// `begin` replaces a file of the same name. A file that cannot be written (a full disk) makes
/// `begin`, `observe` or `end` throw RunError; what was written before stays readable.
class Recorder : public Observer {
public:
    Recorder(std::filesystem::path file, const RecorderOptions& options);
    ~Recorder() override;

    void begin(const Simulation& simulation) override;
    void observe(const Simulation& simulation, const std::vector<Occurrence>& news) override;
    /// Marks the file complete when the scenario's whole time was simulated.
    void end(const Simulation& simulation) override;

private:
    struct Implementation;
    std::filesystem::path file_;
    RecorderOptions options_;
    std::unique_ptr<Implementation> implementation_; ///< between begin and end
};

} // namespace veste
