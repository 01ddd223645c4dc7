#include "city/gdal_use.hpp"
#include "city/ground.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <fmt/format.h>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

namespace veste {
namespace {

using nlohmann::json;
using Vec3 = std::array<double, 3>;

/// One flat face of an object, with what its semantics call it.
struct Face {
    std::vector<std::vector<std::size_t>> rings;
    std::string type;
};

/// A parsed file: its vertices are in its own CRS.
struct CityJson {
    std::string name;
    json root;
    std::vector<Vec3> vertices;
    std::string crs;
};

[[noreturn]] void fail(const CityJson& file, const std::string& object, const std::string& text) {
    throw InputError(object.empty() ? fmt::format("{}: {}", file.name, text)
                                    : fmt::format("{}, object {}: {}", file.name, object, text));
}

json parse(const std::filesystem::path& path) {
    std::ifstream stream(path, std::ios::binary);
    try {
        return json::parse(stream);
    } catch (const json::parse_error& error) {
        throw InputError(fmt::format("{}: not valid JSON at byte {}: the file is cut or broken",
                                     path.string(), error.byte));
    }
}

void read_vertices(CityJson& file) {
    Vec3 scale = {1.0, 1.0, 1.0};
    Vec3 translate = {0.0, 0.0, 0.0};
    if (const auto transform = file.root.find("transform"); transform != file.root.end()) {
        scale = transform->at("scale").get<Vec3>();
        translate = transform->at("translate").get<Vec3>();
    } else if (file.root["version"].get<std::string>() != "1.0") {
        fail(file, "", "has no transform, which CityJSON 1.1 and later need");
    }
    for (const json& vertex : file.root.at("vertices")) {
        const Vec3 v = vertex.get<Vec3>();
        Vec3 at{};
        for (std::size_t k = 0; k < 3; ++k) {
            at[k] = v[k] * scale[k] + translate[k];
            if (!std::isfinite(at[k])) {
                fail(file, "", fmt::format("vertex {} is not finite", file.vertices.size()));
            }
        }
        file.vertices.push_back(at);
    }
}

CityJson read_file(const CityJsonRecipe& recipe) {
    CityJson file;
    file.name = recipe.file.string();
    file.root = parse(recipe.file);
    if (!file.root.is_object() || file.root.value("type", "") != "CityJSON") {
        fail(file, "", "is JSON, but not CityJSON (its type must be \"CityJSON\")");
    }
    const std::string version = file.root.value("version", "none");
    if (version.rfind("1.", 0) != 0 && version.rfind("2.", 0) != 0) {
        fail(file, "", fmt::format("CityJSON version {}, readable are 1.x and 2.x", version));
    }
    try {
        read_vertices(file);
        file.crs = recipe.crs;
        if (file.crs.empty() && file.root.contains("metadata")) {
            file.crs = file.root["metadata"].value("referenceSystem", "");
        }
        if (!file.root.at("CityObjects").is_object()) {
            fail(file, "", "CityObjects must be an object");
        }
    } catch (const json::exception& error) {
        fail(file, "", error.what());
    }
    if (file.crs.empty()) {
        fail(file, "",
             fmt::format("has no referenceSystem; give crs in the recipe ({})", recipe.place));
    }
    return file;
}

Face read_face(const json& rings, const json& values, std::size_t index, const json& surfaces) {
    Face face;
    face.rings = rings.get<std::vector<std::vector<std::size_t>>>();
    if (values.is_array() && index < values.size() && values[index].is_number_integer()) {
        face.type = surfaces.at(values[index].get<std::size_t>()).value("type", "");
    }
    return face;
}

/// Collects faces however deeply shells and solids are nested above them.
void append_faces(const json& boundaries, const json& values, const json& surfaces, int depth,
                  std::vector<Face>& faces) {
    for (std::size_t k = 0; k < boundaries.size(); ++k) {
        if (depth == 0) {
            faces.push_back(read_face(boundaries[k], values, k, surfaces));
        } else {
            const json inner = values.is_array() && k < values.size() ? values[k] : json();
            append_faces(boundaries[k], inner, surfaces, depth - 1, faces);
        }
    }
}

/// How many lists lie above the surfaces of a geometry type; -1 when it has no surfaces.
int depth_of(const std::string& type) {
    if (type == "MultiSurface" || type == "CompositeSurface") {
        return 0;
    }
    if (type == "Solid") {
        return 1;
    }
    return type == "MultiSolid" || type == "CompositeSolid" ? 2 : -1;
}

std::string lod_of(const json& geometry) {
    const auto lod = geometry.find("lod");
    if (lod == geometry.end()) {
        return "";
    }
    return lod->is_string() ? lod->get<std::string>() : fmt::format("{:g}", lod->get<double>());
}

/// Faces of the chosen level of detail: the one asked for, else the highest there is.
std::vector<Face> faces_of_object(const json& object, const std::string& wanted_lod) {
    const json* chosen = nullptr;
    const auto geometries = object.find("geometry");
    if (geometries == object.end()) {
        return {};
    }
    for (const json& geometry : *geometries) {
        const std::string lod = lod_of(geometry);
        const bool fits = wanted_lod.empty() || lod.rfind(wanted_lod, 0) == 0;
        if (fits && depth_of(geometry.at("type")) >= 0 &&
            (chosen == nullptr || lod > lod_of(*chosen))) {
            chosen = &geometry;
        }
    }
    std::vector<Face> faces;
    if (chosen != nullptr) {
        const json semantics = chosen->value("semantics", json::object());
        append_faces(chosen->at("boundaries"), semantics.value("values", json()),
                     semantics.value("surfaces", json::array()), depth_of(chosen->at("type")),
                     faces);
    }
    return faces;
}

/// What is gathered of one building over its parts.
struct Shape {
    std::vector<Polygon> footprint;
    double low_m = std::numeric_limits<double>::infinity();
    double high_m = -std::numeric_limits<double>::infinity();
};

Polygon plan_of(const Face& face, const CityJson& file, const Projection& projection) {
    Polygon polygon;
    for (std::size_t r = 0; r < face.rings.size(); ++r) {
        Polyline ring;
        for (const std::size_t index : face.rings[r]) {
            const Vec3& v = file.vertices[index];
            ring.push_back(projection.to_local({v[0], v[1]}));
        }
        (r == 0 ? polygon.outer : polygon.holes.emplace_back()) = std::move(ring);
    }
    return polygon;
}

void check_indices(const std::vector<Face>& faces, const CityJson& file, const std::string& id) {
    for (const Face& face : faces) {
        for (const auto& ring : face.rings) {
            for (const std::size_t index : ring) {
                if (index >= file.vertices.size()) {
                    fail(file, id,
                         fmt::format("names vertex {}, the file has {}", index,
                                     file.vertices.size()));
                }
            }
        }
    }
}

bool lies_low(const Face& face, const CityJson& file, double low_m) {
    constexpr double tolerance_m = 0.1;
    return std::all_of(face.rings.front().begin(), face.rings.front().end(),
                       [&](std::size_t v) { return file.vertices[v][2] <= low_m + tolerance_m; });
}

void add_object(const json& object, const std::string& id, const CityJsonRecipe& recipe,
                const CityJson& file, const Projection& projection, Shape& shape) {
    const std::vector<Face> faces = faces_of_object(object, recipe.lod);
    check_indices(faces, file, id);
    double low = std::numeric_limits<double>::infinity();
    for (const Face& face : faces) {
        for (const auto& ring : face.rings) {
            for (const std::size_t index : ring) {
                low = std::min(low, file.vertices[index][2]);
                shape.high_m = std::max(shape.high_m, file.vertices[index][2]);
            }
        }
    }
    shape.low_m = std::min(shape.low_m, low);
    const auto add_where = [&](auto&& is_wanted) {
        const std::size_t before = shape.footprint.size();
        for (const Face& face : faces) {
            if (!face.rings.empty() && is_wanted(face)) {
                for (Polygon& part : repaired(plan_of(face, file, projection))) {
                    shape.footprint.push_back(std::move(part));
                }
            }
        }
        return shape.footprint.size() > before;
    };
    // Ground surfaces; where none are marked the lowest faces; else everything from above.
    if (!add_where([](const Face& f) { return f.type == "GroundSurface"; }) &&
        !add_where([&](const Face& f) { return lies_low(f, file, low); })) {
        add_where([](const Face&) { return true; });
    }
}

/// The building an object belongs to: itself, or the first parent above it.
std::string root_of(const json& objects, std::string id) {
    std::set<std::string> seen;
    while (seen.insert(id).second) {
        const auto object = objects.find(id);
        if (object == objects.end() || !object->contains("parents") ||
            object->at("parents").empty()) {
            break;
        }
        id = object->at("parents").at(0).get<std::string>();
    }
    return id;
}

std::map<std::string, Shape> shapes_of(const CityJson& file, const CityJsonRecipe& recipe,
                                       const Projection& projection) {
    std::map<std::string, Shape> shapes;
    const json& objects = file.root["CityObjects"];
    for (const auto& [id, object] : objects.items()) {
        try {
            const std::string type = object.value("type", "");
            if (type != "Building" && type != "BuildingPart") {
                continue;
            }
            add_object(object, id, recipe, file, projection, shapes[root_of(objects, id)]);
        } catch (const json::exception& error) {
            fail(file, id, fmt::format("is not as CityJSON describes ({})", error.what()));
        }
    }
    return shapes;
}

} // namespace

std::vector<Building> read_cityjson(const CityJsonRecipe& recipe, const CityFrame& frame) {
    const CityJson file = read_file(recipe);
    const Projection projection(file.crs, frame.epsg, frame.origin);
    std::vector<Building> buildings;
    for (const auto& [id, shape] : shapes_of(file, recipe, projection)) {
        for (Polygon& footprint : united(shape.footprint)) {
            if (!bounds_of(footprint.outer).overlaps(frame.bounds)) {
                continue;
            }
            Building building;
            building.footprint = std::move(footprint);
            building.height_m = shape.high_m - shape.low_m;
            building.ground_m = shape.low_m;
            building.source_id = id;
            buildings.push_back(std::move(building));
        }
    }
    if (buildings.empty()) {
        throw InputError(fmt::format("{}: no building{} within the city's area", file.name,
                                     recipe.lod.empty() ? "" : " of LoD " + recipe.lod));
    }
    return buildings;
}

Box2 cityjson_extent(const CityJsonRecipe& recipe, const std::string& crs) {
    const CityJson file = read_file(recipe);
    Box2 box;
    for (const Vec3& v : file.vertices) {
        box.extend({v[0], v[1]});
    }
    return transformed(box, file.crs, crs, file.name);
}

} // namespace veste
