#pragma once
#include "city/conditions.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/persons.hpp"

/// People in flowing water: when it takes them off their feet.
namespace veste {

/// The flow speed at which a standing person begins to slide, and to topple, in water of a depth:
/// Xia, Falconer, Wang, Xiao (2014, J. Hydraulic Research 52(1), 93: sliding and toppling incipient
/// velocity), with their coefficients for real human bodies and their buoyancy of the body's
/// submerged part. Infinite on dry ground, 0 where the body floats. Sliding comes first in shallow
/// fast water, toppling in deep slow water.
double sliding_speed_mps(const Body& body, double depth_m);
double toppling_speed_mps(const Body& body, double depth_m);

/// True where water of this depth and speed takes a person off their feet, in one way or the other,
/// or closes over their head.
bool is_swept_away(const Body& body, double depth_m, double water_mps);

/// Everyone present whom the water where they stand takes off their feet gets the phase Toppled:
/// they keep their place and are counted, and never move again. To be called at the beginning of a
/// tick, before queues are listed.
void topple(Pedestrians& people, const Scenario& scenario, const Conditions& conditions);

} // namespace veste
