#include "city/street_graph.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

constexpr double approach_m = 45.0;        ///< a signal stands this near before its junction
constexpr double stop_line_reach_m = 25.0; ///< a signal stands this near before its crossing
constexpr double crossing_reach_m = 35.0; ///< a crossing this near belongs to the junction's signal
constexpr double at_junction_m = 12.0;    ///< a signalled crossing here makes a signalled junction

bool is_set(const std::string& value) {
    return !value.empty() && value != "no";
}

/// Kind of a crossing by the tags of its node or of its footway.
CrossingKind crossing_kind(const Tags& tags) {
    const std::string& kind = tag(tags, "crossing");
    const bool has_lights = kind == "traffic_signals" || is_set(tag(tags, "crossing:signals")) ||
                            tag(tags, "highway") == "traffic_signals";
    if (has_lights) {
        return CrossingKind::Signalled;
    }
    // OSM's "uncontrolled" means marked but without lights.
    const bool is_marked = kind == "zebra" || kind == "marked" || kind == "uncontrolled" ||
                           is_set(tag(tags, "crossing_ref")) ||
                           is_set(tag(tags, "crossing:markings"));
    return is_marked ? CrossingKind::Zebra : CrossingKind::Uncontrolled;
}

bool is_crossing_way(const Tags& tags) {
    const std::string& highway = tag(tags, "highway");
    return (highway == "footway" && tag(tags, "footway") == "crossing") ||
           (highway == "path" && tag(tags, "path") == "crossing");
}

bool is_crossing_node(const Tags& tags) {
    const std::string& highway = tag(tags, "highway");
    const std::string& crossing = tag(tags, "crossing");
    return (highway == "crossing" && crossing != "no") ||
           (highway == "traffic_signals" && is_set(crossing));
}

bool carries_motors(const StreetTags& tags) {
    return tags.highway != Highway::Cycleway;
}

void find_crossings(const OsmData& osm, VehicleWays& ways) {
    std::vector<std::uint8_t> is_on_street(osm.nodes.size(), 0);
    for (std::size_t w = 0; w < ways.ways.size(); ++w) {
        if (carries_motors(ways.tags[w])) {
            for (const std::uint32_t node : osm.ways[ways.ways[w]].nodes) {
                is_on_street[node] = 1;
            }
        }
    }
    ways.crossing.assign(osm.nodes.size(), -1);
    for (const OsmWay& way : osm.ways) {
        if (!is_crossing_way(way.tags) || tag(way.tags, "crossing") == "no") {
            continue;
        }
        for (const std::uint32_t node : way.nodes) {
            if (is_on_street[node] != 0) {
                ways.crossing[node] = static_cast<std::int8_t>(crossing_kind(way.tags));
            }
        }
    }
    for (std::size_t i = 0; i < osm.nodes.size(); ++i) {
        if (is_on_street[i] != 0 && is_crossing_node(osm.nodes[i].tags)) {
            ways.crossing[i] = static_cast<std::int8_t>(crossing_kind(osm.nodes[i].tags));
        }
    }
}

struct Neighbour {
    std::uint32_t node = no_index;
    bool may_go = false;  ///< a vehicle may drive there
    bool is_main = false; ///< not a service road or track
    bool is_forward = false;
    double length_m = 0.0;
};

class SignalPlacer {
public:
    SignalPlacer(const OsmData& osm, VehicleWays& ways) : osm_(osm), ways_(ways) {
        neighbours_.resize(osm.nodes.size());
        for (std::size_t w = 0; w < ways.ways.size(); ++w) {
            if (!carries_motors(ways.tags[w])) {
                continue;
            }
            const StreetTags& tags = ways.tags[w];
            const bool is_main = tags.highway < Highway::Service;
            const std::vector<std::uint32_t>& nodes = osm.ways[ways.ways[w]].nodes;
            for (std::size_t i = 1; i < nodes.size(); ++i) {
                const double length = (osm.nodes[nodes[i]].at - osm.nodes[nodes[i - 1]].at).norm();
                neighbours_[nodes[i - 1]].push_back(
                    {nodes[i], !tags.forward.empty(), is_main, true, length});
                neighbours_[nodes[i]].push_back(
                    {nodes[i - 1], !tags.backward.empty(), is_main, false, length});
            }
        }
    }

    void place() {
        for (std::uint32_t i = 0; i < osm_.nodes.size(); ++i) {
            const bool has_signal = tag(osm_.nodes[i].tags, "highway") == "traffic_signals";
            if (has_signal && !neighbours_[i].empty()) {
                place_signal(i);
            }
        }
        for (std::uint32_t i = 0; i < osm_.nodes.size(); ++i) {
            const bool is_signalled =
                ways_.crossing[i] == static_cast<std::int8_t>(CrossingKind::Signalled);
            if (is_signalled && ways_.signalled_by[i] == no_index && !neighbours_[i].empty()) {
                place_crossing(i);
            }
        }
    }

private:
    struct Found {
        std::uint32_t node = no_index;
        double distance_m = 0.0;
    };

    std::size_t main_degree(std::uint32_t node) const {
        return static_cast<std::size_t>(
            std::count_if(neighbours_[node].begin(), neighbours_[node].end(),
                          [](const Neighbour& n) { return n.is_main; }));
    }

    bool is_junction(std::uint32_t node) const { return neighbours_[node].size() >= 3; }

    /// The junction met first on the way from a node; mere driveways are passed by.
    Found junction_from(std::uint32_t node, const Neighbour& first, double limit_m) const {
        std::uint32_t before = node;
        Found at{first.node, first.length_m};
        while (at.distance_m <= limit_m) {
            const std::vector<Neighbour>& next = neighbours_[at.node];
            const bool only_driveways = first.is_main && main_degree(at.node) == 2;
            if (next.size() >= 3 && !only_driveways) {
                return at;
            }
            const auto onward = std::find_if(next.begin(), next.end(), [&](const Neighbour& n) {
                return n.node != before && (!only_driveways || n.is_main);
            });
            if (onward == next.end()) {
                break;
            }
            before = at.node;
            at = {onward->node, at.distance_m + onward->length_m};
        }
        return {};
    }

    template <class Accept>
    Found nearest_junction(std::uint32_t node, double limit_m, const Accept& accept) const {
        Found best;
        for (const Neighbour& n : neighbours_[node]) {
            const Found found = accept(n) ? junction_from(node, n, limit_m) : Found{};
            const bool is_nearer = best.node == no_index || found.distance_m < best.distance_m;
            if (found.node != no_index && is_nearer) {
                best = found;
            }
        }
        return best;
    }

    /// A crossing a few metres along the same street, where the signal is its stop line.
    std::uint32_t crossing_near(std::uint32_t node) const {
        if (ways_.crossing[node] >= 0) {
            return no_index;
        }
        for (const Neighbour& first : neighbours_[node]) {
            std::uint32_t before = node;
            Found at{first.node, first.length_m};
            while (at.distance_m <= stop_line_reach_m && neighbours_[at.node].size() == 2) {
                if (ways_.crossing[at.node] >= 0) {
                    return at.node;
                }
                const std::vector<Neighbour>& next = neighbours_[at.node];
                const Neighbour& onward = next[0].node == before ? next[1] : next[0];
                before = at.node;
                at = {onward.node, at.distance_m + onward.length_m};
            }
        }
        return no_index;
    }

    void add_signal(std::uint32_t junction, std::uint32_t signal) {
        ways_.is_signalled[junction] = 1;
        ways_.signal_ids[junction].push_back(osm_.nodes[signal].id);
        if (ways_.crossing[signal] >= 0) {
            ways_.signalled_by[signal] = junction;
        }
    }

    void place_signal(std::uint32_t node) {
        const Tags& tags = osm_.nodes[node].tags;
        if (is_junction(node)) {
            add_signal(node, node);
            return;
        }
        const std::string& kind = tag(tags, "traffic_signals");
        const bool is_for_people = kind == "pedestrian_crossing" || kind == "crossing";
        const std::string& direction = tag(tags, "traffic_signals:direction");
        const Found junction =
            is_for_people ? Found{}
                          : nearest_junction(node, approach_m, [&direction](const Neighbour& n) {
                                return n.may_go && (direction != "forward" || n.is_forward) &&
                                       (direction != "backward" || !n.is_forward);
                            });
        if (junction.node != no_index) {
            add_signal(junction.node, node);
        } else if (const std::uint32_t crossing = crossing_near(node); crossing != no_index) {
            ways_.crossing[crossing] = static_cast<std::int8_t>(CrossingKind::Signalled);
            stand_alone(crossing);
            ways_.signal_ids[crossing].push_back(osm_.nodes[node].id);
        } else if (ways_.crossing[node] >= 0 || is_for_people) {
            ways_.crossing[node] = static_cast<std::int8_t>(CrossingKind::Signalled);
            stand_alone(node);
        } else {
            ways_.signals_without_place.push_back(node);
        }
    }

    void place_crossing(std::uint32_t node) {
        if (is_junction(node)) {
            add_signal(node, node);
            return;
        }
        const auto any = [](const Neighbour&) { return true; };
        Found junction = nearest_junction(node, crossing_reach_m, any);
        // Prefer a junction that has a signal anyway.
        for (const Neighbour& n : neighbours_[node]) {
            const Found found = junction_from(node, n, crossing_reach_m);
            if (found.node != no_index && ways_.is_signalled[found.node] != 0) {
                ways_.signalled_by[node] = found.node;
                return;
            }
        }
        if (junction.node != no_index && junction.distance_m < at_junction_m) {
            add_signal(junction.node, node);
        } else {
            stand_alone(node);
        }
    }

    void stand_alone(std::uint32_t node) {
        ways_.is_split[node] = 1;
        add_signal(node, node);
    }

    const OsmData& osm_;
    VehicleWays& ways_;
    std::vector<std::vector<Neighbour>> neighbours_;
};

} // namespace

VehicleWays find_vehicle_ways(const OsmData& osm, const StreetOptions& options) {
    VehicleWays ways;
    ways.is_split.assign(osm.nodes.size(), 0);
    ways.is_signalled.assign(osm.nodes.size(), 0);
    ways.signalled_by.assign(osm.nodes.size(), no_index);
    ways.signal_ids.resize(osm.nodes.size());
    std::vector<std::uint8_t> is_used(osm.nodes.size(), 0);
    for (std::uint32_t w = 0; w < osm.ways.size(); ++w) {
        const OsmWay& way = osm.ways[w];
        std::optional<StreetTags> tags = street_tags(way.tags, options);
        if (!tags || way.nodes.size() < 2) {
            continue;
        }
        ways.ways.push_back(w);
        ways.tags.push_back(std::move(*tags));
        for (const std::uint32_t node : way.nodes) {
            ways.is_split[node] |= is_used[node];
            is_used[node] = 1;
        }
        ways.is_split[way.nodes.front()] = 1;
        ways.is_split[way.nodes.back()] = 1;
    }
    find_crossings(osm, ways);
    return ways;
}

void place_signals(const OsmData& osm, VehicleWays& ways) {
    SignalPlacer(osm, ways).place();
}

} // namespace veste
