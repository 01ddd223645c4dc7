#pragma once
#include "results/reader.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace veste {

/// One indicator of two runs.
struct ComparedIndicator {
    const Indicator* indicator = nullptr;
    double base = not_known; ///< of the whole time compared
    double whatif = not_known;
    std::vector<double> base_series; ///< for each interval compared
    std::vector<double> whatif_series;
    std::string base_where; ///< "E 373,512 N 4,843,310 at 21:14", empty without a place
    std::string whatif_where;

    /// False where the two values are of different things, so that neither is the better one.
    bool is_alike = true;

    double difference() const { return whatif - base; }
    /// Difference as share of the base value; not known where that is zero.
    double relative_difference() const;
};

enum class Verdict : std::uint8_t { None, Better, Worse };
/// Whether the difference is for the better.
Verdict verdict_on(const ComparedIndicator& row);

/// One emergency route in two runs.
struct ComparedRoute {
    std::string name;
    double base_s = not_known; ///< mean travel time while it is open
    double whatif_s = not_known;
    double base_cut = 0.0; ///< share of the intervals in which it is cut
    double whatif_cut = 0.0;
};
/// A route cut for longer is worse; where it is open as long, one that takes longer is.
Verdict verdict_on(const ComparedRoute& route);

/// Two runs of one city side by side.
struct Comparison {
    std::string base_name; ///< scenario names
    std::string whatif_name;
    std::string city;
    double begin_s = 0.0;
    double until_s = 0.0; ///< both runs are compared up to here
    double start_of_day_s = 0.0;
    std::vector<double> times_s;               ///< ends of the intervals compared
    std::vector<ComparedIndicator> indicators; ///< all, in the order of the table
    std::vector<ComparedRoute> routes;         ///< emergency routes that both runs have
    std::vector<RecordedEvent> base_changes;   ///< changes and rules until then
    std::vector<RecordedEvent> whatif_changes;
    std::vector<std::string> notes; ///< what to bear in mind
};

/// Throws InputError where the runs cannot be compared: other cities, starts, durations or
/// intervals. What weakens the comparison (other seeds, a run that was not finished) is noted, and
/// runs are compared up to the time that both have.
Comparison compare(const Results& base, const Results& whatif);

/// A value with as many digits as its indicator deserves; "-" where it is not known.
std::string value_text(double value);
/// The same with its sign.
std::string difference_text(double value);
/// "21:14", or "21:14:30" off the minute.
std::string clock_of(double start_of_day_s, double time_s);

/// The table for a terminal.
std::string comparison_table(const Comparison& comparison);
/// The table as CSV (RFC 4180): exact numbers, empty where unknown. Throws RunError where the file
/// cannot be written.
void write_comparison_csv(const Comparison& comparison, const std::filesystem::path& file);
/// Small multiples of the most telling indicators over time.
void draw_comparison(const Comparison& comparison, const std::filesystem::path& png);

} // namespace veste
