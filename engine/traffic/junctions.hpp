#pragma once
#include "traffic/gap_acceptance.hpp"

namespace veste::traffic {

/// What a vehicle that comes to a stop line asks for.
Candidate candidate_of(const Step& step, std::uint32_t vehicle);

/// The first light on the path decides: who has passed it clears the junction.
bool may_pass_lights(const Step& step, const Candidate& candidate);
bool is_path_usable(const Step& step, std::uint32_t vehicle, const Path& path);

/// Writes a path to the lists of those who are granted its connections.
void register_grant(const Step& step, std::uint32_t vehicle, const Path& path);

/// Tickets of one substep's grants lie so far apart.
constexpr double between_tickets_s = 1e-6;

/// Grants a candidate its path.
void grant(const Step& step, const Candidate& candidate, double ticket_s);

} // namespace veste::traffic
