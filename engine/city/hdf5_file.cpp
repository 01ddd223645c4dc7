#include "city/hdf5_file.hpp"

#include "base/errors.hpp"
#include "city/hdf5_use.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <fstream>

namespace veste {
namespace {

constexpr std::uint64_t compress_from_bytes = 4096;
constexpr std::uint64_t chunk_bytes = 1U << 18;

/// True where the superblock (HDF5 file format 3.0, section II.A, version 3) says that a process
/// writes the file, or was killed while it did.
bool is_live(const std::string& file) {
    constexpr std::size_t version_at = 8;
    constexpr std::size_t flags_at = 11;
    std::array<char, flags_at + 1> head{};
    std::ifstream(file, std::ios::binary).read(head.data(), head.size());
    return head[version_at] == 3 && head[flags_at] != 0;
}

} // namespace

using namespace hdf5;

Hdf5File::Hdf5File(const std::filesystem::path& file, FileUse use) : name_(file) {
    // At the process' end HDF5 would try again to write what could not be written, and crash.
    H5dont_atexit();
    H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr); // errors are told by exceptions
    const std::string where = file.string();
    if (use == FileUse::Read || use == FileUse::Modify) {
        if (!std::filesystem::is_regular_file(file)) {
            throw InputError(where + ": no such file");
        }
        if (H5Fis_hdf5(where.c_str()) <= 0) {
            H5Eclear2(H5E_DEFAULT);
            throw InputError(where + ": not an HDF5 file");
        }
        const unsigned reading = H5F_ACC_RDONLY | (is_live(where) ? H5F_ACC_SWMR_READ : 0U);
        const unsigned flags = use == FileUse::Read ? reading : H5F_ACC_RDWR;
        handle_ = checked<InputError>(H5Fopen(where.c_str(), flags, H5P_DEFAULT), where,
                                      "cannot be opened; it may be cut");
        return;
    }
    const Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    if (use == FileUse::Live) {
        H5Pset_libver_bounds(access.get(), H5F_LIBVER_LATEST, H5F_LIBVER_LATEST);
    }
    handle_ = checked<RunError>(H5Fcreate(where.c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, access.get()),
                                where, "cannot be created");
}

Hdf5File::~Hdf5File() {
    if (handle_ >= 0) {
        H5Fclose(handle_);
    }
}

Hdf5File::Hdf5File(Hdf5File&& other) noexcept
    : name_(std::move(other.name_)), handle_(std::exchange(other.handle_, -1)) {}

void Hdf5File::close() {
    if (handle_ >= 0) {
        flush();
        checked<RunError>(H5Fclose(std::exchange(handle_, -1)), name_.string(), "cannot be closed");
    }
}

void Hdf5File::abandon() {
    handle_ = -1;
}

void Hdf5File::flush() {
    checked<RunError>(H5Fflush(handle_, H5F_SCOPE_GLOBAL), name_.string(), "cannot be written");
}

void Hdf5File::start_live() {
    checked<RunError>(H5Fstart_swmr_write(handle_), name_.string(),
                      "cannot be shared with readers");
}

bool Hdf5File::contains(const std::string& path) const {
    // Each part of the path must be asked for on its own.
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const std::string part = path.substr(0, end);
        if (part != "/" && H5Lexists(handle_, part.c_str(), H5P_DEFAULT) <= 0) {
            H5Eclear2(H5E_DEFAULT);
            return false;
        }
        if (end == std::string::npos) {
            return true;
        }
    }
}

std::vector<std::string> Hdf5File::members(const std::string& group) const {
    const std::string where = name_.string() + ": " + group;
    const Handle opened(
        checked<InputError>(H5Gopen2(handle_, group.c_str(), H5P_DEFAULT), where, "is not there"),
        H5Gclose);
    std::vector<std::string> names;
    checked<InputError>(H5Literate(
                            opened.get(), H5_INDEX_NAME, H5_ITER_INC, nullptr,
                            [](hid_t, const char* name, const H5L_info_t*, void* to) -> herr_t {
                                static_cast<std::vector<std::string>*>(to)->emplace_back(name);
                                return 0;
                            },
                            &names),
                        where, "cannot be listed");
    return names;
}

void Hdf5File::make_group(const std::string& path) {
    if (contains(path)) {
        return;
    }
    const Handle links = making_groups();
    const Handle group(
        checked<RunError>(H5Gcreate2(handle_, path.c_str(), links.get(), H5P_DEFAULT, H5P_DEFAULT),
                          name_.string() + ": " + path, "cannot be made"),
        H5Gclose);
}

namespace {

/// Properties of a whole array: compressed in chunks of rows where that pays.
Handle whole_array_properties(const Extent& extent, std::uint64_t bytes) {
    Handle properties = array_properties();
    if (bytes >= compress_from_bytes) {
        std::vector<hsize_t> chunk(extent.begin(), extent.end());
        const std::uint64_t row_bytes = bytes / extent.front();
        chunk.front() = std::clamp<std::uint64_t>(
            chunk_bytes / std::max<std::uint64_t>(row_bytes, 1U), 1U, extent.front());
        H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
        set_filters(properties.get(), 4);
    }
    return properties;
}

} // namespace

void Hdf5File::write_array(const std::string& path, Element element, const void* data,
                           const Extent& extent, std::uint64_t count) {
    std::uint64_t expected = 1;
    for (const std::uint64_t n : extent) {
        expected *= n;
    }
    if (expected != count) {
        throw UsageError(fmt::format("Hdf5File::write: {} has {} values, its extent says {}", path,
                                     count, expected));
    }
    const std::string where = name_.string() + ": " + path;
    const Handle space = array_space(extent);
    const Handle properties = whole_array_properties(extent, count * H5Tget_size(type_of(element)));
    const Handle links = making_groups();
    Handle set(
        checked<RunError>(H5Dcreate2(handle_, path.c_str(), stored_type_of(element), space.get(),
                                     links.get(), properties.get(), H5P_DEFAULT),
                          where, "cannot be made"),
        H5Dclose);
    if (count > 0) {
        checked<RunError>(
            H5Dwrite(set.get(), type_of(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), where,
            "cannot be written");
    }
    checked<RunError>(set.close_now(), where, "cannot be written");
}

void Hdf5File::write(const std::string& path, std::span<const std::string> texts) {
    const std::string where = name_.string() + ": " + path;
    std::vector<const char*> pointers;
    pointers.reserve(texts.size());
    for (const std::string& text : texts) {
        pointers.push_back(text.c_str());
    }
    const Handle type = text_type();
    const Handle space = array_space({texts.size()});
    const Handle links = making_groups();
    const Handle properties = array_properties();
    Handle set(checked<RunError>(H5Dcreate2(handle_, path.c_str(), type.get(), space.get(),
                                            links.get(), properties.get(), H5P_DEFAULT),
                                 where, "cannot be made"),
               H5Dclose);
    if (!texts.empty()) {
        checked<RunError>(
            H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), where,
            "cannot be written");
    }
    checked<RunError>(set.close_now(), where, "cannot be written");
}

void Hdf5File::write_fixed(const std::string& path, std::span<const std::string> texts) {
    const std::string where = name_.string() + ": " + path;
    std::size_t width = 1;
    for (const std::string& text : texts) {
        width = std::max(width, text.size());
    }
    std::vector<char> rows(texts.size() * width, '\0');
    for (std::size_t k = 0; k < texts.size(); ++k) {
        std::copy(texts[k].begin(), texts[k].end(),
                  rows.begin() + static_cast<std::ptrdiff_t>(k * width));
    }
    const Handle type = fixed_text_type(width);
    const Handle space = array_space({texts.size()});
    const Handle links = making_groups();
    const Handle properties = whole_array_properties({texts.size()}, rows.size());
    Handle set(checked<RunError>(H5Dcreate2(handle_, path.c_str(), type.get(), space.get(),
                                            links.get(), properties.get(), H5P_DEFAULT),
                                 where, "cannot be made"),
               H5Dclose);
    if (!texts.empty()) {
        checked<RunError>(
            H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()), where,
            "cannot be written");
    }
    checked<RunError>(set.close_now(), where, "cannot be written");
}

Extent Hdf5File::extent(const std::string& path) const {
    const std::string where = name_.string() + ": " + path;
    if (!contains(path)) {
        throw InputError(where + ": is missing");
    }
    const Handle set(
        checked<InputError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    const Handle space(H5Dget_space(set.get()), H5Sclose);
    std::vector<hsize_t> dims(
        static_cast<std::size_t>(std::max(0, H5Sget_simple_extent_ndims(space.get()))));
    H5Sget_simple_extent_dims(space.get(), dims.data(), nullptr);
    return {dims.begin(), dims.end()};
}

void Hdf5File::check_element(const std::string& path, Element wanted, std::uint64_t count) const {
    const std::string where = name_.string() + ": " + path;
    const Handle set(
        checked<InputError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    const Handle type(H5Dget_type(set.get()), H5Tclose);
    const bool is_real = wanted == Element::F32 || wanted == Element::F64;
    const H5T_class_t kind = H5Tget_class(type.get());
    if (kind != (is_real ? H5T_FLOAT : H5T_INTEGER) ||
        H5Tget_size(type.get()) > H5Tget_size(type_of(wanted))) {
        throw InputError(fmt::format("{}: holds other than {} numbers of {} bytes", where,
                                     is_real ? "real" : "whole", H5Tget_size(type_of(wanted))));
    }
    constexpr std::uint64_t most = std::uint64_t{1} << 36;
    if (count > most) {
        throw InputError(
            fmt::format("{}: claims {} values, at most {} are read", where, count, most));
    }
}

void Hdf5File::read_array(const std::string& path, Element element, void* data) const {
    const std::string where = name_.string() + ": " + path;
    const Handle set(
        checked<InputError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    checked<InputError>(H5Dread(set.get(), type_of(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, data),
                        where, "cannot be read; the file may be damaged");
}

namespace {

std::vector<std::string> fixed_texts(hid_t set, hid_t type, std::uint64_t count,
                                     const std::string& where, std::uint64_t file_bytes) {
    const std::size_t bytes = H5Tget_size(type);
    // Deflate packs at most 1032 bytes in one: damaged sizes are found before they cost memory.
    const std::uint64_t most = (1U << 20) + 1040 * file_bytes;
    if (bytes == 0 || bytes > most || count > most / bytes) {
        throw InputError(fmt::format("{}: claims {} texts of {} bytes, more than the file holds",
                                     where, count, bytes));
    }
    std::vector<char> rows(count * bytes);
    checked<InputError>(H5Dread(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data()), where,
                        "cannot be read; the file may be damaged");
    std::vector<std::string> texts;
    texts.reserve(count);
    for (std::size_t k = 0; k < count; ++k) {
        const char* row = rows.data() + k * bytes;
        texts.emplace_back(row, std::find(row, row + bytes, '\0'));
    }
    return texts;
}

} // namespace

std::vector<std::string> Hdf5File::read_texts(const std::string& path) const {
    const std::string where = name_.string() + ": " + path;
    const Extent whole = extent(path);
    const Handle set(
        checked<InputError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    const Handle stored(H5Dget_type(set.get()), H5Tclose);
    if (H5Tget_class(stored.get()) != H5T_STRING || whole.size() != 1) {
        throw InputError(where + ": holds no list of texts");
    }
    std::vector<std::string> texts;
    if (whole.front() == 0) {
        return texts;
    }
    if (H5Tis_variable_str(stored.get()) <= 0) {
        return fixed_texts(set.get(), stored.get(), whole.front(), where,
                           std::filesystem::file_size(name_));
    }
    const Handle type = text_type();
    const Handle space = array_space(whole);
    std::vector<char*> pointers(whole.front(), nullptr);
    checked<InputError>(
        H5Dread(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), where,
        "cannot be read; the file may be damaged");
    for (const char* text : pointers) {
        texts.emplace_back(text == nullptr ? "" : text);
    }
    H5Dvlen_reclaim(type.get(), space.get(), H5P_DEFAULT, pointers.data());
    return texts;
}

} // namespace veste
