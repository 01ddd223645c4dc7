#pragma once
#include "pedestrians/navigation.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/social_influence.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Choosing ways and destinations by expected time.
namespace veste {

/// Pedestrians::walk_pace of ground without a crowd: paces are counted in steps of 5 %.
constexpr std::uint8_t free_pace = 20;

/// Share of the free speed kept in a crowd of this density: 1 - exp(-1.913 (1/rho - 1/5.4)), the
/// fundamental diagram of Weidmann (1993, as Kladek's formula). Jams go on as long as their exit
/// passes people: not below the flow of 1.04 per metre and second that was measured in the densest
/// corridor (0.34 m/s at 3.06 per m², Jülich archive).
double crowding_factor(double density_per_m2);

/// Takes over into walk_pace how fast people walk in the crowds that are there now: the density of
/// each triangle and those around it (at least 4 m², our assumption: less ground tells of single
/// bodies) by crowding_factor, and of that the mean with the value before, so that people do not
/// all flip to and fro between two ways (our assumption). True where any value changed.
bool measure_crowds(const WalkMesh& mesh, Pedestrians& people);

/// Slows the ground by the crowds measured last.
void slow_by_crowds(const Pedestrians& people, WalkGround& ground);

/// True where a multiple of `every_s` above zero lies in (now - interval, now].
bool is_due(double now_s, double interval_s, double every_s);

/// The quickest destination for those of a demand who choose one (DestinationChoice::Quickest). The
/// expected time to each is lessened by what they personally like about it, a Gumbel draw fixed for
/// the person (for all of a group: its leader's) and place times the scenario's `exit_spread_s`:
/// shares over the destinations are those of the logit model (McFadden 1974), exp(-t / spread) over
/// its sum. The share of the people in sight who head there lessens it too, times the scenario's
/// `social_influence_s` (see Headings). Who has chosen once changes only to one that is a tenth
/// quicker (our assumption), or when no way is left. Who is not familiar with the places keeps to
/// the one drawn by weights until a nearer one comes in sight.
class DestinationChooser {
public:
    DestinationChooser(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario,
                       Navigation& navigation);

    /// False where nobody ever chooses.
    bool is_needed() const { return is_needed_; }
    /// Lets those among the present choose who have not yet, or where `anew` all who ever do.
    void choose(Pedestrians& people, std::span<const std::uint32_t> present, bool anew);
    /// True where it is time for all to look where the others go.
    bool is_time_to_look(double now_s, double interval_s) const;
    /// Lets the unfamiliar take the nearest of the destinations that they see, where it is nearer
    /// than their own; to be called about once a second.
    void look_for_nearer(Pedestrians& people);

private:
    /// Someone who sees destinations other than their own.
    struct Onlooker {
        std::uint32_t id;
        std::vector<PlaceId> seen;
    };

    double felt_s(const Pedestrians& people, std::uint32_t i, PlaceId place);
    void choose_one(Pedestrians& people, std::uint32_t i);
    std::vector<PlaceId> places_seen(const Pedestrians& people, std::uint32_t i) const;
    double way_m(const Pedestrians& people, std::uint32_t i, PlaceId place) const;
    void go_to(Pedestrians& people, std::uint32_t i, PlaceId place) const;
    void turn_to(Pedestrians& people, std::uint32_t i, PlaceId place) const;

    std::shared_ptr<const City> city_;
    std::shared_ptr<const Scenario> scenario_;
    Navigation& navigation_;
    Headings headings_;
    bool is_needed_ = false;
    bool are_some_unfamiliar_ = false;
};

/// Marks who of a demand knows all destinations and will choose among them.
void plan_choosers(const Scenario& scenario, Pedestrians& people);

} // namespace veste
