#pragma once
#include "pedestrians/journey_table.hpp"
#include "pedestrians/knowledge.hpp"
#include "pedestrians/navigation.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/queue_yard.hpp"

#include <vector>

namespace veste {

/// Gates with their queues: who stands where, and who is served. Places are given from the gate
/// outwards, each to the nearest of those who joined first, so that nobody has to push through the
/// queue to the own number; each lane serves one person at a time, for a time drawn from the gate's
/// distribution.
/// Where gates stand in a row, only the last one asks whether the event has room. Lists are rebuilt
/// from state.
class Gates {
public:
    Gates(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
          Navigation& navigation, const JourneyTable& journeys);

    /// Rebuilds the queues from the people's state and gives everyone in them a place.
    void gather(Pedestrians& people);
    /// Gives everyone in the queues a place anew; call about once a second.
    void move_up(Pedestrians& people);
    /// A walker who has come near its gate joins; true when it did.
    bool try_join(Pedestrians& people, std::uint32_t i);
    void leave_queue(const Pedestrians& people, std::uint32_t i);
    /// Who is on the way to a gate, or waits there, and finds it closed or cut off turns to the
    /// quickest gate that is open and within reach, if any; else they stay and wait. Those who are
    /// informed find it at once, others on seeing the gate, where they are told which ones are
    /// open; word passes along queues at once (our assumption).
    void turn_to_open(Pedestrians& people, Navigation& navigation, const Knowledge& knowledge);
    /// Starts services on free lanes of open gates while their event has room.
    void serve(Pedestrians& people, double now_s, std::uint64_t now_ms);
    /// The person's lane is free again. Where another gate follows they now seek that one (true),
    /// else they are inside.
    bool finish(Pedestrians& people, std::uint32_t i);
    /// Gives someone who begins to queue the quickest gate of their stage; keeps the one planned
    /// while it is open as far as they know, and takes the first where none is. A group takes that
    /// of its first.
    void choose(Pedestrians& people, std::uint32_t i, Navigation& navigation,
                const Knowledge& knowledge);
    /// Someone bound for a gate or queueing goes to another one.
    void redirect(Pedestrians& people, std::uint32_t i, GateId gate, const Navigation& navigation);
    /// Breaks a service off: the lane is free again, and nobody has passed.
    void abandon(const Pedestrians& people, std::uint32_t i, double now_s);
    /// Where a queueing or served person wants to stand, and in which triangle.
    Vec2 standing_place(const Pedestrians& people, std::uint32_t i, std::uint32_t& triangle) const;

private:
    std::uint32_t target_after(std::uint32_t group, std::size_t stage,
                               const Navigation& navigation) const;
    void lay_out_yards(Navigation& navigation);
    double queue_reach_m(std::size_t gate) const;
    void give_places(Pedestrians& people, std::uint32_t gate);
    bool may_serve(const Pedestrians& people, std::uint32_t i) const;
    bool knows_closed(const Pedestrians& people, std::uint32_t i, const Knowledge& knowledge) const;
    bool must_turn(const Pedestrians& people, std::uint32_t i, const Knowledge& knowledge) const;
    bool is_last(std::uint32_t gate) const { return !scenario_->gates[gate].next.is_valid(); }
    /// The event whose room the person's gate leads to, if any.
    std::uint32_t event_of(const Pedestrians& people, std::uint32_t i) const {
        return journeys_.stage(people, i).event;
    }
    /// How many walk to each gate or wait there.
    std::vector<std::uint32_t> count_coming(const Pedestrians& people) const;
    GateId quickest(const Pedestrians& people, std::uint32_t i,
                    const std::vector<std::uint32_t>& coming, const Navigation& navigation) const;

    const JourneyTable& journeys_;
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
