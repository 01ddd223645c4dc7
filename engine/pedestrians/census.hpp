#pragma once
#include "pedestrians/crowd.hpp"

namespace veste {

/// Crowd density at each person: people within a disc (the person included) divided by the disc's
/// walkable area (measurement areas after Steffen and Seyfried 2010). Walls cut the disc exactly:
/// only ground that hangs together with the person's own within the disc counts, and only people
/// on it. Barriers do not cut it: people beyond a fence press on, and their ground counts too.
void take_census(Pedestrians& people, const Crowd& crowd, double disc_radius_m);

} // namespace veste
