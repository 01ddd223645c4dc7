#include "base/parallel.hpp"
#include "base/random.hpp"
#include "pedestrians/model.hpp"
#include "pedestrians/persons.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr std::size_t grain = 256;
constexpr double most_reroute_factor = 8.0; ///< far corners are looked up so much less often
constexpr double rest_reach_m = 0.12;       ///< so near its place in a queue, a person rests

/// Of those wedged in for long, a quarter steps back for two seconds, others the next time.
bool steps_back(std::uint64_t seed, std::uint32_t i, double now_s) {
    constexpr double while_s = 2.0;
    constexpr double share = 0.25;
    return uniform01(seed, i, static_cast<std::uint64_t>(now_s / while_s), Draw::Yielding) < share;
}

Vec2 position_of(const Crowd::Person& person) {
    return {person.x_m, person.y_m};
}

} // namespace

/// What all of a person's wishes have in common.
void PedestrianModel::Implementation::describe(const Crowd::Person& person, Intention& own) const {
    own.id = person.id;
    own.at = position_of(person);
    own.radius_m = static_cast<double>(person.look.radius_m);
    own.triangle = person.triangle;
    own.levels = person.levels;
    own.velocity = Vec2(static_cast<double>(person.course.velocity_x_mps),
                        static_cast<double>(person.course.velocity_y_mps));
}

/// The place of their own that someone in a queue or a waiting area goes to.
PedestrianModel::Implementation::OwnPlace
PedestrianModel::Implementation::place_of(const Pedestrians& people, const Walker& walker,
                                          const Crowd::Person& person) const {
    OwnPlace place;
    place.triangle = person.triangle;
    if (!walker.seeks_place) {
        place.at = gates.standing_place(people, person.id, place.triangle);
        return place;
    }
    const bool watches = journeys.stage(people, person.id).kind == StageKind::Watch;
    place.at = watches ? people.standing_place(person.id) : people.waiting_place(person.id);
    place.area = &scenario->places[people.target[person.id]];
    return place;
}

std::uint32_t PedestrianModel::Implementation::triangle_of(const OwnPlace& place) const {
    if (place.area == nullptr) {
        return place.triangle;
    }
    const auto level = city->walk.triangles[place.area->triangles.front().index].level;
    const auto found = city->walk.locate(place.at, level);
    return found ? found->index : place.triangle;
}

/// Looks up where to steer for, and for how long that holds.
void PedestrianModel::Implementation::look_up_way(Walker& walker, const Crowd::Person& person,
                                                  const OwnPlace* place, double now_s,
                                                  bool is_held_up) const {
    const Vec2 at = position_of(person);
    const auto radius_m = static_cast<double>(person.look.radius_m);
    constexpr double spare_m = 0.05;
    const Steering way = place != nullptr
                             ? navigation.steer_to_point(person.triangle, at, triangle_of(*place),
                                                         place->at, radius_m)
                             : navigation.steer(walker.route, person.triangle, at,
                                                radius_m + spare_m, walker.way_side);
    walker.is_stuck = !way.is_reachable;
    walker.steer_x_m = static_cast<float>(way.at.x());
    walker.steer_y_m = static_cast<float>(way.at.y());
    // Lookups of many people are spread over the substeps by their ids.
    const double free_mps = std::max(static_cast<double>(walker.free_speed_mps), 0.1);
    const double far_s = is_held_up ? 0.0 : (way.at - at).norm() / free_mps;
    walker.steer_until_s = static_cast<float>(
        now_s + parameters.reroute_every_s * std::clamp(0.25 * far_s, 1.0, most_reroute_factor) *
                    (0.75 + 0.25 * (person.id % 8) / 7.0));
}

/// Where the person wants to go now; looks the steering up anew when it is due. False for those
/// who stand.
bool PedestrianModel::Implementation::intend(const Pedestrians& people, Walker& walker,
                                             const Crowd::Person& person, double now_s, double dt_s,
                                             Intention& own) const {
    const bool is_walking = walker.phase == WalkerPhase::Walking;
    if (!is_walking && people.gate[person.id] == GateId::none) {
        return false;
    }
    const Vec2 at = position_of(person);
    const bool has_place = !is_walking || walker.seeks_place;
    OwnPlace place;
    own.most_mps = std::numeric_limits<double>::infinity();
    if (has_place) {
        place = place_of(people, walker, person);
        const double left_m = (place.at - at).norm();
        if (left_m < rest_reach_m) {
            return false;
        }
        own.most_mps = left_m / dt_s;
    }
    const auto held_s = static_cast<double>(walker.held_s);
    const auto steer_until_s = static_cast<double>(walker.steer_until_s);
    const bool is_held_up = held_s > parameters.reroute_every_s;
    if (steer_until_s <= now_s ||
        (is_held_up && steer_until_s > now_s + parameters.reroute_every_s)) {
        look_up_way(walker, person, has_place ? &place : nullptr, now_s, is_held_up);
    }
    const Vec2 ahead = walker.corner() - at;
    const double ahead_m = ahead.norm();
    if (walker.is_stuck) {
        return false;
    }
    if (ahead_m < 1e-6) {
        walker.steer_until_s = 0.0F;
        return false;
    }
    describe(person, own);
    own.corner = walker.corner();
    own.direction = ahead / ahead_m;
    own.free_speed_mps = pace_mps(walker, person, own.direction);
    // Profiles are looked at only where they matter: most people are not held up.
    const CollisionFreeSpeed& model = own_parameters(walker);
    own.squeezing = held_s == 0.0
                        ? 0.0
                        : std::clamp((held_s - profile_of(*scenario, walker.profile).patience_s) /
                                         model.pressing_s,
                                     0.0, 1.0);
    const double tight_share =
        cells.is_tight(person.triangle) ? model.tight_wall_share : model.wall_share;
    own.wall_gap_m =
        own.radius_m * (tight_share + own.squeezing * (model.tight_wall_share - tight_share));
    own.is_in_file = is_walking && cells.is_single_file(person.triangle);
    own.time_gap_s =
        static_cast<double>(walker.time_gap_s) * (own.is_in_file ? model.single_file_gaps : 1.0);
    own.yields = own.squeezing >= 1.0 && steps_back(scenario->seed, person.id, now_s);
    own.is_patient = !is_walking;
    return true;
}

/// The default model's parameters of this person.
const CollisionFreeSpeed&
PedestrianModel::Implementation::own_parameters(const Walker& walker) const {
    if (!has_own_parameters) {
        return parameters;
    }
    const auto& own = profile_of(*scenario, walker.profile).collision_free;
    return own ? *own : parameters;
}

/// Free speed in a direction on the ground here, at most the group's.
double PedestrianModel::Implementation::pace_mps(const Walker& walker, const Crowd::Person& person,
                                                 const Vec2& direction) const {
    const double level_mps = static_cast<double>(walker.most_mps) *
                             static_cast<double>(ground.walking_factor[person.triangle]);
    if (ground.has_direction[person.triangle] == 0) {
        return level_mps;
    }
    const WalkTriangle& here = city->walk.triangles[person.triangle];
    const double riding_draw =
        is_conveyor(here) ? uniform01(scenario->seed, person.id, 0, Draw::Conveyor) : 0.0;
    return pace_on(here, direction, level_mps, riding_draw, profile_of(*scenario, walker.profile));
}

/// Those who stand in a queue or before a stage, or have no way on, give way to whoever pushes
/// against them.
void PedestrianModel::Implementation::make_room(const Walker& walker, const Crowd::Person& person,
                                                Intention& own) const {
    describe(person, own);
    own.corner = Vec2(0.0, 0.0);
    own.direction = Vec2(0.0, 0.0);
    own.free_speed_mps = 0.0;
    own.most_mps = std::numeric_limits<double>::infinity();
    own.wall_gap_m = own.radius_m * own_parameters(walker).tight_wall_share;
    own.squeezing = 0.0;
    own.time_gap_s = 1.0;
    own.yields = false;
    own.is_patient = true;
    own.is_in_file = false;
}

/// What a person wants now; false for those whom nothing moves.
bool PedestrianModel::Implementation::wish(const Pedestrians& people, Walker& walker,
                                           const Crowd::Person& person, double now_s, double dt_s,
                                           Intention& own) const {
    const bool is_audience = walker.phase == WalkerPhase::Standing;
    if (walker.phase != WalkerPhase::Toppled && !is_audience &&
        intend(people, walker, person, now_s, dt_s, own)) {
        return true;
    }
    walker.held_s = 0.0F;
    const bool has_no_way = walker.is_stuck && walker.phase == WalkerPhase::Walking;
    if (is_audience || has_no_way || walker.phase == WalkerPhase::Queueing) {
        make_room(walker, person, own);
        return true;
    }
    return false;
}

/// What the operational model makes of the wishes of some who follow it.
void PedestrianModel::Implementation::act(WalkingModel model, const Party& party,
                                          Pedestrians& people, double dt_s) {
    const auto who = std::span(party.who).first(party.count);
    const auto wishes = std::span(party.wishes).first(party.count);
    std::array<Vec2, decided_together> velocities;
    const auto chosen = std::span(velocities).first(party.count);
    switch (model) {
    case WalkingModel::CollisionFreeSpeed:
        choose_velocities(wishes, crowd, dt_s, parameters, chosen);
        break;
    case WalkingModel::AnticipationVelocity:
        anticipated_velocities(wishes, crowd, dt_s, chosen);
        break;
    case WalkingModel::SocialForce: {
        std::array<double, decided_together> contact_n;
        forced_velocities(wishes, crowd, dt_s, chosen, contact_n);
        for (std::size_t n = 0; n < party.count; ++n) {
            people.contact_n[wishes[n].id] = static_cast<float>(contact_n[n]);
        }
        break;
    }
    }
    for (std::size_t n = 0; n < party.count; ++n) {
        const double speed_mps = chosen[n].norm();
        if (speed_mps > wishes[n].most_mps) {
            chosen[n] *= wishes[n].most_mps / speed_mps;
        }
        walkers[who[n]].wish_x_mps = static_cast<float>(chosen[n].x());
        walkers[who[n]].wish_y_mps = static_cast<float>(chosen[n].y());
    }
}

void PedestrianModel::Implementation::decide(Pedestrians& people, double now_s, double dt_s) {
    parallel_ranges(walkers.size(), grain, [&](std::size_t begin, std::size_t end) {
        std::array<Party, walking_models> parties;
        const auto act_together = [&](std::size_t model) {
            act(static_cast<WalkingModel>(model), parties[model], people, dt_s);
            parties[model].count = 0;
        };
        for (std::size_t k = begin; k < end; ++k) {
            Walker& walker = walkers[k];
            walker.wish_x_mps = 0.0F;
            walker.wish_y_mps = 0.0F;
            const Profile& profile = profile_of(*scenario, walker.profile);
            const auto model = static_cast<std::size_t>(profile.model);
            Party& party = parties[model];
            Intention& own = party.wishes[party.count];
            if (wish(people, walker, crowd.everyone()[k], now_s, dt_s, own)) {
                own.profile = &profile;
                party.who[party.count++] = static_cast<std::uint32_t>(k);
                if (party.count == decided_together) {
                    act_together(model);
                }
            } else {
                people.contact_n[crowd.everyone()[k].id] = 0.0F;
            }
        }
        for (std::size_t model = 0; model < walking_models; ++model) {
            act_together(model);
        }
    });
}

} // namespace veste
