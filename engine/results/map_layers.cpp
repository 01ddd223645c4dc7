#include "results/map_layers.hpp"

#include "base/errors.hpp"
#include "city/cut_mesh.hpp"
#include "pedestrians/effects.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {

const std::array<DepthClass, 4> depth_looks = {{
    {depth_classes_m[0], rgb(0x8ecae6, 0.85), "5 to 15 cm"},
    {depth_classes_m[1], rgb(0x3a9bdc, 0.88), "15 to 30 cm"},
    {depth_classes_m[2], rgb(0x1d5fb4, 0.9), "30 to 50 cm, closed to cars"},
    {depth_classes_m[3], rgb(0x0b2a6f, 0.92), "over 50 cm"},
}};

const std::array<DensityClass, 3> density_looks = {{
    {0.0, rgb(0x1b998b), "below 1.08 per m² (levels A to D)"},
    {los_e_from_per_m2, rgb(0xff9f1c), "1.08 to 2.15 per m² (level E)"},
    {los_f_from_per_m2, rgb(0xe01e37), "above 2.15 per m² (level F)"},
}};

namespace {

/// Of older files with barriers the lines of the cuts are not known: the run has more triangles
/// than the city, parts of those cut.
void check_size(const Results& results, const char* name, std::size_t recorded, std::size_t city) {
    const bool is_cut = std::string_view(name) == "triangle_closed" &&
                        results.file().contains("/barriers") && recorded > city;
    if (recorded != city && !is_cut) {
        throw InputError(fmt::format("{}: /states/{} tells of {}, there are {}",
                                     results.name().string(), name, recorded, city));
    }
}

std::size_t density_class(double density_per_m2) {
    std::size_t k = 0;
    while (k + 1 < density_looks.size() && density_per_m2 >= density_looks[k + 1].from_per_m2) {
        ++k;
    }
    return k;
}

float at_place(const std::optional<Raster<float>>& raster, const Vec2& place) {
    if (!raster || !raster->shape.contains(place)) {
        return 0.0F;
    }
    const float value = raster->at(place);
    return std::isnan(value) ? 0.0F : value;
}

std::vector<bool> hazards(const Results& results, const MapMoment& moment) {
    const auto x_mps = results.raster_at("velocity_x", moment.time_s);
    const auto y_mps = results.raster_at("velocity_y", moment.time_s);
    std::vector<bool> in_hazard;
    for (const RecordedPerson& person : moment.people) {
        const double speed_mps = std::hypot(at_place(x_mps, person.at), at_place(y_mps, person.at));
        in_hazard.push_back(hazard_rating(at_place(moment.depth_m, person.at), speed_mps) >=
                            hazard_for_some);
    }
    return in_hazard;
}

} // namespace

MapMoment moment_at(const Results& results, const City& city, double time_s) {
    MapMoment moment;
    moment.time_s = time_s;
    moment.people = results.people_at(time_s);
    moment.vehicles = results.vehicles_at(time_s);
    moment.depth_m = results.raster_at("depth", time_s);
    moment.in_hazard = hazards(results, moment);
    const auto state = [&](const char* name, std::size_t count) {
        std::vector<std::uint8_t> values = results.state_at(name, time_s);
        check_size(results, name, values.size(), count);
        values.resize(count);
        return values;
    };
    moment.edge_closed = state("edge_closed", city.streets.edges.size());
    if (const std::vector<Polyline> cuts = results.cuts(); !cuts.empty()) {
        moment.cut_walk = city.walk;
        cut_along(*moment.cut_walk, cuts);
    }
    const WalkMesh& walk = moment.cut_walk ? *moment.cut_walk : city.walk;
    moment.triangle_closed = state("triangle_closed", walk.triangles.size());
    moment.lamp_lit = state("lamp_lit", city.assets.lamps.size());
    moment.feeder_on = state("feeder_on", city.assets.feeders.size());
    moment.signal_powered = state("signal_powered", city.streets.signals.size());
    moment.sensor_places = results.sensor_places();
    moment.sensor_working = state("sensor_working", moment.sensor_places.size());
    moment.gates = results.gates_at(time_s);
    moment.gate_open = state("gate_open", moment.gates.size());
    moment.barriers = results.barriers();
    if (!moment.barriers.empty()) {
        moment.barrier_up = state("barrier_up", moment.barriers.size());
    }
    return moment;
}

void draw_outages(Canvas& canvas, const City& city, const MapMoment& moment, double scale) {
    for (std::size_t f = 0; f < moment.feeder_on.size(); ++f) {
        if (moment.feeder_on[f] != 0) {
            continue;
        }
        const Feeder& feeder = city.assets.feeders[f];
        Colour veil = outage_colour;
        veil.opacity = 0.30;
        TextStyle style;
        style.size_px = 13.0 * scale;
        style.colour = outage_colour;
        style.is_bold = true;
        style.halo_px = 2.0 * scale;
        for (const Polygon& area : feeder.areas) {
            canvas.fill(area, veil);
            canvas.stroke(area.outer, {outage_colour, 1.6 * scale, {7.0 * scale, 5.0 * scale}},
                          true);
            const Box2 box = bounds_of(area.outer);
            canvas.text_px(canvas.to_px({box.low.x(), box.high.y()}) + scale * Vec2(8.0, 18.0),
                           fmt::format("no power: {}", feeder.name), style);
        }
    }
}

void draw_depth(Canvas& canvas, const MapMoment& moment) {
    if (!moment.depth_m) {
        return;
    }
    std::vector<Colour> cells;
    cells.reserve(moment.depth_m->values.size());
    for (const float depth_m : moment.depth_m->values) {
        Colour colour = rgb(0xffffff, 0.0);
        for (const DepthClass& look : depth_looks) {
            if (static_cast<double>(depth_m) >= look.from_m) { // false for no water at all (NaN)
                colour = look.colour;
            }
        }
        cells.push_back(colour);
    }
    const RasterShape& shape = moment.depth_m->shape;
    canvas.image(cells, shape.columns, shape.rows, shape.bounds(), false);
}

void draw_closures(Canvas& canvas, const City& city, const MapMoment& moment, double scale) {
    const WalkMesh& walk = moment.cut_walk ? *moment.cut_walk : city.walk;
    std::vector<Vec2> corners;
    for (std::size_t t = 0; t < moment.triangle_closed.size(); ++t) {
        if (moment.triangle_closed[t] != 0) {
            for (int k = 0; k < 3; ++k) {
                corners.push_back(walk.corner(TriangleId(t), k));
            }
        }
    }
    Colour area = closed_colour;
    area.opacity = 0.25;
    canvas.fill_triangles(corners, area);
    for (std::size_t e = 0; e < moment.edge_closed.size(); ++e) {
        if (moment.edge_closed[e] != 0) {
            const double width_px = std::max(4.5 * scale, 3.5 * canvas.px_per_m());
            canvas.stroke(city.streets.edges[e].line, {closed_colour, width_px});
            canvas.stroke(city.streets.edges[e].line,
                          {rgb(0xffffff), 0.4 * width_px, {1.6 * width_px, 1.6 * width_px}, false});
        }
    }
}

void draw_lamps(Canvas& canvas, const City& city, const MapMoment& moment, double scale) {
    // By day no lamp shines, and none is missed.
    const bool is_night = std::any_of(moment.lamp_lit.begin(), moment.lamp_lit.end(),
                                      [](std::uint8_t is_lit) { return is_lit != 0; });
    if (!is_night) {
        return;
    }
    for (std::size_t k = 0; k < moment.lamp_lit.size(); ++k) {
        const Vec2 at = canvas.to_px(city.assets.lamps[k].at);
        if (moment.lamp_lit[k] != 0) {
            canvas.disc_px(at, 5.0 * scale, rgb(0xffd34d, 0.28));
            canvas.disc_px(at, 1.9 * scale, lamp_lit_colour);
        } else {
            canvas.disc_px(at, 2.2 * scale, lamp_dark_colour);
        }
    }
}

void draw_vehicle_mark(Canvas& canvas, const Vec2& at_px, double heading_rad, double length_px,
                       const Colour& colour, double scale) {
    const Vec2 ahead(std::cos(heading_rad), -std::sin(heading_rad));
    const Vec2 side(-ahead.y(), ahead.x());
    const double half_px = std::max(1.7 * scale, 0.21 * length_px);
    const Vec2 tip = at_px + 0.5 * length_px * ahead;
    const Vec2 tail = at_px - 0.5 * length_px * ahead;
    const Polyline body = {tip - 0.45 * half_px * side,
                           tip + 0.45 * half_px * side,
                           at_px + 0.2 * length_px * ahead + half_px * side,
                           tail + half_px * side,
                           tail - half_px * side,
                           at_px + 0.2 * length_px * ahead - half_px * side};
    canvas.fill_px(body, colour);
    canvas.stroke_px(body, {rgb(0xffffff), 0.6 * scale}, true);
}

void draw_vehicles(Canvas& canvas, const MapMoment& moment, double scale) {
    for (const RecordedVehicle& vehicle : moment.vehicles) {
        const double length_px = std::max(9.0 * scale, 1.4 * vehicle.length_m * canvas.px_per_m());
        const Vec2 ahead(std::cos(vehicle.heading_rad), -std::sin(vehicle.heading_rad));
        draw_vehicle_mark(canvas, canvas.to_px(vehicle.at) - 0.5 * length_px * ahead,
                          vehicle.heading_rad, length_px,
                          vehicle.speed_mps < drawn_standing_mps ? standing_colour : moving_colour,
                          scale);
    }
}

void draw_people(Canvas& canvas, const MapMoment& moment, double scale) {
    const double radius_px = std::max(1.7 * scale, 0.28 * canvas.px_per_m());
    // The most crowded last: nothing hides them.
    for (std::size_t look = 0; look < density_looks.size(); ++look) {
        for (const RecordedPerson& person : moment.people) {
            if (density_class(person.density_per_m2) == look) {
                canvas.disc(person.at, radius_px, density_looks[look].colour);
            }
        }
    }
    for (std::size_t k = 0; k < moment.people.size(); ++k) {
        if (moment.in_hazard[k]) {
            canvas.disc(moment.people[k].at, radius_px + 1.6 * scale, rgb(0xffffff));
            canvas.disc(moment.people[k].at, radius_px + 0.8 * scale, hazard_colour);
        }
    }
}

void draw_sensor_mark(Canvas& canvas, const Vec2& at_px, bool is_working, double scale) {
    const double r = 8.0 * scale;
    const Polyline triangle = {at_px + Vec2(0.0, -r), at_px + Vec2(0.87 * r, 0.6 * r),
                               at_px + Vec2(-0.87 * r, 0.6 * r)};
    canvas.fill_px(triangle, is_working ? sensor_colour : rgb(0xf2f2f2));
    canvas.stroke_px(triangle, {is_working ? rgb(0xffffff) : rgb(0x555555), 1.2 * scale}, true);
    if (!is_working) {
        for (const double side : {-1.0, 1.0}) {
            const Polyline bar = {at_px + Vec2(-side * r, -r), at_px + Vec2(side * r, 0.8 * r)};
            canvas.stroke_px(bar, {closed_colour, 2.4 * scale});
        }
    }
}

void draw_gate_mark(Canvas& canvas, const Vec2& at_px, bool is_open, double scale) {
    const double r = 7.0 * scale;
    canvas.rectangle_px(at_px - Vec2(r, r), Vec2(2.0 * r, 2.0 * r), rgb(0xffffff));
    const double q = 5.6 * scale;
    canvas.rectangle_px(at_px - Vec2(q, q), Vec2(2.0 * q, 2.0 * q),
                        is_open ? gate_colour : closed_colour);
    for (const double side : {-0.5, 0.5}) {
        canvas.rectangle_px(at_px + Vec2(side * q - 0.9 * scale, -0.6 * q),
                            Vec2(1.8 * scale, 1.2 * q), rgb(0xffffff));
    }
}

void draw_barriers(Canvas& canvas, const MapMoment& moment, double scale) {
    for (std::size_t b = 0; b < moment.barriers.size(); ++b) {
        const bool is_up = moment.barrier_up[b] != 0;
        const Polyline& line = moment.barriers[b].line;
        canvas.stroke(line, {rgb(0xffffff, 0.8), 4.0 * scale});
        canvas.stroke(line, {is_up ? barrier_colour : opened_colour, 2.0 * scale});
    }
}

void draw_signal_mark(Canvas& canvas, const Vec2& at_px, double scale) {
    canvas.disc_px(at_px, 8.0 * scale, rgb(0xffffff));
    canvas.disc_px(at_px, 6.6 * scale, rgb(0x333333));
    const Polyline bar = {at_px + scale * Vec2(-4.0, 4.0), at_px + scale * Vec2(4.0, -4.0)};
    canvas.stroke_px(bar, {rgb(0xffffff), 2.2 * scale});
}

void draw_assets(Canvas& canvas, const City& city, const MapMoment& moment, double scale) {
    for (std::size_t s = 0; s < moment.signal_powered.size(); ++s) {
        if (moment.signal_powered[s] == 0) {
            const Vec2 at = city.streets.node(city.streets.signals[s].node).at;
            draw_signal_mark(canvas, canvas.to_px(at), scale);
        }
    }
    for (std::size_t s = 0; s < moment.sensor_places.size(); ++s) {
        draw_sensor_mark(canvas, canvas.to_px(moment.sensor_places[s]),
                         moment.sensor_working[s] != 0, scale);
    }
    for (std::size_t g = 0; g < moment.gates.size(); ++g) {
        const Vec2 at = canvas.to_px(moment.gates[g].at);
        draw_gate_mark(canvas, at, moment.gate_open[g] != 0, scale);
        TextStyle style;
        style.size_px = 13.0 * scale;
        style.is_bold = true;
        style.halo_px = 2.2 * scale;
        canvas.text_px(
            at + scale * Vec2(12.0, 5.0),
            fmt::format("{}: {} waiting", moment.gates[g].name, moment.gates[g].queueing), style);
    }
}

} // namespace veste
