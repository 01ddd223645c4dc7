#include "traffic/reachability.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

/// Edge after edge for one class, in both directions.
struct Graph {
    Lists<std::uint32_t> next;
    Lists<std::uint32_t> previous;
    std::vector<std::uint8_t> is_allowed;
};

Graph graph_of(const Roads& roads, VehicleClass c) {
    const std::size_t edges = roads.streets.edges.size();
    std::vector<std::vector<std::uint32_t>> next(edges);
    std::vector<std::vector<std::uint32_t>> previous(edges);
    Graph graph;
    for (std::uint32_t e = 0; e < edges; ++e) {
        graph.is_allowed.push_back(roads.streets.allows(EdgeId(e), c));
        for (const Successor& s : roads.successors.of(e)) {
            if (has(s.classes, c)) {
                next[e].push_back(s.edge);
                previous[s.edge].push_back(e);
            }
        }
    }
    graph.next.fill(next);
    graph.previous.fill(previous);
    return graph;
}

/// The members of the largest strongly connected part (the first found of equal ones).
std::vector<std::uint32_t> largest_part(const Graph& graph) {
    constexpr std::uint32_t unseen = UINT32_MAX;
    const std::size_t edges = graph.is_allowed.size();
    std::vector<std::uint32_t> index(edges, unseen);
    std::vector<std::uint32_t> low(edges, 0);
    std::vector<std::uint8_t> is_open(edges, 0);
    std::vector<std::uint32_t> open;
    std::vector<std::uint32_t> best;
    std::uint32_t counter = 0;
    struct Frame {
        std::uint32_t edge;
        std::size_t child;
    };
    std::vector<Frame> stack;
    const auto enter = [&](std::uint32_t edge) {
        index[edge] = low[edge] = counter++;
        open.push_back(edge);
        is_open[edge] = 1;
        stack.push_back({edge, 0});
    };
    const auto leave = [&](std::uint32_t edge) {
        if (low[edge] != index[edge]) {
            return;
        }
        std::vector<std::uint32_t> part;
        while (true) {
            const std::uint32_t member = open.back();
            open.pop_back();
            is_open[member] = 0;
            part.push_back(member);
            if (member == edge) {
                break;
            }
        }
        if (part.size() > best.size()) {
            best = std::move(part);
        }
    };
    for (std::uint32_t root = 0; root < edges; ++root) {
        if (index[root] != unseen || graph.is_allowed[root] == 0) {
            continue;
        }
        enter(root);
        while (!stack.empty()) {
            const std::uint32_t edge = stack.back().edge;
            const auto children = graph.next.of(edge);
            if (stack.back().child < children.size()) {
                const std::uint32_t child = children[stack.back().child++];
                if (index[child] == unseen) {
                    enter(child);
                } else if (is_open[child] != 0) {
                    low[edge] = std::min(low[edge], index[child]);
                }
                continue;
            }
            stack.pop_back();
            leave(edge);
            if (!stack.empty()) {
                const std::uint32_t parent = stack.back().edge;
                low[parent] = std::min(low[parent], low[edge]);
            }
        }
    }
    return best;
}

std::vector<std::uint8_t> spread(std::vector<std::uint32_t> front,
                                 const Lists<std::uint32_t>& neighbours, std::size_t edges) {
    std::vector<std::uint8_t> is_seen(edges, 0);
    for (const std::uint32_t e : front) {
        is_seen[e] = 1;
    }
    while (!front.empty()) {
        const std::uint32_t e = front.back();
        front.pop_back();
        for (const std::uint32_t other : neighbours.of(e)) {
            if (is_seen[other] == 0) {
                is_seen[other] = 1;
                front.push_back(other);
            }
        }
    }
    return is_seen;
}

} // namespace

Reachability find_reachability(const Roads& roads, VehicleClass c) {
    const Graph graph = graph_of(roads, c);
    const std::vector<std::uint32_t> core = largest_part(graph);
    const std::size_t edges = roads.streets.edges.size();
    return {spread(core, graph.previous, edges), spread(core, graph.next, edges)};
}

} // namespace veste::traffic
