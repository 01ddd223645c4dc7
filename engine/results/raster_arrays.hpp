#pragma once
#include "base/raster.hpp"
#include "results/live_array.hpp"
#include "simulation/simulation.hpp"

#include <algorithm>

/// Rasters by the CF conventions 1.8, north up, so that GDAL, QGIS and netCDF software find their
/// place: dimension scales x, y and time, and a grid mapping with the CRS.
namespace veste {

/// One raster of the file, a frame at a time.
template <class T> class FrameArray {
public:
    FrameArray(Hdf5File& file, const std::string& group, const RasterShape& shape,
               const std::string& name, const ArrayText& text, double fill, bool has_time = true)
        : file_(file), path_(group + "/" + name), frame_(shape.cells(), static_cast<T>(fill)) {
        constexpr std::uint64_t tile = 256;
        const auto rows = static_cast<std::uint64_t>(shape.rows);
        const auto columns = static_cast<std::uint64_t>(shape.columns);
        Extent chunk = {std::min(rows, tile), std::min(columns, tile)};
        if (has_time) {
            chunk.insert(chunk.begin(), 1);
        }
        file.make_tiled(path_, element_of<T>(), {{rows, columns}, chunk, fill, has_time, 1});
        describe(file, path_, text);
        file.set_attribute(path_, "units", text.unit);
        file.set_attribute(path_, "long_name", text.description);
        file.set_typed_attribute(path_, "_FillValue", static_cast<T>(fill));
        file.set_attribute(path_, "grid_mapping", "spatial_ref");
        unsigned dimension = 0;
        if (has_time) {
            file.attach_scale(path_, group + "/time", dimension++);
        }
        file.attach_scale(path_, group + "/y", dimension++);
        file.attach_scale(path_, group + "/x", dimension);
    }

    T& at(std::size_t stored) { return frame_[stored]; }
    void append() { file_.append(path_, std::span<const T>(frame_)); }
    void overwrite() { file_.overwrite(path_, std::span<const T>(frame_)); }

private:
    Hdf5File& file_;
    std::string path_;
    std::vector<T> frame_;
};

/// The scales x, y and, where frames are recorded, time, and the CRS of a group; made before the
/// rasters that refer to them.
struct RasterFrame {
    RasterFrame(Hdf5File& file, const std::string& group, const RasterShape& shape,
                const Simulation& simulation, bool has_time = true);
};

} // namespace veste
