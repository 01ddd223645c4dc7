#include "city/pockets.hpp"

#include <cmath>
#include <doctest/doctest.h>

using namespace veste;

namespace {

/// A plane of 20 x 20 cells of 2 m that falls to the south by 0.5 m a cell, with a sea in the
/// southernmost row.
Terrain slope() {
    RasterShape shape;
    shape.cell_m = 2.0;
    shape.columns = shape.rows = 20;
    Terrain terrain;
    terrain.ground_m = Raster<float>(shape, 0.0F);
    terrain.surface = Raster<std::uint8_t>(shape, static_cast<std::uint8_t>(Surface::OtherUrban));
    terrain.is_blocked = Raster<std::uint8_t>(shape, 0);
    terrain.is_sea = Raster<std::uint8_t>(shape, 0);
    for (int j = 0; j < 20; ++j) {
        for (int i = 0; i < 20; ++i) {
            terrain.ground_m.at(i, j) = 0.5F * static_cast<float>(j);
            terrain.is_sea.at(i, j) = j == 0 ? 1 : 0;
        }
    }
    return terrain;
}

/// A house open to the hill: wall along row 5 from column 5 to 14, wings up to row 12.
void build_house(Terrain& terrain) {
    for (int k = 5; k <= 14; ++k) {
        terrain.surface.at(k, 5) = static_cast<std::uint8_t>(Surface::Building);
    }
    for (int j = 5; j <= 12; ++j) {
        terrain.surface.at(5, j) = static_cast<std::uint8_t>(Surface::Building);
        terrain.surface.at(14, j) = static_cast<std::uint8_t>(Surface::Building);
    }
}

} // namespace

TEST_CASE("water spills at the lowest rim on its way out") {
    Terrain terrain = slope();
    terrain.ground_m.at(10, 10) = 1.0F; // a hole in the plane of 5 m
    const auto level_m = spill_levels_m(terrain, terrain.is_blocked.values);
    CHECK(level_m[terrain.shape().index(3, 7)] == 3.5F);
    CHECK(level_m[terrain.shape().index(10, 10)] == 4.5F); // over the cell to the south
    CHECK(std::isnan(level_m[terrain.shape().index(4, 0)]));
}

TEST_CASE("cells that no way leads out of have no spill level") {
    Terrain terrain = slope();
    std::vector<std::uint8_t> walls(terrain.shape().cells(), 0);
    for (int k = 4; k <= 8; ++k) {
        walls[terrain.shape().index(k, 4)] = walls[terrain.shape().index(k, 8)] = 1;
        walls[terrain.shape().index(4, k)] = walls[terrain.shape().index(8, k)] = 1;
    }
    CHECK(std::isnan(spill_levels_m(terrain, walls)[terrain.shape().index(6, 6)]));
}

TEST_CASE("a house on a slope dams up no more water than allowed, the rest of the ground stays") {
    Terrain terrain = slope();
    build_house(terrain);
    const Terrain before = terrain;
    const FilledPockets filled = fill_pockets(terrain, 1.0);
    // Water rises to the wings' ends (row 12 and beyond: 6.5 m), the wall's foot is at 3 m.
    CHECK(filled.deepest_m == doctest::Approx(6.5 - 3.0));
    CHECK(filled.cells > 0);
    std::vector<std::uint8_t> walls(terrain.shape().cells(), 0);
    for (std::size_t cell = 0; cell < walls.size(); ++cell) {
        walls[cell] = terrain.surface.values[cell] == static_cast<std::uint8_t>(Surface::Building);
    }
    const auto level_m = spill_levels_m(terrain, walls);
    for (int j = 1; j < 20; ++j) {
        for (int i = 0; i < 20; ++i) {
            const std::size_t cell = terrain.shape().index(i, j);
            CAPTURE(i);
            CAPTURE(j);
            if (walls[cell] == 0) {
                CHECK(level_m[cell] - terrain.ground_m.values[cell] <= 1.0F + 1e-5F);
            }
            const bool is_behind = i > 5 && i < 14 && j > 5 && j <= 12;
            if (!is_behind) {
                CHECK(terrain.ground_m.values[cell] == before.ground_m.values[cell]);
            }
        }
    }
}

TEST_CASE("a real hollow stays as it is, with or without a house beside it") {
    Terrain terrain = slope();
    terrain.ground_m.at(10, 10) = 0.0F;
    terrain.surface.at(10, 9) = static_cast<std::uint8_t>(Surface::Building);
    CHECK(fill_pockets(terrain, 1.0).cells == 0);
    CHECK(terrain.ground_m.at(10, 10) == 0.0F);
}

TEST_CASE("a hollow deeper than any real one is filled until the depth allowed is left") {
    Terrain terrain = slope();
    terrain.ground_m.at(10, 10) = -30.0F;
    terrain.ground_m.at(3, 12) = 5.0F; // 0.5 m below its rim of 5.5 m
    CHECK(fill_hollows(terrain, 1.5) == 1);
    CHECK(terrain.ground_m.at(10, 10) == doctest::Approx(4.5 - 1.5));
    CHECK(terrain.ground_m.at(3, 12) == 5.0F);
}

TEST_CASE("a closed courtyard on a slope drains like a roof, a level one stays ground") {
    for (const float fall_m : {0.5F, 0.1F}) {
        CAPTURE(fall_m);
        Terrain terrain = slope();
        for (int j = 0; j < 20; ++j) {
            for (int i = 0; i < 20; ++i) {
                terrain.ground_m.at(i, j) = fall_m * static_cast<float>(j);
            }
        }
        for (int k = 4; k <= 10; ++k) {
            for (const int side : {4, 10}) {
                terrain.surface.at(k, side) = static_cast<std::uint8_t>(Surface::Building);
                terrain.surface.at(side, k) = static_cast<std::uint8_t>(Surface::Building);
            }
        }
        const FilledPockets filled = fill_pockets(terrain, 1.0);
        const bool is_steep = fall_m > 0.3F;
        CHECK(filled.courtyard_cells == (is_steep ? 25 : 0));
        CHECK(terrain.is_blocked.at(7, 7) == (is_steep ? 1 : 0));
        CHECK(terrain.is_blocked.at(12, 12) == 0);
    }
}
