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

/// Distance over which the crowd thins out: chosen so that the whole crowd, exponentially spread,
/// has about 2.5 people per m² at the focus, and not less than a fifth of the area's extent.
double thinning_m(double area_m2, std::uint32_t visitors) {
    constexpr double at_focus_per_m2 = 2.5;
    constexpr double half_disc_rad = 3.14159265358979;
    const double extent_m = std::sqrt(area_m2);
    return std::max(0.2 * extent_m, std::sqrt(visitors / (half_disc_rad * at_focus_per_m2)));
}

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
            const double farther_m = std::max(0.0, (place - event.focus).norm() - nearest_m[e]);
            const double keep = std::exp(-farther_m / scale_m);
            const bool is_last = attempt + 1 == 4 * tries_each;
            is_found =
                is_last || (first.second < keep && (area.outer.empty() || contains(area, place)) &&
                            taken[event.stage.index].is_free(place, apart_m[attempt / tries_each]));
        }
        taken[event.stage.index].take(place);
        people.stand_x_m[i] = place.x();
        people.stand_y_m[i] = place.y();
    }
}

void plan_gates(const City& city, const Scenario& scenario, Pedestrians& people) {
    const bool has_gates = std::any_of(scenario.events.begin(), scenario.events.end(),
                                       [](const Event& event) { return !event.gates.empty(); });
    if (!has_gates) {
        return;
    }
    // Pointers that own nothing: planning lives within this call.
    Navigation navigation(
        std::shared_ptr<const City>(std::shared_ptr<const City>(), &city),
        std::shared_ptr<const Scenario>(std::shared_ptr<const Scenario>(), &scenario));
    navigation.set_ground(ground_of(city.walk, Conditions::calm(city)));
    std::vector<std::uint32_t> targets;
    for (const Event& event : scenario.events) {
        targets.push_back(navigation.target_of(event.stage));
        for (const GateId gate : event.gates) {
            targets.push_back(navigation.target_of(gate));
        }
    }
    navigation.prepare(targets);
    std::vector<std::uint32_t> order;
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (people.group[i] >= scenario.pedestrians.size() &&
            !scenario.events[people.group[i] - scenario.pedestrians.size()].gates.empty()) {
            order.push_back(i);
        }
    }
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        return people.depart_s[a] < people.depart_s[b];
    });
    std::vector<double> free_at_s(scenario.gates.size(), 0.0);
    for (const std::uint32_t i : order) {
        const Event& event = scenario.events[people.group[i] - scenario.pedestrians.size()];
        const bool any_open = std::any_of(event.gates.begin(), event.gates.end(), [&](GateId gate) {
            return scenario.gates[gate.index].is_open;
        });
        GateId best = event.gates.front();
        double best_s = std::numeric_limits<double>::infinity();
        double best_free_s = 0.0;
        for (const GateId id : event.gates) {
            const Gate& gate = scenario.gates[id.index];
            if (any_open && !gate.is_open) {
                continue;
            }
            const double to_gate_s = navigation.cost_m(navigation.target_of(id), people.triangle[i],
                                                       Vec2(people.x_m[i], people.y_m[i])) /
                                     people.free_speed_mps[i];
            const double to_stage_s =
                navigation.cost_m(navigation.target_of(event.stage), gate.triangle.index, gate.at) /
                people.free_speed_mps[i];
            const double arrival_s = people.depart_s[i] + to_gate_s;
            const double served_s = std::max(arrival_s, free_at_s[id.index]) +
                                    1.0 / (std::max(1u, gate.lanes) * gate.service_rate_per_s);
            if (served_s + to_stage_s < best_s) {
                best_s = served_s + to_stage_s;
                best_free_s = served_s;
                best = id;
            }
        }
        free_at_s[best.index] = std::max(free_at_s[best.index], best_free_s);
        people.gate[i] = best.index;
        people.leg[i] = 0;
        people.target[i] = navigation.target_of(best);
    }
}

} // namespace veste
