#pragma once
#include "city/sources.hpp"
#include "city/street_assembly.hpp"
#include "city/street_tags.hpp"

#include <optional>
#include <utility>

/// The steps from OSM to raw streets: one node for each OSM junction, then merged junctions, then
/// the part that vehicles can reach and leave.
namespace veste {

/// Ways of OSM that carry vehicles, and where signals and crossings lie on them.
struct VehicleWays {
    std::vector<std::uint32_t> ways;         ///< indices into OsmData::ways
    std::vector<StreetTags> tags;            ///< one for each of `ways`
    std::vector<std::uint8_t> is_split;      ///< for each OSM node: streets end here
    std::vector<std::uint8_t> is_signalled;  ///< for each OSM node: a signal works here
    std::vector<std::uint32_t> signalled_by; ///< of a crossing: the OSM node with its signal
    std::vector<std::int8_t> crossing;       ///< CrossingKind, or -1 for none
    std::vector<std::vector<std::int64_t>> signal_ids; ///< OSM signals of a signalled node
    std::vector<std::uint32_t> signals_without_place;  ///< OSM nodes
};
VehicleWays find_vehicle_ways(const OsmData& osm, const StreetOptions& options);
/// Settles which junction each signal belongs to, and which crossings have one of their own.
void place_signals(const OsmData& osm, VehicleWays& ways);

/// A turn restriction over a way between two streets.
struct ViaWayRule {
    std::int64_t from = 0;
    std::int64_t to = 0;
    std::vector<std::int64_t> via;
    VehicleClasses forbidden = 0;
};

struct StreetGraph {
    RawStreets raw;
    std::vector<ViaWayRule> via_way_rules;
    std::size_t streets = 0;
    std::size_t streets_without_speed = 0;
    std::size_t streets_without_lanes = 0;
    std::size_t restrictions = 0;
    std::size_t unsupported_restrictions = 0;
    std::size_t merged_nodes = 0;
    std::size_t merged_junctions = 0;
};

/// Streets between OSM junctions, clipped to bounds, with signs, signals and crossings.
StreetGraph read_street_graph(const OsmData& osm, const VehicleWays& ways, const Box2& bounds,
                              const StreetOptions& options);
/// Movements at every node, without those that turn restrictions forbid.
void read_movements(const OsmData& osm, StreetGraph& graph);
/// Makes one node of each junction drawn as several; ways through it stay as they were.
void merge_junctions(StreetGraph& graph);

/// What was left out because vehicles cannot reach it or cannot leave it.
struct LeftOut {
    std::size_t edges = 0;
    double length_m = 0.0;
    std::size_t entries = 0; ///< one-way streets from the border that cannot be reached from inside
    std::size_t exits = 0;
};
LeftOut keep_connected(StreetGraph& graph);

/// Classes that any lane of an edge lets in.
VehicleClasses classes_of(const RawEdge& edge);
/// Keeps the edges marked, and the nodes, movements and crossings that belong to them.
void keep_edges(StreetGraph& graph, const std::vector<std::uint8_t>& is_kept);

} // namespace veste
