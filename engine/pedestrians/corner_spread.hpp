#pragma once
#include "pedestrians/crowd.hpp"
#include "pedestrians/navigation.hpp"

namespace veste {

/// Where someone steers for at a bend of the way: its inner corner, where there are few; in a crowd
/// a place off it, at the share `draw` (0 to 1) of the room that people take there, so that crowds
/// turn side by side and not one after the other. Shortest ways alone pack everyone against the
/// inner corner (Lämmel, Chraibi 2014; measured crowds fill a bend: Dias, Ejtemai, Sarvi,
/// Shiwakoti 2014).
Vec2 place_at_bend(const Navigation& navigation, const Crowd& crowd, std::uint32_t triangle,
                   const Vec2& p, const Steering& way, double draw);

} // namespace veste
