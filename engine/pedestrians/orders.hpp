#pragma once
#include "pedestrians/pedestrians.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

/// What people remember of orders given to them: evacuations, messages, signs and staff.
namespace veste {

/// Words of Pedestrians::orders_taken that each person has; none where the scenario has no orders.
/// The words of all people for orders 0 to 31 come first, then those for 32 to 63, and so on.
std::size_t words_of_orders(const Scenario& scenario);

bool has_taken(const Pedestrians& people, std::size_t i, std::size_t order);
void mark_taken(Pedestrians& people, std::size_t i, std::size_t order);

/// Takes note of what was given since it was called last (anew as well: then everyone may take it
/// again but those who leave by it), and lists the orders in force from the one given first to the
/// one given last.
std::vector<std::uint32_t> orders_in_force(const Scenario& scenario, Pedestrians& people,
                                           double now_s);

/// True for those who are on the way out because an order told them to.
bool is_evacuating(const Scenario& scenario, const Pedestrians& people, std::size_t i);

/// When the first of the evacuations that the person took was given, s; infinite for those whom
/// none reached, or who do not obey.
double evacuated_from_s(const Scenario& scenario, const Pedestrians& people, std::size_t i);

} // namespace veste
