#include "city/city_map.hpp"
#include "results/map_layers.hpp"
#include "results/service_levels.hpp"

namespace veste {
namespace {

void draw_power_legend(Canvas& canvas, MapLegend& legend, double scale) {
    legend.heading("Power, light and sensors");
    Colour veil = outage_colour;
    veil.opacity = 0.30;
    legend.area(veil, outage_colour, "area without power");
    legend.mark(
        [&](const Vec2& at) {
            canvas.disc_px(at, 6.0 * scale, rgb(0xffd34d, 0.35));
            canvas.disc_px(at, 2.4 * scale, lamp_lit_colour);
        },
        "street lamp");
    legend.mark([&](const Vec2& at) { canvas.disc_px(at, 2.6 * scale, lamp_dark_colour); },
                "street lamp, dark");
    legend.mark([&](const Vec2& at) { draw_signal_mark(canvas, at, scale); },
                "signal without power");
    legend.mark([&](const Vec2& at) { draw_sensor_mark(canvas, at, true, 0.9 * scale); }, "sensor");
    legend.mark([&](const Vec2& at) { draw_sensor_mark(canvas, at, false, 0.9 * scale); },
                "sensor, silent");
}

void draw_people_legend(Canvas& canvas, MapLegend& legend, const MapMoment& moment, PeopleLook look,
                        double scale) {
    if (look == PeopleLook::Dots) {
        legend.heading("People, by crowd density");
        for (const DensityClass& dots : density_looks) {
            legend.mark([&](const Vec2& at) { canvas.disc_px(at, 4.0 * scale, dots.colour); },
                        dots.label);
        }
        legend.mark([&](const Vec2& at) { canvas.disc_px(at, 5.0 * scale, hazard_colour); },
                    "in hazardous water (FD2320)");
    } else {
        legend.heading("Level of service of walkways (Fruin 1971)");
        for (const ServiceLook& level : service_looks) {
            legend.area(level.colour, rgb(0x777777), level.label);
        }
    }
    if (!moment.gates.empty()) {
        legend.mark([&](const Vec2& at) { draw_gate_mark(canvas, at, true, scale); }, "gate");
    }
    if (!moment.barriers.empty()) {
        legend.line(barrier_colour, barrier_colour, 2.0, "barrier");
        legend.line(opened_colour, opened_colour, 2.0, "barrier removed");
    }
}

} // namespace

void draw_legend(Canvas& canvas, const MapMoment& moment, PeopleLook look, const Vec2& corner_px,
                 double scale) {
    MapLegend legend(canvas, corner_px, scale);
    draw_people_legend(canvas, legend, moment, look, scale);
    if (look != PeopleLook::Dots) {
        return;
    }
    legend.heading("Vehicles");
    const auto vehicle = [&](const Colour& colour) {
        return [&canvas, colour, scale](const Vec2& at) {
            draw_vehicle_mark(canvas, at, 0.0, 18.0 * scale, colour, scale);
        };
    };
    legend.mark(vehicle(moving_colour), "moving");
    legend.mark(vehicle(standing_colour), "standing");
    legend.line(closed_colour, closed_colour, 4.0, "street closed");
    if (moment.depth_m) {
        legend.heading("Water");
        for (const DepthClass& depth : depth_looks) {
            legend.area(depth.colour, rgb(0x557799), depth.label);
        }
    }
    draw_power_legend(canvas, legend, scale);
}

} // namespace veste
