#include "city/street_stages.hpp"

#include <algorithm>
#include <array>

/// How far the lanes of each street stay away from the middle of its junctions, and the lanes
/// themselves.
namespace veste {
namespace {

constexpr double step_m = 0.5;
constexpr double farthest_m = 25.0;     ///< forks at a small angle are cut off here
constexpr double corner_m = 2.5;        ///< room for turning curves at a junction of streets
constexpr double ring_corner_m = 1.5;   ///< the same at a roundabout
constexpr double joint_m = 0.5;         ///< where two streets only meet end to end
constexpr double turning_place_m = 3.0; ///< at a dead end
constexpr double stop_line_m = 3.0;     ///< from the middle of a crossing
constexpr double half_crossing_m = 2.0;
constexpr double near_crossing_m = 8.0; ///< crossings this near belong into the junction's area

/// Distance from the node at which the street's whole width has left all other arms.
double clear_of_others_m(const Assembly& a, const std::vector<Arm>& arms, std::size_t own) {
    const Arm& arm = arms[own];
    const double half = a.half_width_m(arm.edge);
    const double reach = std::min(farthest_m, length_m(arm.line));
    std::vector<std::pair<Polyline, double>> others;
    for (std::size_t j = 0; j < arms.size(); ++j) {
        if (j != own) {
            others.emplace_back(part_of(arms[j].line, 0.0, 2.0 * farthest_m),
                                a.half_width_m(arms[j].edge));
        }
    }
    double t = 0.0;
    for (; t < reach; t += step_m) {
        const PlaceOnLine place = place_at(arm.line, t);
        const Vec2 left(-place.direction.y(), place.direction.x());
        constexpr std::array<double, 5> across = {-1.0, -0.5, 0.0, 0.5, 1.0};
        const bool is_clear = std::all_of(others.begin(), others.end(), [&](const auto& other) {
            return std::all_of(across.begin(), across.end(), [&](double share) {
                const Vec2 p = place.at + share * half * left;
                return nearest_place(other.first, p).distance_m > other.second - 1e-6;
            });
        });
        if (is_clear && t > 0.0) {
            break;
        }
    }
    return t;
}

struct Trims {
    std::vector<double> start_m;
    std::vector<double> end_m;
};

/// Moves crossings drawn inside the junction out of it, and the stop line before the crossing.
double behind_crossings_m(Assembly& a, const Arm& arm, std::size_t node, bool is_junction,
                          double clear_m, double trim_m,
                          const std::vector<std::uint32_t>& crossings) {
    const double length = length_m(arm.line);
    for (const std::uint32_t c : crossings) {
        RawCrossing& crossing = a.raw.crossings[c];
        const bool is_leaving = a.raw.edges[crossing.edge].from == node &&
                                (crossing.edge == arm.edge) == arm.is_leaving;
        double along = is_leaving ? crossing.along_m : length - crossing.along_m;
        if (along > 0.5 * length && crossing.signalled_node != node) {
            continue;
        }
        const bool is_of_signal = crossing.signalled_node == node;
        if (is_junction && along < clear_m + half_crossing_m) {
            along = std::min(clear_m + half_crossing_m, 0.5 * length);
            crossing.along_m = is_leaving ? along : length - along;
        }
        if (is_of_signal || along < trim_m + near_crossing_m) {
            trim_m = std::max(trim_m, along + stop_line_m);
        }
    }
    return trim_m;
}

void trim_node(Assembly& a, std::size_t node,
               const std::vector<std::vector<std::uint32_t>>& crossings_of, Trims& trims) {
    const std::vector<Arm> arms = arms_of(a, node);
    const bool has_crossing_only = a.raw.nodes[node].is_signalled && arms.size() == 2;
    for (std::size_t i = 0; i < arms.size(); ++i) {
        const Arm& arm = arms[i];
        const RawEdge& edge = a.raw.edges[arm.edge];
        double trim = turning_place_m;
        double clear = 0.0;
        if (arms.size() > 1) {
            const bool is_ring = std::any_of(arms.begin(), arms.end(), [&a](const Arm& other) {
                return a.raw.edges[other.edge].is_roundabout;
            });
            clear = clear_of_others_m(a, arms, i);
            trim = clear + (arms.size() == 2 ? joint_m : is_ring ? ring_corner_m : corner_m);
        }
        const std::uint32_t back = edge.opposite;
        std::vector<std::uint32_t> crossings = crossings_of[arm.edge];
        if (back != no_index) {
            crossings.insert(crossings.end(), crossings_of[back].begin(), crossings_of[back].end());
        }
        std::sort(crossings.begin(), crossings.end());
        trim = behind_crossings_m(a, arm, node, arms.size() > 2, clear, trim, crossings);
        trim = std::max(trim, has_crossing_only ? stop_line_m : 0.0);
        (arm.is_leaving ? trims.start_m : trims.end_m)[arm.edge] = trim;
        if (back != no_index) {
            (arm.is_leaving ? trims.end_m : trims.start_m)[back] = trim;
        }
    }
}

/// Scales both trims down where the street is too short for them.
Polyline between_junctions(const Polyline& line, double start_m, double end_m) {
    const double length = length_m(line);
    const double kept = length < 1.5 ? 0.7 * length : std::clamp(0.3 * length, 1.0, 5.0);
    const double sum = start_m + end_m;
    if (sum > length - kept) {
        const double scale = (length - kept) / sum;
        start_m *= scale;
        end_m *= scale;
    }
    return part_of(line, start_m, length - end_m);
}

void set_radius(Assembly& a, std::size_t node) {
    Node& own = a.network.nodes[node];
    const auto extend = [&](EdgeId id, const Vec2& end) {
        own.radius_m = std::max(own.radius_m, (end - own.at).norm() + a.half_width_m(id.index));
    };
    for (const EdgeId id : own.outgoing) {
        extend(id, a.trimmed[id.index].front());
    }
    for (const EdgeId id : own.incoming) {
        extend(id, a.trimmed[id.index].back());
    }
}

} // namespace

void trim_streets(Assembly& a) {
    const std::size_t edges = a.raw.edges.size();
    std::vector<std::vector<std::uint32_t>> crossings_of(edges);
    for (std::uint32_t c = 0; c < a.raw.crossings.size(); ++c) {
        crossings_of[a.raw.crossings[c].edge].push_back(c);
    }
    Trims trims{std::vector<double>(edges, 0.0), std::vector<double>(edges, 0.0)};
    for (std::size_t node = 0; node < a.raw.nodes.size(); ++node) {
        trim_node(a, node, crossings_of, trims);
    }
    for (std::size_t e = 0; e < edges; ++e) {
        a.trimmed.push_back(
            between_junctions(a.raw.edges[e].line, trims.start_m[e], trims.end_m[e]));
    }
    for (std::size_t node = 0; node < a.raw.nodes.size(); ++node) {
        set_radius(a, node);
    }
}

void lay_lanes(Assembly& a) {
    for (std::size_t e = 0; e < a.raw.edges.size(); ++e) {
        Edge& edge = a.network.edges[e];
        edge.first_lane = LaneId(a.network.lanes.size());
        edge.lanes = static_cast<std::uint32_t>(a.raw.edges[e].lanes.size());
        double from_kerb_m = 0.0;
        for (std::uint32_t k = 0; k < edge.lanes; ++k) {
            const RawLane& raw = a.raw.edges[e].lanes[k];
            const double left_m = from_kerb_m + 0.5 * raw.width_m - a.half_width_m(e);
            from_kerb_m += raw.width_m;
            Lane lane;
            lane.edge = EdgeId(e);
            lane.index = k;
            lane.width_m = raw.width_m;
            lane.allowed = raw.allowed;
            lane.line = offset_line(a.trimmed[e], a.raw.is_left_hand ? -left_m : left_m);
            lane.length_m = length_m(lane.line);
            a.network.lanes.push_back(std::move(lane));
        }
    }
}

} // namespace veste
