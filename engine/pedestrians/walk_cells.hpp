#pragma once
#include "city/walk_mesh.hpp"
#include "pedestrians/pedestrians.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace veste {

/// A side of a triangle with nothing beyond it, seen from inside (to its left).
struct Wall {
    Vec2 from;
    Vec2 along; ///< unit vector
    double length_m = 0.0;
    std::uint32_t levels = 0;

    /// Distance from the wall's line, positive inside.
    double side_m(const Vec2& p) const { return cross(along, p - from); }
};

/// Square cells over the walkable area only (so that a wide city costs no more than its pavements),
/// each with its eight neighbours and the walls within reach.
class WalkCells {
public:
    static constexpr double cell_m = 2.0;       ///< neighbours are seen this far at least
    static constexpr double wall_reach_m = 1.0; ///< from the border of the cell

    explicit WalkCells(const WalkMesh& mesh);

    std::size_t size() const { return neighbours_.size(); }
    /// The cell at p; points off the walkable area fall into cell 0.
    std::uint32_t at(double x, double y) const;
    /// The cell itself and those around it, `none` where there is none.
    const std::array<std::uint32_t, 9>& around(std::uint32_t cell) const {
        return neighbours_[cell];
    }
    std::span<const Wall> walls(std::uint32_t cell) const {
        return std::span(walls_).subspan(wall_starts_[cell],
                                         wall_starts_[cell + 1] - wall_starts_[cell]);
    }
    /// Levels a person in the triangle shares with others, one bit each: its own and those of
    /// adjacent triangles, so that people meet at the foot of a bridge but not above each other.
    std::uint32_t levels(std::uint32_t triangle) const { return levels_[triangle]; }

    static constexpr std::uint32_t none = UINT32_MAX;

private:
    void mark_cells(const WalkMesh& mesh);
    void list_walls(const WalkMesh& mesh);

    Vec2 corner_{0.0, 0.0};
    int columns_ = 1;
    int rows_ = 1;
    std::vector<std::uint32_t> index_; ///< of each cell of the bounding box, or none
    std::vector<std::array<std::uint32_t, 9>> neighbours_;
    std::vector<std::uint32_t> wall_starts_;
    std::vector<Wall> walls_;
    std::vector<std::uint32_t> levels_;
};

/// Everyone present, sorted by cell into arrays that neighbour loops run through without jumps.
/// Rebuilt every substep by a stable counting sort: order depends on positions and ids alone.
class Crowd {
public:
    struct Person {
        double x_m;
        double y_m;
        double radius_m;
        float facing_x; ///< unit vector of the way they want to go; zero for those who stand
        float facing_y;
        float pace_mps;
        std::uint32_t id;
        std::uint32_t levels;
        std::uint32_t is_waiting; ///< 1 for those who stand: they let others squeeze past
    };

    explicit Crowd(const WalkCells& cells) : cells_(&cells), starts_(cells.size() + 1, 0) {}

    void build(const Pedestrians& people, std::span<const std::uint32_t> present);

    const WalkCells& cells() const { return *cells_; }
    /// In cell order; deciding in this order finds neighbours in the processor's cache.
    std::span<const Person> everyone() const { return sorted_; }
    std::span<const Person> in_cell(std::uint32_t cell) const {
        return std::span(sorted_).subspan(starts_[cell], starts_[cell + 1] - starts_[cell]);
    }

private:
    const WalkCells* cells_;
    std::vector<std::uint32_t> starts_;
    std::vector<std::uint32_t> cell_of_;
    std::vector<std::uint32_t> slot_of_;
    std::vector<Person> sorted_;
};

} // namespace veste
