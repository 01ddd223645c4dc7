#include "pedestrians/gate_chains.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste {

std::vector<GateId> chain_from(const Scenario& scenario, GateId first) {
    std::vector<GateId> chain;
    for (GateId gate = first; gate.is_valid() && chain.size() < scenario.gates.size();
         gate = scenario.gates[gate.index].next) {
        chain.push_back(gate);
    }
    return chain;
}

std::vector<GateId> gates_after(const Scenario& scenario, const std::vector<GateId>& entrances,
                                std::size_t passed) {
    std::vector<GateId> gates;
    for (const GateId first : entrances) {
        const std::vector<GateId> chain = chain_from(scenario, first);
        if (passed < chain.size()) {
            gates.push_back(chain[passed]);
        }
    }
    std::sort(gates.begin(), gates.end(), [](GateId a, GateId b) { return a.index < b.index; });
    gates.erase(std::unique(gates.begin(), gates.end()), gates.end());
    return gates;
}

void check_gate_chains(const Scenario& scenario, Problems& problems) {
    for (std::size_t g = 0; g < scenario.gates.size(); ++g) {
        const std::vector<GateId> chain = chain_from(scenario, GateId(g));
        if (scenario.gates[chain.back().index].next.is_valid()) {
            problems.add(fmt::format("gate {}: the gates behind it form a ring; the last one must "
                                     "have no next gate",
                                     scenario.gates[g].name));
        }
    }
}

} // namespace veste
