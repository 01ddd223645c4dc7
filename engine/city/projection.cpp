#include "base/errors.hpp"
#include "city/gdal_use.hpp"
#include "city/sources.hpp"

#include <cmath>
#include <fmt/format.h>
#include <memory>
#include <ogr_spatialref.h>

namespace veste {
namespace {

using Transformation = std::unique_ptr<OGRCoordinateTransformation>;

Transformation transformation(const OGRSpatialReference& from, const OGRSpatialReference& to,
                              const std::string& where) {
    const GdalMessages messages;
    Transformation made(OGRCreateCoordinateTransformation(&from, &to));
    if (!made) {
        throw InputError(
            fmt::format("{}: no transformation is known ({})", where, messages.last()));
    }
    return made;
}

} // namespace

struct Projection::Implementation {
    std::string name;
    Vec2 origin{0.0, 0.0};
    Transformation to_city;
    Transformation from_city;

    Vec2 transformed(OGRCoordinateTransformation& by, const Vec2& p) const {
        const GdalMessages messages;
        double x = p.x();
        double y = p.y();
        if (by.Transform(1, &x, &y) == FALSE || !std::isfinite(x) || !std::isfinite(y)) {
            throw InputError(
                fmt::format("{}: {:.7g} {:.7g} cannot be projected", name, p.x(), p.y()));
        }
        return {x, y};
    }
};

Projection::Projection(const std::string& from_crs, int to_epsg, const Vec2& origin)
    : implementation_(std::make_unique<Implementation>()) {
    start_gdal();
    Implementation& own = *implementation_;
    OGRSpatialReference from;
    OGRSpatialReference to;
    const std::string to_crs = fmt::format("EPSG:{}", to_epsg);
    read_crs(from, from_crs, "projection from");
    read_crs(to, to_crs, "projection to");
    const char* from_name = from.GetName();
    own.name =
        fmt::format("projection from {} to {}", from_name ? from_name : from_crs.c_str(), to_crs);
    own.origin = origin;
    own.to_city = transformation(from, to, own.name);
    own.from_city = transformation(to, from, own.name);
}

Projection::~Projection() = default;

Vec2 Projection::to_local(const Vec2& p) const {
    return implementation_->transformed(*implementation_->to_city, p) - implementation_->origin;
}

Vec2 Projection::from_local(const Vec2& p) const {
    return implementation_->transformed(*implementation_->from_city, p + implementation_->origin);
}

} // namespace veste
