#include "city/street_stages.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>

/// Where the paths through a junction meet, and who yields there: a lower road and one with a sign
/// to a higher one, an entry to the roundabout, a turn across to oncoming traffic, and among equals
/// the one that has the other on its kerb side (right before left where traffic keeps right).
namespace veste {
namespace {

constexpr double vehicle_width_m = 2.0;
constexpr double bicycle_width_m = 1.0;
constexpr double sample_m = 0.5;

double width_of(const Connection& c) {
    return c.allowed == bit(VehicleClass::Bicycle) ? bicycle_width_m : vehicle_width_m;
}

struct Stretch {
    double begin_m = 0.0;
    double end_m = 0.0;
};

/// The stretch of a line that lies nearer than `reach_m` to another, if any.
std::optional<Stretch> stretch_near(const Polyline& line, double length, const Polyline& other,
                                    double reach_m) {
    std::optional<Stretch> stretch;
    const int pieces = std::max(1, static_cast<int>(std::ceil(length / sample_m)));
    const double step = length / pieces;
    for (int i = 0; i <= pieces; ++i) {
        const double at = i * step;
        if (nearest_place(other, place_at(line, at).at).distance_m < reach_m) {
            if (!stretch) {
                stretch = Stretch{std::max(0.0, at - 0.5 * step), 0.0};
            }
            stretch->end_m = std::min(length, at + 0.5 * step);
        }
    }
    return stretch;
}

struct Meeting {
    Stretch first;
    Stretch second;
};

std::optional<Meeting> meeting_of(const Connection& a, const Connection& b) {
    const double reach = 0.5 * (width_of(a) + width_of(b));
    Box2 near_a = bounds_of(a.line);
    near_a.low.array() -= reach;
    near_a.high.array() += reach;
    const bool merges = a.to == b.to;
    if (!merges && !near_a.overlaps(bounds_of(b.line))) {
        return std::nullopt;
    }
    std::optional<Stretch> first = stretch_near(a.line, a.length_m, b.line, reach);
    std::optional<Stretch> second = stretch_near(b.line, b.length_m, a.line, reach);
    if (merges) {
        // Both end at the same point, so both stretches are there.
        first->end_m = a.length_m;
        second->end_m = b.length_m;
    }
    if (!first || !second) {
        return std::nullopt;
    }
    return Meeting{*first, *second};
}

struct Approach {
    EdgeId edge;
    Vec2 heading{1.0, 0.0};
    int tier = 0; ///< 0 goes first
};

/// Lower goes first: class, then through streets before ramps.
int class_rank(const RawEdge& e) {
    return 2 * static_cast<int>(e.highway) + (e.is_link ? 1 : 0);
}

/// A node's arms with what decides which of them form the major road.
struct MajorArm {
    std::uint32_t street = no_index; ///< lower edge index of the street
    int rank = 0;
    std::size_t lanes = 0;
    bool has_sign = false;
    bool is_arriving = false;
    bool is_leaving = false;
    Vec2 outwards{1.0, 0.0};
    std::string name;
};

std::vector<MajorArm> major_arms(const Assembly& a, const Node& node) {
    std::vector<MajorArm> arms;
    const auto arm_of = [&](EdgeId id) -> MajorArm& {
        const std::uint32_t opposite = a.raw.edges[id.index].opposite;
        const std::uint32_t street = std::min(id.index, opposite);
        const auto found = std::find_if(arms.begin(), arms.end(), [street](const MajorArm& arm) {
            return arm.street == street;
        });
        if (found != arms.end()) {
            return *found;
        }
        arms.emplace_back();
        arms.back().street = street;
        return arms.back();
    };
    const auto fill = [&](EdgeId id, bool is_arriving) {
        const RawEdge& e = a.raw.edges[id.index];
        MajorArm& arm = arm_of(id);
        arm.rank = class_rank(e);
        arm.lanes += e.lanes.size();
        arm.name = e.name;
        const Polyline& line = a.trimmed[id.index];
        arm.outwards = is_arriving ? Vec2(-direction_at_end(line)) : direction_at_start(line);
        if (is_arriving) {
            arm.has_sign = e.must_give_way || e.must_stop;
            arm.is_arriving = true;
        } else {
            arm.is_leaving = true;
        }
    };
    for (const EdgeId id : node.incoming) {
        fill(id, true);
    }
    for (const EdgeId id : node.outgoing) {
        fill(id, false);
    }
    return arms;
}

/// How well two arms make one road: highest classes first, then name, straightness and lanes.
double road_score(const MajorArm& x, const MajorArm& y) {
    const double straightness = -x.outwards.dot(y.outwards);
    const bool is_through = (x.is_arriving && y.is_leaving) || (y.is_arriving && x.is_leaving);
    const double signs = (x.has_sign ? 1000.0 : 0.0) + (y.has_sign ? 1000.0 : 0.0);
    return (is_through ? 0.0 : -5000.0) - signs - 50.0 * (x.rank + y.rank) +
           (!x.name.empty() && x.name == y.name ? 15.0 : 0.0) + 20.0 * straightness +
           static_cast<double>(x.lanes + y.lanes);
}

std::set<std::uint32_t> major_streets(const std::vector<MajorArm>& arms) {
    std::set<std::uint32_t> best;
    double best_score = -1e9;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        for (std::size_t j = i + 1; j < arms.size(); ++j) {
            const double score = road_score(arms[i], arms[j]);
            if (score > best_score) {
                best_score = score;
                best = {arms[i].street, arms[j].street};
            }
        }
    }
    return best;
}

Control control_of(const Assembly& a, std::size_t index, const std::vector<MajorArm>& arms) {
    const Node& node = a.network.nodes[index];
    const auto is_ring = [&a](EdgeId id) { return a.raw.edges[id.index].is_roundabout; };
    if (arms.size() <= 1) {
        return Control::DeadEnd;
    }
    const bool is_on_ring = std::any_of(node.incoming.begin(), node.incoming.end(), is_ring) &&
                            std::any_of(node.outgoing.begin(), node.outgoing.end(), is_ring);
    if (is_on_ring || a.raw.nodes[index].is_mini_roundabout) {
        return Control::Roundabout;
    }
    if (a.raw.nodes[index].is_all_way_stop) {
        return Control::AllWayStop;
    }
    // Main roads are always signed in practice, even where the map does not show it.
    const int lowest_main = 2 * static_cast<int>(Highway::Tertiary) + 1;
    const bool are_equal = std::all_of(arms.begin(), arms.end(), [&](const MajorArm& arm) {
        return arm.rank == arms.front().rank && !arm.has_sign && arm.rank > lowest_main;
    });
    const bool is_junction = arms.size() > 2 && node.incoming.size() > 1;
    return are_equal && is_junction ? Control::RightBeforeLeft : Control::Priority;
}

int tier_of(const Assembly& a, EdgeId id, Control control, const std::set<std::uint32_t>& major) {
    const RawEdge& e = a.raw.edges[id.index];
    const int sign = e.must_stop ? 200 : e.must_give_way ? 100 : 0;
    switch (control) {
    case Control::Roundabout:
        return e.is_roundabout ? 0 : 1;
    case Control::RightBeforeLeft:
    case Control::AllWayStop:
    case Control::DeadEnd:
        return 0;
    case Control::Priority:
        break;
    }
    const std::uint32_t street = std::min(id.index, e.opposite);
    return sign + (major.contains(street) && sign == 0 ? 0 : 1 + class_rank(e));
}

enum class Verdict { FirstYields, SecondYields, Open };

class Junction {
public:
    Junction(Assembly& a, std::size_t node) : a_(a), node_(a.network.nodes[node]) {
        const std::vector<MajorArm> arms = major_arms(a, node_);
        node_.control = control_of(a, node, arms);
        is_mini_ = a.raw.nodes[node].is_mini_roundabout;
        const std::set<std::uint32_t> major = major_streets(arms);
        for (const EdgeId id : node_.incoming) {
            approaches_.push_back(
                {id, direction_at_end(a.trimmed[id.index]), tier_of(a, id, node_.control, major)});
            collect_connections(id);
        }
        beaten_by_.resize(connections_.size());
    }

    void settle() {
        struct Pair {
            std::size_t i, j;
            Meeting meeting;
        };
        std::vector<Pair> open;
        for (std::size_t i = 0; i < connections_.size(); ++i) {
            for (std::size_t j = i + 1; j < connections_.size(); ++j) {
                if (at(i).from == at(j).from) {
                    continue; // diverging
                }
                const std::optional<Meeting> meeting = meeting_of(at(i), at(j));
                if (!meeting) {
                    continue;
                }
                const Verdict verdict = by_rank(i, j);
                if (verdict == Verdict::Open) {
                    open.push_back({i, j, *meeting});
                } else {
                    record(i, j, *meeting, verdict == Verdict::FirstYields);
                }
            }
        }
        for (const Pair& p : open) {
            bool first_yields = among_equals(p.i, p.j);
            if (!may_be_circular() &&
                leads_to(first_yields ? p.j : p.i, first_yields ? p.i : p.j)) {
                first_yields = !first_yields;
            }
            record(p.i, p.j, p.meeting, first_yields);
        }
        for (const std::uint32_t c : connections_) {
            std::vector<Conflict>& list = a_.network.connections[c].conflicts;
            std::sort(list.begin(), list.end(),
                      [](const Conflict& x, const Conflict& y) { return x.other < y.other; });
        }
    }

private:
    void collect_connections(EdgeId id) {
        const Edge& edge = a_.network.edges[id.index];
        for (std::uint32_t k = 0; k < edge.lanes; ++k) {
            const Lane& lane = a_.network.lane(a_.network.lane_of(id, k));
            for (std::uint32_t c = 0; c < lane.connections; ++c) {
                connections_.push_back(lane.first_connection + c);
                approach_of_.push_back(approaches_.size() - 1);
            }
        }
    }

    const Connection& at(std::size_t i) const { return a_.network.connections[connections_[i]]; }

    /// Four equal arms may wait for each other in a ring: that is the law, and drivers solve it.
    bool may_be_circular() const {
        return (node_.control == Control::RightBeforeLeft ||
                node_.control == Control::AllWayStop) &&
               approaches_.size() >= 4;
    }

    /// By tier, then by turn where both come from one street or face each other.
    Verdict by_rank(std::size_t i, std::size_t j) const {
        const Approach& x = approaches_[approach_of_[i]];
        const Approach& y = approaches_[approach_of_[j]];
        if (x.tier != y.tier) {
            return x.tier > y.tier ? Verdict::FirstYields : Verdict::SecondYields;
        }
        const double angle = std::abs(turn_angle_deg(x.heading, y.heading));
        const int turn_x = turn_rank(at(i).turn, a_.raw.is_left_hand);
        const int turn_y = turn_rank(at(j).turn, a_.raw.is_left_hand);
        const bool is_facing = angle > 135.0 && !is_mini_;
        const bool is_ordered = x.edge == y.edge || is_facing || turn_x == 3 || turn_y == 3;
        if (is_ordered && turn_x != turn_y) {
            return turn_x > turn_y ? Verdict::FirstYields : Verdict::SecondYields;
        }
        return Verdict::Open;
    }

    /// True where the first of two equals yields: the one with the other on its kerb side; side by
    /// side the one nearer to the middle.
    bool among_equals(std::size_t i, std::size_t j) const {
        const Approach& x = approaches_[approach_of_[i]];
        const Approach& y = approaches_[approach_of_[j]];
        const Connection& first = at(i);
        const Connection& second = at(j);
        if (x.edge == y.edge) {
            return first.from > second.from;
        }
        const double angle = turn_angle_deg(x.heading, y.heading);
        if (std::abs(angle) < 20.0 || std::abs(angle) > 160.0) {
            return first.from > second.from;
        }
        // One that comes from the right heads to the left of our own direction. At a
        // mini-roundabout those on the painted ring, who come from the other side, go first.
        const bool is_from_right = angle > 0.0;
        return is_from_right != (a_.raw.is_left_hand != is_mini_);
    }

    /// True where `from` yields, over any number of others, to `to`.
    bool leads_to(std::size_t from, std::size_t to) const {
        std::vector<std::size_t> open = {from};
        std::vector<bool> is_seen(connections_.size(), false);
        while (!open.empty()) {
            const std::size_t i = open.back();
            open.pop_back();
            if (i == to) {
                return true;
            }
            if (is_seen[i]) {
                continue;
            }
            is_seen[i] = true;
            open.insert(open.end(), beaten_by_[i].begin(), beaten_by_[i].end());
        }
        return false;
    }

    void record(std::size_t i, std::size_t j, const Meeting& m, bool first_yields) {
        const auto add = [&](std::size_t own, std::size_t other, const Stretch& s, const Stretch& t,
                             bool yields) {
            a_.network.connections[connections_[own]].conflicts.push_back(
                {ConnectionId(connections_[other]), s.begin_m, s.end_m, t.begin_m, t.end_m,
                 yields});
        };
        add(i, j, m.first, m.second, first_yields);
        add(j, i, m.second, m.first, !first_yields);
        beaten_by_[first_yields ? i : j].push_back(first_yields ? j : i);
    }

    Assembly& a_;
    Node& node_;
    bool is_mini_ = false;
    std::vector<Approach> approaches_;
    std::vector<std::uint32_t> connections_;
    std::vector<std::size_t> approach_of_;
    std::vector<std::vector<std::size_t>> beaten_by_;
};

} // namespace

void settle_right_of_way(Assembly& a) {
    for (std::size_t node = 0; node < a.network.nodes.size(); ++node) {
        Junction(a, node).settle();
    }
}

} // namespace veste
