#include "pedestrians/effects.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

/// Two halls joined by an escalator (south) that runs east and a stair (north) that leads up east,
/// both 20 m long and 2 m wide.
std::shared_ptr<City> two_floors() {
    WalkMesh mesh =
        scene::mesh_of({scene::box(0.0, 0.0, 10.0, 12.0), scene::box(10.0, 2.0, 30.0, 4.0),
                        scene::box(10.0, 8.0, 30.0, 10.0), scene::box(30.0, 0.0, 40.0, 12.0)},
                       {}, 5.0);
    for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
        const Vec2 middle = mesh.centroid(TriangleId(t));
        if (middle.x() > 10.0 && middle.x() < 30.0) {
            mesh.triangles[t].kind = WalkKind::Steps;
            mesh.triangles[t].uphill = {0.5F, 0.0F};
            mesh.triangles[t].conveyor_mps = {middle.y() < 6.0 ? 0.5F : 0.0F, 0.0F};
        }
    }
    return scene::city_of(std::move(mesh));
}

struct Usage {
    int by_escalator = 0;
    int by_stair = 0;
    double mean_s = 0.0;
};

Usage walk_over(bool is_east) {
    auto city = two_floors();
    Scenario scenario;
    const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 0, 5, 6));
    const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(35, 0, 40, 6));
    scene::add_demand(scenario, 40, scene::add_profile(scenario, 1.34), is_east ? west : east,
                      is_east ? east : west, {0.0, 200.0, {}});
    scene::Walk walk(city, scenario);
    std::vector<char> was_on(40, 0);
    Usage usage;
    CHECK(walk.run_until_all_arrived(600.0, 0.5, [&] {
        for (std::size_t i = 0; i < 40; ++i) {
            const double x = walk.people.x_m[i];
            if (was_on[i] == 0 && walk.people.phase[i] == 1 && x > 15.0 && x < 25.0) {
                was_on[i] = 1;
                (walk.people.y_m[i] < 6.0 ? usage.by_escalator : usage.by_stair) += 1;
            }
        }
    }));
    for (const double t : walk.people.walked_s) {
        usage.mean_s += t / 40.0;
    }
    return usage;
}

} // namespace

TEST_CASE("people ride an escalator its way and take the stair the other way") {
    const Usage east = walk_over(true);
    CHECK(east.by_escalator == 40); // straight ahead, and no slower than the stair
    CHECK(east.by_stair == 0);
    const Usage west = walk_over(false);
    CHECK(west.by_escalator == 0);
    CHECK(west.by_stair == 40);
    // Three of four ride 20 m at 0.5 m/s behind each other; the rest of the way takes about 12 s.
    CHECK(east.mean_s > 35.0);
    CHECK(east.mean_s < 65.0);
}

TEST_CASE("an escalator is entered at its beginning only") {
    const auto city = two_floors();
    const WalkMesh& mesh = city->walk;
    int entries = 0;
    for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
        for (const TriangleId n : mesh.triangles[t].neighbours) {
            const bool leads_on = n.is_valid() && mesh.triangles[n.index].conveyor_mps[0] > 0.0F &&
                                  mesh.triangles[t].conveyor_mps[0] == 0.0F;
            if (leads_on) {
                CHECK(may_enter(mesh, t, n.index) == (mesh.centroid(TriangleId(t)).x() < 20.0));
                entries += may_enter(mesh, t, n.index);
            }
        }
    }
    CHECK(entries > 0);
}

TEST_CASE("a hill is climbed more slowly than it is descended") {
    double taken_s[2] = {};
    for (const int k : {0, 1}) {
        WalkMesh mesh =
            scene::mesh_of({scene::box(0.0, 0.0, 5.0, 4.0), scene::box(5.0, 0.0, 55.0, 4.0),
                            scene::box(55.0, 0.0, 60.0, 4.0)});
        for (WalkTriangle& triangle : mesh.triangles) {
            triangle.slope = 0.12F;
            triangle.uphill = {0.12F, 0.0F};
        }
        auto city = scene::city_of(std::move(mesh));
        Scenario scenario;
        const PlaceId west = scene::add_place(scenario, *city, "west", scene::box(0, 0, 5, 4));
        const PlaceId east = scene::add_place(scenario, *city, "east", scene::box(55, 0, 60, 4));
        scene::add_demand(scenario, 1, scene::add_profile(scenario, 1.34), k == 0 ? west : east,
                          k == 0 ? east : west);
        scene::Walk walk(city, scenario);
        walk.put(0, Vec2(k == 0 ? 5.0 : 55.0, 2.0));
        REQUIRE(walk.run_until_all_arrived(200.0, 0.1));
        taken_s[k] = walk.last_arrival_s();
    }
    CHECK(50.0 / taken_s[0] == doctest::Approx(1.34 * directed_slope_factor(0.12)).epsilon(0.01));
    CHECK(50.0 / taken_s[1] == doctest::Approx(1.34 * directed_slope_factor(-0.12)).epsilon(0.01));
}
