#pragma once
#include "base/parallel.hpp"

#include <algorithm>
#include <vector>

/// The reductions, alike for every backend of parallel_ranges; included by the backends only.
namespace veste {
namespace {

std::vector<double> partial_values(std::size_t count, std::size_t grain,
                                   const std::function<double(std::size_t, std::size_t)>& partial) {
    const std::size_t step = std::max<std::size_t>(grain, 1);
    std::vector<double> partials((count + step - 1) / step);
    parallel_ranges(partials.size(), 1, [&](std::size_t begin, std::size_t end) {
        for (std::size_t k = begin; k < end; ++k) {
            partials[k] = partial(k * step, std::min(count, (k + 1) * step));
        }
    });
    return partials;
}

} // namespace

double ordered_sum(std::size_t count, std::size_t grain,
                   const std::function<double(std::size_t, std::size_t)>& partial) {
    double sum = 0.0;
    for (const double value : partial_values(count, grain, partial)) {
        sum += value;
    }
    return sum;
}

double parallel_max(std::size_t count, std::size_t grain, double lowest,
                    const std::function<double(std::size_t, std::size_t)>& partial) {
    double largest = lowest;
    for (const double value : partial_values(count, grain, partial)) {
        largest = std::max(largest, value);
    }
    return largest;
}

} // namespace veste
