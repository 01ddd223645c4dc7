#pragma once
#include "pedestrians/crowd.hpp"
#include "pedestrians/navigation.hpp"

/// People who came together. A group's ids follow each other, the first is its leader; all have the
/// leader's way, departure and gate, and set off when the slowest of them has reacted.
namespace veste {

/// How much slower a group of this size walks than one person alone: 1.26 - 0.04 n m/s (Moussaid
/// and others 2010, figure 2, population A).
double group_size_factor(std::size_t members);

/// Parts the people first to first + count into groups, in id order: writes Pedestrians::leader.
void plan_groups(const Groups& groups, std::uint64_t seed, std::size_t first, std::size_t count,
                 Pedestrians& people);

/// Gives everyone the leader's origin, destination, departure and place before departing, and the
/// longest reaction time of the group.
void follow_leaders(Pedestrians& people);

/// Keeps groups together; to be called about once a second, with the routes of all present
/// prepared. Nobody walks faster than the slowest of the group, and those farther on than the last
/// slow down the more, the larger their lead is in remaining way, to a share of their pace at which
/// they still clear doors (a waiting rule of our own in place of the attraction of Moussaid and
/// others 2010). Nobody waits in a crowd of half a person per m² and more, where it would plug
/// doors: they wait beyond it. Who has passed a gate waits for those before it. `crowd` is that of
/// this moment. Only Pedestrians::group_pace_mps is written.
void keep_groups(const Navigation& navigation, const Crowd& crowd, Pedestrians& people);

} // namespace veste
