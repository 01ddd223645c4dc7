#include "results/checked_arrays.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste {

std::uint64_t CheckedArrays::rows(const std::string& path) const {
    const Extent extent = file_.extent(path);
    if (extent.size() != 1) {
        fail(path, fmt::format("has {} dimensions, expected one", extent.size()));
    }
    return extent.front();
}

std::vector<double> CheckedArrays::times_s(const std::string& path) const {
    std::vector<double> times_s = part<double>(path, 0, rows(path));
    for (std::size_t k = 0; k < times_s.size(); ++k) {
        if (!is_within(times_s[k], {0.0, 1e9, "s"}) || (k > 0 && times_s[k] < times_s[k - 1])) {
            fail(path, fmt::format("row {} is {} s; times rise from 0", k, times_s[k]));
        }
    }
    return times_s;
}

double CheckedArrays::number(const std::string& path, const std::string& name,
                             Limits limits) const {
    const double value = file_.number_attribute(path, name);
    if (!is_within(value, limits)) {
        fail(path, fmt::format("{} = {} {}, allowed {:g} to {:g}", name, value, limits.unit,
                               limits.low, limits.high));
    }
    return value;
}

void CheckedArrays::check_part(const std::string& path, std::uint64_t first,
                               std::uint64_t count) const {
    const std::uint64_t have = rows(path);
    if (first > have || count > have - first) {
        fail(path, fmt::format("has {} rows, expected {} from {} on", have, count, first));
    }
}

void CheckedArrays::check_extent(const std::string& path, const Extent& extent) const {
    const Extent whole = file_.extent(path);
    if (whole != extent) {
        fail(path, fmt::format("has the extent {}, expected {}", fmt::join(whole, " x "),
                               fmt::join(extent, " x ")));
    }
}

void CheckedArrays::check_row(const std::string& path, std::uint64_t k,
                              const Extent& extent) const {
    const Extent whole = file_.extent(path);
    if (whole.size() != extent.size() + 1 ||
        !std::equal(extent.begin(), extent.end(), whole.begin() + 1)) {
        fail(path, fmt::format("has the extent {}, expected rows of {}", fmt::join(whole, " x "),
                               fmt::join(extent, " x ")));
    }
    if (k >= whole.front()) {
        fail(path, fmt::format("has {} rows, expected more than {}", whole.front(), k));
    }
}

void CheckedArrays::fail(const std::string& path, const std::string& what) const {
    throw InputError(
        fmt::format("{}: {}: {}; the file is damaged", file_.name().string(), path, what));
}

} // namespace veste
