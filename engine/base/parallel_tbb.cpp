#include "base/parallel.hpp"

#include <oneapi/tbb/blocked_range.h>
#include <oneapi/tbb/global_control.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <thread>

namespace veste {

struct Threads::Implementation {
    explicit Implementation(int count)
        : limit(oneapi::tbb::global_control::max_allowed_parallelism,
                static_cast<std::size_t>(count)),
          arena(count) {}
    oneapi::tbb::global_control limit;
    oneapi::tbb::task_arena arena;
};

Threads::Threads(int count)
    : count_(count > 0 ? count
                       : std::max(1, static_cast<int>(std::thread::hardware_concurrency()))),
      implementation_(std::make_unique<Implementation>(count_)) {}

Threads::~Threads() = default;

void Threads::execute(const std::function<void()>& work) {
    implementation_->arena.execute([&work] { work(); });
}

void parallel_ranges(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body) {
    const std::size_t step = std::max<std::size_t>(grain, 1);
    const std::size_t ranges = (count + step - 1) / step;
    if (ranges <= 1) {
        if (count > 0) {
            body(0, count);
        }
        return;
    }
    // Split to single fixed ranges: the bounds a body sees never depend on how TBB divides work.
    oneapi::tbb::parallel_for(std::size_t{0}, ranges, [&](std::size_t k) {
        body(k * step, std::min(count, (k + 1) * step));
    });
}

} // namespace veste
