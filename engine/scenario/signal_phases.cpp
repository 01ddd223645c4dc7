#include "scenario/signal_phases.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

std::vector<std::size_t> connections_at(const StreetNetwork& streets, SignalId id) {
    std::vector<std::size_t> list;
    for (std::size_t c = 0; c < streets.connections.size(); ++c) {
        if (streets.node(streets.connections[c].node).signal == id &&
            streets.connections[c].signal_link != UINT32_MAX) {
            list.push_back(c);
        }
    }
    return list;
}

bool crosses(const Crossing& crossing, const Connection& connection, ConnectionId id) {
    return std::any_of(crossing.places.begin(), crossing.places.end(),
                       [&](const CrossingPlace& place) {
                           return place.connection == id ||
                                  (place.lane.is_valid() &&
                                   (place.lane == connection.from || place.lane == connection.to));
                       });
}

/// What is wrong with phases: greens that meet, green that turns red without yellow, a link that
/// never has green.
class PhaseFaults {
public:
    PhaseFaults(const StreetNetwork& streets, SignalId id, const SignalPlan& plan)
        : streets_(streets), crossings_(crossings_at(streets, id)), plan_(plan) {
        const std::vector<std::size_t> connections = connections_at(streets, id);
        for (std::size_t p = 0; p < plan.phases.size(); ++p) {
            for (const std::size_t c : connections) {
                look_at(p, c);
            }
        }
        for (std::uint32_t link = 0; link < streets.signals[id.index].links; ++link) {
            if (std::none_of(
                    plan.phases.begin(), plan.phases.end(),
                    [link](const SignalPhase& phase) { return is_go(phase.lights[link]); })) {
                faults_.push_back(fmt::format(
                    "link {} never has green: whoever waits there waits for ever", link + 1));
            }
        }
    }

    std::string text() const {
        constexpr std::size_t most = 3;
        const std::vector<std::string> told(
            faults_.begin(),
            faults_.begin() + static_cast<std::ptrdiff_t>(std::min(most, faults_.size())));
        return fmt::format("{}{}", fmt::join(told, "; "),
                           faults_.size() > most
                               ? fmt::format("; and {} more faults", faults_.size() - most)
                               : "");
    }

private:
    void look_at(std::size_t phase, std::size_t connection) {
        const Connection& own = streets_.connections[connection];
        const auto& lights = plan_.phases[phase].lights;
        const auto& next = plan_.phases[(phase + 1) % plan_.phases.size()].lights;
        const Light light = lights[own.signal_link];
        if (is_go(light) && next[own.signal_link] == Light::Red) {
            faults_.push_back(fmt::format("link {} turns from green to red after phase {} without "
                                          "yellow",
                                          own.signal_link + 1, phase + 1));
        }
        if (light != Light::Green) {
            return;
        }
        for (const Conflict& conflict : own.conflicts) {
            const std::uint32_t other = streets_.connection(conflict.other).signal_link;
            if (other < lights.size() && lights[other] == Light::Green &&
                conflict.other.index > connection) {
                faults_.push_back(fmt::format("links {} and {} cross and both have G in phase {}; "
                                              "the one that waits needs g",
                                              own.signal_link + 1, other + 1, phase + 1));
            }
        }
        for (const std::size_t k : crossings_) {
            const std::uint32_t walk = streets_.crossings[k].signal_link;
            if (is_go(lights[walk]) &&
                crosses(streets_.crossings[k], own, ConnectionId(connection))) {
                faults_.push_back(fmt::format("link {} has G in phase {} over the crossing of link "
                                              "{}, where people walk; it needs g or r",
                                              own.signal_link + 1, phase + 1, walk + 1));
            }
        }
    }

    const StreetNetwork& streets_;
    std::vector<std::size_t> crossings_;
    const SignalPlan& plan_;
    std::vector<std::string> faults_;
};

} // namespace

std::vector<std::size_t> crossings_at(const StreetNetwork& streets, SignalId id) {
    std::vector<std::size_t> list;
    for (std::size_t c = 0; c < streets.crossings.size(); ++c) {
        if (streets.crossings[c].signal == id && streets.crossings[c].signal_link != UINT32_MAX) {
            list.push_back(c);
        }
    }
    return list;
}

std::string faults_of(const StreetNetwork& streets, SignalId id, const SignalPlan& plan) {
    return PhaseFaults(streets, id, plan).text();
}

} // namespace veste::scenario_file
