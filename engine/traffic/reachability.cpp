#include "traffic/reachability.hpp"

#include <algorithm>
#include <utility>

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

/// Finds the largest strongly connected part (Tarjan 1972; the first found of equal ones), without
/// recursion: lanes make deep graphs.
class LargestPart {
public:
    explicit LargestPart(const Graph& graph)
        : graph_(graph), index_(graph.is_allowed.size(), unseen), low_(index_.size(), 0),
          is_open_(index_.size(), 0) {}

    std::vector<std::uint32_t> find() {
        for (std::uint32_t root = 0; root < index_.size(); ++root) {
            if (index_[root] == unseen && graph_.is_allowed[root] != 0) {
                enter(root);
                while (!stack_.empty()) {
                    go_on();
                }
            }
        }
        return std::move(best_);
    }

private:
    static constexpr std::uint32_t unseen = UINT32_MAX;
    struct Frame {
        std::uint32_t lane;
        std::size_t child;
    };

    void enter(std::uint32_t lane) {
        index_[lane] = low_[lane] = counter_++;
        open_.push_back(lane);
        is_open_[lane] = 1;
        stack_.push_back({lane, 0});
    }

    /// Looks at the next child of the last lane entered, or leaves the lane.
    void go_on() {
        const std::uint32_t lane = stack_.back().lane;
        const auto children = graph_.next.of(lane);
        if (stack_.back().child == children.size()) {
            leave(lane);
            return;
        }
        const std::uint32_t child = children[stack_.back().child++];
        if (index_[child] == unseen) {
            enter(child);
        } else if (is_open_[child] != 0) {
            low_[lane] = std::min(low_[lane], index_[child]);
        }
    }

    void leave(std::uint32_t lane) {
        stack_.pop_back();
        if (low_[lane] == index_[lane]) {
            close_part(lane);
        }
        if (!stack_.empty()) {
            const std::uint32_t parent = stack_.back().lane;
            low_[parent] = std::min(low_[parent], low_[lane]);
        }
    }

    /// All lanes still open since `root` was entered are a part.
    void close_part(std::uint32_t root) {
        const auto begin = std::find(open_.rbegin(), open_.rend(), root).base() - 1;
        std::vector<std::uint32_t> part(begin, open_.end());
        open_.erase(begin, open_.end());
        for (const std::uint32_t member : part) {
            is_open_[member] = 0;
        }
        if (part.size() > best_.size()) {
            best_ = std::move(part);
        }
    }

    const Graph& graph_;
    std::vector<std::uint32_t> index_;
    std::vector<std::uint32_t> low_;
    std::vector<std::uint8_t> is_open_;
    std::vector<std::uint32_t> open_;
    std::vector<Frame> stack_;
    std::vector<std::uint32_t> best_;
    std::uint32_t counter_ = 0;
};

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
    const std::vector<std::uint32_t> core = LargestPart(graph).find();
    return {spread(roads, core, graph.previous), spread(roads, core, graph.next)};
}

} // namespace veste::traffic
