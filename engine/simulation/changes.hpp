#pragma once
#include "simulation/world.hpp"

namespace veste {

/// Alters the World as the change says; the only function that does so outside the models.
void make_change(const Change& change, World& world);

} // namespace veste
