#pragma once
#include "city/hdf5_file.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <string>
#include <utility>

/// HDF5's handles, types and reasons, for the sources of Hdf5File alone.
namespace veste::hdf5 {

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
    /// Closes now. Closing an array writes what HDF5 kept in memory, which may fail: whoever has
    /// written must ask.
    herr_t close_now() { return id_ >= 0 ? close_(std::exchange(id_, -1)) : 0; }

private:
    hid_t id_;
    herr_t (*close_)(hid_t);
};

/// HDF5's most specific reason for the last error.
std::string reason();

template <class Error> hid_t checked(hid_t result, const std::string& where, const char* what) {
    if (result < 0) {
        throw Error(fmt::format("{}: {}: {}", where, what, reason()));
    }
    return result;
}

hid_t type_of(Element element);
/// How an element is stored: little-endian on every machine.
hid_t stored_type_of(Element element);
/// UTF-8 text of any length.
Handle text_type();
/// UTF-8 text of at most `bytes` bytes, padded with zeros.
Handle fixed_text_type(std::uint64_t bytes);

/// Properties of a link that makes the groups on its way.
Handle making_groups();
/// Properties of a new array. Without times of change, equal content gives equal files.
Handle array_properties();
/// Shuffle, deflate at the given level, checksums.
void set_filters(hid_t properties, int deflate);
Handle array_space(const Extent& extent);

} // namespace veste::hdf5
