#pragma once
#include "base/errors.hpp"
#include "city/hdf5_file.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace veste {

/// Reads arrays and attributes of a results file that must have a certain shape or range; throws
/// InputError naming the file and the place where they have not.
class CheckedArrays {
public:
    explicit CheckedArrays(const Hdf5File& file) : file_(file) {}

    /// Number of rows of an array of single numbers.
    std::uint64_t rows(const std::string& path) const;
    /// Rows [first, first + count) of single numbers.
    template <class T>
    std::vector<T> part(const std::string& path, std::uint64_t first, std::uint64_t count) const {
        check_part(path, first, count);
        return file_.read_rows<T>(path, first, count);
    }
    /// One row of an array whose rows have this extent.
    template <class T>
    std::vector<T> row(const std::string& path, std::uint64_t k, const Extent& extent) const {
        check_row(path, k, extent);
        return file_.read_rows<T>(path, k, 1);
    }
    /// A whole array of this extent.
    template <class T> std::vector<T> whole(const std::string& path, const Extent& extent) const {
        check_extent(path, extent);
        return file_.read<T>(path);
    }
    /// Finite times that never fall.
    std::vector<double> times_s(const std::string& path) const;
    double number(const std::string& path, const std::string& name, Limits limits) const;

private:
    void check_part(const std::string& path, std::uint64_t first, std::uint64_t count) const;
    void check_extent(const std::string& path, const Extent& extent) const;
    void check_row(const std::string& path, std::uint64_t k, const Extent& extent) const;
    [[noreturn]] void fail(const std::string& path, const std::string& what) const;

    const Hdf5File& file_;
};

} // namespace veste
