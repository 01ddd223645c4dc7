#include "city/gdal_use.hpp"

#include "base/errors.hpp"

#include <algorithm>
#include <cmath>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <fmt/format.h>
#include <gdal_priv.h>
#include <memory>
#include <mutex>
#include <ogr_spatialref.h>
#include <vector>

namespace veste {
namespace {

void CPL_STDCALL keep_message(CPLErr level, CPLErrorNum, const char* text) {
    if (level >= CE_Failure) {
        static_cast<GdalMessages*>(CPLGetErrorHandlerUserData())->add(text);
    }
}

} // namespace

void start_gdal() {
    static std::once_flag once;
    std::call_once(once, [] { GDALAllRegister(); });
}

GdalMessages::GdalMessages() {
    CPLPushErrorHandlerEx(keep_message, this);
}

GdalMessages::~GdalMessages() {
    CPLPopErrorHandler();
}

std::string gdal_name(const std::filesystem::path& file) {
    std::string name = file.string();
    if (file.extension() != ".zip") {
        return name;
    }
    const std::string archive = "/vsizip/" + std::filesystem::absolute(file).string();
    const GdalMessages messages;
    const CPLStringList names(VSIReadDir(archive.c_str()));
    std::vector<std::string> inside;
    for (int k = 0; k < names.size(); ++k) {
        if (std::string(names[k]) != "." && std::string(names[k]) != "..") {
            inside.emplace_back(names[k]);
        }
    }
    if (inside.empty()) {
        throw InputError(fmt::format("{}: not a whole .zip archive: it is cut, broken or empty{}",
                                     name, messages.in_brackets()));
    }
    return inside.size() == 1 ? archive + "/" + inside.front() : archive;
}

void read_crs(OGRSpatialReference& crs, const std::string& text, const std::string& where) {
    const GdalMessages messages;
    crs.Clear();
    if (crs.SetFromUserInput(text.c_str()) != OGRERR_NONE) {
        throw InputError(fmt::format("{}: \"{}\" is not a coordinate reference system, give one as "
                                     "\"EPSG:32632\"",
                                     where, text));
    }
    crs.DemoteTo2D(nullptr);
    crs.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
}

Box2 transformed(const Box2& box, const std::string& from_crs, const std::string& to_crs,
                 const std::string& where) {
    start_gdal();
    OGRSpatialReference from;
    OGRSpatialReference to;
    read_crs(from, from_crs, where);
    read_crs(to, to_crs, where);
    const GdalMessages messages;
    const std::unique_ptr<OGRCoordinateTransformation> transformation(
        OGRCreateCoordinateTransformation(&from, &to));
    double x0 = 0.0;
    double y0 = 0.0;
    double x1 = 0.0;
    double y1 = 0.0;
    constexpr int points_on_edge = 21;
    if (!transformation ||
        transformation->TransformBounds(box.low.x(), box.low.y(), box.high.x(), box.high.y(), &x0,
                                        &y0, &x1, &y1, points_on_edge) == FALSE ||
        !std::isfinite(x0 + y0 + x1 + y1)) {
        throw InputError(fmt::format("{}: {:.6f} {:.6f} to {:.6f} {:.6f} cannot be projected to {}",
                                     where, box.low.x(), box.low.y(), box.high.x(), box.high.y(),
                                     to_crs));
    }
    return {{x0, y0}, {x1, y1}};
}

int utm_epsg(double longitude_deg, double latitude_deg) {
    const int zone =
        std::clamp(static_cast<int>(std::floor((longitude_deg + 180.0) / 6.0)) + 1, 1, 60);
    return (latitude_deg >= 0.0 ? 32600 : 32700) + zone;
}

void check_metre_crs(int epsg, const std::string& where) {
    OGRSpatialReference crs;
    read_crs(crs, fmt::format("EPSG:{}", epsg), where);
    if (crs.IsProjected() == FALSE || std::abs(crs.GetLinearUnits() - 1.0) > 1e-9) {
        throw InputError(fmt::format("{}: EPSG:{} is not a projected CRS in metres", where, epsg));
    }
}

} // namespace veste
