#include "city/hdf5_file.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <hdf5.h>
#include <utility>

namespace veste {
namespace {

constexpr std::uint64_t compress_from_bytes = 4096;
constexpr std::uint64_t chunk_bytes = 1U << 18;

/// Closes what HDF5 handed out.
class Handle {
public:
    Handle(hid_t id, herr_t (*close)(hid_t)) : id_(id), close_(close) {}
    ~Handle() {
        if (id_ >= 0) {
            close_(id_);
        }
    }
    Handle(Handle&& other) noexcept : id_(std::exchange(other.id_, -1)), close_(other.close_) {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    hid_t get() const { return id_; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

/// HDF5's most specific reason for the last error.
std::string reason() {
    std::string text;
    H5Ewalk2(
        H5E_DEFAULT, H5E_WALK_UPWARD,
        [](unsigned n, const H5E_error2_t* error, void* to) -> herr_t {
            if (n == 0 && error->desc != nullptr) {
                *static_cast<std::string*>(to) = error->desc;
            }
            return 0;
        },
        &text);
    H5Eclear2(H5E_DEFAULT);
    return text.empty() ? "no reason given" : text;
}

template <class Error> hid_t checked(hid_t result, const std::string& where, const char* what) {
    if (result < 0) {
        throw Error(fmt::format("{}: {}: {}", where, what, reason()));
    }
    return result;
}

hid_t type_of(Element element) {
    switch (element) {
    case Element::I8:
        return H5T_NATIVE_INT8;
    case Element::I16:
        return H5T_NATIVE_INT16;
    case Element::I32:
        return H5T_NATIVE_INT32;
    case Element::I64:
        return H5T_NATIVE_INT64;
    case Element::U8:
        return H5T_NATIVE_UINT8;
    case Element::U16:
        return H5T_NATIVE_UINT16;
    case Element::U32:
        return H5T_NATIVE_UINT32;
    case Element::U64:
        return H5T_NATIVE_UINT64;
    case Element::F32:
        return H5T_NATIVE_FLOAT;
    case Element::F64:
        return H5T_NATIVE_DOUBLE;
    }
    return -1;
}

/// How an element is stored: little-endian on every machine.
hid_t stored_type_of(Element element) {
    switch (element) {
    case Element::I8:
        return H5T_STD_I8LE;
    case Element::I16:
        return H5T_STD_I16LE;
    case Element::I32:
        return H5T_STD_I32LE;
    case Element::I64:
        return H5T_STD_I64LE;
    case Element::U8:
        return H5T_STD_U8LE;
    case Element::U16:
        return H5T_STD_U16LE;
    case Element::U32:
        return H5T_STD_U32LE;
    case Element::U64:
        return H5T_STD_U64LE;
    case Element::F32:
        return H5T_IEEE_F32LE;
    case Element::F64:
        return H5T_IEEE_F64LE;
    }
    return -1;
}

/// UTF-8 text of any length.
Handle text_type() {
    Handle type(H5Tcopy(H5T_C_S1), H5Tclose);
    H5Tset_size(type.get(), H5T_VARIABLE);
    H5Tset_cset(type.get(), H5T_CSET_UTF8);
    return type;
}

Handle making_groups() {
    Handle properties(H5Pcreate(H5P_LINK_CREATE), H5Pclose);
    H5Pset_create_intermediate_group(properties.get(), 1);
    return properties;
}

/// Properties of a new array. Without times of change, equal content gives equal files.
Handle array_properties() {
    Handle properties(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
    H5Pset_obj_track_times(properties.get(), 0);
    return properties;
}

void set_filters(hid_t properties, int deflate) {
    H5Pset_shuffle(properties);
    H5Pset_deflate(properties, static_cast<unsigned>(deflate));
    H5Pset_fletcher32(properties);
}

Handle array_space(const Extent& extent) {
    const std::vector<hsize_t> dims(extent.begin(), extent.end());
    return {H5Screate_simple(static_cast<int>(dims.size()), dims.data(), nullptr), H5Sclose};
}

} // namespace

Hdf5File::Hdf5File(const std::filesystem::path& file, FileUse use) : name_(file) {
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
        const unsigned flags = use == FileUse::Read ? H5F_ACC_RDONLY : H5F_ACC_RDWR;
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
    const Handle properties = array_properties();
    const std::uint64_t bytes = count * H5Tget_size(type_of(element));
    if (bytes >= compress_from_bytes) {
        std::vector<hsize_t> chunk(extent.begin(), extent.end());
        const std::uint64_t row_bytes = bytes / extent.front();
        chunk.front() = std::clamp<std::uint64_t>(
            chunk_bytes / std::max<std::uint64_t>(row_bytes, 1U), 1U, extent.front());
        H5Pset_chunk(properties.get(), static_cast<int>(chunk.size()), chunk.data());
        set_filters(properties.get(), 4);
    }
    const Handle links = making_groups();
    const Handle set(
        checked<RunError>(H5Dcreate2(handle_, path.c_str(), stored_type_of(element), space.get(),
                                     links.get(), properties.get(), H5P_DEFAULT),
                          where, "cannot be made"),
        H5Dclose);
    if (count > 0) {
        checked<RunError>(
            H5Dwrite(set.get(), type_of(element), H5S_ALL, H5S_ALL, H5P_DEFAULT, data), where,
            "cannot be written");
    }
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
    const Handle set(checked<RunError>(H5Dcreate2(handle_, path.c_str(), type.get(), space.get(),
                                                  links.get(), properties.get(), H5P_DEFAULT),
                                       where, "cannot be made"),
                     H5Dclose);
    if (!texts.empty()) {
        checked<RunError>(
            H5Dwrite(set.get(), type.get(), H5S_ALL, H5S_ALL, H5P_DEFAULT, pointers.data()), where,
            "cannot be written");
    }
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

void Hdf5File::read_part(const std::string& path, Element element, void* data, std::uint64_t first,
                         std::uint64_t rows) const {
    const std::string where = name_.string() + ": " + path;
    const Extent whole = extent(path);
    if (whole.empty() || first + rows > whole.front()) {
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

std::vector<std::string> Hdf5File::read_texts(const std::string& path) const {
    const std::string where = name_.string() + ": " + path;
    const Extent whole = extent(path);
    const Handle set(
        checked<InputError>(H5Dopen2(handle_, path.c_str(), H5P_DEFAULT), where, "is no array"),
        H5Dclose);
    const Handle stored(H5Dget_type(set.get()), H5Tclose);
    if (H5Tget_class(stored.get()) != H5T_STRING || H5Tis_variable_str(stored.get()) <= 0 ||
        whole.size() != 1) {
        throw InputError(where + ": holds no list of texts");
    }
    std::vector<std::string> texts;
    if (whole.front() == 0) {
        return texts;
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
    const Handle set(
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
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name,
                             std::string_view text) {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle object(
        checked<RunError>(H5Oopen(handle_, path.c_str(), H5P_DEFAULT), where, "has no place"),
        H5Oclose);
    const Handle type = text_type();
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    if (H5Aexists(object.get(), name.c_str()) > 0) {
        H5Adelete(object.get(), name.c_str());
    }
    const Handle attribute(checked<RunError>(H5Acreate2(object.get(), name.c_str(), type.get(),
                                                        space.get(), H5P_DEFAULT, H5P_DEFAULT),
                                             where, "cannot be made"),
                           H5Aclose);
    const std::string copy(text);
    const char* pointer = copy.c_str();
    checked<RunError>(H5Awrite(attribute.get(), type.get(), &pointer), where, "cannot be written");
}

void Hdf5File::set_number(const std::string& path, const std::string& name, Element element,
                          const void* number) {
    const std::string where = name_.string() + ": " + path + ": " + name;
    const Handle object(
        checked<RunError>(H5Oopen(handle_, path.c_str(), H5P_DEFAULT), where, "has no place"),
        H5Oclose);
    const Handle space(H5Screate(H5S_SCALAR), H5Sclose);
    if (H5Aexists(object.get(), name.c_str()) > 0) {
        H5Adelete(object.get(), name.c_str());
    }
    const Handle attribute(
        checked<RunError>(H5Acreate2(object.get(), name.c_str(), stored_type_of(element),
                                     space.get(), H5P_DEFAULT, H5P_DEFAULT),
                          where, "cannot be made"),
        H5Aclose);
    checked<RunError>(H5Awrite(attribute.get(), type_of(element), number), where,
                      "cannot be written");
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name, double number) {
    set_number(path, name, Element::F64, &number);
}

void Hdf5File::set_attribute(const std::string& path, const std::string& name,
                             std::int64_t number) {
    set_number(path, name, Element::I64, &number);
}

bool Hdf5File::has_attribute(const std::string& path, const std::string& name) const {
    return contains(path) &&
           H5Aexists_by_name(handle_, path.c_str(), name.c_str(), H5P_DEFAULT) > 0;
}

std::string Hdf5File::text_attribute(const std::string& path, const std::string& name) const {
    const std::string where = name_.string() + ": " + path + ": " + name;
    if (!has_attribute(path, name)) {
        throw InputError(where + ": is missing");
    }
    const Handle attribute(checked<InputError>(H5Aopen_by_name(handle_, path.c_str(), name.c_str(),
                                                               H5P_DEFAULT, H5P_DEFAULT),
                                               where, "cannot be read"),
                           H5Aclose);
    const Handle stored(H5Aget_type(attribute.get()), H5Tclose);
    if (H5Tget_class(stored.get()) != H5T_STRING) {
        throw InputError(where + ": is no text");
    }
    if (H5Tis_variable_str(stored.get()) <= 0) {
        std::string text(H5Tget_size(stored.get()), '\0');
        checked<InputError>(H5Aread(attribute.get(), stored.get(), text.data()), where,
                            "cannot be read");
        return text.substr(0, text.find('\0'));
    }
    const Handle type = text_type();
    char* pointer = nullptr;
    checked<InputError>(H5Aread(attribute.get(), type.get(), &pointer), where, "cannot be read");
    const std::string text = pointer == nullptr ? "" : pointer;
    H5free_memory(pointer);
    return text;
}

double Hdf5File::number_attribute(const std::string& path, const std::string& name) const {
    const std::string where = name_.string() + ": " + path + ": " + name;
    if (!has_attribute(path, name)) {
        throw InputError(where + ": is missing");
    }
    const Handle attribute(checked<InputError>(H5Aopen_by_name(handle_, path.c_str(), name.c_str(),
                                                               H5P_DEFAULT, H5P_DEFAULT),
                                               where, "cannot be read"),
                           H5Aclose);
    double number = 0.0;
    checked<InputError>(H5Aread(attribute.get(), H5T_NATIVE_DOUBLE, &number), where,
                        "is no number");
    return number;
}

} // namespace veste
