#include "base/parallel.hpp"

#include <algorithm>
#include <vector>

namespace veste {

double ordered_sum(std::size_t count, std::size_t grain,
                   const std::function<double(std::size_t, std::size_t)>& partial) {
    const std::size_t step = std::max<std::size_t>(grain, 1);
    std::vector<double> partials((count + step - 1) / step);
    parallel_for(partials.size(), 1, [&](std::size_t k) {
        partials[k] = partial(k * step, std::min(count, (k + 1) * step));
    });
    double sum = 0.0;
    for (const double value : partials) {
        sum += value;
    }
    return sum;
}

} // namespace veste
