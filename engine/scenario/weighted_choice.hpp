#pragma once
#include "scenario/journey.hpp"

#include <vector>

namespace veste {

/// The choice at which a share, 0 to 1, of the summed weights is reached.
template <class T> const T& pick(const std::vector<Weighted<T>>& choices, double share) {
    double sum = 0.0;
    for (const Weighted<T>& choice : choices) {
        sum += choice.weight;
    }
    double left = share * sum;
    for (const Weighted<T>& choice : choices) {
        left -= choice.weight;
        if (left < 0.0) {
            return choice.what;
        }
    }
    return choices.back().what;
}

} // namespace veste
