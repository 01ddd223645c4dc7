#include "pedestrians/groups.hpp"

#include "base/parallel.hpp"
#include "base/random.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace veste {
namespace {

constexpr double close_m = 1.0;        ///< a lead so small is no reason to slow down
constexpr double apart_m = 4.0;        ///< with this lead people all but stand
constexpr double least_share = 0.1;    ///< of the group's pace: nobody stands in a door for good
constexpr double for_planned_s = 60.0; ///< so long those who set out wait for the others
/// People in the 36 m² about someone who are a crowd: there nobody waits.
constexpr std::size_t crowd_around = 18;

bool is_phase(const Pedestrians& people, std::size_t i, WalkerPhase phase) {
    return people.phase[i] == static_cast<std::uint8_t>(phase);
}

/// Where someone is on the way to the target of their stage.
struct Progress {
    double left_m = 0.0;
    bool counts = false; ///< the others wait for them
    bool is_planned = false;
};

Progress progress_of(const Navigation& navigation, const Pedestrians& people, std::size_t i) {
    Progress progress;
    progress.is_planned = is_phase(people, i, WalkerPhase::Planned);
    progress.counts =
        is_phase(people, i, WalkerPhase::Queueing) || is_phase(people, i, WalkerPhase::InService);
    if (is_phase(people, i, WalkerPhase::Walking)) {
        progress.left_m = navigation.cost_m(navigation.route_of(people, i), people.triangle[i],
                                            Vec2(people.x_m[i], people.y_m[i]));
        // Who finds no way is not waited for.
        progress.counts = std::isfinite(progress.left_m);
    }
    return progress;
}

/// True for two who are bound for one place in one stage.
bool have_one_way(const Pedestrians& people, std::size_t a, std::size_t b) {
    return people.leg[a] == people.leg[b] && people.stages_begun[a] == people.stages_begun[b] &&
           people.gates_passed[a] == people.gates_passed[b] && people.target[a] == people.target[b];
}

bool is_in_crowd(const Crowd& crowd, const Pedestrians& people, std::size_t i) {
    constexpr double reach_m = 3.385; // 36 m²
    std::size_t count = 0;
    crowd.for_near(Vec2(people.x_m[i], people.y_m[i]), reach_m,
                   [&](const Crowd::Person&, double) { ++count; });
    return count >= crowd_around;
}

constexpr std::size_t most_members = 6;
using GroupProgress = std::array<Progress, most_members>;

/// The most that one of the group walks for the sake of the others.
float pace_mps_for(const Crowd& crowd, const Pedestrians& people, std::size_t first,
                   std::size_t end, std::size_t i, const GroupProgress& progress) {
    const double own_left_m = progress[i - first].left_m;
    double slowest_mps = std::numeric_limits<double>::infinity();
    double lead_m = 0.0;
    for (std::size_t k = first; k < end; ++k) {
        const Progress& other = progress[k - first];
        if (other.is_planned && people.walked_s[i] < for_planned_s) {
            lead_m = apart_m;
            slowest_mps = std::min(slowest_mps, people.free_speed(k));
        } else if (other.counts && have_one_way(people, i, k)) {
            lead_m = std::max(lead_m, other.left_m - own_left_m);
            slowest_mps = std::min(slowest_mps, people.free_speed(k));
        }
    }
    if (lead_m == 0.0) {
        return any_pace_mps; // the last one hurries after the others
    }
    const bool waits = lead_m > close_m && !is_in_crowd(crowd, people, i);
    const double share =
        waits ? std::clamp((apart_m - lead_m) / (apart_m - close_m), least_share, 1.0) : 1.0;
    return static_cast<float>(share * slowest_mps * group_size_factor(end - first));
}

void keep_together(const Navigation& navigation, const Crowd& crowd, Pedestrians& people,
                   std::size_t first, std::size_t end) {
    GroupProgress progress{};
    for (std::size_t i = first; i < end; ++i) {
        progress[i - first] = progress_of(navigation, people, i);
    }
    for (std::size_t i = first; i < end; ++i) {
        people.group_pace_mps[i] =
            progress[i - first].counts && is_phase(people, i, WalkerPhase::Walking)
                ? pace_mps_for(crowd, people, first, end, i, progress)
                : any_pace_mps;
    }
}

} // namespace

std::size_t end_of_group(const Pedestrians& people, std::size_t first) {
    std::size_t end = first + 1;
    while (end < people.size() && people.leader[end] == first) {
        ++end;
    }
    return end;
}

GateId companions_gate(const Pedestrians& people, std::size_t i) {
    const std::size_t first = people.leader[i];
    const std::size_t end = people.is_in_group(i) ? end_of_group(people, first) : first;
    for (std::size_t k = first; k < end; ++k) {
        const bool seeks_gate = is_phase(people, k, WalkerPhase::Walking) ||
                                is_phase(people, k, WalkerPhase::Queueing) ||
                                is_phase(people, k, WalkerPhase::InService);
        if (k != i && seeks_gate && people.leg[k] == people.leg[i] &&
            people.stages_begun[k] == people.stages_begun[i] &&
            people.gates_passed[k] == people.gates_passed[i]) {
            return GateId(people.gate[k]);
        }
    }
    return {};
}

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
        const std::size_t end = end_of_group(people, first);
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
        const std::size_t end = end_of_group(people, i);
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
