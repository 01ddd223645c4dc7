#pragma once
#include "simulation/simulation.hpp"

#include <chrono>

namespace veste::app {

/// Tells how far a run is: a bar on a terminal, log lines now and then elsewhere.
class Progress : public Observer {
public:
    explicit Progress(bool is_terminal) : is_terminal_(is_terminal) {}
    void begin(const Simulation& simulation) override;
    void observe(const Simulation& simulation, const std::vector<Occurrence>& news) override;
    void end(const Simulation& simulation) override;

private:
    using Clock = std::chrono::steady_clock;
    std::string line(const Simulation& simulation) const;

    bool is_terminal_;
    Clock::time_point started_;
    Clock::time_point shown_;
    double started_at_s_ = 0.0; ///< simulated time at the start (later than 0 after a restart)
};

/// "1:05:09" or "05:09".
std::string clock_text(double seconds);

} // namespace veste::app
