#pragma once
#include "pedestrians/navigation.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/queue_yard.hpp"

#include <vector>

namespace veste {

/// Gates with their queues: who stands where, and who is served. Places are given from the gate
/// outwards, each to the nearest of those who joined first, so that nobody has to push through the
/// queue to the own number; each lane serves one person at a time with an exponential service time.
/// Where gates stand in a row, only the last one asks whether the event has room. Lists are rebuilt
/// from state.
class Gates {
public:
    Gates(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
          Navigation& navigation);

    /// Rebuilds the queues from the people's state and gives everyone in them a place.
    void gather(Pedestrians& people);
    /// Gives everyone in the queues a place anew; call about once a second.
    void move_up(Pedestrians& people);
    /// A walker who has come near its gate joins; true when it did.
    bool try_join(Pedestrians& people, std::uint32_t i);
    void leave_queue(const Pedestrians& people, std::uint32_t i);
    /// True where someone on the way to a gate, or waiting there, finds it closed or cut off.
    bool anyone_must_turn(const Pedestrians& people) const;
    /// Those people turn to the quickest gate that is open and within reach, if any; else they stay
    /// and wait. Needs the routes to all gates.
    void turn_to_open(Pedestrians& people, const Navigation& navigation);
    /// Starts services on free lanes of open gates while their event has room.
    void serve(Pedestrians& people, double now_s, std::uint64_t now_ms);
    /// The person's lane is free again. Where another gate follows they now seek that one (true),
    /// else they are inside.
    bool finish(Pedestrians& people, std::uint32_t i);
    /// Where a queueing or served person wants to stand, and in which triangle.
    Vec2 standing_place(const Pedestrians& people, std::uint32_t i, std::uint32_t& triangle) const;
    /// Events of a group of people, or nullptr for a demand.
    const Event* event_of(std::uint32_t group) const;

private:
    void lay_out_yards(Navigation& navigation);
    double queue_reach_m(std::size_t gate) const;
    void give_places(Pedestrians& people, std::uint32_t gate);
    bool may_serve(const Pedestrians& people, std::uint32_t i) const;
    bool must_turn(const Pedestrians& people, std::uint32_t i) const;
    bool is_last(std::uint32_t gate) const { return !scenario_->gates[gate].next.is_valid(); }
    GateId quickest(const Pedestrians& people, std::uint32_t i,
                    const std::vector<std::uint32_t>& coming, const Navigation& navigation) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    std::vector<QueueYard> yards_;
    std::vector<std::vector<std::uint32_t>> queues_; ///< ids in order of places
    std::vector<std::uint32_t> next_place_;          ///< behind the last one of each queue
    std::vector<std::vector<double>> freed_at_s_;    ///< lanes freed in this substep
    std::vector<std::uint32_t> in_service_;          ///< for each gate
    std::vector<std::uint32_t> event_in_service_;    ///< for each event, at its last gates
    std::vector<std::uint32_t> place_;               ///< in its queue, for each person
};

} // namespace veste
