#pragma once
#include "traffic/passing.hpp"

#include <optional>
#include <vector>

namespace veste::traffic {

/// A vehicle that asks for a grant.
struct Candidate {
    std::uint32_t vehicle = none;
    Path path;
    double distance_m = 0.0;       ///< to its stop line
    bool must_yield = false;       ///< somewhere on its path
    bool is_overdue = false;       ///< has waited so long that others let it go first
    double standing_since_s = 0.0; ///< infinity while moving
    double after_s = 0.0;          ///< ticket of the last one granted in front of it
};

enum class Yielding { No, ToMoving, ToStanding };

/// Who passes a red light does so with care and gives way to everybody: emergency vehicles, and
/// those who clear a junction that has several lights one behind another.
bool is_careful(const Step& step, std::uint32_t connection);

/// True where priority rules or a light bid a vehicle yield on a connection.
bool must_yield_on(const Step& step, std::uint32_t connection);

/// Whether somebody with right of way is too near at any passage, lanes in `blocked_lanes` aside.
Yielding is_yielding(const Step& step, const Candidate& candidate,
                     const std::vector<std::uint32_t>& blocked_lanes);

/// Finds the candidate's place among those who are granted paths that meet its own: each of them is
/// out of the way before the candidate comes, or comes so late that he can wait for it. Returns the
/// ticket for that place, at most `ticket_s`; nothing where there is none.
std::optional<double> find_ticket(const Step& step, const Candidate& candidate, double ticket_s);

} // namespace veste::traffic
