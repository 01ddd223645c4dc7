#pragma once
#include "pedestrians/judgement.hpp"

namespace veste {

// How people follow each other where nobody can pass, see single_file_ways: from middle to middle
// they keep 0.36 m + 1.06 s times their speed (Seyfried, Steffen, Klingsch, Boltes 2005, the linear
// fit), here as shares of an ordinary person's body and time gap.

/// The most that the next one on the way, who goes the same way, allows to the walker.
double single_file_speed_mps(const Intention& walker, const View& view, const WalkCells& cells,
                             const CollisionFreeSpeed& model);

} // namespace veste
