#include "city/street_network.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

class Checker {
public:
    explicit Checker(const StreetNetwork& network) : n_(network) {}

    std::vector<std::string> run() {
        if (check_ids()) {
            check_lanes();
            check_connections();
            check_signals();
            check_crossings();
        }
        return std::move(problems_);
    }

private:
    template <class... Args>
    void expect(bool is_true, fmt::format_string<Args...> text, Args&&... args) {
        if (!is_true) {
            problems_.push_back(fmt::format(text, std::forward<Args>(args)...));
        }
    }

    /// Everything else relies on ids in range.
    bool check_ids() {
        for (std::size_t i = 0; i < n_.edges.size(); ++i) {
            const Edge& e = n_.edges[i];
            const bool has_opposite = e.opposite.is_valid();
            expect(e.from.index < n_.nodes.size() && e.to.index < n_.nodes.size(),
                   "edge {}: node out of range", i);
            expect(e.lanes > 0 && e.first_lane.index + e.lanes <= n_.lanes.size(),
                   "edge {}: lanes out of range", i);
            expect(!has_opposite || (e.opposite.index < n_.edges.size() &&
                                     n_.edge(e.opposite).opposite == EdgeId(i)),
                   "edge {}: opposite {} is not mutual", i, e.opposite.index);
            expect(e.line.size() >= 2 && e.length_m > 0.0, "edge {}: no length", i);
        }
        check_ids_of_lanes();
        check_ids_of_nodes();
        return problems_.empty();
    }

    void check_ids_of_lanes() {
        for (std::size_t i = 0; i < n_.lanes.size(); ++i) {
            const Lane& l = n_.lanes[i];
            expect(l.edge.index < n_.edges.size(), "lane {}: edge out of range", i);
            expect(l.first_connection + l.connections <= n_.connections.size(),
                   "lane {}: connections out of range", i);
        }
        for (std::size_t i = 0; i < n_.connections.size(); ++i) {
            const Connection& c = n_.connections[i];
            expect(c.from.index < n_.lanes.size() && c.to.index < n_.lanes.size() &&
                       c.node.index < n_.nodes.size(),
                   "connection {}: id out of range", i);
            for (const Conflict& conflict : c.conflicts) {
                expect(conflict.other.index < n_.connections.size(),
                       "connection {}: conflict out of range", i);
            }
        }
    }

    void check_ids_of_nodes() {
        for (std::size_t i = 0; i < n_.nodes.size(); ++i) {
            const Node& node = n_.nodes[i];
            expect(!node.signal.is_valid() || (node.signal.index < n_.signals.size() &&
                                               n_.signals[node.signal.index].node == NodeId(i)),
                   "node {}: signal is not mutual", i);
            for (const std::vector<EdgeId>* list : {&node.incoming, &node.outgoing}) {
                for (const EdgeId id : *list) {
                    expect(id.index < n_.edges.size(), "node {}: edge out of range", i);
                }
            }
        }
    }

    void check_lanes() {
        for (std::size_t i = 0; i < n_.lanes.size(); ++i) {
            const Lane& l = n_.lanes[i];
            expect(n_.lane_of(l.edge, l.index) == LaneId(i), "lane {}: wrong place", i);
            expect(l.allowed != 0, "lane {}: lets nobody in", i);
            expect(l.line.size() >= 2 && l.length_m > 0.1 &&
                       std::abs(length_m(l.line) - l.length_m) < 1e-6,
                   "lane {} of way {}: length {} m", i, n_.edge(l.edge).osm_way, l.length_m);
            for (std::uint32_t k = 0; k < l.connections; ++k) {
                expect(n_.connections[l.first_connection + k].from == LaneId(i),
                       "lane {}: connection {} starts elsewhere", i, l.first_connection + k);
            }
        }
    }

    void check_connections() {
        std::size_t counted = 0;
        for (const Lane& l : n_.lanes) {
            counted += l.connections;
        }
        expect(counted == n_.connections.size(), "{} connections belong to lanes, of {}", counted,
               n_.connections.size());
        for (std::size_t i = 0; i < n_.connections.size(); ++i) {
            const Connection& c = n_.connections[i];
            const Edge& from = n_.edge(n_.lane(c.from).edge);
            const Edge& to = n_.edge(n_.lane(c.to).edge);
            expect(from.to == c.node && to.from == c.node, "connection {}: wrong node", i);
            expect(c.allowed != 0 &&
                       (c.allowed & n_.lane(c.from).allowed & n_.lane(c.to).allowed) == c.allowed,
                   "connection {}: lets in whom its lanes do not", i);
            expect(c.length_m > 0.0 && c.line.size() >= 2 && c.speed_mps > 0.0,
                   "connection {} at node {}: length {} m, speed {} m/s", i, c.node.index,
                   c.length_m, c.speed_mps);
            for (const Conflict& conflict : c.conflicts) {
                check_conflict(i, c, conflict);
            }
        }
    }

    void check_conflict(std::size_t i, const Connection& c, const Conflict& conflict) {
        const Connection& other = n_.connection(conflict.other);
        const auto back =
            std::find_if(other.conflicts.begin(), other.conflicts.end(),
                         [i](const Conflict& x) { return x.other == ConnectionId(i); });
        expect(other.node == c.node, "connection {}: conflict at another node", i);
        expect(back != other.conflicts.end(), "connection {}: conflict with {} is not mutual", i,
               conflict.other.index);
        if (back == other.conflicts.end()) {
            return;
        }
        expect(back->must_yield != conflict.must_yield,
               "connections {} and {}: not exactly one yields", i, conflict.other.index);
        expect(conflict.begin_m >= 0.0 && conflict.begin_m <= conflict.end_m &&
                   conflict.end_m <= c.length_m + 1e-9 && back->begin_m == conflict.other_begin_m &&
                   back->end_m == conflict.other_end_m,
               "connection {}: conflict stretch with {} is not within it", i, conflict.other.index);
    }

    void check_signals() {
        for (std::size_t s = 0; s < n_.signals.size(); ++s) {
            const Signal& signal = n_.signals[s];
            expect(!signal.plans.empty() && !signal.name.empty(), "signal {}: no plan or name", s);
            for (const SignalPlan& plan : signal.plans) {
                expect(plan.cycle_s() > 0.0, "signal {}: no cycle", s);
                for (const SignalPhase& phase : plan.phases) {
                    expect(phase.lights.size() == signal.links && phase.duration_s > 0.0,
                           "signal {}: phase of {} lights for {} links", s, phase.lights.size(),
                           signal.links);
                }
            }
        }
        for (std::size_t i = 0; i < n_.connections.size(); ++i) {
            check_lights(i, n_.connections[i]);
        }
    }

    void check_lights(std::size_t i, const Connection& c) {
        const SignalId id = n_.node(c.node).signal;
        if (!id.is_valid()) {
            expect(c.signal_link == UINT32_MAX, "connection {}: link without a signal", i);
            return;
        }
        const Signal& signal = n_.signals[id.index];
        expect(c.signal_link < signal.links, "connection {}: signal link out of range", i);
        if (c.signal_link >= signal.links) {
            return;
        }
        bool has_go = false;
        for (const SignalPhase& phase : signal.plans.front().phases) {
            const Light own = phase.lights[c.signal_link];
            has_go = has_go || own == Light::Green || own == Light::GreenYield;
            for (const Conflict& conflict : c.conflicts) {
                const Light other = phase.lights[n_.connection(conflict.other).signal_link];
                expect(own != Light::Green || other != Light::Green,
                       "signal {}: connections {} and {} conflict and both have green", id.index, i,
                       conflict.other.index);
            }
        }
        expect(has_go, "signal {}: connection {} never has green", id.index, i);
    }

    /// While people have green, vehicles that pass the crossing may at most yield to them.
    void check_people(std::size_t k, const Crossing& crossing, const Connection& c) {
        const Signal& signal = n_.signals[crossing.signal.index];
        const bool is_over = c.node == signal.node &&
                             std::any_of(crossing.places.begin(), crossing.places.end(),
                                         [&](const CrossingPlace& place) {
                                             return place.lane.is_valid()
                                                        ? place.lane == c.from || place.lane == c.to
                                                        : &n_.connection(place.connection) == &c;
                                         });
        if (!is_over) {
            return;
        }
        for (const SignalPhase& phase : signal.plans.front().phases) {
            expect(phase.lights[crossing.signal_link] != Light::Green ||
                       phase.lights[c.signal_link] != Light::Green,
                   "signal {}: crossing {} and vehicles over it both have green",
                   crossing.signal.index, k);
        }
    }

    void check_crossings() {
        for (std::size_t k = 0; k < n_.crossings.size(); ++k) {
            const Crossing& crossing = n_.crossings[k];
            expect(!crossing.places.empty(), "crossing {} (OSM {}) crosses no lane", k,
                   crossing.osm_id);
            const bool is_signalled = crossing.kind == CrossingKind::Signalled;
            expect(is_signalled == crossing.signal.is_valid(),
                   "crossing {}: signalled without a signal or the reverse", k);
            if (is_signalled && crossing.signal.is_valid()) {
                expect(crossing.signal.index < n_.signals.size() &&
                           crossing.signal_link < n_.signals[crossing.signal.index].links,
                       "crossing {}: signal link out of range", k);
                for (const Connection& c : n_.connections) {
                    check_people(k, crossing, c);
                }
            }
            for (const CrossingPlace& place : crossing.places) {
                expect(place.lane.is_valid() != place.connection.is_valid(),
                       "crossing {}: place on a lane or on a connection", k);
                const double length = place.lane.is_valid()
                                          ? n_.lane(place.lane).length_m
                                          : n_.connection(place.connection).length_m;
                expect(place.at_m >= 0.0 && place.at_m <= length,
                       "crossing {}: place {} m beyond {} m", k, place.at_m, length);
            }
        }
    }

    const StreetNetwork& n_;
    std::vector<std::string> problems_;
};

} // namespace

std::vector<std::string> validate_street_network(const StreetNetwork& network) {
    return Checker(network).run();
}

} // namespace veste
