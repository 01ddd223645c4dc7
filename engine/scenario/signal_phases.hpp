#pragma once
#include "city/street_network.hpp"

#include <string>
#include <vector>

namespace veste::scenario_file {

inline bool is_go(Light light) {
    return light == Light::Green || light == Light::GreenYield;
}

/// Crossings that walk by a signal.
std::vector<std::size_t> crossings_at(const StreetNetwork& streets, SignalId id);

/// What is wrong with a plan's phases, each of which has a light for every link: greens that meet,
/// green that turns red without yellow, a link that never has green. Empty where all is right.
std::string faults_of(const StreetNetwork& streets, SignalId id, const SignalPlan& plan);

} // namespace veste::scenario_file
