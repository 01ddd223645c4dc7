#include "pedestrians/persons.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace veste {
namespace {

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

void draw_person(const Scenario& scenario, const std::vector<Weighted<ProfileId>>& profiles,
                 std::size_t i, Pedestrians& people) {
    const UniformPair share = uniform_pair(scenario.seed, i, 0, Draw::Profile);
    people.profile[i] = profiles.empty()
                            ? ordinary_profile
                            : static_cast<std::uint16_t>(pick(profiles, share.first).index);
    const Profile& profile = profile_of(scenario, people, i);
    constexpr double impaired_low_mps = 0.46; // RiMEA 3.0, case 7
    constexpr double impaired_high_mps = 0.76;
    people.free_speed_mps[i] = static_cast<float>(
        share.second < profile.impaired_share
            ? impaired_low_mps + (impaired_high_mps - impaired_low_mps) *
                                     uniform01(scenario.seed, i, 0, Draw::DesiredSpeed)
            : drawn_speed_mps(profile, scenario.seed, i));
    constexpr double least_radius_m = 0.1;
    constexpr double most_radius_m = 0.5;
    people.radius_m[i] = static_cast<float>(
        truncated_normal(scenario.seed, i, Draw::BodyRadius, profile.radius_m, profile.radius_sd_m,
                         std::max(least_radius_m, profile.radius_m - 2.0 * profile.radius_sd_m),
                         std::min(most_radius_m, profile.radius_m + 2.0 * profile.radius_sd_m)));
    people.time_gap_s[i] = static_cast<float>(profile.time_gap_s);
    people.reaction_s[i] =
        static_cast<float>(drawn_time_s(profile.reaction, scenario.seed, i, 0, Draw::Reaction));
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
