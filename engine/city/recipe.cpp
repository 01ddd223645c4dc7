#include "city/recipe.hpp"

#include "city/gdal_use.hpp"
#include "city/recipe_section_use.hpp"

#include <fmt/format.h>

namespace veste {
namespace {

/// What may be read from each kind of layer.
struct SectionRule {
    std::string name;
    std::vector<std::string> attributes;
    bool may_be_a_point = false; ///< one feature may be given by `at` in the recipe
};

const std::vector<SectionRule>& section_rules() {
    static const std::vector<SectionRule> rules = {
        {"buildings", {"height", "levels", "id"}},
        {"walkable", {"kind", "level"}},
        {"surfaces", {"kind"}},
        {"water", {"name"}},
        {"areas", {"name"}},
        {"lamps", {"height", "flux"}, true},
        {"sensors", {"name", "kind", "range"}, true},
        {"drains", {"capacity"}, true},
        {"stations", {"name", "kind"}, true},
        {"signs", {"text"}, true},
        {"feeders", {"name"}},
    };
    return rules;
}

std::optional<Vec2> point_in(RecipeSection& section, const std::string& key) {
    if (!section.has(key)) {
        section.numbers(key);
        return std::nullopt;
    }
    const std::vector<double> values = section.numbers(key);
    if (values.size() != 2) {
        section.add_problem(key, key + " must be two numbers: longitude and latitude");
        return std::nullopt;
    }
    return Vec2(values[0], values[1]);
}

LayerRecipe read_layer_recipe(RecipeSection& section, const SectionRule& rule) {
    LayerRecipe layer;
    layer.place = section.place();
    if (rule.may_be_a_point) {
        layer.at = point_in(section, "at");
    }
    layer.file = section.file("file", !layer.at);
    layer.layer = section.text("layer");
    layer.where = section.text("where");
    layer.crs = section.text("crs");
    for (const std::string& attribute : rule.attributes) {
        const std::string name = section.text(attribute);
        if (!name.empty()) {
            layer.attributes[attribute] = name;
        }
        const std::string fixed = section.text("fixed_" + attribute);
        if (!fixed.empty()) {
            layer.fixed[attribute] = fixed;
        }
    }
    if (const toml::table* kinds = section.table("kinds")) {
        for (const auto& [value, kind] : *kinds) {
            if (const auto text = kind.value_exact<std::string>()) {
                layer.kinds[std::string(value.str())] = *text;
            } else {
                section.add_problem(&kind, "kinds must map text to text");
            }
        }
    }
    return layer;
}

ElevationRecipe read_elevation(RecipeSection& section) {
    ElevationRecipe elevation;
    elevation.place = section.place();
    elevation.file = section.file("file", true);
    elevation.crs = section.text("crs");
    elevation.no_data = section.number("nodata", {-1e39, 1e39, ""});
    return elevation;
}

/// Calls read(section) for each table of an array of tables.
template <class Read>
void for_tables(RecipeSection& root, const std::string& key, const std::filesystem::path& file,
                Problems& problems, Read&& read) {
    const toml::array* list = root.array(key);
    if (list == nullptr) {
        return;
    }
    for (const toml::node& node : *list) {
        if (!node.is_table()) {
            root.add_problem(&node, fmt::format("{0} must be tables, written [[{0}]]", key));
            continue;
        }
        RecipeSection section(*node.as_table(), key + ".", file, problems);
        read(section);
        section.finish();
    }
}

void read_ring(RecipeSection& section, const toml::array& points, Recipe& recipe) {
    Polyline ring;
    for (const toml::node& node : points) {
        const toml::array* pair = node.as_array();
        if (pair == nullptr || pair->size() != 2 || !(*pair)[0].is_number() ||
            !(*pair)[1].is_number()) {
            section.add_problem(&node,
                                "area.points must be pairs of numbers, [[x, y], [x, y] ...]");
            return;
        }
        ring.emplace_back((*pair)[0].value<double>().value_or(0.0),
                          (*pair)[1].value<double>().value_or(0.0));
    }
    if (ring.size() < 3) {
        section.add_problem("points", "area.points needs at least 3 points");
        return;
    }
    recipe.area_rings.push_back(std::move(ring));
}

/// Longitudes and latitudes must be on Earth; the usual mistake is their order.
void check_degrees(RecipeSection& section, const std::string& key, const Vec2& p) {
    constexpr Limits longitudes{-180.0, 180.0, "°"};
    constexpr Limits latitudes{-90.0, 90.0, "°"};
    if (!is_within(p.x(), longitudes) || !is_within(p.y(), latitudes)) {
        section.add_problem(key, fmt::format("area.{} holds longitude {:g}, latitude {:g}; allowed "
                                             "are -180 to 180 and -90 to 90 (or give area.crs)",
                                             key, p.x(), p.y()));
    }
}

void check_degrees(RecipeSection& section, const Recipe& recipe) {
    if (recipe.area_box) {
        check_degrees(section, "bbox", recipe.area_box->low);
        check_degrees(section, "bbox", recipe.area_box->high);
    }
    for (const Polyline& ring : recipe.area_rings) {
        for (const Vec2& p : ring) {
            check_degrees(section, "points", p);
        }
    }
}

void read_area(const toml::table& table, Recipe& recipe, Problems& problems) {
    RecipeSection section(table, "area.", recipe.file, problems);
    recipe.area_place = section.place();
    recipe.area_crs = section.text("crs", "EPSG:4326");
    const bool has_box = section.has("bbox");
    const std::vector<double> box = section.numbers("bbox");
    if (has_box && (box.size() != 4 || box[0] >= box[2] || box[1] >= box[3])) {
        section.add_problem("bbox", "area.bbox must be [west, south, east, north] with west < east "
                                    "and south < north");
    } else if (has_box) {
        recipe.area_box = Box2{{box[0], box[1]}, {box[2], box[3]}};
    }
    recipe.area_wkt = section.text("wkt");
    recipe.area_file = section.file("file", false);
    if (const toml::array* points = section.array("points")) {
        read_ring(section, *points, recipe);
    }
    const int ways = int(has_box) + int(!recipe.area_wkt.empty()) + int(!recipe.area_file.empty()) +
                     int(section.has("points"));
    if (ways != 1) {
        section.add_problem(&table, "area needs exactly one of bbox, wkt, file, points");
    }
    if (recipe.area_crs == "EPSG:4326") {
        check_degrees(section, recipe);
    }
    section.finish();
}

LampPractice read_lamps(RecipeSection& lamps, const std::string& key, LampPractice practice,
                        const std::filesystem::path& file, Problems& problems) {
    if (const toml::table* table = lamps.table(key)) {
        RecipeSection section(*table, "assumptions.lamps." + key + ".", file, problems);
        practice.spacing_m = section.number("spacing_m", practice.spacing_m, {5.0, 200.0, "m"});
        practice.height_m = section.number("height_m", practice.height_m, {1.0, 40.0, "m"});
        practice.flux_lm = section.number("flux_lm", practice.flux_lm, {100.0, 200000.0, "lm"});
        section.finish();
    }
    return practice;
}

void read_assumptions(const toml::table& table, Recipe& recipe, Problems& problems) {
    Assumptions& a = recipe.assumptions;
    RecipeSection section(table, "assumptions.", recipe.file, problems);
    a.storey_m = section.number("storey_m", a.storey_m, {2.0, 10.0, "m"});
    a.building_m = section.number("building_m", a.building_m, {2.0, 300.0, "m"});
    a.elevation_fill_m = section.number("elevation_fill_m", a.elevation_fill_m, {0.0, 1e5, "m"});
    a.hollow_m = section.number("hollow_m", {0.0, 1e4, "m"});
    a.dammed_m = section.number("dammed_m", a.dammed_m, {0.0, 1e4, "m"});
    if (const toml::table* lamps = section.table("lamps")) {
        RecipeSection kinds(*lamps, "assumptions.lamps.", recipe.file, problems);
        a.has_lamps = kinds.truth("generate", true);
        a.main_lamps = read_lamps(kinds, "main", a.main_lamps, recipe.file, problems);
        a.local_lamps = read_lamps(kinds, "local", a.local_lamps, recipe.file, problems);
        a.foot_lamps = read_lamps(kinds, "foot", a.foot_lamps, recipe.file, problems);
        kinds.finish();
    }
    a.feeder_cell_m = section.number("feeder_cell_m", a.feeder_cell_m, {50.0, 5000.0, "m"});
    if (const toml::table* drains = section.table("drains")) {
        RecipeSection s(*drains, "assumptions.drains.", recipe.file, problems);
        a.has_drains = s.truth("generate", true);
        a.drain_spacing_m = s.number("spacing_m", a.drain_spacing_m, {5.0, 500.0, "m"});
        a.drain_design_mmph = s.number("design_mmph", a.drain_design_mmph, {0.0, 300.0, "mm/h"});
        s.finish();
    }
    a.has_loops_at_signals =
        section.choice("loop_detectors", {"none", "signal approaches"}, "none") != "none";
    a.crowd_counters = section.texts("crowd_counters");
    section.finish();
}

int epsg_of(RecipeSection& root) {
    const std::string crs = root.text("crs");
    if (crs.empty()) {
        return 0;
    }
    try {
        const std::string digits = crs.rfind("EPSG:", 0) == 0 ? crs.substr(5) : crs;
        std::size_t used = 0;
        const int epsg = std::stoi(digits, &used);
        if (used != digits.size()) {
            throw std::invalid_argument(crs);
        }
        check_metre_crs(epsg, "crs");
        return epsg;
    } catch (const InputError& error) {
        root.add_problem("crs", error.what());
    } catch (const std::logic_error&) {
        root.add_problem("crs",
                         fmt::format("crs = \"{}\" must be an EPSG code, as \"EPSG:32632\"", crs));
    }
    return 0;
}

void read_sources(RecipeSection& root, Recipe& recipe, Problems& problems) {
    const std::filesystem::path& file = recipe.file;
    for_tables(root, "osm", file, problems,
               [&](RecipeSection& section) { recipe.osm.push_back(section.file("file", true)); });
    for_tables(root, "elevation", file, problems, [&](RecipeSection& section) {
        recipe.elevation.push_back(read_elevation(section));
    });
    for_tables(root, "building_heights", file, problems, [&](RecipeSection& section) {
        HeightRasterRecipe heights{read_elevation(section), 2.0};
        heights.at_least_m = section.number("at_least_m", 2.0, {0.5, 100.0, "m"});
        recipe.building_heights.push_back(heights);
    });
    if (const toml::table* table = root.table("surface_model")) {
        RecipeSection section(*table, "surface_model.", file, problems);
        recipe.surface_model = read_elevation(section);
        section.finish();
    }
    for_tables(root, "cityjson", file, problems, [&](RecipeSection& section) {
        recipe.cityjson.push_back({section.file("file", true), section.text("lod"),
                                   section.text("crs"), section.place()});
    });
    for (const SectionRule& rule : section_rules()) {
        for_tables(root, rule.name, file, problems, [&](RecipeSection& section) {
            recipe.layers[rule.name].push_back(read_layer_recipe(section, rule));
        });
    }
}

toml::table parse(const std::filesystem::path& file) {
    if (!std::filesystem::is_regular_file(file)) {
        throw InputError(fmt::format("{}: there is no such file", file.string()));
    }
    try {
        return toml::parse_file(file.string());
    } catch (const toml::parse_error& error) {
        throw InputError(fmt::format("{}:{}: {}", file.string(), error.source().begin.line,
                                     error.description()));
    }
}

} // namespace

const std::vector<LayerRecipe>& Recipe::section(const std::string& key) const {
    static const std::vector<LayerRecipe> none;
    const auto found = layers.find(key);
    return found == layers.end() ? none : found->second;
}

std::vector<std::filesystem::path> Recipe::inputs() const {
    std::vector<std::filesystem::path> files = osm;
    for (const ElevationRecipe& e : elevation) {
        files.push_back(e.file);
    }
    for (const HeightRasterRecipe& h : building_heights) {
        files.push_back(h.raster.file);
    }
    if (surface_model) {
        files.push_back(surface_model->file);
    }
    for (const CityJsonRecipe& c : cityjson) {
        files.push_back(c.file);
    }
    for (const auto& [name_of_section, list] : layers) {
        for (const LayerRecipe& layer : list) {
            if (!layer.file.empty()) {
                files.push_back(layer.file);
            }
        }
    }
    if (!area_file.empty()) {
        files.push_back(area_file);
    }
    return files;
}

Recipe read_recipe(const std::filesystem::path& file) {
    const toml::table table = parse(file);
    Problems problems;
    Recipe recipe;
    recipe.file = file;
    RecipeSection root(table, "", file, problems);
    recipe.name = root.text("name", file.parent_path().filename().string());
    recipe.credits = root.texts("credits");
    recipe.epsg = epsg_of(root);
    recipe.cell_m = root.number("cell_m", 2.0, {0.1, 100.0, "m"});
    recipe.buildings =
        root.choice("buildings_in_water", {"blocked", "raised"}, "blocked") == "raised"
            ? BuildingObstacle::Raised
            : BuildingObstacle::Blocked;
    recipe.is_left_hand = root.choice("traffic", {"right", "left"}, "right") == "left";
    if (const toml::table* area = root.table("area")) {
        read_area(*area, recipe, problems);
    }
    read_sources(root, recipe, problems);
    if (const toml::table* assumptions = root.table("assumptions")) {
        read_assumptions(*assumptions, recipe, problems);
    }
    root.finish();
    if (problems.is_empty() && recipe.inputs().empty()) {
        problems.add(fmt::format("{}: names no data: give at least one of [[osm]], [[elevation]], "
                                 "[[cityjson]], [[buildings]]",
                                 file.string()));
    }
    problems.throw_if_any();
    return recipe;
}

} // namespace veste
