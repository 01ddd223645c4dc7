#pragma once
#include "simulation/world.hpp"

#include <filesystem>

namespace veste {

/// Writes every State and Input array of the World to an HDF5 file, which appears under its name
/// only when complete. Throws RunError when it cannot be written.
void write_checkpoint(const World& world, const City& city, const Scenario& scenario,
                      const std::filesystem::path& file);

/// Reads them back into a World of the same city and scenario. Throws InputError when the file is
/// no checkpoint, is cut, or belongs to another city, scenario or seed; the World is then
/// unchanged.
void read_checkpoint(World& world, const City& city, const Scenario& scenario,
                     const std::filesystem::path& file);

} // namespace veste
