#include "pedestrians/walkers.hpp"

#include "base/parallel.hpp"
#include "pedestrians/navigation.hpp"

#include <algorithm>

namespace veste {
namespace {

constexpr std::size_t grain = 1024;
constexpr std::size_t soon = 12; ///< so many people ahead, records are fetched

/// Records lie in the order of cells, people come in that of ids: which is next, no processor can
/// foresee.
void fetch(const void* record) {
    __builtin_prefetch(record);
}

} // namespace

void Walkers::gather(const Pedestrians& people, std::span<const std::uint32_t> present,
                     const Crowd& crowd, const Navigation& navigation) {
    walkers_.resize(present.size());
    parallel_for(present.size(), grain, [&](std::size_t k) {
        const std::uint32_t i = present[k];
        Walker& walker = walkers_[crowd.place_of(k)];
        walker.steer_x_m = people.steer_x_m[i];
        walker.steer_y_m = people.steer_y_m[i];
        walker.steer_until_s = people.steer_until_s[i];
        walker.free_speed_mps = people.free_speed_mps[i];
        walker.most_mps = std::min(people.free_speed_mps[i], people.group_pace_mps[i]);
        walker.time_gap_s = people.time_gap_s[i];
        walker.held_s = people.held_s[i];
        walker.kerb_waiting_s = people.waiting_s[i];
        walker.route = navigation.route_of(people, i);
        walker.kerb = people.kerb[i];
        walker.profile = people.profile[i];
        walker.phase = static_cast<WalkerPhase>(people.phase[i]);
        walker.way_side = people.way_side[i];
        walker.is_stuck = people.is_stuck[i] != 0;
        walker.seeks_place = walker.phase == WalkerPhase::Walking && people.busy_until_s[i] > 0.0;
    });
}

void Walkers::write_back(Pedestrians& people, std::span<const std::uint32_t> present,
                         const Crowd& crowd, double dt_s) const {
    parallel_for(present.size(), grain, [&](std::size_t k) {
        const std::uint32_t next = crowd.place_of(std::min(k + soon, present.size() - 1));
        fetch(&walkers_[next]);
        fetch(&crowd.everyone()[next]);
        const std::uint32_t i = present[k];
        const std::uint32_t place = crowd.place_of(k);
        const Walker& walker = walkers_[place];
        const Crowd::Person& person = crowd.everyone()[place];
        people.x_m[i] = person.x_m;
        people.y_m[i] = person.y_m;
        people.speed_mps[i] = person.look.pace_mps;
        people.velocity_x_mps[i] = person.course.velocity_x_mps;
        people.velocity_y_mps[i] = person.course.velocity_y_mps;
        people.triangle[i] = person.triangle;
        people.way_side[i] = walker.way_side;
        people.walked_m[i] += static_cast<double>(walker.walked_m);
        const bool is_under_way =
            walker.phase != WalkerPhase::Standing && walker.phase != WalkerPhase::Toppled;
        people.walked_s[i] += is_under_way ? dt_s : 0.0;
        people.is_stuck[i] = walker.is_stuck ? 1 : 0;
        people.steer_x_m[i] = walker.steer_x_m;
        people.steer_y_m[i] = walker.steer_y_m;
        people.steer_until_s[i] = walker.steer_until_s;
        people.held_s[i] = walker.held_s;
        people.waiting_s[i] = walker.kerb_waiting_s;
        people.kerb[i] = walker.kerb;
    });
}

} // namespace veste
