#include "traffic/roads.hpp"

#include <algorithm>
#include <numeric>

/// What lies around each stop line: the tracks that lead to it, and stop lines too near behind it.
namespace veste::traffic {
namespace {

std::vector<Upstream> upstream_of(const Roads& roads, std::uint32_t lane) {
    std::vector<Upstream> list{{lane, 0, 0.0, true}};
    for (std::uint32_t n = 0; n < list.size(); ++n) {
        const Upstream at = list[n];
        const double to_end_m = at.to_end_m + roads.length_m[at.track];
        if (n > 0 && to_end_m - roads.length_m[lane] > sight_m) {
            continue;
        }
        if (roads.is_lane(at.track)) {
            for (const std::uint32_t k : roads.incoming.of(at.track)) {
                list.push_back({roads.lanes + k, n, to_end_m, at.is_free});
            }
        } else {
            const std::uint32_t k = at.track - roads.lanes;
            const bool is_free = at.is_free && roads.needs_grant[k] == 0;
            list.push_back({roads.from_lane(k), n, to_end_m, is_free});
        }
    }
    // Free tracks first: they are looked at most.
    std::vector<std::uint32_t> order(list.size());
    std::iota(order.begin(), order.end(), std::uint32_t{0});
    std::stable_partition(order.begin(), order.end(),
                          [&](std::uint32_t n) { return list[n].is_free; });
    std::vector<std::uint32_t> place(list.size());
    for (std::uint32_t n = 0; n < order.size(); ++n) {
        place[order[n]] = n;
    }
    std::vector<Upstream> sorted;
    for (const std::uint32_t n : order) {
        sorted.push_back(list[n]);
        sorted.back().next = place[list[n].next];
    }
    return sorted;
}

/// Disjoint sets of nodes (Galler, Fischer 1964); the least node stands for its set.
struct Sets {
    std::vector<std::uint32_t> parent;

    explicit Sets(std::size_t count) : parent(count) {
        std::iota(parent.begin(), parent.end(), std::uint32_t{0});
    }
    std::uint32_t find(std::uint32_t n) {
        while (parent[n] != n) {
            parent[n] = parent[parent[n]];
            n = parent[n];
        }
        return n;
    }
    void join(std::uint32_t a, std::uint32_t b) {
        a = find(a);
        b = find(b);
        parent[std::max(a, b)] = std::min(a, b);
    }
};

/// Walks over the lanes behind a junction where nobody may stand, as far as the next stop lines.
struct Behind {
    const Roads& roads;
    double refuge_m;
    bool is_circle = false;
    std::vector<std::uint32_t> lines{}; ///< lanes that end at a stop line there

    void walk(std::uint32_t lane, double begin_m) {
        const double end_m = begin_m + roads.length_m[lane];
        if (is_circle && !roads.is_circle(lane)) {
            Behind exit{roads, roads.refuge_m(lane)};
            exit.walk(lane, 0.0);
            lines.insert(lines.end(), exit.lines.begin(), exit.lines.end());
            return;
        }
        if (end_m >= refuge_m) {
            return;
        }
        if (roads.has_line[lane] != 0) {
            lines.push_back(lane);
            return;
        }
        const Lane& from = roads.streets.lanes[lane];
        for (std::uint32_t n = 0; n < from.connections; ++n) {
            const std::uint32_t k = from.first_connection + n;
            walk(roads.to_lane(k), end_m + roads.length_m[roads.lanes + k]);
        }
    }
};

} // namespace

std::vector<std::vector<Upstream>> find_upstream(const Roads& roads) {
    std::vector<std::vector<Upstream>> lists;
    for (std::uint32_t lane = 0; lane < roads.lanes; ++lane) {
        lists.push_back(upstream_of(roads, lane));
    }
    return lists;
}

std::vector<Cluster> find_clusters(const Roads& roads) {
    const StreetNetwork& streets = roads.streets;
    const auto node_after = [&](std::uint32_t lane) {
        return streets.edge(streets.lanes[lane].edge).to.index;
    };
    Sets sets(streets.nodes.size());
    for (std::uint32_t k = 0; k < streets.connections.size(); ++k) {
        if (roads.needs_grant[k] == 0) {
            continue;
        }
        const std::uint32_t lane = roads.to_lane(k);
        Behind behind{roads, roads.refuge_m(lane), roads.is_circle(lane)};
        behind.walk(lane, 0.0);
        for (const std::uint32_t line : behind.lines) {
            sets.join(streets.connections[k].node.index, node_after(line));
        }
    }
    std::vector<Cluster> clusters;
    std::vector<std::uint32_t> cluster_of(streets.nodes.size(), none);
    for (std::uint32_t lane = 0; lane < roads.lanes; ++lane) {
        if (roads.has_line[lane] == 0) {
            continue;
        }
        std::uint32_t& index = cluster_of[sets.find(node_after(lane))];
        if (index == none) {
            index = static_cast<std::uint32_t>(clusters.size());
            clusters.emplace_back();
        }
        clusters[index].stop_lanes.push_back(lane);
    }
    return clusters;
}

} // namespace veste::traffic
