#pragma once
#include "pedestrians/crowd.hpp"

namespace veste {

/// Crowd density at each person: people within a disc (the person included) divided by the disc's
/// walkable area (measurement areas after Steffen and Seyfried 2010). Walls cut the disc by the
/// circular segments beyond the nearest wall and the nearest one facing it.
void take_census(Pedestrians& people, const Crowd& crowd, double disc_radius_m);

} // namespace veste
