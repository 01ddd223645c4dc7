#pragma once
#include "base/lanes.hpp"
#include "pedestrians/pedestrians.hpp"
#include "pedestrians/walk_cells.hpp"

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace veste {

/// Everyone present, sorted by cell into arrays that neighbour loops run through without jumps.
/// Rebuilt every substep by a stable counting sort: order depends on positions and ids alone.
class Crowd {
public:
    /// What others see of someone at a glance, and where they are bound for: four numbers each, so
    /// that those of four people are turned into lanes at once.
    struct Look {
        float facing_x = 0.0F; ///< unit vector of the way they want to go; zero for those who stand
        float facing_y = 0.0F;
        float radius_m = 0.0F;
        float pace_mps = 0.0F;
    };
    struct Course {
        float corner_x_m = 0.0F; ///< what they steer for
        float corner_y_m = 0.0F;
        float velocity_x_mps = 0.0F;
        float velocity_y_mps = 0.0F;
    };
    /// One cache line.
    struct alignas(64) Person {
        Look look;
        Course course;
        double x_m = 0.0;
        double y_m = 0.0;
        std::uint32_t id = 0;
        std::uint32_t triangle = 0;
        std::uint32_t levels = 0;
        float is_waiting = 0.0F; ///< 1 for those who stand: they let others squeeze past
    };

    explicit Crowd(const WalkCells& cells) : cells_(&cells) {}

    void build(const Pedestrians& people, std::span<const std::uint32_t> present);

    const WalkCells& cells() const { return *cells_; }
    /// In cell order; deciding in this order finds neighbours in the processor's cache.
    std::span<const Person> everyone() const { return sorted_; }
    /// The same for who moves them, each for itself; then the crowd has to be built anew.
    std::span<Person> everyone() { return sorted_; }
    /// The place in everyone() of the k-th of those present for whom it was built.
    std::uint32_t place_of(std::size_t k) const { return slot_of_[k]; }
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
        const Vec2 reach(reach_m, reach_m);
        cells_->for_sections({p - reach, p + reach}, [&](std::uint32_t first, std::uint32_t end) {
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
