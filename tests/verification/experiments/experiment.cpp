#include "verification/experiments/experiment.hpp"

#include "support/walk_scene.hpp"

#include <stdexcept>

namespace experiments {
namespace {

using scene::box;
using namespace veste;

std::filesystem::path file(const std::string& name) {
    return std::filesystem::path(VESTE_SOURCE_DIR) / "data/trajectories" / name;
}

/// Nearest place on the floor, a little inside of it: heads sway over walls.
Vec2 on_floor(const std::vector<Box2>& floor, const Vec2& p) {
    constexpr double inside_m = 0.1;
    Vec2 best = p;
    double least_m = 1e9;
    for (const Box2& area : floor) {
        const Vec2 low = area.low + Vec2(inside_m, inside_m);
        const Vec2 nearest = p.cwiseMax(low).cwiseMin(area.high - Vec2(inside_m, inside_m));
        if ((nearest - p).norm() < least_m) {
            least_m = (nearest - p).norm();
            best = nearest;
        }
    }
    return best;
}

bool is_free(const Pedestrians& people, const Vec2& at) {
    constexpr double apart_m = 0.3; // bodies pressed together
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.is_present(i) &&
            std::hypot(people.x_m[i] - at.x(), people.y_m[i] - at.y()) < apart_m) {
            return false;
        }
    }
    return true;
}

void note(const Pedestrians& people, double now_s, double step_s, Tracks& tracks) {
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (people.is_present(i)) {
            if (tracks[i].at.empty()) {
                tracks[i] = {now_s, step_s, {}};
            }
            tracks[i].at.push_back({people.x_m[i], people.y_m[i]});
        }
    }
}

Tracks without_unseen(Tracks tracks) {
    std::erase_if(tracks, [](const Track& track) { return track.at.empty(); });
    return tracks;
}

/// Mean and deviation of people's mean speeds where density is least.
void set_free_speed(Experiment& it) {
    const Tracks tracks = read_text_tracks(file("uo-050-180-180.txt.gz"), 16.0, 0.01);
    double sum = 0.0;
    double squares = 0.0;
    for (const Track& track : tracks) {
        const double speed_mps =
            (track.at.back() - track.at.front()).norm() / (track.last_s() - track.first_s);
        sum += speed_mps;
        squares += speed_mps * speed_mps;
    }
    const auto count = static_cast<double>(tracks.size());
    it.free_speed_mps = sum / count;
    it.free_speed_sd_mps = std::sqrt(squares / count - it.free_speed_mps * it.free_speed_mps);
}

constexpr double never_s = 1e9;
constexpr double step_s = 0.1;

} // namespace

std::vector<std::string> corridor_names() {
    return {"uo-050-180-180", "uo-060-180-180", "uo-070-180-180",
            "uo-100-180-180", "uo-145-180-180", "uo-180-180-070",
            "uo-180-180-095", "uo-180-180-120", "uo-180-180-180"};
}

Experiment corridor(const std::string& name) {
    Experiment it;
    it.name = name;
    it.measured = read_text_tracks(file(name + ".txt.gz"), 16.0, 0.01);
    const double exit_m = 0.01 * std::stod(name.substr(11, 3));
    // Before the corridor the paths spread over 3.4 m, behind its exit over an open yard.
    it.floor = {box(-0.8, 4.0, 2.8, 9.0), box(0.0, -4.0, 1.8, 4.0),
                box(0.9 - 0.5 * exit_m, -4.4, 0.9 + 0.5 * exit_m, -4.0),
                box(-1.5, -12.0, 3.3, -4.4)};
    it.goal = box(-1.5, -12.0, 3.3, -9.0);
    it.area = box(0.0, -2.0, 1.8, 2.0);
    it.progress = [](const Vec2& p) { return -p.y(); };
    it.width_m = 1.8;
    set_free_speed(it);
    it.is_calibration = true;
    return it;
}

Experiment wide_corridor() {
    Experiment it;
    it.name = "UNI_CORR_500_01";
    it.measured = read_text_tracks(file("traj_UNI_CORR_500_01.txt.gz"), 25.0, 1.0);
    it.floor = {box(-12.0, 0.0, 7.0, 5.0)};
    it.goal = box(-12.0, 0.0, -9.0, 5.0);
    it.area = box(-2.0, 0.0, 2.0, 5.0);
    it.progress = [](const Vec2& p) { return -p.x(); };
    it.width_m = 5.0;
    return it;
}

Experiment narrow_door() {
    Experiment it;
    it.name = "040_c_56_h-";
    it.measured = read_text_tracks(file("040_c_56_h-.txt.gz"), 25.0, 1.0);
    // The opening's edge is rounded from 0.8 m down to 0.5 m over its first 0.15 m: here in steps.
    it.floor = {box(-2.8, 0.0, 2.8, 8.0), box(-0.35, -0.05, 0.35, 0.0), box(-0.3, -0.1, 0.3, -0.05),
                box(-0.25, -1.1, 0.25, -0.1), box(-3.5, -6.0, 3.5, -1.1)};
    it.goal = box(-3.5, -6.0, 3.5, -3.0);
    it.area = box(-0.4, 0.5, 0.4, 1.3);
    it.progress = [](const Vec2& p) { return -p.y(); };
    it.width_m = 0.5;
    it.begins_at_signal = true;
    return it;
}

Experiment school_door() {
    Experiment it;
    it.name = "00_01a";
    it.measured = read_hdf5_tracks(file("00_01a.h5"));
    it.floor = {box(-4.0, 0.3, 4.0, 6.0), box(-0.4, -0.26, 0.4, 0.3), box(-4.0, -6.0, 4.0, -0.26)};
    it.goal = box(-4.0, -6.0, 4.0, -3.0);
    it.area = box(-0.4, 0.6, 0.4, 1.4);
    it.progress = [](const Vec2& p) { return -p.y(); };
    it.width_m = 0.8;
    it.begins_at_signal = true;
    return it;
}

Tracks simulate(const Experiment& experiment, std::uint64_t seed) {
    auto city = scene::city_of(scene::mesh_of(experiment.floor, {}, 4.0));
    Scenario scenario;
    scenario.seed = seed;
    const PlaceId from = scene::add_place(scenario, *city, "from", experiment.floor[0]);
    const PlaceId to = scene::add_place(scenario, *city, "to", experiment.goal);
    const auto& measured = experiment.measured;
    scene::add_demand(
        scenario, static_cast<std::uint32_t>(measured.size()),
        scene::add_profile(scenario, experiment.free_speed_mps, experiment.free_speed_sd_mps), from,
        to, {never_s, never_s, {}});
    scene::Walk walk(city, scenario);
    double begin_s = never_s;
    double end_s = 0.0;
    for (const Track& track : measured) {
        begin_s = std::min(begin_s, track.first_s);
        end_s = std::max(end_s, track.last_s());
    }
    walk.now_s = begin_s;
    Tracks tracks(measured.size());
    std::vector<char> has_entered(measured.size(), 0);
    for (int step = 0; walk.now_s < 2.0 * end_s && walk.arrived() < measured.size(); ++step) {
        for (std::size_t i = 0; i < measured.size(); ++i) {
            const Vec2 at = on_floor(experiment.floor, measured[i].at[0]);
            if (has_entered[i] == 0 && measured[i].first_s <= walk.now_s + 1e-9 &&
                (step == 0 || is_free(walk.people, at))) {
                walk.put(i, at);
                has_entered[i] = 1;
            }
        }
        note(walk.people, walk.now_s, step_s, tracks);
        walk.advance(step_s);
    }
    if (walk.arrived() < measured.size()) {
        throw std::runtime_error(experiment.name + ": people stay behind");
    }
    return without_unseen(std::move(tracks));
}

std::vector<double> counted_times(const Experiment& experiment, const Tracks& tracks) {
    auto times_s = passing_times(tracks, experiment.progress);
    const double first_s = experiment.begins_at_signal ? times_s.front() : 0.0;
    for (double& time_s : times_s) {
        time_s -= first_s;
    }
    return times_s;
}

Window steady(const std::vector<double>& passed_s) {
    return {passed_s[passed_s.size() / 4], passed_s[passed_s.size() * 4 / 5]};
}

double flow_per_m_s(const std::vector<double>& passed_s, double width_m) {
    const Window window = steady(passed_s);
    return static_cast<double>(passed_s.size() * 4 / 5 - passed_s.size() / 4) /
           (window.to_s - window.from_s) / width_m;
}

} // namespace experiments
