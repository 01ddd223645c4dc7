#include "city/terrain.hpp"

/// The flood tests need no city reader: they bring a surface table of their own, with round numbers
/// that hand calculations can use.
namespace veste {

const std::array<SurfaceProperties, surface_count>& surface_properties() {
    static constexpr std::array<SurfaceProperties, surface_count> properties = {{
        {"sea", 0.025, 0.0},
        {"inland_water", 0.030, 0.0},
        {"building", 0.020, 0.0},
        {"carriageway", 0.016, 0.0},
        {"pavement", 0.015, 0.0},
        {"square", 0.015, 0.0},
        {"grass", 0.035, 36.0},
        {"trees", 0.100, 9.0},
        {"sand", 0.025, 11.0},
        {"bare_soil", 0.025, 3.0},
        {"other_urban", 0.040, 1.0},
        {"permeable", 0.020, 97.0},
    }};
    return properties;
}

} // namespace veste
