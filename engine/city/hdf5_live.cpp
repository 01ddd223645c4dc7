#include "base/errors.hpp"
#include "city/hdf5_use.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <hdf5_hl.h>

/// What a recorder needs that writes while others read, and what tells of a whole file.
namespace veste {

using namespace hdf5;

namespace {

std::string element_name(hid_t type) {
    const std::size_t bytes = H5Tget_size(type);
    switch (H5Tget_class(type)) {
    case H5T_STRING:
        return H5Tis_variable_str(type) > 0 ? "text" : fmt::format("text{}", bytes);
    case H5T_FLOAT:
        return fmt::format("f{}", 8 * bytes);
    case H5T_INTEGER:
        return fmt::format("{}{}", H5Tget_sign(type) == H5T_SGN_NONE ? "u" : "i", 8 * bytes);
    default:
        return "other";
    }
}

Handle opened(hid_t file, const std::string& path, const std::string& where) {
    return {checked<InputError>(H5Dopen2(file, path.c_str(), H5P_DEFAULT), where, "is no array"),
            H5Dclose};
}

/// The longest beginning of whole characters that has at most `bytes` bytes.
std::string_view cut_to(std::string_view text, std::uint64_t bytes) {
    if (text.size() <= bytes) {
        return text;
    }
    std::size_t end = bytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) {
        --end;
    }
    return text.substr(0, end);
}

} // namespace

void Hdf5File::make_tiled(const std::string& path, Element element, const Tiles& tiles) {
    std::vector<hsize_t> dims;
    std::vector<hsize_t> most;
    if (tiles.is_growing) {
        dims.push_back(0);
        most.push_back(H5S_UNLIMITED);
    }
    dims.insert(dims.end(), tiles.row.begin(), tiles.row.end());
    most.insert(most.end(), tiles.row.begin(), tiles.row.end());
    const std::string where = name_.string() + ": " + path;
    const Handle space(H5Screate_simple(static_cast<int>(dims.size()), dims.data(), most.data()),
                       H5Sclose);
    const Handle properties = array_properties();
    const std::vector<hsize_t> chunk(tiles.chunk.begin(), tiles.chunk.end());
    H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
    set_filters(properties.get(), tiles.deflate);
    H5Pset_fill_value(properties.get(), H5T_NATIVE_DOUBLE, &tiles.fill);
    const Handle links = making_groups();
    const Handle set(
        checked<RunError>(H5Dcreate2(handle_, path.c_str(), stored_type_of(element), space.get(),
                                     links.get(), properties.get(), H5P_DEFAULT),
                          where, "cannot be made"),
        H5Dclose);
}

void Hdf5File::make_growing_texts(const std::string& path, std::uint64_t bytes,
                                  std::uint64_t rows_in_chunk) {
    const hsize_t none = 0;
    const hsize_t most = H5S_UNLIMITED;
    const hsize_t chunk = rows_in_chunk;
    const Handle space(H5Screate_simple(1, &none, &most), H5Sclose);
    const Handle properties = array_properties();
    H5Pset_chunk(properties.get(), 1, &chunk);
    set_filters(properties.get(), 1);
    const Handle links = making_groups();
    const Handle type = fixed_text_type(bytes);
    const Handle set(checked<RunError>(H5Dcreate2(handle_, path.c_str(), type.get(), space.get(),
                                                  links.get(), properties.get(), H5P_DEFAULT),
                                       name_.string() + ": " + path, "cannot be made"),
                     H5Dclose);
}

void Hdf5File::append_texts(const std::string& path, std::span<const std::string> texts) {
    if (texts.empty()) {
        return;
    }
    const std::string where = name_.string() + ": " + path;
    Handle set = opened(handle_, path, where);
    const Handle type(H5Dget_type(set.get()), H5Tclose);
    const std::size_t bytes = H5Tget_size(type.get());
    std::vector<char> rows(texts.size() * bytes, '\0');
    for (std::size_t k = 0; k < texts.size(); ++k) {
        const std::string_view text = cut_to(texts[k], bytes);
        std::copy(text.begin(), text.end(), rows.begin() + static_cast<std::ptrdiff_t>(k * bytes));
    }
    const hsize_t first = extent(path).front();
    const hsize_t count = texts.size();
    const hsize_t grown = first + count;
    checked<RunError>(H5Dset_extent(set.get(), &grown), where, "cannot grow");
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, &first, nullptr, &count, nullptr);
    const Handle memory = array_space({count});
    checked<RunError>(
        H5Dwrite(set.get(), type.get(), memory.get(), space.get(), H5P_DEFAULT, rows.data()), where,
        "cannot be written");
    checked<RunError>(set.close_now(), where, "cannot be written");
}

void Hdf5File::overwrite_array(const std::string& path, Element element, const void* data,
                               std::uint64_t count) {
    const std::string where = name_.string() + ": " + path;
    std::uint64_t expected = 1;
    for (const std::uint64_t n : extent(path)) {
        expected *= n;
    }
    if (count != expected) {
        throw UsageError(fmt::format("Hdf5File::overwrite: {} has {} values, {} are given", path,
                                     expected, count));
    }
    Handle set = opened(handle_, path, where);
    checked<RunError>(H5Dwrite(set.get(), type_of(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, data),
                      where, "cannot be written");
    checked<RunError>(set.close_now(), where, "cannot be written");
}

void Hdf5File::make_scale(const std::string& path, const std::string& name) {
    const std::string where = name_.string() + ": " + path;
    const Handle set = opened(handle_, path, where);
    checked<RunError>(H5DSset_scale(set.get(), name.c_str()), where, "cannot be a scale");
}

void Hdf5File::attach_scale(const std::string& path, const std::string& scale, unsigned dimension) {
    const std::string where = name_.string() + ": " + path;
    const Handle set = opened(handle_, path, where);
    const Handle other = opened(handle_, scale, name_.string() + ": " + scale);
    checked<RunError>(H5DSattach_scale(set.get(), other.get(), dimension), where,
                      "cannot take a scale");
}

std::vector<StoredArray> Hdf5File::arrays() const {
    std::vector<std::string> paths;
    checked<InputError>(
        H5Ovisit2(
            handle_, H5_INDEX_NAME, H5_ITER_INC,
            [](hid_t, const char* name, const H5O_info_t* info, void* to) -> herr_t {
                if (info->type == H5O_TYPE_DATASET) {
                    static_cast<std::vector<std::string>*>(to)->push_back(std::string("/") + name);
                }
                return 0;
            },
            &paths, H5O_INFO_BASIC),
        name_.string(), "cannot be listed");
    std::sort(paths.begin(), paths.end());
    std::vector<StoredArray> arrays;
    for (const std::string& path : paths) {
        const Handle set = opened(handle_, path, name_.string() + ": " + path);
        const Handle type(H5Dget_type(set.get()), H5Tclose);
        arrays.push_back({path, extent(path), element_name(type.get()), H5Tget_size(type.get()),
                          H5Dget_storage_size(set.get())});
    }
    return arrays;
}

std::vector<std::byte> Hdf5File::read_bytes(const StoredArray& array, std::uint64_t first,
                                            std::uint64_t rows) const {
    if (array.element == "text" || array.element == "other") {
        throw UsageError("Hdf5File::read_bytes: " + array.path + " holds no plain bytes");
    }
    const std::string where = name_.string() + ": " + array.path;
    const Handle set = opened(handle_, array.path, where);
    const Handle type(H5Dget_type(set.get()), H5Tclose);
    std::vector<hsize_t> start(array.extent.size(), 0);
    std::vector<hsize_t> count(array.extent.begin(), array.extent.end());
    Handle space(H5Dget_space(set.get()), H5Sclose);
    std::uint64_t values = 1;
    if (!count.empty()) {
        start.front() = first;
        count.front() = rows;
        H5Sselect_hyperslab(space.get(), H5S_SELECT_SET, start.data(), nullptr, count.data(),
                            nullptr);
        for (const hsize_t n : count) {
            values *= n;
        }
    }
    std::vector<std::byte> bytes(values * array.item_bytes);
    const Handle memory = count.empty() ? Handle(H5Screate(H5S_SCALAR), H5Sclose)
                                        : array_space({count.begin(), count.end()});
    checked<InputError>(
        H5Dread(set.get(), type.get(), memory.get(), space.get(), H5P_DEFAULT, bytes.data()), where,
        "cannot be read; the file may be damaged");
    return bytes;
}

} // namespace veste
