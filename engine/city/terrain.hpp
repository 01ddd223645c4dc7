#pragma once
#include "base/geometry.hpp"
#include "base/raster.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace veste {

/// Surface types, each with Manning's n and an infiltration class.
enum class Surface : std::uint8_t {
    Sea,
    InlandWater,
    Building,
    Carriageway,
    Pavement,
    Square,
    Grass,
    Trees,
    Sand,
    BareSoil,
    OtherUrban,
    Permeable, ///< permeable paving
};
constexpr std::size_t surface_count = 12;

/// Properties of one surface type.
struct SurfaceProperties {
    std::string_view name;
    double manning_n;         ///< s/m^(1/3)
    double infiltration_mmph; ///< steady infiltration rate, mm/h
};

/// Manning's n after Chow (1959), table 5-6, and after the values used for urban 2D models in
/// Engineers Australia (2012); infiltration after the steady rates of the NRCS soil groups.
const std::array<SurfaceProperties, surface_count>& surface_properties();

struct Building {
    Polygon footprint;
    double height_m = 0.0;
    double ground_m = 0.0;
    bool is_height_assumed = false;
    std::int64_t osm_id = 0;
    std::string source_id; ///< id in a layer or CityJSON file
};

/// How buildings stand in the water's way.
enum class BuildingObstacle : std::uint8_t { Blocked, Raised };

/// Ground of the city on one raster shape.
struct Terrain {
    Raster<float> ground_m;       ///< elevation; buildings raised when so chosen
    Raster<std::uint8_t> surface; ///< Surface
    Raster<std::uint8_t>
        is_blocked;              ///< 1 where water cannot flow (blocked buildings, no elevation)
    Raster<std::uint8_t> is_sea; ///< 1 in the sea: an open boundary for water
    bool has_elevation = false;  ///< false where no elevation source was given: ground is flat 0
    BuildingObstacle buildings = BuildingObstacle::Blocked;

    const RasterShape& shape() const { return ground_m.shape; }
    /// True where water can stand on the ground: neither sea nor wall nor building.
    bool is_open_ground(std::size_t cell) const {
        return is_sea.values[cell] == 0 && is_blocked.values[cell] == 0 &&
               surface.values[cell] != static_cast<std::uint8_t>(Surface::Building);
    }
};

/// The cell of open ground whose middle is nearest to a point, if one lies within reach.
std::optional<std::size_t> nearest_open_cell(const Terrain& terrain, const Vec2& at,
                                             double reach_m);

} // namespace veste
