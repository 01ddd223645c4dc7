#include "pedestrians/model.hpp"

#include "pedestrians/census.hpp"
#include "pedestrians/groups.hpp"
#include "pedestrians/plan.hpp"
#include "pedestrians/stability.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr float least_turning_mps = 1e-3F; ///< who moves more slowly keeps the heading

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

/// The longest substep in which the models of all of these people are stable.
double longest_step_s(const Scenario& scenario, const Pedestrians& people) {
    double longest_s = std::numeric_limits<double>::infinity();
    std::vector<std::uint8_t> is_used(scenario.profiles.size(), 0);
    for (const std::uint16_t profile : people.profile) {
        if (profile < is_used.size()) {
            is_used[profile] = 1;
        }
    }
    for (std::size_t p = 0; p < is_used.size(); ++p) {
        const Profile& profile = scenario.profiles[p];
        if (is_used[p] != 0 && profile.model == WalkingModel::SocialForce) {
            longest_s = std::min(longest_s, social_force_step_s(profile));
        }
    }
    return longest_s;
}

} // namespace

PedestrianModel::Implementation::Implementation(std::shared_ptr<const City> its_city,
                                                std::shared_ptr<const Scenario> its_scenario,
                                                const PedestrianParameters& its_parameters)
    : city(std::move(its_city)), scenario(std::move(its_scenario)), parameters(its_parameters),
      navigation(city, scenario), knowledge(city, scenario, navigation),
      cells(city->walk, planned_people(*scenario)), crowd(cells), spawner(*city, *scenario, cells),
      journeys(*scenario), gates(city, scenario, navigation, journeys),
      chooser(scenario, navigation, journeys), waiting(*city, *scenario),
      order_ground(grounds_of_orders(*city, *scenario)),
      has_groups(std::any_of(scenario->pedestrians.begin(), scenario->pedestrians.end(),
                             [](const auto& demand) { return demand.groups.share > 0.0; }) ||
                 std::any_of(scenario->events.begin(), scenario->events.end(),
                             [](const auto& event) { return event.groups.share > 0.0; })) {}

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
    knowledge.look_around(people);
    choose_anew = are_crowds_new || people.ways_known[0] != known.walk_version;
    if (choose_anew) {
        std::fill(people.steer_until_s.begin(), people.steer_until_s.end(), 0.0F);
        people.ways_known[0] = known.walk_version;
    }
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
    const double longest_s = std::min(step_s, longest_step_s(*m.scenario, people));
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
        }
        m.settle(people, at_s, static_cast<std::uint64_t>(std::llround(at_s * 1000.0)));
        m.find_routes(people);
        if (m.has_groups && k % substeps_per_s == 0) {
            keep_groups(m.navigation, m.crowd, people);
        }
        m.walkers.gather(people, m.present, m.crowd, m.navigation);
        m.decide(people, at_s, dt_s);
        m.move(conditions, dt_s);
        m.walkers.write_back(people, m.present, m.crowd, dt_s);
    }
    for (const std::uint32_t i : m.present) {
        if (people.speed_mps[i] > least_turning_mps) {
            people.heading_rad[i] = std::atan2(people.velocity_y_mps[i], people.velocity_x_mps[i]);
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
