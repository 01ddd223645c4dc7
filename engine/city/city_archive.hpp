#pragma once
#include "base/errors.hpp"
#include "base/geometry.hpp"
#include "base/hash.hpp"
#include "base/ids.hpp"
#include "base/raster.hpp"
#include "city/hdf5_file.hpp"

#include <algorithm>
#include <array>
#include <filesystem>
#include <string>
#include <type_traits>
#include <vector>

/// Turns vectors of structs into columns of a file and back. One description of the columns serves
/// both ways (`Archive` is CityWriter, CityReader or CityDigester), so they cannot drift apart.
/// Columns of different lengths per row (lines, rings, lists) lie end to end in one array;
/// `NAME_starts` holds where each row begins, and the end.
namespace veste {

/// How a member is stored: plain numbers, several numbers, or a list of storable things.
template <class T, class = void> struct Stored;

template <class T> struct Stored<T, std::enable_if_t<std::is_arithmetic_v<T>>> {
    using Number = std::conditional_t<std::is_same_v<T, bool>, std::uint8_t, T>;
    static constexpr std::size_t width = 1;
    static void put(const T& from, Number* to) { *to = static_cast<Number>(from); }
    static void take(const Number* from, T& to) { to = static_cast<T>(*from); }
};

template <class T> struct Stored<T, std::enable_if_t<std::is_enum_v<T>>> {
    using Number = std::underlying_type_t<T>;
    static constexpr std::size_t width = 1;
    static void put(const T& from, Number* to) { *to = static_cast<Number>(from); }
    static void take(const Number* from, T& to) { to = static_cast<T>(*from); }
};

template <class Tag> struct Stored<Id<Tag>> {
    using Number = std::uint32_t;
    static constexpr std::size_t width = 1;
    static void put(const Id<Tag>& from, Number* to) { *to = from.index; }
    static void take(const Number* from, Id<Tag>& to) { to.index = *from; }
};

template <> struct Stored<Vec2> {
    using Number = double;
    static constexpr std::size_t width = 2;
    static void put(const Vec2& from, Number* to) {
        to[0] = from.x();
        to[1] = from.y();
    }
    static void take(const Number* from, Vec2& to) { to = {from[0], from[1]}; }
};

template <class T, std::size_t N> struct Stored<std::array<T, N>> {
    using Number = typename Stored<T>::Number;
    static constexpr std::size_t width = N * Stored<T>::width;
    static void put(const std::array<T, N>& from, Number* to) {
        for (std::size_t k = 0; k < N; ++k) {
            Stored<T>::put(from[k], to + k * Stored<T>::width);
        }
    }
    static void take(const Number* from, std::array<T, N>& to) {
        for (std::size_t k = 0; k < N; ++k) {
            Stored<T>::take(from + k * Stored<T>::width, to[k]);
        }
    }
};

/// A column's name, unit ("1" for pure numbers and codes) and meaning.
struct Column {
    std::string path;
    std::string_view unit;
};

class CityWriter {
public:
    static constexpr bool is_reading = false;
    explicit CityWriter(Hdf5File& file) : file_(file) {}

    template <class S> void rows(const std::string&, std::vector<S>&) {}

    template <class S, class Get> void column(const Column& name, std::vector<S>& rows, Get&& get) {
        using T = std::remove_cvref_t<decltype(get(rows.front()))>;
        if constexpr (std::is_same_v<T, std::string>) {
            std::vector<std::string> texts;
            texts.reserve(rows.size());
            for (S& row : rows) {
                texts.push_back(get(row));
            }
            file_.write_fixed(name.path, texts);
        } else {
            using Number = typename Stored<T>::Number;
            constexpr std::size_t width = Stored<T>::width;
            std::vector<Number> numbers(rows.size() * width);
            for (std::size_t k = 0; k < rows.size(); ++k) {
                Stored<T>::put(get(rows[k]), numbers.data() + k * width);
            }
            const Extent extent = width == 1 ? Extent{rows.size()} : Extent{rows.size(), width};
            file_.write(name.path, std::span<const Number>(numbers), extent);
        }
        file_.set_attribute(name.path, "unit", name.unit);
    }

    /// Cells of a raster as rows and columns, the southern row first.
    template <class T> void cells(const Column& name, Raster<T>& raster) {
        file_.write(name.path, std::span<const T>(raster.values),
                    {static_cast<std::uint64_t>(raster.shape.rows),
                     static_cast<std::uint64_t>(raster.shape.columns)});
        file_.set_attribute(name.path, "unit", name.unit);
    }

    /// Lists of each row, end to end; `describe(archive, all)` gives the columns of their items.
    template <class S, class Get, class Describe>
    void lists(const std::string& path, std::vector<S>& rows, Get&& get, Describe&& describe) {
        std::remove_cvref_t<decltype(get(rows.front()))> all;
        std::vector<std::uint64_t> starts = {0};
        for (S& row : rows) {
            all.insert(all.end(), get(row).begin(), get(row).end());
            starts.push_back(all.size());
        }
        file_.write(path + "_starts", starts);
        describe(*this, all);
    }

private:
    Hdf5File& file_;
};

/// Adds what CityWriter would write to a digest.
class CityDigester {
public:
    static constexpr bool is_reading = false;
    explicit CityDigester(Digest& digest) : digest_(digest) {}

    template <class S> void rows(const std::string&, std::vector<S>&) {}

    template <class S, class Get> void column(const Column& name, std::vector<S>& rows, Get&& get) {
        using T = std::remove_cvref_t<decltype(get(rows.front()))>;
        begin(name.path, rows.size());
        for (S& row : rows) {
            if constexpr (std::is_same_v<T, std::string>) {
                begin(get(row), get(row).size());
            } else {
                std::array<typename Stored<T>::Number, Stored<T>::width> numbers;
                Stored<T>::put(get(row), numbers.data());
                digest_.add(std::as_bytes(std::span(numbers)));
            }
        }
    }

    template <class T> void cells(const Column& name, Raster<T>& raster) {
        begin(name.path, raster.values.size());
        digest_.add(std::as_bytes(std::span<const T>(raster.values)));
    }

    template <class S, class Get, class Describe>
    void lists(const std::string& path, std::vector<S>& rows, Get&& get, Describe&& describe) {
        std::remove_cvref_t<decltype(get(rows.front()))> all;
        begin(path, rows.size());
        for (S& row : rows) {
            begin("", get(row).size());
            all.insert(all.end(), get(row).begin(), get(row).end());
        }
        describe(*this, all);
    }

private:
    /// Counts go in with the name, so that no two contents run together to the same bytes.
    void begin(std::string_view name, std::uint64_t count) {
        digest_.add(name);
        digest_.add(std::as_bytes(std::span(&count, 1)));
    }

    Digest& digest_;
};

/// Throws InputError that tells the extent of an array and the one expected.
[[noreturn]] void throw_wrong_extent(const Hdf5File& file, const std::string& path,
                                     const Extent& found, const Extent& expected);

class CityReader {
public:
    static constexpr bool is_reading = true;
    explicit CityReader(const Hdf5File& file)
        : file_(file),
          most_rows_(smallest_limit + most_packed * std::filesystem::file_size(file.name())) {}

    /// Makes as many rows as the column has.
    template <class S> void rows(const std::string& path, std::vector<S>& rows) {
        const Extent extent = file_.extent(path);
        if (extent.empty() || extent.front() > most_rows_) {
            throw InputError(file_.name().string() + ": " + path + ": is no column");
        }
        rows.resize(extent.front());
    }

    template <class S, class Get> void column(const Column& name, std::vector<S>& rows, Get&& get) {
        using T = std::remove_cvref_t<decltype(get(rows.front()))>;
        const Extent extent = file_.extent(name.path);
        if constexpr (std::is_same_v<T, std::string>) {
            check(name.path, extent, {rows.size()});
            std::vector<std::string> texts = file_.read_texts(name.path);
            for (std::size_t k = 0; k < rows.size(); ++k) {
                get(rows[k]) = std::move(texts[k]);
            }
        } else {
            using Number = typename Stored<T>::Number;
            constexpr std::size_t width = Stored<T>::width;
            check(name.path, extent, width == 1 ? Extent{rows.size()} : Extent{rows.size(), width});
            const std::vector<Number> numbers = file_.read<Number>(name.path);
            for (std::size_t k = 0; k < rows.size(); ++k) {
                Stored<T>::take(numbers.data() + k * width, get(rows[k]));
            }
        }
    }

    template <class T> void cells(const Column& name, Raster<T>& raster) {
        const Extent extent = file_.extent(name.path);
        check(name.path, extent,
              {static_cast<std::uint64_t>(raster.shape.rows),
               static_cast<std::uint64_t>(raster.shape.columns)});
        if (extent[0] > most_rows_ || extent[1] > most_rows_ ||
            extent[0] * extent[1] > most_rows_) {
            throw InputError(file_.name().string() + ": " + name.path + ": is no raster");
        }
        raster.values = file_.read<T>(name.path);
    }

    template <class S, class Get, class Describe>
    void lists(const std::string& path, std::vector<S>& rows, Get&& get, Describe&& describe) {
        using List = std::remove_cvref_t<decltype(get(rows.front()))>;
        const std::string name = path + "_starts";
        check(name, file_.extent(name), {rows.size() + 1});
        const std::vector<std::uint64_t> starts = file_.read<std::uint64_t>(name);
        if (starts.front() != 0 || starts.back() > most_rows_ ||
            !std::is_sorted(starts.begin(), starts.end())) {
            throw InputError(file_.name().string() + ": " + name + ": does not grow from 0");
        }
        List all(starts.back());
        describe(*this, all);
        for (std::size_t k = 0; k < rows.size(); ++k) {
            const auto at = [&](std::uint64_t i) {
                return std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(i));
            };
            get(rows[k]).assign(at(starts[k]), at(starts[k + 1]));
        }
    }

private:
    // Deflate packs at most 1032 bytes in one: a damaged number of rows is found before memory is
    // asked for.
    static constexpr std::uint64_t smallest_limit = 1U << 20;
    static constexpr std::uint64_t most_packed = 1040;

    void check(const std::string& path, const Extent& found, const Extent& expected) const {
        if (found != expected) {
            throw_wrong_extent(file_, path, found, expected);
        }
    }

    const Hdf5File& file_;
    std::uint64_t most_rows_;
};

/// A list of plain things for each row: ids, codes, points.
template <class Archive, class S, class Get>
void plain_lists(Archive& a, const std::string& path, std::string_view unit, std::vector<S>& rows,
                 Get&& get) {
    a.lists(path, rows, get, [&](Archive& inner, auto& all) {
        inner.column(
            {path, unit}, all, [](auto& item) -> auto& { return item; });
    });
}

/// One thing that is no list.
template <class Archive, class T>
void value(Archive& a, const std::string& path, std::string_view unit, T& thing) {
    struct Row {
        T item;
    };
    std::vector<Row> one = {{thing}};
    a.column({path, unit}, one, [](Row& row) -> T& { return row.item; });
    thing = std::move(one.front().item);
}

template <class Archive, class S, class Get>
void polygons(Archive& a, const std::string& path, std::vector<S>& rows, Get&& get) {
    plain_lists(
        a, path + "_outer", "m", rows, [&](S & row) -> auto& { return get(row).outer; });
    a.lists(
        path + "_holes", rows, [&](S & row) -> auto& { return get(row).holes; },
        [&](Archive& inner, auto& all) {
            plain_lists(
                inner, path + "_hole_points", "m", all, [](auto& hole) -> auto& { return hole; });
        });
}

} // namespace veste
