#pragma once
#include "city/vectors.hpp"

#include <memory>
#include <ogrsf_frmts.h>
#include <string>

/// What the readers of vector data share.
namespace veste {

struct CloseVector {
    void operator()(GDALDataset* dataset) const { GDALClose(dataset); }
};
using VectorFile = std::unique_ptr<GDALDataset, CloseVector>;

/// Appends the polygons of a geometry, as they are.
void append_polygons(const OGRGeometry& geometry, std::vector<Polygon>& to);

/// A transformation from a layer's CRS to the city's. Throws InputError when it cannot be made.
std::unique_ptr<OGRCoordinateTransformation>
to_city(const OGRSpatialReference& from, const CityFrame& frame, const std::string& where);

/// Projects the geometry and moves it to the local origin; false where it cannot be projected.
bool make_local(OGRGeometry& geometry, OGRCoordinateTransformation& transformation,
                const CityFrame& frame);

} // namespace veste
