#include "city/street_graph.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

/// Junctions that the map draws as several nodes: where a street crosses both carriageways of a
/// dual one, and signalled nodes a few metres apart.
namespace veste {
namespace {

constexpr double shortest_m = 1.5; ///< too short for a vehicle to stand on
constexpr double always_m = 8.0;   ///< junctions nearer than this are one
constexpr double longest_m = 25.0; ///< of a street inside a merged junction
constexpr double widest_m = 50.0;  ///< of a merged junction

/// One street (both directions) between two nodes.
struct Link {
    std::uint32_t a = no_index;
    std::uint32_t b = no_index;
    std::uint32_t edge = no_index;
    double length_m = 0.0;
};

class Merger {
public:
    explicit Merger(StreetGraph& graph) : graph_(graph), raw_(graph.raw) {
        parent_.resize(raw_.nodes.size());
        std::iota(parent_.begin(), parent_.end(), 0U);
        for (const RawNode& node : raw_.nodes) {
            boxes_.emplace_back();
            boxes_.back().extend(node.at);
        }
        streets_at_.resize(raw_.nodes.size());
        for (std::uint32_t e = 0; e < raw_.edges.size(); ++e) {
            const RawEdge& edge = raw_.edges[e];
            if (edge.opposite == no_index || edge.opposite > e) {
                streets_at_[edge.from].push_back(e);
                streets_at_[edge.to].push_back(e);
            }
        }
    }

    void merge() {
        join_nodes();
        find_internal();
        rewrite();
    }

private:
    std::uint32_t root(std::uint32_t node) {
        while (parent_[node] != node) {
            parent_[node] = parent_[parent_[node]];
            node = parent_[node];
        }
        return node;
    }

    bool touches_ring(std::uint32_t node) const {
        return std::any_of(streets_at_[node].begin(), streets_at_[node].end(),
                           [this](std::uint32_t e) { return raw_.edges[e].is_roundabout; });
    }

    bool is_for_motors(std::uint32_t e) const { return raw_.edges[e].highway != Highway::Cycleway; }

    /// At least three arms that carry motor traffic.
    bool is_junction(std::uint32_t node) const {
        return std::count_if(streets_at_[node].begin(), streets_at_[node].end(),
                             [this](std::uint32_t e) { return is_for_motors(e); }) >= 3;
    }

    /// Direction of the one-way street that passes a node across a link; zero where there is none.
    Vec2 one_way_across(std::uint32_t node, std::uint32_t link, const Vec2& along) const {
        for (const std::uint32_t in : streets_at_[node]) {
            const RawEdge& arriving = raw_.edges[in];
            if (in == link || arriving.opposite != no_index || arriving.to != node ||
                !is_for_motors(in)) {
                continue;
            }
            for (const std::uint32_t out : streets_at_[node]) {
                const RawEdge& leaving = raw_.edges[out];
                if (out == link || leaving.opposite != no_index || leaving.from != node) {
                    continue;
                }
                const std::size_t n = arriving.line.size();
                Vec2 first = (arriving.line[n - 1] - arriving.line[n - 2]).normalized();
                const Vec2 second = (leaving.line[1] - leaving.line[0]).normalized();
                if (first.dot(second) > 0.7 && std::abs(first.dot(along)) < 0.7) {
                    return first;
                }
            }
        }
        return Vec2::Zero();
    }

    bool crosses_dual_carriageway(const Link& link) const {
        const Vec2 along = (raw_.nodes[link.b].at - raw_.nodes[link.a].at).normalized();
        const Vec2 first = one_way_across(link.a, link.edge, along);
        const Vec2 second = one_way_across(link.b, link.edge, along);
        return first.dot(second) < -0.7;
    }

    bool belongs_together(const Link& link) const {
        const RawEdge& edge = raw_.edges[link.edge];
        if (!is_for_motors(link.edge) || !is_on_one_level(link)) {
            return false;
        }
        if (link.length_m < shortest_m) {
            return true;
        }
        if (link.length_m > longest_m || edge.is_roundabout || touches_ring(link.a) ||
            touches_ring(link.b)) {
            return false;
        }
        if (!is_junction(link.a) || !is_junction(link.b)) {
            return false;
        }
        const bool are_signalled =
            raw_.nodes[link.a].is_signalled && raw_.nodes[link.b].is_signalled;
        return link.length_m < always_m || are_signalled || crosses_dual_carriageway(link);
    }

    /// The street between lies on the level of another arm at both ends: it is no ramp.
    bool is_on_one_level(const Link& link) const {
        const std::int8_t level = raw_.edges[link.edge].level;
        const auto has_level = [&](std::uint32_t node) {
            return streets_at_[node].size() == 1 ||
                   std::any_of(streets_at_[node].begin(), streets_at_[node].end(),
                               [&](std::uint32_t e) {
                                   return e != link.edge && raw_.edges[e].level == level;
                               });
        };
        return has_level(link.a) && has_level(link.b);
    }

    void join_nodes() {
        std::vector<Link> links;
        for (std::uint32_t e = 0; e < raw_.edges.size(); ++e) {
            const RawEdge& edge = raw_.edges[e];
            if ((edge.opposite == no_index || edge.opposite > e) && edge.from != edge.to) {
                const Link link{edge.from, edge.to, e, length_m(edge.line)};
                if (belongs_together(link)) {
                    links.push_back(link);
                }
            }
        }
        std::stable_sort(links.begin(), links.end(),
                         [](const Link& x, const Link& y) { return x.length_m < y.length_m; });
        for (const Link& link : links) {
            const std::uint32_t a = root(link.a);
            const std::uint32_t b = root(link.b);
            Box2 box = boxes_[a];
            box.extend(boxes_[b].low);
            box.extend(boxes_[b].high);
            if (a != b && box.size_m().norm() <= widest_m) {
                const std::uint32_t low = std::min(a, b);
                parent_[std::max(a, b)] = low;
                boxes_[low] = box;
            }
        }
    }

    void find_internal() {
        is_internal_.assign(raw_.edges.size(), 0);
        for (std::size_t e = 0; e < raw_.edges.size(); ++e) {
            const RawEdge& edge = raw_.edges[e];
            const bool is_inside = root(edge.from) == root(edge.to) && edge.from != edge.to;
            is_internal_[e] = is_inside && length_m(edge.line) <= 1.5 * longest_m ? 1 : 0;
        }
    }

    /// Movements into a merged junction and out of it, along the streets inside it.
    std::vector<RawMovement> movements_through() const {
        std::vector<std::vector<RawMovement>> onward(raw_.edges.size());
        for (const RawMovement& m : raw_.movements) {
            onward[m.from].push_back(m);
        }
        std::vector<RawMovement> through;
        for (std::uint32_t e = 0; e < raw_.edges.size(); ++e) {
            if (is_internal_[e] != 0) {
                continue;
            }
            std::map<std::uint32_t, unsigned> reached; // by edge: classes
            std::vector<std::pair<std::uint32_t, unsigned>> open = {{e, all_vehicle_classes}};
            while (!open.empty()) {
                const auto [at, classes] = open.back();
                open.pop_back();
                for (const RawMovement& m : onward[at]) {
                    const unsigned passed = classes & m.allowed;
                    unsigned& known = reached[m.to];
                    if ((passed & ~known) != 0) {
                        known |= passed;
                        if (is_internal_[m.to] != 0) {
                            open.emplace_back(m.to, passed);
                        }
                    }
                }
            }
            for (const auto& [to, classes] : reached) {
                if (is_internal_[to] == 0) {
                    through.push_back({e, to, static_cast<VehicleClasses>(classes)});
                }
            }
        }
        return through;
    }

    /// Rules over a way that now lies inside a junction have become rules of one movement.
    void forbid_over_ways(std::vector<RawMovement>& movements) {
        std::map<std::uint32_t, std::vector<std::int64_t>> ways_inside;
        for (std::size_t e = 0; e < raw_.edges.size(); ++e) {
            if (is_internal_[e] != 0) {
                ways_inside[root(raw_.edges[e].from)].push_back(raw_.edges[e].osm_way);
            }
        }
        for (const ViaWayRule& rule : graph_.via_way_rules) {
            bool is_found = false;
            for (RawMovement& m : movements) {
                const RawEdge& from = raw_.edges[m.from];
                if (from.osm_way != rule.from || raw_.edges[m.to].osm_way != rule.to) {
                    continue;
                }
                const std::vector<std::int64_t>& inside = ways_inside[root(from.to)];
                const bool is_over =
                    std::all_of(rule.via.begin(), rule.via.end(), [&](std::int64_t way) {
                        return std::find(inside.begin(), inside.end(), way) != inside.end();
                    });
                if (is_over) {
                    m.allowed = static_cast<VehicleClasses>(m.allowed & ~rule.forbidden);
                    is_found = true;
                }
            }
            ++(is_found ? graph_.restrictions : graph_.unsupported_restrictions);
        }
        graph_.via_way_rules.clear();
        std::erase_if(movements, [](const RawMovement& m) { return m.allowed == 0; });
    }

    void rewrite() {
        raw_.movements = movements_through();
        forbid_over_ways(raw_.movements);
        move_crossings();
        merge_nodes();
        std::vector<std::uint8_t> is_kept;
        for (const std::uint8_t inside : is_internal_) {
            is_kept.push_back(inside == 0 ? 1 : 0);
        }
        keep_edges(graph_, is_kept);
    }

    /// Crossings on a street inside a junction go to the nearest street around it.
    void move_crossings() {
        for (RawCrossing& crossing : raw_.crossings) {
            if (is_internal_[crossing.edge] == 0) {
                continue;
            }
            const Vec2 at = place_at(raw_.edges[crossing.edge].line, crossing.along_m).at;
            const std::uint32_t own = root(raw_.edges[crossing.edge].from);
            double best = 1e9;
            std::uint32_t found = no_index;
            double along = 0.0;
            for (std::uint32_t e = 0; e < raw_.edges.size(); ++e) {
                const RawEdge& edge = raw_.edges[e];
                if (is_internal_[e] != 0 || !is_for_motors(e)) {
                    continue;
                }
                if (root(edge.from) == own && (edge.line.front() - at).norm() < best) {
                    best = (edge.line.front() - at).norm();
                    found = e;
                    along = 0.0;
                } else if (root(edge.to) == own && (edge.line.back() - at).norm() < best) {
                    best = (edge.line.back() - at).norm();
                    found = e;
                    along = length_m(edge.line);
                }
            }
            if (found != no_index) {
                crossing.edge = found;
                crossing.along_m = along;
            }
        }
    }

    void merge_nodes() {
        std::vector<std::size_t> members(raw_.nodes.size(), 1);
        std::vector<Vec2> sums;
        for (const RawNode& node : raw_.nodes) {
            sums.push_back(node.at);
        }
        for (std::uint32_t n = 0; n < raw_.nodes.size(); ++n) {
            const std::uint32_t to = root(n);
            if (to == n) {
                continue;
            }
            RawNode& own = raw_.nodes[to];
            const RawNode& other = raw_.nodes[n];
            own.osm_ids.insert(own.osm_ids.end(), other.osm_ids.begin(), other.osm_ids.end());
            own.signal_osm_ids.insert(own.signal_osm_ids.end(), other.signal_osm_ids.begin(),
                                      other.signal_osm_ids.end());
            own.is_signalled = own.is_signalled || other.is_signalled;
            own.is_all_way_stop = own.is_all_way_stop || other.is_all_way_stop;
            own.is_border = own.is_border || other.is_border;
            own.is_mini_roundabout = own.is_mini_roundabout || other.is_mini_roundabout;
            sums[to] += other.at;
            ++members[to];
        }
        for (std::uint32_t n = 0; n < raw_.nodes.size(); ++n) {
            if (members[n] > 1) {
                raw_.nodes[n].at = sums[n] / static_cast<double>(members[n]);
                ++graph_.merged_junctions;
                graph_.merged_nodes += members[n];
            }
        }
        for (RawEdge& edge : raw_.edges) {
            edge.from = root(edge.from);
            edge.to = root(edge.to);
        }
        for (RawCrossing& crossing : raw_.crossings) {
            if (crossing.signalled_node != no_index) {
                crossing.signalled_node = root(crossing.signalled_node);
            }
        }
    }

    StreetGraph& graph_;
    RawStreets& raw_;
    std::vector<std::uint32_t> parent_;
    std::vector<Box2> boxes_;
    std::vector<std::vector<std::uint32_t>> streets_at_;
    std::vector<std::uint8_t> is_internal_;
};

/// Crossings of the edges kept, with their new numbers. A crossing of a street of which one
/// direction goes lies on the other one.
std::vector<RawCrossing> kept_crossings(const RawStreets& raw,
                                        const std::vector<std::uint32_t>& edge_now,
                                        const std::vector<std::uint32_t>& node_now) {
    std::vector<RawCrossing> kept;
    for (RawCrossing crossing : raw.crossings) {
        const RawEdge& old = raw.edges[crossing.edge];
        if (edge_now[crossing.edge] == no_index && old.opposite != no_index &&
            edge_now[old.opposite] != no_index) {
            crossing.along_m = length_m(old.line) - crossing.along_m;
            crossing.edge = old.opposite;
        }
        crossing.edge = edge_now[crossing.edge];
        if (crossing.signalled_node != no_index) {
            crossing.signalled_node = node_now[crossing.signalled_node];
        }
        if (crossing.edge != no_index) {
            kept.push_back(crossing);
        }
    }
    return kept;
}

} // namespace

void keep_edges(StreetGraph& graph, const std::vector<std::uint8_t>& is_kept) {
    RawStreets& raw = graph.raw;
    std::vector<std::uint32_t> edge_now(raw.edges.size(), no_index);
    std::vector<std::uint32_t> node_now(raw.nodes.size(), no_index);
    RawStreets kept;
    kept.is_left_hand = raw.is_left_hand;
    for (std::uint32_t e = 0; e < raw.edges.size(); ++e) {
        if (is_kept[e] != 0) {
            edge_now[e] = static_cast<std::uint32_t>(kept.edges.size());
            kept.edges.push_back(raw.edges[e]);
            node_now[raw.edges[e].from] = node_now[raw.edges[e].to] = 0;
        }
    }
    for (std::uint32_t n = 0; n < raw.nodes.size(); ++n) {
        if (node_now[n] != no_index) {
            node_now[n] = static_cast<std::uint32_t>(kept.nodes.size());
            kept.nodes.push_back(raw.nodes[n]);
        }
    }
    for (RawEdge& edge : kept.edges) {
        edge.from = node_now[edge.from];
        edge.to = node_now[edge.to];
        edge.opposite = edge.opposite == no_index ? no_index : edge_now[edge.opposite];
    }
    for (RawMovement m : raw.movements) {
        m.from = edge_now[m.from];
        m.to = edge_now[m.to];
        if (m.from != no_index && m.to != no_index) {
            kept.movements.push_back(m);
        }
    }
    kept.crossings = kept_crossings(raw, edge_now, node_now);
    raw = std::move(kept);
}

void merge_junctions(StreetGraph& graph) {
    Merger(graph).merge();
}

} // namespace veste
