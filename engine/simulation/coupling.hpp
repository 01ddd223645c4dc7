#pragma once
#include "simulation/world.hpp"

#include <memory>
#include <optional>
#include <vector>

namespace veste {

/// How the coupling sees the surroundings.
struct CouplingParameters {
    /// Water and light become known to route choice this often, but not more often than each tick.
    double known_every_s = 30.0;
    float covered_illuminance_lx = 50.0F; ///< tunnels and underpasses have light of their own
};

/// Turns water, light, closures, signals and each other's presence into Conditions: the one place
/// where the domains meet. Raster cells of each triangle, edge and gauge are found once.
class Coupling {
public:
    /// Throws UsageError where a parameter is out of its range.
    Coupling(std::shared_ptr<const City> city, const Scenario& scenario,
             CouplingParameters parameters);

    /// Water, light and closures onto walk triangles and street edges; signals onto crossings.
    void couple(World& world, const TrafficModel& traffic,
                const PedestrianModel& pedestrians) const;
    /// Takes the conditions over into what routes know, when something that matters has changed:
    /// closures and limits at once, water and light in the first tick of each period. Grows the
    /// versions.
    void spread_knowledge(World& world, double now_s, double tick_s) const;

    /// What each sensor would see at this tick if it worked: people in range, vehicles that passed,
    /// depth in m, vehicles in range; nothing_to_observe for a gauge without water or open ground.
    std::vector<double> truth_of_sensors(const World& world, const Scenario& scenario) const;

private:
    void find_triangle_cells();
    void find_edge_cells();
    void couple_water(World& world) const;
    void couple_light(World& world) const;

    /// Cells of each item, one list after another.
    struct Cells {
        std::vector<std::uint32_t> starts;
        std::vector<std::uint32_t> cells;
        void add(const std::vector<std::uint32_t>& of_next) {
            cells.insert(cells.end(), of_next.begin(), of_next.end());
            starts.push_back(static_cast<std::uint32_t>(cells.size()));
        }
        std::span<const std::uint32_t> of(std::size_t item) const {
            return std::span(cells).subspan(starts[item], starts[item + 1] - starts[item]);
        }
    };

    std::shared_ptr<const City> city_;
    CouplingParameters parameters_;
    Cells triangle_cells_;
    Cells edge_cells_;
    std::vector<std::optional<std::size_t>> gauge_cells_; ///< by sensor
};

} // namespace veste
