#include "pedestrians/spawn.hpp"

namespace veste {
namespace {

constexpr std::uint64_t tries = 8;
constexpr double spare_m = 0.05;
constexpr double patience_s = 10.0;     ///< then one sets out close to a wall too
constexpr double beside_leader_m = 2.0; ///< people of a group set out this near their leader

} // namespace

Spawner::Spawner(const City& city, const Scenario& scenario, const WalkCells& cells)
    : mesh_(city.walk), scenario_(scenario), cells_(cells), seed_(scenario.seed),
      newest_(cells.size(), UINT32_MAX) {
    for (const Place& place : scenario.places) {
        samplers_.emplace_back(city.walk, place.triangles);
    }
}

void Spawner::gather(const Pedestrians& people, double until_s) {
    waiting_.clear();
    previous_.resize(people.size());
    for (std::uint32_t i = 0; i < people.size(); ++i) {
        if (people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Planned) &&
            people.depart_s[i] < until_s) {
            waiting_.push_back(i);
        }
    }
}

/// A random spot of the place of origin; beside the leader for people of a group that has one out
/// there, until their patience ends.
AreaSampler::Sample Spawner::spot_for(const Pedestrians& people, std::uint32_t i,
                                      std::uint64_t draw, bool is_choosy) const {
    const AreaSampler& sampler = samplers_[people.origin[i]];
    const UniformPair where = uniform_pair(seed_, i, draw + 1, Draw::Placement);
    const std::uint32_t leader = people.leader[i];
    if (leader != i && is_choosy &&
        people.phase[leader] == static_cast<std::uint8_t>(WalkerPhase::Walking)) {
        const Vec2 beside =
            Vec2(people.x_m[leader], people.y_m[leader]) +
            beside_leader_m * Vec2(2.0 * where.first - 1.0, 2.0 * where.second - 1.0);
        const auto found = mesh_.locate(beside, mesh_.triangles[people.triangle[leader]].level);
        if (found && mesh_.triangles[found->index].component ==
                         mesh_.triangles[people.triangle[leader]].component) {
            return {beside, found->index};
        }
    }
    return sampler.sample(mesh_, uniform01(seed_, i, draw, Draw::Placement), where);
}

bool Spawner::is_in_place(std::uint32_t place, const Vec2& at) const {
    const Polygon& area = scenario_.places[place].area;
    return area.outer.empty() || contains(area, at);
}

bool Spawner::is_clear_of_walls(const AreaSampler::Sample& spot, double radius_m) const {
    for (const Wall& wall : cells_.walls(spot.triangle)) {
        const Vec2 nearest =
            nearest_on_segment(spot.at, wall.from, wall.from + wall.length_m * wall.along);
        if ((nearest - spot.at).squaredNorm() < radius_m * radius_m) {
            return false;
        }
    }
    return true;
}

bool Spawner::is_free(const Pedestrians& people, const Crowd& crowd,
                      const AreaSampler::Sample& spot, double radius_m) const {
    const std::uint32_t levels = cells_.levels(spot.triangle);
    constexpr double most_apart_m = 1.2;
    bool is_free = true;
    crowd.for_near(spot.at, most_apart_m, [&](const Crowd::Person& other, double distance2) {
        const double apart_m = radius_m + static_cast<double>(other.look.radius_m) + spare_m;
        is_free &= !WalkCells::on_one_level(other.levels, levels) || distance2 >= apart_m * apart_m;
    });
    const Vec2 reach(most_apart_m, most_apart_m);
    cells_.for_sections(
        {spot.at - reach, spot.at + reach}, [&](std::uint32_t first, std::uint32_t end) {
            for (std::uint32_t cell = first; cell < end && is_free; ++cell) {
                for (std::uint32_t j = newest_[cell]; j != UINT32_MAX; j = previous_[j]) {
                    const double apart_m = radius_m + people.radius(j) + spare_m;
                    const Vec2 there(people.x_m[j], people.y_m[j]);
                    is_free &= (there - spot.at).squaredNorm() >= apart_m * apart_m;
                }
            }
        });
    return is_free;
}

void Spawner::depart(Pedestrians& people, const Crowd& crowd,
                     const std::vector<std::uint8_t>& is_barred, double now_s, std::uint64_t now_ms,
                     std::vector<std::uint32_t>& departed) {
    std::size_t kept = 0;
    const std::size_t before = departed.size();
    for (const std::uint32_t i : waiting_) {
        bool is_out = false;
        for (std::uint64_t k = 0; k < tries && people.depart_s[i] <= now_s + 1e-9 && !is_out; ++k) {
            const std::uint64_t draw = 2 * (now_ms * tries + k);
            const bool is_choosy = now_s < people.depart_s[i] + patience_s;
            const AreaSampler::Sample spot = spot_for(people, i, draw, is_choosy);
            if (is_barred[spot.triangle] != 0 ||
                (is_choosy && !is_clear_of_walls(spot, people.radius(i))) ||
                (is_choosy && !is_in_place(people.origin[i], spot.at)) ||
                !is_free(people, crowd, spot, people.radius(i))) {
                continue;
            }
            people.x_m[i] = spot.at.x();
            people.y_m[i] = spot.at.y();
            people.steer_x_m[i] = static_cast<float>(spot.at.x());
            people.steer_y_m[i] = static_cast<float>(spot.at.y());
            people.triangle[i] = spot.triangle;
            people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Walking);
            const std::uint32_t cell = cells_.at(spot.at.x(), spot.at.y());
            previous_[i] = newest_[cell];
            newest_[cell] = i;
            departed.push_back(i);
            is_out = true;
        }
        if (!is_out) {
            waiting_[kept++] = i;
        }
    }
    waiting_.resize(kept);
    for (std::size_t k = before; k < departed.size(); ++k) {
        newest_[cells_.at(people.x_m[departed[k]], people.y_m[departed[k]])] = UINT32_MAX;
    }
}

} // namespace veste
