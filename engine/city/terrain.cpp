#include "city/terrain.hpp"

#include "city/ground.hpp"
#include "city/pockets.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <string_view>

namespace veste {
namespace {

void paint(Raster<std::uint8_t>& surface, const Polygon& area, Surface kind) {
    for_cells_inside(surface.shape, area,
                     [&](int i, int j) { surface.at(i, j) = static_cast<std::uint8_t>(kind); });
}

void paint(Raster<std::uint8_t>& surface, std::span<const Vec2> line, double half_width_m,
           Surface kind) {
    for_cells_along(surface.shape, line, half_width_m,
                    [&](int i, int j) { surface.at(i, j) = static_cast<std::uint8_t>(kind); });
}

struct TagSurface {
    std::string_view key;
    std::string_view value;
    Surface surface;
};

/// What OSM's areas mean for water on the ground; later ones are painted over earlier ones.
constexpr TagSurface tag_surfaces[] = {
    {"landuse", "meadow", Surface::Grass},
    {"landuse", "grass", Surface::Grass},
    {"landuse", "village_green", Surface::Grass},
    {"landuse", "recreation_ground", Surface::Grass},
    {"landuse", "cemetery", Surface::Grass},
    {"landuse", "flowerbed", Surface::BareSoil},
    {"landuse", "farmland", Surface::BareSoil},
    {"landuse", "allotments", Surface::BareSoil},
    {"landuse", "construction", Surface::BareSoil},
    {"landuse", "brownfield", Surface::BareSoil},
    {"landuse", "quarry", Surface::BareSoil},
    {"landuse", "railway", Surface::Permeable},
    {"landuse", "forest", Surface::Trees},
    {"landuse", "orchard", Surface::Trees},
    {"natural", "grassland", Surface::Grass},
    {"natural", "heath", Surface::Grass},
    {"natural", "scrub", Surface::Trees},
    {"natural", "wood", Surface::Trees},
    {"natural", "sand", Surface::Sand},
    {"natural", "beach", Surface::Sand},
    {"natural", "dune", Surface::Sand},
    {"natural", "bare_rock", Surface::OtherUrban},
    {"leisure", "park", Surface::Grass},
    {"leisure", "garden", Surface::Grass},
    {"leisure", "golf_course", Surface::Grass},
    {"leisure", "pitch", Surface::Grass},
    {"leisure", "playground", Surface::BareSoil},
    {"amenity", "parking", Surface::Carriageway},
    {"place", "square", Surface::Square},
    {"man_made", "pier", Surface::Pavement},
    {"man_made", "breakwater", Surface::OtherUrban},
    {"man_made", "quay", Surface::Pavement},
    {"highway", "footway", Surface::Pavement},
    {"highway", "pedestrian", Surface::Square},
};

bool is_on_ground(const Tags& tags) {
    const std::string& location = tag(tags, "location");
    return location != "underground" && tag(tags, "parking") != "underground" &&
           tag(tags, "parking") != "multi-storey" && tag(tags, "tunnel").empty() &&
           std::strtod(tag(tags, "layer").c_str(), nullptr) == 0.0;
}

/// The surface=* tag where it says more than the use does.
std::optional<Surface> tagged_surface(const std::string& value) {
    if (value == "grass_paver" || value == "gravel" || value == "fine_gravel" ||
        value == "pebblestone") {
        return Surface::Permeable;
    }
    if (value == "grass") {
        return Surface::Grass;
    }
    if (value == "sand") {
        return Surface::Sand;
    }
    if (value == "ground" || value == "dirt" || value == "earth" || value == "compacted") {
        return Surface::BareSoil;
    }
    if (value == "asphalt" || value == "concrete" || value == "paving_stones" || value == "sett") {
        return Surface::Square;
    }
    return std::nullopt;
}

void paint_osm_areas(Raster<std::uint8_t>& surface, const std::vector<AreaFeature>& areas) {
    for (const TagSurface& rule : tag_surfaces) {
        for (const AreaFeature& area : areas) {
            if (tag(area.tags, std::string(rule.key)) != rule.value || !is_on_ground(area.tags)) {
                continue;
            }
            Surface kind = rule.surface;
            if (const auto tagged = tagged_surface(tag(area.tags, "surface"));
                tagged && kind != Surface::Carriageway) {
                kind = *tagged;
            }
            paint(surface, area.area, kind);
        }
    }
}

void paint_layers(Raster<std::uint8_t>& surface, const Sources& sources) {
    const auto found = sources.layers.find("surfaces");
    if (found == sources.layers.end()) {
        return;
    }
    for (const LayerFeature& feature : found->second) {
        const auto kind = static_cast<Surface>(kind_index(feature, "surfaces"));
        for (const Polygon& polygon : feature.polygons) {
            paint(surface, polygon, kind);
        }
    }
}

/// Streets of these classes usually have a pavement on each side.
bool has_pavement(const Edge& edge) {
    return edge.highway >= Highway::Primary && edge.highway <= Highway::LivingStreet &&
           !edge.is_bridge && !edge.is_tunnel;
}

bool is_on_ground(const Edge& edge) {
    return !edge.is_bridge && !edge.is_tunnel && edge.level == 0;
}

void paint_streets(Raster<std::uint8_t>& surface, const StreetNetwork& streets,
                   const OsmData& osm) {
    constexpr double pavement_m = 2.0;
    constexpr double footway_m = 2.0;
    for (const OsmWay& way : osm.ways) {
        const std::string& kind = tag(way.tags, "highway");
        const bool is_foot = kind == "footway" || kind == "pedestrian" || kind == "steps" ||
                             kind == "cycleway" || kind == "path";
        if (!is_foot || !is_on_ground(way.tags) || !tag(way.tags, "bridge").empty() ||
            tag(way.tags, "area") == "yes") {
            continue;
        }
        Polyline line;
        for (const std::uint32_t node : way.nodes) {
            line.push_back(osm.nodes[node].at);
        }
        const double width = parse_length_m(tag(way.tags, "width")).value_or(footway_m);
        paint(surface, line, 0.5 * width,
              tagged_surface(tag(way.tags, "surface")) == Surface::BareSoil ? Surface::BareSoil
                                                                            : Surface::Pavement);
    }
    for (const Edge& edge : streets.edges) {
        if (has_pavement(edge) && is_on_ground(edge)) {
            for (std::uint32_t k = 0; k < edge.lanes; ++k) {
                const Lane& lane = streets.lanes[edge.first_lane.index + k];
                paint(surface, lane.line, 0.5 * lane.width_m + pavement_m, Surface::Pavement);
            }
        }
    }
    for (const Lane& lane : streets.lanes) {
        if (is_on_ground(streets.edge(lane.edge))) {
            paint(surface, lane.line, 0.5 * lane.width_m, Surface::Carriageway);
        }
    }
    for (const Connection& connection : streets.connections) {
        const Lane& from = streets.lane(connection.from);
        if (is_on_ground(streets.edge(from.edge))) {
            paint(surface, connection.line, 0.5 * from.width_m, Surface::Carriageway);
        }
    }
}

double percent(std::size_t cells, double of_cells) {
    return 100.0 * static_cast<double>(cells) / std::max(1.0, of_cells);
}

/// Lays the elevation sources over each other: the first that knows a cell of land wins.
void mosaic(const Recipe& recipe, const CityFrame& frame, double land_cells, Terrain& terrain,
            CityReport& report) {
    std::vector<float>& ground = terrain.ground_m.values;
    for (const ElevationRecipe& source : recipe.elevation) {
        const Raster<float> values = read_raster(source, terrain.shape(), frame);
        std::size_t used = 0;
        for (std::size_t c = 0; c < ground.size(); ++c) {
            // What a source says of the sea is never read: street heights mean nothing there, and
            // the sea must not lend its level to the land beside it.
            if (std::isnan(ground[c]) && !std::isnan(values.values[c]) &&
                terrain.is_sea.values[c] == 0) {
                ground[c] = values.values[c];
                ++used;
            }
        }
        report.found.push_back(fmt::format("elevation of {:.1f} % of the land from {}",
                                           percent(used, land_cells),
                                           source.file.filename().string()));
    }
}

/// Fills unknown ground from the nearest known cell, and closes what is too far from any.
void fill_gaps(double reach_m, double land_cells, Terrain& terrain, CityReport& report) {
    const Raster<float> away_m = fill_from_nearest(terrain.ground_m);
    std::size_t filled = 0;
    std::size_t blocked = 0;
    for (std::size_t c = 0; c < away_m.values.size(); ++c) {
        float& ground = terrain.ground_m.values[c];
        if (terrain.is_sea.values[c] != 0 || !std::isfinite(ground)) {
            ground = 0.0F;
        }
        if (terrain.is_sea.values[c] != 0) {
            continue;
        }
        if (away_m.values[c] > static_cast<float>(reach_m)) {
            terrain.is_blocked.values[c] = 1;
            ++blocked;
        } else if (away_m.values[c] > 0.0F) {
            ++filled;
        }
    }
    if (filled > 0) {
        report.assumed.push_back(
            fmt::format("{:.1f} % of the land has no elevation: filled from the nearest known cell",
                        percent(filled, land_cells)));
    }
    if (blocked > 0) {
        report.assumed.push_back(fmt::format(
            "{:.1f} % of the land is farther than {:g} m from any known elevation: closed to water",
            percent(blocked, land_cells), reach_m));
    }
}

/// Everything but buildings, later over earlier.
void paint_surfaces(City& city, const Sources& sources) {
    Terrain& terrain = city.terrain;
    Raster<std::uint8_t>& surface = terrain.surface;
    paint_osm_areas(surface, sources.areas);
    paint_layers(surface, sources);
    paint_streets(surface, city.streets, sources.osm);
    for (const Polygon& water : city.inland_water) {
        paint(surface, water, Surface::InlandWater);
    }
    for (std::size_t c = 0; c < surface.values.size(); ++c) {
        if (terrain.is_sea.values[c] != 0) {
            surface.values[c] = static_cast<std::uint8_t>(Surface::Sea);
        }
    }
}

void put_buildings_down(City& city) {
    Terrain& terrain = city.terrain;
    for (const Building& building : city.buildings) {
        for_cells_inside(terrain.shape(), building.footprint, [&](int i, int j) {
            terrain.surface.at(i, j) = static_cast<std::uint8_t>(Surface::Building);
            terrain.is_sea.at(i, j) = 0;
        });
    }
}

void block_or_raise(City& city, BuildingObstacle how) {
    Terrain& terrain = city.terrain;
    Raster<std::uint8_t> is_raised(terrain.shape(), 0);
    for (const Building& building : city.buildings) {
        for_cells_inside(terrain.shape(), building.footprint, [&](int i, int j) {
            if (how == BuildingObstacle::Blocked) {
                terrain.is_blocked.at(i, j) = 1;
            } else if (is_raised.at(i, j) == 0) {
                is_raised.at(i, j) = 1;
                terrain.ground_m.at(i, j) += static_cast<float>(building.height_m);
            }
        });
    }
}

} // namespace

const std::array<SurfaceProperties, surface_count>& surface_properties() {
    // Manning's n: Chow (1959), table 5-6 (asphalt rough 0.016, concrete 0.015, short grass 0.030
    // to 0.035, brush and trees 0.1, natural water 0.03, bare soil 0.025); built-up ground 0.04 and
    // roofs 0.02 as used for urban 2D models in Engineers Australia (2012), project 15.
    // Infiltration: steady rates of the soil groups of Musgrave (1955), as NRCS uses them: A 7.6 to
    // 11.4, B 3.8 to 7.6, C 1.3 to 3.8 mm/h; trees and sand as A, grass as B, bare soil as C, other
    // urban ground mostly sealed. Permeable paving 97 mm/h (270 l/(s ha)), as certified when new.
    static constexpr std::array<SurfaceProperties, surface_count> properties = {{
        {"sea", 0.025, 0.0},
        {"inland_water", 0.030, 0.0},
        {"building", 0.020, 0.0},
        {"carriageway", 0.016, 0.0},
        {"pavement", 0.015, 0.0},
        {"square", 0.015, 0.0},
        {"grass", 0.035, 5.7},
        {"trees", 0.100, 9.5},
        {"sand", 0.025, 11.4},
        {"bare_soil", 0.025, 2.5},
        {"other_urban", 0.040, 1.3},
        {"permeable", 0.020, 97.0},
    }};
    return properties;
}

std::optional<std::size_t> nearest_open_cell(const Terrain& terrain, const Vec2& at,
                                             double reach_m) {
    const RasterShape& shape = terrain.shape();
    std::optional<std::size_t> nearest;
    double nearest_m = reach_m;
    const int last_row = std::min(shape.rows - 1, shape.row_at(at.y() + reach_m));
    const int last_column = std::min(shape.columns - 1, shape.column_at(at.x() + reach_m));
    for (int j = std::max(0, shape.row_at(at.y() - reach_m)); j <= last_row; ++j) {
        for (int i = std::max(0, shape.column_at(at.x() - reach_m)); i <= last_column; ++i) {
            const double distance_m = (shape.centre(i, j) - at).norm();
            const bool is_nearer = nearest ? distance_m < nearest_m : distance_m <= reach_m;
            if (is_nearer && terrain.is_open_ground(shape.index(i, j))) {
                nearest = shape.index(i, j);
                nearest_m = distance_m;
            }
        }
    }
    return nearest;
}

Terrain build_ground(const Recipe& recipe, const CityFrame& frame, const RasterShape& shape,
                     const Sources& sources, const std::vector<Polygon>& sea, CityReport& report) {
    Terrain terrain;
    terrain.buildings = recipe.buildings;
    terrain.is_sea = Raster<std::uint8_t>(shape, 0);
    terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
    terrain.surface = Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::OtherUrban));
    terrain.ground_m = Raster<float>(shape, std::numeric_limits<float>::quiet_NaN());
    for (const Polygon& polygon : sea) {
        for_cells_inside(shape, polygon, [&](int i, int j) { terrain.is_sea.at(i, j) = 1; });
    }
    const auto& is_sea = terrain.is_sea.values;
    const auto land = static_cast<double>(std::count(is_sea.begin(), is_sea.end(), 0));
    terrain.has_elevation = !recipe.elevation.empty();
    if (terrain.has_elevation) {
        mosaic(recipe, frame, land, terrain, report);
        fill_gaps(recipe.assumptions.elevation_fill_m, land, terrain, report);
    } else {
        terrain.ground_m = Raster<float>(shape, 0.0F);
        report.assumed.push_back("no elevation source: the ground is flat at 0 m");
    }
    if (sources.outline) {
        Raster<std::uint8_t> is_inside(shape, 0);
        for_cells_inside(shape, *sources.outline, [&](int i, int j) { is_inside.at(i, j) = 1; });
        for (std::size_t c = 0; c < shape.cells(); ++c) {
            if (is_inside.values[c] == 0) {
                terrain.is_blocked.values[c] = 1;
            }
        }
    }
    return terrain;
}

void finish_terrain(City& city, const Recipe& recipe, const Sources& sources) {
    Terrain& terrain = city.terrain;
    paint_surfaces(city, sources);
    put_buildings_down(city);
    if (terrain.has_elevation) {
        if (recipe.assumptions.hollow_m) {
            const std::size_t cells = fill_hollows(terrain, *recipe.assumptions.hollow_m);
            city.report.assumed.push_back(
                fmt::format("hollows deeper than {:g} m are errors of the elevation data: {} cells "
                            "filled until this is left",
                            *recipe.assumptions.hollow_m, cells));
        }
        const double depth_m = recipe.assumptions.dammed_m;
        const FilledPockets filled = fill_pockets(terrain, depth_m);
        if (filled.cells + filled.courtyard_cells > 0) {
            city.report.assumed.push_back(fmt::format(
                "houses would dam up water to {:.1f} m above what the bare ground holds back: "
                "{} cells of ground raised until {:g} m is left, {} cells of closed courtyards "
                "drain like roofs",
                filled.deepest_m, filled.cells, depth_m, filled.courtyard_cells));
        }
    }
    block_or_raise(city, recipe.buildings);
}

} // namespace veste
