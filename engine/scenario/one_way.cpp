#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <map>
#include <queue>

/// One-way streets: which direction of a street leads towards a place is told by the order of its
/// junctions along it, so that bends do not matter.
namespace veste::scenario_file {
namespace {

/// Distances along some edges, whatever their direction, from the ends that lie nearest to a spot:
/// one end for each part that hangs together.
class AlongStreet {
public:
    AlongStreet(const StreetNetwork& streets, const std::vector<EdgeId>& edges, const Vec2& spot)
        : streets_(streets) {
        for (const EdgeId id : edges) {
            const Edge& edge = streets.edge(id);
            links_[edge.from.index].push_back(id);
            links_[edge.to.index].push_back(id);
        }
        std::vector<std::pair<double, std::uint32_t>> ends;
        for (const auto& [node, links] : links_) {
            ends.emplace_back((streets.nodes[node].at - spot).norm(), node);
        }
        std::sort(ends.begin(), ends.end());
        for (const auto& [away_m, node] : ends) {
            if (!distance_m_.contains(node)) {
                spread_from(node);
            }
        }
    }

    bool leads_there(const Edge& edge) const {
        return distance_m_.at(edge.to.index) <= distance_m_.at(edge.from.index);
    }

private:
    /// Dijkstra (1959).
    void spread_from(std::uint32_t start) {
        using Item = std::pair<double, std::uint32_t>;
        std::priority_queue<Item, std::vector<Item>, std::greater<>> front;
        front.emplace(0.0, start);
        while (!front.empty()) {
            const auto [at_m, node] = front.top();
            front.pop();
            if (!distance_m_.emplace(node, at_m).second) {
                continue;
            }
            for (const EdgeId id : links_.at(node)) {
                const Edge& edge = streets_.edge(id);
                const std::uint32_t other =
                    edge.from.index == node ? edge.to.index : edge.from.index;
                front.emplace(at_m + edge.length_m, other);
            }
        }
    }

    const StreetNetwork& streets_;
    std::map<std::uint32_t, std::vector<EdgeId>> links_;
    std::map<std::uint32_t, double> distance_m_;
};

} // namespace

std::optional<Action> read_one_way(Section& section, Reading& reading) {
    const Ways ways = find_ways(reading, section);
    const auto towards = find_spot(reading, section, "towards");
    if (ways.edges.empty() || !towards) {
        if (!ways.text.empty() && ways.edges.empty()) {
            section.problem(ways.text + ": no street is found there");
        }
        return std::nullopt;
    }
    const StreetNetwork& streets = reading.city.streets;
    const AlongStreet along(streets, ways.edges, *towards);
    MakeOneWay change;
    std::size_t turned_round = 0;
    for (const EdgeId id : ways.edges) {
        const Edge& edge = streets.edge(id);
        if (along.leads_there(edge)) {
            continue;
        }
        if (edge.opposite.is_valid()) {
            change.closed_edges.push_back(id);
        } else {
            ++turned_round;
        }
    }
    if (change.closed_edges.empty() && turned_round > 0) {
        section.problem("towards", ways.text + " is one-way the other way already; nobody could "
                                               "drive there any more");
        return std::nullopt;
    }
    if (change.closed_edges.empty()) {
        section.problem(ways.text + ": is one-way in this direction already");
        return std::nullopt;
    }
    if (turned_round > 0) {
        reading.warn_at(section.place(),
                        fmt::format("{}{}: {} parts are one-way the other way already and stay so",
                                    section.label(), ways.text, turned_round));
    }
    return Action{std::move(change), "make one-way " + ways.text};
}

} // namespace veste::scenario_file
