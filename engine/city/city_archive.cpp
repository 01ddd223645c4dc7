#include "city/city_archive.hpp"

#include <fmt/format.h>

namespace veste {

void throw_wrong_extent(const Hdf5File& file, const std::string& path, const Extent& found,
                        const Extent& expected) {
    const auto part = [](const Extent& extent, std::size_t k) -> std::uint64_t {
        return k < extent.size() ? extent[k] : 1;
    };
    throw InputError(fmt::format("{}: {}: has {} rows and {} columns, expected {} and {}",
                                 file.name().string(), path, part(found, 0), part(found, 1),
                                 part(expected, 0), part(expected, 1)));
}

} // namespace veste
