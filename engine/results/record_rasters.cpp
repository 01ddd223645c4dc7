#include "city/crs_text.hpp"
#include "results/live_array.hpp"
#include "results/raster_window.hpp"
#include "results/recorder_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

/// Rasters by the CF conventions 1.8, north up, so that GDAL, QGIS and netCDF software find their
/// place: dimension scales x, y and time, and a grid mapping with the CRS.
namespace veste {
namespace {

constexpr const char* group = "/rasters";
constexpr double millimetre = 0.001;
constexpr double illuminance_step_lx = 0.01;
constexpr double no_value = 65535.0;
constexpr double no_velocity = -32768.0;
/// Velocity is recorded where water is at least this deep.
constexpr double shallowest_flow_m = 0.01;

std::uint16_t in_steps(double value, double step) {
    return static_cast<std::uint16_t>(std::clamp(std::lround(value / step), 0L, 65534L));
}

std::int16_t in_signed_steps(double value, double step) {
    return static_cast<std::int16_t>(std::clamp(std::lround(value / step), -32767L, 32767L));
}

/// One raster of the file, a frame at a time.
template <class T> class FrameArray {
public:
    FrameArray(Hdf5File& file, const RasterShape& shape, const std::string& name,
               const ArrayText& text, double fill, bool has_time = true)
        : file_(file), path_(std::string(group) + "/" + name),
          frame_(shape.cells(), static_cast<T>(fill)) {
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
            file.attach_scale(path_, std::string(group) + "/time", dimension++);
        }
        file.attach_scale(path_, std::string(group) + "/y", dimension++);
        file.attach_scale(path_, std::string(group) + "/x", dimension);
    }

    T& at(std::size_t stored) { return frame_[stored]; }
    void append() { file_.append(path_, std::span<const T>(frame_)); }
    void overwrite() { file_.overwrite(path_, std::span<const T>(frame_)); }

private:
    Hdf5File& file_;
    std::string path_;
    std::vector<T> frame_;
};

/// The scales x, y and time and the CRS; made before the rasters that refer to them.
struct RasterFrame {
    RasterFrame(Hdf5File& file, const RasterShape& shape, const Simulation& simulation) {
        const City& city = simulation.city();
        std::vector<double> x(static_cast<std::size_t>(shape.columns));
        std::vector<double> y(static_cast<std::size_t>(shape.rows));
        for (int i = 0; i < shape.columns; ++i) {
            x[static_cast<std::size_t>(i)] = city.origin.x() + shape.centre(i, 0).x();
        }
        for (int j = 0; j < shape.rows; ++j) {
            y[static_cast<std::size_t>(shape.rows - 1 - j)] =
                city.origin.y() + shape.centre(0, j).y();
        }
        file.write(path("x"), x);
        file.write(path("y"), y);
        file.make_growing(path("time"), Element::F64, {}, 64);
        make_scale(file, "x", "m", "east, middle of the cell, in the CRS",
                   "projection_x_coordinate", "X");
        make_scale(file, "y", "m", "north, middle of the cell, in the CRS; from north to south",
                   "projection_y_coordinate", "Y");
        make_scale(file, "time", "s", "simulated time of the frame", "time", "T");
        const Scenario& scenario = simulation.scenario();
        file.set_attribute(
            path("time"), "units",
            fmt::format("seconds since {} {}", scenario.date, clock_with_offset(scenario)));
        write_crs(file, shape, city);
    }

    static std::string path(const std::string& name) { return std::string(group) + "/" + name; }

private:
    static void make_scale(Hdf5File& file, const std::string& name, std::string_view unit,
                           std::string_view description, std::string_view standard_name,
                           std::string_view axis) {
        file.make_scale(path(name), name);
        describe(file, path(name), {unit, description});
        file.set_attribute(path(name), "units", unit);
        file.set_attribute(path(name), "standard_name", standard_name);
        file.set_attribute(path(name), "axis", axis);
    }
    static std::string clock_with_offset(const Scenario& scenario) {
        const auto start = std::lround(scenario.start_of_day_s);
        const auto offset = std::lround(scenario.utc_offset_s / 60.0);
        return fmt::format("{:02}:{:02}:{:02} {}{:02}:{:02}", start / 3600, start / 60 % 60,
                           start % 60, offset < 0 ? "-" : "+", std::abs(offset) / 60,
                           std::abs(offset) % 60);
    }
    static void write_crs(Hdf5File& file, const RasterShape& shape, const City& city) {
        file.write(path("spatial_ref"), std::vector<std::int32_t>{0});
        describe(file, path("spatial_ref"), {"1", "the rasters' CRS, in attributes"});
        const std::string wkt = crs_wkt(city.epsg);
        file.set_attribute(path("spatial_ref"), "crs_wkt", wkt);
        file.set_attribute(path("spatial_ref"), "spatial_ref", wkt);
        file.set_attribute(path("spatial_ref"), "cell_m", shape.cell_m);
        const Vec2 corner = city.to_crs({shape.corner.x(), shape.bounds().high.y()});
        file.set_attribute(path("spatial_ref"), "GeoTransform",
                           fmt::format("{:.3f} {} 0 {:.3f} 0 {}", corner.x(), shape.cell_m,
                                       corner.y(), -shape.cell_m));
    }
};

class Rasters : public RecorderPart {
public:
    Rasters(Hdf5File& file, const Simulation& simulation, const RasterWindow& window)
        : file_(file), window_(window), frame_(file, window.recorded, simulation),
          every_ticks_(ticks_between(simulation.scenario().outputs.rasters_every_s,
                                     simulation.scenario().steps.tick_s)) {
        const Outputs& outputs = simulation.scenario().outputs;
        if (outputs.water && simulation.scenario().has_flood) {
            water_ = std::make_unique<WaterArrays>(file, window.recorded);
        }
        if (outputs.illuminance) {
            light_ = std::make_unique<LightArrays>(file, window.recorded);
        }
    }

    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        if (simulation.world().tick % every_ticks_ != 0) {
            return;
        }
        if (water_) {
            record_water(simulation);
        }
        if (light_) {
            record_light(simulation);
        }
        const double now_s = simulation.now_s();
        file_.append(RasterFrame::path("time"), std::span(&now_s, 1));
    }
    void write_all() override {}
    void finish(const Simulation& simulation) override;

private:
    struct WaterArrays {
        FrameArray<std::uint16_t> depth;
        FrameArray<std::int16_t> velocity_x;
        FrameArray<std::int16_t> velocity_y;
        FrameArray<std::uint16_t> max_depth;
        WaterArrays(Hdf5File& file, const RasterShape& shape)
            : depth(file, shape, "depth",
                    {"m", "water depth, mean over the cell's open ground, to the millimetre",
                     millimetre},
                    no_value),
              velocity_x(file, shape, "velocity_x",
                         {"m/s", "flow velocity to the east, to 1 mm/s, 0 below 1 cm of water",
                          millimetre},
                         no_velocity),
              velocity_y(file, shape, "velocity_y",
                         {"m/s", "flow velocity to the north, to 1 mm/s, 0 below 1 cm of water",
                          millimetre},
                         no_velocity),
              max_depth(file, shape, "max_depth",
                        {"m", "largest depth of the whole run, written at its end", millimetre},
                        no_value, false) {}
    };
    struct LightArrays {
        FrameArray<std::uint16_t> illuminance;
        LiveArray<double> daylight;
        LightArrays(Hdf5File& file, const RasterShape& shape)
            : illuminance(file, shape, "lamp_illuminance",
                          {"lx",
                           "illuminance on the ground by lamps, without daylight, to 0.01 lx, at "
                           "most 655.34",
                           illuminance_step_lx},
                          no_value),
              daylight(file, RasterFrame::path("daylight"),
                       {"lx", "horizontal illuminance by daylight, the same everywhere"}, 64) {
            file.attach_scale(RasterFrame::path("daylight"), RasterFrame::path("time"), 0);
        }
    };

    bool is_open(const Simulation& simulation, std::size_t cell) const {
        const Terrain& terrain = simulation.city().terrain;
        return terrain.is_sea.values[cell] == 0 && terrain.is_blocked.values[cell] == 0;
    }
    void record_water(const Simulation& simulation);
    void record_light(const Simulation& simulation);

    Hdf5File& file_;
    RasterWindow window_;
    RasterFrame frame_;
    std::uint64_t every_ticks_;
    std::unique_ptr<WaterArrays> water_;
    std::unique_ptr<LightArrays> light_;
};

/// Velocity at a cell's middle: mean discharge of its two sides over its depth.
Vec2 velocity_mps(const Water& water, const RasterShape& shape, std::size_t cell) {
    const double depth_m = water.depth_m[cell];
    if (depth_m < shallowest_flow_m) {
        return {0.0, 0.0};
    }
    const auto columns = static_cast<std::size_t>(shape.columns);
    const std::size_t west = cell + cell / columns;
    return Vec2(0.5 * (static_cast<double>(water.qx_m2ps[west]) + water.qx_m2ps[west + 1]),
                0.5 * (static_cast<double>(water.qy_m2ps[cell]) + water.qy_m2ps[cell + columns])) /
           depth_m;
}

void Rasters::record_water(const Simulation& simulation) {
    const Water& water = simulation.world().water;
    for (int j = 0; j < window_.recorded.rows; ++j) {
        for (int i = 0; i < window_.recorded.columns; ++i) {
            double depth_m = 0.0;
            Vec2 velocity{0.0, 0.0};
            double cells = 0.0;
            window_.for_cells_of(i, j, [&](std::size_t cell) {
                if (is_open(simulation, cell)) {
                    depth_m += water.depth_m[cell];
                    velocity += velocity_mps(water, window_.terrain, cell);
                    cells += 1.0;
                }
            });
            if (cells > 0.0) {
                const std::size_t to = window_.stored_index(i, j);
                water_->depth.at(to) = in_steps(depth_m / cells, millimetre);
                water_->velocity_x.at(to) = in_signed_steps(velocity.x() / cells, millimetre);
                water_->velocity_y.at(to) = in_signed_steps(velocity.y() / cells, millimetre);
            }
        }
    }
    water_->depth.append();
    water_->velocity_x.append();
    water_->velocity_y.append();
}

void Rasters::record_light(const Simulation& simulation) {
    const Ambient& ambient = simulation.world().ambient;
    for (int j = 0; j < window_.recorded.rows; ++j) {
        for (int i = 0; i < window_.recorded.columns; ++i) {
            double sum_lx = 0.0;
            double cells = 0.0;
            window_.for_cells_of(i, j, [&](std::size_t cell) {
                sum_lx += ambient.lamp_illuminance_lx.empty()
                              ? 0.0
                              : static_cast<double>(ambient.lamp_illuminance_lx[cell]);
                cells += 1.0;
            });
            light_->illuminance.at(window_.stored_index(i, j)) =
                in_steps(sum_lx / std::max(cells, 1.0), illuminance_step_lx);
        }
    }
    light_->illuminance.append();
    light_->daylight.push(ambient.daylight_lx.at(0));
    light_->daylight.write_all();
}

void Rasters::finish(const Simulation& simulation) {
    if (!water_) {
        return;
    }
    for (int j = 0; j < window_.recorded.rows; ++j) {
        for (int i = 0; i < window_.recorded.columns; ++i) {
            float largest_m = -1.0F;
            window_.for_cells_of(i, j, [&](std::size_t cell) {
                if (is_open(simulation, cell)) {
                    largest_m = std::max(largest_m, simulation.world().water.max_depth_m[cell]);
                }
            });
            if (largest_m >= 0.0F) {
                water_->max_depth.at(window_.stored_index(i, j)) = in_steps(largest_m, millimetre);
            }
        }
    }
    water_->max_depth.overwrite();
}

} // namespace

std::unique_ptr<RecorderPart> record_rasters(Hdf5File& file, const Simulation& simulation) {
    const Outputs& outputs = simulation.scenario().outputs;
    const RasterWindow window = window_of(simulation.city().terrain.shape(), outputs);
    const bool is_asked_for =
        (outputs.water && simulation.scenario().has_flood) || outputs.illuminance;
    if (window.recorded.cells() == 0 || !is_asked_for) {
        return nullptr;
    }
    return std::make_unique<Rasters>(file, simulation, window);
}

} // namespace veste
