#include "pedestrians/navigation.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>

using namespace veste;

namespace {

struct Routes {
    std::shared_ptr<City> city;
    std::shared_ptr<Scenario> scenario = std::make_shared<Scenario>();
    std::unique_ptr<Navigation> navigation;

    Routes(WalkMesh mesh, const Box2& target) : city(scene::city_of(std::move(mesh))) {
        scene::add_place(*scenario, *city, "target", target);
        navigation = std::make_unique<Navigation>(city, scenario);
        prepare();
    }
    void prepare() {
        const std::uint32_t targets[] = {0};
        navigation->prepare(targets);
    }
    std::uint32_t triangle_at(const Vec2& p) const { return city->walk.locate(p).value().index; }
    double cost_m(const Vec2& p) const { return navigation->cost_m(0, triangle_at(p), p); }
    /// Length of the way that steering leads along, for someone who remembers the side chosen.
    double walked_m(Vec2 p) const {
        std::uint32_t triangle = triangle_at(p);
        std::uint8_t way_side = no_way_side;
        double length_m = 0.0;
        for (int k = 0; k < 4000 && !navigation->is_at(0, triangle, p); ++k) {
            const Steering way = navigation->steer(0, triangle, p, 0.25, way_side);
            const Vec2 step = 0.05 * (way.at - p).normalized();
            const std::uint32_t before = triangle;
            CHECK(navigation->is_in_sight(triangle, p, Vec2(p + step), &triangle));
            if (triangle != before) {
                way_side = navigation->side_after(0, before, triangle, way_side);
            }
            p += step;
            length_m += 0.05;
        }
        return length_m;
    }
};

/// 40 x 40 m, a building from 15 to 25 in both, target in the north-east.
Routes around_a_building(double cell_m) {
    const Box2 target = scene::box(39.0, 19.0, 40.0, 21.0); // cuts the mesh as well
    return Routes(scene::mesh_of({scene::box(0.0, 0.0, 40.0, 40.0), target},
                                 {scene::box(15.0, 15.0, 25.0, 25.0)}, cell_m),
                  target);
}

} // namespace

TEST_CASE("costs and walked ways round a building are the shortest within three percent") {
    for (const double cell_m : {2.0, 5.0, 40.0}) {
        CAPTURE(cell_m);
        const Routes routes = around_a_building(cell_m);
        for (const Vec2& from : {Vec2(1.0, 20.5), Vec2(1.0, 12.0), Vec2(5.0, 30.0)}) {
            CAPTURE(from.y());
            // By hand: straight to the corner on the nearer side, along or past it, and on to the
            // target's nearest corner.
            double best_m = 1e9;
            for (const double y : {15.0, 25.0}) {
                const Vec2 west(15.0, y);
                const Vec2 east(25.0, y);
                const Vec2 target(39.0, y < 20.0 ? 19.0 : 21.0);
                best_m = std::min(best_m, (west - from).norm() + 10.0 + (target - east).norm());
            }
            // One root for each side: on a mesh of giant triangles costs are less exact than ways.
            CHECK(routes.cost_m(from) == doctest::Approx(best_m).epsilon(cell_m > 10 ? 0.1 : 0.03));
            // The body's clearance at two corners adds a little.
            CHECK(routes.walked_m(from) ==
                  doctest::Approx(best_m).epsilon(cell_m > 10 ? 0.1 : 0.03));
        }
    }
}

TEST_CASE("a straight way is straight whatever the mesh") {
    for (const double cell_m : {0.9, 3.0, 100.0}) {
        const Box2 target = scene::box(49.0, 0.0, 50.0, 10.0);
        const Routes routes(scene::mesh_of({scene::box(0.0, 0.0, 50.0, 10.0), target}, {}, cell_m),
                            target);
        CHECK(routes.cost_m(Vec2(2.0, 4.2)) == doctest::Approx(47.0).epsilon(0.01));
        CHECK(routes.walked_m(Vec2(2.0, 4.2)) == doctest::Approx(47.0).epsilon(0.01));
    }
}

TEST_CASE("barred ground is left but never entered") {
    Routes routes(scene::mesh_of({scene::box(0.0, 0.0, 30.0, 2.0)}, {}, 2.0),
                  scene::box(28.0, 0.0, 30.0, 2.0));
    CHECK(std::isfinite(routes.cost_m(Vec2(1.0, 1.0))));
    WalkGround ground = routes.navigation->ground();
    for (std::size_t t = 0; t < ground.is_barred.size(); ++t) {
        const double x = routes.city->walk.centroid(TriangleId(t)).x();
        ground.is_barred[t] = x > 10.0 && x < 20.0;
    }
    routes.navigation->set_ground(ground);
    routes.prepare();
    CHECK_FALSE(std::isfinite(routes.cost_m(Vec2(1.0, 1.0))));
    CHECK_FALSE(routes.navigation->steer(0, routes.triangle_at(Vec2(1.0, 1.0)), Vec2(1.0, 1.0), 0.2)
                    .is_reachable);
    CHECK(std::isfinite(routes.cost_m(Vec2(15.0, 1.0))));
    CHECK(std::isfinite(routes.cost_m(Vec2(25.0, 1.0))));
}

TEST_CASE("slow ground costs its length divided by the walking factor") {
    Routes routes(scene::mesh_of({scene::box(0.0, 0.0, 30.0, 2.0)}, {}, 2.0),
                  scene::box(28.0, 0.0, 30.0, 2.0));
    WalkGround ground = routes.navigation->ground();
    for (std::size_t t = 0; t < ground.factor.size(); ++t) {
        const double x = routes.city->walk.centroid(TriangleId(t)).x();
        ground.factor[t] = x > 10.0 && x < 20.0 ? 0.5F : 1.0F;
    }
    routes.navigation->set_ground(ground);
    routes.prepare();
    CHECK(routes.cost_m(Vec2(1.0, 1.0)) == doctest::Approx(27.0 + 10.0).epsilon(0.01));
}

TEST_CASE("a point behind a corner is steered for by way of the corner") {
    const Routes routes = around_a_building(5.0);
    const Vec2 from(13.0, 18.0);
    const Vec2 point(22.0, 27.0);
    const Steering way = routes.navigation->steer_to_point(routes.triangle_at(from), from,
                                                           routes.triangle_at(point), point, 0.25);
    CHECK(way.is_reachable);
    CHECK((way.at - Vec2(15.0, 25.0)).norm() < 1.0);
}

TEST_CASE("who stands before the post of a narrow opening is led beside it and not into it") {
    // An opening of 0.5 m that narrows from 0.7 m in steps of 5 cm: triangles hardly wider than
    // that lead into the corners of the steps.
    const Box2 target = scene::box(-2.0, -4.0, 2.0, -3.0);
    const Routes routes(
        scene::mesh_of({scene::box(-2.0, 0.0, 2.0, 4.0), scene::box(-0.35, -0.05, 0.35, 0.0),
                        scene::box(-0.3, -0.1, 0.3, -0.05), scene::box(-0.25, -1.1, 0.25, -0.1),
                        scene::box(-2.0, -4.0, 2.0, -1.1)}),
        target);
    for (const double y : {0.05, 0.1, 0.15, 0.2}) {
        CAPTURE(y);
        const Vec2 p(0.277, y);
        const Steering way = routes.navigation->steer(0, routes.triangle_at(p), p, 0.25);
        REQUIRE(way.is_reachable);
        CHECK(way.at.x() < 0.25);
    }
}

TEST_CASE("a route mended after random changes is bit by bit the one searched anew") {
    const Box2 target = scene::box(70.0, 70.0, 74.0, 74.0);
    const std::vector<Box2> blocks = {scene::box(10, 10, 20, 30), scene::box(30, 8, 50, 20),
                                      scene::box(26, 32, 44, 52), scene::box(52, 30, 66, 62),
                                      scene::box(8, 44, 18, 70)};
    Routes routes(scene::mesh_of({scene::box(0, 0, 80, 80), target}, blocks, 2.0), target);
    const WalkMesh& mesh = routes.city->walk;
    RouteGround ground{std::vector<float>(mesh.triangles.size(), 1.0F),
                       std::vector<std::uint8_t>(mesh.triangles.size(), 0),
                       std::vector<std::uint8_t>(mesh.triangles.size(), 0)};
    std::size_t mended = 0;
    std::size_t searched = 0;
    for (std::uint64_t step = 0; step < 60; ++step) {
        CAPTURE(step);
        const UniformPair at = uniform_pair(9, step, 0, Draw::Placement);
        const UniformPair kind = uniform_pair(9, step, 1, Draw::Placement);
        for (std::size_t t = 0; t < mesh.triangles.size(); ++t) {
            const Vec2 gap = mesh.centroid(TriangleId(t)) - 80.0 * Vec2(at.first, at.second);
            if (gap.norm() < 5.0) {
                ground.weight[t] = kind.first < 0.5 ? 2.0F : 1.0F;
                ground.is_barred[t] = kind.second < 0.4;
                ground.shut_sides[t] = kind.second > 0.8 ? 2 : 0;
            }
        }
        routes.navigation->set_view(1, ground);
        Navigation fresh(routes.city, routes.scenario);
        fresh.set_view(1, ground);
        const std::uint32_t route[] = {fresh.route(0, 1)};
        routes.navigation->prepare(route);
        fresh.prepare(route);
        mended += routes.navigation->settled(route[0]);
        searched += fresh.settled(route[0]);
        for (std::uint32_t t = 0; t < mesh.triangles.size(); ++t) {
            for (std::size_t k = 0; k < 3; ++k) {
                const Vec2 p = 0.4 * mesh.centroid(TriangleId(t)) +
                               0.6 * mesh.corner(TriangleId(t), static_cast<int>(k));
                REQUIRE(routes.navigation->cost_m(route[0], t, p) == fresh.cost_m(route[0], t, p));
                const TriangleId n = mesh.triangles[t].neighbours[k];
                REQUIRE((!n.is_valid() || routes.navigation->side_after(route[0], t, n.index, 0) ==
                                              fresh.side_after(route[0], t, n.index, 0)));
            }
        }
    }
    MESSAGE("sides settled: " << mended << " mended, " << searched << " searched");
    CHECK(static_cast<double>(mended) < 0.75 * static_cast<double>(searched));
}
