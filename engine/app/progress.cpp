#include "app/progress.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fmt/format.h>
#include <spdlog/spdlog.h>

namespace veste::app {
namespace {

constexpr int bar_width = 24;

std::size_t people_present(const World& world) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < world.pedestrians.size(); ++i) {
        count += world.pedestrians.is_present(i);
    }
    return count;
}

std::size_t vehicles_present(const World& world) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < world.vehicles.size(); ++i) {
        count += world.vehicles.is_present(i);
    }
    return count;
}

} // namespace

std::string clock_text(double seconds) {
    const auto total = static_cast<long>(std::lround(std::max(0.0, seconds)));
    return total >= 3600 ? fmt::format("{}:{:02}:{:02}", total / 3600, total / 60 % 60, total % 60)
                         : fmt::format("{:02}:{:02}", total / 60, total % 60);
}

void Progress::begin(const Simulation& simulation) {
    started_ = shown_ = Clock::now();
    started_at_s_ = simulation.now_s();
    spdlog::info("{}: {} simulated, seed {}, {} threads", simulation.scenario().name,
                 clock_text(simulation.scenario().duration_s), simulation.scenario().seed,
                 simulation.threads());
}

std::string Progress::line(const Simulation& simulation) const {
    const double elapsed_s = std::chrono::duration<double>(Clock::now() - started_).count();
    const double done_s = simulation.now_s() - started_at_s_;
    const double factor = elapsed_s > 0.0 ? done_s / elapsed_s : 0.0;
    const double left_s =
        factor > 0.0 ? (simulation.scenario().duration_s - simulation.now_s()) / factor : 0.0;
    return fmt::format("{} of {}  x{:.1f} real time  {} people  {} vehicles  ETA {}",
                       clock_text(simulation.now_s()), clock_text(simulation.scenario().duration_s),
                       factor, people_present(simulation.world()),
                       vehicles_present(simulation.world()), clock_text(left_s));
}

void Progress::observe(const Simulation& simulation, const std::vector<Occurrence>& news) {
    if (is_terminal_ && !news.empty()) {
        std::fputs("\r\x1b[K", stderr);
    }
    for (const Occurrence& item : news) {
        if (item.kind != "flood") { // which tells of every street: the results file keeps it
            spdlog::info("{}  {}: {}", clock_text(item.at_s), item.kind, item.text);
        }
    }
    const auto period = std::chrono::milliseconds(is_terminal_ ? 200 : 10000);
    if (Clock::now() - shown_ < period) {
        return;
    }
    shown_ = Clock::now();
    if (!is_terminal_) {
        spdlog::info("{}", line(simulation));
        return;
    }
    const double share = simulation.now_s() / simulation.scenario().duration_s;
    const int full = std::clamp(static_cast<int>(share * bar_width), 0, bar_width);
    fmt::print(stderr, "\r\x1b[K[{}{}] {}", std::string(static_cast<std::size_t>(full), '='),
               std::string(static_cast<std::size_t>(bar_width - full), ' '), line(simulation));
    std::fflush(stderr);
}

void Progress::end(const Simulation& simulation) {
    if (is_terminal_) {
        std::fputs("\r\x1b[K", stderr);
    }
    spdlog::info("{}", line(simulation));
}

} // namespace veste::app
