#pragma once
#include "city/walk_mesh.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/walls.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace veste {

/// Square cells over the walkable area only (so that a wide city costs no more than its pavements),
/// each with its eight neighbours; and for each triangle the walls near it.
class WalkCells {
public:
    static constexpr double cell_m = 2.0;       ///< neighbours are seen this far at least
    static constexpr double wall_reach_m = 1.0; ///< from the triangle

    explicit WalkCells(const WalkMesh& mesh); ///< keeps a reference to the mesh

    const WalkMesh& mesh() const { return *mesh_; }
    std::size_t size() const { return neighbours_.size(); }
    /// The cell at p; points off the walkable area fall into cell 0.
    std::uint32_t at(double x, double y) const;
    /// The cell itself and those around it, `none` where there is none.
    const std::array<std::uint32_t, 9>& around(std::uint32_t cell) const {
        return neighbours_[cell];
    }
    /// Walls within reach of the triangle that one comes to from it without leaving that reach:
    /// those of bridges above and underpasses below are not among them.
    std::span<const Wall> walls(std::uint32_t triangle) const {
        return std::span(walls_).subspan(wall_starts_[triangle],
                                         wall_starts_[triangle + 1] - wall_starts_[triangle]);
    }
    /// Levels a person in the triangle may share with others: one bit for its own and, above 16,
    /// one for that and each of adjacent triangles; see on_one_level and may_meet.
    std::uint32_t levels(std::uint32_t triangle) const { return levels_[triangle]; }
    /// True in and next to a triangle with a passage that is hardly wider than a body.
    bool is_tight(std::uint32_t triangle) const { return is_tight_[triangle] != 0; }
    static bool on_one_level(std::uint32_t a, std::uint32_t b) { return (a & b & 0xffffu) != 0; }
    /// On one level or near a place where levels meet: there sight alone decides.
    static bool may_meet(std::uint32_t a, std::uint32_t b) { return (a & b) != 0; }

    static constexpr std::uint32_t none = UINT32_MAX;

private:
    std::size_t slot(int column, int row) const {
        return static_cast<std::size_t>(row) * static_cast<std::size_t>(columns_) +
               static_cast<std::size_t>(column);
    }
    void mark_cells(const WalkMesh& mesh);
    void list_walls(const WalkMesh& mesh);

    const WalkMesh* mesh_;
    Vec2 corner_{0.0, 0.0};
    int columns_ = 1;
    int rows_ = 1;
    std::vector<std::uint32_t> index_; ///< of each cell of the bounding box, or none
    std::vector<std::array<std::uint32_t, 9>> neighbours_;
    std::vector<std::uint32_t> wall_starts_;
    std::vector<Wall> walls_;
    std::vector<std::uint32_t> levels_;
    std::vector<std::uint8_t> is_tight_;
};

/// Everyone present, sorted by cell into arrays that neighbour loops run through without jumps.
/// Rebuilt every substep by a stable counting sort: order depends on positions and ids alone.
class Crowd {
public:
    struct Person {
        double x_m;
        double y_m;
        float radius_m;
        float facing_x; ///< unit vector of the way they want to go; zero for those who stand
        float facing_y;
        float pace_mps;
        float corner_x_m; ///< what they steer for
        float corner_y_m;
        std::uint32_t id;
        std::uint32_t triangle;
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
