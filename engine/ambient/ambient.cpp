#include "ambient/ambient.hpp"

#include "ambient/lamps.hpp"
#include "base/errors.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fmt/format.h>

namespace veste {
namespace {

struct Date {
    int year = 2000;
    int month = 1;
    int day = 1;
};

Date parse_date(const std::string& text) {
    Date date;
    char rest = '\0';
    const int read =
        std::sscanf(text.c_str(), "%4d-%2d-%2d%c", &date.year, &date.month, &date.day, &rest);
    const std::chrono::year_month_day day{std::chrono::year{date.year},
                                          std::chrono::month{static_cast<unsigned>(date.month)},
                                          std::chrono::day{static_cast<unsigned>(date.day)}};
    if (read != 3 || !day.ok()) {
        throw InputError(
            fmt::format("scenario: date = \"{}\", must be a calendar date YYYY-MM-DD", text));
    }
    return date;
}

} // namespace

struct AmbientModel::Implementation {
    std::shared_ptr<const City> city;
    std::shared_ptr<const Scenario> scenario;
    Date date;
    LampPlan plan;
    std::vector<std::uint32_t> changed_cells; ///< of this tick, may repeat

    Implementation(std::shared_ptr<const City> c, std::shared_ptr<const Scenario> s)
        : city(std::move(c)), scenario(std::move(s)), date(parse_date(scenario->date)),
          plan(*city) {}

    double daylight_at(double now_s) const {
        const double utc_s = scenario->start_of_day_s + now_s - scenario->utc_offset_s;
        const double elevation = sun_elevation_rad(city->latitude_deg, city->longitude_deg,
                                                   date.year, date.month, date.day, utc_s);
        return daylight_lx(elevation, scenario->weather.cloud_cover);
    }
    bool is_lit(const Ambient& ambient, std::size_t lamp, bool is_dark) const {
        const FeederId feeder = city->assets.lamps[lamp].feeder;
        const bool has_power = !feeder.is_valid() || ambient.feeder_on.at(feeder.index) != 0;
        return is_dark && has_power && ambient.lamp_on[lamp] != 0;
    }
    void draw_cell(Ambient& ambient, std::size_t cell) const {
        float sum_lx = 0.0F;
        for (const LampLight& light : plan.of_cell(cell)) {
            sum_lx += ambient.lamp_lit[light.lamp] != 0 ? light.illuminance_lx : 0.0F;
        }
        ambient.lamp_illuminance_lx[cell] = sum_lx;
    }
};

Ambient plan_ambient(const City& city) {
    Ambient ambient;
    ambient.feeder_on.assign(city.assets.feeders.size(), 1);
    ambient.lamp_on.assign(city.assets.lamps.size(), 1);
    ambient.lamp_lit.assign(city.assets.lamps.size(), 0);
    ambient.lamp_illuminance_lx.assign(city.terrain.shape().cells(), 0.0F);
    ambient.daylight_lx.assign(1, 0.0);
    return ambient;
}

AmbientModel::AmbientModel(std::shared_ptr<const City> city,
                           std::shared_ptr<const Scenario> scenario)
    : implementation_(std::make_unique<Implementation>(std::move(city), std::move(scenario))) {}

AmbientModel::~AmbientModel() = default;
AmbientModel::AmbientModel(AmbientModel&&) noexcept = default;

bool AmbientModel::advance(Ambient& ambient, double now_s) {
    Implementation& model = *implementation_;
    ambient.daylight_lx.at(0) = model.daylight_at(now_s);
    const bool is_dark = ambient.daylight_lx[0] < dusk_switch_lx;
    model.changed_cells.clear();
    bool has_changed = false;
    for (std::size_t lamp = 0; lamp < ambient.lamp_lit.size(); ++lamp) {
        const auto lit = static_cast<std::uint8_t>(model.is_lit(ambient, lamp, is_dark));
        if (lit != ambient.lamp_lit[lamp]) {
            ambient.lamp_lit[lamp] = lit;
            has_changed = true;
            const auto cells = model.plan.of_lamp(lamp);
            model.changed_cells.insert(model.changed_cells.end(), cells.begin(), cells.end());
        }
    }
    // A cell in reach of several changed lamps is drawn once.
    std::sort(model.changed_cells.begin(), model.changed_cells.end());
    const auto end = std::unique(model.changed_cells.begin(), model.changed_cells.end());
    for (auto cell = model.changed_cells.begin(); cell != end; ++cell) {
        model.draw_cell(ambient, *cell);
    }
    return has_changed;
}

} // namespace veste
