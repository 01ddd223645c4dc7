#include "pedestrians/route_choice.hpp"

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "pedestrians/persons.hpp"
#include "pedestrians/sight.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr double clearly_quicker = 0.9; ///< share of the time to the destination chosen before
constexpr auto never = static_cast<std::uint8_t>(Choosing::Never);
constexpr auto not_yet = static_cast<std::uint8_t>(Choosing::NotYet);
constexpr auto chosen = static_cast<std::uint8_t>(Choosing::Chosen);
constexpr auto unfamiliar = static_cast<std::uint8_t>(Choosing::Unfamiliar);
constexpr double least_ground_m2 = 4.0;

std::vector<std::uint32_t> count_people(const WalkMesh& mesh, const Pedestrians& people) {
    std::vector<std::uint32_t> counts(mesh.triangles.size(), 0);
    for (std::size_t i = 0; i < people.size(); ++i) {
        counts[people.triangle[i]] += people.is_present(i) ? 1u : 0u;
    }
    return counts;
}

/// Of the triangle with those around it.
double density_around(const WalkMesh& mesh, const std::vector<std::uint32_t>& counts,
                      std::size_t t) {
    std::uint32_t count = counts[t];
    double area_m2 = mesh.area_m2(TriangleId(t));
    for (const TriangleId n : mesh.triangles[t].neighbours) {
        if (n.is_valid()) {
            count += counts[n.index];
            area_m2 += mesh.area_m2(n);
        }
    }
    return count / std::max(area_m2, least_ground_m2);
}

} // namespace

double crowding_factor(double density_per_m2) {
    constexpr double gamma_per_m2 = 1.913;
    constexpr double jam_per_m2 = 5.4;
    constexpr double jam_flow_per_m_s = 1.04; // 0.34 m/s at 3.06 per m2, measured
    constexpr double free_mps = 1.34;
    constexpr double capacity_per_m2 = 1.75; // the diagram's greatest flow
    if (density_per_m2 <= 0.0) {
        return 1.0;
    }
    const double factor = 1.0 - std::exp(-gamma_per_m2 * (1.0 / density_per_m2 - 1.0 / jam_per_m2));
    const double in_jam = jam_flow_per_m_s / (density_per_m2 * free_mps);
    return density_per_m2 > capacity_per_m2 ? std::max(factor, in_jam) : factor;
}

bool measure_crowds(const WalkMesh& mesh, Pedestrians& people) {
    constexpr std::size_t grain = 2048;
    const std::vector<std::uint32_t> counts = count_people(mesh, people);
    const std::vector<std::uint8_t> before = people.walk_pace;
    parallel_for(counts.size(), grain, [&](std::size_t t) {
        const double now = crowding_factor(density_around(mesh, counts, t));
        const double mean = 0.5 * (now * free_pace + before[t]);
        // Towards what is now, so that a pace does not stay half a step off for good.
        people.walk_pace[t] = static_cast<std::uint8_t>(
            now * free_pace > before[t] ? std::ceil(mean) : std::floor(mean));
    });
    return people.walk_pace != before;
}

void slow_by_crowds(const Pedestrians& people, WalkGround& ground) {
    for (std::size_t t = 0; t < ground.factor.size(); ++t) {
        ground.factor[t] *= static_cast<float>(people.walk_pace[t]) / free_pace;
    }
}

bool is_due(double now_s, double interval_s, double every_s) {
    constexpr double spare_s = 1e-6;
    const double periods = std::floor((now_s + spare_s) / every_s);
    return periods >= 1.0 && periods > std::floor((now_s - interval_s + spare_s) / every_s);
}

DestinationChooser::DestinationChooser(std::shared_ptr<const City> city,
                                       std::shared_ptr<const Scenario> scenario,
                                       Navigation& navigation)
    : city_(std::move(city)), scenario_(std::move(scenario)), navigation_(navigation),
      headings_(city_->walk, scenario_->walking.sight_m) {
    is_needed_ = std::any_of(scenario_->pedestrians.begin(), scenario_->pedestrians.end(),
                             [](const PedestrianDemand& demand) {
                                 return demand.destination_choice == DestinationChoice::Quickest;
                             });
    are_some_unfamiliar_ =
        is_needed_ &&
        std::any_of(scenario_->profiles.begin(), scenario_->profiles.end(),
                    [](const Profile& profile) { return profile.familiar_share < 1.0; });
}

bool DestinationChooser::is_time_to_look(double now_s, double interval_s) const {
    const Walking& walking = scenario_->walking;
    return is_needed_ && walking.social_influence_s > 0.0 &&
           is_due(now_s, interval_s, walking.social_every_s);
}

void DestinationChooser::choose(Pedestrians& people, std::span<const std::uint32_t> present,
                                bool anew) {
    std::vector<std::uint32_t> choosing;
    std::vector<std::uint8_t> is_wanted(navigation_.routes(), 0);
    for (const std::uint32_t i : present) {
        if (people.choosing[i] != not_yet && !(anew && people.choosing[i] == chosen)) {
            continue;
        }
        choosing.push_back(i);
        for (const auto& place : scenario_->pedestrians[people.group[i]].destinations) {
            is_wanted[navigation_.route_of(people, i, navigation_.target_of(place.what))] = 1;
        }
    }
    if (choosing.empty()) {
        return;
    }
    navigation_.prepare_wanted(is_wanted);
    if (scenario_->walking.social_influence_s > 0.0) {
        headings_.gather(people, present);
    }
    for (const std::uint32_t i : choosing) {
        choose_one(people, i);
        people.choosing[i] = chosen;
    }
}

double DestinationChooser::way_m(const Pedestrians& people, std::uint32_t i, PlaceId place) const {
    const std::uint32_t route = navigation_.route_of(people, i, navigation_.target_of(place));
    return navigation_.cost_m(route, people.triangle[i], Vec2(people.x_m[i], people.y_m[i]));
}

/// Expected time less what the person likes about the place, and what others' choice makes of it.
double DestinationChooser::felt_s(const Pedestrians& people, std::uint32_t i, PlaceId place) {
    const double way_s = way_m(people, i, place) / people.free_speed_mps[i];
    const double u = uniform01(scenario_->seed, people.leader[i], place.index, Draw::RouteTaste);
    const double gumbel = -std::log(-std::log(std::clamp(u, 1e-12, 1.0 - 1e-12)));
    const double own_s = way_s - scenario_->walking.exit_spread_s * gumbel;
    const double social_s = scenario_->walking.social_influence_s;
    return social_s > 0.0
               ? own_s - social_s * headings_.share(people, i, navigation_.target_of(place))
               : own_s;
}

/// Makes the place the person's destination, and the target where nothing is left to do before.
void DestinationChooser::go_to(Pedestrians& people, std::uint32_t i, PlaceId place) const {
    const JourneyId journey = scenario_->pedestrians[people.group[i]].journey;
    const std::size_t leave =
        journey.is_valid() ? scenario_->journeys[journey.index].stages.size() : 0;
    people.destination[i] = place.index;
    if (people.leg[i] == leave) {
        people.aim_at(i, navigation_.target_of(place));
    }
}

void DestinationChooser::choose_one(Pedestrians& people, std::uint32_t i) {
    const auto& places = scenario_->pedestrians[people.group[i]].destinations;
    const PlaceId before(people.destination[i]);
    PlaceId best = before;
    double best_s = std::numeric_limits<double>::infinity();
    for (const Weighted<PlaceId>& place : places) {
        const double place_s = felt_s(people, i, place.what);
        if (place.what.index != people.origin[i] && place_s < best_s) {
            best_s = place_s;
            best = place.what;
        }
    }
    const bool is_first = people.choosing[i] == not_yet;
    if (best == before || !std::isfinite(best_s)) {
        return;
    }
    const double before_s = felt_s(people, i, before);
    const double gain_s = (1.0 - clearly_quicker) * std::abs(before_s);
    if (is_first || !std::isfinite(before_s) || best_s < before_s - gain_s) {
        go_to(people, i, best);
    }
}

/// Destinations other than the own, of which the middle of a triangle is in line of sight.
std::vector<PlaceId> DestinationChooser::places_seen(const Pedestrians& people,
                                                     std::uint32_t i) const {
    const WalkMesh& mesh = city_->walk;
    const double sight_m = scenario_->walking.sight_m;
    const Vec2 at(people.x_m[i], people.y_m[i]);
    const auto anywhere = [](std::uint32_t, std::uint32_t) { return true; };
    const auto is_seen = [&](TriangleId t) {
        const Vec2 middle = mesh.centroid(t);
        return (middle - at).squaredNorm() <= sight_m * sight_m &&
               line_of_sight(mesh, people.triangle[i], at, middle, anywhere) == t;
    };
    std::vector<PlaceId> seen;
    for (const auto& [place, weight] : scenario_->pedestrians[people.group[i]].destinations) {
        const auto& triangles = scenario_->place(place).triangles;
        if (place.index != people.destination[i] && place.index != people.origin[i] &&
            std::any_of(triangles.begin(), triangles.end(), is_seen)) {
            seen.push_back(place);
        }
    }
    return seen;
}

/// One who saw a nearer destination takes the others of the group along.
void DestinationChooser::turn_to(Pedestrians& people, std::uint32_t i, PlaceId place) const {
    const std::uint32_t leader = people.leader[i];
    for (std::uint32_t m = leader; m < people.size() && people.leader[m] == leader; ++m) {
        if (people.choosing[m] == unfamiliar) {
            go_to(people, m, place);
        }
    }
}

void DestinationChooser::look_for_nearer(Pedestrians& people) {
    if (!are_some_unfamiliar_) {
        return;
    }
    std::vector<Onlooker> onlookers;
    std::vector<std::uint8_t> is_wanted(navigation_.routes(), 0);
    const auto want = [&](std::uint32_t i, PlaceId place) {
        is_wanted[navigation_.route_of(people, i, navigation_.target_of(place))] = 1;
    };
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (people.choosing[i] != unfamiliar || !people.is_present(i)) {
            continue;
        }
        if (auto seen = places_seen(people, i); !seen.empty()) {
            want(i, PlaceId(people.destination[i]));
            for (const PlaceId place : seen) {
                want(i, place);
            }
            onlookers.push_back({i, std::move(seen)});
        }
    }
    navigation_.prepare_wanted(is_wanted);
    for (const auto& [i, seen] : onlookers) {
        PlaceId nearest(people.destination[i]);
        double least_m = way_m(people, i, nearest);
        for (const PlaceId place : seen) {
            if (const double place_m = way_m(people, i, place); place_m < least_m) {
                least_m = place_m;
                nearest = place;
            }
        }
        if (nearest.index != people.destination[i]) {
            turn_to(people, i, nearest);
        }
    }
}

void plan_choosers(const Scenario& scenario, Pedestrians& people) {
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.group[i] >= scenario.pedestrians.size()) {
            continue;
        }
        const PedestrianDemand& demand = scenario.pedestrians[people.group[i]];
        const std::uint32_t leader = people.leader[i];
        const double u = uniform01(scenario.seed, leader, 0, Draw::Familiarity);
        if (demand.destination_choice != DestinationChoice::Quickest ||
            u >= demand.knows_places_share) {
            people.choosing[i] = never;
            continue;
        }
        const double familiar_share = profile_of(scenario, people, leader).familiar_share;
        people.choosing[i] = u < demand.knows_places_share * familiar_share ? not_yet : unfamiliar;
    }
}

} // namespace veste
