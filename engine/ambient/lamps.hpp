#pragma once
#include "city/city.hpp"

#include <cstdint>
#include <span>
#include <vector>

/// Which lamp lights which cell, found once. Internal to the ambient folder.
namespace veste {

struct LampLight {
    std::uint32_t lamp;
    float illuminance_lx;
};

class LampPlan {
public:
    explicit LampPlan(const City& city);

    /// The lamps that light a cell, in id order.
    std::span<const LampLight> of_cell(std::size_t cell) const {
        return std::span(lights_).subspan(cell_starts_[cell],
                                          cell_starts_[cell + 1] - cell_starts_[cell]);
    }
    /// The cells that a lamp lights.
    std::span<const std::uint32_t> of_lamp(std::size_t lamp) const { return lamp_cells_[lamp]; }

private:
    std::vector<std::uint32_t> cell_starts_;
    std::vector<LampLight> lights_;
    std::vector<std::vector<std::uint32_t>> lamp_cells_;
};

/// True where a building cell lies on the straight line between two cells (Bresenham 1965), after
/// the line has left the building that its first cell may lie in; the last cell counts too.
bool is_shadowed(const Terrain& terrain, int from_i, int from_j, int to_i, int to_j);

} // namespace veste
