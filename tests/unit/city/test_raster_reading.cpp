#include "city/rasters.hpp"
#include "ground_support.hpp"

#include <cmath>
#include <doctest/doctest.h>
#include <limits>

using namespace veste;
using namespace ground_test;

namespace {

// A square of 200 m in UTM 32.
const CityFrame frame{32632, {500000.0, 4800000.0}, {{0.0, 0.0}, {200.0, 200.0}}};
const RasterShape shape{{0.0, 0.0}, 2.0, 100, 100};

ElevationRecipe source(const std::filesystem::path& file) {
    ElevationRecipe recipe;
    recipe.file = file;
    recipe.place = "city.toml:3";
    return recipe;
}

/// Height rises 1 in 10 to the east and 1 in 20 to the north of the city's corner.
double plane(const Vec2& p) {
    return 10.0 + 0.1 * p.x() + 0.05 * p.y();
}

void write_plane(const std::filesystem::path& file, double cell, double margin) {
    const int n = static_cast<int>((200.0 + 2.0 * margin) / cell);
    const Vec2 corner(500000.0 - margin, 4800200.0 + margin);
    write_tif(file, n, n, cell, corner, "EPSG:32632", [&](int column, int row) {
        return static_cast<float>(
            plane({(column + 0.5) * cell - margin, 200.0 + margin - (row + 0.5) * cell}));
    });
}

} // namespace

TEST_CASE("a coarse raster is interpolated bilinearly with row 0 in the south") {
    const Folder folder;
    write_plane(folder / "coarse.tif", 10.0, 40.0);
    const Raster<float> raster = read_raster(source(folder / "coarse.tif"), shape, frame);
    for (const int i : {0, 37, 99}) {
        for (const int j : {0, 50, 99}) {
            // Bilinear interpolation is exact on a plane; single precision leaves 1e-5.
            CHECK(raster.at(i, j) == doctest::Approx(plane(shape.centre(i, j))).epsilon(1e-5));
        }
    }
}

TEST_CASE("a fine raster is averaged") {
    const Folder folder;
    write_tif(folder / "fine.tif", 480, 480, 0.5, {499980.0, 4800220.0}, "EPSG:32632",
              [](int column, int row) { return (column + row) % 2 == 0 ? 4.0F : 8.0F; });
    const Raster<float> raster = read_raster(source(folder / "fine.tif"), shape, frame);
    // A chequerboard's mean; sampling single cells would give 4 or 8.
    CHECK(raster.at(30, 70) == doctest::Approx(6.0).epsilon(1e-6));
}

TEST_CASE("no-data cells stay unknown and are filled from the nearest known cell") {
    const Folder folder;
    write_tif(folder / "half.tif", 120, 120, 2.0, {499980.0, 4800220.0}, "EPSG:32632",
              [](int column, int) { return column < 60 ? 5.0F : -9999.0F; });
    Raster<float> raster = read_raster(source(folder / "half.tif"), shape, frame);
    CHECK(raster.at(10, 10) == doctest::Approx(5.0));
    CHECK(std::isnan(raster.at(90, 10)));
    const Raster<float> away = fill_from_nearest(raster);
    CHECK(raster.at(90, 10) == doctest::Approx(5.0));
    CHECK(away.at(10, 10) == 0.0F);
    // Column 50 of the city is the first without data.
    CHECK(away.at(90, 10) == doctest::Approx(2.0 * (90 - 50 + 1)).epsilon(0.03));
}

TEST_CASE("a no-data value given in the recipe is honoured") {
    const Folder folder;
    write_tif(folder / "zero.tif", 120, 120, 2.0, {499980.0, 4800220.0}, "EPSG:32632",
              [](int column, int) { return column < 60 ? 5.0F : 0.0F; });
    ElevationRecipe recipe = source(folder / "zero.tif");
    CHECK(read_raster(recipe, shape, frame).at(90, 10) == 0.0F);
    recipe.no_data = 0.0;
    CHECK(std::isnan(read_raster(recipe, shape, frame).at(90, 10)));
}

TEST_CASE("a raster's scale, offset and unit make metres of what it stores") {
    const Folder folder;
    struct Case {
        RasterMeaning meaning;
        const char* crs;
        double metres; ///< of a stored 500
    };
    const Case cases[] = {{{1.0, 0.0, ""}, "EPSG:32632", 500.0},
                          {{0.01, -2.0, ""}, "EPSG:32632", 3.0},
                          {{0.1, 10.0, "m"}, "EPSG:32632", 60.0},
                          {{1.0, 0.0, "ft"}, "EPSG:32632", 152.4},
                          {{1.0, 0.0, "US survey foot"}, "EPSG:32632", 500.0 * 1200.0 / 3937.0},
                          {{1.0, 0.0, "cm"}, "EPSG:32632", 5.0},
                          {{0.5, 1.0, "foot"}, "EPSG:32632", 251.0 * 0.3048},
                          {{1.0, 0.0, ""}, "EPSG:32632+6360", 500.0 * 1200.0 / 3937.0}};
    for (const Case& c : cases) {
        CAPTURE(c.meaning.scale);
        CAPTURE(c.meaning.unit);
        CAPTURE(c.crs);
        write_tif(folder / "stored.tif", 120, 120, 2.0, {499980.0, 4800220.0}, c.crs,
                  [](int column, int) { return column < 60 ? 500.0F : -9999.0F; });
        set_meaning(folder / "stored.tif", c.meaning);
        const Raster<float> raster = read_raster(source(folder / "stored.tif"), shape, frame);
        CHECK(raster.at(10, 10) == doctest::Approx(c.metres).epsilon(1e-6));
        CHECK(std::isnan(raster.at(90, 10))); // no data is told by the stored value
    }
    write_tif(folder / "bare.tif", 120, 120, 2.0, {499980.0, 4800220.0}, "",
              [](int, int) { return 500.0F; });
    ElevationRecipe recipe = source(folder / "bare.tif");
    recipe.crs = "EPSG:32632+6360"; // heights in US survey feet
    CHECK(read_raster(recipe, shape, frame).at(10, 10) ==
          doctest::Approx(500.0 * 1200.0 / 3937.0).epsilon(1e-6));
}

TEST_CASE("a raster in a unit that is no length is an error that names the unit") {
    const Folder folder;
    write_plane(folder / "warm.tif", 2.0, 20.0);
    set_meaning(folder / "warm.tif", {1.0, 0.0, "degC"});
    CHECK(has(input_error([&] { read_raster(source(folder / "warm.tif"), shape, frame); }),
              "warm.tif: its heights are in \"degC\"; allowed are m, dm, cm, mm, ft and US survey "
              "foot"));
    set_meaning(folder / "warm.tif", {0.0, 0.0, "m"});
    CHECK(has(input_error([&] { read_raster(source(folder / "warm.tif"), shape, frame); }),
              "which makes no heights"));
}

TEST_CASE("a raster in degrees lands in the right place") {
    const Folder folder;
    // 9 E is the central meridian of zone 32: x = 500000 there.
    write_tif(folder / "degrees.tif", 200, 200, 0.0001, {8.99, 43.365}, "EPSG:4326",
              [](int column, int) { return column < 100 ? 1.0F : 2.0F; });
    const CityFrame there{32632, {499900.0, 4800000.0}, {{0.0, 0.0}, {200.0, 200.0}}};
    const Raster<float> raster = read_raster(source(folder / "degrees.tif"), shape, there);
    CHECK(raster.at(20, 50) == doctest::Approx(1.0));
    CHECK(raster.at(80, 50) == doctest::Approx(2.0));
}

TEST_CASE("NaN and infinite values are errors that name file and count and cell") {
    const Folder folder;
    write_tif(folder / "nan.tif", 120, 120, 2.0, {499980.0, 4800220.0}, "EPSG:32632",
              [](int column, int row) {
                  if (row == 60 && (column == 61 || column == 62)) {
                      return column == 61 ? std::numeric_limits<float>::quiet_NaN()
                                          : std::numeric_limits<float>::infinity();
                  }
                  return 1.0F;
              });
    const std::string error =
        input_error([&] { read_raster(source(folder / "nan.tif"), shape, frame); });
    CHECK(has(error, "nan.tif: 2 values are NaN or infinite, the first nan at column 61, row 60"));
}

TEST_CASE("an undeclared no-data value is an error that says how to declare it") {
    const Folder folder;
    write_tif(folder / "void.tif", 120, 120, 2.0, {499980.0, 4800220.0}, "EPSG:32632",
              [](int column, int) { return column == 7 ? -32768.0F : 3.0F; });
    ElevationRecipe recipe = source(folder / "void.tif");
    const std::string error = input_error([&] { read_raster(recipe, shape, frame); });
    CHECK(has(error, "values are outside -500 to 9000 m, the first -32768 at column 7"));
    recipe.no_data = -32768.0;
    CHECK(read_raster(recipe, shape, frame).at(50, 50) == doctest::Approx(3.0));
}

TEST_CASE("a raster without CRS is an error unless the recipe gives it") {
    const Folder folder;
    write_tif(folder / "nowhere.tif", 120, 120, 2.0, {499980.0, 4800220.0}, "",
              [](int, int) { return 7.0F; });
    ElevationRecipe recipe = source(folder / "nowhere.tif");
    CHECK(has(input_error([&] { read_raster(recipe, shape, frame); }), "has no CRS"));
    recipe.crs = "EPSG:32632";
    CHECK(read_raster(recipe, shape, frame).at(50, 50) == doctest::Approx(7.0));
}

TEST_CASE("a raster elsewhere is an error that names both extents") {
    const Folder folder;
    write_tif(folder / "far.tif", 10, 10, 2.0, {600000.0, 4900000.0}, "EPSG:32632",
              [](int, int) { return 1.0F; });
    const std::string error =
        input_error([&] { read_raster(source(folder / "far.tif"), shape, frame); });
    CHECK(has(error, "does not overlap"));
    CHECK(has(error, "600000 4899980 to 600020 4900000"));
    CHECK(has(error, "500000 4800000 to 500200 4800200"));
}

TEST_CASE("a cut GeoTIFF and a file that is no raster are errors that name the file") {
    const Folder folder;
    write_plane(folder / "whole.tif", 1.0, 10.0);
    const std::string bytes = slurp(folder / "whole.tif");
    folder.write("cut.tif", bytes.substr(0, bytes.size() / 2));
    folder.write("text.tif", "this is no raster");
    CHECK(has(input_error([&] { read_raster(source(folder / "cut.tif"), shape, frame); }),
              "cut.tif"));
    CHECK(has(input_error([&] { read_raster(source(folder / "text.tif"), shape, frame); }),
              "not a raster that GDAL can read"));
}

TEST_CASE("equal cells are outlined as areas") {
    Raster<std::int32_t> labels({{0.0, 0.0}, 2.0, 10, 10}, 0);
    for (int j = 2; j < 5; ++j) {
        for (int i = 3; i < 7; ++i) {
            labels.at(i, j) = 1;
        }
    }
    const auto areas = areas_of(labels);
    REQUIRE(areas.size() == 1);
    CHECK(area_m2(areas[0].area) == doctest::Approx(4 * 3 * 4.0));
    const Box2 box = bounds_of(areas[0].area.outer);
    CHECK((box.low - Vec2(6.0, 4.0)).norm() < 1e-9);
    CHECK((box.high - Vec2(14.0, 10.0)).norm() < 1e-9);
}
