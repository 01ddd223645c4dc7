#include "machine.hpp"
#include "pedestrians/surroundings.hpp"
#include "support/walk_scene.hpp"

#include <benchmark/benchmark.h>

/// The reference scenarios A1k to A1M, B500 and G2k: people, places and starts by a linear
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

/// People whom a walker heeds, on average: ahead within 2 m, as far as the default model looks at
/// this free speed, or close by.
double neighbours_of_each(const scene::Walk& walk) {
    constexpr double reach_m = 2.0;
    constexpr double behind_m = 0.9;
    const WalkCells cells(walk.city->walk, walk.people.size());
    Crowd crowd(cells);
    std::vector<std::uint32_t> present;
    for (std::uint32_t i = 0; i < walk.people.size(); ++i) {
        if (walk.people.is_present(i)) {
            present.push_back(i);
        }
    }
    crowd.build(walk.people, present);
    Sights sights(1);
    std::size_t pairs = 0;
    for (const Crowd::Person& person : crowd.everyone()) {
        Intention walker;
        walker.id = person.id;
        walker.at = Vec2(person.x_m, person.y_m);
        walker.direction = Vec2(static_cast<double>(person.look.facing_x),
                                static_cast<double>(person.look.facing_y));
        walker.triangle = person.triangle;
        walker.levels = person.levels;
        sights.clear();
        for (const FourInSight& four : sights.look_around(walker, crowd, reach_m, behind_m).fours) {
            for (std::size_t lane = 0; lane < lane_count; ++lane) {
                pairs += four.distance_m[lane] <= static_cast<float>(reach_m) ? 1u : 0u;
            }
        }
    }
    return static_cast<double>(pairs) /
           static_cast<double>(std::max<std::size_t>(present.size(), 1));
}

void add(WalkingTimes& sum, const WalkingTimes& more) {
    sum.begin_s += more.begin_s;
    sum.settle_s += more.settle_s;
    sum.gather_s += more.gather_s;
    sum.decide_s += more.decide_s;
    sum.move_s += more.move_s;
    sum.census_s += more.census_s;
}

/// Where the time goes, in cycles of all threads for each agent step.
void report_stages(benchmark::State& state, const WalkingTimes& times, double agent_steps,
                   double neighbours) {
    const double cycles_per_s =
        bench::this_machine().clock_hz * static_cast<double>(state.range(0)) / agent_steps;
    state.counters["cycles_settle"] = (times.begin_s + times.settle_s) * cycles_per_s;
    state.counters["cycles_gather"] = times.gather_s * cycles_per_s;
    state.counters["cycles_decide"] = times.decide_s * cycles_per_s;
    state.counters["cycles_move"] = times.move_s * cycles_per_s;
    state.counters["cycles_census"] = times.census_s * cycles_per_s;
    state.counters["neighbours"] = neighbours;
    state.counters["cycles_decide_per_pair"] =
        times.decide_s * cycles_per_s / std::max(neighbours, 1e-9);
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
    double neighbours = 0.0;
    WalkingTimes times;
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
        state.PauseTiming();
        add(times, walk->model.times());
        neighbours = neighbours_of_each(*walk);
        state.ResumeTiming();
    }
    bench::report(state, "agent_steps", agent_steps, 0.0, peers);
    state.counters["agent_seconds_per_cpu_s"] =
        benchmark::Counter(agent_steps / steps_per_s / static_cast<double>(state.range(0)),
                           benchmark::Counter::kIsRate);
    state.counters["state_bytes_per_agent"] = bytes_per_agent;
    report_stages(state, times, agent_steps, neighbours);
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

/// Each case on one and on two threads; the large ones once, since one run is long enough.
void add_case(const char* name, void (*scene)(benchmark::State&), bool is_large = false) {
    auto* one = benchmark::RegisterBenchmark(name, scene)
                    ->Arg(1)
                    ->Arg(2)
                    ->ArgName("threads")
                    ->UseRealTime()
                    ->Unit(benchmark::kMillisecond);
    if (is_large) {
        one->Iterations(1);
    }
}

} // namespace

int main(int argc, char** argv) {
    add_case("A1k", corridor_1k);
    add_case("A10k", corridor_10k);
    add_case("A100k", corridor_100k, true);
    add_case("B500", bottleneck_500);
    add_case("A1M", corridor_1m, true);
    add_case("G2k", plan_2k);
    add_case("A10k_anticipation", anticipation_10k);
    add_case("A10k_social_force", social_force_10k);
    benchmark::Initialize(&argc, argv);
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
}
