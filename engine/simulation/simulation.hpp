#pragma once
#include "simulation/world.hpp"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace veste {

/// Something that happened, for the event log.
struct Occurrence {
    double at_s = 0.0;
    std::string kind; ///< change (of the timeline), rule, request, or flood
    std::string text;
};

class Simulation;

/// Sees the World after a tick and never alters it.
struct Observer {
    virtual ~Observer() = default;
    virtual void begin(const Simulation& simulation) = 0;
    virtual void observe(const Simulation& simulation, const std::vector<Occurrence>& news) = 0;
    virtual void end(const Simulation& simulation) = 0;
};

/// Carries a World forward in ticks.
class Simulation {
public:
    /// `threads` 0 takes all processors.
    Simulation(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
               int threads);
    ~Simulation();

    /// Adds an observer before the first tick; the caller keeps it alive.
    void add_observer(Observer& observer);

    /// One tick; throws RunError on a non-finite number, with tick, field and index.
    void step();
    /// Steps to the end of the scenario, or until `should_stop` says so after a tick, with
    /// observers' begin and end around it.
    void run(const std::function<bool()>& should_stop = {});

    double now_s() const;
    std::uint64_t ticks() const; ///< of the whole scenario
    int threads() const;
    const City& city() const;
    const Scenario& scenario() const;
    const World& world() const;
    const PedestrianModel& pedestrian_model() const;
    const TrafficModel& traffic_model() const;
    const CrowdMeter& crowd_meter() const;
    const FloodModel& flood_model() const;

    /// Applies a change at the next tick, after those of the timeline and of rules.
    void request(const TimedChange& change);

    /// Saves state and input to an HDF5 file; a simulation of the same city and scenario that
    /// restores it goes on bit for bit. Restoring drops what was requested and not yet applied.
    void save_checkpoint(const std::filesystem::path& file) const;
    void restore_checkpoint(const std::filesystem::path& file);

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace veste
