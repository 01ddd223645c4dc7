#include "city/drawing.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <cairo.h>
#include <cmath>
#include <fmt/format.h>
#include <numbers>
#include <string>

namespace veste {

struct Canvas::Implementation {
    cairo_surface_t* surface = nullptr;
    cairo_t* cairo = nullptr;
    ~Implementation() {
        cairo_destroy(cairo);
        cairo_surface_destroy(surface);
    }
};

namespace {

void set_colour(cairo_t* cairo, const Colour& c) {
    cairo_set_source_rgba(cairo, c.red / 255.0, c.green / 255.0, c.blue / 255.0, c.opacity);
}

void set_font(cairo_t* cairo, const TextStyle& style) {
    cairo_select_font_face(cairo, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
                           style.is_bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cairo, style.size_px);
}

/// Adds a ring to the path; the place of each point is given by `at`.
template <class At> void add_ring(cairo_t* cairo, std::span<const Vec2> ring, At&& at) {
    for (std::size_t k = 0; k < ring.size(); ++k) {
        const Vec2 p = at(ring[k]);
        k == 0 ? cairo_move_to(cairo, p.x(), p.y()) : cairo_line_to(cairo, p.x(), p.y());
    }
    cairo_close_path(cairo);
}

} // namespace

Colour between(const Colour& a, const Colour& b, double share) {
    const double t = std::clamp(share, 0.0, 1.0);
    const auto mixed = [t](std::uint8_t from, std::uint8_t to) {
        return static_cast<std::uint8_t>(std::lround(from + t * (to - from)));
    };
    return {mixed(a.red, b.red), mixed(a.green, b.green), mixed(a.blue, b.blue),
            a.opacity + t * (b.opacity - a.opacity)};
}

Canvas::Canvas(int width_px, int height_px, const Colour& background)
    : implementation_(std::make_unique<Implementation>()), width_px_(width_px),
      height_px_(height_px) {
    constexpr int largest_px = 30000; // cairo's limit is 32767
    if (width_px < 1 || height_px < 1 || width_px > largest_px || height_px > largest_px) {
        throw UsageError(fmt::format("Canvas: {} x {} pixels, allowed 1 to {}", width_px, height_px,
                                     largest_px));
    }
    implementation_->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width_px, height_px);
    implementation_->cairo = cairo_create(implementation_->surface);
    if (cairo_status(implementation_->cairo) != CAIRO_STATUS_SUCCESS) {
        throw RunError(
            fmt::format("a picture of {} x {} pixels cannot be made", width_px, height_px));
    }
    cairo_set_line_join(implementation_->cairo, CAIRO_LINE_JOIN_ROUND);
    set_colour(implementation_->cairo, background);
    cairo_paint(implementation_->cairo);
}

Canvas::~Canvas() = default;
Canvas::Canvas(Canvas&&) noexcept = default;

void Canvas::fill_px(std::span<const Vec2> ring, const Colour& colour) {
    cairo_t* cairo = implementation_->cairo;
    add_ring(cairo, ring, [](const Vec2& p) { return p; });
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

void Canvas::stroke_px(std::span<const Vec2> line, const Stroke& stroke, bool is_closed) {
    if (line.size() < 2) {
        return;
    }
    cairo_t* cairo = implementation_->cairo;
    for (std::size_t k = 0; k < line.size(); ++k) {
        k == 0 ? cairo_move_to(cairo, line[k].x(), line[k].y())
               : cairo_line_to(cairo, line[k].x(), line[k].y());
    }
    if (is_closed) {
        cairo_close_path(cairo);
    }
    set_colour(cairo, stroke.colour);
    cairo_set_line_width(cairo, stroke.width_px);
    cairo_set_line_cap(cairo, stroke.has_round_ends ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
    cairo_set_dash(cairo, stroke.dashes_px.data(), static_cast<int>(stroke.dashes_px.size()), 0.0);
    cairo_stroke(cairo);
    cairo_set_dash(cairo, nullptr, 0, 0.0);
}

void Canvas::rectangle_px(const Vec2& corner, const Vec2& size, const Colour& colour) {
    cairo_t* cairo = implementation_->cairo;
    cairo_rectangle(cairo, corner.x(), corner.y(), size.x(), size.y());
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

void Canvas::disc_px(const Vec2& at, double radius_px, const Colour& colour) {
    cairo_t* cairo = implementation_->cairo;
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, at.x(), at.y(), radius_px, 0.0, 2.0 * std::numbers::pi);
    set_colour(cairo, colour);
    cairo_fill(cairo);
}

double Canvas::text_width_px(std::string_view text, const TextStyle& style) const {
    set_font(implementation_->cairo, style);
    cairo_text_extents_t extents;
    cairo_text_extents(implementation_->cairo, std::string(text).c_str(), &extents);
    return extents.x_advance;
}

void Canvas::text_px(const Vec2& at, std::string_view text, const TextStyle& style) {
    cairo_t* cairo = implementation_->cairo;
    const double width = text_width_px(text, style);
    const double shift = style.align == Align::Left     ? 0.0
                         : style.align == Align::Centre ? -0.5 * width
                                                        : -width;
    cairo_save(cairo);
    cairo_translate(cairo, at.x(), at.y());
    cairo_rotate(cairo, -style.angle_rad);
    cairo_move_to(cairo, shift, 0.0);
    cairo_text_path(cairo, std::string(text).c_str());
    if (style.halo_px > 0.0) {
        cairo_set_source_rgba(cairo, 1.0, 1.0, 1.0, 0.85);
        cairo_set_line_width(cairo, 2.0 * style.halo_px);
        cairo_stroke_preserve(cairo);
    }
    set_colour(cairo, style.colour);
    cairo_fill(cairo);
    cairo_restore(cairo);
}

void Canvas::begin_frame(const Box2& world, const Vec2& corner_px, const Vec2& size_px) {
    const Vec2 size = world.size_m();
    px_per_m_ = std::min(size_px.x() / size.x(), size_px.y() / size.y());
    const Vec2 middle_px = corner_px + 0.5 * size_px;
    const Vec2 middle = 0.5 * (world.low + world.high);
    origin_px_ = {middle_px.x() - px_per_m_ * middle.x(), middle_px.y() + px_per_m_ * middle.y()};
    cairo_t* cairo = implementation_->cairo;
    cairo_save(cairo);
    cairo_rectangle(cairo, corner_px.x(), corner_px.y(), size_px.x(), size_px.y());
    cairo_clip(cairo);
}

void Canvas::end_frame() {
    cairo_restore(implementation_->cairo);
}

void Canvas::fill(const Polygon& polygon, const Colour& colour) {
    fill_all(std::span(&polygon, 1), colour);
}

void Canvas::fill_all(std::span<const Polygon> polygons, const Colour& colour) {
    cairo_t* cairo = implementation_->cairo;
    const auto at = [this](const Vec2& p) { return to_px(p); };
    set_colour(cairo, colour);
    for (const Polygon& polygon : polygons) {
        add_ring(cairo, polygon.outer, at);
        for (const Polyline& hole : polygon.holes) {
            add_ring(cairo, hole, at);
        }
        cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_EVEN_ODD);
        cairo_fill(cairo);
    }
    cairo_set_fill_rule(cairo, CAIRO_FILL_RULE_WINDING);
}

void Canvas::fill_triangles(std::span<const Vec2> corners, const Colour& colour) {
    cairo_t* cairo = implementation_->cairo;
    set_colour(cairo, colour);
    // One path for many triangles fills them without seams; not too many, for speed.
    constexpr std::size_t in_path = 12'000;
    for (std::size_t k = 0; k + 2 < corners.size(); k += 3) {
        add_ring(cairo, corners.subspan(k, 3), [this](const Vec2& p) { return to_px(p); });
        if ((k + 3) % in_path == 0) {
            cairo_fill(cairo);
        }
    }
    cairo_fill(cairo);
}

void Canvas::stroke(std::span<const Vec2> line, const Stroke& stroke, bool is_closed) {
    Polyline px;
    px.reserve(line.size());
    for (const Vec2& p : line) {
        px.push_back(to_px(p));
    }
    stroke_px(px, stroke, is_closed);
}

void Canvas::disc(const Vec2& at, double radius_px, const Colour& colour) {
    disc_px(to_px(at), radius_px, colour);
}

void Canvas::text(const Vec2& at, std::string_view text, const TextStyle& style) {
    text_px(to_px(at), text, style);
}

void Canvas::image(std::span<const Colour> cells, int columns, int rows, const Box2& box,
                   bool is_smooth) {
    if (columns < 1 || rows < 1 ||
        cells.size() != static_cast<std::size_t>(columns) * static_cast<std::size_t>(rows)) {
        throw UsageError(
            fmt::format("Canvas::image: {} cells for {} x {}", cells.size(), columns, rows));
    }
    cairo_surface_t* picture = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, columns, rows);
    cairo_surface_flush(picture);
    unsigned char* data = cairo_image_surface_get_data(picture);
    const int stride = cairo_image_surface_get_stride(picture);
    for (int j = 0; j < rows; ++j) {
        auto* row = reinterpret_cast<std::uint32_t*>(
            data + static_cast<std::ptrdiff_t>(rows - 1 - j) * stride);
        for (int i = 0; i < columns; ++i) {
            const Colour& c =
                cells[static_cast<std::size_t>(j) * static_cast<std::size_t>(columns) +
                      static_cast<std::size_t>(i)];
            const auto part = [&](double value) {
                return static_cast<std::uint32_t>(std::lround(value * c.opacity));
            };
            row[i] = part(255.0) << 24 | part(c.red) << 16 | part(c.green) << 8 | part(c.blue);
        }
    }
    cairo_surface_mark_dirty(picture);
    cairo_t* cairo = implementation_->cairo;
    const Vec2 top_left = to_px({box.low.x(), box.high.y()});
    const Vec2 size = px_per_m_ * box.size_m();
    cairo_save(cairo);
    cairo_translate(cairo, top_left.x(), top_left.y());
    cairo_scale(cairo, size.x() / columns, size.y() / rows);
    cairo_set_source_surface(cairo, picture, 0.0, 0.0);
    cairo_pattern_set_filter(cairo_get_source(cairo),
                             is_smooth ? CAIRO_FILTER_GOOD : CAIRO_FILTER_NEAREST);
    cairo_paint(cairo);
    cairo_restore(cairo);
    cairo_surface_destroy(picture);
}

void Canvas::save_png(const std::filesystem::path& file) const {
    cairo_surface_flush(implementation_->surface);
    const cairo_status_t status =
        cairo_surface_write_to_png(implementation_->surface, file.string().c_str());
    if (status != CAIRO_STATUS_SUCCESS) {
        throw RunError(fmt::format("{}: cannot be written: {}", file.string(),
                                   cairo_status_to_string(status)));
    }
}

double round_below(double value) {
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {5.0, 2.0}) {
        if (step * power <= value) {
            return step * power;
        }
    }
    return power;
}

void draw_scale_bar(Canvas& canvas, const Vec2& at_px, double longest_px, double size_px) {
    const double length_m = round_below(longest_px / canvas.px_per_m());
    const double length_px = length_m * canvas.px_per_m();
    const double thick_px = 0.4 * size_px;
    const Colour dark = rgb(0x333333);
    canvas.rectangle_px(at_px - Vec2(1.0, thick_px + 1.0), {length_px + 2.0, thick_px + 2.0},
                        rgb(0xffffff, 0.9));
    for (int quarter = 0; quarter < 4; ++quarter) {
        canvas.rectangle_px(at_px + Vec2(0.25 * quarter * length_px, -thick_px),
                            {0.25 * length_px, thick_px}, quarter % 2 == 0 ? dark : rgb(0xffffff));
    }
    TextStyle style;
    style.size_px = size_px;
    style.halo_px = 0.15 * size_px;
    style.align = Align::Centre;
    const Vec2 above(0.0, -thick_px - 0.4 * size_px);
    canvas.text_px(at_px + above, "0", style);
    canvas.text_px(at_px + above + Vec2(length_px, 0.0),
                   length_m >= 1000.0 ? fmt::format("{:g} km", length_m / 1000.0)
                                      : fmt::format("{:g} m", length_m),
                   style);
}

void draw_north_arrow(Canvas& canvas, const Vec2& tip_px, double size_px) {
    const Vec2 left = tip_px + Vec2(-0.35 * size_px, size_px);
    const Vec2 right = tip_px + Vec2(0.35 * size_px, size_px);
    const Vec2 middle = tip_px + Vec2(0.0, 0.75 * size_px);
    const Polyline dark = {tip_px, left, middle};
    const Polyline light = {tip_px, middle, right};
    canvas.fill_px(dark, rgb(0x333333));
    canvas.fill_px(light, rgb(0xffffff));
    const Polyline outline = {tip_px, left, middle, right};
    canvas.stroke_px(outline, {rgb(0x333333), std::max(1.0, 0.05 * size_px)}, true);
    TextStyle style;
    style.size_px = 0.6 * size_px;
    style.is_bold = true;
    style.align = Align::Centre;
    style.halo_px = 0.08 * size_px;
    canvas.text_px(tip_px - Vec2(0.0, 0.2 * size_px), "N", style);
}

} // namespace veste
