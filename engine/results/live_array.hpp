#pragma once
#include "city/hdf5_file.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace veste {

/// What every array of a results file says of itself.
struct ArrayText {
    std::string_view unit;
    std::string_view description;
    double scale = 1.0;  ///< value = stored x scale + offset
    double offset = 0.0; ///< in the CRS's metres, where the stored numbers are local
};

void describe(Hdf5File& file, const std::string& path, const ArrayText& text);

/// A growing array of a live file: rows are gathered and written chunk by chunk, since a chunk that
/// is written in two parts is compressed and stored twice.
template <class T> class LiveArray {
public:
    /// `row` is empty for single numbers, {n} for n columns.
    LiveArray(Hdf5File& file, std::string path, const ArrayText& text, std::uint64_t rows_in_chunk,
              const Extent& row = {})
        : file_(file), path_(std::move(path)), rows_in_chunk_(rows_in_chunk),
          width_(row.empty() ? 1 : row.front()) {
        file_.make_growing(path_, element_of<T>(), row, rows_in_chunk);
        describe(file_, path_, text);
    }

    void push(T value) { waiting_.push_back(value); }
    void push_row(std::span<const T> values) {
        waiting_.insert(waiting_.end(), values.begin(), values.end());
    }
    /// Writes as many whole chunks as there are; throws RunError where the file cannot grow.
    void write_chunks() {
        const std::uint64_t rows = written_ + waiting_.size() / width_;
        write(rows - rows % rows_in_chunk_);
    }
    void write_all() { write(written_ + waiting_.size() / width_); }

    /// Rows pushed so far.
    std::uint64_t rows() const { return written_ + waiting_.size() / width_; }

private:
    void write(std::uint64_t until) {
        if (until <= written_) {
            return;
        }
        const std::size_t count = (until - written_) * width_;
        file_.append(path_, std::span<const T>(waiting_.data(), count));
        waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(count));
        written_ = until;
    }

    Hdf5File& file_;
    std::string path_;
    std::uint64_t rows_in_chunk_;
    std::uint64_t width_;
    std::uint64_t written_ = 0;
    std::vector<T> waiting_;
};

/// The same for texts of at most `bytes` bytes.
class LiveTexts {
public:
    LiveTexts(Hdf5File& file, std::string path, const ArrayText& text, std::uint64_t bytes,
              std::uint64_t rows_in_chunk)
        : file_(file), path_(std::move(path)) {
        file_.make_growing_texts(path_, bytes, rows_in_chunk);
        describe(file_, path_, text);
    }
    void push(std::string text) { waiting_.push_back(std::move(text)); }
    void write_all() {
        file_.append_texts(path_, waiting_);
        waiting_.clear();
    }

private:
    Hdf5File& file_;
    std::string path_;
    std::vector<std::string> waiting_;
};

} // namespace veste
