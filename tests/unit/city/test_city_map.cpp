#include "base/errors.hpp"
#include "city/city.hpp"
#include "city/drawing.hpp"
#include "support/toy_walk.hpp"

#include <cairo.h>
#include <doctest/doctest.h>
#include <filesystem>
#include <set>
#include <string>
#include <unistd.h>

using namespace veste;

namespace {

struct Picture {
    int width = 0;
    int height = 0;
    std::vector<std::uint32_t> pixels;

    explicit Picture(const std::filesystem::path& png) {
        cairo_surface_t* surface = cairo_image_surface_create_from_png(png.string().c_str());
        REQUIRE(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
        width = cairo_image_surface_get_width(surface);
        height = cairo_image_surface_get_height(surface);
        const unsigned char* data = cairo_image_surface_get_data(surface);
        const std::ptrdiff_t stride = cairo_image_surface_get_stride(surface);
        for (int j = 0; j < height; ++j) {
            const auto* row = reinterpret_cast<const std::uint32_t*>(data + j * stride);
            for (int i = 0; i < width; ++i) {
                pixels.push_back(row[i] & 0xffffffU);
            }
        }
        cairo_surface_destroy(surface);
    }
    std::uint32_t at(const Vec2& px) const {
        return pixels[static_cast<std::size_t>(px.y()) * static_cast<std::size_t>(width) +
                      static_cast<std::size_t>(px.x())];
    }
};

std::filesystem::path file_of(const char* name) {
    return std::filesystem::temp_directory_path() / (std::to_string(getpid()) + name);
}

} // namespace

TEST_CASE("the map is a readable PNG as wide as asked with what the city holds") {
    City city = toy::walk_city(toy::square_with_obstacle());
    city.buildings = {{toy::rectangle(15, 15, 25, 25), 9.0, 0.0, false, 1, ""}};
    city.sea = {toy::rectangle(-10, -10, 0, 60)};
    const auto png = file_of("map.png");
    for (const int width : {800, 1200}) {
        draw_city(city, png, width);
        const Picture picture(png);
        CHECK(picture.width == width);
        CHECK(picture.height > width / 4);
        const std::set<std::uint32_t> colours(picture.pixels.begin(), picture.pixels.end());
        CHECK(colours.size() > 50);
        CHECK(colours.contains(0xa9cfe0)); // sea
        CHECK(colours.contains(0xcfc4b8)); // building
        CHECK(colours.contains(0xf0d9b5)); // square
    }
    std::filesystem::remove(png);
}

TEST_CASE("a map too narrow or in no folder is refused") {
    const City city = toy::walk_city(toy::corridor(10, 4));
    CHECK_THROWS_AS(draw_city(city, file_of("map.png"), 50), UsageError);
    CHECK_THROWS_AS(draw_city(city, "/no/such/folder/map.png", 800), InputError);
    CHECK_THROWS_AS(draw_city(City{}, file_of("map.png"), 800), UsageError);
}

TEST_CASE("the canvas puts metres where its frame says with north up") {
    Canvas canvas(200, 100, rgb(0xffffff));
    canvas.begin_frame({{0.0, 0.0}, {10.0, 10.0}}, {50.0, 0.0}, {100.0, 100.0});
    CHECK(canvas.px_per_m() == 10.0);
    CHECK(canvas.to_px({1.0, 9.0}) == Vec2(60.0, 10.0));
    canvas.fill({{{0, 8}, {2, 8}, {2, 10}, {0, 10}}, {}}, rgb(0xff0000));
    const std::vector<Colour> cells = {rgb(0x00ff00), rgb(0x0000ff)};
    canvas.image(cells, 1, 2, {{8.0, 0.0}, {10.0, 4.0}}, false);
    canvas.end_frame();
    const auto png = file_of("canvas.png");
    canvas.save_png(png);
    const Picture picture(png);
    CHECK(picture.at({60, 10}) == 0xff0000);
    CHECK(picture.at({60, 30}) == 0xffffff);
    CHECK(picture.at({140, 95}) == 0x00ff00); // row 0 is the southern one
    CHECK(picture.at({140, 65}) == 0x0000ff);
    std::filesystem::remove(png);
}

TEST_CASE("scale bars have round lengths") {
    CHECK(round_below(7.3) == 5.0);
    CHECK(round_below(431.0) == 200.0);
    CHECK(round_below(1999.0) == 1000.0);
}
