#include "results/raster_arrays.hpp"

#include "city/crs_text.hpp"

#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

void make_scale(Hdf5File& file, const std::string& group, const std::string& name,
                std::string_view unit, std::string_view description, std::string_view standard_name,
                std::string_view axis) {
    file.make_scale(group + "/" + name, name);
    describe(file, group + "/" + name, {unit, description});
    file.set_attribute(group + "/" + name, "units", unit);
    file.set_attribute(group + "/" + name, "standard_name", standard_name);
    file.set_attribute(group + "/" + name, "axis", axis);
}
std::string clock_with_offset(const Scenario& scenario) {
    const auto start = std::lround(scenario.start_of_day_s);
    const auto offset = std::lround(scenario.utc_offset_s / 60.0);
    return fmt::format("{:02}:{:02}:{:02} {}{:02}:{:02}", start / 3600, start / 60 % 60, start % 60,
                       offset < 0 ? "-" : "+", std::abs(offset) / 60, std::abs(offset) % 60);
}
void write_crs(Hdf5File& file, const std::string& group, const RasterShape& shape,
               const City& city) {
    file.write(group + "/spatial_ref", std::vector<std::int32_t>{0});
    describe(file, group + "/spatial_ref", {"1", "the rasters' CRS, in attributes"});
    const std::string wkt = crs_wkt(city.epsg);
    file.set_attribute(group + "/spatial_ref", "crs_wkt", wkt);
    file.set_attribute(group + "/spatial_ref", "spatial_ref", wkt);
    file.set_attribute(group + "/spatial_ref", "cell_m", shape.cell_m);
    const Vec2 corner = city.to_crs({shape.corner.x(), shape.bounds().high.y()});
    file.set_attribute(group + "/spatial_ref", "GeoTransform",
                       fmt::format("{:.3f} {} 0 {:.3f} 0 {}", corner.x(), shape.cell_m, corner.y(),
                                   -shape.cell_m));
}

void make_time(Hdf5File& file, const std::string& group, const Scenario& scenario) {
    file.make_growing(group + "/time", Element::F64, {}, 64);
    make_scale(file, group, "time", "s", "simulated time of the frame", "time", "T");
    file.set_attribute(
        group + "/time", "units",
        fmt::format("seconds since {} {}", scenario.date, clock_with_offset(scenario)));
}

} // namespace

RasterFrame::RasterFrame(Hdf5File& file, const std::string& group, const RasterShape& shape,
                         const Simulation& simulation, bool has_time) {

    const City& city = simulation.city();
    std::vector<double> x(static_cast<std::size_t>(shape.columns));
    std::vector<double> y(static_cast<std::size_t>(shape.rows));
    for (int i = 0; i < shape.columns; ++i) {
        x[static_cast<std::size_t>(i)] = city.origin.x() + shape.centre(i, 0).x();
    }
    for (int j = 0; j < shape.rows; ++j) {
        y[static_cast<std::size_t>(shape.rows - 1 - j)] = city.origin.y() + shape.centre(0, j).y();
    }
    file.write(group + "/x", x);
    file.write(group + "/y", y);
    make_scale(file, group, "x", "m", "east, middle of the cell, in the CRS",
               "projection_x_coordinate", "X");
    make_scale(file, group, "y", "m", "north, middle of the cell, in the CRS; from north to south",
               "projection_y_coordinate", "Y");
    write_crs(file, group, shape, city);
    if (has_time) {
        make_time(file, group, simulation.scenario());
    }
}

} // namespace veste
