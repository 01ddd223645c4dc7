#include "scenario/reading.hpp"

#include <cmath>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

constexpr double least_ratio = 0.01; ///< of standard deviation to mean: else it is constant
constexpr double most_ratio = 5.0;
constexpr double longest_s = 86400.0; ///< mean

/// Tells keys that a shape needs or does not know; true where all is right.
bool check_keys(Section& section, std::initializer_list<std::string_view> needed,
                std::initializer_list<std::string_view> unknown) {
    bool is_right = true;
    for (const std::string_view key : needed) {
        if (!section.has(key)) {
            section.problem(fmt::format("{} is missing, which this shape needs", key));
            is_right = false;
        }
    }
    for (const std::string_view key : unknown) {
        if (section.has(key)) {
            section.problem(key, "is not for this shape, see `veste keys`");
            is_right = false;
        }
    }
    return is_right;
}

bool has_right_keys(Section& section, TimeShape shape) {
    switch (shape) {
    case TimeShape::Constant:
        return check_keys(section, {"mean"}, {"sd", "min", "max"});
    case TimeShape::Uniform:
        return section.has("max") ? check_keys(section, {}, {"mean", "sd"})
                                  : check_keys(section, {"mean", "sd"}, {"min"});
    case TimeShape::Exponential:
        return check_keys(section, {"mean"}, {"sd"});
    default:
        return check_keys(section, {"mean", "sd"}, {});
    }
}

/// A uniform one is given by its limits or by mean and standard deviation.
void complete_uniform(Section& section, TimeDistribution& time) {
    const double most_sd_s = time.mean_s / std::sqrt(3.0);
    if (section.has("max")) {
        time.mean_s = 0.5 * (time.least_s + time.most_s);
    } else if (time.sd_s > most_sd_s) {
        section.problem(fmt::format("sd {} s: at most {:.4g} s, where a uniform time of mean {} s "
                                    "begins at 0 s",
                                    time.sd_s, most_sd_s, time.mean_s));
    } else {
        time.least_s = time.mean_s - std::sqrt(3.0) * time.sd_s;
        time.most_s = time.mean_s + std::sqrt(3.0) * time.sd_s;
    }
}

void check_limits(Section& section, const TimeDistribution& time) {
    const bool has_sd = time.shape != TimeShape::Constant && time.shape != TimeShape::Uniform &&
                        time.shape != TimeShape::Exponential;
    if (time.least_s >= time.most_s) {
        section.problem(fmt::format("min {} s must be below max {} s", time.least_s, time.most_s));
    } else if (time.mean_s <= time.least_s || time.mean_s >= time.most_s) {
        section.problem(fmt::format("mean {} s must lie between min {} s and max {} s", time.mean_s,
                                    time.least_s, std::min(time.most_s, longest_s)));
    } else if (has_sd &&
               (time.sd_s < least_ratio * time.mean_s || time.sd_s > most_ratio * time.mean_s)) {
        section.problem(fmt::format("sd {} s: allowed are {} to {} times the mean, {} s to {} s",
                                    time.sd_s, least_ratio, most_ratio, least_ratio * time.mean_s,
                                    most_ratio * time.mean_s));
    }
}

} // namespace

TimeDistribution read_time(Section& owner, std::string_view key) {
    TimeDistribution time;
    auto section = owner.table(key);
    if (!section) {
        return time;
    }
    time.shape = static_cast<TimeShape>(section->choice("shape"));
    if (!section->has("shape") && section->has("sd")) {
        time.shape = TimeShape::LogNormal;
    }
    time.mean_s = section->quantity("mean");
    time.sd_s = section->quantity("sd");
    time.least_s = section->quantity("min");
    const double most_s = section->quantity("max");
    time.most_s = section->has("max") ? most_s : time.most_s;
    if (has_right_keys(*section, time.shape)) {
        if (time.shape == TimeShape::Uniform) {
            complete_uniform(*section, time);
        }
        check_limits(*section, time);
    }
    return time;
}

} // namespace veste::scenario_file
