#include "pedestrians/sheets.hpp"
#include "pedestrians/walk_cells.hpp"
#include "support/office_building.hpp"

#include <doctest/doctest.h>

/// Ground over other ground of the same level.
using namespace veste;
using scene::box;

namespace {

/// A way of 30 m to the east, and over its middle a bridge of the same level, northwards. They meet
/// nowhere.
std::shared_ptr<City> way_under_bridge() {
    const Box2 way = box(0.0, 0.0, 30.0, 2.0);
    const Box2 bridge = box(14.0, -14.0, 16.0, 16.0);
    WalkMesh mesh;
    office::append(mesh, scene::mesh_of({way}, {}, 2.0), 0);
    office::append(mesh, scene::mesh_of({bridge}, {}, 2.0), 0);
    mesh.index();
    return scene::city_of(std::move(mesh));
}

bool is_on(const Box2& box, const WalkMesh& mesh, std::uint32_t t) {
    for (int k = 0; k < 3; ++k) {
        const Vec2 p = mesh.corner(TriangleId(t), k);
        if (p.x() < box.low.x() || p.x() > box.high.x() || p.y() < box.low.y() ||
            p.y() > box.high.y()) {
            return false;
        }
    }
    return true;
}

} // namespace

TEST_CASE("a mesh without stacked ground has one sheet for each level") {
    const WalkMesh building = office::building();
    const std::vector<std::uint8_t> sheets = sheets_of(building);
    for (std::size_t t = 0; t < sheets.size(); ++t) {
        CHECK(sheets[t] == building.triangles[t].level + 8);
    }
}

TEST_CASE("where storeys have one level label, what lies over other ground is another sheet") {
    WalkMesh building = office::building();
    std::vector<int> storey;
    for (WalkTriangle& triangle : building.triangles) {
        storey.push_back(triangle.level);
        triangle.level = 0;
    }
    building.index();
    const std::vector<std::uint8_t> sheets = sheets_of(building);
    for (std::uint32_t t = 0; t < sheets.size(); ++t) {
        const Vec2 at = building.centroid(TriangleId(t));
        for (const TriangleId other : building.overlapping({at, at})) {
            if (other.index != t && building.contains(other, at)) {
                CHECK(sheets[other.index] != sheets[t]);
            }
        }
    }
    // Storeys stay whole: nobody loses sight of others on open ground.
    for (const int level : {0, 2, 4}) {
        std::set<int> of_storey;
        for (std::size_t t = 0; t < sheets.size(); ++t) {
            if (storey[t] == level) {
                of_storey.insert(sheets[t]);
            }
        }
        CHECK(of_storey.size() == 1);
    }
}

TEST_CASE("people under a bridge of the same level label walk on as if it were not there") {
    auto city = way_under_bridge();
    const Box2 way = box(0.0, 0.0, 30.0, 2.0);
    const Box2 bridge = box(14.0, -14.0, 16.0, 16.0);
    Scenario scenario;
    const auto place = [&](const char* name, const Box2& area, const Box2& ground) {
        const PlaceId id = scene::add_place(scenario, *city, name, area);
        std::erase_if(scenario.places[id.index].triangles,
                      [&](TriangleId t) { return !is_on(ground, city->walk, t.index); });
        return id;
    };
    const PlaceId west = place("west", box(0.0, 0.0, 2.0, 2.0), way);
    const PlaceId east = place("east", box(28.0, 0.0, 30.0, 2.0), way);
    const PlaceId crowd = place("crowd", box(14.0, -2.0, 16.0, 4.0), bridge);
    const PlaceId north = place("north", box(14.0, 14.0, 16.0, 16.0), bridge);
    const ProfileId profile = scene::add_profile(scenario, 1.34);
    scene::add_demand(scenario, 1, profile, west, east);
    scene::add_demand(scenario, 24, profile, crowd, north);
    // They stand on the bridge, shoulder to shoulder.
    Stage wait;
    wait.kind = StageKind::Wait;
    wait.places = {{crowd, 1.0}};
    wait.until_s = 100.0;
    scenario.journeys.push_back({"wait", {wait}});
    scenario.pedestrians[1].journey = JourneyId(0u);
    scene::Walk walk(city, scenario);
    walk.put(0, Vec2(1.0, 1.0));
    walk.advance(60.0);
    CHECK(walk.count(WalkerPhase::Standing) + walk.count(WalkerPhase::Walking) == 24);
    REQUIRE(walk.people.arrived_s[0] > 0.0);
    CHECK(walk.people.arrived_s[0] < 28.0 / 1.34 + 1.0); // at the free speed all the way
}
