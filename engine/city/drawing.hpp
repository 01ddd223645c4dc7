#pragma once
#include "base/geometry.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

/// A thin canvas for maps and charts, written as PNG. Pixels: x to the right, y down, (0, 0) at the
/// top left. A map's shapes are given in local metres once a frame is set. Needs no drawing
/// library's header.
namespace veste {

struct Colour {
    std::uint8_t red = 0;
    std::uint8_t green = 0;
    std::uint8_t blue = 0;
    double opacity = 1.0;
};

/// 0xRRGGBB
constexpr Colour rgb(std::uint32_t code, double opacity = 1.0) {
    return {static_cast<std::uint8_t>(code >> 16 & 0xff),
            static_cast<std::uint8_t>(code >> 8 & 0xff), static_cast<std::uint8_t>(code & 0xff),
            opacity};
}

/// Part of the colour scale from a to b at share 0 to 1.
Colour between(const Colour& a, const Colour& b, double share);

enum class Align : std::uint8_t { Left, Centre, Right };

struct TextStyle {
    double size_px = 14.0;
    Colour colour = rgb(0x222222);
    Align align = Align::Left;
    bool is_bold = false;
    double halo_px = 0.0;   ///< white outline, for text on maps
    double angle_rad = 0.0; ///< turned counter-clockwise about its place
};

struct Stroke {
    Colour colour = rgb(0x222222);
    double width_px = 1.0;
    std::vector<double> dashes_px{};
    bool has_round_ends = true;
};

class Canvas {
public:
    Canvas(int width_px, int height_px, const Colour& background);
    ~Canvas();
    Canvas(Canvas&&) noexcept;

    int width_px() const { return width_px_; }
    int height_px() const { return height_px_; }

    // in pixels
    void fill_px(std::span<const Vec2> ring, const Colour& colour);
    void stroke_px(std::span<const Vec2> line, const Stroke& stroke, bool is_closed = false);
    void rectangle_px(const Vec2& corner, const Vec2& size, const Colour& colour);
    void disc_px(const Vec2& at, double radius_px, const Colour& colour);
    /// `at` is on the base line.
    void text_px(const Vec2& at, std::string_view text, const TextStyle& style);
    double text_width_px(std::string_view text, const TextStyle& style) const;

    /// Maps local metres to the pixels of a rectangle, evenly and centred, and draws in it only
    /// until `end_frame`.
    void begin_frame(const Box2& world, const Vec2& corner_px, const Vec2& size_px);
    void end_frame();
    double px_per_m() const { return px_per_m_; }
    Vec2 to_px(const Vec2& p) const {
        return {origin_px_.x() + px_per_m_ * p.x(), origin_px_.y() - px_per_m_ * p.y()};
    }

    // in metres
    void fill(const Polygon& polygon, const Colour& colour);
    /// Many shapes as one, without seams between neighbours.
    void fill_all(std::span<const Polygon> polygons, const Colour& colour);
    void fill_triangles(std::span<const Vec2> corners, const Colour& colour);
    void stroke(std::span<const Vec2> line, const Stroke& stroke, bool is_closed = false);
    void disc(const Vec2& at, double radius_px, const Colour& colour);
    void text(const Vec2& at, std::string_view text, const TextStyle& style);
    /// A raster of cells, row 0 in the south, over a box; `is_smooth` blends between cells.
    void image(std::span<const Colour> cells, int columns, int rows, const Box2& box,
               bool is_smooth);

    /// Throws RunError when the file cannot be written.
    void save_png(const std::filesystem::path& file) const;

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
    int width_px_;
    int height_px_;
    Vec2 origin_px_{0.0, 0.0};
    double px_per_m_ = 1.0;
};

/// A round number (1, 2 or 5 times a power of ten) not above `value`.
double round_below(double value);

/// Furniture of every map: a scale bar whose left end is at `at_px`, and a north arrow.
void draw_scale_bar(Canvas& canvas, const Vec2& at_px, double longest_px, double size_px);
void draw_north_arrow(Canvas& canvas, const Vec2& tip_px, double size_px);

} // namespace veste
