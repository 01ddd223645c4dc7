#include "city/street_graph.hpp"

#include <algorithm>
#include <numeric>

/// The part of the network in which every edge can be reached from every other, class by class.
namespace veste {
namespace {

constexpr std::uint32_t unseen = no_index;

/// For one vehicle class: edges as vertices, movements as arcs.
struct ClassGraph {
    std::vector<std::vector<std::uint32_t>> next;
    std::vector<std::vector<std::uint32_t>> previous;
    std::vector<std::uint8_t> is_open; ///< the edge lets the class in
};

ClassGraph graph_of(const RawStreets& raw, VehicleClasses one) {
    ClassGraph g;
    g.next.resize(raw.edges.size());
    g.previous.resize(raw.edges.size());
    for (const RawEdge& edge : raw.edges) {
        g.is_open.push_back((classes_of(edge) & one) != 0 ? 1 : 0);
    }
    for (const RawMovement& m : raw.movements) {
        if ((m.allowed & one) != 0 && g.is_open[m.from] != 0 && g.is_open[m.to] != 0) {
            g.next[m.from].push_back(m.to);
            g.previous[m.to].push_back(m.from);
        }
    }
    return g;
}

/// Strongly connected components (Tarjan 1972), without recursion.
class Components {
public:
    explicit Components(const ClassGraph& g)
        : g_(g), component_(g.next.size(), unseen), order_(g.next.size(), unseen),
          low_(g.next.size(), 0) {}

    /// A component number for each edge.
    std::vector<std::uint32_t> find() {
        for (std::uint32_t start = 0; start < g_.next.size(); ++start) {
            if (g_.is_open[start] != 0 && order_[start] == unseen) {
                visit_from(start);
            }
        }
        return std::move(component_);
    }

private:
    void visit_from(std::uint32_t start) {
        std::vector<std::pair<std::uint32_t, std::size_t>> path = {{start, 0}};
        while (!path.empty()) {
            auto& [at, child] = path.back();
            if (child == 0) {
                order_[at] = low_[at] = counter_++;
                stack_.push_back(at);
            }
            if (child < g_.next[at].size()) {
                const std::uint32_t to = g_.next[at][child++];
                if (order_[to] == unseen) {
                    path.emplace_back(to, 0);
                } else if (component_[to] == unseen) {
                    low_[at] = std::min(low_[at], order_[to]);
                }
                continue;
            }
            const std::uint32_t done = at;
            path.pop_back();
            if (!path.empty()) {
                low_[path.back().first] = std::min(low_[path.back().first], low_[done]);
            }
            if (low_[done] == order_[done]) {
                close_component(done);
            }
        }
    }

    void close_component(std::uint32_t root) {
        std::uint32_t member = unseen;
        do {
            member = stack_.back();
            stack_.pop_back();
            component_[member] = components_;
        } while (member != root);
        ++components_;
    }

    const ClassGraph& g_;
    std::vector<std::uint32_t> component_;
    std::vector<std::uint32_t> order_;
    std::vector<std::uint32_t> low_;
    std::vector<std::uint32_t> stack_;
    std::uint32_t counter_ = 0;
    std::uint32_t components_ = 0;
};

/// Marks everything reached from the edges marked.
std::vector<std::uint8_t> reached_from(std::vector<std::uint8_t> is_marked,
                                       const std::vector<std::vector<std::uint32_t>>& next) {
    std::vector<std::uint32_t> open;
    for (std::uint32_t e = 0; e < is_marked.size(); ++e) {
        if (is_marked[e] != 0) {
            open.push_back(e);
        }
    }
    while (!open.empty()) {
        const std::uint32_t e = open.back();
        open.pop_back();
        for (const std::uint32_t to : next[e]) {
            if (is_marked[to] == 0) {
                is_marked[to] = 1;
                open.push_back(to);
            }
        }
    }
    return is_marked;
}

struct Kept {
    std::vector<std::uint8_t> core;
    std::vector<std::uint8_t> entry;
    std::vector<std::uint8_t> exit;
};

Kept kept_for(const RawStreets& raw, const ClassGraph& g,
              const std::vector<std::uint8_t>& car_core) {
    const std::size_t n = raw.edges.size();
    const std::vector<std::uint32_t> component = Components(g).find();
    std::vector<double> size_m(n, 0.0);
    for (std::size_t e = 0; e < n; ++e) {
        // Other classes belong to the part where cars are.
        if (component[e] != unseen && (car_core.empty() || car_core[e] != 0)) {
            size_m[component[e]] += length_m(raw.edges[e].line);
        }
    }
    const auto largest =
        static_cast<std::uint32_t>(std::max_element(size_m.begin(), size_m.end()) - size_m.begin());
    Kept kept{std::vector<std::uint8_t>(n, 0), std::vector<std::uint8_t>(n, 0),
              std::vector<std::uint8_t>(n, 0)};
    if (n == 0 || size_m[largest] <= 0.0) {
        return kept;
    }
    std::vector<std::uint8_t> from_border(n, 0);
    std::vector<std::uint8_t> to_border(n, 0);
    for (std::size_t e = 0; e < n; ++e) {
        kept.core[e] = component[e] == largest ? 1 : 0;
        from_border[e] = g.is_open[e] != 0 && raw.nodes[raw.edges[e].from].is_border ? 1 : 0;
        to_border[e] = g.is_open[e] != 0 && raw.nodes[raw.edges[e].to].is_border ? 1 : 0;
    }
    const auto into_core = reached_from(kept.core, g.previous);
    const auto out_of_core = reached_from(kept.core, g.next);
    from_border = reached_from(std::move(from_border), g.next);
    to_border = reached_from(std::move(to_border), g.previous);
    for (std::size_t e = 0; e < n; ++e) {
        kept.entry[e] = kept.core[e] == 0 && into_core[e] != 0 && from_border[e] != 0 ? 1 : 0;
        kept.exit[e] = kept.core[e] == 0 && out_of_core[e] != 0 && to_border[e] != 0 ? 1 : 0;
    }
    return kept;
}

} // namespace

LeftOut keep_connected(StreetGraph& graph) {
    RawStreets& raw = graph.raw;
    LeftOut out;
    std::vector<std::uint8_t> car_core;
    std::vector<unsigned> allowed(raw.edges.size(), 0);
    for (int c = 0; c < vehicle_class_count; ++c) {
        const VehicleClasses one = bit(static_cast<VehicleClass>(c));
        const Kept kept = kept_for(raw, graph_of(raw, one), car_core);
        for (std::size_t e = 0; e < raw.edges.size(); ++e) {
            if (kept.core[e] != 0 || kept.entry[e] != 0 || kept.exit[e] != 0) {
                allowed[e] |= one;
            }
            if (c == 0) {
                out.entries += kept.entry[e];
                out.exits += kept.exit[e];
            }
        }
        if (c == 0) {
            car_core = kept.core;
        }
    }
    std::vector<std::uint8_t> is_kept(raw.edges.size(), 0);
    for (std::size_t e = 0; e < raw.edges.size(); ++e) {
        RawEdge& edge = raw.edges[e];
        for (RawLane& lane : edge.lanes) {
            lane.allowed = static_cast<VehicleClasses>(lane.allowed & allowed[e]);
        }
        std::erase_if(edge.lanes, [](const RawLane& lane) { return lane.allowed == 0; });
        is_kept[e] = edge.lanes.empty() ? 0 : 1;
        if (edge.lanes.empty()) {
            ++out.edges;
            out.length_m += length_m(edge.line);
        }
    }
    for (RawMovement& m : raw.movements) {
        m.allowed = static_cast<VehicleClasses>(m.allowed & allowed[m.from] & allowed[m.to]);
    }
    std::erase_if(raw.movements, [](const RawMovement& m) { return m.allowed == 0; });
    keep_edges(graph, is_kept);
    return out;
}

} // namespace veste
