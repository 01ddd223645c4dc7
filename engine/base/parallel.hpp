#pragma once
#include <cstddef>
#include <functional>
#include <memory>

/// The only door to threads. Loops split into ranges whose bounds depend on the length and the
/// grain alone, and sums are taken range by range in order, so results never depend on the thread
/// count.
namespace veste {

/// Runs loops on a fixed number of threads (0 means all processors). Raises TBB's own limit, which
/// otherwise may silently give a single worker.
class Threads {
public:
    explicit Threads(int count);
    ~Threads();
    Threads(const Threads&) = delete;
    Threads& operator=(const Threads&) = delete;

    int count() const { return count_; }
    /// Runs the work with loops inside it spread over these threads; exceptions pass through.
    void execute(const std::function<void()>& work);

private:
    struct Implementation;
    int count_;
    std::unique_ptr<Implementation> implementation_;
};

/// Calls body(begin, end) for consecutive ranges of at most `grain` items that cover [0, count).
/// Ranges run in any order and on any thread: the body must write only to its own items.
void parallel_ranges(std::size_t count, std::size_t grain,
                     const std::function<void(std::size_t, std::size_t)>& body);

/// Calls body(i) for every i in [0, count), in parallel.
template <class Body> void parallel_for(std::size_t count, std::size_t grain, Body&& body) {
    parallel_ranges(count, grain, [&body](std::size_t begin, std::size_t end) {
        for (std::size_t i = begin; i < end; ++i) {
            body(i);
        }
    });
}

/// The sum of partial(begin, end) over fixed ranges, added in order of the ranges: bit-identical
/// for any number of threads.
double ordered_sum(std::size_t count, std::size_t grain,
                   const std::function<double(std::size_t, std::size_t)>& partial);

} // namespace veste
