#include "results/reader.hpp"

#include "base/errors.hpp"
#include "base/hash.hpp"
#include "results/checked_arrays.hpp"
#include "results/results_format.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

/// Index of the last time at or before `time_s`, with half a millisecond of grace.
std::optional<std::size_t> last_until(const std::vector<double>& times_s, double time_s) {
    const auto after = std::upper_bound(times_s.begin(), times_s.end(), time_s + 5e-4);
    if (after == times_s.begin()) {
        return std::nullopt;
    }
    return static_cast<std::size_t>(after - times_s.begin()) - 1;
}

constexpr Limits any_number{-1e12, 1e12, ""};

double scale_of(const Hdf5File& file, const std::string& path) {
    return file.has_attribute(path, "scale_factor")
               ? CheckedArrays(file).number(path, "scale_factor", {1e-9, 1e9, ""})
               : 1.0;
}

template <class T>
Raster<float> north_up(const std::vector<T>& stored, const RasterShape& shape, double scale,
                       double fill) {
    Raster<float> raster(shape, std::numeric_limits<float>::quiet_NaN());
    for (int j = 0; j < shape.rows; ++j) {
        for (int i = 0; i < shape.columns; ++i) {
            const T value = stored[shape.index(i, shape.rows - 1 - j)];
            if (static_cast<double>(value) != fill) {
                raster.at(i, j) = static_cast<float>(static_cast<double>(value) * scale);
            }
        }
    }
    return raster;
}

} // namespace

Results::Results(const std::filesystem::path& file) : file_(file, FileUse::Read) {
    const std::string name = file.string();
    if (!file_.has_attribute("/", "format") ||
        file_.text_attribute("/", "format") != results_format_name) {
        throw InputError(name + ": not a results file of Veste");
    }
    const auto version = static_cast<std::int64_t>(
        CheckedArrays(file_).number("/", "format_version", {0.0, 1e6, ""}));
    if (version != results_format_version) {
        throw InputError(fmt::format("{}: results format {}, this engine reads {}", name, version,
                                     results_format_version));
    }
    read_info();
    const CheckedArrays checked(file_);
    times_s_ = checked.times_s("/indicators/time");
    for (const Indicator& indicator : indicators()) {
        const std::string path = fmt::format("/indicators/{}", indicator.name);
        if (file_.contains(path)) {
            times_s_.resize(std::min<std::size_t>(times_s_.size(), checked.rows(path)));
        }
    }
}

void Results::read_info() {
    const auto text = [&](const char* name) { return file_.text_attribute("/meta", name); };
    const auto number = [&](const char* name, Limits limits = any_number) {
        return CheckedArrays(file_).number("/meta", name, limits);
    };
    info_.engine_version = text("engine_version");
    info_.city = text("city");
    info_.city_digest = text("city_digest");
    info_.epsg = static_cast<int>(number("epsg", {0.0, 1e6, ""}));
    info_.origin = {number("origin_x"), number("origin_y")};
    info_.scenario_name = text("scenario_name");
    info_.seed = text("seed");
    info_.date = text("date");
    info_.start_of_day_s = number("start_of_day_s");
    info_.utc_offset_s = number("utc_offset_s");
    info_.begin_s = number("begin_s", {0.0, 1e9, "s"});
    info_.duration_s = number("duration_s", {0.0, 1e9, "s"});
    info_.tick_s = number("tick_s", {1e-6, 1e6, "s"});
    const std::vector<std::string> scenario = file_.read_texts("/meta/scenario");
    const auto complete = file_.read<std::uint8_t>("/meta/complete");
    if (scenario.size() != 1 || complete.size() != 1) {
        throw InputError(name().string() + ": /meta does not hold one scenario and one mark of "
                                           "completeness");
    }
    info_.scenario_text = scenario.front();
    info_.is_complete = complete.front() == 1;
}

double Results::until_s() const {
    return times_s_.empty() ? info_.begin_s : times_s_.back();
}

std::vector<double> Results::series(const Indicator& indicator) const {
    const std::string path = fmt::format("/indicators/{}", indicator.name);
    if (!file_.contains(path)) {
        return std::vector<double>(times_s_.size(), not_known);
    }
    return CheckedArrays(file_).part<double>(path, 0, times_s_.size());
}

std::vector<Vec2> Results::places(const Indicator& indicator) const {
    const std::string path = fmt::format("/indicators/{}", indicator.name);
    const CheckedArrays checked(file_);
    const auto x = checked.part<double>(path + "_x", 0, times_s_.size());
    const auto y = checked.part<double>(path + "_y", 0, times_s_.size());
    std::vector<Vec2> places;
    for (std::size_t k = 0; k < x.size(); ++k) {
        places.push_back(Vec2(x[k], y[k]) - info_.origin);
    }
    return places;
}

std::optional<Results::Frame> Results::frame_at(const std::string& group, double time_s) const {
    if (!file_.contains(group + "/frames")) {
        return std::nullopt;
    }
    const CheckedArrays checked(file_);
    const auto k = last_until(checked.times_s(group + "/frames/time"), time_s);
    if (!k) {
        return std::nullopt;
    }
    Frame frame;
    frame.first = checked.part<std::uint64_t>(group + "/frames/first", *k, 1).front();
    frame.count = checked.part<std::uint32_t>(group + "/frames/count", *k, 1).front();
    const std::uint64_t rows = checked.rows(group + "/rows/agent");
    if (frame.first > rows || frame.count > rows - frame.first) {
        throw InputError(
            fmt::format("{}: {}: frame {} lies beyond its rows", name().string(), group, *k));
    }
    return frame;
}

std::vector<RecordedPerson> Results::people_at(double time_s) const {
    std::vector<RecordedPerson> people;
    const auto frame = frame_at("/pedestrians", time_s);
    if (!frame) {
        return people;
    }
    const CheckedArrays checked(file_);
    const std::string rows = "/pedestrians/rows/";
    const auto agent = checked.part<std::uint32_t>(rows + "agent", frame->first, frame->count);
    const auto x = checked.part<std::int32_t>(rows + "x", frame->first, frame->count);
    const auto y = checked.part<std::int32_t>(rows + "y", frame->first, frame->count);
    const auto density = checked.part<std::uint8_t>(rows + "density", frame->first, frame->count);
    const auto phase = checked.part<std::uint8_t>(rows + "phase", frame->first, frame->count);
    const auto level = file_.contains(rows + "level")
                           ? checked.part<std::int8_t>(rows + "level", frame->first, frame->count)
                           : std::vector<std::int8_t>();
    const double position = scale_of(file_, rows + "x");
    const double step = scale_of(file_, rows + "density");
    for (std::size_t k = 0; k < agent.size(); ++k) {
        people.push_back({agent[k], position * Vec2(x[k], y[k]), step * density[k], phase[k],
                          level.empty() ? std::nullopt : std::optional(level[k])});
    }
    return people;
}

std::vector<RecordedVehicle> Results::vehicles_at(double time_s) const {
    std::vector<RecordedVehicle> vehicles;
    const auto frame = frame_at("/vehicles", time_s);
    if (!frame) {
        return vehicles;
    }
    const CheckedArrays checked(file_);
    const std::string rows = "/vehicles/rows/";
    const auto agent = checked.part<std::uint32_t>(rows + "agent", frame->first, frame->count);
    const auto x = checked.part<std::int32_t>(rows + "x", frame->first, frame->count);
    const auto y = checked.part<std::int32_t>(rows + "y", frame->first, frame->count);
    const auto heading = checked.part<std::uint8_t>(rows + "heading", frame->first, frame->count);
    const auto speed = checked.part<std::uint8_t>(rows + "speed", frame->first, frame->count);
    const auto length = file_.read<std::uint16_t>("/vehicles/agents/length");
    const double position = scale_of(file_, rows + "x");
    for (std::size_t k = 0; k < agent.size(); ++k) {
        if (agent[k] >= length.size()) {
            throw InputError(fmt::format("{}: /vehicles/rows/agent = {}, this run has {} vehicles",
                                         name().string(), agent[k], length.size()));
        }
        vehicles.push_back({agent[k], position * Vec2(x[k], y[k]),
                            scale_of(file_, rows + "heading") * heading[k],
                            scale_of(file_, rows + "speed") * speed[k],
                            scale_of(file_, "/vehicles/agents/length") * length[agent[k]]});
    }
    return vehicles;
}

std::string Results::group_of_raster(const std::string& name) const {
    return file_.contains("/heat_maps/" + name) ? "/heat_maps" : "/rasters";
}

std::optional<Raster<float>> Results::raster_at(const std::string& name, double time_s) const {
    const std::string group = group_of_raster(name);
    const std::string path = group + "/" + name;
    if (!file_.contains(path)) {
        return std::nullopt;
    }
    const CheckedArrays checked(file_);
    const bool has_time = file_.extent(path).size() == 3;
    const auto k = has_time ? last_until(checked.times_s(group + "/time"), time_s)
                            : std::optional<std::size_t>(0);
    const auto x = file_.read<double>(group + "/x");
    const auto y = file_.read<double>(group + "/y");
    if (!k || x.empty() || y.empty()) {
        return std::nullopt;
    }
    const double cell_m = checked.number(group + "/spatial_ref", "cell_m", {1e-3, 1e5, "m"});
    RasterShape shape;
    shape.cell_m = cell_m;
    shape.columns = static_cast<int>(x.size());
    shape.rows = static_cast<int>(y.size());
    shape.corner = Vec2(x.front() - 0.5 * cell_m, y.back() - 0.5 * cell_m) - info_.origin;
    if (!shape.corner.allFinite()) {
        throw InputError(this->name().string() + ": /rasters/x or y is no number; the file is "
                                                 "damaged");
    }
    const double scale = scale_of(file_, path);
    const double fill = checked.number(path, "_FillValue", any_number);
    const Extent extent = {y.size(), x.size()};
    if (!has_time) {
        return north_up(checked.whole<std::uint16_t>(path, extent), shape, scale, fill);
    }
    if (fill < 0.0) {
        return north_up(checked.row<std::int16_t>(path, *k, extent), shape, scale, fill);
    }
    return north_up(checked.row<std::uint16_t>(path, *k, extent), shape, scale, fill);
}

std::vector<std::uint8_t> Results::state_at(const std::string& name, double time_s) const {
    const std::string group = "/states/" + name;
    const CheckedArrays checked(file_);
    const auto count = static_cast<std::size_t>(checked.number(group, "count", {0.0, 1e9, ""}));
    std::vector<std::uint8_t> state(
        count, static_cast<std::uint8_t>(checked.number(group, "initial", {0.0, 255.0, ""})));
    const auto times_s = checked.times_s(group + "/time");
    const auto index = file_.read<std::uint32_t>(group + "/index");
    const auto value = file_.read<std::uint8_t>(group + "/value");
    const std::size_t rows = std::min({times_s.size(), index.size(), value.size()});
    for (std::size_t k = 0; k < rows && times_s[k] <= time_s + 5e-4; ++k) {
        if (index[k] >= count) {
            throw InputError(fmt::format("{}: {}/index = {}, allowed below {}",
                                         this->name().string(), group, index[k], count));
        }
        state[index[k]] = value[k];
    }
    return state;
}

std::optional<RecordedReports> Results::reports_at(double time_s) const {
    if (!file_.contains("/sensors/time")) {
        return std::nullopt;
    }
    const CheckedArrays checked(file_);
    const auto times_s = checked.times_s("/sensors/time");
    const auto k = last_until(times_s, time_s);
    if (!k) {
        return std::nullopt;
    }
    return RecordedReports{times_s[*k],
                           checked.row<double>("/sensors/value", *k, {checked.rows("/sensors/x")})};
}

std::vector<RecordedRoute> Results::emergency_routes() const {
    const std::string path = "/emergency_routes/travel_time";
    std::vector<RecordedRoute> routes;
    if (!file_.contains(path)) {
        return routes;
    }
    for (std::string& name : file_.read_texts("/emergency_routes/name")) {
        routes.push_back({std::move(name), {}});
    }
    const CheckedArrays checked(file_);
    for (std::size_t k = 0; k < times_s_.size(); ++k) {
        const auto row = checked.row<double>(path, k, {routes.size()});
        for (std::size_t r = 0; r < routes.size(); ++r) {
            routes[r].travel_time_s.push_back(row[r]);
        }
    }
    return routes;
}

std::vector<RecordedEvent> Results::events() const {
    const auto times_s = CheckedArrays(file_).times_s("/events/time");
    const std::vector<std::string> kinds = file_.read_texts("/events/kind");
    const std::vector<std::string> texts = file_.read_texts("/events/text");
    std::vector<RecordedEvent> events;
    for (std::size_t k = 0; k < std::min({times_s.size(), kinds.size(), texts.size()}); ++k) {
        events.push_back({times_s[k], kinds[k], texts[k]});
    }
    return events;
}

std::vector<Vec2> Results::places_in(const std::string& group) const {
    std::vector<Vec2> places;
    if (file_.contains(group)) {
        const auto x = file_.read<double>(group + "/x");
        const auto y = file_.read<double>(group + "/y");
        for (std::size_t k = 0; k < std::min(x.size(), y.size()); ++k) {
            places.push_back(Vec2(x[k], y[k]) - info_.origin);
        }
    }
    return places;
}

std::vector<Vec2> Results::sensor_places() const {
    return places_in("/sensors");
}

std::vector<RecordedGate> Results::gates_at(double time_s) const {
    const std::vector<Vec2> places = places_in("/gates");
    std::vector<std::string> names;
    std::vector<std::uint32_t> queueing;
    if (!places.empty()) {
        names = file_.read_texts("/gates/name");
        if (const auto k = last_until(times_s_, time_s)) {
            queueing =
                CheckedArrays(file_).row<std::uint32_t>("/gates/queueing", *k, {places.size()});
        }
    }
    std::vector<RecordedGate> gates;
    for (std::size_t k = 0; k < std::min(places.size(), names.size()); ++k) {
        gates.push_back({names[k], places[k], k < queueing.size() ? queueing[k] : 0});
    }
    return gates;
}

std::vector<RecordedBarrier> Results::barriers() const {
    std::vector<RecordedBarrier> barriers;
    if (!file_.contains("/barriers")) {
        return barriers;
    }
    const std::vector<Vec2> corners = places_in("/barriers");
    const auto first = file_.read<std::uint32_t>("/barriers/first");
    for (std::string& name : file_.read_texts("/barriers/name")) {
        const std::size_t k = barriers.size();
        if (k + 1 >= first.size() || first[k] > first[k + 1] || first[k + 1] > corners.size()) {
            throw InputError(fmt::format("{}: /barriers/first does not fit its {} corners",
                                         this->name().string(), corners.size()));
        }
        barriers.push_back({std::move(name),
                            Polyline(corners.begin() + first[k], corners.begin() + first[k + 1])});
    }
    return barriers;
}

std::vector<Polyline> Results::cuts() const {
    std::vector<Polyline> lines;
    if (!file_.contains("/cuts")) {
        return lines;
    }
    const auto first = file_.read<std::uint32_t>("/cuts/first");
    const auto x = file_.read<double>("/cuts/x");
    const auto y = file_.read<double>("/cuts/y");
    for (std::size_t k = 0; k + 1 < first.size(); ++k) {
        if (first[k] > first[k + 1] || first[k + 1] > std::min(x.size(), y.size())) {
            throw InputError(
                fmt::format("{}: /cuts/first does not fit its corners", name().string()));
        }
        Polyline line;
        for (std::size_t corner = first[k]; corner < first[k + 1]; ++corner) {
            line.emplace_back(x[corner], y[corner]);
        }
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string results_digest(const std::filesystem::path& file) {
    const Results results(file); // refuses what is no results file
    const Hdf5File& in = results.file();
    constexpr std::uint64_t bytes_at_once = 1U << 24;
    Digest digest;
    for (const StoredArray& array : in.arrays()) {
        digest.add(array.path);
        digest.add(array.element);
        digest.add(std::as_bytes(std::span(array.extent)));
        if (array.element == "text") {
            for (const std::string& text : in.read_texts(array.path)) {
                digest.add(text);
            }
            continue;
        }
        std::uint64_t row_bytes = array.item_bytes;
        for (std::size_t k = 1; k < array.extent.size(); ++k) {
            row_bytes *= array.extent[k];
        }
        const std::uint64_t rows = array.extent.empty() ? 1 : array.extent.front();
        const std::uint64_t step =
            std::max<std::uint64_t>(1, bytes_at_once / std::max<std::uint64_t>(1, row_bytes));
        for (std::uint64_t row = 0; row < rows; row += step) {
            digest.add(in.read_bytes(array, row, std::min(step, rows - row)));
        }
    }
    return digest.text();
}

} // namespace veste
