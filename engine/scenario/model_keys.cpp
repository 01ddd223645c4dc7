#include "scenario/model_keys.hpp"

#include <fmt/format.h>

namespace veste::scenario_file {

template <> const std::vector<ModelKey<CollisionFreeSpeed>>& model_keys() {
    using M = CollisionFreeSpeed;
    static const std::vector<ModelKey<M>> keys = {
        {"repulsion_strength", &M::repulsion_strength, "", 0, 20, "of people on the direction"},
        {"repulsion_range", &M::repulsion_range_m, "m", 0.01, 0.3,
         "its fall with distance; felt up to 1 m"},
        {"wall_strength", &M::wall_strength, "", 0, 20, "of walls on the direction"},
        {"wall_range", &M::wall_range_m, "m", 0.01, 0.2,
         "its fall with distance; felt up to 0.8 m"},
        {"wall_share", &M::wall_share, "", 0.05, 3,
         "of the radius: by walking nobody comes nearer to a wall"},
        {"tight_wall_share", &M::tight_wall_share, "", 0.05, 3,
         "the same in passages hardly wider than a body, and for who squeezes"},
        {"body_share", &M::body_share, "", 0.3, 3,
         "of the two radii: spacing at standstill to the person ahead"},
        {"shoulder_share", &M::shoulder_share, "", 0.3, 3, "the same to a person at the side"},
        {"width_share", &M::width_share, "", 0.1, 3,
         "of the two radii: who is farther off the line of motion is not in the way"},
        {"least_share", &M::least_share, "", 0.1, 1.5,
         "of the two radii: nobody walks nearer to another"},
        {"squeezed_width_share", &M::squeezed_width_share, "", 0.1, 3,
         "width_share with shoulders turned, towards people who stand or meet"},
        {"squeezed_least_share", &M::squeezed_least_share, "", 0.1, 1.5,
         "least_share with shoulders turned"},
        {"contact_share", &M::contact_share, "", 0, 1.5,
         "of the two radii: bodies nearer than this push each other apart"},
        {"contact", &M::contact_s, "s", 0.1, 10, "in about this time"},
        {"anticipation", &M::anticipation_s, "s", 0, 5,
         "oncoming people are reckoned with where they will be after it"},
        {"held_up_share", &M::held_up_share, "", 0, 1,
         "slower than this share of the free speed, they look for a way round"},
        {"pressing", &M::pressing_s, "s", 0.1, 600,
         "held up for so long beyond their patience, they squeeze wholly"}};
    return keys;
}

template <> const std::vector<ModelKey<AnticipationVelocity>>& model_keys() {
    using M = AnticipationVelocity;
    static const std::vector<ModelKey<M>> keys = {
        {"repulsion_strength", &M::repulsion_strength, "", 0, 20, "k, of people on the direction"},
        {"repulsion_range", &M::repulsion_range_m, "m", 0.01, 5, "D"},
        {"anticipation", &M::anticipation_s, "s", 0, 5, "time looked ahead"},
        {"reaction", &M::reaction_s, "s", 0.01, 1, "time in which one turns"},
        {"time_gap", &M::time_gap_s, "s", 0.1, 10, "to those ahead"},
        {"wall_buffer", &M::wall_buffer_m, "m", 0, 1,
         "beside the body, from there on walls are slid along"}};
    return keys;
}

template <> const std::vector<ModelKey<SocialForce>>& model_keys() {
    using M = SocialForce;
    static const std::vector<ModelKey<M>> keys = {
        {"social_strength", &M::social_strength_n, "", 0, 1e4, "A, newtons"},
        {"social_range", &M::social_range_m, "m", 0.01, 2, "B"},
        {"body_stiffness", &M::body_n_per_m, "", 0, 1.5e5, "k, newtons per metre"},
        {"friction", &M::friction_kg_per_ms, "", 0, 3e5, "kappa, kilograms per metre and second"},
        {"relaxation", &M::relaxation_s, "s", 0.05, 5, "tau"}};
    return keys;
}

namespace {

/// The defaults as a file would write them, in the order of the keys.
template <class Model> const std::vector<std::string>& default_texts() {
    static const std::vector<std::string> texts = [] {
        std::vector<std::string> written;
        for (const ModelKey<Model>& key : model_keys<Model>()) {
            const double value = Model{}.*key.member;
            written.push_back(key.unit.empty() ? fmt::format("{}", value)
                                               : fmt::format("{} {}", value, key.unit));
        }
        return written;
    }();
    return texts;
}

template <class Model> KeyGroup group_of(WalkingModel model, std::string_view meaning) {
    const std::string_view name = model_tables[static_cast<std::size_t>(model)];
    KeyGroup group{.name = name, .title = name, .meaning = meaning};
    for (std::size_t k = 0; k < model_keys<Model>().size(); ++k) {
        const ModelKey<Model>& key = model_keys<Model>()[k];
        group.keys.push_back({.name = key.name,
                              .type = key.unit.empty() ? KeyType::Number : KeyType::Quantity,
                              .meaning = key.meaning,
                              .unit = key.unit,
                              .low = key.low,
                              .high = key.high,
                              .otherwise = default_texts<Model>()[k]});
    }
    return group;
}

/// Takes over what the table gives, and leaves the rest.
template <class Model> void take_given(Section& table, Model& model) {
    for (const ModelKey<Model>& key : model_keys<Model>()) {
        const double given = key.unit.empty() ? table.number(key.name) : table.quantity(key.name);
        if (table.has(key.name)) {
            model.*key.member = given;
        }
    }
}

/// Tells where one share must not exceed another.
void check_shares(Section& table, const CollisionFreeSpeed& model) {
    using M = CollisionFreeSpeed;
    constexpr std::array<std::array<double M::*, 2>, 5> rising = {
        {{&M::tight_wall_share, &M::wall_share},
         {&M::shoulder_share, &M::body_share},
         {&M::squeezed_width_share, &M::width_share},
         {&M::squeezed_least_share, &M::least_share},
         {&M::least_share, &M::body_share}}};
    const auto name_of = [](double M::*member) {
        for (const ModelKey<M>& key : model_keys<M>()) {
            if (key.member == member) {
                return key.name;
            }
        }
        return std::string_view();
    };
    for (const auto& [less, more] : rising) {
        if (model.*less > model.*more) {
            table.problem(fmt::format("{} {} must not exceed {} {}", name_of(less), model.*less,
                                      name_of(more), model.*more));
        }
    }
}

} // namespace

std::vector<Key> walking_model_keys(std::string_view otherwise) {
    std::vector<Key> keys = {
        {.name = "model",
         .type = KeyType::Choice,
         .meaning = "operational model: Tordeux 2016 with extensions, Xu 2021, or Helbing 2000, "
                    "which alone knows the force of a crush",
         .default_text = otherwise,
         .choices = {model_names.begin(), model_names.end()}}};
    for (const std::string_view table : model_tables) {
        keys.push_back({.name = table,
                        .type = KeyType::Table,
                        .meaning = "parameters of that model",
                        .default_text = otherwise,
                        .group = table});
    }
    return keys;
}

std::vector<KeyGroup> model_groups() {
    return {
        group_of<CollisionFreeSpeed>(
            WalkingModel::CollisionFreeSpeed,
            "Collision-free speed model (Tordeux, Chraibi, Seyfried 2016) with Veste's "
            "extensions; fitted, see the README. Each changed share moves flow and density: "
            "calibrate anew."),
        group_of<AnticipationVelocity>(WalkingModel::AnticipationVelocity,
                                       "Anticipation velocity model (Xu, Chraibi, Seyfried 2021)."),
        group_of<SocialForce>(WalkingModel::SocialForce,
                              "Social force model (Helbing, Farkas, Vicsek 2000).")};
}

void read_walking_model(Section& section, Profile& profile) {
    const std::size_t model = section.choice("model");
    if (section.has("model")) {
        profile.model = static_cast<WalkingModel>(model);
    }
    if (auto table = section.table("collision_free_speed")) {
        CollisionFreeSpeed own = profile.collision_free.value_or(CollisionFreeSpeed{});
        take_given(*table, own);
        check_shares(*table, own);
        profile.collision_free = own;
    }
    if (auto table = section.table("anticipation_velocity")) {
        take_given(*table, profile.anticipation);
    }
    if (auto table = section.table("social_force")) {
        take_given(*table, profile.social_force);
    }
}

void check_walking_model(Section& section, const Profile& profile) {
    const auto own = static_cast<std::size_t>(profile.model);
    for (std::size_t model = 0; model < walking_models; ++model) {
        if (model != own && section.has(model_tables[model])) {
            section.problem(model_tables[model],
                            fmt::format("is of another model than this profile's, \"{}\"; give "
                                        "model = \"{}\", or {}",
                                        model_names[own], model_names[model], model_tables[own]));
        }
    }
}

} // namespace veste::scenario_file
