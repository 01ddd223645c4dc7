#include "city/city_map.hpp"

#include "base/files.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <string>

/// The city's map: ground with a light hillshade, water, walkable area, buildings, streets by
/// class, and the assets that a run uses.
namespace veste {
namespace {

constexpr Colour land = rgb(0xf4f1ea);
constexpr Colour carriageway_colour = rgb(0xdad7d0);
constexpr Colour water = rgb(0xa9cfe0);
constexpr Colour shore = rgb(0x7fb0c8);
constexpr Colour building_fill = rgb(0xcfc4b8);
constexpr Colour building_line = rgb(0xae9f90);
constexpr Colour crossing_colour = rgb(0x7a3fb3);
constexpr Colour signal_colour = rgb(0xd62828);
constexpr Colour lamp_colour = rgb(0xf2b705);
constexpr Colour sensor_colour = rgb(0x1769aa);
constexpr Colour station_colour = rgb(0x0a7d5a);
constexpr Colour ink = rgb(0x2b2b2b);

struct StreetLook {
    std::string_view name;
    Highway last; ///< of the classes that look so
    Colour fill;
    Colour casing;
    double least_px; ///< drawn at least this wide
};

constexpr std::array<StreetLook, 5> street_looks = {{
    {"motorway, trunk, primary", Highway::Primary, rgb(0xf2a65a), rgb(0xc77a2b), 3.2},
    {"secondary, tertiary", Highway::Tertiary, rgb(0xfbdc8c), rgb(0xcba94a), 2.6},
    {"residential", Highway::Residential, rgb(0xffffff), rgb(0xa8a8a8), 2.0},
    {"living street, service", Highway::Service, rgb(0xf3f3f3), rgb(0xc2c2c2), 1.4},
    {"pedestrian street, track", Highway::Track, rgb(0xe9e2ee), rgb(0xb9adc4), 1.4},
}};

std::size_t look_of(Highway highway) {
    std::size_t k = 0;
    while (highway > street_looks[k].last) {
        ++k;
    }
    return k;
}

constexpr std::array<Colour, 8> walk_colours = {{
    rgb(0xe3d3c4), // pavement
    rgb(0xecc9a7), // footway
    rgb(0xf0d9b5), // square
    rgb(0xc6dfae), // park
    rgb(0xdecfa0), // path
    rgb(0xd9a183), // steps
    rgb(0xcdb2e0), // crossing
    rgb(0xe4dbe9), // shared street
}};

/// Carriageways are drawn as streets; where no street network is known, as ground.
Colour ground_colour(Surface surface, bool has_streets = true) {
    switch (surface) {
    case Surface::Carriageway:
        return has_streets ? land : carriageway_colour;
    case Surface::Grass:
        return rgb(0xdbe8c6);
    case Surface::Trees:
        return rgb(0xc3d9b0);
    case Surface::Sand:
        return rgb(0xf3e6bd);
    case Surface::BareSoil:
        return rgb(0xe6ddcb);
    case Surface::Sea:
    case Surface::InlandWater:
        return water;
    default:
        return land;
    }
}

/// Light from the north-west at 45 degrees (Horn 1981): 1 on flat ground.
double hillshade(const Raster<float>& ground, int i, int j) {
    const RasterShape& shape = ground.shape;
    const auto at = [&](int di, int dj) {
        return static_cast<double>(ground.values[shape.index(
            std::clamp(i + di, 0, shape.columns - 1), std::clamp(j + dj, 0, shape.rows - 1))]);
    };
    const double run = 8.0 * shape.cell_m;
    const double east =
        (at(1, 1) + 2.0 * at(1, 0) + at(1, -1) - at(-1, 1) - 2.0 * at(-1, 0) - at(-1, -1)) / run;
    const double north =
        (at(1, 1) + 2.0 * at(0, 1) + at(-1, 1) - at(1, -1) - 2.0 * at(0, -1) - at(-1, -1)) / run;
    return (1.0 + (east - north) * std::sqrt(0.5)) / std::sqrt(1.0 + east * east + north * north);
}

void draw_ground(Canvas& canvas, const City& city) {
    const Terrain& terrain = city.terrain;
    const RasterShape& shape = terrain.shape();
    if (shape.cells() == 0) {
        return;
    }
    const bool has_streets = !city.streets.edges.empty();
    std::vector<Colour> cells;
    cells.reserve(shape.cells());
    for (int j = 0; j < shape.rows; ++j) {
        for (int i = 0; i < shape.columns; ++i) {
            const std::size_t cell = shape.index(i, j);
            const Colour base =
                ground_colour(static_cast<Surface>(terrain.surface.values[cell]), has_streets);
            const bool is_wet = terrain.is_sea.values[cell] != 0;
            if (is_wet || !terrain.has_elevation) {
                cells.push_back(is_wet ? water : base);
                continue;
            }
            const double light = hillshade(terrain.ground_m, i, j);
            cells.push_back(light < 1.0 ? between(base, rgb(0x6d6a75), 0.45 * (1.0 - light))
                                        : between(base, rgb(0xffffff), 0.5 * (light - 1.0)));
        }
    }
    canvas.image(cells, shape.columns, shape.rows, shape.bounds(), true);
}

void draw_water(Canvas& canvas, const City& city) {
    for (const auto* waters : {&city.sea, &city.inland_water}) {
        canvas.fill_all(*waters, water);
        for (const Polygon& polygon : *waters) {
            canvas.stroke(polygon.outer, {shore, 0.8}, true);
            for (const Polyline& hole : polygon.holes) {
                canvas.stroke(hole, {shore, 0.8}, true);
            }
        }
    }
}

void draw_walk(Canvas& canvas, const City& city) {
    for (const bool is_ground : {true, false}) {
        for (std::size_t kind = 0; kind < walk_colours.size(); ++kind) {
            std::vector<Vec2> corners;
            for (std::size_t t = 0; t < city.walk.triangles.size(); ++t) {
                const WalkTriangle& triangle = city.walk.triangles[t];
                if (static_cast<std::size_t>(triangle.kind) == kind && triangle.level >= 0 &&
                    (triangle.level == 0) == is_ground) {
                    for (int k = 0; k < 3; ++k) {
                        corners.push_back(city.walk.corner(TriangleId(t), k));
                    }
                }
            }
            canvas.fill_triangles(corners, walk_colours[kind]);
        }
    }
}

void draw_buildings(Canvas& canvas, const City& city, double scale) {
    for (const Building& building : city.buildings) {
        canvas.fill(building.footprint, building_fill);
        canvas.stroke(building.footprint.outer, {building_line, 0.6 * scale}, true);
        for (const Polyline& hole : building.footprint.holes) {
            canvas.stroke(hole, {building_line, 0.6 * scale}, true);
        }
    }
}

double street_width_m(const City& city, const Edge& edge) {
    double width = 0.0;
    for (std::uint32_t k = 0; k < edge.lanes; ++k) {
        width += city.streets.lanes[edge.first_lane.index + k].width_m;
    }
    return edge.opposite.is_valid() ? 2.0 * width : width;
}

void draw_streets(Canvas& canvas, const City& city, double scale) {
    for (const int level : {-1, 0, 1}) {
        for (const bool is_casing : {true, false}) {
            for (std::size_t look = street_looks.size(); look-- > 0;) {
                for (std::size_t e = 0; e < city.streets.edges.size(); ++e) {
                    const Edge& edge = city.streets.edges[e];
                    const int edge_level = edge.is_tunnel ? -1 : std::clamp<int>(edge.level, 0, 1);
                    const bool is_twin = edge.opposite.is_valid() && edge.opposite < EdgeId(e);
                    if (edge_level != level || look_of(edge.highway) != look || is_twin) {
                        continue;
                    }
                    const StreetLook& style = street_looks[look];
                    const double width = std::max(street_width_m(city, edge) * canvas.px_per_m(),
                                                  style.least_px * scale);
                    Stroke stroke{is_casing ? style.casing : style.fill,
                                  is_casing ? width + 1.6 * scale : width};
                    if (level < 0) {
                        stroke.colour.opacity = 0.35;
                        stroke.dashes_px = {6.0 * scale, 5.0 * scale};
                        stroke.has_round_ends = false;
                        stroke.width_px = is_casing ? width : 0.6 * width;
                    }
                    canvas.stroke(edge.line, stroke);
                }
            }
        }
    }
}

void draw_sensor(Canvas& canvas, const Vec2& at_px, double scale) {
    const double r = 5.0 * scale;
    const Polyline triangle = {at_px + Vec2(0.0, -r), at_px + Vec2(0.87 * r, 0.6 * r),
                               at_px + Vec2(-0.87 * r, 0.6 * r)};
    canvas.fill_px(triangle, sensor_colour);
    canvas.stroke_px(triangle, {rgb(0xffffff), 0.9 * scale}, true);
}

void draw_signal(Canvas& canvas, const Vec2& at_px, double scale) {
    canvas.disc_px(at_px, 4.6 * scale, rgb(0xffffff));
    canvas.disc_px(at_px, 3.6 * scale, signal_colour);
}

void draw_station(Canvas& canvas, const Vec2& at_px, double scale) {
    const double r = 6.0 * scale;
    canvas.rectangle_px(at_px - Vec2(r, r), Vec2(2.0 * r, 2.0 * r), rgb(0xffffff));
    const double q = 5.0 * scale;
    canvas.rectangle_px(at_px - Vec2(q, q), Vec2(2.0 * q, 2.0 * q), station_colour);
    canvas.rectangle_px(at_px - Vec2(0.7 * q, 0.22 * q), Vec2(1.4 * q, 0.44 * q), rgb(0xffffff));
    canvas.rectangle_px(at_px - Vec2(0.22 * q, 0.7 * q), Vec2(0.44 * q, 1.4 * q), rgb(0xffffff));
}

void draw_assets(Canvas& canvas, const City& city, double scale) {
    for (const Crossing& crossing : city.streets.crossings) {
        const Polyline line = {crossing.from, crossing.to};
        canvas.stroke(line,
                      {crossing_colour, std::max(1.3 * scale, 1.5 * canvas.px_per_m()), {}, false});
    }
    for (const Lamp& lamp : city.assets.lamps) {
        canvas.disc(lamp.at, 1.5 * scale, lamp_colour);
    }
    for (const Signal& signal : city.streets.signals) {
        draw_signal(canvas, canvas.to_px(city.streets.node(signal.node).at), scale);
    }
    for (const Sensor& sensor : city.assets.sensors) {
        draw_sensor(canvas, canvas.to_px(sensor.at), scale);
    }
    for (const Station& station : city.assets.stations) {
        draw_station(canvas, canvas.to_px(station.at), scale);
    }
}

void draw_legend(Canvas& canvas, const City& city, const Vec2& corner_px, double scale) {
    MapLegend legend(canvas, corner_px, scale);
    legend.heading("Streets");
    constexpr std::array<double, 5> widths = {6.0, 5.0, 4.5, 3.5, 3.5};
    for (std::size_t k = 0; k < street_looks.size(); ++k) {
        legend.line(street_looks[k].fill, street_looks[k].casing, widths[k], street_looks[k].name);
    }
    legend.heading("On foot");
    constexpr std::array names = {"pavement",    "footway", "square",   "park",
                                  "path, beach", "steps",   "crossing", "shared street"};
    for (std::size_t k = 0; k < names.size(); ++k) {
        if (k != static_cast<std::size_t>(WalkKind::Crossing)) {
            legend.area(walk_colours[k], rgb(0xb8a898), names[k]);
        }
    }
    legend.line(crossing_colour, crossing_colour, 1.0, "crossing");
    legend.heading("Ground");
    legend.area(water, shore, city.sea.empty() ? "water" : "sea, water");
    legend.area(building_fill, building_line, "building");
    if (city.streets.edges.empty()) {
        legend.area(carriageway_colour, rgb(0xb5b1a8), "carriageway");
    }
    legend.area(ground_colour(Surface::Trees), rgb(0x9db889), "trees");
    legend.area(ground_colour(Surface::Grass), rgb(0xb3c69a), "grass");
    legend.heading("Assets");
    const Assets& assets = city.assets;
    legend.mark([&](const Vec2& at) { draw_signal(canvas, at, scale); },
                fmt::format("traffic signal ({})", city.streets.signals.size()));
    legend.mark([&](const Vec2& at) { draw_sensor(canvas, at, scale); },
                fmt::format("sensor ({})", assets.sensors.size()));
    legend.mark([&](const Vec2& at) { draw_station(canvas, at, scale); },
                fmt::format("emergency services ({})", assets.stations.size()));
    legend.mark([&](const Vec2& at) { canvas.disc_px(at, 2.4 * scale, lamp_colour); },
                fmt::format("street lamp ({})", assets.lamps.size()));
}

void draw_title(Canvas& canvas, const City& city, double margin, double scale) {
    TextStyle title;
    title.size_px = 30.0 * scale;
    title.is_bold = true;
    title.colour = ink;
    const std::string name = city.name.empty() ? "City" : city.name;
    canvas.text_px({margin, margin + 30.0 * scale}, name, title);
    TextStyle small;
    small.size_px = 14.0 * scale;
    small.colour = rgb(0x666666);
    const Vec2 size = city.bounds.size_m();
    canvas.text_px(
        {margin + canvas.text_width_px(name, title) + 18.0 * scale, margin + 30.0 * scale},
        fmt::format("{:.4f}° {}, {:.4f}° {}   {:.1f} × {:.1f} km   EPSG:{}",
                    std::abs(city.latitude_deg), city.latitude_deg < 0.0 ? "S" : "N",
                    std::abs(city.longitude_deg), city.longitude_deg < 0.0 ? "W" : "E",
                    size.x() / 1000.0, size.y() / 1000.0, city.epsg),
        small);
}

} // namespace

std::string attribution_of(const City& city) {
    std::string text;
    const auto add = [&](const std::string& part) {
        if (text.find(part) == std::string::npos) {
            text += (text.empty() ? "" : "   ") + part;
        }
    };
    const bool has_osm = !city.walk.ways.empty() ||
                         std::any_of(city.streets.edges.begin(), city.streets.edges.end(),
                                     [](const Edge& edge) { return edge.osm_way != 0; }) ||
                         std::any_of(city.buildings.begin(), city.buildings.end(),
                                     [](const Building& building) { return building.osm_id != 0; });
    if (has_osm) {
        add("© OpenStreetMap contributors");
    }
    for (const std::string& line : city.report.found) {
        if (line.starts_with("©")) {
            add(line);
        }
    }
    return text;
}

void draw_city_base(Canvas& canvas, const City& city, double scale) {
    draw_ground(canvas, city);
    draw_water(canvas, city);
    draw_walk(canvas, city);
    draw_streets(canvas, city, scale);
    draw_buildings(canvas, city, scale);
}

void draw_city(const City& city, const std::filesystem::path& png, int width_px) {
    check_writable(png);
    constexpr int narrowest_px = 400;
    if (width_px < narrowest_px || city.bounds.is_empty()) {
        throw UsageError(fmt::format("draw_city: a map {} pixels wide, at least {} are needed, of "
                                     "a city with an area",
                                     width_px, narrowest_px));
    }
    const double scale = width_px / 1600.0;
    const double margin = 24.0 * scale;
    const double legend = 250.0 * scale;
    const double top = margin + 52.0 * scale;
    const double bottom = margin + 22.0 * scale;
    const Vec2 size = city.bounds.size_m();
    const Vec2 map(width_px - 3.0 * margin - legend,
                   std::clamp((width_px - 3.0 * margin - legend) * size.y() / size.x(),
                              700.0 * scale, 3.0 * width_px));
    Canvas canvas(width_px, static_cast<int>(std::ceil(top + map.y() + bottom)), rgb(0xffffff));
    draw_title(canvas, city, margin, scale);

    canvas.begin_frame(city.bounds, {margin, top}, map);
    canvas.rectangle_px({margin, top}, map, land);
    draw_city_base(canvas, city, scale);
    draw_assets(canvas, city, scale);
    draw_scale_bar(canvas, {margin + 24.0 * scale, top + map.y() - 22.0 * scale}, 300.0 * scale,
                   13.0 * scale);
    draw_north_arrow(canvas, {margin + map.x() - 34.0 * scale, top + 38.0 * scale}, 34.0 * scale);
    canvas.end_frame();

    const Polyline frame = {{margin, top},
                            {margin + map.x(), top},
                            {margin + map.x(), top + map.y()},
                            {margin, top + map.y()}};
    canvas.stroke_px(frame, {rgb(0x888888), 1.0 * scale}, true);
    draw_legend(canvas, city, {2.0 * margin + map.x(), top - 12.0 * scale}, scale);
    TextStyle small;
    small.size_px = 12.0 * scale;
    small.colour = rgb(0x555555);
    canvas.text_px({margin, top + map.y() + 20.0 * scale}, attribution_of(city), small);
    canvas.save_png(png);
}

} // namespace veste
