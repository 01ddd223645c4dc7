#pragma once
#include "city/walk_mesh.hpp"

#include <cstdint>
#include <vector>

namespace veste {

/// For each triangle of the mesh the sheet of ground it belongs to, 0 to 15: people on different
/// sheets neither see nor feel each other, but near where two sheets meet. A level is one sheet,
/// but for ground of it that lies over other ground of the same level, as a flight of stairs over
/// the landing below: that is a sheet of its own, as long as there are numbers that no level uses.
/// (The mesh has no heights: what overlaps on the plan cannot be at one height.)
std::vector<std::uint8_t> sheets_of(const WalkMesh& mesh);

} // namespace veste
