#include "results/comparison.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

namespace veste {
namespace {

/// Numbers of intervals compared: those whose ends are the same.
std::size_t common_intervals(const Results& base, const Results& whatif) {
    const auto& a = base.times_s();
    const auto& b = whatif.times_s();
    std::size_t count = 0;
    while (count < std::min(a.size(), b.size()) && std::abs(a[count] - b[count]) < 1e-6) {
        ++count;
    }
    return count;
}

void check_comparable(const Results& base, const Results& whatif) {
    Problems problems;
    const RunInfo& a = base.info();
    const RunInfo& b = whatif.info();
    const std::string second = whatif.name().string();
    const auto same_text = [&](const char* what, const std::string& x, const std::string& y) {
        if (x != y) {
            problems.add(fmt::format("{}: {} {}, but {} has {}: only runs of one city and time "
                                     "can be compared",
                                     second, what, y, base.name().string(), x));
        }
    };
    same_text("city", a.city, b.city);
    if (a.city == b.city) {
        same_text("city digest", a.city_digest, b.city_digest);
    }
    const auto same_number = [&](const char* what, double x, double y) {
        same_text(what, fmt::format("{} s", x), fmt::format("{} s", y));
    };
    same_number("start of the day", a.start_of_day_s, b.start_of_day_s);
    same_number("begin", a.begin_s, b.begin_s);
    same_number("duration", a.duration_s, b.duration_s);
    problems.throw_if_any();
    if (common_intervals(base, whatif) == 0) {
        throw InputError(fmt::format("{} and {}: no interval of the indicators ends at the same "
                                     "time in both ({} and {} intervals)",
                                     base.name().string(), second, base.times_s().size(),
                                     whatif.times_s().size()));
    }
}

void note_weakness(const Results& base, const Results& whatif, Comparison& comparison) {
    const RunInfo& a = base.info();
    const RunInfo& b = whatif.info();
    if (a.seed != b.seed) {
        comparison.notes.push_back(
            fmt::format("the runs have different seeds ({} and {}): part of every difference is "
                        "chance",
                        a.seed, b.seed));
    }
    if (a.engine_version != b.engine_version) {
        comparison.notes.push_back(fmt::format("the runs were made by different versions ({} and "
                                               "{})",
                                               a.engine_version, b.engine_version));
    }
    for (const Results* run : {&base, &whatif}) {
        if (!run->info().is_complete) {
            comparison.notes.push_back(fmt::format(
                "{} is not complete: it holds {} of {} s; both are compared up to {} s",
                run->name().string(), run->until_s(), run->info().duration_s, comparison.until_s));
        }
    }
}

std::string where_text(const Results& run, const Indicator& indicator,
                       std::span<const double> series) {
    const auto k = telling_interval(indicator.whole, series);
    if (indicator.place == nullptr || !k) {
        return "";
    }
    const Vec2 at = run.places(indicator)[*k] + run.info().origin;
    if (!std::isfinite(at.x())) {
        return "";
    }
    return fmt::format("E {:.0f} N {:.0f} at {}", at.x(), at.y(),
                       clock_of(run.info().start_of_day_s, run.times_s()[*k]));
}

std::vector<RecordedEvent> changes_until(const Results& run, double until_s) {
    std::vector<RecordedEvent> changes;
    for (RecordedEvent& event : run.events()) {
        if ((event.kind == "change" || event.kind == "rule") && event.at_s < until_s) {
            changes.push_back(std::move(event));
        }
    }
    return changes;
}

/// Thousands grouped, so that long numbers can be read.
std::string grouped(const std::string& digits) {
    const std::size_t begin = digits.find_first_of("0123456789");
    const std::size_t end = std::min(digits.find('.'), digits.size());
    std::string text = digits.substr(0, begin);
    for (std::size_t k = begin; k < digits.size(); ++k) {
        if (k > begin && k < end && (end - k) % 3 == 0) {
            text += ',';
        }
        text += digits[k];
    }
    return text;
}

std::string csv_text(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text) {
        quoted += c == '"' ? "\"\"" : std::string(1, c);
    }
    quoted += '"';
    return quoted;
}

std::string csv_number(double value) {
    return std::isnan(value) ? "" : fmt::format("{}", value);
}

std::string relative_text(const ComparedIndicator& row) {
    const double share = row.relative_difference();
    if (std::isnan(share)) {
        return "-";
    }
    if (share == 0.0) {
        return "0 %";
    }
    constexpr double most = 9.995;
    constexpr double least = 0.0005;
    if (std::abs(share) < least) {
        return share > 0.0 ? "<+0.1 %" : ">-0.1 %";
    }
    return std::abs(share) > most ? fmt::format("x{:.0f}", row.whatif / row.base)
                                  : fmt::format("{:+.1f} %", 100.0 * share);
}

std::string_view text_of(Verdict verdict) {
    constexpr std::string_view texts[] = {"", "better", "worse"};
    return texts[static_cast<std::size_t>(verdict)];
}

/// Mean of the finite times and share of those that are not.
void sum_up(std::span<const double> times_s, double& mean_s, double& cut) {
    std::vector<double> open_s;
    std::copy_if(times_s.begin(), times_s.end(), std::back_inserter(open_s),
                 [](double time_s) { return std::isfinite(time_s); });
    mean_s = whole_value(Whole::Mean, open_s);
    cut = 1.0 - static_cast<double>(open_s.size()) / static_cast<double>(times_s.size());
}

/// Compares each emergency route; the mean and the longest time are of the open routes only, so
/// that they tell nothing where other routes are open.
void compare_routes(const Results& base, const Results& whatif, Comparison& comparison) {
    const std::vector<RecordedRoute> a = base.emergency_routes();
    const std::vector<RecordedRoute> b = whatif.emergency_routes();
    const std::size_t count = comparison.times_s.size();
    bool is_alike = a.size() == b.size();
    for (std::size_t r = 0; r < std::min(a.size(), b.size()); ++r) {
        if (a[r].name != b[r].name) {
            is_alike = false;
            continue;
        }
        ComparedRoute route;
        route.name = a[r].name;
        sum_up(std::span(a[r].travel_time_s).first(count), route.base_s, route.base_cut);
        sum_up(std::span(b[r].travel_time_s).first(count), route.whatif_s, route.whatif_cut);
        comparison.routes.push_back(std::move(route));
        for (std::size_t k = 0; k < count; ++k) {
            is_alike = is_alike &&
                       std::isfinite(a[r].travel_time_s[k]) == std::isfinite(b[r].travel_time_s[k]);
        }
    }
    if (is_alike) {
        return;
    }
    comparison.notes.emplace_back("other emergency routes are open in one run than in the other: "
                                  "their mean and longest times are not judged, see each route");
    for (ComparedIndicator& row : comparison.indicators) {
        row.is_alike = row.indicator->value != &IndicatorValues::emergency_time_mean_s &&
                       row.indicator->value != &IndicatorValues::emergency_time_longest_s;
    }
}

std::string route_text(const ComparedRoute& route) {
    const auto share = [](double cut) { return fmt::format("{:.0f} %", 100.0 * cut); };
    std::string text =
        fmt::format("  {:<34}{:>6}{:>14}{:>14}{:>14}{:>12}  {}\n", route.name, "s",
                    value_text(route.base_s), value_text(route.whatif_s),
                    difference_text(route.whatif_s - route.base_s), "", text_of(verdict_on(route)));
    if (route.base_cut > 0.0 || route.whatif_cut > 0.0) {
        text += fmt::format("    {:<32}{:>6}{:>14}{:>14}\n", "cut, share of the time", "",
                            share(route.base_cut), share(route.whatif_cut));
    }
    return text;
}

} // namespace

Verdict verdict_on(const ComparedIndicator& row) {
    const double difference = row.difference();
    if (!row.is_alike || std::isnan(difference) || difference == 0.0 ||
        row.indicator->better == Better::None) {
        return Verdict::None;
    }
    return (difference < 0.0) == (row.indicator->better == Better::Lower) ? Verdict::Better
                                                                          : Verdict::Worse;
}

Verdict verdict_on(const ComparedRoute& route) {
    const double difference = route.whatif_cut != route.base_cut ? route.whatif_cut - route.base_cut
                                                                 : route.whatif_s - route.base_s;
    if (std::isnan(difference) || difference == 0.0) {
        return Verdict::None;
    }
    return difference < 0.0 ? Verdict::Better : Verdict::Worse;
}

double ComparedIndicator::relative_difference() const {
    return base == 0.0 ? not_known : difference() / std::abs(base);
}

Comparison compare(const Results& base, const Results& whatif) {
    check_comparable(base, whatif);
    Comparison comparison;
    const std::size_t count = common_intervals(base, whatif);
    comparison.base_name = base.info().scenario_name;
    comparison.whatif_name = whatif.info().scenario_name;
    comparison.city = base.info().city;
    comparison.begin_s = base.info().begin_s;
    comparison.start_of_day_s = base.info().start_of_day_s;
    comparison.times_s.assign(base.times_s().begin(),
                              base.times_s().begin() + static_cast<std::ptrdiff_t>(count));
    comparison.until_s = comparison.times_s.back();
    note_weakness(base, whatif, comparison);
    for (const Indicator& indicator : indicators()) {
        ComparedIndicator row;
        row.indicator = &indicator;
        row.base_series = base.series(indicator);
        row.whatif_series = whatif.series(indicator);
        row.base_series.resize(count);
        row.whatif_series.resize(count);
        row.base = whole_value(indicator.whole, row.base_series);
        row.whatif = whole_value(indicator.whole, row.whatif_series);
        row.base_where = where_text(base, indicator, row.base_series);
        row.whatif_where = where_text(whatif, indicator, row.whatif_series);
        comparison.indicators.push_back(std::move(row));
    }
    compare_routes(base, whatif, comparison);
    comparison.base_changes = changes_until(base, comparison.until_s);
    comparison.whatif_changes = changes_until(whatif, comparison.until_s);
    return comparison;
}

std::string value_text(double value) {
    if (std::isnan(value)) {
        return "-";
    }
    const double size = std::abs(value);
    constexpr double smallest_plain = 1e-3;
    if (size == 0.0 || (size >= 100.0 && std::isfinite(value))) {
        return grouped(fmt::format("{:.0f}", value));
    }
    if (size < smallest_plain) {
        return fmt::format("{:.1e}", value);
    }
    if (std::abs(value - std::round(value)) <= 1e-9 * size) {
        return fmt::format("{:.0f}", value);
    }
    return fmt::format("{:.{}f}", value, size >= 10.0 ? 1 : size >= 0.1 ? 2 : 3);
}

std::string difference_text(double value) {
    return fmt::format("{}{}", value > 0.0 ? "+" : "", value_text(value));
}

std::string clock_of(double start_of_day_s, double time_s) {
    const auto total = std::llround(start_of_day_s + time_s);
    const std::string minutes = fmt::format("{:02}:{:02}", total / 3600 % 24, total / 60 % 60);
    return total % 60 == 0 ? minutes : fmt::format("{}:{:02}", minutes, total % 60);
}

std::string comparison_table(const Comparison& comparison) {
    std::string text = fmt::format("{}: {} (base) and {} (what-if), {} to {}\n", comparison.city,
                                   comparison.base_name, comparison.whatif_name,
                                   clock_of(comparison.start_of_day_s, comparison.begin_s),
                                   clock_of(comparison.start_of_day_s, comparison.until_s));
    auto out = std::back_inserter(text);
    for (const std::string& note : comparison.notes) {
        fmt::format_to(out, "note: {}\n", note);
    }
    const Theme* theme = nullptr;
    for (const ComparedIndicator& row : comparison.indicators) {
        const Indicator& i = *row.indicator;
        if (theme == nullptr || *theme != i.theme) {
            fmt::format_to(out, "\n{:<36}{:>6}{:>14}{:>14}{:>14}{:>12}\n", title_of(i.theme), "",
                           "base", "what-if", "difference", "relative");
            theme = &i.theme;
        }
        fmt::format_to(out, "  {:<34}{:>6}{:>14}{:>14}{:>14}{:>12}  {}\n", i.title,
                       shown_unit(i.unit), value_text(row.base), value_text(row.whatif),
                       difference_text(row.difference()), relative_text(row),
                       text_of(verdict_on(row)));
        if (!row.base_where.empty() || !row.whatif_where.empty()) {
            fmt::format_to(out, "    where: base {}; what-if {}\n",
                           row.base_where.empty() ? "-" : row.base_where,
                           row.whatif_where.empty() ? "-" : row.whatif_where);
        }
    }
    if (!comparison.routes.empty()) {
        fmt::format_to(out, "\n{:<36}{:>6}{:>14}{:>14}{:>14}\n", "Emergency routes while open", "",
                       "base", "what-if", "difference");
    }
    for (const ComparedRoute& route : comparison.routes) {
        text += route_text(route);
    }
    return text;
}

void write_comparison_csv(const Comparison& comparison, const std::filesystem::path& file) {
    std::string text = "theme,indicator,title,unit,better,whole_run,base,whatif,difference,"
                       "relative_difference,base_where,whatif_where\r\n";
    for (const ComparedIndicator& row : comparison.indicators) {
        const Indicator& i = *row.indicator;
        fmt::format_to(std::back_inserter(text), "{},{},{},{},{},{},{},{},{},{},{},{}\r\n",
                       csv_text(title_of(i.theme)), i.name, csv_text(i.title), csv_text(i.unit),
                       name_of(i.better), name_of(i.whole), csv_number(row.base),
                       csv_number(row.whatif), csv_number(row.difference()),
                       csv_number(row.relative_difference()), csv_text(row.base_where),
                       csv_text(row.whatif_where));
    }
    for (std::size_t r = 0; r < comparison.routes.size(); ++r) {
        const ComparedRoute& route = comparison.routes[r];
        const auto add = [&](const char* what, const char* title, const char* unit, double base,
                             double whatif) {
            fmt::format_to(
                std::back_inserter(text),
                "\"Emergency routes\",emergency_route_{}_{},{},\"{}\",lower,mean,{},{},{},"
                "{},\"\",\"\"\r\n",
                r + 1, what, csv_text(fmt::format("{}, {}", route.name, title)), unit,
                csv_number(base), csv_number(whatif), csv_number(whatif - base),
                csv_number(base == 0.0 ? not_known : (whatif - base) / base));
        };
        add("time", "while open", "s", route.base_s, route.whatif_s);
        add("cut", "share of the time cut", "1", route.base_cut, route.whatif_cut);
    }
    std::ofstream out(file, std::ios::binary);
    out << text;
    out.close();
    if (!out) {
        throw RunError(file.string() + ": cannot be written");
    }
}

} // namespace veste
