#include "base/errors.hpp"
#include "city/hdf5_use.hpp"

#include <cstring>
#include <fmt/format.h>

/// Compound arrays.
namespace veste {

using namespace hdf5;

namespace {

Handle compound_type(std::span<const Hdf5File::Column> columns, hid_t (*type)(Element)) {
    std::size_t bytes = 0;
    for (const Hdf5File::Column& column : columns) {
        bytes += H5Tget_size(type(column.element));
    }
    Handle compound(H5Tcreate(H5T_COMPOUND, bytes), H5Tclose);
    std::size_t at = 0;
    for (const Hdf5File::Column& column : columns) {
        H5Tinsert(compound.get(), column.name.c_str(), at, type(column.element));
        at += H5Tget_size(type(column.element));
    }
    return compound;
}

/// Columns as rows, without gaps.
std::vector<std::byte> packed(std::span<const Hdf5File::Column> columns, std::uint64_t rows,
                              std::size_t row_bytes) {
    std::vector<std::byte> bytes(rows * row_bytes);
    std::size_t at = 0;
    for (const Hdf5File::Column& column : columns) {
        const std::size_t width = H5Tget_size(type_of(column.element));
        const auto* from = static_cast<const std::byte*>(column.data);
        for (std::uint64_t k = 0; k < rows; ++k) {
            std::memcpy(bytes.data() + k * row_bytes + at, from + k * width, width);
        }
        at += width;
    }
    return bytes;
}

} // namespace

void Hdf5File::write_table(const std::string& path, std::span<const Column> columns,
                           std::uint64_t rows) {
    const std::string where = name_.string() + ": " + path;
    const Handle memory = compound_type(columns, type_of);
    const Handle stored = compound_type(columns, stored_type_of);
    const Handle space = array_space({rows});
    const Handle links = making_groups();
    const Handle properties = array_properties();
    Handle set(checked<RunError>(H5Dcreate2(handle_, path.c_str(), stored.get(), space.get(),
                                            links.get(), properties.get(), H5P_DEFAULT),
                                 where, "cannot be made"),
               H5Dclose);
    const std::vector<std::byte> bytes = packed(columns, rows, H5Tget_size(memory.get()));
    if (rows > 0) {
        checked<RunError>(
            H5Dwrite(set.get(), memory.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, bytes.data()), where,
            "cannot be written");
    }
    checked<RunError>(set.close_now(), where, "cannot be written");
}

} // namespace veste
