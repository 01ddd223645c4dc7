#include "pedestrians/persons.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace veste {
namespace {

constexpr std::uint64_t tries = 64; ///< then a draw outside the limits is cut

/// Shape of the Weibull distribution with this ratio of standard deviation to mean, by bisection.
double weibull_shape(double ratio) {
    double low = 0.2;
    double high = 40.0;
    for (int step = 0; step < 60; ++step) {
        const double shape = 0.5 * (low + high);
        const double first = std::tgamma(1.0 + 1.0 / shape);
        const double squared = std::tgamma(1.0 + 2.0 / shape) / (first * first) - 1.0;
        (squared > ratio * ratio ? low : high) = shape;
    }
    return 0.5 * (low + high);
}

/// Gamma with mean `shape`; uses ticks from `tick` on. Marsaglia and Tsang 2000, figure 1, with
/// their note on shapes below 1.
double gamma_of(double shape, std::uint64_t seed, std::uint64_t owner, std::uint64_t tick) {
    const double larger = shape < 1.0 ? shape + 1.0 : shape;
    const double d = larger - 1.0 / 3.0;
    const double c = 1.0 / std::sqrt(9.0 * d);
    const double boost =
        shape < 1.0 ? std::pow(1.0 - uniform01(seed, owner, tick, Draw::Reaction), 1.0 / shape)
                    : 1.0;
    for (std::uint64_t k = 0; k < tries; ++k) {
        const double x = standard_normal(seed, owner, tick + 1 + 2 * k, Draw::Reaction);
        const double v = std::pow(1.0 + c * x, 3.0);
        const double u = 1.0 - uniform01(seed, owner, tick + 2 + 2 * k, Draw::Reaction);
        if (v > 0.0 && std::log(u) < 0.5 * x * x + d * (1.0 - v + std::log(v))) {
            return boost * d * v;
        }
    }
    return boost * d;
}

double delay_once_s(const Delay& delay, std::uint64_t seed, std::uint64_t owner,
                    std::uint64_t tick) {
    const double ratio = delay.sd_s / std::max(delay.mean_s, 1e-9);
    switch (delay.shape) {
    case DelayShape::None:
        return 0.0;
    case DelayShape::Uniform:
        return delay.least_s +
               (delay.most_s - delay.least_s) * uniform01(seed, owner, tick, Draw::Reaction);
    case DelayShape::Normal:
        return delay.mean_s + delay.sd_s * standard_normal(seed, owner, tick, Draw::Reaction);
    case DelayShape::LogNormal: {
        const double variance = std::log(1.0 + ratio * ratio);
        return delay.mean_s *
               std::exp(std::sqrt(variance) * standard_normal(seed, owner, tick, Draw::Reaction) -
                        0.5 * variance);
    }
    case DelayShape::Gamma:
        return delay.mean_s * ratio * ratio * gamma_of(1.0 / (ratio * ratio), seed, owner, tick);
    case DelayShape::Weibull: {
        const double shape = weibull_shape(ratio);
        const double scale_s = delay.mean_s / std::tgamma(1.0 + 1.0 / shape);
        return scale_s *
               std::pow(-std::log(1.0 - uniform01(seed, owner, tick, Draw::Reaction)), 1.0 / shape);
    }
    case DelayShape::Exponential:
        return exponential(seed, owner, tick, Draw::Reaction, delay.mean_s);
    }
    return 0.0;
}

double drawn_speed_mps(const Profile& profile, std::uint64_t seed, std::size_t i) {
    if (!profile.age) {
        return truncated_normal(seed, i, Draw::DesiredSpeed, profile.free_speed_mean_mps,
                                profile.free_speed_sd_mps, profile.free_speed_min_mps,
                                profile.free_speed_max_mps);
    }
    const CutNormal& ages = *profile.age;
    const double age =
        truncated_normal(seed, i, Draw::Age, ages.mean, ages.sd, ages.least, ages.most);
    const AgeSpeed speed = speed_at_age(age);
    return truncated_normal(seed, i, Draw::DesiredSpeed, speed.mean_mps, speed.sd_mps,
                            speed.mean_mps - 2.0 * speed.sd_mps,
                            speed.mean_mps + 2.0 * speed.sd_mps);
}

} // namespace

AgeSpeed speed_at_age(double age_years) {
    constexpr double age[] = {3, 10, 20, 30, 40, 50, 60, 70, 80, 85};
    constexpr double mean_mps[] = {0.56, 1.17, 1.60, 1.53, 1.48, 1.41, 1.26, 1.06, 0.70, 0.55};
    constexpr double upper_mps[] = {0.66, 1.40, 1.91, 1.81, 1.76, 1.65, 1.50, 1.26, 0.80, 0.59};
    const double within = std::clamp(age_years, age[0], age[std::size(age) - 1]);
    std::size_t k = 0;
    while (k + 2 < std::size(age) && within > age[k + 1]) {
        ++k;
    }
    const double share = (within - age[k]) / (age[k + 1] - age[k]);
    const double mean = mean_mps[k] + share * (mean_mps[k + 1] - mean_mps[k]);
    const double upper = upper_mps[k] + share * (upper_mps[k + 1] - upper_mps[k]);
    return {mean, upper - mean};
}

double drawn_delay_s(const Delay& delay, std::uint64_t seed, std::uint64_t owner) {
    if (delay.shape == DelayShape::None) {
        return 0.0;
    }
    constexpr std::uint64_t ticks_each = 2 * tries + 2;
    double drawn_s = 0.0;
    for (std::uint64_t k = 0; k < tries; ++k) {
        drawn_s = delay_once_s(delay, seed, owner, k * ticks_each);
        if (drawn_s >= delay.least_s && drawn_s <= delay.most_s) {
            return drawn_s;
        }
    }
    return std::clamp(drawn_s, delay.least_s, delay.most_s);
}

const Profile& profile_of(const Scenario& scenario, const Pedestrians& people, std::size_t i) {
    return people.profile[i] == ordinary_profile ? scenario.ordinary
                                                 : scenario.profiles[people.profile[i]];
}

void draw_person(const Scenario& scenario, const std::vector<Weighted<ProfileId>>& profiles,
                 std::size_t i, Pedestrians& people) {
    const UniformPair share = uniform_pair(scenario.seed, i, 0, Draw::Profile);
    people.profile[i] = profiles.empty()
                            ? ordinary_profile
                            : static_cast<std::uint16_t>(pick(profiles, share.first).index);
    const Profile& profile = profile_of(scenario, people, i);
    constexpr double impaired_low_mps = 0.46; // RiMEA 3.0, case 7
    constexpr double impaired_high_mps = 0.76;
    people.free_speed_mps[i] =
        share.second < profile.impaired_share
            ? impaired_low_mps + (impaired_high_mps - impaired_low_mps) *
                                     uniform01(scenario.seed, i, 0, Draw::DesiredSpeed)
            : drawn_speed_mps(profile, scenario.seed, i);
    constexpr double least_radius_m = 0.1;
    constexpr double most_radius_m = 0.5;
    people.radius_m[i] =
        truncated_normal(scenario.seed, i, Draw::BodyRadius, profile.radius_m, profile.radius_sd_m,
                         std::max(least_radius_m, profile.radius_m - 2.0 * profile.radius_sd_m),
                         std::min(most_radius_m, profile.radius_m + 2.0 * profile.radius_sd_m));
    people.time_gap_s[i] = profile.time_gap_s;
    people.reaction_s[i] = static_cast<float>(drawn_delay_s(profile.reaction, scenario.seed, i));
}

Body body_of(const Profile& profile, std::uint64_t seed, std::uint64_t person) {
    constexpr double height_scatter = 0.04;
    constexpr double mass_scatter = 0.12;
    const auto scattered = [&](double mean, double scatter, Draw purpose) {
        return truncated_normal(seed, person, purpose, mean, scatter * mean,
                                (1.0 - 2.5 * scatter) * mean, (1.0 + 2.5 * scatter) * mean);
    };
    return {scattered(profile.height_m, height_scatter, Draw::BodyHeight),
            scattered(profile.mass_kg, mass_scatter, Draw::BodyMass)};
}

} // namespace veste
