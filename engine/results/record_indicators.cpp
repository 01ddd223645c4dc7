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

/// What happens at each gate and in each event, at the times of the indicators.
class GateArrays {
public:
    GateArrays(Hdf5File& file, const Simulation& simulation) {
        const Scenario& scenario = simulation.scenario();
        if (!scenario.gates.empty()) {
            write_gates(file, simulation);
            const Extent row = {scenario.gates.size()};
            served_ = std::make_unique<LiveArray<std::uint32_t>>(
                file, "/gates/served",
                ArrayText{"1", "people who have passed each gate (column), running total, at the "
                               "times of /indicators/time"},
                rows_in_chunk, row);
            queueing_ = std::make_unique<LiveArray<std::uint32_t>>(
                file, "/gates/queueing",
                ArrayText{"1", "people waiting or served at each gate (column)"}, rows_in_chunk,
                row);
        }
        if (!scenario.events.empty()) {
            std::vector<std::string> names;
            for (const Event& event : scenario.events) {
                names.push_back(event.name);
            }
            file.write("/event_crowds/name", std::span<const std::string>(names));
            describe(file, "/event_crowds/name", {"1", "name of each event"});
            inside_ = std::make_unique<LiveArray<std::uint32_t>>(
                file, "/event_crowds/inside",
                ArrayText{"1", "visitors inside each event (column), at the times of "
                               "/indicators/time"},
                rows_in_chunk, Extent{names.size()});
        }
    }
    void push(const Pedestrians& people) {
        if (served_) {
            served_->push_row(people.gate_served);
            std::vector<std::uint32_t> queueing(people.gate_served.size(), 0);
            for (std::size_t i = 0; i < people.size(); ++i) {
                const auto phase = static_cast<WalkerPhase>(people.phase[i]);
                if (phase == WalkerPhase::Queueing || phase == WalkerPhase::InService) {
                    ++queueing.at(people.gate[i]);
                }
            }
            queueing_->push_row(queueing);
        }
        if (inside_) {
            inside_->push_row(people.event_inside);
        }
    }
    void write_all() {
        for (const auto* array : {&served_, &queueing_, &inside_}) {
            if (*array) {
                (*array)->write_all();
            }
        }
    }

private:
    static void write_gates(Hdf5File& file, const Simulation& simulation) {
        std::vector<std::string> names;
        std::vector<double> x;
        std::vector<double> y;
        for (const Gate& gate : simulation.scenario().gates) {
            names.push_back(gate.name);
            x.push_back(simulation.city().to_crs(gate.at).x());
            y.push_back(simulation.city().to_crs(gate.at).y());
        }
        file.write("/gates/name", std::span<const std::string>(names));
        file.write("/gates/x", x);
        file.write("/gates/y", y);
        describe(file, "/gates/name", {"1", "name of each gate"});
        describe(file, "/gates/x", {"m", "east in the city's CRS"});
        describe(file, "/gates/y", {"m", "north in the city's CRS"});
    }
    std::unique_ptr<LiveArray<std::uint32_t>> served_;
    std::unique_ptr<LiveArray<std::uint32_t>> queueing_;
    std::unique_ptr<LiveArray<std::uint32_t>> inside_;
};

class Indicators : public RecorderPart {
public:
    Indicators(Hdf5File& file, const Simulation& simulation)
        : meter_(simulation), gates_(file, simulation),
          every_ticks_(ticks_between(simulation.scenario().outputs.indicators_every_s,
                                     simulation.scenario().steps.tick_s)),
          time_(file, "/indicators/time", {"s", "end of the interval"}, rows_in_chunk) {
        for (const Indicator& indicator : indicators()) {
            arrays_.push_back(
                std::make_unique<IndicatorArray>(file, indicator, simulation.city().origin));
        }
        const std::size_t routes = simulation.scenario().emergency_routes.size();
        if (routes > 0) {
            write_routes(file, simulation);
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
        gates_.write_all();
        // Last: a reader never finds a time without its values.
        time_.write_all();
    }
    void finish(const Simulation& simulation) override {
        if (simulation.world().tick % every_ticks_ != 0) {
            take(simulation);
        }
    }

private:
    static void write_routes(Hdf5File& file, const Simulation& simulation) {
        const auto name_of = [&](EdgeId id) {
            const std::string& name = simulation.city().streets.edge(id).name;
            return name.empty() ? fmt::format("street {}", id.index) : name;
        };
        std::vector<std::string> names;
        std::vector<std::uint32_t> from;
        std::vector<std::uint32_t> to;
        for (const auto& [begin, end] : simulation.scenario().emergency_routes) {
            names.push_back(fmt::format("{} to {}", name_of(begin), name_of(end)));
            from.push_back(begin.index);
            to.push_back(end.index);
        }
        file.write("/emergency_routes/name", std::span<const std::string>(names));
        file.write("/emergency_routes/from", from);
        file.write("/emergency_routes/to", to);
        describe(file, "/emergency_routes/name", {"1", "streets that each route leads between"});
        describe(file, "/emergency_routes/from", {"1", "street edge it begins on"});
        describe(file, "/emergency_routes/to", {"1", "street edge it ends on"});
    }

    void take(const Simulation& simulation) {
        const IndicatorValues values = meter_.take(simulation);
        for (const auto& array : arrays_) {
            array->push(values);
        }
        if (emergency_) {
            emergency_->push_row(meter_.emergency_times_s());
        }
        gates_.push(simulation.world().pedestrians);
        time_.push(simulation.now_s());
    }

    Meter meter_;
    GateArrays gates_;
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
