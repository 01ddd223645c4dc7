#pragma once
#include "city/walk_mesh.hpp"

#include <cstdint>
#include <vector>

namespace veste {

/// The walkable ground within a disc round a person: what is reached from the person's triangle
/// through sides that the disc touches, so that nothing beyond a wall or on another level counts.
/// Keeps a reference to the mesh; one for each thread.
class DiscGround {
public:
    DiscGround(const WalkMesh& mesh, double radius_m) : mesh_(mesh), radius_m_(radius_m) {}

    /// Takes the disc round a point of a triangle.
    void spread(const Vec2& centre, std::uint32_t triangle);

    /// Exact, m². By Green's theorem: the whole disc but for a segment beyond each piece of a wall
    /// within it, seen from the centre; once more for each storey that is reached by stairs and
    /// lies over or under the centre. At least the ground below a body of 0.2 m.
    double area_m2() const;
    bool has_wall() const { return has_wall_; }
    /// True where the triangle has a part in it.
    bool holds(std::uint32_t triangle) const;

private:
    void look_at_side(std::uint32_t triangle, std::size_t side, const Vec2& from, const Vec2& to);

    const WalkMesh& mesh_;
    double radius_m_;
    std::vector<std::uint32_t> reached_;
    double beyond_walls_m2_ = 0.0;
    int storeys_ = 1; ///< reached ones at the centre
    bool has_wall_ = false;
};

} // namespace veste
