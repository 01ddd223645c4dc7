#pragma once
#include "scenario/scenario.hpp"

#include <vector>

/// Gates in a row: visitors pass one of the event's own gates, then the gate behind it (Gate::next)
/// and so on, and then go to the stage.
namespace veste {

/// The gate and those behind it, in the order of passing. Ends at the latest when every gate of the
/// scenario has been passed once; check_gate_chains refuses such rings.
std::vector<GateId> chain_from(const Scenario& scenario, GateId first);

/// The gates that one may choose from who has passed `passed` gates of the chains that begin with
/// `entrances`, each once, in id order.
std::vector<GateId> gates_after(const Scenario& scenario, const std::vector<GateId>& entrances,
                                std::size_t passed);

/// Adds a problem for each gate whose chain comes back to itself.
void check_gate_chains(const Scenario& scenario, Problems& problems);

} // namespace veste
