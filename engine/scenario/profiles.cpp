#include "scenario/model_keys.hpp"
#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste {

Profile profile_of(ProfileKind kind) {
    Profile profile;
    switch (kind) {
    case ProfileKind::Adult:
        break;
    case ProfileKind::Child:
        // Speeds by age (RiMEA 4.1.1); the body of a child of seven is that of Xia, Falconer, Wang,
        // Xiao 2014; the radius is our assumption.
        profile.age = CutNormal{8.0, 2.0, 4.0, 12.0};
        profile.radius_m = 0.15;
        profile.height_m = 1.26;
        profile.mass_kg = 25.5;
        break;
    case ProfileKind::Elderly:
        // Speeds by age (RiMEA 4.1.1); height and mass are our assumption.
        profile.age = CutNormal{72.0, 6.0, 65.0, 85.0};
        profile.height_m = 1.65;
        profile.mass_kg = 65.0;
        break;
    case ProfileKind::Wheelchair:
        // Boyce, Shields, Silcock 1999: manual wheelchairs 0.69 m/s, standard deviation 0.35, range
        // 0.13 to 1.35. Half of the width of 0.7 m of ISO 7176-5. On stairs they are carried:
        // 0.31 m/s, Kuligowski and others 2015, residents who needed help down stairs.
        profile.free_speed_mean_mps = 0.69;
        profile.free_speed_sd_mps = 0.35;
        profile.free_speed_min_mps = 0.13;
        profile.free_speed_max_mps = 1.35;
        profile.radius_m = 0.35;
        profile.height_m = 1.3;
        profile.mass_kg = 85.0;
        profile.stairs_up_share = 0.45;
        profile.stairs_down_share = 0.45;
        break;
    case ProfileKind::Luggage:
        // Huang and others 2019, Shi and others 2020: the speed hardly differs, the distance kept
        // grows clearly; by how much is our assumption.
        profile.radius_m = 0.3;
        profile.time_gap_s = 0.55;
        break;
    case ProfileKind::Impaired:
        profile.impaired_share = 1.0; // RiMEA 3.0, case 7
        break;
    }
    return profile;
}

namespace scenario_file {
namespace {

void read_free_speed(Section& section, Profile& profile) {
    auto speed = section.table("free_speed");
    if (!speed) {
        return;
    }
    const auto take = [&](std::string_view key, double& value) {
        const double given = speed->quantity(key);
        value = speed->has(key) ? given : value;
    };
    take("mean", profile.free_speed_mean_mps);
    take("sd", profile.free_speed_sd_mps);
    take("min", profile.free_speed_min_mps);
    take("max", profile.free_speed_max_mps);
    profile.age.reset(); // the kind's ages
    if (profile.free_speed_min_mps > profile.free_speed_mean_mps ||
        profile.free_speed_mean_mps > profile.free_speed_max_mps) {
        speed->problem(fmt::format("min {} m/s, mean {} m/s and max {} m/s must rise in this order",
                                   profile.free_speed_min_mps, profile.free_speed_mean_mps,
                                   profile.free_speed_max_mps));
    }
}

void read_age(Section& section, Profile& profile) {
    auto age = section.table("age");
    if (!age) {
        return;
    }
    const CutNormal years{age->number("mean"), age->number("sd"), age->number("min"),
                          age->number("max")};
    if (years.least > years.mean || years.mean > years.most) {
        age->problem(fmt::format("min {} years, mean {} years and max {} years must rise in this "
                                 "order",
                                 years.least, years.mean, years.most));
    }
    if (section.has("free_speed")) {
        age->problem("stands beside free_speed; give either ages or speeds");
    }
    profile.age = years;
}

void read_reaction(Section& section, Profile& profile) {
    auto reaction = section.table("reaction");
    if (!reaction) {
        return;
    }
    Delay& delay = profile.reaction;
    delay = {static_cast<DelayShape>(reaction->choice("shape")), reaction->quantity("mean"),
             reaction->quantity("sd"), reaction->quantity("min"), reaction->quantity("max")};
    if (delay.least_s >= delay.most_s) {
        reaction->problem(
            fmt::format("min {} s must be below max {} s", delay.least_s, delay.most_s));
    }
    const bool has_mean = delay.least_s < delay.most_s && delay.shape != DelayShape::None &&
                          delay.shape != DelayShape::Uniform;
    if (has_mean && (delay.mean_s <= delay.least_s || delay.mean_s >= delay.most_s)) {
        reaction->problem(fmt::format("mean {} s must lie between min {} s and max {} s",
                                      delay.mean_s, delay.least_s, delay.most_s));
    }
    const bool has_sd = has_mean && delay.shape != DelayShape::Exponential;
    if (has_sd && (delay.sd_s < 0.05 * delay.mean_s || delay.sd_s > 5.0 * delay.mean_s)) {
        reaction->problem(fmt::format("sd {} s: allowed are 0.05 to 5 times the mean, {} s to {} s",
                                      delay.sd_s, 0.05 * delay.mean_s, 5.0 * delay.mean_s));
    }
}

/// Profiles walk by the scenario's model until they tell another.
void take_walking_model(const Profile& from, Profile& profile) {
    profile.model = from.model;
    profile.collision_free = from.collision_free;
    profile.anticipation = from.anticipation;
    profile.social_force = from.social_force;
}

} // namespace

void read_profiles(Section& file, Reading& reading) {
    for (Section& section : file.tables("profile")) {
        const std::string name = section.text("name");
        check_unique(section, name, "profile", names_in(reading.scenario.profiles));
        Profile profile = profile_of(static_cast<ProfileKind>(section.choice("kind")));
        profile.name = name;
        take_walking_model(reading.scenario.ordinary, profile);
        const auto take = [&](std::string_view key, bool is_number, double& value) {
            const double given = is_number ? section.number(key) : section.quantity(key);
            value = section.has(key) ? given : value;
        };
        read_free_speed(section, profile);
        read_age(section, profile);
        take("radius", false, profile.radius_m);
        profile.radius_sd_m = section.quantity("radius_sd");
        take("time_gap", false, profile.time_gap_s);
        take("impaired_share", true, profile.impaired_share);
        profile.patience_s = section.quantity("patience");
        take("height", false, profile.height_m);
        take("mass", false, profile.mass_kg);
        take("stairs_up", true, profile.stairs_up_share);
        take("stairs_down", true, profile.stairs_down_share);
        profile.informed_share = section.number("informed");
        profile.avoids_dark_share = section.number("avoids_dark");
        profile.familiar_share = section.number("familiar");
        read_reaction(section, profile);
        read_walking_model(section, profile);
        check_walking_model(section, profile);
        reading.scenario.profiles.push_back(std::move(profile));
    }
}

Groups read_groups(Section& owner) {
    auto section = owner.table("groups");
    if (!section) {
        return {};
    }
    Groups groups;
    groups.share = section->number("share");
    const std::vector<WeightedName> sizes = section->weights("sizes");
    if (section->has("sizes")) {
        groups.size_weights = {};
    }
    for (const WeightedName& size : sizes) {
        const std::string& text = size.what.name;
        if (text.size() != 1 || text[0] < '2' || text[0] > '6') {
            section->problem_at(
                size.what.place, "sizes",
                fmt::format("\"{}\" is no size of a group; allowed are 2 to 6", text));
            continue;
        }
        groups.size_weights[static_cast<std::size_t>(text[0] - '2')] = size.weight;
    }
    return groups;
}

} // namespace scenario_file
} // namespace veste
