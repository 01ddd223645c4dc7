#pragma once
#include "traffic/roads.hpp"

#include <vector>

namespace veste::traffic {

/// A vehicle with a grant for a connection that its front has not reached.
struct Approach {
    std::uint32_t vehicle = none;
    std::uint32_t next = none; ///< another one's of the same connection
    double to_start_m = 0.0;   ///< from its front to the connection's start
};

/// Who is granted each connection: a list for each, rebuilt by the settlement of every substep.
struct Grants {
    std::vector<std::uint32_t> first;         ///< of each connection: into `approaches`, or none
    std::vector<Approach> approaches;         ///< most_granted places for each slot of the order
    std::vector<std::uint32_t> waits_for;     ///< of each vehicle: who stands where it needs room
    std::vector<std::uint32_t> first_at_line; ///< of each lane: who asks for a grant there

    void put(std::uint32_t connection, std::uint32_t place, std::uint32_t vehicle,
             double to_start_m) {
        approaches[place] = {vehicle, first[connection], to_start_m};
        first[connection] = place;
    }
    void remove(std::uint32_t connection, std::uint32_t vehicle) {
        std::uint32_t* link = &first[connection];
        while (*link != none && approaches[*link].vehicle != vehicle) {
            link = &approaches[*link].next;
        }
        if (*link != none) {
            *link = approaches[*link].next;
        }
    }
    /// True where test(approach) holds for somebody granted a connection.
    template <class Test> bool any_of(std::uint32_t connection, Test&& test) const {
        for (std::uint32_t n = first[connection]; n != none; n = approaches[n].next) {
            if (test(approaches[n])) {
                return true;
            }
        }
        return false;
    }
};

} // namespace veste::traffic
