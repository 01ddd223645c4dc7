#include "base/errors.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <numeric>

namespace veste {

std::string out_of_range(std::string_view where, std::string_view field, double value,
                         Limits limits) {
    return fmt::format("{}: {} = {} {}, allowed {} to {} {}", where, field, value, limits.unit,
                       limits.low, limits.high, limits.unit);
}

double Problems::checked(double value, Limits limits, std::string_view where,
                         std::string_view field) {
    if (is_within(value, limits)) {
        return value;
    }
    add(out_of_range(where, field, value, limits));
    return value > limits.high ? limits.high : limits.low;
}

void Problems::throw_if_any() const {
    if (!list_.empty()) {
        throw InputError(fmt::format("{}", fmt::join(list_, "\n")));
    }
}

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, substituted});
        }
    }
    return row[b.size()];
}

} // namespace

std::string nearest_word(std::string_view word, const std::vector<std::string>& known) {
    std::string best;
    std::size_t best_distance = 4;
    for (const std::string& candidate : known) {
        const std::size_t distance = edit_distance(word, candidate);
        if (distance < best_distance) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best;
}

} // namespace veste
