#pragma once
#include "city/ground.hpp"

#include <span>
#include <string>
#include <vector>

/// The parts of build_assets.
namespace veste {

/// What the parts share.
struct AssetSources {
    const City& city;
    const Recipe& recipe;
    const Sources& sources;
    CityReport& report;

    std::span<const LayerFeature> layer(const std::string& section) const {
        const auto found = sources.layers.find(section);
        return found == sources.layers.end() ? std::span<const LayerFeature>()
                                             : std::span<const LayerFeature>(found->second);
    }
    /// True in the city's bounds, and in its outline where there is one.
    bool is_inside(const Vec2& p) const {
        return city.bounds.contains(p) && (!sources.outline || contains(*sources.outline, p));
    }
};

std::vector<Lamp> build_lamps(const AssetSources& from);
std::vector<Feeder> build_feeders(const AssetSources& from, const Assets& assets);
std::vector<Sensor> build_sensors(const AssetSources& from);
std::vector<Drain> build_drains(const AssetSources& from);
std::vector<Station> build_stations(const AssetSources& from);
std::vector<Sign> build_signs(const AssetSources& from);

/// Places at even spacing along a line, half a spacing from its ends.
std::vector<PlaceOnLine> places_along(std::span<const Vec2> line, double spacing_m);

/// The larger half of a two-way street and every one-way street: each street once.
std::vector<EdgeId> streets_once(const StreetNetwork& streets);

} // namespace veste
