#include "support/walk_scene.hpp"

#include <array>
#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

/// Streams of people, each from a rectangle to another, on one mesh.
struct Stream {
    Box2 from;
    Box2 to;
    std::uint32_t count;
};

struct Outcome {
    bool all_arrived = false;
    double took_s = 0.0;
    double most_per_m2 = 0.0; ///< people within a metre, by the disc's area
};

double most_crowded_per_m2(const scene::Walk& walk) {
    std::vector<Vec2> at;
    for (std::size_t i = 0; i < walk.people.size(); ++i) {
        if (walk.people.is_present(i)) {
            at.emplace_back(walk.people.x_m[i], walk.people.y_m[i]);
        }
    }
    std::ptrdiff_t most = 0;
    for (const Vec2& p : at) {
        most = std::max(most, std::count_if(at.begin(), at.end(), [&](const Vec2& q) {
                            return (p - q).squaredNorm() < 1.0;
                        }));
    }
    return static_cast<double>(most) / std::numbers::pi;
}

Outcome run(std::vector<Box2> areas, const std::vector<Stream>& streams, std::uint64_t seed,
            double until_s) {
    for (const Stream& stream : streams) {
        areas.push_back(stream.to);
    }
    auto city = scene::city_of(scene::mesh_of(areas, {}, 7.0));
    Scenario scenario;
    scenario.seed = seed;
    const ProfileId profile = scene::add_profile(scenario, 1.34, 0.26);
    for (const Stream& stream : streams) {
        const PlaceId from = scene::add_place(scenario, *city, "from", stream.from);
        const PlaceId to = scene::add_place(scenario, *city, "to", stream.to);
        scene::add_demand(scenario, stream.count, profile, from, to);
    }
    scene::Walk walk(city, scenario);
    std::size_t i = 0;
    for (const Stream& stream : streams) {
        for (const Vec2& p : scene::scattered(stream.from, stream.count, 0.6, seed + i)) {
            walk.put(i++, p);
        }
    }
    Outcome outcome;
    outcome.all_arrived = walk.run_until_all_arrived(until_s, 5.0, [&] {
        outcome.most_per_m2 = std::max(outcome.most_per_m2, most_crowded_per_m2(walk));
        CHECK(walk.all_on_mesh());
    });
    outcome.took_s = walk.now_s;
    return outcome;
}

/// The densest crowds measured stand at 8 to 9 per m² (Helbing, Johansson, Al-Abideen 2007).
constexpr double crush_per_m2 = 9.0;

/// Two ways of 60 m that cross at right angles.
std::vector<Box2> crossing(double half_m) {
    return {scene::box(-30.0, -half_m, 30.0, half_m), scene::box(-half_m, -30.0, half_m, 30.0)};
}

/// From the arms' inner parts to the opposite ends: eastwards, northwards, westwards, southwards.
std::array<Stream, 4> arms(double h, std::uint32_t count) {
    return {{{scene::box(-26.0, 0.3 - h, -h, h - 0.3), scene::box(27.0, -h, 30.0, h), count},
             {scene::box(0.3 - h, -26.0, h - 0.3, -h), scene::box(-h, 27.0, h, 30.0), count},
             {scene::box(h, 0.3 - h, 26.0, h - 0.3), scene::box(-30.0, -h, -27.0, h), count},
             {scene::box(0.3 - h, h, h - 0.3, 26.0), scene::box(-h, -30.0, h, -27.0), count}}};
}

} // namespace

TEST_CASE("two streams cross at right angles without jam") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        const auto [east, north, west, south] = arms(2.5, 160);
        const Outcome outcome = run(crossing(2.5), {east, north}, seed, 600.0);
        CHECK(outcome.all_arrived);
        CHECK(outcome.most_per_m2 < crush_per_m2);
        MESSAGE("320 people cross in ", outcome.took_s, " s, at most ", outcome.most_per_m2,
                " per m2");
    }
}

TEST_CASE("four streams meet at a crossing without jam") {
    for (const std::uint64_t seed : {1U, 2U, 3U}) {
        for (const double half_m : {1.5, 2.5}) {
            const auto [east, north, west, south] = arms(half_m, half_m < 2.0 ? 50 : 100);
            const Outcome outcome = run(crossing(half_m), {east, north, west, south}, seed, 600.0);
            CHECK(outcome.all_arrived);
            CHECK(outcome.most_per_m2 < crush_per_m2);
        }
    }
}

TEST_CASE("sixty people change rooms with sixty others through one door") {
    const Box2 west = scene::box(2.5, 0.5, 14.0, 9.5);
    const Box2 east = scene::box(16.0, 0.5, 27.5, 9.5);
    for (std::uint64_t seed = 1; seed <= 10; ++seed) {
        CAPTURE(seed);
        const Outcome outcome =
            run({scene::box(0.0, 0.0, 15.0, 10.0), scene::box(15.0, 4.55, 15.3, 5.45),
                 scene::box(15.3, 0.0, 30.0, 10.0)},
                {{west, scene::box(28.0, 0.0, 30.0, 10.0), 60},
                 {east, scene::box(0.0, 0.0, 2.0, 10.0), 60}},
                seed, 600.0);
        CHECK(outcome.all_arrived);
        CHECK(outcome.most_per_m2 < crush_per_m2);
    }
}

TEST_CASE("forty people each way get through a passage hardly wider than a body") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        CAPTURE(seed);
        const Outcome outcome =
            run({scene::box(0.0, 0.0, 15.0, 10.0), scene::box(15.0, 4.65, 23.0, 5.35),
                 scene::box(23.0, 0.0, 38.0, 10.0)},
                {{scene::box(2.5, 0.5, 14.0, 9.5), scene::box(36.0, 0.0, 38.0, 10.0), 40},
                 {scene::box(24.0, 0.5, 35.5, 9.5), scene::box(0.0, 0.0, 2.0, 10.0), 40}},
                seed, 600.0);
        CHECK(outcome.all_arrived);
        CHECK(outcome.most_per_m2 < crush_per_m2);
    }
}

TEST_CASE("a great crowd leaves a square by one way and never crushes itself") {
    const Outcome outcome = run(
        {scene::box(0.0, 0.0, 40.0, 40.0), scene::box(40.0, 18.5, 50.0, 21.5),
         scene::box(50.0, 10.0, 70.0, 30.0)},
        {{scene::box(4.0, 0.5, 39.0, 39.5), scene::box(67.0, 10.0, 70.0, 30.0), 1500}}, 1, 900.0);
    CHECK(outcome.all_arrived);
    // Who waits for those ahead presses nobody: denser than at stages, far from a crush.
    CHECK(outcome.most_per_m2 < 6.0);
}

TEST_CASE("those who leave and those who come in get past each other in a narrow way") {
    const Outcome outcome =
        run({scene::box(0.0, 0.0, 40.0, 40.0), scene::box(40.0, 18.5, 50.0, 21.5),
             scene::box(50.0, 0.0, 90.0, 40.0)},
            {{scene::box(4.0, 0.5, 39.0, 39.5), scene::box(87.0, 0.0, 90.0, 40.0), 400},
             {scene::box(51.0, 0.5, 86.0, 39.5), scene::box(0.0, 0.0, 3.0, 40.0), 400}},
            1, 900.0);
    CHECK(outcome.all_arrived);
    CHECK(outcome.most_per_m2 < crush_per_m2);
}
