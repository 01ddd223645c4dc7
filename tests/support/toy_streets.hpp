#pragma once
#include "city/city.hpp"
#include "city/street_assembly.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>

/// Small complete street networks for tests and benchmarks, made by the same code as a real city's.
namespace veste::toy {

struct StreetPlan {
    std::size_t lanes = 1; ///< in each direction
    double speed_mps = 13.9;
    bool is_one_way = false;
    bool is_roundabout = false;
    bool must_give_way = false; ///< at the end of the forward direction
    Highway highway = Highway::Residential;
    const char* name = "";
};

/// Collects nodes and streets.
struct Streets {
    RawStreets raw;

    std::uint32_t node(double x_m, double y_m, bool is_signalled = false) {
        RawNode node;
        node.at = {x_m, y_m};
        node.osm_ids = {static_cast<std::int64_t>(raw.nodes.size()) + 1};
        node.is_signalled = is_signalled;
        if (is_signalled) {
            node.signal_osm_ids = node.osm_ids;
        }
        raw.nodes.push_back(std::move(node));
        return static_cast<std::uint32_t>(raw.nodes.size()) - 1;
    }

    /// Returns the index of the forward direction; the backward one follows it.
    std::uint32_t street(std::uint32_t from, std::uint32_t to, const StreetPlan& plan,
                         Polyline line = {}) {
        if (line.empty()) {
            line = {raw.nodes[from].at, raw.nodes[to].at};
        }
        const auto index = static_cast<std::uint32_t>(raw.edges.size());
        RawEdge edge;
        edge.from = from;
        edge.to = to;
        edge.line = line;
        edge.lanes.resize(plan.lanes);
        edge.speed_mps = plan.speed_mps;
        edge.is_roundabout = plan.is_roundabout;
        edge.must_give_way = plan.must_give_way;
        edge.highway = plan.highway;
        edge.osm_way = index + 1;
        edge.name = plan.name;
        raw.edges.push_back(edge);
        if (!plan.is_one_way) {
            raw.edges.back().opposite = index + 1;
            edge.from = to;
            edge.to = from;
            edge.opposite = index;
            edge.must_give_way = false;
            edge.line = Polyline(line.rbegin(), line.rend());
            raw.edges.push_back(std::move(edge));
        }
        return index;
    }

    StreetNetwork assemble() {
        raw.movements = all_movements(raw);
        return assemble_street_network(raw);
    }
};

/// A closed one-way ring of four edges, counter-clockwise; the middle of the street is `length_m`
/// long.
inline StreetNetwork ring_road(double length_m, std::size_t lanes, double speed_mps) {
    constexpr int edges = 4;
    constexpr int pieces = 32; // straight pieces of each edge
    const double turn = 2.0 * std::numbers::pi / (edges * pieces);
    const double radius_m = length_m / (edges * pieces * 2.0 * std::sin(0.5 * turn));
    const auto at = [&](int k) {
        return Vec2(radius_m * std::cos(k * turn), radius_m * std::sin(k * turn));
    };
    Streets s;
    for (int e = 0; e < edges; ++e) {
        s.node(at(e * pieces).x(), at(e * pieces).y());
    }
    for (int e = 0; e < edges; ++e) {
        const int next = (e + 1) % edges;
        Polyline line = {s.raw.nodes[static_cast<std::size_t>(e)].at};
        for (int k = 1; k < pieces; ++k) {
            line.push_back(at(e * pieces + k));
        }
        line.push_back(s.raw.nodes[static_cast<std::size_t>(next)].at);
        s.street(static_cast<std::uint32_t>(e), static_cast<std::uint32_t>(next),
                 {.lanes = lanes, .speed_mps = speed_mps, .is_one_way = true}, line);
    }
    return s.assemble();
}

/// A one-way road to the east of two edges, the second ending in a sink; with a signal, a signalled
/// crossing lies in its middle.
inline StreetNetwork straight_road(double length_m, std::size_t lanes, double speed_mps,
                                   bool has_signal = false) {
    Streets s;
    const StreetPlan plan{.lanes = lanes, .speed_mps = speed_mps, .is_one_way = true};
    const std::uint32_t west = s.node(0.0, 0.0);
    const std::uint32_t middle = s.node(0.5 * length_m, 0.0, has_signal);
    const std::uint32_t east = s.node(length_m, 0.0);
    const std::uint32_t first = s.street(west, middle, plan);
    s.street(middle, east, plan);
    if (has_signal) {
        s.raw.crossings.push_back({first, 0.5 * length_m, CrossingKind::Signalled, middle, 1});
    }
    return s.assemble();
}

/// A main road from west to east (edges 0, 1 and 2, 3) and a minor one with a give-way sign from
/// the south (edge 4 towards the junction, 5 away).
inline StreetNetwork t_junction(double arm_length_m = 200.0, bool is_left_hand = false) {
    Streets s;
    s.raw.is_left_hand = is_left_hand;
    const StreetPlan main{.highway = Highway::Secondary, .name = "Main Road"};
    const std::uint32_t middle = s.node(0.0, 0.0);
    s.street(s.node(-arm_length_m, 0.0), middle, main);
    s.street(s.node(arm_length_m, 0.0), middle, main);
    s.street(s.node(0.0, -arm_length_m), middle,
             {.must_give_way = true, .highway = Highway::Residential, .name = "Side Street"});
    return s.assemble();
}

/// Four equal arms; edges 0, 2, 4, 6 come from west, south, east and north, 1, 3, 5, 7 leave to
/// there. Without a signal it is right before left.
inline StreetNetwork crossroads(bool is_signalled, std::size_t lanes = 1,
                                double arm_length_m = 200.0, bool is_left_hand = false,
                                bool has_crossings = false) {
    Streets s;
    s.raw.is_left_hand = is_left_hand;
    const std::uint32_t middle = s.node(0.0, 0.0, is_signalled);
    const Vec2 ends[] = {
        {-arm_length_m, 0.0}, {0.0, -arm_length_m}, {arm_length_m, 0.0}, {0.0, arm_length_m}};
    for (const Vec2& end : ends) {
        const std::uint32_t arm = s.street(s.node(end.x(), end.y()), middle, {.lanes = lanes});
        if (has_crossings) {
            s.raw.crossings.push_back({arm, arm_length_m - 8.0,
                                       is_signalled ? CrossingKind::Signalled : CrossingKind::Zebra,
                                       is_signalled ? middle : no_index, arm + 1});
        }
    }
    return s.assemble();
}

/// A one-lane roundabout with four two-way arms: edges 0 to 3 are the ring, then arms from east,
/// north, west and south, towards the ring and away.
inline StreetNetwork roundabout(double radius_m = 16.0, double arm_length_m = 150.0) {
    constexpr int arms = 4;
    constexpr int pieces = 8;
    const double turn = 2.0 * std::numbers::pi / (arms * pieces);
    const auto at = [&](int k, double r) {
        return Vec2(r * std::cos(k * turn), r * std::sin(k * turn));
    };
    Streets s;
    for (int k = 0; k < arms; ++k) {
        const Vec2 p = at(k * pieces, radius_m);
        s.node(p.x(), p.y());
    }
    for (int k = 0; k < arms; ++k) {
        const auto from = static_cast<std::uint32_t>(k);
        const auto to = static_cast<std::uint32_t>((k + 1) % arms);
        Polyline line = {s.raw.nodes[from].at};
        for (int i = 1; i < pieces; ++i) {
            line.push_back(at(k * pieces + i, radius_m));
        }
        line.push_back(s.raw.nodes[to].at);
        s.street(from, to, {.speed_mps = 8.3, .is_one_way = true, .is_roundabout = true}, line);
    }
    for (int k = 0; k < arms; ++k) {
        const Vec2 p = at(k * pieces, radius_m + arm_length_m);
        s.street(s.node(p.x(), p.y()), static_cast<std::uint32_t>(k), {});
    }
    return s.assemble();
}

/// Two-way streets between nx times ny nodes; nodes with three arms or more may be signalled.
inline StreetNetwork grid(int nx, int ny, double block_m, std::size_t lanes, bool is_signalled) {
    Streets s;
    const auto index = [nx](int i, int j) { return static_cast<std::uint32_t>(j * nx + i); };
    for (int j = 0; j < ny; ++j) {
        for (int i = 0; i < nx; ++i) {
            const int arms = (i > 0) + (i + 1 < nx) + (j > 0) + (j + 1 < ny);
            s.node(i * block_m, j * block_m, is_signalled && arms >= 3);
        }
    }
    for (int j = 0; j < ny; ++j) {
        for (int i = 0; i < nx; ++i) {
            if (i + 1 < nx) {
                s.street(index(i, j), index(i + 1, j), {.lanes = lanes});
            }
            if (j + 1 < ny) {
                s.street(index(i, j), index(i, j + 1), {.lanes = lanes});
            }
        }
    }
    return s.assemble();
}

/// A flat city of nothing but these streets.
inline City city_of(StreetNetwork streets) {
    City city;
    city.name = "toy";
    city.epsg = 32632;
    for (const Node& node : streets.nodes) {
        city.bounds.extend(node.at - Vec2(50.0, 50.0));
        city.bounds.extend(node.at + Vec2(50.0, 50.0));
    }
    city.streets = std::move(streets);
    return city;
}

} // namespace veste::toy
