#include "city/gdal_use.hpp"
#include "city/ogr_use.hpp"
#include "city/polygon_ops.hpp"
#include "city/vectors.hpp"

#include <cpl_conv.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <string_view>

namespace veste {
namespace {

/// Tells GDAL's OSM driver to report every tag, and which closed ways are areas by convention (a
/// way tagged area=yes always is). GDAL 3.6 skips keys longer than the last one of that list, so
/// the longest stands last.
constexpr std::string_view osm_configuration =
    "closed_ways_are_polygons=aeroway,amenity,boundary,building,craft,geological,historic,landuse,"
    "leisure,man_made,military,natural,office,place,shop,sport,tourism,water,public_transport\n"
    "attribute_name_laundering=no\n"
    "report_all_tags=yes\n"
    "[points]\nosm_id=yes\nall_tags=yes\nother_tags=no\n"
    "[lines]\nosm_id=yes\nall_tags=yes\nother_tags=no\n"
    "[multipolygons]\nosm_id=yes\nall_tags=yes\nother_tags=no\n"
    "[multilinestrings]\nosm_id=yes\nall_tags=yes\nother_tags=no\n"
    "[other_relations]\nosm_id=yes\nall_tags=yes\nother_tags=no\n";

constexpr const char* configuration_file = "/vsimem/veste_osmconf.ini";

VectorFile open_osm(const std::filesystem::path& file, const GdalMessages& messages) {
    start_gdal();
    static const std::string text(osm_configuration);
    VSILFILE* memory = VSIFileFromMemBuffer(
        configuration_file, reinterpret_cast<GByte*>(const_cast<char*>(text.data())), text.size(),
        FALSE);
    VSIFCloseL(memory);
    const std::string option = fmt::format("CONFIG_FILE={}", configuration_file);
    CPLStringList options;
    options.AddString(option.c_str());
    const char* const drivers[] = {"OSM", nullptr};
    const bool is_packed = file.extension() == ".gz";
    const std::string name = (is_packed ? "/vsigzip/" : "") + file.string();
    VectorFile dataset(GDALDataset::Open(name.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY, drivers,
                                         options.List()));
    if (!dataset) {
        throw InputError(fmt::format("{}: not an OpenStreetMap file (.osm, .osm.pbf, .osm.gz) that "
                                     "GDAL can read{}",
                                     file.string(), messages.in_brackets()));
    }
    return dataset;
}

/// GDAL's fast index of nodes needs them in order and with positive ids, which editors' files may
/// lack; its slow one does not.
class SlowIndex {
public:
    explicit SlowIndex(bool is_on) : is_on_(is_on) {
        if (is_on_) {
            CPLSetThreadLocalConfigOption("OSM_USE_CUSTOM_INDEXING", "NO");
        }
    }
    ~SlowIndex() {
        if (is_on_) {
            CPLSetThreadLocalConfigOption("OSM_USE_CUSTOM_INDEXING", nullptr);
        }
    }
    SlowIndex(const SlowIndex&) = delete;
    SlowIndex& operator=(const SlowIndex&) = delete;

private:
    bool is_on_;
};

/// Calls visit(feature) for every feature of a layer. Features come layer by layer in the file's
/// order; reading one layer alone would keep all others in memory. Returns GDAL's complaint.
template <class Visit>
std::string try_features(const std::filesystem::path& file, std::string_view layer_name,
                         bool is_slow, Visit&& visit) {
    const SlowIndex index(is_slow);
    const GdalMessages messages;
    const VectorFile dataset = open_osm(file, messages);
    OGRLayer* layer = nullptr;
    while (true) {
        const std::unique_ptr<OGRFeature> row(
            dataset->GetNextFeature(&layer, nullptr, nullptr, nullptr));
        if (!row) {
            break;
        }
        if (std::string_view(layer->GetName()) == layer_name) {
            visit(*row);
        }
    }
    return messages.last();
}

/// The same with whichever index serves; `start` comes before the first feature of each attempt.
template <class Start, class Visit>
void for_features(const std::filesystem::path& file, std::string_view layer_name, Start&& start,
                  Visit&& visit) {
    std::string complaint;
    for (const bool is_slow : {false, true}) {
        start();
        complaint = try_features(file, layer_name, is_slow, visit);
        if (complaint.find("OSM_USE_CUSTOM_INDEXING") == std::string::npos) {
            break;
        }
    }
    if (!complaint.empty()) {
        throw InputError(fmt::format("{}: is cut or broken ({})", file.string(), complaint));
    }
}

/// Reads the text of an hstore: "key"=>"value","key"=>"value".
Tags tags_of(const char* hstore) {
    Tags tags;
    std::string words[2];
    int word = 0;
    bool is_quoted = false;
    for (const char* c = hstore; *c != '\0'; ++c) {
        if (*c == '"') {
            is_quoted = !is_quoted;
            if (!is_quoted && ++word == 2) {
                tags[words[0]] = words[1];
                words[0].clear();
                words[1].clear();
                word = 0;
            }
        } else if (is_quoted) {
            if (*c == '\\' && c[1] != '\0') {
                ++c;
            }
            words[word] += *c;
        }
    }
    return tags;
}

std::int64_t id_of(const OGRFeature& feature) {
    const int way = feature.GetFieldIndex("osm_way_id");
    if (way >= 0 && feature.IsFieldSetAndNotNull(way)) {
        return std::strtoll(feature.GetFieldAsString(way), nullptr, 10);
    }
    return -std::strtoll(feature.GetFieldAsString("osm_id"), nullptr, 10);
}

void append_feature(OGRFeature& row, OGRCoordinateTransformation& transformation,
                    const CityFrame& frame, const std::string& file,
                    std::vector<AreaFeature>& areas) {
    OGRGeometry* geometry = row.GetGeometryRef();
    if (geometry == nullptr || !make_local(*geometry, transformation, frame)) {
        return;
    }
    std::vector<Polygon> polygons;
    append_polygons(*geometry, polygons);
    const std::int64_t id = id_of(row);
    const Tags tags = tags_of(row.GetFieldAsString("all_tags"));
    for (const Polygon& polygon : polygons) {
        if (!bounds_of(polygon.outer).overlaps(frame.bounds)) {
            continue;
        }
        std::vector<Polygon> parts = {polygon};
        if (!is_valid(polygon)) {
            parts = repaired(polygon);
        }
        for (Polygon& part : parts) {
            areas.push_back({std::move(part), tags,
                             fmt::format("{}, layer multipolygons, feature {}", file, id), id});
        }
    }
}

} // namespace

std::vector<AreaFeature> read_osm_areas(const std::filesystem::path& file, const CityFrame& frame) {
    OGRSpatialReference wgs84;
    read_crs(wgs84, "EPSG:4326", file.string());
    const auto transformation = to_city(wgs84, frame, file.string());
    std::vector<AreaFeature> areas;
    for_features(
        file, "multipolygons", [&] { areas.clear(); },
        [&](OGRFeature& row) {
            append_feature(row, *transformation, frame, file.string(), areas);
        });
    return areas;
}

Box2 osm_extent_deg(const std::filesystem::path& file) {
    Box2 box;
    for_features(
        file, "lines", [&] { box = {}; },
        [&](OGRFeature& row) {
            const std::string_view tags = row.GetFieldAsString("all_tags");
            if (row.GetGeometryRef() == nullptr ||
                tags.find("\"highway\"=>") == std::string_view::npos) {
                return;
            }
            OGREnvelope own;
            row.GetGeometryRef()->getEnvelope(&own);
            box.extend({own.MinX, own.MinY});
            box.extend({own.MaxX, own.MaxY});
        });
    return box;
}

} // namespace veste
