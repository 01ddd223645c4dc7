#pragma once
#include "support/walk_scene.hpp"

#include <array>
#include <cstdint>
#include <iterator>
#include <vector>

/// A building of three storeys of 22 x 14 m: offices of 2 x 3 m along two corridors 1 m wide, and a
/// staircase whose flights, 2 m wide and 2 m long on the plan, meet at landings halfway. Lengths as
/// in JuPedSim's test of RiMEA case 8, which takes them from the guideline's figure; walls are
/// 0.1 m thick on the rooms' side.
namespace office {

using scene::box;
using namespace veste;

constexpr std::int8_t storeys = 3;
constexpr double wall_m = 0.1;
constexpr std::int8_t level_of(std::int8_t storey) {
    return static_cast<std::int8_t>(2 * storey);
}
inline const Box2 exit = box(19.0, 14.0, 21.0, 15.0); ///< before the door, on storey 0
inline const Box2 flight_from_hall = box(18.0, 6.05, 20.0, 8.0);
inline const Box2 flight_to_hall = box(18.0, 4.1, 20.0, 5.95);
inline const Box2 landing = box(16.1, 4.1, 18.0, 8.0);

/// The offices of a storey, 36 on the lowest one and 38 above.
inline std::vector<Box2> rooms(std::int8_t storey) {
    std::vector<Box2> boxes;
    const auto row = [&](int count, double y0) {
        for (int k = 0; k < count; ++k) {
            boxes.push_back(
                box(2.0 * k + wall_m, y0 + wall_m, 2.0 * k + 2.0 - wall_m, y0 + 3.0 - wall_m));
        }
    };
    row(11, 0.0);
    row(8, 4.0);
    row(8, 7.0);
    row(storey == 0 ? 9 : 11, 11.0);
    return boxes;
}

/// Everything level of a storey: offices with their doors of 1 m, corridors, staircase hall, and on
/// the lowest one the entrance.
inline std::vector<Box2> floor_of(std::int8_t storey) {
    std::vector<Box2> areas = rooms(storey);
    for (const Box2& room : rooms(storey)) {
        const bool opens_north = room.low.y() < 1.0 || (room.low.y() > 7.0 && room.low.y() < 8.0);
        const double y = opens_north ? room.high.y() : room.low.y() - wall_m;
        areas.push_back(box(room.high.x() - 1.0, y, room.high.x(), y + wall_m));
    }
    const bool is_lowest = storey == 0;
    areas.push_back(box(0.0, 3.0, 22.0, 4.0));
    areas.push_back(box(0.0, 10.0, is_lowest ? 18.0 : 22.0, 11.0));
    areas.push_back(box(20.0, 4.1, 22.0, 9.9));
    areas.push_back(box(21.0, 4.0, 22.0, 4.1));
    areas.push_back(box(is_lowest ? 20.0 : 21.0, 9.9, 22.0, 10.0));
    if (is_lowest) {
        areas.push_back(box(18.0, 10.0, 22.0, 14.0));
        areas.push_back(exit);
    }
    return areas;
}

/// Appends a piece of another mesh on a level; returns the number of its first triangle.
inline std::uint32_t append(WalkMesh& mesh, const WalkMesh& piece, std::int8_t level) {
    const auto vertices = static_cast<std::uint32_t>(mesh.vertices.size());
    const auto first = static_cast<std::uint32_t>(mesh.triangles.size());
    mesh.vertices.insert(mesh.vertices.end(), piece.vertices.begin(), piece.vertices.end());
    for (WalkTriangle triangle : piece.triangles) {
        triangle.level = level;
        for (std::uint32_t& vertex : triangle.vertices) {
            vertex += vertices;
        }
        for (TriangleId& neighbour : triangle.neighbours) {
            neighbour = neighbour.is_valid() ? TriangleId(neighbour.index + first) : neighbour;
        }
        mesh.triangles.push_back(triangle);
    }
    return first;
}

/// Makes neighbours of a storey's triangles and those from `first` on where a flight's east side
/// meets the hall.
inline void join(WalkMesh& mesh, const Box2& flight, std::int8_t level, std::uint32_t first) {
    const auto is_between = [&](std::uint32_t t, int side) {
        const Vec2 from = mesh.corner(TriangleId(t), side);
        const Vec2 to = mesh.corner(TriangleId(t), (side + 1) % 3);
        return from.x() == flight.high.x() && to.x() == flight.high.x() &&
               flight.contains(0.5 * (from + to));
    };
    for (std::uint32_t a = 0; a < first; ++a) {
        for (int i = 0; i < 3 && mesh.triangles[a].level == level; ++i) {
            if (!is_between(a, i)) {
                continue;
            }
            for (std::uint32_t b = first; b < mesh.triangles.size(); ++b) {
                for (int j = 0; j < 3; ++j) {
                    if (is_between(b, j) &&
                        mesh.corner(TriangleId(a), i) == mesh.corner(TriangleId(b), (j + 1) % 3)) {
                        mesh.triangles[a].neighbours[static_cast<std::size_t>(i)] = TriangleId(b);
                        mesh.triangles[b].neighbours[static_cast<std::size_t>(j)] = TriangleId(a);
                    }
                }
            }
        }
    }
}

inline void make_steps(WalkMesh& stair, const Box2& flight, float uphill_x) {
    for (std::uint32_t t = 0; t < stair.triangles.size(); ++t) {
        if (flight.contains(stair.centroid(TriangleId(t)))) {
            stair.triangles[t].kind = WalkKind::Steps;
            stair.triangles[t].uphill = {uphill_x, 0.0F};
        }
    }
}

/// The whole building: storeys are levels 0, 2 and 4, the stairs between them levels 1 and 3.
inline WalkMesh building() {
    // Corners of all parts, as points: every part is cut where any other one is, so that sides fit.
    std::vector<Box2> cuts;
    for (std::int8_t storey = 0; storey < storeys; ++storey) {
        std::vector<Box2> parts = floor_of(storey);
        parts.insert(parts.end(), {flight_from_hall, flight_to_hall, landing});
        for (const Box2& part : parts) {
            cuts.push_back({part.low, part.low});
            cuts.push_back({part.high, part.high});
        }
    }
    WalkMesh stair = scene::mesh_of({flight_from_hall, flight_to_hall, landing}, cuts);
    make_steps(stair, flight_from_hall, -1.0F);
    make_steps(stair, flight_to_hall, 1.0F);
    WalkMesh mesh;
    for (std::int8_t storey = 0; storey < storeys; ++storey) {
        append(mesh, scene::mesh_of(floor_of(storey), cuts), level_of(storey));
    }
    for (std::int8_t storey = 0; storey + 1 < storeys; ++storey) {
        const std::uint32_t first =
            append(mesh, stair, static_cast<std::int8_t>(level_of(storey) + 1));
        join(mesh, flight_from_hall, level_of(storey), first);
        join(mesh, flight_to_hall, static_cast<std::int8_t>(level_of(storey) + 2), first);
    }
    mesh.index();
    return mesh;
}

/// A place on one storey.
inline PlaceId add_place(Scenario& scenario, const City& city, const Box2& area,
                         std::int8_t storey) {
    const PlaceId id = scene::add_place(scenario, city, "place", area);
    std::erase_if(scenario.places[id.index].triangles, [&](TriangleId t) {
        return city.walk.triangles[t.index].level != level_of(storey);
    });
    return id;
}

} // namespace office
