#include "pedestrians/model.hpp"

#include "base/parallel.hpp"
#include "base/random.hpp"
#include "pedestrians/census.hpp"
#include "pedestrians/crossings.hpp"
#include "pedestrians/groups.hpp"
#include "pedestrians/movement.hpp"
#include "pedestrians/persons.hpp"
#include "pedestrians/plan.hpp"
#include "pedestrians/stability.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

namespace veste {
namespace {

constexpr std::size_t grain = 256;
constexpr double least_progress_mps = 0.05; ///< who comes on more slowly is held up
constexpr double recovery = 2.0;            ///< forgets so much faster than it adds up
constexpr double least_turning_mps = 1e-3;  ///< who moves more slowly keeps the heading
constexpr double most_reroute_factor = 8.0; ///< far corners are looked up so much less often
constexpr double kept_corner_m = 3.0;       ///< nearer corners are looked up in each triangle
constexpr double rest_reach_m = 0.12;       ///< so near its place in a queue, a person rests

/// Of those wedged in for long, a quarter steps back for two seconds, others the next time.
bool steps_back(std::uint64_t seed, std::uint32_t i, double now_s) {
    constexpr double while_s = 2.0;
    constexpr double share = 0.25;
    return uniform01(seed, i, static_cast<std::uint64_t>(now_s / while_s), Draw::Yielding) < share;
}

Vec2 velocity_now(const Pedestrians& people, std::uint32_t i) {
    return {static_cast<double>(people.velocity_x_mps[i]),
            static_cast<double>(people.velocity_y_mps[i])};
}

/// For each order to an area a mark on each of its triangles; empty for others.
std::vector<std::vector<std::uint8_t>> grounds_of_orders(const City& city,
                                                         const Scenario& scenario) {
    std::vector<std::vector<std::uint8_t>> grounds(scenario.orders.size());
    for (std::size_t o = 0; o < grounds.size(); ++o) {
        if (scenario.orders[o].reach != OrderReach::Area) {
            continue;
        }
        grounds[o].assign(city.walk.triangles.size(), 0);
        for (const TriangleId t : scenario.orders[o].triangles) {
            grounds[o][t.index] = 1;
        }
    }
    return grounds;
}

/// True where anyone's profile is of this sort.
template <class Is> bool any_profile(const Scenario& scenario, Is&& is) {
    return is(scenario.ordinary) ||
           std::any_of(scenario.profiles.begin(), scenario.profiles.end(), is);
}

/// The longest substep in which all models of these profiles are stable.
double longest_step_s(const Scenario& scenario) {
    const bool has_forces = any_profile(scenario, [](const Profile& profile) {
        return profile.model == WalkingModel::SocialForce;
    });
    return has_forces ? social_force_step_s : std::numeric_limits<double>::infinity();
}

} // namespace

PedestrianModel::Implementation::Implementation(std::shared_ptr<const City> its_city,
                                                std::shared_ptr<const Scenario> its_scenario,
                                                const PedestrianParameters& its_parameters)
    : city(std::move(its_city)), scenario(std::move(its_scenario)), parameters(its_parameters),
      navigation(city, scenario), knowledge(city, scenario, navigation),
      cells(city->walk, planned_people(*scenario)), crowd(cells), spawner(*city, *scenario, cells),
      journeys(*scenario), gates(city, scenario, navigation, journeys),
      chooser(city, scenario, navigation), waiting(*city, *scenario),
      order_ground(grounds_of_orders(*city, *scenario)),
      has_groups(std::any_of(scenario->pedestrians.begin(), scenario->pedestrians.end(),
                             [](const auto& demand) { return demand.groups.share > 0.0; }) ||
                 std::any_of(scenario->events.begin(), scenario->events.end(),
                             [](const auto& event) { return event.groups.share > 0.0; })),
      has_own_parameters(any_profile(
          *scenario, [](const Profile& profile) { return profile.collision_free.has_value(); })) {}

/// Measures the crowds when it is time; true where routes must reckon with other ones.
bool PedestrianModel::Implementation::notice_crowds(Pedestrians& people, double now_s,
                                                    double interval_s) {
    const double every_s = scenario->walking.reroute_every_s;
    return every_s > 0.0 && is_due(now_s, interval_s, every_s) &&
           measure_crowds(city->walk, people);
}

/// Takes over what routes know and gates are, and lists queues and those about to depart.
void PedestrianModel::Implementation::begin(Pedestrians& people, const Conditions& known,
                                            double now_s, double interval_s) {
    const bool are_crowds_new = notice_crowds(people, now_s, interval_s);
    if (are_crowds_new || !has_routes || known.walk_version != route_version) {
        WalkGround expected = ground_of(city->walk, known);
        slow_by_crowds(people, expected);
        barriers_seen = people.barrier_up;
        knowledge.set_ground(people, known, std::move(expected));
        route_version = known.walk_version;
        has_routes = true;
    } else if (people.barrier_up != barriers_seen) {
        barriers_seen = people.barrier_up;
        knowledge.set_barriers(people);
    }
    if (people.barrier_up != barriers_felt) {
        barriers_felt = people.barrier_up;
        cells.set_shut_sides(navigation.shut_sides());
    }
    knowledge.look_around(people);
    choose_anew = are_crowds_new || people.ways_known[0] != known.walk_version;
    if (choose_anew) {
        std::fill(people.steer_until_s.begin(), people.steer_until_s.end(), 0.0);
        people.ways_known[0] = known.walk_version;
    }
    choose_anew |= chooser.is_time_to_look(now_s, interval_s);
    chooser.look_for_nearer(people);
    gates.gather(people);
    take_orders(people, now_s);
    spawner.gather(people, now_s + interval_s);
    gates.turn_to_open(people, navigation, knowledge);
}

void PedestrianModel::Implementation::list_present(const Pedestrians& people) {
    present.clear();
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (people.is_present(i)) {
            present.push_back(i);
        }
    }
}

/// Arrivals, services, stages and departures, in id order.
void PedestrianModel::Implementation::settle(Pedestrians& people, double now_s,
                                             std::uint64_t now_ms) {
    waiting.gather();
    for (const std::uint32_t i : present) {
        settle_one(people, i, now_s);
    }
    release(people, now_s);
    gates.serve(people, now_s, now_ms);
    std::erase_if(present, [&](std::uint32_t i) { return !people.is_present(i); });
    crowd.build(people, present);
    const std::size_t before = present.size();
    spawner.depart(people, crowd, ground.is_barred, now_s, now_ms, present);
    for (std::size_t k = before; k < present.size(); ++k) {
        begin_journey(people, present[k], now_s);
    }
    if (present.size() > before) {
        std::sort(present.begin(), present.end());
        crowd.build(people, present);
    }
    if (chooser.is_needed()) {
        chooser.choose(people, present, choose_anew);
        choose_anew = false;
    }
}

void PedestrianModel::Implementation::find_routes(const Pedestrians& people) {
    std::vector<std::uint8_t> is_wanted(navigation.routes(), 0);
    for (const std::uint32_t i : present) {
        is_wanted[navigation.route_of(people, i)] = 1;
    }
    navigation.prepare_wanted(is_wanted);
}

/// Where the person wants to go now; looks the steering up anew when it is due. None for those
/// who stand.
std::optional<Intention> PedestrianModel::Implementation::intention(Pedestrians& people,
                                                                    std::uint32_t i, double now_s,
                                                                    double dt_s) {
    const Vec2 at(people.x_m[i], people.y_m[i]);
    const std::uint32_t triangle = people.triangle[i];
    const bool is_walking = people.phase[i] == code(WalkerPhase::Walking);
    const bool seeks_place = is_walking && people.busy_until_s[i] > 0.0;
    double most_mps = std::numeric_limits<double>::infinity();
    Vec2 place(0.0, 0.0);
    std::uint32_t place_triangle = triangle;
    if (!is_walking) {
        if (people.gate[i] == GateId::none) {
            return std::nullopt;
        }
        place = gates.standing_place(people, i, place_triangle);
    } else if (seeks_place) {
        const bool watches = journeys.stage(people, i).kind == StageKind::Watch;
        place = watches ? Vec2(people.stand_x_m[i], people.stand_y_m[i])
                        : Vec2(static_cast<double>(people.wait_x_m[i]),
                               static_cast<double>(people.wait_y_m[i]));
    }
    if (!is_walking || seeks_place) {
        const double left_m = (place - at).norm();
        if (left_m < rest_reach_m) {
            return std::nullopt;
        }
        most_mps = left_m / dt_s;
    }
    const bool is_held_up = people.held_s[i] > parameters.reroute_every_s;
    if (people.steer_until_s[i] <= now_s ||
        (is_held_up && people.steer_until_s[i] > now_s + parameters.reroute_every_s)) {
        Steering way;
        if (!is_walking || seeks_place) {
            if (seeks_place) {
                const Place& area = scenario->places[people.target[i]];
                const auto level = city->walk.triangles[area.triangles.front().index].level;
                const auto found = city->walk.locate(place, level);
                place_triangle = found ? found->index : triangle;
            }
            way =
                navigation.steer_to_point(triangle, at, place_triangle, place, people.radius_m[i]);
        } else {
            way = navigation.steer(navigation.route_of(people, i), triangle, at,
                                   people.radius_m[i] + 0.05, people.way_side[i]);
        }
        people.is_stuck[i] = !way.is_reachable;
        people.steer_x_m[i] = way.at.x();
        people.steer_y_m[i] = way.at.y();
        // Lookups of many people are spread over the substeps by their ids.
        const double far_s =
            is_held_up ? 0.0 : (way.at - at).norm() / std::max(people.free_speed_mps[i], 0.1);
        people.steer_until_s[i] = now_s + parameters.reroute_every_s *
                                              std::clamp(0.25 * far_s, 1.0, most_reroute_factor) *
                                              (0.75 + 0.25 * (i % 8) / 7.0);
    }
    const Vec2 ahead = Vec2(people.steer_x_m[i], people.steer_y_m[i]) - at;
    const double ahead_m = ahead.norm();
    if (people.is_stuck[i] != 0 || ahead_m < 1e-6) {
        people.steer_until_s[i] = people.is_stuck[i] != 0 ? people.steer_until_s[i] : 0.0;
        return std::nullopt;
    }
    // Profiles are looked at only where they matter: most people are not held up.
    const double held_s = people.held_s[i];
    const CollisionFreeSpeed& own = own_parameters(people, i);
    const double squeezing =
        held_s == 0.0
            ? 0.0
            : std::clamp((held_s - profile_of(*scenario, people, i).patience_s) / own.pressing_s,
                         0.0, 1.0);
    const double tight_share = cells.is_tight(triangle) ? own.tight_wall_share : own.wall_share;
    const double wall_share = tight_share + squeezing * (own.tight_wall_share - tight_share);
    return Intention{i,
                     at,
                     at + ahead,
                     ahead / ahead_m,
                     pace_mps(people, i, ahead / ahead_m),
                     most_mps,
                     people.radius_m[i],
                     people.radius_m[i] * wall_share,
                     squeezing,
                     people.time_gap_s[i],
                     triangle,
                     cells.levels(triangle),
                     squeezing >= 1.0 && steps_back(scenario->seed, i, now_s),
                     !is_walking,
                     velocity_now(people, i),
                     nullptr};
}

/// The default model's parameters of this person.
const CollisionFreeSpeed& PedestrianModel::Implementation::own_parameters(const Pedestrians& people,
                                                                          std::uint32_t i) const {
    if (!has_own_parameters) {
        return parameters;
    }
    const auto& own = profile_of(*scenario, people, i).collision_free;
    return own ? *own : parameters;
}

/// Free speed in a direction on the ground here, at most the group's.
double PedestrianModel::Implementation::pace_mps(const Pedestrians& people, std::uint32_t i,
                                                 const Vec2& direction) const {
    const std::uint32_t t = people.triangle[i];
    double free_mps = people.free_speed_mps[i];
    if (has_groups) {
        free_mps = std::min(free_mps, static_cast<double>(people.group_pace_mps[i]));
    }
    const double level_mps = free_mps * static_cast<double>(ground.walking_factor[t]);
    if (ground.has_direction[t] == 0) {
        return level_mps;
    }
    const WalkTriangle& here = city->walk.triangles[t];
    const double riding_draw =
        is_conveyor(here) ? uniform01(scenario->seed, i, 0, Draw::Conveyor) : 0.0;
    return pace_on(here, direction, level_mps, riding_draw, profile_of(*scenario, people, i));
}

/// The time held up, from 0 to what makes people press with all their might and a quarter more.
double PedestrianModel::Implementation::held_at_most_s(const Pedestrians& people, std::uint32_t i,
                                                       double held_s) const {
    constexpr double more = 1.25;
    const double pressing_s = own_parameters(people, i).pressing_s;
    if (held_s <= more * pressing_s) {
        return std::max(0.0, held_s);
    }
    return std::min(held_s, more * (profile_of(*scenario, people, i).patience_s + pressing_s));
}

/// Those who stand in a queue or before a stage give way to whoever pushes against them.
Intention PedestrianModel::Implementation::making_room(const Pedestrians& people,
                                                       std::uint32_t i) const {
    Intention standing;
    standing.id = i;
    standing.at = Vec2(people.x_m[i], people.y_m[i]);
    standing.direction = Vec2(0.0, 0.0);
    standing.radius_m = people.radius_m[i];
    standing.wall_gap_m = people.radius_m[i] * own_parameters(people, i).tight_wall_share;
    standing.triangle = people.triangle[i];
    standing.levels = cells.levels(people.triangle[i]);
    standing.is_patient = true;
    standing.velocity = velocity_now(people, i);
    return standing;
}

/// What a person wants now; none for those whom nothing moves.
std::optional<Intention> PedestrianModel::Implementation::wish(Pedestrians& people, std::uint32_t i,
                                                               double now_s, double dt_s) {
    const bool is_toppled = people.phase[i] == code(WalkerPhase::Toppled);
    const bool is_audience = people.phase[i] == code(WalkerPhase::Standing);
    if (!is_toppled && !is_audience) {
        if (const auto walker = intention(people, i, now_s, dt_s)) {
            return walker;
        }
    }
    people.held_s[i] = 0.0;
    if (is_audience || people.phase[i] == code(WalkerPhase::Queueing)) {
        return making_room(people, i);
    }
    return std::nullopt;
}

/// What the operational model makes of the wishes of some who follow it.
void PedestrianModel::Implementation::act(WalkingModel model, std::span<const Intention> walkers,
                                          Pedestrians& people, double dt_s) const {
    std::array<Vec2, decided_together> velocities;
    const auto chosen = std::span(velocities).first(walkers.size());
    switch (model) {
    case WalkingModel::CollisionFreeSpeed:
        choose_velocities(walkers, crowd, dt_s, parameters, chosen);
        break;
    case WalkingModel::AnticipationVelocity:
        anticipated_velocities(walkers, crowd, dt_s, chosen);
        break;
    case WalkingModel::SocialForce: {
        std::array<double, decided_together> contact_n;
        forced_velocities(walkers, crowd, dt_s, chosen, contact_n);
        for (std::size_t n = 0; n < walkers.size(); ++n) {
            people.contact_n[walkers[n].id] = static_cast<float>(contact_n[n]);
        }
        break;
    }
    }
    for (std::size_t n = 0; n < walkers.size(); ++n) {
        const double speed_mps = chosen[n].norm();
        if (speed_mps > walkers[n].most_mps) {
            chosen[n] *= walkers[n].most_mps / speed_mps;
        }
        people.wish_x_mps[walkers[n].id] = chosen[n].x();
        people.wish_y_mps[walkers[n].id] = chosen[n].y();
    }
}

void PedestrianModel::Implementation::decide(Pedestrians& people, double now_s, double dt_s) {
    struct Party {
        std::array<Intention, decided_together> walkers;
        std::size_t count = 0;
    };
    const auto everyone = crowd.everyone();
    parallel_ranges(everyone.size(), grain, [&](std::size_t begin, std::size_t end) {
        std::array<Party, walking_models> parties;
        const auto act_together = [&](std::size_t model) {
            Party& party = parties[model];
            act(static_cast<WalkingModel>(model), std::span(party.walkers).first(party.count),
                people, dt_s);
            party.count = 0;
        };
        for (std::size_t k = begin; k < end; ++k) {
            const std::uint32_t i = everyone[k].id;
            people.wish_x_mps[i] = 0.0;
            people.wish_y_mps[i] = 0.0;
            if (const auto walker = wish(people, i, now_s, dt_s)) {
                const Profile& profile = profile_of(*scenario, people, i);
                const auto model = static_cast<std::size_t>(profile.model);
                Intention& own = parties[model].walkers[parties[model].count++];
                own = *walker;
                own.profile = &profile;
                if (parties[model].count == decided_together) {
                    act_together(model);
                }
            }
        }
        for (std::size_t model = 0; model < walking_models; ++model) {
            act_together(model);
        }
    });
}

void PedestrianModel::Implementation::move(Pedestrians& people, const Conditions& conditions,
                                           double dt_s) {
    const WalkMesh& mesh = city->walk;
    const auto everyone = crowd.everyone();
    parallel_for(everyone.size(), grain, [&](std::size_t k) {
        const std::uint32_t i = everyone[k].id;
        const Vec2 from(people.x_m[i], people.y_m[i]);
        const Vec2 wish(people.wish_x_mps[i], people.wish_y_mps[i]);
        const bool is_under_way = people.phase[i] != code(WalkerPhase::Standing) &&
                                  people.phase[i] != code(WalkerPhase::Toppled);
        people.walked_s[i] += is_under_way ? dt_s : 0.0;
        if (wish.squaredNorm() == 0.0) {
            people.speed_mps[i] = 0.0;
            people.velocity_x_mps[i] = 0.0F;
            people.velocity_y_mps[i] = 0.0F;
            people.held_s[i] = held_at_most_s(people, i, people.held_s[i] + dt_s);
            return;
        }
        std::uint32_t refused_crossing = CrossingId::none;
        std::uint8_t way_side = people.way_side[i];
        const auto passage = [&](std::uint32_t t, std::uint32_t next) {
            if ((ground.is_barred[next] != 0 && ground.is_barred[t] == 0) ||
                !may_enter(mesh, t, next) || navigation.is_shut(t, next)) {
                return Passage::Wall;
            }
            const CrossingId crossing = mesh.triangles[next].crossing;
            if (!crossing.is_valid() || crossing == mesh.triangles[t].crossing ||
                may_step_on(city->streets.crossings[crossing.index], crossing.index, conditions,
                            people.free_speed_mps[i] * static_cast<double>(ground.factor[next]),
                            people.waiting_s[i])) {
                way_side = navigation.side_after(navigation.route_of(people, i), t, next, way_side);
                return Passage::Free;
            }
            refused_crossing = crossing.index;
            return Passage::Kerb;
        };
        const StepEnd end = walk_step(mesh, people.triangle[i], from, wish * dt_s, passage);
        const Vec2 walked = end.at - from;
        const double walked_m = walked.norm();
        const Vec2 ahead = Vec2(people.steer_x_m[i], people.steer_y_m[i]) - from;
        // Who wavers to and fro does not come on: steps back weigh as much as steps forward.
        const double progress =
            walked.dot(ahead) / (least_progress_mps * dt_s * std::max(ahead.norm(), 1e-6));
        const double change = refused_crossing != CrossingId::none
                                  ? -recovery
                                  : std::clamp(1.0 - progress, -recovery, 1.0 + recovery);
        people.held_s[i] = held_at_most_s(people, i, people.held_s[i] + change * dt_s);
        people.x_m[i] = end.at.x();
        people.y_m[i] = end.at.y();
        people.speed_mps[i] = walked_m / dt_s;
        people.walked_m[i] += walked_m;
        people.velocity_x_mps[i] = static_cast<float>(walked.x() / dt_s);
        people.velocity_y_mps[i] = static_cast<float>(walked.y() / dt_s);
        if (end.triangle != people.triangle[i]) {
            // Who keeps to the way goes on to the same corner, until it is near.
            const bool keeps_to_way = (way_side & Navigation::not_meant) == 0 &&
                                      ahead.squaredNorm() > kept_corner_m * kept_corner_m;
            people.steer_until_s[i] = keeps_to_way ? people.steer_until_s[i] : 0.0;
            people.triangle[i] = end.triangle;
            people.way_side[i] = way_side;
        }
        if (refused_crossing != CrossingId::none) {
            people.waiting_s[i] += dt_s;
            people.kerb[i] = refused_crossing;
        } else if (people.kerb[i] != CrossingId::none) {
            people.waiting_s[i] = 0.0;
            people.kerb[i] = CrossingId::none;
        }
    });
}

PedestrianModel::PedestrianModel(std::shared_ptr<const City> city,
                                 std::shared_ptr<const Scenario> scenario,
                                 PedestrianParameters parameters)
    : implementation_(
          std::make_unique<Implementation>(std::move(city), std::move(scenario), parameters)) {}

PedestrianModel::~PedestrianModel() = default;
PedestrianModel::PedestrianModel(PedestrianModel&&) noexcept = default;

void PedestrianModel::advance(Pedestrians& people, const Conditions& conditions,
                              const Conditions& known, double now_s, double interval_s,
                              double step_s) {
    Implementation& m = *implementation_;
    const double longest_s = std::min(step_s, longest_step_s(*m.scenario));
    const int substeps = std::max(1, static_cast<int>(std::ceil(interval_s / longest_s - 1e-9)));
    const double dt_s = interval_s / substeps;
    const int substeps_per_s = std::max(1, static_cast<int>(std::lround(1.0 / dt_s)));
    m.ground = ground_of(m.city->walk, conditions);
    topple(people, *m.scenario, conditions);
    m.begin(people, known, now_s, interval_s);
    m.list_present(people);
    for (int k = 0; k < substeps; ++k) {
        const double at_s = now_s + k * dt_s;
        if (k > 0 && k % substeps_per_s == 0) {
            m.gates.move_up(people);
            m.knowledge.look_around(people);
            m.chooser.look_for_nearer(people);
        }
        m.settle(people, at_s, static_cast<std::uint64_t>(std::llround(at_s * 1000.0)));
        m.find_routes(people);
        if (m.has_groups && k % substeps_per_s == 0) {
            keep_groups(m.navigation, m.crowd, people);
        }
        m.decide(people, at_s, dt_s);
        m.move(people, conditions, dt_s);
    }
    for (const std::uint32_t i : m.present) {
        if (people.speed_mps[i] > least_turning_mps) {
            people.heading_rad[i] = std::atan2(static_cast<double>(people.velocity_y_mps[i]),
                                               static_cast<double>(people.velocity_x_mps[i]));
        }
    }
    m.crowd.build(people, m.present);
    take_census(people, m.crowd, m.parameters.density_radius_m);
}

void PedestrianModel::forget_routes() {
    implementation_->has_routes = false;
}

void PedestrianModel::count_crossings(const Pedestrians& people,
                                      std::vector<std::uint16_t>& crossing_people) const {
    const auto& crossings = implementation_->city->streets.crossings;
    const auto& triangles = implementation_->city->walk.triangles;
    crossing_people.assign(crossings.size(), 0);
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (!people.is_present(i)) {
            continue;
        }
        CrossingId crossing = triangles[people.triangle[i]].crossing;
        if (!crossing.is_valid() && people.kerb[i] != CrossingId::none &&
            crossings[people.kerb[i]].kind == CrossingKind::Zebra) {
            crossing = CrossingId(people.kerb[i]);
        }
        if (crossing.is_valid() && crossing_people[crossing.index] < UINT16_MAX) {
            ++crossing_people[crossing.index];
        }
    }
}

} // namespace veste
