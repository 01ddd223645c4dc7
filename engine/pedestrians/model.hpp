#pragma once
#include "pedestrians/gates.hpp"
#include "pedestrians/journey_table.hpp"
#include "pedestrians/knowledge.hpp"
#include "pedestrians/navigation.hpp"
#include "pedestrians/operational.hpp"
#include "pedestrians/route_choice.hpp"
#include "pedestrians/spawn.hpp"
#include "pedestrians/waiting_areas.hpp"

namespace veste {

/// What the model keeps between steps: all of it is found anew from the city, the scenario and the
/// state.
struct PedestrianModel::Implementation {
    Implementation(std::shared_ptr<const City> its_city,
                   std::shared_ptr<const Scenario> its_scenario,
                   const PedestrianParameters& its_parameters);

    // model.cpp: one substep
    void begin(Pedestrians& people, const Conditions& known, double now_s, double interval_s);
    bool notice_crowds(Pedestrians& people, double now_s, double interval_s);
    void list_present(const Pedestrians& people);
    void settle(Pedestrians& people, double now_s, std::uint64_t now_ms);
    void decide(Pedestrians& people, double now_s, double dt_s);
    void move(Pedestrians& people, const Conditions& conditions, double dt_s);
    void find_routes(const Pedestrians& people);
    std::optional<Intention> wish(Pedestrians& people, std::uint32_t i, double now_s, double dt_s);
    std::optional<Intention> intention(Pedestrians& people, std::uint32_t i, double now_s,
                                       double dt_s);
    const CollisionFreeSpeed& own_parameters(const Pedestrians& people, std::uint32_t i) const;
    double pace_mps(const Pedestrians& people, std::uint32_t i, const Vec2& direction) const;
    double held_at_most_s(const Pedestrians& people, std::uint32_t i, double held_s) const;
    Intention making_room(const Pedestrians& people, std::uint32_t i) const;
    void act(WalkingModel model, std::span<const Intention> walkers, Pedestrians& people,
             double dt_s) const;

    // journey.cpp: what happens to one person between substeps
    void settle_one(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_walker(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_queueing(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_watcher(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_waiter(Pedestrians& people, std::uint32_t i, double now_s);
    void begin_journey(Pedestrians& people, std::uint32_t i, double now_s);
    void enter_stage(Pedestrians& people, std::uint32_t i, std::uint8_t leg, double now_s);
    void go_on(Pedestrians& people, std::uint32_t i, double now_s);
    void leave(Pedestrians& people, std::uint32_t i, double now_s);
    void arrive(Pedestrians& people, std::uint32_t i, double now_s);

    // holding.cpp: stages that hold people
    std::vector<std::vector<std::uint32_t>> held_people(const Pedestrians& people) const;
    void let_go(Pedestrians& people, std::uint32_t i, double now_s);
    void release_at_rate(Pedestrians& people, std::uint32_t hold,
                         std::span<const std::uint32_t> held, double now_s);
    void release_to(const VehicleService& vehicles, Pedestrians& people, std::uint32_t hold,
                    std::span<const std::uint32_t> held, double now_s);
    void release(Pedestrians& people, double now_s);

    // orders.cpp: whom orders reach, and what these do then
    bool reaches(const Order& order, const Pedestrians& people, std::uint32_t i,
                 const std::vector<std::uint8_t>& is_inside) const;
    void take_orders(Pedestrians& people, double now_s);
    std::uint32_t nearest_of(const Pedestrians& people, std::uint32_t i,
                             const std::vector<std::uint32_t>& targets);
    void break_off(Pedestrians& people, std::uint32_t i, double now_s);
    void obey(Pedestrians& people, std::uint32_t i, double now_s);

    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    PedestrianParameters parameters;
    Navigation navigation;
    Knowledge knowledge;
    WalkCells cells;
    Crowd crowd;
    Spawner spawner;
    JourneyTable journeys;
    Gates gates;
    DestinationChooser chooser;
    WaitingAreas waiting;
    std::vector<std::vector<std::uint8_t>> order_ground; ///< marked triangles, by order
    bool has_groups;
    bool has_own_parameters; ///< some profile overrides the default model's
    WalkGround ground;       ///< as it is now
    std::vector<std::uint32_t> present;
    std::vector<std::uint8_t> barriers_seen; ///< as knowledge took them over
    std::vector<std::uint8_t> barriers_felt; ///< as walls
    std::uint64_t route_version = 0;
    bool has_routes = false;
    bool choose_anew = false; ///< destinations are to be chosen anew
};

constexpr std::uint8_t code(WalkerPhase phase) {
    return static_cast<std::uint8_t>(phase);
}

} // namespace veste
