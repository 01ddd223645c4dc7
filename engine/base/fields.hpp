#pragma once
#include <string_view>

/// Every domain's state lists its arrays once, in a function
/// `for_each_field(state, visit)` that calls
/// `visit(Field{name, unit, role, description}, vector)` for each. Checkpoint, hash, results, NumPy
/// views and the finite-number check all walk that list.
namespace veste {

enum class Role {
    State,   ///< carried from tick to tick: saved in a checkpoint, part of the hash
    Input,   ///< set by the scenario or its changes, read by the models: saved and hashed too
    Derived, ///< rebuilt every tick from the others
};

struct Field {
    std::string_view name;
    std::string_view unit; ///< "1" for pure numbers and codes
    Role role;
    std::string_view description;
};

} // namespace veste
