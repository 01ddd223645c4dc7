#include "results/live_array.hpp"
#include "results/meter.hpp"
#include "results/recorder_parts.hpp"

#include <fmt/format.h>

namespace veste {
namespace {

constexpr std::uint64_t rows_in_chunk = 64;

/// One indicator's array, its place's arrays, and its value of the whole run so far.
class IndicatorArray {
public:
    IndicatorArray(Hdf5File& file, const Indicator& indicator, const Vec2& origin)
        : file_(file), indicator_(indicator), origin_(origin),
          values_(file, path("/indicators/", ""), {indicator.unit, indicator.description},
                  rows_in_chunk) {
        const std::string own = path("/indicators/", "");
        file.set_attribute(own, "title", indicator.title);
        file.set_attribute(own, "better", name_of(indicator.better));
        file.set_attribute(own, "whole_run", name_of(indicator.whole));
        if (indicator.place != nullptr) {
            x_ = std::make_unique<LiveArray<double>>(
                file, path("/indicators/", "_x"), ArrayText{"m", "where, east in the city's CRS"},
                rows_in_chunk);
            y_ = std::make_unique<LiveArray<double>>(
                file, path("/indicators/", "_y"), ArrayText{"m", "where, north in the city's CRS"},
                rows_in_chunk);
        }
        file.write(path("/summary/", ""), std::vector<double>{not_known});
        describe(file, path("/summary/", ""), {indicator.unit, indicator.description});
        file.set_attribute(path("/summary/", ""), "whole_run", name_of(indicator.whole));
    }
    void push(const IndicatorValues& values) {
        values_.push(values.*indicator_.value);
        series_.push_back(values.*indicator_.value);
        if (indicator_.place != nullptr) {
            x_->push((values.*indicator_.place).x() + origin_.x());
            y_->push((values.*indicator_.place).y() + origin_.y());
        }
    }
    void write_all() {
        values_.write_all();
        if (indicator_.place != nullptr) {
            x_->write_all();
            y_->write_all();
        }
        const double whole = whole_value(indicator_.whole, series_);
        file_.overwrite(path("/summary/", ""), std::span(&whole, 1));
    }

private:
    std::string path(std::string_view group, std::string_view ending) const {
        return fmt::format("{}{}{}", group, indicator_.name, ending);
    }
    Hdf5File& file_;
    const Indicator& indicator_;
    Vec2 origin_;
    LiveArray<double> values_;
    std::unique_ptr<LiveArray<double>> x_;
    std::unique_ptr<LiveArray<double>> y_;
    std::vector<double> series_;
};

class Indicators : public RecorderPart {
public:
    Indicators(Hdf5File& file, const Simulation& simulation)
        : meter_(simulation),
          every_ticks_(ticks_between(simulation.scenario().outputs.indicators_every_s,
                                     simulation.scenario().steps.tick_s)),
          time_(file, "/indicators/time", {"s", "end of the interval"}, rows_in_chunk) {
        for (const Indicator& indicator : indicators()) {
            arrays_.push_back(
                std::make_unique<IndicatorArray>(file, indicator, simulation.city().origin));
        }
        const std::size_t routes = simulation.scenario().emergency_routes.size();
        if (routes > 0) {
            emergency_ = std::make_unique<LiveArray<double>>(
                file, "/emergency_routes/travel_time",
                ArrayText{"s", "travel time of each emergency route (column) at the times of "
                               "/indicators/time; infinite where no way is open"},
                rows_in_chunk, Extent{routes});
        }
    }
    void observe(const Simulation& simulation, const std::vector<Occurrence>&) override {
        meter_.watch(simulation);
        if (simulation.world().tick % every_ticks_ == 0) {
            take(simulation);
        }
    }
    void write_all() override {
        for (const auto& array : arrays_) {
            array->write_all();
        }
        if (emergency_) {
            emergency_->write_all();
        }
        // Last: a reader never finds a time without its values.
        time_.write_all();
    }
    void finish(const Simulation& simulation) override {
        if (simulation.world().tick % every_ticks_ != 0) {
            take(simulation);
        }
    }

private:
    void take(const Simulation& simulation) {
        const IndicatorValues values = meter_.take(simulation);
        for (const auto& array : arrays_) {
            array->push(values);
        }
        if (emergency_) {
            emergency_->push_row(meter_.emergency_times_s());
        }
        time_.push(simulation.now_s());
    }

    Meter meter_;
    std::uint64_t every_ticks_;
    LiveArray<double> time_;
    std::vector<std::unique_ptr<IndicatorArray>> arrays_;
    std::unique_ptr<LiveArray<double>> emergency_;
};

} // namespace

std::unique_ptr<RecorderPart> record_indicators(Hdf5File& file, const Simulation& simulation) {
    return std::make_unique<Indicators>(file, simulation);
}

} // namespace veste
