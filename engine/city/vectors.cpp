#include "city/vectors.hpp"

#include "city/gdal_use.hpp"
#include "city/ogr_use.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

Polyline points_of(const OGRSimpleCurve& curve, bool is_ring) {
    Polyline line;
    const int n = curve.getNumPoints() - (is_ring ? 1 : 0);
    for (int k = 0; k < n; ++k) {
        const Vec2 p(curve.getX(k), curve.getY(k));
        if (line.empty() || p != line.back()) {
            line.push_back(p);
        }
    }
    return line;
}

std::string names(const std::vector<std::string>& list) {
    return list.empty() ? "none" : fmt::format("{}", fmt::join(list, ", "));
}

std::string source_name(const LayerRecipe& recipe, OGRLayer& layer, const OGRFeature& feature) {
    return fmt::format("{}, layer {}, feature {}", recipe.file.string(), layer.GetName(),
                       feature.GetFID());
}

VectorFile open_vector(const std::filesystem::path& file, const GdalMessages& messages) {
    start_gdal();
    VectorFile dataset(
        GDALDataset::Open(gdal_name(file).c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
    if (!dataset) {
        throw InputError(fmt::format("{}: not a vector file that GDAL can read ({})", file.string(),
                                     messages.last().empty() ? "unknown format" : messages.last()));
    }
    return dataset;
}

OGRLayer& find_layer(GDALDataset& dataset, const LayerRecipe& recipe) {
    std::vector<std::string> known;
    for (OGRLayer* layer : dataset.GetLayers()) {
        known.emplace_back(layer->GetName());
        if (recipe.layer == known.back()) {
            return *layer;
        }
    }
    if (recipe.layer.empty() && known.size() == 1) {
        return *dataset.GetLayer(0);
    }
    if (recipe.layer.empty()) {
        throw InputError(fmt::format("{}: {} holds {} layers; name one with layer = : {}",
                                     recipe.place, recipe.file.string(), known.size(),
                                     names(known)));
    }
    const std::string near = nearest_word(recipe.layer, known);
    throw InputError(fmt::format(
        "{}: {} has no layer \"{}\"{}; its layers: {}", recipe.place, recipe.file.string(),
        recipe.layer, near.empty() ? "" : fmt::format(", did you mean {}?", near), names(known)));
}

void check_attributes(OGRLayer& layer, const LayerRecipe& recipe) {
    std::vector<std::string> known;
    OGRFeatureDefn& definition = *layer.GetLayerDefn();
    known.reserve(static_cast<std::size_t>(definition.GetFieldCount()));
    for (int k = 0; k < definition.GetFieldCount(); ++k) {
        known.emplace_back(definition.GetFieldDefn(k)->GetNameRef());
    }
    Problems problems;
    for (const auto& [role, name] : recipe.attributes) {
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            problems.add(fmt::format("{}: {} = \"{}\": {}, layer {} has no such attribute; it has: "
                                     "{}",
                                     recipe.place, role, name, recipe.file.string(),
                                     layer.GetName(), names(known)));
        }
    }
    problems.throw_if_any();
}

OGRSpatialReference crs_of(OGRLayer& layer, const LayerRecipe& recipe) {
    OGRSpatialReference crs;
    if (!recipe.crs.empty()) {
        read_crs(crs, recipe.crs, recipe.place);
        return crs;
    }
    const OGRSpatialReference* own = layer.GetSpatialRef();
    if (own == nullptr) {
        throw InputError(fmt::format("{}, layer {}: has no CRS; give it in the recipe ({}), as "
                                     "crs = \"EPSG:28992\"",
                                     recipe.file.string(), layer.GetName(), recipe.place));
    }
    crs = *own;
    crs.DemoteTo2D(nullptr);
    crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    return crs;
}

void append_lines(const OGRGeometry& geometry, std::vector<Polyline>& to) {
    const auto type = wkbFlatten(geometry.getGeometryType());
    if (type == wkbLineString) {
        to.push_back(points_of(*geometry.toLineString(), false));
    } else if (type == wkbMultiLineString || type == wkbGeometryCollection) {
        for (const OGRGeometry* part : *geometry.toGeometryCollection()) {
            append_lines(*part, to);
        }
    }
}

void append_points(const OGRGeometry& geometry, std::vector<Vec2>& to) {
    const auto type = wkbFlatten(geometry.getGeometryType());
    if (type == wkbPoint && !geometry.IsEmpty()) {
        to.emplace_back(geometry.toPoint()->getX(), geometry.toPoint()->getY());
    } else if (type == wkbMultiPoint || type == wkbGeometryCollection) {
        for (const OGRGeometry* part : *geometry.toGeometryCollection()) {
            append_points(*part, to);
        }
    }
}

Tags tags_of(const OGRFeature& feature) {
    Tags tags;
    for (int k = 0; k < feature.GetFieldCount(); ++k) {
        if (feature.IsFieldSetAndNotNull(k)) {
            tags[feature.GetFieldDefnRef(k)->GetNameRef()] = feature.GetFieldAsString(k);
        }
    }
    return tags;
}

constexpr std::string_view kind_name(GeometryKind kind) {
    constexpr std::string_view all[] = {"polygons", "lines", "points"};
    return all[static_cast<std::size_t>(kind)];
}

/// Fills the parts of the kind asked for; false where the geometry is of another kind.
bool take_parts(const OGRGeometry& geometry, GeometryKind kind, LayerFeature& feature) {
    if (kind == GeometryKind::Polygons) {
        append_polygons(geometry, feature.polygons);
        return !feature.polygons.empty();
    }
    if (kind == GeometryKind::Lines) {
        append_lines(geometry, feature.lines);
        return !feature.lines.empty();
    }
    append_points(geometry, feature.points);
    return !feature.points.empty();
}

void repair(LayerFeature& feature, std::size_t& count) {
    std::vector<Polygon> valid;
    for (const Polygon& polygon : feature.polygons) {
        if (is_valid(polygon)) {
            valid.push_back(polygon);
            continue;
        }
        ++count;
        for (Polygon& part : repaired(polygon)) {
            valid.push_back(std::move(part));
        }
    }
    feature.polygons = std::move(valid);
}

bool is_near(const LayerFeature& feature, const Box2& bounds) {
    Box2 own;
    for (const Polygon& polygon : feature.polygons) {
        for (const Vec2& p : polygon.outer) {
            own.extend(p);
        }
    }
    for (const Polyline& line : feature.lines) {
        for (const Vec2& p : line) {
            own.extend(p);
        }
    }
    for (const Vec2& p : feature.points) {
        own.extend(p);
    }
    return !own.is_empty() && own.overlaps(bounds);
}

} // namespace

void append_polygons(const OGRGeometry& geometry, std::vector<Polygon>& to) {
    const auto type = wkbFlatten(geometry.getGeometryType());
    if (OGR_GT_IsNonLinear(type)) {
        const std::unique_ptr<OGRGeometry> linear(geometry.getLinearGeometry());
        append_polygons(*linear, to);
    } else if (type == wkbPolygon || type == wkbTriangle) {
        const OGRPolygon* source = geometry.toPolygon();
        if (source->getExteriorRing() == nullptr) {
            return;
        }
        Polygon polygon{points_of(*source->getExteriorRing(), true), {}};
        for (int k = 0; k < source->getNumInteriorRings(); ++k) {
            polygon.holes.push_back(points_of(*source->getInteriorRing(k), true));
        }
        if (polygon.outer.size() >= 3) {
            to.push_back(std::move(polygon));
        }
    } else if (OGR_GT_IsSubClassOf(type, wkbGeometryCollection)) {
        for (const OGRGeometry* part : *geometry.toGeometryCollection()) {
            append_polygons(*part, to);
        }
    }
}

std::unique_ptr<OGRCoordinateTransformation>
to_city(const OGRSpatialReference& from, const CityFrame& frame, const std::string& where) {
    OGRSpatialReference to;
    read_crs(to, frame.crs(), "crs");
    std::unique_ptr<OGRCoordinateTransformation> transformation(
        OGRCreateCoordinateTransformation(&from, &to));
    if (!transformation) {
        throw InputError(fmt::format("{}: its CRS cannot be projected to {}", where, frame.crs()));
    }
    return transformation;
}

bool make_local(OGRGeometry& geometry, OGRCoordinateTransformation& transformation,
                const CityFrame& frame) {
    if (geometry.transform(&transformation) != OGRERR_NONE) {
        return false;
    }
    OGREnvelope box;
    geometry.getEnvelope(&box);
    if (!std::isfinite(box.MinX + box.MaxX + box.MinY + box.MaxY)) {
        return false;
    }
    class Move : public OGRDefaultGeometryVisitor {
    public:
        explicit Move(const Vec2& origin) : origin_(origin) {}
        using OGRDefaultGeometryVisitor::visit;
        void visit(OGRPoint* p) override {
            p->setX(p->getX() - origin_.x());
            p->setY(p->getY() - origin_.y());
        }

    private:
        Vec2 origin_;
    };
    Move move(frame.origin);
    geometry.accept(&move);
    return true;
}

namespace {

/// The parts of one row in local metres. Throws InputError naming the feature where it cannot be
/// projected or is of another kind.
LayerFeature feature_of(OGRFeature& row, const std::string& source, GeometryKind kind,
                        OGRCoordinateTransformation& transformation, const CityFrame& frame) {
    LayerFeature feature;
    feature.source = source;
    OGRGeometry& geometry = *row.GetGeometryRef();
    if (!make_local(geometry, transformation, frame)) {
        throw InputError(
            fmt::format("{}: cannot be projected to {}; is its CRS right?", source, frame.crs()));
    }
    if (!take_parts(geometry, kind, feature)) {
        throw InputError(fmt::format("{}: is a {}, this section needs {}", source,
                                     geometry.getGeometryName(), kind_name(kind)));
    }
    return feature;
}

} // namespace

LayerContent read_layer(const LayerRecipe& recipe, GeometryKind kind, const CityFrame& frame) {
    const GdalMessages messages;
    const VectorFile file = open_vector(recipe.file, messages);
    OGRLayer& layer = find_layer(*file, recipe);
    check_attributes(layer, recipe);
    const OGRSpatialReference crs = crs_of(layer, recipe);
    const auto transformation = to_city(crs, frame, recipe.file.string());
    if (!recipe.where.empty() && layer.SetAttributeFilter(recipe.where.c_str()) != OGRERR_NONE) {
        throw InputError(fmt::format("{}: where = \"{}\" is not a condition on {} ({})",
                                     recipe.place, recipe.where, layer.GetName(), messages.last()));
    }
    LayerContent content;
    for (const auto& row : layer) {
        if (row->GetGeometryRef() == nullptr || row->GetGeometryRef()->IsEmpty()) {
            continue;
        }
        LayerFeature feature =
            feature_of(*row, source_name(recipe, layer, *row), kind, *transformation, frame);
        if (!is_near(feature, frame.bounds)) {
            ++content.outside;
            continue;
        }
        repair(feature, content.repaired);
        feature.tags = tags_of(*row);
        content.features.push_back(std::move(feature));
    }
    if (!messages.last().empty()) {
        const std::string what =
            recipe.where.empty()
                ? " is cut or broken"
                : fmt::format(": where = \"{}\" is not a condition on it", recipe.where);
        throw InputError(fmt::format("{}: {}, layer {}{} ({})", recipe.place, recipe.file.string(),
                                     layer.GetName(), what, messages.last()));
    }
    return content;
}

Box2 layer_extent(const LayerRecipe& recipe, const std::string& to_crs) {
    const GdalMessages messages;
    const VectorFile file = open_vector(recipe.file, messages);
    OGRLayer& layer = find_layer(*file, recipe);
    const OGRSpatialReference crs = crs_of(layer, recipe);
    OGREnvelope box;
    if (layer.GetExtent(&box) != OGRERR_NONE) {
        return {};
    }
    char* wkt = nullptr;
    crs.exportToWkt(&wkt);
    const std::string text = wkt;
    CPLFree(wkt);
    return transformed({{box.MinX, box.MinY}, {box.MaxX, box.MaxY}}, text, to_crs,
                       recipe.file.string());
}

std::vector<Polygon> read_area_file(const std::filesystem::path& file, const std::string& crs) {
    const GdalMessages messages;
    const VectorFile dataset = open_vector(file, messages);
    LayerRecipe recipe;
    recipe.file = file;
    recipe.place = file.string();
    OGRLayer& layer = *dataset->GetLayer(0);
    const OGRSpatialReference from = crs_of(layer, recipe);
    OGRSpatialReference to;
    read_crs(to, crs, file.string());
    const std::unique_ptr<OGRCoordinateTransformation> transformation(
        OGRCreateCoordinateTransformation(&from, &to));
    std::vector<Polygon> polygons;
    for (const auto& row : layer) {
        OGRGeometry* geometry = row->GetGeometryRef();
        if (geometry != nullptr && transformation &&
            geometry->transform(transformation.get()) == OGRERR_NONE) {
            append_polygons(*geometry, polygons);
        }
    }
    if (polygons.empty()) {
        throw InputError(fmt::format("{}: its first layer holds no polygon: the area of interest "
                                     "must be one",
                                     file.string()));
    }
    return polygons;
}

} // namespace veste
