#pragma once
#include "base/lanes.hpp"
#include "city/walk_mesh.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/walls.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace veste {

/// Square cells over the walkable area only (so that a wide city costs no more than its pavements),
/// numbered row by row, so that the cells of a row's section follow each other; and for each
/// triangle the walls near it.
class WalkCells {
public:
    static constexpr double least_cell_m = 0.8;
    static constexpr double most_cell_m = 2.4;
    static constexpr double wall_reach_m = 1.0; ///< from the triangle

    /// Keeps a reference to the mesh. Cells are so large that there are about `cells_a_person` of
    /// them for each of `people`, within the limits above: small ones make short lists, few ones
    /// are counted fast.
    WalkCells(const WalkMesh& mesh, std::size_t people);

    const WalkMesh& mesh() const { return *mesh_; }
    std::size_t size() const { return count_; }
    double cell_m() const { return cell_m_; }
    const Vec2& corner() const { return corner_; } ///< south-west, of the first cell
    /// The cell at p; of points off the walkable area that of a place near by, or the last one.
    std::uint32_t at(double x, double y) const {
        return std::min(rank(slot(column(x), row(y))), count_ - 1);
    }
    /// Calls visit(first, end) with the cells, row by row, that lie within reach of (x, y).
    template <class Visit>
    void for_sections(double x, double y, double reach_m, Visit&& visit) const {
        const std::size_t first_column = column(x - reach_m);
        const std::size_t last_column = column(x + reach_m);
        const std::size_t last_row = row(y + reach_m);
        for (std::size_t j = row(y - reach_m); j <= last_row; ++j) {
            const std::uint32_t first = rank(slot(first_column, j));
            const std::uint32_t end = rank(slot(last_column, j) + 1);
            if (first < end) {
                visit(first, end);
            }
        }
    }
    /// Walls within reach of the triangle that one comes to from it without leaving that reach:
    /// those of bridges above and underpasses below are not among them.
    std::span<const Wall> walls(std::uint32_t triangle) const {
        const WallRange& range = wall_ranges_[triangle];
        return std::span(walls_).subspan(range.first, range.count);
    }
    /// Sides that are shut are walls from now on, those that were before no longer. Three bits for
    /// each triangle, by which people would leave it; empty: none.
    void set_shut_sides(std::span<const std::uint8_t> shut_sides);
    /// Levels a person in the triangle may share with others: one bit for its own and, above 16,
    /// one for that and each of adjacent triangles; see on_one_level and may_meet. What lies over
    /// other ground of the same level is on a level of its own, see sheets_of.
    std::uint32_t levels(std::uint32_t triangle) const { return levels_[triangle]; }
    /// True in and next to a triangle with a passage that is hardly wider than a body.
    bool is_tight(std::uint32_t triangle) const { return is_tight_[triangle] != 0; }
    static bool on_one_level(std::uint32_t a, std::uint32_t b) { return (a & b & 0xffffu) != 0; }
    /// On one level or near a place where levels meet: there sight alone decides.
    static bool may_meet(std::uint32_t a, std::uint32_t b) { return (a & b) != 0; }

private:
    static constexpr std::size_t block = 64;

    std::size_t column(double x) const { return part(x - corner_.x(), columns_); }
    std::size_t row(double y) const { return part(y - corner_.y(), rows_); }
    std::size_t part(double offset_m, std::size_t count) const {
        const double cells = offset_m * cells_per_m_;
        return cells <= 0.0 ? 0 : std::min(static_cast<std::size_t>(cells), count - 1);
    }
    std::size_t slot(std::size_t column, std::size_t row) const { return row * columns_ + column; }
    /// Walkable cells before this slot of the bounding box.
    std::uint32_t rank(std::size_t slot) const {
        return before_block_[slot / block] + before_[slot];
    }
    std::vector<std::uint8_t> marked_cells() const;
    void number_cells(const std::vector<std::uint8_t>& is_walkable);
    void list_walls(const WalkMesh& mesh);
    void add_walls(std::uint32_t triangle, const std::vector<Wall>& walls);

    /// Of a triangle in walls_.
    struct WallRange {
        std::uint32_t first = 0;
        std::uint32_t count = 0;
    };

    const WalkMesh* mesh_;
    Vec2 corner_{0.0, 0.0};
    double cell_m_ = most_cell_m;
    double cells_per_m_ = 1.0 / most_cell_m;
    std::size_t columns_ = 1;
    std::size_t rows_ = 1;
    std::uint32_t count_ = 0;
    std::vector<std::uint32_t> before_block_; ///< walkable cells before each block of slots
    std::vector<std::uint8_t> before_;        ///< those of the slot's own block before it
    std::vector<WallRange> wall_ranges_;
    std::vector<Wall> walls_; ///< of the mesh alone, then those of triangles near shut sides
    std::size_t mesh_walls_ = 0;
    std::vector<std::pair<std::uint32_t, WallRange>> before_shut_; ///< ranges of these triangles
    std::vector<std::uint32_t> levels_;
    std::vector<std::uint8_t> is_tight_;
};

/// Everyone present, sorted by cell into arrays that neighbour loops run through without jumps.
/// Rebuilt every substep by a stable counting sort: order depends on positions and ids alone.
class Crowd {
public:
    struct Person {
        double x_m = 0.0;
        double y_m = 0.0;
        float radius_m = 0.0F;
        float facing_x = 0.0F; ///< unit vector of the way they want to go; zero for those who stand
        float facing_y = 0.0F;
        float pace_mps = 0.0F;
        float velocity_x_mps = 0.0F;
        float velocity_y_mps = 0.0F;
        float corner_x_m = 0.0F; ///< what they steer for
        float corner_y_m = 0.0F;
        float is_waiting = 0.0F; ///< 1 for those who stand: they let others squeeze past
        std::uint32_t id = 0;
        std::uint32_t triangle = 0;
        std::uint32_t levels = 0;
    };

    explicit Crowd(const WalkCells& cells) : cells_(&cells) {}

    void build(const Pedestrians& people, std::span<const std::uint32_t> present);

    const WalkCells& cells() const { return *cells_; }
    /// In cell order; deciding in this order finds neighbours in the processor's cache.
    std::span<const Person> everyone() const { return sorted_; }
    std::span<const Person> in_cells(std::uint32_t first, std::uint32_t end) const {
        return std::span(sorted_).subspan(starts_[first], starts_[end] - starts_[first]);
    }
    /// Places in everyone() of those in these cells.
    std::pair<std::uint32_t, std::uint32_t> range(std::uint32_t first, std::uint32_t end) const {
        return {starts_[first], starts_[end]};
    }
    /// Positions of four from a place in everyone() on, relative to the cells' corner.
    Lanes four_x_m(std::uint32_t from) const { return {&x_m_[from], element_aligned}; }
    Lanes four_y_m(std::uint32_t from) const { return {&y_m_[from], element_aligned}; }
    /// Calls visit(person, distance squared) for everyone within reach of p, on any level, in cell
    /// order.
    template <class Visit> void for_near(const Vec2& p, double reach_m, Visit&& visit) const {
        const double reach2 = reach_m * reach_m;
        cells_->for_sections(p.x(), p.y(), reach_m, [&](std::uint32_t first, std::uint32_t end) {
            for (const Person& person : in_cells(first, end)) {
                const double dx = person.x_m - p.x();
                const double dy = person.y_m - p.y();
                const double distance2 = dx * dx + dy * dy;
                if (distance2 <= reach2) {
                    visit(person, distance2);
                }
            }
        });
    }

private:
    static constexpr auto element_aligned = std::experimental::element_aligned;

    const WalkCells* cells_;
    std::vector<float> x_m_; ///< of sorted_, and four more
    std::vector<float> y_m_;
    std::vector<std::uint32_t> starts_; ///< of each cell in sorted_, and one behind the last
    std::vector<std::uint32_t> cell_of_;
    std::vector<std::uint32_t> slot_of_;
    std::vector<Person> sorted_;
};

} // namespace veste
