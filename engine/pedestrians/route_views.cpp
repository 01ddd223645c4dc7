#include "pedestrians/route_views.hpp"

#include "base/random.hpp"
#include "pedestrians/persons.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>
#include <utility>

namespace veste {
namespace {

constexpr double patch_m = 25.0; ///< ground so near is felt alike; our assumption
constexpr double least_felt = 0.25;

/// The normal distribution's quantile, by bisection.
double normal_quantile(double share) {
    double low = -8.0;
    double high = 8.0;
    for (int step = 0; step < 60; ++step) {
        const double middle = 0.5 * (low + high);
        (0.5 * std::erfc(-middle / std::sqrt(2.0)) < share ? low : high) = middle;
    }
    return 0.5 * (low + high);
}

/// The place of a taste among all, in a random order of a patch's own.
std::uint32_t rank_of(std::uint64_t seed, std::uint64_t patch, std::uint32_t taste,
                      std::uint32_t tastes) {
    const double own = uniform01(seed, patch, taste, Draw::RoutePatch);
    std::uint32_t rank = 0;
    for (std::uint32_t other = 0; other < tastes; ++other) {
        rank += uniform01(seed, patch, other, Draw::RoutePatch) < own ? 1u : 0u;
    }
    return rank;
}

} // namespace

std::uint8_t outlook_of(const Scenario& scenario, const Pedestrians& people, std::size_t i) {
    const std::uint32_t leader = people.leader[i];
    const Profile& profile = profile_of(scenario, people, leader);
    const UniformPair u = uniform_pair(scenario.seed, leader, 0, Draw::Outlook);
    const bool minds = u.first < profile.avoids_dark_share;
    const std::uint32_t tastes = scenario.walking.tastes;
    const std::uint32_t taste =
        scenario.walking.route_spread_m > 0.0
            ? 1u + std::min(tastes - 1u, static_cast<std::uint32_t>(u.second * tastes))
            : 0u;
    return static_cast<std::uint8_t>(2u * taste + (minds ? avoids_dark_bit : 0u));
}

std::vector<float> felt_lengths(const WalkMesh& mesh, const Scenario& scenario,
                                std::uint32_t taste) {
    std::vector<float> felt(mesh.triangles.size(), 1.0F);
    const double spread_m = scenario.walking.route_spread_m;
    if (taste == 0 || spread_m <= 0.0) {
        return felt;
    }
    const std::uint32_t tastes = scenario.walking.tastes;
    const double sd = spread_m / std::sqrt(100.0 * patch_m);
    std::map<std::uint64_t, float> felt_on; ///< each patch
    for (std::size_t t = 0; t < felt.size(); ++t) {
        const Vec2 at = mesh.centroid(TriangleId(t));
        const auto column = static_cast<std::uint32_t>(std::lround(std::floor(at.x() / patch_m)));
        const auto row = static_cast<std::uint32_t>(std::lround(std::floor(at.y() / patch_m)));
        const std::uint64_t patch = (static_cast<std::uint64_t>(row) << 32u) | column;
        const auto [found, is_new] = felt_on.try_emplace(patch, 1.0F);
        if (is_new) {
            const double share = (rank_of(scenario.seed, patch, taste - 1, tastes) + 0.5) / tastes;
            found->second =
                static_cast<float>(std::max(least_felt, 1.0 + sd * normal_quantile(share)));
        }
        felt[t] = found->second;
    }
    return felt;
}

void RouteViews::keep_former(Beliefs former_truth) {
    const auto taken = std::find(keys_.begin() + 1, keys_.end(), former_truth);
    if (taken != keys_.end()) {
        return;
    }
    const auto free = std::find(keys_.begin() + 1, keys_.end(), nobody);
    const auto view = static_cast<std::uint32_t>(free - keys_.begin());
    if (free == keys_.end()) {
        keys_.push_back(nobody);
    }
    keys_[view] = former_truth;
    navigation_.copy_view(0, view);
}

/// The view of a key; a new one begins with the routes of those who know the truth.
std::uint32_t RouteViews::view_for(std::uint32_t key, Beliefs truth) {
    if (key == truth) {
        return 0;
    }
    const auto taken = std::find(keys_.begin() + 1, keys_.end(), key);
    if (taken != keys_.end()) {
        return static_cast<std::uint32_t>(taken - keys_.begin());
    }
    const auto free = std::find(keys_.begin() + 1, keys_.end(), nobody);
    const auto view = static_cast<std::uint32_t>(free - keys_.begin());
    if (free == keys_.end()) {
        keys_.push_back(nobody);
    }
    keys_[view] = key;
    // The routes of those who know the truth, now or until now, are nearly the same.
    const auto alike =
        std::find(keys_.begin() + 1, keys_.end(), ground_key(outlook_of_key(key), truth_));
    if (alike != keys_.end()) {
        navigation_.copy_view(static_cast<std::uint32_t>(alike - keys_.begin()), view);
    } else if (outlook_of_key(key) == 0) {
        navigation_.copy_view(0, view);
    }
    return view;
}

void RouteViews::assign(const Pedestrians& people, const Now& now, const GroundMaker& make) {
    std::set<std::uint32_t> used;
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Arrived)) {
            used.insert(ground_key(people.outlook[i], people.believes[i]));
            used.insert(ground_key(people.outlook[i], now.truth));
        }
    }
    // Where it is nowhere dark, those who would mind see what the others see.
    const std::uint32_t ignored = now.is_dark ? 0u : ground_key(avoids_dark_bit, 0);
    std::set<std::uint32_t> needed;
    for (const std::uint32_t key : used) {
        needed.insert(key & ~ignored);
    }
    for (std::uint32_t view = 1; view < keys_.size(); ++view) {
        if (keys_[view] != nobody && needed.count(keys_[view]) == 0 &&
            beliefs_of_key(keys_[view]) != truth_) {
            give_back(view);
        }
    }
    navigation_.forget_who_sees();
    for (const std::uint32_t key : used) {
        show(key, key & ~ignored, now, make);
    }
    truth_ = now.truth;
}

void RouteViews::give_back(std::uint32_t view) {
    navigation_.forget_view(view);
    keys_[view] = nobody;
}

/// Gives those of a key the view of another one, which is made where it is missing or old.
void RouteViews::show(std::uint32_t key, std::uint32_t seen, const Now& now,
                      const GroundMaker& make) {
    const bool is_known = std::find(keys_.begin() + 1, keys_.end(), seen) != keys_.end();
    const std::uint32_t view = view_for(seen, now.truth);
    if (view > 0 && (now.is_new || !is_known)) {
        navigation_.set_view(view, make(beliefs_of_key(seen), outlook_of_key(seen)));
    }
    navigation_.let_see(key, view);
}

} // namespace veste
