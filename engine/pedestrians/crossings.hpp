#pragma once
#include "pedestrians/pedestrians.hpp"

namespace veste {

/// True where a person who has waited this long steps onto the crossing now. Signalled crossings
/// obey crossing_may_start; at zebras people go when vehicles can stop; elsewhere they need the
/// critical gap of the Highway Capacity Manual (2010, equation 19-69: crossing length / walking
/// speed + 3 s), which shrinks with long waiting.
bool may_step_on(const Crossing& crossing, std::size_t index, const Conditions& conditions,
                 double walking_mps, double waited_s);

} // namespace veste
