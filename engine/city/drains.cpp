#include "base/units.hpp"
#include "city/asset_parts.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <limits>

namespace veste {
namespace {

constexpr double least_capacity_m3ps = 0.001;
constexpr double catchment_reach_m = 50.0;

bool is_known_near(const std::vector<Drain>& drains, std::size_t known, const Vec2& p,
                   double reach_m) {
    return std::any_of(drains.begin(), drains.begin() + static_cast<std::ptrdiff_t>(known),
                       [&](const Drain& d) { return (d.at - p).norm() < reach_m; });
}

/// Inlets at the right-hand kerb of every street on the ground, at even spacing.
void add_along_streets(const AssetSources& from, std::vector<Drain>& drains) {
    const std::size_t known = drains.size();
    const double spacing_m = from.recipe.assumptions.drain_spacing_m;
    const StreetNetwork& streets = from.city.streets;
    for (const EdgeId id : streets_once(streets)) {
        const Edge& edge = streets.edge(id);
        if (edge.is_bridge || edge.is_tunnel || edge.level != 0 ||
            edge.highway > Highway::Service) {
            continue;
        }
        const double side_m = 0.5 * carriageway_width_m(streets, id);
        for (const PlaceOnLine& place : places_along(edge.line, spacing_m)) {
            const Vec2 left(-place.direction.y(), place.direction.x());
            Drain drain;
            drain.at = place.at - side_m * left;
            drain.is_assumed = drain.is_capacity_assumed = true;
            const RasterShape& shape = from.city.terrain.shape();
            if (shape.contains(drain.at) && from.city.terrain.is_blocked.at(drain.at) != 0) {
                drain.at = place.at;
            }
            if (from.is_inside(drain.at) && shape.contains(drain.at) &&
                from.city.terrain.is_sea.at(drain.at) == 0 &&
                from.city.terrain.is_blocked.at(drain.at) == 0 &&
                !is_known_near(drains, known, drain.at, spacing_m)) {
                drains.push_back(drain);
            }
        }
    }
}

/// The land that each inlet drains, roofs included: cells nearest to it by steps, within reach.
std::vector<double> catchments_m2(const Terrain& terrain, const std::vector<Drain>& drains) {
    const RasterShape& shape = terrain.shape();
    constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();
    Raster<std::uint32_t> owner(shape, nobody);
    std::vector<double> areas(drains.size(), 0.0);
    std::vector<std::size_t> front;
    for (std::size_t k = 0; k < drains.size(); ++k) {
        const std::size_t cell = shape.clamped_index(drains[k].at);
        if (owner.values[cell] == nobody) {
            owner.values[cell] = static_cast<std::uint32_t>(k);
            front.push_back(cell);
        }
    }
    const int steps = static_cast<int>(catchment_reach_m / shape.cell_m);
    for (int step = 0; step < steps && !front.empty(); ++step) {
        std::vector<std::size_t> next;
        for (const std::size_t c : front) {
            const int i = static_cast<int>(c % static_cast<std::size_t>(shape.columns));
            const int j = static_cast<int>(c / static_cast<std::size_t>(shape.columns));
            constexpr int di[] = {1, -1, 0, 0};
            constexpr int dj[] = {0, 0, 1, -1};
            for (int k = 0; k < 4; ++k) {
                if (!shape.contains(i + di[k], j + dj[k])) {
                    continue;
                }
                const std::size_t n = shape.index(i + di[k], j + dj[k]);
                if (owner.values[n] == nobody && terrain.is_sea.values[n] == 0) {
                    owner.values[n] = owner.values[c];
                    next.push_back(n);
                }
            }
        }
        front = std::move(next);
    }
    for (const std::uint32_t who : owner.values) {
        if (who != nobody) {
            areas[who] += shape.cell_m * shape.cell_m;
        }
    }
    return areas;
}

} // namespace

std::vector<Drain> build_drains(const AssetSources& from) {
    std::vector<Drain> drains;
    for (const LayerFeature& feature : from.layer("drains")) {
        for (const Vec2& at : feature.points) {
            drains.push_back({at, number_for(feature, "capacity", 0.0), false,
                              value_for(feature, "capacity").empty()});
        }
    }
    for (const OsmNode& node : from.sources.osm.nodes) {
        if (tag(node.tags, "manhole") == "drain" && from.is_inside(node.at)) {
            drains.push_back({node.at, 0.0, false, true});
        }
    }
    from.report.found.push_back(fmt::format("{} drains", drains.size()));
    const std::size_t known = drains.size();
    const auto unknown = std::count_if(
        drains.begin(), drains.end(), [](const Drain& drain) { return drain.is_capacity_assumed; });
    if (unknown > 0) {
        from.report.assumed.push_back(fmt::format(
            "capacity of {} of {} known drains: {:g} mm/h on the land within {:g} m", unknown,
            known, from.recipe.assumptions.drain_design_mmph, catchment_reach_m));
    }
    if (from.recipe.assumptions.has_drains) {
        add_along_streets(from, drains);
    }
    // Sewers are made for a design rain: an inlet takes what falls on the land around it then.
    const std::vector<double> areas = catchments_m2(from.city.terrain, drains);
    const double design_mps = mm_per_h_to_mps(from.recipe.assumptions.drain_design_mmph);
    for (std::size_t k = 0; k < drains.size(); ++k) {
        if (drains[k].is_capacity_assumed) {
            drains[k].capacity_m3ps = std::max(least_capacity_m3ps, design_mps * areas[k]);
        }
    }
    if (drains.size() > known) {
        from.report.assumed.push_back(fmt::format(
            "{} drains every {:g} m along streets, together made for {:g} mm/h on the land within "
            "{:g} m",
            drains.size() - known, from.recipe.assumptions.drain_spacing_m,
            from.recipe.assumptions.drain_design_mmph, catchment_reach_m));
    }
    return drains;
}

} // namespace veste
