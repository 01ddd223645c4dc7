#include "verification/experiments/trajectories.hpp"

#include <fmt/format.h>
#include <hdf5.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace experiments {
namespace {

struct Row {
    std::int64_t id;
    std::int64_t frame;
    double x;
    double y;
};

Tracks tracks_of(const std::vector<Row>& rows, double frames_per_s, double unit_m) {
    std::map<std::int64_t, std::map<std::int64_t, Vec2>> by_id;
    for (const Row& row : rows) {
        by_id[row.id][row.frame] = unit_m * Vec2(row.x, row.y);
    }
    Tracks tracks;
    for (const auto& [id, frames] : by_id) {
        Track track{
            static_cast<double>(frames.begin()->first) / frames_per_s, 1.0 / frames_per_s, {}};
        std::int64_t last = frames.begin()->first - 1;
        for (const auto& [frame, at] : frames) {
            const Vec2 before = track.at.empty() ? at : track.at.back();
            for (std::int64_t k = last + 1; k <= frame; ++k) {
                const double share =
                    static_cast<double>(k - last) / static_cast<double>(frame - last);
                track.at.push_back(before + share * (at - before));
            }
            last = frame;
        }
        tracks.push_back(std::move(track));
    }
    return tracks;
}

} // namespace

Vec2 Track::place(double time_s) const {
    const double frame =
        std::clamp((time_s - first_s) / step_s, 0.0, static_cast<double>(at.size() - 1));
    const auto k = static_cast<std::size_t>(frame);
    const double share = frame - static_cast<double>(k);
    return k + 1 < at.size() ? Vec2((1.0 - share) * at[k] + share * at[k + 1]) : at[k];
}

Tracks read_text_tracks(const std::filesystem::path& file, double frames_per_s, double unit_m) {
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> input(gzopen(file.c_str(), "rb"), gzclose);
    if (!input) {
        throw std::runtime_error(fmt::format("{}: cannot be opened", file.string()));
    }
    std::vector<Row> rows;
    char line[512];
    for (std::size_t number = 1; gzgets(input.get(), line, sizeof line) != nullptr; ++number) {
        const std::string text(line);
        if (text.find_first_not_of(" \t\r\n") == std::string::npos || text[0] == '#') {
            continue;
        }
        long long id = 0;
        long long frame = 0;
        double x = 0.0;
        double y = 0.0;
        if (std::sscanf(line, "%lld %lld %lf %lf", &id, &frame, &x, &y) != 4) {
            throw std::runtime_error(fmt::format(
                "{}, line {}: four numbers id, frame, x, y expected", file.string(), number));
        }
        rows.push_back({id, frame, x, y});
    }
    return tracks_of(rows, frames_per_s, unit_m);
}

Tracks read_hdf5_tracks(const std::filesystem::path& file) {
    const hid_t input = H5Fopen(file.c_str(), H5F_ACC_RDONLY, H5P_DEFAULT);
    if (input < 0) {
        throw std::runtime_error(fmt::format("{}: cannot be opened", file.string()));
    }
    const hid_t table = H5Dopen2(input, "/trajectory", H5P_DEFAULT);
    const hid_t space = H5Dget_space(table);
    std::vector<Row> rows(static_cast<std::size_t>(H5Sget_simple_extent_npoints(space)));
    const hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(Row));
    H5Tinsert(type, "id", HOFFSET(Row, id), H5T_NATIVE_INT64);
    H5Tinsert(type, "frame", HOFFSET(Row, frame), H5T_NATIVE_INT64);
    H5Tinsert(type, "x", HOFFSET(Row, x), H5T_NATIVE_DOUBLE);
    H5Tinsert(type, "y", HOFFSET(Row, y), H5T_NATIVE_DOUBLE);
    const herr_t is_read = H5Dread(table, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, rows.data());
    double frames_per_s = 0.0;
    const hid_t fps = H5Aopen(table, "fps", H5P_DEFAULT);
    const herr_t has_fps = H5Aread(fps, H5T_NATIVE_DOUBLE, &frames_per_s);
    H5Aclose(fps);
    H5Tclose(type);
    H5Sclose(space);
    H5Dclose(table);
    H5Fclose(input);
    if (is_read < 0 || has_fps < 0) {
        throw std::runtime_error(fmt::format("{}: /trajectory cannot be read", file.string()));
    }
    return tracks_of(rows, frames_per_s, 1.0);
}

std::vector<CrowdSample> sample_area(const Tracks& tracks, const Box2& area, double from_s,
                                     double to_s, double every_s) {
    const double area_m2 = area.size_m().x() * area.size_m().y();
    std::vector<CrowdSample> samples;
    for (int k = 0; from_s + k * every_s <= to_s; ++k) {
        CrowdSample sample;
        sample.time_s = from_s + k * every_s;
        for (const Track& track : tracks) {
            if (!track.is_seen(sample.time_s) || !area.contains(track.place(sample.time_s))) {
                continue;
            }
            sample.density_per_m2 += 1.0 / area_m2;
            const double before_s = sample.time_s - 0.5;
            const double after_s = sample.time_s + 0.5;
            if (track.is_seen(before_s) && track.is_seen(after_s)) {
                sample.speed_mps += (track.place(after_s) - track.place(before_s)).norm();
                sample.people += 1.0;
            }
        }
        if (sample.people > 0.0) {
            sample.speed_mps /= sample.people;
            samples.push_back(sample);
        }
    }
    return samples;
}

CrowdSample mean_of(const std::vector<CrowdSample>& samples) {
    CrowdSample mean;
    for (const CrowdSample& sample : samples) {
        mean.density_per_m2 += sample.density_per_m2 / static_cast<double>(samples.size());
        mean.speed_mps += sample.speed_mps * sample.people;
        mean.people += sample.people;
    }
    mean.speed_mps /= std::max(1.0, mean.people);
    return mean;
}

std::vector<double> passing_times(const Tracks& tracks, const Progress& progress) {
    std::vector<double> times_s;
    for (const Track& track : tracks) {
        const auto passed =
            std::adjacent_find(track.at.begin(), track.at.end(), [&](const Vec2& a, const Vec2& b) {
                return progress(a) <= 0.0 && progress(b) > 0.0;
            });
        if (passed != track.at.end()) {
            const double before_m = progress(*passed);
            const double share = -before_m / (progress(*(passed + 1)) - before_m);
            const auto frame = static_cast<double>(passed - track.at.begin());
            times_s.push_back(track.first_s + (frame + share) * track.step_s);
        }
    }
    std::sort(times_s.begin(), times_s.end());
    return times_s;
}

double count_deviation(const std::vector<double>& measured_s,
                       const std::vector<double>& simulated_s) {
    const auto passed = [](const std::vector<double>& times_s, double by_s) {
        return static_cast<double>(std::upper_bound(times_s.begin(), times_s.end(), by_s) -
                                   times_s.begin());
    };
    const double until_s = std::max(measured_s.back(), simulated_s.back());
    double squares = 0.0;
    int moments = 0;
    for (double t = 0.0; t <= until_s; t += 1.0, ++moments) {
        squares += std::pow(passed(measured_s, t) - passed(simulated_s, t), 2);
    }
    return std::sqrt(squares / moments) / static_cast<double>(measured_s.size());
}

} // namespace experiments
