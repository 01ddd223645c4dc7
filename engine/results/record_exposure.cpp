#include "pedestrians/measures.hpp"
#include "results/live_array.hpp"
#include "results/meter.hpp"
#include "results/recorder_parts.hpp"

#include <fmt/format.h>
#include <numeric>

/// What people were exposed to, and how long they were on the way: written anew each time, so that
/// the file holds the run so far.
namespace veste {
namespace {

template <class T>
void write_array(Hdf5File& file, const std::string& path, const std::vector<T>& values,
                 const ArrayText& text) {
    file.write(path, std::span<const T>(values));
    describe(file, path, text);
}

/// Person-time at each level of service and elsewhere, and how it is spread over people.
class Exposure : public RecorderPart {
public:
    Exposure(Hdf5File& file, const Simulation& simulation) : file_(file), simulation_(simulation) {
        const auto level = [&](const char* name, const char* text) {
            make(name, "s", text, los_count);
        };
        level("walkway_los", "person-seconds walking at each walkway level, A to F (Fruin 1971)");
        level("hcm_los", "the same by the levels of the Highway Capacity Manual");
        level("queue_los", "person-seconds queueing or standing at each queue level, A to F "
                           "(Fruin 1971)");
        make("crushed", "s",
             "person-seconds pressed harder than 1,600 N per metre of circumference (Helbing, "
             "Farkas, Vicsek 2000), of those whose model tells it",
             1);
        constexpr const char* quantiles = "mean, then quantiles 0.05, 0.25, 0.5, 0.75, 0.95, 1 "
                                          "(nearest rank), over all who set out, of their time ";
        for (const auto& [name, text] : spreads) {
            make(name, "s", fmt::format("{}{}", quantiles, text), values_of_spread);
        }
    }
    void observe(const Simulation&, const std::vector<Occurrence>&) override {}
    void write_all() override {
        const World& world = simulation_.world();
        const CrowdMeasures& m = world.measures;
        put("walkway_los", m.walkway_los_s);
        put("hcm_los", m.hcm_los_s);
        put("queue_los", m.queue_los_s);
        put("crushed", m.crushed_s);
        put("crowded", spread_of(world.pedestrians, m.crowded_s));
        put("wet", spread_of(world.pedestrians, m.wet_s));
        put("dark", spread_of(world.pedestrians, m.dark_s));
        put("gate_wait", spread_of(world.pedestrians, m.waited_s));
        put("travel", travel_of(world.pedestrians));
    }

private:
    static constexpr std::size_t values_of_spread = 7;
    static constexpr std::pair<const char*, const char*> spreads[] = {
        {"crowded", "in level of service E or F"},
        {"wet", "in water deeper than 0.05 m"},
        {"dark", "below 2 lx"},
        {"gate_wait", "waiting in queues at gates"},
        {"travel", "on the way, of those who have arrived, standing before a stage left out"}};

    static std::vector<double> summary(const std::vector<double>& values) {
        std::vector<double> spread = {values.empty()
                                          ? not_known
                                          : std::accumulate(values.begin(), values.end(), 0.0) /
                                                static_cast<double>(values.size())};
        for (const double share : {0.05, 0.25, 0.5, 0.75, 0.95, 1.0}) {
            spread.push_back(percentile(values, share));
        }
        return spread;
    }
    static std::vector<double> spread_of(const Pedestrians& people,
                                         const std::vector<float>& times_s) {
        std::vector<double> values;
        for (std::size_t i = 0; i < people.size(); ++i) {
            if (people.phase[i] != static_cast<std::uint8_t>(WalkerPhase::Planned)) {
                values.push_back(times_s[i]);
            }
        }
        return summary(values);
    }
    static std::vector<double> travel_of(const Pedestrians& people) {
        std::vector<double> values;
        for (std::size_t i = 0; i < people.size(); ++i) {
            if (people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived)) {
                values.push_back(people.walked_s[i]);
            }
        }
        return summary(values);
    }
    void make(const char* name, const char* unit, const std::string& text, std::size_t values) {
        write_array(file_, path(name), std::vector<double>(values, not_known), {unit, text});
    }
    void put(const char* name, const std::vector<double>& values) {
        file_.overwrite(path(name), std::span<const double>(values));
    }
    static std::string path(const char* name) { return std::string("/measures/exposure/") + name; }
    Hdf5File& file_;
    const Simulation& simulation_;
};

} // namespace

std::unique_ptr<RecorderPart> record_exposure(Hdf5File& file, const Simulation& simulation) {
    return std::make_unique<Exposure>(file, simulation);
}

} // namespace veste
