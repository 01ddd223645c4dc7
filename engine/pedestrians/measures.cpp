#include "pedestrians/measures.hpp"

#include "base/parallel.hpp"
#include "base/spatial_grid.hpp"
#include "pedestrians/effects.hpp"
#include "pedestrians/voronoi.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace veste {
namespace {

constexpr float far_away_m = 1e30F;

std::uint64_t ticks_of(double every_s, double tick_s) {
    return static_cast<std::uint64_t>(std::max(1L, std::lround(every_s / tick_s)));
}

RasterShape heat_shape_of(const City& city, const Outputs& outputs) {
    RasterShape shape;
    shape.cell_m = outputs.heat_cell_m;
    const Box2 ground = city.walk.bounds();
    if (!outputs.heat_maps || ground.is_empty()) {
        return shape;
    }
    const Box2 asked = outputs.area.value_or(ground);
    const Vec2 low = asked.low.cwiseMax(ground.low);
    const Vec2 high = asked.high.cwiseMin(ground.high);
    shape.corner = (low / shape.cell_m).array().floor() * shape.cell_m;
    const Vec2 cells = ((high - shape.corner) / shape.cell_m).array().ceil();
    shape.columns = std::max(0, static_cast<int>(cells.x()));
    shape.rows = std::max(0, static_cast<int>(cells.y()));
    return shape;
}

double side_of(const MeasurementLine& line, const Vec2& p) {
    return cross(line.to - line.from, p - line.from);
}

/// The people around an area, on its level.
struct Around {
    std::vector<std::uint32_t> who;
    std::vector<double> x;
    std::vector<double> y;
};

Box2 widened(Box2 box, double by_m) {
    box.low.array() -= by_m;
    box.high.array() += by_m;
    return box;
}

Around people_in(const Box2& box, std::int8_t level, const WalkMesh& mesh,
                 const Pedestrians& people) {
    Around around;
    for (std::size_t i = 0; i < people.size(); ++i) {
        const Vec2 at(people.x_m[i], people.y_m[i]);
        if (box.contains(at) && people.is_present(i) &&
            mesh.triangles[people.triangle[i]].level == level) {
            around.who.push_back(static_cast<std::uint32_t>(i));
            around.x.push_back(at.x());
            around.y.push_back(at.y());
        }
    }
    return around;
}

} // namespace

bool is_crushed(const Pedestrians& people, std::size_t i) {
    const double circumference_m = 2.0 * std::numbers::pi * people.radius(i);
    return people.contact_n[i] > crushing_n_per_m * circumference_m;
}

int crossing_of(const MeasurementLine& line, const Vec2& before, const Vec2& after) {
    const double from_side = side_of(line, before);
    const double to_side = side_of(line, after);
    if ((from_side >= 0.0) == (to_side >= 0.0)) {
        return 0;
    }
    const Vec2 along = line.to - line.from;
    const Vec2 at = before + from_side / (from_side - to_side) * (after - before);
    const double share = (at - line.from).dot(along) / along.squaredNorm();
    if (share < 0.0 || share > 1.0) {
        return 0;
    }
    return from_side >= 0.0 ? 1 : -1;
}

CrowdMeter::CrowdMeter(std::shared_ptr<const City> city, std::shared_ptr<const Scenario> scenario)
    : city_(std::move(city)), scenario_(std::move(scenario)),
      heat_shape_(heat_shape_of(*city_, scenario_->outputs)) {
    const Outputs& outputs = scenario_->outputs;
    const double tick_s = scenario_->steps.tick_s;
    voronoi_ticks_ = ticks_of(outputs.voronoi_every_s, tick_s);
    heat_ticks_ = ticks_of(outputs.heat_maps_every_s, tick_s);
    for (const MeasurementArea& area : scenario_->measurement_areas) {
        areas_m2_.push_back(walkable_m2(city_->walk, area.level, area.area));
    }
    if (heat_shape_.cells() > 0) {
        heat_mapper_.emplace(heat_shape_, outputs.heat_threshold_per_m2,
                             static_cast<double>(heat_ticks_) * tick_s);
    }
}

CrowdMeasures CrowdMeter::first(const Pedestrians& people) const {
    CrowdMeasures m;
    const std::size_t lines = scenario_->measurement_lines.size();
    const std::size_t areas = scenario_->measurement_areas.size();
    if (lines > 0) {
        m.before_x_m.assign(people.size(), far_away_m);
        m.before_y_m.assign(people.size(), far_away_m);
    }
    for (auto* times : {&m.crowded_s, &m.wet_s, &m.dark_s, &m.waited_s}) {
        times->assign(people.size(), 0.0F);
    }
    m.line_forward.assign(lines, 0);
    m.line_backward.assign(lines, 0);
    for (auto* sums : {&m.area_people, &m.area_speed_mps, &m.area_contact_n, &m.area_crushed,
                       &m.voronoi_density_per_m2, &m.voronoi_flow_per_ms}) {
        sums->assign(areas, 0.0);
    }
    m.area_contact_max_n.assign(areas, 0.0F);
    m.ticks = m.voronoi_samples = {0};
    m.walkway_los_s = m.hcm_los_s = m.queue_los_s = std::vector<double>(los_count, 0.0);
    m.in_water_s = m.in_dark_s = m.crushed_s = {0.0};
    m.gate_waiting_s.assign(scenario_->gates.size(), 0.0);
    if (heat_mapper_) {
        m.heat = heat_mapper_->empty();
    }
    return m;
}

void CrowdMeter::measure(CrowdMeasures& measures, const Pedestrians& people,
                         const Conditions& conditions, std::uint64_t tick) {
    ++measures.ticks[0];
    measure_lines(measures, people);
    measure_areas(measures, people);
    measure_exposure(measures, people, conditions);
    if (tick % voronoi_ticks_ == 0 && !areas_m2_.empty()) {
        ++measures.voronoi_samples[0];
        for (std::size_t a = 0; a < areas_m2_.size(); ++a) {
            const Voronoi now = voronoi(a, people);
            measures.voronoi_density_per_m2[a] += now.density_per_m2;
            measures.voronoi_flow_per_ms[a] += now.density_per_m2 * now.speed_mps;
        }
    }
    if (heat_mapper_ && tick % heat_ticks_ == 0) {
        heat_mapper_->sample(measures.heat, people, city_->walk);
    }
}

bool CrowdMeter::is_on(const Pedestrians& people, std::size_t i, std::int8_t level) const {
    return city_->walk.triangles[people.triangle[i]].level == level;
}

void CrowdMeter::measure_lines(CrowdMeasures& measures, const Pedestrians& people) const {
    const auto& lines = scenario_->measurement_lines;
    if (lines.empty()) {
        return;
    }
    Box2 near;
    for (const MeasurementLine& line : lines) {
        near.extend(line.from);
        near.extend(line.to);
    }
    for (std::size_t i = 0; i < people.size(); ++i) {
        const bool is_here = people.is_present(i);
        const Vec2 before(measures.before_x_m[i], measures.before_y_m[i]);
        // Who has just arrived is still where they did, perhaps over a line.
        const Vec2 after(static_cast<float>(people.x_m[i]), static_cast<float>(people.y_m[i]));
        measures.before_x_m[i] = is_here ? static_cast<float>(people.x_m[i]) : far_away_m;
        measures.before_y_m[i] = is_here ? static_cast<float>(people.y_m[i]) : far_away_m;
        const bool is_measured =
            is_here || people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Arrived);
        if (!is_measured || before.x() == static_cast<double>(far_away_m) || before == after ||
            !near.overlaps({before.cwiseMin(after), before.cwiseMax(after)})) {
            continue;
        }
        for (std::size_t k = 0; k < lines.size(); ++k) {
            const int way = crossing_of(lines[k], before, after);
            if (way != 0 && is_on(people, i, lines[k].level)) {
                ++(way > 0 ? measures.line_forward : measures.line_backward)[k];
            }
        }
    }
}

void CrowdMeter::measure_areas(CrowdMeasures& measures, const Pedestrians& people) const {
    for (std::size_t a = 0; a < areas_m2_.size(); ++a) {
        const MeasurementArea& area = scenario_->measurement_areas[a];
        const Box2 box = bounds_of(area.area.outer);
        for (std::size_t i = 0; i < people.size(); ++i) {
            const Vec2 at(people.x_m[i], people.y_m[i]);
            if (box.contains(at) && people.is_present(i) && is_on(people, i, area.level) &&
                contains(area.area, at)) {
                measures.area_people[a] += 1.0;
                measures.area_speed_mps[a] += static_cast<double>(people.speed_mps[i]);
                measures.area_contact_n[a] += people.contact_n[i];
                measures.area_crushed[a] += is_crushed(people, i);
                measures.area_contact_max_n[a] =
                    std::max(measures.area_contact_max_n[a], people.contact_n[i]);
            }
        }
    }
}

void CrowdMeter::measure_exposure(CrowdMeasures& measures, const Pedestrians& people,
                                  const Conditions& conditions) const {
    const double tick_s = scenario_->steps.tick_s;
    const auto step_s = static_cast<float>(tick_s);
    for (std::size_t i = 0; i < people.size(); ++i) {
        if (!people.is_present(i)) {
            continue;
        }
        const auto density = static_cast<double>(people.density_per_m2[i]);
        std::size_t level = 0;
        if (people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Walking)) {
            level = level_of_service(density, fruin_walkway_per_m2);
            measures.walkway_los_s[level] += tick_s;
            measures.hcm_los_s[level_of_service(density, hcm_walkway_per_m2)] += tick_s;
        } else {
            level = level_of_service(density, fruin_queue_per_m2);
            measures.queue_los_s[level] += tick_s;
        }
        if (level >= 4) {
            measures.crowded_s[i] += step_s;
        }
        measures.crushed_s[0] += is_crushed(people, i) ? tick_s : 0.0;
        const std::uint32_t t = people.triangle[i];
        if (conditions.walk_depth_m[t] > static_cast<float>(wet_depth_m)) {
            measures.wet_s[i] += step_s;
            measures.in_water_s[0] += tick_s;
        }
        if (conditions.walk_illuminance_lx[t] < dark_below_lx) {
            measures.dark_s[i] += step_s;
            measures.in_dark_s[0] += tick_s;
        }
        if (people.phase[i] == static_cast<std::uint8_t>(WalkerPhase::Queueing)) {
            measures.waited_s[i] += step_s;
            if (people.gate[i] < measures.gate_waiting_s.size()) {
                measures.gate_waiting_s[people.gate[i]] += tick_s;
            }
        }
    }
}

CrowdMeter::Voronoi CrowdMeter::voronoi(std::size_t index, const Pedestrians& people) const {
    const MeasurementArea& area = scenario_->measurement_areas[index];
    const double reach_m = 1.01 * area.cut_off_m; // the cut-off's corners lie a little outside
    const Box2 near = widened(bounds_of(area.area.outer), reach_m);
    const Box2 all = widened(near, 2.0 * reach_m);
    const Around around = people_in(all, area.level, city_->walk, people);
    if (around.who.empty() || areas_m2_[index] <= 0.0) {
        return {};
    }
    SpatialGrid grid(all, 2.0 * reach_m);
    grid.build(around.x, around.y, {});
    std::vector<double> share(around.who.size(), 0.0);
    std::vector<double> covered_m2(around.who.size(), 0.0);
    constexpr std::size_t grain = 16;
    parallel_for(around.who.size(), grain, [&](std::size_t k) {
        const Vec2 at(around.x[k], around.y[k]);
        if (!near.contains(at)) {
            return;
        }
        std::vector<Vec2> others;
        grid.for_near(at, 2.0 * reach_m, [&](std::uint32_t other) {
            others.emplace_back(around.x[other], around.y[other]);
        });
        const CellCover cover = cover_of(city_->walk, voronoi_cell(at, others, area.cut_off_m),
                                         TriangleId(people.triangle[around.who[k]]), area.area);
        if (cover.ground_m2 > 0.0) {
            share[k] = cover.in_area_m2 / cover.ground_m2;
            covered_m2[k] = cover.in_area_m2;
        }
    });
    double people_in_area = 0.0;
    double sum_m2 = 0.0;
    double speed_m2mps = 0.0;
    for (std::size_t k = 0; k < share.size(); ++k) { // in id order
        people_in_area += share[k];
        sum_m2 += covered_m2[k];
        speed_m2mps += covered_m2[k] * static_cast<double>(people.speed_mps[around.who[k]]);
    }
    return {people_in_area / areas_m2_[index], sum_m2 > 0.0 ? speed_m2mps / sum_m2 : 0.0};
}

} // namespace veste
