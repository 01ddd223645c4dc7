#include "pedestrians/gate_chains.hpp"
#include "pedestrians/navigation.hpp"
#include "pedestrians/plan.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <unordered_map>

namespace veste {
namespace {

constexpr double apart_m[] = {0.45, 0.35, 0.25, 0.0};
constexpr std::uint64_t tries_each = 24;

/// Places taken on one stage, in square cells; only ever asked by cell, never iterated.
class TakenPlaces {
public:
    bool is_free(const Vec2& p, double distance_m) const {
        for (int dj = -1; dj <= 1; ++dj) {
            for (int di = -1; di <= 1; ++di) {
                const auto found = cells_.find(key(p, di, dj));
                if (found == cells_.end()) {
                    continue;
                }
                for (const Vec2& q : found->second) {
                    if ((p - q).squaredNorm() < distance_m * distance_m) {
                        return false;
                    }
                }
            }
        }
        return true;
    }
    void take(const Vec2& p) { cells_[key(p, 0, 0)].push_back(p); }

private:
    static std::int64_t key(const Vec2& p, int di, int dj) {
        constexpr double cell_m = 0.5;
        const auto i = static_cast<std::int64_t>(std::floor(p.x() / cell_m)) + di;
        const auto j = static_cast<std::int64_t>(std::floor(p.y() / cell_m)) + dj;
        return (i << 32) ^ (j & 0xffffffff);
    }
    std::unordered_map<std::int64_t, std::vector<Vec2>> cells_;
};

constexpr double beside_leader_m = 1.5; ///< a group's places lie so near the leader's

Vec2 beside_leader(const Pedestrians& people, std::size_t i, const UniformPair& where) {
    const std::uint32_t leader = people.leader[i];
    return people.standing_place(leader) +
           beside_leader_m * Vec2(2.0 * where.first - 1.0, 2.0 * where.second - 1.0);
}

std::int8_t stage_level(const City& city, const Scenario& scenario, const Event& event) {
    return city.walk.triangles[scenario.place(event.stage).triangles.front().index].level;
}

/// Distance over which the crowd thins out: chosen so that the whole crowd, exponentially spread,
/// has about 2.5 people per m² at the focus, and not less than a fifth of the area's extent.
double thinning_m(double area_m2, std::uint32_t visitors) {
    constexpr double at_focus_per_m2 = 2.5;
    constexpr double half_disc_rad = 3.14159265358979;
    const double extent_m = std::sqrt(area_m2);
    return std::max(0.2 * extent_m, std::sqrt(visitors / (half_disc_rad * at_focus_per_m2)));
}

/// The expected course of one visitor through a row of gates: when each has served them, and when
/// they reach the stage.
struct Course {
    std::vector<double> served_s;
    double at_stage_s = 0.0;
};

class GatePlan {
public:
    GatePlan(const City& city, const Scenario& scenario)
        : scenario_(scenario),
          // Pointers that own nothing: planning lives within one call.
          navigation_(
              std::shared_ptr<const City>(std::shared_ptr<const City>(), &city),
              std::shared_ptr<const Scenario>(std::shared_ptr<const Scenario>(), &scenario)),
          free_at_s_(scenario.gates.size(), 0.0) {
        navigation_.set_ground(ground_of(city.walk, Conditions::calm(city)));
        std::vector<std::uint32_t> targets;
        for (const Event& event : scenario.events) {
            targets.push_back(navigation_.target_of(event.stage));
            for (const GateId first : event.gates) {
                for (const GateId gate : chain_from(scenario, first)) {
                    targets.push_back(navigation_.target_of(gate));
                }
            }
        }
        navigation_.prepare(targets);
    }

    /// Gives the visitor the gate by which they are expected at the stage first.
    void choose(Pedestrians& people, std::uint32_t i, const Event& event) {
        const bool any_open = std::any_of(event.gates.begin(), event.gates.end(),
                                          [&](GateId gate) { return is_open(gate); });
        std::vector<GateId> best;
        Course quickest;
        const std::uint32_t leader = people.leader[i];
        for (const GateId first : event.gates) {
            // A leader comes before the others of the group: they depart at one time.
            const bool is_others = leader != i && people.gate[leader] != first.index;
            if ((any_open && !is_open(first)) || is_others) {
                continue;
            }
            const std::vector<GateId> chain = chain_from(scenario_, first);
            Course course = expected(people, i, event, chain);
            if (best.empty() || course.at_stage_s < quickest.at_stage_s) {
                best = chain;
                quickest = std::move(course);
            }
        }
        for (std::size_t k = 0; k < best.size(); ++k) {
            // Who finds no way there takes nobody's turn.
            if (std::isfinite(quickest.served_s[k])) {
                double& free_at_s = free_at_s_[best[k].index];
                free_at_s = std::max(free_at_s, quickest.served_s[k]);
            }
        }
        people.gate[i] = best.front().index;
        people.leg[i] = 0; // either the gates or what comes before them
        people.target[i] = navigation_.target_of(best.front());
    }

private:
    /// Open at the start, with all gates behind it.
    bool is_open(GateId first) const {
        const std::vector<GateId> chain = chain_from(scenario_, first);
        return std::all_of(chain.begin(), chain.end(),
                           [&](GateId gate) { return scenario_.gates[gate.index].is_open; });
    }

    Course expected(const Pedestrians& people, std::uint32_t i, const Event& event,
                    const std::vector<GateId>& chain) const {
        Course course;
        double now_s = people.depart_s[i];
        Vec2 at(people.x_m[i], people.y_m[i]);
        std::uint32_t triangle = people.triangle[i];
        for (const GateId id : chain) {
            const Gate& gate = scenario_.gates[id.index];
            now_s +=
                navigation_.cost_m(navigation_.target_of(id), triangle, at) / people.free_speed(i);
            now_s = std::max(now_s, free_at_s_[id.index]) +
                    1.0 / (std::max(1u, gate.lanes) * gate.service_rate_per_s);
            course.served_s.push_back(now_s);
            at = gate.at;
            triangle = gate.triangle.index;
        }
        course.at_stage_s =
            now_s + navigation_.cost_m(navigation_.target_of(event.stage), triangle, at) /
                        people.free_speed(i);
        return course;
    }

    const Scenario& scenario_;
    Navigation navigation_;
    std::vector<double> free_at_s_; ///< when each gate will have served those planned so far
};

} // namespace

void plan_standing_places(const City& city, const Scenario& scenario, Pedestrians& people) {
    std::vector<TakenPlaces> taken(scenario.places.size());
    const std::size_t demands = scenario.pedestrians.size();
    std::vector<AreaSampler> samplers;
    std::vector<double> nearest_m; ///< a focus may lie off the area: on the stage's own boards
    for (const Event& event : scenario.events) {
        samplers.emplace_back(city.walk, scenario.place(event.stage).triangles);
        nearest_m.push_back(std::numeric_limits<double>::infinity());
        for (const TriangleId t : scenario.place(event.stage).triangles) {
            nearest_m.back() =
                std::min(nearest_m.back(), (city.walk.centroid(t) - event.focus).norm());
        }
    }
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.group[i] < demands) {
            continue;
        }
        const std::size_t e = people.group[i] - demands;
        const Event& event = scenario.events[e];
        const Polygon& area = scenario.place(event.stage).area;
        const double scale_m = thinning_m(samplers[e].area_m2(), event.visitors);
        Vec2 place{0.0, 0.0};
        bool is_found = false;
        for (std::uint64_t attempt = 0; attempt < 4 * tries_each && !is_found; ++attempt) {
            const UniformPair first = uniform_pair(scenario.seed, i, 2 * attempt, Draw::Standing);
            const UniformPair where =
                uniform_pair(scenario.seed, i, 2 * attempt + 1, Draw::Standing);
            place = samplers[e].sample(city.walk, first.first, where).at;
            const Vec2 beside = beside_leader(people, i, where);
            const bool is_beside = people.leader[i] != i && attempt < 3 * tries_each &&
                                   city.walk.locate(beside, stage_level(city, scenario, event));
            place = is_beside ? beside : place;
            const double farther_m = std::max(0.0, (place - event.focus).norm() - nearest_m[e]);
            const double keep = is_beside ? 1.0 : std::exp(-farther_m / scale_m);
            const bool is_last = attempt + 1 == 4 * tries_each;
            is_found =
                is_last || (first.second < keep && (area.outer.empty() || contains(area, place)) &&
                            taken[event.stage.index].is_free(place, apart_m[attempt / tries_each]));
        }
        taken[event.stage.index].take(place);
        people.stand_x_m[i] = static_cast<float>(place.x());
        people.stand_y_m[i] = static_cast<float>(place.y());
    }
}

void plan_gates(const City& city, const Scenario& scenario, Pedestrians& people) {
    const auto event_of = [&](std::uint32_t i) -> const Event* {
        return people.group[i] < scenario.pedestrians.size()
                   ? nullptr
                   : &scenario.events[people.group[i] - scenario.pedestrians.size()];
    };
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (event_of(i) != nullptr && !event_of(i)->gates.empty()) {
            order.push_back(i);
        }
    }
    if (order.empty()) {
        return;
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return people.depart_s[a] < people.depart_s[b];
    });
    GatePlan plan(city, scenario);
    for (const std::uint32_t i : order) {
        plan.choose(people, i, *event_of(i));
    }
}

} // namespace veste
