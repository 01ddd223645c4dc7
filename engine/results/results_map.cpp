#include "results/results_map.hpp"

#include "base/errors.hpp"
#include "city/city_map.hpp"
#include "results/comparison.hpp"
#include "results/map_layers.hpp"
#include "results/service_levels.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

namespace veste {
namespace {

constexpr Colour ink = rgb(0x2b2b2b);
constexpr double legend_px = 330.0;
constexpr double margin_px = 26.0;
constexpr double top_px = 96.0;
constexpr double bottom_px = 34.0;

/// Shares of its own largest value; zero throughout where that is zero.
std::vector<double> shares_of_largest(std::vector<double> values) {
    double largest = 0.0;
    for (double& value : values) {
        value = std::isfinite(value) ? value : 0.0;
        largest = std::max(largest, value);
    }
    for (double& value : values) {
        value = largest > 0.0 ? value / largest : 0.0;
    }
    return values;
}

/// Low and high bounds of the middle 96 % of values.
std::pair<double, double> most_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[static_cast<std::size_t>(
            std::lround(share * static_cast<double>(values.size() - 1)))];
    };
    return {at(0.02), at(0.98)};
}

Box2 intersection(const Box2& a, const Box2& b) {
    return {a.low.cwiseMax(b.low), a.high.cwiseMin(b.high)};
}

/// Where things happen.
Box2 view_of(const MapMoment& moment, const std::optional<Raster<float>>& heat, const City& city) {
    constexpr double around_m = 60.0;
    constexpr double smallest_m = 300.0;
    if (moment.depth_m || heat) {
        const Box2 recorded = (moment.depth_m ? moment.depth_m : heat)->shape.bounds();
        const Vec2 spare = city.bounds.size_m() - recorded.size_m();
        if (!moment.depth_m || spare.x() > smallest_m || spare.y() > smallest_m) {
            return intersection(recorded, city.bounds);
        }
    }
    if (moment.people.empty()) {
        return city.bounds;
    }
    std::vector<double> x;
    std::vector<double> y;
    for (const RecordedPerson& person : moment.people) {
        x.push_back(person.at.x());
        y.push_back(person.at.y());
    }
    const auto [west, east] = most_of(std::move(x));
    const auto [south, north] = most_of(std::move(y));
    const Vec2 middle(0.5 * (west + east), 0.5 * (south + north));
    const Vec2 half = 0.5 * Vec2(std::max(east - west + 2.0 * around_m, smallest_m),
                                 std::max(north - south + 2.0 * around_m, smallest_m));
    return intersection({middle - half, middle + half}, city.bounds);
}

/// The box made wider or higher to fill the picture, without leaving the city where it need not.
Box2 fitted(Box2 box, const Box2& city, double width_over_height) {
    const Vec2 size = box.size_m();
    Vec2 wanted = size;
    if (size.x() < width_over_height * size.y()) {
        wanted.x() = width_over_height * size.y();
    } else {
        wanted.y() = size.x() / width_over_height;
    }
    const Vec2 middle = 0.5 * (box.low + box.high);
    for (int k = 0; k < 2; ++k) {
        const double half = 0.5 * wanted[k];
        const double least = city.low[k] + half;
        const double most = city.high[k] - half;
        const double centre =
            least < most ? std::clamp(middle[k], least, most) : 0.5 * (city.low[k] + city.high[k]);
        box.low[k] = centre - half;
        box.high[k] = centre + half;
    }
    return box;
}

bool is_of_whole_run(PeopleLook look) {
    return look == PeopleLook::MeanService || look == PeopleLook::WorstService;
}

std::string subtitle(const Results& results, double time_s, PeopleLook look) {
    const RunInfo& info = results.info();
    if (is_of_whole_run(look)) {
        return fmt::format("{}, level of service by the {} density of the whole run, {} to {}",
                           info.date, look == PeopleLook::MeanService ? "mean" : "largest",
                           clock_of(info.start_of_day_s, info.begin_s),
                           clock_of(info.start_of_day_s, results.until_s()));
    }
    const bool is_worst = look == PeopleLook::Dots && time_s == worst_time_s(results);
    return fmt::format(
        "{}, {:.0f} minutes after the start{}", info.date, (time_s - info.begin_s) / 60.0,
        is_worst ? ": the minute with the most people in danger and vehicles standing" : "");
}

void draw_title(Canvas& canvas, const Results& results, const MapMoment& moment, PeopleLook look,
                double scale) {
    const RunInfo& info = results.info();
    TextStyle title;
    title.size_px = 30.0 * scale;
    title.is_bold = true;
    title.colour = ink;
    std::string text = fmt::format("{}: {}", info.city, info.scenario_name);
    text += is_of_whole_run(look) ? "" : ", " + clock_of(info.start_of_day_s, moment.time_s);
    canvas.text_px({margin_px * scale, 46.0 * scale}, text, title);
    TextStyle small;
    small.size_px = 15.5 * scale;
    small.colour = rgb(0x666666);
    canvas.text_px({margin_px * scale, 76.0 * scale}, subtitle(results, moment.time_s, look),
                   small);
}

/// The indicators of the interval that holds this moment.
void draw_numbers(Canvas& canvas, const Results& results, double time_s, const Vec2& corner_px,
                  double scale) {
    const auto& times = results.times_s();
    const auto after = std::lower_bound(times.begin(), times.end(), time_s - 5e-4);
    if (after == times.end()) {
        return;
    }
    const auto k = static_cast<std::size_t>(after - times.begin());
    double y = corner_px.y();
    for (const char* name : {"people_present", "people_in_los_e", "people_in_los_f", "density_max",
                             "people_in_hazard", "vehicles_present", "vehicles_standing", "rain",
                             "flooded", "dark_street", "observations_lost"}) {
        const Indicator* indicator = find_indicator(name);
        const double value = results.series(*indicator)[k];
        if (std::isnan(value)) {
            continue;
        }
        TextStyle label;
        label.size_px = 13.5 * scale;
        label.colour = rgb(0x444444);
        TextStyle number = label;
        number.is_bold = true;
        number.align = Align::Right;
        number.colour = ink;
        canvas.text_px({corner_px.x(), y}, indicator->title, label);
        const double right = corner_px.x() + (legend_px - 66.0) * scale;
        canvas.text_px({right, y}, value_text(value), number);
        canvas.text_px({right + 5.0 * scale, y}, shown_unit(indicator->unit), label);
        y += 21.0 * scale;
    }
}

/// What a map shows beside the picture: numbers of the moment, and the legend.
void draw_column(Canvas& canvas, const Results& results, const MapMoment& moment, PeopleLook look,
                 const Vec2& corner_px, double scale) {
    double down_px = 0.0;
    if (!is_of_whole_run(look)) {
        draw_numbers(canvas, results, moment.time_s, corner_px + scale * Vec2(0.0, 16.0), scale);
        down_px = 262.0;
    }
    draw_legend(canvas, moment, look, corner_px + scale * Vec2(0.0, down_px), scale);
}

void check_drawable(const Results& results, const City& city, double time_s) {
    const RunInfo& info = results.info();
    if (info.city_digest != city.digest) {
        throw InputError(fmt::format("{}: was run in city {} ({}), the city given is {} ({})",
                                     results.name().string(), info.city, info.city_digest,
                                     city.name, city.digest));
    }
    if (!(time_s >= info.begin_s && time_s <= results.until_s())) {
        throw InputError(fmt::format("{}: holds {} to {} s, asked for {} s",
                                     results.name().string(), info.begin_s, results.until_s(),
                                     time_s));
    }
}

/// The density that levels of service are painted by.
Raster<float> density_of(const Results& results, std::span<const RecordedPerson> people,
                         PeopleLook look, const std::optional<Raster<float>>& heat,
                         const Box2& view) {
    if (!is_of_whole_run(look)) {
        return local_density(people, view);
    }
    if (!heat) {
        throw InputError(fmt::format("{}: holds no heat maps, which levels of service of the whole "
                                     "run need; wanted is a finished run of a scenario with "
                                     "[outputs] heat_maps = true",
                                     results.name().string()));
    }
    return *heat;
}

/// All that is seen of the moment but the ground and, as levels of service, the people.
void draw_moment(Canvas& canvas, const City& city, const MapMoment& moment, PeopleLook look,
                 double scale) {
    if (is_of_whole_run(look)) {
        return;
    }
    draw_depth(canvas, moment);
    draw_outages(canvas, city, moment, scale);
    draw_closures(canvas, city, moment, scale);
    if (look == PeopleLook::Dots) {
        draw_lamps(canvas, city, moment, scale);
        draw_vehicles(canvas, moment, scale);
        draw_people(canvas, moment, scale);
    }
}

void draw_furniture(Canvas& canvas, const Vec2& map, double scale) {
    const double top = top_px * scale;
    const double margin = margin_px * scale;
    draw_scale_bar(canvas, {margin + 24.0 * scale, top + map.y() - 22.0 * scale}, 300.0 * scale,
                   14.0 * scale);
    draw_north_arrow(canvas, {margin + map.x() - 34.0 * scale, top + 38.0 * scale}, 34.0 * scale);
    const Polyline frame = {{margin, top},
                            {margin + map.x(), top},
                            {margin + map.x(), top + map.y()},
                            {margin, top + map.y()}};
    canvas.stroke_px(frame, {rgb(0x888888), 1.0 * scale}, true);
}

} // namespace

double worst_time_s(const Results& results) {
    const auto& times_s = results.times_s();
    if (times_s.empty()) {
        throw InputError(fmt::format("{}: holds no interval of indicators yet (until {} s)",
                                     results.name().string(), results.until_s()));
    }
    std::vector<double> score(times_s.size(), 0.0);
    const auto add = [&](const char* name) {
        const auto shares = shares_of_largest(results.series(*find_indicator(name)));
        for (std::size_t k = 0; k < score.size(); ++k) {
            score[k] += shares[k];
        }
    };
    add("people_in_hazard");
    add("people_in_los_f");
    add("vehicles_standing");
    if (std::all_of(score.begin(), score.end(), [](double s) { return s == 0.0; })) {
        add("people_present");
    }
    return times_s[static_cast<std::size_t>(std::max_element(score.begin(), score.end()) -
                                            score.begin())];
}

void draw_results_map(const Results& results, const City& city, double time_s,
                      const std::filesystem::path& png, int width_px, PeopleLook look,
                      std::optional<std::int8_t> level) {
    check_drawable(results, city, time_s);
    const MapMoment moment = moment_at(results, city, time_s);
    const auto heat =
        results.raster_at(look == PeopleLook::MeanService ? "density_mean" : "density_max", time_s);
    const double scale = width_px / 1600.0;
    const Vec2 map(width_px - (3.0 * margin_px + legend_px) * scale, 900.0 * scale);
    const double top = top_px * scale;
    const double margin = margin_px * scale;
    Canvas canvas(width_px, static_cast<int>(top + map.y() + bottom_px * scale), rgb(0xffffff));
    draw_title(canvas, results, moment, look, scale);

    const Box2 view = fitted(view_of(moment, heat, city), city.bounds, map.x() / map.y());
    canvas.begin_frame(view, {margin, top}, map);
    canvas.rectangle_px({margin, top}, map, rgb(0xf4f1ea));
    draw_city_base(canvas, city, scale);
    canvas.rectangle_px({margin, top}, map, rgb(0xffffff, 0.28)); // mutes the base
    draw_moment(canvas, city, moment, look, scale);
    if (look != PeopleLook::Dots) {
        const auto people = people_on(moment.people, city.walk, level);
        draw_service_levels(canvas, city, density_of(results, people, look, heat, view), level);
    }
    draw_barriers(canvas, moment, scale);
    draw_assets(canvas, city, moment, scale);
    draw_furniture(canvas, map, scale);
    canvas.end_frame();
    draw_column(canvas, results, moment, look, {2.0 * margin + map.x(), top}, scale);
    TextStyle small;
    small.size_px = 12.0 * scale;
    small.colour = rgb(0x555555);
    canvas.text_px({margin, top + map.y() + 21.0 * scale}, attribution_of(city), small);
    canvas.save_png(png);
}

} // namespace veste
