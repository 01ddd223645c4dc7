#include "city/ground.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <set>

namespace veste {
namespace {

/// Buildings taken so far, painted on the terrain's raster to find those told twice.
class Plan {
public:
    explicit Plan(const RasterShape& shape) : taken_(shape, 0) {}

    /// True where more than half of the footprint is taken already.
    bool is_taken(const Polygon& footprint) const {
        std::size_t cells = 0;
        std::size_t taken = 0;
        for_cells_inside(taken_.shape, footprint, [&](int i, int j) {
            ++cells;
            taken += taken_.at(i, j);
        });
        if (cells == 0) {
            const Vec2 centre = centroid_of(footprint.outer);
            return taken_.shape.contains(centre) && taken_.at(centre) != 0;
        }
        return 2 * taken > cells;
    }
    void take(const Polygon& footprint) {
        for_cells_inside(taken_.shape, footprint, [&](int i, int j) { taken_.at(i, j) = 1; });
    }

private:
    Raster<std::uint8_t> taken_;
};

std::optional<double> positive_number(const std::string& text) {
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || end == text.c_str() || !std::isfinite(value) || value <= 0.0) {
        return std::nullopt;
    }
    return value;
}

/// Height from the height tag, else from storeys (those of the roof included).
std::optional<double> height_of(const Tags& tags, double storey_m) {
    for (const char* key : {"height", "building:height"}) {
        if (const auto height = parse_length_m(tag(tags, key)); height && *height > 0.0) {
            return height;
        }
    }
    if (const auto levels = positive_number(tag(tags, "building:levels"))) {
        return storey_m * (*levels + positive_number(tag(tags, "roof:levels")).value_or(0.0));
    }
    return std::nullopt;
}

/// A building that stands on the ground: roofs without walls and underground parts are none.
bool is_standing_building(const Tags& tags) {
    const std::string& kind = tag(tags, "building");
    static const std::set<std::string> open = {"",       "no",         "roof",  "carport",
                                               "canopy", "demolished", "ruins", "collapsed"};
    const double layer = std::strtod(tag(tags, "layer").c_str(), nullptr);
    return !open.contains(kind) && tag(tags, "location") != "underground" && layer >= 0.0;
}

/// A building:part drawn as a closed way: it may tell the height its building does not.
struct Part {
    Vec2 at;
    double height_m;
};

std::vector<Part> parts_of(const OsmData& osm, double storey_m) {
    std::vector<Part> parts;
    for (const OsmWay& way : osm.ways) {
        const std::string& kind = tag(way.tags, "building:part");
        if (kind.empty() || kind == "no" || way.nodes.size() < 4) {
            continue;
        }
        if (const auto height = height_of(way.tags, storey_m)) {
            Polyline ring;
            for (std::size_t k = 0; k + 1 < way.nodes.size(); ++k) {
                ring.push_back(osm.nodes[way.nodes[k]].at);
            }
            parts.push_back({centroid_of(ring), *height});
        }
    }
    return parts;
}

double highest_part(const Polygon& footprint, const std::vector<Part>& parts) {
    const Box2 box = bounds_of(footprint.outer);
    double highest = 0.0;
    for (const Part& part : parts) {
        if (part.height_m > highest && box.contains(part.at) && contains(footprint, part.at)) {
            highest = part.height_m;
        }
    }
    return highest;
}

std::vector<Building> from_osm(const Sources& sources, double storey_m) {
    const std::vector<Part> parts = parts_of(sources.osm, storey_m);
    std::vector<Building> buildings;
    for (const AreaFeature& area : sources.areas) {
        if (!is_standing_building(area.tags)) {
            continue;
        }
        Building building;
        building.footprint = area.area;
        building.osm_id = area.osm_id;
        const auto height = height_of(area.tags, storey_m);
        building.height_m = height ? *height : highest_part(area.area, parts);
        buildings.push_back(std::move(building));
    }
    return buildings;
}

double layer_height(const LayerFeature& feature, double storey_m) {
    return number_for(feature, "height", storey_m * number_for(feature, "levels", 0.0));
}

std::vector<Building> from_layers(const Sources& sources, double storey_m) {
    std::vector<Building> buildings;
    const auto found = sources.layers.find("buildings");
    if (found == sources.layers.end()) {
        return buildings;
    }
    for (const LayerFeature& feature : found->second) {
        const std::string id = value_for(feature, "id");
        for (const Polygon& polygon : feature.polygons) {
            Building building;
            building.footprint = polygon;
            building.height_m = layer_height(feature, storey_m);
            building.source_id = id.empty() ? feature.source : id;
            buildings.push_back(std::move(building));
        }
    }
    return buildings;
}

/// Outlines of cells above a height; each gets the mean height of its cells.
std::vector<Building> from_heights(const HeightRasterRecipe& recipe, const RasterShape& shape,
                                   const CityFrame& frame) {
    const Raster<float> heights = read_raster(recipe.raster, shape, frame);
    Raster<std::int32_t> is_building(shape, 0);
    for (std::size_t c = 0; c < shape.cells(); ++c) {
        is_building.values[c] = heights.values[c] > static_cast<float>(recipe.at_least_m) ? 1 : 0;
    }
    std::vector<Building> buildings;
    for (LabelledArea& area : areas_of(is_building)) {
        double sum = 0.0;
        int cells = 0;
        for_cells_inside(shape, area.area, [&](int i, int j) {
            sum += heights.at(i, j);
            ++cells;
        });
        if (cells == 0) {
            continue;
        }
        Building building;
        building.footprint = std::move(area.area);
        building.height_m = sum / cells;
        building.source_id =
            fmt::format("{} outline {}", recipe.raster.file.filename().string(), buildings.size());
        buildings.push_back(std::move(building));
    }
    return buildings;
}

double ground_under(const Polygon& footprint, const Raster<float>& ground_m) {
    double lowest = std::numeric_limits<double>::infinity();
    for_cells_inside(ground_m.shape, footprint, [&](int i, int j) {
        lowest = std::min(lowest, static_cast<double>(ground_m.at(i, j)));
    });
    return std::isfinite(lowest) ? lowest : sample_bilinear(ground_m, centroid_of(footprint.outer));
}

/// The 90th percentile of the surface above the ground within the footprint; 0 where unknown.
double surface_height(const Building& building, const Raster<float>& surface_m) {
    std::vector<float> tops;
    for_cells_inside(surface_m.shape, building.footprint, [&](int i, int j) {
        if (std::isfinite(surface_m.at(i, j))) {
            tops.push_back(surface_m.at(i, j));
        }
    });
    if (tops.empty()) {
        return 0.0;
    }
    const auto nth = tops.begin() + static_cast<std::ptrdiff_t>(tops.size() * 9 / 10);
    std::nth_element(tops.begin(), nth, tops.end());
    return std::max(0.0, *nth - building.ground_m);
}

void add_new(std::vector<Building> from, const std::string& name, Plan& plan, const Box2& bounds,
             std::vector<Building>& to, CityReport& report) {
    std::size_t doubles = 0;
    std::size_t added = 0;
    std::set<std::string> ids;
    for (Building& building : from) {
        if (!bounds_of(building.footprint.outer).overlaps(bounds)) {
            continue;
        }
        if (plan.is_taken(building.footprint)) {
            ++doubles;
            continue;
        }
        ids.insert(building.source_id + std::to_string(building.osm_id));
        to.push_back(std::move(building));
        ++added;
    }
    // Painted afterwards: buildings of one source may touch, but are not doubles of each other.
    for (std::size_t k = to.size() - added; k < to.size(); ++k) {
        plan.take(to[k].footprint);
    }
    report.found.push_back(
        fmt::format("{} buildings in {} footprints from {}", ids.size(), added, name));
    if (doubles > 0) {
        report.found.push_back(
            fmt::format("{} buildings of {} left out: told by a source before it", doubles, name));
    }
}

void settle_heights(std::vector<Building>& buildings, const Recipe& recipe, const CityFrame& frame,
                    const Raster<float>& ground_m, CityReport& report) {
    std::optional<Raster<float>> surface_m;
    if (recipe.surface_model) {
        surface_m = read_raster(*recipe.surface_model, ground_m.shape, frame);
    }
    std::size_t assumed = 0;
    std::size_t measured = 0;
    for (Building& building : buildings) {
        building.ground_m = ground_under(building.footprint, ground_m);
        if (building.height_m > 0.0) {
            continue;
        }
        if (surface_m) {
            building.height_m = surface_height(building, *surface_m);
        }
        constexpr double lowest_building_m = 1.0;
        if (building.height_m >= lowest_building_m) {
            ++measured;
        } else {
            building.height_m = recipe.assumptions.building_m;
            building.is_height_assumed = true;
            ++assumed;
        }
    }
    if (measured > 0) {
        report.found.push_back(fmt::format("{} building heights from the surface model", measured));
    }
    if (assumed > 0) {
        report.assumed.push_back(fmt::format("{} of {} buildings tell no height: {:g} m assumed",
                                             assumed, buildings.size(),
                                             recipe.assumptions.building_m));
    }
}

} // namespace

std::vector<Building> build_buildings(const Recipe& recipe, const Sources& sources,
                                      const CityFrame& frame, const Raster<float>& ground_m,
                                      CityReport& report) {
    const double storey_m = recipe.assumptions.storey_m;
    std::vector<Building> buildings;
    Plan plan(ground_m.shape);
    for (const CityJsonRecipe& file : recipe.cityjson) {
        add_new(read_cityjson(file, frame), file.file.filename().string(), plan, frame.bounds,
                buildings, report);
    }
    if (!recipe.section("buildings").empty()) {
        add_new(from_layers(sources, storey_m), "the building layers", plan, frame.bounds,
                buildings, report);
    }
    for (const HeightRasterRecipe& heights : recipe.building_heights) {
        add_new(from_heights(heights, ground_m.shape, frame),
                heights.raster.file.filename().string(), plan, frame.bounds, buildings, report);
    }
    if (!sources.areas.empty()) {
        add_new(from_osm(sources, storey_m), "OpenStreetMap", plan, frame.bounds, buildings,
                report);
    }
    if (sources.outline) {
        std::erase_if(buildings, [&](const Building& b) {
            return !contains(*sources.outline, centroid_of(b.footprint.outer));
        });
    }
    settle_heights(buildings, recipe, frame, ground_m, report);
    return buildings;
}

} // namespace veste
