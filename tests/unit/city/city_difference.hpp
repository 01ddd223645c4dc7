#pragma once
#include "city/city.hpp"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

/// Where two cities differ.
namespace city_difference {

using namespace veste;

// Every member of every struct by structured bindings: a new member does not compile until it is
// listed here, and then fails until the file keeps it.
inline auto members(const Polygon& p) {
    const auto& [outer, holes] = p;
    return std::tie(outer, holes);
}
inline auto members(const Box2& box) {
    const auto& [low, high] = box;
    return std::tie(low, high);
}
template <class T> auto members(const Raster<T>& raster) {
    const auto& [shape, values] = raster;
    return std::tie(shape, values);
}
inline auto members(const Terrain& t) {
    const auto& [ground, surface, is_blocked, is_sea, has_elevation, buildings] = t;
    return std::tie(ground, surface, is_blocked, is_sea, has_elevation, buildings);
}
inline auto members(const Building& b) {
    const auto& [footprint, height, ground, is_assumed, osm_id, source_id] = b;
    return std::tie(footprint, height, ground, is_assumed, osm_id, source_id);
}
inline auto members(const NamedArea& a) {
    const auto& [name, area] = a;
    return std::tie(name, area);
}
inline auto members(const Node& n) {
    const auto& [at, control, signal, osm_ids, incoming, outgoing, radius, is_border] = n;
    return std::tie(at, control, signal, osm_ids, incoming, outgoing, radius, is_border);
}
inline auto members(const Edge& e) {
    const auto& [from, to, opposite, first_lane, lanes, length, speed, is_assumed, are_assumed,
                 is_bridge, is_tunnel, is_roundabout, gives_way, stops, level, highway, way, name,
                 line] = e;
    return std::tie(from, to, opposite, first_lane, lanes, length, speed, is_assumed, are_assumed,
                    is_bridge, is_tunnel, is_roundabout, gives_way, stops, level, highway, way,
                    name, line);
}
inline auto members(const Lane& l) {
    const auto& [edge, index, width, length, allowed, line, first, connections] = l;
    return std::tie(edge, index, width, length, allowed, line, first, connections);
}
inline auto members(const Conflict& c) {
    const auto& [other, begin, end, other_begin, other_end, must_yield] = c;
    return std::tie(other, begin, end, other_begin, other_end, must_yield);
}
inline auto members(const Connection& c) {
    const auto& [from, to, node, turn, length, speed, line, link, conflicts, allowed] = c;
    return std::tie(from, to, node, turn, length, speed, line, link, conflicts, allowed);
}
inline auto members(const SignalPhase& p) {
    const auto& [duration, lights] = p;
    return std::tie(duration, lights);
}
inline auto members(const SignalPlan& p) {
    const auto& [name, offset, phases, is_assumed] = p;
    return std::tie(name, offset, phases, is_assumed);
}
inline auto members(const Signal& s) {
    const auto& [node, name, links, plans, osm_ids] = s;
    return std::tie(node, name, links, plans, osm_ids);
}
inline auto members(const CrossingPlace& p) {
    const auto& [lane, connection, at] = p;
    return std::tie(lane, connection, at);
}
inline auto members(const Crossing& c) {
    const auto& [from, to, width, kind, signal, link, osm_id, places] = c;
    return std::tie(from, to, width, kind, signal, link, osm_id, places);
}
inline auto members(const StreetNetwork& s) {
    const auto& [nodes, edges, lanes, connections, signals, crossings, is_left_hand] = s;
    return std::tie(nodes, edges, lanes, connections, signals, crossings, is_left_hand);
}
inline auto members(const WalkTriangle& t) {
    const auto& [vertices, neighbours, kind, level, crossing, component, slope, uphill, conveyor] =
        t;
    return std::tie(vertices, neighbours, kind, level, crossing, component, slope, uphill,
                    conveyor);
}
inline auto members(const WalkWay& w) {
    const auto& [osm_way, name, width, level, kind, line] = w;
    return std::tie(osm_way, name, width, level, kind, line);
}
inline auto members(const WalkMesh& w) {
    return std::tie(w.vertices, w.triangles, w.ways); // the index is built anew
}
inline auto members(const Lamp& l) {
    const auto& [at, height, flux, feeder, is_assumed, osm_id, height_assumed, flux_assumed] = l;
    return std::tie(at, height, flux, feeder, is_assumed, osm_id, height_assumed, flux_assumed);
}
inline auto members(const Feeder& f) {
    const auto& [name, areas, is_assumed] = f;
    return std::tie(name, areas, is_assumed);
}
inline auto members(const Sensor& s) {
    const auto& [name, kind, at, range, edge, along, feeder, is_assumed, range_assumed] = s;
    return std::tie(name, kind, at, range, edge, along, feeder, is_assumed, range_assumed);
}
inline auto members(const Drain& d) {
    const auto& [at, capacity, is_assumed, capacity_assumed] = d;
    return std::tie(at, capacity, is_assumed, capacity_assumed);
}
inline auto members(const Station& s) {
    const auto& [name, kind, at] = s;
    return std::tie(name, kind, at);
}
inline auto members(const Sign& s) {
    const auto& [text, at] = s;
    return std::tie(text, at);
}
inline auto members(const Assets& a) {
    const auto& [lamps, feeders, sensors, drains, stations, signs, signal_feeder] = a;
    return std::tie(lamps, feeders, sensors, drains, stations, signs, signal_feeder);
}
inline auto members(const CityReport& r) {
    const auto& [found, assumed, warnings] = r;
    return std::tie(found, assumed, warnings);
}
inline auto members(const City& c) {
    const auto& [name, epsg, origin, bounds, latitude, longitude, digest, terrain, buildings, sea,
                 water, areas, streets, walk, assets, report] = c;
    return std::tie(name, epsg, origin, bounds, latitude, longitude, digest, terrain, buildings,
                    sea, water, areas, streets, walk, assets, report);
}

/// Where two things differ first, as member and row numbers; empty where they are equal.
template <class T> std::string difference(const T& a, const T& b);

template <class T> std::string difference(const std::vector<T>& a, const std::vector<T>& b) {
    if (a.size() != b.size()) {
        return "/ " + std::to_string(a.size()) + " rows for " + std::to_string(b.size());
    }
    for (std::size_t k = 0; k < a.size(); ++k) {
        if (const std::string inside = difference(a[k], b[k]); !inside.empty()) {
            return "/row " + std::to_string(k) + inside;
        }
    }
    return "";
}

template <class Tuple, std::size_t... K>
std::string first_difference(const Tuple& a, const Tuple& b, std::index_sequence<K...>) {
    std::string found;
    const auto look = [&found](std::size_t k, const std::string& inside) {
        if (found.empty() && !inside.empty()) {
            found = "/member " + std::to_string(k) + inside;
        }
    };
    (look(K, difference(std::get<K>(a), std::get<K>(b))), ...);
    return found;
}

template <class T> std::string difference(const T& a, const T& b) {
    if constexpr (requires { members(a); }) {
        const auto x = members(a);
        return first_difference(x, members(b),
                                std::make_index_sequence<std::tuple_size_v<decltype(x)>>());
    } else {
        return a == b ? "" : "/";
    }
}

} // namespace city_difference
