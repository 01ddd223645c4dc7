#include "pedestrians/knowledge.hpp"
#include "support/people_digest.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <span>

using namespace veste;
using scene::box;

namespace {

/// Two ways round a block 120 m long, the southern one shorter; its middle can be closed.
struct TwoWays {
    std::shared_ptr<City> city =
        scene::city_of(scene::mesh_of({box(0, 0, 140, 40)}, {box(10, 4, 130, 30)}, 5.0));
    Scenario scenario;

    explicit TwoWays(std::uint32_t people, double informed_share = 0.0) {
        const PlaceId west = scene::add_place(scenario, *city, "west", box(0, 0, 5, 10));
        const PlaceId east = scene::add_place(scenario, *city, "east", box(135, 0, 140, 5));
        scene::add_demand(scenario, people, scene::add_profile(scenario, 1.34), west, east);
        scenario.profiles[0].informed_share = informed_share;
    }
    static void close(scene::Walk& walk) {
        for (std::size_t t = 0; t < walk.city->walk.triangles.size(); ++t) {
            const Vec2 at = walk.city->walk.centroid(TriangleId(t));
            walk.conditions.walk_closed[t] = at.x() > 80.0 && at.x() < 90.0 && at.y() < 4.0;
        }
        ++walk.conditions.walk_version;
    }
    std::vector<TriangleId> inside(const scene::Box2& area) const {
        std::vector<TriangleId> triangles;
        for (std::size_t t = 0; t < city->walk.triangles.size(); ++t) {
            if (area.contains(city->walk.centroid(TriangleId(t)))) {
                triangles.emplace_back(t);
            }
        }
        return triangles;
    }
    static void flood(scene::Walk& walk, const std::vector<TriangleId>& triangles, float depth_m) {
        for (const TriangleId t : triangles) {
            walk.conditions.walk_depth_m[t.index] = depth_m;
        }
        ++walk.conditions.walk_version;
    }
    /// How far east each person gets on the southern way when it is closed from the start.
    std::vector<double> farthest_m() const {
        scene::Walk walk(city, scenario);
        close(walk);
        return farthest_m(walk);
    }
    static std::vector<double> farthest_m(scene::Walk& walk) {
        std::vector<double> farthest(walk.people.size(), 0.0);
        CHECK(walk.run_until_all_arrived(500.0, 1.0, [&] {
            for (std::size_t i = 0; i < farthest.size(); ++i) {
                if (walk.people.y_m[i] < 5.0 && walk.people.x_m[i] < 130.0) {
                    farthest[i] = std::max(farthest[i], walk.people.x_m[i]);
                }
            }
        }));
        return farthest;
    }
};

} // namespace

TEST_CASE("who is not informed walks up to a closure and turns on seeing it") {
    for (const double sight_m : {15.0, 30.0}) {
        CAPTURE(sight_m);
        TwoWays ways(8);
        ways.scenario.walking.sight_m = sight_m;
        for (const double x_m : ways.farthest_m()) {
            CHECK(x_m > 80.0 - sight_m - 1.0);
            CHECK(x_m < 80.0 - sight_m + 4.0); // looked at once a second
        }
    }
}

TEST_CASE("the informed know of a closure at once, and their share is that of the profile") {
    const auto turned = [](double share) {
        const std::vector<double> farthest = TwoWays(200, share).farthest_m();
        return std::count_if(farthest.begin(), farthest.end(), [](double x) { return x < 12.0; });
    };
    CHECK(turned(1.0) == 200);
    CHECK(turned(0.0) == 0);
    // Four standard deviations of 200 draws: 4 sqrt(200 0.4 0.6).
    CHECK(std::abs(static_cast<double>(turned(0.4)) - 80.0) < 28.0);
}

TEST_CASE("who is told of a closure turns before seeing it") {
    TwoWays ways(8);
    Order order;
    order.tells_closures = true;
    order.is_once = true;
    ways.scenario.orders.push_back(order);
    scene::Walk walk(ways.city, ways.scenario);
    TwoWays::close(walk);
    walk.advance(20.0);
    const double x_m = *std::max_element(walk.people.x_m.begin(), walk.people.x_m.end());
    CHECK(x_m > 15.0);
    walk.people.order_given[0] = 1;
    CHECK(walk.run_until_all_arrived(500.0, 1.0, [&] {
        for (std::size_t i = 0; i < walk.people.size(); ++i) {
            CHECK((walk.people.y_m[i] > 5.0 || walk.people.x_m[i] > 129.0 ||
                   walk.people.x_m[i] < x_m + 4.0));
        }
    }));
}

TEST_CASE("a street opened again is used by those who learn of it, and by nobody else") {
    // Closed from the start, which all know; opened before they set out.
    const auto used_by = [](double informed_share, double sight_m, bool is_told) {
        TwoWays ways(60, informed_share);
        ways.scenario.walking.sight_m = sight_m;
        ways.scenario.changes.push_back(
            {0.0, "close", CloseWays{{}, ways.inside(box(80, 0, 90, 4)), {}}});
        Order order;
        order.tells_closures = true;
        ways.scenario.orders.push_back(order);
        scene::Walk walk(ways.city, ways.scenario);
        walk.people.order_given[0] = is_told ? 1 : 0;
        const std::vector<double> farthest = TwoWays::farthest_m(walk);
        return std::count_if(farthest.begin(), farthest.end(), [](double x) { return x > 80.0; });
    };
    CHECK(used_by(0.0, 30.0, false) == 0);   // the start is 75 m from its edge
    CHECK(used_by(0.0, 100.0, false) == 60); // seen from the start
    CHECK(used_by(1.0, 30.0, false) == 60);
    CHECK(used_by(0.0, 30.0, true) == 60);
}

TEST_CASE("who is not informed walks up to deep water and turns on seeing it") {
    TwoWays ways(8);
    scene::Walk walk(ways.city, ways.scenario);
    TwoWays::flood(walk, ways.inside(box(80, 0, 90, 4)), 0.6F); // a danger for most
    for (const double x_m : TwoWays::farthest_m(walk)) {
        CHECK(x_m > 80.0 - 30.0 - 1.0);
        CHECK(x_m < 80.0 - 30.0 + 4.0);
    }
}

TEST_CASE("who sees water that wets the ankles reckons with all the water there is") {
    for (const float depth_m : {0.05F, 0.15F}) { // a puddle tells nothing
        CAPTURE(depth_m);
        TwoWays ways(8);
        scene::Walk walk(ways.city, ways.scenario);
        TwoWays::flood(walk, ways.inside(box(80, 0, 90, 4)), 0.6F);
        TwoWays::flood(walk, ways.inside(box(0, 15, 5, 20)), depth_m);
        for (const double x_m : TwoWays::farthest_m(walk)) {
            CHECK((x_m < 12.0) == (depth_m > 0.1F));
        }
    }
}

TEST_CASE("a barrier put up during the run is known on seeing it, one from the start at once") {
    const auto farthest_m = [](double informed_share, bool is_up) {
        TwoWays ways(8, informed_share);
        ways.scenario.barriers.push_back(barrier_along(
            ways.city->walk, "fence", {Vec2(85.0, -0.3), Vec2(85.0, 4.3)}, std::nullopt));
        REQUIRE_FALSE(ways.scenario.barriers[0].sides.empty());
        ways.scenario.barriers[0].is_up = is_up;
        scene::Walk walk(ways.city, ways.scenario);
        walk.people.barrier_up[0] = 1;
        return TwoWays::farthest_m(walk);
    };
    for (const double x_m : farthest_m(0.0, false)) {
        CHECK(x_m > 85.0 - 30.0 - 1.0);
        CHECK(x_m < 85.0 - 30.0 + 4.0);
    }
    for (const double x_m : farthest_m(1.0, false)) {
        CHECK(x_m < 12.0);
    }
    for (const double x_m : farthest_m(0.0, true)) {
        CHECK(x_m < 12.0);
    }
}

TEST_CASE("what people know goes on alike from a copy of the state, for any number of threads") {
    TwoWays ways(60, 0.4);
    ways.scenario.walking.route_spread_m = 6.0;
    scene::Walk walk(ways.city, ways.scenario);
    walk.advance(15.0);
    TwoWays::close(walk);
    walk.advance(20.0);
    PedestrianModel fresh(walk.city, walk.scenario, PedestrianParameters{});
    Pedestrians copy = walk.people;
    const double from_s = walk.now_s;
    Threads(1).execute([&] { walk.advance(40.0); });
    Threads(5).execute([&] { fresh.advance(copy, walk.conditions, from_s, 40.0, 0.1); });
    CHECK(digest_of(copy) == digest_of(walk.people));
}

TEST_CASE("the share who avoid the dark take a longer way that is lit") {
    for (const double share : {0.0, 0.4, 1.0}) {
        CAPTURE(share);
        TwoWays ways(200);
        ways.scenario.profiles[0].avoids_dark_share = share;
        scene::Walk walk(ways.city, ways.scenario);
        for (std::size_t t = 0; t < walk.city->walk.triangles.size(); ++t) {
            walk.conditions.walk_illuminance_lx[t] =
                walk.city->walk.centroid(TriangleId(t)).y() < 4.0 ? 1.5F : 10.0F;
        }
        std::vector<char> is_north(walk.people.size(), 0);
        CHECK(walk.run_until_all_arrived(500.0, 1.0, [&] {
            for (std::size_t i = 0; i < is_north.size(); ++i) {
                is_north[i] |= walk.people.y_m[i] > 30.0;
            }
        }));
        const auto north = std::count(is_north.begin(), is_north.end(), 1);
        CHECK(std::abs(static_cast<double>(north) - 200.0 * share) <=
              4.0 * std::sqrt(200.0 * share * (1.0 - share)));
    }
}

TEST_CASE("people spread over two ways as the probit model says") {
    // Ways of about 341 and 353 m that do not overlap; over many seeds the shares of the tastes
    // come near to Phi(12 / sqrt(beta (341 + 353))).
    auto city = scene::city_of(scene::mesh_of({box(0, 0, 304, 52)}, {box(2, 2, 302, 50)}, 2.0));
    const double spread_m = 6.0;
    double shorter = 0.0;
    double costs_m[2] = {0.0, 0.0};
    constexpr int seeds = 40;
    constexpr std::uint32_t tastes = 16;
    for (int seed = 0; seed < seeds; ++seed) {
        Scenario scenario;
        scenario.seed = static_cast<std::uint64_t>(seed) + 1;
        scenario.walking.route_spread_m = spread_m;
        scenario.walking.tastes = tastes;
        scene::add_place(scenario, *city, "east", box(302, 22, 304, 24));
        Navigation navigation(city, std::make_shared<Scenario>(scenario));
        const auto cost_m = [&](std::uint32_t taste, bool is_south) {
            const std::vector<float> felt = felt_lengths(city->walk, scenario, taste);
            std::vector<float> factor(felt.size());
            std::vector<std::uint8_t> is_barred(felt.size());
            for (std::size_t t = 0; t < felt.size(); ++t) {
                factor[t] = 1.0F / felt[t];
                const Vec2 at = city->walk.centroid(TriangleId(t));
                is_barred[t] = at.x() > 150 && at.x() < 154 && (at.y() < 25) != is_south;
            }
            navigation.set_view(1, {route_weights(factor), is_barred, {}});
            const std::uint32_t route[] = {navigation.route(0, 1)};
            navigation.prepare(route);
            return navigation.cost_m(route[0], city->walk.locate(Vec2(1, 23)).value().index,
                                     Vec2(1, 23));
        };
        costs_m[0] = cost_m(0, true);
        costs_m[1] = cost_m(0, false);
        for (std::uint32_t taste = 1; taste <= tastes; ++taste) {
            shorter += cost_m(taste, true) < cost_m(taste, false) ? 1.0 : 0.0;
        }
    }
    const double beta_m = spread_m * spread_m / 100.0;
    const double z = (costs_m[1] - costs_m[0]) / std::sqrt(beta_m * (costs_m[0] + costs_m[1]));
    const double expected = 0.5 * std::erfc(-z / std::sqrt(2.0));
    CHECK(z > 0.2);
    // 640 draws, in forty independent lots: three standard deviations of such a mean, and the
    // squares' edges.
    CHECK(std::abs(shorter / (seeds * tastes) - expected) < 0.08);
}
