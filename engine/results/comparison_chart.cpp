#include "city/drawing.hpp"
#include "results/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

/// The chart of a comparison: one small panel for each charted indicator, all on one time axis,
/// with the moments of changes marked.
namespace veste {
namespace {

constexpr Colour base_colour = rgb(0x3d5a80);
constexpr Colour whatif_colour = rgb(0xe4572e);
constexpr Colour ink = rgb(0x222222);
constexpr Colour faint = rgb(0x777777);
constexpr Colour grid_colour = rgb(0xe3e3e3);
constexpr Colour better_colour = rgb(0x1b7f4d);
constexpr Colour worse_colour = rgb(0xb3261e);

constexpr int columns = 4;
constexpr double width_px = 1840.0;
constexpr double margin_px = 36.0;
constexpr double header_px = 118.0;
constexpr double panel_height_px = 262.0;
constexpr double line_px = 22.0;

TextStyle style_of(double size_px, const Colour& colour, Align align = Align::Left,
                   bool is_bold = false) {
    TextStyle style;
    style.size_px = size_px;
    style.colour = colour;
    style.align = align;
    style.is_bold = is_bold;
    return style;
}

/// A moment when one or both runs were changed.
struct Mark {
    double at_s;
    std::string text;
    bool in_base;
    bool in_whatif;
};

/// Changes of both runs in order of time; what both share is one mark.
std::vector<Mark> marks_of(const Comparison& comparison) {
    std::vector<Mark> marks;
    for (const RecordedEvent& event : comparison.whatif_changes) {
        marks.push_back({event.at_s, event.text, false, true});
    }
    for (const RecordedEvent& event : comparison.base_changes) {
        const auto same = std::find_if(marks.begin(), marks.end(), [&](const Mark& mark) {
            return mark.at_s == event.at_s && mark.text == event.text;
        });
        if (same != marks.end()) {
            same->in_base = true;
        } else {
            marks.push_back({event.at_s, event.text, true, false});
        }
    }
    std::stable_sort(marks.begin(), marks.end(),
                     [](const Mark& a, const Mark& b) { return a.at_s < b.at_s; });
    return marks;
}

Colour colour_of(const Mark& mark) {
    return mark.in_base && mark.in_whatif ? faint : mark.in_whatif ? whatif_colour : base_colour;
}

bool is_known(const ComparedIndicator& row) {
    const auto known = [](const std::vector<double>& series) {
        return std::any_of(series.begin(), series.end(), [](double v) { return std::isfinite(v); });
    };
    return known(row.base_series) || known(row.whatif_series);
}

/// The axes of one panel.
struct Axes {
    Vec2 corner_px; ///< top left of the plot
    Vec2 size_px;
    double begin_s;
    double end_s;
    double top; ///< value at the upper end; the lower end is 0

    double x(double time_s) const {
        return corner_px.x() + size_px.x() * (time_s - begin_s) / (end_s - begin_s);
    }
    double y(double value) const { return corner_px.y() + size_px.y() * (1.0 - value / top); }
};

/// The distance of grid lines, and the axis' top above the largest value.
double grid_step(double largest) {
    return largest > 0.0 ? round_below(largest / 2.0) : 1.0;
}

double largest_of(const ComparedIndicator& row) {
    double largest = 0.0;
    for (const auto* series : {&row.base_series, &row.whatif_series}) {
        for (const double value : *series) {
            largest = std::isfinite(value) ? std::max(largest, value) : largest;
        }
    }
    return largest;
}

void draw_series(Canvas& canvas, const Axes& axes, const std::vector<double>& times_s,
                 const std::vector<double>& series, const Stroke& stroke) {
    Polyline line;
    const auto finish = [&] {
        canvas.stroke_px(line, stroke);
        if (line.size() == 1) {
            canvas.disc_px(line.front(), stroke.width_px, stroke.colour);
        }
        line.clear();
    };
    for (std::size_t k = 0; k < series.size(); ++k) {
        if (!std::isfinite(series[k])) {
            finish();
            continue;
        }
        line.emplace_back(axes.x(times_s[k]), axes.y(series[k]));
    }
    finish();
}

void draw_grid(Canvas& canvas, const Axes& axes, double step, double start_of_day_s) {
    for (double value = 0.0; value <= axes.top * 1.0001; value += step) {
        const double y = axes.y(value);
        const Polyline line = {{axes.corner_px.x(), y}, {axes.corner_px.x() + axes.size_px.x(), y}};
        canvas.stroke_px(line, {value == 0.0 ? rgb(0x999999) : grid_colour, 1.0, {}, false});
        canvas.text_px({axes.corner_px.x() - 7.0, y + 4.5}, value_text(value),
                       style_of(12.5, faint, Align::Right));
    }
    // Full minutes, few enough to read.
    const double span_s = axes.end_s - axes.begin_s;
    double every_s = 60.0;
    for (const double minutes : {1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 360.0}) {
        every_s = 60.0 * minutes;
        if (span_s / every_s <= 5.0) {
            break;
        }
    }
    const double day_s = start_of_day_s + axes.begin_s;
    for (double at = std::ceil(day_s / every_s) * every_s; at <= day_s + span_s + 0.5;
         at += every_s) {
        const double x = axes.x(at - start_of_day_s);
        const double bottom = axes.corner_px.y() + axes.size_px.y();
        const Polyline tick = {{x, bottom}, {x, bottom + 4.0}};
        canvas.stroke_px(tick, {rgb(0x999999), 1.0, {}, false});
        canvas.text_px({x, bottom + 18.0}, clock_of(0.0, at), style_of(12.5, faint, Align::Centre));
    }
}

void draw_marks(Canvas& canvas, const Axes& axes, const std::vector<Mark>& marks) {
    for (std::size_t k = 0; k < marks.size(); ++k) {
        const double x = axes.x(marks[k].at_s);
        const Polyline line = {{x, axes.corner_px.y()}, {x, axes.corner_px.y() + axes.size_px.y()}};
        Colour colour = colour_of(marks[k]);
        colour.opacity = 0.75;
        canvas.stroke_px(line, {colour, 1.1, {4.0, 3.0}, false});
    }
}

void draw_panel_title(Canvas& canvas, const ComparedIndicator& row, const Vec2& corner_px) {
    const Indicator& i = *row.indicator;
    const TextStyle title = style_of(16.0, ink, Align::Left, true);
    canvas.text_px(corner_px, i.title, title);
    canvas.text_px(corner_px + Vec2(canvas.text_width_px(i.title, title) + 8.0, 0.0),
                   shown_unit(i.unit), style_of(13.5, faint));
    const Verdict verdict = verdict_on(row);
    const bool is_judged = verdict != Verdict::None;
    const bool is_better = verdict == Verdict::Better;
    const std::string text =
        fmt::format("{}: {} → {}{}", i.whole == Whole::Last ? "at the end" : name_of(i.whole),
                    value_text(row.base), value_text(row.whatif),
                    is_judged ? (is_better ? "  better" : "  worse") : "");
    canvas.text_px(corner_px + Vec2(0.0, 20.0), text,
                   style_of(13.5, is_judged ? (is_better ? better_colour : worse_colour) : faint));
}

void draw_panel(Canvas& canvas, const Comparison& comparison, const ComparedIndicator& row,
                const std::vector<Mark>& marks, const Vec2& corner_px, double panel_px) {
    draw_panel_title(canvas, row, corner_px + Vec2(0.0, 18.0));
    Axes axes;
    axes.corner_px = corner_px + Vec2(62.0, 52.0);
    axes.size_px = Vec2(panel_px - 62.0 - 30.0, panel_height_px - 52.0 - 50.0);
    axes.begin_s = comparison.begin_s;
    axes.end_s = comparison.until_s;
    const double largest = largest_of(row);
    const double step = grid_step(largest);
    axes.top = std::max(step, std::ceil(largest / step - 1e-9) * step);
    draw_grid(canvas, axes, step, comparison.start_of_day_s);
    draw_marks(canvas, axes, marks);
    draw_series(canvas, axes, comparison.times_s, row.base_series, {base_colour, 2.6});
    draw_series(canvas, axes, comparison.times_s, row.whatif_series, {whatif_colour, 2.2});
}

void draw_header(Canvas& canvas, const Comparison& comparison) {
    const std::string title =
        fmt::format("{}: {} and {}", comparison.city, comparison.base_name, comparison.whatif_name);
    canvas.text_px({margin_px, 50.0}, title, style_of(28.0, ink, Align::Left, true));
    double x = margin_px;
    const auto key = [&](const Colour& colour, const std::string& text) {
        const Polyline line = {{x, 81.0}, {x + 34.0, 81.0}};
        canvas.stroke_px(line, {colour, 3.0});
        const TextStyle style = style_of(16.0, ink);
        canvas.text_px({x + 44.0, 87.0}, text, style);
        x += 44.0 + canvas.text_width_px(text, style) + 40.0;
    };
    key(base_colour, "base: " + comparison.base_name);
    key(whatif_colour, "what-if: " + comparison.whatif_name);
    canvas.text_px({width_px - margin_px, 87.0},
                   fmt::format("{} to {}", clock_of(comparison.start_of_day_s, comparison.begin_s),
                               clock_of(comparison.start_of_day_s, comparison.until_s)),
                   style_of(16.0, faint, Align::Right));
}

/// Changes and notes below the panels.
void draw_footer(Canvas& canvas, const Comparison& comparison, const std::vector<Mark>& marks,
                 double top_px) {
    double y = top_px;
    for (const Mark& mark : marks) {
        const Polyline line = {{margin_px, y - 5.0}, {margin_px + 26.0, y - 5.0}};
        canvas.stroke_px(line, {colour_of(mark), 1.6, {4.0, 3.0}, false});
        canvas.text_px({margin_px + 38.0, y},
                       fmt::format("{}  {}{}", clock_of(comparison.start_of_day_s, mark.at_s),
                                   mark.text,
                                   mark.in_base ? (mark.in_whatif ? "  (both)" : "  (base only)")
                                                : "  (what-if only)"),
                       style_of(14.5, ink));
        y += line_px;
    }
    for (const std::string& note : comparison.notes) {
        canvas.text_px({margin_px, y}, "note: " + note, style_of(14.5, worse_colour));
        y += line_px;
    }
}

} // namespace

void draw_comparison(const Comparison& comparison, const std::filesystem::path& png) {
    std::vector<const ComparedIndicator*> rows;
    for (const ComparedIndicator& row : comparison.indicators) {
        if (row.indicator->is_charted && is_known(row)) {
            rows.push_back(&row);
        }
    }
    const std::vector<Mark> marks = marks_of(comparison);
    const std::size_t lines = (rows.size() + columns - 1) / columns;
    const double footer_px = header_px + static_cast<double>(lines) * panel_height_px + 24.0;
    const double footer_lines = static_cast<double>(marks.size() + comparison.notes.size());
    Canvas canvas(static_cast<int>(width_px),
                  static_cast<int>(footer_px + footer_lines * line_px + 16.0), rgb(0xffffff));
    draw_header(canvas, comparison);
    const double panel_px = (width_px - 2.0 * margin_px) / columns;
    for (std::size_t k = 0; k < rows.size(); ++k) {
        const std::size_t line = k / columns;
        const Vec2 corner(margin_px + panel_px * static_cast<double>(k % columns),
                          header_px + panel_height_px * static_cast<double>(line));
        draw_panel(canvas, comparison, *rows[k], marks, corner, panel_px);
    }
    draw_footer(canvas, comparison, marks, footer_px + 6.0);
    canvas.save_png(png);
}

} // namespace veste
