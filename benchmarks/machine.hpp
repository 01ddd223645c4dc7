#pragma once
#include "base/parallel.hpp"

#include <algorithm>
#include <array>
#include <benchmark/benchmark.h>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// What the machine itself gives, measured in the same run as the engine, and the counters that
/// hold an engine's rate against it and against its peers: figures of two machines compare only
/// so.
namespace veste::bench {

inline double seconds_since(std::chrono::steady_clock::time_point begin) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Cycles per second of one busy core: a chain of additions, each of which waits one cycle for the
/// one before. The best of several tries, since a try may be interrupted.
inline double measured_clock_hz() {
    constexpr int rounds = 1 << 18;
    constexpr int additions = 64;
    double best_hz = 0.0;
    std::uint64_t sum = 1;
    std::uint64_t term = 3;
    for (int attempt = 0; attempt < 20; ++attempt) {
        const auto begin = std::chrono::steady_clock::now();
        for (int round = 0; round < rounds; ++round) {
#pragma GCC unroll 64
            for (int k = 0; k < additions; ++k) {
                sum += term;
                asm volatile("" : "+r"(sum), "+r"(term)); // keeps the chain as it is written
            }
        }
        best_hz = std::max(best_hz, static_cast<double>(rounds) * additions / seconds_since(begin));
    }
    return best_hz;
}

/// Bytes per second between memory and processor: a = b + s c over arrays far larger than the
/// caches (STREAM triad, McCalpin 1995), 24 bytes an element; the cache line that a write fetches
/// is not counted, neither here nor in the engine's bytes per update.
inline double measured_triad_bytes_per_s(int thread_count) {
    const std::size_t count = std::size_t{16} << 20;
    std::vector<double> a(count, 0.0);
    const std::vector<double> b(count, 1.0);
    const std::vector<double> c(count, 2.0);
    Threads threads(thread_count);
    double best = 0.0;
    for (int attempt = 0; attempt < 10; ++attempt) {
        const auto begin = std::chrono::steady_clock::now();
        threads.execute([&] {
            parallel_ranges(count, count / 64, [&](std::size_t first, std::size_t end) {
                for (std::size_t i = first; i < end; ++i) {
                    a[i] = b[i] + 3.0 * c[i];
                }
            });
        });
        benchmark::DoNotOptimize(a.data());
        benchmark::ClobberMemory();
        best = std::max(best, 24.0 * static_cast<double>(count) / seconds_since(begin));
    }
    return best;
}

struct Machine {
    double clock_hz = measured_clock_hz();
    std::array<double, 2> triad_bytes_per_s = {measured_triad_bytes_per_s(1),
                                               measured_triad_bytes_per_s(2)};
};

/// Measured at the first call.
inline const Machine& this_machine() {
    static const Machine machine;
    return machine;
}

/// Updates per second of another program at the same task, on one and on two cores; 0: not known.
struct Peer {
    std::string name;
    double on_one = 0.0;
    double on_two = 0.0;
};

/// Sets the counters of `updates` done in the timed loops by 1 or 2 threads: their rate as
/// NAME_per_s, cycles an update (of all threads together), and each peer's rate. Where one update
/// must move `bytes_per_update` from and to memory, also the share of what memory gives; 0: the
/// data stay in the caches, and memory sets no limit.
inline void report(benchmark::State& state, const std::string& name, double updates,
                   double bytes_per_update, const std::vector<Peer>& peers) {
    using benchmark::Counter;
    const Machine& machine = this_machine();
    const auto threads = static_cast<int>(state.range(0));
    state.counters[name + "_per_s"] = Counter(updates, Counter::kIsRate, Counter::kIs1000);
    state.counters["cycles_per_update"] =
        Counter(updates / (machine.clock_hz * threads), Counter::kIsRate | Counter::kInvert);
    state.counters["machine_clock_hz"] = machine.clock_hz;
    if (bytes_per_update > 0.0) {
        const double limit = machine.triad_bytes_per_s.at(static_cast<std::size_t>(threads - 1));
        state.counters["bytes_per_update"] = bytes_per_update;
        state.counters["machine_bytes_per_s"] = limit;
        state.counters["share_of_memory"] =
            Counter(updates * bytes_per_update / limit, Counter::kIsRate);
    }
    for (const Peer& peer : peers) {
        const double rate = threads == 1 ? peer.on_one : peer.on_two;
        if (rate > 0.0) {
            state.counters["peer_" + peer.name + "_per_s"] = rate;
        }
    }
}

} // namespace veste::bench
