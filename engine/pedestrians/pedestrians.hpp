#pragma once
#include "base/fields.hpp"
#include "city/conditions.hpp"
#include "scenario/scenario.hpp"

#include <cstdint>
#include <memory>
#include <vector>

/// People on foot: the collision-free speed model (Tordeux, Chraibi, Seyfried 2016) on the city's
/// navigation mesh, with gates that queue and stages that people stand before.
///
/// Everyone follows a journey, a table of stages (see journey_table.hpp): a demand's people do what
/// their journey says and leave at their destination; an event's visitors pass the gates, watch the
/// stage until their time has come, walk out of it and leave at their exit. Nobody ever stands off
/// the walkable triangles.
namespace veste {

enum class WalkerPhase : std::uint8_t {
    Planned,   ///< not yet departed
    Walking,   ///< to the target of the present leg
    Queueing,  ///< waiting before a gate
    InService, ///< being served at a gate
    Standing,  ///< before a stage
    Arrived,   ///< done, out of the city
    Toppled,   ///< swept off their feet by water: they stay where they fell
};

/// Pedestrians::group_pace_mps of those whom no group holds back: faster than anyone walks.
constexpr float any_pace_mps = 100.0F;

/// Pedestrians::profile of people whose demand names none.
constexpr std::uint16_t ordinary_profile = UINT16_MAX;

/// Whether a person chooses among the demand's destinations by expected time.
enum class Choosing : std::uint8_t {
    Never,      ///< keeps the one drawn by weights: the one they know
    NotYet,     ///< will on departure
    Chosen,     ///< did, and may change their mind
    Unfamiliar, ///< keeps the one they know until they see a nearer one
};

/// Pedestrians::way_side of people who have not chosen their way yet.
constexpr std::uint8_t no_way_side = 3;

/// Everyone who may walk in a run: as many slots as the scenario plans, never reallocated. A
/// walker's index is its id.
struct Pedestrians {
    // state
    std::vector<double> x_m;
    std::vector<double> y_m;
    std::vector<double> speed_mps;
    std::vector<double> heading_rad;
    std::vector<float> velocity_x_mps; ///< walked in the last substep
    std::vector<float> velocity_y_mps;
    std::vector<std::uint32_t> triangle;    ///< TriangleId::index
    std::vector<std::uint8_t> way_side;     ///< side of it the way leads through, see Navigation
    std::vector<std::uint8_t> phase;        ///< WalkerPhase
    std::vector<std::uint8_t> leg;          ///< stage of the journey
    std::vector<std::uint8_t> gates_passed; ///< of the gates in a row of this stage
    std::vector<std::uint32_t> gate;        ///< to pass next, or passed last: GateId::index or none
    std::vector<std::uint32_t> target;      ///< index of the navigation target, see Navigation
    std::vector<double> stand_x_m;          ///< standing place before the stage
    std::vector<double> stand_y_m;
    std::vector<float> wait_x_m; ///< place to wait at in other stages
    std::vector<float> wait_y_m;
    std::vector<std::uint8_t> order;  ///< taken last: OrderId::index + 1, or 0
    std::vector<float> obeys_at_s;    ///< when it is followed; 0: followed or none
    std::vector<double> busy_until_s; ///< end of service, or of standing
    std::vector<double> walked_m;
    std::vector<double> walked_s;            ///< time since departure while not standing at a stage
    std::vector<double> arrived_s;           ///< time of arrival, -1 before
    std::vector<std::uint32_t> queue_number; ///< order of joining a gate's queue
    std::vector<std::uint8_t> is_stuck;      ///< 1: no way to the target is open
    std::vector<double> steer_x_m;           ///< corner steered for, and until when it holds
    std::vector<double> steer_y_m;
    std::vector<double> steer_until_s;
    std::vector<double> held_s;         ///< for so long they have not come on, though they would
    std::vector<double> waiting_s;      ///< time waited at the kerb of a crossing
    std::vector<std::uint32_t> kerb;    ///< CrossingId::index waited for, or none
    std::vector<float> group_pace_mps;  ///< nobody walks faster than their group; groups
    std::vector<std::uint8_t> choosing; ///< Choosing
    std::vector<std::uint8_t> believes; ///< closures reckoned with, one bit each, see Knowledge
    // state of gates, stages and ground
    std::vector<std::uint32_t> gate_served;
    std::vector<std::uint32_t> gate_next_number;
    std::vector<std::uint32_t> event_inside;
    std::vector<std::uint64_t> ways_known; ///< Conditions::walk_version that steering follows
    std::vector<std::uint8_t> walk_pace;   ///< for each walk triangle, see measure_crowds
    std::vector<double> hold_next_s;       ///< when the next one may be let go
    std::vector<std::uint32_t> hold_next_number;
    std::vector<std::uint32_t> hold_released;
    // input: fixed when the scenario is compiled
    std::vector<double> depart_s;
    std::vector<double> free_speed_mps;
    std::vector<double> radius_m;
    std::vector<double> time_gap_s;
    std::vector<float> reaction_s;      ///< pre-movement time, the same for a whole group
    std::vector<std::uint16_t> profile; ///< ProfileId::index, or ordinary_profile
    std::vector<std::uint8_t> outlook;  ///< on the dark, and taste in ways, see RouteViews
    std::vector<std::uint32_t> leader;  ///< id of the first of their group, own id when alone
    std::vector<std::uint32_t> group;   ///< demand (first) or event (after the demands)
    std::vector<std::uint32_t> origin;  ///< PlaceId::index
    std::vector<std::uint32_t> destination;
    std::vector<std::uint8_t> gate_open;   ///< for each gate; set by changes
    std::vector<double> hold_rate_per_s;   ///< for each holding stage; set by changes
    std::vector<std::uint8_t> barrier_up;  ///< for each barrier; set by changes
    std::vector<std::uint8_t> order_given; ///< for each order: 1 while it is in force
    // derived
    std::vector<double> wish_x_mps; ///< chosen velocity; decide
    std::vector<double> wish_y_mps;
    std::vector<float> contact_n;       ///< force of bodies and walls that press; social force only
    std::vector<double> density_per_m2; ///< at the walker's place, own person included; census

    std::size_t size() const { return x_m.size(); }
    /// Gives someone a new target; the way there is looked up at once.
    void aim_at(std::size_t i, std::uint32_t new_target) {
        target[i] = new_target;
        way_side[i] = no_way_side;
        steer_until_s[i] = 0.0;
    }
    /// True for all who belong to a group of two or more.
    bool is_in_group(std::size_t i) const {
        return leader[i] != i || (i + 1 < size() && leader[i + 1] == i);
    }
    /// Out of their origin and not yet gone; the toppled are.
    bool is_present(std::size_t i) const {
        return phase[i] != static_cast<std::uint8_t>(WalkerPhase::Planned) &&
               phase[i] != static_cast<std::uint8_t>(WalkerPhase::Arrived);
    }
};

template <class P, class Visit> void for_each_pedestrian_field(P& p, Visit&& visit) {
    visit(Field{"x", "m", Role::State, "position east"}, p.x_m);
    visit(Field{"y", "m", Role::State, "position north"}, p.y_m);
    visit(Field{"speed", "m/s", Role::State, "walking speed"}, p.speed_mps);
    visit(Field{"heading", "rad", Role::State, "direction, from east, counter-clockwise"},
          p.heading_rad);
    visit(Field{"velocity_x", "m/s", Role::State, "velocity east"}, p.velocity_x_mps);
    visit(Field{"velocity_y", "m/s", Role::State, "velocity north"}, p.velocity_y_mps);
    visit(Field{"triangle", "1", Role::State, "walk triangle stood on"}, p.triangle);
    visit(Field{"way_side", "1", Role::State, "side of the triangle the way leads through"},
          p.way_side);
    visit(Field{"phase", "1", Role::State, "WalkerPhase"}, p.phase);
    visit(Field{"leg", "1", Role::State, "position in the journey"}, p.leg);
    visit(Field{"gates_passed", "1", Role::State, "gates passed before the stage"}, p.gates_passed);
    visit(Field{"gate", "1", Role::State, "gate to pass next, or passed last"}, p.gate);
    visit(Field{"target", "1", Role::State, "navigation target"}, p.target);
    visit(Field{"stand_x", "m", Role::State, "standing place east"}, p.stand_x_m);
    visit(Field{"stand_y", "m", Role::State, "standing place north"}, p.stand_y_m);
    visit(Field{"wait_x", "m", Role::State, "place to wait at, east"}, p.wait_x_m);
    visit(Field{"wait_y", "m", Role::State, "place to wait at, north"}, p.wait_y_m);
    visit(Field{"order", "1", Role::State, "order taken last, plus 1; 0: none"}, p.order);
    visit(Field{"obeys_at", "s", Role::State, "when the order is followed, 0: done"}, p.obeys_at_s);
    visit(Field{"busy_until", "s", Role::State, "end of service or standing"}, p.busy_until_s);
    visit(Field{"walked_distance", "m", Role::State, "distance walked"}, p.walked_m);
    visit(Field{"walked_time", "s", Role::State, "time on the way"}, p.walked_s);
    visit(Field{"arrived_at", "s", Role::State, "time of arrival, -1 before"}, p.arrived_s);
    visit(Field{"queue_number", "1", Role::State, "order in the gate's queue"}, p.queue_number);
    visit(Field{"is_stuck", "1", Role::State, "1 where no way is open"}, p.is_stuck);
    visit(Field{"steer_x", "m", Role::State, "corner steered for, east"}, p.steer_x_m);
    visit(Field{"steer_y", "m", Role::State, "corner steered for, north"}, p.steer_y_m);
    visit(Field{"steer_until", "s", Role::State, "when steering is looked up anew"},
          p.steer_until_s);
    visit(Field{"held", "s", Role::State, "time without coming on"}, p.held_s);
    visit(Field{"kerb_waiting", "s", Role::State, "time waited at a crossing"}, p.waiting_s);
    visit(Field{"kerb", "1", Role::State, "crossing waited for"}, p.kerb);
    visit(Field{"group_pace", "m/s", Role::State, "most for the sake of the group"},
          p.group_pace_mps);
    visit(Field{"choosing", "1", Role::State, "Choosing: of the destination"}, p.choosing);
    visit(Field{"believes", "1", Role::State, "closures reckoned with, one bit each"}, p.believes);
    visit(Field{"walk_pace", "1", Role::State, "pace in crowds, twentieths, as routes know it"},
          p.walk_pace);
    visit(Field{"gate_served", "1", Role::State, "people who passed the gate"}, p.gate_served);
    visit(Field{"gate_next_number", "1", Role::State, "next queue number"}, p.gate_next_number);
    visit(Field{"event_inside", "1", Role::State, "visitors inside the event"}, p.event_inside);
    visit(Field{"ways_known", "1", Role::State, "version of the ground that steering follows"},
          p.ways_known);
    visit(Field{"hold_next", "s", Role::State, "when the next one may be let go"}, p.hold_next_s);
    visit(Field{"hold_next_number", "1", Role::State, "next number of arrival"},
          p.hold_next_number);
    visit(Field{"hold_released", "1", Role::State, "people let go"}, p.hold_released);
    visit(Field{"depart_at", "s", Role::Input, "time of departure"}, p.depart_s);
    visit(Field{"free_speed", "m/s", Role::Input, "free speed"}, p.free_speed_mps);
    visit(Field{"radius", "m", Role::Input, "body radius"}, p.radius_m);
    visit(Field{"time_gap", "s", Role::Input, "time gap kept in front"}, p.time_gap_s);
    visit(Field{"reaction", "s", Role::Input, "pre-movement time"}, p.reaction_s);
    visit(Field{"profile", "1", Role::Input, "profile, 65535 for none"}, p.profile);
    visit(Field{"outlook", "1", Role::Input, "1: avoids the dark; plus twice the taste in ways"},
          p.outlook);
    visit(Field{"leader", "1", Role::Input, "first of the group walked with"}, p.leader);
    visit(Field{"group", "1", Role::Input, "demand or event"}, p.group);
    visit(Field{"origin", "1", Role::Input, "place of origin"}, p.origin);
    visit(Field{"destination", "1", Role::Input, "final place"}, p.destination);
    visit(Field{"gate_open", "1", Role::Input, "1 where the gate is open"}, p.gate_open);
    visit(Field{"hold_rate", "1/s", Role::Input, "people let go per second"}, p.hold_rate_per_s);
    visit(Field{"barrier_up", "1", Role::Input, "1 where the barrier is up"}, p.barrier_up);
    visit(Field{"order_given", "1", Role::Input, "1 while the order is in force"}, p.order_given);
    visit(Field{"wish_x", "m/s", Role::Derived, "chosen velocity east"}, p.wish_x_mps);
    visit(Field{"wish_y", "m/s", Role::Derived, "chosen velocity north"}, p.wish_y_mps);
    visit(Field{"contact_force", "N", Role::Derived, "of bodies and walls that touch"},
          p.contact_n);
    visit(Field{"density", "1/m2", Role::Derived, "crowd density at the walker"}, p.density_per_m2);
}

/// Parameters of the pedestrian side, and of the default model for those whose profile has none of
/// its own (Profile::collision_free).
struct PedestrianParameters : CollisionFreeSpeed {
    double look_ahead_m = 2.5;    ///< people farther away are not felt
    double reroute_every_s = 1.0; ///< steering is looked up at least this often
    /// People within are counted, per walkable area: so far that one alone, 0.14 per m², is at
    /// level of service A (Fruin 1971: below 0.31; HCM 2000: below 0.18).
    double density_radius_m = 1.5;
};

/// Fills the slots for everyone the scenario plans; same seed, same people.
Pedestrians plan_pedestrians(const City& city, const Scenario& scenario);

/// The pedestrian side of a simulation: caches routes and the neighbour grid between steps, all of
/// it rebuilt from state, so that a copy of the state is all a checkpoint needs.
class PedestrianModel {
public:
    PedestrianModel(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
                    PedestrianParameters parameters);
    ~PedestrianModel();
    PedestrianModel(PedestrianModel&&) noexcept;

    /// Carries people from `now_s` over `interval_s` in equal substeps of at most `step_s`.
    /// Routes are chosen by what is known (light and water as they were when last noticed); walking
    /// feels the conditions as they are.
    void advance(Pedestrians& people, const Conditions& conditions, const Conditions& known,
                 double now_s, double interval_s, double step_s);
    /// The same where everything is known at once.
    void advance(Pedestrians& people, const Conditions& conditions, double now_s, double interval_s,
                 double step_s) {
        advance(people, conditions, conditions, now_s, interval_s, step_s);
    }
    /// Finds all routes anew at the next advance. To be called where `known` is replaced by another
    /// run's, which may differ though its version is the same.
    void forget_routes();
    /// People on each crossing or stepping onto it: writes Conditions::crossing_people.
    void count_crossings(const Pedestrians& people,
                         std::vector<std::uint16_t>& crossing_people) const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

} // namespace veste
