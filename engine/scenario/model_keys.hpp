#pragma once
#include "scenario/section.hpp"
#include "scenario/walking_models.hpp"

#include <array>
#include <vector>

/// The parameters of the operational models as scenario files know them: names, units and limits
/// stand here once, defaults are those of the models' structs.
namespace veste::scenario_file {

/// One parameter of a model.
template <class Model> struct ModelKey {
    std::string_view name;
    double Model::*member;
    std::string_view unit; ///< SI; empty: a pure number
    double low;
    double high;
    std::string_view meaning;
};
template <class Model> const std::vector<ModelKey<Model>>& model_keys();
template <> const std::vector<ModelKey<CollisionFreeSpeed>>& model_keys();
template <> const std::vector<ModelKey<AnticipationVelocity>>& model_keys();
template <> const std::vector<ModelKey<SocialForce>>& model_keys();

/// How files name the models, in the order of WalkingModel, and the tables of their parameters.
constexpr std::array<std::string_view, walking_models> model_names = {
    "collision-free speed", "anticipation velocity", "social force"};
constexpr std::array<std::string_view, walking_models> model_tables = {
    "collision_free_speed", "anticipation_velocity", "social_force"};

/// The key `model` and those of the tables, for a group of which `otherwise` tells what holds where
/// they are not given.
std::vector<Key> walking_model_keys(std::string_view otherwise);
/// The groups of the tables.
std::vector<KeyGroup> model_groups();

/// Takes over the model and the parameters that a section gives.
void read_walking_model(Section& section, Profile& profile);
/// Tells tables that are of another model than the profile's.
void check_walking_model(Section& section, const Profile& profile);

} // namespace veste::scenario_file
