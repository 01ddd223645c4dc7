#pragma once
#include "base/parallel.hpp"
#include "base/random.hpp"
#include "city/conditions.hpp"
#include "pedestrians/pedestrians.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

/// Rectangular walking scenes for tests and benchmarks: exact meshes made by hand, people put where
/// a test wants them.
namespace scene {

using namespace veste;

inline Box2 box(double x0, double y0, double x1, double y1) {
    return {Vec2(x0, y0), Vec2(x1, y1)};
}

/// Mesh of a union of rectangles without others: cut along every border (and every `cell_m`), two
/// triangles for each piece.
inline WalkMesh mesh_of(const std::vector<Box2>& areas, const std::vector<Box2>& without = {},
                        double cell_m = 1e9) {
    std::set<double> xs;
    std::set<double> ys;
    const auto cut = [&](const Box2& b) {
        xs.insert({b.low.x(), b.high.x()});
        ys.insert({b.low.y(), b.high.y()});
        for (double x = b.low.x() + cell_m; x < b.high.x() - 0.01; x += cell_m) {
            xs.insert(x);
        }
        for (double y = b.low.y() + cell_m; y < b.high.y() - 0.01; y += cell_m) {
            ys.insert(y);
        }
    };
    std::for_each(areas.begin(), areas.end(), cut);
    std::for_each(without.begin(), without.end(), cut);
    const std::vector<double> x(xs.begin(), xs.end());
    const std::vector<double> y(ys.begin(), ys.end());
    const auto is_in = [](const std::vector<Box2>& boxes, const Vec2& p) {
        return std::any_of(boxes.begin(), boxes.end(),
                           [&](const Box2& b) { return b.contains(p); });
    };
    WalkMesh mesh;
    for (const double v : y) {
        for (const double u : x) {
            mesh.vertices.push_back({u, v});
        }
    }
    const std::size_t columns = x.size() - 1;
    const std::size_t rows = y.size() - 1;
    std::vector<std::uint32_t> first(columns * rows, UINT32_MAX);
    for (std::size_t j = 0; j < rows; ++j) {
        for (std::size_t i = 0; i < columns; ++i) {
            const Vec2 middle(0.5 * (x[i] + x[i + 1]), 0.5 * (y[j] + y[j + 1]));
            if (is_in(areas, middle) && !is_in(without, middle)) {
                first[j * columns + i] = static_cast<std::uint32_t>(mesh.triangles.size());
                mesh.triangles.resize(mesh.triangles.size() + 2);
            }
        }
    }
    for (std::size_t j = 0; j < rows; ++j) {
        for (std::size_t i = 0; i < columns; ++i) {
            const std::uint32_t t = first[j * columns + i];
            if (t == UINT32_MAX) {
                continue;
            }
            const auto vertex = [&](std::size_t di, std::size_t dj) {
                return static_cast<std::uint32_t>((j + dj) * x.size() + i + di);
            };
            const auto cell = [&](std::size_t ii, std::size_t jj, std::uint32_t which) {
                // Steps of -1 wrap to huge numbers and fall out here.
                return ii < columns && jj < rows && first[jj * columns + ii] != UINT32_MAX
                           ? TriangleId(first[jj * columns + ii] + which)
                           : TriangleId();
            };
            // South-east half: sides south, east, diagonal. North-west half: diagonal, north, west.
            mesh.triangles[t].vertices = {vertex(0, 0), vertex(1, 0), vertex(1, 1)};
            mesh.triangles[t].neighbours = {cell(i, j - 1, 1), cell(i + 1, j, 1),
                                            TriangleId(t + 1)};
            mesh.triangles[t + 1].vertices = {vertex(0, 0), vertex(1, 1), vertex(0, 1)};
            mesh.triangles[t + 1].neighbours = {TriangleId(t), cell(i, j + 1, 0),
                                                cell(i - 1, j, 0)};
        }
    }
    mesh.index();
    return mesh;
}

inline std::shared_ptr<City> city_of(WalkMesh mesh) {
    auto city = std::make_shared<City>();
    city->name = "scene";
    city->walk = std::move(mesh);
    city->bounds = city->walk.bounds();
    return city;
}

inline PlaceId add_place(Scenario& scenario, const City& city, const std::string& name,
                         const Box2& area) {
    Place place;
    place.name = name;
    place.area.outer = {area.low, Vec2(area.high.x(), area.low.y()), area.high,
                        Vec2(area.low.x(), area.high.y())};
    place.triangles = city.walk.inside(place.area);
    scenario.places.push_back(std::move(place));
    return PlaceId(scenario.places.size() - 1);
}

/// One profile for all: free speed exactly as given unless `sd_mps` is not zero.
inline ProfileId add_profile(Scenario& scenario, double speed_mps, double sd_mps = 0.0) {
    Profile profile;
    profile.name = "walkers";
    profile.free_speed_mean_mps = speed_mps;
    profile.free_speed_sd_mps = sd_mps;
    profile.free_speed_min_mps = sd_mps == 0.0 ? speed_mps : 0.58;
    profile.free_speed_max_mps = sd_mps == 0.0 ? speed_mps : 2.0;
    scenario.profiles.push_back(profile);
    return ProfileId(scenario.profiles.size() - 1);
}

inline void add_demand(Scenario& scenario, std::uint32_t count, ProfileId profile, PlaceId from,
                       PlaceId to, DepartureProfile departure = {}) {
    PedestrianDemand demand;
    demand.name = "demand";
    demand.count = count;
    demand.profiles = {{profile, 1.0}};
    demand.origins = {{from, 1.0}};
    demand.destinations = {{to, 1.0}};
    demand.departure = departure;
    scenario.pedestrians.push_back(std::move(demand));
}

inline GateId add_gate(Scenario& scenario, const City& city, const Vec2& at, double rate_per_s,
                       std::uint32_t lanes = 1) {
    Gate gate;
    gate.name = "gate";
    gate.at = at;
    gate.triangle = city.walk.locate(at).value();
    gate.service_rate_per_s = rate_per_s;
    gate.lanes = lanes;
    scenario.gates.push_back(gate);
    return GateId(scenario.gates.size() - 1);
}

/// An event with room for all its visitors: they pass one of the gates that there are, stand on the
/// stage and leave where they came from.
inline Event& add_event(Scenario& scenario, std::uint32_t visitors, ProfileId profile, PlaceId from,
                        PlaceId stage, const Vec2& focus) {
    Event event;
    event.name = "event";
    event.visitors = visitors;
    event.capacity = visitors;
    event.profiles = {{profile, 1.0}};
    event.origins = {{from, 1.0}};
    event.exits = event.origins;
    event.stage = stage;
    event.focus = focus;
    for (std::size_t g = 0; g < scenario.gates.size(); ++g) {
        event.gates.emplace_back(g);
    }
    return scenario.events.emplace_back(std::move(event));
}

/// A corridor with a place of 1 m at each end, and one profile.
struct Corridor {
    std::shared_ptr<City> city;
    Scenario scenario;
    PlaceId west;
    PlaceId east;
    ProfileId profile{std::size_t{0}};

    Corridor(double length_m, double width_m, const Profile& its_profile)
        : city(city_of(mesh_of({box(0.0, 0.0, length_m, width_m), box(0.0, 0.0, 1.0, width_m),
                                box(length_m - 1.0, 0.0, length_m, width_m)},
                               {}, 10.0))) {
        scenario.profiles.push_back(its_profile);
        west = add_place(scenario, *city, "west", box(0.0, 0.0, 1.0, width_m));
        east = add_place(scenario, *city, "east", box(length_m - 1.0, 0.0, length_m, width_m));
    }
};

/// A run of the pedestrian side alone.
struct Walk {
    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    Pedestrians people;
    PedestrianModel model;
    Conditions conditions;
    double now_s = 0.0;
    double step_s = 0.1;

    Walk(std::shared_ptr<const City> its_city, const Scenario& its_scenario,
         const PedestrianParameters& parameters = {})
        : city(std::move(its_city)), scenario(std::make_shared<Scenario>(its_scenario)),
          people(plan_pedestrians(*city, *scenario)), model(city, scenario, parameters),
          conditions(Conditions::calm(*city)) {}

    /// Puts a person somewhere, already walking.
    void put(std::size_t i, const Vec2& at) {
        people.x_m[i] = at.x();
        people.y_m[i] = at.y();
        people.triangle[i] = city->walk.locate(at).value().index;
        people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Walking);
    }
    void advance(double interval_s = 1.0) {
        model.advance(people, conditions, now_s, interval_s, step_s);
        now_s += interval_s;
    }
    /// Advances by whole intervals until all have arrived or the time is over; true when all have.
    bool run_until_all_arrived(double until_s, double interval_s = 1.0,
                               const std::function<void()>& each = {}) {
        while (now_s < until_s - 1e-9 && arrived() < people.size()) {
            advance(interval_s);
            if (each) {
                each();
            }
        }
        return arrived() == people.size();
    }
    std::size_t count(WalkerPhase phase) const {
        return static_cast<std::size_t>(
            std::count(people.phase.begin(), people.phase.end(), static_cast<std::uint8_t>(phase)));
    }
    std::size_t arrived() const { return count(WalkerPhase::Arrived); }
    double last_arrival_s() const {
        return *std::max_element(people.arrived_s.begin(), people.arrived_s.end());
    }
    /// True where everyone present stands in their own triangle.
    bool all_on_mesh() const {
        for (std::size_t i = 0; i < people.size(); ++i) {
            if (people.is_present(i) && !city->walk.contains(TriangleId(people.triangle[i]),
                                                             Vec2(people.x_m[i], people.y_m[i]))) {
                return false;
            }
        }
        return true;
    }
    /// The least distance between two people present.
    double least_distance_m() const {
        double least_m = 1e9;
        for (std::size_t i = 0; i < people.size(); ++i) {
            for (std::size_t j = 0; people.is_present(i) && j < i; ++j) {
                if (people.is_present(j)) {
                    least_m = std::min(least_m, std::hypot(people.x_m[i] - people.x_m[j],
                                                           people.y_m[i] - people.y_m[j]));
                }
            }
        }
        return least_m;
    }
};

/// Random points of a rectangle at least `apart_m` from each other while there is room, drawn by
/// dart throwing with a shrinking distance.
inline std::vector<Vec2> scattered(const Box2& area, std::size_t count, double apart_m,
                                   std::uint64_t seed) {
    std::vector<Vec2> points;
    std::uint64_t draw = 0;
    int misses = 0;
    while (points.size() < count) {
        const UniformPair u = uniform_pair(seed, 0, draw++, Draw::Placement);
        const Vec2 p = area.low + Vec2(u.first, u.second).cwiseProduct(area.size_m());
        const bool is_free = std::all_of(points.begin(), points.end(),
                                         [&](const Vec2& q) { return (p - q).norm() >= apart_m; });
        if (is_free) {
            points.push_back(p);
            misses = 0;
        } else if (++misses > 300) {
            apart_m *= 0.95;
            misses = 0;
        }
    }
    return points;
}

/// Mean speed of people in a corridor 1.8 m wide at a given density: a column of 80 m walks off
/// together, and those of its middle half are measured from 8 to 20 s.
inline double corridor_speed_mps(double density_per_m2, std::uint64_t seed,
                                 const PedestrianParameters& parameters = {}, double width_m = 1.8,
                                 double speed_sd_mps = 0.0) {
    constexpr double column_m = 80.0;
    auto city = city_of(mesh_of({box(0.0, 0.0, 260.0, width_m)}, {}, 10.0));
    Scenario scenario;
    scenario.seed = seed;
    const PlaceId from = add_place(scenario, *city, "from", box(0.0, 0.0, 10.0, width_m));
    const PlaceId to = add_place(scenario, *city, "to", box(250.0, 0.0, 260.0, width_m));
    const auto count = static_cast<std::uint32_t>(density_per_m2 * column_m * width_m);
    add_demand(scenario, count, add_profile(scenario, 1.34, speed_sd_mps), from, to);
    Walk walk(city, scenario, parameters);
    const auto points = scattered(box(1.0, 0.15, 1.0 + column_m, width_m - 0.15), count,
                                  0.75 / std::sqrt(density_per_m2), seed);
    std::vector<std::size_t> middle;
    for (std::size_t i = 0; i < count; ++i) {
        walk.put(i, points[i]);
        if (points[i].x() > 1.0 + 0.25 * column_m && points[i].x() < 1.0 + 0.75 * column_m) {
            middle.push_back(i);
        }
    }
    walk.advance(8.0);
    const std::vector<double> x_before = walk.people.x_m;
    walk.advance(12.0);
    double sum_m = 0.0;
    for (const std::size_t i : middle) {
        sum_m += walk.people.x_m[i] - x_before[i];
    }
    return sum_m / static_cast<double>(middle.size()) / 12.0;
}

struct DoorFlow {
    double flow_per_m_s = 0.0;
    bool is_emptied = false;
    double least_distance_m = 1e9;
};

/// 150 people leave a room of 15 x 10 m through a door 2 m long: flow between the 30th and the
/// 120th, by metre of width.
inline DoorFlow door_flow(double width_m, std::uint64_t seed,
                          const PedestrianParameters& parameters = {}, double speed_sd_mps = 0.0) {
    const double y0 = 5.0 - 0.5 * width_m;
    const double y1 = 5.0 + 0.5 * width_m;
    auto city = city_of(
        mesh_of({box(0.0, 0.0, 15.0, 10.0), box(15.0, y0, 17.0, y1), box(17.0, 0.0, 27.0, 10.0)}));
    Scenario scenario;
    scenario.seed = seed;
    const PlaceId from = add_place(scenario, *city, "room", box(0.0, 0.0, 15.0, 10.0));
    const PlaceId to = add_place(scenario, *city, "yard", box(17.0, 0.0, 27.0, 10.0));
    add_demand(scenario, 150, add_profile(scenario, 1.34, speed_sd_mps), from, to);
    Walk walk(city, scenario, parameters);
    std::vector<double> passed_s;
    std::vector<char> is_through(150, 0);
    DoorFlow result;
    result.is_emptied = walk.run_until_all_arrived(600.0, 0.1, [&] {
        for (std::size_t i = 0; i < 150; ++i) {
            if (is_through[i] == 0 && walk.people.x_m[i] > 16.0) {
                is_through[i] = 1;
                passed_s.push_back(walk.now_s);
            }
        }
        if (std::fmod(walk.now_s, 2.0) < 0.1) {
            result.least_distance_m = std::min(result.least_distance_m, walk.least_distance_m());
        }
    });
    if (passed_s.size() >= 120) {
        result.flow_per_m_s = 90.0 / (passed_s[119] - passed_s[29]) / width_m;
    }
    return result;
}

} // namespace scene
