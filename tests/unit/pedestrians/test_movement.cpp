#include "base/random.hpp"
#include "pedestrians/movement.hpp"
#include "support/walk_scene.hpp"

#include <doctest/doctest.h>
#include <numbers>

using namespace veste;

namespace {

const auto anywhere = [](std::uint32_t, std::uint32_t) { return Passage::Free; };

} // namespace

TEST_CASE("a step over open ground ends where it leads") {
    const WalkMesh mesh = scene::mesh_of({scene::box(0.0, 0.0, 10.0, 10.0)}, {}, 1.0);
    const Vec2 from(0.35, 0.6);
    const StepEnd end =
        walk_step(mesh, mesh.locate(from).value().index, from, Vec2(7.3, 8.1), anywhere);
    CHECK((end.at - Vec2(7.65, 8.7)).norm() < 1e-9);
    CHECK(mesh.contains(TriangleId(end.triangle), end.at));
}

TEST_CASE("a step into a wall slides along it") {
    const WalkMesh mesh = scene::mesh_of({scene::box(0.0, 0.0, 10.0, 10.0)}, {}, 2.0);
    const Vec2 from(5.1, 9.5);
    const StepEnd end =
        walk_step(mesh, mesh.locate(from).value().index, from, Vec2(1.0, 2.0), anywhere);
    CHECK(end.at.x() == doctest::Approx(6.1));
    CHECK(end.at.y() == doctest::Approx(10.0).epsilon(1e-4));
    CHECK(mesh.contains(TriangleId(end.triangle), end.at));
}

TEST_CASE("a step stops at a kerb and slides along barred ground") {
    const WalkMesh mesh = scene::mesh_of({scene::box(0.0, 0.0, 10.0, 2.0)}, {}, 5.0);
    Passage refusal = Passage::Kerb;
    const auto west_only = [&](std::uint32_t, std::uint32_t next) {
        return mesh.centroid(TriangleId(next)).x() < 5.0 ? Passage::Free : refusal;
    };
    const Vec2 from(4.0, 1.3);
    for (const Passage passage : {Passage::Kerb, Passage::Wall}) {
        refusal = passage;
        const StepEnd end =
            walk_step(mesh, mesh.locate(from).value().index, from, Vec2(2.0, 0.4), west_only);
        CHECK(end.at.x() == doctest::Approx(5.0).epsilon(1e-4));
        // Half of the step is left at the side: 0.2 m of it lead along.
        CHECK(end.at.y() == doctest::Approx(passage == Passage::Kerb ? 1.5 : 1.7).epsilon(1e-4));
        CHECK(end.refused != UINT32_MAX);
    }
}

TEST_CASE("a hundred thousand random steps never leave the mesh nor cross a wall") {
    const WalkMesh mesh =
        scene::mesh_of({scene::box(0.0, 0.0, 13.0, 7.0)},
                       {scene::box(3.0, 2.0, 4.0, 5.0), scene::box(7.0, 0.0, 7.1, 6.5)}, 1.7);
    Vec2 at(1.0, 1.0);
    std::uint32_t triangle = mesh.locate(at).value().index;
    std::size_t outside = 0;
    double farthest_m = 0.0;
    for (std::uint64_t k = 0; k < 100000; ++k) {
        const UniformPair u = uniform_pair(7, 0, k, Draw::Placement);
        // A few giant steps among the small ones.
        const double length_m = k % 50 == 0 ? 20.0 * u.first : 0.3 * u.first;
        const double angle_rad = 2.0 * std::numbers::pi * u.second;
        const Vec2 step = length_m * Vec2(std::cos(angle_rad), std::sin(angle_rad));
        const StepEnd end = walk_step(mesh, triangle, at, step, anywhere);
        farthest_m = std::max(farthest_m, (end.at - at).norm() - length_m);
        at = end.at;
        triangle = end.triangle;
        outside += !mesh.contains(TriangleId(triangle), at);
    }
    CHECK(outside == 0);
    // Sliding never lengthens a step but for the tenths of a millimetre kept from walls.
    CHECK(farthest_m < 1e-3);
}
