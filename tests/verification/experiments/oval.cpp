#include "verification/experiments/experiment.hpp"

#include "support/walk_scene.hpp"

#include <fmt/format.h>

#include <map>
#include <numbers>

namespace experiments {
namespace {

using namespace veste;
using std::numbers::pi;

constexpr double straight_m = 2.3;
constexpr double radius_m = 1.65;
constexpr double half_width_m = 0.25;
constexpr double centre_x_m = -2.96;
constexpr double centre_y_m = 2.97;
constexpr double step_s = 0.1;
const double lap_m = 2.0 * straight_m + 2.0 * pi * radius_m;

/// Place at `along_m` on the way round (counter-clockwise from the foot of the eastern straight),
/// `out_m` outside its middle line.
Vec2 oval_point(double along_m, double out_m) {
    const double half_lap_m = 0.5 * lap_m;
    const bool is_west = along_m >= half_lap_m;
    const double a = is_west ? along_m - half_lap_m : along_m;
    Vec2 p(radius_m + out_m, a - 0.5 * straight_m);
    if (a > straight_m) {
        const double angle = (a - straight_m) / radius_m;
        p = Vec2((radius_m + out_m) * std::cos(angle),
                 0.5 * straight_m + (radius_m + out_m) * std::sin(angle));
    }
    return Vec2(centre_x_m, centre_y_m) + (is_west ? Vec2(-p) : p);
}

double along_m(const Vec2& at) {
    const double x = at.x() - centre_x_m;
    const double y = at.y() - centre_y_m;
    const double half_m = 0.5 * straight_m;
    if (y > half_m) {
        return straight_m + radius_m * std::atan2(y - half_m, x);
    }
    if (y < -half_m) {
        return 0.5 * lap_m + straight_m + radius_m * std::atan2(-half_m - y, -x);
    }
    return x > 0.0 ? y + half_m : 0.5 * lap_m + half_m - y;
}

/// A ring of quadrilaterals, two triangles each.
WalkMesh oval_mesh(std::uint32_t pieces) {
    WalkMesh mesh;
    for (std::uint32_t k = 0; k < pieces; ++k) {
        for (const double out_m : {-half_width_m, half_width_m}) {
            mesh.vertices.push_back(oval_point(lap_m * k / pieces, out_m));
        }
    }
    mesh.triangles.resize(2 * pieces);
    for (std::uint32_t k = 0; k < pieces; ++k) {
        const std::uint32_t next = (k + 1) % pieces;
        const std::uint32_t before = (k + pieces - 1) % pieces;
        WalkTriangle& outer = mesh.triangles[2 * k];
        outer.vertices = {2 * k, 2 * k + 1, 2 * next + 1};
        outer.neighbours = {TriangleId(2 * before + 1), TriangleId(), TriangleId(2 * k + 1)};
        WalkTriangle& inner = mesh.triangles[2 * k + 1];
        inner.vertices = {2 * k, 2 * next + 1, 2 * next};
        inner.neighbours = {TriangleId(2 * k), TriangleId(2 * next), TriangleId()};
    }
    mesh.index();
    return mesh;
}

/// Way round from a to b.
double round_m(double a_m, double b_m) {
    return std::fmod(b_m - a_m + 2.0 * lap_m, lap_m);
}

/// The carrots before a walker: eight places round the oval; aimed at is always the one between
/// 3/16 and 5/16 of a lap ahead, so that nobody arrives and the short way is the way round.
std::uint32_t carrot(double at_m) {
    return static_cast<std::uint32_t>(std::lround(8.0 * at_m / lap_m) + 2) % 8;
}

PlaceId add_carrot(Scenario& scenario, const WalkMesh& mesh, std::uint32_t k,
                   std::uint32_t pieces) {
    const std::uint32_t piece = k * pieces / 8;
    Place place;
    place.name = fmt::format("place {}", k);
    place.triangles = {TriangleId(2 * piece), TriangleId(2 * piece + 1)};
    for (const std::uint32_t v : {2 * piece, 2 * piece + 1, 2 * piece + 3, 2 * piece + 2}) {
        place.area.outer.push_back(mesh.vertices[v]);
    }
    scenario.places.push_back(std::move(place));
    return PlaceId(scenario.places.size() - 1);
}

} // namespace

Tracks oval_measured(int people) {
    const std::string name =
        fmt::format("croma_female_{:02}_{}.txt.gz", people, people == 8 ? 1 : 2);
    return read_text_tracks(std::filesystem::path(VESTE_SOURCE_DIR) / "data/trajectories" / name,
                            25.0, 1.0);
}

Tracks oval_simulated(int people, std::uint64_t seed) {
    constexpr std::uint32_t pieces = 48;
    auto city = scene::city_of(oval_mesh(pieces));
    Scenario scenario;
    scenario.seed = seed;
    for (std::uint32_t k = 0; k < 8; ++k) {
        add_carrot(scenario, city->walk, k, pieces);
    }
    scene::add_demand(scenario, static_cast<std::uint32_t>(people),
                      scene::add_profile(scenario, 1.34, 0.26), PlaceId(0u), PlaceId(2u),
                      {1e9, 1e9, {}});
    scene::Walk walk(city, scenario);
    const Tracks measured = oval_measured(people);
    Tracks tracks(measured.size(), Track{0.0, step_s, {}});
    for (std::size_t i = 0; i < measured.size(); ++i) {
        walk.put(i, oval_point(along_m(measured[i].at[0]), 0.0));
    }
    while (walk.now_s < measured[0].last_s()) {
        for (std::size_t i = 0; i < measured.size(); ++i) {
            const Vec2 at(walk.people.x_m[i], walk.people.y_m[i]);
            tracks[i].at.push_back(at);
            if (const std::uint32_t next = carrot(along_m(at)); walk.people.target[i] != next) {
                walk.people.aim_at(i, next);
            }
        }
        walk.advance(step_s);
    }
    return tracks;
}

std::vector<HeadwaySample> headways(const Tracks& tracks) {
    std::vector<HeadwaySample> samples;
    for (double t = 20.0; t < tracks[0].last_s() - 1.0; t += 1.0) {
        std::vector<double> at_m;
        for (const Track& track : tracks) {
            at_m.push_back(along_m(track.place(t)));
        }
        for (std::size_t i = 0; i < tracks.size(); ++i) {
            double headway_m = lap_m;
            for (std::size_t j = 0; j < tracks.size(); ++j) {
                if (j != i) {
                    headway_m = std::min(headway_m, round_m(at_m[i], at_m[j]));
                }
            }
            const double walked_m =
                round_m(along_m(tracks[i].place(t - 0.5)), along_m(tracks[i].place(t + 0.5)));
            samples.push_back({headway_m, walked_m > 0.5 * lap_m ? walked_m - lap_m : walked_m});
        }
    }
    return samples;
}

} // namespace experiments
