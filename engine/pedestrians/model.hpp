#pragma once
#include "pedestrians/crowd.hpp"
#include "pedestrians/gates.hpp"
#include "pedestrians/journey_table.hpp"
#include "pedestrians/knowledge.hpp"
#include "pedestrians/navigation.hpp"
#include "pedestrians/operational.hpp"
#include "pedestrians/route_choice.hpp"
#include "pedestrians/spawn.hpp"
#include "pedestrians/waiting_areas.hpp"
#include "pedestrians/walkers.hpp"

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
    void find_routes(const Pedestrians& people);

    // decide.cpp: what people wish, and the velocity that the operational models make of it
    struct OwnPlace {
        Vec2 at{0.0, 0.0};
        std::uint32_t triangle = 0; ///< of it, or of the person where it lies in an area
        const Place* area = nullptr;
    };
    /// Some who follow one model and decide together, by their places in the crowd.
    struct Party {
        std::array<Intention, decided_together> wishes;
        std::array<std::uint32_t, decided_together> who;
        std::size_t count = 0;
    };
    void decide(Pedestrians& people, double now_s, double dt_s);
    bool wish(const Pedestrians& people, Walker& walker, const Crowd::Person& person, double now_s,
              double dt_s, Intention& own) const;
    bool intend(const Pedestrians& people, Walker& walker, const Crowd::Person& person,
                double now_s, double dt_s, Intention& own) const;
    void look_up_way(Walker& walker, const Crowd::Person& person, const OwnPlace* place,
                     double now_s, bool is_held_up) const;
    std::uint32_t triangle_of(const OwnPlace& place) const;
    OwnPlace place_of(const Pedestrians& people, const Walker& walker,
                      const Crowd::Person& person) const;
    const CollisionFreeSpeed& own_parameters(const Walker& walker) const;
    double pace_mps(const Walker& walker, const Crowd::Person& person, const Vec2& direction) const;
    void make_room(const Walker& walker, const Crowd::Person& person, Intention& own) const;
    void describe(const Crowd::Person& person, Intention& own) const;
    void act(WalkingModel model, const Party& party, Pedestrians& people, double dt_s);

    // move.cpp: how they come on
    void move(const Conditions& conditions, double dt_s);
    void move_one(Walker& walker, Crowd::Person& person, const Conditions& conditions,
                  double dt_s) const;
    double held_at_most_s(const Walker& walker, double held_s) const;

    // journey.cpp: what happens to one person between substeps
    void settle_one(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_walker(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_queueing(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_watcher(Pedestrians& people, std::uint32_t i, double now_s);
    void settle_waiter(Pedestrians& people, std::uint32_t i, double now_s);
    bool awaits_group(const Pedestrians& people, std::uint32_t i, double now_s) const;
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
    void tell_group(Pedestrians& people, std::uint32_t first, std::uint32_t end, std::uint32_t o,
                    double now_s);
    void take(Pedestrians& people, std::uint32_t i, std::uint32_t o, double now_s);
    std::uint32_t nearest_of(const Pedestrians& people, std::uint32_t i,
                             const std::vector<std::uint32_t>& targets);
    void break_off(Pedestrians& people, std::uint32_t i, double now_s);
    std::uint32_t exit_for(const Pedestrians& people, std::uint32_t i,
                           const std::vector<std::uint32_t>& targets);
    void obey(Pedestrians& people, std::uint32_t i, double now_s);
    void take_gate(Pedestrians& people, std::uint32_t i, const Order& order);

    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    PedestrianParameters parameters;
    Navigation navigation;
    Knowledge knowledge;
    WalkCells cells;
    Crowd crowd;
    Walkers walkers; ///< of the substep
    Spawner spawner;
    JourneyTable journeys;
    Gates gates;
    DestinationChooser chooser;
    WaitingAreas waiting;
    std::vector<std::vector<std::uint8_t>> order_ground; ///< marked triangles, by order
    bool has_groups;
    bool has_own_parameters; ///< some profile overrides the default model's
    WalkGround ground;       ///< as it is now
    WalkingTimes times;
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
