#pragma once
#include "pedestrians/crowd.hpp"
#include "pedestrians/navigation.hpp"

/// People who came together. A group's ids follow each other, the first is its leader; all have the
/// leader's way, departure and gate, and set off when the slowest of them has reacted.
namespace veste {

/// One past the last of the group that begins at `first`, a leader.
std::size_t end_of_group(const Pedestrians& people, std::size_t first);

/// The gate that others of the group walk to or wait at in the same stage; invalid where none is.
GateId companions_gate(const Pedestrians& people, std::size_t i);

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
/// prepared. Of those of a group who walk to one target in one stage, nobody walks faster than the
/// slowest, and those farther on than the last slow down the more, the larger their lead is in
/// remaining way, to a share of their pace at which they still clear doors (a waiting rule of our
/// own in place of the attraction of Moussaid and others 2010). Nobody waits in a crowd of half a
/// person per m² and more, where it would plug doors: they wait beyond it. Who set out waits for a
/// minute for those who found no room yet. Those in other stages, as behind a gate, are met again
/// where the group waits next. `crowd` is that of this moment. Only Pedestrians::group_pace_mps is
/// written.
void keep_groups(const Navigation& navigation, const Crowd& crowd, Pedestrians& people);

} // namespace veste
