#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

/// A thin owner of an HDF5 file with checked calls: reading errors throw InputError, writing errors
/// RunError, both with the file, the path inside it and HDF5's own reason. Needs no HDF5 header, so
/// the results' recorder and the checkpoint use it too. Not for use from several threads at once.
namespace veste {

enum class Element : std::uint8_t { I8, I16, I32, I64, U8, U16, U32, U64, F32, F64 };

template <class T> constexpr Element element_of() {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
    if constexpr (std::is_floating_point_v<T>) {
        return sizeof(T) == 4 ? Element::F32 : Element::F64;
    } else {
        constexpr int first = static_cast<int>(std::is_signed_v<T> ? Element::I8 : Element::U8);
        constexpr int step = sizeof(T) == 1 ? 0 : sizeof(T) == 2 ? 1 : sizeof(T) == 4 ? 2 : 3;
        return static_cast<Element>(first + step);
    }
}

/// Extent of an array, slowest first: {rows} or {rows, columns} ...
using Extent = std::vector<std::uint64_t>;

enum class FileUse : std::uint8_t {
    Read,   ///< must exist
    Modify, ///< must exist
    Create, ///< replaces what is there
    Live,   ///< as Create, in the format that other processes may read meanwhile (SWMR)
};

/// One array of a file as it is stored.
struct StoredArray {
    std::string path;
    Extent extent;
    std::string element; ///< "u16", "f64", "text" (any length), "text64" (fixed length)
    std::uint64_t item_bytes = 0;
    std::uint64_t stored_bytes = 0; ///< in the file, compressed
};

class Hdf5File {
public:
    /// Reading also opens a file that another process is writing or was killed at (SWMR).
    Hdf5File(const std::filesystem::path& file, FileUse use);
    ~Hdf5File();
    Hdf5File(Hdf5File&& other) noexcept;
    Hdf5File& operator=(Hdf5File&&) = delete;

    /// Writes what is left and closes; throws RunError where that fails (a full disk).
    void close();
    void flush();
    /// Leaves a live file as it is on the disk, for readers: after a write that failed, closing it
    /// would spoil it. HDF5 keeps it open until the process ends.
    void abandon();
    /// After all arrays and attributes were made: other processes may read while we append.
    void start_live();

    bool contains(const std::string& path) const;
    /// Names of what a group holds, in alphabetical order.
    std::vector<std::string> members(const std::string& group) const;
    void make_group(const std::string& path); ///< and those above it

    /// A whole array, compressed where that pays, with checksums.
    template <class T>
    void write(const std::string& path, std::span<const T> values, const Extent& extent = {}) {
        write_array(path, element_of<T>(), values.data(),
                    extent.empty() ? Extent{values.size()} : extent, values.size());
    }
    template <class T> void write(const std::string& path, const std::vector<T>& values) {
        write(path, std::span<const T>(values));
    }
    void write(const std::string& path, std::span<const std::string> texts);
    /// The same with each text as wide as the longest: compressed and with checksums, which texts
    /// of any length never are.
    void write_fixed(const std::string& path, std::span<const std::string> texts);

    /// One column of a table: `data` points to as many values as the table has rows.
    struct Column {
        std::string name;
        Element element;
        const void* data;
    };
    /// A one-dimensional compound array (a table), as pandas and the Juelich archive keep them.
    void write_table(const std::string& path, std::span<const Column> columns, std::uint64_t rows);

    /// A whole array as T; throws where it is of another kind (whole or real numbers) or wider.
    template <class T> std::vector<T> read(const std::string& path) const {
        std::uint64_t count = 1;
        for (const std::uint64_t n : extent(path)) {
            count *= n;
        }
        check_element(path, element_of<T>(), count);
        std::vector<T> values(count);
        read_array(path, element_of<T>(), values.data());
        return values;
    }
    std::vector<std::string> read_texts(const std::string& path) const;
    Extent extent(const std::string& path) const;

    /// An array that grows by rows; `row` is the extent of one row, empty for single numbers.
    void make_growing(const std::string& path, Element element, const Extent& row,
                      std::uint64_t rows_in_chunk, int deflate = 1);
    /// The same with smaller chunks than whole rows: `chunk` has the array's extent, rows first.
    /// Values never written read as `fill`. Without rows to grow (`is_growing` false) the array has
    /// the extent `row` and is written by `overwrite`.
    struct Tiles {
        Extent row;
        Extent chunk;
        double fill = 0.0;
        bool is_growing = true;
        int deflate = 1;
    };
    void make_tiled(const std::string& path, Element element, const Tiles& tiles);
    /// Texts of at most `bytes` bytes of UTF-8, padded with zeros: these may grow in a live file.
    void make_growing_texts(const std::string& path, std::uint64_t bytes,
                            std::uint64_t rows_in_chunk);
    void append_texts(const std::string& path, std::span<const std::string> texts);
    /// All values of an array anew, in place: allowed in a live file.
    template <class T> void overwrite(const std::string& path, std::span<const T> values) {
        overwrite_array(path, element_of<T>(), values.data(), values.size());
    }
    /// Makes an array a dimension scale, and the scale of a dimension of another array.
    void make_scale(const std::string& path, const std::string& name);
    void attach_scale(const std::string& path, const std::string& scale, unsigned dimension);

    /// Every array of the file, by path in alphabetical order.
    std::vector<StoredArray> arrays() const;
    /// Rows [first, first + rows) of an array of numbers or fixed texts as they are stored,
    /// little-endian.
    std::vector<std::byte> read_bytes(const StoredArray& array, std::uint64_t first,
                                      std::uint64_t rows) const;

    template <class T> void append(const std::string& path, std::span<const T> values) {
        append_rows(path, element_of<T>(), values.data(), values.size());
    }
    /// Rows [first, first + rows) of an array.
    template <class T>
    std::vector<T> read_rows(const std::string& path, std::uint64_t first,
                             std::uint64_t rows) const {
        std::uint64_t count = rows;
        const Extent whole = extent(path);
        for (std::size_t k = 1; k < whole.size(); ++k) {
            count *= whole[k];
        }
        check_element(path, element_of<T>(), count);
        std::vector<T> values(count);
        read_part(path, element_of<T>(), values.data(), first, rows);
        return values;
    }

    /// Attributes of a group or array.
    void set_attribute(const std::string& path, const std::string& name, std::string_view text);
    /// A new text kept in place: it can be read safely from a damaged file (Python sees bytes).
    void set_fixed_attribute(const std::string& path, const std::string& name,
                             std::string_view text);
    void set_attribute(const std::string& path, const std::string& name, double number);
    void set_attribute(const std::string& path, const std::string& name, std::int64_t number);
    /// A number of exactly this type.
    template <class T>
    void set_typed_attribute(const std::string& path, const std::string& name, T number) {
        set_number(path, name, element_of<T>(), &number);
    }
    bool has_attribute(const std::string& path, const std::string& name) const;
    std::string text_attribute(const std::string& path, const std::string& name) const;
    double number_attribute(const std::string& path, const std::string& name) const;

    const std::filesystem::path& name() const { return name_; }

private:
    void write_array(const std::string& path, Element element, const void* data,
                     const Extent& extent, std::uint64_t count);
    void check_element(const std::string& path, Element wanted, std::uint64_t count) const;
    void read_array(const std::string& path, Element element, void* data) const;
    void read_part(const std::string& path, Element element, void* data, std::uint64_t first,
                   std::uint64_t rows) const;
    void overwrite_array(const std::string& path, Element element, const void* data,
                         std::uint64_t count);
    void append_rows(const std::string& path, Element element, const void* data,
                     std::uint64_t count);
    void set_number(const std::string& path, const std::string& name, Element element,
                    const void* number);

    std::filesystem::path name_;
    std::int64_t handle_ = -1;
};

} // namespace veste
