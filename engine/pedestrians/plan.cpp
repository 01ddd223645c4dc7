#include "pedestrians/plan.hpp"

#include "pedestrians/gate_chains.hpp"
#include "pedestrians/groups.hpp"
#include "pedestrians/journey_table.hpp"
#include "pedestrians/knowledge.hpp"
#include "pedestrians/persons.hpp"
#include "pedestrians/route_choice.hpp"
#include "pedestrians/route_views.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <iterator>
#include <limits>

namespace veste {
namespace {

constexpr std::uint8_t planned = static_cast<std::uint8_t>(WalkerPhase::Planned);

/// Where a person who sets out from the origin goes: a place other than that, where there is one.
PlaceId pick_destination(const std::vector<Weighted<PlaceId>>& places, PlaceId origin,
                         double share) {
    std::vector<Weighted<PlaceId>> others;
    std::copy_if(
        places.begin(), places.end(), std::back_inserter(others),
        [&](const Weighted<PlaceId>& place) { return place.what != origin && place.weight > 0.0; });
    return pick(others.empty() ? places : others, share);
}

void resize(Pedestrians& people, std::size_t count, const Scenario& scenario,
            std::size_t triangles) {
    for_each_pedestrian_field(people, [&](const Field& field, auto& values) {
        const bool is_of_gate = field.name.starts_with("gate_");
        const bool is_of_event = field.name.starts_with("event_");
        const bool is_of_ground = field.name.starts_with("walk_");
        const bool is_of_hold = field.name.starts_with("hold_");
        values.assign(is_of_gate                    ? scenario.gates.size()
                      : is_of_event                 ? scenario.events.size()
                      : is_of_ground                ? triangles
                      : is_of_hold                  ? scenario.holds
                      : field.name == "barrier_up"  ? scenario.barriers.size()
                      : field.name == "order_given" ? scenario.orders.size()
                                                    : count,
                      0);
    });
    people.ways_known.assign(1, 0);
    std::fill(people.walk_pace.begin(), people.walk_pace.end(), free_pace);
    std::fill(people.arrived_s.begin(), people.arrived_s.end(), -1.0);
    std::fill(people.gate.begin(), people.gate.end(), GateId::none);
    std::fill(people.kerb.begin(), people.kerb.end(), CrossingId::none);
    std::fill(people.way_side.begin(), people.way_side.end(), no_way_side);
    std::fill(people.group_pace_mps.begin(), people.group_pace_mps.end(), any_pace_mps);
    for (std::size_t b = 0; b < scenario.barriers.size(); ++b) {
        people.barrier_up[b] = scenario.barriers[b].is_up;
    }
    for (const Journey& journey : scenario.journeys) {
        for (const Stage& stage : journey.stages) {
            if (stage.holds()) {
                people.hold_rate_per_s[stage.hold] = stage.release_per_s;
                people.hold_next_s[stage.hold] = stage.vehicles ? stage.vehicles->first_s : 0.0;
            }
        }
    }
    for (std::size_t g = 0; g < scenario.gates.size(); ++g) {
        people.gate_open[g] = scenario.gates[g].is_open;
    }
}

/// Until they depart, people are shown in the middle of their place of origin.
void set_out_from(const City& city, const Place& place, std::size_t i, Pedestrians& people) {
    people.phase[i] = planned;
    people.triangle[i] = place.triangles.front().index;
    const Vec2 at = city.walk.centroid(place.triangles.front());
    people.x_m[i] = at.x();
    people.y_m[i] = at.y();
}

void check_places(const std::vector<Weighted<PlaceId>>& places, const Scenario& scenario,
                  const std::string& who, const std::string& what, Problems& problems) {
    if (places.empty()) {
        problems.add(fmt::format("{}: no {}; name at least one place", who, what));
    }
    for (const Weighted<PlaceId>& place : places) {
        if (scenario.place(place.what).triangles.empty()) {
            problems.add(fmt::format("{}: {} {} holds no walkable ground", who, what,
                                     scenario.place(place.what).name));
        }
    }
}

void check(const Scenario& scenario) {
    Problems problems;
    for (const PedestrianDemand& demand : scenario.pedestrians) {
        const std::string who = "pedestrians " + demand.name;
        check_places(demand.origins, scenario, who, "origin", problems);
        check_places(demand.destinations, scenario, who, "destination", problems);
    }
    for (const Event& event : scenario.events) {
        const std::string who = "event " + event.name;
        check_places(event.origins, scenario, who, "origin", problems);
        check_places(event.exits, scenario, who, "exit", problems);
        check_places({{event.stage, 1.0}}, scenario, who, "stage", problems);
    }
    check_gate_chains(scenario, problems);
    problems.throw_if_any();
}

} // namespace

double drawn_time_s(const DepartureProfile& profile, std::uint64_t seed, std::uint64_t owner,
                    Draw purpose) {
    const double length_s = profile.end_s - profile.begin_s;
    if (length_s <= 0.0) {
        return profile.begin_s;
    }
    switch (profile.shape) {
    case DepartureShape::Triangular: {
        const UniformPair u = uniform_pair(seed, owner, 0, purpose);
        return profile.begin_s + length_s * 0.5 * (u.first + u.second);
    }
    case DepartureShape::Normal:
        return truncated_normal(seed, owner, purpose, profile.begin_s + 0.5 * length_s,
                                0.25 * length_s, profile.begin_s, profile.end_s);
    case DepartureShape::Uniform:
        break;
    }
    return profile.begin_s + length_s * uniform01(seed, owner, 0, purpose);
}

double egress_time_s(const Event& event, std::uint64_t seed, const Pedestrians& people,
                     std::size_t visitor) {
    if (event.egress.end_s <= 0.0) {
        return std::numeric_limits<double>::infinity();
    }
    return drawn_time_s(event.egress, seed, people.leader[visitor], Draw::DwellTime) +
           static_cast<double>(people.reaction_s[visitor]);
}

AreaSampler::AreaSampler(const WalkMesh& mesh, const std::vector<TriangleId>& triangles) {
    double sum_m2 = 0.0;
    for (const TriangleId t : triangles) {
        sum_m2 += mesh.area_m2(t);
        triangles_.push_back(t.index);
        areas_m2_.push_back(sum_m2);
    }
}

AreaSampler::Sample AreaSampler::sample(const WalkMesh& mesh, double which,
                                        const UniformPair& where) const {
    const auto found =
        std::upper_bound(areas_m2_.begin(), areas_m2_.end(), which * areas_m2_.back());
    const auto k = std::min<std::size_t>(static_cast<std::size_t>(found - areas_m2_.begin()),
                                         triangles_.size() - 1);
    const TriangleId t(triangles_[k]);
    double u = where.first;
    double v = where.second;
    if (u + v > 1.0) {
        u = 1.0 - u;
        v = 1.0 - v;
    }
    // A hair off the sides, so that the point is inside whatever the rounding.
    constexpr double shrink = 0.999;
    const Vec2 middle = mesh.centroid(t);
    const Vec2 at = mesh.corner(t, 0) + u * (mesh.corner(t, 1) - mesh.corner(t, 0)) +
                    v * (mesh.corner(t, 2) - mesh.corner(t, 0));
    return {middle + shrink * (at - middle), t.index};
}

std::size_t planned_people(const Scenario& scenario) {
    std::size_t count = 0;
    for (const PedestrianDemand& demand : scenario.pedestrians) {
        count += demand.count;
    }
    for (const Event& event : scenario.events) {
        count += event.visitors;
    }
    return count;
}

Pedestrians plan_pedestrians(const City& city, const Scenario& scenario) {
    check(scenario);
    const std::size_t count = planned_people(scenario);
    Pedestrians people;
    resize(people, count, scenario, city.walk.triangles.size());
    const std::uint64_t seed = scenario.seed;
    std::size_t i = 0;
    std::uint32_t group = 0;
    for (const PedestrianDemand& demand : scenario.pedestrians) {
        plan_groups(demand.groups, seed, i, demand.count, people);
        for (std::uint32_t k = 0; k < demand.count; ++k, ++i) {
            draw_person(scenario, demand.profiles, i, people);
            const PlaceId origin = pick(demand.origins, uniform01(seed, i, 0, Draw::OriginPlace));
            const PlaceId destination = pick_destination(
                demand.destinations, origin, uniform01(seed, i, 0, Draw::DestinationPlace));
            people.group[i] = group;
            people.origin[i] = origin.index;
            people.destination[i] = destination.index;
            people.target[i] = destination.index;
            people.depart_s[i] = demand.arrivals
                                     ? alighting_s(*demand.arrivals, k)
                                     : drawn_time_s(demand.departure, seed, i, Draw::DepartureTime);
            set_out_from(city, scenario.place(origin), i, people);
        }
        ++group;
    }
    for (const Event& event : scenario.events) {
        plan_groups(event.groups, seed, i, event.visitors, people);
        for (std::uint32_t k = 0; k < event.visitors; ++k, ++i) {
            draw_person(scenario, event.profiles, i, people);
            const PlaceId origin = pick(event.origins, uniform01(seed, i, 0, Draw::OriginPlace));
            people.group[i] = group;
            people.origin[i] = origin.index;
            people.destination[i] =
                pick(event.exits, uniform01(seed, i, 0, Draw::DestinationPlace)).index;
            people.target[i] = event.stage.index;
            people.leg[i] = event.before.is_valid()
                                ? 0
                                : static_cast<std::uint8_t>(queue_stage(scenario, event) + 1);
            people.depart_s[i] = drawn_time_s(event.arrival, seed, i, Draw::DepartureTime);
            set_out_from(city, scenario.place(origin), i, people);
        }
        ++group;
    }
    follow_leaders(people);
    for (std::size_t k = 0; k < people.size(); ++k) {
        const bool is_of_demand = people.group[k] < scenario.pedestrians.size();
        people.depart_s[k] += is_of_demand ? static_cast<double>(people.reaction_s[k]) : 0.0;
    }
    std::fill(people.believes.begin(), people.believes.end(), beliefs_at_start(scenario));
    for (std::size_t k = 0; k < people.size(); ++k) {
        people.outlook[k] = outlook_of(scenario, people, k);
    }
    plan_choosers(scenario, people);
    plan_gates(city, scenario, people);
    plan_standing_places(city, scenario, people);
    return people;
}

} // namespace veste
