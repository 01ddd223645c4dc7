#include "city/ground.hpp"
#include "city/polygon_ops.hpp"

#include <algorithm>

/// What lies outside a polygon of interest is no part of the city.
namespace veste {
namespace {

/// Cuts ways into the parts inside an outline; new nodes stand where a way meets it.
class WayCutter {
public:
    WayCutter(OsmData& osm, const Polygon& outline) : osm_(osm), outline_(outline) {
        for (const OsmNode& node : osm.nodes) {
            next_id_ = std::min(next_id_, node.id - 1);
        }
    }

    std::vector<OsmWay> parts_of(const OsmWay& way) {
        parts_.clear();
        begin(way, way.is_cut_at_start);
        for (std::size_t k = 0; k + 1 < way.nodes.size(); ++k) {
            add_segment(way, way.nodes[k], way.nodes[k + 1]);
        }
        finish(way.is_cut_at_end);
        return std::move(parts_);
    }

private:
    void begin(const OsmWay& way, bool is_cut) { part_ = {way.id, {}, way.tags, is_cut, false}; }
    void finish(bool is_cut) {
        if (part_.nodes.size() >= 2) {
            part_.is_cut_at_end = is_cut;
            parts_.push_back(std::move(part_));
        }
    }

    /// Shares of a segment's length at which it meets the outline, with 0 and 1.
    std::vector<double> shares_of(const Vec2& a, const Vec2& b) const {
        std::vector<double> shares = {0.0, 1.0};
        const auto meet = [&](const Polyline& ring) {
            for (std::size_t k = 0; k < ring.size(); ++k) {
                double share = 0.0;
                if (segments_cross(a, b, ring[k], ring[(k + 1) % ring.size()], &share)) {
                    shares.push_back(share);
                }
            }
        };
        meet(outline_.outer);
        for (const Polyline& hole : outline_.holes) {
            meet(hole);
        }
        std::sort(shares.begin(), shares.end());
        return shares;
    }

    void add_segment(const OsmWay& way, std::uint32_t from, std::uint32_t to) {
        const Vec2 a = osm_.nodes[from].at;
        const Vec2 b = osm_.nodes[to].at;
        const std::vector<double> shares = shares_of(a, b);
        for (std::size_t k = 0; k + 1 < shares.size(); ++k) {
            const double middle = 0.5 * (shares[k] + shares[k + 1]);
            if (shares[k + 1] <= shares[k]) {
                continue;
            }
            if (!contains(outline_, a + middle * (b - a))) {
                finish(true);
                begin(way, true);
                continue;
            }
            if (part_.nodes.empty()) {
                part_.nodes.push_back(k == 0 ? from : new_node(a + shares[k] * (b - a)));
            }
            const bool is_last = k + 2 == shares.size();
            part_.nodes.push_back(is_last ? to : new_node(a + shares[k + 1] * (b - a)));
        }
    }

    std::uint32_t new_node(const Vec2& at) {
        osm_.nodes.push_back({next_id_--, at, {}});
        return static_cast<std::uint32_t>(osm_.nodes.size() - 1);
    }

    OsmData& osm_;
    const Polygon& outline_;
    std::int64_t next_id_ = -1;
    OsmWay part_;
    std::vector<OsmWay> parts_;
};

void clip_ways(OsmData& osm, const Polygon& outline) {
    std::vector<OsmWay> kept;
    WayCutter cutter(osm, outline);
    for (OsmWay& way : osm.ways) {
        if (!tag(way.tags, "highway").empty()) {
            std::vector<OsmWay> parts = cutter.parts_of(way);
            std::move(parts.begin(), parts.end(), std::back_inserter(kept));
            continue;
        }
        const bool is_inside =
            std::any_of(way.nodes.begin(), way.nodes.end(),
                        [&](std::uint32_t node) { return contains(outline, osm.nodes[node].at); });
        // The coastline tells sea from land however far away it runs.
        if (is_inside || tag(way.tags, "natural") == "coastline") {
            kept.push_back(std::move(way));
        }
    }
    osm.ways = std::move(kept);
}

void clip_areas(std::vector<AreaFeature>& areas, const Polygon& outline) {
    std::vector<AreaFeature> kept;
    for (AreaFeature& area : areas) {
        if (!tag(area.tags, "building").empty()) {
            kept.push_back(std::move(area));
            continue;
        }
        for (Polygon& part : clipped(area.area, outline)) {
            kept.push_back({std::move(part), area.tags, area.source, area.osm_id});
        }
    }
    areas = std::move(kept);
}

void clip_layer(std::vector<LayerFeature>& features, const Polygon& outline) {
    for (LayerFeature& feature : features) {
        std::vector<Polygon> parts;
        for (const Polygon& polygon : feature.polygons) {
            std::vector<Polygon> inside = clipped(polygon, outline);
            std::move(inside.begin(), inside.end(), std::back_inserter(parts));
        }
        feature.polygons = std::move(parts);
        std::erase_if(feature.points, [&](const Vec2& p) { return !contains(outline, p); });
    }
    std::erase_if(features, [](const LayerFeature& feature) {
        return feature.polygons.empty() && feature.points.empty() && feature.lines.empty();
    });
}

} // namespace

void clip_to_outline(Sources& sources) {
    const Polygon& outline = *sources.outline;
    clip_ways(sources.osm, outline);
    clip_areas(sources.areas, outline);
    for (auto& [section, features] : sources.layers) {
        if (section != "buildings") {
            clip_layer(features, outline);
        }
    }
}

} // namespace veste
