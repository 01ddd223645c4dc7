#include "pedestrians/model.hpp"

#include "pedestrians/census.hpp"
#include "pedestrians/groups.hpp"
#include "pedestrians/persons.hpp"
#include "pedestrians/plan.hpp"
#include "pedestrians/stability.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>

namespace veste {
namespace {

constexpr float least_turning_mps = 1e-3F; ///< who moves more slowly keeps the heading

/// Adds the time since it was asked last.
class Timer {
public:
    void add_to(double& sum_s) {
        const auto now = Clock::now();
        sum_s += std::chrono::duration<double>(now - last_).count();
        last_ = now;
    }

private:
    using Clock = std::chrono::steady_clock;
    Clock::time_point last_ = Clock::now();
};

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

/// The longest substep in which the models of all of these people are stable.
double longest_step_s(const Scenario& scenario, const Pedestrians& people) {
    double longest_s = std::numeric_limits<double>::infinity();
    const bool has_forces = any_profile(scenario, [](const Profile& profile) {
        return profile.model == WalkingModel::SocialForce;
    });
    for (std::size_t i = 0; has_forces && i < people.size(); ++i) {
        const Profile& profile = profile_of(scenario, people, i);
        if (profile.model == WalkingModel::SocialForce) {
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
    knowledge.look_around(people, present);
    choose_anew = are_crowds_new || people.ways_known[0] != known.walk_version;
    if (choose_anew) {
        std::fill(people.steer_until_s.begin(), people.steer_until_s.end(), 0.0F);
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
    Timer timer;
    m.ground = ground_of(m.city->walk, conditions);
    topple(people, *m.scenario, conditions);
    m.list_present(people);
    m.begin(people, known, now_s, interval_s);
    timer.add_to(m.times.begin_s);
    for (int k = 0; k < substeps; ++k) {
        const double at_s = now_s + k * dt_s;
        if (k > 0 && k % substeps_per_s == 0) {
            m.gates.move_up(people);
            m.knowledge.look_around(people, m.present);
            m.chooser.look_for_nearer(people);
        }
        m.settle(people, at_s, static_cast<std::uint64_t>(std::llround(at_s * 1000.0)));
        m.find_routes(people);
        if (m.has_groups && k % substeps_per_s == 0) {
            keep_groups(m.navigation, m.crowd, people);
        }
        timer.add_to(m.times.settle_s);
        m.walkers.gather(people, m.present, m.crowd, m.navigation);
        timer.add_to(m.times.gather_s);
        m.decide(people, at_s, dt_s);
        timer.add_to(m.times.decide_s);
        m.move(conditions, dt_s);
        timer.add_to(m.times.move_s);
        m.walkers.write_back(people, m.present, m.crowd, dt_s);
        timer.add_to(m.times.gather_s);
    }
    for (const std::uint32_t i : m.present) {
        if (people.speed_mps[i] > least_turning_mps) {
            people.heading_rad[i] = std::atan2(people.velocity_y_mps[i], people.velocity_x_mps[i]);
        }
    }
    m.crowd.build(people, m.present);
    take_census(people, m.crowd, m.parameters.density_radius_m);
    timer.add_to(m.times.census_s);
}

const WalkingTimes& PedestrianModel::times() const {
    return implementation_->times;
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
