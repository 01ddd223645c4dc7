#include "base/parallel.hpp"
#include "traffic/model.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace veste::traffic {
namespace {

/// Slower than this share of its usual limit, an edge is worth going round.
constexpr double much_slower = 0.7;
constexpr std::size_t jobs_per_finder = 16;

/// Equal questions have equal answers: jobs that ask the same are searched once.
bool is_same_question(const RouteRequest& a, const RouteRequest& b) {
    return a.starts == b.starts && a.destination == b.destination &&
           a.vehicle_class == b.vehicle_class && a.speed_factor == b.speed_factor &&
           a.avoided == b.avoided;
}

bool is_present_way(const Vehicles& v, const RouteJob& job, const std::vector<std::uint32_t>& way) {
    const std::uint32_t i = job.vehicle;
    if (job.next_edge > v.next_edge[i]) {
        return false;
    }
    const std::uint32_t from = v.next_edge[i] - job.next_edge;
    const auto begin = v.route_edges.begin() + v.route_begin[i] + from;
    return v.route_length[i] - from == way.size() && std::equal(way.begin(), way.end(), begin);
}

} // namespace

void take_routes(Vehicles& v, const Roads& roads, const EdgeState& edges,
                 std::vector<RouteJob>& jobs, std::uint64_t version) {
    std::vector<std::vector<std::uint32_t>> ways(jobs.size());
    parallel_ranges(jobs.size(), jobs_per_finder, [&](std::size_t begin, std::size_t end) {
        RouteFinder finder(roads, edges);
        for (std::size_t n = begin; n < end; ++n) {
            if (n > begin && is_same_question(jobs[n].request, jobs[n - 1].request)) {
                ways[n] = ways[n - 1];
            } else {
                ways[n] = finder.find(jobs[n].request);
            }
        }
    });
    for (std::size_t n = 0; n < jobs.size(); ++n) {
        const RouteJob& job = jobs[n];
        const std::uint32_t i = job.vehicle;
        if (ways[n].empty()) {
            if (!job.is_detour) {
                v.is_stuck[i] |= stuck_without_way;
                v.route_version[i] = version;
            }
            continue;
        }
        v.is_stuck[i] &= static_cast<std::uint8_t>(~stuck_without_way);
        v.route_version[i] = version;
        v.detours[i] += job.is_detour ? 1 : 0;
        std::vector<std::uint32_t> way = job.kept;
        way.insert(way.end(), ways[n].begin(), ways[n].end());
        if (is_present_way(v, job, way)) {
            continue;
        }
        v.route_begin[i] = static_cast<std::uint32_t>(v.route_edges.size());
        v.route_length[i] = static_cast<std::uint32_t>(way.size());
        v.next_edge[i] = job.next_edge;
        v.route_edges.insert(v.route_edges.end(), way.begin(), way.end());
    }
}

RouteJob route_job(const Vehicles& v, const Roads& roads, const EdgeState& edges,
                   const TrafficParameters& parameters, std::uint32_t i) {
    RouteJob job;
    job.vehicle = i;
    job.request.destination = v.destination[i];
    job.request.vehicle_class = static_cast<VehicleClass>(v.vehicle_class[i]);
    // Ways are chosen by the class's usual driver, so that equal trips share one search.
    job.request.speed_factor = parameters.drivers[v.vehicle_class[i]].speed_factor_mean;
    job.request.max_speed_mps = v.max_speed_mps[i];
    if (!v.is_present(i)) {
        job.request.starts = {v.origin[i]};
        return job;
    }
    if (v.lane[i] == none) {
        job.request.starts = {roads.edge[roads.lanes + v.connection[i]]};
        return job;
    }
    const std::uint32_t here = roads.edge[v.lane[i]];
    const std::uint32_t granted = v.granted[i];
    job.next_edge = 1;
    if (granted != none && edges.is_open[roads.edge[roads.lanes + granted]] != 0) {
        job.kept = {here};
        job.request.starts = {roads.edge[roads.lanes + granted]};
    } else {
        job.request.starts = {here};
    }
    return job;
}

bool is_way_affected(const Vehicles& v, const Roads& roads, const EdgeState& edges,
                     std::uint32_t i) {
    for (std::uint32_t n = v.next_edge[i]; n < v.route_length[i]; ++n) {
        const std::uint32_t e = v.route_edges[v.route_begin[i] + n];
        const double now_mps = std::min(edges.limit_mps[e], edges.water_mps[e]);
        if (edges.is_open[e] == 0 ||
            now_mps < much_slower * roads.streets.edges[e].speed_limit_mps) {
            return true;
        }
    }
    return false;
}

} // namespace veste::traffic

namespace veste {

using traffic::RouteJob;

void TrafficModel::Implementation::find_routes(Vehicles& v, const Conditions& conditions) {
    std::vector<RouteJob> jobs;
    const std::uint64_t version = conditions.edge_version;
    const auto look_anew = [&](std::uint32_t i) {
        if (v.route_version[i] == version) {
            return;
        }
        if ((v.is_stuck[i] & stuck_without_way) != 0 ||
            traffic::is_way_affected(v, roads, edges, i)) {
            jobs.push_back(traffic::route_job(v, roads, edges, parameters, i));
        } else {
            v.route_version[i] = version;
        }
    };
    for (const std::uint32_t i : waiting) {
        if (v.route_length[i] == 0 && (v.is_stuck[i] & stuck_without_way) == 0) {
            jobs.push_back(traffic::route_job(v, roads, edges, parameters, i));
        } else {
            look_anew(i);
        }
    }
    for (const std::uint32_t i : order.present) {
        look_anew(i);
    }
    std::sort(jobs.begin(), jobs.end(), [](const RouteJob& a, const RouteJob& b) {
        const auto key = [](const RouteJob& job) {
            return std::tie(job.request.starts, job.request.destination, job.request.vehicle_class,
                            job.vehicle);
        };
        return key(a) < key(b);
    });
    traffic::take_routes(v, roads, edges, jobs, version);
}

/// Those who stand at the end of a lane that does not lead to their way take another one that the
/// lane leads to; those before a full exit look for a way round it once a minute.
void TrafficModel::Implementation::go_round(const traffic::Step& step, double interval_s) {
    constexpr double missed_every_s = 10.0;
    constexpr double full_every_s = 60.0;
    const Vehicles& v = step.vehicles;
    std::vector<RouteJob> jobs;
    for (const std::uint32_t i : order.present) {
        const std::uint32_t lane = v.lane[i];
        if (lane == traffic::none || v.standing_since_s[i] < 0.0 || v.granted[i] != traffic::none ||
            step.edge_ahead(i, 0) == traffic::none || roads.length_m[lane] - v.front_m[i] > 15.0) {
            continue;
        }
        const double standing_s = step.standing_s(i);
        const auto is_time = [&](double every_s) {
            return standing_s >= every_s && std::fmod(standing_s, every_s) < interval_s;
        };
        const bool has_missed = choice[i] == traffic::none;
        const bool is_full =
            !has_missed && is_time(full_every_s) && traffic::is_exit_full(step, i, choice[i]);
        if (!(has_missed && is_time(missed_every_s)) && !is_full) {
            continue;
        }
        RouteJob job = traffic::route_job(v, roads, edges, parameters, i);
        job.is_detour = true;
        job.kept = {roads.edge[lane]};
        job.request.starts.clear();
        job.request.avoided = is_full ? step.edge_ahead(i, 0) : traffic::none;
        const Lane& from = city->streets.lanes[lane];
        for (std::uint32_t n = 0; n < from.connections; ++n) {
            const std::uint32_t k = from.first_connection + n;
            const std::uint32_t to = roads.edge[roads.lanes + k];
            if (edges.is_open[to] != 0 && to != job.request.avoided &&
                roads.allows(roads.to_lane(k), step.class_of(i))) {
                job.request.starts.push_back(to);
            }
        }
        if (!job.request.starts.empty()) {
            jobs.push_back(std::move(job));
        }
    }
    traffic::take_routes(step.vehicles, roads, edges, jobs, step.conditions.edge_version);
}

} // namespace veste
