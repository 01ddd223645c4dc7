#pragma once
#include "traffic/step.hpp"

#include <memory>
#include <vector>

namespace veste {

/// The traffic model's working place. Nothing here outlives a tick's meaning: all is found anew
/// from Vehicles, so a model may go on with any World of its city.
struct TrafficModel::Implementation {
    Implementation(std::shared_ptr<const City> c, std::shared_ptr<const Scenario> s,
                   const TrafficParameters& p);

    // Stages of a tick and of a substep, in order; see advance().
    void gather(Vehicles& v, double end_s);
    void find_routes(Vehicles& v, std::uint64_t version, double now_s, double interval_s);
    void substep(const traffic::Step& step, LoopCounts& counts);
    void let_in(const traffic::Step& step);
    void index(const traffic::Step& step);
    void change_lanes(const traffic::Step& step);
    void look_ahead(const traffic::Step& step);
    void settle_junctions(const traffic::Step& step);
    void move(const traffic::Step& step, LoopCounts& counts);
    void go_round(const traffic::Step& step, std::uint64_t version, double interval_s);
    void pull_over(const traffic::Step& step);
    void place(Vehicles& v) const;

    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    TrafficParameters parameters;
    traffic::Roads roads;
    traffic::Lists<traffic::Loop> loops; ///< of each edge
    traffic::EdgeState edges;            ///< as they are: what a driver meets
    traffic::EdgeState known_edges;      ///< as drivers know them when they choose their way
    traffic::Order order;
    std::vector<std::uint32_t> waiting;   ///< ids that wait or depart in this tick, ascending
    std::vector<traffic::LanePlan> plans; ///< kept as long as they fit their vehicle's way
    std::vector<std::uint32_t> choice;
    std::vector<std::uint8_t> was_granted;
    std::vector<std::uint32_t> granted_by;
    std::vector<std::uint32_t> next_line;
    std::vector<std::uint8_t> is_awaited;
    std::vector<std::uint32_t> busy_clusters;
    std::vector<std::uint8_t> is_busy;
    traffic::Grants grants;
    std::vector<std::uint32_t> visited;
    std::vector<double> acceleration;
    std::vector<traffic::LaneWish> wishes;
    std::vector<std::uint8_t> is_entered; ///< lanes entered in this substep
    std::vector<std::uint32_t> entered_lanes;
    std::vector<std::uint8_t> is_touched; ///< vehicles next to a lane change of this substep
    std::vector<std::uint8_t> is_lane_touched;
    std::vector<std::uint8_t> is_listed;
};

namespace traffic {

/// A vehicle in need of a way: `kept` edges it is on stay, the way found is put behind them.
struct RouteJob {
    std::uint32_t vehicle = none;
    RouteRequest request;
    std::vector<std::uint32_t> kept;
    std::uint32_t next_edge = 0;
    bool is_detour = false;   ///< keeps its old way where none is found
    bool is_for_time = false; ///< keeps its old way where the new one saves little
};

/// Finds all ways at the present speeds in parallel and takes them over in the order of the jobs.
void take_routes(Vehicles& vehicles, const Roads& roads, const EdgeState& edges,
                 const TrafficParameters& parameters, std::vector<RouteJob>& jobs,
                 std::uint64_t version);

/// The job of a vehicle that looks for its way anew from where it is.
RouteJob route_job(const Vehicles& vehicles, const Roads& roads,
                   const TrafficParameters& parameters, std::uint32_t vehicle);

/// Gives a grant into a closed street back as long as the vehicle can stop before it.
void drop_closed_grant(Vehicles& vehicles, const Roads& roads, const EdgeState& edges,
                       const TrafficParameters& parameters, std::uint32_t vehicle);

/// True where the way still ahead is closed or far slower than its streets usually are.
bool is_way_affected(const Vehicles& vehicles, const Roads& roads, const EdgeState& edges,
                     std::uint32_t vehicle);

} // namespace traffic
} // namespace veste
