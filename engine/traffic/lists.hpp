#pragma once
#include <cstdint>
#include <span>
#include <vector>

namespace veste::traffic {

/// A list of items for each owner, one after another in one array.
template <class T> struct Lists {
    std::vector<std::uint32_t> starts{0};
    std::vector<T> items;

    std::span<const T> of(std::size_t owner) const {
        return std::span(items).subspan(starts[owner], starts[owner + 1] - starts[owner]);
    }
    /// Takes the items over from one vector for each owner.
    void fill(const std::vector<std::vector<T>>& owners) {
        starts.assign(1, 0);
        items.clear();
        for (const std::vector<T>& owned : owners) {
            items.insert(items.end(), owned.begin(), owned.end());
            starts.push_back(static_cast<std::uint32_t>(items.size()));
        }
    }
};

} // namespace veste::traffic
