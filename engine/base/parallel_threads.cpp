#include "base/parallel.hpp"

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

/// Plain threads, started for each loop: slow, but free of the false races that the thread
/// sanitizer reports inside TBB.
namespace veste {
namespace {

thread_local int loop_threads = 1;

} // namespace

struct Threads::Implementation {};

Threads::Threads(int count)
    : count_(count > 0 ? count
                       : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))) {}

Threads::~Threads() = default;

void Threads::execute(const std::function<void()>& work) {
    const int before = loop_threads;
    loop_threads = count_;
    try {
        work();
    } catch (...) {
        loop_threads = before;
        throw;
    }
    loop_threads = before;
}

void parallel_ranges(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body) {
    const std::size_t step = std::max<std::size_t>(grain, 1);
    const std::size_t ranges = (count + step - 1) / step;
    if (ranges <= 1 || loop_threads <= 1) {
        for (std::size_t k = 0; k < ranges; ++k) {
            body(k * step, std::min(count, (k + 1) * step));
        }
        return;
    }
    std::atomic<std::size_t> next{0};
    std::exception_ptr failure;
    std::mutex failure_mutex;
    const auto take_ranges = [&] {
        try {
            for (std::size_t k = next++; k < ranges; k = next++) {
                body(k * step, std::min(count, (k + 1) * step));
            }
        } catch (...) {
            const std::lock_guard lock(failure_mutex);
            failure = std::current_exception();
        }
    };
    std::vector<std::thread> helpers;
    for (int i = 1; i < loop_threads; ++i) {
        helpers.emplace_back(take_ranges);
    }
    take_ranges();
    for (std::thread& helper : helpers) {
        helper.join();
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

} // namespace veste
