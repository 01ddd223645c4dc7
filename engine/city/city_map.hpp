#pragma once
#include "city/city.hpp"
#include "city/drawing.hpp"

#include <string>
#include <string_view>

/// Parts that all maps of a city share.
namespace veste {

/// Draws ground, water, walkable area, streets and buildings in the canvas' present frame; lines
/// grow with `scale`.
void draw_city_base(Canvas& canvas, const City& city, double scale);

/// Whose data the city is made of: lines of its report that begin with ©, and OpenStreetMap where
/// its ids are.
std::string attribution_of(const City& city);

/// The legend's column; grows downwards.
class MapLegend {
public:
    MapLegend(Canvas& canvas, const Vec2& corner_px, double scale)
        : canvas_(canvas), at_(corner_px), scale_(scale) {}

    void heading(std::string_view text) {
        at_.y() += 12.0 * scale_;
        TextStyle style;
        style.size_px = 14.0 * scale_;
        style.is_bold = true;
        style.colour = rgb(0x2b2b2b);
        canvas_.text_px(at_ + Vec2(0.0, 14.0 * scale_), text, style);
        at_.y() += 24.0 * scale_;
    }
    void area(const Colour& fill, const Colour& line, std::string_view text) {
        const Polyline box = {at_ + scale_ * Vec2(0, 2), at_ + scale_ * Vec2(26, 2),
                              at_ + scale_ * Vec2(26, 16), at_ + scale_ * Vec2(0, 16)};
        canvas_.fill_px(box, fill);
        canvas_.stroke_px(box, {line, 0.8 * scale_}, true);
        label(text);
    }
    void line(const Colour& fill, const Colour& casing, double width_px, std::string_view text) {
        const Polyline stroke = {at_ + scale_ * Vec2(1, 9), at_ + scale_ * Vec2(25, 9)};
        canvas_.stroke_px(stroke, {casing, (width_px + 1.8) * scale_, {}, false});
        canvas_.stroke_px(stroke, {fill, width_px * scale_, {}, false});
        label(text);
    }
    template <class Draw> void mark(Draw&& draw, std::string_view text) {
        draw(at_ + scale_ * Vec2(13, 9));
        label(text);
    }

private:
    void label(std::string_view text) {
        TextStyle style;
        style.size_px = 12.5 * scale_;
        style.colour = rgb(0x2b2b2b);
        canvas_.text_px(at_ + scale_ * Vec2(36, 13.5), text, style);
        at_.y() += 22.0 * scale_;
    }
    Canvas& canvas_;
    Vec2 at_;
    double scale_;
};

} // namespace veste
