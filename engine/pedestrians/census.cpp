#include "pedestrians/census.hpp"

#include "base/parallel.hpp"
#include "pedestrians/disc_ground.hpp"

namespace veste {
namespace {

/// People within the disc, on the ground that belongs to it. In the open its triangles need not be
/// asked one by one: who is near on the level is on it.
int count_in(const Crowd& crowd, const Crowd::Person& person, double radius_m,
             const DiscGround& ground) {
    int count = 0;
    crowd.for_near(Vec2(person.x_m, person.y_m), radius_m, [&](const Crowd::Person& other, double) {
        count += ground.has_wall() ? ground.holds(other.triangle)
                                   : WalkCells::on_one_level(other.levels, person.levels);
    });
    return count;
}

} // namespace

void take_census(Pedestrians& people, const Crowd& crowd, double disc_radius_m) {
    const auto everyone = crowd.everyone();
    constexpr std::size_t grain = 512;
    parallel_ranges(everyone.size(), grain, [&](std::size_t begin, std::size_t end) {
        DiscGround ground(crowd.cells().mesh(), disc_radius_m);
        for (std::size_t k = begin; k < end; ++k) {
            const Crowd::Person& person = everyone[k];
            ground.spread(Vec2(person.x_m, person.y_m), person.triangle);
            people.density_per_m2[person.id] = static_cast<float>(
                count_in(crowd, person, disc_radius_m, ground) / ground.area_m2());
        }
    });
}

} // namespace veste
