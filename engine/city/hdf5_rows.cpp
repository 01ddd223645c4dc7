#include "base/errors.hpp"
#include "city/hdf5_use.hpp"

#include <algorithm>
#include <fmt/format.h>

/// Arrays that grow by rows, and parts of arrays.
namespace veste {

using namespace hdf5;

void Hdf5File::make_growing(const std::string& path, Element element, const Extent& row,
                            std::uint64_t rows_in_chunk, int deflate) {
    std::vector<hsize_t> dims = {0};
    std::vector<hsize_t> most = {H5S_UNLIMITED};
    std::vector<hsize_t> chunk = {rows_in_chunk};
    for (const std::uint64_t n : row) {
        dims.push_back(n);
        most.push_back(n);
        chunk.push_back(std::max<std::uint64_t>(n, 1));
    }
    const std::string where = name_.string() + ": " + path;
    const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), most.data()),
                       H5Sclose);
    const Handle properties = array_properties();
    H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
    set_filters(properties.get(), deflate);
    const Handle links = making_groups();
    const Handle set(
        checked<RunError>(H5Dcreate2(handle_, path.c_str(), stored_type_of(element), space.get(),
                                     links.get(), properties.get(), H5P_DEFAULT),
                          where, "cannot be made"),
        H5Dclose);
}

void Hdf5File::append_rows(const std::string& path, Element element, const void* data,
                           std::uint64_t count) {
    const std::string where = name_.string() + ": " + path;
    Extent whole = extent(path);
    std::uint64_t in_row = 1;
    for (std::size_t k = 1; k < whole.size(); ++k) {
        in_row *= whole[k];
    }
    if (in_row == 0 || count % in_row != 0) {
        throw UsageError(
            fmt::format("Hdf5File::append: {} values are no whole rows of {}", count, path));
    }
    Handle set(
        checked<RunError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    std::vector<hsize_t> start(whole.size(), 0);
    start.front() = whole.front();
    std::vector<hsize_t> part(whole.begin(), whole.end());
    part.front() = count / in_row;
    std::vector<hsize_t> grown(whole.begin(), whole.end());
    grown.front() += part.front();
    checked<RunError>(H5Dset_extent(set.get(), grown.data()), where, "cannot grow");
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, part.data(), nullptr);
    const Handle memory = array_space({part.begin(), part.end()});
    if (count > 0) {
        checked<RunError>(
            H5Dwrite(set.get(), type_of(element), memory.get(), space.get(), H5P_DEFAULT, data),
            where, "cannot be written");
    }
    checked<RunError>(set.close_now(), where, "cannot be written");
}

void Hdf5File::read_part(const std::string& path, Element element, void* data, std::uint64_t first,
                         std::uint64_t rows) const {
    const std::string where = name_.string() + ": " + path;
    const Extent whole = extent(path);
    if (whole.empty() || first > whole.front() || rows > whole.front() - first) {
        throw UsageError(fmt::format("Hdf5File::read_rows: {} has {} rows, asked for {} to {}",
                                     path, whole.empty() ? 0 : whole.front(), first, first + rows));
    }
    const Handle set(
        checked<InputError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    std::vector<hsize_t> start(whole.size(), 0);
    std::vector<hsize_t> count(whole.begin(), whole.end());
    start.front() = first;
    count.front() = rows;
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(), nullptr);
    const Handle memory = array_space({count.begin(), count.end()});
    checked<InputError>(
        H5Dread(set.get(), type_of(element), memory.get(), space.get(), H5P_DEFAULT, data), where,
        "cannot be read; the file may be damaged");
}

} // namespace veste
