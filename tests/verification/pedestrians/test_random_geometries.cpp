#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// A room with up to four buildings in it, people anywhere who walk to its east end.
struct RandomScene {
    Box2 room{{0, 0}, {0, 0}};
    std::vector<Box2> buildings;
    std::uint32_t people = 0;
};

RandomScene random_scene(std::uint64_t seed) {
    std::uint64_t draws = 0;
    const auto draw = [&](double low, double high) {
        return low + (high - low) * uniform01(seed, 1, draws++, Draw::Placement);
    };
    RandomScene made;
    made.room = scene::box(0.0, 0.0, draw(8.0, 14.0), draw(3.0, 8.0));
    const double width_m = made.room.high.y();
    for (int k = static_cast<int>(draw(0.0, 4.99)); k > 0; --k) {
        const double x = draw(2.5, made.room.high.x() - 3.5);
        const double y = draw(-1.0, width_m - 1.5);
        made.buildings.push_back(
            scene::box(x, y, x + draw(0.2, 1.0), std::min(y + draw(0.3, 3.0), width_m - 0.7)));
    }
    made.people = static_cast<std::uint32_t>(draw(3.0, 14.0));
    return made;
}

bool is_in_building(const RandomScene& made, const Vec2& p) {
    constexpr double rounding_m = 1e-6;
    return std::any_of(made.buildings.begin(), made.buildings.end(), [&](const Box2& b) {
        return p.x() > b.low.x() + rounding_m && p.x() < b.high.x() - rounding_m &&
               p.y() > b.low.y() + rounding_m && p.y() < b.high.y() - rounding_m;
    });
}

} // namespace

TEST_CASE("in 1,000 random geometries nobody passes a wall, sinks into another or is lost") {
    for (std::uint64_t seed = 1; seed <= 1000; ++seed) {
        const RandomScene made = random_scene(seed);
        const double length_m = made.room.high.x();
        const double width_m = made.room.high.y();
        const Box2 west = scene::box(0.0, 0.0, 2.0, width_m);
        const Box2 east = scene::box(length_m - 2.0, 0.0, length_m, width_m);
        auto city = scene::city_of(scene::mesh_of({made.room, west, east}, made.buildings));
        Scenario scenario;
        scenario.seed = seed;
        const PlaceId from = scene::add_place(scenario, *city, "from", west);
        const PlaceId to = scene::add_place(scenario, *city, "to", east);
        scene::add_demand(scenario, made.people, scene::add_profile(scenario, 1.34, 0.26), from, to,
                          {0.0, 4.0, {}});
        scene::Walk walk(city, scenario);
        CAPTURE(seed);
        for (int step = 0; step < 40 && walk.arrived() < made.people; ++step) {
            walk.advance(0.5);
            REQUIRE(walk.all_on_mesh());
            for (std::size_t i = 0; i < made.people; ++i) {
                REQUIRE_FALSE((walk.people.is_present(i) &&
                               is_in_building(made, {walk.people.x_m[i], walk.people.y_m[i]})));
            }
            // Shoulders turned, bodies come as near as 0.6 of two radii (0.24 m), less what one
            // step of bodies pressed together adds.
            REQUIRE(walk.least_distance_m() > 0.2);
            const std::size_t inside = walk.count(WalkerPhase::Walking);
            REQUIRE(inside + walk.arrived() + walk.count(WalkerPhase::Planned) == made.people);
        }
    }
}
