#include "results/live_array.hpp"
#include "results/raster_arrays.hpp"
#include "results/raster_window.hpp"
#include "results/recorder_parts.hpp"

#include <algorithm>
#include <cmath>

/// Water and light.
namespace veste {
namespace {

constexpr const char* group = "/rasters";
constexpr const char* time_path = "/rasters/time";
constexpr const char* daylight_path = "/rasters/daylight";
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

class Rasters : public RecorderPart {
public:
    Rasters(Hdf5File& file, const Simulation& simulation, const RasterWindow& window)
        : file_(file), window_(window), frame_(file, group, window.recorded, simulation),
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
        file_.append(time_path, std::span(&now_s, 1));
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
            : depth(file, group, shape, "depth",
                    {"m", "water depth, mean over the cell's open ground, to the millimetre",
                     millimetre},
                    no_value),
              velocity_x(file, group, shape, "velocity_x",
                         {"m/s", "flow velocity to the east, to 1 mm/s, 0 below 1 cm of water",
                          millimetre},
                         no_velocity),
              velocity_y(file, group, shape, "velocity_y",
                         {"m/s", "flow velocity to the north, to 1 mm/s, 0 below 1 cm of water",
                          millimetre},
                         no_velocity),
              max_depth(file, group, shape, "max_depth",
                        {"m", "largest depth of the whole run, written at its end", millimetre},
                        no_value, false) {}
    };
    struct LightArrays {
        FrameArray<std::uint16_t> illuminance;
        LiveArray<double> daylight;
        LightArrays(Hdf5File& file, const RasterShape& shape)
            : illuminance(file, group, shape, "lamp_illuminance",
                          {"lx",
                           "illuminance on the ground by lamps, without daylight, to 0.01 lx, at "
                           "most 655.34",
                           illuminance_step_lx},
                          no_value),
              daylight(file, daylight_path,
                       {"lx", "horizontal illuminance by daylight, the same everywhere"}, 64) {
            file.attach_scale(daylight_path, time_path, 0);
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
