#include "base/parallel.hpp"

#include <chrono>
#include <cmath>
#include <doctest/doctest.h>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>
#include <vector>

using namespace veste;

TEST_CASE("a loop on several threads really runs on several threads") {
    Threads threads(4);
    std::set<std::thread::id> seen;
    std::mutex mutex;
    threads.execute([&] {
        parallel_for(64, 1, [&](std::size_t) {
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
            const std::lock_guard lock(mutex);
            seen.insert(std::this_thread::get_id());
        });
    });
    CHECK(seen.size() > 1);
}

TEST_CASE("every item is visited once, and ranges depend on length and grain only") {
    Threads threads(3);
    std::vector<int> visits(1001, 0);
    threads.execute([&] {
        parallel_ranges(visits.size(), 10, [&](std::size_t begin, std::size_t end) {
            CHECK(begin % 10 == 0);
            CHECK(end - begin <= 10);
            for (std::size_t i = begin; i < end; ++i) {
                ++visits[i];
            }
        });
    });
    CHECK(visits == std::vector<int>(1001, 1));
}

TEST_CASE("an ordered sum is bit-identical for any number of threads") {
    const auto sum_with = [](int count) {
        double sum = 0.0;
        Threads threads(count);
        threads.execute([&] {
            sum = ordered_sum(100000, 128, [](std::size_t begin, std::size_t end) {
                double partial = 0.0;
                for (std::size_t i = begin; i < end; ++i) {
                    partial += std::sin(static_cast<double>(i)) * 1e6;
                }
                return partial;
            });
        });
        return sum;
    };
    const double expected = sum_with(1);
    for (const int count : {2, 3, 5, 8}) {
        CHECK(sum_with(count) == expected);
    }
}

TEST_CASE("an exception in a loop reaches the caller") {
    Threads threads(2);
    CHECK_THROWS_AS(threads.execute([] {
        parallel_for(100, 1, [](std::size_t i) {
            if (i == 57) {
                throw std::runtime_error("57");
            }
        });
    }),
                    std::runtime_error);
}
