#include "base/parallel.hpp"
#include "traffic/model.hpp"
#include "traffic/passing.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>
#include <utility>

namespace veste::traffic {
namespace {

/// A quicker way is taken where it saves a fifth of the time left.
constexpr double worth_changing = 0.8;
/// Slower than this share of its usual limit, an edge is worth going round.
constexpr double much_slower = 0.7;
constexpr std::size_t jobs_per_finder = 16;

/// Equal questions have equal answers: jobs that ask the same are searched once.
bool is_same_question(const RouteRequest& a, const RouteRequest& b) {
    return a.starts == b.starts && a.destination == b.destination &&
           a.vehicle_class == b.vehicle_class && a.speed_factor == b.speed_factor &&
           a.max_speed_mps == b.max_speed_mps && a.avoided == b.avoided &&
           a.keeps_lane == b.keeps_lane;
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

/// What is left of a vehicle's way from the edge on which the job's search begins.
std::span<const std::uint32_t> way_left(const Vehicles& v, const RouteJob& job) {
    const std::size_t i = job.vehicle;
    const std::size_t done = v.next_edge[i] - job.next_edge + job.kept.size();
    return std::span(v.route_edges).subspan(v.route_begin[i] + done, v.route_length[i] - done);
}

/// The answer to a job. Others who ask the same may take a way that its own asker does not.
struct Answer {
    std::vector<std::uint32_t> way; ///< empty: none is open
    double duration_s = 0.0;
    bool is_worth_it = true; ///< quicker by enough, for those who change for time alone
};

std::vector<Answer> find_answers(const Vehicles& v, const Roads& roads, const EdgeState& edges,
                                 const std::vector<double>& speeds_mps,
                                 const std::vector<RouteJob>& jobs) {
    std::vector<Answer> answers(jobs.size());
    parallel_ranges(jobs.size(), jobs_per_finder, [&](std::size_t begin, std::size_t end) {
        RouteFinder finder(roads, edges);
        for (std::size_t n = begin; n < end; ++n) {
            const RouteJob& job = jobs[n];
            Answer& answer = answers[n];
            if (n > begin && is_same_question(job.request, jobs[n - 1].request)) {
                answer = answers[n - 1];
            } else {
                answer.way = finder.find(job.request, speeds_mps, &answer.duration_s);
            }
            answer.is_worth_it =
                !job.is_for_time ||
                answer.duration_s <=
                    worth_changing * finder.duration_s(job.request, way_left(v, job), speeds_mps);
        }
    });
    return answers;
}

void take_way(Vehicles& v, const RouteJob& job, const std::vector<std::uint32_t>& found) {
    const std::uint32_t i = job.vehicle;
    std::vector<std::uint32_t> way = job.kept;
    way.insert(way.end(), found.begin(), found.end());
    if (is_present_way(v, job, way)) {
        return;
    }
    v.route_begin[i] = static_cast<std::uint32_t>(v.route_edges.size());
    v.route_length[i] = static_cast<std::uint32_t>(way.size());
    v.next_edge[i] = job.next_edge;
    v.route_edges.insert(v.route_edges.end(), way.begin(), way.end());
}

} // namespace

void take_routes(Vehicles& v, const Roads& roads, const EdgeState& edges,
                 const TrafficParameters& parameters, std::vector<RouteJob>& jobs,
                 std::uint64_t version) {
    if (jobs.empty()) {
        return;
    }
    const std::vector<Answer> answers =
        find_answers(v, roads, edges, present_speeds(v, roads, edges, parameters), jobs);
    for (std::size_t n = 0; n < jobs.size(); ++n) {
        const RouteJob& job = jobs[n];
        const std::uint32_t i = job.vehicle;
        if (!answers[n].way.empty() && answers[n].is_worth_it) {
            v.is_stuck[i] &= static_cast<std::uint8_t>(~stuck_without_way);
            v.route_version[i] = version;
            v.detours[i] += job.is_detour ? 1 : 0;
            take_way(v, job, answers[n].way);
        } else if (!job.is_detour && !job.is_for_time) {
            v.is_stuck[i] |= stuck_without_way;
            v.route_version[i] = version;
        }
    }
}

RouteJob route_job(const Vehicles& v, const Roads& roads, const TrafficParameters& parameters,
                   std::uint32_t i) {
    RouteJob job;
    job.vehicle = i;
    job.request.destination = v.destination[i];
    job.request.vehicle_class = v.class_of(i);
    // Ways are chosen by the class's usual driver, so that equal trips share one search.
    job.request.speed_factor = parameters.drivers[v.vehicle_class[i]].speed_factor_mean;
    job.request.max_speed_mps = v.max_speed_mps[i];
    if (!v.is_present(i)) {
        job.request.starts = lanes_for(roads, v.entry[i], job.request.vehicle_class);
        return job;
    }
    // Edges that it is on or granted stay; the way goes on from the last of them.
    const bool is_on_lane = v.lane[i] != none;
    job.next_edge = is_on_lane ? 1 : 0;
    std::uint32_t last = is_on_lane ? v.lane[i] : roads.to_lane(v.connection[i]);
    for (const std::uint32_t k : v.granted_to(i)) {
        if (k == none) {
            break;
        }
        job.kept.push_back(roads.edge[last]);
        last = roads.to_lane(k);
    }
    job.request.starts = {last};
    return job;
}

void drop_closed_grant(Vehicles& v, const Roads& roads, const EdgeState& edges,
                       const TrafficParameters& parameters, std::uint32_t i) {
    const auto granted = v.granted_to(i);
    const bool is_closed = std::any_of(granted.begin(), granted.end(), [&](std::uint32_t k) {
        return k != none && !edges.may_enter(roads.edge[roads.from_lane(k)],
                                             roads.edge[roads.lanes + k], v.class_of(i));
    });
    const std::uint32_t lane = v.lane[i];
    if (is_closed && lane != none &&
        stopping_m(v.speed_mps[i], parameters.yellow_deceleration_mps2) <
            roads.length_m[lane] - v.front_m[i]) {
        std::fill(granted.begin(), granted.end(), none);
    }
}

bool is_way_affected(const Vehicles& v, const Roads& roads, const EdgeState& edges,
                     std::uint32_t i) {
    for (std::uint32_t n = v.next_edge[i]; n < v.route_length[i]; ++n) {
        const std::uint32_t e = v.route_edges[v.route_begin[i] + n];
        const double now_mps = std::min(edges.limit_mps[e], edges.water_mps[e]);
        if (!edges.is_open(e, v.class_of(i)) ||
            now_mps < much_slower * roads.streets.edges[e].speed_limit_mps) {
            return true;
        }
    }
    return false;
}

} // namespace veste::traffic

namespace veste {

using traffic::RouteJob;

void TrafficModel::Implementation::find_routes(Vehicles& v, std::uint64_t version, double now_s,
                                               double interval_s) {
    std::vector<RouteJob> jobs;
    const auto look_anew = [&](std::uint32_t i) {
        if (v.route_version[i] == version) {
            return;
        }
        if ((v.is_stuck[i] & stuck_without_way) != 0 ||
            traffic::is_way_affected(v, roads, known_edges, i)) {
            traffic::drop_closed_grant(v, roads, known_edges, parameters, i);
            jobs.push_back(traffic::route_job(v, roads, parameters, i));
        } else {
            v.route_version[i] = version;
        }
    };
    for (const std::uint32_t i : waiting) {
        if (v.route_length[i] == 0 && (v.is_stuck[i] & stuck_without_way) == 0) {
            jobs.push_back(traffic::route_job(v, roads, parameters, i));
        } else {
            look_anew(i);
        }
    }
    for (const std::uint32_t i : order.present) {
        look_anew(i);
        const double driven_s = now_s - v.entered_s[i];
        if (v.route_version[i] == version && driven_s >= parameters.reconsider_every_s &&
            std::fmod(driven_s, parameters.reconsider_every_s) < interval_s) {
            jobs.push_back(traffic::route_job(v, roads, parameters, i));
            jobs.back().is_for_time = true;
        }
    }
    std::sort(jobs.begin(), jobs.end(), [](const RouteJob& a, const RouteJob& b) {
        const auto key = [](const RouteJob& job) {
            return std::tie(job.request.starts, job.request.destination, job.request.vehicle_class,
                            job.vehicle);
        };
        return key(a) < key(b);
    });
    traffic::take_routes(v, roads, known_edges, parameters, jobs, version);
}

namespace {

/// The edge without room at the end of the path that a vehicle asks for, or none.
std::uint32_t full_exit(const traffic::Step& step, std::uint32_t i) {
    const traffic::Path path = traffic::find_path(step, i);
    return !path.has_line() || traffic::find_room(step, i, path).is_there
               ? traffic::none
               : step.roads.edge[path.last().behind.track];
}

/// A way from the end of the lane that a vehicle stands on, not over the edge avoided.
RouteJob detour_job(const traffic::Step& step, std::uint32_t i, std::uint32_t avoided) {
    RouteJob job = traffic::route_job(step.vehicles, step.roads, step.parameters, i);
    job.is_detour = true;
    job.request.avoided = avoided;
    job.request.keeps_lane = true;
    return job;
}

} // namespace

/// Those who stand where their lane does not lead on take another way that it leads to; those
/// before a full exit look for a way round it once a minute.
void TrafficModel::Implementation::go_round(const traffic::Step& step, std::uint64_t version,
                                            double interval_s) {
    constexpr double missed_every_s = 10.0;
    constexpr double full_every_s = 60.0;
    const Vehicles& v = step.vehicles;
    std::vector<RouteJob> jobs;
    for (const std::uint32_t i : order.present) {
        if (v.standing_since_s[i] < 0.0 || v.is_granted(i)) {
            continue;
        }
        traffic::Way way = traffic::way_of(step, i);
        if (!roads.is_lane(way.track)) {
            traffic::walk_on(step, i, way);
        }
        if (way.edge + 1 >= v.route_length[i] || way.end_m(roads) > 15.0) {
            continue;
        }
        const double standing_s = step.standing_s(i);
        const auto is_time = [&](double every_s) {
            return standing_s >= every_s && std::fmod(standing_s, every_s) < interval_s;
        };
        const bool has_missed = traffic::connection_ahead(step, i, way) == traffic::none ||
                                traffic::find_path(step, i).breaks_off;
        const std::uint32_t full =
            !has_missed && is_time(full_every_s) ? full_exit(step, i) : traffic::none;
        if ((has_missed && is_time(missed_every_s)) || full != traffic::none) {
            jobs.push_back(detour_job(step, i, full));
        }
    }
    traffic::take_routes(step.vehicles, roads, known_edges, parameters, jobs, version);
}

} // namespace veste
