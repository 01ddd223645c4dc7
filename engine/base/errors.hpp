#pragma once
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

/// Three kinds of error only: the user's data (InputError), the caller's mistake (UsageError), and
/// our own bugs (assert). A run that cannot go on (full disk, non-finite number) throws RunError.
namespace veste {

/// The user's data is wrong. The message names the place, the value and what would be right; it may
/// hold several problems, one a line.
struct InputError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// The caller used the engine in a wrong way; the message names the call.
struct UsageError : std::logic_error {
    using std::logic_error::logic_error;
};

/// The run cannot go on; what was recorded so far is readable.
struct RunError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

/// Allowed range of a number in the user's data, both ends included.
struct Limits {
    double low;
    double high;
    std::string_view unit;
};

/// True where the value lies within the limits; NaN never does.
constexpr bool is_within(double value, Limits limits) {
    return value >= limits.low && value <= limits.high;
}

/// "WHERE: FIELD = VALUE UNIT, allowed LOW to HIGH UNIT"
std::string out_of_range(std::string_view where, std::string_view field, double value,
                         Limits limits);

/// Collects every problem of the user's data, so that all are told at once.
class Problems {
public:
    void add(std::string problem) { list_.push_back(std::move(problem)); }
    /// Adds a problem and returns the nearest limit when the value is outside its limits.
    double checked(double value, Limits limits, std::string_view where, std::string_view field);
    bool is_empty() const { return list_.empty(); }
    const std::vector<std::string>& list() const { return list_; }
    /// Throws InputError with every problem, one a line; does nothing when there is none.
    void throw_if_any() const;

private:
    std::vector<std::string> list_;
};

/// Receives warnings; the engine itself never prints.
using WarningHandler = std::function<void(std::string_view)>;

/// The known word nearest to a misspelt one (Levenshtein distance at most 3), or an empty string.
std::string nearest_word(std::string_view word, const std::vector<std::string>& known);

} // namespace veste
