#include "scenario/reading.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace veste::scenario_file {
namespace {

/// Rain fallen by a share of the duration of a triangular hyetograph (Yen and Chow 1980), as a
/// share of all.
double triangular_share(double at, double peak) {
    if (at <= peak && peak > 0.0) {
        return at * at / peak;
    }
    return peak < 1.0 ? 1.0 - (1.0 - at) * (1.0 - at) / (1.0 - peak) : 1.0;
}

std::vector<TimedValue> storm_of(Section& section) {
    const double begin_s = section.moment("begin", 0.0, Within::Any);
    const double duration_s = section.quantity("duration");
    const double total_m = section.quantity("total");
    const bool is_triangular = section.choice("shape") == 1;
    const double peak = section.number("peak");
    const double step_s = section.quantity("step");
    if (step_s > duration_s) {
        section.problem("step", "is longer than the storm");
    }
    std::vector<TimedValue> rain;
    const auto fallen_m = [&](double at_s) {
        const double share = std::min(1.0, at_s / duration_s);
        return total_m * (is_triangular ? triangular_share(share, peak) : share);
    };
    for (double at_s = 0.0; at_s < duration_s; at_s += step_s) {
        const double end_s = std::min(duration_s, at_s + step_s);
        rain.push_back({begin_s + at_s, (fallen_m(end_s) - fallen_m(at_s)) / (end_s - at_s)});
    }
    rain.push_back({begin_s + duration_s, 0.0});
    return rain;
}

bool has_open_ground(const Terrain& terrain, const Polygon& area) {
    bool is_found = false;
    const auto look = [&](int i, int j) {
        is_found = is_found || (terrain.is_sea.at(i, j) == 0 && terrain.is_blocked.at(i, j) == 0);
    };
    for_cells_inside(terrain.shape(), area, look);
    const Vec2 middle = centroid_of(area.outer);
    if (!is_found && terrain.shape().contains(middle)) {
        look(terrain.shape().column_at(middle.x()), terrain.shape().row_at(middle.y()));
    }
    return is_found;
}

void read_inflow(Section& section, Reading& reading) {
    Inflow inflow;
    inflow.name = section.text("name");
    check_unique(section, inflow.name, "inflow", names_in(reading.scenario.weather.inflows));
    inflow.flow_m3ps = section.series("flow");
    if (section.has("flow") && inflow.flow_m3ps.size() == 1) {
        section.problem("flow", "has one moment only: no water flows; wanted are at least two");
    }
    const Named name{section.text("place"), section.place("place")};
    const auto place = name.name.empty()
                           ? std::nullopt
                           : find_place(reading, section, "place", name, PlaceUse::Ground);
    if (place) {
        inflow.area = reading.scenario.place(*place).area;
        const Terrain& terrain = reading.city.terrain;
        if (terrain.shape().cells() > 0 && !has_open_ground(terrain, inflow.area)) {
            section.problem("place", "holds no open ground: it lies in the sea or in buildings; "
                                     "water must enter on land");
        }
    }
    reading.scenario.weather.inflows.push_back(std::move(inflow));
}

} // namespace

void read_weather(Section& file, Reading& reading) {
    auto section = file.table("weather");
    if (!section) {
        return;
    }
    Weather& weather = reading.scenario.weather;
    reading.scenario.has_flood = section->truth("flood");
    weather.is_border_open = section->choice("border") == 0;
    weather.cloud_cover = section->number("cloud_cover");
    weather.rain_mps = section->series("rain");
    if (auto storm = section->table("storm")) {
        weather.rain_mps = storm_of(*storm);
    }
    for (Section& inflow : section->tables("inflow")) {
        read_inflow(inflow, reading);
    }
    const bool has_water = !weather.rain_mps.empty() || !weather.inflows.empty();
    if (!reading.scenario.has_flood && has_water) {
        section->problem("flood", "no water is computed, yet rain, a storm or inflows are given; "
                                  "leave them out or set flood = true");
    }
    if (reading.scenario.has_flood && has_water && !reading.city.terrain.has_elevation) {
        reading.warn_at(section->place(), "weather: the city has no elevation: water stands where "
                                          "it falls");
    }
}

} // namespace veste::scenario_file
