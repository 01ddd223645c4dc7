#pragma once
#include "base/geometry.hpp"
#include "city/city.hpp"
#include "city/sources.hpp"

#include <vector>

/// Small walkable places for tests, all made by build_walk_mesh from plain polygons.
namespace toy {

using veste::Polygon;
using veste::Vec2;
using veste::WalkArea;
using veste::WalkKind;
using veste::WalkMesh;

inline Polygon rectangle(double x0, double y0, double x1, double y1) {
    return {{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}}, {}};
}

inline WalkArea area(double x0, double y0, double x1, double y1,
                     WalkKind kind = WalkKind::Footway) {
    return {rectangle(x0, y0, x1, y1), kind, 0, {}};
}

/// From (0, 0) to (length, width).
inline WalkMesh corridor(double length_m, double width_m) {
    return veste::build_walk_mesh({area(0.0, 0.0, length_m, width_m)}, {}, {});
}

/// A room from (0, 0) to (length, width), a door of its own length in the middle of the east wall,
/// and beyond it a yard as large as the room.
inline WalkMesh room_with_door(double room_length_m, double room_width_m, double door_width_m,
                               double door_length_m) {
    const double x1 = room_length_m + door_length_m;
    const double middle = 0.5 * room_width_m;
    return veste::build_walk_mesh(
        {area(0.0, 0.0, room_length_m, room_width_m, WalkKind::Square),
         area(room_length_m, middle - 0.5 * door_width_m, x1, middle + 0.5 * door_width_m),
         area(x1, 0.0, x1 + room_length_m, room_width_m, WalkKind::Square)},
        {}, {});
}

/// A room of 12 x 8 m at (0, 0) and a yard at x 13 to 25, with two doors of 1 m between them: one
/// about y = 2 of `south_width_m`, one about y = 6 of `north_width_m`.
inline WalkMesh room_with_two_doors(double south_width_m, double north_width_m) {
    return veste::build_walk_mesh(
        {area(0.0, 0.0, 12.0, 8.0, WalkKind::Square),
         area(12.0, 2.0 - 0.5 * south_width_m, 13.0, 2.0 + 0.5 * south_width_m),
         area(12.0, 6.0 - 0.5 * north_width_m, 13.0, 6.0 + 0.5 * north_width_m),
         area(13.0, 0.0, 25.0, 8.0, WalkKind::Square)},
        {}, {});
}

/// A row of rooms along x, each of the given size, joined by doors 1 m long in their middles.
inline WalkMesh rooms(int count, double room_length_m, double room_width_m, double door_width_m) {
    std::vector<WalkArea> areas;
    const double middle = 0.5 * room_width_m;
    for (int k = 0; k < count; ++k) {
        const double x0 = k * (room_length_m + 1.0);
        const double x1 = x0 + room_length_m;
        areas.push_back(area(x0, 0.0, x1, room_width_m, WalkKind::Square));
        if (k + 1 < count) {
            areas.push_back(
                area(x1, middle - 0.5 * door_width_m, x1 + 1.0, middle + 0.5 * door_width_m));
        }
    }
    return veste::build_walk_mesh(areas, {}, {});
}

/// 40 x 40 m at (0, 0) with a building from (15, 15) to (25, 25).
inline WalkMesh square_with_obstacle() {
    return veste::build_walk_mesh({area(0.0, 0.0, 40.0, 40.0, WalkKind::Square)},
                                  {rectangle(15.0, 15.0, 25.0, 25.0)}, {});
}

/// Two pavements along x (y 0 to 2 and 9 to 11), 30 m long, joined by a crossing 4 m wide at x = 13
/// to 17 with the given id.
inline WalkMesh street_with_crossing(veste::CrossingId id) {
    WalkArea crossing = area(13.0, 2.0, 17.0, 9.0, WalkKind::Crossing);
    crossing.crossing = id;
    return veste::build_walk_mesh({area(0.0, 0.0, 30.0, 2.0, WalkKind::Pavement), crossing,
                                   area(0.0, 9.0, 30.0, 11.0, WalkKind::Pavement)},
                                  {}, {});
}

/// A footway along x on the ground (y -2 to 2), and a bridge of level 1 over it from (0, -20) to
/// (0, 20), 3 m wide, with ramps on the ground beyond both ends.
inline WalkMesh bridge_over_street() {
    WalkArea bridge = area(-1.5, -20.0, 1.5, 20.0);
    bridge.level = 1;
    return veste::build_walk_mesh({area(-40.0, -2.0, 40.0, 2.0), bridge,
                                   area(-1.5, -40.0, 1.5, -20.0, WalkKind::Path),
                                   area(-1.5, 20.0, 1.5, 40.0, WalkKind::Path)},
                                  {}, {{Vec2(0.0, -20.0), 0, 1}, {Vec2(0.0, 20.0), 0, 1}});
}

/// A city that is nothing but the walkable mesh on flat dry ground.
inline veste::City walk_city(WalkMesh mesh) {
    veste::City city;
    city.name = "toy";
    city.epsg = 32632;
    city.latitude_deg = 43.7;
    city.longitude_deg = 7.4;
    const Vec2 margin(10.0, 10.0);
    city.bounds = {mesh.bounds().low - margin, mesh.bounds().high + margin};
    veste::RasterShape shape;
    shape.corner = city.bounds.low;
    shape.cell_m = 2.0;
    shape.columns = static_cast<int>(city.bounds.size_m().x() / shape.cell_m) + 1;
    shape.rows = static_cast<int>(city.bounds.size_m().y() / shape.cell_m) + 1;
    city.terrain.ground_m = {shape, 0.0F};
    city.terrain.surface = {shape, static_cast<std::uint8_t>(veste::Surface::Square)};
    city.terrain.is_blocked = {shape, 0};
    city.terrain.is_sea = {shape, 0};
    city.walk = std::move(mesh);
    return city;
}

} // namespace toy
