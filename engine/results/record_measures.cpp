#include "pedestrians/measures.hpp"
#include "results/indicators.hpp"
#include "results/raster_arrays.hpp"
#include "results/recorder_parts.hpp"

#include <algorithm>
#include <cmath>

/// What is measured of people: lines, areas and heat maps; exposures in record_exposure.cpp. The
/// World keeps running totals; values of an interval are differences of them.
namespace veste {
namespace {

constexpr std::uint64_t rows_in_chunk = 64;
constexpr const char* heat_group = "/heat_maps";
constexpr double no_value = 65535.0;

using Table = std::unique_ptr<LiveArray<double>>;

/// An array with a column for each line or area.
Table table(Hdf5File& file, const std::string& path, std::string_view unit, std::string_view text,
            std::size_t columns) {
    return std::make_unique<LiveArray<double>>(file, path, ArrayText{unit, text}, rows_in_chunk,
                                               Extent{columns});
}

template <class T>
void write_array(Hdf5File& file, const std::string& path, const std::vector<T>& values,
                 const ArrayText& text) {
    file.write(path, std::span<const T>(values));
    describe(file, path, text);
}

class LineArrays {
public:
    LineArrays(Hdf5File& file, const Simulation& simulation) {
        const auto& lines = simulation.scenario().measurement_lines;
        std::vector<std::string> names;
        std::vector<double> ends[4];
        for (const MeasurementLine& line : lines) {
            names.push_back(line.name);
            const Vec2 from = simulation.city().to_crs(line.from);
            const Vec2 to = simulation.city().to_crs(line.to);
            ends[0].push_back(from.x());
            ends[1].push_back(from.y());
            ends[2].push_back(to.x());
            ends[3].push_back(to.y());
        }
        const std::string group = "/measures/lines/";
        write_array(file, group + "name", names, {"1", "name of each line"});
        write_array(file, group + "from_x", ends[0], {"m", "one end, east in the city's CRS"});
        write_array(file, group + "from_y", ends[1], {"m", "one end, north in the city's CRS"});
        write_array(file, group + "to_x", ends[2], {"m", "other end, east in the city's CRS"});
        write_array(file, group + "to_y", ends[3], {"m", "other end, north in the city's CRS"});
        forward_ = table(file, group + "forward", "1",
                         "N(t): people over each line (column) from its left side to its right, "
                         "running total",
                         lines.size());
        backward_ =
            table(file, group + "backward", "1", "N(t): the same from right to left", lines.size());
        flow_ =
            table(file, group + "flow", "1/s",
                  "flow over each line in the interval, both directions together", lines.size());
    }
    void push(const CrowdMeasures& now, double interval_s) {
        before_.resize(now.line_forward.size(), 0.0);
        std::vector<double> forward(now.line_forward.begin(), now.line_forward.end());
        std::vector<double> backward(now.line_backward.begin(), now.line_backward.end());
        std::vector<double> flow;
        for (std::size_t k = 0; k < forward.size(); ++k) {
            const double crossed = forward[k] + backward[k];
            flow.push_back((crossed - before_[k]) / interval_s);
            before_[k] = crossed;
        }
        forward_->push_row(forward);
        backward_->push_row(backward);
        flow_->push_row(flow);
    }
    void start_from(const CrowdMeasures& now) {
        for (std::size_t k = 0; k < now.line_forward.size(); ++k) {
            before_.push_back(now.line_forward[k] + now.line_backward[k]);
        }
    }
    void write_all() {
        for (const auto* array : {&forward_, &backward_, &flow_}) {
            (*array)->write_all();
        }
    }

private:
    Table forward_;
    Table backward_;
    Table flow_;
    std::vector<double> before_;
};

class AreaArrays {
public:
    AreaArrays(Hdf5File& file, const Simulation& simulation)
        : before_(simulation.world().measures) {
        const auto& areas = simulation.scenario().measurement_areas;
        std::vector<std::string> names;
        for (std::size_t a = 0; a < areas.size(); ++a) {
            names.push_back(areas[a].name);
            ground_m2_.push_back(simulation.crowd_meter().area_m2(a));
        }
        const std::string group = "/measures/areas/";
        write_array(file, group + "name", names, {"1", "name of each area"});
        write_array(file, group + "ground", ground_m2_, {"m2", "walkable ground in each area"});
        const auto column = [&](const char* name, const char* unit, const char* text) {
            tables_.push_back(table(file, group + name, unit, text, areas.size()));
        };
        column("people", "1", "people in each area (column), mean of the interval");
        column("density", "1/m2", "classic density: people over walkable ground, mean");
        column("speed", "m/s", "mean speed of the people in it; NaN where nobody was");
        column("voronoi_density", "1/m2",
               "Voronoi density (Steffen, Seyfried 2010), mean of its samples; NaN without one");
        column("voronoi_speed", "m/s", "speed by Voronoi cells, weighted by density");
        column("specific_flow", "1/(m s)", "Voronoi density times speed, mean of the samples");
        column("contact", "N",
               "force of bodies and walls on a person, mean of those in it whose model tells it "
               "and 0 of others; NaN where nobody was");
        column("contact_max", "N", "largest such force on anyone in it, of the run so far");
        column("crushed", "1",
               "people pressed harder than 1,600 N per metre of circumference (Helbing, Farkas, "
               "Vicsek 2000), mean of the interval");
        column("los_fruin", "1", "walkway level of service by the density, 0 (A) to 5 (F): Fruin");
        column("los_hcm", "1", "the same by the Highway Capacity Manual");
    }
    void push(const CrowdMeasures& now) {
        const double ticks = now.ticks[0] - before_.ticks[0];
        const double samples = now.voronoi_samples[0] - before_.voronoi_samples[0];
        std::vector<std::vector<double>> rows(tables_.size());
        for (std::size_t a = 0; a < ground_m2_.size(); ++a) {
            const double people = now.area_people[a] - before_.area_people[a];
            const double speed = now.area_speed_mps[a] - before_.area_speed_mps[a];
            const double contact = now.area_contact_n[a] - before_.area_contact_n[a];
            const double crushed = now.area_crushed[a] - before_.area_crushed[a];
            const double density = people / ticks / ground_m2_[a];
            const double voronoi =
                now.voronoi_density_per_m2[a] - before_.voronoi_density_per_m2[a];
            const double flow = now.voronoi_flow_per_ms[a] - before_.voronoi_flow_per_ms[a];
            const double values[] = {people / ticks,
                                     density,
                                     people > 0.0 ? speed / people : not_known,
                                     samples > 0.0 ? voronoi / samples : not_known,
                                     voronoi > 0.0 ? flow / voronoi : not_known,
                                     samples > 0.0 ? flow / samples : not_known,
                                     people > 0.0 ? contact / people : not_known,
                                     double(now.area_contact_max_n[a]),
                                     crushed / ticks,
                                     double(level_of_service(density, fruin_walkway_per_m2)),
                                     double(level_of_service(density, hcm_walkway_per_m2))};
            for (std::size_t k = 0; k < rows.size(); ++k) {
                rows[k].push_back(values[k]);
            }
        }
        for (std::size_t k = 0; k < rows.size(); ++k) {
            tables_[k]->push_row(rows[k]);
        }
        before_.ticks = now.ticks;
        before_.voronoi_samples = now.voronoi_samples;
        before_.area_people = now.area_people;
        before_.area_speed_mps = now.area_speed_mps;
        before_.area_contact_n = now.area_contact_n;
        before_.area_crushed = now.area_crushed;
        before_.voronoi_density_per_m2 = now.voronoi_density_per_m2;
        before_.voronoi_flow_per_ms = now.voronoi_flow_per_ms;
    }
    void write_all() {
        for (const Table& array : tables_) {
            array->write_all();
        }
    }

private:
    CrowdMeasures before_;
    std::vector<double> ground_m2_;
    std::vector<Table> tables_;
};

/// Heat maps of the whole run, written at its end.
class HeatArrays {
public:
    HeatArrays(Hdf5File& file, const Simulation& simulation)
        : shape_(simulation.crowd_meter().heat_shape()),
          frame_(file, heat_group, shape_, simulation, false),
          mean_(file, heat_group, shape_, "density_mean",
                {"1/m2", "mean local density of the run", density_step}, no_value, false),
          largest_(file, heat_group, shape_, "density_max",
                   {"1/m2", "largest local density of the run", density_step}, no_value, false),
          crowded_(file, heat_group, shape_, "time_above_threshold",
                   {"s", "time with a local density above outputs.heat_threshold"}, no_value,
                   false),
          pressure_(file, heat_group, shape_, "pressure_max",
                    {"1/s2",
                     "largest crowd pressure of all windows of 60 s (Helbing, Johansson, "
                     "Al-Abideen 2007)",
                     pressure_step},
                    no_value, false),
          contact_(file, heat_group, shape_, "contact_max",
                   {"N", "largest force of bodies and walls on a person", contact_step_n}, no_value,
                   false) {
        is_walkable_.assign(shape_.cells(), 0);
        for (std::size_t cell = 0; cell < shape_.cells(); ++cell) {
            is_walkable_[cell] = simulation.city().walk.locate(shape_.centre(cell)).has_value();
        }
    }
    void finish(const HeatMaps& heat, double sample_s) {
        const double samples = std::max<std::uint32_t>(1, heat.samples[0]);
        for (std::size_t cell = 0; cell < shape_.cells(); ++cell) {
            if (is_walkable_[cell] == 0 && heat.density_max_per_m2[cell] == 0.0F) {
                continue;
            }
            const auto columns = static_cast<std::size_t>(shape_.columns);
            const auto rows = static_cast<std::size_t>(shape_.rows);
            const std::size_t at = (rows - 1 - cell / columns) * columns + cell % columns;
            mean_.at(at) = in_steps(heat.density_sum_per_m2[cell] / samples, density_step);
            largest_.at(at) = in_steps(heat.density_max_per_m2[cell], density_step);
            crowded_.at(at) = in_steps(heat.crowded[cell] * sample_s, 1.0);
            pressure_.at(at) = in_steps(heat.pressure_max_per_s2[cell], pressure_step);
            contact_.at(at) = in_steps(heat.contact_max_n[cell], contact_step_n);
        }
        for (auto* array : {&mean_, &largest_, &crowded_, &pressure_, &contact_}) {
            array->overwrite();
        }
    }

private:
    static constexpr double density_step = 0.001;
    static constexpr double pressure_step = 0.0001;
    static constexpr double contact_step_n = 1.0;
    static std::uint16_t in_steps(double value, double step) {
        return static_cast<std::uint16_t>(std::clamp(std::lround(value / step), 0L, 65534L));
    }
    RasterShape shape_;
    RasterFrame frame_;
    FrameArray<std::uint16_t> mean_;
    FrameArray<std::uint16_t> largest_;
    FrameArray<std::uint16_t> crowded_;
    FrameArray<std::uint16_t> pressure_;
    FrameArray<std::uint16_t> contact_;
    std::vector<std::uint8_t> is_walkable_;
};

class Measures : public RecorderPart {
public:
    Measures(Hdf5File& file, const Simulation& simulation)
        : time_(file, "/measures/time", {"s", "end of the interval"}, rows_in_chunk),
          taken_s_(simulation.now_s()),
          every_ticks_(ticks_between(simulation.scenario().outputs.measures_every_s,
                                     simulation.scenario().steps.tick_s)) {
        if (!simulation.scenario().measurement_lines.empty()) {
            lines_ = std::make_unique<LineArrays>(file, simulation);
            lines_->start_from(simulation.world().measures);
        }
        if (!simulation.scenario().measurement_areas.empty()) {
            areas_ = std::make_unique<AreaArrays>(file, simulation);
        }
        if (simulation.crowd_meter().heat_shape().cells() > 0) {
            heat_ = std::make_unique<HeatArrays>(file, simulation);
        }
    }
    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        if (simulation.world().tick % every_ticks_ == 0) {
            take(simulation);
        }
    }
    void write_all() override {
        if (lines_) {
            lines_->write_all();
        }
        if (areas_) {
            areas_->write_all();
        }
        time_.write_all();
    }
    void finish(const Simulation& simulation) override {
        if (simulation.now_s() > taken_s_) {
            take(simulation);
        }
        if (heat_) {
            const double sample_s =
                static_cast<double>(ticks_between(simulation.scenario().outputs.heat_maps_every_s,
                                                  simulation.scenario().steps.tick_s)) *
                simulation.scenario().steps.tick_s;
            heat_->finish(simulation.world().measures.heat, sample_s);
        }
    }

private:
    void take(const Simulation& simulation) {
        const CrowdMeasures& now = simulation.world().measures;
        if (lines_) {
            lines_->push(now, simulation.now_s() - taken_s_);
        }
        if (areas_) {
            areas_->push(now);
        }
        taken_s_ = simulation.now_s();
        time_.push(taken_s_);
    }

    LiveArray<double> time_;
    double taken_s_;
    std::uint64_t every_ticks_;
    std::unique_ptr<LineArrays> lines_;
    std::unique_ptr<AreaArrays> areas_;
    std::unique_ptr<HeatArrays> heat_;
};

} // namespace

std::unique_ptr<RecorderPart> record_measures(Hdf5File& file, const Simulation& simulation) {
    return std::make_unique<Measures>(file, simulation);
}

} // namespace veste
