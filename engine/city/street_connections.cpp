#include "city/street_stages.hpp"

#include "base/units.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

/// Which lane leads to which: by the arrows on the lanes where they are known, else by the usual
/// order (the kerb lane turns to the kerb side, the middle lane across, all others go straight).
namespace veste {
namespace {

constexpr double lateral_mps2 = 2.5; ///< comfortable lateral acceleration in a curve
constexpr double slowest_mps = 2.0;

struct Target {
    std::uint32_t edge = no_index;
    double angle_deg = 0.0; ///< positive to the left
    Turn turn = Turn::Straight;
    VehicleClasses allowed = 0;
};

using Lanes = std::vector<std::uint32_t>;

/// All that is known about one edge's way on.
struct Fork {
    std::uint32_t edge = no_index;
    std::vector<Target> targets; ///< from the kerb side to the middle, turning back last
    Lanes main;                  ///< lanes for motor traffic
};

/// Lanes that serve motor traffic in general; all lanes where none does.
Lanes main_lanes(const RawEdge& e) {
    Lanes main;
    Lanes all;
    for (std::uint32_t k = 0; k < e.lanes.size(); ++k) {
        all.push_back(k);
        if ((e.lanes[k].allowed & motor_classes) != 0) {
            main.push_back(k);
        }
    }
    return main.empty() ? all : main;
}

void name_turns(const Assembly& a, Fork& fork) {
    const RawEdge& own = a.raw.edges[fork.edge];
    const Target* straight = nullptr;
    double best = 50.0;
    std::size_t ways_on = 0;
    for (Target& t : fork.targets) {
        const bool is_back = t.edge == own.opposite || std::abs(t.angle_deg) > 160.0;
        t.turn = is_back ? Turn::UTurn : t.angle_deg > 0.0 ? Turn::Left : Turn::Right;
        ways_on += is_back ? 0 : 1;
        const bool is_same = !own.name.empty() && a.raw.edges[t.edge].name == own.name;
        const double bend = std::abs(t.angle_deg) - (is_same ? 15.0 : 0.0);
        if (!is_back && bend < best) {
            best = bend;
            straight = &t;
        }
    }
    const bool is_joint = ways_on == 1 && arms_of(a, own.to).size() == 2;
    for (Target& t : fork.targets) {
        if (&t == straight || (is_joint && t.turn != Turn::UTurn)) {
            t.turn = Turn::Straight;
        } else if (straight != nullptr && t.turn != Turn::UTurn) {
            t.turn = t.angle_deg > straight->angle_deg ? Turn::Left : Turn::Right;
        }
    }
}

Fork fork_of(const Assembly& a, std::uint32_t edge, const RawMovement* first,
             const RawMovement* last) {
    Fork fork{edge, {}, main_lanes(a.raw.edges[edge])};
    const Vec2 in = direction_at_end(a.trimmed[edge]);
    for (const RawMovement* m = first; m != last; ++m) {
        const Vec2 out = direction_at_start(a.trimmed[m->to]);
        fork.targets.push_back({m->to, turn_angle_deg(in, out), Turn::Straight, m->allowed});
    }
    name_turns(a, fork);
    const double side = a.raw.is_left_hand ? -1.0 : 1.0;
    std::stable_sort(fork.targets.begin(), fork.targets.end(),
                     [side](const Target& x, const Target& y) {
                         const bool x_back = x.turn == Turn::UTurn;
                         const bool y_back = y.turn == Turn::UTurn;
                         return x_back != y_back ? y_back : side * x.angle_deg < side * y.angle_deg;
                     });
    return fork;
}

std::uint8_t bit_of(Turn turn) {
    switch (turn) {
    case Turn::Straight:
        return turn_straight;
    case Turn::Left:
        return turn_left;
    case Turn::Right:
        return turn_right;
    case Turn::UTurn:
        break;
    }
    return turn_back;
}

/// For every target the positions in `fork.main` that lead to it.
using Serving = std::vector<Lanes>;

void add_once(Lanes& lanes, std::size_t lane) {
    const auto value = static_cast<std::uint32_t>(lane);
    const auto at = std::lower_bound(lanes.begin(), lanes.end(), value);
    if (at == lanes.end() || *at != value) {
        lanes.insert(at, value);
    }
}

/// The target whose direction is nearest to what a lane's arrows show.
std::size_t nearest_target(const Fork& fork, std::uint8_t turns) {
    const double wanted =
        ((turns & turn_left) != 0 ? 90.0 : 0.0) - ((turns & turn_right) != 0 ? 90.0 : 0.0);
    std::size_t best = 0;
    for (std::size_t t = 1; t < fork.targets.size(); ++t) {
        if (std::abs(fork.targets[t].angle_deg - wanted) <
            std::abs(fork.targets[best].angle_deg - wanted)) {
            best = t;
        }
    }
    return best;
}

Serving serve_by_arrows(const Assembly& a, const Fork& fork) {
    const std::vector<RawLane>& lanes = a.raw.edges[fork.edge].lanes;
    Serving serving(fork.targets.size());
    const std::size_t n = fork.main.size();
    for (std::size_t s = 0; s < n; ++s) {
        const std::uint8_t turns = lanes[fork.main[s]].turns == 0 ? std::uint8_t{turn_straight}
                                                                  : lanes[fork.main[s]].turns;
        bool is_served = false;
        for (std::size_t t = 0; t < fork.targets.size(); ++t) {
            if ((turns & bit_of(fork.targets[t].turn)) != 0) {
                add_once(serving[t], s);
                is_served = true;
            }
        }
        if (!is_served) {
            add_once(serving[nearest_target(fork, turns)], s);
        }
    }
    for (std::size_t t = 0; t < fork.targets.size(); ++t) {
        if (serving[t].empty()) {
            const int rank = turn_rank(fork.targets[t].turn, a.raw.is_left_hand);
            add_once(serving[t], rank == 0 ? n / 2 : rank == 1 ? 0 : n - 1);
        }
    }
    return serving;
}

Serving serve_without_straight(const Fork& fork, std::size_t ways_on) {
    Serving serving(fork.targets.size());
    const std::size_t n = fork.main.size();
    for (std::size_t t = 0; t < ways_on; ++t) {
        const std::size_t first = t * n / ways_on;
        const std::size_t past = std::max(first + 1, ((t + 1) * n + ways_on - 1) / ways_on);
        for (std::size_t s = first; s < past; ++s) {
            add_once(serving[t], s);
        }
    }
    return serving;
}

Serving serve_by_custom(const Assembly& a, const Fork& fork) {
    const std::size_t n = fork.main.size();
    std::size_t ways_on = 0;
    std::size_t straight = fork.targets.size();
    for (std::size_t t = 0; t < fork.targets.size(); ++t) {
        ways_on += fork.targets[t].turn != Turn::UTurn ? 1 : 0;
        straight = fork.targets[t].turn == Turn::Straight ? t : straight;
    }
    Serving serving(fork.targets.size());
    if (straight == fork.targets.size()) {
        if (ways_on > 0) {
            serving = serve_without_straight(fork, ways_on);
        }
    } else {
        const std::size_t wanted = main_lanes(a.raw.edges[fork.targets[straight].edge]).size();
        std::size_t first = 0;
        std::size_t past = n;
        if (straight + 1 < ways_on && past - first > wanted) {
            --past;
        }
        if (straight > 0 && past - first > wanted) {
            ++first;
        }
        for (std::size_t s = first; s < past; ++s) {
            add_once(serving[straight], s);
        }
        for (std::size_t t = 0; t < ways_on; ++t) {
            if (t != straight) {
                add_once(serving[t], t < straight ? 0 : n - 1);
            }
        }
    }
    for (std::size_t t = ways_on; t < fork.targets.size(); ++t) {
        add_once(serving[t], n - 1);
    }
    return serving;
}

struct Pair {
    std::uint32_t from = 0; ///< lane indices on their edges
    std::uint32_t to = 0;
    std::uint32_t target = 0;
    auto operator<=>(const Pair&) const = default;
};

class LaneConnector {
public:
    LaneConnector(Assembly& a, const Fork& fork)
        : a_(a), fork_(fork), own_(a.raw.edges[fork.edge]) {}

    void connect() {
        const bool has_arrows = std::any_of(own_.lanes.begin(), own_.lanes.end(),
                                            [](const RawLane& l) { return l.turns != 0; });
        const Serving serving =
            has_arrows ? serve_by_arrows(a_, fork_) : serve_by_custom(a_, fork_);
        for (std::uint32_t t = 0; t < fork_.targets.size(); ++t) {
            join_main(t, serving[t]);
        }
        join_special_lanes();
        complete_movements();
        complete_lanes();
    }

    const std::set<Pair>& pairs() const { return pairs_; }
    VehicleClasses allowed(const Pair& p) const {
        return static_cast<VehicleClasses>(own_.lanes[p.from].allowed &
                                           raw_target(p.target).lanes[p.to].allowed &
                                           fork_.targets[p.target].allowed);
    }

private:
    const RawEdge& raw_target(std::uint32_t t) const { return a_.raw.edges[fork_.targets[t].edge]; }
    int rank(std::uint32_t t) const {
        return turn_rank(fork_.targets[t].turn, a_.raw.is_left_hand);
    }
    void add(std::uint32_t from, std::uint32_t to, std::uint32_t target) {
        const Pair pair{from, to, target};
        if (allowed(pair) != 0) {
            pairs_.insert(pair);
        }
    }

    /// Lanes for motor traffic side by side: counted from the kerb, or from the middle when turning
    /// across.
    void join_main(std::uint32_t t, const Lanes& serving) {
        const Lanes to = main_lanes(raw_target(t));
        const std::size_t p = serving.size();
        const std::size_t q = to.size();
        if (rank(t) >= 2) {
            for (std::size_t i = 0; i < p; ++i) {
                add(fork_.main[serving[p - 1 - i]], to[q - 1 - std::min(i, q - 1)], t);
            }
            return;
        }
        const std::size_t pairs = rank(t) == 0 ? std::max(p, q) : p;
        for (std::size_t i = 0; i < pairs && p > 0; ++i) {
            add(fork_.main[serving[std::min(i, p - 1)]], to[std::min(i, q - 1)], t);
        }
    }

    /// Bus and bicycle lanes lead into their like, or else into the lane nearest to the kerb,
    /// straight on and to the kerb side.
    void join_special_lanes() {
        for (std::uint32_t k = 0; k < own_.lanes.size(); ++k) {
            if (std::find(fork_.main.begin(), fork_.main.end(), k) != fork_.main.end()) {
                continue;
            }
            for (std::uint32_t t = 0; t < fork_.targets.size(); ++t) {
                if (rank(t) < 2) {
                    add(k, best_lane(t, own_.lanes[k].allowed, true), t);
                }
            }
        }
    }

    /// The target's lane for these classes: one just for them, else the first from either side.
    std::uint32_t best_lane(std::uint32_t t, VehicleClasses classes, bool is_from_kerb) const {
        const std::vector<RawLane>& lanes = raw_target(t).lanes;
        std::uint32_t best = no_index;
        for (std::uint32_t i = 0; i < lanes.size(); ++i) {
            const std::uint32_t k =
                is_from_kerb ? i : static_cast<std::uint32_t>(lanes.size()) - 1 - i;
            if (lanes[k].allowed == classes) {
                return k;
            }
            if (best == no_index && (lanes[k].allowed & classes) != 0) {
                best = k;
            }
        }
        return best == no_index ? 0 : best;
    }

    bool is_joined(std::uint32_t t, VehicleClasses c) const {
        return std::any_of(pairs_.begin(), pairs_.end(),
                           [&](const Pair& p) { return p.target == t && (allowed(p) & c) != 0; });
    }

    /// Every movement that a class may make has a pair of lanes for it.
    void complete_movements() {
        for (int c = 0; c < vehicle_class_count; ++c) {
            const VehicleClasses one = bit(static_cast<VehicleClass>(c));
            for (std::uint32_t t = 0; t < fork_.targets.size(); ++t) {
                if ((fork_.targets[t].allowed & one) == 0 || is_joined(t, one)) {
                    continue;
                }
                const bool is_kerb_side = rank(t) < 2;
                for (std::uint32_t i = 0; i < own_.lanes.size(); ++i) {
                    const auto n = static_cast<std::uint32_t>(own_.lanes.size());
                    const std::uint32_t k = is_kerb_side ? i : n - 1 - i;
                    if ((own_.lanes[k].allowed & one) != 0) {
                        add(k, best_lane(t, one, is_kerb_side), t);
                        break;
                    }
                }
            }
        }
    }

    bool leads_on(std::uint32_t lane, VehicleClasses c) const {
        return std::any_of(pairs_.begin(), pairs_.end(),
                           [&](const Pair& p) { return p.from == lane && (allowed(p) & c) != 0; });
    }

    /// Every class on every lane has a way on: the straightest.
    void complete_lanes() {
        for (std::uint32_t k = 0; k < own_.lanes.size(); ++k) {
            for (int c = 0; c < vehicle_class_count; ++c) {
                const VehicleClasses one = bit(static_cast<VehicleClass>(c));
                if ((own_.lanes[k].allowed & one) == 0 || leads_on(k, one)) {
                    continue;
                }
                std::uint32_t best = no_index;
                for (std::uint32_t t = 0; t < fork_.targets.size(); ++t) {
                    const bool may = (fork_.targets[t].allowed & one) != 0;
                    if (may && (best == no_index || rank(t) < rank(best))) {
                        best = t;
                    }
                }
                if (best != no_index) {
                    add(k, best_lane(best, one, k < (own_.lanes.size() + 1) / 2), best);
                }
            }
        }
    }

    Assembly& a_;
    const Fork& fork_;
    const RawEdge& own_;
    std::set<Pair> pairs_;
};

/// A cubic Bezier curve from the end of one lane to the start of another, tangent to both.
Polyline curve(const Vec2& p0, const Vec2& d0, const Vec2& p3, const Vec2& d3, bool is_back) {
    const double apart = (p3 - p0).norm();
    const double angle = std::abs(turn_angle_deg(d0, d3));
    if (apart < 0.3 || (angle < 2.0 && std::abs(cross(d0, p3 - p0)) < 0.1)) {
        return {p0, p3};
    }
    double first = apart / 3.0;
    double second = apart / 3.0;
    const double slope = cross(d0, d3);
    if (is_back) {
        first = second = std::max(0.7 * apart, 2.5);
    } else if (std::abs(slope) > 0.17) {
        // Both tangents meet in a corner: round it off (0.55 makes a quarter circle).
        const double to_corner = cross(p3 - p0, d3) / slope;
        const double from_corner = cross(p3 - p0, d0) / slope;
        if (to_corner > 0.0 && from_corner > 0.0) {
            first = std::min(0.55 * to_corner, apart);
            second = std::min(0.55 * from_corner, apart);
        }
    }
    const Vec2 p1 = p0 + first * d0;
    const Vec2 p2 = p3 - second * d3;
    const int pieces = std::clamp(static_cast<int>(std::ceil(angle / 9.0)), 6, 16);
    Polyline line;
    for (int i = 0; i <= pieces; ++i) {
        const double u = static_cast<double>(i) / pieces;
        const double v = 1.0 - u;
        line.push_back(v * v * v * p0 + 3.0 * v * v * u * p1 + 3.0 * v * u * u * p2 +
                       u * u * u * p3);
    }
    return line;
}

double curve_speed_mps(const Polyline& line, double limit_mps) {
    double turned_deg = 0.0;
    for (std::size_t i = 2; i < line.size(); ++i) {
        turned_deg += std::abs(turn_angle_deg(line[i - 1] - line[i - 2], line[i] - line[i - 1]));
    }
    if (turned_deg < 5.0) {
        return limit_mps;
    }
    const double radius = length_m(line) / degrees_to_rad(turned_deg);
    return std::min(limit_mps, std::max(slowest_mps, std::sqrt(lateral_mps2 * radius)));
}

Connection make_connection(const Assembly& a, const Fork& fork, const Pair& pair,
                           VehicleClasses allowed) {
    const StreetNetwork& network = a.network;
    const Target& target = fork.targets[pair.target];
    const Edge& from = network.edges[fork.edge];
    const Edge& to = network.edges[target.edge];
    Connection c;
    c.from = network.lane_of(EdgeId(fork.edge), pair.from);
    c.to = network.lane_of(EdgeId(target.edge), pair.to);
    c.node = from.to;
    c.turn = target.turn;
    c.allowed = allowed;
    const Polyline& in = network.lane(c.from).line;
    const Polyline& out = network.lane(c.to).line;
    const Vec2 d0 = (in.back() - in[in.size() - 2]).normalized();
    const Vec2 d3 = (out[1] - out[0]).normalized();
    c.line = curve(in.back(), d0, out.front(), d3, target.turn == Turn::UTurn);
    c.length_m = length_m(c.line);
    c.speed_mps = curve_speed_mps(c.line, std::min(from.speed_limit_mps, to.speed_limit_mps));
    return c;
}

} // namespace

void connect_lanes(Assembly& a) {
    StreetNetwork& network = a.network;
    const std::vector<RawMovement>& movements = a.raw.movements;
    const RawMovement* at = movements.data();
    const RawMovement* const end = at + movements.size();
    for (std::uint32_t e = 0; e < a.raw.edges.size(); ++e) {
        const RawMovement* past = at;
        while (past != end && past->from == e) {
            ++past;
        }
        const Fork fork = fork_of(a, e, at, past);
        at = past;
        LaneConnector connector(a, fork);
        if (!fork.targets.empty()) {
            connector.connect();
        }
        std::vector<Connection> made;
        for (const Pair& pair : connector.pairs()) {
            made.push_back(make_connection(a, fork, pair, connector.allowed(pair)));
        }
        std::stable_sort(made.begin(), made.end(), [](const Connection& x, const Connection& y) {
            return x.from != y.from ? x.from < y.from : x.to < y.to;
        });
        for (std::uint32_t k = 0; k < network.edges[e].lanes; ++k) {
            const LaneId id = network.lane_of(EdgeId(e), k);
            Lane& lane = network.lanes[id.index];
            lane.first_connection = static_cast<std::uint32_t>(network.connections.size());
            for (Connection& c : made) {
                if (c.from == id) {
                    network.connections.push_back(std::move(c));
                }
            }
            lane.connections =
                static_cast<std::uint32_t>(network.connections.size()) - lane.first_connection;
        }
    }
}

} // namespace veste
