#include "traffic/reachability.hpp"

#include <algorithm>

namespace veste::traffic {
namespace {

/// Lane after lane for one class, in both directions.
struct Graph {
    Lists<std::uint32_t> next;
    Lists<std::uint32_t> previous;
    std::vector<std::uint8_t> is_allowed;
};

Graph graph_of(const Roads& roads, VehicleClass c) {
    std::vector<std::vector<std::uint32_t>> next(roads.lanes);
    std::vector<std::vector<std::uint32_t>> previous(roads.lanes);
    Graph graph;
    const auto join = [&](std::uint32_t from, std::uint32_t to) {
        next[from].push_back(to);
        previous[to].push_back(from);
    };
    for (std::uint32_t lane = 0; lane < roads.lanes; ++lane) {
        graph.is_allowed.push_back(roads.allows(lane, c));
        for (const Onward& link : roads.onward.of(lane)) {
            if (has(link.classes, c)) {
                join(lane, link.lane);
            }
        }
        const bool has_neighbour =
            lane + 1 < roads.lanes && roads.edge[lane] == roads.edge[lane + 1];
        if (has_neighbour && roads.can_change_on(roads.edge[lane]) && roads.allows(lane, c) &&
            roads.allows(lane + 1, c)) {
            join(lane, lane + 1);
            join(lane + 1, lane);
        }
    }
    graph.next.fill(next);
    graph.previous.fill(previous);
    return graph;
}

/// The members of the largest strongly connected part (the first found of equal ones).
std::vector<std::uint32_t> largest_part(const Graph& graph) {
    constexpr std::uint32_t unseen = UINT32_MAX;
    const std::size_t lanes = graph.is_allowed.size();
    std::vector<std::uint32_t> index(lanes, unseen);
    std::vector<std::uint32_t> low(lanes, 0);
    std::vector<std::uint8_t> is_open(lanes, 0);
    std::vector<std::uint32_t> open;
    std::vector<std::uint32_t> best;
    std::uint32_t counter = 0;
    struct Frame {
        std::uint32_t lane;
        std::size_t child;
    };
    std::vector<Frame> stack;
    const auto enter = [&](std::uint32_t lane) {
        index[lane] = low[lane] = counter++;
        open.push_back(lane);
        is_open[lane] = 1;
        stack.push_back({lane, 0});
    };
    const auto leave = [&](std::uint32_t lane) {
        if (low[lane] != index[lane]) {
            return;
        }
        std::vector<std::uint32_t> part;
        while (true) {
            const std::uint32_t member = open.back();
            open.pop_back();
            is_open[member] = 0;
            part.push_back(member);
            if (member == lane) {
                break;
            }
        }
        if (part.size() > best.size()) {
            best = std::move(part);
        }
    };
    for (std::uint32_t root = 0; root < lanes; ++root) {
        if (index[root] != unseen || graph.is_allowed[root] == 0) {
            continue;
        }
        enter(root);
        while (!stack.empty()) {
            const std::uint32_t lane = stack.back().lane;
            const auto children = graph.next.of(lane);
            if (stack.back().child < children.size()) {
                const std::uint32_t child = children[stack.back().child++];
                if (index[child] == unseen) {
                    enter(child);
                } else if (is_open[child] != 0) {
                    low[lane] = std::min(low[lane], index[child]);
                }
                continue;
            }
            stack.pop_back();
            leave(lane);
            if (!stack.empty()) {
                const std::uint32_t parent = stack.back().lane;
                low[parent] = std::min(low[parent], low[lane]);
            }
        }
    }
    return best;
}

/// Marks the edges of all lanes that `front` leads to.
std::vector<std::uint8_t> spread(const Roads& roads, std::vector<std::uint32_t> front,
                                 const Lists<std::uint32_t>& neighbours) {
    std::vector<std::uint8_t> is_seen(roads.lanes, 0);
    std::vector<std::uint8_t> is_marked(roads.streets.edges.size(), 0);
    for (const std::uint32_t lane : front) {
        is_seen[lane] = 1;
    }
    while (!front.empty()) {
        const std::uint32_t lane = front.back();
        front.pop_back();
        is_marked[roads.edge[lane]] = 1;
        for (const std::uint32_t other : neighbours.of(lane)) {
            if (is_seen[other] == 0) {
                is_seen[other] = 1;
                front.push_back(other);
            }
        }
    }
    return is_marked;
}

} // namespace

Reachability find_reachability(const Roads& roads, VehicleClass c) {
    const Graph graph = graph_of(roads, c);
    const std::vector<std::uint32_t> core = largest_part(graph);
    return {spread(roads, core, graph.previous), spread(roads, core, graph.next)};
}

} // namespace veste::traffic
