#include "city/street_graph.hpp"

#include <algorithm>
#include <cmath>

namespace veste {
namespace {

constexpr double sign_reach_m = 60.0; ///< a sign this far from the next junction still means it

/// A point of a way: an OSM node, or where the way meets the border.
struct Vertex {
    Vec2 at{0.0, 0.0};
    std::uint32_t osm = no_index;
};

/// The part of a segment inside the bounds as shares of its length; false where none is.
bool clip(const Vec2& a, const Vec2& b, const Box2& box, double& begin, double& end) {
    begin = 0.0;
    end = 1.0;
    for (int axis = 0; axis < 2; ++axis) {
        const double d = b[axis] - a[axis];
        if (std::abs(d) < 1e-12) {
            if (a[axis] < box.low[axis] || a[axis] > box.high[axis]) {
                return false;
            }
            continue;
        }
        double t0 = (box.low[axis] - a[axis]) / d;
        double t1 = (box.high[axis] - a[axis]) / d;
        if (t0 > t1) {
            std::swap(t0, t1);
        }
        begin = std::max(begin, t0);
        end = std::min(end, t1);
    }
    return begin < end;
}

class GraphReader {
public:
    GraphReader(const OsmData& osm, const VehicleWays& ways, const Box2& bounds,
                const StreetOptions& options)
        : osm_(osm), ways_(ways), bounds_(bounds) {
        graph_.raw.is_left_hand = options.is_left_hand;
        node_of_.assign(osm.nodes.size(), no_index);
        has_crossing_.assign(osm.nodes.size(), 0);
    }

    StreetGraph read() {
        for (std::size_t w = 0; w < ways_.ways.size(); ++w) {
            for (const std::vector<Vertex>& part : parts_inside(osm_.ways[ways_.ways[w]])) {
                add_streets(w, part);
            }
        }
        for (const OpenCrossing& open : open_crossings_) {
            RawCrossing crossing = open.crossing;
            crossing.signalled_node = open.signal == no_index ? no_index : node_of_[open.signal];
            graph_.raw.crossings.push_back(crossing);
        }
        const std::vector<std::size_t> degree = degrees();
        find_ends_of_data(degree);
        read_signs(degree);
        return std::move(graph_);
    }

private:
    struct OpenCrossing {
        RawCrossing crossing;
        std::uint32_t signal = no_index; ///< OSM node
    };

    std::vector<std::vector<Vertex>> parts_inside(const OsmWay& way) const {
        std::vector<std::vector<Vertex>> parts;
        std::vector<Vertex> part;
        const auto finish = [&] {
            if (part.size() >= 2) {
                parts.push_back(part);
            }
            part.clear();
        };
        for (std::size_t i = 1; i < way.nodes.size(); ++i) {
            const Vertex a{osm_.nodes[way.nodes[i - 1]].at, way.nodes[i - 1]};
            const Vertex b{osm_.nodes[way.nodes[i]].at, way.nodes[i]};
            double begin = 0.0;
            double end = 1.0;
            if (!bounds_.is_empty() && !clip(a.at, b.at, bounds_, begin, end)) {
                finish();
                continue;
            }
            if (part.empty()) {
                part.push_back(begin > 0.0 ? Vertex{a.at + begin * (b.at - a.at), no_index} : a);
            }
            part.push_back(end < 1.0 ? Vertex{a.at + end * (b.at - a.at), no_index} : b);
            if (end < 1.0) {
                finish();
            }
        }
        finish();
        return parts;
    }

    std::uint32_t raw_node(const Vertex& v, bool is_cut) {
        if (v.osm != no_index && node_of_[v.osm] != no_index) {
            graph_.raw.nodes[node_of_[v.osm]].is_border |= is_cut;
            return node_of_[v.osm];
        }
        const auto index = static_cast<std::uint32_t>(graph_.raw.nodes.size());
        RawNode node;
        node.at = v.at;
        if (v.osm != no_index) {
            node_of_[v.osm] = index;
            node.osm_ids = {osm_.nodes[v.osm].id};
            node.is_mini_roundabout = tag(osm_.nodes[v.osm].tags, "highway") == "mini_roundabout";
            node.is_signalled = ways_.is_signalled[v.osm] != 0;
            node.signal_osm_ids = ways_.signal_ids[v.osm];
        }
        node.is_border = v.osm == no_index || is_cut;
        graph_.raw.nodes.push_back(std::move(node));
        return index;
    }

    void add_streets(std::size_t w, const std::vector<Vertex>& part) {
        const OsmWay& way = osm_.ways[ways_.ways[w]];
        std::size_t first = 0;
        for (std::size_t i = 1; i < part.size(); ++i) {
            const bool is_last = i + 1 == part.size();
            const bool is_split = part[i].osm == no_index || ways_.is_split[part[i].osm] != 0;
            if (!is_last && !is_split) {
                continue;
            }
            const std::vector<Vertex> piece(part.begin() + static_cast<std::ptrdiff_t>(first),
                                            part.begin() + static_cast<std::ptrdiff_t>(i) + 1);
            const bool is_cut_start = first == 0 && way.is_cut_at_start;
            const bool is_cut_end = is_last && way.is_cut_at_end;
            if (piece.front().osm != no_index && piece.front().osm == piece.back().osm &&
                piece.size() >= 3) {
                // A loop is opened in its middle.
                const auto middle = static_cast<std::ptrdiff_t>(piece.size() / 2);
                add_street(w, {piece.begin(), piece.begin() + middle + 1}, false, false);
                add_street(w, {piece.begin() + middle, piece.end()}, false, false);
            } else {
                add_street(w, piece, is_cut_start, is_cut_end);
            }
            first = i;
        }
    }

    void add_street(std::size_t w, const std::vector<Vertex>& piece, bool is_cut_start,
                    bool is_cut_end) {
        Polyline line;
        for (const Vertex& v : piece) {
            line.push_back(v.at);
        }
        if (length_m(line) < 0.01) {
            return;
        }
        const StreetTags& tags = ways_.tags[w];
        const std::uint32_t from = raw_node(piece.front(), is_cut_start);
        const std::uint32_t to = raw_node(piece.back(), is_cut_end);
        const auto index = static_cast<std::uint32_t>(graph_.raw.edges.size());
        ++graph_.streets;
        graph_.streets_without_speed += tags.is_speed_assumed ? 1 : 0;
        graph_.streets_without_lanes += tags.are_lanes_assumed ? 1 : 0;
        if (!tags.forward.empty()) {
            add_edge(w, from, to, line, true);
        }
        if (!tags.backward.empty()) {
            add_edge(w, to, from, Polyline(line.rbegin(), line.rend()), false);
        }
        if (!tags.forward.empty() && !tags.backward.empty()) {
            graph_.raw.edges[index].opposite = index + 1;
            graph_.raw.edges[index + 1].opposite = index;
        }
        if (tags.highway != Highway::Cycleway) {
            add_crossings(index, piece, tags.forward.empty());
        }
    }

    void add_edge(std::size_t w, std::uint32_t from, std::uint32_t to, Polyline line,
                  bool is_forward) {
        const StreetTags& tags = ways_.tags[w];
        RawEdge edge;
        edge.from = from;
        edge.to = to;
        edge.line = std::move(line);
        edge.lanes = is_forward ? tags.forward : tags.backward;
        edge.speed_mps = is_forward ? tags.forward_mps : tags.backward_mps;
        edge.is_speed_assumed = tags.is_speed_assumed;
        edge.are_lanes_assumed = tags.are_lanes_assumed;
        edge.is_bridge = tags.is_bridge;
        edge.is_tunnel = tags.is_tunnel;
        edge.is_roundabout = tags.is_roundabout;
        edge.is_link = tags.is_link;
        edge.level = tags.level;
        edge.highway = tags.highway;
        edge.osm_way = osm_.ways[ways_.ways[w]].id;
        edge.name = tags.name;
        graph_.raw.edges.push_back(std::move(edge));
        along_way_.push_back(is_forward ? 1 : 0);
        vertices_.emplace_back();
    }

    void add_crossings(std::uint32_t edge, const std::vector<Vertex>& piece, bool is_reversed) {
        double along = 0.0;
        const double length = length_m(graph_.raw.edges[edge].line);
        for (std::size_t i = 0; i < piece.size(); ++i) {
            along += i > 0 ? (piece[i].at - piece[i - 1].at).norm() : 0.0;
            const std::uint32_t osm = piece[i].osm;
            if (osm == no_index) {
                continue;
            }
            vertices_[edge].emplace_back(is_reversed ? length - along : along, osm);
            if (ways_.crossing[osm] >= 0 && has_crossing_[osm] == 0) {
                has_crossing_[osm] = 1;
                open_crossings_.push_back(
                    {{edge, is_reversed ? length - along : along,
                      static_cast<CrossingKind>(ways_.crossing[osm]), no_index, osm_.nodes[osm].id},
                     ways_.signalled_by[osm]});
            }
        }
    }

    /// How many streets meet at each node.
    std::vector<std::size_t> degrees() const {
        std::vector<std::size_t> degree(graph_.raw.nodes.size(), 0);
        for (std::uint32_t e = 0; e < graph_.raw.edges.size(); ++e) {
            if (graph_.raw.edges[e].opposite == no_index || graph_.raw.edges[e].opposite > e) {
                ++degree[graph_.raw.edges[e].from];
                ++degree[graph_.raw.edges[e].to];
            }
        }
        return degree;
    }

    /// A main street that ends blindly goes on outside the data.
    void find_ends_of_data(const std::vector<std::size_t>& degree) {
        std::vector<std::uint8_t> is_end_told(graph_.raw.nodes.size(), 0);
        for (std::size_t osm = 0; osm < node_of_.size(); ++osm) {
            if (node_of_[osm] != no_index && tag(osm_.nodes[osm].tags, "noexit") == "yes") {
                is_end_told[node_of_[osm]] = 1;
            }
        }
        for (const RawEdge& edge : graph_.raw.edges) {
            for (const std::uint32_t node : {edge.from, edge.to}) {
                const bool is_end = degree[node] == 1 && is_end_told[node] == 0;
                graph_.raw.nodes[node].is_border |= is_end && edge.highway <= Highway::Tertiary;
            }
        }
    }

    /// Give-way and stop signs count for the direction that reaches its junction next.
    void read_signs(const std::vector<std::size_t>& degree) {
        for (std::uint32_t e = 0; e < graph_.raw.edges.size(); ++e) {
            for (const auto& [along, osm] : vertices_[e]) {
                const std::string& kind = tag(osm_.nodes[osm].tags, "highway");
                if (kind == "give_way" || kind == "stop") {
                    read_sign(e, along, osm, kind == "stop", degree);
                }
            }
        }
    }

    void read_sign(std::uint32_t e, double along, std::uint32_t osm, bool is_stop,
                   const std::vector<std::size_t>& degree) {
        RawEdge& edge = graph_.raw.edges[e];
        const Tags& tags = osm_.nodes[osm].tags;
        const std::uint32_t node = node_of_[osm];
        const double length = length_m(edge.line);
        if (node != no_index && degree[node] >= 3) {
            const std::string& reach = tag(tags, "stop");
            graph_.raw.nodes[node].is_all_way_stop |= is_stop && reach == "all";
            return;
        }
        const std::string& direction = tag(tags, "direction");
        bool counts_here = edge.opposite == no_index || along > 0.5 * length;
        if (edge.opposite != no_index && (direction == "forward" || direction == "backward")) {
            counts_here = (direction == "forward") == (along_way_[e] != 0);
        }
        RawEdge& own = counts_here ? edge : graph_.raw.edges[edge.opposite];
        const double rest = counts_here ? length - along : along;
        if (rest <= sign_reach_m && degree[own.to] >= 3) {
            own.must_give_way = true;
            own.must_stop = own.must_stop || is_stop;
        }
    }

    const OsmData& osm_;
    const VehicleWays& ways_;
    Box2 bounds_;
    StreetGraph graph_;
    std::vector<std::uint32_t> node_of_; ///< raw node of each OSM node
    std::vector<std::uint8_t> has_crossing_;
    std::vector<std::uint8_t> along_way_; ///< for each edge: runs as its way is drawn
    std::vector<std::vector<std::pair<double, std::uint32_t>>> vertices_; ///< along, OSM node
    std::vector<OpenCrossing> open_crossings_;
};

} // namespace

VehicleClasses classes_of(const RawEdge& edge) {
    unsigned set = 0;
    for (const RawLane& lane : edge.lanes) {
        set |= lane.allowed;
    }
    return static_cast<VehicleClasses>(set);
}

StreetGraph read_street_graph(const OsmData& osm, const VehicleWays& ways, const Box2& bounds,
                              const StreetOptions& options) {
    return GraphReader(osm, ways, bounds, options).read();
}

} // namespace veste
