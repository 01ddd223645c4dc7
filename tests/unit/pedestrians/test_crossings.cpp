#include "pedestrians/crossings.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <limits>

using namespace veste;

namespace {

/// Two pavements along x joined by a crossing 7 m long, and one person who has to cross.
struct Street {
    std::shared_ptr<City> city;
    std::unique_ptr<scene::Walk> walk;

    explicit Street(CrossingKind kind) {
        WalkMesh mesh =
            scene::mesh_of({scene::box(0.0, 0.0, 20.0, 2.0), scene::box(8.0, 2.0, 12.0, 9.0),
                            scene::box(0.0, 9.0, 20.0, 11.0)});
        for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
            const double y = mesh.centroid(TriangleId(t)).y();
            if (y > 2.0 && y < 9.0) {
                mesh.triangles[t].crossing = CrossingId(0u);
                mesh.triangles[t].kind = WalkKind::Crossing;
            }
        }
        city = scene::city_of(std::move(mesh));
        Crossing crossing;
        crossing.from = Vec2(10.0, 2.0);
        crossing.to = Vec2(10.0, 9.0);
        crossing.kind = kind;
        city->streets.crossings.push_back(crossing);
        Scenario scenario;
        const PlaceId south = scene::add_place(scenario, *city, "south", scene::box(8, 0, 12, 2));
        const PlaceId north = scene::add_place(scenario, *city, "north", scene::box(8, 9, 12, 11));
        scene::add_demand(scenario, 1, scene::add_profile(scenario, 1.4), south, north);
        walk = std::make_unique<scene::Walk>(city, scenario);
        walk->put(0, Vec2(10.1, 1.0));
    }
    double y_m() const { return walk->people.y_m[0]; }
    std::uint16_t counted() const {
        std::vector<std::uint16_t> people;
        walk->model.count_crossings(walk->people, people);
        return people.at(0);
    }
};

constexpr float no_vehicle_s = std::numeric_limits<float>::infinity();

} // namespace

TEST_CASE("people wait at a red light and cross at green") {
    Street street(CrossingKind::Signalled);
    street.walk->conditions.crossing_may_start[0] = 0;
    street.walk->advance(10.0);
    CHECK(street.y_m() <= 2.0);
    CHECK(street.y_m() > 1.9);
    CHECK(street.walk->people.speed_mps[0] == 0.0);
    CHECK(street.counted() == 0);
    street.walk->conditions.crossing_may_start[0] = 1;
    street.walk->advance(3.0);
    CHECK(street.counted() == 1);
    // Who is on it goes on when the light turns red again.
    street.walk->conditions.crossing_may_start[0] = 0;
    street.walk->advance(4.0);
    CHECK(street.walk->arrived() == 1);
}

TEST_CASE("people wait for a gap where nothing gives them priority") {
    Street street(CrossingKind::Uncontrolled);
    street.walk->conditions.crossing_vehicle_s[0] = 5.0F; // 7 m / 1.4 m/s + 3 s are needed
    street.walk->advance(10.0);
    CHECK(street.y_m() <= 2.0);
    CHECK(street.counted() == 0);
    street.walk->conditions.crossing_vehicle_s[0] = 8.5F;
    street.walk->advance(2.0);
    CHECK(street.y_m() > 3.0);
}

TEST_CASE("waiting makes people accept a gap without start-up time") {
    Crossing crossing;
    crossing.from = Vec2(0.0, 0.0);
    crossing.to = Vec2(0.0, 7.0);
    crossing.kind = CrossingKind::Uncontrolled;
    Conditions conditions;
    conditions.crossing_may_start = {1};
    conditions.crossing_vehicle_s = {5.5F};
    CHECK_FALSE(may_step_on(crossing, 0, conditions, 1.4, 0.0));
    CHECK_FALSE(may_step_on(crossing, 0, conditions, 1.4, 30.0));
    CHECK(may_step_on(crossing, 0, conditions, 1.4, 90.0));
}

TEST_CASE("at a zebra people wait for a vehicle too near and are counted so that others yield") {
    Street street(CrossingKind::Zebra);
    street.walk->conditions.crossing_vehicle_s[0] = 1.5F;
    street.walk->advance(3.0);
    CHECK(street.y_m() <= 2.0);
    CHECK(street.counted() == 1);
    street.walk->conditions.crossing_vehicle_s[0] = no_vehicle_s;
    street.walk->advance(2.0);
    CHECK(street.y_m() > 3.0);
    CHECK(street.counted() == 1);
    street.walk->advance(6.0);
    CHECK(street.counted() == 0);
}
