#pragma once
#include "pedestrians/navigation.hpp"
#include "pedestrians/pedestrians.hpp"

#include <vector>

namespace veste {

/// Ground before a gate where its queue stands: numbered places on arcs around the gate, on the
/// side away from the stage, so that people move up along a winding file. Places lie on walkable
/// ground in sight of the gate, off crossings, nearer to this gate than to any other.
struct QueueYard {
    std::vector<Vec2> places;  ///< the next to be served first
    std::vector<Vec2> servers; ///< one for each lane
    std::vector<std::uint32_t> place_triangles;
    std::vector<std::uint32_t> server_triangles;
};

/// Gates with their queues: who stands where, and who is served. Order is by joining; each lane
/// serves one person at a time with an exponential service time. Lists are rebuilt from state.
class Gates {
public:
    Gates(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
          Navigation& navigation);

    /// Rebuilds the queues from the people's state.
    void gather(const Pedestrians& people);
    /// A walker who has come near its gate joins; true when it did.
    bool try_join(Pedestrians& people, std::uint32_t i);
    void leave_queue(Pedestrians& people, std::uint32_t i);
    /// Whoever waits at a closed gate, or walks to one, turns to the quickest open one, if any.
    void turn_from_closed(Pedestrians& people, const Navigation& navigation);
    /// Starts services on free lanes of open gates while their event has room.
    void serve(Pedestrians& people, double now_s, std::uint64_t now_ms);
    /// The person's lane is free again.
    void finish(Pedestrians& people, std::uint32_t i);
    /// Where a queueing or served person wants to stand, and in which triangle.
    Vec2 standing_place(const Pedestrians& people, std::uint32_t i, std::uint32_t& triangle) const;
    /// Events of a group of people, or nullptr for a demand.
    const Event* event_of(std::uint32_t group) const;

private:
    void lay_out_yard(std::size_t gate, const Navigation& navigation);
    double queue_reach_m(std::size_t gate) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    std::vector<QueueYard> yards_;
    std::vector<std::vector<std::uint32_t>> queues_; ///< ids in order of joining
    std::vector<std::vector<double>> freed_at_s_;    ///< lanes freed in this substep
    std::vector<std::uint32_t> in_service_;          ///< for each gate
    std::vector<std::uint32_t> event_in_service_;    ///< for each event
    std::vector<std::uint32_t> rank_;                ///< in its queue, for each person
};

} // namespace veste
