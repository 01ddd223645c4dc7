#include "base/units.hpp"
#include "city/street_stages.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

/// Fixed-time plans: approaches that face each other share a phase, turns across wait for a gap,
/// people cross beside the traffic that goes straight on, or in a phase of their own.
namespace veste {
namespace {

constexpr double least_green_s = 8.0;
constexpr double all_red_s = 2.0;
constexpr double fast_yellow_s = 4.0; ///< at 60 km/h and more
constexpr double fast_mps = kmh_to_mps(60.0) - 0.01;
constexpr double least_walk_s = 7.0;       ///< people may start
constexpr double clearing_mps = 1.2;       ///< slow walkers, for the time to clear a crossing
constexpr double cycle_per_phase_s = 30.0; ///< 60 s for two phases, 90 s for three and more
constexpr double longest_cycle_s = 90.0;

bool is_go(Light light) {
    return light == Light::Green || light == Light::GreenYield;
}

/// A phase without its yellow and red parts.
struct Stage {
    std::vector<Light> lights;
    std::size_t lanes = 1;
    double yellow_s = 3.0;
    double walk_s = 0.0;     ///< least time for people to start
    double clearing_s = 0.0; ///< time people need to get off the longest crossing
    double green_s = 0.0;
    /// Time to clear that yellow and all-red do not give, whole seconds.
    double clearing_rest_s() const {
        return std::ceil(std::max(0.0, clearing_s - yellow_s - all_red_s));
    }
    double least_s() const { return std::max(least_green_s, walk_s + clearing_rest_s()); }
};

class Planner {
public:
    Planner(Assembly& a, std::size_t node) : a_(a), network_(a.network), index_(node) {
        for (const EdgeId id : network_.nodes[node].incoming) {
            const Edge& edge = network_.edge(id);
            for (std::uint32_t k = 0; k < edge.lanes; ++k) {
                const Lane& lane = network_.lane(network_.lane_of(id, k));
                for (std::uint32_t i = 0; i < lane.connections; ++i) {
                    connections_.push_back(lane.first_connection + i);
                    origins_.push_back(id);
                }
            }
        }
        for (std::uint32_t c = 0; c < a.raw.crossings.size(); ++c) {
            if (a.raw.crossings[c].signalled_node == node) {
                crossings_.push_back(c);
            }
        }
    }

    void plan() {
        if (connections_.empty()) {
            return;
        }
        const SignalId id(network_.signals.size());
        number_links(id);
        std::vector<Stage> stages;
        for (const std::vector<EdgeId>& group : groups()) {
            stages.push_back(stage_of(group));
        }
        add_walking_stage(stages);
        Signal signal;
        signal.node = NodeId(index_);
        signal.name = name();
        signal.links = static_cast<std::uint32_t>(connections_.size() + crossings_.size());
        signal.osm_ids = a_.raw.nodes[index_].signal_osm_ids;
        signal.plans.push_back(timed(stages));
        network_.nodes[index_].signal = id;
        network_.signals.push_back(std::move(signal));
    }

private:
    void number_links(SignalId id) {
        for (std::uint32_t i = 0; i < connections_.size(); ++i) {
            network_.connections[connections_[i]].signal_link = i;
        }
        for (std::uint32_t i = 0; i < crossings_.size(); ++i) {
            Crossing& crossing = network_.crossings[crossings_[i]];
            crossing.kind = CrossingKind::Signalled;
            crossing.signal = id;
            crossing.signal_link = static_cast<std::uint32_t>(connections_.size()) + i;
        }
    }

    /// Approaches that go together: each with those that face it or run beside it.
    std::vector<std::vector<EdgeId>> groups() const {
        std::vector<EdgeId> open = network_.nodes[index_].incoming;
        std::vector<std::vector<EdgeId>> groups;
        const auto heading = [this](EdgeId id) { return direction_at_end(a_.trimmed[id.index]); };
        while (!open.empty()) {
            std::vector<EdgeId> group = {open.front()};
            const Vec2 first = heading(open.front());
            open.erase(open.begin());
            std::erase_if(open, [&](EdgeId id) {
                const double angle = std::abs(turn_angle_deg(first, heading(id)));
                const bool goes_along = angle > 135.0 || angle < 30.0;
                if (goes_along) {
                    group.push_back(id);
                }
                return goes_along;
            });
            groups.push_back(std::move(group));
        }
        return groups;
    }

    /// Under lights only turns decide who waits; among equal turns the rules for a dark signal.
    bool must_wait(const Connection& own, const Conflict& conflict) const {
        const Connection& other = network_.connection(conflict.other);
        const int own_rank = turn_rank(own.turn, a_.raw.is_left_hand);
        const int other_rank = turn_rank(other.turn, a_.raw.is_left_hand);
        return own_rank != other_rank ? own_rank > other_rank : conflict.must_yield;
    }

    Stage stage_of(const std::vector<EdgeId>& group) const {
        Stage stage;
        stage.lights.assign(connections_.size() + crossings_.size(), Light::Red);
        const auto is_in_group = [&group](EdgeId id) {
            return std::find(group.begin(), group.end(), id) != group.end();
        };
        for (const EdgeId id : group) {
            stage.lanes = std::max<std::size_t>(stage.lanes, network_.edge(id).lanes);
            if (network_.edge(id).speed_limit_mps >= fast_mps) {
                stage.yellow_s = fast_yellow_s;
            }
        }
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            if (is_in_group(origins_[i])) {
                stage.lights[i] = Light::Green;
            }
        }
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            const Connection& own = network_.connections[connections_[i]];
            for (const Conflict& conflict : own.conflicts) {
                const std::uint32_t link = network_.connection(conflict.other).signal_link;
                if (is_go(stage.lights[i]) && is_go(stage.lights[link]) &&
                    must_wait(own, conflict)) {
                    stage.lights[i] = Light::GreenYield;
                }
            }
        }
        open_crossings(stage, is_in_group);
        return stage;
    }

    /// Places of a crossing on connections of this node, as positions in connections_; a crossing
    /// on a lane touches every connection to or from that lane.
    std::vector<std::size_t> over(const Crossing& crossing) const {
        std::vector<std::size_t> list;
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            const Connection& c = network_.connections[connections_[i]];
            for (const CrossingPlace& place : crossing.places) {
                const bool is_on_lane =
                    place.lane.is_valid() && (place.lane == c.from || place.lane == c.to);
                if (place.connection == ConnectionId(connections_[i]) || is_on_lane) {
                    list.push_back(i);
                    break;
                }
            }
        }
        return list;
    }

    template <class InGroup> void open_crossings(Stage& stage, const InGroup& is_in_group) const {
        for (std::size_t k = 0; k < crossings_.size(); ++k) {
            const Crossing& crossing = network_.crossings[crossings_[k]];
            const RawEdge& street = a_.raw.edges[a_.raw.crossings[crossings_[k]].edge];
            const EdgeId own(a_.raw.crossings[crossings_[k]].edge);
            const bool is_approach = is_in_group(own) || (street.opposite != no_index &&
                                                          is_in_group(EdgeId(street.opposite)));
            const std::vector<std::size_t> touched = over(crossing);
            const bool is_free = std::all_of(touched.begin(), touched.end(), [&](std::size_t i) {
                const Turn turn = network_.connections[connections_[i]].turn;
                return !is_go(stage.lights[i]) || turn == Turn::Left || turn == Turn::Right;
            });
            if (is_approach || !is_free) {
                continue;
            }
            open(stage, k);
            for (const std::size_t i : touched) {
                if (is_go(stage.lights[i])) {
                    stage.lights[i] = Light::GreenYield;
                }
            }
        }
    }

    void open(Stage& stage, std::size_t crossing) const {
        const Crossing& c = network_.crossings[crossings_[crossing]];
        stage.lights[connections_.size() + crossing] = Light::Green;
        stage.walk_s = least_walk_s;
        stage.clearing_s = std::max(stage.clearing_s, (c.to - c.from).norm() / clearing_mps);
    }

    /// Crossings that no stage opens get one of their own.
    void add_walking_stage(std::vector<Stage>& stages) const {
        Stage walking;
        walking.lights.assign(connections_.size() + crossings_.size(), Light::Red);
        bool is_needed = false;
        for (std::size_t k = 0; k < crossings_.size(); ++k) {
            const bool is_open = std::any_of(stages.begin(), stages.end(), [&](const Stage& s) {
                return is_go(s.lights[connections_.size() + k]);
            });
            if (!is_open) {
                open(walking, k);
                is_needed = true;
            }
        }
        if (is_needed) {
            stages.push_back(std::move(walking));
        }
    }

    SignalPlan timed(std::vector<Stage>& stages) const {
        const double wanted =
            std::min(longest_cycle_s,
                     cycle_per_phase_s * std::max<double>(2.0, static_cast<double>(stages.size())));
        double left = wanted;
        double lanes = 0.0;
        for (Stage& stage : stages) {
            stage.green_s = stage.least_s();
            left -= stage.green_s + stage.yellow_s + all_red_s;
            lanes += is_for_people(stage) ? 0.0 : static_cast<double>(stage.lanes);
        }
        // By lanes, in whole seconds; what is left over goes to the first.
        double given = 0.0;
        for (Stage& stage : stages) {
            if (left > 0.0 && !is_for_people(stage)) {
                const double extra = std::floor(left * static_cast<double>(stage.lanes) / lanes);
                stage.green_s += extra;
                given += extra;
            }
        }
        stages.front().green_s += std::max(0.0, left - given);
        SignalPlan plan;
        plan.name = "fixed time";
        plan.is_assumed = true;
        for (const Stage& stage : stages) {
            append(stage, plan);
        }
        return plan;
    }

    bool is_for_people(const Stage& stage) const {
        const auto vehicles = static_cast<std::ptrdiff_t>(connections_.size());
        return std::none_of(stage.lights.begin(), stage.lights.begin() + vehicles, is_go);
    }

    /// Green; green for vehicles only while people clear; yellow; all red.
    void append(const Stage& stage, SignalPlan& plan) const {
        const double clearing = stage.walk_s > 0.0 ? stage.clearing_rest_s() : 0.0;
        plan.phases.push_back({stage.green_s - clearing, stage.lights});
        std::vector<Light> lights = stage.lights;
        for (std::size_t k = connections_.size(); k < lights.size(); ++k) {
            lights[k] = Light::Red;
        }
        if (clearing > 0.0) {
            plan.phases.push_back({clearing, lights});
        }
        for (Light& light : lights) {
            light = is_go(light) ? Light::Yellow : Light::Red;
        }
        plan.phases.push_back({stage.yellow_s, lights});
        plan.phases.push_back({all_red_s, std::vector<Light>(lights.size(), Light::Red)});
    }

    std::string name() const {
        std::vector<std::pair<int, std::string>> names;
        const Node& node = network_.nodes[index_];
        for (const std::vector<EdgeId>* list : {&node.incoming, &node.outgoing}) {
            for (const EdgeId id : *list) {
                const Edge& e = network_.edge(id);
                const bool is_new =
                    std::none_of(names.begin(), names.end(),
                                 [&e](const auto& known) { return known.second == e.name; });
                if (!e.name.empty() && is_new) {
                    names.emplace_back(static_cast<int>(e.highway), e.name);
                }
            }
        }
        std::sort(names.begin(), names.end());
        if (names.size() >= 2) {
            return names[0].second + " / " + names[1].second;
        }
        const std::vector<std::int64_t>& ids = a_.raw.nodes[index_].signal_osm_ids;
        const std::string own =
            fmt::format("signal {}", ids.empty() ? static_cast<std::int64_t>(index_) : ids.front());
        return names.empty() ? own : names[0].second + ", " + own;
    }

    Assembly& a_;
    StreetNetwork& network_;
    std::size_t index_;
    std::vector<std::uint32_t> connections_; ///< link i
    std::vector<EdgeId> origins_;
    std::vector<std::uint32_t> crossings_; ///< link connections + i
};

} // namespace

void make_signal_plans(Assembly& a) {
    for (std::size_t node = 0; node < a.raw.nodes.size(); ++node) {
        if (a.raw.nodes[node].is_signalled) {
            Planner(a, node).plan();
        }
    }
    for (Crossing& crossing : a.network.crossings) {
        if (crossing.kind == CrossingKind::Signalled && !crossing.signal.is_valid()) {
            crossing.kind = CrossingKind::Zebra;
        }
    }
}

} // namespace veste
