#pragma once
#include "city/walk_mesh.hpp"

#include <cstdint>
#include <vector>

namespace veste {

/// For each triangle 1 where a way is too narrow to pass another, between walls on both sides, and
/// long enough that people walk one behind the other. Doorways are shorter: through them people
/// press much closer (0.5 m wide and 1 m long: 1.15 persons/s measured, file 040_c_56_h-, where
/// single_file_speed_mps would let pass 0.75 at most).
std::vector<std::uint8_t> single_file_ways(const WalkMesh& mesh);

} // namespace veste
