#include "pedestrians/groups.hpp"

#include "base/parallel.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace veste {
namespace {

constexpr double close_m = 1.0;     ///< a lead so small is no reason to slow down
constexpr double apart_m = 4.0;     ///< with this lead people all but stand
constexpr double least_share = 0.1; ///< of the group's pace: nobody stands in a door for good
constexpr double queueing_lead_m = 1e6;
/// People in the 36 m² about someone who are a crowd: there nobody waits.
constexpr std::size_t crowd_around = 18;

bool is_phase(const Pedestrians& people, std::size_t i, WalkerPhase phase) {
    return people.phase[i] == static_cast<std::uint8_t>(phase);
}

/// One past the last of the group that begins at i.
std::size_t end_of(const Pedestrians& people, std::size_t leader) {
    std::size_t end = leader + 1;
    while (end < people.size() && people.leader[end] == leader) {
        ++end;
    }
    return end;
}

/// Where someone is on the group's way: stages first, then the way left.
struct Progress {
    int stage = 0; ///< legs and gates behind them
    double left_m = 0.0;
    bool counts = false; ///< the others wait for them
};

Progress progress_of(const Navigation& navigation, const Pedestrians& people, std::size_t i) {
    constexpr int gates_in_leg = 256;
    Progress progress;
    progress.stage = gates_in_leg * people.leg[i] + people.gates_passed[i];
    progress.counts = is_phase(people, i, WalkerPhase::Walking) ||
                      is_phase(people, i, WalkerPhase::Queueing) ||
                      is_phase(people, i, WalkerPhase::InService);
    if (is_phase(people, i, WalkerPhase::Planned)) {
        progress.stage = -1; // waits for room to set out
        progress.counts = true;
    }
    if (is_phase(people, i, WalkerPhase::Walking)) {
        progress.left_m = navigation.cost_m(navigation.route_of(people, i), people.triangle[i],
                                            Vec2(people.x_m[i], people.y_m[i]));
        // Who finds no way is not waited for.
        progress.counts = progress.counts && std::isfinite(progress.left_m);
    }
    return progress;
}

bool is_in_crowd(const Crowd& crowd, const Pedestrians& people, std::size_t i) {
    constexpr double reach_m = 3.385; // 36 m²
    std::size_t count = 0;
    crowd.for_near(Vec2(people.x_m[i], people.y_m[i]), reach_m,
                   [&](const Crowd::Person&, double) { ++count; });
    return count >= crowd_around;
}

void keep_together(const Navigation& navigation, const Crowd& crowd, Pedestrians& people,
                   std::size_t first, std::size_t end) {
    constexpr std::size_t most_members = 6;
    std::array<Progress, most_members> progress{};
    double pace_mps = std::numeric_limits<double>::infinity();
    Progress last;
    for (std::size_t i = first; i < end; ++i) {
        const Progress& own = progress[i - first] = progress_of(navigation, people, i);
        if (!own.counts) {
            continue;
        }
        pace_mps = std::min(pace_mps, people.free_speed(i));
        const bool is_behind = !last.counts || own.stage < last.stage ||
                               (own.stage == last.stage && own.left_m > last.left_m);
        last = is_behind ? own : last;
    }
    pace_mps *= group_size_factor(end - first);
    for (std::size_t i = first; i < end; ++i) {
        const Progress& own = progress[i - first];
        if (!own.counts || !is_phase(people, i, WalkerPhase::Walking)) {
            people.group_pace_mps[i] = any_pace_mps;
            continue;
        }
        const double lead_m =
            own.stage > last.stage ? queueing_lead_m : std::max(0.0, last.left_m - own.left_m);
        const bool waits = lead_m > close_m && !is_in_crowd(crowd, people, i);
        const double share =
            waits ? std::clamp((apart_m - lead_m) / (apart_m - close_m), least_share, 1.0) : 1.0;
        // The last one hurries after the others.
        people.group_pace_mps[i] =
            lead_m == 0.0 ? any_pace_mps : static_cast<float>(share * pace_mps);
    }
}

} // namespace

double group_size_factor(std::size_t members) {
    const double n = std::max(1.0, static_cast<double>(members));
    return (1.26 - 0.04 * n) / (1.26 - 0.04);
}

void plan_groups(const Groups& groups, std::uint64_t seed, std::size_t first, std::size_t count,
                 Pedestrians& people) {
    const auto& weights = groups.size_weights;
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    double mean_size = 0.0;
    for (std::size_t k = 0; k < weights.size(); ++k) {
        mean_size += sum > 0.0 ? static_cast<double>(k + 2) * weights[k] / sum : 0.0;
    }
    // Of all units, groups and single people, so many are groups that the share of people is met.
    const double in_groups = sum > 0.0 ? groups.share / mean_size : 0.0;
    const double start_share = in_groups / (in_groups + 1.0 - groups.share);
    for (std::size_t i = first; i < first + count;) {
        std::size_t members = 1;
        if (in_groups > 0.0 && uniform01(seed, i, 0, Draw::GroupStart) < start_share) {
            double left = sum * uniform01(seed, i, 0, Draw::GroupSize);
            for (members = 2; members < 6; ++members) {
                left -= weights[members - 2];
                if (left < 0.0) {
                    break;
                }
            }
        }
        members = std::min(members, first + count - i);
        std::fill_n(people.leader.begin() + static_cast<std::ptrdiff_t>(i), members,
                    static_cast<std::uint32_t>(i));
        i += members;
    }
}

void follow_leaders(Pedestrians& people) {
    for (std::size_t first = 0; first < people.size();) {
        const std::size_t end = end_of(people, first);
        for (std::size_t i = first + 1; i < end; ++i) {
            people.origin[i] = people.origin[first];
            people.destination[i] = people.destination[first];
            people.target[i] = people.target[first];
            people.depart_s[i] = people.depart_s[first];
            people.triangle[i] = people.triangle[first];
            people.x_m[i] = people.x_m[first];
            people.y_m[i] = people.y_m[first];
        }
        const auto begin = people.reaction_s.begin();
        const float longest_s = *std::max_element(begin + static_cast<std::ptrdiff_t>(first),
                                                  begin + static_cast<std::ptrdiff_t>(end));
        std::fill(begin + static_cast<std::ptrdiff_t>(first),
                  begin + static_cast<std::ptrdiff_t>(end), longest_s);
        first = end;
    }
}

void keep_groups(const Navigation& navigation, const Crowd& crowd, Pedestrians& people) {
    constexpr std::size_t grain = 512;
    parallel_for(people.size(), grain, [&](std::size_t i) {
        if (people.leader[i] != i) {
            return;
        }
        const std::size_t end = end_of(people, i);
        const bool is_under_way = end > i + 1 && [&] {
            for (std::size_t k = i; k < end; ++k) {
                if (is_phase(people, k, WalkerPhase::Walking)) {
                    return true;
                }
            }
            return false;
        }();
        if (is_under_way) {
            keep_together(navigation, crowd, people, i, end);
        }
    });
}

} // namespace veste
