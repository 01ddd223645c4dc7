#include "machine.hpp"
#include "support/walk_scene.hpp"

#include <benchmark/benchmark.h>

/// The reference scenarios A1k, A10k, A100k and B500: people, places and starts by a linear
/// congruential generator, so that other simulators can be given the very same ones. Peers were
/// measured on one core of a 2.6 GHz EPYC at their usual steps (0.01 to 0.05 s, RVO2 0.1 s).
namespace {

using namespace veste;

/// s = (1664525 s + 1013904223) mod 2^32, u = s / 2^32.
struct Lcg {
    std::uint32_t state;
    double next() {
        state = 1664525u * state + 1013904223u;
        return static_cast<double>(state) / 4294967296.0;
    }
};

std::vector<Vec2> starts(int nx, int ny, std::uint32_t seed) {
    Lcg lcg{seed};
    std::vector<Vec2> points;
    for (int i = 0; i < nx; ++i) {
        for (int k = 0; k < ny; ++k) {
            const double x = 0.5 + i + (2.0 * lcg.next() - 1.0) * 0.25;
            const double y = 0.5 + k + (2.0 * lcg.next() - 1.0) * 0.25;
            lcg.next();
            points.emplace_back(x, y);
        }
    }
    return points;
}

std::unique_ptr<scene::Walk> walk_of(const std::vector<Box2>& areas, const Box2& goal,
                                     const std::vector<Vec2>& points,
                                     WalkingModel model = WalkingModel::CollisionFreeSpeed,
                                     const std::vector<Box2>& without = {}) {
    std::vector<Box2> all = areas;
    all.push_back(goal);
    auto city = scene::city_of(scene::mesh_of(all, without, 10.0));
    Scenario scenario;
    const PlaceId from = scene::add_place(scenario, *city, "from", areas[0]);
    const PlaceId to = scene::add_place(scenario, *city, "to", goal);
    scene::add_demand(scenario, static_cast<std::uint32_t>(points.size()),
                      scene::add_profile(scenario, 1.34), from, to);
    scenario.profiles.back().model = model;
    auto walk = std::make_unique<scene::Walk>(city, scenario);
    for (std::size_t i = 0; i < points.size(); ++i) {
        walk->put(i, points[i]);
    }
    return walk;
}

/// Runs the first seconds again and again, in steps of 0.1 s (social force: 0.01 s). The crowd's
/// arrays stay in the caches up to 100,000 people, so that cycles, not memory, are the limit.
/// Agent-seconds tell more than agent-steps where step lengths differ.
template <class Make>
void run(benchmark::State& state, const Make& make, const std::vector<bench::Peer>& peers,
         int seconds = 60, double steps_per_s = 10.0) {
    Threads threads(static_cast<int>(state.range(0)));
    double agent_steps = 0.0;
    double bytes_per_agent = 0.0;
    for (auto _ : state) {
        state.PauseTiming();
        auto walk = make();
        bytes_per_agent = 0.0;
        for_each_pedestrian_field(walk->people, [&](const Field&, const auto& values) {
            bytes_per_agent += static_cast<double>(values.size() * sizeof(values[0])) /
                               static_cast<double>(walk->people.size());
        });
        state.ResumeTiming();
        threads.execute([&] {
            for (int second = 0; second < seconds; ++second) {
                agent_steps +=
                    steps_per_s * static_cast<double>(walk->people.size() - walk->arrived());
                walk->advance(1.0);
            }
        });
    }
    bench::report(state, "agent_steps", agent_steps, 0.0, peers);
    state.counters["agent_seconds_per_cpu_s"] =
        benchmark::Counter(agent_steps / steps_per_s / static_cast<double>(state.range(0)),
                           benchmark::Counter::kIsRate);
    state.counters["state_bytes_per_agent"] = bytes_per_agent;
}

void corridor_1k(benchmark::State& state) {
    run(state,
        [] {
            return walk_of({scene::box(0.0, 0.0, 299.0, 20.0)}, scene::box(299.0, 0.0, 300.0, 20.0),
                           starts(50, 20, 1));
        },
        {{"jupedsim", 305000.0}, {"jupedsim_anticipation", 220000.0}, {"rvo2", 1038000.0}});
}

void corridor_10k(benchmark::State& state) {
    run(state,
        [] {
            return walk_of({scene::box(0.0, 0.0, 399.0, 100.0)},
                           scene::box(399.0, 0.0, 400.0, 100.0), starts(100, 100, 2));
        },
        {{"jupedsim", 305000.0}, {"rvo2", 880000.0}});
}

void bottleneck_500(benchmark::State& state) {
    run(state,
        [] {
            return walk_of({scene::box(0.0, 0.0, 25.0, 20.0), scene::box(25.0, 9.4, 27.0, 10.6)},
                           scene::box(27.0, 5.0, 32.0, 15.0), starts(25, 20, 3));
        },
        {{"jupedsim", 135000.0}, {"rvo2", 758000.0}});
}

void corridor_100k(benchmark::State& state) {
    run(state,
        [] {
            return walk_of({scene::box(0.0, 0.0, 1399.0, 100.0)},
                           scene::box(1399.0, 0.0, 1400.0, 100.0), starts(1000, 100, 4));
        },
        {});
}

void corridor_1m(benchmark::State& state) {
    run(
        state,
        [] {
            return walk_of({scene::box(0.0, 0.0, 1399.0, 1000.0)},
                           scene::box(1399.0, 0.0, 1400.0, 1000.0), starts(1000, 1000, 5));
        },
        {}, 10);
}

void corridor_10k_of(benchmark::State& state, WalkingModel model, int seconds, double steps_per_s,
                     double peer_per_s) {
    run(
        state,
        [&] {
            return walk_of({scene::box(0.0, 0.0, 399.0, 100.0)},
                           scene::box(399.0, 0.0, 400.0, 100.0), starts(100, 100, 2), model);
        },
        {{"jupedsim", peer_per_s}}, seconds, steps_per_s);
}

void anticipation_10k(benchmark::State& state) {
    corridor_10k_of(state, WalkingModel::AnticipationVelocity, 20, 10.0, 220000.0);
}

void social_force_10k(benchmark::State& state) {
    corridor_10k_of(state, WalkingModel::SocialForce, 4, 100.0, 300000.0);
}

/// A plan of 240 x 180 m less 18 blocks, 39,000 m2, which 2,000 people leave by one exit.
void plan_2k(benchmark::State& state) {
    std::vector<Box2> blocks;
    for (int i = 0; i < 6; ++i) {
        for (int k = 0; k < 3; ++k) {
            const double x = 20.0 + 36.0 * i;
            const double y = 30.0 + 50.0 * k;
            blocks.push_back(scene::box(x, y, x + 16.0, y + 15.0));
        }
    }
    run(state,
        [&] {
            std::vector<Vec2> points;
            for (const Vec2& p : starts(240, 25, 6)) {
                if (points.size() < 2000) {
                    points.push_back(p);
                }
            }
            return walk_of({scene::box(0.0, 0.0, 239.0, 180.0)},
                           scene::box(239.0, 80.0, 240.0, 90.0), points,
                           WalkingModel::CollisionFreeSpeed, blocks);
        },
        {{"jupedsim", 46000.0}});
}

BENCHMARK(corridor_1k)
    ->Name("A1k")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(corridor_10k)
    ->Name("A10k")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(corridor_100k)
    ->Name("A100k")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(bottleneck_500)
    ->Name("B500")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(corridor_1m)
    ->Name("A1M")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(plan_2k)->Name("G2k")->Arg(1)->Arg(2)->ArgName("threads")->UseRealTime()->Unit(
    benchmark::kMillisecond);
BENCHMARK(anticipation_10k)
    ->Name("A10k_anticipation")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(social_force_10k)
    ->Name("A10k_social_force")
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
