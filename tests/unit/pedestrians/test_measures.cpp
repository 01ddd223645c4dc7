#include "pedestrians/measures.hpp"
#include "pedestrians/voronoi.hpp"
#include "support/toy_walk.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <numeric>

using namespace veste;
using namespace scene;

namespace {

MeasurementArea area_of(const Box2& box, double cut_off_m = 5.0) {
    MeasurementArea area;
    area.name = "area";
    area.area.outer = {box.low, Vec2(box.high.x(), box.low.y()), box.high,
                       Vec2(box.low.x(), box.high.y())};
    area.cut_off_m = cut_off_m;
    return area;
}

/// People put on a floor and measured there; nobody walks by itself.
struct Floor {
    std::shared_ptr<City> city;
    Scenario scenario;
    std::size_t count;

    Floor(WalkMesh mesh, std::size_t people) : city(city_of(std::move(mesh))), count(people) {
        const Box2 all = city->walk.bounds();
        const PlaceId place = add_place(scenario, *city, "all", all);
        add_demand(scenario, static_cast<std::uint32_t>(people), add_profile(scenario, 1.0), place,
                   place);
        scenario.steps.tick_s = 1.0;
    }
};

struct Measured {
    Walk walk;
    CrowdMeter meter;
    CrowdMeasures measures;
    std::uint64_t tick = 0;

    explicit Measured(const Floor& floor)
        : walk(floor.city, floor.scenario), meter(floor.city, walk.scenario),
          measures(meter.first(walk.people)) {}
    void move(std::size_t i, const Vec2& to, const Vec2& velocity_mps = Vec2(0.0, 0.0)) {
        walk.put(i, to);
        walk.people.speed_mps[i] = static_cast<float>(velocity_mps.norm());
        walk.people.velocity_x_mps[i] = static_cast<float>(velocity_mps.x());
        walk.people.velocity_y_mps[i] = static_cast<float>(velocity_mps.y());
    }
    void measure() { meter.measure(measures, walk.people, walk.conditions, ++tick); }
};

/// People on a square lattice over a floor of 20 x 20 m.
Measured lattice(double spacing_m, Floor& floor, const Vec2& velocity_mps = Vec2(0.0, 0.0)) {
    Measured measured(floor);
    const int side = static_cast<int>(20.0 / spacing_m + 0.5);
    for (int k = 0; k < side * side; ++k) {
        measured.move(static_cast<std::size_t>(k), spacing_m * Vec2(k % side + 0.5, k / side + 0.5),
                      velocity_mps);
    }
    return measured;
}

} // namespace

TEST_CASE("the voronoi density of a square lattice is one person per squared spacing") {
    for (const double spacing_m : {0.5, 1.0, 2.0}) {
        CAPTURE(spacing_m);
        const auto people = static_cast<std::size_t>(400.0 / spacing_m / spacing_m + 0.5);
        Floor floor(mesh_of({box(0, 0, 20, 20)}, {}, 3.0), people);
        // Cuts through cells: what of them lies inside counts in part.
        floor.scenario.measurement_areas = {area_of(box(3.3, 4.7, 12.9, 15.2)),
                                            area_of(box(0.0, 0.0, 20.0, 20.0))};
        Measured measured = lattice(spacing_m, floor, Vec2(0.6, 0.8));
        for (const std::size_t a : {std::size_t{0}, std::size_t{1}}) {
            const auto found = measured.meter.voronoi(a, measured.walk.people);
            CHECK(found.density_per_m2 ==
                  doctest::Approx(1.0 / spacing_m / spacing_m).epsilon(1e-9));
            CHECK(found.speed_mps == doctest::Approx(1.0));
        }
        measured.measure();
        CHECK(measured.measures.area_people[1] == static_cast<double>(people));
        CHECK(measured.measures.area_speed_mps[1] == doctest::Approx(static_cast<double>(people)));
    }
}

TEST_CASE("voronoi cells of two people in a room are its halves, and end at the cut-off") {
    // Cells of 4 x 4 m: the left half of the area holds half of the first one's cell.
    Floor floor(mesh_of({box(0, 0, 8, 4)}, {}, 1.5), 2);
    floor.scenario.measurement_areas = {area_of(box(2, 0, 6, 4), 10.0),
                                        area_of(box(0, 0, 2, 4), 10.0)};
    Measured measured(floor);
    measured.move(0, Vec2(2, 2));
    measured.move(1, Vec2(6, 2));
    CHECK(measured.meter.voronoi(0, measured.walk.people).density_per_m2 ==
          doctest::Approx((0.5 + 0.5) / 16.0));
    CHECK(measured.meter.voronoi(1, measured.walk.people).density_per_m2 ==
          doctest::Approx(0.5 / 8.0));
    const ConvexPiece cell = voronoi_cell(Vec2(2, 2), {}, 1.5);
    CHECK(cell.area_m2() == doctest::Approx(3.14159265 * 1.5 * 1.5));
}

TEST_CASE("a voronoi cell does not reach through a wall") {
    // A wall of 0.2 m between two rooms; nobody is in the other one.
    const WalkMesh mesh = mesh_of({box(0, 0, 4, 4), box(4.2, 0, 8, 4)});
    const Polygon everywhere = area_of(box(0, 0, 8, 4)).area;
    const Vec2 at(3.5, 2.0);
    const CellCover cover = cover_of(mesh, voronoi_cell(at, {}, 2.0), *mesh.locate(at), everywhere);
    const CellCover left =
        cover_of(mesh, voronoi_cell(at, {}, 2.0), *mesh.locate(at), area_of(box(0, 0, 4, 4)).area);
    CHECK(cover.ground_m2 == doctest::Approx(cover.in_area_m2));
    CHECK(cover.ground_m2 == doctest::Approx(left.in_area_m2));
    CHECK(cover.ground_m2 < 0.75 * 3.14159265 * 4.0);
    CHECK(walkable_m2(mesh, 0, everywhere) == doctest::Approx(4.0 * 4.0 + 3.8 * 4.0));
}

TEST_CASE("a concave area with a hole has the area that its part of a cell has") {
    const Polygon ell{{Vec2(0, 0), Vec2(4, 0), Vec2(4, 2), Vec2(2, 2), Vec2(2, 4), Vec2(0, 4)},
                      {{Vec2(0.5, 0.5), Vec2(0.5, 1.0), Vec2(1.0, 1.0), Vec2(1.0, 0.5)}}};
    ConvexPiece square;
    square.corners[0] = Vec2(0, 0);
    square.corners[1] = Vec2(3, 0);
    square.corners[2] = Vec2(3, 3);
    square.corners[3] = Vec2(0, 3);
    square.count = 4;
    CHECK(common_area_m2(ell, square) == doctest::Approx(9.0 - 1.0 - 0.25));
}

TEST_CASE("a line counts everyone once in their direction and those who turn back on both sides") {
    MeasurementLine line;
    line.from = Vec2(5, 2);
    line.to = Vec2(5, 8);
    Floor floor(mesh_of({box(0, 0, 20, 10)}), 5);
    floor.scenario.measurement_lines = {line};
    Measured measured(floor);
    // 0 walks east over the line, 1 west, 2 turns back, 3 passes beside its end, 4 stops on it.
    const auto at = [](int k) { return 3.0 + 0.4 * k; };
    for (int k = 0; k <= 10; ++k) {
        measured.move(0, Vec2(at(k), 5));
        measured.move(1, Vec2(10.0 - at(k), 6));
        measured.move(2, Vec2(k <= 6 ? at(k) : at(12 - k), 4));
        measured.move(3, Vec2(at(k), 1));
        measured.move(4, Vec2(std::min(at(k), 5.0), 3));
        measured.measure();
    }
    // Seen from the line's start (south) its left side is west.
    CHECK(measured.measures.line_forward[0] == 2);
    CHECK(measured.measures.line_backward[0] == 2);
}

TEST_CASE("people on another level do not count at a line or in an area") {
    MeasurementLine line;
    line.from = Vec2(5, 0);
    line.to = Vec2(5, 10);
    line.level = 1;
    Floor floor(mesh_of({box(0, 0, 20, 10)}), 1);
    floor.scenario.measurement_lines = {line};
    floor.scenario.measurement_areas = {area_of(box(0, 0, 20, 10))};
    floor.scenario.measurement_areas[0].level = 1;
    Measured measured(floor);
    for (const double x : {4.0, 6.0}) {
        measured.move(0, Vec2(x, 5));
        measured.measure();
    }
    CHECK(measured.measures.line_forward[0] == 0);
    CHECK(measured.measures.area_people[0] == 0.0);
}

TEST_CASE("exposures sum to the time that people spent") {
    Floor floor(mesh_of({box(0, 0, 20, 20)}), 400);
    Measured measured = lattice(1.0, floor);
    for (std::size_t i = 0; i < 400; ++i) {
        measured.walk.people.density_per_m2[i] = 0.01F * static_cast<float>(i);
        if (i % 4 == 0) {
            measured.walk.people.phase[i] = static_cast<std::uint8_t>(WalkerPhase::Queueing);
        }
    }
    measured.walk.conditions.walk_depth_m.assign(2, 0.1F);
    measured.walk.conditions.walk_illuminance_lx.assign(2, 0.2F);
    for (int k = 0; k < 3; ++k) {
        measured.measure();
    }
    const CrowdMeasures& m = measured.measures;
    const auto sum = [](const auto& values) {
        return std::accumulate(values.begin(), values.end(), 0.0);
    };
    CHECK(sum(m.walkway_los_s) + sum(m.queue_los_s) == 1200.0);
    CHECK(sum(m.hcm_los_s) == sum(m.walkway_los_s));
    CHECK(sum(m.wet_s) == 1200.0);
    CHECK(m.in_water_s[0] == 1200.0);
    CHECK(sum(m.dark_s) == 1200.0);
    CHECK(sum(m.waited_s) == 300.0);
    CHECK(sum(m.crowded_s) == doctest::Approx(m.walkway_los_s[4] + m.walkway_los_s[5] +
                                              m.queue_los_s[4] + m.queue_los_s[5]));
    CHECK(m.walkway_los_s[5] > 0.0);
}

TEST_CASE("forces of contact are measured in areas, heat maps and as time of those crushed") {
    // 20 x 20 people 1 m apart; one is pressed lightly, one harder than 1,600 N per metre of a
    // circumference of 1.257 m, and one outside the area harder still.
    Floor floor(mesh_of({box(0, 0, 20, 20)}), 400);
    floor.scenario.measurement_areas = {area_of(box(0, 0, 10, 10))};
    floor.scenario.outputs.heat_maps = true;
    floor.scenario.outputs.heat_maps_every_s = 1.0;
    Measured measured = lattice(1.0, floor);
    auto& contact_n = measured.walk.people.contact_n;
    contact_n[0] = 1000.0F;
    contact_n[1] = 2020.0F;
    contact_n[399] = 5000.0F;
    measured.measure();
    contact_n[0] = contact_n[1] = 0.0F;
    measured.measure();
    const CrowdMeasures& m = measured.measures;
    CHECK(m.area_contact_n[0] == doctest::Approx(3020.0));
    CHECK(m.area_contact_max_n[0] == 2020.0F);
    CHECK(m.area_crushed[0] == 1.0);
    CHECK(m.crushed_s[0] == 3.0);
    const RasterShape& cells = measured.meter.heat_shape();
    CHECK(m.heat.contact_max_n[cells.clamped_index(Vec2(0.5, 0.5))] == 1000.0F);
    CHECK(m.heat.contact_max_n[cells.clamped_index(Vec2(1.5, 0.5))] == 2020.0F);
    CHECK(m.heat.contact_max_n[cells.clamped_index(Vec2(19.5, 19.5))] == 5000.0F);
    CHECK(m.heat.contact_max_n[cells.clamped_index(Vec2(5.5, 5.5))] == 0.0F);
}

TEST_CASE("heat maps never add people on a bridge to those on the street below it") {
    const auto density_at = [](std::size_t people, const Vec2& at) {
        Floor floor(toy::bridge_over_street(), people);
        floor.scenario.outputs.heat_maps = true;
        floor.scenario.outputs.heat_maps_every_s = 1.0;
        Measured measured(floor);
        measured.move(0, Vec2(0.0, 0.0)); // one on the street, two above it, one where nothing is
        for (std::size_t i = 1; i < people; ++i) {
            const Vec2 on_bridge(0.0, i < 3 ? 0.0 : 10.0);
            measured.move(i, on_bridge);
            measured.walk.people.triangle[i] = floor.city->walk.locate(on_bridge, 1).value().index;
        }
        measured.measure();
        const std::size_t cell = measured.meter.heat_shape().clamped_index(at);
        return static_cast<double>(measured.measures.heat.density_max_per_m2[cell]);
    };
    const double one_per_m2 = density_at(1, Vec2(0.0, 0.0));
    CHECK(one_per_m2 > 0.1);
    CHECK(density_at(4, Vec2(0.0, 0.0)) == doctest::Approx(one_per_m2));
    CHECK(density_at(4, Vec2(0.0, 10.0)) > 0.1); // above nothing it is shown
}

TEST_CASE("levels of service begin at the areas a person that Fruin and the HCM name") {
    CHECK(level_of_service(0.3, fruin_walkway_per_m2) == 0);
    CHECK(level_of_service(0.72, fruin_walkway_per_m2) == 3);
    CHECK(level_of_service(2.16, fruin_walkway_per_m2) == 5);
    CHECK(level_of_service(1.0 / 5.7, hcm_walkway_per_m2) == 0);
    CHECK(level_of_service(1.0 / 0.74, hcm_walkway_per_m2) == 5);
    CHECK(level_of_service(3.0, fruin_queue_per_m2) == 3);
    CHECK(level_of_service(5.4, fruin_queue_per_m2) == 5);
}

TEST_CASE("the local density of a lattice is its density, and a uniform flow has no pressure") {
    Floor floor(mesh_of({box(0, 0, 20, 20)}), 1600);
    floor.scenario.outputs.heat_maps = true;
    floor.scenario.outputs.heat_maps_every_s = 1.0;
    floor.scenario.outputs.heat_threshold_per_m2 = 3.9;
    Measured measured = lattice(0.5, floor, Vec2(1.2, -0.3));
    for (int k = 0; k < 60; ++k) {
        measured.measure();
    }
    const HeatMaps& heat = measured.measures.heat;
    const std::size_t middle = measured.meter.heat_shape().clamped_index(Vec2(10, 10));
    CHECK(heat.samples[0] == 60);
    CHECK(heat.density_sum_per_m2[middle] / 60.0 == doctest::Approx(4.0).epsilon(0.002));
    CHECK(heat.density_max_per_m2[middle] == doctest::Approx(4.0).epsilon(0.002));
    CHECK(heat.crowded[middle] == 60);
    CHECK(heat.crowded[0] == 0);
    for (const float pressure_per_s2 : heat.pressure_max_per_s2) {
        CHECK(pressure_per_s2 == doctest::Approx(0.0).epsilon(1e-5));
    }
}

TEST_CASE("crowd pressure is density times the variance of the velocity over time") {
    Floor floor(mesh_of({box(0, 0, 20, 20)}), 400);
    floor.scenario.outputs.heat_maps = true;
    floor.scenario.outputs.heat_maps_every_s = 1.0;
    Measured measured(floor);
    // All sway east and west together at 0.5 m/s: variance 0.25 m²/s².
    for (int k = 0; k < 60; ++k) {
        for (int i = 0; i < 400; ++i) {
            measured.move(static_cast<std::size_t>(i), 0.5 * Vec2(i % 20 + 0.5, i / 20 + 0.5),
                          Vec2(k % 2 == 0 ? 0.5 : -0.5, 0.0));
        }
        measured.measure();
    }
    const std::size_t middle = measured.meter.heat_shape().clamped_index(Vec2(5, 5));
    CHECK(measured.measures.heat.pressure_max_per_s2[middle] ==
          doctest::Approx(4.0 * 0.25).epsilon(0.005));
}

TEST_CASE("measures are the same on one and on four threads") {
    std::vector<double> densities;
    for (const int threads : {1, 4}) {
        Floor floor(mesh_of({box(0, 0, 20, 20)}, {box(9, 9, 11, 11)}, 3.0), 300);
        floor.scenario.measurement_areas = {area_of(box(2, 3, 17, 18), 1.0)};
        Measured measured(floor);
        std::size_t i = 0;
        for (const Vec2& p : scattered(box(0.1, 0.1, 8.9, 19.9), 300, 0.5, 3)) {
            measured.move(i++, p);
        }
        Threads pool(threads);
        pool.execute([&] {
            densities.push_back(measured.meter.voronoi(0, measured.walk.people).density_per_m2);
        });
    }
    CHECK(densities[0] == densities[1]);
    CHECK(densities[0] > 0.5);
}

TEST_CASE("a line at the edge of a destination counts all who arrive there or board") {
    for (const bool boards : {false, true}) {
        auto city = city_of(mesh_of({box(0, 0, 40, 6)}, {}, 5.0));
        Scenario scenario;
        scenario.steps.tick_s = 1.0;
        const PlaceId from = add_place(scenario, *city, "from", box(0, 0, 10, 6));
        const PlaceId to = add_place(scenario, *city, "to", box(30, 0, 40, 6));
        add_demand(scenario, 50, add_profile(scenario, 1.34), from, to, {0.0, 60.0, {}});
        if (boards) {
            Stage board;
            board.kind = StageKind::Board;
            board.places = {{to, 1.0}};
            board.release_per_s = 50.0;
            scenario.holds = 1;
            scenario.journeys.push_back({"by bus", {board}});
            scenario.pedestrians[0].journey = JourneyId(0U);
        }
        for (const double before_m : {0.0, 0.7, 5.0}) {
            MeasurementLine line;
            line.from = Vec2(30.0 - before_m, 0.0);
            line.to = Vec2(30.0 - before_m, 6.0);
            scenario.measurement_lines.push_back(line);
        }
        Walk walk(city, scenario);
        CrowdMeter meter(city, walk.scenario);
        CrowdMeasures measures = meter.first(walk.people);
        std::uint64_t tick = 0;
        CHECK(walk.run_until_all_arrived(
            200.0, 1.0, [&] { meter.measure(measures, walk.people, walk.conditions, ++tick); }));
        for (std::size_t k = 0; k < 3; ++k) {
            CAPTURE(k);
            CHECK(std::abs(static_cast<int>(measures.line_forward[k]) -
                           static_cast<int>(measures.line_backward[k])) == 50);
        }
    }
}
